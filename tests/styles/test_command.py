# pyright: reportOptionalMemberAccess=false, reportOptionalCall=false, reportArgumentType=false
"""`styles fit` and `styles show` on the golden encoder and pictures."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from main import main
from model.checkpoint import load_encoder, open_checkpoint, save_checkpoint
from model.conditioning import ConditioningConfig
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.scene.maps import read_instance_map, read_picture
from model.scene.surface_labels import SurfaceLabels
from model.styles.encode import encoding_size
from model.styles.examples import CROP_SIDE, crop_around
from model.styles.sheet import (
    NAME_WIDTH,
    SWATCH,
    TITLE_HEIGHT,
    draw_sheet,
    feature_range,
    swatch_color,
)

GOLDEN = Path(__file__).parent.parent / "golden"
DATA = GOLDEN / "datasets" / "cityscapes_small"


@pytest.fixture
def checkpoint(tmp_path):
    source = GOLDEN / "checkpoints" / "local_feat"
    assert main(["convert", "--quiet", str(source), str(tmp_path / "ours")]) == 0
    return tmp_path / "ours"


def fit(checkpoint, *arguments, data=DATA):
    return main(["styles", "fit", str(checkpoint), str(data), "--quiet", *arguments])


def test_fit_clusters_the_mean_features_of_every_large_instance(checkpoint, capsys):
    arguments = ("--height", "128", "--minimum-pixels", "100")
    assert fit(checkpoint, *arguments) == 0
    opened = open_checkpoint(checkpoint)
    encoder, rows, roots = load_encoder(opened), {}, Counter()
    for file in sorted((DATA / "train_img").iterdir()):
        stem = file.name.removesuffix("_leftImg8bit.png")
        instances = read_instance_map(DATA / "train_inst" / f"{stem}_gtFine_instanceIds.png")
        picture = torch.from_numpy(read_picture(file)).permute(2, 0, 1)[None].float() / 127.5 - 1
        with torch.inference_mode():
            features = encoder(picture)[0].numpy()
        for instance in np.unique(instances):
            here = instances == instance
            if here.sum() >= 100:
                label = int(instance if instance < 1000 else instance // 1000)
                rows.setdefault(label, []).append(features[:, here].mean(1))
                roots[label] += here.sum() ** 0.5
    book = opened.style_book
    assert list(book.centers) == sorted(rows)
    for label, features in rows.items():
        assert book.count(label) == min(len(features), 10)
        assert abs(book.sizes[label].sum() - roots[label]) < book.count(label)
        if len(features) <= 10:  # then every row is a cluster of its own
            found = sorted(map(tuple, book.centers[label].round(4).tolist()))
            expected = sorted(map(tuple, np.array(features, np.float32).round(4).tolist()))
            assert np.abs(np.array(found) - np.array(expected)).max() < 5e-4
    assert (
        capsys.readouterr().out == f"{sum(map(book.count, rows))} styles for {len(rows)} labels\n"
    )


def test_fit_keeps_a_crop_of_the_instance_nearest_to_each_centre(checkpoint, tmp_path):
    assert fit(checkpoint, "--height", "128", "--minimum-pixels", "100", "--clusters", "1") == 0
    opened = open_checkpoint(checkpoint)
    book, encoder, nearest = opened.style_book, load_encoder(opened), {}
    for file in sorted((DATA / "train_img").iterdir()):
        stem = file.name.removesuffix("_leftImg8bit.png")
        instances = read_instance_map(DATA / "train_inst" / f"{stem}_gtFine_instanceIds.png")
        picture = read_picture(file)
        tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
        with torch.inference_mode():
            features = encoder(tensor)[0].numpy()
        for instance in np.unique(instances):
            here = instances == instance
            label = int(instance if instance < 1000 else instance // 1000)
            if here.sum() >= 100:
                distance = np.linalg.norm(features[:, here].mean(1) - book.centers[label][0])
                nearest.setdefault(label, []).append((distance, crop_around(picture, here)))
    assert sorted(book.crops) == sorted(nearest)
    for label, found in nearest.items():
        least = min(distance for distance, _ in found)  # both of two are equally near
        best = [crop for distance, crop in found if distance < least + 1e-5]
        assert len(best) < 3
        assert any(np.array_equal(book.crops[label][0], crop) for crop in best)
    sheet = draw_sheet(book, {}, "x")
    for row, label in enumerate(book.centers):
        top = TITLE_HEIGHT + row * (SWATCH[1] + CROP_SIDE + 2) + 2
        left = NAME_WIDTH + (SWATCH[0] - CROP_SIDE) // 2
        shown = sheet[top : top + CROP_SIDE, left : left + CROP_SIDE]
        assert np.array_equal(shown, book.crops[label][0])


def test_crops_are_squares_within_the_picture_around_what_is_covered():
    picture = np.zeros((100, 200, 3), np.uint8)
    mask = np.zeros((100, 200), bool)
    mask[90:100, 195:200] = True  # in the corner: the square of 12 is pushed inside
    picture[mask] = 255
    crop = crop_around(picture, mask)
    assert crop.shape == (CROP_SIDE, CROP_SIDE, 3)
    assert crop.mean() == pytest.approx(255 * 50 / 144, abs=2)
    mask[:] = True  # wider than high: the middle square
    picture[:] = 0
    picture[:, 50:150] = 255
    assert (crop_around(picture, mask) == 255).all()
    mask[:] = False
    mask[5, 5] = True
    assert (crop_around(picture, mask) == 0).all()


def test_fit_as_the_official_code_leaves_out_small_instances(checkpoint):
    assert fit(checkpoint, "--height", "128", "--minimum-pixels", "1") == 0
    everything = open_checkpoint(checkpoint).style_book
    assert fit(checkpoint, "--height", "128", "--official", "--clusters", "2") == 0
    large = open_checkpoint(checkpoint).style_book
    assert set(large.centers) < set(everything.centers)
    assert max(map(large.count, large.centers)) == 2


@pytest.mark.parametrize(
    ("facts", "height", "expected"),
    [
        ({}, None, (1024, 2048)),
        ({}, 500, (496, 992)),
        ({"size": (512, 1024)}, None, (512, 1024)),
        ({"size": (512, 1024)}, 256, (256, 512)),
        ({"preprocess": "scale_width_and_crop", "load_size": 1024}, None, (512, 1024)),
        ({"preprocess": "none", "load_size": 1024}, None, (1024, 2048)),
    ],
)
def test_pictures_are_encoded_at_the_size_of_training(checkpoint, facts, height, expected):
    opened = open_checkpoint(checkpoint)
    object.__setattr__(opened, "facts", facts)
    assert encoding_size(opened, (1024, 2048), 16, height) == expected


def test_fit_refuses_without_changing_anything(checkpoint, tmp_path, capsys):
    before = (checkpoint / "styles.npz").read_bytes()
    official = GOLDEN / "checkpoints" / "local_feat"
    (tmp_path / "odd").mkdir()
    for part in ("label", "inst", "img"):
        shutil.copytree(DATA / f"train_{part}", tmp_path / "odd" / f"train_{part}")
    next((tmp_path / "odd" / "train_img").iterdir()).unlink()
    refusals = [
        (fit(official, data=tmp_path / "nowhere"), "convert"),
        (fit(GOLDEN / "checkpoints" / "local"), "has no encoder"),
        (fit(checkpoint, data=tmp_path / "nowhere"), "does not exist"),
        (fit(checkpoint, data=tmp_path / "odd"), "has no partner in"),
        (fit(checkpoint, "--minimum-pixels", "999999", "--height", "32"), "large enough"),
        (fit(checkpoint, "--clusters", "0"), "at least 1"),
        (fit(checkpoint, "--clusters", "1001"), "at most 1000"),
    ]
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(refusals)
    for (code, reason), line in zip(refusals, said, strict=True):
        assert code == 2 and reason in line
    assert (checkpoint / "styles.npz").read_bytes() == before


def test_show_draws_one_swatch_per_cluster(checkpoint, tmp_path, capsys):
    sheet = tmp_path / "sheet.png"
    assert main(["styles", "show", str(checkpoint), "-o", str(sheet)]) == 0
    book, pixels = open_checkpoint(checkpoint).style_book, read_picture(sheet)
    low, high = feature_range(book)
    for row, label in enumerate(book.centers):
        for column in range(10):
            y, x = TITLE_HEIGHT + row * SWATCH[1] + 8, NAME_WIDTH + column * SWATCH[0] + 30
            filled = column < book.count(label)
            color = swatch_color(book.centers[label][column], low, high) if filled else None
            expected = color or (24, 24, 26)
            assert tuple(pixels[y, x]) == expected
    assert capsys.readouterr().out == f"{sheet}\n"


def test_show_refuses_a_checkpoint_without_styles(tmp_path, capsys):
    source = GOLDEN / "checkpoints" / "local"
    assert main(["styles", "show", str(source), "-o", str(tmp_path / "s.png")]) == 2
    assert "has no styles" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_swatches_show_features_over_the_range_in_the_book():
    low, high = np.array([-1.0, 0.0, 2.0, 0.0]), np.array([1.0, 1.0, 2.0, 9.0])
    assert swatch_color(np.array([1.0, 0.0, 2.0, 9.0]), low, high) == (255, 0, 0)
    assert swatch_color(np.array([0.5]), np.zeros(1), np.ones(1)) == (128, 128, 128)


def test_an_empty_book_makes_an_empty_sheet():
    from model.styles.book import StyleBook

    assert draw_sheet(StyleBook({}, {}), {}, "x").shape == (TITLE_HEIGHT, NAME_WIDTH, 3)


@pytest.mark.parametrize("told", [True, False], ids=["modes known", "modes unknown"])
def test_fit_finds_out_which_styles_of_ground_are_paved(tmp_path, told):
    conditioning = ConditioningConfig(
        feature_channels=3, spatial_reference=True, surface=SurfaceLabels(ground=(7, 8), slabs=(8,))
    )
    sizes = LocalEnhancerConfig(
        conditioning.input_channels, base_channels=4, global_downsamples=2, global_blocks=1
    )
    encoder = EncoderConfig(base_channels=4, downsamples=2, color_skip=1.0)
    torch.manual_seed(0)
    save_checkpoint(
        tmp_path / "tiny",
        generator=LocalEnhancer(sizes),
        generator_name="local",
        generator_config=sizes,
        conditioning=conditioning,
        schema_name="cityscapes",
        encoder=Encoder(encoder),
        encoder_config=encoder,
    )
    labels = np.full((64, 128), 7, np.uint8)
    labels[:, 64:] = 8
    for number in range(8):
        cobbles, slabs = number % 2 == 0, number % 4 < 2
        picture = np.random.default_rng(number).integers(0, 60, (64, 128, 3), dtype=np.uint8)
        picture += np.where(labels == 7, 120 * cobbles, 120 * slabs).astype(np.uint8)[..., None]
        parts = {"img/f{}_leftImg8bit": picture}
        parts |= {"label/f{}_gtFine_labelIds": labels}
        parts |= {"inst/f{}_gtFine_instanceIds": labels.astype(np.uint16)}
        for name, content in parts.items():
            file = tmp_path / f"train_{name.format(number)}.png"
            file.parent.mkdir(exist_ok=True)
            cv2.imwrite(str(file), content)
        if told:
            modes = {"road": "cobblestone" if cobbles else "wet"}
            modes["sidewalk"] = "slabs" if slabs else "asphalt"
            facts = {"modes": modes, "instances": {}}
            (tmp_path / "train_meta").mkdir(exist_ok=True)
            (tmp_path / "train_meta" / f"f{number}.json").write_text(json.dumps(facts))
    assert fit(tmp_path / "tiny", "--clusters", "8", data=tmp_path) == 0
    opened = open_checkpoint(tmp_path / "tiny")
    conditioning = opened.conditioning
    assert set(conditioning.told) == ({"cobbled", "slabbed"} if told else set())
    for label, name in ((7, "cobbled"), (8, "slabbed")):
        if told:
            *weights, least = conditioning.told[name]
            assert len(weights) == 3
            centers = opened.style_book.centers[label]
            assert np.ptp(centers[:, 0]) > 0.5  # light and dark
            light = centers[:, :3].sum(1) > centers[:, :3].sum(1).mean()
            assert np.array_equal(centers @ np.array(weights) + least > 0, light)
    if told:
        shutil.rmtree(tmp_path / "train_meta")  # pictures that tell nothing: what was known stays
        assert fit(tmp_path / "tiny", "--clusters", "2", data=tmp_path) == 0
        assert open_checkpoint(tmp_path / "tiny").conditioning == opened.conditioning
