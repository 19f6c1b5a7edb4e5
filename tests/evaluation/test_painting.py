"""Generators that take pictures, judged on the label maps beside those."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, rmtree

import pytest
import torch

from model.checkpoint import save_checkpoint
from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.evaluation.figures import Settings, evaluate
from model.evaluation.report import GENERATED, TRUE
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.scene.maps import read_label_map, write_picture
from tests.evaluation.conftest import SCHEMA

DATA = Path(__file__).parents[1] / "golden" / "datasets" / "cityscapes_small"
HOW = Settings(device="cpu", precision="float32")


@pytest.fixture
def pictures(tmp_path) -> Path:
    """Frames whose generator is given their label colours, and a checkpoint of one, `edges`."""
    for part in ("label", "inst"):
        copytree(DATA / f"train_{part}", tmp_path / f"train_{part}")
    copytree(DATA / "train_img", tmp_path / "train_B")
    (tmp_path / "train_A").mkdir()
    for file in sorted((tmp_path / "train_label").iterdir()):
        write_picture(tmp_path / "train_A" / file.name, SCHEMA.palette[read_label_map(file)])
    config = GlobalGeneratorConfig(3, base_channels=4, downsamples=2, blocks=1)
    save_checkpoint(
        tmp_path / "edges",
        generator=GlobalGenerator(config),
        generator_name="global",
        generator_config=config,
        conditioning=ConditioningConfig(rgb=True, boundary=False),
        schema_name="",
        dtype=torch.float32,
    )
    return tmp_path


def test_a_generator_of_pictures_is_judged_where_there_are_labels_too(pictures, palette_judge):
    report = evaluate(pictures / "edges", pictures, palette_judge, HOW)
    assert set(report.pictures) == {TRUE, GENERATED}
    assert report.pictures[GENERATED].l1 > 0
    assert report.diversity is None
    assert len(report.frames) == 4
    rmtree(pictures / "train_label")
    with pytest.raises(InputError, match="train_label"):
        evaluate(pictures / "edges", pictures, palette_judge, HOW)
