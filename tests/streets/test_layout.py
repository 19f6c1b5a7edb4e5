"""Street plans: plain geometry, no OpenGL."""

from __future__ import annotations

import numpy as np
import pytest

from model.scene.street_grid import (
    BAY,
    BOARD,
    DASH,
    EYE_HEIGHT,
    FOCAL,
    GROUND_FLOOR,
    LANE,
    PITCH,
    STOREY,
)
from model.streets.assets.buildings import Surface, building
from model.streets.camera import BONNET_SHARE, view
from model.streets.dataset import house_distances, signals_shown
from model.streets.footprints import Box, Footprints, overlap
from model.streets.ground import build_ground
from model.streets.instances import InstanceAllocator
from model.streets.labels import LabelId
from model.streets.layout import KINDS, plan_street
from model.streets.markings import CROSSING_LIMIT, LINE_LIMIT, markings
from model.streets.materials import Material
from model.streets.mesh import COLOR, COORDINATES, LABEL, MATERIAL, Mesh, frame
from model.streets.plan import END, START, Axis
from model.streets.street import build_street

PLANS = [plan_street(seed) for seed in range(24)]
EVERY_LABEL = (16, 17, 36, 13, 20)


def sampled(box, count=40):
    """Points of a rectangle on a fine grid: the stupidest description of its area."""
    side = (np.arange(count) + 0.5) / count - 0.5
    along, across = np.meshgrid(side * box.length, side * box.width)
    sine, cosine = np.sin(box.yaw), np.cos(box.yaw)
    x = box.x + along * sine + across * cosine
    y = box.y + along * cosine - across * sine
    return np.stack([x.ravel(), y.ravel()], -1)


def inside(points, box):
    offset = points - [box.x, box.y]
    along = offset @ [np.sin(box.yaw), np.cos(box.yaw)]
    across = offset @ [np.cos(box.yaw), -np.sin(box.yaw)]
    return (np.abs(along) < box.length / 2) & (np.abs(across) < box.width / 2)


def test_overlap_agrees_with_sampled_points():
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        values = rng.uniform([-3, -3, -4, 0.5, 0.5], [3, 3, 4, 5, 3], (2, 5))
        one, other = (Box(*row) for row in values)
        shared = inside(sampled(one), other).any() or inside(sampled(other), one).any()
        hits += shared
        if shared:
            assert overlap(one, other)
        if overlap(one, other) and not shared:
            # Sampling misses slivers only: a slightly larger box must show them.
            grown = Box(one.x, one.y, one.yaw, one.length + 0.4, one.width + 0.4)
            assert inside(sampled(grown, 120), other).any()
    assert 60 < hits < 280


def test_a_taken_place_is_refused_and_a_touching_one_is_not():
    taken = Footprints()
    assert taken.take(Box(0, 0, 0, 4, 2))
    assert not taken.take(Box(1.9, 0, 0, 4, 2))
    assert taken.take(Box(2.0, 0, 0, 4, 2))
    assert len(taken.boxes) == 2


def test_the_same_seed_gives_the_same_plan():
    assert plan_street(5) == plan_street(5)


def test_seeds_give_every_kind_of_street():
    assert {plan.kind for plan in PLANS} == set(KINDS)


@pytest.mark.parametrize("seed", range(12))
def test_no_two_objects_overlap(seed):
    boxes = PLANS[seed].boxes
    for k, one in enumerate(boxes):
        for other in boxes[k + 1 :]:
            assert not overlap(one, other)


def test_streets_hold_vehicles_people_and_houses():
    kinds = {item.kind for plan in PLANS for item in plan.items}
    assert kinds >= {"car", "bus", "lorry", "caravan", "trailer", "tram", "person", "house"}
    assert kinds >= {"bicycle_rider", "motorcycle_rider", "bicycle", "bridge", "twin_poles", "bag"}


def test_driving_cars_keep_to_the_right():
    for plan in PLANS:
        for item in plan.items:
            if item.kind != "car" or abs(plan.axis.curvature) > 0:
                continue
            if abs(np.cos(item.yaw)) > 0.9:
                assert (item.position[0] > 0) == (np.cos(item.yaw) > 0)


def test_the_axis_is_as_long_as_its_parameter_and_turns_with_its_heading():
    for curvature in (0.0, 0.004, -0.003):
        axis = Axis(curvature, 20.0)
        s = np.linspace(START, END, 4000)
        points = axis.points(s, 0.0)
        steps = np.diff(points[:, :2], axis=0)
        lengths = np.hypot(*steps.T)
        assert np.allclose(lengths, s[1] - s[0], rtol=1e-5)
        middle = (s[1:] + s[:-1]) / 2
        assert np.allclose(np.arctan2(*steps.T), axis.heading(middle), atol=1e-4)


def test_offsets_are_measured_across_the_axis():
    axis = Axis(0.003, 10.0)
    s = np.linspace(0, 200, 50)
    apart = axis.points(s, 4.0) - axis.points(s, -2.0)
    assert np.allclose(np.linalg.norm(apart, axis=1), 6.0)


def test_blocks_leave_out_the_side_streets():
    for plan in PLANS:
        for side in (1, -1):
            blocks = plan.blocks(side)
            assert blocks[0][0] == START
            assert blocks[-1][1] == END
            for crossing in plan.crossings:
                met = any(start < crossing.s < end for start, end in blocks)
                assert met == (side not in crossing.sides)


def test_markings_fit_into_the_shader():
    for plan in PLANS:
        painted = markings(plan)
        assert len(painted.lines) <= LINE_LIMIT
        assert len(painted.crossings) <= CROSSING_LIMIT


def test_a_view_does_not_depend_on_how_many_there_are():
    assert view(PLANS[0], 2) == view(plan_street(0), 2)
    assert len({view(PLANS[0], k).eye for k in range(6)}) == 6


def test_no_camera_stands_in_or_right_behind_an_object():
    for plan in PLANS:
        for index in range(6):
            camera = view(plan, index)
            x, y, _ = camera.eye
            heading = camera.yaw
            ahead = Box(x + 1.5 * np.sin(heading), y + 1.5 * np.cos(heading), heading, 3.0, 1.0)
            assert not any(overlap(ahead, box) for box in plan.boxes), (plan.seed, index)


def test_the_bonnet_is_seen_in_some_pictures():
    seen = sum(view(plan, k).bonnet is not None for plan in PLANS for k in range(10))
    assert abs(seen / 240 - BONNET_SHARE) < 0.1


def test_instance_ids_count_from_one_per_label_and_stop_at_999():
    ids = InstanceAllocator()
    assert [ids.new(LabelId.CAR), ids.new(LabelId.BUS), ids.new(LabelId.CAR, mode="red")] == [
        26001,
        28001,
        26002,
    ]
    assert ids.records[26002] == {"label": "car", "mode": "red"}
    for _ in range(997):
        ids.new(LabelId.CAR)
    with pytest.raises(ValueError, match="CAR"):
        ids.new(LabelId.CAR)


def test_nothing_is_built_over_a_tunnel_and_no_street_joins_in_it():
    found = [(plan, line) for plan in PLANS for line in plan.lines if line.kind == "tunnel"]
    assert found
    for plan, line in found:
        ends = [np.array(line.points[k]) for k in (0, -1)]
        middle, length = (ends[0] + ends[1]) / 2, float(np.linalg.norm(ends[1] - ends[0]))
        yaw = float(plan.axis.heading(middle[1]))
        covered = Box(float(middle[0]), float(middle[1]), yaw, length - 4, 60.0)
        for item in plan.items:
            if item.kind in ("house", "tree", "lamp_post") and item.box is not None:
                assert not overlap(covered, item.box)
        for crossing in plan.crossings:
            assert not ends[0][1] - 5 < crossing.s < ends[1][1] + 5


def test_houses_take_their_place_on_the_ground():
    for plan in PLANS:
        houses = [item for item in plan.items if item.kind == "house"]
        assert all(item.box is not None for item in houses)
        assert len(houses) > 8


def test_tracks_are_rail_track_only_where_no_car_drives():
    seen = set()
    for seed in range(60):
        plan = plan_street(seed)
        if not plan.section.tram or plan.section.own_track in seen:
            continue
        mesh = Mesh()
        build_ground(mesh, plan)
        labels = set(mesh.arrays()[0][:, LABEL].astype(int))
        assert (LabelId.RAIL_TRACK in labels) == plan.section.own_track
        seen.add(plan.section.own_track)
    assert seen == {True, False}


def test_every_label_can_occur():
    painted_over = {
        LabelId.UNLABELED,
        LabelId.EGO_VEHICLE,
        LabelId.RECTIFICATION_BORDER,
        LabelId.OUT_OF_ROI,
        LabelId.SKY,
    }
    drawn = {int(v) for seed in EVERY_LABEL for v in np.unique(built(seed)[:, LABEL])}
    assert drawn | painted_over == set(LabelId)
    assert not drawn & painted_over


def built(seed):
    return build_street(seed).vertices


def test_modular_streets_stand_on_the_grid_of_the_surface_coordinates():
    for seed in range(12):
        plan = plan_street(seed, modular=True)
        assert plan.axis.curvature == 0
        assert plan.section.lane_width == LANE
        houses = [item for item in plan.items if item.kind == "house"]
        assert houses
        for house in houses:
            width, height = house.options["width"] + 0.02, house.options["height"]
            edges = house.position[1] + np.array([-width, width]) / 2
            assert np.allclose(edges / BAY, np.rint(edges / BAY))
            storeys = (height - GROUND_FLOOR) / STOREY
            assert np.isclose(storeys, round(storeys))


def test_modular_streets_have_no_conifers():
    def kinds(modular: bool) -> set[str]:
        plans = [plan_street(seed, modular=modular) for seed in range(12)]
        items = [item for plan in plans for item in plan.items if item.kind == "tree"]
        return {item.options["tree"] for item in items}

    assert kinds(modular=False) == {"round", "broad", "columnar", "conifer"}
    assert kinds(modular=True) == {"round", "broad", "columnar"}


def test_frames_of_modular_streets_say_where_the_walls_are():
    for seed in range(12):
        plan = plan_street(seed, modular=True)
        camera = view(plan, seed % 3)
        walls = house_distances(plan, camera)
        assert walls is not None
        for side, found in zip((-1, 1), walls, strict=True):
            fronts = [h.position[0] for h in plan.items if h.kind == "house"]
            assert all(
                abs(front - camera.eye[0]) == pytest.approx(found, abs=1e-3)
                for front in fronts
                if front * side > 0
            )
        assert house_distances(plan_street(seed), camera) is None


def test_cameras_of_modular_streets_see_the_grid_alike():
    plan = plan_street(3, modular=True)
    for index in range(4):
        camera = view(plan, index)
        assert (camera.yaw, camera.pitch, camera.roll) == (0.0, -PITCH, 0.0)
        assert camera.eye[2] == EYE_HEIGHT
        assert np.isclose(camera.eye[1] / (2 * DASH), round(camera.eye[1] / (2 * DASH)))
        assert np.isclose(np.tan(camera.field_of_view / 2) * 2, 1 / FOCAL)


def test_windows_of_modular_houses_fill_whole_bays():
    mesh = Mesh()
    surface = Surface(Material.PLASTER, (0.5, 0.5, 0.5))
    building(
        mesh, np.random.default_rng(0), frame((0.0, 0.0, 0.0), 0.0), width=5 * BAY - 0.02,
        depth=10.0, height=GROUND_FLOOR + 2 * STOREY, surface=surface, dense=False, modular=True,
    )  # fmt: skip
    vertices, triangles = mesh.arrays()
    panes = triangles[(vertices[triangles, MATERIAL] == Material.WINDOW).all(1)]
    corners = vertices[panes][:, :, :3]
    upper = corners[corners[:, :, 2].min(1) > GROUND_FLOOR + 0.3]
    upper = upper[(np.abs(upper[:, :, 0]) < 0.5).all(1) & (upper[:, :, 2].max(1) < 10.0)]
    middles = (upper[:, :, 1].min(1) + upper[:, :, 1].max(1)) / 2 + 2.5 * BAY  # +y is local x
    assert len(set(np.rint(middles / BAY - 0.5))) == 5
    assert np.abs(middles / BAY - 0.5 - np.rint(middles / BAY - 0.5)).max() < 0.05


def test_fronts_of_modular_houses_are_alike():
    """The same panes on every front, and no windows on the sides, which no coordinates tell of."""
    fronts = []
    for seed in range(3):
        mesh = Mesh()
        surface = Surface(Material.BRICK, (0.5, 0.3, 0.2))
        building(
            mesh, np.random.default_rng(seed), frame((0.0, 0.0, 0.0), 0.0), width=4 * BAY - 0.02,
            depth=10.0, height=GROUND_FLOOR + 2 * STOREY, surface=surface, dense=False,
            modular=True,
        )  # fmt: skip
        vertices, _ = mesh.arrays()
        panes = vertices[vertices[:, MATERIAL] == Material.WINDOW]
        panes = panes[panes[:, 2] < GROUND_FLOOR + 2 * STOREY - 0.2]  # not those in the roof
        assert (panes[:, COORDINATES][:, 2] == -1).all()
        assert len(panes) == 4 * 3 * 4
        upper = panes[panes[:, 2] > GROUND_FLOOR + 0.3]
        fronts.append(upper[np.lexsort(upper[:, :3].T)][:, :3])
    assert np.allclose(fronts[0], fronts[1]) and np.allclose(fronts[0], fronts[2])


def test_boards_of_modular_houses_are_told_by_wall_and_place():
    """One over the whole front of a house, where the surface coordinates say, dark as the wall."""
    color = np.array([0.5, 0.3, 0.2])
    for seed in range(3):
        mesh = Mesh()
        building(
            mesh, np.random.default_rng(seed), frame((0.0, 0.0, 0.0), 0.0), width=4 * BAY - 0.02,
            depth=10.0, height=GROUND_FLOOR + 2 * STOREY,
            surface=Surface(Material.BRICK, tuple(color)), dense=True, modular=True,
        )  # fmt: skip
        vertices, _ = mesh.arrays()
        boards = vertices[vertices[:, MATERIAL] == Material.SHOP_SIGN]
        assert np.allclose(boards[:, 2].min(), BOARD[0], atol=0.02)
        assert np.allclose(boards[:, 2].max(), BOARD[1], atol=0.02)
        assert np.ptp(boards[:, :2], axis=0).max() > 3.5 * BAY
        shares = boards[:, COLOR] / color
        assert np.allclose(shares, shares[0, 0]) and 0.25 < shares[0, 0] < 0.35
        assert len(boards) == 4


def test_all_signals_of_a_modular_street_say_the_same():
    states = {
        modular: [
            len({each.signal for each in plan_street(seed, modular=modular).crossings} - {None})
            for seed in range(12)
        ]
        for modular in (False, True)
    }
    assert max(states[False]) > 1 == max(states[True])


def test_frames_of_modular_streets_say_what_their_signals_show() -> None:
    told = set()
    for seed in range(12):
        plan = plan_street(seed, modular=True)
        heads = [item for item in plan.items if item.kind == "traffic_light"]
        # What faces the eye; those of side streets stand at a right angle, and say the contrary.
        states = {item.options["state"] for item in heads if item.yaw % np.pi == 0}
        shown = signals_shown(plan)
        assert set(shown.values()) == states
        assert set(shown) <= {"traffic light"}
        assert not signals_shown(plan_street(seed))
        told |= states
    assert len(told) > 1
