"""`evaluate fit-judge` and `evaluate CHECKPOINT DATA --judge J` on tiny networks and frames."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from main import main
from model.checkpoint import save_checkpoint
from model.conditioning import ConditioningConfig
from model.evaluation.command import with_kind
from model.evaluation.fit_judge import rate_at
from model.evaluation.judge import WEIGHTS, JudgeConfig, build_network, judged_labels, save_judge
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.scene.maps import read_picture
from model.styles.book import StyleBook
from tests.evaluation.conftest import SCHEMA

DATA = Path(__file__).parents[1] / "golden" / "datasets" / "cityscapes_small"
FIT = ["evaluate", "fit-judge", str(DATA), "--height", "64", "--crop", "32x32", "--batch", "2"]
FIT += ["--quiet", "--device", "cpu", "--precision", "float32"]


@pytest.fixture(scope="module")
def judge(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("judges") / "tiny"
    torch.manual_seed(1)
    config = JudgeConfig(judged_labels(SCHEMA), height=64, channels=8)
    save_judge(folder, build_network(config), config, {})
    return folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    """Random weights, an encoder, and styles for cars."""
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    torch.manual_seed(2)
    conditioning = ConditioningConfig(feature_channels=3)
    config = GlobalGeneratorConfig(
        conditioning.input_channels, base_channels=4, downsamples=2, blocks=1
    )
    encoder = EncoderConfig(base_channels=2, downsamples=2)
    centers = np.random.default_rng(1).uniform(-2, 2, (2, 3)).astype(np.float32)
    save_checkpoint(
        folder,
        generator=GlobalGenerator(config),
        generator_name="global",
        generator_config=config,
        conditioning=conditioning,
        schema_name=SCHEMA.name,
        encoder=Encoder(encoder),
        encoder_config=encoder,
        style_book=StyleBook({26: centers}, {26: np.array([2, 1])}),
        dtype=torch.float32,
    )
    return folder


def judging(checkpoint, judge, *more) -> list[str]:
    words = ["evaluate", str(checkpoint), str(DATA), "--judge", str(judge), "--quiet"]
    return [*words, "--device", "cpu", "--precision", "float32", *map(str, more)]


def test_a_word_that_is_no_kind_is_a_checkpoint():
    assert with_kind(["styles", "C"]) == ["styles", "C"]
    assert with_kind(["--help"]) == ["--help"]
    assert with_kind(["C", "D"]) == ["checkpoint", "C", "D"]
    assert with_kind(["--judge", "J", "C", "D"])[0] == "checkpoint"


def test_figures_are_printed_and_written_and_frames_drawn(checkpoint, judge, tmp_path, capsys):
    file, sheet = tmp_path / "figures.json", tmp_path / "sheet.png"
    assert main(judging(checkpoint, judge, "--json", file, "--sheet", sheet)) == 0
    shown = capsys.readouterr().out
    content = json.loads(file.read_text())
    assert content["data"]["frames"] == 4
    assert content["data"]["phase"] == "train"  # the test part has no pictures
    assert set(content["pictures"]) == {"true", "generated", "encoded"}
    for figures in content["pictures"].values():
        assert 0 <= figures["mean_iou"] <= figures["class_accuracy"] <= 1
    assert f"{content['pictures']['generated']['mean_iou']:.4f}" in shown
    assert content["diversity"]["pairs"] == 4
    assert content["diversity"]["l1"] > 0  # cars differ
    assert read_picture(sheet).shape[0] == 4 * (256 + 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.json", "sheet.png"]


@pytest.fixture
def measured_keys(monkeypatch) -> list[str]:
    """Keys of the frames that are measured from now on; the third is interrupted."""
    from model.evaluation import figures

    measure, calls = figures.measure, []

    def interrupted(*arguments):
        calls.append(arguments[0].key)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return measure(*arguments)

    monkeypatch.setattr(figures, "measure", interrupted)
    return calls


def test_an_interrupted_evaluation_goes_on_and_ends_the_same(
    checkpoint, judge, tmp_path, request, capsys
):
    whole, resumed = tmp_path / "whole.json", tmp_path / "resumed.json"
    assert main(judging(checkpoint, judge, "--json", whole)) == 0
    calls = request.getfixturevalue("measured_keys")
    assert main(judging(checkpoint, judge, "--json", resumed)) == 130
    assert not resumed.exists()
    assert main(judging(checkpoint, judge, "--json", resumed)) == 0
    assert len(calls) == 5  # four frames, one of them twice
    assert json.loads(resumed.read_text()) == json.loads(whole.read_text())
    assert not resumed.with_suffix(".frames").exists()


def test_frames_of_a_checkpoint_that_is_told_otherwise_are_measured_anew(
    checkpoint, judge, tmp_path, measured_keys
):
    copied, file = tmp_path / "copied", tmp_path / "figures.json"
    shutil.copytree(checkpoint, copied)
    assert main(judging(copied, judge, "--json", file)) == 130
    description = json.loads((copied / "checkpoint.json").read_text())
    description["conditioning"]["unstyled"] = [26]  # the weights stay
    (copied / "checkpoint.json").write_text(json.dumps(description))
    assert main(judging(copied, judge, "--json", file)) == 0
    assert len(measured_keys) == 3 + 4


def test_frames_and_draws_can_be_fewer(checkpoint, judge, tmp_path):
    file = tmp_path / "figures.json"
    words = judging(checkpoint, judge, "--json", file, "--frames", 2, "--draws", 1)
    assert main(words) == 0
    content = json.loads(file.read_text())
    assert len(content["frames"]) == 2
    assert content["diversity"] is None
    assert main(judging(checkpoint, judge, "--draws", 0)) == 2


def test_what_cannot_be_judged_is_refused(checkpoint, judge, tmp_path, capsys):
    assert main(judging(checkpoint, tmp_path)) == 2
    assert "is no judge" in capsys.readouterr().err
    assert main(judging(tmp_path, judge)) == 2
    assert main(["evaluate", str(checkpoint), str(tmp_path), "--judge", str(judge)]) == 2


def test_a_judge_learns_and_resumes_to_the_same_weights(tmp_path, capsys):
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    assert main([*FIT, "--out", str(whole), "--steps", "4"]) == 0
    assert "nothing says how good" in capsys.readouterr().out
    assert main([*FIT, "--out", str(halves), "--steps", "4", "--minutes", "0"]) == 0
    assert "0 of 4 steps" in capsys.readouterr().out
    assert main([*FIT, "--out", str(halves), "--steps", "4"]) == 0  # nothing was saved yet
    assert (whole / WEIGHTS).read_bytes() == (halves / WEIGHTS).read_bytes()
    assert not (whole / "state.pt").exists()
    assert main([*FIT, "--out", str(whole)]) == 2
    assert "holds a judge" in capsys.readouterr().err


def test_the_rate_rises_stays_and_falls():
    rates = [rate_at(step, 1000) for step in range(1000)]
    assert rates[0] == pytest.approx(0.02)
    assert set(rates[60:500]) == {1.0}
    assert rates[750] == pytest.approx(0.5)
    assert 0 < rates[-1] < 0.01
    assert all(0 < rate_at(step, 3) <= 1 for step in range(3))
