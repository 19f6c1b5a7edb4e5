"""The modes loss: what it is, what it is fed with, and that runs with it go on as they were."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from main import main
from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.scene.frame_files import find_frames
from model.scene.labels import load_schema
from model.scene.maps import read_instance_map
from model.training import parts
from model.training.batches import Batch, BatchSource, padded_modes
from model.training.config import ConfigError, TrainingConfig, config_from
from model.training.facts import modes_of
from model.training.frames import read_frame
from model.training.mode_list import with_modes
from model.training.modes import MINIMUM_PIXELS, ModeLoss, instance_pixels
from model.training.run import Run, open_data
from model.training.trainer import Trainer, build_networks
from tests.training.conftest import TINY
from tests.training.test_killed import differing
from tests.training.test_run import train

CPU = torch.device("cpu")
MODES = ("building/brick", "building/glass", "road/asphalt", "road/wet")
SCHEMA = load_schema("cityscapes")


@pytest.fixture
def told_data(streets_data: Path, tmp_path: Path) -> Path:
    """Training frames whose facts tell modes in turns, those of the last one excepted."""
    data = Path(shutil.copytree(streets_data, tmp_path / "data"))
    (data / "train_meta").mkdir(exist_ok=True)
    for number, files in enumerate(find_frames(data, "train", rgb=False)[:-1]):
        modes = {
            "road": ("asphalt", "wet")[number % 2],
            "building": ("brick", "glass")[number // 2],
            "sky": "clear",
        }
        assert files.facts is not None
        files.facts.write_text(json.dumps({"modes": modes, "instances": {}}))
    return data


@pytest.fixture
def told(tiny_config: TrainingConfig) -> TrainingConfig:
    losses, data = replace(tiny_config.losses, modes=1.0), replace(tiny_config.data, modes=MODES)
    return replace(tiny_config, losses=losses, data=data)


def told_batch(data: Path, config: TrainingConfig) -> Batch:
    """The first batch that tells any modes."""
    opened = open_data(data, config, CPU)
    source = BatchSource(opened.training, opened.cache, config)
    batches = (source.batch(step) for step in range(config.total_steps))
    return next(b for b in batches if b.modes is not None and (b.modes >= 0).any())


def plain(guess: torch.nn.Linear, features: list[float], own: list[int], mode: int) -> float:
    """Cross-entropy of one instance, by hand; own: the modes of its label."""
    weight, bias = guess.weight.tolist(), guess.bias.tolist()
    scores = {
        m: bias[m] + sum(w * x for w, x in zip(weight[m], features, strict=True)) for m in own
    }
    return math.log(sum(math.exp(score) for score in scores.values())) - scores[mode]


def test_the_loss_is_the_mean_over_labels_of_large_instances_with_known_modes() -> None:
    loss = ModeLoss(3, MODES)
    torch.manual_seed(1)
    torch.nn.init.normal_(loss.guess.weight)
    torch.nn.init.normal_(loss.guess.bias)
    means = torch.randn(2, 3, 3)
    modes = torch.tensor([[1, 3, -1], [2, 0, -1]])
    enough = float(MINIMUM_PIXELS)
    pixels = torch.tensor([[enough, 500.0, 900.0], [enough - 1, 70.0, 0.0]])
    first = [
        plain(loss.guess, means[0, 0].tolist(), [0, 1], 1),
        plain(loss.guess, means[1, 1].tolist(), [0, 1], 0),
    ]
    second = plain(loss.guess, means[0, 1].tolist(), [2, 3], 3)
    expected = (sum(first) / 2 + second) / 2
    assert float(loss(means, modes, pixels).detach()) == pytest.approx(expected, rel=1e-5)


def test_unknown_modes_and_small_instances_give_neither_loss_nor_gradient() -> None:
    loss = ModeLoss(3, MODES)
    torch.nn.init.normal_(loss.guess.weight)
    means = torch.randn(1, 4, 3, requires_grad=True)
    found = loss(means, torch.tensor([[2, -1, -1, 0]]), torch.tensor([[80.0, 80.0, 0.0, 63.0]]))
    found.backward()
    assert means.grad is not None
    assert means.grad[0, 0].abs().sum() > 0
    assert not means.grad[0, 1:].any()
    nothing = loss(means, torch.full((1, 4), -1), torch.full((1, 4), 99.0))
    nothing.backward()
    assert float(nothing.detach()) == 0


def test_pixels_are_counted_by_picture() -> None:
    index = torch.randint(0, 5, (2, 9, 7))
    expected = [[int((each == n).sum()) for n in range(6)] for each in index]
    assert instance_pixels(index, 6).tolist() == expected


def test_noise_makes_modes_harder_to_guess_until_they_lie_apart(
    told_data: Path, told: TrainingConfig
) -> None:
    """With features that a layer tells apart, and with the same ten times as far apart."""
    losses = {}
    for noise, apart in ((0.0, 1), (0.3, 1), (0.3, 10)):
        config = replace(told, losses=replace(told.losses, modes_noise=noise))
        objective = Trainer(build_networks(config), config, CPU).objective
        assert objective.modes is not None
        weight = torch.randn(objective.modes.guess.weight.shape, generator=torch.manual_seed(3))
        objective.modes.guess.weight.data = 9 * weight / apart
        batch = told_batch(told_data, config)
        assert batch.modes is not None
        assert (batch.noise is not None) == (noise > 0)
        means = torch.zeros(*batch.modes.shape, weight.shape[1])
        known = batch.modes >= 0
        means[known] = apart * 0.2 * weight[batch.modes[known]]
        with torch.no_grad():
            other = None if batch.noise is None else batch.noise.flip(1)
            given = batch, replace(batch, noise=other)
            term = [objective._mode_terms(each, means)["modes"] for each in given]
        assert (term[0] != term[1]) == (noise > 0)
        losses[noise, apart] = float(term[0] + term[1])
    assert losses[0, 1] < 0.5 * losses[0.3, 1] > losses[0.3, 10]


def test_noise_depends_on_seed_and_step_and_is_another_for_every_sample(
    told_data: Path, told: TrainingConfig
) -> None:
    config = replace(told, losses=replace(told.losses, modes_noise=0.3))
    config = replace(config, stages=(replace(config.stages[-1], batch=3, steps=6),))

    def drawn() -> list[torch.Tensor]:
        opened = open_data(told_data, config, CPU)
        source = BatchSource(opened.training, opened.cache, config)
        batches = [source.batch(step) for step in range(6)]
        told_any = [batch for batch in batches if batch.modes is not None]
        assert all(b.noise is not None and b.noise.shape[1] == b.instances for b in told_any)
        return [batch.noise for batch in told_any if batch.noise is not None]

    first, second = drawn(), drawn()
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one, other) and one.std() == pytest.approx(1, abs=0.3)
    values = torch.cat([noise[:, 0, 0] for noise in first])
    assert len(values.unique()) == len(values)


def test_instances_know_their_modes_from_the_facts_and_labels_from_those_of_the_picture() -> None:
    facts = {
        "modes": {"road": "wet", "building": "brick"},
        "instances": {"26001": {"mode": "red"}, "11": {"mode": "glass"}, "24001": {}},
    }
    ids = [0, 7, 11, 23, 24001, 26001, 26002, 11001]
    assert modes_of(facts, ids, SCHEMA) == {7: "wet", 11: "glass", 26001: "red"}


def test_frames_carry_the_numbers_of_their_instances_modes(told_data: Path) -> None:
    frames = find_frames(told_data, "train", rgb=False)
    for number, files in enumerate(frames):
        modes = read_frame(files, SCHEMA, ConditioningConfig(), modes=MODES).modes
        assert modes is not None and files.instance is not None
        expected = {7: 2 + number % 2, 11: number // 2} if number < 3 else {}
        ids = np.unique(read_instance_map(files.instance)).tolist()
        assert {7, 11} <= set(ids)
        assert modes.tolist() == [expected.get(each, -1) for each in ids]
    assert read_frame(frames[0], SCHEMA, ConditioningConfig()).modes is None


def test_the_modes_of_a_batch_are_filled_up_with_unknown_ones(told_data: Path) -> None:
    frames = find_frames(told_data, "train", rgb=False)[:2]
    whole = [read_frame(files, SCHEMA, ConditioningConfig(), modes=MODES) for files in frames]
    rows = padded_modes(whole, 200)
    assert rows is not None and rows.shape == (2, 200)
    for row, frame in zip(rows.tolist(), whole, strict=True):
        assert frame.modes is not None
        assert row == frame.modes.tolist() + [-1] * (200 - len(frame.modes))


@pytest.mark.parametrize("content", ["{", '{"modes": 1}', '{"modes": {}, "instances": {"7": 3}}'])
def test_facts_that_are_damaged_are_refused_by_name(told_data: Path, content: str) -> None:
    files = find_frames(told_data, "train", rgb=False)[0]
    assert files.facts is not None
    files.facts.write_text(content)
    with pytest.raises(InputError, match=files.facts.name):
        read_frame(files, SCHEMA, ConditioningConfig(), modes=MODES)


def test_the_modes_are_those_of_the_frames_that_leave_a_choice(
    told_data: Path, tiny_config: TrainingConfig
) -> None:
    assert with_modes(tiny_config, told_data) == tiny_config
    wanted = replace(tiny_config, losses=replace(tiny_config.losses, modes=0.5))
    gathered = with_modes(wanted, told_data)
    assert gathered.data.modes == MODES  # the sky is always clear
    assert config_from(json.loads(json.dumps(gathered.as_dict())), "it") == gathered
    shutil.rmtree(told_data / "train_meta")
    assert with_modes(gathered, told_data) == gathered
    with pytest.raises(InputError, match="tells its modes"):
        with_modes(wanted, told_data)


def test_the_modes_of_a_folder_that_grows_are_those_that_are_there(
    told_data: Path, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    wanted = replace(tiny_config, losses=replace(tiny_config.losses, modes=0.5))
    sorted((told_data / "train_img").iterdir())[2].unlink()  # a frame that is not finished
    assert with_modes(wanted, told_data, growing=True).data.modes == MODES[2:]
    with pytest.raises(InputError, match="no partner"):
        with_modes(wanted, told_data)
    with pytest.raises(InputError, match="tells its modes"):
        with_modes(wanted, tmp_path / "new", growing=True)


def test_streets_that_are_still_to_be_rendered_tell_no_modes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(tmp_path / "new"), "--out", str(tmp_path / "run"), "--render", "1:9"]
    assert main([*words, "--device", "cpu", "losses.modes=1.0"]) == 2
    assert "name the modes" in capsys.readouterr().err


def test_the_gradient_reaches_the_encoder_and_no_other_network(
    told_data: Path, told: TrainingConfig
) -> None:
    torch.manual_seed(0)
    trainer, batch = Trainer(build_networks(told), told, CPU), told_batch(told_data, told)
    assert trainer.networks.modes is not None and trainer.networks.encoder is not None
    torch.nn.init.normal_(trainer.networks.modes.guess.weight)
    trainer.objective(batch)["modes"].backward()
    reached = {
        name
        for name, network in trainer.networks.items()
        if any(p.grad is not None and p.grad.any() for p in network.parameters())
    }
    assert reached == {"encoder"}


def test_the_term_is_part_of_the_generators_sum(told_data: Path, told: TrainingConfig) -> None:
    batch, found = told_batch(told_data, told), []
    for weight in (0.0, 1.0, 3.0):
        config = replace(told, losses=replace(told.losses, modes=weight))
        torch.manual_seed(0)
        networks = build_networks(told)  # the same random numbers for all
        networks.modes = networks.modes if weight else None
        losses = Trainer(networks, config, CPU).objective(batch)
        found.append({name: float(value.detach()) for name, value in losses.items()})
    assert "modes" not in found[0]
    assert found[1]["modes"] == pytest.approx(math.log(2))  # nothing learned, two to choose from
    for weight, losses in ((1, found[1]), (3, found[2])):
        sums = found[0]["generator"] + weight * math.log(2)
        assert losses["generator"] == pytest.approx(sums, rel=1e-5)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_modes_are_learned(told_data: Path, told: TrainingConfig, precision: str) -> None:
    torch.manual_seed(0)
    config = replace(told, precision=precision)
    trainer, batch = Trainer(build_networks(config), config, CPU), told_batch(told_data, told)
    losses = [float(trainer.step(batch)["modes"]) for _ in range(60)]
    assert losses[-1] < 0.8 * losses[0]


def test_without_the_weight_facts_change_nothing(
    streets_data: Path, told_data: Path, told: TrainingConfig, tiny_config: TrainingConfig, tmp_path
) -> None:
    states = []
    off = replace(told, losses=tiny_config.losses)
    for name, data, config in (("a", streets_data, tiny_config), ("b", told_data, off)):
        run = Run(tmp_path / name, config, CPU)
        train(run, data, 5)
        states.append(run.state() | {"seconds": 0, "config": ""})
    assert "modes" not in states[0]
    assert differing(*states) == []


def test_a_run_resumed_after_every_step_equals_an_unbroken_one(
    told_data: Path, told: TrainingConfig, tmp_path: Path
) -> None:
    unbroken = Run(tmp_path / "unbroken", told, CPU)
    train(unbroken, told_data, told.total_steps)
    broken = Run(tmp_path / "broken", told, CPU)
    for last in range(1, told.total_steps + 1):
        train(broken, told_data, last)
        broken.save()
        broken = Run.resume(tmp_path / "broken", CPU)
    states = [run.state() | {"seconds": 0} for run in (unbroken, broken)]
    assert differing(*states) == []
    assert states[0]["modes"]["weights"]["guess.weight"].any()


def test_what_guesses_modes_goes_on_when_the_enhancer_comes_in(
    told_data: Path, told: TrainingConfig, tmp_path: Path
) -> None:
    run, first = Run(tmp_path, told, CPU), told.stages[0]
    assert first.train == "global"
    train(run, told_data, first.steps)
    coarse, modes = run.trainer.networks.generator, run.trainer.networks.modes
    assert modes is not None
    torch.nn.init.constant_(modes.guess.weight, 5.0)
    train(run, told_data, first.steps + 1)
    networks = run.trainer.networks
    assert networks.modes is not None and networks.generator is not coarse
    assert (networks.modes.guess.weight - 5).abs().max() < 0.1


def test_a_run_may_begin_and_cease_to_be_told_modes(
    told_data: Path, told: TrainingConfig, tiny_config: TrainingConfig, tmp_path: Path
) -> None:
    run = Run(tmp_path, tiny_config, CPU)
    train(run, told_data, 4)
    state = run.state()
    older = json.loads(state["config"])  # as runs wrote it before there were modes
    del older["losses"]["modes"], older["data"]["modes"]
    torch.save(state | {"config": json.dumps(older)}, tmp_path / "state.pt")
    assert differing(state, Run.resume(tmp_path, CPU).state()) == []
    begun = Run.resume(tmp_path, CPU, lambda _: told)
    train(begun, told_data, 6)
    assert begun.state()["modes"]["weights"]["guess.weight"].any()
    begun.save()
    ceased = Run.resume(tmp_path, CPU, lambda _: tiny_config)
    train(ceased, told_data, 8)
    assert ceased.step == 8 and "modes" not in ceased.state()


def test_a_state_in_parts_leaves_out_what_guesses_modes(
    told_data: Path, told: TrainingConfig, tmp_path: Path
) -> None:
    run = Run(tmp_path, told, CPU)
    train(run, told_data, 4)
    parts.write_parts(run.state(), tmp_path / "parts")
    moved = Run.resume(tmp_path / "parts", CPU)
    assert moved.config.data.modes == MODES
    assert not moved.state()["modes"]["weights"]["guess.weight"].any()


def test_a_run_keeps_the_modes_that_it_began_with(told_data: Path, tmp_path: Path) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text(TINY)
    run = tmp_path / "run"
    words = ["train", str(told_data), "--out", str(run), "--config", str(config), "--quiet"]
    words += ["--device", "cpu", "losses.modes=0.5"]
    assert main([*words, "--steps", "1"]) == 0
    files = find_frames(told_data, "train", rgb=False)[-1]
    assert files.facts is not None
    files.facts.write_text(json.dumps({"modes": {"road": "snow"}, "instances": {}}))
    assert main([*words, "--resume", "--steps", "3"]) == 0
    resumed = Run.resume(run, CPU)
    assert (resumed.step, resumed.config.data.modes) == (3, MODES)


def test_modes_without_an_encoder_are_refused(told: TrainingConfig) -> None:
    config = replace(told, conditioning=ConditioningConfig())
    with pytest.raises(ConfigError, match="encoder"):
        build_networks(config)
