"""Two processes on gloo against one with the doubled batch, started by torchrun itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.training.batches import BatchSource
from model.training.config import Stage, TrainingConfig
from model.training.run import Run, open_data
from tests.training.conftest import ROOT, TINY, without_torchrun

CPU = torch.device("cpu")
STAGES = "stages=[{train='global', reduce=2, batch=1, steps=1}, {batch=1, crop=[64, 64], steps=2}]"
WORKER = "tests.training.distributed_worker"


def torchrun(module: list[str], processes: int = 2) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", str(processes), *module]
    environment = without_torchrun() | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def relative(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> float:
    """Worst difference of any tensor, in units of the largest number in it."""
    assert found.keys() == expected.keys()
    differences = [0.0]
    for name, value in expected.items():
        scale = float(value.abs().max())
        if scale > 1e-5:  # biases before a norm have gradient 0 but for rounding
            differences.append(float((found[name] - value).abs().max()) / scale)
    return max(differences)


def test_two_processes_have_the_gradients_of_one_with_the_doubled_batch(
    streets_data: Path, tiny_config: TrainingConfig, tmp_path: Path, golden
) -> None:
    config = replace(tiny_config, stages=(Stage(batch=2, crop=(64, 64)),))
    torch.save(config.as_dict(), tmp_path / "config.pt")
    done = torchrun(["-m", WORKER, str(tmp_path), str(streets_data)])
    assert done.returncode == 0, done.stderr
    doubled = replace(config, stages=(replace(config.stages[0], batch=4),))
    run = Run(tmp_path / "one", doubled, CPU)
    data = open_data(streets_data, doubled, CPU)
    losses = run.trainer.step(BatchSource(data.training, data.cache, doubled).batch(0))
    found = torch.load(tmp_path / "rank0.pt")
    other = torch.load(tmp_path / "rank1.pt")
    assert relative(other["gradients"], found["gradients"]) == 0  # both hold the average
    gradients = {
        f"{part}.{name}": parameter.grad
        for part, network in run.trainer.networks.items()
        for name, parameter in network.named_parameters()
    }
    golden("two processes: gradients", relative(found["gradients"], gradients), 1e-4)
    for name, value in losses.items():
        mean = (found["losses"][name] + other["losses"][name]) / 2
        golden("two processes: losses", abs(float(mean / value) - 1), 1e-5)


@pytest.mark.slow
def test_a_run_of_two_processes_is_saved_once_and_resumes(
    streets_data: Path, tmp_path: Path
) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text(TINY)
    words = ["main.py", "train", str(streets_data), "--out", str(tmp_path / "run"), "--device"]
    words += ["cpu", "--quiet"]
    done = torchrun([*words, "--config", str(config), STAGES, "--steps", "2"])
    assert done.returncode == 0, done.stderr
    done = torchrun([*words, "--resume"])
    assert done.returncode == 0, done.stderr
    state = torch.load(tmp_path / "run" / "state.pt")
    assert state["step"] == 3
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == [
        "checked.json",
        "checkpoint",
        "config.json",
        "samples",
        "state.pt",
    ]


@pytest.mark.slow
def test_growing_data_is_refused_with_several_processes(streets_data: Path, tmp_path: Path) -> None:
    words = ["main.py", "train", str(streets_data), "--out", str(tmp_path / "run"), "--growing"]
    done = torchrun([*words, "--device", "cpu"])
    assert done.returncode != 0 and "leave out --render" in done.stderr
    assert not os.listdir(tmp_path)
