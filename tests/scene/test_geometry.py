from __future__ import annotations

import numpy as np
import pytest

from model.scene.geometry import EMPTY, Rect

RNG = np.random.default_rng(3)


def pixels(rect: Rect) -> set[tuple[int, int]]:
    return {(x, y) for y in range(rect.y0, rect.y1) for x in range(rect.x0, rect.x1)}


def random_rects(count: int) -> list[Rect]:
    corners = RNG.integers(-4, 8, (count, 4)).tolist()
    return [Rect(*corner) for corner in corners]


def test_a_rectangle_around_a_mask_holds_its_pixels_and_no_empty_row_or_column():
    for _ in range(50):
        mask = RNG.random((6, 7)) < 0.1
        rect = Rect.around(mask)
        ys, xs = np.nonzero(mask)
        if len(xs):
            assert rect == Rect(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
            assert mask[rect.slices].sum() == mask.sum()
        else:
            assert rect == EMPTY


@pytest.mark.parametrize("rect", random_rects(40), ids=str)
def test_a_rectangle_is_true_exactly_when_it_holds_a_pixel(rect):
    assert bool(rect) == bool(pixels(rect))
    inside = {(x, y) for x in range(-5, 9) for y in range(-5, 9) if rect.contains(x, y)}
    assert inside == pixels(rect)


def test_intersection_and_clipping_agree_with_sets_of_pixels():
    for one, other in zip(random_rects(60), random_rects(60), strict=True):
        assert pixels(one.intersection(other)) == pixels(one) & pixels(other)
        assert pixels(one.clipped(5, 3)) == pixels(one) & pixels(Rect(0, 0, 5, 3))


def test_a_union_is_the_rectangle_around_the_pixels_of_both():
    for one, other in zip(random_rects(60), random_rects(60), strict=True):
        mask = np.zeros((20, 20), bool)
        for x, y in pixels(one) | pixels(other):
            mask[y + 5, x + 5] = True
        around = Rect.around(mask)
        moved = Rect(around.x0 - 5, around.y0 - 5, around.x1 - 5, around.y1 - 5)
        union = one.union(other)
        assert pixels(union) == (pixels(moved) if around else set())


def test_growing_adds_pixels_on_every_side_but_nothing_to_an_empty_rectangle():
    assert Rect(2, 3, 4, 5).grown(2) == Rect(0, 1, 6, 7)
    assert EMPTY.grown(5) == EMPTY


def test_slices_find_the_same_pixels_in_the_map_and_in_an_array_that_covers_a_part():
    picture = np.arange(80).reshape(8, 10)
    outer, inner = Rect(2, 1, 9, 7), Rect(4, 3, 6, 7)
    assert (picture[outer.slices][inner.slices_in(outer)] == picture[inner.slices]).all()
    assert picture[inner.slices].shape == (inner.height, inner.width)
