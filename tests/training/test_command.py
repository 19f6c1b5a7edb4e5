from __future__ import annotations

from pathlib import Path

import pytest

from main import main
from model.checkpoint import load_encoder, load_generator, open_checkpoint

TINY = """
[generator_options]
base_channels = 2
global_downsamples = 2
global_blocks = 1
local_blocks = 1
[encoder_options]
base_channels = 2
downsamples = 2
[discriminator_options]
base_channels = 2
[conditioning]
feature_channels = 3
spatial_reference = true
[losses]
perceptual = 0.0
[[stages]]
train = "global"
reduce = 2
steps = 2
[[stages]]
crop = [64, 64]
steps = 2
"""


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


def test_a_second_start_is_refused_and_resuming_goes_on(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--steps", "1"]) == 0
    assert main([*command, "--steps", "2"]) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*command, "--steps", "2", "--resume"]) == 0
    assert open_checkpoint(tmp_path / "run" / "checkpoint").generator_name == "global"


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        (["optimizer.lr=fast"], "optimizer.lr"),
        (["--config", "missing.toml"], "missing.toml"),
        (["losses.perceptual=1.0", "losses.vgg_weights=none.pth"], "losses.perceptual=0"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(
    command: list[str], extra: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, *extra]) == 2
    message = capsys.readouterr().err.strip()
    assert named in message and "\n" not in message


def test_status_of_nothing_is_refused(tmp_path: Path, streets_data: Path) -> None:
    assert main(["train", str(streets_data), "--out", str(tmp_path), "--status"]) == 2
