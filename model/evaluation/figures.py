"""evaluate: everything there is to measure about a checkpoint, frame by frame.

What is known about a frame is small and adds up, so memory does not grow with the pictures, and
what was measured before an interruption is not measured again.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.checkpoint import Checkpoint, open_checkpoint
from model.evaluation import measures
from model.evaluation.frames import phase_of
from model.evaluation.judge import Judge, Look
from model.evaluation.kept import Kept
from model.evaluation.open_judge import open_judge
from model.evaluation.painting import Painter, Pixels, TruePair, frames_to_judge, read_pair
from model.evaluation.report import GENERATED, TRUE, Report
from model.evaluation.tally import Measured, gather
from model.scene.frame_files import FrameFiles
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.styles.book import book_bytes

DRAWS = 2  # pictures of a frame in drawn styles, for diversity


@dataclass(frozen=True, slots=True)
class Settings:
    """How to evaluate.

    Attributes:
        phase: part of the data; None is "val" or "test" if there, else "train".
        frames: at most so many, spread evenly; None for all.
        draws: pictures of each frame in drawn styles, at least 1; diversity needs 2.
        seed: of the styles drawn.
        schema: of the labels, where the checkpoint does not say.
        device, precision: as `choose_target` takes them.
    """

    phase: str | None = None
    frames: int | None = None
    draws: int = DRAWS
    seed: int = 0
    schema: str = CITYSCAPES_NAME
    device: str = "auto"
    precision: str = "auto"


DEFAULTS = Settings()


def evaluate(
    checkpoint: Path | Checkpoint,
    data: Path,
    judge: Path | Judge,
    settings: Settings = DEFAULTS,
    *,
    keep: Path | None = None,
    quiet: bool = True,
) -> Report:
    """Figures of a checkpoint on a data folder, beside those of the true pictures.

    judge: what `open_judge` takes. keep: a folder for what is known about finished frames, so
    that an interrupted evaluation goes on there; it is removed at the end. Progress goes to
    stderr unless quiet. Raises InputError for whatever cannot be used.
    """
    if not isinstance(checkpoint, Checkpoint):
        checkpoint = open_checkpoint(checkpoint)
    schema = load_schema(checkpoint.schema_name or settings.schema)
    if not isinstance(judge, Judge):
        judge = open_judge(judge, schema, settings.device, settings.precision)
    phase = phase_of(data, settings.phase, rgb=checkpoint.conditioning.rgb)
    chosen = frames_to_judge(checkpoint, data, phase, settings.frames)
    painter = Painter(checkpoint, settings.device, settings.precision, settings.seed)
    info, book = painter.engine.info, checkpoint.style_book
    facts: dict[str, Any] = {
        "checkpoint": {
            "name": checkpoint.name,
            "generator": checkpoint.generator_name,
            "steps": checkpoint.facts.get("steps"),
            "identity": info.identity,
            "styles": None
            if book is None
            else blake2b(book_bytes(book), digest_size=8).hexdigest(),
        },
        "data": {"name": data.resolve().name, "phase": phase, "frames": len(chosen)},
        "judge": judge.facts(),
        "settings": asdict(settings) | {"device": info.device, "precision": info.precision},
    }
    seen = asdict(checkpoint.conditioning)  # two with the same weights may differ in it
    marks = (_mark(files) for files, _ in chosen)
    kept = Kept(keep, [facts, seen, str(data.resolve()), *marks])
    measured = []
    for files, given in tqdm(chosen, "judging", unit="frame", disable=quiet, file=sys.stderr):
        known = kept.load(files.key)
        if known is None:
            known = measure(read_pair(files, given, schema), painter, judge, settings.draws)
            kept.save(files.key, known)
        measured.append(known)
    report = gather(
        [files.key for files, _ in chosen], measured, judge.config.labels, schema, facts
    )
    kept.remove()
    return report


def _mark(files: FrameFiles) -> list[Any]:
    """Changes when the files of a frame do."""
    there = [path for path in (files.label, files.instance, files.picture) if path is not None]
    return [files.key, *(path.stat().st_mtime_ns for path in there)]


def measure(pair: TruePair, painter: Painter, judge: Judge, draws: int) -> Measured:
    """What is known about one frame: see `Measured`."""
    truth = judge.look(pair.picture)
    known = _seen(TRUE, pair, pair.picture, truth, judge)
    for source in painter.sources:
        picture = painter.paint(pair, source)
        look = judge.look(picture)
        known |= _seen(source, pair, picture, look, judge)
        distance = measures.perceptual_distance(look.features, truth.features)
        known[f"{source}.perceptual"] = np.array(distance)
        known[f"{source}.fidelity"] = np.array(measures.fidelity(picture, pair.picture))
        if source == GENERATED and painter.draws and draws > 1:
            known["diversity"] = _apart(pair, painter, judge, draws, (picture, look))
    flat = measures.mean_colors(pair.picture, pair.scene.instance_map)
    known["mean_color_l1"] = np.array(np.abs(flat.astype(np.int16) - pair.picture).mean())
    return known


def _seen(source: str, pair: TruePair, picture: Pixels, look: Look, judge: Judge) -> Measured:
    """What every kind of picture is measured by."""
    target = judge.targets(pair.scene.label_map)
    instances = pair.scene.instance_map
    size = (target.shape[0], target.shape[1])
    borders = measures.near_borders(instances, size)
    labels = len(judge.config.labels)
    return {
        f"{source}.confusion": measures.confusion(look.prediction, target, labels),
        f"{source}.border": measures.hits(look.prediction, target, borders),
        f"{source}.edges": measures.edge_sums(picture, instances),
        f"{source}.cells": measures.cell_features(look.features[-1]),
    }


def _apart(
    pair: TruePair, painter: Painter, judge: Judge, draws: int, first: tuple[Pixels, Look]
) -> NDArray[np.float64]:
    """(pairs, 2): L1 and perceptual distance of every two pictures in drawn styles."""
    drawn = [first]
    for draw in range(1, draws):
        picture = painter.paint(pair, GENERATED, draw)
        drawn.append((picture, judge.look(picture)))
    return np.array(
        [
            (
                np.abs(ours[0].astype(np.int16) - theirs[0]).mean(),
                measures.perceptual_distance(ours[1].features, theirs[1].features),
            )
            for ours, theirs in combinations(drawn, 2)
        ]
    )
