"""Styles in the window: dropper, dice, digits, all of a label, separate and merge."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.panels import StylePanel
from app.panels.tiles import IN_USE, PICTURE
from app.style_edits import style_of
from app.tools.style import StyleTool
from model.scene.scene import Style
from model.styles.book import StyleBook
from tests.app.story import Story

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def engine(engine):
    engine.book = StyleBook({26: np.arange(4)[:, None]}, {26: np.array([4, 3, 2, 1])})
    return engine


@pytest.fixture
def styled(window, controller, source, tmp_path, wait_until):
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    return window


def cluster(document, instance_id) -> int | None:
    return document.styles[instance_id].cluster


def test_digits_choose_a_style_while_the_style_tool_is_used(styled, document):
    story = Story(styled)
    story.key(Qt.Key.Key_S)
    story.click((20, 42))
    for key, wanted in ((Qt.Key.Key_3, 2), (Qt.Key.Key_1, 0), (Qt.Key.Key_9, 0)):
        story.key(key)
        assert cluster(document, 26000) == wanted
    assert document.undo_name == "Style of car 1"


def test_a_style_taken_with_alt_is_brushed_onto_others_in_one_step(styled, document, session):
    document.set_styles("Style", {26000: Style((3.0,), 3)})
    tool = StyleTool(session)
    tool.press((20, 42), ALT)
    tool.release((20, 42))
    steps = document.history.position
    for act in (tool.press, tool.drag):
        act((100, 42))
    tool.drag((60, 60))  # road: another label
    tool.release((60, 60))
    assert document.styles == {26000: Style((3.0,), 3), 26001: Style((3.0,), 3)}
    assert document.history.position == steps + 1
    session.select(None)
    tool.press((20, 42))
    assert tool.held is None and session.selection == 26000


def test_rolling_gives_another_style_each_time(styled, document, session):
    session.select(26000)
    seen = set()
    for _ in range(6):
        before = document.styles.get(26000)
        styled.table.by_id["reroll"].trigger()
        assert document.styles[26000] != before
        seen.add(cluster(document, 26000))
    assert len(seen) > 1


def test_a_typed_seed_decides_the_styles_of_the_whole_scene(styled, document, engine):
    panel = next(each for each in styled.panels if isinstance(each, StylePanel))
    styled.session.select(26000)
    panel.seed.setFocus()
    panel.seed.selectAll()
    QTest.keyClicks(panel.seed, "77")
    QTest.keyClick(panel.seed, Qt.Key.Key_Return)
    assert document.styles == {key: engine.book.draw(26, key, 77) for key in (26000, 26001)}
    for _ in range(30):  # a throw may come out as it was, which is no edit
        QTest.mouseClick(panel.dice, Qt.MouseButton.LeftButton)
        if document.undo_name != "Roll all styles (77)":
            break
    seed = panel.seed.value()
    assert document.styles == {key: engine.book.draw(26, key, seed) for key in (26000, 26001)}
    assert document.undo_name == f"Roll all styles ({seed})"


def test_one_style_for_all_of_a_label(styled, document, session):
    document.set_styles("Style", {26001: Style((2.0,), 2)})
    session.select(26001)
    styled.table.by_id["apply_to_all"].trigger()
    assert document.styles == dict.fromkeys((26000, 26001), Style((2.0,), 2))
    for _ in range(20):
        before = dict(document.styles)
        styled.table.by_id["shuffle_all"].trigger()
        assert document.undo_name == "Shuffle all car"
        assert document.styles.keys() == {26000, 26001} and document.styles != before


def test_a_style_of_other_features_counts_as_none(styled, document, session, engine):
    drawn = style_of(session, 26000)
    document.set_styles("Style", {26000: Style((2.0, 1.0), 2)})
    assert style_of(session, 26000) == drawn == engine.book.draw(26, 26000, session.style_seed)
    document.set_styles("Style", {26000: Style((2.0,), 2)})
    assert style_of(session, 26000) == Style((2.0,), 2)


def test_a_line_across_the_road_makes_two_roads_that_can_be_merged(styled, document, session):
    story = Story(styled)
    before = document.instance_map.copy()
    story.key(Qt.Key.Key_Y)
    story.stroke((64, 45), (64, 63.5))
    assert not document.can_undo  # it began inside the road, which hangs together above
    story.stroke((64, 30), (64, 63.9))
    assert document.undo_name == "Separate road"
    roads = [info.instance_id for info in document.instances() if info.label_id == 7]
    assert len(roads) == 2
    session.select_many(sorted(roads))
    styled.table.by_id["merge"].trigger()
    assert np.array_equal(document.instance_map, before)


def panel_of(window) -> StylePanel:
    return next(each for each in window.panels if isinstance(each, StylePanel))


def point_at(tiles, row: int):
    """Move the pointer onto a tile; returns where."""
    tiles.scrollToItem(tiles.item(row))
    place = tiles.visualItemRect(tiles.item(row)).center()
    QTest.mouseMove(tiles.viewport(), place)
    return place


def test_a_tile_that_is_pointed_at_is_shown_and_leaving_it_restores(
    styled, document, session, controller, engine, wait_until
):
    session.select(26000)
    wait_until(lambda: controller.idle)
    story, tiles, steps = Story(styled), panel_of(styled).list, document.history.position
    now = story.color((20, 42))
    for row in (2, 3, 1):
        point_at(tiles, row)
        wait_until(lambda: controller.idle)
        assert story.color((20, 42)) == (255, 255, row)
        assert story.color((100, 42)) == now  # the other car
    assert controller.status.text.startswith("preview · Style 2")
    QTest.mouseMove(styled.canvas, story.view((60, 60)))
    QApplication.sendEvent(tiles, QEvent(QEvent.Type.Leave))
    wait_until(lambda: not controller.status.trial)
    assert story.color((20, 42)) == now
    assert document.history.position == steps and not document.styles


def test_a_click_chooses_what_is_shown_without_a_frame_of_the_old_picture(
    styled, document, session, controller, wait_until
):
    session.select(26000)
    wait_until(lambda: controller.idle)
    story, tiles = Story(styled), panel_of(styled).list
    place = point_at(tiles, 3)
    wait_until(lambda: controller.idle)
    before = story.color((20, 42))
    assert before == (255, 255, 3)
    seen = []
    controller.rendered.connect(lambda result, patch: seen.append(styled.canvas.trial))
    QTest.mouseClick(tiles.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert story.color((20, 42)) == before
    wait_until(lambda: controller.idle)
    assert document.styles[26000].cluster == 3
    assert story.color((20, 42)) == (26, 100, 3)
    assert document.undo_name == "Style of car 1"
    assert tiles.item(3).data(IN_USE) and not tiles.item(1).data(IN_USE)


def test_arrow_keys_show_styles_and_return_chooses(
    styled, document, session, controller, engine, wait_until
):
    session.select(26000)
    wait_until(lambda: controller.idle)
    tiles = panel_of(styled).list
    styled.activateWindow()
    tiles.setFocus()
    wait_until(lambda: tiles.hasFocus())
    tiles.setCurrentRow(0)
    QTest.keyClick(tiles, Qt.Key.Key_Right)
    row = tiles.currentRow()
    wait_until(lambda: controller.idle and styled.canvas.trial)
    assert styled.canvas.trial.request.style.cluster == row > 0
    QTest.keyClick(tiles, Qt.Key.Key_Escape)
    wait_until(lambda: styled.canvas.trial is None)
    assert session.selection == 26000 and not document.styles
    QTest.keyClick(tiles, Qt.Key.Key_Left)
    QTest.keyClick(tiles, Qt.Key.Key_Right)
    QTest.keyClick(tiles, Qt.Key.Key_Return)
    assert document.styles[26000].cluster == row


def test_thumbnails_are_kept_while_the_object_keeps_its_shape(
    styled, session, controller, engine, wait_until
):
    session.select(26000)
    wait_until(lambda: controller.idle)
    session.select(26001)
    wait_until(lambda: controller.idle)
    asked = len(engine.requests)
    session.select(26000)
    wait_until(lambda: controller.idle)
    assert len(engine.requests) == asked == 2
    tiles = panel_of(styled).list
    assert all(tiles.item(row).data(PICTURE) for row in range(4))
    session.set_radius(2)  # a hole in it: the usual brush would cover it all
    Story(styled).stroke((20, 42), (22, 42))
    session.select(26000)
    wait_until(lambda: controller.idle)
    assert len(engine.requests) > asked
    assert engine.requests[-1].instance_id == 26000


def test_the_panel_says_whether_a_style_was_chosen(styled, session, document, controller):
    panel = panel_of(styled)
    session.select(26000)
    assert panel.state.text().endswith(", by the seed")
    document.set_styles("Style", {26000: Style((2.0,), 2)})
    assert panel.state.text() == "Style 3"
    document.set_styles("Style", {26000: Style((2.5,))})
    assert panel.state.text() == "between styles"


def test_the_seed_shown_is_the_documents_until_another_is_typed(
    styled, session, scene, controller, tmp_path, wait_until
):
    panel = panel_of(styled)
    assert panel.seed.value() == session.style_seed == 0
    session.style_seed = 12
    styled.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    assert panel.seed.value() == 12
    assert not session.document.styles
