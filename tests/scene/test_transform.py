from __future__ import annotations

import numpy as np
import pytest

from model.scene.document import Document
from model.scene.protection import PaintOver, Protection
from model.scene.scene import Style
from model.scene.transform import Move, duplicate_instances, move_instances
from tests.builders import picture, scene


def drawn(document):
    return picture(document.snapshot())


def test_moving_fills_the_place_and_is_one_step():
    document = Document(scene("bbbbb rccrr rrrrr", "00000 01100 00000"))
    move_instances(document, [26001], Move(2, 1))
    assert drawn(document) == "bbbbb\nrrrrr\nrrrcc"
    assert document.instance_map[2, 3] == 26001
    assert document.history.names == ("Move car",)
    document.undo()
    assert drawn(document) == "bbbbb\nrccrr\nrrrrr"


def test_moving_partly_out_of_the_picture_cuts_and_wholly_out_removes():
    document = Document(scene("rccrr", "01100"))
    move_instances(document, [26001], Move(3, 0))
    assert drawn(document) == "rrrrc"
    move_instances(document, [26001], Move(9, 0))
    assert drawn(document) == "rrrrr"


@pytest.mark.parametrize(("dy", "hidden"), [(-3, True), (-2, False)])
def test_nearer_things_cover_what_is_moved_behind_them(dy, hidden):
    document = Document(scene("rrrr rrrc rrrc rrrr rcrr", "0000 0001 0001 0000 0200"))
    move_instances(document, [26002], Move(2, dy))
    assert (26002 in document.instance_map) != hidden
    assert (document.instance_map == 26001).sum() == (2 if hidden else 1)


def test_unordered_moves_cover_everything():
    document = Document(scene("rrcr rrcr crrr rrrr", "0010 0010 2000 0000"))
    move_instances(document, [26002], Move(2, -2), ordered=False)
    assert document.instance_map[0, 2] == 26002


def test_scaling_keeps_the_foot_where_it_is():
    rows = ["rrrrrr"] * 4 + ["rrccrr"] * 2
    counts = ["000000"] * 4 + ["001100"] * 2
    document = Document(scene(" ".join(rows), " ".join(counts)))
    move_instances(document, [26001], Move(0, 0, 2.0))
    assert drawn(document) == "\n".join(["rrrrrr"] * 2 + ["rccccr"] * 4)
    assert document.history.names == ("Scale car",)


def test_a_duplicate_is_another_instance_in_the_same_style():
    document = Document(scene("rccrrrr", "0110000"))
    document.set_styles("Red", {26001: Style((1.0,), 2)})
    (copy,) = duplicate_instances(document, [26001], Move(3, 0))
    assert document.instance_map.tolist() == [[7, 26001, 26001, 7, copy, copy, 7]]
    assert document.styles[copy] == document.styles[26001]
    assert copy != 26001
    document.undo()
    assert copy not in document.styles and copy not in document.instance_map


def test_objects_moved_together_keep_their_arrangement():
    document = Document(scene("cchrr rrrrr", "11100 00000"))
    move_instances(document, [26001, 24001], Move(2, 1))
    assert drawn(document) == "rrrrr\nrrcch"
    assert document.history.names == ("Move 2 objects",)


@pytest.mark.parametrize(
    ("protection", "writable"),
    [
        (Protection(), "1111"),
        (Protection(locked=frozenset({26})), "1001"),
        (Protection(PaintOver.EVERYTHING, frozenset({26})), "1111"),
        (Protection(PaintOver.LABEL, label_id=7), "1000"),
        (Protection(PaintOver.LABEL, frozenset({7}), label_id=7), "0000"),
        (Protection(PaintOver.INSTANCE, instance_id=26001), "0100"),
    ],
)
def test_protection_leaves_what_the_mode_says(protection, writable):
    street = scene("rccb", "0120")
    found = protection.writable(street.label_map, street.instance_map)
    assert "".join(np.where(found, "1", "0").ravel()) == writable
