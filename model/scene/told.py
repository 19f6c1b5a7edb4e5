"""Told: what of the surface channels is drawn on things of some styles alone.

A map does not tell a cobbled road from asphalt; styles do, by linear maps of their features, and
the facts of rendered frames. Where neither says anything, everything is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from model.scene.street_grid import BAY, STOREY
from model.scene.surface import SURFACE_CHANNELS
from model.scene.surface_labels import SurfaceLabels

_FIRST, _SECOND = -2, -1  # from the end: the channels of what stands there
# Half of what a mullion and a floor of a glass front are wide, as angles; the least cosine of waves
# that are not too fine for that.
_MULLION, _FLOOR = 2 * math.pi * 0.05 / BAY, 2 * math.pi * 0.11 / STOREY
_LEAST = 48


@dataclass(frozen=True, slots=True)
class Drawing:
    """Attributes:
    name: of the map that tells which styles have it.
    labels: of the things whose styles have it.
    shown: those it is drawn on, which may be parts of them.
    modes: ends of the names of modes, "label/mode", that have it.
    channel: counted from the end of the surface channels.
    without: what its channel shows where it is not drawn, of these channels, arrays or tensors.
    """

    name: str
    labels: Callable[[SurfaceLabels], tuple[int, ...]]
    shown: Callable[[SurfaceLabels], tuple[int, ...]]
    modes: tuple[str, ...]
    channel: int
    without: Callable[[Any], Any]


def _without(channel: int, sign: int, planes: Any) -> Any:  # noqa: ANN401
    """A channel without its values of that sign."""
    return planes[channel] * (planes[channel] * sign < 0)


def _fronts(known: SurfaceLabels) -> tuple[int, ...]:
    return *known.walls, *known.windows, *known.shops


def _glazing(planes: Any) -> Any:  # noqa: ANN401
    """Mullions between bays and floors between storeys, negative, where waves say they are."""
    along, across, up, above = planes[-SURFACE_CHANNELS:][:4]
    mullions = (across > _LEAST) & (abs(along) < across * _MULLION)
    floors = (above > _LEAST) & (abs(up) < above * _FLOOR)
    grid = mullions | floors
    return -((planes[_FIRST] * 0 + 127) * grid)


# Small stones that pavements are paved with are painted as slabs as well: better than none. Fronts
# of glass are told by the windows that all others have; yellow bricks are not told by features.
_WINDOWED = ("/brick_red", "/brick_yellow", "/plaster_white", "/plaster_colour", "/sandstone")
_STONY, _SLABS, _WALLS, _LIGHTS = map(attrgetter, ("stony", "slabs", "walls", "lights"))
_NO_JOINTS = partial(_without, _FIRST, -1)
_NO_POSITIVE, _NO_NEGATIVE = (partial(_without, _SECOND, sign) for sign in (1, -1))
DRAWINGS_TOLD = (
    Drawing("cobbled", _STONY, _STONY, ("/cobblestone",), _FIRST, _NO_JOINTS),
    Drawing("slabbed", _SLABS, _SLABS, ("/slabs", "/paving"), _FIRST, _NO_JOINTS),
    Drawing("bricked", _WALLS, _fronts, ("/brick_red",), _SECOND, _NO_NEGATIVE),
    Drawing("windowed", _WALLS, _fronts, _WINDOWED, _FIRST, _glazing),
    Drawing("windowed", _WALLS, _fronts, _WINDOWED, _SECOND, _NO_POSITIVE),
    Drawing("red", _LIGHTS, attrgetter("reds"), ("/red",), _SECOND, _NO_POSITIVE),
    Drawing("amber", _LIGHTS, attrgetter("ambers"), ("/amber",), _SECOND, _NO_POSITIVE),
    Drawing("green", _LIGHTS, attrgetter("greens"), ("/green",), _SECOND, _NO_POSITIVE),
)
TOLD = tuple(dict.fromkeys(drawing.name for drawing in DRAWINGS_TOLD))
