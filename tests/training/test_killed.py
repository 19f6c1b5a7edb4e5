"""A run that is killed at any moment loses nothing but the steps since its last save."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from model.training.packing import unpack
from tests.training.conftest import ROOT, TINY

STAGES = (
    "stages=[{train='global', reduce=2, steps=15}, {train='enhancer', crop=[64, 64], steps=15},"
    " {crop=[64, 64], batch=2, steps=40, decay_from=0.5}]"
)


def differing(a: Any, b: Any, path: str = "") -> list[str]:
    """Where two nests of dicts, lists and tensors are not the same to the last bit."""
    if isinstance(a, torch.Tensor):
        return [] if torch.equal(a, b) and a.dtype == b.dtype else [path]
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        return [each for key in a for each in differing(a[key], b[key], f"{path}.{key}")]
    if isinstance(a, list | tuple):
        assert len(a) == len(b)
        pairs = enumerate(zip(a, b, strict=True))
        return [each for n, (x, y) in pairs for each in differing(x, y, f"{path}.{n}")]
    return [] if a == b else [path]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_killed_ten_times_at_random_equals_the_unbroken_one(
    streets_data: Path, tmp_path: Path, golden
) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text(TINY)
    words = ["train", str(streets_data), "--config", str(config), "--device", "cpu", "--quiet"]
    words += ["--save-minutes", "0", "losses.pool=3", STAGES]
    command = [sys.executable, "-m", "tests.training.killed_runs", str(tmp_path), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    steps = json.loads(done.stdout.splitlines()[-1])
    assert len(steps) == 10 and len(set(steps)) > 3, steps
    whole, killed = (
        unpack(torch.load(tmp_path / name / "state.pt")) for name in ("whole", "killed")
    )
    assert whole["step"] == 70 and whole["pool"]
    del whole["seconds"], killed["seconds"]
    found = differing(whole, killed)
    golden("a run killed ten times: differing tensors", len(found), 0)
    assert not list((tmp_path / "killed").glob(".state*"))
