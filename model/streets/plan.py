"""The plain data of a street: its axis, cross-section, crossings and everything placed on it.

Along the street runs s (metres), across it t (metres, positive to the right). Sides are +1 for
right and -1 for left. A plan holds no meshes, colours or materials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.streets.footprints import Box

SIDES = (1, -1)
START, END = -18.0, 290.0
BEND_LENGTH = 160.0
KERB_HEIGHT = 0.13
TRACK_OFFSET = 1.55


@dataclass(frozen=True)
class Axis:
    """Straight, then an arc of BEND_LENGTH metres, then straight again; curvature in 1/m."""

    curvature: float
    bend_start: float

    def heading(self, s: ArrayLike) -> NDArray[np.float64]:
        """Yaw from world +y, clockwise positive, in radians."""
        return self.curvature * np.clip(np.asarray(s, float) - self.bend_start, 0, BEND_LENGTH)

    def points(self, s: ArrayLike, t: ArrayLike, z: ArrayLike = 0.0) -> NDArray[np.float64]:
        """World points (..., 3) of street coordinates."""
        along, across, height = np.broadcast_arrays(
            np.asarray(s, float), np.asarray(t, float), np.asarray(z, float)
        )
        yaw = self.heading(along)
        arc = np.clip(along - self.bend_start, 0, BEND_LENGTH)
        # sinc keeps the arc exact for a curvature of zero.
        half = self.curvature * arc / 2
        chord = arc * np.sinc(half / np.pi)
        before = np.minimum(along, self.bend_start)
        after = np.maximum(along - self.bend_start - BEND_LENGTH, 0)
        x = chord * np.sin(half) + after * np.sin(yaw) + across * np.cos(yaw)
        y = before + chord * np.cos(half) + after * np.cos(yaw) - across * np.sin(yaw)
        return np.stack([x, y, height], -1)


@dataclass(frozen=True)
class CrossSection:
    """Widths in metres; mappings are by side. From the axis outwards: half the median, lanes,
    parking, kerb, verge, pavement, plots."""

    lane_width: float
    lanes: Mapping[int, int]
    median: float
    tram: bool
    parking: Mapping[int, float]
    marked_parking: Mapping[int, bool]
    verge: Mapping[int, float]
    pavement: Mapping[int, float]

    def lane(self, side: int, index: int) -> float:
        """t of a lane's middle, counted from the axis outwards."""
        return side * (self.median / 2 + (index + 0.5) * self.lane_width)

    @property
    def own_track(self) -> bool:
        """Whether trams run on the median instead of in the lanes."""
        return self.tram and self.median > 0

    def track(self, side: int) -> float:
        """t of the middle of a side's tram track."""
        return side * (TRACK_OFFSET if self.own_track else self.lane_width / 2)

    def edge(self, side: int) -> float:
        """|t| of the outer edge of the outermost lane."""
        return self.median / 2 + self.lanes[side] * self.lane_width

    def kerb(self, side: int) -> float:
        """|t| of the kerb."""
        return self.edge(side) + self.parking[side]

    def front(self, side: int) -> float:
        """|t| of the line between pavement and plots."""
        return self.kerb(side) + self.verge[side] + self.pavement[side]


@dataclass(frozen=True)
class Crossing:
    """A side street at s, `width` wide, on one or both sides."""

    s: float
    width: float
    sides: tuple[int, ...]
    zebra: bool
    zebra_behind: bool
    striped: bool
    signal: str | None

    @property
    def near(self) -> float:
        return self.s - self.width / 2

    @property
    def far(self) -> float:
        return self.s + self.width / 2


@dataclass(frozen=True)
class Item:
    """One placed object: what it is, where its origin lies (world, metres), where it heads, and
    what its asset needs to know. `index` opens the object's own random stream; `box` is the ground
    it takes up, None where nothing can get in its way."""

    kind: str
    position: tuple[float, float, float]
    yaw: float
    index: int
    box: Box | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """Something built along a line of ground points: wall, fence, hedge, guard rail."""

    kind: str
    points: tuple[tuple[float, float, float], ...]
    index: int
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StreetPlan:
    """Everything about a scene that its style does not decide."""

    seed: int
    kind: str
    axis: Axis
    section: CrossSection
    crossings: tuple[Crossing, ...]
    gardens: bool
    items: tuple[Item, ...]
    lines: tuple[Line, ...]
    own_lane: int
    modular: bool = False

    @property
    def boxes(self) -> list[Box]:
        """The ground that all objects take up; no two overlap."""
        return [item.box for item in self.items if item.box is not None]

    def blocks(self, side: int) -> list[tuple[float, float]]:
        """Stretches (start, end) of one side between its side streets, longer than 2 m."""
        return blocks(self.crossings, side)


def blocks(crossings: tuple[Crossing, ...], side: int) -> list[tuple[float, float]]:
    """Stretches (start, end) of one side between side streets, longer than 2 m."""
    edges = [START]
    for crossing in crossings:
        if side in crossing.sides:
            edges += [crossing.near, crossing.far]
    edges.append(END)
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pairs if end - start > 2]
