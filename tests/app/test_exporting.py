"""Exporting and importing in the real window: off its thread, with progress and cancel."""

from __future__ import annotations

import json
import threading
import zipfile

import numpy as np
import pytest
from PIL import ExifTags, Image
from PySide6.QtWidgets import QDialog, QFileDialog

from app.dialogs.choice import ChoiceDialog
from app.dialogs.mapping import MappingDialog
from app.dialogs.new_scene import NewScene
from app.dialogs.variations import VariationsDialog
from app.jobs import Jobs
from model.errors import InputError
from model.formats import FORMATS
from model.formats.coco_panoptic import description, segment_picture
from model.formats.files import write_json, write_png
from model.formats.importing import SeveralPictures, by_id, import_scene
from model.scene.maps import read_instance_map, read_label_map, read_picture
from model.scene.scene import Scene
from tests.app.fake_engine import FakeEngine
from tests.app.story import Story, answer, open_file, type_path


@pytest.fixture
def story(window) -> Story:
    return Story(window)


def export(story: Story, action_id: str, path, wait_until) -> None:
    met = answer(QFileDialog, type_path(path))
    story.act(action_id)
    assert met
    wait_until(lambda: story.window.jobs.idle)


def edit(story: Story, x=40) -> None:
    story.choose("car")
    story.stroke((x, 50), (x + 10, 50))


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
def test_what_is_exported_for_another_program_opens_as_it_was(
    kind, story, window, wait_until, tmp_path
):
    edit(story)
    before = window.session.document.snapshot()
    path = tmp_path / f"mine{kind.ending}"
    export(story, f"export_{kind.id}", path, wait_until)
    window.session.mark_saved(path, window.session.state)
    open_file(window, path)
    assert window.session.title == path.name
    assert np.array_equal(window.session.document.label_map, before.label_map)
    assert np.array_equal(window.session.document.instance_map, before.instance_map)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tiff"])
def test_pictures_are_written_in_every_kind_and_marked_as_srgb(
    suffix, story, window, wait_until, tmp_path
):
    path = tmp_path / f"mine.{suffix}"
    export(story, "export_picture", path, wait_until)
    labels = window.session.document.label_map
    difference = np.abs(read_picture(path)[..., 0].astype(int) - labels)
    assert difference.mean() < (2 if suffix == "jpg" else 1e-9)
    with Image.open(path) as image:
        assert "icc_profile" in image.info or image.info.get("srgb") == 0
        note = image.info.get("Comment") or image.getexif()[ExifTags.Base.ImageDescription]
        assert note == "Labelbrush: as the network paints it"


def test_labels_and_picture_side_by_side_are_of_one_state(story, window, wait_until, tmp_path):
    story.choose("person")
    window.table.by_id["tool_polygon"].trigger()
    for corner in ((5, 5), (50, 5), (50, 30)):
        story.click(corner)
    path = tmp_path / "both.png"
    met = answer(QFileDialog, type_path(path))
    story.act("export_side_by_side")  # ends the polygon, which is not painted yet
    assert not met and "not finished" in window.banner.text.text()
    assert window.session.document.undo_name == "Outline person"
    wait_until(lambda: window.controller.idle)
    story.act("export_side_by_side")
    assert met
    pixels = read_picture(path)
    person, width = window.session.label, window.session.document.bounds.width
    assert tuple(pixels[10, 40]) == person.color
    assert pixels[10, pixels.shape[1] - width + 40, 0] == person.id  # as the fake paints it


def test_boundary_before_after_and_time_lapse(story, window, wait_until, tmp_path):
    edit(story)
    edit(story, 100)
    wait_until(lambda: window.controller.idle)
    export(story, "export_boundary", tmp_path / "b.png", wait_until)
    assert set(np.unique(read_label_map(tmp_path / "b.png"))) == {0, 255}
    export(story, "export_before_after", tmp_path / "b.gif", wait_until)
    with Image.open(tmp_path / "b.gif") as film:
        assert film.n_frames == 2
    export(story, "export_time_lapse", tmp_path / "t.gif", wait_until)
    with Image.open(tmp_path / "t.gif") as film:
        assert film.n_frames == 3  # before, and after each of the strokes
    export(story, "export_time_lapse", tmp_path / "t.mp4", wait_until)
    assert (tmp_path / "t.mp4").read_bytes()[4:8] == b"ftyp"


def test_exports_paint_with_the_engine_in_use_and_give_way_to_the_brush(
    story, window, engine, wait_until, tmp_path
):
    edit(story)
    wait_until(lambda: window.controller.idle)
    opened, painted = len(engine.sources), len(engine.patches)
    engine.gate.clear()
    answer(QFileDialog, type_path(tmp_path / "t.gif"))
    window.table.by_id["export_time_lapse"].trigger()
    wait_until(lambda: engine.beside)
    edit(story, 80)  # while the first picture of the film is painted
    wait_until(lambda: len(engine.patches) > painted)
    assert not window.jobs.idle
    engine.gate.set()
    wait_until(lambda: window.jobs.idle and window.controller.idle)
    assert len(engine.sources) == opened
    first, *others = (scene.label_map for scene in engine.beside)
    assert any(np.array_equal(first, other) for other in others)  # it was begun again
    with Image.open(tmp_path / "t.gif") as film:
        assert film.n_frames == 2


def test_an_export_ends_when_another_checkpoint_is_opened(
    story, window, engine, source, wait_until, tmp_path
):
    edit(story)
    wait_until(lambda: window.controller.idle)
    engine.gate.clear()
    answer(QFileDialog, type_path(tmp_path / "t.gif"))
    window.table.by_id["export_time_lapse"].trigger()
    wait_until(lambda: engine.beside)
    window.controller.worker.open_renderer = FakeEngine(engine.schema).open
    window.checkpoints.open(tmp_path)
    wait_until(lambda: window.jobs.idle)
    assert "Another checkpoint" in window.banner.text.text()
    assert not (tmp_path / "t.gif").exists()
    engine.gate.set()


def test_variations_are_a_data_set_with_exact_maps(story, window, wait_until, tmp_path):
    def accept(dialog) -> None:
        dialog.count.setValue(3)
        dialog.moves.setChecked(True)
        answer(QFileDialog, type_path(tmp_path / "set"))
        dialog.accept()

    (tmp_path / "set").mkdir()
    answer(VariationsDialog, accept)
    story.act("export_variations")
    wait_until(lambda: window.jobs.idle)
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text())
    assert manifest["synthetic"] is True and manifest["pictures"] == 3
    maps = sorted((tmp_path / "set").rglob("*_labelIds.png"))
    assert len(maps) == 3
    for path in maps:
        name = path.name.replace("_gtFine_labelIds", "_leftImg8bit")
        picture = tmp_path / "set" / "leftImg8bit" / "train" / "labelbrush" / name
        assert np.array_equal(read_picture(picture)[..., 0], read_label_map(path))
    panoptic = tmp_path / "set" / "gtFine" / "cityscapes_panoptic_train.json"
    schema = window.session.document.schema
    first = import_scene(panoptic, schema, {}, "000000_gtFine_panoptic.png")
    instances = read_instance_map(maps[0].with_name(maps[0].name.replace("label", "instance")))
    assert np.array_equal(first.instance_map, instances)


def test_unknown_labels_are_asked_for_once(story, window, tmp_path, schema):
    path = tmp_path / "own.png"
    Image.fromarray(np.full((64, 64), 200, np.uint8)).save(path)

    def reply(dialog) -> None:
        choice = dialog.choices["200"]
        choice.setCurrentText("vegetation")
        dialog.accept()

    met = answer(MappingDialog, reply)
    open_file(window, path)
    assert met
    assert (window.session.document.label_map == schema.by_name("vegetation").id).all()
    open_file(window, path)  # nobody is asked: it would wait for ever
    assert (window.session.document.label_map == schema.by_name("vegetation").id).all()


def test_the_nearest_label_is_offered_and_void_where_none_is_near(window, schema):
    dialog = MappingDialog({"Pedestrian": 5, "200": 9}, schema, "own.json", window)
    offered = {key: schema.by_id(label).name for key, label in dialog.mapping().items()}
    assert offered == {"Pedestrian": "person", "200": "unlabeled"}


def test_nothing_is_opened_when_nobody_says_what_the_labels_are(window, document, tmp_path):
    path = tmp_path / "own.png"
    Image.fromarray(np.full((64, 64), 200, np.uint8)).save(path)
    answer(MappingDialog, QDialog.reject)
    open_file(window, path)
    assert window.session.document is document


@pytest.fixture
def several(tmp_path, scene):
    """A COCO file and a CVAT archive that hold the scene twice, the second time mirrored."""
    mirrored = Scene(
        scene.schema,
        np.ascontiguousarray(scene.label_map[:, ::-1]),
        np.ascontiguousarray(scene.instance_map[:, ::-1]),
    )
    scenes = {"left": scene, "right": mirrored}
    coco, cvat = tmp_path / "set_panoptic.json", tmp_path / "set.zip"
    write_json(coco, description(scene.schema, list_of(scenes, "{}.png")))
    with zipfile.ZipFile(cvat, "w") as together:
        for name, each in scenes.items():
            write_png(tmp_path / f"{name}.png", segment_picture(each))
            by_id("cvat").write(tmp_path / f"{name}.zip", each)
            with zipfile.ZipFile(tmp_path / f"{name}.zip") as one:
                for entry in one.namelist():
                    if entry not in together.namelist():
                        together.writestr(entry, one.read(entry))
    return coco, cvat, mirrored


def list_of(scenes, pattern):
    return [(pattern.format(name), each) for name, each in scenes.items()]


def test_which_of_several_pictures_is_opened_is_asked(window, several):
    coco, cvat, mirrored = several
    for path in (coco, cvat):
        met = answer(ChoiceDialog, lambda dialog: (dialog.list.setCurrentRow(1), dialog.accept()))
        open_file(window, path)
        assert met[0].list.count() == 2
        assert np.array_equal(window.session.document.instance_map, mirrored.instance_map)
    before = window.session.document
    answer(ChoiceDialog, QDialog.reject)
    open_file(window, coco)
    assert window.session.document is before


def test_without_a_window_it_has_to_be_said_which_of_several_pictures_is_meant(several, schema):
    coco, cvat, mirrored = several
    for path in (coco, cvat):
        with pytest.raises(SeveralPictures, match=r"2 pictures \(.*left.png, .*right.png\)"):
            import_scene(path, schema, {})
        assert np.array_equal(
            import_scene(path, schema, {}, "right.png").label_map, mirrored.label_map
        )


def test_a_new_scene_has_the_size_and_schema_asked_for(story, window):
    def reply(dialog) -> None:
        dialog.schema.setCurrentText("faces")
        dialog.size_choice.setCurrentText("Other")
        dialog.width_field.setValue(96)
        dialog.height_field.setValue(80)
        dialog.accept()

    assert answer(NewScene, reply) is not None
    story.act("new")
    document = window.session.document
    assert document.schema.name == "faces"
    assert document.label_map.shape == (80, 96)


def test_a_schema_file_of_the_users_own_can_be_chosen(window, tmp_path, qapp):
    dialog = NewScene([], window)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("name = 3")
    dialog.add_schema(wrong)
    assert "wrong.toml" in dialog.problem.text()
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\nlabels = [{ id = 4, name = "a", color = [1, 2, 3] }]')
    dialog.add_schema(own)
    assert dialog.schema.currentText() == "own" and dialog.start.currentData() == 4
    assert not dialog.problem.text()
    dialog.deleteLater()


def test_jobs_run_beside_the_window_and_stop_when_cancelled(qapp, wait_until):
    jobs, threads, noticed = Jobs(), [], []
    jobs.noticed.connect(noticed.append)
    started, go_on = threading.Event(), threading.Event()

    def endless(report) -> None:
        threads.append(threading.get_ident())
        started.set()
        assert go_on.wait(20)
        report(1, 2)
        raise AssertionError("it was cancelled")

    def refused(report) -> None:
        raise InputError("no room")

    jobs.run("endless", endless)
    jobs.run("refused", refused)
    wait_until(started.is_set)
    assert threads[0] != threading.get_ident()
    jobs.cancel()
    go_on.set()
    wait_until(lambda: jobs.idle)
    assert [notice.text for notice in noticed] == ["endless: stopped.", "no room"]
    jobs.close()
