"""Parts of things, and what is seen through wheels, in previews and training as in whole frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig
from model.inference.frame import Frame, FrameSize, make_frame
from model.inference.painter import PlainPainter
from model.inference.plan.plan import compile_plan
from model.inference.plan.stems import frame_conditioning
from model.inference.scene_maps import scene_maps
from model.scene.figures import find_figures
from model.scene.geometry import Rect
from model.scene.scene import Scene
from model.scene.spokes import seen_through
from model.training.frames import make_frame as training_frame
from tests.inference.conftest import SURFACE
from tests.inference.test_pieces import street_with
from tests.inference.test_plan import BARE, make_local, painted
from tests.inference.test_repaint import stroke
from tests.inference.test_trunks import shown_after, style_of

ROAD, PAVEMENT, LIGHT, PERSON, CAR, BUS, CYCLE = 7, 8, 19, 24, 26, 28, 33
HEADS, LEGS, KERBS, PANES, LAMPS, WHEELS, REDS, BOARDS = range(35, 43)
WINDOWS, PLATES, AMBERS, GREENS, SHOPS = range(43, 48)
PARTS = set(range(HEADS, SHOPS + 1))
BODY, RUNNING = Rect(56, 20, 72, 84), Rect(4, 30, 50, 88)
BICYCLE, BEHIND, BELOW = Rect(90, 50, 150, 82), Rect(80, 40, 160, 84), Rect(0, 84, 160, 96)
GROUND = (BEHIND, PAVEMENT), (BELOW, ROAD)
OVERHEAD, LATE = Rect(100, 4, 112, 36), Rect(2, 6, 54, 86)
THINGS = (
    *(*GROUND, (OVERHEAD, LIGHT), (LATE, BUS)),
    *((BODY, PERSON), (BICYCLE, CYCLE), (RUNNING, CAR)),
)
# A person behind something that stands nearer, and a bicycle in part.
COVER, STANDING, POLE = Rect(120, 56, 160, 88), Rect(130, 40, 146, 60), 17
COVERED = *GROUND, (BICYCLE, CYCLE), (STANDING, PERSON), (COVER, POLE)
STYLED = ConditioningConfig(
    label_channels=48,
    feature_channels=3,
    spatial_reference=True,
    surface=replace(
        SURFACE,
        ground=(ROAD, PAVEMENT),
        slabs=(PAVEMENT,),
        people=(PERSON,),
        vehicles=(CAR,),
        buses=(BUS,),
        lights=(LIGHT,),
        cycles=(CYCLE,),
        spoked=(CYCLE,),
        heads=(HEADS,),
        legs=(LEGS,),
        kerbs=(KERBS,),
        panes=(PANES,),
        lamps=(LAMPS,),
        wheels=(WHEELS,),
        reds=(REDS,),
        ambers=(AMBERS,),
        greens=(GREENS,),
        boards=(BOARDS,),
        windows=(WINDOWS,),
        shops=(SHOPS,),
        plates=(PLATES,),
    ),
    unstyled=tuple(PARTS),
)
GRID = FrameSize(8, 16)


def frame_of(scene: Scene, grid: FrameSize = GRID) -> Frame:
    maps = scene.label_map, scene.instance_map
    return make_frame(*maps, grid, reference=True, surface=STYLED.surface).styled(style_of, 3)


def test_parts_have_no_features_and_training_sees_the_same():
    scene = street_with(*THINGS, size=(93, 157))
    frame = frame_of(scene, FrameSize(1, 1))
    seen = frame_conditioning(STYLED, frame, torch.zeros(()))[0]
    first, features = STYLED.map_channels, slice(STYLED.map_channels, STYLED.map_channels + 3)
    hair, face, chest, shin = (22, 64), (25, 64), (45, 64), (75, 64)
    saddle, through, kerb, beside = (53, 120), (72, 101), (83, 140), (60, 153)
    for place, label, style in (
        (hair, HEADS, None),
        (face, HEADS, None),
        (chest, PERSON, PERSON),
        (shin, LEGS, None),
        (saddle, CYCLE, CYCLE),
        (through, PAVEMENT, PAVEMENT),
        (kerb, KERBS, None),
        (beside, PAVEMENT, PAVEMENT),
    ):
        assert seen[:48, *place].nonzero().flatten().tolist() == [label]
        expected = (0.0, 0.0, 0.0) if style is None else style_of(style)
        assert torch.allclose(seen[features, *place], torch.tensor(expected))
    assert not seen[first - 1, 21:83, 57:71].any()  # to the map they are one
    assert seen[first - 1, 72, 91:114].sum() == 4  # a wheel is seen through
    maps, surface = (scene.label_map, scene.instance_map), STYLED.surface or SURFACE
    figures, picture = find_figures(*maps, surface), np.zeros((93, 157, 3), np.uint8)
    trained = training_frame(*seen_through(*maps, surface), picture, STYLED, figures=figures)
    assert torch.equal(trained.labels, seen[:48].argmax(0).to(torch.uint8))
    assert trained.reference is not None
    assert np.array_equal(trained.reference.numpy(), frame.reference)
    looked_at = {int(trained.labels[tuple(own[0])]) for own in trained.places}
    assert looked_at >= PARTS


def test_what_is_hidden_has_its_parts_where_the_whole_thing_would():
    scene = street_with(*COVERED, size=(93, 157))
    frame = frame_of(scene, FrameSize(1, 1))
    assert (frame.labels[50:56, 131:145] == PERSON).all()  # legs as of a box that ends at 56
    maps, surface = (scene.label_map, scene.instance_map), STYLED.surface or SURFACE
    figures = find_figures(*maps, surface)
    seen, picture = seen_through(*maps, surface), np.zeros((93, 157, 3), np.uint8)
    trained = training_frame(*seen, picture, STYLED, figures=figures)
    assert np.array_equal(trained.labels.numpy(), frame.labels)
    assert trained.reference is not None
    assert np.array_equal(trained.reference.numpy(), frame.reference)
    without = training_frame(*seen, picture, STYLED)
    assert (without.labels.numpy()[50:56, 131:145] == LEGS).any()


@pytest.mark.parametrize("things", [THINGS, COVERED], ids=["open", "covered"])
def test_parts_of_a_scene_made_one_by_one_show_what_the_whole_does(things):
    scene = street_with(*things, size=(93, 157))
    maps = scene.label_map, scene.instance_map, GRID
    whole = make_frame(*maps, reference=True, surface=STYLED.surface)
    parts = scene_maps(*maps, reference=True, surface=STYLED.surface)
    assert set(np.unique(whole.labels)) > (PARTS if things is THINGS else {HEADS, KERBS})
    for rect in (Rect(0, 0, 64, 50), Rect(60, 30, 160, 96), Rect(95, 60, 110, 80)):
        part = parts.part(rect)
        assert np.array_equal(part.labels, whole.labels[rect.slices])
        assert np.array_equal(part.instances, whole.instances[rect.slices])


@pytest.mark.parametrize("lookup", [True, False])
def test_plans_paint_parts_as_the_plain_network_does(lookup):
    generator = make_local(STYLED, **BARE, tint=STYLED.places_of_colors)
    frame = frame_of(street_with(*THINGS))
    like = torch.zeros(())
    expected = painted(PlainPainter(generator, STYLED, like), frame)
    plan = compile_plan(generator, STYLED, like, lookup=lookup)
    assert (painted(plan, frame) - expected).abs().max() < 1e-4
    dressed = replace(STYLED, unstyled=())
    assert (painted(PlainPainter(generator, dressed, like), frame) - expected).abs().max() > 0.1


def test_previews_of_a_stroke_on_a_person_show_what_whole_frames_do(tmp_path):
    before = street_with(*THINGS)
    touched = Rect(60, 60, 66, 70)
    after = stroke(before, touched, 1, 7, 7)
    whole = frame_of(after)
    assert set(np.unique(whole.labels)) > PARTS
    for frame in shown_after(tmp_path, before, after, touched, STYLED):
        assert np.array_equal(frame.labels, whole.labels[frame.rect.slices])


def test_previews_of_a_person_put_down_show_what_whole_frames_do(tmp_path):
    before = street_with()
    after = stroke(before, BODY, 1, PERSON, PERSON)
    whole = frame_of(after)
    for frame in shown_after(tmp_path, before, after, BODY, STYLED):
        assert set(np.unique(frame.labels)) > {HEADS, LEGS}
        assert np.array_equal(frame.labels, whole.labels[frame.rect.slices])


@pytest.mark.parametrize("there", [True, False], ids=["put down", "taken away"])
def test_previews_of_a_bicycle_show_what_is_seen_through_it(tmp_path, there):
    alone, parked = street_with(*GROUND), street_with(*GROUND, (BICYCLE, CYCLE))
    before, label = (alone, CYCLE) if there else (parked, PAVEMENT)
    after = stroke(before, BICYCLE, 1, label, label)
    whole = frame_of(after)
    assert (whole.labels[BICYCLE.slices] == PAVEMENT).sum() > 300
    for frame in shown_after(tmp_path, before, after, BICYCLE, STYLED):
        assert np.array_equal(frame.labels, whole.labels[frame.rect.slices])
        assert np.array_equal(frame.instances, whole.instances[frame.rect.slices])


def test_previews_of_what_hides_things_show_them_as_whole_frames_do(tmp_path):
    before = street_with(*COVERED[:-1])
    after = stroke(before, COVER, 1, POLE, POLE)
    whole, open_to_view = frame_of(after), frame_of(before)
    shown = STANDING.intersection(Rect(0, 0, 160, COVER.y0))
    assert (whole.labels[shown.slices] != open_to_view.labels[shown.slices]).sum() > 30
    touched = STANDING.union(COVER)
    for frame in shown_after(tmp_path, before, after, touched, STYLED):
        here = frame.labels[touched.slices_in(frame.rect)]  # elsewhere as it was shown before
        assert np.array_equal(here, whole.labels[touched.slices])


def test_previews_of_a_pavement_show_its_kerb_at_once(tmp_path):
    before = street_with((BELOW, ROAD))
    after = stroke(before, BEHIND, 1, PAVEMENT, PAVEMENT)
    whole = frame_of(after)
    assert (whole.labels == KERBS).sum() > 100
    for frame in shown_after(tmp_path, before, after, BEHIND, STYLED):
        assert np.array_equal(frame.labels, whole.labels[frame.rect.slices])


def test_what_is_painted_over_a_kerb_hides_it_in_previews(tmp_path):
    strip, touched = Rect(90, 80, 150, 84), Rect(80, 74, 160, 90)  # no pavement is left
    before = street_with((BELOW, ROAD), (strip, PAVEMENT))
    assert (frame_of(before).labels[strip.slices] == KERBS).all()
    after = stroke(before, touched, 1, 11, 11)
    for frame in shown_after(tmp_path, before, after, touched, STYLED):
        assert np.isin(frame.labels[touched.slices_in(frame.rect)], (11, WINDOWS, SHOPS)).all()
