"""Rendered frames: ids, determinism, counterfactual pairs."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.surface import surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.streets import light
from model.streets.audit import broken_rule
from model.streets.camera import view
from model.streets.materials import Material
from model.streets.mesh import INSTANCE, LABEL
from model.streets.mesh import MATERIAL as MATERIAL_COLUMN
from model.streets.render import matrices
from model.streets.street import build_street
from model.streets.style import MODES

SEED = 4


@pytest.fixture(scope="module")
def street():
    return build_street(SEED, {"road": "asphalt"}, "each")


def draw(renderer, scene, index=0):
    renderer.load(scene)
    return renderer.draw(view(scene.plan, index))


def test_every_vertex_obeys_the_instance_rule(street):
    labels, instances = street.vertices[:, LABEL], street.vertices[:, INSTANCE]
    assert (np.where(instances >= 1000, instances // 1000, instances) == labels).all()


def test_every_counted_vertex_belongs_to_a_record(street):
    ids = {int(i) for i in np.unique(street.vertices[:, INSTANCE]) if i >= 1000}
    assert ids == set(street.records)


def test_houses_have_their_own_ids_and_modes_only_when_asked(street):
    own = [record["mode"] for i, record in street.records.items() if i // 1000 == 11]
    assert len(own) > 20
    assert len(set(own)) > 3
    alike = build_street(SEED, {}, "one")
    assert not any(i // 1000 == 11 for i in alike.records)


def test_forcing_the_building_mode_holds_for_every_house():
    forced = build_street(SEED, {"building": "sandstone"}, "each")
    assert {r["mode"] for r in forced.records.values() if r["label"] == "building"} == {"sandstone"}


def test_forced_looks_move_nothing(street):
    other = build_street(SEED, {"road": "wet", "sky": "dusk", "sidewalk": "paving"}, "each")
    assert other.plan == street.plan
    assert (other.vertices == street.vertices).all()
    assert (other.triangles == street.triangles).all()


def test_every_material_is_known_and_every_sky_has_a_light(street):
    present = np.unique(street.vertices[:, MATERIAL_COLUMN]).astype(int)
    assert {Material(value) for value in present} <= set(Material)
    assert light.SKIES.keys() == MODES["sky"].keys()


def test_projection_puts_the_point_ahead_in_the_middle():
    camera = matrices.perspective(1.0, 2.0, 0.25, 100.0)
    camera = camera @ matrices.looking([1, 2, 3], [0, 1, 0], [0, 0, 1])
    ahead = camera @ [1, 12, 3, 1]
    assert np.allclose(ahead[:2] / ahead[3], 0)
    right = camera @ [1 + 10 * np.tan(0.5), 12, 3, 1]
    assert np.allclose(right[:2] / right[3], [1, 0])


def test_a_frame_has_the_picture_and_maps_it_promises(renderer, street):
    frame = draw(renderer, street)
    height, width = frame.labels.shape
    assert frame.picture.shape == (height, width, 3)
    assert (width, height) == (256, 128)
    assert (frame.picture.dtype, frame.labels.dtype) == (np.uint8, np.uint8)
    assert frame.instances.dtype == np.int32
    assert set(np.unique(frame.labels)) <= set(load_schema(CITYSCAPES_NAME).ids)


def test_frames_obey_the_instance_rule_and_show_a_street(renderer):
    for seed, buildings in ((1, "each"), (2, "one")):
        scene = build_street(seed, {}, buildings)
        for index in (0, 1):
            frame = draw(renderer, scene, index)
            assert broken_rule(frame.labels, frame.instances) == 0
            counted = {int(i) for i in np.unique(frame.instances) if i >= 1000}
            assert counted <= set(scene.records)
            assert np.mean(frame.labels == 7) > 0.05
            assert frame.picture.std() > 15
            assert 50 < frame.picture.mean() < 200


def test_the_sky_is_above_and_the_road_below(renderer, street):
    frame = draw(renderer, street)
    rows = np.arange(frame.labels.shape[0])[:, None] * np.ones_like(frame.labels)
    assert rows[frame.labels == 23].mean() < rows[frame.labels == 7].mean()


def test_forced_road_modes_change_the_picture_and_not_the_maps(renderer, street):
    base = draw(renderer, street)
    road = (base.labels == 7).nonzero()
    looks = [base.picture[road].astype(float)]
    for mode in ("cobblestone", "concrete", "wet"):
        other = draw(renderer, build_street(SEED, {"road": mode}, "each"))
        assert (other.labels == base.labels).all()
        assert (other.instances == base.instances).all()
        looks.append(other.picture[road].astype(float))
    for k, one in enumerate(looks):
        for another in looks[k + 1 :]:
            assert np.abs(one - another).mean() > 4


def test_the_same_seed_gives_the_same_bytes_whatever_was_drawn_before(renderer, street):
    first = draw(renderer, street)
    draw(renderer, build_street(9, {"road": "wet"}))
    again = draw(renderer, street)
    assert (first.picture == again.picture).all()
    assert (first.instances == again.instances).all()


def test_views_of_one_scene_differ(renderer, street):
    renderer.load(street)
    one, two = (renderer.draw(view(street.plan, index)) for index in (0, 1))
    assert np.mean(one.labels != two.labels) > 0.02


def test_renderers_of_two_sizes_do_not_disturb_each_other(renderer, street):
    from model.streets.render.passes import StreetRenderer

    before = draw(renderer, street)
    second = StreetRenderer((128, 64))
    assert draw(second, street).labels.shape == (64, 128)
    after = draw(renderer, street)
    assert (before.picture == after.picture).all()
    assert (draw(renderer, street).picture == after.picture).all()


def agreement(picture, channel, where):
    """Correlation of what a picture and a channel show in finer detail than 16 pixels."""
    grey, other = picture.astype(np.float32).mean(2), channel.astype(np.float32)
    detail, fine = (part - cv2.GaussianBlur(part, (0, 0), 4) for part in (grey, other))
    return np.corrcoef(detail[where], fine[where])[0, 1]


@pytest.mark.parametrize("modular", [True, False])
def test_modular_streets_are_paved_as_the_surface_coordinates_say(renderer, modular):
    large = type(renderer)((1024, 512))
    seed = 4005 if modular else SEED  # with a median: the axis is far from the eye
    street = build_street(
        seed, {"road": "cobblestone", "sidewalk": "slabs"}, "one", modular=modular
    )
    frame = draw(large, street)
    known = SurfaceLabels(ground=(7, 8), slabs=(8,))
    channel = surface_coordinates(frame.labels, known)[6]
    near = np.arange(512)[:, None] > 400
    for label, least in ((7, 0.5), (8, 0.08)):
        found = agreement(frame.picture, channel, (frame.labels == label) & near)
        assert found > least if modular else abs(found) < 0.06


@pytest.mark.parametrize("modular", [True, False])
def test_clouds_of_modular_streets_are_where_the_field_is_dense(renderer, modular):
    frame = draw(renderer, build_street(4001, {"sky": "cloudy"}, "one", modular=modular))
    channel = surface_coordinates(frame.labels, SurfaceLabels(sky=(23,)))[6].astype(int)
    red, found = frame.picture[..., 0].astype(int), []
    for row in range(10, 50):  # row by row, as the sky is paler lower down
        sky = frame.labels[row] == 23
        if sky.sum() > 25:
            found.append(np.corrcoef(red[row][sky], channel[row][sky])[0, 1])
    assert np.mean(found) > 0.6 if modular else np.mean(found) < 0.3


@pytest.mark.parametrize("modular", [True, False])
def test_leaves_of_modular_streets_are_as_light_as_their_noise(renderer, modular):
    street = build_street(4005, {"vegetation": "summer"}, "one", modular=modular)
    frame = draw(type(renderer)((1024, 512)), street)
    channels = surface_coordinates(frame.labels, SurfaceLabels(foliage=(21,)))
    crowns = frame.labels == 21
    assert crowns.sum() > 2000
    found = agreement(frame.picture, channels[6:8].astype(int).sum(0), crowns)
    assert found > 0.4 if modular else abs(found) < 0.06, found


@pytest.mark.parametrize("modular", [True, False])
def test_asphalt_of_modular_streets_is_as_dark_as_its_grain(renderer, modular):
    street = build_street(4005, {"road": "asphalt"}, "one", modular=modular)
    frame = draw(type(renderer)((1024, 512)), street)
    channel = surface_coordinates(frame.labels, SurfaceLabels(ground=(7,)))[7]
    grain = np.minimum(channel, 0)
    near = (np.arange(512)[:, None] > 400) & (channel <= 0)
    found = agreement(frame.picture, grain, (frame.labels == 7) & near)
    assert found > 0.2 if modular else abs(found) < 0.06, found
