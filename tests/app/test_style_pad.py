"""The style pad in the window: dragging, keys, the third axis, labels with few clusters."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.panels import StylePanel
from model.scene.scene import Style
from model.styles.book import StyleBook
from tests.app.story import LEFT, NONE, Story

CORNERS = np.array([[-1, -1, 0], [1, -1, 0], [-1, 1, 0], [1, 1, 0]], np.float32)


def book_of(*centers, features: int = 3) -> StyleBook:
    rows = np.array(centers, np.float32)[:, :features]
    return StyleBook({26: rows}, {26: np.arange(len(rows), 0, -1)})


@pytest.fixture
def opened(window, controller, engine, tmp_path, wait_until):
    """opened(book): the style panel with the first car selected and the pad shown."""

    def open_book(book: StyleBook) -> StylePanel:
        engine.book = book
        window.checkpoints.open(tmp_path)
        wait_until(lambda: controller.idle)
        panel = next(each for each in window.panels if isinstance(each, StylePanel))
        if not panel.shows_pad.isChecked():
            QTest.mouseClick(panel.shows_pad, LEFT)
        window.session.select(26000)
        wait_until(lambda: controller.idle)
        assert panel.pad.isVisible()
        return panel

    return open_book


def place(view, x: float, y: float) -> QPoint:
    return view.place_of(x, y).toPoint()


def test_dragging_on_the_pad_shows_styles_live_and_makes_one_step(
    opened, window, document, controller, engine, wait_until
):
    panel = opened(book_of(*CORNERS))
    view, steps = panel.pad.view, document.history.position
    QTest.mousePress(view, LEFT, NONE, place(view, -0.3, 0.0))
    shown = []
    for x in (-0.2, 0.0, 0.1, 0.3):
        QTest.mouseMove(view, place(view, x, 0.2))
        wait_until(lambda: controller.idle)
        shown.append(window.canvas.trial.request.style)
        assert controller.status.trial == "between styles"
    assert len(set(shown)) == 4
    assert document.history.position == steps and not document.styles
    QTest.mouseRelease(view, LEFT, NONE, place(view, 0.3, 0.2))
    assert document.styles == {26000: shown[-1]}
    assert document.history.position == steps + 1
    wait_until(lambda: controller.idle)
    assert window.canvas.trial is None
    assert panel.state.text() == "between styles"


def test_a_storm_of_moves_paints_few_pictures(opened, controller, engine, wait_until):
    panel = opened(book_of(*CORNERS))
    view = panel.pad.view
    engine.gate.clear()
    QTest.mousePress(view, LEFT, NONE, place(view, -0.5, 0))
    wait_until(lambda: engine.trials)
    for step in range(60):
        QTest.mouseMove(view, place(view, -0.5 + step / 60, 0.1))
    engine.gate.set()
    wait_until(lambda: controller.idle)
    assert len(engine.trials) == 2
    QTest.mouseRelease(view, LEFT, NONE, place(view, 0.48, 0.1))


def test_a_dot_that_is_met_gives_its_cluster(opened, document):
    panel = opened(book_of(*CORNERS))
    view = panel.pad.view
    spot = place(view, *view.dots[2]) + QPoint(3, -2)
    QTest.mouseClick(view, LEFT, NONE, spot)
    assert document.styles[26000] == engine_style(panel, 2)
    assert panel.list.item(2).data(Qt.ItemDataRole.UserRole + 1)
    assert view.mark == pytest.approx(view.dots[2])


def engine_style(panel, cluster: int) -> Style:
    return panel._book.style(26, cluster)


def test_halfway_between_two_dots_lies_their_mixture(opened, document):
    panel = opened(book_of([-1, 0, 0], [1, 0, 0]))
    view = panel.pad.view
    (x0, y0), (x1, y1) = view.dots
    QTest.mouseClick(view, LEFT, NONE, place(view, (x0 + x1) / 2, (y0 + y1) / 2))
    assert document.styles[26000].cluster is None
    assert document.styles[26000].vector == pytest.approx((0, 0, 0), abs=0.05)


def test_far_outside_it_warns_in_words(opened):
    panel = opened(book_of(*CORNERS))
    pad = panel.pad
    QTest.mousePress(pad.view, LEFT, NONE, place(pad.view, 0.1, 0.1))
    assert "Far from" not in pad.view.accessibleDescription()
    QTest.mouseMove(pad.view, QPoint(pad.view.width() + 50, -50))
    assert pad.view.accessibleDescription() == "Far from every known style: a guess"
    assert pad.view.guess
    assert pad.view.mark == (1.0, 1.0)
    QTest.mouseRelease(pad.view, LEFT, NONE, QPoint(0, 0))


def test_arrow_keys_move_and_settle_as_one_step(opened, window, document, controller, wait_until):
    panel = opened(book_of(*CORNERS))
    document.set_styles("Style", {26000: Style((0.0, 0.0, 0.0))})
    wait_until(lambda: controller.idle)
    steps, view = document.history.position, panel.pad.view
    before = panel.pad._space.coordinates((0.0, 0.0, 0.0))
    window.activateWindow()
    view.setFocus()
    for key in [Qt.Key.Key_Right] * 3 + [Qt.Key.Key_Up]:
        QTest.keyClick(view, key)
    assert document.history.position == steps
    wait_until(lambda: document.history.position > steps)
    moved = panel.pad._space.coordinates(document.styles[26000].vector)
    limits = panel.pad._space.extents
    steps_made = (moved - before)[:2] / limits[:2]
    assert steps_made == pytest.approx([3 / 20, 1 / 20], abs=1e-6)
    assert document.history.position == steps + 1
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    wait_until(lambda: controller.idle and not controller.status.trial)
    assert document.history.position == steps + 1
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert document.history.position == steps + 2


def test_the_slider_moves_along_the_third_axis(opened, document, wait_until):
    panel = opened(book_of(*CORNERS, [0.2, 0.1, 0.5]))
    document.set_styles("Style", {26000: Style((0.1, 0.1, 0.1))})
    pad, steps = panel.pad, document.history.position
    before = pad._space.coordinates(document.styles[26000].vector)
    pad.third.setFocus()
    for _ in range(5):
        QTest.keyClick(pad.third, Qt.Key.Key_Right)
    wait_until(lambda: document.history.position > steps)
    after = pad._space.coordinates(document.styles[26000].vector)
    assert after[:2] == pytest.approx(before[:2], abs=1e-6)
    assert after[2] > before[2]
    assert document.history.position == steps + 1


@pytest.mark.parametrize("features", [1, 2, 3, 5])
@pytest.mark.parametrize("clusters", [1, 2, 6])
def test_few_clusters_and_other_numbers_of_features_have_a_pad(
    opened, document, controller, wait_until, clusters, features
):
    random = np.random.default_rng(clusters)
    rows = random.normal(size=(clusters, features)).astype(np.float32)
    panel = opened(StyleBook({26: rows}, {26: np.ones(clusters, int)}))
    view = panel.pad.view
    assert len(view.dots) == clusters
    assert panel.pad.third.isVisible() == (features > 2)
    QTest.mousePress(view, LEFT, NONE, place(view, 0.55, 0.7))
    QTest.mouseMove(view, place(view, 0.5, 0.6))
    QTest.mouseRelease(view, LEFT, NONE, place(view, 0.5, 0.6))
    style = document.styles[26000]
    assert len(style.vector) == features and np.isfinite(style.vector).all()
    wait_until(lambda: controller.idle)
    assert view.mark[0] == pytest.approx(0.5, abs=0.05)
    assert view.mark[1] == pytest.approx(0.6 if features > 1 else 0.0, abs=0.05)


def test_a_style_of_another_length_counts_as_none(opened, document):
    panel = opened(book_of(*CORNERS))
    drawn = panel.pad.view.mark
    assert drawn is not None
    document.set_styles("Style", {26000: Style((1.0,))})
    assert panel.pad.view.mark == drawn


def test_the_pad_is_remembered(opened, window, settings):
    opened(book_of(*CORNERS))
    window.session.mark_saved(settings.data_folder / "x.labelbrush", window.session.state)
    window.close()
    assert settings.get("view/style_pad")


def test_a_stroke_ends_what_the_pad_shows(opened, window, controller, engine, wait_until):
    panel = opened(book_of(*CORNERS))
    view = panel.pad.view
    QTest.mousePress(view, LEFT, NONE, place(view, 0.2, 0.3))
    wait_until(lambda: controller.idle and window.canvas.trial)
    story = Story(window)
    story.choose("person")
    story.stroke((60, 5), (70, 5))
    wait_until(lambda: controller.idle)
    assert window.canvas.trial is None and not controller.status.trial
