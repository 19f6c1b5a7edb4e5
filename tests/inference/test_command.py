"""`render` and `replay` as a user calls them: files in, files out, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import main
from model.checkpoint import open_checkpoint
from model.formats.coco_panoptic import description, segment_picture
from model.formats.files import write_json, write_png
from model.inference.engine import Engine
from model.scene.document import Document
from model.scene.maps import read_picture, write_instance_map, write_label_map
from model.scene.project import ProjectFile, save_project
from model.scene.scene import Scene, Style
from tests.golden_data import CHECKPOINTS
from tests.inference.conftest import CAR, blocks


@pytest.fixture
def scene():
    return blocks(40, 56)


@pytest.fixture
def maps(tmp_path, scene):
    """A label map and its instance map, named as Cityscapes does."""
    return write_maps(tmp_path / "maps", "a", scene)


def write_maps(folder: Path, name: str, scene) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_label_map(folder / f"{name}_labelIds.png", scene.label_map)
    write_instance_map(folder / f"{name}_instanceIds.png", scene.instance_map)
    return folder / f"{name}_labelIds.png"


@pytest.fixture
def render(checkpoint_folder):
    def call(*arguments, command="render") -> int:
        common = ["--device", "cpu", "--precision", "float32", "--quiet"]
        given = [str(argument) for argument in arguments]
        return main.main([command, *given, "--checkpoint", str(checkpoint_folder), *common])

    return call


@pytest.fixture
def exact(checkpoint):
    return Engine(checkpoint, "cpu", "float32")


def files(folder: Path) -> set[str]:
    found = folder.rglob("*") if folder.exists() else ()
    return {path.relative_to(folder).as_posix() for path in found if path.is_file()}


def test_one_map_becomes_one_file(tmp_path, maps, scene, render, exact):
    output = tmp_path / "new" / "picture.png"
    assert render(maps, "-o", output) == 0
    assert np.array_equal(read_picture(output), exact.picture(scene))
    with Image.open(output) as image:
        assert image.info["Comment"] == "Labelbrush: as the network paints it"
    assert files(tmp_path / "new") == {"picture.png"}


def test_a_guess_at_the_input_channels_is_said_and_can_be_replaced(tmp_path, maps, scene, capsys):
    source = CHECKPOINTS / "legacy_instance"  # 36 channels: 35 labels and a boundary, or 36 labels
    words = ["render", str(maps), "--checkpoint", str(source), "--device", "cpu"]
    words += ["--precision", "float32", "-o"]
    for split, given in ("35+1", []), ("36", ["--split", "36"]):
        output = tmp_path / f"{split}.png"
        assert main.main([*words, str(output), *given]) == 0
        assert ("35+1" in capsys.readouterr().err) == (not given)
        painted = Engine(open_checkpoint(source, split), "cpu", "float32").picture(scene)
        assert np.array_equal(read_picture(output), painted)


def test_one_map_into_a_folder_keeps_its_name(tmp_path, maps, render):
    assert render(maps, "-o", tmp_path / "out") == 0
    assert files(tmp_path / "out") == {"a_labelIds.png"}


def test_several_maps_become_a_folder(tmp_path, maps, render):
    other = write_maps(tmp_path / "more", "b", blocks(32, 32, seed=3))
    assert render(maps, other, "-o", tmp_path / "out") == 0
    assert files(tmp_path / "out") == {"a_labelIds.png", "b_labelIds.png"}


def test_a_folder_is_searched_for_cityscapes_names(tmp_path, render):
    for town in ("bonn", "ulm"):
        write_maps(tmp_path / "fine" / town, "a", blocks(32, 32))
    write_label_map(tmp_path / "fine" / "notes.png", blocks(32, 32).label_map)
    assert render(tmp_path / "fine", "-o", tmp_path / "out") == 0
    assert files(tmp_path / "out") == {"bonn/a_labelIds.png", "ulm/a_labelIds.png"}


def test_a_folder_is_searched_for_label_folders_and_their_instances(tmp_path, scene, render, exact):
    for name, write, values in (
        ("val_label", write_label_map, scene.label_map),
        ("val_inst", write_instance_map, scene.instance_map),
    ):
        (tmp_path / "data" / name).mkdir(parents=True)
        write(tmp_path / "data" / name / "1.png", values)
    assert render(tmp_path / "data", "-o", tmp_path / "out") == 0
    assert files(tmp_path / "out") == {"val_label/1.png"}
    picture = read_picture(tmp_path / "out" / "val_label" / "1.png")
    assert np.array_equal(picture, exact.picture(scene))


def test_an_instance_map_can_be_named(tmp_path, scene, render, exact):
    write_label_map(tmp_path / "labels.png", scene.label_map)
    write_instance_map(tmp_path / "objects.png", scene.instance_map)
    output = tmp_path / "out.png"
    given = [tmp_path / "labels.png", "--instances", tmp_path / "objects.png", "-o", output]
    assert render(*given) == 0
    assert np.array_equal(read_picture(output), exact.picture(scene))


def test_styles_come_from_a_file_and_the_rest_from_the_seed(
    tmp_path, maps, scene, render, checkpoint
):
    cars = [int(key) for key in np.unique(scene.instance_map) if key >= 1000]
    assert len(cars) >= 2
    content = {str(cars[0]): {"cluster": 1}, str(cars[1]): {"vector": [1, 0.5, -1]}}
    (tmp_path / "styles.json").write_text(json.dumps(content))
    output = tmp_path / "out.png"
    given = ["--styles", tmp_path / "styles.json", "--style-seed", 9, "-o", output]
    assert render(maps, *given) == 0
    styles = {
        cars[0]: checkpoint.style_book.style(CAR, 1),
        cars[1]: Style((1.0, 0.5, -1.0)),
    }
    expected = Engine(checkpoint, "cpu", "float32", style_seed=9)
    assert np.array_equal(read_picture(output), expected.picture(blocks(40, 56, styles=styles)))


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "[1, 2]",
        '{"car": {"cluster": 0}}',
        '{"26001": 3}',
        '{"26001": {"cluster": 99}}',
        '{"26001": {"cluster": -1}}',
        '{"26001": {"cluster": "x"}}',
        '{"7": {"cluster": 0}}',
        '{"26001": {"vector": [1, 2]}}',
        '{"26001": {"vector": [1, 2, NaN]}}',
        '{"26001": {"vector": null}}',
        '{"26001": {"color": "red"}}',
    ],
)
def test_bad_styles_are_refused_by_name(tmp_path, maps, render, capsys, content):
    (tmp_path / "styles.json").write_text(content)
    given = ["--styles", tmp_path / "styles.json", "-o", tmp_path / "out.png"]
    assert render(maps, *given) == 2
    assert "styles.json" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def test_one_bad_map_of_many_is_refused_before_anything_is_written(tmp_path, maps, render, capsys):
    bad = tmp_path / "bad_labelIds.png"
    write_label_map(bad, np.full((16, 16), 200, np.uint8))
    assert render(maps, bad, "-o", tmp_path / "out") == 2
    assert "bad_labelIds.png" in capsys.readouterr().err
    assert files(tmp_path / "out") == set()


@pytest.mark.parametrize(
    ("labels", "rest", "word"),
    [
        (["missing.png"], ["-o", "out.png"], "missing.png"),
        (["maps"], ["--instances", "x.png", "-o", "out"], "--instances"),
        (["maps"], ["-o", "out.png"], "folder"),
        (["maps/a_labelIds.png"], ["-o", "out.webp"], "out.webp"),
        (["maps/a_labelIds.png"], ["-o", "maps/a_labelIds.png"], "to read"),
        (["maps/a_labelIds.png"], ["-o", "maps"], "to read"),
        (["maps", "maps/a_labelIds.png"], ["-o", "out"], "both become"),
        (["empty"], ["-o", "out"], "empty"),
    ],
)
@pytest.mark.usefixtures("maps")
def test_bad_input_is_refused_in_one_sentence(
    tmp_path, monkeypatch, render, capsys, labels, rest, word
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}
    assert render(*labels, *rest) == 2
    error = capsys.readouterr().err
    assert word in error
    assert error.count("\n") == 1
    assert {name: (tmp_path / name).read_bytes() for name in files(tmp_path)} == before


def test_a_missing_device_is_refused(tmp_path, maps, checkpoint_folder, capsys):
    given = ["--checkpoint", str(checkpoint_folder), "--device", "tpu", "-o"]
    assert main.main(["render", str(maps), *given, str(tmp_path / "out.png")]) == 2
    assert "tpu" in capsys.readouterr().err


def test_progress_goes_to_stderr_and_quiet_turns_it_off(
    tmp_path, maps, checkpoint_folder, render, capsys
):
    other = write_maps(tmp_path / "more", "b", blocks(32, 32, seed=3))
    assert render(maps, other, "-o", tmp_path / "out") == 0
    assert capsys.readouterr() == ("", "")
    given = ["--checkpoint", str(checkpoint_folder), "--device", "cpu", "-o"]
    assert main.main(["render", str(maps), str(other), *given, str(tmp_path / "out")]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "2/2" in captured.err


@pytest.fixture
def project(tmp_path, scene):
    styled = blocks(40, 56, styles={26001: Style((1.0, 2.0, 0.0))})
    path = tmp_path / "street.labelbrush"
    save_project(path, ProjectFile(styled, None, style_seed=4))
    return path


def test_a_project_is_drawn_with_its_styles_and_seed(tmp_path, project, render, checkpoint):
    assert render(project, "-o", tmp_path / "out", command="replay") == 0
    assert files(tmp_path / "out") == {"street.png"}
    engine = Engine(checkpoint, "cpu", "float32", style_seed=4)
    expected = engine.picture(blocks(40, 56, styles={26001: Style((1.0, 2.0, 0.0))}))
    assert np.array_equal(read_picture(tmp_path / "out" / "street.png"), expected)


def test_a_project_with_its_earlier_state_gives_both_pictures(tmp_path, scene, render, exact):
    earlier = blocks(40, 56, seed=8)
    path = tmp_path / "street.labelbrush"
    save_project(path, ProjectFile(scene, None, 0, earlier))
    output = tmp_path / "out" / "after.png"
    assert render(path, "-o", output, command="replay") == 0
    assert files(tmp_path / "out") == {"after.png", "after_before.png"}
    assert np.array_equal(read_picture(output), exact.picture(scene))
    before = read_picture(output.with_name("after_before.png"))
    assert np.array_equal(before, exact.picture(earlier))


def test_every_step_of_a_projects_history_is_a_picture(tmp_path, scene, render, exact, capsys):
    document = Document(scene)
    for label in (26, 21):
        with document.edit("Paint"):
            document.paint(document.bounds, np.tri(40, 56, dtype=np.bool_), label, label)
    path = tmp_path / "street.labelbrush"
    save_project(path, ProjectFile(document.snapshot(), edits=tuple(document.history.edits)))
    assert render(path, "-o", tmp_path / "out", "--every", command="replay") == 0
    assert files(tmp_path / "out") == {f"street_{number:03d}.png" for number in range(3)}
    for number in (2, 1, 0):
        shown = read_picture(tmp_path / "out" / f"street_{number:03d}.png")
        assert np.array_equal(shown, exact.picture(document.snapshot()))
        document.undo()
    assert render(path, "-o", tmp_path / "one.png", "--every", command="replay") == 2
    save_project(path, ProjectFile(scene))
    assert render(path, "-o", tmp_path / "more", "--every", command="replay") == 2
    assert "holds no history" in capsys.readouterr().err
    assert not (tmp_path / "more").exists()


def test_of_a_file_with_several_pictures_the_one_is_named(tmp_path, scene, render, exact, capsys):
    path = tmp_path / "set_panoptic.json"
    pictures = [("left.png", scene), ("right.png", blocks(40, 56, seed=8))]
    write_json(path, description(scene.schema, pictures))
    for name, each in pictures:
        write_png(tmp_path / name, segment_picture(each))
    assert render(path, "-o", tmp_path / "out.png") == 2
    assert "2 pictures (left.png, right.png)" in capsys.readouterr().err
    assert render(path, "--picture", "right.png", "-o", tmp_path / "out.png") == 0
    expected = exact.picture(pictures[1][1])
    assert np.array_equal(read_picture(tmp_path / "out.png"), expected)


def test_a_project_names_its_checkpoint(tmp_path, scene, checkpoint_folder, exact):
    path = tmp_path / "street.labelbrush"
    save_project(path, ProjectFile(scene, str(checkpoint_folder)))
    output = tmp_path / "out.png"
    given = ["--device", "cpu", "--precision", "float32", "-o", str(output)]
    assert main.main(["replay", str(path), *given]) == 0
    assert np.array_equal(read_picture(output), exact.picture(scene))


@pytest.mark.parametrize("name", ["missing.labelbrush", "broken.labelbrush"])
def test_a_project_that_cannot_be_read_is_refused(tmp_path, render, capsys, name):
    (tmp_path / "broken.labelbrush").write_bytes(b"no zip")
    assert render(tmp_path / name, "-o", tmp_path / "out.png", command="replay") == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def test_a_preview_is_the_scene_at_half_its_size_enlarged(tmp_path, maps, scene, render, exact):
    assert render(maps, "--preview", "-o", tmp_path / "quick.png") == 0
    quick = read_picture(tmp_path / "quick.png")
    small = Scene(scene.schema, scene.label_map[1::2, 1::2], scene.instance_map[1::2, 1::2])
    assert quick.shape == (40, 56, 3)
    height, width = small.size
    enlarged = cv2.resize(exact.picture(small), (2 * width, 2 * height))
    assert np.array_equal(quick, enlarged)
