"""`evaluate`: figures on made-up features, sheets, and the command on what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from main import main
from model.evaluation.crude import crude_scene
from model.evaluation.sheets import THUMBNAIL_HEIGHT
from model.evaluation.styles import LARGE_PIXELS, _agreement, explained, far_apart, table
from model.scene.export import GAP
from model.scene.frame_files import find_frames
from model.scene.labels import label_of, load_schema
from model.scene.maps import read_picture


def test_clusters_that_are_the_modes_agree_fully_and_shuffled_ones_do_not():
    modes = ["brick", "glass", "plaster"] * 20
    clusters, lights = [modes.index(mode) for mode in modes], ["sun"] * 30 + ["dusk"] * 30
    rows = (np.array(column) for column in (modes, clusters, lights, [300] * 60))
    found = _agreement(*rows)
    assert found.ami == pytest.approx(1)
    assert abs(found.shuffled) < 0.05
    assert abs(found.light) < 0.1
    assert found.large == 0 and found.large_ami is None


def test_large_instances_are_also_counted_alone():
    modes = np.array(["brick", "glass"] * 40)
    pixels = np.array([LARGE_PIXELS] * 40 + [LARGE_PIXELS - 1] * 40)
    clusters = np.where(pixels >= LARGE_PIXELS, modes == "brick", 0)
    found = _agreement(modes, clusters, modes, pixels)
    assert (found.instances, found.large) == (80, 40)
    assert found.ami < 0.5
    assert found.large_ami == pytest.approx(1)
    shown = table({11: found}, {}, {11: "building"}).splitlines()
    assert [line.count("|") for line in shown] == [16] * 3
    assert "| 40 | 1.00 | - |" in shown[2]


def test_consistency_is_the_share_that_clusters_explain():
    rng = np.random.default_rng(0)
    clusters = np.array([[0.0], [100.0], [200.0]])
    alike = np.repeat(clusters[None], 5, axis=0)
    assert explained(alike) == pytest.approx(1)
    assert explained(rng.normal(size=(500, 3, 1))) < 0.05


def test_clusters_far_apart_are_taken_the_largest_first():
    assert far_apart(np.array([[0.0], [0.1], [5.0], [-3.0]]), 3) == [0, 2, 3]
    assert far_apart(np.array([[1.0]]), 3) == [0]


def test_frames_without_true_modes_are_refused_in_one_sentence(capsys):
    data = "tests/golden/datasets/cityscapes_small"
    assert (
        main(["evaluate", "styles", "checkpoints/streets", data, "--phase", "train", "--quiet"])
        == 2
    )
    assert "main.py streets" in capsys.readouterr().err


def test_a_crude_scene_holds_a_street_and_keeps_the_rules_of_instances():
    schema = load_schema("cityscapes")
    scenes = [crude_scene(schema, seed, (256, 512)) for seed in range(3)]
    for scene in scenes:
        names = {schema.by_id(label).name for label in np.unique(scene.label_map).tolist()}
        assert {"road", "sidewalk", "building", "sky"} <= names
        counted = scene.instance_map >= 1000
        assert (label_of(scene.instance_map) == scene.label_map).all()
        assert counted.any()
    again = crude_scene(schema, 2, (256, 512))
    assert (again.instance_map == scenes[2].instance_map).all()
    assert (again.label_map != scenes[1].label_map).any()


def test_sheets_show_what_the_engine_paints_beside_the_truth(tmp_path):
    arguments = ["evaluate", "sheets", "checkpoints/streets", "--frames", "2", "--kinds", "true"]
    assert main([*arguments, "--quiet", "-o", str(tmp_path)]) == 0
    written = sorted(path.name for path in (tmp_path / "true").iterdir())
    assert len(written) == 2
    sheet = read_picture(tmp_path / "true" / written[0])
    files = find_frames(Path("assets/streets"), "train", rgb=False)[0]
    truth = read_picture(files.picture)
    assert sheet.shape == (truth.shape[0], 3 * truth.shape[1] + 2 * GAP, 3)
    shown = sheet[:, -truth.shape[1] :].astype(int)
    assert abs(shown - truth).mean() < 4  # JPEG
    painted = sheet[:, truth.shape[1] + GAP : 2 * truth.shape[1] + GAP].astype(int)
    assert 4 < abs(painted - truth).mean() < 64  # in the true styles, so of the same colours
    assert read_picture(tmp_path / "true.jpg").shape[0] == THUMBNAIL_HEIGHT + 8
