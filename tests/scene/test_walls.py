"""Where the walls of a street are found, against a street whose walls are where one says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from model.scene.geometry import Rect
from model.scene.street_grid import FOCAL, PAVEMENT, PITCH
from model.scene.surface import surface_part
from model.scene.walls import Walls, find_walls
from tests.scene.shot_street import (
    AHEAD,
    BUILDING,
    HEIGHT,
    LABELS,
    LEFT,
    RIGHT,
    ROAD,
    SIZE,
    SKY,
    WIDTH,
    hit,
)


def test_the_feet_of_walls_tell_how_far_they_are(open_street: np.ndarray) -> None:
    left, right, *ahead = find_walls(open_street, LABELS)
    assert ahead == [math.inf, 1]
    assert left == pytest.approx(LEFT, rel=0.03)
    assert right == pytest.approx(RIGHT, rel=0.03)


def test_cars_before_a_wall_do_not_move_it(open_street: np.ndarray) -> None:
    hidden = open_street.copy()
    hidden[HEIGHT // 2 - 12 :, : WIDTH // 4] = 26
    assert find_walls(hidden, LABELS)[0] == pytest.approx(LEFT, rel=0.05)


def test_what_lies_behind_a_gap_does_not_move_a_wall(open_street: np.ndarray) -> None:
    """A street aside: road where the wall was, another house's foot far behind."""
    gap = open_street.copy()
    columns = slice(WIDTH // 8, WIDTH // 6)
    gap[HEIGHT // 2 + 4 :, columns] = ROAD
    assert find_walls(gap, LABELS)[0] == pytest.approx(LEFT, rel=0.03)


def test_a_wall_across_the_street_is_told_by_its_feet(closed_street: np.ndarray) -> None:
    found = find_walls(closed_street, LABELS)
    assert found[:3] == pytest.approx((LEFT, RIGHT, AHEAD), rel=0.04)
    hidden = closed_street.copy()  # a lorry before most of it
    hidden[:, WIDTH // 2 - 60 : WIDTH // 2 + 60] = 27
    assert find_walls(hidden, LABELS).ahead == pytest.approx(AHEAD, rel=0.04)
    alone = hidden.copy()  # no walls at the sides
    alone[:, : WIDTH // 2 - 105] = alone[:, WIDTH // 2 + 105 :] = SKY
    assert find_walls(alone, LABELS)[:3] == pytest.approx((10, 10, AHEAD), rel=0.04)
    pole = closed_street.copy()
    pole[:, : WIDTH // 2 - 4] = pole[:, WIDTH // 2 + 4 :] = SKY
    assert find_walls(pole, LABELS).ahead == math.inf


def test_a_low_wall_across_the_street_is_taken_for_a_house(closed_street: np.ndarray) -> None:
    """Half as high: as if it stood twice as far away, but its foot where it is."""
    low = closed_street.copy()
    horizon = HEIGHT // 2 - round(math.tan(PITCH) * FOCAL * WIDTH)
    above = slice(0, horizon - round(4 / AHEAD * FOCAL * WIDTH))
    low[above] = SKY
    found = find_walls(low, LABELS)
    assert found.ahead == pytest.approx(AHEAD, rel=0.04) and found.scale == 2
    channels = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, low, found, LABELS)
    column = WIDTH // 2 + 5
    rows = np.flatnonzero(low[:, column] == BUILDING)
    heights = [2 * (hit(row, column, AHEAD)[3] - PAVEMENT) for row in (rows[0], rows[-1])]
    expected = [height / (abs(height) + 8) for height in heights]
    assert channels[4, rows[[0, -1]], column] / 127 == pytest.approx(expected, abs=0.03)


def test_walls_may_stand_on_lawns(open_street: np.ndarray) -> None:
    front = open_street.copy()
    columns = slice(0, WIDTH // 2)
    front[:, columns][open_street[:, columns] == ROAD] = 22
    assert find_walls(front, LABELS)[0] == 10
    lawns = replace(LABELS, lawns=(22,))
    assert find_walls(front, lawns) == find_walls(open_street, LABELS)


def test_walls_without_feet_stand_at_a_usual_distance() -> None:
    sky = np.full(SIZE, SKY, np.uint8)
    assert find_walls(sky, LABELS) == Walls(10.0, 10.0)


def test_two_walls_across_of_which_none_is_in_the_middle_tell_of_none() -> None:
    """The median of two distances may lie far from both."""
    labels = np.full(SIZE, SKY, np.uint8)
    for columns, foot in ((slice(200, 220), 190), (slice(290, 310), 240)):
        labels[:foot, columns], labels[foot:, columns] = BUILDING, ROAD
    assert find_walls(labels, LABELS)[2:] == (math.inf, 1)
