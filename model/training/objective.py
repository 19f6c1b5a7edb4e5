"""Objective: every loss of a training step, from maps and picture, as one module.

One module, so that `DistributedDataParallel` sees all parameters in one forward pass.
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from model.conditioning import (
    apart_from_owners,
    condition_maps,
    scale_reference,
    without_unstyled,
)
from model.networks.discriminator import MultiscaleDiscriminator
from model.networks.generator import Generator
from model.networks.local_enhancer import LocalEnhancer
from model.styles.features import instance_means, paint_means
from model.training.batches import Batch
from model.training.config import TrainingConfig
from model.training.losses import (
    PerceptualLoss,
    Terms,
    adversarial_loss,
    chroma_loss,
    feature_matching_loss,
    gradient_loss,
    nearest,
    reconstruction_loss,
)
from model.training.modes import ModeLoss, instance_pixels
from model.training.pool import ImagePool

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
Remembered = tuple[Tensor, Tensor | None, Tensor]  # labels, index, fake picture


class Judgements(NamedTuple):
    """The discriminator's maps of pictures, see `model.training.losses`."""

    fake: list[list[Tensor]]
    real: list[list[Tensor]]
    shown: list[list[Tensor]]  # from the image pool


class Objective(nn.Module):
    """Losses (paper, equations 2 to 5) of generator, discriminator and encoder on a batch."""

    def __init__(
        self,
        generator: nn.Module,
        discriminator: MultiscaleDiscriminator | None,
        encoder: nn.Module | None,
        config: TrainingConfig,
        perceptual: PerceptualLoss | None,
        modes: ModeLoss | None = None,
    ) -> None:
        super().__init__()
        self.generator, self.discriminator, self.encoder = generator, discriminator, encoder
        self.perceptual, self.modes = perceptual, modes
        self.config = config
        self.pool: ImagePool[Remembered] = ImagePool(config.losses.pool)
        self.dtype = PRECISIONS[config.precision]
        half = config.precision != "float32"
        self.layout = torch.channels_last if half else torch.contiguous_format

    def forward(self, batch: Batch, step: int = 0) -> dict[str, Tensor]:
        """All losses of one step, scalars with gradient.

        generator and, if there is one, discriminator are the sums that are optimised. step chooses
        what the image pool gives out.
        """
        present = self.present_labels(batch)
        with self.autocast(batch.picture.device):
            maps = self.maps(batch.labels, batch.index, present)
            means = self.instance_features(batch, self.encoder)
            conditioning = self.conditioning(maps, batch, means)
            columns = self._columns(present, self.config.conditioning.input_channels)
            fake = call_narrow(self.generator, conditioning, columns).float()
            judged = None
            if self.discriminator is not None:
                judged = self._judgements(batch, maps, fake, present, step)
        terms = {} if judged is None else self._judged_terms(judged)
        terms |= self._distances_of_nearest(fake, batch.picture)
        terms |= self._mode_terms(batch, means)
        sums = {"generator": torch.stack(list(terms.values())).sum()}
        if judged is not None:
            terms["real"] = self._adversarial(judged.real, True)
            terms["fake"] = self._adversarial(judged.shown, False)
            sums["discriminator"] = 0.5 * (terms["real"] + terms["fake"])
        return terms | sums

    def _judgements(
        self, batch: Batch, maps: Tensor, fake: Tensor, present: list[int] | None, step: int
    ) -> Judgements:
        of_fake = self._judge(maps, fake, present)
        of_real = self._judge(maps, batch.picture, present)
        shown = self._shown(batch, fake, step) if self.pool.size else of_fake
        return Judgements(of_fake, of_real, shown)

    def _judged_terms(self, judged: Judgements) -> Terms:
        weights = self.config.losses
        adversarial = self._adversarial(judged.fake, True)
        terms = {"adversarial": weights.adversarial_weight * adversarial}
        if weights.feature_matching:
            matching = feature_matching_loss(judged.fake, judged.real)
            terms["feature_matching"] = weights.feature_matching * matching
        return terms

    def _mode_terms(self, batch: Batch, means: Tensor | None) -> Terms:
        if self.modes is None or means is None or batch.index is None or batch.modes is None:
            return {}
        weights, count = self.config.losses, means.shape[1]
        owners = self._owners(batch, batch.index, count)
        pixels = instance_pixels(owners, count + 1)[:, :count]
        if batch.noise is not None:
            means = means + weights.modes_noise * batch.noise
        return {"modes": weights.modes * self.modes(means, batch.modes, pixels)}

    def _distances_of_nearest(self, fake: Tensor, real: Tensor) -> Terms:
        """Distances; where the generator makes several pictures, of the nearest."""
        if fake.shape[1] == real.shape[1]:
            return self._distances(fake, real)
        return nearest(self._distances, fake.unflatten(1, (-1, real.shape[1])), real)

    def _distances(self, fake: Tensor, real: Tensor) -> Terms:
        weights, terms = self.config.losses, {}
        if self.perceptual is not None:
            with self.autocast(fake.device):
                distance = self.perceptual(fake, real)
            terms["perceptual"] = weights.perceptual * distance
        if weights.l1:
            terms["l1"] = weights.l1 * functional.l1_loss(fake, real)
        if weights.reconstruction:
            terms["reconstruction"] = weights.reconstruction * reconstruction_loss(fake, real)
        if weights.chroma:
            terms["chroma"] = weights.chroma * chroma_loss(fake, real)
        if weights.gradient:
            terms["gradient"] = weights.gradient * gradient_loss(fake, real)
        return terms

    def _adversarial(self, maps: list[list[Tensor]], real: bool) -> Tensor:
        kind = self.config.losses.adversarial
        assert self.discriminator is not None and kind != "none"
        sigmoid = self.discriminator.config.sigmoid
        return adversarial_loss(maps, real, kind, sigmoid=sigmoid)

    def _judge(self, maps: Tensor, picture: Tensor, present: list[int] | None) -> Any:  # noqa: ANN401
        """The discriminator's maps of a picture; it sees the label maps beside it."""
        assert self.discriminator is not None
        columns = self._columns(present, self.discriminator.config.input_channels)
        joined = torch.cat([maps, picture.to(maps.dtype)], 1).contiguous(memory_format=self.layout)
        return call_narrow(self.discriminator, joined, columns)

    def _shown(self, batch: Batch, fake: Tensor, step: int) -> Any:  # noqa: ANN401
        """The discriminator's maps of what the image pool gives out for this batch."""
        rng = random.Random(f"{self.config.seed} {step}")
        earlier = self.pool.samples
        if earlier and earlier[0][2].shape != fake.shape[1:]:  # another stage's crops
            self.pool.samples = []
        index = [None] * len(fake) if batch.index is None else list(batch.index)
        newest = zip(batch.labels, index, fake.detach(), strict=True)
        labels, numbers, pictures = zip(
            *(self.pool.exchange(sample, rng) for sample in newest), strict=True
        )
        numbers = None if batch.index is None else torch.stack(numbers)
        maps = self.maps(torch.stack(labels), numbers, None)
        return self._judge(maps, torch.stack(pictures), None)

    def _columns(self, present: list[int] | None, channels: int) -> list[int] | None:
        """Those of a network's input channels that are given to it."""
        if present is None:
            return None
        return [*present, *range(self.config.conditioning.label_channels, channels)]

    def maps(self, labels: Tensor, index: Tensor | None, present: list[int] | None) -> Tensor:
        """The map channels of `present` labels, or of all."""
        conditioning = self.config.conditioning
        known = range(conditioning.label_channels) if present is None else present
        maps = condition_maps(conditioning, labels, index, self.dtype, known=known)
        return maps.contiguous(memory_format=self.layout)

    def present_labels(self, batch: Batch) -> list[int] | None:
        """Labels that occur, where leaving out the others saves time: on CPUs, as written.

        Networks that are compiled or that recompute are given every channel.
        """
        config = self.config
        if batch.labels.device.type != "cpu" or config.compile or config.recompute:
            return None
        return None if config.conditioning.rgb else batch.labels.unique().tolist()

    def instance_features(self, batch: Batch, encoder: nn.Module | None) -> Tensor | None:
        """What an encoder makes of the batch's own picture: (N, instances, F) float32.

        Parts with a look of their own do not count.
        """
        if encoder is None:
            return None
        if batch.index is None:
            raise ValueError("an encoder needs instance maps")
        picture = batch.picture.contiguous(memory_format=self.layout)
        count = batch.instances
        if count is None:
            count = int(batch.index.max()) + 1
        index = self._owners(batch, batch.index, count)
        return instance_means(encoder(picture), index, count + 1)[:, :count]

    def _owners(self, batch: Batch, index: Tensor, count: int) -> Tensor:
        """`index`, and `count` where parts do not tell their owner's features."""
        apart = apart_from_owners(self.config.conditioning, batch.labels)
        return index if apart is None else torch.where(apart, count, index)

    def conditioning(self, maps: Tensor, batch: Batch, means: Tensor | None) -> Tensor:
        """What the generator sees; means: the features of every instance."""
        parts = [maps]
        if means is not None and batch.index is not None:
            painted = paint_means(means, batch.index)
            painted = without_unstyled(self.config.conditioning, painted, batch.labels)
            parts.append(painted.to(maps.dtype))
        if batch.reference is not None:
            parts.append(scale_reference(batch.reference, maps.dtype))
        return torch.cat(parts, 1).contiguous(memory_format=self.layout)

    def autocast(self, device: torch.device) -> torch.autocast:
        if self.dtype == torch.float32:
            return torch.autocast(device.type, enabled=False)
        return torch.autocast(device.type, self.dtype)


def call_narrow(network: nn.Module, x: Tensor, columns: list[int] | None) -> Any:  # noqa: ANN401
    """network(x) where x lacks all input channels but `columns`; None: it lacks none.

    Exact when the channels left out are all zero, as one-hot channels of labels that do not
    occur are: neither they nor their weights count, and those weights' gradients are zero.
    """
    if columns is None:
        return network(x)
    assert isinstance(network, Generator | MultiscaleDiscriminator)
    weights = {}
    for name in network.input_weights():
        weight = network.get_parameter(name)
        own = range(network.config.input_channels, weight.shape[1])  # what meets inner layers
        weights[name] = weight[:, [*columns, *own]]
    told = {"columns": columns} if isinstance(network, LocalEnhancer) else {}
    return functional_call(network, weights, (x,), told)
