"""Surface coordinates: metres along walls and over the ground, as channels a generator may take.

Functions of the maps alone, for one fixed camera: at eye height, level with a straight street.
The walls of a side lie as far from the eye's line as their feet show; from there every pixel has a
place on them. With that, windows and lane marks are a pattern to be read off, not to be invented;
two of the channels draw what stands at such a place of most streets. On things the channels are
those of `model.scene.things`, which take the boxes of instances; in the sky they hold
`model.scene.clouds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.scene.clouds import clouds
from model.scene.figures import Figures, placed_by
from model.scene.geometry import Rect
from model.scene.kerbs import Kerbs, find_kerbs
from model.scene.pieces import Pieces, Placed, find_pieces, needed, with_pieces
from model.scene.rays import rays_of
from model.scene.reference import REFERENCE_SCALE, quantized
from model.scene.street_grid import (
    BAY,
    BRICK,
    BRICK_STRENGTH,
    BULGE,
    BULGE_PERIOD,
    DASH,
    DASHED,
    EDGE_LINE,
    EYE_HEIGHT,
    FOCAL,
    FRONT,
    GRAIN,
    GROUND_FLOOR,
    JOINTS,
    LANE,
    LEAVES_SIDE,
    LOWEST,
    MARK,
    PAVEMENT,
    SHORT_DASH,
    SLAB,
    SLAB_HEIGHT,
    SLAB_JOINT,
    STONE_ACROSS,
    STONE_ALONG,
    STONE_JOINT,
    STONE_STRENGTH,
    STOREY,
    STREET_END,
    covered,
    front_row,
    leaf_places,
    leaves_noise,
)
from model.scene.surface_labels import SurfaceLabels, member
from model.scene.things import faces_of, put_things, usual_lengths, with_parts
from model.scene.trunks import NOTHING, Trunks, find_trunks
from model.scene.walls import Walls, find_walls

SURFACE_CHANNELS = 8

EYE_OVER_PAVEMENT = EYE_HEIGHT - PAVEMENT
_FINEST = 0.006  # period, as a share of the width, that is shown at half its strength
FEWEST = 2.5  # pixels of a stone or brick that are no pattern: twice as many show all
_BAND = 32  # rows worked on at once, so that they stay in the processor's cache

SINE = np.rint(np.sin(np.arange(256) * (2 * np.pi / 256)) * REFERENCE_SCALE).astype(np.float32)

_Floats = NDArray[np.floating]  # float32 all of them; what numpy promises is less


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What is the same all along a column (w,) or a row (h, 1) of a rectangle, float32.

    Attributes:
        right, up, ahead: directions of the pixels.
        away: metres that a column's wall is away; across: bool, whether it runs across the street;
        eye: how high the eye is over its foot; bay, storey: how strong its waves are.
        beds, heads: how strong joints of its bricks are, between rows and within them; heads are 0
            where beds are.
        low: rows below the horizon, bool; over: metres down to the ground; lane: as `bay`.
        metres: ahead to the ground; dashes: int8 sine and cosine along it; far: its channel of
            distance.
        pixel, deep: metres of the ground that a pixel is wide, and that it reaches ahead.
        dash, short: shares of a row that dashed lines cover, long ones and those at the edges.
        leaf_rows, leaf_columns: (h,) and (w,), where in `leaves_noise`.
        sky: (h, w) int8 of `clouds`, 0 below the horizon.
    """

    right: _Floats
    away: _Floats
    across: NDArray[np.bool_]
    eye: _Floats
    bay: _Floats
    storey: _Floats
    beds: _Floats
    heads: _Floats
    up: _Floats
    ahead: _Floats
    low: NDArray[np.bool_]
    over: _Floats
    lane: _Floats
    metres: _Floats
    dashes: tuple[NDArray[np.int8], NDArray[np.int8]]
    far: NDArray[np.int8]
    pixel: _Floats
    deep: _Floats
    dash: _Floats
    short: _Floats
    leaf_rows: NDArray[np.integer]
    leaf_columns: NDArray[np.integer]
    sky: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Surface:
    """The walls and the ground of one scene.

    Attributes:
        size: (height, width) of its picture.
        labels: what is wall and what is ground.
        walls: how far they are.
        pieces: its lights, fences and signs.
        trunks: of its trees.
        kerbs: of its pavements.
        figures: what the shapes of its things tell.
    """

    size: tuple[int, int]
    labels: SurfaceLabels
    walls: Walls
    pieces: Pieces | None = None
    trunks: Trunks | None = None
    kerbs: Kerbs | None = None
    figures: Figures = field(default_factory=dict)

    def placed(
        self, index: NDArray[np.int32], ids: NDArray[np.integer], boxes: NDArray[np.int32]
    ) -> Placed:
        """Instances `ids` (n,) of a rectangle, with boxes (n, 4), as things."""
        return placed_by(self.figures, index, ids, boxes)

    def apart[Number: np.integer](self, rect: Rect, labels: NDArray[Number]) -> NDArray[Number]:
        """A rectangle's labels with trunks and kerbs apart, which have no channels."""
        for found in (self.trunks, self.kerbs):
            if found is not None:
                labels = found.left_out(rect, labels, self.labels)
        return labels

    def shown[Number: np.integer](
        self, labels: NDArray[Number], apart: NDArray[Number], channels: NDArray[np.int8]
    ) -> NDArray[Number]:
        """A rectangle's labels as a generator is shown them, with all parts.

        apart: the same, of `apart`. channels: (R, h, w), the last of them those of the rectangle's
        surface.
        """
        if self.trunks is not None and not self.labels.trunks:
            apart = np.where(apart == NOTHING, labels, apart)
        return with_parts(apart, channels, self.labels)


def find_surface(
    labels: NDArray[np.integer],
    known: SurfaceLabels,
    walls: Walls | None = None,
    figures: Figures | None = None,
) -> Surface:
    """The walls and the ground of a whole (H, W) label map; walls: how far, if that is known.

    figures: of `find_figures`.
    """
    height, width = labels.shape
    return Surface(
        (height, width),
        known,
        find_walls(labels, known) if walls is None else walls,
        find_pieces(labels, known),
        find_trunks(labels, known.trees),
        find_kerbs(labels, known),
        figures or {},
    )


def surface_of[Number: np.integer](
    labels: NDArray[Number],
    known: SurfaceLabels,
    walls: Walls | None = None,
    placed: Placed | None = None,
) -> tuple[NDArray[np.int8], NDArray[Number]]:
    """The channels of a whole (H, W) label map, see `surface_part`, and what of it is shown.

    walls: how far they are, if that is known; placed: instances, of which pieces are told apart
    here. Raises ValueError where `known` names things and `placed` is missing.
    """
    surface, (height, width) = find_surface(labels, known, walls), labels.shape
    whole = Rect(0, 0, width, height)
    if placed is not None:
        placed = with_pieces(labels, placed, known)
    apart = surface.apart(whole, labels)
    channels = surface_part(whole, labels.shape, apart, surface.walls, known, placed)
    return channels, surface.shown(labels, apart, channels)


def surface_coordinates(
    labels: NDArray[np.integer],
    known: SurfaceLabels,
    walls: Walls | None = None,
    placed: Placed | None = None,
) -> NDArray[np.int8]:
    """The channels of `surface_of` alone."""
    return surface_of(labels, known, walls, placed)[0]


def surface_part(
    rect: Rect,
    size: tuple[int, int],
    labels: NDArray[np.integer],
    walls: Walls,
    surface: SurfaceLabels,
    placed: Placed | None = None,
) -> NDArray[np.int8]:
    """The channels of a rectangle, (8, h, w) int8; divided by `REFERENCE_SCALE` all is in [-1, 1].

    rect: where in the picture of `size` (height, width); labels: (h, w) of it, trunks and kerbs
    apart (see `Surface.apart`); walls: of `find_walls`; placed: needed where `surface` knows
    things. Channels of walls and ground:
    sine and cosine of the place along (walls: along the street in bays; ground: across it in
    lanes), sine and cosine of the place up (walls: in storeys; ground: ahead in dashes), height or
    sideways place, and distance ahead, both saturating; what usually stands there, between -1 and 1
    (walls: openings, or boards, which are negative, and stone around them, or joints of bricks,
    which are negative; ground: dashed lines between lanes, or joints of stones, which are negative,
    and lines at the edges of lanes, or grain, which is negative; slabs: their joints, negative).
    Foliage has noise, fine and coarse, in the last two, the sky clouds in the last but one; things
    have those of `put_things`. 0 where a label is none of these.
    """
    channels = np.zeros((SURFACE_CHANNELS, *labels.shape), np.int8)
    things = None
    if surface.things:
        index, boxes, shapes = needed(placed)
        lengths = usual_lengths(labels, index, len(boxes), surface)
        things = index, faces_of(boxes, size, shapes, lengths)
    for start in range(0, rect.height, _BAND):
        band = slice(start, min(start + _BAND, rect.height))
        there = Rect(rect.x0, rect.y0 + band.start, rect.x1, rect.y0 + band.stop)
        part, shown, lines = channels[:, band], labels[band], lines_of(there, size, walls)
        _fill(part, lines, shown, surface)
        if things is not None:
            index, faces = things
            put_things(part, (lines.right, lines.up), shown, index[band], faces, surface)
    return channels


def lines_of(rect: Rect, size: tuple[int, int], walls: Walls) -> Lines:
    """What the channels of a rectangle take of its columns and rows alone; see `surface_part`."""
    rays = rays_of(rect, size)
    focal, finest = np.float32(FOCAL * size[1]), np.float32(_FINEST * size[1])
    side = np.where(rays.right > 0, np.float32(walls.right), np.float32(walls.left))
    along = (side / np.maximum(np.abs(rays.right), 1e-4)).astype(np.float32)
    ahead, larger = np.float32(min(walls.ahead, STREET_END)), np.float32(walls.scale)
    across = along > ahead
    away = np.where(across, ahead * larger, along)
    eye = np.where(across, larger, np.float32(1)) * np.float32(EYE_OVER_PAVEMENT)
    # A storey's height shrinks with the distance, a bay's width along the street with its square.
    storey, slant = STOREY * focal / away, np.where(across, np.float32(1), np.abs(rays.right))
    bay = BAY * focal * slant / away
    beds = _shown(storey * np.float32(BRICK[1] / STOREY))
    heads = _shown(bay * np.float32(BRICK[0] / BAY))
    over = np.float32(EYE_HEIGHT) / np.maximum(-rays.up, np.float32(LOWEST))
    lane, dash = LANE * focal / over, DASH * focal * EYE_HEIGHT / (over * over)
    ahead = rays.ahead * over
    sky = np.zeros((rect.height, rect.width), np.int8)
    field = clouds(size)[rect.y0 : rect.y1, rect.x0 : rect.x1]
    sky[: len(field)] = field
    leaf_rows, leaf_columns = (
        leaf_places(start, end, size[1]) for start, end in ((rect.y0, rect.y1), (rect.x0, rect.x1))
    )
    return Lines(
        right=rays.right,
        away=away,
        across=across,
        eye=eye,
        bay=bay / (bay + finest),
        storey=storey / (storey + finest),
        beds=beds,
        heads=np.where(beds > 0, heads, np.float32(0)),
        up=rays.up,
        ahead=rays.ahead,
        low=rays.up < -LOWEST,
        over=over,
        lane=lane / (lane + finest),
        metres=ahead,
        dashes=_waves(_phase(ahead / np.float32(DASH)), dash / (dash + finest)),
        far=quantized(ahead / (ahead + 20)),
        pixel=LANE / lane,
        deep=DASH / dash,
        dash=covered(ahead, DASH * DASHED / 2, DASH, DASH * DASHED, DASH / dash),
        short=covered(ahead, SHORT_DASH / 4, SHORT_DASH, SHORT_DASH / 2, DASH / dash),
        leaf_rows=leaf_rows,
        leaf_columns=leaf_columns,
        sky=sky,
    )


def _fill(
    channels: NDArray[np.int8], lines: Lines, labels: NDArray[np.integer], surface: SurfaceLabels
) -> None:
    """Writes the channels of a rectangle, which are all 0 before."""
    wall, foliage = member(labels, surface.walls), member(labels, surface.foliage)
    ground = member(labels, surface.ground) & lines.low
    if wall.any():
        _put(channels, wall, _wall_channels(lines))
    if ground.any():
        slabs = member(labels, surface.slabs)
        _put(channels, ground, _ground_channels(lines, slabs))
    if foliage.any():
        _put(channels[6:8], foliage, _leaves(lines))
    np.copyto(channels[6], lines.sky, where=member(labels, surface.sky))


def _leaves(lines: Lines) -> list[NDArray[np.int8]]:
    """Noise that lies still in the picture: leaves and grain have no place a map could tell."""
    places = np.ix_(lines.leaf_rows, lines.leaf_columns)
    return [noise[places] for noise in leaves_noise()]


def _wall_channels(lines: Lines) -> Iterator[NDArray[np.int8]]:
    ahead, height = lines.ahead * lines.away, lines.up * lines.away + lines.eye
    along = np.where(lines.across, lines.right * lines.away, ahead)
    across = _phase(along / np.float32(BAY))
    yield from _waves(across, lines.bay)
    up = _phase((height - np.float32(GROUND_FLOOR)) / np.float32(STOREY))
    yield from _waves(up, lines.storey)
    yield quantized(height / (np.abs(height) + 8))
    yield quantized(ahead / (ahead + 20))
    places = front_row(up) * 256 + (across & 255)
    openings, stone = (drawn[places] * (lines.bay * lines.storey) for drawn in FRONT)
    yield quantized(openings)
    beds, heads = JOINTS
    joints = np.maximum(beds[places] * lines.beds, heads[places] * lines.heads)
    yield quantized(stone - joints * np.float32(BRICK_STRENGTH))


def _ground_channels(lines: Lines, slabs: NDArray[np.bool_]) -> Iterator[NDArray[np.int8]]:
    sideways = lines.right * lines.over
    yield from _waves(_phase(sideways / np.float32(LANE)), lines.lane)
    yield from lines.dashes
    yield quantized(sideways / (np.abs(sideways) + 4))
    yield lines.far
    # Lines between lanes and at their edges; the eye is in the middle of a lane.
    beside = np.abs(sideways)
    dashed = covered(beside, LANE / 2, LANE, MARK, lines.pixel) * lines.dash
    stones = _stone_joints(sideways, lines) * (1 - dashed)
    yield quantized(np.where(slabs, -_slab_joints(sideways, lines), dashed - stones))
    edge = covered(beside, LANE / 2 - EDGE_LINE, LANE, MARK, lines.pixel)
    lined = edge * (1 + lines.short) / 2
    yield quantized(np.where(slabs, np.float32(0), lined - _grain(lines) * (1 - lined)))


def _grain(lines: Lines) -> _Floats:
    """Of the road, in [0, 1]: the noise of leaves seen at a slant, weaker farther away."""
    noise = leaves_noise()[0][np.ix_(lines.leaf_rows * 2 % LEAVES_SIDE, lines.leaf_columns)]
    grain = np.maximum(noise, 0) * np.float32(GRAIN / REFERENCE_SCALE)
    return grain * (1 - lines.far / np.float32(REFERENCE_SCALE))


def _stone_joints(sideways: _Floats, lines: Lines) -> _Floats:
    """Joints of the road's stones in [0, 1], weaker where stones become too fine to be seen."""
    turns = sideways / np.float32(BULGE_PERIOD)
    bulge = np.abs(turns - np.floor(turns) - np.float32(0.5)) * np.float32(BULGE)
    line = np.floor(sideways / np.float32(STONE_ACROSS))
    odd = line - 2 * np.floor(line / 2)
    along = lines.metres + bulge + odd * np.float32(STONE_ALONG / 2)
    joints = _joints(sideways, STONE_ACROSS, along, STONE_ALONG, STONE_JOINT, lines)
    return joints * np.float32(STONE_STRENGTH)


def _slab_joints(sideways: _Floats, lines: Lines) -> _Floats:
    raised = np.float32(1 - SLAB_HEIGHT / EYE_HEIGHT)
    sideways, metres = sideways * raised, lines.metres * raised
    line = np.floor(metres / np.float32(SLAB))
    odd = line - 2 * np.floor(line / 2)
    across = sideways + odd * np.float32(SLAB / 2)
    return _joints(across, SLAB, metres, SLAB, SLAB_JOINT, lines)


def _joints(
    across: _Floats, wide: float, along: _Floats, long: float, joint: float, lines: Lines
) -> _Floats:
    """Joints between stones so wide and long, at these places in metres."""
    sides = covered(across, 0, wide, joint, lines.pixel) * _told_apart(wide, lines.pixel)
    ends = covered(along, 0, long, joint, lines.deep) * _told_apart(long, lines.deep)
    return np.maximum(sides, ends)


def _shown(pixels: _Floats) -> _Floats:
    """`_told_apart`, of joints that are so many pixels apart."""
    seen = np.clip(pixels / np.float32(FEWEST) - 1, 0, 1)
    return pixels / (pixels + 4) * seen


def _told_apart(period: float, pixel: _Floats) -> _Floats:
    """How strong joints are by the pixels between them: none where they would make moire."""
    seen = np.clip(period / (np.float32(FEWEST) * pixel) - 1, 0, 1)
    return period / (period + 4 * pixel) * seen


def _phase(turns: _Floats) -> NDArray[np.int32]:
    """In 256ths of a turn."""
    return np.floor(turns * np.float32(256)).astype(np.int32)


def _waves(
    phase: NDArray[np.int32], strength: _Floats
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Sine and cosine of 256ths of a turn, weaker where they become too fine to be seen."""
    sine, cosine = (np.rint(SINE[(phase + shift) & 255] * strength) for shift in (0, 64))
    return sine.astype(np.int8), cosine.astype(np.int8)


def _put(
    channels: NDArray[np.int8], chosen: NDArray[np.bool_], values: Iterable[NDArray[np.int8]]
) -> None:
    for channel, value in zip(channels, values, strict=True):
        np.copyto(channel, value, where=chosen)
