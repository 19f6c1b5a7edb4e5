"""FlatRenderer and the scene copy under it, against the whole scene painted anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.inference.flat import FlatRenderer
from model.inference.scene_copy import SceneCopy
from model.scene.geometry import EMPTY, Rect
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.scene import Scene
from tests.inference.conftest import always, blocks, never, patch_of

SCHEMA = load_schema(CITYSCAPES_NAME)


def painted_slowly(scene: Scene) -> np.ndarray:
    """Pixel by pixel: the palette's colour, darker beside another instance."""
    height, width = scene.size
    pixels = np.zeros((height, width, 3), np.uint8)
    for y in range(height):
        for x in range(width):
            near = [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
            inside = [place for place in near if 0 <= place[0] < height and 0 <= place[1] < width]
            edge = any(scene.instance_map[place] != scene.instance_map[y, x] for place in inside)
            color = np.array(SCHEMA.by_id(int(scene.label_map[y, x])).color)
            pixels[y, x] = color * 0.8 if edge else color
    return pixels


def test_a_flat_picture_has_palette_colours_and_darker_boundaries():
    scene = blocks(20, 30)
    (result,) = FlatRenderer(SCHEMA).render(patch_of(scene), never)
    assert result.final
    assert result.rect == Rect(0, 0, 30, 20)
    assert np.array_equal(result.pixels, painted_slowly(scene))


edits = st.lists(
    st.tuples(st.integers(0, 29), st.integers(0, 19), st.integers(1, 12), st.integers(1, 12)),
    max_size=5,
)


@given(edits)
def test_patches_keep_the_flat_picture_equal_to_a_fresh_one(edits):
    scene, renderer = blocks(20, 30), FlatRenderer(SCHEMA)
    (result,) = renderer.render(patch_of(scene), never)
    shown = result.pixels.copy()
    labels, instances = scene.label_map.copy(), scene.instance_map.copy()
    for number, (x, y, width, height) in enumerate(edits):
        rect = Rect(x, y, x + width, y + height).clipped(30, 20)
        labels[rect.slices], instances[rect.slices] = 26, 26000 + number
        scene = Scene(SCHEMA, labels.copy(), instances.copy())
        (result,) = renderer.render(patch_of(scene, rect), always)
        shown[result.rect.slices] = result.pixels
    assert np.array_equal(shown, painted_slowly(scene))


def test_a_patch_without_pixels_paints_nothing():
    renderer, scene = FlatRenderer(SCHEMA), blocks(8, 8)
    list(renderer.render(patch_of(scene), never))
    (result,) = renderer.render(patch_of(scene, EMPTY, revision=1), never)
    assert (result.revision, result.rect) == (1, EMPTY)


def test_results_cannot_be_written_to():
    (result,) = FlatRenderer(SCHEMA).render(patch_of(blocks(8, 8)), never)
    with pytest.raises(ValueError, match="read-only"):
        result.pixels[0, 0] = 0


def test_the_first_patch_must_be_the_whole_scene():
    with pytest.raises(ValueError, match="must be all of it"):
        SceneCopy().take(patch_of(blocks(8, 8), Rect(0, 0, 4, 4)))


def test_a_patch_of_another_size_must_be_the_whole_scene():
    copy = SceneCopy()
    copy.take(patch_of(blocks(8, 8)))
    with pytest.raises(ValueError, match="must be all of it"):
        copy.take(patch_of(blocks(8, 12), Rect(0, 0, 4, 4)))
    copy.take(patch_of(blocks(8, 12)))
    assert copy.size == (8, 12)


def test_the_scene_copy_shares_no_memory_with_its_patches():
    scene, copy = blocks(8, 8), SceneCopy()
    patch = patch_of(scene)
    copy.take(patch)
    assert not np.shares_memory(copy.labels, patch.labels)
