"""Surface coordinates: metres along walls and over the ground, as channels a generator may take.

Functions of the label map alone, for one fixed camera: at eye height, level with a straight street.
The walls of a side lie as far from the eye's line as their feet show; from there every pixel has a
place on them. With that, windows and lane marks are a pattern to be read off, not to be invented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect

SURFACE_CHANNELS = 6
SURFACE_SCALE = 127.0

# The camera: metres above the road, radians down, focal length in picture widths.
EYE_HEIGHT, PITCH, FOCAL = 1.35, 0.0395, 1.0139
# What repeats, in metres: bays and storeys of houses, the height of the ground floor above the
# pavement, lanes, and dashes along them.
BAY, STOREY, GROUND_FLOOR, PAVEMENT = 3.0, 3.2, 3.6, 0.1
FOOT = 0.125  # metres above the road at which a wall is seen to end
LANE, DASH = 3.0, 9.0

_NEAREST, _FARTHEST, _USUAL = 2.0, 40.0, 8.0  # metres from the eye's line to the walls of a side
_CENTRE = 0.03  # share of the width beside the vanishing point that tells nothing of a wall
_SEEN = 0.85  # of the columns that show a foot, near ones counting more, show one no nearer
_STEPS = 64  # distances told apart between one and twice as far: edits seldom move them
_FINEST = 0.006  # period, as a share of the width, that is shown at half its strength
_BAND = 32  # rows worked on at once, so that they stay in the processor's cache
_ROWS = 512  # that a picture is thinned to when feet are looked for

_SINE = np.rint(np.sin(np.arange(256) * (2 * np.pi / 256)) * SURFACE_SCALE).astype(np.float32)

Distances = tuple[float, float]
_Floats = NDArray[np.floating]  # float32 all of them; what numpy promises is less


@dataclass(frozen=True, slots=True)
class SurfaceLabels:
    """Which labels lie on the ground and which stand up as walls."""

    ground: tuple[int, ...] = ()
    walls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rays:
    """Directions of a rectangle's pixels: right (w,), and per row up (h, 1) and ahead (h, 1)."""

    right: _Floats
    up: _Floats
    ahead: _Floats


@dataclass(frozen=True, slots=True)
class Surface:
    """The walls and the ground of one scene.

    Attributes:
        size: (height, width) of its picture.
        labels: what is wall and what is ground.
        distances: of `wall_distances`.
    """

    size: tuple[int, int]
    labels: SurfaceLabels
    distances: Distances

    def part(self, rect: Rect, labels: NDArray[np.integer]) -> NDArray[np.int8]:
        """The channels of a rectangle whose label map is (h, w), see `surface_part`."""
        return surface_part(rect, self.size, labels, self.distances, self.labels)


def find_surface(labels: NDArray[np.integer], known: SurfaceLabels) -> Surface:
    """The walls and the ground of a whole (H, W) label map."""
    height, width = labels.shape
    return Surface((height, width), known, wall_distances(labels, known))


def surface_coordinates(labels: NDArray[np.integer], known: SurfaceLabels) -> NDArray[np.int8]:
    """The channels of a whole (H, W) label map."""
    height, width = labels.shape
    return find_surface(labels, known).part(Rect(0, 0, width, height), labels)


def wall_distances(labels: NDArray[np.integer], surface: SurfaceLabels) -> Distances:
    """Metres from the eye's line to the walls on the left and on the right, of a (H, W) map."""
    height, width = labels.shape
    step = max(1, height // _ROWS)
    rays = _rays(Rect(0, 0, width, height), (height, width), step)
    below = rays.up[:, 0] < 0
    shown = labels[::step, ::step][below]
    wall, ground = _member(shown, surface.walls), _member(shown, surface.ground)
    beside = np.abs(rays.right) * FOCAL > _CENTRE
    # A foot between two rows: seen where no thing stands before it.
    foot = wall[:-1] & ground[1:] & beside
    edges = (rays.up[below][:-1] + rays.up[below][1:]) / 2
    slopes = np.where(foot, -edges / np.maximum(np.abs(rays.right), 1e-6), 0).max(0, initial=0)
    left, right = rays.right < 0, rays.right > 0
    return _distance(slopes[left], rays.right[left]), _distance(slopes[right], rays.right[right])


def surface_part(
    rect: Rect,
    size: tuple[int, int],
    labels: NDArray[np.integer],
    distances: Distances,
    surface: SurfaceLabels,
) -> NDArray[np.int8]:
    """The channels of a rectangle, (6, h, w) int8; divided by `SURFACE_SCALE` all is in [-1, 1].

    rect: where in the picture of `size` (height, width); labels: (h, w) of it; distances: of
    `wall_distances`. Channels: sine and cosine of the place along (walls: along the street in bays;
    ground: across it in lanes), sine and cosine of the place up (walls: in storeys; ground: ahead
    in dashes), height or sideways place, and distance ahead, both saturating. 0 where a label is
    neither ground nor wall.
    """
    channels = np.zeros((SURFACE_CHANNELS, *labels.shape), np.int8)
    for start in range(0, rect.height, _BAND):
        band = slice(start, min(start + _BAND, rect.height))
        there = Rect(rect.x0, rect.y0 + band.start, rect.x1, rect.y0 + band.stop)
        _fill(channels[:, band], there, size, labels[band], distances, surface)
    return channels


def _fill(
    channels: NDArray[np.int8],
    rect: Rect,
    size: tuple[int, int],
    labels: NDArray[np.integer],
    distances: Distances,
    surface: SurfaceLabels,
) -> None:
    """Writes the channels of a rectangle, which are all 0 before."""
    rays = _rays(rect, size, 1)
    focal, finest = np.float32(FOCAL * size[1]), np.float32(_FINEST * size[1])
    wall, ground = _member(labels, surface.walls), _member(labels, surface.ground)
    if wall.any():
        side = np.where(rays.right > 0, *(np.float32(d) for d in distances[::-1]))
        away = side / np.maximum(np.abs(rays.right), 1e-4)
        _put_walls(channels, wall, rays, away.astype(np.float32), focal, finest)
    below = rays.up[:, 0] < -0.004
    if ground[below].any():
        lower = _Rays(rays.right, rays.up[below], rays.ahead[below])
        _put_ground(channels[:, below.argmax() :], ground[below], lower, focal, finest)


def _member(labels: NDArray[np.integer], members: tuple[int, ...]) -> NDArray[np.bool_]:
    table = np.zeros(256, bool)
    table[list(members)] = True
    return table[labels]


def _distance(slopes: _Floats, right: _Floats) -> float:
    """From how steeply the eye looks down at the feet of a side's walls; one slope a column.

    Near feet tell more: a pixel is a smaller part of how low they lie.
    """
    order = np.argsort(slopes)
    trust = np.cumsum(np.where(slopes > 0, np.square(right), 0)[order])
    if not trust.size or not trust[-1]:
        return _USUAL
    seen = slopes[order[np.searchsorted(trust, _SEEN * trust[-1])]]
    distance = (EYE_HEIGHT - FOOT) / float(seen)
    octaves = np.log2(np.clip(distance, _NEAREST, _FARTHEST))
    return float(2 ** (np.rint(octaves * _STEPS) / _STEPS))


def _rays(rect: Rect, size: tuple[int, int], step: int) -> _Rays:
    focal = FOCAL * size[1]
    rows = np.arange(rect.y0, rect.y1, step, dtype=np.float32)[:, None]
    columns = np.arange(rect.x0, rect.x1, step, dtype=np.float32)
    up = (size[0] / 2 - rows - 0.5) / focal
    right = (columns + 0.5 - size[1] / 2) / focal
    sine, cosine = np.float32(np.sin(PITCH)), np.float32(np.cos(PITCH))
    return _Rays(right, up * cosine - sine, up * sine + cosine)


def _put_walls(
    channels: NDArray[np.int8],
    wall: NDArray[np.bool_],
    rays: _Rays,
    away: _Floats,
    focal: np.float32,
    finest: np.float32,
) -> None:
    ahead, height = rays.ahead * away, rays.up * away + np.float32(EYE_HEIGHT - PAVEMENT)
    # A bay's width shrinks with the square of the distance, a storey's height with the distance.
    bay, storey = BAY * focal * np.abs(rays.right) / away, STOREY * focal / away
    _put_waves(channels[0:2], wall, ahead / np.float32(BAY), bay / (bay + finest))
    storeys = (height - np.float32(GROUND_FLOOR)) / np.float32(STOREY)
    _put_waves(channels[2:4], wall, storeys, storey / (storey + finest))
    _put(channels[4], wall, height / (np.abs(height) + 8))
    _put(channels[5], wall, ahead / (ahead + 20))


def _put_ground(
    channels: NDArray[np.int8],
    ground: NDArray[np.bool_],
    rays: _Rays,
    focal: np.float32,
    finest: np.float32,
) -> None:
    away = np.float32(EYE_HEIGHT) / -rays.up
    sideways, ahead = rays.right * away, rays.ahead * away
    lane, dash = LANE * focal / away, DASH * focal * EYE_HEIGHT / (away * away)
    _put_waves(channels[0:2], ground, sideways / np.float32(LANE), lane / (lane + finest))
    dashes = np.broadcast_to(ahead / np.float32(DASH), ground.shape)
    _put_waves(channels[2:4], ground, dashes, dash / (dash + finest))
    _put(channels[4], ground, sideways / (np.abs(sideways) + 4))
    _put(channels[5], ground, np.broadcast_to(ahead / (ahead + 20), ground.shape))


def _put_waves(
    channels: NDArray[np.int8], chosen: NDArray[np.bool_], turns: _Floats, strength: _Floats
) -> None:
    """Sine and cosine of whole turns, weaker where they become too fine to be seen."""
    phase = (turns * np.float32(256)).astype(np.int32)
    for channel, shift in zip(channels, (0, 64), strict=True):
        wave = _SINE[(phase + shift) & 255]
        wave *= strength
        np.copyto(channel, np.rint(wave).astype(np.int8), where=chosen)


def _put(channel: NDArray[np.int8], chosen: NDArray[np.bool_], value: _Floats) -> None:
    levels = np.rint(value * np.float32(SURFACE_SCALE)).astype(np.int8)
    np.copyto(channel, levels, where=chosen)
