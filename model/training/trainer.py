"""Trainer: the networks of a run, their optimisers, and one training step.

Knows no files and no clock; `model.training.run` drives it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch._functorch import config as functorch_config
from torch.amp.grad_scaler import GradScaler
from torch.nn.parallel import DistributedDataParallel

from model.checkpoint import ready_to_paint
from model.conditioning import ConditioningConfig
from model.cuda_graphs import capture_on
from model.device import AUTO, choose_target
from model.errors import CheckpointError
from model.networks import GENERATORS, name_of
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.generator import Generator, GeneratorConfig
from model.networks.layers import initialize
from model.networks.local_enhancer import LocalEnhancer
from model.training.batches import Batch
from model.training.captured import CapturedSteps
from model.training.config import ConfigError, LossConfig, Stage, TrainingConfig, network_sizes
from model.training.losses import PerceptualLoss
from model.training.modes import LEARNING_RATE as MODES_RATE
from model.training.modes import ModeLoss
from model.training.objective import Objective
from model.training.recompute import recompute
from model.weights import describe, shapes_of

STYLE_GAIN = 3.0


@dataclass(slots=True)
class Networks:
    """Generator, discriminator and encoder of a run.

    There is no discriminator without adversarial loss, no encoder when the generator takes no
    features. modes belongs to the losses: checkpoints and averages know nothing of it.
    """

    generator: Generator
    discriminator: MultiscaleDiscriminator | None
    encoder: Encoder | None
    modes: ModeLoss | None = None

    def items(self) -> list[tuple[str, nn.Module]]:
        found: list[tuple[str, nn.Module | None]] = [
            ("generator", self.generator),
            ("discriminator", self.discriminator),
            ("encoder", self.encoder),
        ]
        return [(name, network) for name, network in found if network is not None]


def build_networks(config: TrainingConfig, *, coarse: bool = False) -> Networks:
    """Freshly initialised networks; `coarse` builds the generator of the first stage.

    Its discriminator lacks one scale per halving: as in the paper, scales that are added for
    larger pictures leave those that are there at their resolutions. Raises ConfigError for an
    unknown generator or option.
    """
    count_weights(config)  # refuses absurd sizes
    kind, sizes, patches, encoder = _architecture(config)
    inner = sizes.coarse() if coarse else None
    if inner is not None:
        halvings = (sizes.multiple // inner.multiple).bit_length() - 1
        if patches is not None:
            patches = replace(patches, scales=max(1, patches.scales - halvings))
        kind, sizes = GENERATORS[name_of(inner)][0], inner
    networks = Networks(
        kind(sizes),
        None if patches is None else MultiscaleDiscriminator(patches),
        None if encoder is None else Encoder(encoder),
    )
    for _, network in networks.items():
        initialize(network)
    if config.told_modes:
        networks.modes = ModeLoss(config.conditioning.feature_channels, config.told_modes)
    if getattr(sizes, "norm", None) == "none":
        _raise_styles(networks.generator, config.conditioning)
        _carry_colors(networks.generator, config)
    return networks


@torch.no_grad()
def _raise_styles(generator: Generator, conditioning: ConditioningConfig) -> None:
    """Lets styles count as much as labels in a generator that does not normalise.

    Features vary by about 0.3, one-hot channels by 1; without this, colours come late.
    """
    for name in generator.input_weights():
        generator.get_parameter(name)[:, conditioning.places_of_features] *= STYLE_GAIN


def _carry_colors(generator: Generator, config: TrainingConfig) -> None:
    """Where an encoder's features begin as colours, the generator begins by painting them."""
    if (
        isinstance(generator, LocalEnhancer)
        and generator.tint is not None
        and config.encoder_options.get("color_skip")
    ):
        generator.carry_colors()


def count_weights(config: TrainingConfig) -> int:
    """How many numbers all networks of a configuration hold; no memory is taken for them.

    Raises ConfigError for an unknown generator or option, and for sizes that no network has.
    """
    kind, sizes, patches, encoder = _architecture(config)
    wanted = [(kind, sizes), (MultiscaleDiscriminator, patches), (Encoder, encoder)]
    try:
        return sum(
            math.prod(shape)
            for network, network_sizes in wanted
            if network_sizes is not None
            for shape in shapes_of(describe(network, network_sizes, Path(config.preset))).values()
        )
    except CheckpointError as error:
        raise ConfigError(f"the network options cannot be used: {error}") from error


def _architecture(
    config: TrainingConfig,
) -> tuple[Any, GeneratorConfig, DiscriminatorConfig | None, EncoderConfig | None]:
    """The generator's class and sizes; the discriminator's and encoder's where there are any."""
    conditioning, sizes = config.conditioning, network_sizes(config)
    _check_losses(config.losses, sizes)
    if config.losses.modes and (conditioning.rgb or not conditioning.feature_channels):
        raise ConfigError(
            "only an encoder can be told modes; set losses.modes=0, or "
            "conditioning.feature_channels=3"
        )
    try:
        patches = None
        if config.losses.adversarial != "none":
            seen = conditioning.map_channels + sizes.output_channels
            patches = DiscriminatorConfig(input_channels=seen, **config.discriminator_options)
        encoder = None
        if conditioning.feature_channels:
            features = {"output_channels": conditioning.feature_channels}
            encoder = EncoderConfig(**features, **config.encoder_options)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"the network options cannot be used: {error}") from error
    return GENERATORS[config.generator][0], sizes, patches, encoder


def _check_losses(losses: LossConfig, sizes: GeneratorConfig) -> None:
    """Raises ConfigError for weights that contradict each other or the generator."""
    if losses.adversarial != "none":
        if sizes.pictures > 1:
            raise ConfigError(
                f"a generator of {sizes.pictures} pictures at once trains without a discriminator; "
                "set losses.adversarial=none and losses.feature_matching=0"
            )
        return
    if losses.feature_matching:
        raise ConfigError(
            "feature matching needs a discriminator; set losses.feature_matching=0, or "
            "losses.adversarial=lsgan"
        )
    if not (losses.perceptual or losses.l1 or losses.reconstruction):
        raise ConfigError("all losses are off; give one a weight, such as losses.l1=10")


def adopt_trunk(enhancer: nn.Module, trained: nn.Module) -> None:
    """Copy a trained global generator into the trunk of a local enhancer (paper, section 3.1)."""
    weights = trained.state_dict()
    own = enhancer.state_dict()
    enhancer.load_state_dict({k: weights.get(k, v) for k, v in own.items()})


def adopt_scales(discriminator: nn.Module | None, trained: nn.Module | None) -> None:
    """Copy the scales of a trained discriminator that has fewer of them, if there are both."""
    if discriminator is None or trained is None:
        return
    discriminator.load_state_dict(discriminator.state_dict() | trained.state_dict())


class Trainer:
    """Holds networks and optimisers on one device; `step` does one update of G (and E), then D."""

    def __init__(
        self,
        networks: Networks,
        config: TrainingConfig,
        device: torch.device,
        perceptual: PerceptualLoss | None = None,
    ) -> None:
        self.config = config = settled(config, device)
        self.device = device
        self.networks = networks
        half = config.precision != "float32"
        layout = torch.channels_last if half else torch.contiguous_format
        for _, network in networks.items():
            _move(network, device)
            for parameter in network.parameters():
                if parameter.ndim == 4:
                    parameter.data = parameter.data.contiguous(memory_format=layout)
        if networks.modes is not None:
            _move(networks.modes, device)
        self.averaged_generator = ready_to_paint(_copied(networks.generator))
        self.averaged_encoder = None if networks.encoder is None else _copied(networks.encoder)
        self.updates = 0
        self.scaler = GradScaler(device.type, enabled=config.precision == "float16")
        self.objective = self._make_objective(perceptual)
        self.frozen_trunk = False
        self.make_optimizers()

    def _make_objective(self, perceptual: PerceptualLoss | None) -> Objective:
        networks, config = self.networks, self.config
        if config.compile and config.recompute:
            raise ConfigError("compile and recompute exclude each other; set one to false")
        generator: Any = networks.generator
        encoder: Any = networks.encoder
        if config.recompute:
            for _, network in networks.items():
                recompute(network)
            if perceptual is not None:
                recompute(perceptual)
        if perceptual is not None:
            _move(perceptual, self.device)
        if config.compile:
            # Their graph is walked twice (see `step`). The discriminator stays as it is: compiled,
            # it would compute its own gradients in the generator's backward pass too.
            functorch_config.donated_buffer = False
            generator = torch.compile(generator, dynamic=False)
            encoder = None if encoder is None else torch.compile(encoder, dynamic=False)
        judge, modes = networks.discriminator, networks.modes
        return Objective(generator, judge, encoder, config, perceptual, modes)

    def make_optimizers(self) -> None:
        """New Adam optimisers over what is trained now."""
        options = self.config.optimizer
        betas = (options.beta1, options.beta2)
        fused = self.device.type in ("cuda", "cpu")
        self.generator_parameters = self._trained_parameters()
        self.generator_optimizer = torch.optim.Adam(
            self.generator_parameters, options.lr, betas, fused=fused
        )
        self.optimizers, self._rates = [self.generator_optimizer], [options.lr]
        self.discriminator_parameters: list[nn.Parameter] = []
        if self.networks.discriminator is not None:
            self.discriminator_parameters = list(self.networks.discriminator.parameters())
            rate = options.discriminator_lr
            self.optimizers.append(
                torch.optim.Adam(self.discriminator_parameters, rate, betas, fused=fused)
            )
            self._rates.append(rate)
        self.mode_parameters: list[nn.Parameter] = []
        self.mode_optimizer = None
        if self.networks.modes is not None:
            self.mode_parameters = list(self.networks.modes.parameters())
            self.mode_optimizer = torch.optim.Adam(
                self.mode_parameters, MODES_RATE, betas, fused=fused
            )
            self.optimizers.append(self.mode_optimizer)
            self._rates.append(MODES_RATE)
        self._shared: nn.Module = self.objective
        if dist.is_initialized():  # gradients are averaged over the processes of the group
            self._shared = DistributedDataParallel(self.objective, forward_sync_buffers=False)
        self._captured = self._make_captured()

    def _make_captured(self) -> CapturedSteps | None:
        """Where the work of a step is the same every time."""
        capture = capture_on(self.device) if self.config.capture else None
        changing = dist.is_initialized() or self.objective.pool.size or self.scaler.is_enabled()
        if capture is None or changing:
            return None
        every = [*self.generator_parameters, *self.mode_parameters, *self.discriminator_parameters]
        return CapturedSteps(self._gradients, every, capture)

    def freeze_trunk(self, frozen: bool) -> None:
        """Train the outermost enhancer and the encoder alone, or everything; new optimisers."""
        self.frozen_trunk = frozen
        self.make_optimizers()

    def _trained_parameters(self) -> list[nn.Parameter]:
        generator = self.networks.generator
        refining = generator.refining if self.frozen_trunk else ""
        for name, parameter in generator.named_parameters():
            parameter.requires_grad_(name.startswith(refining))
        encoder = self.networks.encoder
        extra = [] if encoder is None else list(encoder.parameters())
        for parameter in extra:
            parameter.requires_grad_(self.config.train_encoder)
        return [p for p in (*generator.parameters(), *extra) if p.requires_grad]

    def set_rates(self, stage: Stage, position: float) -> None:
        """Learning rates for step `position` of a stage: constant, then linearly to 0.

        Before that they rise, counted from the first step with these networks.
        """
        done = position / stage.steps
        fade = 1.0
        if done > stage.decay_from:
            fade = (1 - done) / (1 - stage.decay_from)
        options = self.config.optimizer
        if self.updates < options.warmup:
            fade *= (self.updates + 1) / options.warmup
        for optimizer, rate in zip(self.optimizers, self._rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * stage.lr * fade

    @torch.no_grad()
    def generate(self, batch: Batch) -> Tensor:
        """Picture (N, 3, H, W) by the averaged networks, styled from the batch's own picture."""
        with self.objective.autocast(self.device):
            maps = self.objective.maps(batch.labels, batch.index, None)
            means = self.objective.instance_features(batch, self.averaged_encoder)
            conditioning = self.objective.conditioning(maps, batch, means)
            return self.averaged_generator(conditioning).float()

    def step(self, batch: Batch, number: int = 0) -> dict[str, Tensor]:
        """One update of generator and encoder, then one of the discriminator.

        Both gradients come from the same forward pass, as in the official code, which runs the
        discriminator three times for it. number: of the step, chooses from the image pool.
        Returns the detached losses, still on the device.
        """
        losses = self._gradients(batch, number) if self._captured is None else self._captured(batch)
        if self.config.optimizer.clip:
            self.scaler.unscale_(self.generator_optimizer)
            nn.utils.clip_grad_norm_(self.generator_parameters, self.config.optimizer.clip)
        for optimizer in self.optimizers:
            self.scaler.step(optimizer)
        self.scaler.update()
        if self.config.precision == "bfloat16":
            self._round_moments()
        self._average()
        return losses

    def _gradients(self, batch: Batch, number: int = 0) -> dict[str, Tensor]:
        """The losses of a batch; their gradients are left in the parameters."""
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        losses = self._shared(batch, number)
        both = bool(self.discriminator_parameters)
        scale = self.scaler.scale
        inputs = [*self.generator_parameters, *self.mode_parameters]
        scale(losses["generator"]).backward(inputs=inputs, retain_graph=both)
        if both:
            scale(losses["discriminator"]).backward(inputs=self.discriminator_parameters)
        return {name: value.detach() for name, value in losses.items()}

    @torch.no_grad()
    def _round_moments(self) -> None:
        """Adam's first moments to bfloat16, as gradients are, so that saving them takes half."""
        moments = [m["exp_avg"] for each in self.optimizers for m in each.state.values()]
        rounded = [moment.bfloat16() for moment in moments]
        torch._foreach_copy_(moments, rounded)  # pyright: ignore[reportPrivateImportUsage]

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
            old: list[Tensor] = [*average.parameters()]
            new: list[Tensor] = [*network.parameters()]
            torch._foreach_lerp_(old, new, 1 - decay)  # pyright: ignore[reportPrivateImportUsage]


def settled(config: TrainingConfig, device: torch.device) -> TrainingConfig:
    """The same with the precision that pays on a device where it was "auto"."""
    if config.precision != AUTO:
        return config
    precision: Any = choose_target(str(device)).precision
    return replace(config, precision=precision)


def _copied[Network: Generator | Encoder](network: Network) -> Network:
    """Another one with the same weights; copy.deepcopy fails on tensors without content."""
    with torch.device("meta"):
        copied = type(network)(network.config)  # pyright: ignore[reportArgumentType]
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    copied.load_state_dict(weights, assign=True)
    return copied


def _move(network: nn.Module, device: torch.device) -> None:
    """`to(device)` where it is not there yet: tensors without content cannot be moved."""
    if any(parameter.device != device for parameter in network.parameters()):
        network.to(device)
