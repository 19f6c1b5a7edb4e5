"""Tables of a comparison of configurations: means over seeds, their spread, and the true pictures;
and of a judge by itself.

Reads what `ablations` and `fit-judge` wrote; imports nothing that trains.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Any

KIND, VERSION = "ablations", 1
SOURCE = "generated"
COLUMNS = {  # figure -> (heading, decimals)
    "mean_iou": ("mIoU", 3),
    "common_iou": ("mIoU without rare labels", 3),
    "pixel_accuracy": ("pixel accuracy", 3),
    "border_accuracy": ("accuracy at borders", 3),
    "frechet": ("Frechet distance", 3),
    "perceptual": ("perceptual distance", 3),
    "l1": ("L1", 1),
}
NOTHING = "-"
ENOUGH = 0.6  # mIoU of true pictures, below which a judge proves nothing
RARE = 1e-3  # share of the pixels below which a few objects decide what is said of a label


def table(content: Mapping[str, Any]) -> str:
    """A Markdown table: one row for each configuration, the true pictures first."""
    headings = ["", "seeds", "mIoU over true", *(title for title, _ in COLUMNS.values()), "s"]
    true = [content["true"].get(name) for name in COLUMNS]
    shown = [
        spread([value], digits) for value, (_, digits) in zip(true, COLUMNS.values(), strict=True)
    ]
    lines = [_line(headings), "|---" * len(headings) + "|"]
    lines.append(_line(["true pictures", "", "1", *shown, ""]))
    lines += [_line(_cells(row)) for row in content["rows"]]
    return "\n".join(lines)


def differences(content: Mapping[str, Any], name: str = "mean_iou") -> str:
    """How far every other row is from the first in one figure, seed by seed, as a table."""
    first, *others = content["rows"]
    title, digits = COLUMNS[name]
    headings = [f"{title} less that of {first['name']}", "mean and spread", "lower in"]
    lines = [_line(headings), "|---" * len(headings) + "|"]
    ours = by_seed(first, name)
    for row in others:
        theirs = by_seed(row, name)
        apart = [theirs[seed] - ours[seed] for seed in sorted(ours.keys() & theirs.keys())]
        lower = f"{sum(each < 0 for each in apart)} of {len(apart)} seeds"
        lines.append(_line([row["name"], spread(apart, digits, sign=True), lower]))
    return "\n".join(lines)


def by_seed(row: Mapping[str, Any], name: str) -> dict[int, float]:
    """A figure of the generated pictures by seed, of the runs that have it."""
    found = {each["seed"]: each["pictures"][SOURCE].get(name) for each in row["seeds"]}
    return {seed: value for seed, value in found.items() if value is not None}


def spread(values: Sequence[float | None], digits: int, *, sign: bool = False) -> str:
    """The mean and, of two or more values, their standard deviation."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return NOTHING
    rounded = round(mean(known), digits) + 0.0  # never -0
    middle = f"{rounded:{'+' if sign else ''}.{digits}f}"
    return middle if len(known) < 2 else f"{middle} ± {stdev(known):.{digits}f}"


def _cells(row: Mapping[str, Any]) -> list[str]:
    ratios = [each["ratios"][SOURCE].get("mean_iou") for each in row["seeds"]]
    cells = [row["name"], str(len(row["seeds"])), spread(ratios, 3)]
    for name, (_, digits) in COLUMNS.items():
        cells.append(spread(list(by_seed(row, name).values()), digits))
    return [*cells, spread([each["seconds"] for each in row["seeds"]], 0)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def score_table(found: Mapping[str, Any]) -> str:
    """A judge on true pictures: a line of figures, a table of labels, whether it is good enough."""
    lines = [
        f"On {found['frames']} held-out true pictures of `{found['data']}`: pixel accuracy "
        f"{found['pixel_accuracy']:.4f}, class accuracy {found['class_accuracy']:.4f}, mIoU "
        f"{found['mean_iou']:.4f}",
        "",
        "| label | share, % | IoU |",
        "|---|---|---|",
    ]
    common = [row["iou"] for row in found["labels"] if row["share"] >= RARE]
    if 0 < len(common) < len(found["labels"]):
        lines[0] += f"; without {len(found['labels']) - len(common)} rare labels {mean(common):.4f}"
    for row in found["labels"]:
        rare = " (rare)" if row["share"] < RARE else ""
        lines.append(f"| {row['name']}{rare} | {100 * row['share']:.3f} | {row['iou']:.3f} |")
    if max(found["mean_iou"], mean(common or [0.0])) < ENOUGH:
        lines += ["", f"Below {ENOUGH}: train it for longer or on more frames before use."]
    elif found["mean_iou"] < ENOUGH:
        lines += [
            "",
            f"Below {ENOUGH} with the rare labels (under {RARE:.1%} of the pixels): too few "
            "objects to learn or to score them by.",
        ]
    return "\n".join(lines)
