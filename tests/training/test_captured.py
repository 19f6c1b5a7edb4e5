"""Steps that are replayed: with a graph of CUDA, and with one that is pretended, on the CPU."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.training import trainer as trainers
from model.training.batches import BatchSource
from model.training.captured import INSTANCES, with_round_numbers
from model.training.config import TrainingConfig
from model.training.run import open_data
from model.training.trainer import Trainer, build_networks


class Pretended:
    """Does the work itself again, into the memory of the first time, as a graph would.

    calls: "capture" and "replay" as they come; fails: on which of them.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fails = ""
        self.parameters: list[torch.nn.Parameter] = []

    def __call__(self, work):
        self._called("capture")
        losses = work()
        gradients = [parameter.grad for parameter in self.parameters]

        def replay() -> None:
            self._called("replay")
            again = work()
            for name, kept in losses.items():
                kept.copy_(again[name])
            for kept, parameter in zip(gradients, self.parameters, strict=True):
                kept.copy_(parameter.grad)
                parameter.grad = None  # a replay knows nothing of parameters, only of memory

        return losses, replay

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if what == self.fails:
            raise RuntimeError("operation not permitted when stream is capturing")


@pytest.fixture
def config(tiny_config: TrainingConfig) -> TrainingConfig:
    stage = replace(tiny_config.stages[0], steps=8, batch=2, crop=(32, 64))
    return replace(tiny_config, stages=(stage, replace(stage, crop=(64, 32))), precision="float32")


def trained(config: TrainingConfig, data: Path, device: str = "cpu", steps: int = 12) -> list:
    """The losses of steps: of the weights that come of the earlier ones."""
    opened = open_data(data, config, torch.device(device))
    source = BatchSource(opened.training, opened.cache, config)
    torch.manual_seed(0)
    trainer = Trainer(build_networks(config), config, torch.device(device))
    found = []
    for step in range(steps):
        losses = trainer.step(source.batch(step), step)
        found.append(torch.stack([losses[name] for name in sorted(losses)]))
    return found


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    capture, made = Pretended(), trainers.CapturedSteps
    monkeypatch.setattr(trainers, "capture_on", lambda device: capture)

    def captured(compute, parameters, given):
        capture.parameters = parameters
        return made(compute, parameters, given)

    monkeypatch.setattr(trainers, "CapturedSteps", captured)
    return capture


def test_replayed_steps_train_as_plain_ones(
    streets_data: Path, config: TrainingConfig, pretended: Pretended
) -> None:
    plain = trained(config, streets_data)
    assert pretended.calls == []
    replayed = trained(replace(config, capture=True), streets_data)
    # Of each stage the first step is plain, the second captures, the others replay.
    assert pretended.calls == ["capture", *["replay"] * 7, "capture", *["replay"] * 3]
    for one, other in zip(plain, replayed, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("fails", ["capture", "replay"])
def test_steps_that_cannot_be_captured_are_computed_plainly(
    streets_data: Path,
    config: TrainingConfig,
    pretended: Pretended,
    fails: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plain = trained(config, streets_data, steps=5)
    pretended.fails = fails
    found = trained(replace(config, capture=True), streets_data, steps=5)
    assert pretended.calls[-1] == fails and pretended.calls.count(fails) == 1
    assert "cannot be replayed" in caplog.text
    for one, other in zip(plain, found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


def test_room_for_more_instances_changes_no_loss(
    streets_data: Path, config: TrainingConfig
) -> None:
    config = replace(config, losses=replace(config.losses, modes=1.0, modes_noise=0.2))
    modes = ("road/asphalt", "road/wet")
    config = replace(config, data=replace(config.data, modes=modes))
    opened = open_data(streets_data, config, torch.device("cpu"))
    batch = BatchSource(opened.training, opened.cache, config).batch(0)
    batch = replace(
        batch,
        modes=torch.zeros(2, batch.instances, dtype=torch.long),
        noise=torch.randn(2, batch.instances, config.conditioning.feature_channels),
    )
    torch.manual_seed(0)
    trainer = Trainer(build_networks(config), config, torch.device("cpu"))
    rounded = with_round_numbers(batch)
    assert rounded.instances == INSTANCES > batch.instances
    expected, found = trainer.objective(batch), trainer.objective(rounded)
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value)


@pytest.mark.gpu
def test_cuda_replays_steps(streets_data: Path, config: TrainingConfig, caplog) -> None:
    plain = trained(config, streets_data, "cuda")
    replayed = trained(replace(config, capture=True), streets_data, "cuda")
    assert not caplog.records  # it works, and does not only fall back
    for one, other in zip(plain, replayed, strict=True):
        torch.testing.assert_close(one, other, rtol=0.02, atol=0.02)
