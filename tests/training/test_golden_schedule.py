"""Learning rates, the fixed phase and the image pool against the official code's."""

from __future__ import annotations

import random
from itertools import count

import pytest
import torch

from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.training.config import OptimizerConfig, Stage, TrainingConfig
from model.training.pool import ImagePool
from model.training.trainer import Networks, Trainer
from tests import golden_data as data


def trainer(checkpoint: str, lr: float = 2e-4) -> Trainer:
    encoder = data.encoder() if checkpoint == "local_feat" else None
    patches = MultiscaleDiscriminator(DiscriminatorConfig(input_channels=39, base_channels=4))
    config = TrainingConfig(
        conditioning=data.conditioning_config(checkpoint),
        optimizer=OptimizerConfig(lr=lr, discriminator_lr=lr),
    )
    networks = Networks(data.generator(checkpoint), patches, encoder)
    return Trainer(networks, config, torch.device("cpu"))


@pytest.mark.parametrize("schedule", data.meta()["lr_schedule"], ids=lambda s: f"{s['niter']}")
def test_a_stage_of_one_step_per_epoch_has_the_official_rates(schedule, golden):
    epochs = schedule["niter"] + schedule["niter_decay"]
    stage = Stage(steps=epochs, decay_from=schedule["niter"] / epochs)
    trained = trainer("local", schedule["lr"])
    for epoch, rate in zip(schedule["epochs"], schedule["lr_in_epoch"], strict=True):
        trained.set_rates(stage, epoch - 1)
        optimizers = trained.optimizers
        found = {group["lr"] for optimizer in optimizers for group in optimizer.param_groups}
        golden("learning rate", max(abs(own / rate - 1) for own in found), 1e-9)


@pytest.mark.parametrize("checkpoint", data.meta()["niter_fix_global"])
def test_the_fixed_phase_trains_the_official_parameters(checkpoint):
    official = data.meta()["niter_fix_global"][checkpoint]
    trained = trainer(checkpoint)
    named = {id(p): f"G.{name}" for name, p in trained.networks.generator.named_parameters()}
    if trained.networks.encoder is not None:
        own = trained.networks.encoder.named_parameters()
        named |= {id(p): f"E.{name}" for name, p in own}

    def held() -> list[str]:
        groups = trained.generator_optimizer.param_groups
        return [named[id(p)] for group in groups for p in group["params"]]

    trained.freeze_trunk(True)
    assert held() == official["fixed_phase"]
    trained.freeze_trunk(False)
    assert len(held()) == official["n_after"]


def test_the_image_pool_gives_out_the_official_pictures():
    official = data.meta()["image_pool"]
    pool: ImagePool[int] = ImagePool(official["pool_size"])
    rng, pictures = random.Random(official["python_random_seed"]), count()
    for returned in official["returned"]:
        batch = [next(pictures) for _ in range(official["batch"])]
        assert [pool.exchange(picture, rng) for picture in batch] == returned
