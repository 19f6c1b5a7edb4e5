"""Layers in the window: order by keys, menu, list and dragging; eyes and locks of objects."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from app.object_edits import nudge_selection, remove_selection
from app.panels import HistoryPanel, InstancePanel
from app.panels.lists import ID, rows_of
from app.panels.object_list import EYE, LOCK
from app.tools.brush import BrushTool
from app.tools.eraser import EraserTool
from app.tools.fill import FillTool
from app.translation import step_name
from model.scene.depth import depth_order
from model.scene.geometry import Rect
from model.scene.labels import label_colors
from model.scene.project import load_project
from tests.app.story import open_file, save

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
PERSON = (22, 42)  # on both the person and the left car


@pytest.fixture
def crowded(session):
    """A person, 24000, in front of the left car, 26000; both reach the same row."""
    document = session.document
    with document.edit("Paint person"):
        document.paint(Rect(20, 30, 26, 48), np.ones((18, 6), bool), 24, 24000)
    with document.edit("Order"):
        document.set_order([26001, 26000, 24000])
    return session


@pytest.fixture
def objects(window, crowded, wait_until):
    panel = next(each for each in window.panels if isinstance(each, InstancePanel))
    wait_until(lambda: [*shown(panel)][:1] == [24000])
    return panel


def shown(objects) -> dict:
    return {item.data(0, ID): item for item in rows_of(objects.tree)}


def at(session, place=PERSON) -> int:
    return int(session.document.instance_map[place[1], place[0]])


def color_of(session, label_id):
    return tuple(label_colors(np.array([[label_id]], np.uint8), session.document.schema)[0, 0])


def test_keys_bring_forward_and_send_back_what_is_on_the_screen(story, crowded, wait_until):
    crowded.select(26000)
    story.act("labels")
    story.key(Qt.Key.Key_PageUp, CONTROL)
    assert at(crowded) == 26000
    assert crowded.document.undo_name == "Bring car forward"
    wait_until(lambda: story.color(PERSON) == color_of(crowded, 26))
    story.key(Qt.Key.Key_PageDown, CONTROL)
    assert at(crowded) == 24000
    story.key(Qt.Key.Key_PageUp, CONTROL | SHIFT)
    assert depth_order(crowded.document)[-1] == 26000
    story.key(Qt.Key.Key_PageDown, CONTROL | SHIFT)
    assert depth_order(crowded.document)[0] == 26000
    assert at(crowded) == 24000
    for _ in range(4):
        story.act("undo")
    assert at(crowded) == 24000 and depth_order(crowded.document) == [26001, 26000, 24000]


def test_moving_what_covers_away_shows_the_whole_object_again(crowded):
    before = (crowded.document.instance_map == 26000).sum()
    crowded.select(24000)
    nudge_selection(crowded, 0, -30)
    nudge_selection(crowded, 70, 0)
    assert (crowded.document.instance_map == 26000).sum() > before
    assert (crowded.document.instance_map == 26000).sum() == 12 * 24


def test_removing_and_erasing_show_what_was_behind(crowded):
    crowded.set_radius(2)
    eraser = EraserTool(crowded)
    eraser.press(PERSON)
    eraser.release(PERSON)
    assert at(crowded) == 26000
    crowded.select(24000)
    remove_selection(crowded)
    assert (crowded.document.instance_map == 26000).sum() == 12 * 24
    assert crowded.document.instance_map[31, 22] == 23  # the sky that was there


def test_the_bucket_replaces_and_hides_nothing(crowded):
    crowded.choose_label(33)
    FillTool(crowded).press(PERSON)
    assert at(crowded) == 33000
    assert 24000 not in depth_order(crowded.document)
    crowded.select(33000)
    remove_selection(crowded)
    assert at(crowded) == 26000


def test_rows_are_dragged_before_and_behind_each_other(objects, crowded, wait_until):
    drop(objects, 26000, above=24000)
    assert at(crowded) == 26000
    assert crowded.document.undo_name == "Order car"
    wait_until(lambda: [*shown(objects)][:3] == [26000, 24000, 26001])
    drop(objects, 26000, above=26001)
    assert at(crowded) == 24000
    wait_until(lambda: [*shown(objects)][:3] == [24000, 26000, 26001])
    objects.tree.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert not objects.tree.dragEnabled()


def drop(objects, dragged, above):
    tree, rows = objects.tree, shown(objects)
    tree.setCurrentItem(rows[dragged], 0, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    mime = tree.model().mimeData(tree.selectedIndexes())
    point = tree.visualItemRect(rows[above]).topLeft() + QPointF(20, 2).toPoint()
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    tree.dropEvent(QDropEvent(QPointF(point), copy, mime, LEFT, none))  # Qt sends none by itself


def test_an_objects_eye_shows_what_is_behind_it_and_brings_it_back(objects, crowded, wait_until):
    before = crowded.document.instance_map.copy()
    click(objects, 24000, EYE)
    assert at(crowded) == 26000
    assert crowded.document.undo_name == "Hide person"
    wait_until(lambda: shown(objects)[24000].text(2) == "0")
    assert shown(objects)[24000].data(EYE, Qt.ItemDataRole.AccessibleTextRole) == "hidden"
    assert 24000 in crowded.selected  # and so can be moved or removed
    click(objects, 24000, EYE)
    assert (crowded.document.instance_map == before).all()


def click(objects, instance_id, column):
    item = shown(objects)[instance_id]
    rect = objects.tree.visualRect(objects.tree.indexFromItem(item, column))
    QTest.mouseClick(objects.tree.viewport(), LEFT, pos=rect.center())


def test_a_locked_object_is_neither_painted_over_nor_moved(objects, crowded):
    refused = []
    crowded.refused.connect(lambda: refused.append(True))
    click(objects, 26000, LOCK)
    assert crowded.protection.objects == {26000}
    before = (crowded.document.instance_map == 26000).copy()
    crowded.choose_label(7)
    brush = BrushTool(crowded)
    brush.press((12.0, 40.0))
    brush.release((12.0, 40.0))
    assert (crowded.document.instance_map[before] == 26000).all()
    crowded.select(26000)
    nudge_selection(crowded, 5, 0)
    remove_selection(crowded)
    assert (crowded.document.instance_map[before] == 26000).all()
    assert len(refused) >= 2
    click(objects, 26000, LOCK)
    nudge_selection(crowded, 5, 0)
    assert (crowded.document.instance_map == 26000)[before].sum() < before.sum()


def test_layers_are_in_the_project_and_in_its_history(story, window, crowded, tmp_path):
    path = tmp_path / "layers.labelbrush"
    before = crowded.document.snapshot()
    crowded.path = path
    assert save(window)
    again = load_project(path)
    layers, ours = again.scene.layers, before.layers.cropped
    assert layers.rect == ours.rect and layers.order == ours.order
    assert (layers.planes == ours.planes).all()
    open_file(window, path)
    crowded.select(24000)
    remove_selection(crowded)
    assert (crowded.document.instance_map == 26000).sum() == 12 * 24


def test_a_pin_brings_back_what_was_hidden_too(window, crowded, wait_until):
    history = next(each for each in window.panels if isinstance(each, HistoryPanel))
    history.pin.click()
    crowded.select(24000)
    remove_selection(crowded)
    crowded.select(26000)
    remove_selection(crowded)
    history._go_to_pin(0)
    crowded.select(24000)
    remove_selection(crowded)
    assert (crowded.document.instance_map == 26000).sum() == 12 * 24


def test_what_is_wholly_covered_can_be_selected_and_is_outlined(objects, crowded, window):
    with crowded.document.edit("Wall of a bus"):
        document = crowded.document
        document.paint(document.bounds, np.ones((64, 128), bool), 28, 28000)
    crowded.select(26000)
    assert window.canvas._traced()
    assert crowded.selected == (26000,)
    window.table.by_id["fit_selection"].trigger()
    window.table.by_id["forward"].trigger()
    assert at(crowded) == 28000  # only the person was passed
    window.table.by_id["forward"].trigger()
    assert (crowded.document.instance_map == 26000).sum() == 12 * 24


@pytest.mark.parametrize("action_id", ["fill_holes", "separate_parts"])
def test_a_hidden_object_has_no_shape_to_work_on_and_that_is_said(
    action_id, story, crowded, notices
):
    crowded.select(24000)
    story.act("show_object")
    steps = crowded.document.history.position
    story.act(action_id)
    assert crowded.selected == (24000,) and crowded.document.history.position == steps
    (notice,) = notices
    assert "Nothing of the selected object is seen" in notice.text


def test_steps_are_read_in_words(qapp):
    assert step_name("Bring car forward") == "Bring car forward"
    assert step_name("Send 2 objects to back") == "Send 2 objects to back"
