from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.scene.document import Document
from model.scene.geometry import Rect
from model.scene.scene import Style
from tests.builders import STREET, picture, scene

RED, BLUE = Style((1.0, 0.0, 0.0), 3), Style((0.0, 0.0, 1.0))
CAR_PARKED = """\
bbbb
rccr
rrrr"""
ALL = np.ones((3, 4), bool)


def park_a_car(document):
    with document.edit("Park a car"):
        document.paint(Rect(1, 1, 3, 2), np.ones((1, 2), bool), label_id=26, instance_id=26001)


def drawn(document):
    return picture(document.snapshot())


def changes_of(document):
    heard = []
    document.listeners.append(lambda change: heard.append(change.rect))
    return heard


def test_undo_and_redo_restore_the_label_map_exactly(document):
    park_a_car(document)
    assert drawn(document) == CAR_PARKED
    document.undo()
    assert drawn(document) == STREET
    document.redo()
    assert drawn(document) == CAR_PARKED
    assert document.instance_map[1].tolist() == [7, 26001, 26001, 7]


def test_a_stroke_of_many_dabs_is_one_step(document):
    document.begin("Brush stroke")
    for x in range(4):
        document.paint(Rect(x, 0, x + 1, 1), np.ones((1, 1), bool), 23, 23)
    document.commit()
    assert document.history.names == ("Brush stroke",)
    document.undo()
    assert drawn(document) == STREET


def test_cancelling_puts_everything_back_and_leaves_no_step(document):
    document.begin("Stroke")
    document.paint(Rect(0, 0, 4, 3), ALL, 23, 23)
    document.set_styles("Style", {7: RED})
    document.cancel()
    assert drawn(document) == STREET
    assert document.styles == {}
    assert not document.can_undo


def test_after_cancelling_the_next_step_undoes_to_the_same_picture(document):
    document.begin("Stroke")
    document.paint(Rect(0, 0, 4, 3), ALL, 23, 23)
    document.cancel()
    park_a_car(document)
    document.undo()
    assert drawn(document) == STREET


def test_an_edit_that_fails_leaves_no_trace(document):
    with pytest.raises(KeyError), document.edit("Fails half way"):
        document.paint(Rect(0, 0, 4, 3), ALL, 26, 26001)
        raise KeyError
    assert drawn(document) == STREET
    assert not document.can_undo


def test_painting_what_is_there_already_is_no_step(document):
    with document.edit("Nothing"):
        document.paint(Rect(0, 0, 4, 1), np.ones((1, 4), bool), 11, 11)
    assert not document.can_undo


def test_painting_outside_the_map_is_clipped(document):
    with document.edit("Over the edge"):
        document.paint(Rect(-1, -1, 1, 1), np.ones((2, 2), bool), 26, 26001)
        document.paint(Rect(3, 2, 9, 9), np.ones((7, 6), bool), 26, 26002)
        document.paint(Rect(50, 50, 51, 51), np.ones((1, 1), bool), 26, 26003)
    assert drawn(document) == "cbbb\nrrrr\nrrrc"


def test_only_the_pixels_under_the_mask_change(document):
    mask = np.array([[True, False], [False, True]])
    with document.edit("Two pixels"):
        document.paint(Rect(2, 1, 4, 3), mask, 26, 26001)
    assert drawn(document) == "bbbb\nrrcr\nrrrc"


def test_whole_maps_can_be_painted_through_a_mask(document):
    labels = np.array([[23, 26], [21, 7]], np.uint8)
    instances = np.array([[23, 26005], [21, 7]], np.int32)
    with document.edit("Paste"):
        document.paint_maps(Rect(3, 0, 5, 2), np.ones((2, 2), bool), labels, instances)
    assert drawn(document) == "bbbs\nrrrv\nrrrr"


def test_painting_needs_an_open_edit(document):
    with pytest.raises(RuntimeError, match="begin"):
        document.paint(Rect(0, 0, 4, 3), ALL, 26, 26001)


@pytest.mark.parametrize(("label", "instance"), [(99, 99), (26, 24001), (7, 0), (255, 255)])
def test_labels_outside_the_schema_and_instances_of_other_labels_are_refused(
    document, label, instance
):
    with pytest.raises(ValueError, match="in schema 'cityscapes'"), document.edit("Wrong"):
        document.paint(Rect(0, 0, 4, 3), ALL, label, instance)
    assert drawn(document) == STREET


def test_listeners_hear_the_dirty_rectangle_and_a_growing_revision(document):
    heard = []
    document.listeners.append(heard.append)
    park_a_car(document)
    document.undo()
    document.redo()
    assert [change.rect for change in heard] == [Rect(1, 1, 3, 2)] * 3
    assert [change.revision for change in heard] == [1, 2, 3]
    assert document.revision == 3


def test_nothing_is_heard_when_nothing_is_painted(document):
    heard = changes_of(document)
    with document.edit("Nothing"):
        document.paint(Rect(0, 0, 4, 3), np.zeros((3, 4), bool), 26, 26001)
        document.paint(Rect(9, 9, 10, 10), np.ones((1, 1), bool), 26, 26001)
    assert heard == []


def test_changing_a_style_is_one_step_and_reports_where_that_instance_is(document):
    park_a_car(document)
    heard = changes_of(document)
    document.set_styles("Change style", {26001: RED})
    assert document.styles == {26001: RED}
    document.set_styles("Change style", {26001: BLUE, 7: RED})
    document.undo()
    assert document.styles == {26001: RED}
    document.undo()
    assert document.styles == {}
    document.redo()
    assert document.styles == {26001: RED}
    car, car_and_road = Rect(1, 1, 3, 2), Rect(0, 1, 4, 3)
    assert heard == [car, car_and_road, car_and_road, car, car]
    assert document.redo_name == "Change style"


def test_a_style_can_be_taken_away_again(document):
    document.set_styles("Set", {7: RED})
    document.set_styles("Clear", {7: None})
    assert document.styles == {}
    document.undo()
    assert document.styles == {7: RED}


def test_setting_the_same_style_again_is_no_step(document):
    document.set_styles("Set", {7: RED})
    document.set_styles("Set", {7: RED, 8: None})
    assert document.history.names == ("Set",)


def test_a_style_set_during_an_edit_is_undone_with_it(document):
    with document.edit("Add a red car"):
        document.paint(Rect(1, 1, 3, 2), np.ones((1, 2), bool), 26, 26001)
        document.set_styles("unused", {26001: RED})
    assert document.history.names == ("Add a red car",)
    document.undo()
    assert document.styles == {}
    assert drawn(document) == STREET
    document.redo()
    assert document.styles == {26001: RED}
    assert drawn(document) == CAR_PARKED


def test_the_style_of_a_vanished_instance_is_kept(document):
    park_a_car(document)
    document.set_styles("Set", {26001: RED})
    with document.edit("Paint over"):
        document.paint(Rect(0, 0, 4, 3), ALL, 7, 7)
    assert document.styles == {26001: RED}


def test_a_style_of_something_out_of_sight_changes_no_picture(document):
    heard = changes_of(document)
    document.set_styles("Set", {26001: RED})
    assert heard == []
    assert document.styles == {26001: RED}


def test_a_snapshot_never_changes_afterwards(document):
    before = document.snapshot()
    park_a_car(document)
    document.set_styles("Set", {26001: RED})
    assert picture(before) == STREET
    assert before.styles == {}
    with pytest.raises(ValueError, match="read-only"):
        before.label_map[0, 0] = 26


def test_a_patch_holds_its_rectangle_and_never_changes_afterwards(document):
    park_a_car(document)
    patch = document.patch(Rect(1, 1, 4, 3))
    document.undo()
    assert patch.labels.tolist() == [[26, 26, 7], [7, 7, 7]]
    assert patch.instances.tolist() == [[26001, 26001, 7], [7, 7, 7]]
    assert (patch.size, patch.revision) == ((3, 4), 1)
    with pytest.raises(ValueError, match="read-only"):
        patch.labels[0, 0] = 26


def test_a_patch_is_cut_to_the_map(document):
    patch = document.patch(Rect(-5, 2, 2, 9))
    assert patch.rect == Rect(0, 2, 2, 3)
    assert patch.labels.shape == (1, 2)


def test_patches_in_order_rebuild_the_document_elsewhere(document):
    rng = np.random.default_rng(4)
    copy = document.snapshot().label_map.copy()
    document.listeners.append(
        lambda change: copy.__setitem__(change.rect.slices, document.patch(change.rect).labels)
    )
    for _ in range(40):
        x, y, label = int(rng.integers(4)), int(rng.integers(3)), int(rng.choice([7, 11, 23]))
        with document.edit("Dot"):
            document.paint(Rect(x, y, x + 2, y + 2), rng.random((2, 2)) < 0.5, label, label)
        if rng.random() < 0.4:
            document.undo()
        np.testing.assert_array_equal(copy, document.label_map)


def test_the_maps_of_a_document_can_be_read_but_not_written(document):
    live = document.label_map
    park_a_car(document)
    assert live[1, 1] == 26
    for values in (document.label_map, document.instance_map):
        with pytest.raises(ValueError, match="read-only"):
            values[0, 0] = 1


def test_editing_a_document_leaves_its_first_scene_alone():
    first = scene(STREET)
    park_a_car(Document(first))
    assert picture(first) == STREET


@pytest.mark.parametrize("wanted", ["undo", "redo"])
def test_undo_and_redo_wait_until_the_open_edit_is_closed(document, wanted):
    document.begin("Stroke")
    with pytest.raises(RuntimeError, match=f"cannot {wanted} while the edit 'Stroke' is open"):
        getattr(document, wanted)()
    with pytest.raises(RuntimeError, match="begin"):
        document.begin("Another")
    document.cancel()
    getattr(document, wanted)()


@pytest.mark.parametrize("wanted", ["commit", "cancel"])
def test_an_edit_that_is_not_open_cannot_be_closed(document, wanted):
    with pytest.raises(RuntimeError, match="no edit is open"):
        getattr(document, wanted)()


def test_a_new_instance_gets_the_smallest_free_number():
    document = Document(scene("cccr", "1020"))
    document.set_styles("Set", {26003: RED})
    assert document.new_instance_id(26) == 26000
    with document.edit("Add"):
        document.paint(Rect(3, 0, 4, 1), np.ones((1, 1), bool), 26, 26000)
    assert document.new_instance_id(26) == 26004  # 26003 still has a style
    assert document.new_instance_id(24) == 24000
    assert document.new_instance_id(7) == 7


def test_an_id_that_somebody_keeps_something_by_is_not_given_to_a_new_object():
    document, names = Document(scene("cccr", "1020")), {}
    document.reserved = names
    assert document.new_instance_id(26) == 26000
    names[26000] = "my taxi"
    assert document.new_instance_id(26) == 26003


def test_a_label_with_a_thousand_instances_is_full():
    document = Document(scene("\n".join(["r" * 40] * 25)))
    with document.edit("Crowd"):
        for n in range(1000):
            y, x = divmod(n, 40)
            document.paint(Rect(x, y, x + 1, y + 1), np.ones((1, 1), bool), 24, 24000 + n)
    with pytest.raises(InputError, match="person"):
        document.new_instance_id(24)


def test_instances_are_listed_with_place_and_size():
    document = Document(scene("rccr ccrr rrhh", "0110 1100 0033"))
    found = {info.instance_id: info for info in document.instances()}
    assert list(found) == [7, 24003, 26001]
    assert found[26001].rect == Rect(0, 0, 3, 2)
    assert (found[26001].label_id, found[26001].pixels) == (26, 4)
    assert found[24003].rect == Rect(2, 2, 4, 3)
    assert found[7].pixels == 6


def random_step(document, rng):
    match rng.choice(["paint", "maps", "style", "both", "cancel"]):
        case "paint":
            with document.edit("Paint"):
                for _ in range(int(rng.integers(1, 4))):
                    paint_something(document, rng)
        case "maps":
            labels = rng.choice([7, 11, 23], (2, 2)).astype(np.uint8)
            with document.edit("Paste"):
                x, y = int(rng.integers(-1, 4)), int(rng.integers(-1, 3))
                mask = rng.random((2, 2)) < 0.7
                rect = Rect(x, y, x + 2, y + 2)
                document.paint_maps(rect, mask, labels, labels.astype(np.int32))
        case "style":
            document.set_styles("Style", random_styles(rng))
        case "both":
            with document.edit("Both"):
                document.set_styles("", random_styles(rng))
                paint_something(document, rng)
        case "cancel":
            document.begin("Given up")
            paint_something(document, rng)
            document.set_styles("", random_styles(rng))
            document.cancel()


def paint_something(document, rng):
    label = int(rng.choice([7, 11, 26]))
    instance = 26000 + int(rng.integers(3)) if label == 26 else label
    x, y = int(rng.integers(-1, 4)), int(rng.integers(-1, 3))
    document.paint(Rect(x, y, x + 2, y + 2), rng.random((2, 2)) < 0.6, label, instance)


def random_styles(rng):
    ids = rng.choice([7, 26000, 26001], int(rng.integers(1, 3)), replace=False).tolist()
    return {key: rng.choice([RED, BLUE, None]) for key in ids}


def content(document):
    return document.label_map.tobytes(), document.instance_map.tobytes(), dict(document.styles)


@pytest.mark.parametrize("seed", range(12))
def test_history_agrees_with_a_plain_list_of_snapshots(document, seed):
    """Random edits, undos and redos against the simplest history there is: keep everything."""
    rng = np.random.default_rng(seed)
    kept, states, position = [content(document)], [document.history.state], 0
    for _ in range(80):
        match rng.choice(["edit", "undo", "redo"], p=[0.5, 0.3, 0.2]):
            case "edit":
                random_step(document, rng)
                if content(document) != kept[position]:
                    position += 1
                    kept[position:] = [content(document)]
                    states[position:] = [document.history.state]
            case "undo":
                document.undo()
                position = max(position - 1, 0)
            case "redo":
                document.redo()
                position = min(position + 1, len(kept) - 1)
        assert content(document) == kept[position]
        assert document.history.state == states[position]
        assert document.can_undo == (position > 0)
        assert document.can_redo == (position < len(kept) - 1)
    while document.can_undo:
        document.undo()
    assert content(document) == kept[0]
    while document.can_redo:
        document.redo()
    assert content(document) == kept[-1]
