"""The check of a data set before the first step: every problem of every file, in one table.

Label and instance maps are decoded, pictures only as far as their size. Files that were found
good are not read again while their sizes and times stay the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from model.errors import InputError
from model.scene.frame_files import FrameFiles, frame_folders, pair_frames
from model.scene.labels import LabelSchema, label_of, load_schema
from model.scene.maps import PICTURE_FORMATS, read_instance_map, read_label_map
from model.scene.reading import parse_json, read_bytes
from model.scene.surface_labels import SHOWN_PARTS
from model.training.batches import sample_size
from model.training.config import ConfigError, TrainingConfig, stage_sizes
from model.training.preprocess import resized_size, resizing

MAX_RECORD_BYTES = 64 * 2**20

SHOWN = 40  # lines of the table
FOREIGN = 0.01  # share of pixels whose instance may be of another label, in a pair that fits


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file; training refuses it, or puts up with it.

    waiting: it lacks a partner that may still come.
    """

    file: Path
    what: str
    refused: bool = True
    waiting: bool = False


def label_schema(config: TrainingConfig) -> LabelSchema | None:
    """The schema of a run's label maps, None for RGB pairs; ConfigError when it does not fit."""
    if config.conditioning.rgb:
        return None
    schema, channels = load_schema(config.schema), config.conditioning.label_channels
    if max(schema.ids) >= channels:
        raise ConfigError(
            f"the schema {schema.name!r} has labels up to {max(schema.ids)}; set "
            f"conditioning.label_channels to {max(schema.ids) + 1} or more"
        )
    surface = config.conditioning.surface
    for name in () if surface is None else SHOWN_PARTS:
        for label in getattr(surface, name):
            if label in schema.ids:
                raise ConfigError(
                    f"the schema {schema.name!r} has a label {label} of its own; show {name} as "
                    f"another by conditioning.surface.{name}"
                )
    return schema


def held_out_phase(folder: Path, *, rgb: bool) -> str | None:
    """The part of a data folder that is not trained on: "val" or "test", with pictures."""
    for phase in ("val", "test"):
        if all(place.is_dir() for place in frame_folders(folder, phase, rgb=rgb)):
            return phase
    return None


def require_sound(
    folder: Path,
    config: TrainingConfig,
    *,
    record: Path | None = None,
    threads: int = 2,
    quiet: bool = True,
    growing: bool = False,
) -> int:
    """Check every frame, print the table, and return how many frames there are.

    record: file that remembers which frames were good. growing: files without a partner are still
    waiting for it. Raises InputError when any is refused.
    """
    frames, problems = check_data(folder, config, record=record, threads=threads, quiet=quiet)
    if growing:
        problems = [problem for problem in problems if not problem.waiting]
    if problems:
        print(table(problems, folder), file=sys.stderr)
    refused = len({problem.file for problem in problems if problem.refused})
    if refused:
        raise InputError(
            f"{folder} has {refused} files that cannot be used, listed above; correct or remove "
            "them"
        )
    return frames


def check_data(
    folder: Path,
    config: TrainingConfig,
    *,
    record: Path | None = None,
    threads: int = 2,
    quiet: bool = True,
) -> tuple[int, list[Problem]]:
    """The number of frames and all problems of training and held-out data."""
    rgb = config.conditioning.rgb
    phases = ["train", *filter(None, [held_out_phase(folder, rgb=rgb)])]
    found: list[FrameFiles] = []
    problems: list[Problem] = []
    for phase in phases:
        frames, unpaired = pair_frames(folder, phase, rgb=rgb)
        found += frames
        problems += [Problem(each.file, each.reason, waiting=True) for each in unpaired]
    rules = repr((config.schema, config.conditioning, config.data, config.stages))
    known = _read_record(record, rules)
    fresh = [files for files in found if known.get(str(files.label)) != _mark(files)]
    schema = label_schema(config)
    with ThreadPoolExecutor(threads) as pool:
        results = pool.map(lambda files: _check_frame(files, schema, config), fresh)
        shown = tqdm(results, "checking", len(fresh), disable=quiet or not fresh, unit="frame")
        for files, own in zip(fresh, shown, strict=True):
            problems += own
            if not own:
                known[str(files.label)] = _mark(files)
    if record is not None:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"rules": rules, "good": known}), encoding="utf-8")
    return len(found), problems


def table(problems: Iterable[Problem], folder: Path) -> str:
    """One line per problem, files relative to the data folder, the refused ones first."""
    ordered = sorted(problems, key=lambda problem: (not problem.refused, str(problem.file)))
    names = [_relative(problem.file, folder) for problem in ordered[:SHOWN]]
    width = max(map(len, names))
    lines = [
        f"{name:<{width}}  {'refused' if problem.refused else 'note':<8} {problem.what}"
        for name, problem in zip(names, ordered, strict=False)
    ]
    if len(ordered) > SHOWN:
        lines.append(f"... and {len(ordered) - SHOWN} more")
    return "\n".join(lines)


def _relative(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def _check_frame(
    files: FrameFiles, schema: LabelSchema | None, config: TrainingConfig
) -> list[Problem]:
    problems: list[Problem] = []

    def attempt[Value](file: Path, read: Callable[[], Value]) -> Value | None:
        try:
            return read()
        except InputError as error:
            problems.append(Problem(file, str(error).removeprefix(f"{file} ")))
            return None

    size = attempt(files.picture, lambda: _picture_size(files.picture))
    if schema is None:
        label_size = attempt(files.label, lambda: _picture_size(files.label))
    else:
        labels = attempt(files.label, lambda: read_label_map(files.label, schema))
        label_size = None if labels is None else labels.shape
        if files.instance is not None and labels is not None:
            file = files.instance
            instances = attempt(file, lambda: read_instance_map(file))
            if instances is not None:
                problems += _check_instances(file, instances, labels)
    if size is not None and label_size is not None and size != tuple(label_size):
        problems.append(
            Problem(files.picture, f"is {_shown(size)}, its map {_shown(label_size)} pixels")
        )
    if size is not None:
        problems += _check_size(files.picture, size, config)
    return problems


def _check_instances(file: Path, instances: np.ndarray, labels: np.ndarray) -> list[Problem]:
    if instances.shape != labels.shape:
        what = f"is {_shown(instances.shape)}, its label map {_shown(labels.shape)} pixels"
        return [Problem(file, what)]
    foreign = float(np.mean(label_of(instances) != labels))
    if not foreign:
        return []
    rule = "instance ids must be label * 1000 + n, or the label itself"
    what = f"{foreign:.2%} of its pixels belong to another label than the label map says; {rule}"
    return [Problem(file, what, refused=foreign > FOREIGN)]


def _check_size(file: Path, size: tuple[int, int], config: TrainingConfig) -> list[Problem]:
    resize = resizing(config)
    if resize is not None:
        size = resized_size(resize, size)
    for stage in config.stages:
        sizes = stage_sizes(config, stage)
        multiple, least = sizes.multiple, sizes.least_side
        try:
            sample = sample_size([size], stage, multiple)
        except InputError as error:
            return [Problem(file, str(error))]
        if min(sample) < least:
            what = f"gives samples of {_shown(sample)}; the networks need {least} or more"
            return [Problem(file, what)]
        whole = sample_size([size], replace(stage, crop=(0, 0), reduce=1), multiple)
        if stage == config.stages[-1] and not all(stage.crop) and whole != size:
            what = f"is {_shown(size)} and cut to {_shown(whole)}, multiples of {multiple}"
            return [Problem(file, what, refused=False)]
    return []


def _picture_size(path: Path) -> tuple[int, int]:
    """(height, width) from a picture's header, turned upright."""
    try:
        with Image.open(path, formats=PICTURE_FORMATS) as image:
            width, height = image.size
            if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
                width, height = height, width
            return height, width
    except Exception as error:  # whatever Pillow raises on what is no picture
        raise InputError(f"{path} cannot be read as a picture: {error}") from error


def _shown(size: tuple[int, ...]) -> str:
    return f"{size[1]}x{size[0]}"


def _mark(files: FrameFiles) -> list[list[int]]:
    """Size and time of each of a frame's files."""
    paths = [p for p in (files.label, files.instance, files.picture) if p is not None]
    return [[p.stat().st_size, p.stat().st_mtime_ns] for p in paths]


def _read_record(record: Path | None, rules: str) -> dict[str, list[list[int]]]:
    if record is None or not record.is_file():
        return {}
    try:
        content = parse_json(read_bytes(record, InputError, MAX_RECORD_BYTES))
        return content["good"] if content["rules"] == rules else {}
    except (
        InputError,
        ValueError,
        LookupError,
        TypeError,
    ):  # cut short; the check is simply done again
        return {}
