"""A judge that reads the palette and a painter that paints it; skips without the extra."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
import torch

from model.evaluation.judge import Judge, JudgeConfig, judged_labels
from model.evaluation.painting import TruePair
from model.scene.labels import CITYSCAPES_NAME, label_colors, load_schema
from model.scene.scene import Scene

SCHEMA = load_schema(CITYSCAPES_NAME)


def pytest_collection_modifyitems(items):
    for name in ("segmentation_models_pytorch", "torchmetrics"):
        if importlib.util.find_spec(name) is None:
            for item in items:
                item.add_marker(pytest.mark.skip(f"{name} is missing; install extra evaluate"))


class PalettePainter:
    """Paints every label in its colour, or in that of the label `swaps` names for it."""

    draws = True
    sources = ("generated", "encoded")

    def __init__(self, swaps=None):
        self._swaps = swaps or {}

    def paint(self, pair, source, draw=0):
        labels = pair.scene.label_map.copy()
        for label, other in self._swaps.items():
            labels[pair.scene.label_map == label] = other
        picture = label_colors(labels, pair.scene.schema).copy()
        picture[..., 2] ^= np.uint8(draw & 1)  # too little for the judge to mind
        return picture


@pytest.fixture
def palette_judge() -> Judge:
    """Sees in each pixel the judged label whose colour is nearest."""
    config = JudgeConfig(judged_labels(SCHEMA), height=0, mean=[0.0] * 3, deviation=[1.0] * 3)
    colors = torch.tensor(SCHEMA.palette[config.labels].astype(np.float32) / 255)

    def network(pictures):
        apart = (pictures[:, None] - colors[None, :, :, None, None]).square().sum(2)
        return -apart, [pictures, apart + 0.1]

    return Judge(network, config, "palette", "0", "colours")


@pytest.fixture
def street() -> TruePair:
    """32x64: sky over a house, a road with two cars side by side, a void strip at the bottom."""
    labels = np.full((32, 64), 23, np.uint8)
    labels[8:16, :40] = 11
    labels[16:28] = 7
    labels[28:] = 1
    instances = labels.astype(np.int32)
    for number, left in enumerate((10, 22)):
        labels[18:25, left : left + 12] = 26
        instances[18:25, left : left + 12] = 26001 + number
    scene = Scene(SCHEMA, labels, instances)
    return TruePair("street", scene, label_colors(labels, SCHEMA))
