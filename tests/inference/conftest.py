"""Small scenes and checkpoints with random weights, made anew for every test run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.checkpoint import open_checkpoint, save_checkpoint
from model.conditioning import ConditioningConfig
from model.networks.layers import initialize
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.scene.geometry import Rect
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.scene import Scene, ScenePatch
from model.scene.surface_labels import SurfaceLabels
from model.styles.book import StyleBook

LABELS = np.array([7, 8, 11, 21, 23, 26], np.uint8)
CAR = 26


def blocks(height, width, seed=0, styles=None, revision=0) -> Scene:
    """A scene of rectangles; cars are counted."""
    random = np.random.default_rng(seed)
    labels = np.full((height, width), 11, np.uint8)
    instances = labels.astype(np.int32)
    for number in range(12):
        label = int(random.choice(LABELS))
        y, x = random.integers(0, height), random.integers(0, width)
        part = slice(y, y + height // 3), slice(x, x + width // 4)
        labels[part] = label
        instances[part] = label * 1000 + number if label == CAR else label
    return Scene(load_schema(CITYSCAPES_NAME), labels, instances, styles or {}, revision)


def patch_of(scene: Scene, rect: Rect | None = None, revision: int | None = None) -> ScenePatch:
    """The scene as a patch; all of it unless a rectangle is given."""
    height, width = scene.size
    rect = Rect(0, 0, width, height) if rect is None else rect
    return ScenePatch(
        scene.size,
        rect,
        scene.label_map[rect.slices].copy(),
        scene.instance_map[rect.slices].copy(),
        scene.styles,
        scene.revision if revision is None else revision,
    )


def never() -> bool:
    return False


def always() -> bool:
    return True


SURFACE = SurfaceLabels(ground=(7, 8), walls=(11, 12), vehicles=(26,))


def loud[Net: torch.nn.Module](generator: Net) -> Net:
    """Random weights whose pictures use most of [-1, 1]."""
    torch.manual_seed(5)
    initialize(generator)
    for layer in generator.modules():
        if isinstance(layer, torch.nn.Conv2d):
            torch.nn.init.normal_(layer.bias, 0.0, 0.3)
    head = [layer for layer in generator.modules() if isinstance(layer, torch.nn.Conv2d)][-1]
    with torch.no_grad():
        head.weight *= 4
    return generator.eval()


@pytest.fixture(scope="session")
def checkpoint_folder(tmp_path_factory):
    """A tiny checkpoint with styles and all reference channels, in our own format."""
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    conditioning = ConditioningConfig(feature_channels=3, spatial_reference=True, surface=SURFACE)
    config = LocalEnhancerConfig(
        input_channels=conditioning.input_channels,
        base_channels=4,
        global_downsamples=2,
        global_blocks=1,
        local_blocks=1,
        upsample="resize",
        padding="reflect",
        tint=conditioning.places_of_colors,
    )
    centers = np.random.default_rng(1).uniform(-2, 2, (4, 3)).astype(np.float32)
    save_checkpoint(
        folder,
        generator=loud(LocalEnhancer(config)),
        generator_name="local",
        generator_config=config,
        conditioning=conditioning,
        schema_name=CITYSCAPES_NAME,
        style_book=StyleBook({CAR: centers}, {CAR: np.array([9, 5, 5, 2])}),
        dtype=torch.float32,
    )
    return folder


@pytest.fixture(scope="session")
def checkpoint(checkpoint_folder):
    return open_checkpoint(checkpoint_folder)
