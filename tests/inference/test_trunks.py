"""Trunks in previews and parts, as in whole frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig
from model.inference.engine import Engine
from model.inference.frame import Frame, FrameSize, make_frame
from model.inference.painter import PlainPainter
from model.inference.plan.plan import compile_plan
from model.inference.plan.stems import frame_conditioning
from model.inference.scene_maps import scene_maps
from model.scene.geometry import Rect
from model.scene.scene import Scene
from model.scene.surface import SURFACE_CHANNELS, surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.training.frames import make_frame as training_frame
from tests.inference.conftest import SURFACE, always, never, patch_of
from tests.inference.test_pieces import coordinates_after, street_with
from tests.inference.test_plan import BARE, make_local, painted
from tests.inference.test_repaint import UNLIMITED, bare_checkpoint, stroke

TREE, WALL = 21, 11
GREEN = replace(SURFACE, foliage=(TREE,), trees=(TREE,))
CROWN, TRUNK = Rect(30, 4, 90, 40), Rect(56, 40, 62, 80)


@pytest.mark.parametrize("size", [(96, 160), (93, 157)])
def test_a_trunk_that_is_painted_loses_its_leaves_at_once(tmp_path, size):
    before = street_with((CROWN, TREE), size=size)
    after = stroke(before, TRUNK, 1, TREE, TREE)
    shown, expected = coordinates_after(tmp_path, before, after, TRUNK, GREEN)
    assert np.array_equal(shown, expected)
    assert not expected[6:8, 2:].any()


def test_a_trunk_that_a_stroke_covers_in_part_is_told_from_all_of_the_map(tmp_path):
    before = street_with((CROWN, TREE), (TRUNK, TREE))
    rect = Rect(50, 60, 70, 90)
    after = stroke(before, Rect(50, 70, 70, 90), 1, WALL, WALL)
    shown, expected = coordinates_after(tmp_path, before, after, rect, GREEN)
    assert np.array_equal(shown, expected)
    assert not expected[6:8, :10, 6:12].any()


def test_without_its_crown_it_is_foliage(tmp_path):
    before = street_with((CROWN, TREE), (TRUNK, TREE))
    after = stroke(before, CROWN, 1, WALL, WALL)
    rect = CROWN.union(TRUNK)
    shown, expected = coordinates_after(tmp_path, before, after, rect, GREEN)
    assert np.array_equal(shown, expected)
    inside = (slice(6, 8), *TRUNK.slices_in(rect))
    assert expected[inside].any()


def test_painting_and_training_tell_the_same_trunks():
    scene = street_with((CROWN, TREE), (TRUNK, TREE), size=(93, 157))
    maps = scene.label_map, scene.instance_map, FrameSize(1, 1)
    known = SurfaceLabels(walls=(WALL,), foliage=(TREE,), trees=(TREE,))
    painted = make_frame(*maps, reference=False, surface=known).reference
    assert painted is not None
    assert np.array_equal(painted, surface_coordinates(scene.label_map, known))
    assert not painted[6:8, 45:, 56:62].any()


def test_parts_of_a_padded_scene_made_one_by_one_have_the_trunks_of_the_whole():
    scene = street_with((CROWN, TREE), (TRUNK, TREE), size=(93, 157))
    maps = scene.label_map, scene.instance_map, FrameSize(8, 8)
    whole = make_frame(*maps, reference=True, surface=GREEN).reference
    parts = scene_maps(*maps, reference=True, surface=GREEN)
    assert whole is not None
    assert not whole[-2:, 45:80, 56:62].any() and whole[-2:, 10:30, 35:80].any()
    for rect in (Rect(0, 0, 59, 60), Rect(59, 50, 160, 96)):
        reference = parts.part(rect).reference
        assert reference is not None and len(reference) > SURFACE_CHANNELS
        assert np.array_equal(reference, whole[(slice(None), *rect.slices)])


BARK = 34
STYLED = ConditioningConfig(
    feature_channels=3,
    spatial_reference=True,
    surface=replace(GREEN, trunks=(BARK,)),
    unstyled=(BARK,),
)
GRID = FrameSize(8, 16)


def style_of(instance_id: int) -> tuple[float, ...]:
    return (1.0, -2.0, instance_id % 7 / 7)


def frame_of(scene: Scene, grid: FrameSize = GRID) -> Frame:
    maps = scene.label_map, scene.instance_map
    return make_frame(*maps, grid, reference=True, surface=STYLED.surface).styled(style_of, 3)


def test_trunks_are_a_label_of_their_own_without_features_and_training_sees_the_same():
    scene = street_with((CROWN, TREE), (TRUNK, TREE), size=(93, 157))
    frame = frame_of(scene, FrameSize(1, 1))
    seen = frame_conditioning(STYLED, frame, torch.zeros(()))[0]
    first, bark, crown = STYLED.map_channels, (slice(45, 80), slice(56, 62)), CROWN.slices
    assert (seen[BARK, *bark] == 1).all() and not seen[TREE, *bark].any()
    assert not seen[first : first + 3, *bark].any()
    assert (seen[TREE, *crown] == 1).all() and not seen[BARK, *crown].any()
    assert (seen[first, *crown] == 1).all()
    assert not seen[first - 1, 46:79, 57:61].any()  # to the map they are one
    picture = np.zeros((93, 157, 3), np.uint8)
    trained = training_frame(scene.label_map, scene.instance_map, picture, STYLED)
    assert torch.equal(trained.labels, seen[:35].argmax(0).to(torch.uint8))
    assert trained.reference is not None
    assert np.array_equal(trained.reference.numpy(), frame.reference)
    looked_at = {int(trained.labels[tuple(own[0])]) for own in trained.places}
    assert BARK in looked_at


@pytest.mark.parametrize("lookup", [True, False])
def test_plans_paint_trunks_as_the_plain_network_does(lookup):
    generator = make_local(STYLED, **BARE, tint=STYLED.places_of_colors)
    frame = frame_of(street_with((CROWN, TREE), (TRUNK, TREE)))
    like = torch.zeros(())
    expected = painted(PlainPainter(generator, STYLED, like), frame)
    plan = compile_plan(generator, STYLED, like, lookup=lookup)
    assert (painted(plan, frame) - expected).abs().max() < 1e-4
    leafy = replace(STYLED, unstyled=())
    assert (painted(PlainPainter(generator, leafy, like), frame) - expected).abs().max() > 0.1


def shown_after(
    tmp_path, before: Scene, after: Scene, rect: Rect, conditioning: ConditioningConfig = STYLED
) -> list[Frame]:
    """The frames that previews of a stroke, and then of a style, are painted from."""
    checkpoint = bare_checkpoint(tmp_path / "bare", conditioning)
    engine = Engine(checkpoint, "cpu", "float32", previews="region", halo=UNLIMITED)
    list(engine.render(patch_of(before), never))
    repainter, frames = engine._repainter, []
    assert repainter is not None
    part = repainter._part

    def noted(*args, **options) -> Frame:
        frames.append(part(*args, **options))
        return frames[-1]

    repainter._part = noted
    (preview,) = engine.render(patch_of(after, rect), always)
    assert not preview.final
    again = replace(after, revision=after.revision + 1)
    (preview,) = engine.render(patch_of(again, rect), always)
    return frames


@pytest.mark.parametrize("before_trunk", [True, False], ids=["crown last", "trunk last"])
def test_previews_show_trunks_as_whole_frames_do(tmp_path, before_trunk):
    first, last = (TRUNK, CROWN) if before_trunk else (CROWN, TRUNK)
    before = street_with((first, TREE))
    after = stroke(before, last, 1, TREE, TREE)
    whole = frame_of(after)
    assert (whole.labels == BARK).any()
    for frame in shown_after(tmp_path, before, after, last):
        assert (frame.labels == BARK).any()
        assert np.array_equal(frame.labels, whole.labels[frame.rect.slices])


@pytest.mark.parametrize("left", [64, 102], ids=["beside", "where no trees are"])
def test_a_stroke_elsewhere_leaves_a_trunk_one(tmp_path, left):
    before = street_with((CROWN, TREE), (TRUNK, TREE))
    touched = Rect(left, 60, left + 12, 72)
    after = stroke(before, touched, 1, 7, 7)
    for frame in shown_after(tmp_path, before, after, touched):
        assert np.array_equal(frame.labels, frame_of(after).labels[frame.rect.slices])
        assert (frame.labels == BARK).any()
