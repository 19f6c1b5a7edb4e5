"""Reading the golden set: arrays, and networks with the golden weights. See golden/README.md."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from model.conditioning import ConditioningConfig
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.styles.features import instance_means, paint_means

GOLDEN = Path(__file__).resolve().parent / "golden"
CHECKPOINTS = GOLDEN / "checkpoints"
DATASETS = GOLDEN / "datasets"
STREETS = DATASETS / "cityscapes_small"
EDGES = DATASETS / "edges_small"

PICTURE_LIMIT = 5e-5  # network outputs in float32, absolute
LEVEL_LIMIT = 1  # pictures, in levels of 255

DISCRIMINATORS = {
    "global": DiscriminatorConfig(input_channels=39, base_channels=4),
    "local_feat": DiscriminatorConfig(input_channels=39, base_channels=8, scales=3),
    "rgb": DiscriminatorConfig(
        input_channels=6, base_channels=4, intermediate_features=False, sigmoid=True
    ),
    "batchnorm": DiscriminatorConfig(input_channels=38, base_channels=4, norm="batch"),
    "d_no_interm": DiscriminatorConfig(
        input_channels=39, base_channels=8, layers=2, intermediate_features=False
    ),
}


@cache
def meta() -> dict:
    return json.loads((GOLDEN / "meta.json").read_text(encoding="utf-8"))


def arrays(name: str) -> dict[str, np.ndarray]:
    with np.load(GOLDEN / "arrays" / f"{name}.npz", allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}


def options(checkpoint: str) -> dict:
    """The official options of a checkpoint; `legacy_batchnorm` has those of `batchnorm`."""
    if checkpoint == "legacy_instance":
        return {"label_nc": 35, **meta()["checkpoints"][checkpoint]["define_G"]}
    return meta()["checkpoints"][checkpoint.removeprefix("legacy_")]["args"]


def conditioning_config(checkpoint: str) -> ConditioningConfig:
    given = options(checkpoint)
    return ConditioningConfig(
        label_channels=given["label_nc"],
        rgb=given["label_nc"] == 0,
        boundary=not given.get("no_instance", False),
        feature_channels=given["feat_num"] if given.get("instance_feat") else 0,
    )


def weights(checkpoint: str, letter: str) -> dict[str, Tensor]:
    path = CHECKPOINTS / checkpoint / f"latest_net_{letter}.pth"
    return torch.load(path, map_location="cpu", weights_only=True)


def generator(checkpoint: str) -> nn.Module:
    """The generator as the official code uses it: in training mode, never `eval()`."""
    given = options(checkpoint)
    common = {
        "input_channels": conditioning_config(checkpoint).input_channels,
        "base_channels": given["ngf"],
        "norm": given.get("norm", "instance"),
    }
    if given["netG"] == "local":
        config = LocalEnhancerConfig(
            **common,
            global_downsamples=given["n_downsample_global"],
            global_blocks=given["n_blocks_global"],
            enhancers=given["n_local_enhancers"],
            local_blocks=given["n_blocks_local"],
        )
        network = LocalEnhancer(config)
    else:
        network = GlobalGenerator(
            GlobalGeneratorConfig(
                **common,
                downsamples=given["n_downsample_global"],
                blocks=given["n_blocks_global"],
            )
        )
    state = weights(checkpoint, "G")
    if checkpoint == "legacy_instance":  # torch < 0.4 stored statistics that mean nothing
        state = {name: value for name, value in state.items() if "running_" not in name}
    network.load_state_dict(state)
    return network


def encoder(checkpoint: str = "local_feat") -> Encoder:
    given = options(checkpoint)
    network = Encoder(
        EncoderConfig(
            output_channels=given["feat_num"],
            base_channels=given["nef"],
            downsamples=given["n_downsample_E"],
        )
    )
    network.load_state_dict(weights(checkpoint, "E"))
    return network


def discriminator(checkpoint: str) -> MultiscaleDiscriminator:
    network = MultiscaleDiscriminator(DISCRIMINATORS[checkpoint])
    network.load_state_dict(weights(checkpoint, "D"))
    return network


def batch_of(array: np.ndarray, ndim: int) -> Tensor:
    """An array as a tensor with a leading batch axis if it has none."""
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    return tensor if tensor.ndim == ndim else tensor[None]


def signed(picture: np.ndarray) -> Tensor:
    """Picture (H, W, 3) or (N, 3, H, W) uint8 to (N, 3, H, W) float32 in [-1, 1]."""
    if picture.ndim == 3:
        picture = picture.transpose(2, 0, 1)[None]
    return (torch.from_numpy(np.ascontiguousarray(picture)).float() / 255 - 0.5) / 0.5


def pooled(features: Tensor, index: Tensor) -> Tensor:
    """Features (N, F, H, W) as a generator is fed with them: averaged per instance number."""
    return paint_means(instance_means(features, index, int(index.max()) + 1), index)


def worst(actual: Tensor | np.ndarray, expected: np.ndarray) -> float:
    """Largest absolute difference, of arrays of the same shape."""
    actual = actual.detach().numpy() if isinstance(actual, Tensor) else np.asarray(actual)
    assert actual.shape == expected.shape, f"{actual.shape} is not {expected.shape}"
    return float(np.abs(actual.astype(np.float64) - expected.astype(np.float64)).max())
