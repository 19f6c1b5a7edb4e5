from __future__ import annotations

from model.scene.document import Document
from model.scene.protection import Protection
from model.scene.specks import fill_holes, remove_specks
from tests.builders import picture, scene


def drawn(document):
    return picture(document.snapshot()).splitlines()


def holed():
    return Document(
        scene("rrrrrr rccccr rcrvcr rccccr rrrrrr", "000000 011110 010010 011110 000000")
    )


def test_what_an_object_encloses_becomes_part_of_it_in_one_step():
    document = holed()
    fill_holes(document, 26001, Protection())
    assert drawn(document)[2] == "rccccr"
    assert (document.instance_map[2, 1:5] == 26001).all()
    assert document.history.names == ("Fill holes of car",)


def test_locked_labels_inside_a_hole_stay():
    document = holed()
    fill_holes(document, 26001, Protection(locked=frozenset({21})))
    assert drawn(document)[2] == "rccvcr"


def test_an_open_bay_is_no_hole():
    document = Document(scene("ccc crr ccc", "111 100 111"))
    fill_holes(document, 26001, Protection())
    assert not document.can_undo


def test_small_bits_become_what_is_around_them_but_never_the_largest():
    document = Document(
        scene("rrrrrr rccrcr rccrrr rrrrbr rrrrrr", "000000 011010 011000 000000 000000")
    )
    remove_specks(document, None, Protection(), largest=1)
    assert drawn(document) == ["rrrrrr", "rccrrr", "rccrrr", "rrrrbr", "rrrrrr"]
    assert document.history.names == ("Remove specks",)
    document.undo()
    assert drawn(document)[1] == "rccrcr"


def test_specks_of_the_chosen_only_and_not_of_locked_labels():
    document = Document(scene("rrrrrrr rcrcbrb rrrrrrr", "0000000 0101000 0000000"))
    remove_specks(document, [26001], Protection(locked=frozenset({26})), largest=1)
    assert not document.can_undo
    remove_specks(document, [26001], Protection(), largest=1)
    assert drawn(document)[1] == "rcrrbrb"
