"""The sheet of one scene: which styles it shows, and that they are painted there."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.styles.book import StyleBook
from model.styles.variants import CAPTION, WIDTH, draw_variants, most_different, seasons
from tests.builders import scene

STREET = scene("sssvvv\nsbbvvb\nrrrrrr\nrrrrrr", "000000\n012001\n000000\n000000")
LABELS = {7: 5, 11: 8, 21: 5, 23: 4}


def book():
    centers = {label: np.arange(n)[:, None] for label, n in LABELS.items()}
    return StyleBook(centers, {label: np.ones(n, int) for label, n in LABELS.items()})


def test_the_most_different_are_those_whose_nearest_two_are_farthest_apart():
    rows = np.array([[0.0], [1.0], [5.0], [5.5], [11.0]])
    assert most_different(rows, 3) == [0, 2, 4] or most_different(rows, 3) == [0, 3, 4]
    assert most_different(rows, 3)[0] == 0
    assert most_different(rows, 5) == [0, 1, 2, 3, 4]


def test_seasons_are_the_reddest_the_greenest_and_the_greyest_of_the_others():
    colors = np.array([[50, 0, 3, 1], [20, -9, 5, 1], [60, 30, 40, 1], [30, 5, 8, 1]], float)
    assert seasons(colors) == [2, 1, 0]


def test_each_panel_shows_all_of_a_label_in_one_style_and_the_rest_in_its_largest():
    painted = []

    def remember(street):
        painted.append(dict(street.styles))
        return np.full((*street.size, 3), 10 * len(painted), np.uint8)

    sheet = draw_variants(STREET, book(), remember)
    assert len(painted) == sum(LABELS.values())
    assert all(style.cluster == 0 for style in painted[0].values())
    walls = [styles[11001].cluster for styles in painted[5:13]]
    assert walls == list(range(8))
    for styles in painted[5:13]:
        assert styles[11001] == styles[11002]
        assert {styles[each].cluster for each in (7, 21, 23)} == {0}
    assert sheet.shape[1] == WIDTH
    heights = [CAPTION + round(width * 4 / 6) for width in (480, 640, 640, 480, 640)]
    assert sheet.shape[0] == sum(heights)
    road = sheet[CAPTION + 5, [240, 720, 1200, 1680], 0].tolist()
    assert len(set(road)) == 4 and set(road) <= {10, 20, 30, 40, 50}


def test_a_scene_without_one_of_the_labels_is_refused():
    with pytest.raises(InputError, match="0 pixels of it"):
        draw_variants(scene("rrr\nbbb"), book(), lambda street: np.zeros((2, 3, 3), np.uint8))
    few = StyleBook({7: np.zeros((2, 1))}, {7: np.array([2, 1])})
    with pytest.raises(InputError, match="4 styles of road"):
        draw_variants(STREET, few, lambda street: np.zeros((4, 6, 3), np.uint8))
