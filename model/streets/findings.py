"""What an audit found, and how it is told: label shares beside Cityscapes', balance of modes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.streets.style import CAR_COLORS, CLOTHING_COLORS, MODES

# Percent of the pixels of the 19 evaluated labels in the 2,975 finely annotated training pictures,
# as widely published (they are what class weights are computed from).
CITYSCAPES_SHARES: Mapping[int, float] = {
    7: 36.87, 8: 6.085, 11: 22.82, 12: 0.656, 13: 0.878, 17: 1.228, 19: 0.208, 20: 0.552,
    21: 15.93, 22: 1.158, 23: 4.018, 24: 1.219, 25: 0.135, 26: 6.994, 27: 0.267, 28: 0.235,
    31: 0.233, 32: 0.099, 33: 0.414,
}  # fmt: skip
SHUFFLES = 20


@dataclass
class Findings:
    """Pixels by label, frames by label, the looks of each frame, instances by (label, mode)."""

    frames: int = 0
    pixels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(256, np.int64))
    present: NDArray[np.int64] = field(default_factory=lambda: np.zeros(256, np.int64))
    looks: list[dict[str, str]] = field(default_factory=list)
    instances: Counter[tuple[str, str]] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    seeds: set[int] = field(default_factory=set)
    overlaps: int = 0


def report(findings: Findings) -> list[str]:
    """The lines an audit prints."""
    return [
        f"{findings.frames} frames of {len(findings.seeds)} scenes",
        "",
        *_label_lines(findings),
        "",
        *_mode_lines(findings),
        "",
        *_light_lines(findings),
        "",
        *_instance_lines(findings),
        "",
        f"instance rule broken in {len(findings.violations)} frames",
        *(f"  {line}" for line in findings.violations),
        f"overlapping objects: {findings.overlaps}",
    ]


def shared_information(first: list[str], second: list[str]) -> float:
    """Normalised mutual information of two columns of names, 0 (independent) to 1 (the same)."""
    rows, columns = (
        np.unique(first, return_inverse=True)[1],
        np.unique(second, return_inverse=True)[1],
    )
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1 / len(rows))
    one, other = table.sum(1), table.sum(0)
    expected = one[:, None] * other[None]
    seen = table > 0
    shared = float((table[seen] * np.log(table[seen] / expected[seen])).sum())
    spread = -float((one * np.log(one)).sum() + (other * np.log(other)).sum()) / 2
    return shared / spread if spread > 0 else 0.0


def _label_lines(findings: Findings) -> list[str]:
    pixels = 100 * findings.pixels / findings.pixels.sum()
    evaluated = 100 * findings.pixels / max(1, findings.pixels[list(CITYSCAPES_SHARES)].sum())
    lines = [f"{'label':24s}{'share %':>9s}{'of 19 %':>9s}{'Cityscapes':>12s}{'in frames %':>13s}"]
    for label in load_schema(CITYSCAPES_NAME):
        published = CITYSCAPES_SHARES.get(label.id)
        ours = f"{evaluated[label.id]:9.3f}" if published is not None else f"{'-':>9s}"
        theirs = f"{published:12.3f}" if published is not None else f"{'-':>12s}"
        frames = 100 * findings.present[label.id] / findings.frames
        name = f"{label.id:2d} {label.name}"
        lines.append(f"{name:24s}{pixels[label.id]:9.3f}{ours}{theirs}{frames:13.1f}")
    return lines


def _mode_lines(findings: Findings) -> list[str]:
    """Frames by mode beside the weight of the mode in percent."""
    counts = Counter(pair for looks in findings.looks for pair in looks.items())
    lines = [f"{'mode of the picture':32s}{'frames %':>9s}{'weight %':>10s}"]
    for (thing, mode), count in sorted(counts.items()):
        weights = MODES.get(thing)
        weight = (
            f"{100 * weights[mode] / sum(weights.values()):10.1f}" if weights else f"{'-':>10s}"
        )
        lines.append(f"{thing:14s}{mode:18s}{100 * count / findings.frames:9.1f}{weight}")
    return lines


def _light_lines(findings: Findings) -> list[str]:
    """How much each mode tells about the light, beside what chance alone would show."""
    rng = np.random.default_rng(0)
    sky = [looks["sky"] for looks in findings.looks if "sky" in looks]
    lines = [f"{'shared with the light':32s}{'found':>9s}{'chance':>10s}"]
    for thing in MODES:
        modes = [looks[thing] for looks in findings.looks if thing in looks and "sky" in looks]
        if thing == "sky" or not modes:
            continue
        chance = [shared_information(modes, list(rng.permutation(sky))) for _ in range(SHUFFLES)]
        found = shared_information(modes, sky)
        lines.append(f"{thing:32s}{found:9.3f}{np.mean(chance):10.3f}")
    return lines


def _instance_lines(findings: Findings) -> list[str]:
    """Counted objects by mode; cars and people beside the weights of their colours."""
    totals = Counter[str]()
    for (label, _), count in findings.instances.items():
        totals[label] += count
    tables = {"car": CAR_COLORS, "person": CLOTHING_COLORS, "rider": CLOTHING_COLORS}
    lines = [f"{'mode of an object':32s}{'seen':>9s}{'share %':>9s}{'weight %':>10s}"]
    for (label, mode), count in sorted(findings.instances.items()):
        table = tables.get(label)
        weight = f"{'-':>10s}"
        if table is not None:
            whole = sum(share for _, share in table.values())
            weight = f"{100 * table[mode][1] / whole:10.1f}"
        lines.append(f"{label:14s}{mode:18s}{count:9d}{100 * count / totals[label]:9.1f}{weight}")
    return lines
