from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import cv2
import pytest
import torch

from main import main
from model.checkpoint import load_discriminator, load_encoder, load_generator, open_checkpoint
from model.training import command as command_module
from model.training import run as run_module
from model.training.batches import Batch
from model.training.trainer import Trainer
from tests.training.conftest import TINY


@pytest.fixture
def command(tmp_path: Path, streets_data: Path) -> list[str]:
    config = tmp_path / "tiny.toml"
    config.write_text(TINY)
    words = ["train", str(streets_data), "--out", str(tmp_path / "run"), "--config", str(config)]
    return [*words, "--device", "cpu", "--quiet"]


def test_training_leaves_a_checkpoint_that_opens(command: list[str], tmp_path: Path) -> None:
    assert main([*command, "--steps", "3", "optimizer.lr=1e-5"]) == 0
    checkpoint = open_checkpoint(tmp_path / "run" / "checkpoint")
    assert checkpoint.generator_name == "local"
    assert checkpoint.facts["steps"] == 3
    assert checkpoint.facts["configuration"]["optimizer"]["lr"] == 1e-5
    load_generator(checkpoint)
    assert load_encoder(checkpoint) is not None
    assert list((tmp_path / "run" / "samples").glob("*.png"))


def test_a_checkpoint_tells_the_size_of_the_largest_frames(
    command: list[str], tmp_path: Path, streets_data: Path
) -> None:
    mixed = Path(shutil.copytree(streets_data, tmp_path / "mixed"))
    for role, way in (("label", 0), ("inst", 0), ("img", cv2.INTER_AREA)):
        first = sorted((mixed / f"train_{role}").iterdir())[0]
        image = cv2.imread(str(first), cv2.IMREAD_UNCHANGED)
        smaller = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=way)
        cv2.imwrite(str(first), smaller)
    command[1] = str(mixed)
    assert main([*command, "--steps", "1", "stages=[{steps=1,crop=[32,64]}]"]) == 0
    assert open_checkpoint(tmp_path / "run" / "checkpoint").facts["size"] == (128, 256)


def test_a_second_start_is_refused_and_resuming_goes_on(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--steps", "1"]) == 0
    assert main([*command, "--steps", "2"]) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*command, "--steps", "2", "--resume"]) == 0
    assert open_checkpoint(tmp_path / "run" / "checkpoint").generator_name == "global"


def test_a_resumed_run_keeps_the_settings_that_no_word_changes(
    command: list[str], tmp_path: Path, streets_data: Path
) -> None:
    assert main([*command, "--steps", "1", "optimizer.clip=7.5"]) == 0
    before = json.loads((tmp_path / "run" / "config.json").read_text())
    words = ["train", str(streets_data), "--out", str(tmp_path / "run"), "--resume", "--steps", "2"]
    changes = ["optimizer.lr=5e-5", "stages.0.steps=9"]
    assert main([*words, "--device", "cpu", "--quiet", *changes]) == 0
    after = json.loads((tmp_path / "run" / "config.json").read_text())
    before["optimizer"]["lr"], before["stages"][0]["steps"] = 5e-5, 9
    assert after == before and after["optimizer"]["clip"] == 7.5


def test_a_run_can_start_from_a_checkpoint(command: list[str], tmp_path: Path) -> None:
    assert main([*command, "--steps", "3"]) == 0
    first = open_checkpoint(tmp_path / "run" / "checkpoint")
    again = [*command[:3], str(tmp_path / "again"), *command[4:], "--from", str(first.path)]
    assert main([*again, "--steps", "0", "stages=[{steps=4}]"]) == 0
    second = open_checkpoint(tmp_path / "again" / "checkpoint")
    for load in (load_generator, load_encoder, load_discriminator):
        a, b = load(first), load(second)
        assert a is not None and b is not None
        torch.testing.assert_close(b.state_dict(), a.state_dict(), rtol=0, atol=0)


def test_a_checkpoint_of_another_architecture_is_refused_naming_both(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--steps", "3"]) == 0
    again = [*command[:3], str(tmp_path / "again"), *command[4:]]
    start = ["--from", str(tmp_path / "run" / "checkpoint"), "generator_options.local_blocks=3"]
    assert main([*again, *start, "stages=[{steps=4}]"]) == 2
    message = capsys.readouterr().err
    assert "local_blocks=1" in message and "local_blocks=3" in message


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        (["optimizer.lr=fast"], "optimizer.lr"),
        (["--config", "missing.toml"], "missing.toml"),
        (["conditioning.label_channels=20"], "label_channels to 34"),
        (["conditioning.surface.trunks=[21]"], "label 21 of its own"),
        (["conditioning.surface.heads=[24]"], "show heads as another"),
        (["losses.perceptual=1.0", "losses.vgg_weights=none.pth"], "losses.perceptual=0"),
        (["--anneal"], "--minutes"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(
    command: list[str], extra: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, *extra]) == 2
    message = capsys.readouterr().err.strip()
    assert named in message and "\n" not in message


def test_an_interrupted_run_is_saved(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Trainer, batch: Batch, number: int) -> dict[str, torch.Tensor]:
        if next(steps) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        return step(self, batch, number)

    step, steps = Trainer.step, iter(range(9))
    monkeypatch.setattr(Trainer, "step", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    assert main(command) == 130
    assert signal.getsignal(signal.SIGTERM) is before
    monkeypatch.undo()
    assert torch.load(tmp_path / "run" / "state.pt")["step"] == 3  # the step was ended
    assert main([*command, "--resume", "--steps", "3"]) == 0
    assert open_checkpoint(tmp_path / "run" / "checkpoint").facts["steps"] == 3


@pytest.mark.slow
def test_streets_are_rendered_while_training(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("moderngl")
    monkeypatch.setattr(command_module, "FIRST_FRAMES", 2)
    words = ["train", str(tmp_path / "drawn"), *command[2:], "--steps", "4"]
    assert main([*words, "--render", "5:40", "--render-size", "256x128"]) == 0
    assert open_checkpoint(tmp_path / "run" / "checkpoint").facts["size"] == (128, 256)
    drawn = [p.name for p in (tmp_path / "drawn").rglob("*") if p.is_file()]
    assert len(drawn) >= 8 and not [name for name in drawn if "tmp" in name]


def test_status_of_nothing_is_refused(tmp_path: Path, streets_data: Path) -> None:
    assert main(["train", str(streets_data), "--out", str(tmp_path), "--status"]) == 2


def test_status_says_how_far_a_run_is(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--steps", "3"]) == 0
    (tmp_path / "run" / "log.jsonl").write_text(
        '{"step": 3, "seconds": 7.5, "generator": 4.25, "steps_per_second": 0.5}\n{"step": 4, "se'
    )
    for words in (["--status", str(tmp_path / "run")], ["--status", *command[1:4]]):
        assert main(["train", *words]) == 0
        said = capsys.readouterr().out
        assert "3 of 4" in said and "2 of 2 (all), step 1 of it" in said
        assert "time left            2 s" in said and "4.25" in said and "last saved" in said


def test_losses_that_are_no_numbers_end_the_run_and_spare_the_last_save(
    command: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "LOG_EVERY", 1)
    assert main([*command, "--steps", "2"]) == 0
    before = (tmp_path / "run" / "state.pt").read_bytes()
    config = [*command, "--resume", "losses.reconstruction=1e39"]
    assert main(config) == 2
    assert "--resume and a lower optimizer.lr" in capsys.readouterr().err
    assert (tmp_path / "run" / "state.pt").read_bytes() == before


def test_what_a_killed_process_left_is_cleared_up(command: list[str], tmp_path: Path) -> None:
    assert main([*command, "--steps", "2"]) == 0
    run = tmp_path / "run"
    (run / ".state.pt.1-1.tmp").write_bytes(b"half")
    (run / "log.jsonl").write_text('{"step": 1}\n{"step": 3}\n{"st')
    assert main([*command, "--steps", "2", "--resume"]) == 0
    assert not list(run.glob(".state*"))
    assert (run / "log.jsonl").read_text() == '{"step": 1}\n'


def test_watching_writes_losses_and_sheets_for_tensorboard(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    monkeypatch.setattr(run_module, "LOG_EVERY", 2)
    assert main([*command, "--watch"]) == 0
    events = EventAccumulator(str(tmp_path / "run" / "events")).Reload()
    assert [each.step for each in events.Scalars("generator")] == [2, 4]
    assert [each.step for each in events.Images("samples")] == [4]


def test_watching_without_tensorboard_names_what_to_install(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    assert main([*command, "--watch"]) == 2
    assert "pip install tensorboard" in capsys.readouterr().err
