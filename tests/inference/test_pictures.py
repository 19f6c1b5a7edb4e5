"""Checkpoints that take pictures (edges to photographs): the editor's pens and `render`."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from app.rendering.worker import EngineSource, open_engine
from main import main
from model.checkpoint import load_generator, open_checkpoint, save_checkpoint
from model.conditioning import ConditioningConfig
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.pixels import to_bytes
from model.scene.labels import load_schema
from model.scene.maps import read_picture, write_picture
from model.scene.scene import Scene
from tests.inference.conftest import loud

SIZE = 48, 64
SCHEMA = load_schema("edges")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(3)
    config = GlobalGeneratorConfig(3, base_channels=8, downsamples=2, blocks=1)
    conditioning = ConditioningConfig(rgb=True, boundary=False)
    path = tmp_path_factory.mktemp("pictures") / "edges"
    save_checkpoint(
        path,
        generator=loud(GlobalGenerator(config)),
        generator_name="global",
        generator_config=config,
        conditioning=conditioning,
        schema_name="",
        dtype=torch.float32,
    )
    return path


@pytest.fixture
def drawn() -> Scene:
    random = np.random.default_rng(0)
    labels = random.choice(np.array(SCHEMA.ids, np.uint8), SIZE)
    return Scene(SCHEMA, labels, labels.astype(np.int32))


def painted_plainly(folder, picture):
    """The network on the picture as training shows it, without engine."""
    generator = load_generator(open_checkpoint(folder)).eval()
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        return to_bytes(generator(tensor)[0].permute(1, 2, 0)).numpy()


def test_the_pens_colours_are_the_picture_that_the_network_sees(folder, drawn):
    engine, _ = open_engine(EngineSource(folder, SCHEMA, device="cpu", precision="float32"))
    expected = painted_plainly(folder, SCHEMA.palette[drawn.label_map])
    difference = engine.picture_unless(drawn, lambda: False).astype(int) - expected
    assert abs(difference).max() <= 1
    assert expected.std() > 1


def test_render_paints_pictures_with_such_a_checkpoint(folder, tmp_path):
    random = np.random.default_rng(1)
    picture = random.integers(0, 256, (*SIZE, 3), np.uint8)
    write_picture(tmp_path / "in.png", picture)
    arguments = ["render", str(tmp_path / "in.png"), "--checkpoint", str(folder)]
    device = ["--device", "cpu", "--precision", "float32", "--quiet"]
    assert main([*arguments, *device, "-o", str(tmp_path / "out.png")]) == 0
    difference = read_picture(tmp_path / "out.png").astype(int) - painted_plainly(folder, picture)
    assert abs(difference).max() <= 1
