"""Training of a judge: crops, steps that lower the loss, exact resuming."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from model.device import Target
from model.errors import InputError
from model.evaluation.fit_judge import NOT_JUDGED, FitConfig, JudgeTraining, TrueCrops, overlap_loss
from model.evaluation.judge import JudgeConfig, judged_labels
from model.scene.frame_files import find_frames
from model.training.interrupts import Interrupts
from tests.evaluation.conftest import SCHEMA

DATA = Path(__file__).parents[1] / "golden" / "datasets" / "cityscapes_small"
CPU = Target(torch.device("cpu"), "float32")
JUDGE = JudgeConfig(judged_labels(SCHEMA), height=64, channels=8)
HOW = FitConfig(steps=6, batch=2, crop_height=32, crop_width=32)


@pytest.fixture
def crops() -> TrueCrops:
    return TrueCrops(find_frames(DATA, "train", rgb=False), SCHEMA, JUDGE, HOW)


def train(training, crops, folder, steps):
    while training.step < steps:
        training.one_step(*crops.batch(training.step))
    training.save(folder, Interrupts())


def test_crops_are_a_function_of_seed_and_step(crops):
    again = TrueCrops(find_frames(DATA, "train", rgb=False), SCHEMA, JUDGE, HOW)
    for step in (5, 0):
        ours, theirs = crops.batch(step), again.batch(step)
        assert (ours[0] == theirs[0]).all()
        assert (ours[1] == theirs[1]).all()
    assert (crops.batch(0)[0] != crops.batch(1)[0]).any()
    pictures, targets = crops.batch(0)
    assert pictures.shape == (2, 3, 32, 32)
    assert (pictures.min() >= 0) & (pictures.max() <= 1)
    assert targets.shape == (2, 32, 32)
    assert set(targets.unique().tolist()) <= {*range(19), NOT_JUDGED}


def test_crops_too_large_for_the_frames_are_refused():
    large = replace(HOW, crop_height=256, crop_width=512)
    crops = TrueCrops(find_frames(DATA, "train", rgb=False), SCHEMA, JUDGE, large)
    with pytest.raises(InputError, match="too small for crops of 512x256"):
        crops.batch(0)


def test_a_resumed_training_equals_an_unbroken_one(crops, tmp_path):
    whole = JudgeTraining(JUDGE, HOW, CPU)
    train(whole, crops, tmp_path / "whole", 4)
    train(JudgeTraining(JUDGE, HOW, CPU), crops, tmp_path / "broken", 2)
    resumed = JudgeTraining.resume(tmp_path / "broken", CPU, None)
    assert resumed.step == 2
    train(resumed, crops, tmp_path / "broken", 4)
    theirs = resumed.network.state_dict()
    assert all((value == theirs[name]).all() for name, value in whole.network.state_dict().items())
    assert JudgeTraining.resume(tmp_path / "broken", CPU, 9).how.steps == 9


def test_half_of_the_crops_show_a_label_drawn_evenly(tmp_path):
    """Of twelve frames of road one has a truck, in a corner: an even draw has it in a quarter."""
    for part in ("train_label", "train_img"):
        (tmp_path / part).mkdir()
    for number in range(12):
        labels = np.full((128, 128), 7, np.uint8)
        if not number:
            labels[:24, :24] = 27
        cv2.imwrite(str(tmp_path / "train_label" / f"s_{number}_gtFine_labelIds.png"), labels)
        picture = tmp_path / "train_img" / f"s_{number}_leftImg8bit.png"
        cv2.imwrite(str(picture), np.zeros((128, 128, 3), np.uint8))
    judge = replace(JUDGE, height=128)
    crops = TrueCrops(find_frames(tmp_path, "train", rgb=False), SCHEMA, judge, HOW)
    truck = judge.labels.index(27)
    shown = [bool((each == truck).any()) for step in range(60) for each in crops.batch(step)[1]]
    assert 0.15 < np.mean(shown) < 0.35


def test_the_overlap_is_that_of_a_count_for_every_label():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(4), 50)
    targets = rng.integers(0, 3, 50)  # label 3 does not occur
    found = []
    for label in range(3):
        wanted = targets == label
        both = probabilities[wanted, label].sum()
        found.append(1 - 2 * both / (probabilities[:, label].sum() + wanted.sum()))
    ours = overlap_loss(torch.tensor(probabilities), torch.tensor(targets))
    assert float(ours) == pytest.approx(np.mean(found))


def test_what_is_no_state_is_refused(tmp_path):
    with pytest.raises(InputError, match="start without --resume"):
        JudgeTraining.resume(tmp_path, CPU, None)
    torch.save({"step": 1}, tmp_path / "state.pt")
    with pytest.raises(InputError, match="damaged"):
        JudgeTraining.resume(tmp_path, CPU, None)


def test_the_judge_learns_what_it_is_shown(crops):
    training = JudgeTraining(JUDGE, replace(HOW, steps=100, rate=1e-2), CPU)
    batch = crops.batch(0)
    losses = [training.one_step(*batch) for _ in range(30)]
    assert losses[-1] < 0.6 * losses[0]


def test_pixels_without_a_label_teach_nothing():
    training = JudgeTraining(JUDGE, HOW, CPU)
    nothing = torch.full((2, 32, 32), NOT_JUDGED)
    assert training.one_step(torch.zeros(2, 3, 32, 32), nothing) == 0
    assert all(math.isfinite(float(p.sum())) for p in training.network.state_dict().values())
    assert np.isfinite(training.one_step(torch.zeros(2, 3, 32, 32), nothing - NOT_JUDGED))
