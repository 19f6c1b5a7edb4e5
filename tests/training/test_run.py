from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from model.errors import InputError
from model.training import parts
from model.training import run as run_module
from model.training.batches import BatchSource
from model.training.config import TrainingConfig
from model.training.run import Run, open_data
from tests.training.test_killed import differing

CPU = torch.device("cpu")


def train(run: Run, data: Path, last: int) -> None:
    opened = open_data(data, run.config, CPU)
    source = BatchSource(opened.training, opened.cache, run.config)
    for _ in run.train(source, last=last, deadline=None, quiet=True):
        pass


def all_weights(run: Run) -> dict[str, torch.Tensor]:
    networks = [*run.trainer.networks.items(), ("averaged", run.trainer.averaged_generator)]
    return {f"{n}.{k}": v for n, net in networks for k, v in net.state_dict().items()}


def test_a_run_resumed_after_every_step_equals_an_unbroken_one(
    streets_data: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    unbroken = Run(tmp_path / "unbroken", tiny_config, CPU)
    train(unbroken, streets_data, tiny_config.total_steps)
    broken = Run(tmp_path / "broken", tiny_config, CPU)
    for last in range(1, tiny_config.total_steps + 1):
        train(broken, streets_data, last)
        broken.save()
        broken = Run.resume(tmp_path / "broken", CPU)
    expected, got = all_weights(unbroken), all_weights(broken)
    assert expected.keys() == got.keys()
    for name, value in expected.items():
        assert torch.equal(value, got[name]), name


def test_a_save_that_is_cut_off_leaves_the_state_before_it(
    streets_data: Path,
    tiny_config: TrainingConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Run(tmp_path, tiny_config, CPU)
    train(run, streets_data, 2)
    run.save()

    def cut_off(state: object, file: object) -> None:
        file.write(b"half a state")
        raise OSError("no space left on device")

    train(run, streets_data, 4)
    monkeypatch.setattr(run_module.torch, "save", cut_off)
    with pytest.raises(InputError, match="no space"):
        run.save()
    assert Run.resume(tmp_path, CPU).step == 2


def test_in_bfloat16_a_resumed_run_equals_an_unbroken_one_and_moments_are_short(
    streets_data: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, precision="bfloat16")
    unbroken = Run(tmp_path / "unbroken", config, CPU)
    train(unbroken, streets_data, 8)
    broken = Run(tmp_path / "broken", config, CPU)
    for last in (4, 6, 8):  # within each stage that follows the first, and at the end
        train(broken, streets_data, last)
        broken.save()
        broken = Run.resume(tmp_path / "broken", CPU)
    assert differing(unbroken.state() | {"seconds": 0}, broken.state() | {"seconds": 0}) == []
    for each in broken.state()["optimizers"]:
        for state in each["state"].values():
            assert torch.equal(state["exp_avg"], state["exp_avg"].bfloat16().float())


def test_a_state_of_the_first_version_is_resumed(
    streets_data: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    run = Run(tmp_path, tiny_config, CPU)
    train(run, streets_data, 4)
    torch.save(run.state() | {"version": 1}, tmp_path / "state.pt")
    assert differing(run.state(), Run.resume(tmp_path, CPU).state()) == []
    torch.save(run.state() | {"version": 3}, tmp_path / "state.pt")
    with pytest.raises(InputError, match="training state version 3"):
        Run.resume(tmp_path, CPU)


@pytest.mark.parametrize("content", [b"", b"not a state", b"PK\x03\x04 half a zip"])
def test_a_damaged_state_is_refused_by_name(
    content: bytes, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    (tmp_path / "state.pt").write_bytes(content)
    with pytest.raises(InputError, match=r"state\.pt"):
        Run.resume(tmp_path, CPU)


def test_resuming_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--resume"):
        Run.resume(tmp_path, CPU)


def test_the_log_averages_every_fifty_steps(
    streets_data: Path,
    tiny_config: TrainingConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "LOG_EVERY", 2)
    train(Run(tmp_path, tiny_config, CPU), streets_data, 5)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 4]
    assert all(line["generator"] > 0 for line in lines)


def test_a_deadline_in_the_past_stops_before_the_first_step(
    streets_data: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    run = Run(tmp_path, tiny_config, CPU)
    opened = open_data(streets_data, tiny_config, CPU)
    source = BatchSource(opened.training, opened.cache, tiny_config)
    assert list(run.train(source, last=5, deadline=0.0, quiet=True)) == []
    assert run.step == 0


def test_learning_rates_fall_over_the_given_time(
    streets_data: Path,
    tiny_config: TrainingConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = replace(tiny_config.stages[-1], steps=1000, decay_from=0.5)
    config = replace(tiny_config, stages=(stage,))
    run = Run(tmp_path, config, CPU)
    opened = open_data(streets_data, config, CPU)
    source = BatchSource(opened.training, opened.cache, config)
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(run_module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    rates = []
    for _ in run.train(source, last=1000, deadline=140.0, quiet=True, anneal=True):
        rates.append(run.trainer.generator_optimizer.param_groups[0]["lr"] / config.optimizer.lr)
        clock.now += 10
    # At the start, after a quarter, a half, three quarters, and all of the time.
    assert rates == pytest.approx([1, 1, 1, 0.5, 0])


def test_sample_sheets_show_map_generated_and_real(
    streets_data: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    run = Run(tmp_path, replace(tiny_config, precision="bfloat16"), CPU)
    path = run.sample(open_data(streets_data, tiny_config, CPU))
    assert path.is_file() and path.parent.name == "samples"


def test_a_state_in_parts_is_the_same_state_in_half_precision(
    streets_data: Path, tiny_config: TrainingConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 20_000)
    run = Run(tmp_path / "whole", tiny_config, CPU)
    train(run, streets_data, 6)
    paths = parts.write_parts(run.state(), tmp_path / "parts")
    assert len(paths) > 2 and all(path.stat().st_size <= 20_000 for path in paths)
    moved = Run.resume(tmp_path / "parts", CPU)
    assert (moved.step, moved.config) == (6, run.config)
    for name, value in all_weights(run).items():
        torch.testing.assert_close(all_weights(moved)[name], value.half().float())
    paths[1].unlink()
    with pytest.raises(InputError, match="part01"):
        Run.resume(tmp_path / "parts", CPU)
