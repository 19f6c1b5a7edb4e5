from __future__ import annotations

import os
from pathlib import Path

import pytest

from model.training.config import (
    ConditioningConfig,
    DataConfig,
    LossConfig,
    OptimizerConfig,
    Stage,
    TrainingConfig,
)

ROOT = Path(__file__).parents[2]
DATASETS = ROOT / "tests" / "golden" / "datasets"

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


def without_torchrun() -> dict[str, str]:
    """This process's environment without what torchrun may have put there."""
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")
    return {k: v for k, v in os.environ.items() if k not in names and "TORCHELASTIC" not in k}


@pytest.fixture
def streets_data() -> Path:
    """Four training frames and three test maps of 256x128 in the official layout."""
    return DATASETS / "cityscapes_small"


@pytest.fixture
def edges_data() -> Path:
    return DATASETS / "edges_small"


@pytest.fixture
def tiny_config() -> TrainingConfig:
    """A local enhancer with encoder and spatial reference, small enough for milliseconds."""
    return TrainingConfig(
        generator_options={
            "base_channels": 2,
            "global_downsamples": 2,
            "global_blocks": 1,
            "local_blocks": 1,
            "upsample": "resize",
            "padding": "reflect",
            "tint": True,
        },
        encoder_options={"base_channels": 2, "downsamples": 2, "color_skip": 1.0},
        discriminator_options={"base_channels": 2, "scales": 2},
        conditioning=ConditioningConfig(feature_channels=3, spatial_reference=True),
        data=DataConfig(focus=0.5),
        losses=LossConfig(perceptual=0.0, reconstruction=10.0),
        optimizer=OptimizerConfig(ema=0.9),
        stages=(
            Stage(train="global", reduce=2, batch=2, steps=3),
            Stage(train="enhancer", crop=(64, 96), batch=2, steps=2),
            Stage(train="all", crop=(64, 64), batch=1, steps=3, decay_from=0.0),
        ),
    )
