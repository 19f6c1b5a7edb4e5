from __future__ import annotations

import gc
import os

import numpy as np
import pytest

from model.scene.document import Document
from model.scene.geometry import Rect
from model.scene.labels import load_schema
from model.scene.scene import Scene
from model.scene.timelapse import states

SIZE = 64


@pytest.fixture
def no_disk(tmp_path):
    """A folder that no file can be written to."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "folder"


def noisy_document(history_bytes: int, folder=None) -> Document:
    labels = np.random.default_rng(0).integers(0, 30, (SIZE, SIZE), np.uint8)
    scene = Scene(load_schema("cityscapes"), labels, labels.astype(np.int32))
    return Document(scene, history_bytes, folder)


def paint_row(document, row, label=7):
    with document.edit(f"Row {row}"):
        document.paint(Rect(0, row, SIZE, row + 1), np.ones((1, SIZE), bool), label, label)


def test_without_a_disk_the_oldest_steps_are_forgotten_when_the_history_is_full(no_disk):
    document = noisy_document(2000, no_disk)
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


def test_steps_beyond_the_budget_lie_in_a_file_and_undo_reaches_all_of_them(tmp_path):
    document = noisy_document(2000, tmp_path / "cache")
    known = [(document.label_map.tobytes(), document.history.state)]
    for row in range(60):
        paint_row(document, row)
        known.append((document.label_map.tobytes(), document.history.state))
        assert document.history.nbytes <= 2000
    assert document.history.spilled_bytes > 2000
    assert document.history.names == tuple(f"Row {row}" for row in range(60))
    for forth in (False, True, False):
        for expected in known if forth else reversed(known):
            assert (document.label_map.tobytes(), document.history.state) == expected
            assert document.history.nbytes <= 2000
            document.redo() if forth else document.undo()
    assert not document.can_undo and document.can_redo
    paint_row(document, 5, label=8)
    assert document.history.names == ("Row 5",)
    document.undo()
    assert document.label_map.tobytes() == known[0][0]


def test_the_file_has_no_name_and_ends_with_the_document(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    document = noisy_document(100, tmp_path)
    for row in range(9):
        paint_row(document, row)
    assert document.history.spilled_bytes
    assert not list(tmp_path.iterdir())
    assert len(os.listdir("/proc/self/fd")) == before + 1
    del document
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("budget", [10, 1500, 4000])
def test_a_history_in_a_file_does_what_one_in_memory_does(budget, seed, tmp_path):
    small, large = noisy_document(budget, tmp_path), noisy_document(2**30, tmp_path)
    random = np.random.default_rng(seed)
    for _ in range(300):
        action, row = random.choice(["paint", "undo", "undo", "redo"]), int(random.integers(SIZE))
        wide, label = int(random.integers(1, SIZE)), int(random.integers(1, 24))
        for document in (small, large):
            for _ in range(1 + row % 5):
                if action == "paint":
                    with document.edit(f"{row}"):
                        mask = np.ones((1, wide), bool)
                        document.paint(Rect(0, row, wide, row + 1), mask, label, label)
                else:
                    getattr(document, action)()
        assert small.label_map.tobytes() == large.label_map.tobytes()
        assert small.history.names == large.history.names
        assert small.history.state == large.history.state
        assert small.history.nbytes == sum(
            each.edit.nbytes for each in small.history._entries if each.edit is not None
        )
        assert [each.name for each in small.history.edits] == [
            each.name for each in large.history.edits
        ]


def test_the_steps_of_a_film_stay_whatever_happens_meanwhile(tmp_path):
    document = noisy_document(500, tmp_path)
    for row in range(30):
        paint_row(document, row)
    scene, edits = document.snapshot(), document.history.edits
    for _ in range(20):
        document.undo()
    paint_row(document, 40, label=8)
    del document
    labels = [state.label_map for state in states(scene, edits)]
    assert len(labels) == 31
    assert all((labels[row][row - 1] == 7).all() for row in range(1, 31))


def test_the_newest_step_can_be_undone_however_large_it_is():
    document = noisy_document(history_bytes=10)
    before = document.label_map.tobytes()
    with document.edit("Everything"):
        document.paint(document.bounds, np.ones((SIZE, SIZE), bool), 23, 23)
    assert document.history.names == ("Everything",)
    document.undo()
    assert document.label_map.tobytes() == before


def test_only_the_steps_beside_the_present_one_stay_beyond_the_budget(tmp_path):
    document = noisy_document(10, tmp_path)
    for row in range(6):
        paint_row(document, row)
    history = document.history
    for act in [document.undo] * 6 + [document.redo] * 6:
        act()
        kept = {index for index, each in enumerate(history._entries) if each.edit is not None}
        assert kept <= {history.position - 1, history.position}


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


def test_the_state_at_the_beginning_changes_when_steps_are_forgotten(no_disk):
    document = noisy_document(10, no_disk)
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
