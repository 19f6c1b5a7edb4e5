"""A run's way to checkpoints and from them: what is written, and what is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from model.checkpoint import (
    Checkpoint,
    load_discriminator,
    load_encoder,
    load_generator,
    save_checkpoint,
)
from model.errors import InputError
from model.networks import name_of
from model.networks.discriminator import MultiscaleDiscriminator
from model.training.trainer import Networks, Trainer, adopt_scales, adopt_trunk


def write_checkpoint(folder: Path, trainer: Trainer, facts: Mapping[str, Any]) -> None:
    """The averaged generator and encoder as a checkpoint that the editor opens, in float16.

    The discriminator goes along, so that training can go on from there.
    """
    generator, encoder = trainer.averaged_generator, trainer.averaged_encoder
    discriminator, config = trainer.networks.discriminator, trainer.config
    save_checkpoint(
        folder,
        generator=generator,
        generator_name=name_of(generator.config),
        generator_config=generator.config,
        conditioning=config.conditioning,
        schema_name="" if config.conditioning.rgb else config.schema,
        encoder=encoder,
        encoder_config=encoder.config if encoder is not None else None,
        discriminator=discriminator,
        discriminator_config=discriminator.config if discriminator is not None else None,
        facts=facts,
        dtype=torch.float16,
    )


def take_over(checkpoint: Checkpoint, networks: Networks) -> None:
    """Give networks the weights of a checkpoint, to go on with it on other data or for longer.

    What a local enhancer has inside (G1, or fewer enhancers) becomes that, and a discriminator
    with fewer scales the coarse ones of ours; one that differs otherwise starts afresh. Raises
    InputError when the architectures differ, naming both.
    """
    generator, encoder = load_generator(checkpoint), load_encoder(checkpoint)
    if generator.config == networks.generator.config.coarse():
        adopt_trunk(networks.generator, generator)
    else:
        _require_equal(checkpoint, checkpoint.generator_config, networks.generator.config)
        networks.generator.load_state_dict(generator.state_dict())
    if networks.encoder is not None and encoder is not None:
        _require_equal(checkpoint, encoder.config, networks.encoder.config)
        networks.encoder.load_state_dict(encoder.state_dict())
    discriminator, ours = load_discriminator(checkpoint), networks.discriminator
    if discriminator is not None and ours is not None and _fits_into(discriminator, ours):
        adopt_scales(ours, discriminator)


def _fits_into(coarse: MultiscaleDiscriminator, full: MultiscaleDiscriminator) -> bool:
    """Whether one discriminator is the other but for scales that it lacks."""
    theirs, ours = coarse.config, full.config
    return theirs.scales <= ours.scales and replace(theirs, scales=ours.scales) == ours


def _require_equal(checkpoint: Checkpoint, theirs: object, ours: object) -> None:
    if theirs != ours:
        raise InputError(
            f"{checkpoint.path} holds {theirs}, but this run is configured as {ours}; make the "
            "options equal"
        )
