"""Report: all figures about one checkpoint, as JSON and as a table; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

VERSION = 1
TRUE, GENERATED, ENCODED = "true", "generated", "encoded"
SOURCES = (TRUE, GENERATED, ENCODED)
HEADINGS = {TRUE: "true pictures", GENERATED: "generated", ENCODED: "encoded styles"}
RATIOS = (
    "pixel_accuracy",
    "class_accuracy",
    "mean_iou",
    "common_iou",
    "border_accuracy",
    "border_strength",
)
ROWS = {  # field of Figures -> (what the table calls it, decimals)
    "pixel_accuracy": ("pixel accuracy", 4),
    "class_accuracy": ("class accuracy", 4),
    "mean_iou": ("mIoU", 4),
    "common_iou": ("mIoU without rare labels", 4),
    "border_accuracy": ("accuracy at borders", 4),
    "border_strength": ("edge strength at borders, levels", 2),
    "border_focus": ("the same over that beside them", 3),
    "perceptual": ("perceptual distance in the judge's features", 4),
    "frechet": ("Frechet distance in the judge's features", 4),
    "l1": ("L1, levels", 2),
    "psnr": ("PSNR, dB", 2),
    "ssim": ("SSIM", 4),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind of pictures, over all frames; None where there is nothing to measure.

    Attributes:
        pixel_accuracy, class_accuracy, mean_iou: of the judge's labels, 0..1; class accuracy and
            IoU averaged over the labels that occur (paper, section 4.1).
        common_iou: mIoU over those of them that are not rare.
        border_accuracy: pixel accuracy up to `BORDER` pixels from a border between instances.
        border_strength: mean gradient of the brightness on borders, levels per pixel.
        border_focus: that over the gradient beside them; 1 is "no edge where the map has one".
        perceptual: LPIPS-style distance to the true pictures, unweighted, in the judge's features.
        frechet: Frechet distance to them in the judge's features, over parts of frames.
        l1 (0..255), psnr (dB), ssim: to the true pictures. With styles that were drawn they tell
            how different those are, no error.
    """

    pixel_accuracy: float | None = None
    class_accuracy: float | None = None
    mean_iou: float | None = None
    common_iou: float | None = None
    border_accuracy: float | None = None
    border_strength: float | None = None
    border_focus: float | None = None
    perceptual: float | None = None
    frechet: float | None = None
    l1: float | None = None
    psnr: float | None = None
    ssim: float | None = None


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label that the judge knows.

    share: of the judged pixels of the true maps. iou, accuracy: by kind of pictures; None for a
    label that does not occur. rare: below `RARE` of the pixels.
    """

    id: int
    name: str
    share: float
    rare: bool
    iou: Mapping[str, float | None]
    accuracy: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Diversity:
    """How far pictures of one frame in different drawn styles are apart, over `pairs` of them.

    l1: levels, 0..255. perceptual: as in Figures.
    """

    pairs: int
    l1: float
    perceptual: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything `evaluate` finds out about a checkpoint.

    Attributes:
        checkpoint, data, judge, settings: facts, as plain values.
        pictures: "true" (the oracle), "generated" (styles drawn by seed, as the editor paints a
            map) and, where there is an encoder, "encoded" (styles of the true picture).
        labels: those that the judge knows, in its order.
        mean_color_l1: of pictures that paint each instance in its mean colour; a floor for L1.
        frames: for each its key, and by kind of pictures its figures.
    """

    checkpoint: Mapping[str, Any]
    data: Mapping[str, Any]
    judge: Mapping[str, Any]
    settings: Mapping[str, Any]
    pictures: Mapping[str, Figures]
    labels: Sequence[LabelFigures]
    diversity: Diversity | None
    mean_color_l1: float | None
    frames: Sequence[Mapping[str, Any]]

    def ratio(self, source: str, name: str) -> float | None:
        """A figure of these pictures over that of the true ones."""
        value, oracle = getattr(self.pictures[source], name), getattr(self.pictures[TRUE], name)
        return value / oracle if value is not None and oracle else None

    def to_json(self) -> dict[str, Any]:
        """Nested plain values."""
        ratios = {
            source: {name: self.ratio(source, name) for name in RATIOS}
            for source in self.pictures
            if source != TRUE
        }
        return {"version": VERSION, "ratios": ratios, **asdict(self)}

    def table(self) -> str:
        """Two Markdown tables: figures, then labels."""
        return "\n".join([*self._figures(), "", *self._labels()])

    def _figures(self) -> Iterator[str]:
        painted = [source for source in self.pictures if source != TRUE]
        yield _row("", HEADINGS[TRUE], *(f"{HEADINGS[s]} | ratio" for s in painted))
        yield "|---|" + "---|" * (1 + 2 * len(painted))
        for name, (title, decimals) in ROWS.items():
            values = {s: getattr(figures, name) for s, figures in self.pictures.items()}
            if any(value is not None for value in values.values()):
                cells = [_shown(values[TRUE], decimals)]
                for source in painted:
                    ratio = self.ratio(source, name) if name in RATIOS else None
                    cells += [_shown(values[source], decimals), _shown(ratio, 3)]
                yield _row(title, *cells)
        rest = "- | " * (2 * len(painted) - 1) + "-"
        if self.mean_color_l1 is not None:
            yield _row("L1 of mean colours, a floor", f"{self.mean_color_l1:.2f}", rest)
        if self.diversity is not None:
            words = f"{self.diversity.l1:.2f} levels, {self.diversity.perceptual:.4f} perceptual"
            yield _row(f"diversity over {self.diversity.pairs} pairs of draws", words, rest)

    def _labels(self) -> Iterator[str]:
        sources = list(self.pictures)
        yield _row("label", "share, %", *(f"IoU, {HEADINGS[s]}" for s in sources))
        yield "|---|" + "---|" * (1 + len(sources))
        for label in self.labels:
            if label.share:
                name = f"{label.name} (rare)" if label.rare else label.name
                shown = [_shown(label.iou[source], 3) for source in sources]
                yield _row(name, f"{100 * label.share:.3f}", *shown)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(value: float | None, decimals: int) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"
