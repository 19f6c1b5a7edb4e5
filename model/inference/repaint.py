"""Repainter: paints parts of the scene anew over the recording of the last exact frame.

What it shows is a preview. The statistics of the normalisations stay those of the exact frame,
which comes closer to the next exact frame than statistics brought up to date halfway. Changes
that the halo does not reach, and those that a touch causes elsewhere in an instance through its
bounding box or its distances, wait for the exact frame.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.inference.frame import Frame, FrameSize, StyleLookup, padded_map, part_of
from model.inference.painter import Painter
from model.inference.plan.channels import channels
from model.inference.plan.plan import Plan, Recording
from model.inference.plan.rects import clipped
from model.inference.plan.regions import Halo, Regions
from model.inference.plan.source_stems import Source
from model.inference.scene_copy import SceneCopy
from model.inference.trial import enlarged
from model.pixels import to_bytes
from model.scene.figures import find_figures
from model.scene.geometry import EMPTY, Rect
from model.scene.kerbs import find_kerbs
from model.scene.pieces import find_pieces
from model.scene.reference import (
    REFERENCE_CHANNELS,
    box_array,
    dense_instances,
    distance_reach,
    repainted_reference,
)
from model.scene.scene import LabelMap
from model.scene.spokes import Spokes, find_spokes
from model.scene.surface import SURFACE_CHANNELS, Surface
from model.scene.trunks import find_trunks

Pixels = NDArray[np.uint8]
_FEATHER = 16  # pixels over which a preview fades into the picture around it


@dataclass(slots=True, eq=False)
class _Last:
    """What is known of the last exact frame, and of the previews painted into it since."""

    grid: tuple[int, int]
    recording: Recording | None
    reference: NDArray[np.int8] | None
    boxes: dict[int, Rect]
    surface: Surface | None
    picture: Pixels


class Means(Protocol):
    """What paints at the moment: an `Executor`.

    Attributes:
        painter: a Plan.
        frame_size: which sizes it takes.
    """

    @property
    def painter(self) -> Painter: ...

    @property
    def frame_size(self) -> FrameSize: ...


class Repainter:
    """Repaints parts. All rectangles are in the scene's pixels and inside it."""

    def __init__(self, means: Means, feature_channels: int, halo: Halo) -> None:
        self.halo = halo
        self._means = means
        self._feature_channels = feature_channels
        self._last: _Last | None = None
        self._frame_work = 0.0

    @property
    def ready(self) -> bool:
        """Is there an exact frame to paint into?"""
        return self._last is not None

    @property
    def recorded(self) -> bool:
        """Can parts of it be painted, or only all of it at half its size?"""
        return self._last is not None and self._last.recording is not None

    @property
    def bytes(self) -> int:
        """What the recording holds."""
        return self._recording.bytes if self.recorded else 0

    def forget(self) -> None:
        self._last = None

    def begin(self, recording: Recording, source: Source, picture: Pixels) -> None:
        """From now on paint into this exact frame; takes the recording over if it is complete."""
        self._last = _Last(source.grid, None, None, {}, None, picture.copy())
        if not recording.complete or not isinstance(source, Frame):
            return
        boxes = [] if source.boxes is None else source.boxes.tolist()
        ids = source.instance_ids.tolist()
        self._last.boxes = dict(zip(ids, (Rect(*box) for box in boxes), strict=False))
        self._last.recording, self._last.reference = recording, source.reference
        self._last.surface = source.surface
        self._frame_work = self._plan.frame_work(source.grid)

    def drop_recording(self) -> None:
        if self._last is not None:
            self._last.recording = self._last.reference = None

    @property
    def _plan(self) -> Plan:
        assert isinstance(self._means.painter, Plan)
        return self._means.painter

    @property
    def _recording(self) -> Recording:
        if self._known.recording is None:
            raise RuntimeError("nothing was recorded of the exact frame")
        return self._known.recording

    def regions(self, touched: Rect, wanted: Rect | None = None) -> Regions:
        """What it takes to show a touch, in `wanted` or else as far as the halo goes."""
        height, width = self._known.picture.shape[:2]
        grid_height, grid_width = self._known.grid
        known = self._known
        if known.reference is not None and known.boxes:  # the distances around change, too
            touched = clipped(touched.grown(distance_reach(height)), (height, width))
        touched = Rect(  # the padding repeats the last row and column
            touched.x0,
            touched.y0,
            grid_width if touched.x1 >= width else touched.x1,
            grid_height if touched.y1 >= height else touched.y1,
        )
        return self._regions(touched, wanted or touched.grown(self.halo.fine))

    def share(self, regions: Regions) -> float:
        """Of the multiplications of a whole frame."""
        return self._plan.work(regions) / self._frame_work

    def preview(
        self, scene: SceneCopy, regions: Regions, style_of: StyleLookup
    ) -> Generator[str, None, tuple[Rect, Pixels]]:
        """Paints the touched region into the last frame; yields layer groups like a `Plan`.

        Returns the rectangle shown and its pixels, faded into the picture around it.
        """
        frame = self._part(scene, regions, style_of, commit=True)
        painting = self._plan.repaint([frame], regions, self._recording, commit=True)
        pictures = yield from painting
        return self._shown(to_bytes(pictures[0]).cpu().numpy(), regions)

    def show_half(self, picture: Pixels, regions: Regions) -> tuple[Rect, Pixels]:
        """As `preview`, out of the whole picture painted at half its size."""
        height, width = self._known.picture.shape[:2]
        whole = enlarged(picture, (height, width))
        shown = clipped(regions.picture, (height, width))
        return self._shown(whole[shown.slices], regions)

    def _shown(self, pixels: Pixels, regions: Regions) -> tuple[Rect, Pixels]:
        picture = self._known.picture
        height, width = picture.shape[:2]
        shown = clipped(regions.picture, (height, width))
        pixels = pixels[: shown.height, : shown.width]
        faded = faded_in(pixels, picture[shown.slices], shown, regions.touched, (height, width))
        picture[shown.slices] = faded
        return shown, faded

    def in_place(
        self, scene: SceneCopy, regions: Regions, stylings: Sequence[StyleLookup]
    ) -> Generator[str, None, list[Pixels]]:
        """Paints `regions.picture` once for each styling, all at once; the frame stays as it is.

        Yields layer groups like a `Plan`.
        """
        frame = self._part(scene, regions, stylings[0], commit=False)
        frames = [frame.styled(style_of, self._feature_channels) for style_of in stylings]
        painting = self._plan.repaint(frames, regions, self._recording, commit=False)
        pictures = yield from painting
        return [to_bytes(picture).cpu().numpy() for picture in pictures]

    @property
    def _known(self) -> _Last:
        if self._last is None:
            raise RuntimeError("there is no exact frame to paint into")
        return self._last

    def _regions(self, touched: Rect, wanted: Rect) -> Regions:
        grid = self._known.grid
        return self._plan.regions(grid, touched, clipped(wanted, grid), self.halo)

    def _part(
        self, scene: SceneCopy, regions: Regions, style_of: StyleLookup, *, commit: bool
    ) -> Frame:
        last, rect = self._known, regions.maps
        spokes = None
        if last.surface is not None:
            last.surface, spokes = _uncovered(last.surface, rect, scene)
        frame = part_of(scene.labels, scene.instances, self._means.frame_size, rect, spokes)
        frame = frame.styled(style_of, self._feature_channels)
        if last.reference is None:
            return frame
        whole = scene.labels if spokes is None else spokes.seen(scene.labels)
        reference = self._reference(frame, whole, regions, commit=commit)
        surface, labels = last.surface, frame.labels
        if surface is not None:
            apart = surface.apart(rect, labels)
            labels = surface.shown(labels, apart, reference)
        return replace(frame, labels=labels, reference=reference)

    def _reference(
        self, frame: Frame, labels: LabelMap, regions: Regions, *, commit: bool
    ) -> NDArray[np.int8]:
        """The reference of a part, made anew where it was touched; walls keep their distances.

        labels: of the whole scene, (H, W).
        """
        last = self._known
        assert last.reference is not None
        part = last.reference[(slice(None), *frame.rect.slices)]
        touched = regions.touched.intersection(frame.rect)
        if not touched or not commit:
            return part
        new = part.copy()
        if last.boxes:
            self._find_boxes(frame, touched)
            new[:REFERENCE_CHANNELS] = repainted_reference(
                part[:REFERENCE_CHANNELS],
                frame.instances,
                frame.rect,
                touched,
                last.boxes,
                frame.grid,
            )
        if last.surface is not None:
            inside = touched.slices_in(frame.rect)
            ids, index = dense_instances(frame.instances[inside])
            shown = frame.labels[inside]
            last.surface = _seen_anew(last.surface, labels, shown)
            placed = None
            if last.boxes:
                placed = last.surface.placed(index, ids, box_array(last.boxes, ids))
            shown = last.surface.apart(touched, shown)
            made = channels().surface_of(last.surface, touched, shown, placed)
            new[-SURFACE_CHANNELS:, *inside] = made
        last.reference[(slice(None), *frame.rect.slices)] = new
        return new

    def _find_boxes(self, frame: Frame, touched: Rect) -> None:
        boxes = self._known.boxes
        ids, index = dense_instances(frame.instances[touched.slices_in(frame.rect)])
        for position, instance_id in enumerate(ids.tolist()):
            found = Rect.around(index == position)
            here = Rect(
                found.x0 + touched.x0,
                found.y0 + touched.y0,
                found.x1 + touched.x0,
                found.y1 + touched.y0,
            )
            known = boxes.get(instance_id, EMPTY)
            # What lay in the touch altogether lies nowhere else: an object that is being moved.
            inside = known.intersection(touched) == known
            boxes[instance_id] = here if inside else known.union(here)


def _seen_anew(surface: Surface, labels: LabelMap, shown: LabelMap) -> Surface:
    """With the parts of a whole (H, W) label map, if any may be shown.

    They may reach beyond the part that is shown, where they are not cut off. Where no trees or no
    pavements are shown, trunks and kerbs elsewhere stay as they were seen last.
    """
    known, pieces, trunks, kerbs = surface.labels, None, surface.trunks, surface.kerbs
    whole = padded_map(labels, surface.size)
    if np.isin(shown, known.pieces).any():
        pieces = find_pieces(whole, known)
    if np.isin(shown, known.trees).any():
        trunks = find_trunks(whole, known.trees)
    if np.isin(shown, known.slabs).any():
        kerbs = find_kerbs(whole, known)
    return replace(surface, pieces=pieces, trunks=trunks, kerbs=kerbs)


def _uncovered(surface: Surface, rect: Rect, scene: SceneCopy) -> tuple[Surface, Spokes | None]:
    """With the figures of a scene, and its spokes, if a part of it shows any such."""
    (height, width), known = scene.size, surface.labels
    shown = scene.labels[rect.clipped(width, height).slices]
    if not np.isin(shown, known.figures).any():
        return surface, None
    figures = find_figures(scene.labels, scene.instances, known)
    spokes = find_spokes(scene.labels, scene.instances, known, figures)
    return replace(surface, figures=figures), spokes


def faded_in(
    pixels: Pixels, around: Pixels, rect: Rect, core: Rect, size: tuple[int, int]
) -> Pixels:
    """`pixels` over `around`, both covering `rect`, faded along those sides that lie inside.

    core: stays unfaded; size: (height, width) of the whole picture, whose sides fade nothing.
    """
    height, width = size
    across = _ramp(rect.width, core.x0 - rect.x0, rect.x1 - core.x1, rect.x0 > 0, rect.x1 < width)
    down = _ramp(rect.height, core.y0 - rect.y0, rect.y1 - core.y1, rect.y0 > 0, rect.y1 < height)
    weight = np.minimum(down[:, None], across)[..., None]
    return (around + weight * (pixels.astype(np.float32) - around) + 0.5).astype(np.uint8)


def _ramp(length: int, before: int, after: int, fades_in: bool, fades_out: bool) -> NDArray:
    """Weights (length,) from 0 to 1 over the pixels before the core, and back after it."""
    weights = np.ones(length, np.float32)
    for fades, room, side in ((fades_in, before, weights), (fades_out, after, weights[::-1])):
        steps = max(0, min(_FEATHER, room))
        if fades and steps:
            side[:steps] = np.minimum(side[:steps], (np.arange(steps) + 0.5) / steps)
    return weights
