"""Borrowing styles from photos in the real window: open, drop, lasso, whole scene, refusals."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.panels.photo import PhotoPanel
from model.errors import InputError
from model.scene.maps import write_instance_map, write_label_map, write_picture
from model.styles.book import StyleBook
from tests.app.story import answer, type_path

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def engine(engine):
    engine.book = StyleBook({26: np.zeros((1, 3))}, {26: np.array([1])})
    return engine


@pytest.fixture
def opened(window, controller, tmp_path, wait_until):
    """The window with a checkpoint."""
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    return window


@pytest.fixture
def photo(tmp_path):
    """200x100: the left half red, the right half blue."""
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[:, :100, 0] = 255
    pixels[:, 100:, 2] = 255
    write_picture(tmp_path / "photo.png", pixels)
    return tmp_path / "photo.png"


@pytest.fixture
def panel(opened) -> PhotoPanel:
    return opened.photo_panel


@pytest.fixture
def drop(opened, wait_until):
    """Drop a file on a widget and wait for what comes of it."""

    def act(path, widget=None):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, target = Qt.DropAction.CopyAction, widget or opened
        QApplication.sendEvent(target, QDragEnterEvent(QPointF(9, 9), copy, data, LEFT, NONE))
        QApplication.sendEvent(target, QDropEvent(QPointF(9, 9), copy, data, LEFT, NONE))
        wait_until(lambda: opened.jobs.idle)
        QApplication.processEvents()

    return act


@pytest.fixture
def lasso(panel, controller, wait_until):
    def act(*places):
        view = panel.view
        points = [QPointF(*view.viewport.to_view(place)).toPoint() for place in places]
        QTest.mousePress(view, LEFT, NONE, points[0])
        for point in points[1:]:
            QTest.mouseMove(view, point)
        QTest.mouseRelease(view, LEFT, NONE, points[-1])
        wait_until(lambda: controller.idle)

    return act


RED_PART = ((10, 10), (90, 10), (90, 90), (10, 90))
BLUE_PART = ((110, 10), (190, 10), (190, 90), (110, 90))
RED, BLUE = (1.0, -1.0, -1.0), (-1.0, -1.0, 1.0)


def test_what_is_drawn_around_becomes_the_style_of_the_selected_object(
    opened, session, document, photo, drop, lasso, panel, engine
):
    drop(photo)
    assert panel.isVisible()
    session.select(26001)
    painted = len(engine.patches)
    lasso(*BLUE_PART)
    assert document.styles[26001].vector == pytest.approx(BLUE)
    assert document.undo_name == "Borrow style of photo.png"
    assert panel.message.text() == "Borrowed for car 2."
    assert len(engine.patches) == painted + 1
    opened.table.by_id["undo"].trigger()
    assert 26001 not in document.styles and not document.can_undo


def test_the_marked_part_can_be_given_to_others_afterwards(
    session, document, photo, drop, lasso, panel, controller, wait_until
):
    drop(photo, panel)
    lasso(*RED_PART)
    assert not document.can_undo and not panel.give.isEnabled()
    assert "Select an object" in panel.message.text()
    session.select_many((26000, 26001))
    QTest.mouseClick(panel.give, LEFT)
    wait_until(lambda: controller.idle)
    for each in (26000, 26001):
        assert document.styles[each].vector == pytest.approx(RED)
    assert document.history.position == 1


def test_a_photo_with_maps_gives_its_styles_to_the_whole_scene_in_one_step(
    document, photo, drop, panel, controller, wait_until
):
    labels = np.full((100, 200), 7, np.uint8)
    labels[20:40, 20:40] = labels[20:40, 160:180] = 26
    instances = labels.astype(np.int32)
    instances[20:40, 20:40], instances[20:40, 160:180] = 26005, 26006
    write_label_map(photo.with_name("photo_labelIds.png"), labels)
    write_instance_map(photo.with_name("photo_instanceIds.png"), instances)
    drop(photo)
    QTest.mouseClick(panel.give_all, LEFT)
    wait_until(lambda: controller.idle)
    assert document.styles.keys() == {7, 26000, 26001}
    assert document.styles[26000].vector == pytest.approx(RED)
    assert document.styles[26001].vector == pytest.approx(BLUE)
    assert document.styles[7].vector == pytest.approx((0.0, -1.0, 0.0), abs=0.05)
    assert document.history.position == 1


def test_an_instance_of_a_photo_with_maps_is_taken_by_a_click(
    session, document, photo, drop, lasso, panel
):
    labels = np.full((100, 200), 7, np.uint8)
    labels[20:40, 160:180] = 26
    write_label_map(photo.with_name("photo_labelIds.png"), labels)
    drop(photo)
    session.select(26000)
    lasso((170, 30))
    assert document.styles[26000].vector == pytest.approx(BLUE)


def test_without_maps_the_whole_scene_asks_for_a_label_map(
    opened, document, photo, drop, panel, controller, wait_until
):
    write_label_map(photo.with_name("other.png"), np.full((100, 200), 26, np.uint8))
    drop(photo)
    assert panel.give_all.text().endswith("…")
    met = answer(QFileDialog, type_path(photo.with_name("other.png")))
    QTest.mouseClick(panel.give_all, LEFT)
    wait_until(lambda: opened.jobs.idle and not panel.give_all.text().endswith("…"))
    assert met
    QTest.mouseClick(panel.give_all, LEFT)
    wait_until(lambda: controller.idle)
    assert document.styles.keys() == {26000, 26001}


def test_maps_of_another_size_are_left_out_with_a_word(opened, photo, drop, panel):
    write_label_map(photo.with_name("photo_labelIds.png"), np.zeros((9, 9), np.uint8))
    drop(photo)
    assert panel.isVisible() and panel.give_all.text().endswith("…")
    assert "sizes must be equal" in opened.banner.text.text()


def test_a_checkpoint_without_an_encoder_says_so(
    opened, engine, session, photo, drop, lasso, panel, wait_until
):
    engine.encodes = False
    opened.checkpoints.open(photo.parent)
    wait_until(lambda: opened.controller.idle)
    opened.table.by_id["borrow"].trigger()
    assert "has no encoder" in opened.banner.text.text()
    drop(photo)
    assert "has no encoder" in panel.message.text()
    assert not panel.give_all.isEnabled()
    session.select(26000)
    lasso(*RED_PART)
    assert not session.document.can_undo


def test_what_goes_wrong_is_said_and_painting_goes_on(
    opened, engine, session, document, photo, drop, lasso, panel, controller, wait_until
):
    engine.refuses_photos = InputError("The weights are damaged.")
    drop(photo)
    session.select(26000)
    lasso(*RED_PART)
    assert panel.message.text() == "The weights are damaged."
    assert not document.can_undo
    assert controller.status.exact


def test_encoding_runs_beside_the_window(engine, session, photo, drop, lasso):
    drop(photo)
    session.select(26000)
    engine.threads.clear()
    lasso(*RED_PART)
    assert threading.get_ident() not in engine.threads and engine.threads


def test_a_photo_is_opened_while_an_export_runs(opened, photo, panel, wait_until):
    let_go = threading.Event()
    opened.jobs.run("export", lambda _: let_go.wait(60))
    opened.borrowing.open(photo)
    wait_until(lambda: panel.isVisible())
    assert opened.jobs.title == "export"
    let_go.set()
    wait_until(lambda: opened.jobs.idle)


def test_a_label_map_that_is_dropped_is_no_photo(opened, tmp_path, drop, panel):
    write_label_map(tmp_path / "map.png", np.full((20, 30), 7, np.uint8))
    drop(tmp_path / "map.png")
    assert opened.session.document.label_map.shape == (20, 30)
    assert not panel.isVisible()


def test_the_action_asks_for_a_photo_and_shows_it(opened, photo, panel, wait_until):
    met = answer(QFileDialog, type_path(photo))
    opened.table.by_id["borrow"].trigger()
    wait_until(lambda: panel.isVisible())
    assert met


def test_the_photo_is_panned_and_zoomed(photo, drop, panel, session, document):
    drop(photo)
    view = panel.view
    before = view.viewport.to_view((50, 50))
    middle = Qt.MouseButton.MiddleButton
    center = view.rect().center()
    QTest.mousePress(view, middle, NONE, center)
    QTest.mouseMove(view, center + QPoint(15, 5))
    QTest.mouseRelease(view, middle, NONE, center + QPoint(15, 5))
    after = view.viewport.to_view((50, 50))
    assert after == pytest.approx((before[0] + 15, before[1] + 5), abs=1)
    scale = view.viewport.scale
    view.zoom_in()
    assert view.viewport.scale > scale
    assert not document.can_undo
