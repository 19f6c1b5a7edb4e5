"""Panels, banner and status bar in the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QRadioButton

from app.checkpoints import bundled_checkpoint
from app.dialogs.split import SplitDialog, describe_split
from app.errors import Notice
from app.object_edits import nudge_selection, remove_selection
from app.panels import InstancePanel, LabelPanel, StylePanel
from app.panels.lists import ID, rows_of
from app.panels.tiles import PICTURE
from app.panels.tool_options import ToolOptions
from app.picture_view import ViewMode
from app.window import MainWindow
from model.errors import CheckpointError
from model.inference.request import Limits
from model.scene.labels import numbered_schema
from model.scene.scene import Scene, Style
from model.styles.book import StyleBook
from tests.app.story import Story

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def book() -> StyleBook:
    centers = np.arange(4, dtype=np.float32)[:, None]
    return StyleBook({26: centers}, {26: np.array([4, 3, 2, 1])})


@pytest.fixture
def engine(engine, book):
    engine.book = book
    return engine


@pytest.fixture
def styled(window, controller, source, tmp_path, wait_until):
    """The window with a checkpoint that has styles for cars."""
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    return window


def panel(window, kind):
    return next(panel for panel in window.panels if isinstance(panel, kind))


def rows(tree) -> list:
    return [item for item in rows_of(tree) if not item.isHidden()]


def click_row(tree, text: str) -> None:
    item = next(item for item in rows(tree) if item.text(0) == text)
    tree.scrollToItem(item)
    QTest.mouseClick(tree.viewport(), LEFT, pos=tree.visualItemRect(item).center())


def test_clicking_a_label_makes_it_current_and_marks_it(window, session):
    labels = panel(window, LabelPanel)
    click_row(labels.tree, "sidewalk")
    assert session.label.name == "sidewalk"
    session.choose_label(21)
    assert labels.tree.currentItem().text(0) == "vegetation"


def test_searching_labels_hides_the_rest_and_enter_takes_the_first(window, session):
    labels = panel(window, LabelPanel)
    QTest.keyClicks(labels.search, "tra")
    assert {item.text(0) for item in rows(labels.tree)} >= {"rail track", "traffic light", "train"}
    assert "Sky" not in {item.text(0) for item in rows(labels.tree)}
    QTest.keyClicks(labels.search, "ffic s")
    QTest.keyClick(labels.search, Qt.Key.Key_Return)
    assert session.label.name == "traffic sign"


def test_typing_a_tools_key_in_a_search_field_does_not_switch_the_tool(window, session):
    labels, tool = panel(window, LabelPanel), session.tool
    labels.search.setFocus()
    QTest.keyClicks(labels.search, "bugle v")
    assert session.tool is tool
    assert labels.search.text() == "bugle v"


def test_objects_are_listed_nearest_first_and_on_request_by_size_or_label(
    window, wait_until, document, session
):
    session.select(26001)
    nudge_selection(session, 0, 5)
    objects = panel(window, InstancePanel)
    wait_until(lambda: rows(objects.tree) and rows(objects.tree)[0].text(1) == "53")
    assert [item.text(0) for item in rows(objects.tree)][:2] == ["car 2", "car 1"]
    objects.tree.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    pixels = {info.instance_id: info.pixels for info in document.instances()}
    sizes = [pixels[item.data(0, ID)] for item in rows(objects.tree)]
    assert sizes == sorted(pixels.values(), reverse=True)
    objects.tree.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    names = [item.text(0) for item in rows(objects.tree)]
    assert names == ["car 1", "car 2", "pole", "road", "sky"]


def test_clicking_an_object_selects_it_and_the_list_follows_edits(window, session, wait_until):
    objects = panel(window, InstancePanel)
    wait_until(lambda: rows(objects.tree))
    click_row(objects.tree, "car 2")
    assert session.selection == 26001
    remove_selection(session)
    wait_until(lambda: "car 2" not in [item.text(0) for item in rows(objects.tree)])


def test_f2_renames_in_the_list_of_objects_and_shows_the_picture_elsewhere(
    window, session, wait_until
):
    objects = panel(window, InstancePanel)
    wait_until(lambda: rows(objects.tree))
    window.activateWindow()
    window.table.by_id["labels"].trigger()
    click_row(objects.tree, "car 2")
    objects.tree.setFocus()
    QTest.keyClick(objects.tree, Qt.Key.Key_F2)
    field = objects.tree.findChild(QLineEdit)
    QTest.keyClicks(field, "my taxi")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_until(lambda: session.name_of(26001) == "my taxi")
    assert window.canvas.mode is ViewMode.LABELS
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_F2)
    assert window.canvas.mode is ViewMode.PICTURE


def test_the_combo_changes_the_label_of_the_selected_object(window, session, document):
    objects = panel(window, InstancePanel)
    assert not objects.label.isEnabled()
    session.select(26000)
    assert objects.label.currentText() == "car"
    objects.label.setCurrentIndex(objects.label.findText("truck"))
    objects.label.activated.emit(objects.label.currentIndex())
    assert session.selection == 27000
    assert document.undo_name == "Change to truck"


def test_the_style_panel_says_why_it_is_empty(window, controller, engine, wait_until, tmp_path):
    styles = panel(window, StylePanel)
    assert styles.message.text() == "Open a checkpoint to choose styles."
    engine.book, book = None, engine.book
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    assert styles.message.text() == "The checkpoint fake has no styles."
    engine.book = book
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    assert styles.message.text() == "Select an object to choose its style."
    window.session.select(7)
    assert styles.message.text() == "The checkpoint fake has no styles for road."


def test_thumbnails_come_one_by_one_and_a_click_commits_one_step(
    styled, session, document, controller, engine, wait_until
):
    styles, story = panel(styled, StylePanel), Story(styled)
    session.select(26000)
    wait_until(lambda: controller.idle)
    assert styles.list.count() == 4
    assert [style.cluster for style in engine.requests[-1].styles] == [0, 1, 2, 3]
    item = styles.list.item(3)
    styles.list.scrollToItem(item)
    QTest.mouseClick(styles.list.viewport(), LEFT, pos=styles.list.visualItemRect(item).center())
    assert document.styles[26000] == Style((3.0,), 3)
    assert document.undo_name == "Style of car 1"
    wait_until(lambda: controller.idle)
    assert story.color((20, 42)) == (26, 100, 3)
    document.undo()
    wait_until(lambda: controller.idle)
    assert story.color((20, 42)) == (26, 100, 0)


def test_a_stroke_stops_thumbnails_and_the_missing_ones_follow_later(
    styled, session, controller, engine, wait_until
):
    engine.gate.clear()
    session.select(26000)
    wait_until(lambda: engine.requests)
    story = Story(styled)
    story.choose("person")
    story.stroke((60, 5), (70, 5))
    session.select(26000)
    engine.gate.set()
    wait_until(lambda: controller.idle)
    assert len(engine.requests) >= 2
    tiles = panel(styled, StylePanel).list
    assert all(tiles.item(row).data(PICTURE) for row in range(tiles.count()))


def test_a_hidden_style_panel_asks_for_nothing(styled, session, controller, engine, wait_until):
    styles = panel(styled, StylePanel)
    styles.parentWidget().hide()
    session.select(26000)
    wait_until(lambda: controller.idle)
    assert not engine.requests
    styles.parentWidget().show()
    wait_until(lambda: engine.requests and controller.idle)


def test_slider_and_number_agree_on_the_size(window, session):
    options = window.findChild(ToolOptions).groups["size"]
    new = window.findChild(ToolOptions).groups["new"].check
    options.number.setValue(40)
    assert session.brush.radius == 20
    options.slider.setValue(0)
    assert session.brush.radius == 0.5
    assert options.number.value() == 1
    session.choose_label(7)
    assert not new.isEnabled()
    session.choose_label(26)
    new.click()
    assert not session.brush.new_instances


def test_the_banner_says_one_sentence_copies_details_and_goes_away(window):
    tried = []
    notice = Notice("It broke.", "Traceback here", {"Try again": lambda: tried.append(True)})
    window.show_notice(notice)
    banner = window.banner
    assert banner.isVisible() and banner.text.text() == "It broke."
    QTest.mouseClick(banner.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "It broke.\n\nTraceback here"
    assert [button.text() for button in banner.choices] == ["Try again"]
    QTest.mouseClick(banner.choices[0], LEFT)
    assert tried and not banner.isVisible()
    window.show_notice(Notice("Only a sentence."))
    assert not banner.choices and banner.copy.isHidden()
    QTest.mouseClick(banner.dismiss, LEFT)
    assert not banner.isVisible()


def test_a_lasting_notice_comes_back_when_what_covered_it_is_dismissed(window):
    chosen = []
    lasting = Notice("Work was found.", actions={"Recover": lambda: chosen.append(1)}, lasting=True)
    banner = window.banner
    window.show_notice(lasting)
    window.show_notice(Notice("It broke."))
    assert banner.text.text() == "It broke." and not banner.choices
    QTest.mouseClick(banner.dismiss, LEFT)
    assert banner.text.text() == "Work was found."
    QTest.mouseClick(banner.choices[0], LEFT)
    assert chosen and not banner.isVisible()
    window.show_notice(lasting)
    window.show_notice(Notice("It broke."))
    banner.withdraw(lasting)
    QTest.mouseClick(banner.dismiss, LEFT)
    assert not banner.isVisible()


def test_the_banner_does_not_move_the_picture(window):
    before = window.canvas.viewport.to_view((0, 0))
    window.show_notice(Notice("It broke."))
    QGuiApplication.processEvents()
    assert window.canvas.viewport.to_view((0, 0)) == before


def test_a_failing_engine_is_a_banner_whose_try_again_paints(
    window, session, controller, document, wait_until
):
    story = Story(window)
    story.choose("bicycle")
    story.stroke((60, 5), (70, 5))
    wait_until(lambda: window.banner.isVisible())
    assert "a bicycle is too much" in window.banner.text.text()
    document.undo()
    wait_until(lambda: controller.idle)
    QTest.mouseClick(window.banner.choices[0], LEFT)
    wait_until(lambda: controller.idle)
    assert controller.status.exact


def test_a_refused_checkpoint_is_a_banner_and_keeps_document_and_engine(
    window, engine, document, controller, wait_until, tmp_path
):
    engine.refuses = CheckpointError("streets is no checkpoint.")
    window.checkpoints.open(tmp_path)
    wait_until(lambda: window.banner.isVisible())
    assert window.banner.text.text() == "streets is no checkpoint."
    assert window.session.document is document
    wait_until(lambda: controller.status.exact)
    assert len(engine.sources) == 2  # flat colours at first, then the refused one


def test_without_a_usable_checkpoint_the_editor_starts_in_flat_colours(
    qapp, session, controller, settings, engine, source, wait_until
):
    engine.refuses = CheckpointError("streets is damaged.")
    window = MainWindow(qapp, session, controller, settings)
    window.show()
    window.checkpoints.start(replace(source, path=Path("streets")))
    wait_until(lambda: controller.status.exact)
    assert controller.status.text == "flat colours · no checkpoint"
    assert window.banner.text.text() == "streets is damaged."
    assert window.close()


def test_a_document_of_another_schema_is_shown_flat_and_says_why(
    styled, engine, controller, wait_until
):
    other = numbered_schema(40)
    maps = np.full((64, 128), 39, np.uint8), np.full((64, 128), 39, np.int32)
    engine.schema = other  # for the flat colours that come next
    styled.session.replace_document(Scene(other, *maps), None, "other")
    wait_until(lambda: controller.idle and controller.source.schema is other)
    assert controller.source.path is None
    text = styled.banner.text.text()
    assert "'cityscapes'" in text and "'numbered-40'" in text
    assert not styled.banner.notice.serious
    assert styled.session.label.id in other


def test_a_checkpoint_of_another_schema_is_refused_with_both_names(
    window, engine, document, controller, wait_until, tmp_path
):
    engine.schema = numbered_schema(40)
    window.checkpoints.open(tmp_path)
    wait_until(lambda: window.banner.isVisible())
    assert "numbered-40" in window.banner.text.text()
    assert "cityscapes" in window.banner.text.text()
    assert window.session.document is document
    assert controller.source.path is None


def test_an_open_question_about_channels_is_asked_once(
    window, engine, controller, wait_until, tmp_path
):
    engine.splits = ("35+1+3", "39")
    window.checkpoints.open(tmp_path)
    wait_until(lambda: window.findChild(SplitDialog))
    dialog = window.findChild(SplitDialog)
    texts = [button.text() for button in dialog.findChildren(QRadioButton)]
    assert texts == ["35 labels, object boundaries, 3 style channels", "39 labels"]
    dialog.findChildren(QRadioButton)[1].click()
    dialog.accept()
    wait_until(lambda: controller.idle and engine.sources[-1].split == "39")
    assert [source.split for source in engine.sources if source.path] == [None, "39"]

    wait_until(lambda: not window.findChild(SplitDialog))
    engine.sources.clear()
    window.checkpoints.open(tmp_path)  # as after the next start
    wait_until(lambda: controller.idle and len(engine.sources) == 2)
    assert [source.split for source in engine.sources] == [None, "39"]
    assert not window.findChild(SplitDialog)

    engine.splits = ("35+1+3", "40")  # other files in that folder
    window.checkpoints.open(tmp_path)
    wait_until(lambda: window.findChild(SplitDialog))


def test_the_likeliest_channels_are_kept_until_the_checkpoint_is_chosen_again(
    window, engine, controller, wait_until
):
    path = bundled_checkpoint()
    engine.splits = ("35+1+3", "39")
    window.checkpoints.open(path)
    wait_until(lambda: window.findChild(SplitDialog))
    window.findChild(SplitDialog).accept()
    wait_until(lambda: not window.findChild(SplitDialog))
    opened = len(engine.sources)
    window.checkpoints.limit(Limits(None, 100))
    wait_until(lambda: controller.idle and len(engine.sources) == opened + 1)
    assert engine.sources[-1].split is None
    assert not window.findChild(SplitDialog)
    window.switching.use(path)
    wait_until(lambda: window.findChild(SplitDialog))


def test_splits_are_put_into_words():
    assert describe_split("rgb") == "a colour picture"
    assert describe_split("35+0") == "35 labels"
    assert describe_split("35+1") == "35 labels, object boundaries"


def test_rows_carry_the_id_of_their_object(window, wait_until):
    objects = panel(window, InstancePanel)
    wait_until(lambda: rows(objects.tree))
    objects.tree.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [item.data(0, ID) for item in rows(objects.tree)] == [26000, 26001, 17, 7, 23]
    assert objects.tree.itemAt(QPoint(2, 2)) is not None
