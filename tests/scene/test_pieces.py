"""Lights, fences and signs one by one, though the map has one instance of all of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.scene.geometry import Rect
from model.scene.pieces import (
    BOARD,
    DIAMOND,
    DISC,
    NO_SHAPE,
    SECOND,
    SQUARE,
    TRIANGLE,
    Placed,
    find_pieces,
    with_pieces,
)
from model.scene.reference import instance_boxes
from model.scene.surface import surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.scene.thing_drawings import DRAWINGS, SIDE, SIGN

ROAD, FENCE, LIGHT, SIGNS, CAR = 7, 13, 19, 20, 26
KNOWN = SurfaceLabels(vehicles=(CAR,), lights=(LIGHT,), fences=(FENCE,), signs=(SIGNS,))
HEIGHT, WIDTH = 256, 512


def empty() -> np.ndarray:
    return np.full((HEIGHT, WIDTH), ROAD, np.uint8)


def placed_of(labels: np.ndarray) -> Placed:
    return Placed(*instance_boxes(labels.astype(np.int32)))


def channels_of(labels: np.ndarray) -> np.ndarray:
    return surface_coordinates(labels, KNOWN, None, placed_of(labels))


def draw(labels: np.ndarray, shape: int, left: int, top: int, size: int) -> None:
    """A sign as high as `size` says, as cv2 fills it."""
    last = size - 1
    middle = last // 2
    corners = {
        TRIANGLE: [(middle, 0), (0, last), (last, last)],
        DIAMOND: [(middle, 0), (last, middle), (middle, last), (0, middle)],
        SQUARE: [(0, 0), (last, 0), (last, last), (0, last)],
        BOARD: [(0, 0), (round(2.67 * size), 0), (round(2.67 * size), last), (0, last)],
    }
    if shape == DISC:
        cv2.circle(labels, (left + middle, top + middle), middle, SIGNS, -1)
    else:
        cv2.fillPoly(labels, [np.array(corners[shape]) + np.array([left, top])], SIGNS)


@pytest.mark.parametrize("size", [9, 12, 15, 24, 41, 80])
@pytest.mark.parametrize("shape", [DISC, TRIANGLE, DIAMOND, SQUARE, BOARD])
def test_signs_are_told_apart_by_their_shapes(shape: int, size: int) -> None:
    labels = empty()
    draw(labels, shape, 130, 60, size)
    pieces = find_pieces(labels, KNOWN)
    assert pieces is not None
    assert pieces.shapes.tolist() == [shape]


def test_octagons_are_discs() -> None:
    labels = empty()
    angles = (np.arange(8) + 0.5) * np.pi / 4
    corners = np.stack([np.cos(angles), np.sin(angles)], 1) * 20 + 100
    cv2.fillPoly(labels, [np.rint(corners).astype(np.int32)], SIGNS)
    pieces = find_pieces(labels, KNOWN)
    assert pieces is not None
    assert pieces.shapes.tolist() == [DISC]


@pytest.mark.parametrize("label", [LIGHT, FENCE, SIGNS])
def test_two_apart_have_each_the_channels_that_it_has_alone(label: int) -> None:
    one, other = np.s_[40:90, 60:80], np.s_[100:121, 300:330]
    together, alone = empty(), [empty(), empty()]
    for there, single in zip((one, other), alone, strict=True):
        together[there] = single[there] = label
    channels = channels_of(together)
    for there, single in zip((one, other), alone, strict=True):
        assert np.array_equal(channels[:, *there], channels_of(single)[:, *there])
        assert channels[0, *there].min() < -110 < 110 < channels[0, *there].max()
    assert not channels[:, together == ROAD].any()


@pytest.mark.parametrize("shape", [DISC, TRIANGLE, DIAMOND, SQUARE, BOARD])
@pytest.mark.parametrize("left", [20, 290])
def test_signs_show_their_drawing_and_letters_are_never_mirrored(shape: int, left: int) -> None:
    labels = empty()
    draw(labels, shape, left, 40, 64)
    there = np.nonzero(labels == SIGNS)
    rows, columns = (axis - axis.min() for axis in there)
    places = (rows.max() - rows + 0.5) / (rows.max() + 1), (columns + 0.5) / (columns.max() + 1)
    drawn = DRAWINGS[:, SIGN + shape][:, *((place * SIDE).astype(int) for place in places)]
    shown = channels_of(labels)[6:, *there] / 127
    assert np.mean(np.abs(shown - drawn * shown.max()) > 0.1) < 0.08
    for rim_or_symbol in shown:
        assert rim_or_symbol.max() > 0.8 * 64 / (64 + 0.006 * WIDTH) * drawn.max()


def test_all_of_a_sign_tells_its_shape() -> None:
    told = set()
    for shape in (DISC, TRIANGLE, DIAMOND, SQUARE, BOARD):
        labels = empty()
        draw(labels, shape, 130, 60, 41)
        (values,) = {tuple(each) for each in channels_of(labels)[2:4, labels == SIGNS].T.tolist()}
        told.add(values)
    assert told == {(127, 127), (-127, 127), (127, -127), (-127, -127), (0, 0)}


def test_what_touches_at_a_corner_is_one_and_other_labels_are_others() -> None:
    labels = empty()
    labels[10:20, 10:20] = labels[20:30, 20:30] = SIGNS
    labels[10:20, 20:25], labels[50:60, 50:60] = LIGHT, CAR
    placed = placed_of(labels)
    made = with_pieces(labels, placed, KNOWN)
    known = len(placed.boxes)
    assert np.array_equal(made.boxes[:known], placed.boxes)
    assert made.boxes[known:].tolist() == [[20, 10, 25, 20], [10, 10, 30, 30]]
    assert made.shapes is not None
    assert made.shapes.tolist() == [NO_SHAPE] * (known + 1) + [DIAMOND]
    coats = placed._replace(shapes=np.full(known, SECOND, np.int32))
    shapes = with_pieces(labels, coats, KNOWN).shapes
    assert shapes is not None and shapes.tolist() == [SECOND] * known + [NO_SHAPE, DIAMOND]
    assert (made.rows[labels == LIGHT] == known).all()
    assert (made.rows[labels == SIGNS] == known + 1).all()
    rest = (labels == ROAD) | (labels == CAR)
    assert np.array_equal(made.rows[rest], placed.rows[rest])
    assert made.rows.dtype == made.boxes.dtype == made.shapes.dtype == np.int32


def test_a_map_without_lights_and_signs_stays_as_it_is() -> None:
    labels = empty()
    labels[50:60, 50:60] = CAR
    placed = placed_of(labels)
    assert with_pieces(labels, placed, KNOWN) is placed


def test_a_part_has_the_pieces_of_the_whole() -> None:
    labels = empty()
    for left in (20, 150, 300):
        draw(labels, DISC, left, 60, 40)
        labels[130:160, left : left + 9] = LIGHT
    placed = placed_of(labels)
    whole, pieces = with_pieces(labels, placed, KNOWN), find_pieces(labels, KNOWN)
    assert pieces is not None
    for rect in (Rect(165, 70, 310, 150), Rect(0, 0, 3, 3)):
        part = pieces.put(rect, Placed(placed.rows[rect.slices], placed.boxes))
        assert np.array_equal(part.boxes[part.rows], whole.boxes[whole.rows[rect.slices]])
