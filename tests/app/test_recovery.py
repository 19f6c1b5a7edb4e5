"""After a crash the window offers what was not saved, and two windows do not share a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.errors import Notice
from app.rendering.controller import RenderController
from app.rendering.worker import RenderWorker
from app.session import EditorSession
from app.window import MainWindow
from model.scene.document import Document
from model.scene.files import backup_of
from model.scene.journal import Journal
from model.scene.journal_records import Facts
from model.scene.lock import FileLock
from model.scene.project import ProjectFile, load_project, save_project
from model.scene.recovery import find_abandoned
from tests.app.story import LEFT, answer, edit, finish_jobs, open_file, save, type_path
from tests.conftest import ROOT

Button = QMessageBox.StandardButton

CRASHING_EDITOR = """
import os, signal, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.main import build_window, configure, start
from app.settings import Settings
from model.scene.project import load_project
from tests.app.story import Story, edit, finish_jobs
import argparse

app = QApplication(["test", "-platform", "offscreen"])
parser = argparse.ArgumentParser()
configure(parser)
args = parser.parse_args([sys.argv[2], "--engine", "flat"])
from app.rendering.worker import open_engine
window = build_window(app, Settings(Path(sys.argv[1])), open_engine)
window.show()
start(window, args)
story = Story(window)
finish_jobs(window)
window.session.set_radius(3)
story.choose("person")
story.stroke((20, 12), (40, 12))
story.stroke((60, 20), (80, 20))
story.press((5, 50))  # this stroke is never finished
story.move((50, 50))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def root(settings):
    return settings.data_folder / "journals"


def choose(window, text: str) -> None:
    (button,) = [each for each in window.banner.choices if each.text() == text]
    QTest.mouseClick(button, LEFT)
    finish_jobs(window)


def press(text: str):
    return lambda box: next(b for b in box.buttons() if b.text() == text).click()


def crashed(root, scene, path=None, edits=2) -> Document:
    """What a killed editor leaves; the document as it was then."""
    document = Document(scene)
    journal = Journal(root, document, Facts("lost street", path and str(path)))
    for label in range(7, 7 + edits):
        with document.edit("Paint"):
            document.paint(document.bounds, np.eye(64, 128, dtype=np.bool_), label, label)
    journal.close(delete=False)
    return document


def test_a_killed_editor_gives_back_every_finished_stroke(
    window, settings, scene, tmp_path, wait_until
):
    project = tmp_path / "street.labelbrush"
    save_project(project, ProjectFile(scene))
    before = project.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", CRASHING_EDITOR, str(tmp_path / "settings.ini"), str(project)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL
    window.recovery.start()
    assert "2 edits" in window.banner.text.text()
    assert "street.labelbrush" in window.banner.text.text()
    choose(window, "Recover")
    recovered = window.session.document
    assert (recovered.label_map[12, 22:38] == 24).all()
    assert (recovered.label_map[20, 62:78] == 24).all()
    assert recovered.label_map[50, 30] == 7  # of the stroke that was not finished
    assert window.isWindowModified() and window.session.path == project
    assert project.read_bytes() == before
    recovered.undo()
    assert recovered.undo_name == "Paint person"
    assert window.isWindowModified()
    assert len(list((settings.data_folder / "journals").iterdir())) == 1
    assert save(window)
    assert load_project(backup_of(project)).scene.label_map.tobytes() == scene.label_map.tobytes()
    assert not window.isWindowModified()
    assert window.close()
    assert list((settings.data_folder / "journals").iterdir()) == []


def test_recovered_work_does_not_replace_what_was_saved_later(
    window, story, root, scene, tmp_path, notices
):
    project = tmp_path / "later.labelbrush"
    save_project(project, ProjectFile(scene))
    lost = crashed(root, scene, project)
    window.recovery.start()
    choose(window, "Ignore")
    open_file(window, project)
    edit(story)
    assert save(window)
    later = project.read_bytes()

    window.recovery.offer()
    choose(window, "Recover")
    assert np.array_equal(window.session.document.label_map, lost.label_map)
    assert window.session.path is None and window.isWindowModified()
    assert "saved again after these edits" in notices[-1].text
    other = tmp_path / "recovered.labelbrush"
    met = answer(QFileDialog, type_path(other))
    story.act("save")
    assert met and window.session.path == other and not window.isWindowModified()
    assert project.read_bytes() == later
    assert np.array_equal(load_project(other).scene.label_map, lost.label_map)


def test_recovered_work_goes_on_being_that_of_its_unchanged_file(window, root, scene, tmp_path):
    project = tmp_path / "street.labelbrush"
    save_project(project, ProjectFile(scene))
    crashed(root, scene, project)
    window.recovery.start()
    choose(window, "Recover")
    assert window.session.path == project
    assert save(window)


def test_what_is_ignored_is_offered_again_and_what_is_deleted_is_not(window, root, scene):
    crashed(root, scene)
    before = window.session.document
    window.recovery.start()
    choose(window, "Ignore")
    assert not window.banner.isVisible()
    assert window.session.document is before
    (found,) = find_abandoned(root)
    found.release()

    window.recovery.offer()
    met = answer(QMessageBox, lambda box: box.button(Button.Cancel).click())
    choose(window, "Delete…")
    assert met and window.banner.isVisible()
    answer(QMessageBox, press("Delete"))
    choose(window, "Delete…")
    assert not window.banner.isVisible()
    assert find_abandoned(root) == []


def test_recovering_asks_before_it_replaces_other_unsaved_work(window, story, root, scene):
    lost = crashed(root, scene)
    window.recovery.start()
    edit(story)
    document = window.session.document
    answer(QMessageBox, lambda box: box.button(Button.Cancel).click())
    choose(window, "Recover")
    assert window.session.document is document
    answer(QMessageBox, lambda box: box.button(Button.Discard).click())
    choose(window, "Recover")
    assert np.array_equal(window.session.document.label_map, lost.label_map)
    assert window.windowTitle().startswith("lost street[*]")


def test_an_offer_survives_other_notices(window, root, scene, tmp_path):
    crashed(root, scene, edits=1)
    window.recovery.start()
    open_file(window, tmp_path / "gone.png")
    assert "does not exist" in window.banner.text.text()
    QTest.mouseClick(window.banner.dismiss, LEFT)
    assert "One edit" in window.banner.text.text()


def test_a_recovered_document_that_crashes_again_is_still_there(window, root, scene):
    lost = crashed(root, scene)
    window.recovery.start()
    choose(window, "Recover")
    window.recovery.journal.close(delete=False)  # what a kill leaves
    window.recovery.journal = None
    (found,) = find_abandoned(root)
    assert np.array_equal(found.recover().document.label_map, lost.label_map)
    found.release()


def test_discarding_removes_the_journal_and_cancelling_keeps_it(window, story, root):
    window.recovery.start()
    edit(story)
    answer(QMessageBox, lambda box: box.button(Button.Cancel).click())
    assert not window.close()
    assert len(list(root.iterdir())) == 1
    answer(QMessageBox, lambda box: box.button(Button.Discard).click())
    assert window.close()
    assert list(root.iterdir()) == []


def test_a_failed_save_keeps_file_journal_and_unsaved_mark(window, story, root, tmp_path, notices):
    target = tmp_path / "folder" / "mine.labelbrush"
    target.parent.mkdir()
    window.recovery.start()
    window.session.path = target
    edit(story)
    assert save(window)
    old = target.read_bytes()
    story.stroke((60, 50), (70, 50))
    hidden = tmp_path / "folder that vanished"
    target.parent.rename(hidden)
    assert not save(window)
    assert window.isWindowModified() and "could not be written" in notices[-1].text
    assert (hidden / target.name).read_bytes() == old
    assert window.recovery.journal.facts.unsaved == 1
    hidden.rename(target.parent)
    choose(window, "Try again")
    assert not window.isWindowModified()
    assert load_project(target).scene.label_map[50, 65] == 24


def test_something_unexpected_while_closing_keeps_the_window(window, story, monkeypatch):
    edit(story)
    monkeypatch.setattr(window.saving, "before_leaving", lambda then: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        window.close()
    assert window.isVisible() and window.isWindowModified()


def test_a_full_disk_is_told_once_and_painting_goes_on(window, story, root, notices):
    root.parent.mkdir(parents=True, exist_ok=True)
    root.write_text("no folder can be made here")
    window.recovery.start()
    edit(story)
    assert len([n for n in notices if "cannot be recorded" in n.text]) == 1
    assert (window.session.document.label_map[12, 22:38] == 24).all()


def test_the_second_window_of_a_file_is_told_and_saves_a_copy(
    window, story, scene, tmp_path, notices
):
    project = tmp_path / "street.labelbrush"
    save_project(project, ProjectFile(scene))
    before = project.read_bytes()
    other = FileLock.acquire(project)  # as another window holds it
    assert other is not None
    open_file(window, project)
    assert "open in another window" in notices[-1].text
    assert "(read-only)" in window.windowTitle()
    edit(story)
    window.show_notice(Notice("Something else."))
    QTest.mouseClick(window.banner.dismiss, LEFT)  # the first comes back
    copy = tmp_path / "copy.labelbrush"
    met = answer(QFileDialog, type_path(copy))
    choose(window, "Save a copy…")
    assert met and copy.exists()
    assert window.banner.isHidden()
    assert "(read-only)" not in window.windowTitle() and window.session.path == copy
    assert project.read_bytes() == before
    other.release()
    assert FileLock.acquire(copy) is None  # this window holds its own


def test_a_read_only_file_is_no_longer_told_of_once_another_is_open(window, scene, tmp_path):
    project, free = tmp_path / "street.labelbrush", tmp_path / "free.labelbrush"
    for path in (project, free):
        save_project(path, ProjectFile(scene))
    other = FileLock.acquire(project)
    assert other is not None
    open_file(window, project)
    assert window.banner.isVisible()
    open_file(window, free)
    assert window.banner.isHidden()
    other.release()


def test_the_file_of_another_window_cannot_be_overwritten(window, story, scene, tmp_path, notices):
    project = tmp_path / "street.labelbrush"
    save_project(project, ProjectFile(scene))
    before = project.read_bytes()
    other = FileLock.acquire(project)
    edit(story)
    answer(QFileDialog, lambda box: (_confirm(), type_path(project)(box)))
    story.act("save_as")
    assert window.isWindowModified()
    assert "another window" in notices[-1].text
    assert project.read_bytes() == before
    other.release()


def _confirm() -> None:
    """Qt's own question whether a file may be replaced."""
    answer(QMessageBox, lambda box: box.button(Button.Yes).click())


def test_a_file_changed_by_another_program_is_not_silently_replaced(window, story, scene, tmp_path):
    project = tmp_path / "street.labelbrush"
    save_project(project, ProjectFile(scene))
    open_file(window, project)
    edit(story)
    save_project(project, ProjectFile(scene, "theirs"))
    theirs = project.read_bytes()
    answer(QMessageBox, lambda box: box.button(Button.Cancel).click())
    assert not save(window)
    assert project.read_bytes() == theirs and window.isWindowModified()
    answer(QMessageBox, press("Replace it"))
    assert save(window)
    assert backup_of(project).read_bytes() == theirs


def test_two_windows_do_not_offer_each_others_work(qapp, window, story, settings, scene, engine):
    window.recovery.start()
    edit(story)
    session = EditorSession(scene)
    seen = []
    session.noticed.connect(seen.append)
    renders = RenderController(session.document, RenderWorker(engine.open))
    second = MainWindow(qapp, session, renders, settings)
    second.recovery.start()
    assert seen == []
    assert second.close()
    second.deleteLater()
