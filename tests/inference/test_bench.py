"""`bench engine`: that it measures what it says; no figure is checked."""

from __future__ import annotations

import json

import numpy as np
import pytest

import main
from model.conditioning import ConditioningConfig
from model.inference import bench, bench_large, bench_memory
from model.inference.bench import Design
from model.networks.local_enhancer import LocalEnhancerConfig
from model.training.config import load_config, network_sizes

TINY = Design(
    "tiny",
    ConditioningConfig(feature_channels=4),
    LocalEnhancerConfig(input_channels=40, base_channels=4, global_downsamples=2, global_blocks=1),
    {},
    ((16, 1.0),),
)


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(bench, "SIZE", (64, 96))
    monkeypatch.setattr(bench, "BUNDLED", TINY)
    monkeypatch.setattr(bench, "OFFICIAL", TINY)


@pytest.mark.usefixtures("tiny")
def test_the_figures_are_printed_and_written(tmp_path, capsys):
    assert main.main(["bench", "engine", "--device", "cpu", "--json", str(tmp_path / "f")]) == 0
    content = json.loads((tmp_path / "f").read_text())
    assert content["machine"]
    names = {row["name"] for row in content["rows"]}
    assert {"tiny exact float32", "tiny preview 16 px"} <= names
    printed = capsys.readouterr().out
    assert all(name in printed for name in names)
    for row in content["rows"]:
        assert row["ratio"] > 0
        assert row["difference"] is None or row["difference"] < 30


@pytest.mark.usefixtures("tiny")
def test_painting_takes_memory_that_is_measured():
    assert bench_memory.plan_bytes(TINY, (512, 1024), "float32") > 2 * 512 * 1024


def test_figures_of_large_pictures_are_drawn():
    rows = [
        {"megapixels": size, "seconds": 2 * size, "peak MiB": 90 * size, "limit MiB": 100 * size}
        for size in (0.5, 2.0, 8.0)
    ]
    picture = bench_large.plot(rows, "a machine")
    blue = (np.asarray(picture) == (0x20, 0x60, 0xC0)).all(axis=2)
    assert picture.width > 800 and blue.sum() > 100


def test_what_is_timed_without_the_bundled_checkpoint_is_what_its_preset_trains():
    config = load_config("slim-streets")
    assert bench.BUNDLED.conditioning == config.conditioning
    assert bench.BUNDLED.generator == network_sizes(config)
