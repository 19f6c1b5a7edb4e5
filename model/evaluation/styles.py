"""What the styles of a checkpoint are worth: agreement, locality, consistency.

Agreement: do the clusters find the true modes? Locality: does a style change only its instance?
Consistency: does a cluster look alike in other scenes?
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from sklearn.metrics import adjusted_mutual_info_score
from tqdm import tqdm

from model.checkpoint import Checkpoint
from model.evaluation.frames import TrueFrame
from model.inference.engine import Engine
from model.inference.hold_still import hold_still
from model.networks.encoder import Encoder
from model.scene.geometry import BoolMask
from model.scene.instances import find_instances
from model.scene.labels import label_of
from model.styles.book import StyleBook
from model.styles.encode import encode_instances

MINIMUM_PIXELS = 256  # as `styles fit`
LARGE_PIXELS = 4096  # of which on haze and a few neighbours no longer decide the mean feature
SHUFFLES = 50
CLUSTERS = 3  # of each label, as far apart as possible
NEAR = 32  # pixels around an instance


@dataclass(frozen=True, slots=True)
class Agreement:
    """Adjusted mutual information of clusters with modes: 1 is equal, 0 is chance.

    Attributes:
        instances: counted; modes: different ones among them.
        ami: with the true modes; shuffled: the mean after shuffling the modes.
        light: with the light of the scene.
        large: those of at least LARGE_PIXELS; large_ami: theirs, None where all have one mode.
    """

    instances: int
    modes: int
    ami: float
    shuffled: float
    light: float
    large: int
    large_ami: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean absolute change per channel, 0..255, when an instance gets another style.

    Attributes:
        pairs: of pictures compared.
        inside: the instance; near: up to NEAR pixels around it; far: the rest.
        far_99: 99th percentile of the change of far pixels, blurred as hold still does.
        near_held, far_held: with hold still.
        consistency: share of the variance of an instance's mean colour, over scenes and
            clusters, that the cluster explains.
    """

    pairs: int
    inside: float
    near: float
    far: float
    far_99: float
    near_held: float
    far_held: float
    consistency: float


def agreement(
    checkpoint: Checkpoint, encoder: Encoder, frames: Sequence[TrueFrame], quiet: bool
) -> dict[int, Agreement]:
    """By label id, for labels with more than one mode among the frames."""
    book = checkpoint.style_book
    assert book is not None
    found: dict[int, list[tuple[str, int, str, int]]] = {}
    for frame in tqdm(frames, "encoding", unit="frame", disable=quiet, file=sys.stderr):
        rows = encode_instances(checkpoint, encoder, frame.picture, frame.scene.instance_map)
        for instance_id, feature, pixels in zip(rows.ids, rows.features, rows.pixels, strict=True):
            label, mode = int(label_of(instance_id)), frame.modes.get(int(instance_id))
            if mode is not None and book.count(label) and pixels >= MINIMUM_PIXELS:
                cluster = nearest_cluster(book, label, feature)
                found.setdefault(label, []).append((mode, cluster, frame.light, int(pixels)))
    return {
        label: _agreement(*map(np.array, zip(*rows, strict=True)))
        for label, rows in sorted(found.items())
        if len({mode for mode, *_ in rows}) > 1
    }


def nearest_cluster(book: StyleBook, label: int, feature: np.ndarray) -> int:
    return int(np.square(book.centers[label] - feature).sum(axis=1).argmin())


def _agreement(
    modes: np.ndarray, clusters: np.ndarray, lights: np.ndarray, pixels: np.ndarray
) -> Agreement:
    """Of instances, one each in (n,) arrays of names, numbers, names and sizes."""
    rng = np.random.default_rng(0)
    shuffled = [
        adjusted_mutual_info_score(rng.permutation(modes), clusters) for _ in range(SHUFFLES)
    ]
    large, large_ami = pixels >= LARGE_PIXELS, None
    if len(np.unique(modes[large])) > 1:
        large_ami = adjusted_mutual_info_score(modes[large], clusters[large])
    return Agreement(
        instances=len(modes),
        modes=len(np.unique(modes)),
        ami=adjusted_mutual_info_score(modes, clusters),
        shuffled=float(np.mean(shuffled)),
        light=adjusted_mutual_info_score(lights, clusters),
        large=int(large.sum()),
        large_ami=large_ami,
    )


def vary(
    engine: Engine, book: StyleBook, frames: Sequence[TrueFrame], scenes: int, quiet: bool
) -> dict[int, Effect]:
    """By label id: the largest instance of each label with modes, in several scenes and styles."""
    labels = {int(label_of(key)) for frame in frames for key in frame.modes}
    chosen = [label for label in sorted(labels) if book.count(label) > 1]
    found = {}
    for label in tqdm(chosen, "painting", unit="label", disable=quiet, file=sys.stderr):
        places = sorted(
            (_largest(frame, label) for frame in frames), key=lambda place: -place[1].sum()
        )
        places = [(frame, mask) for frame, mask in places[:scenes] if mask.sum() >= MINIMUM_PIXELS]
        if len(places) > 1:
            found[label] = _effect(engine, book, label, places)
    return found


def _largest(frame: TrueFrame, label: int) -> tuple[TrueFrame, BoolMask]:
    known = [i for i in find_instances(frame.scene.instance_map) if i.label_id == label]
    best = max(known, key=lambda info: info.pixels, default=None)
    return frame, frame.scene.instance_map == (-1 if best is None else best.instance_id)


def _effect(
    engine: Engine, book: StyleBook, label: int, places: list[tuple[TrueFrame, BoolMask]]
) -> Effect:
    changes, colors = [], []
    for frame, mask in places:
        pictures = list(_pictures(engine, book, label, frame, mask))
        colors.append([picture[mask].mean(axis=0) for picture in pictures])
        changes += [_change(*pair, mask) for pair in itertools.combinations(pictures, 2)]
    inside, near, far, far_99, near_held, far_held = np.mean(changes, axis=0).tolist()
    consistency = explained(np.array(colors))
    return Effect(len(changes), inside, near, far, far_99, near_held, far_held, consistency)


def _pictures(
    engine: Engine, book: StyleBook, label: int, frame: TrueFrame, mask: BoolMask
) -> Iterator[np.ndarray]:
    instance_id = int(frame.scene.instance_map[mask][0])
    for cluster in far_apart(book.centers[label], CLUSTERS):
        styles = {instance_id: book.style(label, cluster)}
        yield engine.picture(replace(frame.scene, styles=styles))


def _change(before: np.ndarray, after: np.ndarray, mask: BoolMask) -> tuple[float, ...]:
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=NEAR) > 0
    near, far = grown & ~mask, ~grown
    held = hold_still(before, after, mask)
    raw_change, held_change = (
        cv2.absdiff(before, picture).astype(np.float32).mean(axis=2) for picture in (after, held)
    )
    blurred = cv2.blur(raw_change, (15, 15))
    return (
        float(raw_change[mask].mean()),
        *(float(raw_change[part].mean()) if part.any() else 0.0 for part in (near, far)),
        float(np.percentile(blurred[far], 99)) if far.any() else 0.0,
        *(float(held_change[part].mean()) if part.any() else 0.0 for part in (near, far)),
    )


def far_apart(centers: np.ndarray, count: int) -> list[int]:
    """The largest cluster, then always the one farthest from those already taken."""
    taken = [0]
    while len(taken) < min(count, len(centers)):
        apart = np.linalg.norm(centers[:, None] - centers[taken], axis=2).min(axis=1)
        taken.append(int(apart.argmax()))
    return taken


def explained(values: np.ndarray) -> float:
    """Share of the variance of (scenes, clusters, channels) that lies between clusters."""
    total = np.square(values - values.mean(axis=(0, 1))).sum()
    between = np.square(values.mean(axis=0) - values.mean(axis=(0, 1))).sum() * len(values)
    return float(between / total) if total else 0.0


def table(
    agreements: Mapping[int, Agreement], effects: Mapping[int, Effect], names: Mapping[int, str]
) -> str:
    """One Markdown table of both."""
    lines = [
        "| label | n | modes | AMI | shuffled | light | n large | AMI large | inside | near | far "
        "| far 99 % | near held | far held | consistency |",
        "|---|" + "---|" * 14,
    ]
    for label in sorted(agreements.keys() | effects.keys()):
        cells = [names.get(label, str(label))]
        found, effect = agreements.get(label), effects.get(label)
        if found is None:
            cells += ["-"] * 7
        else:
            cells += [str(found.instances), str(found.modes)]
            cells += [f"{value:.2f}" for value in (found.ami, found.shuffled, found.light)]
            ami = found.large_ami
            cells += [str(found.large), "-" if ami is None else f"{ami:.2f}"]
        if effect is None:
            cells += ["-"] * 7
        else:
            changes = (effect.inside, effect.near, effect.far, effect.far_99)
            held = (effect.near_held, effect.far_held)
            cells += [f"{value:.2f}" for value in (*changes, *held, effect.consistency)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
