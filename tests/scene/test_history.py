from __future__ import annotations

import numpy as np
import pytest

from model.scene.document import Document
from model.scene.geometry import Rect
from model.scene.labels import load_schema
from model.scene.scene import Scene

SIZE = 64


def noisy_document(history_bytes: int) -> Document:
    labels = np.random.default_rng(0).integers(0, 30, (SIZE, SIZE), np.uint8)
    scene = Scene(load_schema("cityscapes"), labels, labels.astype(np.int32))
    return Document(scene, history_bytes)


def paint_row(document, row, label=7):
    with document.edit(f"Row {row}"):
        document.paint(Rect(0, row, SIZE, row + 1), np.ones((1, SIZE), bool), label, label)


def test_the_oldest_steps_are_forgotten_when_the_history_is_full():
    document = noisy_document(history_bytes=2000)
    for row in range(20):
        paint_row(document, row)
        assert document.history.nbytes <= 2000
    names = document.history.names
    assert names == tuple(f"Row {row}" for row in range(20 - len(names), 20))
    assert 2 < len(names) < 10
    while document.can_undo:
        document.undo()
    painted = (document.label_map == 7).all(axis=1)
    assert painted.sum() == 20 - len(names)


def test_the_newest_step_can_be_undone_however_large_it_is():
    document = noisy_document(history_bytes=10)
    before = document.label_map.tobytes()
    with document.edit("Everything"):
        document.paint(document.bounds, np.ones((SIZE, SIZE), bool), 23, 23)
    assert document.history.names == ("Everything",)
    document.undo()
    assert document.label_map.tobytes() == before


def test_a_hundred_strokes_fit_into_little_memory():
    document = noisy_document(history_bytes=2**20)
    for stroke in range(100):
        paint_row(document, stroke % SIZE, label=7 + stroke % 3)
    assert len(document.history.names) == 100
    assert document.history.nbytes < 100 * SIZE * 8


def test_names_say_what_can_be_undone_and_redone():
    document = noisy_document(2**20)
    assert (document.undo_name, document.redo_name) == (None, None)
    paint_row(document, 1)
    paint_row(document, 2)
    document.undo()
    assert (document.undo_name, document.redo_name) == ("Row 1", "Row 2")
    assert document.history.names == ("Row 1", "Row 2")
    assert document.history.position == 1
    paint_row(document, 3)
    assert document.history.names == ("Row 1", "Row 3")
    assert document.redo_name is None


def test_undone_steps_no_longer_count_once_they_are_overwritten():
    document = noisy_document(2**20)
    paint_row(document, 1)
    alone = document.history.nbytes
    document.undo()
    paint_row(document, 1)
    assert document.history.nbytes == alone


def test_the_state_returns_with_the_content_and_is_never_used_twice():
    document = noisy_document(2**20)
    start = document.history.state
    paint_row(document, 1)
    saved = document.history.state
    document.undo()
    assert document.history.state == start
    document.redo()
    assert document.history.state == saved
    document.undo()
    paint_row(document, 2)
    assert document.history.state not in (start, saved)


def test_the_state_at_the_beginning_changes_when_steps_are_forgotten():
    document = noisy_document(history_bytes=10)
    start = document.history.state
    paint_row(document, 1)
    after_first = document.history.state
    paint_row(document, 2)  # the first step is forgotten
    document.undo()
    assert document.history.state == after_first != start


@pytest.mark.parametrize("what", ["commit", "undo", "redo"])
def test_history_listeners_hear_every_step(what):
    document = noisy_document(2**20)
    paint_row(document, 1)
    paint_row(document, 2)
    document.undo()
    heard = []
    document.history_listeners.append(lambda: heard.append(document.history.position))
    if what == "commit":
        paint_row(document, 3)
    else:
        getattr(document, what)()
    assert heard == [{"commit": 2, "undo": 0, "redo": 2}[what]]
