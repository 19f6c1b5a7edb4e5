"""Viewport arithmetic, layers and outlines, each against the simplest correct thing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.overlay import BOUNDARY_ALPHA, MapLayers, outline, packed, translucent
from app.viewport import MAX_SCALE, MIN_SCALE, Viewport
from model.inference.request import RenderResult
from model.scene.boundary import boundary_map
from model.scene.geometry import Rect

coordinates = st.floats(-5000, 5000)


@given(st.floats(0.05, 40), coordinates, coordinates, coordinates, coordinates)
def test_view_and_map_coordinates_are_inverse(scale, x, y, px, py):
    viewport = Viewport(scale, x, y)
    assert viewport.to_map(viewport.to_view((px, py))) == pytest.approx((px, py), abs=1e-6)


@given(st.floats(0.01, 100), coordinates, coordinates)
def test_zooming_keeps_the_anchor_and_stays_in_range(factor, px, py):
    viewport = Viewport(0.7, 12, -9)
    fixed = viewport.to_map((px, py))
    viewport.zoom(factor, (px, py))
    assert viewport.to_view(fixed) == pytest.approx((px, py), abs=1e-3)
    assert MIN_SCALE <= viewport.scale <= MAX_SCALE


@given(coordinates, coordinates, st.sampled_from([1.0, 1.25, 1.5, 2.0]))
def test_the_map_can_never_be_lost_and_lies_on_whole_screen_pixels(dx, dy, ratio):
    viewport = Viewport(1.0, 0, 0)
    viewport.pan(dx, dy)
    viewport.settle((100, 200), (640, 480), ratio)
    assert viewport.x + 200 > 0 and viewport.x < 640
    assert viewport.y + 100 > 0 and viewport.y < 480
    assert viewport.x * ratio == pytest.approx(round(viewport.x * ratio))


def test_fitting_centres_the_whole_map():
    viewport = Viewport()
    viewport.fit((100, 200), (640, 480), 20)
    assert viewport.scale == pytest.approx(3.0)
    assert viewport.to_view((0, 0)) == pytest.approx((20, 90))
    assert viewport.rect_to_view(Rect(0, 0, 200, 100)) == pytest.approx((20, 90, 600, 300))


@given(st.integers(0, 2**30), st.integers(1, 7), st.integers(1, 7))
def test_outlines_are_the_edges_between_inside_and_outside(seed, height, width):
    mask = np.random.default_rng(seed).random((height, width)) < 0.5
    drawn = set()
    for line in outline(mask, Rect(10, 20, 10 + width, 20 + height)):
        x0, y0, x1, y1 = (round(value) for value in line.toTuple())
        drawn |= {((x, y0), (x + 1, y0)) for x in range(x0, x1)}
        drawn |= {((x0, y), (x0, y + 1)) for y in range(y0, y1)}
    padded = np.pad(mask, 1)
    expected = set()
    for y in range(height + 1):
        for x in range(width + 1):
            if padded[y, x + 1] != padded[y + 1, x + 1] and x < width:
                expected.add(((x + 10, y + 20), (x + 11, y + 20)))
            if padded[y + 1, x] != padded[y + 1, x + 1] and y < height:
                expected.add(((x + 10, y + 20), (x + 10, y + 21)))
    assert drawn == expected


def test_layers_brought_up_to_date_in_parts_equal_layers_made_anew(document):
    layers = MapLayers(document, document.schema.palette)
    document.listeners.append(lambda change: layers.update(change.rect))
    rng = np.random.default_rng(1)
    for _ in range(20):
        x, y = int(rng.integers(-5, 125)), int(rng.integers(-5, 60))
        label = int(rng.choice([7, 21, 23]))
        with document.edit("Dot"):
            document.paint(Rect(x, y, x + 9, y + 7), rng.random((7, 9)) < 0.7, label, label)
    fresh = MapLayers(document, document.schema.palette)
    assert np.array_equal(layers.colors.pixels, fresh.colors.pixels)
    assert np.array_equal(layers.lines.pixels, fresh.lines.pixels)
    boundary = boundary_map(document.instance_map)
    assert np.array_equal(layers.lines.pixels == BOUNDARY_ALPHA << 24, boundary)


def test_pending_pixels_are_those_the_shown_picture_does_not_know(document):
    layers = MapLayers(document, document.schema.palette)
    document.listeners.append(lambda change: layers.update(change.rect))
    with document.edit("Two dots"):
        document.paint(Rect(4, 4, 6, 6), np.ones((2, 2), bool), 21, 21)
        patch = document.patch(Rect(4, 4, 6, 6))
        document.paint(Rect(9, 4, 11, 6), np.ones((2, 2), bool), 21, 21)
    assert np.count_nonzero(layers.pending.pixels) == 8
    pixels = np.full((2, 2, 3), 50, np.uint8)
    layers.show_result(RenderResult(patch.revision, patch.rect, pixels, True, 0.0), patch)
    assert np.count_nonzero(layers.pending.pixels) == 4
    assert layers.pending.pixels[4:6, 9:11].all()
    document.undo()
    assert np.count_nonzero(layers.pending.pixels) == 4  # the picture shows what is gone
    assert layers.pending.pixels[4:6, 4:6].all()


def test_the_exported_picture_is_what_was_painted(document):
    layers = MapLayers(document, document.schema.palette)
    rng = np.random.default_rng(2)
    pixels = rng.integers(0, 256, (64, 128, 3), np.uint8)
    layers.show_result(
        RenderResult(0, document.bounds, pixels, True, 0.0), document.patch(document.bounds)
    )
    assert np.array_equal(layers.picture_pixels(), pixels)


def test_translucent_colours_are_premultiplied():
    color = np.array([255, 128, 0], np.uint8)
    assert packed(color) == 0xFFFF8000
    assert translucent(color, 128) == 128 << 24 | 128 << 16 | 64 << 8
