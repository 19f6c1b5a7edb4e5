"""Styles in the window: dropper, dice, digits, all of a label, separate and merge."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.panels import StylePanel
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
    styled.table.by_id["shuffle_all"].trigger()
    assert document.styles.keys() == {26000, 26001}
    assert document.undo_name == "Shuffle all car"


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
