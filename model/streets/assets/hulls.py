"""Box-like vehicle bodies (buses, trams, cabs, caravans): rounded hulls with raked ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.streets.assets.cars import BODY, DARK, HEAD_LAMP, TAIL_LAMP
from model.streets.assets.wheels import plate, put_well, put_wheel
from model.streets.materials import Material
from model.streets.mesh import Array, Mesh, Primitive
from model.streets.primitives import both_sides, boxes, cylinder, grid, quads

# (share of the half width, share of the height) from the sill to the middle of the roof.
_SECTION = np.array(
    [
        (0.975, 0.0), (1.0, 0.06), (1.0, 0.36), (1.0, 0.78), (0.985, 0.90),
        (0.945, 0.965), (0.86, 0.995), (0.50, 1.01), (0.0, 1.015),
    ]
)  # fmt: skip
_ROOF_ROW = 5
_ARCH_STEPS = np.array([-1.0, -0.97, -0.87, -0.5, 0.0, 0.5, 0.87, 0.97, 1.0])
FLAT = 9.0


@dataclass(frozen=True)
class Hull:
    """A body `length` x `width`, from `floor` to `height`, its middle at x = `middle`.

    Rakes tell how far the top of each end leans back; wheels are cut out at `axles`.
    """

    length: float
    width: float
    height: float
    floor: float = 0.35
    middle: float = 0.0
    rake_front: float = 0.2
    rake_rear: float = 0.05
    round_ends: float = 0.12
    axles: tuple[float, ...] = ()
    wheel: float = 0.48

    def section_x(self, share: Array, front: bool) -> Array:
        """Where the end stands at a share of the height, in x."""
        rake = self.rake_front if front else self.rake_rear
        lean = rake * np.clip((share - 0.34) / 0.66, 0, 1) ** 1.3
        roof = 0.16 * np.clip((share - 0.93) / 0.085, 0, 1) ** 2
        sign = 1.0 if front else -1.0
        return self.middle + sign * (self.length / 2 - lean - roof - 0.03 * (share < 0.03))

    def face(self, across: Array, share: Array, front: bool) -> Array:
        """Points on an end; across is the share of the half width, -1..1, broadcast."""
        sign = 1.0 if front else -1.0
        half = np.interp(share, _SECTION[:, 1], _SECTION[:, 0]) * self.width / 2 * 0.985
        x = self.section_x(share, front) - sign * self.round_ends * np.abs(across) ** 3
        z = self.floor + share * (self.height - self.floor)
        return np.stack(np.broadcast_arrays(x, across * half, z), -1)

    def patch(
        self, front: bool, across: tuple[float, float], share: tuple[float, float], out: float
    ) -> Primitive:
        """A panel that follows an end of the body, `out` metres in front of it."""
        columns, levels = np.linspace(*across, 7), np.linspace(*share, 5)
        points = self.face(columns[None], levels[:, None], front)
        points[..., 0] += out if front else -out
        return grid(points if front else points[:, ::-1])

    def side(
        self, start: float, end: float, low: float, high: float, out: float = 0.008
    ) -> Primitive:
        """Upright panels on both sides from x = start to end, z = low to high."""
        panels = [self.panel(start, end, low, high, side, out) for side in (1.0, -1.0)]
        return quads(np.concatenate(panels))

    def panel(
        self, start: float, end: float, low: float, high: float, side: float, out: float = 0.008
    ) -> Array:
        """Corners (1, 4, 3) of one panel on the left (+1) or right (-1) side."""
        y = side * (self.width / 2 + out)
        first, last = (end, start) if side > 0 else (start, end)
        return np.array([[[first, y, low], [last, y, low], [last, y, high], [first, y, high]]])

    def z(self, share: float) -> float:
        return self.floor + share * (self.height - self.floor)


def glass(hull: Hull) -> tuple[float, float, float]:
    """What the colour of glass stands for, see Mesh."""
    return 0.0, 0.0, hull.width / 2


def put_hull(mesh: Mesh, hull: Hull, color: tuple[float, float, float] = BODY) -> None:
    """The painted shell with both ends."""
    arch = hull.wheel * 1.14
    ends = np.array([-0.5, 0.5]) * hull.length
    cuts = [axle - hull.middle + arch * _ARCH_STEPS for axle in hull.axles]
    inner = ends * (1 - 2 * (hull.round_ends + 0.06) / hull.length)
    offsets = np.unique(np.round(np.concatenate([ends, inner, *cuts]), 3))[::-1]
    share = np.clip((offsets + hull.length / 2) / hull.length, 0, 1)
    front, rear = hull.section_x(_SECTION[:, 1], True), hull.section_x(_SECTION[:, 1], False)
    bend = np.clip((np.abs(offsets) - inner[1]) / (ends[1] - inner[1]), 0, 1)
    x = rear + share[:, None] * (front - rear)
    x -= (np.sign(offsets) * bend * hull.round_ends)[:, None]
    y = hull.width / 2 * _SECTION[:, 0] * (1 - 0.015 * bend)[:, None]
    z = hull.z(0) + (hull.height - hull.floor) * np.tile(_SECTION[:, 1], (len(offsets), 1))
    for axle in hull.axles:
        inside = np.clip(arch**2 - (x[:, 0] - axle) ** 2, 0, None)
        edge = np.where(inside > 0, hull.wheel + np.sqrt(inside), 0)
        z[:, :3] = np.maximum(z[:, :3], edge[:, None] + np.array([0, 0.01, 0.02]))
    half = np.stack([x, y, z], -1)
    shell = grid(np.concatenate([half, half[:, -2::-1] * [1, -1, 1]], 1))
    # The paint of flat panels is striped along x, as load bodies are; hulls are smooth.
    shell = shell._replace(coordinates=shell.positions * [0.0, 1.0, 1.0])
    mesh.put(shell, Material.CAR_PAINT, 0, color=color, seed=FLAT)
    for is_front in (True, False):
        columns = np.linspace(-1, 1, 9)
        points = hull.face(columns[None], _SECTION[:, 1][:, None], is_front)
        face = grid(points if is_front else points[:, ::-1])
        mesh.put(face, Material.CAR_PAINT, 0, color=color, seed=FLAT)


def put_running_gear(mesh: Mesh, hull: Hull, style: float = 0.3, width: float = 0.3) -> None:
    """Wheels with dark wells behind them, and the dark underside."""
    arch = hull.wheel * 1.15
    for axle in hull.axles:
        for side in (1.0, -1.0):
            outer = hull.width / 2 * 0.985
            put_wheel(mesh, axle, side * outer, hull.wheel, side, width=width, style=style)
            put_well(mesh, axle, side, outer, hull.wheel, arch, depth=0.5)
    under = [hull.length * 0.95, hull.width * 0.72, 0.22]
    low = boxes([hull.middle, 0, hull.floor + 0.03], under)
    mesh.put(low, Material.PAINT, 0, color=(0.008,) * 3, seed=0.9)


def put_lamps(mesh: Mesh, hull: Hull, front: float | None, rear: float | None) -> None:
    """Head and tail lamps; their lower edges are shares of the height, None leaves them out."""
    for side in (1.0, -1.0):
        if front is not None:
            span = (0.66, 0.97) if side > 0 else (-0.97, -0.66)
            lamp = hull.patch(True, span, (front, front + 0.075), 0.012)
            mesh.put(_lamp_coordinates(lamp), Material.LAMP, 0, color=HEAD_LAMP, seed=0.0)
        if rear is not None:
            span = (0.80, 0.97) if side > 0 else (-0.97, -0.80)
            lamp = hull.patch(False, span, (rear, rear + 0.13), 0.012)
            mesh.put(_lamp_coordinates(lamp), Material.LAMP, 0, color=TAIL_LAMP, seed=1.0)


def _lamp_coordinates(panel: Primitive) -> Primitive:
    own = np.ones((5, 7, 3))
    own[..., 0], own[..., 1] = np.linspace(0, 1, 7), np.linspace(0, 1, 5)[:, None]
    return panel._replace(coordinates=own.reshape(-1, 3))


def put_plates(mesh: Mesh, hull: Hull, seed: float, share: float = 0.07) -> None:
    for front in (True, False):
        x, _, z = hull.face(np.array(0.0), np.array(share), front)
        own = plate(np.array([x + (0.02 if front else -0.02), 0, z]), front)
        mesh.put(own, Material.PLATE, 0, color=(0.75, 0.75, 0.72), seed=seed)


def put_mirrors(mesh: Mesh, hull: Hull, share: float = 0.66) -> None:
    """Large mirrors on arms at the front corners."""
    x, z = float(hull.section_x(np.array(share), True)) - 0.02, hull.z(share)
    y = hull.width / 2
    cases = boxes(both_sides(x, y + 0.15, z - 0.12), [0.13, 0.2, 0.42])
    mesh.put(cases, Material.PAINT, 0, color=DARK, seed=0.4)
    for side in (1, -1):
        arm = cylinder(
            [x - 0.05, side * y * 0.97, z + 0.16], [x, side * (y + 0.13), z + 0.1], 0.022, sides=6
        )
        mesh.put(arm, Material.PAINT, 0, color=DARK, seed=0.4)
