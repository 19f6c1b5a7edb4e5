"""What a checkpoint paints of frames: generators of pictures, and styles drawn for each frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copytree, rmtree

import numpy as np
import pytest
import torch

from model.checkpoint import open_checkpoint, save_checkpoint
from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.evaluation.figures import Settings, evaluate
from model.evaluation.painting import Painter
from model.evaluation.report import GENERATED, TRUE
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.scene.maps import read_label_map, write_picture
from model.styles.book import StyleBook
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


def test_every_frame_is_painted_in_styles_of_its_own(street, tmp_path):
    """Roads have the same id in all frames; drawn by that alone, they would all look alike."""
    conditioning = ConditioningConfig(feature_channels=3)
    config = GlobalGeneratorConfig(
        conditioning.input_channels, base_channels=4, downsamples=2, blocks=1
    )
    centers = np.random.default_rng(0).uniform(-1, 1, (8, 3)).astype(np.float32)
    save_checkpoint(
        tmp_path / "styled",
        generator=GlobalGenerator(config),
        generator_name="global",
        generator_config=config,
        conditioning=conditioning,
        schema_name=SCHEMA.name,
        style_book=StyleBook({7: centers}, {7: np.ones(8, int)}),
        dtype=torch.float32,
    )
    painter = Painter(open_checkpoint(tmp_path / "styled"), "cpu", "float32", 0)
    seen = {}
    for key in "abcdef":
        frame = replace(street, key=key)
        seen[key] = painter.paint(frame, GENERATED)
        assert np.array_equal(seen[key], painter.paint(frame, GENERATED))
    assert len({each.tobytes() for each in seen.values()}) > 2
