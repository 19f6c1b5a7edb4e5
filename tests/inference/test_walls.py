"""Previews of strokes that move walls: the distances of walls belong to the whole picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.inference.engine import Engine
from model.inference.plan.regions import Halo
from model.scene.geometry import Rect
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.scene import Scene
from model.scene.surface import SURFACE_CHANNELS, surface_part
from model.scene.walls import find_walls
from tests.inference.conftest import SURFACE, always, never, patch_of
from tests.inference.test_repaint import stroke

ROAD, WALL, SKY = 7, 11, 23
SIZE = HEIGHT, WIDTH = 128, 256


def street() -> Scene:
    """Walls to the left and right of a road, all of whose feet are seen."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    foot = HEIGHT / 2 + 6 + np.abs(columns - WIDTH / 2) * 0.25
    labels = np.where(rows > foot, ROAD, WALL)
    labels[:20] = SKY
    return Scene(load_schema(CITYSCAPES_NAME), labels.astype(np.uint8), labels.astype(np.int32), {})


@pytest.mark.parametrize("label", [WALL, ROAD])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_stroke_over_the_feet_of_walls_is_a_small_preview_and_a_fresh_frame(
    checkpoint, label, precision
):
    halo = Halo(32, 16)
    engine = Engine(checkpoint, "cpu", precision, previews="region", halo=halo)
    before, rect = street(), Rect(24, 70, 60, 120) if label == WALL else Rect(8, 60, 80, 110)
    list(engine.render(patch_of(before), never))
    after = stroke(before, rect, 1, label, label)
    old, new = (find_walls(scene.label_map, SURFACE) for scene in (before, after))
    assert old[0] != new[0]
    (preview,) = engine.render(patch_of(after, rect), always)
    reach = 1 + HEIGHT // 32 + 16 + halo.fine  # boundaries, distances to them, whole tiles, halo
    assert not preview.final
    assert preview.rect.union(rect.grown(reach)) == rect.grown(reach)
    # It goes by the distances of the last exact frame, like all around it.
    assert engine._repainter is not None
    reference = engine._repainter._known.reference
    assert reference is not None
    walls = replace(SURFACE, vehicles=())
    expected = surface_part(rect, SIZE, after.label_map[rect.slices], old, walls)
    assert np.array_equal(reference[(slice(-SURFACE_CHANNELS, None), *rect.slices)], expected)
    *_, exact = engine.render(patch_of(after, Rect(0, 0, 0, 0), 2), never)
    fresh = Engine(checkpoint, "cpu", precision, previews="never").picture(after)
    assert exact.final and np.array_equal(exact.pixels, fresh)
