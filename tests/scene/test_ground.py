from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.scene.geometry import Rect
from model.scene.ground import covers, find_horizon, scale_at
from model.scene.labels import load_schema, numbered_schema
from tests.builders import scene

HORIZON = 40


@pytest.fixture
def schema():
    return load_schema("cityscapes")


def street(schema, feet, height=120, width=400):
    """Road below row 50, and upright cars of true size with their feet at those rows."""
    labels = np.full((height, width), schema.by_name("building").id, np.uint8)
    labels[50:] = schema.by_name("road").id
    instances = labels.astype(np.int32)
    for number, foot in enumerate(feet):
        tall = round((foot - HORIZON) * 1.5 / 1.3)
        left = 5 + 60 * number
        labels[foot - tall : foot, left : left + 50] = 26
        instances[foot - tall : foot, left : left + 50] = 26000 + number
    return labels, instances


def test_the_horizon_is_where_objects_of_known_height_put_it(schema):
    assert find_horizon(*street(schema, [70, 85, 100]), schema) == pytest.approx(HORIZON, abs=1)


def test_one_wrong_object_does_not_move_the_horizon(schema):
    labels, instances = street(schema, [70, 85, 100, 75, 95])
    labels[10:70, 5:55], instances[10:70, 5:55] = 26, 26000  # a car as tall as a house
    assert find_horizon(labels, instances, schema) == pytest.approx(HORIZON, abs=3)


def test_without_objects_the_horizon_is_a_little_above_the_end_of_the_road(schema):
    labels, instances = street(schema, [])
    assert 44 <= find_horizon(labels, instances, schema) <= 50


def test_a_schema_without_ground_gets_a_usual_horizon():
    schema = numbered_schema(3)
    labels = np.zeros((100, 10), np.uint8)
    assert find_horizon(labels, labels.astype(np.int32), schema) == 45


def test_what_stands_nearer_covers_and_surfaces_do_not(schema):
    street = scene(
        """
        sssss
        bbcps
        bbcpr
        bbcpr
        brrpr
        rrrrr
        """,
        """
        00000
        00100
        00100
        00100
        00000
        00000
        """,
    )
    maps = street.label_map, street.instance_map, schema
    nearer = covers(*maps, Rect(0, 0, 5, 6), foot=4)
    assert nearer.astype(int).tolist() == [
        [0, 0, 0, 0, 0],
        [1, 0, 0, 1, 0],
        [1, 0, 0, 1, 0],
        [1, 0, 0, 1, 0],
        [1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0],
    ]
    assert covers(*maps, Rect(1, 1, 4, 4), foot=3).astype(int).tolist() == [[1, 1, 1]] * 3
    assert not covers(*maps, Rect(0, 0, 5, 6), foot=6).any()


@pytest.mark.parametrize("seed", range(20))
def test_what_covers_agrees_with_following_every_pixel_downwards(schema, seed):
    rng = np.random.default_rng(seed)
    height, width = (int(each) for each in rng.integers(1, 12, 2))
    labels = rng.choice([7, 11, 17, 20, 23, 24], (height, width)).astype(np.uint8)
    labels = np.sort(labels, axis=0) if seed % 2 else labels  # long runs downwards
    instances = np.where(labels == 24, 24000 + rng.integers(0, 3, labels.shape), labels)
    x0, y0 = int(rng.integers(width)), int(rng.integers(height))
    rect = Rect(x0, y0, int(rng.integers(x0, width)) + 1, int(rng.integers(y0, height)) + 1)
    for foot in (-1, *range(height + 2), rng.uniform(0, height)):
        found = covers(labels, instances.astype(np.int32), schema, rect, foot)
        for y, x in np.ndindex(found.shape):
            at = y + y0, x + x0
            expected = lowest_row(labels, instances, at) + 1 > foot and labels[at] not in (7, 23)
            assert found[y, x] == expected


def lowest_row(labels, instances, at):
    """The last row of what a pixel shows: of a person, of a pole's parts, or of its column."""
    if labels[at] == 24:
        return np.nonzero(instances == instances[at])[0].max()
    if labels[at] in (17, 20):
        parts = cv2.connectedComponents(np.isin(labels, (17, 20)).astype(np.uint8))[1]
        return np.nonzero(parts == parts[at])[0].max()
    row = at[0]
    while row + 1 < len(labels) and instances[row + 1, at[1]] == instances[at]:
        row += 1
    return row


def test_a_sign_belongs_to_the_foot_of_its_pole(schema):
    street = scene("stts sspr rrpr rrrr".replace("t", "p"))
    assert covers(street.label_map, street.instance_map, schema, Rect(0, 0, 2, 1), 2.5).any()


def test_size_grows_with_the_distance_below_the_horizon():
    assert scale_at(60, 40, 50) == 2
    assert scale_at(30, 40, 50) == pytest.approx(0.1)
