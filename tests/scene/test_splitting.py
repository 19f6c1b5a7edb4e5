"""Separating surfaces into instances and merging them."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.scene.document import Document
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.scene import Scene, Style
from model.scene.splitting import cut_along, merge_instances, split_inside, split_parts

BUILDING = 11


@pytest.fixture
def document() -> Document:
    """Two houses 20 and 30 wide with sky between them, and a speck of a third."""
    labels = np.full((40, 80), 23, np.uint8)
    labels[10:30, 5:25] = BUILDING
    labels[10:30, 40:70] = BUILDING
    labels[2:4, 2:4] = BUILDING
    return Document(Scene(load_schema(CITYSCAPES_NAME), labels, labels.astype(np.int32)))


def pixels(document: Document, instance_id: int) -> int:
    return int((document.instance_map == instance_id).sum())


def test_connected_parts_become_objects_and_specks_stay_with_the_largest(document):
    ids = split_parts(document, BUILDING)
    assert ids == [BUILDING, 11000]
    assert (pixels(document, BUILDING), pixels(document, 11000)) == (604, 400)
    document.undo()
    assert pixels(document, BUILDING) == 1004


def test_one_piece_is_not_separated_and_says_so(document):
    split_parts(document, BUILDING)
    with pytest.raises(InputError, match="one piece"):
        split_parts(document, 11000)


def test_an_outline_takes_what_is_inside_and_of_that_object_only(document):
    new, old = split_inside(document, BUILDING, [(0, 0), (35, 0), (35, 20), (0, 20)])
    expected = np.zeros((40, 80), bool)
    expected[10:20, 5:25] = expected[2:4, 2:4] = True
    assert np.array_equal(document.instance_map == new, expected)
    assert old == BUILDING
    assert (document.label_map == BUILDING).sum() == 1004


def test_a_cut_from_edge_to_edge_loses_no_pixel(document):
    ids = cut_along(document, BUILDING, [(50, 5), (50, 35)])
    assert len(ids) == 2
    assert sum(pixels(document, each) for each in ids) == 1004
    columns = np.flatnonzero((document.instance_map == ids[1]).any(axis=0))
    assert (columns[0], columns[-1] in (49, 50)) == (40, True)


def test_a_cut_that_ends_inside_separates_nothing(document):
    with pytest.raises(InputError, match="edge to edge"):
        cut_along(document, BUILDING, [(50, 5), (50, 20)])
    assert not document.can_undo


def test_parts_keep_a_chosen_style_in_the_same_step(document):
    style = Style((0.1, 0.2, 0.3))
    document.set_styles("Style", {BUILDING: style})
    split_parts(document, BUILDING)
    assert document.styles == {BUILDING: style, 11000: style}
    document.undo()
    assert document.styles == {BUILDING: style}


def test_merging_is_the_opposite_and_refuses_different_labels(document):
    before = document.instance_map.copy()
    assert merge_instances(document, split_parts(document, BUILDING)) == BUILDING
    assert np.array_equal(document.instance_map, before)
    with pytest.raises(InputError, match="one label"):
        merge_instances(document, [BUILDING, 23])
