"""Training steps against the official code's: losses, gradients and parameters after five steps.

The trainer runs in float32, as it always does. In float64 the same losses and networks are put
together here, so that rounding cannot hide a wrong term.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig, build_conditioning, condition_maps
from model.pixels import to_bytes
from model.scene.frame_files import find_frames
from model.scene.labels import load_schema
from model.training.batches import Batch, Crop, cut
from model.training.config import LossConfig, TrainingConfig
from model.training.frames import read_frame
from model.training.losses import adversarial_loss, feature_matching_loss
from model.training.trainer import Networks, Trainer
from tests import golden_data as data

CASES = {"train_global": "global", "train_local_feat": "local_feat", "train_rgb_bce": "rgb"}
TERMS = {  # ours -> official
    "adversarial": "G_GAN",
    "feature_matching": "G_GAN_Feat",
    "real": "D_real",
    "fake": "D_fake",
    "generator": "loss_G",
    "discriminator": "loss_D",
}
STEPS = 5
ZERO = 1e-9  # gradient norms below this (in float64) are those of biases before a norm layer


def training_config(name: str) -> TrainingConfig:
    rgb = name == "train_rgb_bce"
    losses = LossConfig(
        adversarial="vanilla" if rgb else "lsgan",
        feature_matching=0.0 if rgb else 10.0,
        perceptual=0.0,
    )
    return TrainingConfig(conditioning=data.conditioning_config(CASES[name]), losses=losses)


def networks(name: str) -> Networks:
    encoder = data.encoder() if name == "train_local_feat" else None
    return Networks(data.generator(CASES[name]), data.discriminator(CASES[name]), encoder)


def batches(name: str) -> list[Batch]:
    """The official order of samples: sorted, one per step, whole frames, never mirrored."""
    rgb = name == "train_rgb_bce"
    frames = find_frames(data.EDGES if rgb else data.STREETS, "train", rgb=rgb)
    assert [frames[n % len(frames)].label.name for n in range(STEPS)] == [
        path.split("/")[-1] for path in data.arrays(name)["paths"]
    ]
    schema = None if rgb else load_schema("cityscapes")
    found = []
    for n in range(STEPS):
        frame = read_frame(frames[n % len(frames)], schema, ConditioningConfig(rgb=rgb))
        labels, index, picture, _ = cut(frame, Crop(0, 0, *frame.size, False), 1)
        index = None if index is None else index.long()[None]
        found.append(Batch(labels[None], index, picture[None], None))
    return found


@cache
def trained(name: str) -> dict[str, object]:
    """Five steps of the trainer: losses of each, gradients of the first, norms at the end."""
    trainer = Trainer(networks(name), training_config(name), torch.device("cpu"))
    sides = {
        "G": trainer.networks.generator,
        "D": trainer.networks.discriminator,
        "E": trainer.networks.encoder,
    }
    sides = {letter: network for letter, network in sides.items() if network is not None}
    result: dict[str, object] = {"losses": [], "gradients": {}}
    for step, batch in enumerate(batches(name)):
        if step == 0:
            with torch.no_grad():
                result["fake"] = trainer.generate(batch)
        losses = trainer.step(batch)
        result["losses"].append({key: value.item() for key, value in losses.items()})
        if step == 0:
            result["gradients"] = gradients(sides)
    result["norms"] = {
        letter: np.array([p.detach().double().norm().item() for p in network.parameters()])
        for letter, network in sides.items()
    }
    return result


def gradients(sides: dict[str, torch.nn.Module]) -> dict[str, dict[str, np.ndarray]]:
    """The first step's gradients by letter and parameter name, as flat float64 arrays."""
    return {
        letter: {
            name: p.grad.double().flatten().numpy().copy() for name, p in network.named_parameters()
        }
        for letter, network in sides.items()
    }


def float64_step(name: str) -> tuple[dict[str, float], dict[str, dict[str, np.ndarray]]]:
    """Losses and gradients of the first step, in float64, in the official order of operations."""
    sides, batch, config = networks(name), batches(name)[0], training_config(name)
    for _, network in sides.items():
        network.double()
    picture, conditioning = batch.picture.double(), config.conditioning
    labels, index = batch.labels, batch.index
    maps = condition_maps(conditioning, labels, index, torch.float64)
    features = None
    if sides.encoder is not None:
        raw = sides.encoder(picture)
        features = pool_in_float64(raw, index)
    fake = sides.generator(
        build_conditioning(conditioning, labels, index, features, dtype=torch.float64)
    )
    sigmoid = sides.discriminator.config.sigmoid

    def adversarial(maps: list, real: bool) -> torch.Tensor:
        return adversarial_loss(maps, real, config.losses.adversarial, sigmoid=sigmoid)

    fake_loss = adversarial(sides.discriminator(torch.cat([maps, fake.detach()], 1)), False)
    real_maps = sides.discriminator(torch.cat([maps, picture], 1))
    real_loss = adversarial(real_maps, True)
    fake_maps = sides.discriminator(torch.cat([maps, fake], 1))
    losses = {"adversarial": adversarial(fake_maps, True), "real": real_loss, "fake": fake_loss}
    losses["generator"] = losses["adversarial"]
    if config.losses.feature_matching:
        matching = config.losses.feature_matching * feature_matching_loss(fake_maps, real_maps)
        losses["feature_matching"] = matching
        losses["generator"] = losses["adversarial"] + matching
    losses["discriminator"] = (fake_loss + real_loss) / 2
    losses["generator"].backward(retain_graph=True)
    sides.discriminator.zero_grad()
    losses["discriminator"].backward(inputs=list(sides.discriminator.parameters()))
    by_letter = {"G": sides.generator, "D": sides.discriminator}
    if sides.encoder is not None:
        by_letter["E"] = sides.encoder
    return {key: value.item() for key, value in losses.items()}, gradients(by_letter)


def pool_in_float64(raw: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Instance-wise averages by one masked mean per instance."""
    pooled = torch.zeros_like(raw)
    for number in range(int(index.max()) + 1):
        inside = (index[0] == number).to(raw.dtype)
        mean = (raw[0] * inside).sum((1, 2)) / inside.sum()
        pooled = pooled + mean[None, :, None, None] * inside
    return pooled


def official_losses(name: str, key: str = "losses") -> list[dict[str, float]]:
    stored = data.arrays(name)
    columns = [str(column) for column in stored["loss_columns"]]
    return [dict(zip(columns, row, strict=True)) for row in stored[key]]


def relative(found: dict[str, float], official: dict[str, float]) -> float:
    """Worst relative difference; terms that are off are NaN there and missing here."""
    differences = []
    for own, other in TERMS.items():
        assert (own in found) == (not np.isnan(official[other])), own
        if own in found:
            differences.append(abs(found[own] / official[other] - 1))
    return max(differences)


def gradient_difference(found: dict, name: str, letter: str, suffix: str) -> float:
    """Worst difference of norm, sum and first values, in units of the parameter's norm."""
    stored = data.arrays(name)
    exact, norms = stored[f"grad_norm_{letter}_f64"], stored[f"grad_norm_{letter}{suffix}"]
    differences = [0.0]
    for n, parameter in enumerate(stored[f"grad_names_{letter}"]):
        if exact[n] < ZERO:
            continue
        own = found[letter][str(parameter)]
        first = np.resize(own[:4], 4)  # the official table repeats what is shorter
        official = stored[f"grad_first4_{letter}{suffix}"][n]
        differences += [
            abs(np.linalg.norm(own) - norms[n]) / norms[n],
            abs(own.sum() - stored[f"grad_sum_{letter}{suffix}"][n]) / (norms[n] * own.size**0.5),
            np.abs(first - official).max() / norms[n],
        ]
    return max(differences)


def letters(name: str) -> list[str]:
    return [letter for letter in "GDE" if f"grad_names_{letter}" in data.arrays(name)]


@pytest.mark.parametrize("name", CASES)
def test_the_first_steps_losses_are_the_official_ones(name, golden):
    losses = trained(name)["losses"][0]
    golden(f"{name}: losses, step 1", relative(losses, official_losses(name)[0]), 1e-5)


@pytest.mark.parametrize("name", CASES)
def test_five_steps_follow_the_official_ones(name, golden):
    """Rounding grows from step to step: the nearer of the two official runs is what counts."""
    official = zip(official_losses(name), official_losses(name, "losses_f64"), strict=True)
    for own, runs in zip(trained(name)["losses"], official, strict=True):
        difference = min(relative(own, run) for run in runs)
        golden(f"{name}: losses, steps 1 to 5", difference, 0.01)


@pytest.mark.parametrize("name", CASES)
def test_the_first_steps_gradients_are_the_official_ones(name, golden):
    found = trained(name)["gradients"]
    for letter in letters(name):
        assert list(found[letter]) == [str(n) for n in data.arrays(name)[f"grad_names_{letter}"]]
        difference = gradient_difference(found, name, letter, "")
        golden(f"{name}: gradients {letter}", difference, 0.01)


@pytest.mark.parametrize("name", CASES)
def test_in_float64_losses_and_gradients_are_the_official_ones(name, golden):
    losses, found = float64_step(name)
    official = official_losses(name, "losses_f64")[0]
    golden(f"{name}: float64 losses", relative(losses, official), 1e-6)
    for letter in letters(name):
        difference = gradient_difference(found, name, letter, "_f64")
        golden(f"{name}: float64 gradients {letter}", difference, 1e-5)


@pytest.mark.parametrize("name", CASES)
def test_parameters_after_five_steps_are_the_official_ones(name, golden):
    stored, found = data.arrays(name), trained(name)["norms"]
    for letter in letters(name):
        real = stored[f"grad_norm_{letter}_f64"] >= ZERO
        official = stored[f"param_norm_after_{letter}"]
        difference = np.abs(found[letter] / official - 1)[real].max()
        golden(f"{name}: parameters {letter} after 5 steps", difference, 0.01)


@pytest.mark.parametrize("name", CASES)
def test_the_first_picture_is_drawn_before_any_update(name, golden):
    stored, fake = data.arrays(name), trained(name)["fake"]
    difference = data.worst(fake[0, :, ::8, ::8], stored["fake_first_sub8"])
    golden(f"{name}: first picture", difference, data.PICTURE_LIMIT)
    levels = to_bytes(fake[0].permute(1, 2, 0).clone()).numpy().astype(np.float64)
    found = np.array([levels.mean(), levels.std()])
    shift = data.worst(found, stored["fake_first_u8_mean_std"])
    golden(f"{name}: first picture (levels, mean)", shift, 0.01)
