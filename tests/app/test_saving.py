"""Saving that fails, waits or is answered late never loses work or writes over another file."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.dialogs.new_scene import NewScene
from model.scene.maps import MAX_PIXELS
from model.scene.project import ProjectFile, load_project, save_project
from tests.app.story import answer, edit, finish_jobs, open_file, save, type_path

Button = QMessageBox.StandardButton


def press(button):
    return lambda box: box.button(button).click()


def press_text(text: str):
    return lambda box: next(each for each in box.buttons() if each.text() == text).click()


@pytest.fixture
def lost(tmp_path):
    """A project's path in a folder that is not there."""
    return tmp_path / "lost" / "mine.labelbrush"


def save_as(window, path) -> None:
    met = answer(QFileDialog, type_path(path))
    window.table.by_id["save_as"].trigger()
    assert met


def painted(path) -> bool:
    """Whether a file holds what edit() paints."""
    return bool((load_project(path).scene.label_map[12, 22:38] == 24).all())


def test_a_save_that_failed_is_not_tried_again_for_another_picture(
    window, story, scene, lost, tmp_path
):
    other = tmp_path / "other.labelbrush"
    save_project(other, ProjectFile(scene))
    window.session.path = lost
    edit(story)
    assert not save(window)
    assert [each.text() for each in window.banner.choices] == ["Try again"]
    answer(QMessageBox, press(Button.Discard))
    open_file(window, other)
    assert window.session.path == other
    assert window.banner.isHidden()


def test_that_saving_failed_is_no_longer_said_once_it_is_saved_elsewhere(
    window, story, lost, tmp_path
):
    window.session.path = lost
    edit(story)
    assert not save(window)
    assert window.banner.isVisible()
    save_as(window, tmp_path / "mine.labelbrush")
    finish_jobs(window)
    assert not window.isWindowModified() and window.banner.isHidden()


def test_a_save_under_another_name_happens_though_the_one_before_it_fails(
    window, story, disk, lost, tmp_path
):
    window.session.path = lost
    edit(story)
    window.saving.save()
    target = tmp_path / "mine.labelbrush"
    save_as(window, target)
    disk.set()
    finish_jobs(window)
    assert painted(target)
    assert window.session.path == target and not window.isWindowModified()


def test_leaving_is_called_off_when_the_save_it_waited_for_fails(window, story, disk, lost):
    window.session.path = lost
    edit(story)
    window.saving.save()
    happened = []
    window.saving.before_leaving(lambda: happened.append("left"), lambda: happened.append("stayed"))
    assert happened == []
    disk.set()
    finish_jobs(window)
    assert happened == ["stayed"] and window.isWindowModified()


def test_a_save_that_waits_is_of_the_picture_it_was_asked_for(window, story, scene, disk, tmp_path):
    window.session.path = tmp_path / "mine.labelbrush"
    edit(story)
    answer(QMessageBox, press(Button.Save))
    window.saving.before_leaving(lambda: window.session.replace_document(scene, None, "other"))
    copy = tmp_path / "copy.labelbrush"
    save_as(window, copy)
    disk.set()
    finish_jobs(window)
    assert painted(copy)
    assert window.session.title == "other" and window.session.path is None
    assert np.array_equal(window.session.document.label_map, scene.label_map)


def test_a_name_with_a_dot_in_it_gets_its_ending_and_opens_again(window, story, tmp_path):
    edit(story)
    save_as(window, tmp_path / "street v1.2")
    finish_jobs(window)
    path = tmp_path / "street v1.2.labelbrush"
    assert window.session.path == path and painted(path)
    open_file(window, path)
    assert window.session.path == path and window.banner.isHidden()


def test_a_file_that_has_the_name_with_the_ending_is_not_silently_replaced(
    window, story, scene, tmp_path
):
    path = tmp_path / "street v1.2.labelbrush"
    save_project(path, ProjectFile(scene))
    before = path.read_bytes()
    edit(story)

    def typed_and(reply):
        def both(dialog) -> None:
            asked.append(answer(QMessageBox, reply))
            type_path(tmp_path / "street v1.2")(dialog)

        return both

    asked = []
    answer(QFileDialog, typed_and(press(Button.Cancel)))
    story.act("save_as")
    assert asked[-1] and path.read_bytes() == before and window.isWindowModified()
    answer(QFileDialog, typed_and(press_text("Replace it")))
    story.act("save_as")
    assert asked[-1] and painted(path) and not window.isWindowModified()


def test_endings_are_known_in_capitals_too(window, story, tmp_path):
    edit(story)
    save_as(window, tmp_path / "MINE.LABELBRUSH")
    finish_jobs(window)
    assert painted(tmp_path / "MINE.LABELBRUSH")


def test_an_export_may_have_any_of_the_endings_offered_and_gets_one_otherwise(
    window, story, tmp_path
):
    for typed, written in (("a.JPG", "a.JPG"), ("colors v1.2", "colors v1.2.png")):
        answer(QFileDialog, type_path(tmp_path / typed))
        story.act("export_colors")
        assert (tmp_path / written).exists()


def test_the_largest_new_scene_is_small_enough_to_be_opened_again(window):
    dialog = NewScene([], window)
    sides = dialog.width_field.maximum(), dialog.height_field.maximum()
    assert sides == (8192, 8192) and sides[0] * sides[1] <= MAX_PIXELS
    dialog.deleteLater()
