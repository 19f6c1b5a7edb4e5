"""Judges: what they are shown, what is read from their answers, and which files are refused."""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch

from model.device import Target
from model.errors import InputError
from model.evaluation.extra import library
from model.evaluation.judge import (
    NETWORKS,
    JudgeConfig,
    build_network,
    judged_labels,
    load_judge,
    save_judge,
)
from model.evaluation.open_judge import open_judge
from model.scene.labels import load_schema
from tests.evaluation.conftest import SCHEMA
from tests.evaluation.onnx_file import convolution

CPU = Target(torch.device("cpu"), "float32")
SMALL = JudgeConfig([7, 11, 23], height=32, depth=3, channels=8)


def test_of_cityscapes_the_labels_of_the_benchmark_count_and_of_others_all():
    names = [SCHEMA.by_id(label).name for label in judged_labels(SCHEMA)]
    assert len(names) == 19
    assert (names[0], names[-1]) == ("road", "bicycle")
    edges = load_schema("edges")
    assert judged_labels(edges) == list(edges.ids)


def test_a_judge_sees_pictures_at_its_height_and_answers_for_every_pixel(tmp_path):
    torch.manual_seed(0)
    save_judge(tmp_path / "judge", build_network(SMALL), SMALL, {"steps": 0})
    judge = load_judge(tmp_path / "judge", CPU)
    assert (judge.config, judge.name) == (SMALL, "judge")
    picture = np.random.default_rng(0).integers(0, 256, (64, 144, 3), dtype=np.uint8)
    look = judge.look(picture)
    assert look.prediction.shape == (32, 72)
    assert set(look.prediction.unique().tolist()) <= {0, 1, 2}
    assert [layer.shape[1:] for layer in look.features] == [(16, 36), (8, 18), (4, 9)]
    labels = np.full((64, 144), 7, np.uint8)
    labels[:, 72:] = 23
    labels[:8] = 1
    targets = judge.targets(labels)
    assert targets.shape == look.prediction.shape
    assert targets[[0, 20, 20], [0, 0, 71]].tolist() == [-1, 0, 2]


def test_a_feature_pyramid_sees_multiples_of_32_and_has_a_finer_answer(tmp_path):
    depth, _ = NETWORKS["fpn"]
    config = replace(SMALL, network="fpn", depth=depth, channels=64)
    save_judge(tmp_path, build_network(config), config, {})
    judge = load_judge(tmp_path, CPU)
    look = judge.look(np.zeros((64, 200, 3), np.uint8))
    assert look.prediction.shape == (32, 96)
    assert [layer.shape[1:] for layer in look.features][:2] == [(16, 48), (8, 24)]
    pictures = torch.zeros(1, 3, 64, 96)
    coarse = [build_network(each).eval()(pictures).shape for each in (SMALL, config)]
    assert coarse == [(1, 3, 8, 12), (1, 3, 16, 24)]


def test_the_same_files_give_the_same_judge(tmp_path):
    save_judge(tmp_path, build_network(SMALL), SMALL, {})
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    looks = [load_judge(tmp_path, CPU).look(picture) for _ in range(2)]
    assert (looks[0].prediction == looks[1].prediction).all()
    assert (looks[0].features[-1] == looks[1].features[-1]).all()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"labels": []}, "labels"),
        ({"labels": [7, 7]}, "twice"),
        ({"labels": [7, 300]}, "ids 0 to 255"),
        ({"height": -1}, "height"),
        ({"deviation": [1, 1, 0]}, "deviation"),
        ({"mean": [0, 0]}, "three numbers"),
        ({"weight": 1}, "update the program"),
        ({"encoder": "resnet1"}, "no judge pspnet with the encoder"),
        ({"network": "unet"}, "its network is 'unet'"),
        ({"depth": 9}, "of depth 9"),
    ],
)
def test_a_description_that_cannot_be_is_refused(tmp_path, change, reason):
    save_judge(tmp_path, build_network(SMALL), SMALL, {})
    content = json.loads((tmp_path / "judge.json").read_text())
    content["judge"] |= change
    (tmp_path / "judge.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=reason):
        open_judge(tmp_path, SCHEMA, "cpu", "float32")


def test_a_judge_of_other_labels_is_refused(tmp_path):
    save_judge(tmp_path, build_network(SMALL), SMALL, {})
    with pytest.raises(InputError, match="judges label 11, which the schema 'edges' lacks"):
        open_judge(tmp_path, load_schema("edges"), "cpu", "float32")
    with pytest.raises(InputError, match="is no judge"):
        open_judge(tmp_path / "nothing", SCHEMA, "cpu", "float32")


class Brightness(torch.nn.Module):
    """Scores label k of three by how near the picture's red is to k / 2."""

    def forward(self, picture):
        red = picture[:, :1]
        return {"out": -torch.cat([red.abs(), (red - 0.5).abs(), (red - 1).abs()], 1)}


def bars() -> np.ndarray:
    """(16, 24, 3) uint8: black, half red and red, 8 columns each."""
    picture = np.zeros((16, 24, 3), np.uint8)
    picture[:, 8:16, 0], picture[:, 16:, 0] = 127, 255
    return picture


def seen(judge) -> list[int]:
    prediction = judge.look(bars()).prediction
    assert prediction.shape == (16, 24)
    return prediction[8, [4, 12, 20]].tolist()


def describe(path, **more):
    plain = {"labels": [7, 11, 23], "height": 0, "mean": [0, 0, 0], "deviation": [1, 1, 1]}
    path.with_suffix(".json").write_text(json.dumps({"judge": plain | more}))


def test_a_torchscript_file_judges(tmp_path):
    path = tmp_path / "mine.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        traced = torch.jit.trace(Brightness(), torch.zeros(1, 3, 16, 24), strict=False)
        torch.jit.save(traced, str(path))
    with pytest.raises(InputError, match="scores 3 labels"):
        open_judge(path, SCHEMA, "cpu", "float32")
    describe(path)
    judge = open_judge(path, SCHEMA, "cpu", "float32")
    assert seen(judge) == [0, 1, 2]
    assert judge.look(bars()).features[0].sum(0).mean() == pytest.approx(1)


def test_an_onnx_file_judges_pictures_of_the_size_it_takes(tmp_path):
    path = tmp_path / "mine.onnx"
    # -(red - k / 2) ** 2 without what is the same for all
    weights = np.array([[k, 0, 0] for k in range(3)], np.float32)
    bias = np.array([-((k / 2) ** 2) for k in range(3)], np.float32)
    path.write_bytes(convolution(weights, bias, (16, 24)))
    describe(path)
    assert seen(open_judge(path, SCHEMA, "cpu", "float32")) == [0, 1, 2]


@pytest.mark.parametrize("name", ["broken.pt", "broken.onnx"])
def test_what_is_no_network_is_refused_in_one_sentence(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"no network at all")
    with pytest.raises(InputError, match=f"{name} is no .* file that"):
        open_judge(path, SCHEMA, "cpu", "float32")


def test_a_missing_library_is_named_with_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchmetrics", None)
    with pytest.raises(InputError, match=r"torchmetrics.*--extra evaluate"):
        library("torchmetrics")
