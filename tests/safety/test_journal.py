"""The journal: what is replayed equals the document, whatever was cut off or damaged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import JournalError
from model.scene.document import Document
from model.scene.edit_codec import decode_edit, encode_edit
from model.scene.journal import KEYFRAME, STEPS, Journal
from model.scene.journal_records import (
    VERSION,
    Facts,
    Kind,
    RecordFile,
    encode_facts,
    read_records,
)
from model.scene.lock import FileLock
from model.scene.recovery import find_abandoned, read_journal
from tests.safety.stories import digest, play, start_scene

FACTS = Facts("street", "/pictures/street.labelbrush", "streets", 7)
seeds = st.integers(0, 2**32)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "journals"


def told(root, seed: int, steps: int, **limits) -> tuple[list[str], object]:
    """Play a story with a journal; the digest after every step, and the journal's folder."""
    document = Document(start_scene(48, 32))
    journal = Journal(root, document, FACTS, **limits)
    seen = [digest(document)]
    document.step_listeners.append(lambda *_: seen.append(digest(document)))
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        play(document, rng)
    assert journal.failed is None
    journal.close(delete=False)
    return seen, journal.folder


@given(seed=seeds, steps=st.integers(1, 15))
def test_an_edit_survives_being_bytes(seed, steps):
    document, rng = Document(start_scene(48, 32)), np.random.default_rng(seed)
    other = Document(start_scene(48, 32))

    def copy(step, edit):
        read = decode_edit(encode_edit(edit), document.bounds)
        assert read.name == edit.name
        read.redo(other) if step != 2 else read.undo(other)
        assert digest(other) == digest(document)

    document.step_listeners.append(copy)
    for _ in range(steps):
        play(document, rng)


def test_undo_works_on_what_was_recovered(root):
    seen, folder = told(root, 3, 12)
    document = read_journal(folder).document
    assert document.can_undo
    while document.can_undo:
        document.undo()
    assert digest(document) == seen[0]


def test_what_was_undone_before_a_keyframe_can_be_redone_after_it(root):
    document = Document(start_scene(48, 32))
    journal = Journal(root, document, FACTS, max_steps=3)
    for label in (7, 8):
        with document.edit("Paint"):
            document.paint(document.bounds, np.eye(32, 48, dtype=np.bool_), label, label)
    document.undo()  # the third step: a keyframe is made here
    for step in (document.redo, document.undo, document.undo, document.redo, document.redo):
        step()
        journal.wait()
        assert digest(read_journal(journal.folder).document) == digest(document)
    journal.close(delete=True)


def test_a_journal_cut_off_anywhere_gives_a_prefix(root):
    seen, folder = told(root, 5, 14)
    path = folder / STEPS.format(1)
    whole = path.read_bytes()
    reached = set()
    for length in range(0, len(whole) + 1, 5):
        path.write_bytes(whole[:length])
        reached.add(digest(read_journal(folder).document))
    path.write_bytes(whole)
    reached.add(digest(read_journal(folder).document))
    assert reached == set(seen)


def test_a_damaged_byte_ends_the_replay_before_it(root):
    seen, folder = told(root, 6, 10)
    path = folder / STEPS.format(1)
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        assert digest(read_journal(folder).document) in seen


def test_a_damaged_keyframe_falls_back_to_the_one_before(root, tmp_path):
    seen, folder = told(root, 7, 30, max_steps=5)
    older = tmp_path / "older"
    rng, document = np.random.default_rng(7), Document(start_scene(48, 32))
    journal = Journal(older, document, FACTS)
    for _ in range(30):
        play(document, rng)
    journal.close(delete=False)
    newest = max(folder.glob("keyframe-*"))
    number = int(newest.stem.split("-")[1])
    (journal.folder / KEYFRAME.format(number)).write_bytes(newest.read_bytes()[:-40])
    assert digest(read_journal(journal.folder).document) == seen[-1]
    (journal.folder / KEYFRAME.format(1)).write_bytes(b"")
    with pytest.raises(JournalError, match="no whole keyframe"):
        read_journal(journal.folder)


def test_the_journal_is_compacted(root):
    _, folder = told(root, 8, 400, max_steps=20)
    assert len(list(folder.iterdir())) <= 5  # lock, at most two keyframes and two files of steps


def test_steps_after_a_gap_are_not_replayed(root):
    seen, folder = told(root, 9, 12)
    records = list(read_records(folder / STEPS.format(1)))
    (folder / STEPS.format(1)).unlink()
    file = RecordFile(folder / STEPS.format(1))
    for record in records[:4] + records[5:]:
        file.append(record.sequence, record.kind, record.content)
    file.close()
    assert digest(read_journal(folder).document) == seen[3]


def test_only_a_journal_with_unsaved_steps_is_offered(root, tmp_path):
    document = Document(start_scene(48, 32))
    journal = Journal(root, document, FACTS)
    rng = np.random.default_rng(1)
    for _ in range(5):
        play(document, rng)
    journal.saved(tmp_path / "saved.labelbrush")
    journal.close(delete=False)
    assert find_abandoned(root) == []
    assert not list(root.iterdir())

    journal = Journal(root, document, FACTS)
    journal.saved(tmp_path / "saved.labelbrush")
    with document.edit("Paint"):
        document.paint(document.bounds, np.ones((32, 48), np.bool_), 8, 8)
    journal.close(delete=False)
    (found,) = find_abandoned(root)
    assert found.facts.title == "saved.labelbrush" and found.facts.unsaved == 1
    assert find_abandoned(root) == []  # it is taken
    recovered = found.recover()
    assert digest(recovered.document) == digest(document)
    assert recovered.facts == found.facts
    found.release()
    (again,) = find_abandoned(root)
    again.delete()
    assert find_abandoned(root) == [] and not list(root.iterdir())


def test_a_journal_in_use_is_not_offered(root):
    document = Document(start_scene(48, 32))
    journal = Journal(root, document, FACTS)
    play(document, np.random.default_rng(2))
    assert find_abandoned(root) == []
    journal.close(delete=True)
    assert not list(root.iterdir())


def test_a_journal_of_a_newer_version_is_left_alone_and_says_what_it_needs(root):
    _, folder = told(root, 4, 5)
    path = folder / STEPS.format(1)
    path.unlink()
    file = RecordFile(path)
    now, newer = (f'"version": {number}'.encode() for number in (VERSION, VERSION + 1))
    file.append(1, Kind.FACTS, encode_facts(FACTS).replace(now, newer))
    file.close()
    with pytest.raises(JournalError, match=f"reads journal version {VERSION + 1}"):
        read_journal(folder)
    assert find_abandoned(root) == [] and path.exists()


def test_a_failure_to_record_is_told_once_and_healed_by_the_next_keyframe(root):
    document = Document(start_scene(48, 32))
    journal = Journal(root, document, FACTS)
    rng = np.random.default_rng(11)
    for _ in range(4):
        play(document, rng)
    journal.wait()
    moved = root.with_name("elsewhere")
    root.rename(moved)  # as when a drive is pulled
    journal._file.append = _full  # type: ignore[method-assign]
    for _ in range(4):
        play(document, rng)
    assert journal.failed is not None
    assert "save often" in str(journal.failed)
    moved.rename(root)
    for _ in range(6):
        play(document, rng)
    assert journal.failed is None
    journal.close(delete=False)
    assert digest(read_journal(journal.folder).document) == digest(document)


def test_a_new_file_that_cannot_be_begun_does_not_stop_the_journal_for_good(root, monkeypatch):
    document = Document(start_scene(48, 32))
    journal = Journal(root, document, FACTS, max_steps=2)
    journal.wait()
    whole = RecordFile.append

    def full_for_facts(self, sequence, kind, content):
        if kind is Kind.FACTS:
            raise OSError(28, "No space left on device")
        whole(self, sequence, kind, content)

    rng = np.random.default_rng(12)
    monkeypatch.setattr(RecordFile, "append", full_for_facts)
    for _ in range(8):
        play(document, rng)
    assert journal.failed is not None
    monkeypatch.setattr(RecordFile, "append", whole)
    for _ in range(8):
        play(document, rng)
    assert journal.failed is None
    journal.close(delete=False)
    assert digest(read_journal(journal.folder).document) == digest(document)


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_lock_is_held_by_one(tmp_path):
    path = tmp_path / "street.labelbrush"
    path.write_bytes(b"content")
    first = FileLock.acquire(path)
    assert first is not None
    assert FileLock.acquire(path) is None
    first.release()
    second = FileLock.acquire(path)
    assert second is not None
    second.release()
