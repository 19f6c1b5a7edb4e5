"""The engine that the editor and the command line use, against the official code's pictures.

It takes scenes of any size by padding them; the official code returns a larger picture instead,
so `global_88x56_not_multiple` is compared for the bare network only.
"""

from __future__ import annotations

import numpy as np
import pytest

from model.inference.engine import Engine
from model.scene.labels import load_schema
from model.scene.scene import Scene, Style
from tests import golden_data as data
from tests.networks.test_golden_checkpoints import opened
from tests.networks.test_golden_generators import CASES

SCENES = [
    name
    for name in CASES
    if name != "global_88x56_not_multiple" and {"label", "output_u8"} <= data.arrays(name).keys()
]


def scene_of(name: str) -> Scene:
    stored = data.arrays(name)
    labels = stored["label"]
    instances = stored["inst"] if "inst" in stored else labels.astype(np.int32)
    styles = {}
    for instance in np.unique(instances) if "feat" in stored else ():
        y, x = np.argwhere(instances == instance)[0]
        styles[int(instance)] = Style(tuple(float(value) for value in stored["feat"][:, y, x]))
    return Scene(load_schema("cityscapes"), labels, instances, styles)


@pytest.mark.parametrize("name", SCENES)
def test_the_engine_paints_the_official_picture(name, golden):
    engine = Engine(opened(CASES[name]), device="cpu", precision="float32")
    difference = data.worst(engine.picture(scene_of(name)), data.arrays(name)["output_u8"])
    golden(f"engine {CASES[name]} (levels)", difference, data.LEVEL_LIMIT)


@pytest.mark.gpu
@pytest.mark.parametrize("name", SCENES)
def test_the_engine_paints_the_official_picture_on_a_gpu(name, golden):
    engine = Engine(opened(CASES[name]), device="cuda", precision="float32")
    difference = data.worst(engine.picture(scene_of(name)), data.arrays(name)["output_u8"])
    golden(f"engine {CASES[name]}, CUDA (levels)", difference, data.LEVEL_LIMIT)
