"""Shapes of passenger cars: measures per body type and the surface they span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.streets.mesh import Array

# Where the paint shader draws the door joints, in the car coordinates it expects.
_DRAWN_DOORS = (0.55, -0.42, -1.25)
_ARCH_STEPS = np.array([-1.0, -0.97, -0.87, -0.64, -0.34, 0.0, 0.34, 0.64, 0.87, 0.97, 1.0])
ROWS, WINDOW_ROW, RAIL_ROW = 10, 5, 6


@dataclass(frozen=True)
class CarBody:
    """Measures of one body type in metres; positions along the car are fractions of its length
    from the middle, front positive."""

    length: float
    width: float
    height: float
    belt: float
    hood: float
    tail: float
    wheel: float
    nose: float
    windscreen: float
    roof_front: float
    roof_rear: float
    rear_glass: float
    axles: tuple[float, float]
    pillars: tuple[float, ...]
    doors: tuple[float, float, float]
    tall_lamps: bool = False
    cladding: bool = False
    open_bed: bool = False


BODIES: Mapping[str, CarBody] = {
    "city": CarBody(
        *(3.58, 1.66, 1.50, 0.95, 0.90, 1.00, 0.29),
        *(0.45, 0.31, 0.12, -0.37, -0.465),
        (0.335, -0.335),
        (-0.10, -0.36),
        (0.20, -0.13, -0.60),
        True,
    ),
    "hatch": CarBody(
        *(4.10, 1.76, 1.47, 0.97, 0.86, 1.00, 0.32),
        *(0.44, 0.24, 0.04, -0.34, -0.46),
        (0.315, -0.315),
        (-0.08, -0.27, -0.36),
        (0.17, -0.09, -0.27),
        True,
    ),
    "sedan": CarBody(
        *(4.75, 1.84, 1.45, 0.95, 0.83, 1.03, 0.335),
        *(0.44, 0.22, 0.04, -0.20, -0.37),
        (0.305, -0.295),
        (-0.075, -0.235),
        (0.15, -0.085, -0.25),
    ),
    "coupe": CarBody(
        *(4.45, 1.84, 1.34, 0.91, 0.81, 0.98, 0.345),
        *(0.44, 0.17, -0.02, -0.15, -0.38),
        (0.305, -0.295),
        (-0.17,),
        (0.13, -0.20, -0.62),
    ),
    "estate": CarBody(
        *(4.78, 1.84, 1.49, 0.96, 0.83, 1.02, 0.335),
        *(0.44, 0.23, 0.05, -0.38, -0.47),
        (0.305, -0.295),
        (-0.07, -0.235, -0.41),
        (0.15, -0.085, -0.25),
        True,
    ),
    "suv": CarBody(
        *(4.55, 1.88, 1.68, 1.09, 1.01, 1.10, 0.375),
        *(0.45, 0.26, 0.06, -0.36, -0.46),
        (0.305, -0.30),
        (-0.075, -0.25, -0.38),
        (0.16, -0.09, -0.26),
        True,
        True,
    ),
    "minivan": CarBody(
        *(4.60, 1.85, 1.70, 1.04, 0.95, 1.08, 0.33),
        *(0.45, 0.32, 0.13, -0.39, -0.472),
        (0.315, -0.30),
        (-0.03, -0.22, -0.41),
        (0.20, -0.05, -0.25),
        True,
    ),
    "van": CarBody(
        *(4.95, 1.94, 1.97, 1.14, 1.05, 1.12, 0.34),
        *(0.47, 0.37, 0.20, -0.455, -0.49),
        (0.32, -0.29),
        (0.0, -0.22, -0.45),
        (0.27, 0.02, -0.22),
        True,
    ),
    "pickup": CarBody(
        *(5.20, 1.87, 1.79, 1.09, 1.00, 1.07, 0.385),
        *(0.455, 0.23, 0.07, -0.09, -0.125),
        (0.315, -0.30),
        (-0.0, -0.11),
        (0.16, 0.0, -0.12),
        True,
        True,
        True,
    ),
}


class CarShape:
    """The outer surface of one body as functions of the position along the car."""

    def __init__(self, body: CarBody, detail: bool = True) -> None:
        self.body, self.detail = body, detail
        self.half = body.length / 2
        length = body.length
        self.axles = tuple(fraction * length for fraction in body.axles)
        self.arch = body.wheel * 1.14
        self.wheel_center = body.wheel
        self.top_x, self.top_z = self._roof_line()
        self.stations = self._stations()
        self.rows = self._rows(self.stations)
        self._bend_ends()

    def _roof_line(self) -> tuple[Array, Array]:
        """Height of the centre line: key positions from tail to nose (increasing x)."""
        body, half, length = self.body, self.half, self.body.length
        nose, screen = body.nose * length, body.windscreen * length
        front, rear = body.roof_front * length, body.roof_rear * length
        glass = body.rear_glass * length
        rise = body.height - body.belt
        points = [
            (half, body.hood - 0.12),
            (half - 0.21, body.hood - 0.02),
            (nose - 0.06, body.hood),
            ((nose + screen) / 2, body.hood + (body.belt - body.hood) * 0.60),
            (screen, body.belt + 0.03),
            ((screen + front) / 2, body.belt + rise * 0.60),
            (front + 0.06, body.height - 0.055),
            (front - 0.06, body.height - 0.025),
            (front + (rear - front) * 0.3, body.height),
            (front + (rear - front) * 0.7, body.height - 0.008),
            (rear, body.height - 0.05),
            ((rear + glass) / 2, body.belt + 0.07 + rise * 0.55),
            (glass, max(body.tail, body.belt) + 0.035),
            (glass - 0.04, body.tail + 0.01),
            (-half + 0.05, body.tail - 0.04),
            (-half, body.tail - 0.14),
        ]
        x, z = np.array(sorted(points)).T
        return x, z

    def _stations(self) -> Array:
        """Positions of the cross-sections, from nose to tail; dense where the arches curve."""
        body = self.body
        steps = _ARCH_STEPS if self.detail else _ARCH_STEPS[[0, 2, 5, 8, 10]]
        cuts = [axle + self.arch * steps for axle in self.axles]
        pillars = np.array(body.pillars) * body.length
        edges = [pillars + 0.045, pillars - 0.045]
        ends = np.array([-1, -0.92, 0.92, 1]) * self.half
        screen = np.array([0.45 * body.windscreen + 0.55 * body.roof_front]) * body.length
        wanted = np.unique(np.round(np.concatenate([self.top_x, *cuts, *edges, ends, screen]), 3))
        kept = [wanted[0]]
        for position in wanted[1:-1]:
            if position - kept[-1] > 0.012 and position < self.half - 0.2:
                kept.append(position)
        return np.array([*kept, wanted[-1]])[::-1]

    def _bend_ends(self) -> None:
        """Lay the first and last cross-sections onto the faces that close the body."""
        for index, front in ((0, True), (-1, False)):
            ring = self.rows[index]
            across = ring[:, 1] / self._face_width(ring[:, 2])
            ring[:, 0] = self.face(across, ring[:, 2], front)[:, 0]

    def half_width(self, x: Array) -> Array:
        """Half the width of the body in plan."""
        ratio = np.abs(x) / self.half
        corner = np.clip((ratio - 0.90) / 0.10, 0, 1)
        return self.body.width / 2 * (1 - 0.085 * ratio**3.5 - 0.07 * corner**2)

    def lower_edge(self, x: Array) -> Array:
        """Lower edge of the side: the sill, raised over the wheels."""
        ratio = np.abs(x) / self.half
        edge = 0.21 + 0.05 * np.clip((ratio - 0.86) / 0.14, 0, 1) + 0.25 * (self.body.wheel - 0.32)
        for axle in self.axles:
            inside = np.clip(self.arch**2 - (x - axle) ** 2, 0, None)
            edge = np.maximum(edge, np.where(inside > 0, self.wheel_center + np.sqrt(inside), 0))
        return edge

    def belt_line(self, x: Array, top: Array) -> Array:
        return np.minimum(self.body.belt - 0.02 * x / self.half, top - 0.015)

    def _rows(self, x: Array) -> Array:
        """Half cross-sections (stations, rows, 3), from the sill to the centre of the roof."""
        body = self.body
        top = np.interp(x, self.top_x, self.top_z)
        belt, low, half = self.belt_line(x, top), self.lower_edge(x), self.half_width(x)
        low = np.minimum(low, belt - 0.06)
        cabin = np.clip((top - belt) / (body.height - body.belt), 0, 1)
        flank, upper = belt - low, top - belt
        y = [0.945, 0.975, 1.0, 0.992, 0.962, 0.940]
        section = [half * share for share in y]
        section += [half * (0.905 - 0.125 * cabin), half * (0.82 - 0.115 * cabin), half * 0.42]
        z = [low, low + flank * 0.12, low + flank * 0.52, low + flank * 0.80, belt]
        z += [belt + upper * share for share in (0.07, 0.55, 0.80, 0.985)]
        z[6] = z[6] + upper * 0.33 * cabin
        z[7] = z[7] + upper * 0.165 * cabin
        section.append(half * 0)
        z.append(top)
        return np.stack([np.stack([x, a, b], -1) for a, b in zip(section, z, strict=True)], 1)

    def end_x(self, z: Array, front: bool) -> Array:
        """How far the bumper and the face of the car stand back from its end, metres."""
        low, top = 0.24, self.body.hood if front else self.body.tail
        height = np.clip((z - low) / (top - low), 0, 1)
        back = np.interp(
            height, [0, 0.18, 0.35, 0.5, 0.62, 1.0], [0.07, 0.015, 0, 0.01, 0.035, 0.09]
        )
        return back if front else back * 0.5

    def _face_width(self, z: Array) -> Array:
        end = self.half_width(np.array(self.half))
        return end * np.interp(z, [0.2, 0.5, 1.0], [0.95, 1.0, 0.94])

    def face(self, across: Array, z: Array, front: bool) -> Array:
        """Points on the face of the car; across is the share of its half width, -1..1."""
        sign = 1.0 if front else -1.0
        edge = self._face_width(z)
        corner = (0.085 if front else 0.045) * np.abs(across) ** 3
        x = self.half - self.end_x(z, front) - corner
        return np.stack(np.broadcast_arrays(sign * x, across * edge, z), -1)

    def drawn(self, points: Array) -> Array:
        """Car coordinates as the paint shader expects them: door joints at its fixed places."""
        doors = np.array(self.body.doors) * self.body.length
        x = [-self.half - 0.5, *doors[::-1], self.half + 0.01]
        target = [-2.2 - 0.5, *_DRAWN_DOORS[::-1], 2.2]
        if doors[2] < -self.half:
            x[0], target[0] = doors[2] - 1.0, _DRAWN_DOORS[2] - 0.6
        scale = 0.96 / self.body.belt
        drawn_x = np.interp(points[:, 0], x, target)
        return np.stack([drawn_x, points[:, 1], points[:, 2] * scale], -1)
