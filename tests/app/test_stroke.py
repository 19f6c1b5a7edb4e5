"""Strokes with the real mouse in the real window, down to the pixels on the screen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.canvas import BRACKET_STEPS
from model.scene.geometry import Rect
from tests.app.story import LEFT, NONE, answer

CONTROL = Qt.KeyboardModifier.ControlModifier
PERSON, CAR, ROAD, SKY = 24, 26, 7, 23


def painted(label_id: int) -> tuple[int, int, int]:
    """What the fake engine makes of a label."""
    return label_id, 100, 0


def test_a_stroke_reaches_the_screen_and_undo_takes_it_away(story, controller, wait_until):
    story.choose("person")
    story.stroke((20, 12), (40, 12), (50, 14))
    wait_until(lambda: controller.idle)
    assert story.color((30, 12)) == painted(PERSON)
    assert story.color((30, 26)) == painted(SKY)
    story.shot("stroke")
    story.key(Qt.Key.Key_Z, CONTROL)
    wait_until(lambda: controller.idle)
    assert story.color((30, 12)) == painted(SKY)
    story.key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    wait_until(lambda: controller.idle)
    assert story.color((30, 12)) == painted(PERSON)


def test_paint_shows_at_once_while_the_network_still_works(story, engine, controller, wait_until):
    engine.gate.clear()
    story.choose("person")
    story.stroke((20, 12), (40, 12))
    red, _, blue = story.color((30, 12))
    assert red > 140 and blue < 80  # the label's crimson over the old picture
    assert story.color((30, 26)) == painted(SKY)
    engine.gate.set()
    wait_until(lambda: controller.idle)
    assert story.color((30, 12)) == painted(PERSON)


def test_before_the_first_picture_the_labels_are_shown_in_their_colours(window, story, schema):
    window.canvas.layers.has_picture = False
    assert story.color((30, 12)) == schema.by_name("sky").color


def test_a_change_repaints_its_place_and_no_more(story, document, engine, qapp):
    class Watch(QObject):
        region = QRegion()

        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                self.region += event.region()
            return False

    engine.gate.clear()
    qapp.processEvents()
    watch = Watch()
    story.canvas.installEventFilter(watch)
    with document.edit("Dot"):
        document.paint(Rect(40, 8, 50, 12), np.ones((4, 10), bool), 21, 21)
        qapp.processEvents()
    assert watch.region.contains(story.view((45, 10)))
    assert not watch.region.contains(story.view((100, 50)))


def test_the_views_show_picture_labels_and_both(story, schema):
    sky = schema.by_name("sky").color
    story.key(Qt.Key.Key_F3)
    assert story.color((30, 12)) == sky
    story.key(Qt.Key.Key_F4)
    blended = story.color((30, 12))
    assert all(
        abs(mixed - (a + b) / 2) <= 2
        for mixed, a, b in zip(blended, sky, painted(SKY), strict=True)
    )
    story.key(Qt.Key.Key_F2)
    assert story.color((30, 12)) == painted(SKY)


def test_escape_in_the_middle_of_a_stroke_leaves_no_trace(story, document, controller, wait_until):
    before = document.label_map.copy()
    story.press((20, 12))
    story.move((40, 12))
    assert (document.label_map != before).any()
    story.key(Qt.Key.Key_Escape)
    story.move((60, 12))
    story.release((60, 12))
    assert (document.label_map == before).all()
    assert not document.can_undo
    wait_until(lambda: controller.idle)
    assert story.color((30, 12)) == painted(SKY)


@pytest.mark.parametrize("then", ["moved", "pressed"])
def test_a_stroke_whose_release_a_dialog_took_ends_when_the_pointer_is_back(
    then, story, document, window
):
    handle = window.windowHandle()  # the system's way: only there a dialog blocks the window

    def place(x: float, y: float) -> QPoint:
        return story.canvas.mapTo(window, story.view((x, y)))

    def release_and_cancel(dialog: QFileDialog) -> None:
        QTest.mouseRelease(handle, LEFT, NONE, place(30, 10))
        dialog.reject()

    QTest.mousePress(handle, LEFT, NONE, place(20, 10))
    QTest.mouseMove(handle, place(30, 10))
    painted = document.label_map.copy()
    met = answer(QFileDialog, release_and_cancel)
    window.table.by_id["open"].trigger()
    assert met and document.is_editing
    if then == "moved":
        QTest.mouseMove(handle, place(60, 25))
        assert not document.is_editing and document.history.position == 1
        assert (document.label_map == painted).all()
    QTest.mousePress(handle, LEFT, NONE, place(100, 10))
    QTest.mouseRelease(handle, LEFT, NONE, place(100, 10))
    assert document.history.position == 2


def test_holding_control_takes_a_label_instead_of_painting(story, session, document):
    story.choose("person")
    story.click((30, 60), CONTROL)
    assert session.label.name == "road"
    assert not document.can_undo


def test_space_and_the_middle_button_drag_the_map_instead_of_painting(story, document):
    canvas = story.canvas
    left = canvas.viewport.x
    canvas.setFocus()
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    story.stroke((20, 12), (40, 12))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    after_space = canvas.viewport.x
    assert after_space > left
    story.press((20, 12), button=Qt.MouseButton.MiddleButton)
    QTest.mouseMove(canvas, story.view((20, 12)) - QPoint(50, 0))
    story.release((20, 12), button=Qt.MouseButton.MiddleButton)
    assert canvas.viewport.x == pytest.approx(after_space - 50, abs=1)
    assert not document.can_undo


def test_the_wheel_zooms_at_the_pointer(story):
    canvas = story.canvas
    place = QPointF(story.view((100, 20)))
    before, scale = canvas.map_point(place), canvas.viewport.scale
    event = QWheelEvent(
        place, canvas.mapToGlobal(place), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.viewport.scale == pytest.approx(scale * 1.25**2)
    assert canvas.map_point(place) == pytest.approx(before, abs=0.2)


def test_actual_size_is_one_to_one_and_fit_shows_everything(story, window):
    story.key(Qt.Key.Key_1, CONTROL)
    assert window.canvas.zoom_percent == pytest.approx(100)
    assert window.status.zoom.text() == "100 %"
    story.key(Qt.Key.Key_0, CONTROL)
    left, top = window.canvas.viewport.to_view((0, 0))
    right, bottom = window.canvas.viewport.to_view((128, 64))
    assert 0 <= left < right <= window.canvas.width()
    assert 0 <= top < bottom <= window.canvas.height()


def test_brackets_change_the_brush_and_x_swaps_the_labels(story, session):
    radius = session.brush.radius
    story.key(Qt.Key.Key_BracketRight)
    assert session.brush.radius > radius
    story.key(Qt.Key.Key_BracketLeft)
    assert session.brush.radius == radius
    story.choose("person")
    story.choose("road")
    story.key(Qt.Key.Key_X)
    assert session.label.name == "person"


@pytest.mark.skipif(not BRACKET_STEPS, reason="no physical key codes on this system")
def test_the_physical_bracket_keys_work_on_keyboards_that_type_something_else(story, session):
    radius = session.brush.radius
    for code, step in BRACKET_STEPS.items():
        key = Qt.Key.Key_Udiaeresis, NONE, code, 0, 0
        QApplication.sendEvent(story.canvas, QKeyEvent(QEvent.Type.KeyPress, *key))
        assert (session.brush.radius > radius) == (step > 0)
        session.set_radius(radius)


def test_delete_removes_the_selected_object_and_the_picture_follows(
    story, session, document, controller, wait_until
):
    story.key(Qt.Key.Key_V)
    story.click((20, 42))
    assert session.selection == 26000
    story.shot("selected")
    story.key(Qt.Key.Key_Delete)
    assert 26000 not in document.instance_map
    wait_until(lambda: controller.idle)
    assert story.color((20, 42)) == painted(ROAD)


def test_a_polygon_is_finished_by_enter(story, document):
    story.key(Qt.Key.Key_P)
    story.choose("vegetation")
    for corner in [(70, 5), (80, 5), (80, 15), (70, 15)]:
        story.click(corner)
    story.shot("polygon")
    story.key(Qt.Key.Key_Return)
    assert (document.label_map[6:14, 71:79] == 21).all()


def test_the_eraser_shows_its_path_and_acts_when_released(story, document, controller, wait_until):
    story.key(Qt.Key.Key_E)
    story.window.session.set_radius(20)
    story.press((10, 42))
    story.move((34, 42))
    assert 26000 in document.instance_map
    red, green, blue = story.color((20, 42))
    assert red > 100 and green > 150 and blue > 80  # whitened
    story.shot("eraser")
    story.release((34, 42))
    wait_until(lambda: controller.idle)
    assert story.color((20, 42)) == painted(ROAD)


def test_hovering_names_label_object_and_place(story, window):
    story.move((20.5, 42.5))
    assert window.status.place.text() == "car · car 1 · 20, 42"
    story.move((20.5, 60.5))
    assert window.status.place.text() == "road · 20, 60"


class Layouts(QObject):
    """Counts how often the window is laid out."""

    count = 0

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_a_stroke_and_its_pictures_lay_out_hardly_anything(story, window, controller, wait_until):
    story.stroke((10, 50), (60, 50))
    wait_until(lambda: controller.idle)
    QApplication.processEvents()  # the longest words have their room now
    layouts, texts = Layouts(), set()
    story.press((10, 20))
    window.installEventFilter(layouts)
    for x in range(11, 60):
        story.move((x, 20))
        wait_until(lambda: controller.idle)
        texts.add(window.status.place.text())
    assert len(texts) > 30
    assert layouts.count < 3  # a panel that catches up meanwhile may ask once
    assert window.status.place.width() > 300
    story.release((60, 20))


def test_the_footprint_covers_exactly_the_pixels_a_click_paints(story, document, window):
    window.session.set_radius(4)
    place = (30.3, 12.6)
    story.move(place)
    ring = window.canvas.grab().toImage()
    story.click(place)
    changed = document.label_map == CAR
    changed[32:] = False
    rows, columns = changed.any(1).nonzero()[0], changed.any(0).nonzero()[0]
    for x, y in ((columns[0], 12), (columns[-1] + 1, 12), (30, rows[0]), (30, rows[-1] + 1)):
        point = story.view((x, y + 0.5 if y == 12 else y))
        assert _has_bright_line(ring, point), f"no outline near {x}, {y}"


def _has_bright_line(image, point) -> bool:
    near = [
        image.pixelColor(point.x() + dx, point.y() + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)
    ]
    return any(color.lightness() > 230 for color in near)
