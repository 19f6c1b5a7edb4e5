"""What things look like: pictures of vehicles, people, lights, cycles, fences and signs.

Two values for every place on a thing; `model.scene.things` says which place a pixel shows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.scene.sign_drawings import sign_drawings
from model.scene.street_grid import BARS

SIDE = 256  # of a drawing: with 64, wheels of cars that fill the picture had steps
# The first of the drawings of a kind. Vehicles have REAR, FRONT, REAR_FLANK and FRONT_FLANK, people
# one in trousers and one in a coat, cycles their flank and their end, signs one for every shape,
# others a single one. What is at most VEHICLE has an end and a flank.
LORRY, BUS, TRAM, VEHICLE, PERSON, LIGHT, CYCLE, FENCE, SIGN = 0, 4, 8, 12, 16, 18, 19, 21, 22
REAR, FRONT, REAR_FLANK, FRONT_FLANK = range(4)
# Wheels of a cycle, in shares of its box: middles, half of the tyres and of their insides, each
# across and up.
HUBS, TYRE, INSIDE = ((0.19, 0.31), (0.81, 0.31)), (0.19, 0.31), (0.16, 0.265)


_Floats = NDArray[np.floating]
_Drawn = tuple[_Floats, _Floats]

_ACROSS = (np.arange(SIDE) + 0.5) / SIDE
_UP = _ACROSS[:, None]


def _drawings() -> NDArray[np.float32]:
    """(2, SIGN + 5, SIDE, SIDE) in [-1, 1]: second axis from LORRY on, rows go up.

    The first of two: glass, faces, lenses, what is seen through wheels and bars (1), plates, doors
    and legs (-1). The second: lamps, lit boards and hair (1), wheels, grilles, joints, shoes and
    bars (-1). Of signs, the first: rims (1); the second: what is in the middle (1).
    """
    running = (*_lorry(), *_bus(), *_tram(), *_car())
    drawn = (*running, *_people(), _light(), _cycle(), _cycle_end(), _fence())
    parts = np.array(drawn).swapaxes(0, 1), sign_drawings(SIDE)
    return np.ascontiguousarray(np.clip(np.concatenate(parts, 1), -1, 1), np.float32)


def _car() -> tuple[_Drawn, ...]:
    screen, tyres = _box(0.12, 0.88, 0.64, 0.93), _both(0, 0.13, 0, 0.17)
    rear = screen - _box(0.36, 0.64, 0.39, 0.49), _both(0.02, 0.2, 0.44, 0.62) - tyres
    front = (
        screen - _box(0.36, 0.64, 0.27, 0.36),
        _both(0.02, 0.23, 0.41, 0.51) - tyres - _box(0.29, 0.71, 0.39, 0.48),
    )
    slanted = np.clip((_ACROSS - 0.3 - 0.5 * (_UP - 0.66)) / 0.05 + 0.5, 0, 1)
    panes = slanted * _box(0, 0.85, 0.66, 0.92) * (1 - _box(0.54, 0.58, 0.6, 1))
    flank = panes, _wheels((0.19, 0.81), 0.215, 0.085, 0.235)
    return rear, front, _mirrored(flank), flank


def _lorry() -> tuple[_Drawn, ...]:
    """As `model.streets.assets.lorries` builds them: a cab before a box with two doors."""
    doors = sum(_box(x - 0.015, x + 0.015, 0.29, 0.97) for x in (0.33, 0.5, 0.67))
    frame = _box(0, 1, 0.27, 1) - _box(0.04, 0.96, 0.3, 0.97)
    plate, tyres = _box(0.4, 0.6, 0.2, 0.235), _both(0.02, 0.23, 0, 0.16)
    lamps = _both(0.02, 0.16, 0.2, 0.245)
    rear = -np.maximum(doors, frame) - plate, lamps - tyres - _box(0.02, 0.98, 0.14, 0.18)
    front = (
        _box(0.05, 0.95, 0.41, 0.64) - plate,
        _both(0.03, 0.2, 0.15, 0.21) - tyres - _box(0.2, 0.8, 0.25, 0.34),
    )
    joints = _box(0.25, 0.28, 0.25, 1) + _box(0.27, 1, 0.25, 0.29) + _box(0.27, 1, 0.96, 1)
    wheels = _wheels((0.15, 0.75, 0.883), 0.135, 0.058, 0.135)
    flank = _box(0.05, 0.16, 0.43, 0.66) - joints, wheels
    return rear, front, _mirrored(flank), flank


def _bus() -> tuple[_Drawn, ...]:
    """As `model.streets.assets.buses` builds them: a row of windows, boards over both ends."""
    plate, tyres = _box(0.4, 0.6, 0.13, 0.17), _both(0.02, 0.16, 0, 0.1)
    rear = (
        _box(0.1, 0.9, 0.55, 0.84) - plate,
        _both(0.02, 0.1, 0.25, 0.37)
        + _box(0.375, 0.625, 0.87, 0.93)
        - tyres
        - _box(0.15, 0.85, 0.23, 0.46),
    )
    bumper = _box(0.01, 0.99, 0.1, 0.175)
    front = (
        _box(0.03, 0.97, 0.37, 0.84) - plate,
        _both(0.02, 0.17, 0.21, 0.28) + _box(0.19, 0.81, 0.86, 0.93) - tyres - bumper,
    )
    flank = _box(0.06, 0.97, 0.48, 0.82), _wheels((0.242, 0.746), 0.155, 0.043, 0.155)
    return rear, front, _mirrored(flank), flank


def _tram() -> tuple[_Drawn, ...]:
    """As `model.streets.assets.buses` builds them: three cars with bellows in between."""
    glass, under = _box(0.02, 0.98, 0.335, 0.82), _box(0, 1, -0.1, 0.05)
    lit = _box(0.275, 0.725, 0.855, 0.91) - under
    rear = glass, _both(0.02, 0.1, 0.2, 0.32) + lit
    front = glass, _both(0.02, 0.17, 0.2, 0.27) + lit
    bellows = _box(0.32, 0.347, -0.1, 0.96) + _box(0.653, 0.68, -0.1, 0.96)
    windows = _box(0.045, 0.955, 0.39, 0.78) * (1 - bellows)
    flank = windows, -np.maximum(bellows, _box(0, 1, -0.1, 0.14))
    return rear, front, _mirrored(flank), flank


def _people() -> tuple[_Drawn, ...]:
    """With legs up to the hip, or to the hem of a coat."""
    head = _disc(0.5, 0.93, 0.22, 0.08)
    face, shoes = head * _span(_UP, 0, 0.955), _box(0, 1, 0, 0.05)
    return tuple((face - _box(0, 1, 0.05, up), head - face - shoes) for up in (0.47, 0.28))


def _light() -> _Drawn:
    """Three lenses, and a lamp in each."""
    lenses, lamps = (
        np.sum([_disc(0.5, y, wide, high) for y in (0.82, 0.5, 0.18)], 0)
        for wide, high in ((0.34, 0.13), (0.31, 0.118))
    )
    return lenses, lamps


def _cycle() -> _Drawn:
    """From the side: two thin tyres, with spokes that hide little."""
    inner = sum((_disc(*hub, *INSIDE) for hub in HUBS), np.zeros((SIDE, SIDE)))
    outer = sum(_disc(*hub, *TYRE) for hub in HUBS)
    return inner, inner - outer


def _cycle_end() -> _Drawn:
    """From before or behind: one tyre on its edge."""
    return np.zeros((SIDE, SIDE)), -_box(0.42, 0.58, 0, 2 * TYRE[1])


def _fence() -> _Drawn:
    """Upright bars, `BARS` of them until they repeat."""
    turns = _ACROSS * BARS + 0 * _UP
    bars = (np.abs(turns - np.floor(turns) - 0.5) < 0.2).astype(np.float64)
    return 1 - bars, -bars


def _wheels(places: tuple[float, ...], up: float, wide: float, high: float) -> _Floats:
    """Tyres (-1) around rims (-0.5)."""
    wheels = sum(_disc(x, up, wide, high) for x in places)
    rims = sum(_disc(x, up, wide * 0.59, high * 0.6) for x in places)
    return 0.5 * np.asarray(rims) - wheels


def _mirrored(drawn: _Drawn) -> _Drawn:
    return drawn[0][:, ::-1], drawn[1][:, ::-1]


def _box(a: float, b: float, low: float, high: float) -> _Floats:
    return _span(_ACROSS, a, b) * _span(_UP, low, high)


def _both(a: float, b: float, low: float, high: float) -> _Floats:
    """A box, and its mirror image on the other side."""
    return _box(a, b, low, high) + _box(1 - b, 1 - a, low, high)


def _disc(x: float, y: float, wide: float, high: float) -> _Floats:
    away = np.hypot((_ACROSS - x) / wide, (_UP - y) / high)
    return np.clip((1 - away) * 8 + 0.5, 0, 1)


def _span(place: _Floats, start: float, end: float) -> _Floats:
    """1 from start to end, 0 elsewhere, with steps that are not quite sharp."""
    return np.clip(np.minimum(place - start, end - place) / 0.02 + 0.5, 0, 1)


DRAWINGS = _drawings()
