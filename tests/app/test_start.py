"""The first start, the gallery and the preferences."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.gallery import TITLES
from app.sample import SAMPLES
from app.theme import apply_theme, is_dark
from model.scene.project import EXTENSION, load_project
from tests.app.story import LEFT, Story

RIGHT = Qt.MouseButton.RightButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press_tile(window, row: int) -> None:
    tiles = window.gallery.list
    tiles.scrollToItem(tiles.item(row))
    place = tiles.visualItemRect(tiles.item(row)).center()
    QTest.mouseClick(tiles.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)


def test_the_first_start_shows_the_gallery_until_it_is_closed(window, settings):
    gallery = window.gallery
    assert not gallery.isVisible()
    gallery.show_at_start()
    assert gallery.isVisible()
    assert len(gallery.hints) == 3
    assert gallery.list.count() == len(TITLES)
    QTest.mouseClick(gallery.close_button, LEFT)
    assert not gallery.isVisible()
    gallery.show_at_start()
    assert not gallery.isVisible()
    Story(window).act("gallery")
    assert gallery.isVisible()
    assert settings.get("view/gallery")


def test_the_picture_stays_clear_of_the_gallery(window):
    gallery, canvas = window.gallery, window.canvas
    bounds = window.session.document.bounds
    window.resize(1500, 600)

    def lower_edge() -> float:
        QApplication.processEvents()
        return canvas.viewport.to_view((0, bounds.height))[1]

    alone = lower_edge()
    gallery.open()
    assert lower_edge() <= canvas.height() - gallery.height()
    gallery.dismiss()
    assert lower_edge() == alone


def test_a_sample_becomes_a_scene_without_a_file_and_painting_goes_on(window, wait_until):
    window.gallery.open()
    press_tile(window, list(TITLES).index("empty"))
    wait_until(lambda: window.session.document.label_map.shape == (1024, 2048))
    assert window.session.path is None
    assert not window.session.modified
    assert window.gallery.isVisible()  # not in the way: one may look at the next
    story = Story(window)
    story.choose("car")
    story.stroke((700, 700), (760, 700))
    assert window.session.modified


def test_recent_files_that_are_there_can_be_chosen(window, wait_until, settings, tmp_path):
    there = tmp_path / f"street{EXTENSION}"
    there.write_bytes((SAMPLES / f"empty{EXTENSION}").read_bytes())
    settings.add_recent(tmp_path / "gone.png")
    settings.add_recent(there)
    window.gallery.open()
    window.gallery.tabs.setCurrentIndex(1)
    assert [window.gallery.list.item(0).text()] == [there.name]
    assert window.gallery.list.count() == 1
    press_tile(window, 0)
    wait_until(lambda: window.session.path == there)


@pytest.mark.parametrize("name", TITLES)
def test_every_sample_opens_and_has_a_picture(name):
    scene = load_project(SAMPLES / f"{name}{EXTENSION}").scene
    assert scene.size == (1024, 2048)
    assert (SAMPLES / f"{name}.jpg").stat().st_size > 2000
    assert (SAMPLES / f"{name}{EXTENSION}").stat().st_size < 300_000


def choose(choice, data: str) -> None:
    choice.setCurrentIndex(choice.findData(data))
    choice.activated.emit(choice.currentIndex())


def test_preferences_count_at_once_and_are_kept(window, settings, qapp):
    story = Story(window)
    story.act("preferences")
    preferences = window.preferences
    choose(preferences.theme, "dark")
    qapp.processEvents()
    assert is_dark(window.palette())
    apply_theme(qapp, "light")
    QTest.mouseClick(
        preferences.safe_colors, LEFT, pos=QPoint(8, preferences.safe_colors.height() // 2)
    )
    assert window.session.safe_colors
    assert window.table.by_id["safe_colors"].isChecked()
    choose(preferences.language, "de")
    assert preferences.restart.isVisible()
    choose(preferences.wheel, "scroll")
    kept = [settings.get(f"view/{name}") for name in ("theme", "safe_colors", "language", "wheel")]
    assert kept == ["dark", True, "de", "scroll"]
    preferences.close()


def wheel(canvas, modifiers=Qt.KeyboardModifier.NoModifier, notches: int = 1) -> None:
    middle = QPointF(canvas.rect().center())
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            middle,
            QPointF(canvas.mapToGlobal(middle)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_the_wheel_zooms_or_scrolls_as_preferred(window):
    canvas, viewport = window.canvas, window.canvas.viewport
    for _ in range(8):
        canvas.zoom_in()
    scale = viewport.scale
    wheel(canvas)
    assert viewport.scale > scale
    canvas.wheel_scrolls = True
    scale, x, y = viewport.scale, viewport.x, viewport.y
    wheel(canvas, notches=-1)
    assert (viewport.scale, viewport.x) == (scale, x)
    assert viewport.y == y - 60
    wheel(canvas, SHIFT, notches=-1)
    assert viewport.x == x - 60
    wheel(canvas, Qt.KeyboardModifier.ControlModifier)
    assert viewport.scale > scale


def test_dragging_with_shift_and_the_right_button_sizes_the_brush(window):
    story, session = Story(window), window.session
    story.key(Qt.Key.Key_B)
    session.set_radius(10)
    before = session.document.history.position
    story.press((60, 20), SHIFT, RIGHT)
    story.move((65, 24))
    assert session.brush.radius == pytest.approx(15, abs=0.5)
    story.move((56, 20))
    story.release((56, 20), SHIFT, RIGHT)
    assert session.brush.radius == pytest.approx(6, abs=0.5)
    story.move((100, 20))
    assert session.brush.radius == pytest.approx(6, abs=0.5)
    assert session.document.history.position == before


def test_altgr_is_not_the_dropper(window):
    """Some systems report AltGr, which types brackets, as Ctrl and Alt."""
    story, session = Story(window), window.session
    story.key(Qt.Key.Key_B)
    story.choose("person")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    story.click((20, 42), both)
    assert session.label.name == "person"
    story.click((100, 42), Qt.KeyboardModifier.ControlModifier)
    assert session.label.name != "person"


def test_the_samples_of_the_table_are_those_of_the_folder():
    scenes = {path.stem for path in Path(SAMPLES).glob("*.jpg")}
    assert scenes == set(TITLES)
