"""From what is known about single frames to the figures of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evaluation.comparison import RARE
from model.evaluation.measures import common_iou, frechet_distance, label_scores, summary_scores
from model.evaluation.report import (
    SOURCES,
    TRUE,
    Diversity,
    Figures,
    LabelFigures,
    Report,
)
from model.scene.labels import LabelSchema

# What is known about one frame, small and ready for a file. By "source.name", for K labels:
#   confusion (K, K) int64; border (2,) and edges (4,) as `measures` gives them; cells (n, C)
#   perceptual (), fidelity (3,): not of the true pictures
# and without a source: diversity (pairs, 2), mean_color_l1 ().
Measured = dict[str, NDArray[Any]]


def gather(
    keys: Sequence[str],
    measured: Sequence[Measured],
    labels: Sequence[int],
    schema: LabelSchema,
    facts: Mapping[str, Any],
) -> Report:
    """The report on frames of these keys; labels: ids that the judge knows, in its order."""
    sources = [source for source in SOURCES if f"{source}.confusion" in measured[0]]
    pairs = [frame["diversity"] for frame in measured if "diversity" in frame]
    diversity = None
    if pairs:
        stacked = np.concatenate(pairs)
        diversity = Diversity(len(stacked), *stacked.mean(axis=0).tolist())
    return Report(
        checkpoint=facts["checkpoint"],
        data=facts["data"],
        judge=facts["judge"],
        settings=facts["settings"],
        pictures={source: figures(measured, source) for source in sources},
        labels=list(_labels(measured, sources, labels, schema)),
        diversity=diversity,
        mean_color_l1=float(np.mean([frame["mean_color_l1"] for frame in measured])),
        frames=[
            {"key": key, **{source: _brief(frame, source) for source in sources}}
            for key, frame in zip(keys, measured, strict=True)
        ],
    )


def figures(measured: Sequence[Measured], source: str) -> Figures:
    """Over frames: pixels are counted together, distances averaged."""

    def every(name: str) -> list[NDArray[Any]]:
        return [frame[f"{source}.{name}"] for frame in measured if f"{source}.{name}" in frame]

    confusion = sum_of(every("confusion"))
    scores = summary_scores(confusion) or (None, None, None)
    right, counted = sum_of(every("border")).tolist()
    on, borders, beside, others = sum_of(every("edges")).tolist()
    l1, psnr, ssim = np.mean(every("fidelity"), axis=0) if every("fidelity") else (None,) * 3
    strength = on / borders if borders else None
    return Figures(
        *scores,
        common_iou=common_iou(confusion, RARE),
        border_accuracy=right / counted if counted else None,
        border_strength=strength,
        border_focus=strength / (beside / others) if strength and beside else None,
        perceptual=_number(np.mean(every("perceptual"))) if every("perceptual") else None,
        frechet=None if source == TRUE else _frechet(measured, source),
        l1=_number(l1),
        psnr=_number(psnr),
        ssim=_number(ssim),
    )


def sum_of(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.sum(np.stack(arrays), axis=0)


def _number(value: Any) -> float | None:  # noqa: ANN401 - a number of numpy or None
    return None if value is None else float(value)


def _frechet(measured: Sequence[Measured], source: str) -> float | None:
    ours, theirs = (
        np.concatenate([frame[f"{kind}.cells"] for frame in measured]) for kind in (source, TRUE)
    )
    return frechet_distance(ours, theirs)


def _brief(frame: Measured, source: str) -> dict[str, float | None]:
    found = figures([frame], source)
    names = ("pixel_accuracy", "mean_iou", "perceptual", "l1")
    return {name: getattr(found, name) for name in names}


def _labels(
    measured: Sequence[Measured], sources: Sequence[str], labels: Sequence[int], schema: LabelSchema
) -> Iterator[LabelFigures]:
    matrices = {s: sum_of([frame[f"{s}.confusion"] for frame in measured]) for s in sources}
    scores = {source: label_scores(matrix) for source, matrix in matrices.items()}
    occurs = matrices[TRUE].sum(axis=1)
    shares = occurs / max(1, occurs.sum())
    for place, label in enumerate(labels):
        name = schema.by_id(label).name if label in schema else str(label)
        ious, accuracies = (
            {source: _found(scores[source][kind][place]) for source in sources} for kind in (0, 1)
        )
        share = float(shares[place])
        yield LabelFigures(label, name, share, 0 < share < RARE, ious, accuracies)


def _found(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
