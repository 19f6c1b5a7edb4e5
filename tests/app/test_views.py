"""Views, panels' switches, held keys and shortcuts in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from app.compare import Comparison
from app.object_edits import nudge_selection
from app.overlay import outline
from app.panels import HistoryPanel, InstancePanel, LabelPanel, RenderPanel, StampPanel
from app.panels.labels import COUNT, EYE, LOCK
from app.panels.lists import ID, rows_of
from app.settings import Settings
from app.shortcuts import Shortcuts
from app.tools.brush import BrushTool
from app.tools.stamp import StampTool
from model.scene.geometry import Rect
from model.scene.labels import label_of
from model.scene.protection import PaintOver
from model.scene.stamps import load_stamp
from tests.app.story import Story

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
ROAD, SKY, VEGETATION = 7, 23, 21


@pytest.fixture
def story(window) -> Story:
    return Story(window)


@pytest.fixture
def edited(story, controller, wait_until) -> Story:
    """Trees were painted into the sky, and the picture shows them."""
    story.choose("vegetation")
    story.window.session.set_radius(5)
    story.stroke((40, 8), (50, 8))
    wait_until(lambda: controller.idle)
    return story


def panel(window, kind):
    return window._panel(kind)


def raise_panel(window, kind):
    window._docks[kind].raise_()
    QApplication.processEvents()
    QApplication.processEvents()  # what waits for its first paint
    return panel(window, kind)


def row_of(tree, value):
    return next(item for item in rows_of(tree) if item.data(0, ID) == value)


def click_cell(tree, item, column, modifiers=NONE):
    place = tree.visualItemRect(item).center()
    place.setX(tree.columnViewportPosition(column) + 8)
    QTest.mouseClick(tree.viewport(), LEFT, modifiers, place)


def test_holding_c_shows_the_picture_before_and_releasing_it_the_one_now(edited):
    canvas = edited.canvas
    assert edited.color((45, 8))[0] == VEGETATION
    canvas.setFocus()
    QTest.keyPress(canvas, Key.Key_C)
    assert canvas.comparison is Comparison.BEFORE
    assert edited.color((45, 8))[0] == SKY
    QTest.keyRelease(canvas, Key.Key_C)
    assert edited.color((45, 8))[0] == VEGETATION


def test_before_stays_until_the_picture_shows_the_edits(edited, engine, controller, wait_until):
    engine.previews = True
    engine.gate.clear()
    edited.choose("road")
    edited.stroke((60, 4), (68, 4))
    wait_until(lambda: edited.color((64, 4))[:2] == (ROAD, 100))  # a preview
    edited.choose("building")
    edited.stroke((90, 4), (98, 4))
    engine.gate.set()
    wait_until(lambda: controller.idle)
    edited.act("before")
    assert edited.color((64, 4))[0] == edited.color((94, 4))[0] == SKY


def test_the_wipe_shows_before_to_the_left_of_a_line_that_can_be_dragged(edited):
    edited.act("wipe")
    line = edited.canvas.width() / 2
    place = edited.canvas.viewport.to_view((45, 8))
    assert place[0] < line - 20
    assert edited.color((45, 8))[0] == SKY
    for action in (QTest.mousePress,):
        action(edited.canvas, LEFT, NONE, QPointF(line, 50).toPoint())
    QTest.mouseMove(edited.canvas, QPointF(place[0] - 40, 50).toPoint())
    QTest.mouseRelease(edited.canvas, LEFT, NONE, QPointF(place[0] - 40, 50).toPoint())
    assert edited.color((45, 8))[0] == VEGETATION
    assert edited.window.session.document.history.position == 1  # the drag painted nothing
    edited.act("split")
    by_id = edited.window.table.by_id
    assert (by_id["wipe"].isChecked(), by_id["split"].isChecked()) == (False, True)
    edited.act("split")
    assert edited.canvas.comparison is Comparison.NONE
    assert not by_id["split"].isChecked()


def test_side_by_side_shows_the_same_part_twice_and_painting_goes_where_one_clicks(edited):
    edited.act("split")
    canvas, shift = edited.canvas, edited.canvas.width() / 4
    x, y = canvas.viewport.to_view((64, 32))
    for side in (-1, 1):
        assert canvas.map_point(QPointF(x + side * shift, y)) == pytest.approx((64, 32), abs=0.3)


def test_side_by_side_shows_the_whole_picture_in_each_half(edited):
    canvas, bounds = edited.canvas, edited.window.session.document.bounds
    whole = canvas.viewport.scale
    edited.act("split")
    left, right = (canvas.viewport.to_view((x, 0))[0] for x in (0, bounds.width))
    quarter = canvas.width() / 4
    assert quarter < left < right < 3 * quarter  # each half is moved there by a quarter
    edited.act("split")
    assert canvas.viewport.scale == whole


def test_comparing_needs_an_edit_and_says_so(story):
    story.act("wipe")
    assert story.canvas.comparison is Comparison.NONE
    assert not story.window.table.by_id["wipe"].isChecked()
    assert "paint something first" in story.window.banner.text.text()


def test_the_heat_map_marks_what_changed_and_nothing_else(edited, controller, wait_until):
    edited.choose("road")
    edited.stroke((40, 8), (50, 8))
    wait_until(lambda: controller.idle)
    before = edited.color((100, 60))
    edited.act("heat")
    heat = edited.canvas._heat_image
    marked = [heat.pixelColor(x // 2, y // 2).alpha() > 0 for x, y in ((45, 8), (100, 60))]
    assert marked == [True, False]
    assert edited.color((100, 60)) == before


def test_outlines_are_drawn_over_the_picture(story, document):
    before = story.color((10, 40))
    story.act("outlines")
    assert story.color((10, 40)) != before
    assert story.color((22, 42)) == (26, 100, 0)


def test_a_selected_surface_is_outlined_where_it_is_seen(story, session, document):
    session.select(26000)
    nudge_selection(session, 6, 0)
    session.select(7)
    mask = document.instance_map == 7
    rect = Rect.around(mask)
    assert story.canvas._traced() == outline(mask[rect.slices], rect)


def test_the_object_under_the_pointer_is_tinted_and_named(story):
    story.key(Key.Key_V)
    plain = story.color((22, 42))
    story.move((22, 42))
    assert story.canvas._highlight.text == "car 1 · id 26000"
    image = story.canvas.grab().toImage()
    tinted = image.pixelColor(story.view((22, 38)) * image.devicePixelRatio())
    assert tinted.red() > plain[0]
    story.key(Key.Key_B)
    story.move((23, 43))
    assert not story.canvas._highlight.text


def test_the_minimap_is_there_while_a_part_is_in_view_and_goes_where_one_presses(story):
    canvas = story.canvas
    assert not canvas.minimap.isVisible()
    for _ in range(6):
        story.act("zoom_in")
    assert canvas.minimap.isVisible()
    shown = canvas.minimap.grab().toImage().pixelColor(canvas.minimap.width() // 2, 12)
    assert shown.red() == SKY
    QTest.mouseClick(canvas.minimap, LEFT, NONE, QPoint(2, 2))
    x, y = canvas.map_point(QPointF(canvas.width() / 2, canvas.height() / 2))
    assert x < 15 and y < 15
    story.act("minimap")
    assert not canvas.minimap.isVisible()
    story.act("minimap")
    story.act("fit")
    assert not canvas.minimap.isVisible()


def test_fitting_the_selection_brings_it_into_the_middle(story, session):
    session.select(26001)
    story.key(Key.Key_F)
    canvas = story.canvas
    middle = canvas.map_point(QPointF(canvas.width() / 2, canvas.height() / 2))
    assert middle == pytest.approx((102, 42), abs=1)


def test_a_tool_whose_key_is_held_while_it_is_used_gives_way_to_the_one_before(story, session):
    brush = session.tool
    assert isinstance(brush, BrushTool)
    story.canvas.setFocus()
    QTest.keyPress(story.canvas, Key.Key_V)
    assert session.tool.icon == "select"
    story.click((95, 40))
    QTest.keyRelease(story.canvas, Key.Key_V)
    assert session.tool is brush and session.selection == 26001
    assert story.window.table.by_id["tool_brush"].isChecked()
    story.key(Key.Key_V)  # tapped
    assert session.tool.icon == "select"


def test_a_modifier_pressed_during_a_drag_does_not_end_the_held_tool(story, session, document):
    canvas = story.canvas
    canvas.setFocus()
    session.set_horizon(20)
    QTest.keyPress(canvas, Key.Key_V)
    story.press((20, 42))
    story.move((30, 44))
    QTest.keyPress(canvas, Key.Key_Alt)
    QTest.mouseMove(canvas, story.view((40, 46)))
    assert session.tool.icon == "select" and session.tool.busy
    story.release((40, 46))
    QTest.keyRelease(canvas, Key.Key_Alt)
    QTest.keyRelease(canvas, Key.Key_V)
    assert isinstance(session.tool, BrushTool)
    assert document.history.names == ("Move car",)


def test_undo_never_changes_tool_or_label(edited, session):
    edited.key(Key.Key_G)
    tool, label = session.tool, session.brush.label_id
    edited.act("undo")
    assert (session.tool, session.brush.label_id) == (tool, label)


def test_keys_lock_hide_and_cycle_what_is_under_the_pointer(story, session, document):
    story.move((22, 42))
    story.key(Key.Key_K)
    assert session.protection.locked == {26}
    story.key(Key.Key_H)
    assert session.hidden == {26}
    story.key(Key.Key_O)
    assert session.protection.over is PaintOver.LABEL
    assert session.protection.label_id == 26
    story.act("show_all")
    assert not session.hidden and not session.protection.locked
    story.act("lock_others")
    assert session.protection.locked == set(document.schema.ids) - {session.brush.label_id}
    story.act("solo")
    assert session.hidden == set(document.schema.ids) - {session.brush.label_id}


def test_what_shows_or_locks_many_labels_takes_itself_back(story, session, document):
    others = set(document.schema.ids) - {session.brush.label_id}
    session.hide_labels({ROAD})
    session.set_protection(locked=frozenset({ROAD, 26}))
    for _ in range(2):
        story.act("solo")
        assert session.hidden == others
        story.act("solo")
        assert session.hidden == {ROAD}
        story.act("lock_others")
        assert session.protection.locked == others
        story.act("lock_others")
        assert session.protection.locked == {ROAD, 26}
        story.act("show_all")
        assert not session.hidden and not session.protection.locked
        story.act("show_all")
        assert session.hidden == {ROAD} and session.protection.locked == {ROAD, 26}


def test_hidden_labels_are_not_drawn_over_the_picture(story, session):
    story.act("labels")
    assert story.color((20, 60)) == (128, 64, 128)
    session.hide_labels({ROAD})
    assert story.color((20, 60)) != (128, 64, 128)
    session.hide_labels(())
    assert story.color((20, 60)) == (128, 64, 128)


def test_holding_the_peek_key_shows_the_picture_in_the_labels_view(story):
    story.act("labels")
    story.canvas.setFocus()
    QTest.keyPress(story.canvas, Key.Key_QuoteLeft)
    assert story.color((20, 60)) == (ROAD, 100, 0)
    QTest.keyRelease(story.canvas, Key.Key_QuoteLeft)
    assert story.color((20, 60)) == (128, 64, 128)


def test_eyes_locks_and_counts_of_the_label_panel(story, session, window):
    labels = panel(window, LabelPanel)
    car = row_of(labels.tree, 26)
    labels.tree.scrollToItem(car)
    assert car.text(COUNT) == "2"
    click_cell(labels.tree, car, LOCK)
    assert session.protection.locked == {26}
    click_cell(labels.tree, car, EYE)
    assert session.hidden == {26}
    click_cell(labels.tree, car, EYE)
    assert not session.hidden
    assert session.brush.label_id == 26  # neither changed the label


def test_several_objects_are_selected_in_the_list_and_removed_together(
    story, session, window, wait_until, document
):
    objects = panel(window, InstancePanel)
    wait_until(lambda: len(rows_of(objects.tree)) == 5)
    for instance_id, modifiers in ((26000, NONE), (26001, Qt.KeyboardModifier.ControlModifier)):
        item = row_of(objects.tree, instance_id)
        place = objects.tree.visualItemRect(item).center()
        QTest.mouseClick(objects.tree.viewport(), LEFT, modifiers, place)
    assert set(session.selected) == {26000, 26001}
    story.act("remove")
    assert document.history.names == ("Remove 2 objects",)


def test_an_object_can_be_given_a_name(window, session, wait_until):
    objects = panel(window, InstancePanel)
    wait_until(lambda: len(rows_of(objects.tree)) == 5)
    row_of(objects.tree, 26000).setText(0, "my car")
    assert session.name_of(26000) == "my car"
    wait_until(lambda: row_of(objects.tree, 26000).text(0) == "my car")
    session.rename(26000, " ")
    assert session.name_of(26000) == "car 1"


def test_a_click_in_the_history_goes_there_and_back(edited, window, document):
    history = raise_panel(window, HistoryPanel)
    edited.choose("car")
    edited.stroke((80, 20), (90, 20))
    names = [history.steps.item(row).text() for row in range(history.steps.count())]
    assert names == ["As opened", "Paint vegetation", "Paint car"]

    def click(row):
        place = history.steps.visualItemRect(history.steps.item(row)).center()
        QTest.mouseClick(history.steps.viewport(), LEFT, NONE, place)

    click(0)
    assert document.history.position == 0 and document.label_map[8, 45] == SKY
    click(2)
    assert document.history.position == 2 and document.label_map[20, 85] == 26
    assert history.steps.currentRow() == 2


def test_a_pin_brings_its_state_back_as_one_step(edited, window, document):
    history = raise_panel(window, HistoryPanel)
    QTest.mouseClick(history.pin, LEFT)
    pinned = document.label_map.copy()
    edited.act("undo")
    edited.choose("car")
    edited.stroke((80, 20), (90, 20))
    place = history.pins.visualItemRect(history.pins.item(0)).center()
    QTest.mouseClick(history.pins.viewport(), LEFT, NONE, place)
    assert np.array_equal(document.label_map, pinned)
    assert document.undo_name == "Back to pin 1"
    assert not history.pins.item(0).icon().isNull()
    edited.act("undo")
    assert document.label_map[20, 85] == 26


def test_the_render_panel_says_where_how_fast_and_how_much(edited, window):
    shown = raise_panel(window, RenderPanel)
    assert (shown.value("Checkpoint"), shown.value("Device")) == ("fake", "cpu")
    assert shown.value("Last frame") == "250 ms"
    assert shown.value("Memory").endswith("MiB")
    assert shown.value("State") == "exact" or "flat" in shown.value("State")


def test_the_stamps_are_read_when_their_panel_is_seen(window):
    QApplication.processEvents()
    stamps = panel(window, StampPanel)
    assert window.isVisible() and stamps.list.count() == 0
    raise_panel(window, StampPanel)
    assert stamps.list.count() > 0


def test_taking_the_stamp_tool_shows_what_there_is_to_choose_from(story, window):
    stamps = panel(window, StampPanel)
    assert stamps.visibleRegion().isEmpty()
    story.key(Key.Key_T)
    QApplication.processEvents()
    assert not stamps.visibleRegion().isEmpty()


def test_a_stamp_clicked_in_the_library_is_put_down_where_one_clicks(story, window, document):
    stamps = raise_panel(window, StampPanel)
    stamps.show_label("bus")
    shown = [stamps.list.item(row) for row in range(stamps.list.count())]
    shown = [item for item in shown if not item.isHidden()]
    assert shown and all(item.toolTip().startswith("bus") for item in shown)
    place = stamps.list.visualItemRect(shown[0]).center()
    QTest.mouseClick(stamps.list.viewport(), LEFT, NONE, place)
    assert isinstance(window.session.tool, StampTool)
    window.session.set_horizon(28)
    story.click((45, 40))
    (made,) = window.session.selected
    assert label_of(made) == 28
    assert document.undo_name == "Add bus"


def test_a_kept_stamp_is_in_the_library_and_on_disk(story, window, session, tmp_path):
    stamps = raise_panel(window, StampPanel)
    stamps.folder = tmp_path / "stamps"
    session.select(26000)
    session.set_horizon(20)
    before = stamps.list.count()
    story.act("keep_stamp")
    assert stamps.list.count() == before + 1
    assert [path.name for path in stamps.folder.iterdir()] == ["car_1.png"]
    session.set_horizon(60)
    story.act("keep_stamp")
    assert "horizon" in window.banner.text.text()


def test_a_stamp_kept_of_objects_with_long_names_can_be_read_again(
    story, window, session, notices, tmp_path
):
    stamps = raise_panel(window, StampPanel)
    stamps.folder = tmp_path / "stamps"
    session.set_horizon(20)
    for each in (26000, 26001):
        session.rename(each, f"the {'very ' * 12}well known car {each}")
    session.select_many((26000, 26001))
    story.act("keep_stamp")
    assert [notice.text for notice in notices] == ["Kept as a stamp of car."]
    assert "well known car 26000 and the very" in load_stamp(stamps.folder / "car_1.png").name


def test_a_stamp_that_cannot_be_kept_is_said_and_not_raised(
    story, window, session, notices, tmp_path
):
    stamps = raise_panel(window, StampPanel)
    (tmp_path / "file").touch()
    stamps.folder = tmp_path / "file" / "stamps"
    session.set_horizon(20)
    session.select(26000)
    story.act("keep_stamp")
    (notice,) = notices
    assert "could not be written" in notice.text


def test_keys_size_the_stamp_as_far_as_its_option_does(story, window, session):
    story.key(Key.Key_T)
    shown = window.options.groups["stamp"].scale
    for action_id, scale in (("much_larger", 4.0), ("much_smaller", 0.1)):
        for _ in range(20):
            story.act(action_id)
        assert session.stamp_scale == scale
        assert shown.value() == 100 * scale


def test_the_horizon_is_dragged_by_its_handle_and_found_again_by_double_click(story, session):
    story.key(Key.Key_V)
    found = session.horizon
    story.stroke((0.5, found), (0.5, found - 6), (0.5, found - 12))
    assert session.horizon == pytest.approx(found - 12, abs=0.6)
    place = story.view((0.5, session.horizon))
    QTest.mouseDClick(story.canvas, LEFT, NONE, place)
    assert session.horizon == found
    assert session.document.history.position == 0


def test_a_full_stop_right_after_a_removal_takes_the_next_filling(story, session, document):
    label = session.brush.label_id
    session.select(17)
    story.key(Key.Key_Delete)
    first = document.label_map.copy()
    story.key(Key.Key_Period)
    assert session.brush.label_id == label
    assert document.history.position == 1
    story.choose("vegetation")
    story.stroke((40, 8), (50, 8))
    story.key(Key.Key_Period)
    assert session.brush.label_id == 22
    assert first.shape == document.label_map.shape


def pen_device(end):
    kinds = QPointingDevice.DeviceType.Stylus, QPointingDevice.Capability
    able = kinds[1].Pressure | kinds[1].Position
    return QPointingDevice("pen", 1, kinds[0], end, able, 1, 1)


def pen(kind, device, place, pressure, buttons=LEFT):
    return QTabletEvent(kind, device, place, place, pressure, 0, 0, 0, 0, 0, NONE, LEFT, buttons)


def test_a_pens_pressure_is_the_size_and_its_other_end_erases(story, session, document):
    story.choose("vegetation")
    session.set_radius(10)
    columns: list[int] = []
    place, up, kinds = QPointF(story.view((100, 14))), Qt.MouseButton.NoButton, QEvent.Type
    ends = QPointingDevice.PointerType
    tip, other_end = pen_device(ends.Pen), pen_device(ends.Eraser)  # events do not own them
    for device, pressure in ((tip, 0.4), (other_end, 1.0)):
        press = pen(kinds.TabletPress, device, place, pressure)
        release = pen(kinds.TabletRelease, device, place, 0.0, up)
        for event in (press, release):
            QApplication.sendEvent(story.canvas, event)
            assert event.isAccepted()
        columns.append(len(np.flatnonzero((document.label_map == VEGETATION).any(axis=0))))
    assert 7 <= columns[0] <= 9 and columns[1] == 0
    assert document.undo_name == "Erase"
    assert session.pressure == 1.0


def test_the_sheet_finds_actions_by_name_and_key(story, window):
    story.act("shortcuts")
    sheet = window.sheet
    sheet.search.setText("wipe")
    shown = [item.text(0) for item in rows_of(sheet.tree) if not item.isHidden()]
    assert shown == ["Wipe to Before"]
    sheet.search.setText("Ctrl+D")
    assert "Duplicate Object" in [i.text(0) for i in rows_of(sheet.tree) if not i.isHidden()]
    sheet.close()


def test_keys_are_changed_with_a_warning_and_remembered(story, window, settings, session):
    story.act("shortcuts")
    sheet = window.sheet
    sheet.tree.setCurrentItem(row_of(sheet.tree, "swap"))
    sheet.key.setKeySequence(QKeySequence("B"))
    assert "belongs to Brush" in sheet.message.text()
    QTest.mouseClick(sheet.assign, LEFT)
    by_id = window.table.by_id
    assert by_id["swap"].shortcut().toString() == "B"
    assert not by_id["tool_brush"].shortcuts()
    assert "(B)" in by_id["swap"].toolTip()
    again = Settings.__new__(Settings)
    again._store = settings._store
    window.table.set_keys("swap", None)
    window.table.set_keys("tool_brush", None)
    Shortcuts(window.table, again)
    assert by_id["swap"].shortcut().toString() == "B" and not by_id["tool_brush"].shortcuts()
    sheet.tree.setCurrentItem(row_of(sheet.tree, "tool_brush"))
    QTest.mouseClick(sheet.reset, LEFT)
    QTest.mouseClick(sheet.reset_all, LEFT)
    assert by_id["swap"].shortcut().toString() == "X"
    assert by_id["tool_brush"].shortcut().toString() == "B"
    sheet.close()


def test_texts_of_the_panels_name_the_keys_that_are_chosen(story, window, wait_until):
    labels, objects = (window._panel(kind) for kind in (LabelPanel, InstancePanel))
    wait_until(lambda: objects.label.toolTip() == "Label of the selected object (R)")
    assert labels.swap.toolTip().endswith("(X)")
    window.shortcuts.set("relabel", QKeySequence("Ctrl+J"))
    window.shortcuts.set("swap", QKeySequence())
    window.shortcuts.set("larger", QKeySequence("Alt+L"))
    wait_until(lambda: objects.label.toolTip() == "Label of the selected object (Ctrl+J)")
    assert labels.swap.toolTip().startswith("Swap with") and "(" not in labels.swap.toolTip()
    assert window.options.findChild(QSlider).toolTip().endswith("([, Alt+L)")
    road = next(row for row in rows_of(labels.tree) if row.data(0, ID) == ROAD)
    assert road.toolTip(EYE).startswith("Hide (H)")


def test_tab_hides_the_panels_and_brings_them_back(story, window):
    shown = [dock for dock in window._docks.values() if dock.isVisible()]
    story.act("panels")
    assert not any(dock.isVisible() for dock in window._docks.values())
    story.act("panels")
    assert [dock for dock in window._docks.values() if dock.isVisible()] == shown
