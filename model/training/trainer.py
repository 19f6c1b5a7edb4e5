"""Trainer: the networks of a run, their optimisers, and one training step.

Knows no files and no clock; `model.training.run` drives it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch._functorch import config as functorch_config
from torch.func import functional_call

from model.conditioning import condition_maps, scale_reference
from model.networks import GENERATORS
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.global_generator import GlobalGenerator
from model.networks.layers import initialize
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.styles.features import pool_features
from model.training.batches import Batch
from model.training.config import ConfigError, Stage, TrainingConfig
from model.training.losses import (
    PerceptualLoss,
    adversarial_loss,
    feature_matching_loss,
    reconstruction_loss,
)

Generator = GlobalGenerator | LocalEnhancer


@dataclass(slots=True)
class Networks:
    """Generator, discriminator and, when the generator takes features, encoder of a run."""

    generator: Generator
    discriminator: MultiscaleDiscriminator
    encoder: Encoder | None

    def items(self) -> list[tuple[str, nn.Module]]:
        found = [("generator", self.generator), ("discriminator", self.discriminator)]
        return found if self.encoder is None else [*found, ("encoder", self.encoder)]


def network_sizes(config: TrainingConfig) -> Any:  # noqa: ANN401 - the generator's own config
    """The sizes of the generator that a configuration asks for; ConfigError for unknown ones."""
    if config.generator not in GENERATORS:
        known = ", ".join(GENERATORS)
        raise ConfigError(f"there is no generator {config.generator!r}; choose one of {known}")
    channels = config.conditioning.input_channels
    try:
        return GENERATORS[config.generator][1](input_channels=channels, **config.generator_options)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"the generator's options cannot be used: {error}") from error


def build_networks(config: TrainingConfig, *, coarse: bool = False) -> Networks:
    """Freshly initialised networks; `coarse` builds the global generator of the first stage.

    Raises ConfigError for an unknown generator or option.
    """
    kind = GENERATORS[config.generator][0]
    conditioning, sizes = config.conditioning, network_sizes(config)
    try:
        patches = DiscriminatorConfig(
            input_channels=conditioning.map_channels + sizes.output_channels,
            **config.discriminator_options,
        )
        encoder = None
        if conditioning.feature_channels:
            features = {"output_channels": conditioning.feature_channels}
            encoder = Encoder(EncoderConfig(**features, **config.encoder_options))
    except (TypeError, ValueError) as error:
        raise ConfigError(f"the network options cannot be used: {error}") from error
    if coarse and isinstance(sizes, LocalEnhancerConfig):
        kind, sizes = GENERATORS["global"][0], sizes.global_config()
    generator = cast(Generator, kind(sizes))
    networks = Networks(generator, MultiscaleDiscriminator(patches), encoder)
    for _, network in networks.items():
        initialize(network)
    return networks


def adopt_trunk(enhancer: nn.Module, trained: nn.Module) -> None:
    """Copy a trained global generator into the trunk of a local enhancer (paper, section 3.1)."""
    weights = trained.state_dict()
    own = enhancer.state_dict()
    enhancer.load_state_dict({k: weights.get(k, v) for k, v in own.items()})


class Trainer:
    """Holds networks and optimisers on one device; `step` does one update of G (and E), then D."""

    def __init__(
        self,
        networks: Networks,
        config: TrainingConfig,
        device: torch.device,
        perceptual: PerceptualLoss | None = None,
    ) -> None:
        self.config = config
        self.device = device
        self.networks = networks
        layout = torch.channels_last if config.precision == "bfloat16" else torch.contiguous_format
        for _, network in networks.items():
            network.to(device=device)
            for parameter in network.parameters():
                if parameter.ndim == 4:
                    parameter.data = parameter.data.contiguous(memory_format=layout)
        self._layout = layout
        self.perceptual = None if perceptual is None else perceptual.to(device)
        self.averaged_generator = copy.deepcopy(networks.generator)
        self.averaged_encoder = copy.deepcopy(networks.encoder)
        self.updates = 0
        self._fast: dict[str, Any] = dict(networks.items())
        if config.compile:
            # Their graph is walked twice (see `step`). The discriminator stays as it is: compiled,
            # it would compute its own gradients in the generator's backward pass too.
            functorch_config.donated_buffer = False
            for name in self._fast.keys() - {"discriminator"}:
                self._fast[name] = torch.compile(self._fast[name], dynamic=False)
        self.frozen_trunk = False
        self.make_optimizers()

    def make_optimizers(self) -> None:
        """New Adam optimisers over what is trained now."""
        options = self.config.optimizer
        betas = (options.beta1, options.beta2)
        fused = self.device.type in ("cuda", "cpu")
        self.generator_parameters = self._trained_parameters()
        self.generator_optimizer = torch.optim.Adam(
            self.generator_parameters, options.lr, betas, fused=fused
        )
        self.discriminator_optimizer = torch.optim.Adam(
            self.networks.discriminator.parameters(), options.discriminator_lr, betas, fused=fused
        )

    def freeze_trunk(self, frozen: bool) -> None:
        """Train the outermost enhancer and the encoder alone, or everything; new optimisers."""
        self.frozen_trunk = frozen
        self.make_optimizers()

    def _trained_parameters(self) -> list[nn.Parameter]:
        generator = self.networks.generator
        named = list(generator.named_parameters())
        if self.frozen_trunk and isinstance(generator, LocalEnhancer):
            outermost = f"model{generator.config.enhancers}_"
            for name, parameter in named:
                parameter.requires_grad_(name.startswith(outermost))
        else:
            generator.requires_grad_(True)
        encoder = self.networks.encoder
        extra = [] if encoder is None else list(encoder.parameters())
        return [p for _, p in named if p.requires_grad] + extra

    def set_rates(self, stage: Stage, position: int) -> None:
        """Learning rates for step `position` of a stage: constant, then linearly to 0."""
        done = position / stage.steps
        fade = 1.0
        if done > stage.decay_from:
            fade = (1 - done) / (1 - stage.decay_from)
        options = self.config.optimizer
        for group in self.generator_optimizer.param_groups:
            group["lr"] = options.lr * stage.lr * fade
        for group in self.discriminator_optimizer.param_groups:
            group["lr"] = options.discriminator_lr * stage.lr * fade

    @torch.no_grad()
    def generate(self, batch: Batch) -> Tensor:
        """Picture (N, 3, H, W) by the averaged networks, styled from the batch's own picture."""
        with self._autocast():
            maps = self._maps(batch, None)
            conditioning = self._conditioning(maps, batch, self.averaged_encoder)
            return self.averaged_generator(conditioning).float()

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """All losses of one step from one forward pass, scalars with gradient.

        generator and discriminator are the two sums that are optimised.
        """
        weights, discriminator = self.config.losses, self._fast["discriminator"]
        present = self._present_labels(batch)
        with self._autocast():
            maps = self._maps(batch, present)
            conditioning = self._conditioning(maps, batch, self._fast.get("encoder"))
            columns = self._columns(present, self.config.conditioning.input_channels)
            fake = call_narrow(self._fast["generator"], conditioning, columns).float()
            columns = self._columns(present, self.networks.discriminator.config.input_channels)
            fake_maps, real_maps = (
                call_narrow(discriminator, self._joined(maps, picture), columns)
                for picture in (fake, batch.picture)
            )
        sigmoid = self.networks.discriminator.config.sigmoid

        def adversarial(maps: list[list[Tensor]], real: bool) -> Tensor:
            return adversarial_loss(maps, real, weights.adversarial, sigmoid=sigmoid)

        terms = {"adversarial": adversarial(fake_maps, True)}
        if weights.feature_matching:
            matching = feature_matching_loss(fake_maps, real_maps)
            terms["feature_matching"] = weights.feature_matching * matching
        if self.perceptual is not None:
            with self._autocast():
                distance = self.perceptual(fake, batch.picture)
            terms["perceptual"] = weights.perceptual * distance
        if weights.reconstruction:
            near = reconstruction_loss(fake, batch.picture)
            terms["reconstruction"] = weights.reconstruction * near
        total = torch.stack(list(terms.values())).sum()
        terms["real"] = adversarial(real_maps, True)
        terms["fake"] = adversarial(fake_maps, False)
        return terms | {
            "generator": total,
            "discriminator": 0.5 * (terms["real"] + terms["fake"]),
        }

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """One update of generator and encoder, then one of the discriminator.

        Both gradients come from the same forward pass, as in the official code, which runs the
        discriminator three times for it. Returns the detached losses, still on the device.
        """
        losses = self.losses(batch)
        discriminator = list(self.networks.discriminator.parameters())
        self.generator_optimizer.zero_grad()
        self.discriminator_optimizer.zero_grad()
        losses["generator"].backward(inputs=self.generator_parameters, retain_graph=True)
        losses["discriminator"].backward(inputs=discriminator)
        self.generator_optimizer.step()
        self.discriminator_optimizer.step()
        self._average()
        return {name: value.detach() for name, value in losses.items()}

    def _columns(self, present: list[int] | None, channels: int) -> list[int] | None:
        """Those of a network's input channels that are given to it."""
        if present is None:
            return None
        return [*present, *range(self.config.conditioning.label_channels, channels)]

    def _maps(self, batch: Batch, present: list[int] | None) -> Tensor:
        dtype = torch.bfloat16 if self.config.precision == "bfloat16" else torch.float32
        conditioning = self.config.conditioning
        known = range(conditioning.label_channels) if present is None else present
        maps = condition_maps(conditioning, batch.labels, batch.index, dtype, known=known)
        return maps.contiguous(memory_format=self._layout)

    def _present_labels(self, batch: Batch) -> list[int] | None:
        """Labels that occur, where leaving out the others saves time: not on GPUs or compiled."""
        if self.device.type != "cpu" or self.config.compile or self.config.conditioning.rgb:
            return None
        return batch.labels.unique().tolist()

    def _joined(self, maps: Tensor, picture: Tensor) -> Tensor:
        """What the discriminator sees: the maps and a picture."""
        joined = torch.cat([maps, picture.to(maps.dtype)], 1)
        return joined.contiguous(memory_format=self._layout)

    def _conditioning(self, maps: Tensor, batch: Batch, encoder: Any) -> Tensor:  # noqa: ANN401
        parts = [maps]
        if encoder is not None:
            if batch.index is None:
                raise ValueError("an encoder needs instance maps")
            picture = batch.picture.contiguous(memory_format=self._layout)
            parts.append(pool_features(encoder(picture), batch.index).to(maps.dtype))
        if batch.reference is not None:
            parts.append(scale_reference(batch.reference, maps.dtype))
        return torch.cat(parts, 1).contiguous(memory_format=self._layout)

    def _autocast(self) -> torch.autocast:
        enabled = self.config.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=enabled)

    @torch.no_grad()
    def _average(self) -> None:
        self.updates += 1
        warm = self.updates / (9 + self.updates)  # the first weights are not worth remembering
        decay = min(self.config.optimizer.ema, warm)
        pairs: list[tuple[nn.Module, nn.Module]] = [
            (self.averaged_generator, self.networks.generator)
        ]
        if self.averaged_encoder is not None and self.networks.encoder is not None:
            pairs.append((self.averaged_encoder, self.networks.encoder))
        for average, network in pairs:
            for old, new in zip(average.parameters(), network.parameters(), strict=True):
                old.lerp_(new, 1 - decay)


def call_narrow(network: nn.Module, x: Tensor, columns: list[int] | None) -> Any:  # noqa: ANN401
    """network(x) where x lacks all input channels but `columns`; None: it lacks none.

    Exact when the channels left out are all zero, as one-hot channels of labels that do not
    occur are: neither they nor their weights count, and those weights' gradients are zero.
    """
    if columns is None:
        return network(x)
    assert isinstance(network, GlobalGenerator | LocalEnhancer | MultiscaleDiscriminator)
    weights = {n: network.get_parameter(n)[:, columns] for n in network.input_weights()}
    return functional_call(network, weights, (x,))
