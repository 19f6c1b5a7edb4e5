"""Writes a checkpoint as the official code would have saved it: .pth files, opt.txt, clusters."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from model.checkpoint import Checkpoint, load_discriminator, load_encoder, load_generator
from model.errors import CheckpointError
from model.networks.global_generator import GlobalGeneratorConfig
from model.networks.local_enhancer import LocalEnhancerConfig
from model.official.network_options import (
    OfficialGenerator,
    discriminator_options,
    encoder_options,
    generator_options,
)
from model.official.options import DEFAULTS, Value, format_options
from model.official.unpickle import write_label_arrays

USUAL_CLUSTERS = 10


def check_official(checkpoint: Checkpoint) -> None:
    """Refuses what the official code cannot run.

    Raises:
        CheckpointError: names the first option that it lacks.
    """
    reason = _own_option(checkpoint) or _disagreement(checkpoint)
    if reason:
        raise CheckpointError(
            f"{checkpoint.path} cannot be written as an official checkpoint: {reason}."
        )


def _own_option(checkpoint: Checkpoint) -> str | None:
    generator, encoder = checkpoint.generator_config, checkpoint.encoder_config
    if not isinstance(generator, OfficialGenerator):
        return f"the official code has no generator {checkpoint.generator_name}"
    if checkpoint.conditioning.reference_channels:
        return "the official code has no spatial reference"
    if isinstance(generator, LocalEnhancerConfig) and generator.tint:
        return "the official code's generators take no tint"
    for part, config in (("generator", generator), ("encoder", encoder)):
        if config is not None and config.upsample != "transpose":
            return f"its {part} upsamples by {config.upsample}, the official one transposes only"
        if config is not None and config.padding != "zero":
            return f"its {part} has {config.padding} padding, the official one zero padding only"
    if encoder is not None and (encoder.color_skip or encoder.contrast_skip):
        return "the official encoder has no skips of colour or contrast"
    if generator.max_channels is not None and generator.max_channels < _widest(generator):
        return f"the official code has no channel limit ({generator.max_channels} here)"
    return None


def _widest(config: OfficialGenerator) -> int:
    if isinstance(config, GlobalGeneratorConfig):
        return config.base_channels * 2**config.downsamples
    return config.base_channels * 2 ** (config.enhancers + config.global_downsamples)


def _disagreement(checkpoint: Checkpoint) -> str | None:
    """The official code has one norm for all networks and one discriminator input."""
    generator = checkpoint.generator_config
    assert isinstance(generator, OfficialGenerator)
    networks = (generator, checkpoint.encoder_config, checkpoint.discriminator_config)
    if len({config.norm for config in networks if config is not None}) > 1:
        return "its networks have different norms, the official ones a common one"
    discriminator = checkpoint.discriminator_config
    seen = checkpoint.conditioning.map_channels + checkpoint.generator_config.output_channels
    if discriminator is not None and discriminator.input_channels != seen:
        return f"its discriminator sees {discriminator.input_channels} channels instead of {seen}"
    return None


def official_options(checkpoint: Checkpoint, name: str) -> dict[str, Value]:
    """The options of a training run that would have given this checkpoint."""
    conditioning, facts = checkpoint.conditioning, checkpoint.facts
    by_label = facts.get("features_from") == "labels"
    options: dict[str, Value] = {
        "name": name,
        "label_nc": 0 if conditioning.rgb else conditioning.label_channels,
        "no_instance": not conditioning.boundary,
        "instance_feat": bool(conditioning.feature_channels) and not by_label,
        "label_feat": bool(conditioning.feature_channels) and by_label,
        "n_clusters": cluster_count(checkpoint),
    }
    if conditioning.feature_channels:
        options["feat_num"] = conditioning.feature_channels
    for ours, key in (("preprocess", "resize_or_crop"), ("load_size", "loadSize")):
        options[key] = facts.get(ours, DEFAULTS[key])
    if "size" in facts:
        options["loadSize"] = facts["size"][1]
    options["fineSize"] = facts.get("fine_size", DEFAULTS["fineSize"])
    options |= generator_options(checkpoint.generator_config)
    if checkpoint.encoder_config is not None:
        options |= encoder_options(checkpoint.encoder_config)
    if checkpoint.discriminator_config is not None:
        options |= discriminator_options(checkpoint.discriminator_config)
        options["no_lsgan"] = checkpoint.discriminator_config.sigmoid
    return options


def cluster_count(checkpoint: Checkpoint) -> int:
    """n_clusters, which is also part of the cluster file's name."""
    book = checkpoint.style_book
    sizes = book.sizes.values() if book else []
    return max([USUAL_CLUSTERS, *map(len, sizes)])


def write_official(checkpoint: Checkpoint, folder: Path, name: str) -> None:
    """Writes the checkpoint's files into an existing folder; weights exactly, as float32.

    Raises:
        CheckpointError: the official code has no such network, or the weights cannot be read.
    """
    check_official(checkpoint)
    networks: dict[str, nn.Module | None] = {
        "G": load_generator(checkpoint),
        "E": load_encoder(checkpoint),
        "D": load_discriminator(checkpoint),
    }
    for letter, network in networks.items():
        if network is not None:
            torch.save(network.state_dict(), folder / f"latest_net_{letter}.pth")
    if checkpoint.style_book is not None:
        file = folder / f"features_clustered_{cluster_count(checkpoint):03d}.npy"
        write_label_arrays(file, checkpoint.style_book.centers)
    text = format_options(official_options(checkpoint, name))
    (folder / "opt.txt").write_text(text, encoding="utf-8")
