"""Every asset of the street: sound meshes, right ids, sizes, budgets, determinism."""

from __future__ import annotations

import numpy as np
import pytest

from model.streets.assets import (
    barriers,
    buildings,
    buses,
    cars,
    cycles,
    furniture,
    people,
    signs,
    stands,
    towed,
    vegetation,
)
from model.streets.assets.buildings import FACADE_FAMILIES, Surface
from model.streets.assets.cars import BODIES, CAR_BODIES, car
from model.streets.assets.vehicles import FLEETS, VEHICLE_SIZES, vehicle
from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import COLOR, INSTANCE, LABEL, MATERIAL, NORMAL, POSITION, Mesh, frame

RED, GREEN = (0.4, 0.05, 0.04), (0.06, 0.12, 0.03)
PLACE = frame([3.0, 20.0, 0.0], 0.4)
ORIGIN = frame([0.0, 0.0, 0.0], np.pi / 2)
LINE = np.array([[0, 0, 0], [2, 0.1, 0], [4, 0.4, 0.1], [6, 0.9, 0.1]], float)
PLASTER = Surface(Material.PLASTER, (0.6, 0.5, 0.3))
GLASS = Surface(Material.CURTAIN_WALL, (0.07, 0.1, 0.12))
HOUSE = {"width": 14.0, "depth": 10.0, "height": 14.0, "dense": True}


def _tree(kind, season):
    def build(mesh, rng):
        vegetation.tree(mesh, rng, [1, 2, 0.1], kind=kind, season=season, leaf_color=GREEN)

    return build


def _car(body):
    return lambda mesh, rng: car(mesh, rng, PLACE, body=body, color=RED, instance_id=26004)


def _house(family, surface=PLASTER, **kw):
    kw = {**HOUSE, **kw}
    return lambda mesh, rng: buildings.building(
        mesh, rng, PLACE, surface=surface, family=family, instance_id=11007, **kw
    )


def _person(pose, label_id, **kw):
    return lambda mesh, rng: people.person(
        mesh, rng, PLACE, instance_id=label_id * 1000 + 5, pose=pose, label_id=label_id, **kw
    )


def _vehicle(kind, instance_id):
    return lambda mesh, rng: vehicle(
        mesh, rng, PLACE, kind=kind, color=RED, second_color=GREEN, instance_id=instance_id
    )


def _sign(kind):
    return lambda mesh, rng: signs.sign(mesh, rng, PLACE, kind=kind)


# name -> (builder, most triangles, labels, instance id or None for stuff)
ASSETS = {
    **{f"car {body}": (_car(body), 4000, {26}, 26004) for body in CAR_BODIES},
    **{
        kind: (_vehicle(kind, fleet.label * 1000 + 1), 5000, {fleet.label}, fleet.label * 1000 + 1)
        for kind, fleet in FLEETS.items()
    },
    **{f"person {pose}": (_person(pose, 24), 2200, {24}, 24005) for pose in ("walk", "stand")},
    "child": (_person("walk", 24, child=True), 2200, {24}, 24005),
    **{
        f"rider {pose}": (_person(pose, 25), 2200, {25}, 25005)
        for pose in ("ride", "ride_motorcycle")
    },
    **{
        f"tree {kind} {season}": (_tree(kind, season), 14000, {21}, None)
        for kind in vegetation.TREE_KINDS
        for season in vegetation.SEASONS
    },
    **{f"house {family}": (_house(family), 4000, {11}, 11007) for family in FACADE_FAMILIES},
    "villa": (_house("plain", dense=False, height=7.0), 3000, {11}, 11007),
    "far house": (_house("plain", detail=False), 800, {11}, 11007),
    "glass tower": (_house("plain", GLASS, height=30.0), 2000, {11}, 11007),
    "backdrop": (
        lambda mesh, rng: buildings.backdrop_building(
            mesh, rng, PLACE, width=30, depth=14, height=20, surface=PLASTER
        ),
        800, {11}, None,
    ),
    "hedge": (
        lambda mesh, rng: vegetation.hedge(
            mesh, rng, [0, 0, 0], [4, 1, 0.4], height=1.2, season="summer", leaf_color=GREEN
        ),
        1200, {21}, None,
    ),
    "bush": (
        lambda mesh, rng: vegetation.bush(
            mesh, rng, [0, 0, 0], radius=0.8, season="spring", leaf_color=GREEN
        ),
        800, {21}, None,
    ),
    **{
        f"lamp {style}": (
            lambda mesh, rng, style=style: furniture.lamp_post(mesh, PLACE, style=style),
            500, {4, 17}, None,
        )
        for style in range(3)
    },
    **{
        f"light {state}": (
            lambda mesh, rng, state=state: signs.traffic_light(
                mesh, PLACE, state=state, arm=3.8
            ),
            1500, {17, 19}, None,
        )
        for state in ("red", "amber", "green")
    },
    **{f"sign {kind}": (_sign(kind), 400, {4, 17, 20}, None) for kind in signs.SIGN_KINDS},
    "bin": (lambda mesh, rng: furniture.litter_bin(mesh, PLACE, color=RED), 100, {4}, None),
    "bench": (lambda mesh, rng: furniture.bench(mesh, PLACE, color=RED), 200, {4}, None),
    "cabinet": (lambda mesh, rng: furniture.cabinet(mesh, PLACE, color=RED), 100, {4}, None),
    "planter": (
        lambda mesh, rng: furniture.planter(
            mesh, rng, PLACE, season="summer", leaf_color=GREEN
        ),
        500, {4, 21}, None,
    ),
    "bollards": (lambda mesh, rng: furniture.bollards(mesh, LINE), 1000, {17}, None),
    "shelter": (lambda mesh, rng: furniture.bus_shelter(mesh, rng, PLACE), 500, {4}, None),
    "column": (lambda mesh, rng: stands.advertising_column(mesh, rng, PLACE), 900, {4}, None),
    "poster stand": (lambda mesh, rng: stands.poster_stand(mesh, rng, PLACE), 60, {4}, None),
    "post box": (lambda mesh, rng: stands.post_box(mesh, PLACE), 100, {4}, None),
    "cafe table": (
        lambda mesh, rng: stands.cafe_table(mesh, rng, PLACE, color=RED), 800, {4}, None
    ),
    "sandwich board": (lambda mesh, rng: stands.sandwich_board(mesh, rng, PLACE), 60, {5}, None),
    "tunnel": (
        lambda mesh, rng: barriers.tunnel(mesh, LINE * 6, left=7.0, right=8.0),
        2000, {12, 15, 16}, None,
    ),
    "bag": (lambda mesh, rng: furniture.bag(mesh, rng, PLACE), 400, {5}, None),
    "wall": (
        lambda mesh, rng: barriers.wall(
            mesh, LINE, height=1.2, material=Material.BRICK, color=RED
        ),
        100, {12}, None,
    ),
    **{
        f"fence {style}": (
            lambda mesh, rng, style=style: barriers.fence(mesh, LINE, height=1.1, style=style),
            1200, {13}, None,
        )
        for style in range(3)
    },
    "guard rail": (lambda mesh, rng: barriers.guard_rail(mesh, LINE, side=1), 200, {14}, None),
    "bridge": (
        lambda mesh, rng: barriers.bridge(mesh, PLACE, span=50, width=8, clearance=5),
        2000, {15}, None,
    ),
}  # fmt: skip


def built(build, seed=0):
    mesh = Mesh()
    build(mesh, np.random.default_rng(seed))
    return mesh.arrays()


def in_place(vertices):
    """Positions in the local axes of PLACE."""
    return (vertices[:, POSITION].astype(float) - PLACE.origin) @ PLACE.rotation


@pytest.mark.parametrize("name", ASSETS)
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_an_asset_is_a_sound_mesh_with_its_own_ids_within_its_budget(name, seed):
    build, most, labels, instance_id = ASSETS[name]
    vertices, triangles = built(build, seed)
    assert np.isfinite(vertices).all()
    np.testing.assert_allclose(np.linalg.norm(vertices[:, NORMAL], axis=1), 1, atol=1e-4)
    assert 0 < len(triangles) <= most and triangles.max() < len(vertices)
    assert set(np.unique(vertices[:, MATERIAL])) <= {float(m) for m in Material}
    assert set(np.unique(vertices[:, LABEL]).astype(int)) == labels
    expected = vertices[:, LABEL] if instance_id is None else instance_id
    np.testing.assert_array_equal(vertices[:, INSTANCE], expected)
    solid = ~np.isin(vertices[:, MATERIAL], [Material.WINDOW])
    assert vertices[solid, COLOR].min() >= 0


@pytest.mark.parametrize("name", ASSETS)
def test_equal_seeds_build_equal_assets(name):
    build = ASSETS[name][0]
    for first, second in zip(built(build, 7), built(build, 7), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("body", CAR_BODIES)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("detail", [True, False])
def test_a_car_fits_its_box_and_stands_on_the_ground(body, seed, detail):
    mesh = Mesh()
    rng = np.random.default_rng(seed)
    car(mesh, rng, PLACE, body=body, color=RED, instance_id=26000, detail=detail)
    vertices = mesh.arrays()[0]
    points = in_place(vertices)
    length, width, height = VEHICLE_SIZES[body]
    span = np.ptp(points[:, 0])
    assert length - 0.16 < span <= length + 0.05
    assert np.abs(points[:, 1]).max() <= width / 2 + 0.25
    assert points[:, 2].max() == pytest.approx(height, abs=0.05)
    tyres = points[vertices[:, MATERIAL] == Material.TYRE]
    assert tyres[:, 2].min() == pytest.approx(0, abs=0.03)
    assert points[:, 2].min() > -0.03


@pytest.mark.parametrize("name", FLEETS)
@pytest.mark.parametrize("seed", range(4))
def test_a_vehicle_fits_its_box(name, seed):
    mesh = Mesh()
    _vehicle(name, 28000)(mesh, np.random.default_rng(seed))
    points = in_place(mesh.arrays()[0])
    length, width, height = VEHICLE_SIZES[name]
    assert np.abs(points[:, 0]).max() <= length / 2 + 0.06
    assert np.ptp(points[:, 0]) > length - 0.3
    assert np.abs(points[:, 1]).max() <= width / 2 + 0.26
    assert points[:, 2].max() <= height + 0.05 and points[:, 2].min() > -0.03


def test_all_car_bodies_differ_and_every_car_has_lamps_plates_wheels_and_glass():
    shapes = {}
    for body in CAR_BODIES:
        vertices = built(_car(body))[0]
        shapes[body] = in_place(vertices)[:, 2].round(3).tobytes()
        parts = {Material.LAMP, Material.PLATE, Material.TYRE, Material.RIM, Material.CAR_GLASS}
        assert parts <= set(vertices[:, MATERIAL].astype(int))
    assert len(CAR_BODIES) >= 7 and len(set(shapes.values())) == len(CAR_BODIES)


@pytest.mark.parametrize("body", CAR_BODIES)
def test_wheel_arches_leave_the_upper_half_of_each_wheel_free_of_paint(body):
    vertices = built(_car(body))[0]
    points, paint = in_place(vertices), vertices[:, MATERIAL] == Material.CAR_PAINT
    radius, length = BODIES[body].wheel, BODIES[body].length
    for axle in BODIES[body].axles:
        distance = np.hypot(points[:, 0] - axle * length, points[:, 2] - radius)
        assert distance[paint].min() > radius


def test_a_car_without_detail_is_cheaper():
    counts = []
    for detail in (True, False):
        mesh = Mesh()
        rng = np.random.default_rng(0)
        car(mesh, rng, PLACE, body="sedan", color=RED, instance_id=26000, detail=detail)
        counts.append(mesh.triangle_count)
    assert counts[1] < 0.85 * counts[0]


def test_paint_reaches_a_car_unchanged():
    vertices = built(_car("estate"))[0]
    paint = vertices[vertices[:, MATERIAL] == Material.CAR_PAINT]
    np.testing.assert_allclose(paint[:, COLOR], np.tile(RED, (len(paint), 1)), rtol=1e-6)


def test_a_person_returns_the_colour_that_was_worn():
    for seed in range(12):
        mesh = Mesh()
        top = people.person(mesh, np.random.default_rng(seed), PLACE, instance_id=24000)
        vertices = mesh.arrays()[0]
        worn = np.isclose(vertices[:, COLOR], top, atol=1e-6).all(axis=1)
        assert worn.sum() > 60
    assert people.person(
        Mesh(), np.random.default_rng(0), PLACE, instance_id=24000, top_color=RED
    ) == pytest.approx(RED)


@pytest.mark.parametrize("pose", ["walk", "stand"])
def test_people_stand_on_the_ground_at_human_height_and_children_are_smaller(pose):
    for seed in range(20):
        heights = {}
        for child in (False, True):
            mesh = Mesh()
            rng = np.random.default_rng(seed)
            people.person(mesh, rng, PLACE, instance_id=24000, pose=pose, child=child)
            z = mesh.arrays()[0][:, 2]
            assert -0.05 < z.min() < 0.05
            heights[child] = np.ptp(z)
        assert 1.5 < heights[False] < 2.1 and 0.95 < heights[True] < 1.6


def test_spoked_wheels_fences_and_bare_crowns_have_filled_proxies():
    for name in ("bicycle", "fence 0", "tree round bare", "tree broad bare"):
        assert Material.PROXY in built(ASSETS[name][0])[0][:, MATERIAL]
    for name in ("tree round summer", "car sedan", "house plain"):
        assert Material.PROXY not in built(ASSETS[name][0])[0][:, MATERIAL]


def test_bare_trees_have_no_leaves_but_conifers_keep_theirs():
    for kind in vegetation.TREE_KINDS:
        leaves = Material.LEAF in built(_tree(kind, "bare"))[0][:, MATERIAL]
        assert leaves == (kind in vegetation.EVERGREEN)


def test_the_seasons_share_one_skeleton():
    def trunk(season):
        vertices = built(_tree("round", season), seed=4)[0]
        return vertices[vertices[:, MATERIAL] == Material.BARK][:60, POSITION]

    for season in vegetation.SEASONS[1:]:
        np.testing.assert_array_equal(trunk(season), trunk("summer"))


def test_detail_thins_the_leaves_with_distance():
    assert vegetation.detail_at(0) == 1.0
    steps = [vegetation.detail_at(d) for d in (0, 40, 80, 120, 200)]
    assert steps == sorted(steps, reverse=True) and steps[-1] > 0
    counts = []
    for detail in (1.0, 0.3):
        mesh = Mesh()
        rng = np.random.default_rng(0)
        vegetation.tree(
            mesh, rng, [0, 0, 0], kind="round", season="summer", leaf_color=GREEN, detail=detail
        )
        counts.append(mesh.triangle_count)
    assert counts[1] < 0.5 * counts[0]


def test_a_house_fills_its_plot_and_changes_only_its_look_with_its_surface():
    looks = {}
    for material in (Material.BRICK, Material.SANDSTONE):
        vertices = built(_house("pilasters", Surface(material, RED)), seed=3)[0]
        points = in_place(vertices)
        assert np.abs(points[:, 0]).max() < HOUSE["width"] / 2 + 0.6
        assert points[:, 1].min() > -HOUSE["depth"] - 0.7 and points[:, 1].max() < 2.0
        assert points[:, 2].max() > HOUSE["height"] and points[:, 2].min() > -0.1
        looks[material] = points
        assert material in vertices[:, MATERIAL]
    np.testing.assert_array_equal(looks[Material.BRICK], looks[Material.SANDSTONE])


def test_the_facade_families_build_different_fronts():
    fronts = {family: built(_house(family), seed=5)[0].tobytes() for family in FACADE_FAMILIES}
    assert len(FACADE_FAMILIES) >= 4 and len(set(fronts.values())) == len(fronts)


def test_a_house_without_instance_id_is_stuff():
    mesh = Mesh()
    buildings.building(mesh, np.random.default_rng(0), PLACE, surface=PLASTER, **HOUSE)
    assert (mesh.arrays()[0][:, INSTANCE] == LabelId.BUILDING).all()


def test_exactly_one_lens_of_a_single_signal_is_lit():
    for state in ("red", "amber", "green"):
        mesh = Mesh()
        signs.traffic_light(mesh, ORIGIN, state=state)
        vertices = mesh.arrays()[0]
        lenses = vertices[vertices[:, MATERIAL] == Material.LENS]
        lit = {tuple(color) for color in lenses[lenses[:, 12] == 1][:, COLOR].tolist()}
        assert len(lit) == 1 and len({tuple(c) for c in lenses[:, COLOR].tolist()}) == 3
        level = lenses[lenses[:, 12] == 1][:, 2].mean()
        assert level == pytest.approx({"green": 2.59, "amber": 2.87, "red": 3.15}[state], abs=0.02)


@pytest.mark.parametrize("name", ["car hatch", "bus", "bicycle", "caravan"])
def test_templates_are_the_same_in_every_process(name):
    first = built(ASSETS[name][0], 2)[0]
    for cached in (
        cars._template,
        buses.bus_template,
        cycles.bicycle_template,
        towed.caravan_template,
    ):
        cached.cache_clear()
    np.testing.assert_array_equal(first, built(ASSETS[name][0], 2)[0])


def test_sign_faces_are_signs_and_their_posts_are_poles():
    vertices = built(_sign("stop"))[0]
    face = vertices[:, MATERIAL] == Material.SIGN
    assert (vertices[face, LABEL] == LabelId.TRAFFIC_SIGN).all()
    assert (vertices[vertices[:, 2] < 1.2, LABEL] == LabelId.POLE).all()


@pytest.mark.parametrize("kind", signs.SIGN_KINDS)
def test_outlines_tell_signs_where_they_shall(kind):
    """Column 12 is the kind of a face, its colour the look; what has a board's outline is one."""
    outlines = {}
    for seed in range(20):
        mesh = Mesh()
        signs.sign(mesh, np.random.default_rng(seed), PLACE, kind=kind, told=True)
        vertices = mesh.arrays()[0]
        faces = vertices[vertices[:, MATERIAL] == Material.SIGN]
        found = {signs.SIGN_KINDS[int(number)] for number in faces[:, 12]}
        assert found <= {"prohibition", "warning", "priority", "information", "direction"}
        outlines[seed] = {tuple(look) for look in faces[:, COLOR][:, :2].round(3).tolist()}
    assert len(set.union(*outlines.values())) == 1
