"""Label colours against the official code's."""

from __future__ import annotations

import numpy as np
import pytest

from model.scene.labels import label_colors, load_schema, numbered_schema
from tests import golden_data as data

COUNTS = (8, 20, 35, 36, 183, 256)


@pytest.mark.parametrize("count", COUNTS)
def test_labels_without_names_have_the_official_colours(count):
    colors = numbered_schema(count).palette[:count]
    assert np.array_equal(colors, data.arrays("visual")[f"cmap_{count}"])


@pytest.mark.parametrize("name", ["cityscapes", "numbered-35"])
def test_a_label_map_is_coloured_as_in_the_official_code(name):
    stored = data.arrays("visual")
    assert np.array_equal(label_colors(stored["label"], load_schema(name)), stored["label_vis"])
