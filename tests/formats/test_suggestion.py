"""Which label is offered for one that the schema lacks."""

from __future__ import annotations

import pytest

from model.formats.suggestion import suggested
from model.scene.labels import Label, LabelSchema, load_schema


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("Pedestrian", "person"),
        ("parked_cars", "car"),
        ("parked-car", "car"),
        ("traffic-sign-front", "traffic sign"),
        ("tree", "vegetation"),
        ("side walk", "sidewalk"),
        ("Buildings", "building"),
        ("lane marking", "road"),
        ("xyzzy", None),
        ("200", None),
    ],
)
def test_the_nearest_name_is_offered(key, label):
    schema = load_schema("cityscapes")
    found = suggested(key, schema)
    assert (None if found is None else schema.by_id(found).name) == label


def test_numbers_and_colours_mean_what_they_do_in_bundled_schemas():
    ours = LabelSchema(
        "ours",
        (
            Label(1, "nothing", (0, 0, 0)),
            Label(2, "motor cars", (200, 10, 10)),
            Label(3, "greenery", (110, 140, 30)),
        ),
    )
    assert suggested("26", ours) == 2  # Cityscapes: car, by its name
    assert suggested("21", ours) == 3  # vegetation, by its colour (107, 142, 35)
    assert suggested("vegetation", ours) == 3
    assert suggested("sky", ours) is None
