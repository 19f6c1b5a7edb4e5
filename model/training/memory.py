"""How much memory training takes, found by going through a step without computing it.

torch's fake tensors have sizes but no content: any preset at any size runs on any machine.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only
from torchvision.models import vgg19

from model.device import choose_target
from model.training.batches import Batch
from model.training.config import Stage, TrainingConfig
from model.training.losses import PerceptualLoss
from model.training.trainer import Trainer, build_networks, settled

CPU = torch.device("cpu")
INSTANCES = 100


class LiveBytes(TorchDispatchMode):
    """Counts the bytes of all tensors made while it is active that are still alive.

    What an operation needs only while it runs is not seen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.live = self.peak = 0
        self._seen: set[int] = set()

    def __torch_dispatch__(
        self,
        func: Callable[..., object],
        types: object,
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        result = func(*args, **(kwargs or {}))
        tree_map_only(Tensor, self._count, result)
        return result

    def _count(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key = id(storage)
        if key in self._seen:
            return
        self._seen.add(key)
        size = storage.nbytes()
        self.live += size
        self.peak = max(self.peak, self.live)
        weakref.finalize(storage, self._freed, key, size)

    def _freed(self, key: int, size: int) -> None:
        self._seen.discard(key)
        self.live -= size


def peak_bytes(config: TrainingConfig, stage: Stage, size: tuple[int, int]) -> int:
    """The most memory that a step of a stage on samples of `size` (height, width) holds.

    Weights, optimisers, averages, VGG-19 and activations; not what single operations need
    besides, nor what an allocator loses. Precision "auto": that of the device which training takes
    by itself here.
    """
    config = settled(config, choose_target(precision="float32").device)
    with FakeTensorMode(), LiveBytes() as memory:
        coarse = stage.train == "global"
        networks = build_networks(config, coarse=coarse)
        perceptual = None
        if config.losses.perceptual:
            features = nn.Sequential(*vgg19().features.children())
            perceptual = PerceptualLoss(features, config.losses.vgg_layers)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that fake tensors have no address
            trainer = Trainer(networks, config, CPU, perceptual)
        trainer.objective.present_labels = lambda batch: None
        if stage.train == "enhancer":
            trainer.freeze_trunk(True)
        batch = made_up_batch(config, stage, size)
        trainer.step(batch)  # makes the optimisers' state
        memory.peak = memory.live
        trainer.step(batch)
        return memory.peak


def made_up_batch(
    config: TrainingConfig, stage: Stage, size: tuple[int, int], device: torch.device = CPU
) -> Batch:
    """A batch of the stage on samples of `size` (height, width), all zero."""
    conditioning, n = config.conditioning, stage.batch
    reference = None
    if conditioning.reference_channels:
        channels = conditioning.reference_channels
        reference = torch.zeros(n, channels, *size, device=device, dtype=torch.int8)
    if conditioning.rgb:
        labels, index = torch.zeros(n, 3, *size, device=device), None
    else:
        labels = torch.zeros(n, *size, device=device, dtype=torch.uint8)
        index = torch.zeros(n, *size, device=device, dtype=torch.int64)
    picture = torch.zeros(n, 3, *size, device=device)
    modes = None
    if config.told_modes:
        modes = torch.zeros(n, INSTANCES, device=device, dtype=torch.int64)
    return Batch(labels, index, picture, reference, INSTANCES, modes)
