"""What is drawn on traffic signs, by their shapes: rims, and marks that stand for all symbols.

As wide as in `model/streets/render/glsl/materials/sign.glsl`, whose unit is the radius of a disc.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.floating]
_Drawn = tuple[_Floats, _Floats]


def sign_drawings(side: int) -> NDArray[np.floating]:
    """(2, 5, side, side) in [0, 1]: second axis from `DISC` to `BOARD`, rows go up.

    The first of two is 1 on rims, the second on what is in the middle.
    """
    across = (np.arange(side) * 2 + 1) / side - 1
    x, y = np.meshgrid(across, across)
    drawn = (_disc(x, y), _triangle(x, y), _diamond(x, y), _square(x, y), _board(x, y))
    return np.array(drawn).swapaxes(0, 1)


def _disc(x: _Floats, y: _Floats) -> _Drawn:
    """A ring, and a bar."""
    return _beyond(np.hypot(x, y), 0.74), _box(x, y, 0.6, 0.18)


def _triangle(x: _Floats, y: _Floats) -> _Drawn:
    """Three sides, and a mark like that of an exclamation."""
    x, y = x * 1.08, y * 0.9375 + 0.3125
    beside = np.maximum(-y, 0.866 * np.abs(x) + 0.5 * y)
    mark = _box(x, y - 0.3, 0.09, 0.3) + _within(np.hypot(x, y + 0.2), 0.11)
    return _beyond(beside, 0.42), mark


def _diamond(x: _Floats, y: _Floats) -> _Drawn:
    """A diamond in a diamond."""
    beside = np.abs(x) + np.abs(y)
    return _beyond(beside, 0.65), _within(beside, 0.65)


def _square(x: _Floats, y: _Floats) -> _Drawn:
    """A thin rim, and a letter: a stem and a bow to its right."""
    bow = np.hypot(x - 0.05, y - 0.27)
    ring = _within(bow, 0.33) * _beyond(bow, 0.13) * _beyond(x, -0.22)
    return _beyond(np.maximum(np.abs(x), np.abs(y)), 0.92), ring + _box(x + 0.22, y, 0.11, 0.6)


def _board(x: _Floats, y: _Floats) -> _Drawn:
    """A thin rim, two lines of text, and at the right an arrow."""
    rim = np.maximum(_beyond(np.abs(x), 0.96), _beyond(np.abs(y), 0.91))
    lines = _box(x + 0.15, np.abs(y) - 0.4, 0.6, 0.25)
    beside = np.abs(x - 0.82)
    head = _within(beside + 0.22 * y, 0.12) * _beyond(y, 0.1)
    return rim, 0.6 * lines + head + _box(beside, y + 0.2, 0.03, 0.3)


def _beyond(value: _Floats, limit: float) -> _Floats:
    """1 where a value is over the limit, with a step that is not quite sharp."""
    return np.clip((value - limit) / 0.06 + 0.5, 0, 1)


def _within(value: _Floats, limit: float) -> _Floats:
    return 1 - _beyond(value, limit)


def _box(x: _Floats, y: _Floats, wide: float, high: float) -> _Floats:
    """1 so far to both sides."""
    return _within(np.abs(x), wide) * _within(np.abs(y), high)
