"""Kerbs against rays shot one by one at a street with raised pavements."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.scene.geometry import Rect
from model.scene.kerbs import find_kerbs
from model.scene.street_grid import EYE_HEIGHT, FOCAL, PITCH
from model.scene.surface_labels import SurfaceLabels

ROAD, PAVEMENT, CAR, SKY, BONNET, KERB = 7, 8, 26, 23, 1, 37
KNOWN = SurfaceLabels(ground=(ROAD, PAVEMENT), slabs=(PAVEMENT,), kerbs=(KERB,))
HIGH, WIDE = 0.13, 0.16


def street(size: tuple[int, int], aside: float, ahead: float) -> tuple[np.ndarray, np.ndarray]:
    """A label map, and where it shows kerbs, of a road that pavements close in.

    On both sides so many metres from the eye, and across the street so many metres ahead.
    """
    height, width = size
    labels, kerbs = np.full(size, SKY, np.uint8), np.zeros(size, bool)
    sine, cosine = math.sin(PITCH), math.cos(PITCH)
    for row in range(height):
        up = (height / 2 - row - 0.5) / (FOCAL * width)
        down, along = sine - up * cosine, up * sine + cosine
        if down < 0.006:
            continue
        for column in range(width):
            right = abs(column + 0.5 - width / 2) / (FOCAL * width)
            ground, raised = EYE_HEIGHT / down, (EYE_HEIGHT - HIGH) / down  # how far rays go
            if right * ground < aside and along * ground < ahead:
                labels[row, column] = ROAD
                continue
            labels[row, column] = PAVEMENT
            outside = right * raised < aside + WIDE and along * raised < ahead + WIDE
            kerbs[row, column] = outside
    return labels, kerbs


@pytest.mark.parametrize(
    ("aside", "ahead"), [(4.0, 1e9), (9.0, 1e9), (6.0, 18.0)], ids=["near", "wide", "closed"]
)
@pytest.mark.parametrize("size", [(256, 512), (301, 640)])
def test_the_face_and_the_top_of_a_kerb_are_told_from_its_foot(size, aside, ahead) -> None:
    labels, expected = street(size, aside, ahead)
    found = find_kerbs(labels, KNOWN)
    assert found is not None
    shown = found.left_out(Rect(0, 0, size[1], size[0]), labels, KNOWN)
    kerbs = shown == KERB
    assert np.array_equal(np.where(kerbs, PAVEMENT, shown), labels)
    rows, _ = np.nonzero(expected)
    assert len(rows) > 300
    union = kerbs | expected
    assert (kerbs & expected).sum() > 0.8 * union.sum()
    # What differs is a pixel or two at the upper edge.
    wrong = (kerbs != expected).sum(0)
    assert wrong.max() <= (2 if ahead > 1e8 else 4)


@pytest.mark.parametrize("bonnet", [0, 40])
def test_where_the_picture_or_a_bonnet_cuts_a_kerb_off_it_runs_on(bonnet: int) -> None:
    labels, expected = street((256, 512), 2.0, 1e9)
    labels[256 - bonnet :] = BONNET
    expected &= labels == PAVEMENT
    found = find_kerbs(labels, KNOWN)
    assert found is not None
    last = 255 - bonnet
    assert expected[last].sum() > 10
    assert (found.mask[last - found.top] == expected[last]).mean() > 0.99
    wrong = (found.mask != expected[found.top :]).sum(0)
    assert wrong.max() <= 2


def test_what_stands_before_a_kerb_hides_its_foot() -> None:
    labels, _ = street((256, 512), 4.0, 1e9)
    found = find_kerbs(labels, KNOWN)
    assert found is not None
    column = 330
    foot = int(np.flatnonzero(labels[:, column] == ROAD)[0])
    assert found.mask[foot - 1 - found.top, column]
    labels[foot : foot + 5, column] = CAR  # not where the kerb is seen nearest
    hidden = find_kerbs(labels, KNOWN)
    assert hidden is not None
    assert not hidden.mask[:, column].any() and hidden.mask[:, column + 2].any()


def test_parts_show_the_kerbs_of_the_whole() -> None:
    labels, _ = street((256, 512), 4.0, 1e9)
    found = find_kerbs(labels, KNOWN)
    assert found is not None
    whole = found.left_out(Rect(0, 0, 512, 256), labels, KNOWN)
    for rect in (Rect(300, 100, 400, 200), Rect(0, 60, 512, 256), Rect(200, 0, 300, 40)):
        part = labels[rect.slices]
        shown = found.left_out(rect, part, KNOWN)
        assert np.array_equal(shown, whole[rect.slices])
        assert (shown is part) == (not (whole[rect.slices] == KERB).any())


@pytest.mark.parametrize("size", [(1, 1), (2, 64), (64, 1)])
def test_maps_without_kerbs_have_none(size) -> None:
    for label in (ROAD, PAVEMENT, SKY):
        assert find_kerbs(np.full(size, label, np.uint8), KNOWN) is None
    labels, _ = street((64, 128), 4.0, 1e9)
    assert find_kerbs(labels, SurfaceLabels(ground=(ROAD, PAVEMENT), slabs=(PAVEMENT,))) is None
