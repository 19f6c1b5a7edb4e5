"""What was behind a removed object: what is known to lie there, else candidates from around it.

Below the line where the ground meets what stands on it only surfaces are taken, above it only
the rest: a car that reached above the horizon leaves no hump of road.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError
from model.scene.document import Document
from model.scene.geometry import BoolMask, Rect
from model.scene.ground import ids_of, is_stuff, is_surface, table_of, where
from model.scene.layers import NOTHING, settled
from model.scene.nearest import (
    Nearest,
    Places,
    nearest_around,
    nearest_in_column,
    nearest_in_row,
)
from model.scene.scene import InstanceMap, LabelMap


class Sources(Enum):
    """What a place is filled with: surfaces, the stuff that stands on them, or both."""

    STUFF = auto()
    SURFACE = auto()
    UPRIGHT = auto()


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


def take_away(
    document: Document,
    rect: Rect,
    mask: BoolMask,
    filling: Filling | None = None,
    ids: Collection[int] = (),
) -> None:
    """Inside an open edit: take what is seen in mask away, or the instances of those ids.

    What lay beneath appears; where nothing did, the label and instance of stuff around it. mask
    covers rect, which may reach outside the map. Raises InputError when the picture has no stuff
    at all outside mask.
    """
    inside = rect.intersection(document.bounds)
    mask = mask[inside.slices_in(rect)]
    if not mask.any():
        return
    stacks = document.stacks(inside)
    seen, wanted = stacks[0].copy(), np.isin(stacks, list(ids))
    if not ids:
        wanted[0] = True
    stacks = settled(np.where(wanted & mask, NOTHING, stacks))
    empty = stacks[0] == NOTHING
    stacks[0][empty] = seen[empty]
    document.write_stacks(inside, stacks)
    if empty.any():
        labels, instances = behind(document, inside, empty, filling or Filling())
        document.paint_maps(inside, empty, labels, instances)


def behind(
    document: Document, rect: Rect, mask: BoolMask, filling: Filling
) -> tuple[LabelMap, InstanceMap]:
    """Label and instance map of rect, which lies inside, filled where mask is true."""
    ground = _Ground(document, rect, mask)
    line, seen = ground.line(filling.horizon)
    below = np.arange(rect.y0, rect.y1)[:, None] >= line[None]
    labels = np.zeros(mask.shape, np.uint8)
    instances = np.zeros(mask.shape, np.int32)
    nearest = CANDIDATES[filling.candidate]
    for part, wanted in (
        (mask & below, Sources.SURFACE if seen else Sources.STUFF),
        (mask & ~below, Sources.UPRIGHT),
    ):
        if part.any():
            found = ground.find(nearest, wanted, part)
            labels[part], instances[part] = document.label_map[found], document.instance_map[found]
    return labels, instances


class _Ground:
    """What is around a place, looked at near it first: the whole map takes ten times as long."""

    def __init__(self, document: Document, rect: Rect, mask: BoolMask) -> None:
        schema = document.schema
        self._document, self._rect, self._mask = document, rect, mask
        self._stuff = table_of(ids_of(schema, is_stuff))
        self._surface = table_of(ids_of(schema, is_stuff, is_surface))

    def line(self, horizon: float | None) -> tuple[NDArray[np.float64], bool]:
        """(rect.width,): per column the first row of the ground; and whether any column shows it.

        Read off where surface and what stands on it meet, and between such columns in a straight
        line. It is never above the horizon; without such columns it is the horizon.
        """
        rect, bounds = self._rect, self._document.bounds
        first = 0 if horizon is None else min(max(round(horizon), 0), bounds.height)
        around = AROUND
        while True:
            x0, x1 = max(0, rect.x0 - around), min(bounds.width, rect.x1 + around)
            band = Rect(x0, 0, x1, bounds.height)
            columns, rows = _meeting(
                self._are(Sources.SURFACE, band), self._are(Sources.UPRIGHT, band), first
            )
            columns += x0
            to_left = x0 == 0 or (len(columns) and columns[0] <= rect.x0)
            to_right = x1 == bounds.width or (len(columns) and columns[-1] >= rect.x1 - 1)
            if to_left and to_right:  # columns beyond change nothing
                break
            around *= 4
        if not len(columns):
            return np.full(rect.width, float(first)), False
        return np.interp(np.arange(rect.x0, rect.x1), columns, rows), True

    def find(self, nearest: Nearest, wanted: Sources, part: BoolMask) -> Places:
        """nearest() of the wanted kind for part, which covers rect; of any stuff if there is none.

        Looks near the part, and on the whole map only in vain.
        """
        bounds, rect, inner = self._document.bounds, self._rect, Rect.around(part)
        corner = rect.x0 + inner.x0, rect.y0 + inner.y0
        place = Rect(*corner, rect.x0 + inner.x1, rect.y0 + inner.y1)
        near = place.grown(AROUND).intersection(bounds)
        for kind in (wanted, Sources.STUFF):
            for window in (near, bounds):
                sources = self._are(kind, window)
                if sources.any():
                    asked = np.zeros(sources.shape, np.bool_)
                    asked[place.slices_in(window)] = part[inner.slices]
                    rows, columns = nearest(sources, asked)
                    return rows + window.y0, columns + window.x0
        raise InputError("Nothing else is in the picture to fill the place with; paint over it.")

    def _are(self, kind: Sources, window: Rect) -> BoolMask:
        """Where in a window something of a kind is that stays."""
        tables: dict[Sources, NDArray[np.bool_]] = {
            Sources.STUFF: self._stuff,
            Sources.SURFACE: self._surface,
            Sources.UPRIGHT: self._stuff & ~self._surface,
        }
        found = where(tables[kind], self._document.label_map[window.slices])
        both = window.intersection(self._rect)
        found[both.slices_in(window)] &= ~self._mask[both.slices_in(self._rect)]
        return found


def _meeting(
    surface: BoolMask, upright: BoolMask, first: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Columns in which surface lies right below upright at row `first` or lower, and where."""
    meets = np.zeros(surface.shape[::-1], np.bool_)  # a column's pixels side by side
    meets[:, 1:] = (surface[1:] & upright[:-1]).T
    meets[:, :first] = False
    columns = np.flatnonzero(meets.any(axis=1))
    return columns, meets[columns].argmax(axis=1)
