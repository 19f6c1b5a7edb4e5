"""Heads, legs and gaps in wheels in previews, parts and training, as in whole frames."""

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
from model.scene.geometry import Rect
from model.scene.scene import Scene
from model.training.frames import make_frame as training_frame
from tests.inference.conftest import SURFACE
from tests.inference.test_pieces import street_with
from tests.inference.test_plan import BARE, make_local, painted
from tests.inference.test_repaint import stroke
from tests.inference.test_trunks import shown_after, style_of

PERSON, CYCLE, HEADS, LEGS, GAPS = 24, 33, 35, 36, 37
PARTS = {HEADS, LEGS, GAPS}
BODY, WHEELS = Rect(56, 20, 72, 84), Rect(90, 50, 150, 86)
STYLED = ConditioningConfig(
    label_channels=38,
    feature_channels=3,
    spatial_reference=True,
    surface=replace(
        SURFACE, people=(PERSON,), cycles=(CYCLE,), heads=(HEADS,), legs=(LEGS,), gaps=(GAPS,)
    ),
    unstyled=(HEADS, LEGS, GAPS),
)
GRID = FrameSize(8, 16)


def frame_of(scene: Scene, grid: FrameSize = GRID) -> Frame:
    maps = scene.label_map, scene.instance_map
    return make_frame(*maps, grid, reference=True, surface=STYLED.surface).styled(style_of, 3)


def test_parts_have_no_features_and_training_sees_the_same():
    scene = street_with((BODY, PERSON), (WHEELS, CYCLE), size=(93, 157))
    frame = frame_of(scene, FrameSize(1, 1))
    seen = frame_conditioning(STYLED, frame, torch.zeros(()))[0]
    first, features = STYLED.map_channels, slice(STYLED.map_channels, STYLED.map_channels + 3)
    hair, face, chest, shin = (22, 64), (25, 64), (45, 64), (75, 64)
    saddle, wheel = (55, 120), (75, 101)
    for place, label in (
        *((hair, HEADS), (face, HEADS), (chest, PERSON), (shin, LEGS)),
        *((saddle, CYCLE), (wheel, GAPS)),
    ):
        assert seen[:38, *place].nonzero().flatten().tolist() == [label]
        assert bool(seen[features, *place].any()) == (label not in PARTS)
    for body in (seen[first - 1, 21:83, 57:71], seen[first - 1, 51:85, 91:149]):
        assert not body.any()  # to the map they are one
    picture = np.zeros((93, 157, 3), np.uint8)
    trained = training_frame(scene.label_map, scene.instance_map, picture, STYLED)
    assert torch.equal(trained.labels, seen[:38].argmax(0).to(torch.uint8))
    looked_at = {int(trained.labels[tuple(own[0])]) for own in trained.places}
    assert looked_at >= PARTS


def test_parts_of_a_scene_made_one_by_one_show_what_the_whole_does():
    scene = street_with((BODY, PERSON), (WHEELS, CYCLE), size=(93, 157))
    maps = scene.label_map, scene.instance_map, GRID
    whole = make_frame(*maps, reference=True, surface=STYLED.surface)
    parts = scene_maps(*maps, reference=True, surface=STYLED.surface)
    assert set(np.unique(whole.labels)) > PARTS
    for rect in (Rect(0, 0, 64, 50), Rect(60, 30, 160, 96)):
        part = parts.part(rect)
        assert np.array_equal(part.labels, whole.labels[rect.slices])


@pytest.mark.parametrize("lookup", [True, False])
def test_plans_paint_parts_as_the_plain_network_does(lookup):
    first = STYLED.map_channels
    generator = make_local(STYLED, **BARE, tint=range(first, first + 3))
    frame = frame_of(street_with((BODY, PERSON), (WHEELS, CYCLE)))
    like = torch.zeros(())
    expected = painted(PlainPainter(generator, STYLED, like), frame)
    plan = compile_plan(generator, STYLED, like, lookup=lookup)
    assert (painted(plan, frame) - expected).abs().max() < 1e-4
    dressed = replace(STYLED, unstyled=())
    assert (painted(PlainPainter(generator, dressed, like), frame) - expected).abs().max() > 0.1


def test_previews_of_a_stroke_on_a_person_show_what_whole_frames_do(tmp_path):
    before = street_with((BODY, PERSON), (WHEELS, CYCLE))
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
