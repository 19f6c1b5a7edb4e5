"""Edges: what is drawn of a picture, and the data set that is trained on."""

from __future__ import annotations

import numpy as np
import pytest

from main import main
from model.formats.edges import HELD_OUT, INK, PAPER, draw_edges
from model.scene.maps import (
    read_instance_map,
    read_label_map,
    read_picture,
    write_instance_map,
    write_label_map,
    write_picture,
)

SIZE = 64, 128
CONFIG = """
base = "slim-edges"
[generator_options]
base_channels = 2
global_downsamples = 2
global_blocks = 1
local_blocks = 1
max_channels = 8
[discriminator_options]
base_channels = 2
scales = 2
"""


@pytest.fixture
def window_in_a_wall() -> tuple[np.ndarray, np.ndarray]:
    """A wall beside the sky, and a dark window that only the picture knows of."""
    picture = np.full((*SIZE, 3), (200, 190, 180), np.uint8)
    picture[:, :40] = (120, 170, 220)
    picture[20:44, 70:100] = 30
    instances = np.full(SIZE, 11, np.int32)
    instances[:, :40] = 23
    return picture, instances


def ink(drawing) -> np.ndarray:
    assert set(np.unique(drawing)) <= {INK, PAPER} and drawing.shape == (*SIZE, 3)
    return drawing[..., 0] == INK


def test_outlines_of_objects_and_edges_inside_them_are_drawn(window_in_a_wall):
    drawn = ink(draw_edges(*window_in_a_wall))
    assert drawn[:, 39:41].all()
    assert drawn[22:42, 67:73].any(axis=1).all() and drawn[17:23, 72:98].any(axis=0).all()
    drawn[:, 37:43] = drawn[16:48, 66:104] = False
    assert not drawn.any()


def test_an_edge_of_the_picture_beside_an_outline_is_not_drawn_twice(window_in_a_wall):
    picture, instances = window_in_a_wall
    twice = ink(draw_edges(np.roll(picture, 1, axis=1), instances))
    assert twice[30, 35:45].sum() == 2


def test_without_maps_the_pictures_edges_are_drawn_alone(window_in_a_wall):
    drawn = ink(draw_edges(window_in_a_wall[0], None))
    assert drawn[:, 37:43].any(axis=1).all()


def test_grain_is_not_drawn(window_in_a_wall):
    picture, instances = window_in_a_wall
    grain = np.random.default_rng(0).integers(-25, 25, picture.shape)
    noisy = np.clip(picture.astype(int) + grain, 0, 255).astype(np.uint8)
    more = ink(draw_edges(noisy, instances)) & ~ink(draw_edges(picture, instances))
    more[16:48, 66:104] = more[:, 37:43] = False
    assert not more.any()


@pytest.fixture
def frames(tmp_path, window_in_a_wall):
    """A data folder with two frames to train on and one held out."""
    picture, instances = window_in_a_wall
    for phase, key in (("train", "a"), ("train", "b"), ("test", "c")):
        for part in ("label", "inst", "img"):
            (tmp_path / "data" / f"{phase}_{part}").mkdir(parents=True, exist_ok=True)
        place = tmp_path / "data"
        write_picture(place / f"{phase}_img" / f"{key}_leftImg8bit.png", picture)
        write_label_map(
            place / f"{phase}_label" / f"{key}_gtFine_labelIds.png", instances.astype(np.uint8)
        )
        write_instance_map(place / f"{phase}_inst" / f"{key}_gtFine_instanceIds.png", instances)
    return tmp_path / "data"


def test_a_data_folder_becomes_pairs_of_its_parts(frames, tmp_path, window_in_a_wall):
    out = tmp_path / "edges"
    assert main(["edges", str(frames), str(out), "--height", "64", "--quiet"]) == 0
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*.png"))
    assert files == sorted(
        f"{phase}_{part}/{key}.png"
        for phase, key in (("train", "a"), ("train", "b"), ("test", "c"))
        for part in ("A", "B", "label", "inst")
    )
    picture, instances = window_in_a_wall
    assert np.array_equal(read_picture(out / "test_B/c.png"), picture)
    assert np.array_equal(read_picture(out / "test_A/c.png"), draw_edges(picture, instances))
    assert np.array_equal(read_label_map(out / "test_label/c.png"), instances)


def test_maps_are_reduced_without_mixing_ids(frames, tmp_path):
    out = tmp_path / "edges"
    assert main(["edges", str(frames), str(out), "--height", "32", "--quiet"]) == 0
    assert set(np.unique(read_instance_map(out / "train_inst/a.png"))) == {11, 23}
    assert read_picture(out / "train_B/a.png").shape == (32, 64, 3)


def test_of_any_other_folder_some_pictures_are_held_out(tmp_path, window_in_a_wall, capsys):
    (tmp_path / "photos").mkdir()
    for number in range(2 * HELD_OUT):
        write_picture(tmp_path / "photos" / f"{number:02}.jpg", window_in_a_wall[0])
    args = ["edges", str(tmp_path / "photos"), str(tmp_path / "out"), "--height", "64", "--quiet"]
    assert main(args) == 0
    assert "14 pairs to train on and 2 held out" in capsys.readouterr().out
    assert len(list((tmp_path / "out" / "test_A").iterdir())) == 2
    assert not (tmp_path / "out" / "train_label").exists()


def test_drawing_goes_on_where_it_was_interrupted(frames, tmp_path):
    out = tmp_path / "edges"
    args = ["edges", str(frames), str(out), "--height", "64", "--quiet"]
    main(args)
    (out / "train_A/a.png").unlink()
    before = (out / "train_A/b.png").stat().st_mtime_ns
    main(args)
    assert (out / "train_A/a.png").exists()
    assert (out / "train_A/b.png").stat().st_mtime_ns == before


def test_what_cannot_be_drawn_is_refused(tmp_path, frames, capsys):
    assert main(["edges", str(tmp_path / "none"), str(tmp_path / "out")]) == 2
    assert main(["edges", str(frames), str(frames)]) == 2
    assert main(["edges", str(frames), str(tmp_path / "out"), "--height", "0"]) == 2
    write_picture(frames / "train_img" / "a_leftImg8bit.png", np.zeros((32, 32, 3), np.uint8))
    assert main(["edges", str(frames), str(tmp_path / "out"), "--quiet"]) == 2
    assert "differ in size" in capsys.readouterr().err


def test_the_preset_trains_on_pairs_and_its_checkpoint_draws(frames, tmp_path):
    out, run = tmp_path / "edges", tmp_path / "run"
    (tmp_path / "config.toml").write_text(CONFIG)
    main(["edges", str(frames), str(out), "--height", "64", "--quiet"])
    config = ["--config", str(tmp_path / "config.toml"), "--device", "cpu", "--quiet"]
    words = ["stages.0.steps=2", "stages.0.crop=[64,64]"]
    assert main(["train", str(out), "--out", str(run), *config, *words]) == 0
    drawn = str(out / "test_A" / "c.png")
    args = ["--checkpoint", str(run / "checkpoint"), "-o", str(tmp_path / "c.png")]
    target = ["--device", "cpu", "--precision", "float32", "--quiet"]
    assert main(["render", drawn, *args, *target]) == 0
    assert read_picture(tmp_path / "c.png").shape == (*SIZE, 3)
