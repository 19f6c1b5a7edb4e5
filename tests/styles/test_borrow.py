"""Styles out of photos, with the golden encoder: in the engine and by `render --styles-from`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from main import main
from model.checkpoint import load_encoder, open_checkpoint
from model.errors import InputError
from model.inference.engine import Engine
from model.inference.flat import FlatRenderer
from model.inference.request import BorrowRequest
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.maps import read_instance_map, read_picture
from model.styles import borrow
from model.styles.encode import encode_instances

GOLDEN = Path(__file__).parent.parent / "golden"
DATA = GOLDEN / "datasets" / "cityscapes_small"
PHOTO = sorted((DATA / "train_img").iterdir())[0]
STEM = PHOTO.name.removesuffix("_leftImg8bit.png")
LABELS = DATA / "train_label" / f"{STEM}_gtFine_labelIds.png"
INSTANCES = DATA / "train_inst" / f"{STEM}_gtFine_instanceIds.png"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ours") / "ours"
    source = GOLDEN / "checkpoints" / "local_feat"
    assert main(["convert", "--quiet", str(source), str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def engine(folder):
    return Engine(open_checkpoint(folder), "cpu", "float32", previews="never")


@pytest.fixture
def photo():
    return read_picture(PHOTO)


def test_a_region_gets_the_mean_of_what_the_encoder_sees_in_it(engine, folder, photo):
    regions = np.zeros(photo.shape[:2], np.int32)
    regions[20:60, 30:90] = 1
    regions[80:100, 100:140] = 7
    found = engine.borrow(BorrowRequest(photo, regions))
    checkpoint = open_checkpoint(folder)
    encoder = load_encoder(checkpoint)
    assert encoder is not None
    rows = encode_instances(checkpoint, encoder, photo, regions)
    assert list(found) == rows.ids.tolist() == [0, 1, 7]
    for number, feature in zip(rows.ids.tolist(), rows.features, strict=True):
        assert found[number].vector == pytest.approx(feature.tolist(), abs=1e-6)
        assert found[number].cluster is None


def test_a_photo_is_encoded_once_for_all_its_regions(folder, photo):
    borrower = borrow.Borrower(open_checkpoint(folder), torch.device("cpu"))
    everything = np.ones(photo.shape[:2], np.int32)
    first = borrower.styles(photo, everything)
    seen = borrower._features
    regions = everything.copy()
    regions[:60] = 2
    borrower.styles(photo, regions)
    assert borrower._features is seen
    other = photo.copy()
    other[:] = 255 - other
    assert borrower.styles(other, everything) != first
    assert borrower.styles(photo, everything) == first


def test_without_an_encoder_the_refusal_says_so(photo):
    request = BorrowRequest(photo, np.ones(photo.shape[:2], np.int32))
    with pytest.raises(InputError, match="has no encoder"):
        plain = open_checkpoint(GOLDEN / "checkpoints" / "global")
        Engine(plain, "cpu", "float32").borrow(request)
    with pytest.raises(InputError, match="Open a checkpoint with an encoder"):
        FlatRenderer(load_schema(CITYSCAPES_NAME)).borrow(request)


def test_render_paints_a_scene_in_the_styles_of_a_photo(folder, engine, tmp_path, photo):
    common = ("--checkpoint", str(folder), "--quiet", "--device", "cpu", "--precision", "float32")
    render = ["render", str(LABELS), "--instances", str(INSTANCES), *common, "-o"]
    lent = ["--styles-from", str(PHOTO), str(LABELS), str(INSTANCES)]
    assert main([*render, str(tmp_path / "lent.png"), *lent]) == 0
    regions = read_instance_map(INSTANCES)
    seen = engine.borrow(BorrowRequest(photo, regions))
    file = tmp_path / "styles.json"
    file.write_text(json.dumps({key: {"vector": style.vector} for key, style in seen.items()}))
    assert main([*render, str(tmp_path / "named.png"), "--styles", str(file)]) == 0
    assert main([*render, str(tmp_path / "drawn.png")]) == 0
    pictures = {n: read_picture(tmp_path / f"{n}.png") for n in ("lent", "named", "drawn")}
    assert np.array_equal(pictures["lent"], pictures["named"])
    assert not np.array_equal(pictures["lent"], pictures["drawn"])


def test_render_refuses_a_photo_of_another_size_than_its_maps(folder, tmp_path, capsys):
    from model.scene.maps import write_picture

    write_picture(tmp_path / "small.png", np.zeros((8, 8, 3), np.uint8))
    lent = ["--styles-from", str(tmp_path / "small.png"), str(LABELS), str(INSTANCES)]
    output = tmp_path / "out.png"
    command = ["render", str(LABELS), "--checkpoint", str(folder), *lent, "-o", str(output)]
    assert main(command) == 2
    assert "sizes must be equal" in capsys.readouterr().err
    assert not output.exists()
