"""The colour-blind-safe palette: measured by simulation, and only for what is shown."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from app.palettes import shown_palette
from model.scene.export import export_label_colors
from model.scene.maps import read_picture
from tests.app.story import Story

TOUCH_OFTEN = (*("road", "sidewalk", "car", "person", "building", "vegetation", "sky", "terrain"),)
ALSO_TOUCH = (  # beside the pairs of those above, by the length of their borders in Cityscapes
    ("vegetation", "pole"),
    ("pole", "building"),
    ("pole", "sidewalk"),
    ("traffic sign", "building"),
    ("vegetation", "traffic sign"),
    ("sky", "pole"),
    ("fence", "building"),
    ("pole", "fence"),
    ("wall", "building"),
    ("fence", "sidewalk"),
    ("bicycle", "rider"),
    ("person", "fence"),
)
SEEN = {  # linear RGB as it is seen (Machado, Oliveira and Fernandes 2009, severity 1)
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
LEAST = 18.0  # CIE 1976 distance; 2 can just be told apart side by side


def lab(color, matrix) -> np.ndarray:
    """CIELAB of an 8-bit sRGB colour as it is seen."""
    share = np.asarray(color, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.asarray(matrix) @ linear, 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(schema, palette, pair, matrix) -> float:
    one, other = (lab(palette[schema.by_name(name).id], matrix) for name in pair)
    return float(np.linalg.norm(one - other))


@pytest.mark.parametrize("kind", SEEN)
def test_labels_that_touch_often_differ_however_colours_are_seen(schema, kind):
    palette = shown_palette(schema, safe=True)
    pairs = [*itertools.combinations(TOUCH_OFTEN, 2), *ALSO_TOUCH]
    found = {pair: distance(schema, palette, pair, SEEN[kind]) for pair in pairs}
    assert min(found.values()) >= LEAST, min(found, key=found.__getitem__)


def test_the_usual_palette_does_not_do_that(schema):
    pair = ("person", "vegetation")
    usual = shown_palette(schema, safe=False)
    assert distance(schema, usual, pair, SEEN["deuteranopia"]) < LEAST


def test_the_views_show_the_safe_colours_and_files_the_schemas(window, tmp_path):
    story, schema = Story(window), window.session.document.schema
    car = schema.by_name("car")
    story.act("labels")
    assert story.color((20, 42)) == car.color
    story.act("safe_colors")
    safe = window.session.color_of(car.id)
    assert safe != car.color
    assert story.color((20, 42)) == safe
    export_label_colors(tmp_path / "colors.png", window.session.document.snapshot())
    assert tuple(read_picture(tmp_path / "colors.png")[42, 20]) == car.color
    assert window.settings.get("view/safe_colors")
    story.act("safe_colors")
    assert story.color((20, 42)) == car.color


def test_other_schemas_keep_their_colours():
    from model.scene.labels import load_schema

    edges = load_schema("edges")
    assert np.array_equal(shown_palette(edges, safe=True), edges.palette)
