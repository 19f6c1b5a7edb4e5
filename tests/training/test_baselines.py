"""pix2pix, CRN and the paper's ablations: each trains, is saved, opens in the engine and paints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torchvision.models import vgg19

from main import main
from model.checkpoint import open_checkpoint
from model.inference.engine import Engine
from model.networks.cascaded_refinement import CascadedRefinement
from model.scene.maps import read_picture
from model.training.batches import Batch, BatchSource
from model.training.config import ConfigError, TrainingConfig, load_config
from model.training.losses import PerceptualLoss, nearest
from model.training.memory import peak_bytes
from model.training.run import Run, open_data
from model.training.trainer import Trainer, build_networks
from tests.inference.conftest import blocks

CPU = torch.device("cpu")
SMALL = ["precision=float32", "stages=[{crop=[64, 96], steps=4}]", "optimizer.ema=0.5"]
SMALL_D = ["discriminator_options.base_channels=4", "discriminator_options.layers=2"]
UNET = ["generator_options={base_channels=4, downsamples=4}"]
CRN = ["generator_options={module_channels=[8, 8, 6, 4]}"]
LOCAL = [
    "generator_options={base_channels=4, global_downsamples=2, global_blocks=1, local_blocks=1}",
    "encoder_options={base_channels=4, downsamples=2}",
]
FEATURES = ["conditioning.feature_channels=3", "encoder_options={base_channels=4, downsamples=2}"]

CASES: dict[str, tuple[str, list[str]]] = {
    "pix2pix": ("pix2pix", [*UNET, *SMALL_D]),
    "slim pix2pix": ("slim-pix2pix", [*UNET, *SMALL_D]),
    "crn": ("crn", [*CRN, "losses.perceptual=0"]),
    "slim crn": ("slim-crn", CRN),
    "crn, three pictures": ("slim-crn", [*CRN, "generator_options.diversity=3"]),
    "our losses, U-Net": ("slim-streets", ["generator=unet", *UNET, *FEATURES, *SMALL_D]),
    "our losses, CRN": ("slim-streets", ["generator=crn", *CRN, *FEATURES, *SMALL_D]),
    "single scale": ("slim-streets", [*LOCAL, *SMALL_D, "discriminator_options.scales=1"]),
    "no feature matching": ("slim-streets", [*LOCAL, *SMALL_D, "losses.feature_matching=0"]),
    "no instance map": (
        "slim-streets",
        [*LOCAL, *SMALL_D, "conditioning={label_channels=35, boundary=false}"],
    ),
    "global only": (
        "slim-streets",
        [
            "generator=global",
            "generator_options={base_channels=4, downsamples=2, blocks=1}",
            *FEATURES,
            *SMALL_D,
        ],
    ),
    "no discriminator": (
        "slim-streets",
        [*LOCAL, "losses.adversarial=none", "losses.feature_matching=0"],
    ),
}


def config_of(name: str, *more: str) -> TrainingConfig:
    preset, overrides = CASES[name]
    return load_config(preset, overrides=[*overrides, *SMALL, *more])


def batch_of(data: Path, config: TrainingConfig, step: int = 3) -> Batch:
    opened = open_data(data, config, CPU)
    return BatchSource(opened.training, opened.cache, config).batch(step)


def gradients(trainer: Trainer, batch: Batch) -> dict[str, Tensor]:
    torch.manual_seed(1)  # of what a U-Net drops
    trainer.step(batch)
    return {
        f"{part} {name}": p.grad.clone()
        for part, network in trainer.networks.items()
        for name, p in network.named_parameters()
        if p.grad is not None
    }


@pytest.mark.parametrize("name", CASES)
def test_it_trains_and_its_checkpoint_paints(name: str, streets_data: Path, tmp_path: Path) -> None:
    config = config_of(name)
    run = Run(tmp_path, config, CPU)
    data = open_data(streets_data, config, CPU)
    before = {n: p.clone() for n, p in run.trainer.networks.generator.named_parameters()}
    source = BatchSource(data.training, data.cache, config)
    for _ in run.train(source, last=4, deadline=None, quiet=True):
        pass
    after = dict(run.trainer.networks.generator.named_parameters())
    assert not any(torch.equal(before[n], after[n]) for n in before)
    run.save_checkpoint(tmp_path / "made", (128, 256))
    checkpoint = open_checkpoint(tmp_path / "made")
    assert checkpoint.generator_name == config.generator
    assert (checkpoint.discriminator_config is None) == (config.losses.adversarial == "none")
    engine = Engine(checkpoint, "cpu", "float32")
    scene = blocks(45, 83)  # no multiples
    picture = engine.picture(scene)
    assert picture.shape == (45, 83, 3)
    assert np.array_equal(picture, engine.picture(scene))


@pytest.mark.parametrize("name", ["slim pix2pix", "slim crn", "crn, three pictures"])
def test_on_one_frame_it_comes_nearer(name: str, streets_data: Path) -> None:
    config = config_of(name, "optimizer.lr=0.01")
    torch.manual_seed(0)
    trainer = Trainer(build_networks(config), config, CPU)
    batch = batch_of(streets_data, config)
    term = "l1" if "pix" in name else "reconstruction"
    losses = [float(trainer.step(batch)[term]) for _ in range(40)]
    assert losses[-1] < 0.6 * losses[0]


@pytest.mark.parametrize("name", ["slim pix2pix", "slim crn"])
def test_leaving_out_absent_labels_and_recomputing_change_no_gradient(
    name: str, streets_data: Path
) -> None:
    config = config_of(name)
    batch, found = batch_of(streets_data, config), []
    for changed, narrow in ((config, True), (config, False), (replace(config, recompute=True), 0)):
        torch.manual_seed(0)
        trainer = Trainer(build_networks(changed), changed, CPU)
        if not narrow:
            trainer.objective.present_labels = lambda batch: None
        found.append(gradients(trainer, batch))
    for other in found[1:]:
        assert other.keys() == found[0].keys()
        for key, gradient in found[0].items():
            scale = float(gradient.abs().max())
            torch.testing.assert_close(other[key], gradient, rtol=0, atol=1e-3 * scale + 1e-6)


@pytest.mark.parametrize("name", ["slim pix2pix", "crn, three pictures"])
def test_a_run_goes_on_as_if_it_had_not_stopped(
    name: str, streets_data: Path, tmp_path: Path
) -> None:
    config, weights = config_of(name), []
    for stops in ((4,), (2, 4)):
        folder = tmp_path / str(len(stops))
        run = Run(folder, config, CPU)
        data = open_data(streets_data, config, CPU)
        source = BatchSource(data.training, data.cache, config)
        for last in stops:
            for _ in run.train(source, last=last, deadline=None, quiet=True):
                pass
            run.save()
            run = Run.resume(folder, CPU)
        weights.append(run.trainer.averaged_generator.state_dict())
    torch.testing.assert_close(weights[0], weights[1], rtol=0, atol=0)


def test_of_several_pictures_the_nearest_counts() -> None:
    pictures, real = torch.rand(3, 4, 3, 5, 6), torch.rand(3, 3, 5, 6)
    pictures[1, 2] = real[1] + 0.01

    def distances(a: Tensor, b: Tensor) -> dict[str, Tensor]:
        return {"absolute": (a - b).abs().mean(), "square": 3 * (a - b).square().mean()}

    found = nearest(distances, pictures, real)
    chosen = []
    for several, one in zip(pictures, real, strict=True):
        each = [distances(picture, one) for picture in several]
        chosen.append(min(each, key=lambda terms: float(terms["absolute"] + terms["square"])))
    for term in ("absolute", "square"):
        mean = sum(float(terms[term]) for terms in chosen) / 3
        assert float(found[term]) == pytest.approx(mean, rel=1e-5)


def test_each_frame_trains_only_the_picture_nearest_to_it(streets_data: Path) -> None:
    config = config_of("crn, three pictures")
    trainer = Trainer(build_networks(config), config, CPU)
    batch = batch_of(streets_data, config)
    trainer.step(batch)
    network = trainer.networks.generator
    assert isinstance(network, CascadedRefinement) and network.head.weight.grad is not None
    touched = network.head.weight.grad.unflatten(0, (3, 3)).flatten(1).abs().sum(1) > 0
    assert touched.sum() == 1
    assert trainer.generate(batch).shape == batch.picture.shape  # the first alone is painted


def test_the_second_layers_of_vgg_are_taken_for_crn() -> None:
    torch.manual_seed(0)
    features = nn.Sequential(*vgg19(weights=None).features.children())
    a, b = torch.rand(2, 1, 3, 32, 32)
    expected, x, y, count, seen = 0.0, a, b, [0] * 6, 1
    weights = (1 / 2.6, 1 / 4.8, 1 / 3.7, 1 / 5.6, 10 / 1.5)
    with torch.no_grad():
        for layer in features:
            x, y = layer(x), layer(y)
            seen += isinstance(layer, nn.MaxPool2d)
            if isinstance(layer, nn.ReLU) and seen < 6:
                count[seen] += 1
                if count[seen] == 2:
                    expected += weights[seen - 1] * float((x - y).abs().mean())
        assert float(PerceptualLoss(features, "second")(a, b)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "override", "said"),
    [
        ("slim crn", "losses.feature_matching=1", "needs a discriminator"),
        ("slim crn", "losses.reconstruction=0", "all losses are off"),
        ("crn, three pictures", "losses.adversarial=lsgan", "without a discriminator"),
        ("slim crn", "generator_options.module_channels=[4, 0]", "module_channels 0"),
        ("slim crn", f"generator_options.module_channels={[4] * 18}", "doubled 17 times"),
        ("slim crn", "generator_options.module_channels=5", "options cannot be used"),
        ("slim pix2pix", "generator_options.downsamples=0", "1 or more downsamples"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    name: str, override: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        build_networks(config_of(name, override))


@pytest.mark.parametrize("preset", ["pix2pix", "crn"])
def test_memory_of_their_full_sizes_can_be_counted(preset: str) -> None:
    config = load_config(preset)
    assert 2**29 < peak_bytes(config, config.stages[-1], (256, 256)) < 2**32


@pytest.mark.parametrize("name", ["slim pix2pix", "slim crn"])
def test_training_and_rendering_by_the_command_line(
    name: str, streets_data: Path, tmp_path: Path
) -> None:
    preset, overrides = CASES[name]
    run, out = tmp_path / "run", tmp_path / "pictures"
    words = ["train", str(streets_data), "--out", str(run), "--preset", preset]
    words += ["--device", "cpu", "--quiet", *overrides, *SMALL]
    assert main(words) == 0
    maps = sorted((streets_data / "test_label").glob("*.png"))
    words = ["render", *map(str, maps), "--out", str(out), "--checkpoint", str(run / "checkpoint")]
    assert main([*words, "--device", "cpu", "--quiet"]) == 0
    pictures = [read_picture(path) for path in sorted(out.glob("*.png"))]
    assert len(pictures) == len(maps) and all(p.shape == (128, 256, 3) for p in pictures)
