"""The history that a project keeps: what is packed comes back, within limits, and is checked."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from model.errors import ProjectError
from model.scene import kept_history
from model.scene.document import Document
from model.scene.kept_history import newest_edits, pack_edits, unpack_edits
from model.scene.project import HISTORY, ProjectFile, load_project, save_project
from model.scene.scene import Style
from model.scene.timelapse import states
from tests.builders import STREET, scene


@pytest.fixture
def edited() -> tuple[Document, list]:
    """A document after four edits of maps and styles, and all its states."""
    document = Document(scene(STREET))
    seen = [document.snapshot()]
    for number, label in enumerate((26, 21, 26)):
        with document.edit(f"Edit {number}"):
            mask = np.zeros((3, 4), np.bool_)
            mask[number, number:] = True
            document.paint(document.bounds, mask, label, label)
        seen.append(document.snapshot())
    document.set_styles("Style", {26: Style((0.5, 1.0), 3)})
    return document, [*seen, document.snapshot()]


def same(one, other) -> bool:
    maps = np.array_equal(one.instance_map, other.instance_map)
    return maps and np.array_equal(one.label_map, other.label_map) and one.styles == other.styles


def test_a_project_gives_back_every_state_of_its_picture(edited, tmp_path):
    document, seen = edited
    path = tmp_path / "mine.labelbrush"
    save_project(path, ProjectFile(document.snapshot(), edits=tuple(document.history.edits)))
    again = load_project(path)
    assert [edit.name for edit in again.edits] == ["Edit 0", "Edit 1", "Edit 2", "Style"]
    for one, other in zip(states(again.scene, again.edits), seen, strict=True):
        assert same(one, other)


def test_what_does_not_fit_is_left_out_from_the_oldest_on(edited, monkeypatch):
    document, _ = edited
    edits = document.history.edits
    sizes = [len(pack_edits([edit])) for edit in edits]
    monkeypatch.setattr(kept_history, "MAX_BYTES", sum(sizes[2:]))
    kept = unpack_edits(pack_edits(edits), document.snapshot())
    assert [edit.name for edit in kept] == ["Edit 2", "Style"]
    monkeypatch.setattr(kept_history, "MAX_MEMORY", edits[3].nbytes + edits[2].nbytes)
    assert [edit.name for edit in newest_edits(edits)] == ["Edit 2", "Style"]


@pytest.mark.parametrize("left", [1, 3, 10, -1])
def test_a_history_that_is_cut_short_is_refused(edited, left):
    document, _ = edited
    data = pack_edits(document.history.edits)
    with pytest.raises(ValueError):
        unpack_edits(data[:left], document.snapshot())


def test_a_history_of_another_picture_is_refused(edited, tmp_path):
    document, seen = edited
    path = tmp_path / "mine.labelbrush"
    edits = tuple(document.history.edits)
    for wrong in (ProjectFile(seen[0], edits=edits), ProjectFile(seen[3], edits=edits)):
        save_project(path, wrong)
        with pytest.raises(ProjectError, match="does not lead to this picture"):
            load_project(path)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_save_that_is_cancelled_in_the_middle_leaves_the_old_file(edited, tmp_path, part):
    document, seen = edited
    path = tmp_path / "mine.labelbrush"
    save_project(path, ProjectFile(seen[0]))
    old = path.read_bytes()

    def stop(done: int, total: int) -> None:
        assert total == 3
        if done == part:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_project(path, ProjectFile(document.snapshot(), previous=seen[0]), report=stop)
    assert path.read_bytes() == old and list(tmp_path.iterdir()) == [path]


def test_a_project_without_history_has_no_such_part(edited, tmp_path):
    path = tmp_path / "mine.labelbrush"
    save_project(path, ProjectFile(edited[0].snapshot()))
    assert HISTORY not in zipfile.ZipFile(path).namelist()
    assert load_project(path).edits == ()
