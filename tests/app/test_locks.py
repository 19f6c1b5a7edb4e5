"""Locked labels stay as they are, whatever is done with whichever tool."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from app import object_edits
from app.session import EditorSession
from app.tools import TOOLS
from app.tools.polygon import PolygonTool
from app.tools.select import SelectTool
from model.errors import InputError
from model.scene.document import Document
from model.scene.protection import PaintOver
from model.scene.scene import Scene
from model.scene.stamps import Stamp
from model.scene.transform import Move
from tests.safety.stories import play, start_scene

LABELS = (7, 8, 11, 23, 24, 26)
WIDTH, HEIGHT = 48, 32
MODIFIERS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier)
points = st.tuples(st.floats(-4, WIDTH + 4), st.floats(-4, HEIGHT + 4))
uses = st.tuples(
    st.sampled_from(TOOLS),
    st.lists(points, min_size=1, max_size=4),
    st.sampled_from(LABELS),
    st.sampled_from(MODIFIERS),
)
OPERATIONS = {
    "remove": object_edits.remove_selection,
    "move": lambda session: object_edits.move_selection(session, Move(6, 3, 1.2), ordered=False),
    "nudge": lambda session: object_edits.nudge_selection(session, -3, 2),
    "duplicate": object_edits.duplicate_selection,
    "holes": object_edits.fill_holes_of_selection,
    "specks": object_edits.remove_specks_of_selection,
    "relabel": lambda session: object_edits.relabel_selection(session, 24),
    "refill": object_edits.next_filling,
}
operations = st.tuples(st.sampled_from(sorted(OPERATIONS)), st.integers(0, 99))


def street(seed: int) -> Scene:
    document, rng = Document(start_scene(WIDTH, HEIGHT)), np.random.default_rng(seed)
    for _ in range(12):
        play(document, rng)
    return document.snapshot()


def use(session: EditorSession, kind, places, label: int, modifiers) -> None:
    tool = kind(session)
    session.choose_label(label)
    session.use_tool(tool)
    tool.press(places[0], modifiers)
    for place in places[1:]:
        tool.drag(place)
    tool.release(places[-1])
    if isinstance(tool, PolygonTool):
        tool.finish()


def operate(session: EditorSession, name: str, number: int) -> None:
    ids = np.unique(session.document.instance_map).tolist()
    session.select(ids[number % len(ids)])
    OPERATIONS[name](session)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 50),
    locked=st.frozensets(st.sampled_from(LABELS), min_size=1),
    what=st.lists(uses | operations, min_size=1, max_size=6),
)
def test_no_tool_and_no_operation_changes_what_is_locked(seed, locked, what):
    session = EditorSession(street(seed))
    session.stamp = Stamp("block", ("car",), np.ones((4, 6), np.uint8), 1.0)
    session.set_radius(4)
    session.set_protection(locked=locked, over=PaintOver.UNLOCKED)
    document = session.document
    kept = np.isin(document.label_map, list(locked))
    before = document.label_map[kept].copy(), document.instance_map[kept].copy()
    for action in what:
        try:
            use(session, *action) if len(action) == 4 else operate(session, *action)
        except InputError:
            session.finish_stroke()
        assert np.array_equal(document.label_map[kept], before[0]), action
        assert np.array_equal(document.instance_map[kept], before[1]), action


def test_a_copy_that_finds_no_place_is_not_selected():
    ids = np.full((HEIGHT, WIDTH), 7, np.int32)
    ids[10:20, 4:12] = 26001
    labels = np.where(ids > 999, 26, 7).astype(np.uint8)
    session = EditorSession(Scene(start_scene().schema, labels, ids))
    session.set_protection(locked=frozenset({7}))
    refused = []
    session.refused.connect(lambda: refused.append(1))
    session.select(26001)
    object_edits.duplicate_selection(session)
    assert refused and session.selected == (26001,)
    assert np.array_equal(session.document.instance_map, ids)
    SelectTool(session).press((8.0, 15.0), Qt.KeyboardModifier.NoModifier)
