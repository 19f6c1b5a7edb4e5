"""What was behind a removed object: candidates for its place, from the stuff around it.

Below the line where the ground meets what stands on it only surfaces are taken, above it only
the rest: a car that reached above the horizon leaves no hump of road.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError
from model.scene.document import Document
from model.scene.geometry import BoolMask, Rect
from model.scene.ground import ids_of, is_stuff, is_surface, table_of
from model.scene.nearest import (
    Nearest,
    Places,
    nearest_around,
    nearest_in_column,
    nearest_in_row,
)
from model.scene.scene import InstanceMap, LabelMap

AROUND = 64  # pixels beside the place that are looked at first; the whole map only if in vain
CANDIDATES: tuple[Nearest, ...] = (nearest_around, nearest_in_column, nearest_in_row)


@dataclass(frozen=True, slots=True)
class Filling:
    """Which candidate: what is nearest, what is above or below, or what is beside; cyclic.

    horizon is the row that the ground cannot reach above; None when it is not known.
    """

    candidate: int = 0
    horizon: float | None = None

    @property
    def next(self) -> Filling:
        return replace(self, candidate=(self.candidate + 1) % len(CANDIDATES))


def fill_surroundings(
    document: Document, rect: Rect, mask: BoolMask, filling: Filling | None = None
) -> None:
    """Inside an open edit: give each pixel of mask the label and instance of stuff around it.

    mask covers rect, which may reach outside the map. Raises InputError when the picture has no
    stuff at all outside mask.
    """
    inside = rect.intersection(document.bounds)
    mask = mask[inside.slices_in(rect)]
    if mask.any():
        labels, instances = behind(document, inside, mask, filling or Filling())
        document.paint_maps(inside, mask, labels, instances)


def behind(
    document: Document, rect: Rect, mask: BoolMask, filling: Filling
) -> tuple[LabelMap, InstanceMap]:
    """Label and instance map of rect, which lies inside, filled where mask is true."""
    schema = document.schema
    stuff = table_of(ids_of(schema, is_stuff))[document.label_map]
    stuff[rect.slices][mask] = False
    if not stuff.any():
        raise InputError("Nothing else is in the picture to fill the place with; paint over it.")
    surface = stuff & table_of(ids_of(schema, is_surface))[document.label_map]
    line, seen = ground_line(surface, stuff & ~surface, filling.horizon)
    below = np.arange(rect.y0, rect.y1)[:, None] >= line[None, rect.x0 : rect.x1]
    labels = np.zeros(mask.shape, np.uint8)
    instances = np.zeros(mask.shape, np.int32)
    nearest = CANDIDATES[filling.candidate]
    ground = surface if seen else stuff
    for part, sources in ((mask & below, ground), (mask & ~below, stuff & ~surface)):
        if part.any():
            found = _find(nearest, sources if sources.any() else stuff, rect, part)
            labels[part], instances[part] = document.label_map[found], document.instance_map[found]
    return labels, instances


def ground_line(
    surface: BoolMask, upright: BoolMask, horizon: float | None
) -> tuple[NDArray[np.float64], bool]:
    """(W,): per column the first row of the ground; and whether any column shows it.

    Read off where surface and what stands on it meet, and between such columns in a straight
    line. It is never above the horizon; without such columns it is the horizon.
    """
    height, width = surface.shape
    meets = np.zeros((height, width), np.bool_)
    meets[1:] = surface[1:] & upright[:-1]
    first = 0 if horizon is None else min(max(round(horizon), 0), height)
    meets[:first] = False
    known = np.flatnonzero(meets.any(axis=0))
    if not len(known):
        return np.full(width, float(first)), False
    return np.interp(np.arange(width), known, meets.argmax(axis=0)[known]), True


def _find(nearest: Nearest, sources: BoolMask, rect: Rect, mask: BoolMask) -> Places:
    """nearest() near the mask, which covers rect, and only in vain on the whole map."""
    height, width = sources.shape
    part = Rect.around(mask)
    place = Rect(rect.x0 + part.x0, rect.y0 + part.y0, rect.x0 + part.x1, rect.y0 + part.y1)
    window = place.grown(AROUND).clipped(width, height)
    if not sources[window.slices].any():
        window = Rect(0, 0, width, height)
    wanted = np.zeros((window.height, window.width), np.bool_)
    wanted[place.slices_in(window)] = mask[part.slices]
    rows, columns = nearest(sources[window.slices], wanted)
    return rows + window.y0, columns + window.x0
