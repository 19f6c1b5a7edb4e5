"""The checkpoints dialog and switching, with real checkpoints of a few kilobytes."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.checkpoint_list import CheckpointList
from app.dialogs.mapping import MappingDialog
from app.jobs import Jobs
from app.mappings import Mappings
from app.panels import HistoryPanel
from app.panels.lists import rows_of
from app.rendering.status import RenderStatus, Stage
from app.rendering.worker import open_engine
from model.checkpoint import open_checkpoint, save_checkpoint
from model.conditioning import ConditioningConfig
from model.formats.foreign import UnknownLabels
from model.formats.relabel import relabelled
from model.inference.engine import Engine
from model.inference.request import EngineInfo
from model.networks import GENERATORS
from model.scene.labels import LabelSchema, load_schema
from model.scene.maps import read_picture
from model.scene.project import ProjectFile, save_project
from model.scene.scene import Scene, Style
from tests.app.story import LEFT, Story, answer, finish_jobs

SIZES = {
    "global": {"base_channels": 4, "downsamples": 1, "blocks": 1},
    "unet": {"base_channels": 4, "downsamples": 4},
    "crn": {"module_channels": (4, 4, 4, 4)},
}


def tiny(folder, schema_name="cityscapes", generator="global", **conditioning):
    """A checkpoint that paints anything in no time."""
    wanted = ConditioningConfig(**conditioning)
    kind, sizes = GENERATORS[generator]
    config = sizes(wanted.input_channels, **SIZES[generator])
    torch.manual_seed(1)
    save_checkpoint(
        folder,
        generator=kind(config),
        generator_name=generator,
        generator_config=config,
        conditioning=wanted,
        schema_name=schema_name,
    )
    return folder


@pytest.fixture
def faces(tmp_path):
    ids = load_schema("faces").ids
    return tiny(tmp_path / "my faces", "faces", label_channels=max(ids) + 1)


@pytest.fixture
def streets(tmp_path):
    return tiny(tmp_path / "my streets")


@pytest.fixture
def edges(tmp_path):
    return tiny(tmp_path / "my edges", "", rgb=True, label_channels=3, boundary=False)


@pytest.fixture
def window(window, engine):
    """With the engine of the checkpoint that is asked for, or the fake one for none."""
    fake = engine, ()  # of any schema
    window.controller.worker.open_renderer = lambda source: (
        fake if source.path is None else open_engine(source)
    )
    return window


@pytest.fixture
def dialog(window):
    Story(window).act("checkpoints")
    return window.checkpoints_dialog


def row_of(dialog, path):
    return next(
        row for row in rows_of(dialog.tree) if row.data(0, Qt.ItemDataRole.UserRole).path == path
    )


def texts(dialog, path) -> str:
    row = row_of(dialog, path)
    return " ".join(row.text(column) for column in range(dialog.tree.columnCount()))


def drop(widget, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    rest = Qt.DropAction.CopyAction, data, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(9, 9), *rest)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), *rest))


def test_what_is_dropped_is_listed_with_its_facts_and_a_sample(window, dialog, streets, faces):
    assert not dialog.isModal()
    for path in (streets, faces):
        drop(dialog, path)
    finish_jobs(window)
    assert "cityscapes" in texts(dialog, streets) and "fits cpu" in texts(dialog, streets)
    assert "faces" in texts(dialog, faces)
    picture = read_picture(window.checkpoint_list._picture(faces))
    assert picture.shape == (256, 512, 3) and picture.std() > 1
    assert not row_of(dialog, faces).icon(0).isNull()
    assert not dialog.message.isVisible()


def test_what_is_no_checkpoint_is_said_in_the_dialog(window, dialog, streets, tmp_path):
    (tmp_path / "empty").mkdir()
    drop(dialog, tmp_path / "empty")
    assert "is no checkpoint" in dialog.message.text() and dialog.message.isVisible()
    broken = tmp_path / "broken"
    shutil.copytree(streets, broken)
    (broken / "checkpoint.json").write_text("{")
    dialog.add(broken)
    finish_jobs(window)
    dialog.tree.setCurrentItem(row_of(dialog, broken))
    assert "damaged" in dialog.message.text()
    assert not dialog.use.isEnabled()


def test_removed_ones_stay_away_and_their_files_stay(window, dialog, streets, settings):
    dialog.add(streets)
    finish_jobs(window)
    dialog.tree.setCurrentItem(row_of(dialog, streets))
    QTest.mouseClick(dialog.remove, LEFT)
    QTest.mouseClick(dialog.refresh, LEFT)
    finish_jobs(window)
    again = CheckpointList(settings, window.jobs)
    assert streets not in [entry.path for entry in again.entries()]
    assert (streets / "checkpoint.json").exists()


def test_a_run_is_listed_by_its_checkpoint_and_a_folder_by_all_in_it(tmp_path, settings, qapp):
    tiny(tmp_path / "all" / "run" / "checkpoint")
    tiny(tmp_path / "all" / "other")
    jobs = Jobs()
    known = CheckpointList(settings, jobs)
    found = known.add(tmp_path / "all")
    assert found == [tmp_path / "all" / "other", tmp_path / "all" / "run" / "checkpoint"]
    assert known.add(tmp_path / "all" / "run") == [tmp_path / "all" / "run" / "checkpoint"]
    jobs.close()


def test_the_time_of_a_frame_is_the_median_of_the_last_and_remembered(settings, streets, qapp):
    jobs = Jobs()
    known = CheckpointList(settings, jobs)
    info = EngineInfo("x", "cuda", "float16", "cityscapes", None, False, 0.0)
    for seconds in (9.0, 0.03, 0.031, 0.029):
        known.record(streets, RenderStatus(Stage.EXACT, info, seconds=seconds), (1024, 2048))
    known.save_times()
    again = CheckpointList(settings, jobs)
    assert again.frame_time(streets) == "30 ms\n2048x1024, cuda float16"
    assert again.frame_time(streets.parent) == ""
    jobs.close()


def use(window, dialog, path, wait_until) -> None:
    dialog.add(path)
    finish_jobs(window)
    dialog.tree.setCurrentItem(row_of(dialog, path))
    QTest.mouseClick(dialog.use, LEFT)
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)


def test_another_checkpoint_paints_the_same_scene(window, dialog, document, streets, wait_until):
    document.set_styles("Style", {26000: Style((0.5, 1.0), 3)})
    use(window, dialog, streets, wait_until)
    assert window.session.document is document
    assert window.checkpoints.in_use() == streets
    assert "in use" in row_of(dialog, streets).text(0)
    assert window.controller.status.exact
    assert "ms" in texts(dialog, streets) or " s\n" in texts(dialog, streets)


@pytest.mark.parametrize("generator", ["unet", "crn"])
def test_generators_without_a_fast_plan_paint_every_stroke_exactly(
    window, dialog, document, tmp_path, wait_until, generator
):
    path = tiny(tmp_path / "baseline", generator=generator)
    use(window, dialog, path, wait_until)
    frames = []
    window.controller.rendered.connect(lambda result, _: frames.append(result))
    Story(window).choose("vegetation")
    Story(window).stroke((20, 12), (40, 12))
    wait_until(lambda: window.controller.idle)
    assert window.controller.status.exact and all(frame.final for frame in frames)
    painted = Engine(open_checkpoint(path)).picture(document.snapshot())
    assert np.array_equal(frames[-1].pixels, painted)


def test_labels_are_mapped_when_the_schemas_differ_and_one_can_go_back(
    window, dialog, document, faces, wait_until
):
    Story(window).choose("person")
    Story(window).stroke((20, 12), (40, 12))
    window.session.mark_saved(faces / "mine.labelbrush", window.session.state)
    before = document.snapshot()
    asked = answer(MappingDialog, lambda each: each.accept())
    use(window, dialog, faces, wait_until)
    assert set(asked[0].choices) == {"sky", "road", "pole", "person", "car"}
    mapped = window.session.document
    assert mapped.schema.name == "faces" and window.session.path is None
    assert window.checkpoints.in_use() == faces and window.controller.status.exact
    assert "were mapped" in window.banner.text.text()
    QTest.mouseClick(window.banner.choices[0], LEFT)
    wait_until(lambda: window.controller.idle)
    back = window.session.document
    assert np.array_equal(back.instance_map, before.instance_map)
    assert back.schema.name == "cityscapes" and back.undo_name == "Paint person"
    assert not window.isWindowModified()
    assert window.session.label.name == "car"  # not what faces call number 0
    back.undo()
    assert back.label_map[12, 30] == 23


@pytest.fixture
def known(settings):
    """What the labels of the small scene become was answered before."""
    schema = load_schema("faces")
    names = "sky", "road", "pole", "car", "person"
    mapping = dict(zip(names, schema.ids, strict=False))
    Mappings(settings, schema).add(mapping)
    return mapping


def test_a_project_stays_that_is_opened_while_labels_are_mapped(
    window, known, faces, tmp_path, wait_until
):
    """As when both are dropped, or named on the command line."""
    schema = load_schema("faces")
    labels = np.full((64, 64), schema.ids[1], np.uint8)
    path = tmp_path / "face.labelbrush"
    face = Scene(schema, labels, labels.astype(np.int32))
    save_project(path, ProjectFile(face, checkpoint=str(faces)))
    for each in (faces, path):
        window.files.open_path(each)
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)
    assert (window.session.path, window.session.title) == (path, path.name)
    assert np.array_equal(window.session.document.label_map, labels)
    assert window.checkpoints.in_use() == faces and window.controller.status.exact


def test_what_is_painted_while_labels_are_mapped_is_mapped_as_well(
    window, known, faces, wait_until, notices
):
    gate = threading.Event()
    window.switching.use(faces)
    window.jobs.run("Wait", lambda _: gate.wait(20), quick=True)  # the labels' turn comes after
    wait_until(lambda: window.jobs.title == "Wait")
    Story(window).choose("person")
    Story(window).stroke((20, 12), (40, 12))
    painted = window.session.document
    window.session.mark_saved(faces / "mine.labelbrush", window.session.state)
    gate.set()
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)
    mapped = window.session.document
    assert mapped is not painted and mapped.schema.name == "faces"
    assert mapped.label_map[12, 30] == known["person"]
    assert len(notices) == 1  # mapped once


def test_one_that_takes_pictures_stays_for_a_document_of_other_labels(
    window, edges, wait_until, notices
):
    window.switching.use(edges)
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)
    assert window.checkpoints.in_use() == edges
    schema = load_schema("faces")
    labels = np.full((64, 64), schema.ids[1], np.uint8)
    window.session.replace_document(Scene(schema, labels, labels.astype(np.int32)), None, "face")
    wait_until(lambda: window.controller.idle)
    assert window.checkpoints.in_use() == edges and window.controller.status.exact
    assert window.controller.source.schema.name == "faces"
    assert not notices


@pytest.mark.parametrize("takes_pictures", [True, False])
def test_what_is_still_being_opened_is_judged_once_it_is_open(
    window, edges, streets, takes_pictures, wait_until, notices
):
    path = edges if takes_pictures else streets
    opened, gate = window.controller.worker.open_renderer, threading.Event()
    sources = []

    def open_late(source):
        sources.append(source)
        assert gate.wait(20), "the test never opened the gate"
        return opened(source)

    window.controller.worker.open_renderer = open_late
    window.checkpoints.open(path)
    wait_until(lambda: sources)
    schema = load_schema("faces")
    labels = np.full((64, 64), schema.ids[1], np.uint8)
    window.session.replace_document(Scene(schema, labels, labels.astype(np.int32)), None, "face")
    gate.set()
    wait_until(lambda: window.controller.idle)
    assert window.controller.source.schema.name == "faces" and window.controller.status.exact
    assert window.checkpoints.in_use() == (path if takes_pictures else None)
    assert ["my streets is for" in each.text for each in notices] == [True] * (not takes_pictures)


def test_styles_of_other_features_are_left_out_as_a_step(window, document, tmp_path, wait_until):
    other = tiny(tmp_path / "styled", feature_channels=3)
    document.set_styles("Style", {26000: Style((0.5, 1.0), 3)})
    window.switching.use(other)
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)
    assert window.controller.status.exact and not document.styles
    document.undo()
    assert document.styles[26000].vector == (0.5, 1.0)


def test_painting_goes_on_when_undo_or_a_pin_leads_back_to_another_checkpoints_styles(
    window, document, tmp_path, wait_until
):
    other = tiny(tmp_path / "styled", feature_channels=3)
    document.set_styles("Style", {26000: Style((0.5, 1.0), 3)})
    history = next(panel for panel in window.panels if isinstance(panel, HistoryPanel))
    QTest.mouseClick(history.pin, LEFT)
    window.switching.use(other)
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)
    story = Story(window)
    story.act("undo")
    assert document.styles
    wait_until(lambda: window.controller.idle)
    assert window.controller.status.exact
    story.act("redo")
    place = history.pins.visualItemRect(history.pins.item(0)).center()
    QTest.mouseClick(history.pins.viewport(), LEFT, pos=place)
    assert document.styles
    wait_until(lambda: window.controller.idle)
    assert window.controller.status.exact and not window.banner.isVisible()


@pytest.mark.parametrize("seed", [0, 7])
def test_a_project_with_styles_of_other_features_is_painted_without_them(
    window, scene, tmp_path, wait_until, notices, seed
):
    """Painted with the checkpoint of the same name, when that took fewer features."""
    streets = tiny(tmp_path / "styled", feature_channels=3)
    window.switching.use(streets)
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)
    path = tmp_path / "old.labelbrush"
    styles = {26000: Style((0.5, 1.0), 3), 26001: Style((0.5, 1.0, 0.2), 3)}
    styled = replace(scene, styles=styles)
    save_project(path, ProjectFile(styled, checkpoint=str(streets), style_seed=seed))
    window.files.open_path(path)
    finish_jobs(window)
    wait_until(lambda: window.controller.idle)
    assert window.session.path == path
    assert list(window.session.document.styles) == [26001]
    assert window.controller.status.exact and not notices
    window.session.document.undo()
    assert sorted(window.session.document.styles) == [26000, 26001]


def test_labels_are_found_by_name_then_number_and_objects_stay_apart(scene):
    numbered = load_schema("numbered-35")
    there = relabelled(scene, numbered, {})
    assert np.array_equal(there.label_map, scene.label_map)
    assert np.array_equal(there.instance_map, scene.instance_map)
    back = relabelled(there, scene.schema, {})
    assert np.array_equal(back.label_map, scene.label_map)
    with pytest.raises(UnknownLabels) as unknown:
        relabelled(scene, load_schema("faces"), {})
    assert "car" in unknown.value.counts
    moved = tuple(replace(label, id=label.id + 20) for label in scene.schema)
    elsewhere = relabelled(scene, LabelSchema("elsewhere", moved), {})
    shift = np.where(scene.instance_map < 1000, 20, 20_000)
    assert np.array_equal(elsewhere.instance_map, scene.instance_map + shift)
    same = relabelled(scene, scene.schema, {})
    assert np.array_equal(same.instance_map, scene.instance_map)


def test_the_page_says_where_the_official_weights_come_from(dialog):
    dialog.pages.setCurrentIndex(1)
    text = dialog.pages.currentWidget().toPlainText()
    assert "NVIDIA/pix2pixHD" in text and "label2city_1024p" in text
    assert "latest_net_G.pth" in text


@pytest.fixture
def notices(session) -> list:
    seen = []
    session.noticed.connect(seen.append)
    return seen
