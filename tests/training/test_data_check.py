from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from main import main
from model.training.config import Stage, TrainingConfig
from model.training.data_check import check_data, held_out_phase
from tests.training.conftest import TINY


@pytest.fixture
def copied(streets_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(streets_data, tmp_path / "data"))


def first(folder: Path) -> Path:
    return sorted(folder.iterdir())[0]


def spoil(data: Path) -> dict[str, str]:
    """Damage a copy in every way that the check knows; file name -> word of the message."""
    label, picture, instance = (data / f"train_{part}" for part in ("label", "img", "inst"))
    files = sorted(label.iterdir())
    Image.open(files[0]).convert("RGB").save(files[0])
    ids = np.array(Image.open(files[1]))
    ids[:9] = 250
    Image.fromarray(ids).save(files[1])
    other = sorted(instance.iterdir())
    shutil.copy(other[0], other[2])  # the instances of another frame
    small = sorted(picture.iterdir())[3]
    Image.open(small).resize((100, 50)).save(small)
    cut = first(picture)
    cut.write_bytes(b"no picture")
    lonely = picture / "lonely_leftImg8bit.png"
    shutil.copy(small, lonely)
    expected = {files[0].name: "colour", files[1].name: "250", other[2].name: "another label"}
    return expected | {small.name: "100x50", cut.name: "picture", lonely.name: "no partner"}


def test_every_problem_is_reported_with_its_file(copied: Path, tiny_config: TrainingConfig) -> None:
    expected = spoil(copied)
    _, problems = check_data(copied, tiny_config)
    found = {problem.file.name: problem.what for problem in problems if problem.refused}
    assert expected.keys() <= found.keys()
    for name, word in expected.items():
        assert word in found[name]


def test_sound_data_has_no_problems(streets_data: Path, tiny_config: TrainingConfig) -> None:
    assert check_data(streets_data, tiny_config) == (4, [])


def test_real_cityscapes_maps_have_no_problems(
    cityscapes_folder: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    for part, ending in (("label", "labelIds"), ("inst", "instanceIds")):
        (tmp_path / f"train_{part}").mkdir()
        for path in cityscapes_folder.glob(f"*{ending}.png"):
            shutil.copy(path, tmp_path / f"train_{part}")
    (tmp_path / "train_img").mkdir()
    for path in (tmp_path / "train_label").iterdir():
        name = path.name.replace("gtFine_labelIds", "leftImg8bit")
        Image.new("RGB", (2048, 1024)).save(tmp_path / "train_img" / name)
    frames, problems = check_data(tmp_path, tiny_config)
    assert frames == 5 and not problems


def test_frames_that_are_too_small_or_cut_are_named(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    options = tiny_config.generator_options | {"global_downsamples": 6}
    config = replace(tiny_config, generator_options=options, stages=(Stage(),))
    _, problems = check_data(streets_data, config)
    assert len(problems) == 4 and all("128" in problem.what for problem in problems)
    config = replace(tiny_config, generator_options=options, stages=(Stage(crop=(64, 64)),))
    assert all(problem.refused for problem in check_data(streets_data, config)[1])


def test_a_wrongly_paired_test_set_is_reported_before_the_first_step(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(copied / "train_img", copied / "test_img")
    (tmp_path / "tiny.toml").write_text(TINY)
    words = ["train", str(copied), "--config", str(tmp_path / "tiny.toml"), "--quiet"]
    assert held_out_phase(copied, rgb=False) == "test"
    assert main([*words, "--out", str(tmp_path / "run"), "--device", "cpu"]) == 2
    said = capsys.readouterr().err
    assert "test_label/" in said and "test_img/" in said and "listed above" in said
    assert not (tmp_path / "run" / "state.pt").exists()


def test_a_test_set_without_pictures_is_none(streets_data: Path) -> None:
    assert held_out_phase(streets_data, rgb=False) is None


def test_frames_found_good_are_not_read_again_until_they_change(
    copied: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    record = tmp_path / "checked.json"
    assert check_data(copied, tiny_config, record=record) == (4, [])
    path = first(copied / "train_label")
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(b"x" * len(content))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # nothing tells that it changed
    assert check_data(copied, tiny_config, record=record) == (4, [])
    os.utime(path)
    assert len(check_data(copied, tiny_config, record=record)[1]) == 1
    assert len(json.loads(record.read_text())["good"]) == 4


def test_check_says_what_a_step_takes_and_writes_nothing(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tiny.toml").write_text(TINY)
    words = ["train", "--check", str(copied), "--config", str(tmp_path / "tiny.toml"), "--quiet"]
    before = sorted(tmp_path.rglob("*"))
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "4 frames" in said and "stage 2 (all), batches of 1 of 64x64" in said
    assert sorted(tmp_path.rglob("*")) == before
    spoil(copied)
    assert main(words) == 2
    assert "refused" in capsys.readouterr().err
