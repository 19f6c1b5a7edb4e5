"""`bench training`: that it measures what it says; no figure is checked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import main
from model.training import bench
from model.training.config import Stage, TrainingConfig


def test_the_figures_of_training_are_printed_and_written(
    tiny_config: TrainingConfig,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = replace(tiny_config, stages=(Stage(crop=(64, 96)),))
    monkeypatch.setattr(bench, "load_config", lambda preset: config)
    monkeypatch.setattr(bench, "PROCESSES", ())
    assert main.main(["bench", "training", "--device", "cpu", "--json", str(tmp_path / "f")]) == 0
    rows = json.loads((tmp_path / "f").read_text())["rows"]
    assert [row["name"] for row in rows] == [
        "slim-streets float32",
        "slim-streets bfloat16",
        "slim-streets bfloat16, recompute",
    ]
    assert all(row["seconds"] > 0 and row["held_mib"] > 0 for row in rows)
    assert rows[2]["held_mib"] < rows[1]["held_mib"] < rows[0]["held_mib"]
    assert "slim-streets bfloat16, recompute" in capsys.readouterr().out
