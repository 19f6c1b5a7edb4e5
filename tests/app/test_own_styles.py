"""Own styles in the window: kept, offered, renamed, deleted, shared; labels without clusters."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox

from app.panels import StylePanel
from app.panels.tiles import IN_USE, PICTURE
from model.scene.scene import Style
from model.scene.splitting import cut_along
from model.styles.book import StyleBook
from model.styles.library import OwnStyle, StyleLibrary, load_library, save_library
from tests.app.story import LEFT, Story, answer, type_path

ROAD, CAR = 7, 26000


@pytest.fixture
def notices(session):
    found = []
    session.noticed.connect(lambda notice: found.append(notice.text))
    return found


@pytest.fixture
def panel(window, controller, engine, tmp_path, wait_until) -> StylePanel:
    """The style panel with a checkpoint that has clusters for cars alone; car 1 selected."""
    centers = np.arange(6, dtype=np.float32).reshape(2, 3)
    engine.book = StyleBook({26: centers}, {26: np.array([2, 1])})
    panel = next(each for each in window.panels if isinstance(each, StylePanel))
    panel.own.folder = tmp_path / "library"
    window.checkpoints.open(tmp_path)
    window.session.select(CAR)
    wait_until(lambda: controller.idle)
    return panel


def captions(panel) -> list[str]:
    return [choice.caption for choice in panel._choices]


def type_name(name: str):
    return lambda dialog: (dialog.setTextValue(name), dialog.accept())


def press(text: str):
    return lambda box: next(each for each in box.buttons() if each.text() == text).click()


def open_menu_on(panel, name: str) -> None:
    """As a right click on its tile does; menus pop up on real screens only."""
    panel._opened_on = name
    panel.menu.aboutToShow.emit()


def keep(panel, session, instance_id: int, style: Style, name: str) -> None:
    session.document.set_styles("Style", {instance_id: style})
    session.select(instance_id)
    answer(QInputDialog, type_name(name))
    panel.menu.ask_keep()


def test_a_kept_style_is_offered_with_a_picture_and_chosen_by_a_click(
    panel, window, session, document, controller, wait_until
):
    session.document.set_styles("Style", {CAR: Style((0.5, 0.5, 0.5))})
    answer(QInputDialog, type_name("Old taxi"))
    window.table.by_id["keep_style"].trigger()
    assert captions(panel) == ["1", "2", "Old taxi"]
    assert panel.state.text() == "Old taxi"
    session.select(26001)
    wait_until(lambda: controller.idle)
    tile = panel.list.item(2)
    assert tile.data(PICTURE) is not None
    panel.list.scrollToItem(tile)
    place = panel.list.visualItemRect(tile).center()
    QTest.mouseMove(panel.list.viewport(), place)
    wait_until(lambda: controller.idle)
    assert window.canvas.trial.request.name == "Old taxi"
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=place)
    assert document.styles[26001] == Style((0.5, 0.5, 0.5))


def test_those_of_the_same_label_come_first_and_the_others_say_whose_they_are(panel, session):
    keep(panel, session, ROAD, Style((1.0, 2.0, 3.0)), "Wet")
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    session.select(26001)
    assert captions(panel) == ["1", "2", "Dusty", "Wet"]
    assert panel.list.item(3).toolTip() == "Wet (road)"
    session.select(ROAD)
    assert captions(panel) == ["Wet", "Dusty"]


def test_the_library_is_a_file_per_checkpoint_and_is_read_again(
    panel, window, session, engine, controller, tmp_path, wait_until
):
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    (file,) = panel.own.folder.iterdir()
    assert file.name == "f4ke.styles.json"
    library = load_library(file)
    assert library.styles == (OwnStyle("Dusty", "car", (3.0, 2.0, 1.0)),)
    other = OwnStyle("From another window", "car", (1.0, 1.0, 1.0))
    save_library(file, library.with_style(other))
    keep(panel, session, CAR, Style((0.0, 0.0, 9.0)), "Third")
    assert captions(panel)[2:] == ["Dusty", "From another window", "Third"]
    window.checkpoints.open(None)
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    assert captions(panel)[2:] == ["Dusty", "From another window", "Third"]


def test_a_cluster_that_was_kept_goes_by_the_users_name(panel, session):
    keep(panel, session, CAR, panel._choices[1].style, "My usual")
    assert panel.state.text() == "My usual"
    assert [panel.list.item(row).data(IN_USE) for row in range(3)] == [False, True, True]


def test_names_that_are_taken_or_empty_are_refused(panel, session, notices):
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    keep(panel, session, CAR, Style((3.0, 3.0, 3.0)), " dusty ")
    keep(panel, session, CAR, Style((3.0, 3.0, 3.0)), "  ")
    assert len(panel.own.styles) == 1
    assert "already" in notices[0] and "needs a name" in notices[1]


def test_rename_and_delete_are_about_the_tile_they_were_asked_on(panel, session, document):
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    keep(panel, session, CAR, Style((3.0, 3.0, 3.0)), "Shiny")
    open_menu_on(panel, "Dusty")
    answer(QInputDialog, type_name("Sandy"))
    panel.menu.rename.trigger()
    assert captions(panel)[2:] == ["Sandy", "Shiny"]
    open_menu_on(panel, "Sandy")
    asked = answer(QMessageBox, press("Delete"))
    panel.menu.delete.trigger()
    assert "Sandy" in asked[0].text()
    assert captions(panel)[2:] == ["Shiny"]
    assert document.styles[CAR] == Style((3.0, 3.0, 3.0))  # objects stay as they are


def test_deleting_asks_first(panel, session):
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    panel.menu.aboutToShow.emit()
    answer(QMessageBox, lambda box: box.reject())
    panel.menu.delete.trigger()
    assert captions(panel)[2:] == ["Dusty"]


def test_styles_are_shared_as_a_file_and_imported(panel, session, notices, tmp_path):
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    keep(panel, session, ROAD, Style((1.0, 2.0, 3.0)), "Wet")
    path = tmp_path / "mine.styles.json"
    panel.menu.aboutToShow.emit()
    answer(QFileDialog, type_path(path))
    panel.menu.export_all.trigger()
    assert [own.name for own in load_library(path).styles] == ["Dusty", "Wet"]
    for name in ("Dusty", "Wet"):
        panel.own.delete(name)
    assert not panel.own.styles
    answer(QFileDialog, type_path(path))
    panel.menu.import_file.trigger()
    assert [own.name for own in panel.own.styles] == ["Dusty", "Wet"]
    assert notices[-1] == "2 styles were added."


def test_a_file_for_another_checkpoint_is_imported_with_a_word_or_refused(panel, notices, tmp_path):
    path = tmp_path / "theirs.styles.json"
    save_library(path, StyleLibrary("0th3r", "faces", (OwnStyle("A", "car", (1.0, 2.0, 3.0)),)))
    panel._session.attempt(lambda: panel.own.import_from(path))
    assert "faces and may look different" in notices[-1]
    save_library(path, StyleLibrary("0th3r", "faces", (OwnStyle("B", "car", (1.0, 2.0)),)))
    panel._session.attempt(lambda: panel.own.import_from(path))
    assert "styles of 2 numbers, but fake takes 3" in notices[-1]
    assert [own.name for own in panel.own.styles] == ["A"]


def test_a_damaged_library_is_named_and_left_alone(
    panel, window, session, controller, notices, tmp_path, wait_until
):
    panel.own.folder.mkdir()
    file = panel.own.folder / "f4ke.styles.json"
    file.write_text(json.dumps({"format": "something"}))
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    assert str(file) in notices[-1]
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    assert str(file) in notices[-1]
    assert json.loads(file.read_text()) == {"format": "something"}


def test_a_style_that_cannot_be_written_is_said_and_not_kept(panel, session, notices, tmp_path):
    (tmp_path / "file").touch()
    panel.own.folder = tmp_path / "file" / "styles"
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    assert "could not be written" in notices[-1]
    assert not panel.own.styles


def test_labels_without_clusters_say_so_and_take_own_styles(
    panel, session, document, controller, wait_until
):
    session.select(ROAD)
    assert panel.message.isVisible()
    assert panel.message.text() == "The checkpoint fake has no styles for road."
    keep(panel, session, CAR, Style((3.0, 2.0, 1.0)), "Dusty")
    session.select(ROAD)
    wait_until(lambda: controller.idle)
    assert not panel.message.isVisible()
    assert panel.state.text() == "no style"
    assert not panel.shows_pad.isEnabled() and not panel.pad.isVisible()
    QTest.mouseClick(
        panel.list.viewport(), LEFT, pos=panel.list.visualItemRect(panel.list.item(0)).center()
    )
    assert document.styles[ROAD] == Style((3.0, 2.0, 1.0))
    assert panel.state.text() == "Dusty"


def test_a_new_object_is_drawn_by_the_seed_until_a_style_is_chosen(
    panel, window, session, document, engine
):
    story = Story(window)
    story.choose("car")
    story.stroke((60, 55), (64, 55))
    new = session.selection
    assert new not in (26000, 26001, None)
    assert panel.state.text().endswith("by the seed")
    drawn = engine.book.draw(26, new, session.style_seed)
    assert panel.state.text().startswith(f"Style {drawn.cluster + 1}")
    QTest.mouseClick(
        panel.list.viewport(), LEFT, pos=panel.list.visualItemRect(panel.list.item(1)).center()
    )
    assert panel.state.text() == "Style 2"


def test_both_parts_of_a_split_object_keep_the_chosen_style(panel, session, document):
    document.set_styles("Style", {CAR: Style((0.0, 0.5, 1.0))})
    session.select_many(cut_along(document, CAR, [(22, 30), (22, 52)]))
    assert len(session.selected) == 2
    for each in session.selected:
        session.select(each)
        assert panel.state.text() == "between styles"


def test_checkpoints_without_features_or_without_clusters_are_told_apart(
    panel, window, session, engine, controller, tmp_path, wait_until
):
    engine.book = None
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    assert panel.message.text() == "The checkpoint fake has no styles."
    engine.features = 3
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    assert panel.message.text() == "The checkpoint fake has no styles for car."
    keep(panel, session, CAR, Style((1.0, 1.0, 1.0)), "Mine")
    assert captions(panel) == ["Mine"]
    QApplication.processEvents()
