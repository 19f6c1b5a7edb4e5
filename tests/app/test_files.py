"""Opening, saving, exporting and closing through the window's own actions and dialogs."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from model.scene.labels import label_colors
from model.scene.maps import read_instance_map, read_label_map, read_picture, write_instance_map
from model.scene.project import ProjectFile, load_project, save_project
from model.scene.scene import Style
from tests.app.story import answer, edit, finish_jobs, open_file, save, type_path

Button = QMessageBox.StandardButton


def press(button):
    return lambda box: box.button(button).click()


def save_maps(folder, scene, stem="street_000001_gtFine"):
    labels, instances = folder / f"{stem}_labelIds.png", folder / f"{stem}_instanceIds.png"
    Image.fromarray(scene.label_map).save(labels)
    write_instance_map(instances, scene.instance_map)
    return labels, instances


def test_a_saved_project_opens_again_as_it_was(story, window, document, tmp_path):
    edit(story)
    document.set_styles("Style", {26000: Style((0.5, 1.0), 3)})
    target = tmp_path / "mine.labelbrush"
    met = answer(QFileDialog, type_path(target))
    story.act("save")
    assert met
    assert not window.isWindowModified()
    assert window.windowTitle().startswith("mine.labelbrush")
    expected = document.snapshot()
    story.stroke((60, 50), (70, 50))
    assert window.isWindowModified()
    answer(QMessageBox, press(Button.Discard))
    open_file(window, target)
    now = window.session.document.snapshot()
    assert np.array_equal(now.label_map, expected.label_map)
    assert np.array_equal(now.instance_map, expected.instance_map)
    assert now.styles == expected.styles
    assert not window.isWindowModified()


def test_undo_back_to_the_saved_state_counts_as_unmodified(story, window, tmp_path):
    edit(story)
    assert window.isWindowModified()
    story.act("undo")
    assert not window.isWindowModified()


def test_a_label_map_brings_its_instance_map_along(story, window, scene, tmp_path, wait_until):
    labels, instances = save_maps(tmp_path, scene)
    for path in (labels, instances):
        open_file(window, path)
        assert np.array_equal(window.session.document.instance_map, scene.instance_map)
        assert window.session.path is None
        assert window.session.title == labels.name
    wait_until(lambda: window.controller.idle)
    assert story.color((20, 42)) == (26, 100, 0)


def test_real_cityscapes_maps_open_with_their_objects(window, cityscapes_folder):
    path = next(cityscapes_folder.glob("*_labelIds.png"))
    open_file(window, path)
    assert window.session.document.label_map.shape == (1024, 2048)
    assert (window.session.document.instance_map >= 1000).any()


def test_an_instance_map_alone_is_one_undo_step(window, scene, tmp_path, document):
    _, instances = save_maps(tmp_path, scene)
    changed = scene.instance_map.copy()
    changed[36:48, 10:20] = 26007
    changed[0, 0] = 26009  # in the sky: the label map wins
    write_instance_map(instances, changed)
    (tmp_path / "street_000001_gtFine_labelIds.png").unlink()
    open_file(window, instances)
    assert (document.instance_map[36:48, 10:20] == 26007).all()
    assert document.instance_map[0, 0] == 23
    assert document.undo_name == "Open instance map"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.labelbrush", b"no zip at all", "project"),
        ("text.png", b"no picture at all", "text.png"),
        ("gone.png", None, "does not exist"),
    ],
)
def test_bad_files_are_a_banner_and_the_document_stays(
    window, document, notices, tmp_path, name, content, said
):
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        Image.fromarray(content).save(path)
    open_file(window, path)
    assert window.session.document is document
    assert said in notices[0].text
    assert window.banner.isVisible()
    assert window.banner.text.text() == notices[0].text


def test_an_instance_map_of_another_size_is_refused(window, document, notices, tmp_path):
    path = tmp_path / "other_instanceIds.png"
    write_instance_map(path, np.zeros((8, 8), np.int32))
    open_file(window, path)
    assert "8x8" in notices[0].text and "128x64" in notices[0].text
    assert not document.can_undo


def test_exports_hold_what_is_on_the_screen(story, window, document, schema, tmp_path, wait_until):
    edit(story)
    wait_until(lambda: window.controller.idle)
    readers = {
        "export_picture": read_picture,
        "export_labels": read_label_map,
        "export_instances": read_instance_map,
        "export_colors": read_picture,
    }
    exported = {}
    for action_id, reader in readers.items():
        path = tmp_path / f"{action_id}.png"
        met = answer(QFileDialog, type_path(path))
        story.act(action_id)
        assert met
        wait_until(lambda: window.jobs.idle)
        exported[action_id] = reader(path)
    assert np.array_equal(exported["export_labels"], document.label_map)
    assert np.array_equal(exported["export_instances"], document.instance_map)
    assert np.array_equal(exported["export_colors"], label_colors(document.label_map, schema))
    assert np.array_equal(exported["export_picture"][..., 0], document.label_map)
    assert (exported["export_picture"][..., 1] == 100).all()


def test_a_picture_that_is_still_painted_is_not_exported(story, window, engine, notices):
    engine.gate.clear()
    edit(story)
    story.act("export_picture")
    assert "not finished" in notices[0].text


def test_closing_a_clean_window_asks_nothing(window):
    assert window.close()


def test_closing_asks_and_cancel_keeps_everything(story, window, document):
    edit(story)
    met = answer(QMessageBox, press(Button.Cancel))
    assert not window.close()
    assert met and window.isVisible()
    assert document.can_undo


def test_closing_and_discarding_closes(story, window):
    edit(story)
    answer(QMessageBox, press(Button.Discard))
    assert window.close()


def test_closing_and_saving_saves(story, window, document, tmp_path):
    edit(story)
    target = tmp_path / "kept.labelbrush"
    window.session.path = target
    answer(QMessageBox, press(Button.Save))
    window.close()
    finish_jobs(window)
    assert not window.isVisible()
    assert np.array_equal(load_project(target).scene.label_map, document.label_map)


def test_closing_with_a_save_that_is_called_off_stays_open(story, window):
    edit(story)

    def save_then_cancel(box):
        answer(QFileDialog, lambda dialog: dialog.close())
        box.button(Button.Save).click()

    answer(QMessageBox, save_then_cancel)
    assert not window.close()
    assert window.isVisible()


def test_closing_with_a_save_that_fails_stays_open_and_says_why(story, window, notices, tmp_path):
    edit(story)
    window.session.path = tmp_path / "missing folder" / "mine.labelbrush"
    answer(QMessageBox, press(Button.Save))
    window.close()
    finish_jobs(window)
    assert window.isVisible() and window.isWindowModified()
    assert "could not be written" in notices[0].text


def test_one_paints_on_while_the_project_is_saved_as_it_was(
    story, window, document, disk, tmp_path
):
    window.recovery.start()
    edit(story)
    target = window.session.path = tmp_path / "mine.labelbrush"
    saved = document.snapshot()
    window.saving.save()
    story.stroke((60, 50), (70, 50))
    assert not target.exists()
    disk.set()
    finish_jobs(window)
    assert np.array_equal(load_project(target).scene.label_map, saved.label_map)
    assert window.isWindowModified()
    assert window.recovery.journal.facts.unsaved == 1
    story.act("undo")
    assert not window.isWindowModified()


def test_closing_while_a_save_is_running_waits_for_it(story, window, disk, tmp_path):
    edit(story)
    window.session.path = tmp_path / "mine.labelbrush"
    window.saving.save()
    assert not window.close()
    assert window.isVisible()
    disk.set()
    finish_jobs(window)
    assert window.session.path.exists() and not window.isVisible()


def test_saving_twice_is_no_change_by_another_program(story, window, document, disk, tmp_path):
    edit(story)
    window.session.path = tmp_path / "mine.labelbrush"
    window.saving.save()
    story.stroke((60, 50), (70, 50))
    window.saving.save()
    disk.set()
    finish_jobs(window)  # nobody is asked: it would wait for ever
    assert np.array_equal(load_project(window.session.path).scene.label_map, document.label_map)
    assert not window.isWindowModified()


def test_a_save_that_is_cancelled_leaves_the_work_unsaved(story, window, notices, disk, tmp_path):
    edit(story)
    window.session.path = tmp_path / "mine.labelbrush"
    window.saving.save()
    for job in list(window.jobs._jobs):
        job.cancelled.set()
    disk.set()
    finish_jobs(window)
    assert not window.session.path.exists()
    assert window.isWindowModified() and "stopped" in notices[-1].text


def test_what_is_painted_while_a_file_is_read_is_not_lost(
    story, window, document, scene, disk, tmp_path
):
    labels, _ = save_maps(tmp_path, scene)
    window.files.open_path(labels)
    edit(story)
    met = answer(QMessageBox, press(Button.Cancel))
    disk.set()
    finish_jobs(window)
    assert met and window.session.document is document


def test_a_stroke_in_hand_is_saved_with_the_rest(story, window, document, tmp_path):
    story.choose("person")
    story.press((20, 12))
    story.move((40, 12))
    window.session.path = tmp_path / "mine.labelbrush"
    assert save(window)
    assert load_project(window.session.path).scene.label_map[12, 30] == 24
    story.release((40, 12))
    assert document.undo_name == "Paint person"


def test_dropping_a_file_opens_it(window, scene, tmp_path):
    labels, _ = save_maps(tmp_path, scene)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(labels))])
    copy = Qt.DropAction.CopyAction
    nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(9, 9), copy, data, *nothing)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), copy, data, *nothing))
    finish_jobs(window)
    assert window.session.title == labels.name


def test_recent_files_come_back_and_missing_ones_are_grey(window, scene, tmp_path):
    labels, _ = save_maps(tmp_path, scene)
    open_file(window, labels)
    menu = window.recent
    assert [action.text() for action in menu.actions()] == [labels.name]
    labels.unlink()
    menu.aboutToShow.emit()
    assert not menu.actions()[0].isEnabled()


def test_the_history_is_in_the_project_unless_it_is_left_out(story, window, tmp_path):
    edit(story)
    story.stroke((60, 50), (70, 50))
    path = window.session.path = tmp_path / "mine.labelbrush"
    assert save(window)
    open_file(window, path)
    document = window.session.document
    assert document.undo_name == "Paint person" and not window.isWindowModified()
    story.act("undo")
    story.act("undo")
    assert document.label_map[50, 65] == 7 and document.label_map[12, 30] == 23
    assert not document.can_undo and window.isWindowModified()
    story.act("redo")
    story.act("keep_history")
    assert save(window)
    assert load_project(path).edits == ()


def test_recent_files_have_a_small_picture_of_what_was_painted(
    window, scene, tmp_path, wait_until, controller
):
    labels, _ = save_maps(tmp_path, scene)
    open_file(window, labels)
    wait_until(lambda: controller.idle)
    (entry,) = window.recent_files.entries()
    assert entry.path == labels and entry.there
    shown = read_picture(entry.thumbnail)
    assert shown.shape == (64, 128, 3)  # smaller than a thumbnail: not enlarged
    assert np.array_equal(shown[..., 0], scene.label_map)
    (action,) = window.recent.actions()
    assert action.icon().pixmap(40).toImage().pixelColor(20, 10).red() in scene.schema.ids
    window.recent_files.forget(labels)
    assert not window.recent_files.entries() and not entry.thumbnail.exists()


def test_a_project_is_painted_and_saved_with_its_own_style_seed(
    window, scene, engine, controller, wait_until, tmp_path
):
    path = tmp_path / "mine.labelbrush"
    window.checkpoints.open(tmp_path)
    wait_until(lambda: controller.idle)
    save_project(path, ProjectFile(scene, style_seed=7))
    open_file(window, path)
    wait_until(lambda: controller.idle and engine.sources[-1].style_seed == 7)
    assert engine.sources[-1].path == tmp_path
    assert save(window)
    assert load_project(path).style_seed == 7


def test_a_project_whose_checkpoint_is_missing_opens_and_says_so(window, scene, notices, tmp_path):
    path = tmp_path / "mine.labelbrush"
    save_project(path, ProjectFile(scene, checkpoint="gone"))
    open_file(window, path)
    assert window.session.path == path
    assert "gone" in notices[0].text and not notices[0].serious
