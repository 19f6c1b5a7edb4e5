"""Lights and signs one by one in previews and parts, as in whole frames."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from model.checkpoint import open_checkpoint
from model.conditioning import ConditioningConfig
from model.inference.engine import Engine
from model.inference.frame import FrameSize, make_frame
from model.inference.scene_maps import scene_maps
from model.scene.geometry import Rect
from model.scene.scene import Scene
from model.scene.surface import SURFACE_CHANNELS
from tests.inference.conftest import SURFACE, always, blocks, never, patch_of
from tests.inference.test_repaint import UNLIMITED, bare_checkpoint, stroke

LIGHT, SIGN = 19, 20
LETTERED = replace(SURFACE, lights=(LIGHT,), signs=(SIGN,))


def coordinates_after(tmp_path, before: Scene, after: Scene, rect: Rect, surface=LETTERED):
    """Surface channels of a preview inside its stroke, and those of a fresh frame there."""
    conditioning = ConditioningConfig(surface=surface, spatial_reference=True)
    checkpoint = bare_checkpoint(tmp_path / "bare", conditioning)
    engine = Engine(checkpoint, "cpu", "float32", previews="region", halo=UNLIMITED)
    list(engine.render(patch_of(before), never))
    (preview,) = engine.render(patch_of(after, rect), always)
    assert not preview.final
    assert engine._repainter is not None
    shown = engine._repainter._known.reference
    size = engine._repainter._means.frame_size
    frame = make_frame(after.label_map, after.instance_map, size, reference=True, surface=surface)
    assert shown is not None and frame.reference is not None
    inside = (slice(-SURFACE_CHANNELS, None), *rect.slices)
    return shown[inside], frame.reference[inside]


def street_with(*boxes: tuple[Rect, int], size=(96, 160), revision: int = 0) -> Scene:
    """A wall with lights and signs, each of them one instance as in label maps."""
    scene = stroke(blocks(*size), Rect(0, 0, size[1], size[0]), revision, 11, 11)
    for rect, label in boxes:
        scene = stroke(scene, rect, revision, label, label)
    return scene


@pytest.mark.parametrize("label", [LIGHT, SIGN])
@pytest.mark.parametrize(
    ("size", "new"),
    [((96, 160), Rect(20, 10, 44, 34)), ((93, 157), Rect(137, 10, 157, 34))],
    ids=["inside", "at the side of a padded one"],
)
def test_a_new_light_or_sign_has_its_own_drawing_at_once(tmp_path, label, size, new):
    other = Rect(80, 8, 100, 40)
    before = street_with((other, label), size=size)
    after = street_with((other, label), (new, label), size=size, revision=1)
    shown, expected = coordinates_after(tmp_path, before, after, new)
    assert np.array_equal(shown, expected)
    alone = street_with((new, label), size=size)
    _, single = coordinates_after(tmp_path, before, alone, new)
    assert np.array_equal(shown, single)


@pytest.mark.parametrize("label", [LIGHT, SIGN])
def test_a_sign_that_a_stroke_covers_in_part_is_not_cut_off_where_it_ends(tmp_path, label):
    before = street_with((Rect(30, 10, 78, 30), label))
    rect = Rect(20, 6, 50, 22)
    after = stroke(before, Rect(20, 6, 40, 22), 1, 11, 11)
    shown, expected = coordinates_after(tmp_path, before, after, rect)
    assert np.array_equal(shown, expected)
    assert np.ptp(shown[0, 4:, 20:].astype(int)) < 60  # most of it lies beyond the stroke


def test_parts_of_a_padded_scene_made_one_by_one_have_the_pieces_of_the_whole():
    scene = street_with(
        (Rect(30, 10, 78, 30), SIGN), (Rect(147, 20, 157, 60), LIGHT), size=(93, 157)
    )
    maps = scene.label_map, scene.instance_map, FrameSize(8, 8)
    whole = make_frame(*maps, reference=True, surface=LETTERED)
    parts = scene_maps(*maps, reference=True, surface=LETTERED)
    assert whole.reference is not None
    for rect in (Rect(0, 0, 48, 24), Rect(48, 16, 160, 96), Rect(157, 93, 160, 96)):
        reference = parts.part(rect).reference
        assert np.array_equal(reference, whole.reference[(slice(None), *rect.slices)])


def test_a_checkpoint_of_before_signs_opens_and_draws_none(tmp_path):
    conditioning = ConditioningConfig(surface=SURFACE, spatial_reference=True)
    folder = tmp_path / "bare"
    bare_checkpoint(folder, conditioning)
    written = json.loads((folder / "checkpoint.json").read_text())
    assert written["conditioning"]["surface"].pop("signs") == []
    (folder / "checkpoint.json").write_text(json.dumps(written))
    assert open_checkpoint(folder).conditioning == conditioning
    scene = street_with((Rect(30, 10, 78, 30), SIGN))
    maps = scene.label_map, scene.instance_map, FrameSize(8, 8)
    frame = make_frame(*maps, reference=True, surface=SURFACE)
    assert frame.reference is not None
    assert not frame.reference[-SURFACE_CHANNELS:, scene.label_map == SIGN].any()
