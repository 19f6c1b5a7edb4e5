"""The ground of a plan as a mesh: road, kerbs, pavements, verges, tracks, painted arrows."""

from __future__ import annotations

import numpy as np

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Mesh, Primitive
from model.streets.plan import END, KERB_HEIGHT, SIDES, START, StreetPlan
from model.streets.primitives import grid, quads

# Regions of the road shader, in the third coordinate.
MAIN_ROAD, SIDE_STREET, PARKING_BAY, TRACK_BED, BALLAST, PAINTED = 0.0, 1.0, 2.0, 3.0, 4.0, 7.0
GUTTER, DRAIN = 5.0, 6.0
STEP = 4.0


def build_ground(mesh: Mesh, plan: StreetPlan) -> None:
    """Adds all ground surfaces of a plan to the mesh; everything here is stuff."""
    _road(mesh, plan)
    if plan.section.median:
        _median(mesh, plan)
    if plan.section.tram:
        _tracks(mesh, plan)
    for side in SIDES:
        for start, end in plan.blocks(side):
            _roadside(mesh, plan, side, start, end)
    _arrows(mesh, plan)
    _horizon(mesh, plan)


def strip(
    mesh: Mesh,
    plan: StreetPlan,
    ends: tuple[float, float],
    across: tuple[float, float],
    heights: tuple[float, float],
    material: Material,
    label: LabelId,
    region: float = 0.0,
) -> None:
    """A band along the street between two offsets; coordinates are (t, s, region)."""
    along = np.linspace(*ends, max(2, int((ends[1] - ends[0]) / STEP) + 1))
    edges = [plan.axis.points(along, t, z) for t, z in zip(across, heights, strict=True)]
    surface = grid(np.stack(edges, 1))
    coordinates = np.empty_like(surface.positions)
    coordinates[:, 0] = np.tile(across, len(along))
    coordinates[:, 1] = np.repeat(along, 2)
    coordinates[:, 2] = region
    mesh.put(surface._replace(coordinates=coordinates), material, label, color=(0.3, 0.3, 0.3))


def _road(mesh: Mesh, plan: StreetPlan) -> None:
    section = plan.section
    across = (-section.kerb(-1), section.kerb(1))
    strip(mesh, plan, (START, END + 12), across, (0, 0), Material.ROAD, LabelId.ROAD, MAIN_ROAD)
    for side in SIDES:
        if section.parking[side] and section.marked_parking[side]:
            bays = (side * section.edge(side), side * section.kerb(side))
            for start, end in plan.blocks(side):
                if end - start > 8:
                    inner = (start + 3, end - 3)
                    road, label = Material.ROAD, LabelId.PARKING
                    strip(mesh, plan, inner, bays, (0.004, 0.004), road, label, PARKING_BAY)
    for crossing in plan.crossings:
        for side in crossing.sides:
            arm = (side * section.kerb(side), side * 120.0)
            ends, low = (crossing.near, crossing.far), (-0.003, -0.003)
            strip(mesh, plan, ends, arm, low, Material.ROAD, LabelId.ROAD, SIDE_STREET)


def _median(mesh: Mesh, plan: StreetPlan) -> None:
    half, green = plan.section.median / 2, plan.section.median > 2.6
    top = 0.016 if plan.section.own_track else 0.14
    material = Material.GRASS if green else Material.SIDEWALK
    label = LabelId.TERRAIN if green else LabelId.SIDEWALK
    for start, end in plan.blocks(1):
        if end - start < 10:
            continue
        ends = (start + 4, end - 4)
        strip(mesh, plan, ends, (-half, half), (top, top), material, label)
        for t in (-half, half):
            strip(mesh, plan, ends, (t, t), (0, top + 0.001), Material.KERB, LabelId.SIDEWALK)


def _tracks(mesh: Mesh, plan: StreetPlan) -> None:
    """Tracks in the lanes are drivable, so they are road; those on the median are rail track."""
    own = plan.section.own_track
    region, label = (BALLAST, LabelId.RAIL_TRACK) if own else (TRACK_BED, LabelId.ROAD)
    ends, level = (START, END), 0.02 if own else 0.0
    for side in SIDES:
        middle = plan.section.track(side)
        bed, low = (middle - 1.35, middle + 1.35) if own else (middle - 1.1, middle + 1.1), 0.006
        z = (level + low, level + low)
        strip(mesh, plan, ends, bed, z, Material.ROAD, label, region)
        for rail in (middle - 0.72, middle + 0.72):
            edges, z = (rail - 0.05, rail + 0.05), (level + 0.012, level + 0.012)
            strip(mesh, plan, ends, edges, z, Material.RAIL, label)


def _roadside(mesh: Mesh, plan: StreetPlan, side: int, start: float, end: float) -> None:
    section, top = plan.section, KERB_HEIGHT
    kerb, front, verge = section.kerb(side), section.front(side), section.verge[side]
    ends, sidewalk = (start, end), LabelId.SIDEWALK

    def band(inner: float, outer: float, z: tuple[float, float], *rest: object) -> None:
        strip(mesh, plan, ends, (side * inner, side * outer), z, *rest)  # type: ignore[arg-type]

    band(kerb, kerb, (0, top), Material.KERB, sidewalk)
    band(kerb, kerb + 0.16, (top, top), Material.KERB, sidewalk)
    band(kerb - 0.28, kerb, (0.003, 0.003), Material.KERB, LabelId.ROAD, GUTTER)
    if verge:
        band(kerb + 0.16, kerb + verge, (0.131, 0.14), Material.GRASS, LabelId.TERRAIN)
    band(kerb + (verge or 0.16), front, (top, top), Material.SIDEWALK, sidewalk)
    plot = _plot_surface(plan)
    band(front, front + 45, (0.125, 0.125), *plot)
    for s in ends:
        corners = plan.axis.points(s, side * np.array([kerb, front, front, kerb]), [0, 0, top, top])
        mesh.put(quads(corners[None]), Material.KERB, sidewalk, color=(0.3, 0.3, 0.3))
    for s in np.arange(start + 6, end - 1, 18.0):
        _drain(mesh, plan, side, float(s))


def _plot_surface(plan: StreetPlan) -> tuple[Material, LabelId]:
    if plan.gardens:
        return Material.GRASS, LabelId.TERRAIN
    return Material.SIDEWALK, LabelId.GROUND


def _drain(mesh: Mesh, plan: StreetPlan, side: int, s: float) -> None:
    kerb = plan.section.kerb(side)
    across = side * np.array([kerb - 0.5, kerb - 0.04, kerb - 0.04, kerb - 0.5])
    corners = plan.axis.points([s, s, s + 0.5, s + 0.5], across, 0.006)
    own = [[0, 0, DRAIN], [0.46, 0, DRAIN], [0.46, 0.5, DRAIN], [0, 0.5, DRAIN]]
    mesh.put(quads(corners[None], [own]), Material.KERB, LabelId.ROAD, color=(0.05, 0.05, 0.05))


def _arrows(mesh: Mesh, plan: StreetPlan) -> None:
    """A painted arrow in each right-hand lane before a crossing with lanes to choose from."""
    section = plan.section
    for number, crossing in enumerate(plan.crossings):
        if section.lanes[1] < 2 and number % 2:
            continue
        for lane in range(section.lanes[1]):
            for back in (12.0, 30.0):
                outer = lane == section.lanes[1] - 1 and 1 in crossing.sides
                _arrow(mesh, plan, crossing.near - back, section.lane(1, lane), turning=outer)


def _arrow(mesh: Mesh, plan: StreetPlan, s: float, t: float, *, turning: bool) -> None:
    shaft = [(0.0, -0.08), (0.0, 0.08), (2.6, 0.08), (2.6, -0.08)]
    head = [(2.6, -0.32), (2.6, 0.32), (4.0, 0.0), (4.0, 0.0)]
    shapes = [shaft, head]
    if turning:
        shapes += [
            [(1.2, 0.08), (1.45, 0.08), (2.05, 0.55), (1.8, 0.55)],
            [(1.5, 0.62), (1.75, 0.42), (2.75, 0.78), (2.75, 0.78)],
        ]
    corners = np.array(shapes)
    points = plan.axis.points(s + corners[..., 0], t + corners[..., 1], 0.008)
    own = np.stack(
        [t + corners[..., 1], s + corners[..., 0], np.full(corners.shape[:2], PAINTED)], -1
    )
    surface: Primitive = quads(points, own)
    flat = surface._replace(normals=np.tile([0.0, 0.0, 1.0], (len(surface.positions), 1)))
    mesh.put(flat, Material.ROAD, LabelId.ROAD)


def _horizon(mesh: Mesh, plan: StreetPlan) -> None:
    z = -0.05
    corners = [[-900, -60, z], [900, -60, z], [900, 1200, z], [-900, 1200, z]]
    material, label = _plot_surface(plan)
    mesh.put(quads([corners]), material, label, color=(0.3, 0.3, 0.3))
