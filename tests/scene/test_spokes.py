"""What is seen through the wheels of bicycles against what every pixel's row shows."""

from __future__ import annotations

import numpy as np
import pytest

from model.scene.figures import find_figures
from model.scene.geometry import Rect
from model.scene.spokes import find_spokes, seen_through
from model.scene.surface_labels import SurfaceLabels

ROAD, PAVEMENT, WALL, PERSON, BICYCLE, MOTORCYCLE = 7, 8, 11, 24, 33, 32
KNOWN = SurfaceLabels(
    ground=(ROAD, PAVEMENT), walls=(WALL,), cycles=(BICYCLE, MOTORCYCLE), spoked=(BICYCLE,)
)
SIZE = (120, 300)


def maps(*cycles: tuple[int, Rect]) -> tuple[np.ndarray, np.ndarray]:
    """Walls above a pavement and a road that begins at column 150, with cycles by their ids."""
    labels = np.full(SIZE, WALL, np.uint8)
    labels[60:] = PAVEMENT
    labels[60:, 150:] = ROAD
    instances = labels.astype(np.int32)
    instances[labels == WALL] = 11004
    for instance_id, box in cycles:
        labels[box.slices], instances[box.slices] = instance_id // 1000, instance_id
    return labels, instances


def plainly(labels: np.ndarray, instances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixel by pixel: whether it lies within a wheel, and the nearest of its row that is told."""
    seen = labels.copy(), instances.copy()
    for owner in np.unique(instances[labels == BICYCLE]).tolist():
        rows, columns = np.nonzero((instances == owner) & (labels == BICYCLE))
        left, right, top, bottom = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
        wide, high = right - left, bottom - top
        if high < 12 or wide < 0.4 * high:
            continue
        for row, column in zip(rows, columns, strict=True):
            up, across = (bottom - row - 0.5) / high, (column + 0.5 - left) / wide
            if (
                min(((across - x) / 0.16) ** 2 + ((up - 0.31) / 0.265) ** 2 for x in (0.19, 0.81))
                >= 1
            ):
                continue
            told = [
                (abs(other - column), other)
                for other in range(max(0, left - wide), min(labels.shape[1], right + wide))
                if labels[row, other] in (ROAD, PAVEMENT, WALL)
            ]
            if told:
                _, nearest = min(told)
                seen[0][row, column] = labels[row, nearest]
                seen[1][row, column] = instances[row, nearest]
    return seen


@pytest.mark.parametrize(
    "cycles",
    [
        [(33000, Rect(40, 40, 120, 100))],
        [(33000, Rect(120, 50, 190, 95)), (33001, Rect(150, 60, 200, 90))],  # one before the other
        [(33000, Rect(0, 30, 60, 75)), (33001, Rect(240, 70, 300, 110))],  # at the sides
        [(33000, Rect(0, 62, 300, 118))],  # nothing is seen beside it
    ],
    ids=["alone", "overlapping", "cut off", "across"],
)
def test_wheels_show_the_nearest_ground_of_their_row(cycles) -> None:
    labels, instances = maps(*cycles)
    before = labels.copy(), instances.copy()
    expected = plainly(labels, instances)
    shown = seen_through(labels, instances, KNOWN)
    for made, plain, own in zip(shown, expected, before, strict=True):
        assert np.array_equal(made, plain)
        assert made.dtype == own.dtype
    assert np.array_equal(labels, before[0]) and np.array_equal(instances, before[1])
    assert (shown[0] != labels).sum() > 200 or (len(cycles) == 1 and cycles[0][1].width == 300)


def test_a_person_before_a_wheel_stays_and_is_nothing_that_is_seen_through_it() -> None:
    labels, instances = maps((33000, Rect(40, 40, 120, 100)))
    labels[30:100, 30:46] = PERSON
    instances[labels == PERSON] = 24000
    shown, owners = seen_through(labels, instances, KNOWN)
    assert (shown[labels == PERSON] == PERSON).all()
    through = (labels == BICYCLE) & (shown != BICYCLE)
    assert through.sum() > 300 and set(np.unique(shown[through])) <= {PAVEMENT, WALL, ROAD}
    assert set(np.unique(owners[through])) <= {PAVEMENT, ROAD, 11004}


def test_parts_show_what_the_whole_does() -> None:
    labels, instances = maps((33000, Rect(40, 40, 120, 100)), (33001, Rect(130, 60, 200, 110)))
    figures = find_figures(labels, instances, KNOWN)
    spokes = find_spokes(labels, instances, KNOWN, figures)
    whole = seen_through(labels, instances, KNOWN)
    assert spokes is not None
    for rect in (Rect(0, 0, 300, 120), Rect(60, 70, 150, 101), Rect(0, 0, 20, 20)):
        for own, seen in zip((labels, instances), whole, strict=True):
            part = own[rect.slices].copy()
            spokes.put(rect, part, own)
            assert np.array_equal(part, seen[rect.slices])


@pytest.mark.parametrize(
    "cycle",
    [
        (32000, Rect(40, 40, 120, 100)),  # a motorcycle
        (33000, Rect(40, 40, 66, 110)),  # seen from behind
        (33000, Rect(40, 90, 60, 101)),  # too small
    ],
)
def test_other_wheels_show_nothing(cycle) -> None:
    labels, instances = maps(cycle)
    assert find_spokes(labels, instances, KNOWN, find_figures(labels, instances, KNOWN)) is None
    assert seen_through(labels, instances, KNOWN)[0] is labels
