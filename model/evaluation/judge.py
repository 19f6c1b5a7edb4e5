"""Judge: a segmentation network that says what it sees in a picture. Trains nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional

from model.config_json import config_from_json
from model.device import Target
from model.errors import InputError
from model.evaluation.extra import library
from model.scene.files import atomic_file
from model.scene.labels import NO_TRAIN_ID, LabelSchema
from model.scene.reading import parse_json, read_bytes
from model.weights import assign, read_safetensors

DESCRIPTION, WEIGHTS = "judge.json", "judge.safetensors"
MAX_DESCRIPTION_BYTES = 2**20
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of photos, by custom
NETWORKS = {"pspnet": (3, 256), "fpn": (5, 128)}  # depth of the encoder, channels of the decoder

Network = Callable[[Tensor], tuple[Tensor, Sequence[Tensor]]]  # logits, features by layer


@dataclass(frozen=True, slots=True)
class JudgeConfig:
    """What has to be known to show a judge pictures and to read its answers.

    Attributes:
        labels: the label id that each output channel stands for.
        height: pictures are brought to it before they are shown; 0 leaves them as they are.
        mean, deviation: of RGB, 0..1; a picture is shown as (picture - mean) / deviation.
        network: of NETWORKS; encoder, depth, channels: its parts. Not used for other judges.
    """

    labels: list = field(default_factory=list)
    height: int = 512
    mean: list = field(default_factory=lambda: list(MEAN))
    deviation: list = field(default_factory=lambda: list(DEVIATION))
    network: str = "pspnet"
    encoder: str = "resnet18"
    depth: int = 3
    channels: int = 256

    @property
    def multiple(self) -> int:
        """Sides of what it is shown are multiples of it."""
        return 2**self.depth


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a judge sees.

    prediction: (h, w) int64, an index into the judge's labels for every pixel of the size it
    looks at. features: (C, h', w') float32 by layer, on its device.
    """

    prediction: Tensor
    features: Sequence[Tensor]


class Judge:
    """A network with its configuration.

    name: of its file. identity: a digest of it. features_of: where its features come from.
    """

    def __init__(
        self, network: Network, config: JudgeConfig, name: str, identity: str, features_of: str
    ) -> None:
        self._network, self.config = network, config
        self.name, self.identity, self.features_of = name, identity, features_of
        self.device = torch.device("cpu")

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(height, width) at which it looks at a picture of this size."""
        height, multiple = self.config.height or size[0], self.config.multiple
        return tuple(  # pyright: ignore[reportReturnType]
            max(1, round(side * height / size[0] / multiple)) * multiple for side in size
        )

    def look(self, picture: NDArray[np.uint8]) -> Look:
        """picture: (H, W, 3) uint8 RGB of any size."""
        height, width = self.size(picture.shape[:2])
        shown = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        levels = torch.from_numpy(shown).to(self.device).permute(2, 0, 1)[None].float() / 255
        with torch.inference_mode():
            logits, features = self._network(normalized(levels, self.config))
            if logits.shape[-2:] != (height, width):
                logits = functional.interpolate(logits, (height, width), mode="bilinear")
            return Look(logits[0].argmax(0), [layer[0].float() for layer in features])

    def targets(self, label_map: NDArray[np.uint8]) -> Tensor:
        """What it should see in the picture of a map: (h, w) int64, -1 where it has no label."""
        height, width = self.size(label_map.shape)  # pyright: ignore[reportArgumentType]
        small = cv2.resize(label_map, (width, height), interpolation=cv2.INTER_NEAREST)
        return channel_of(self.config)[torch.from_numpy(small).long()].to(self.device)

    def facts(self) -> dict[str, Any]:
        """For a report."""
        return {"name": self.name, "identity": self.identity, "features": self.features_of} | {
            key: value for key, value in asdict(self.config).items() if key in ("labels", "height")
        }


def normalized(levels: Tensor, config: JudgeConfig) -> Tensor:
    """(N, 3, H, W) in 0..1 as the judge wants it."""
    mean, deviation = (
        torch.tensor(row, device=levels.device).view(1, 3, 1, 1)
        for row in (config.mean, config.deviation)
    )
    return (levels - mean) / deviation


def channel_of(config: JudgeConfig) -> Tensor:
    """(256,) int64: label id to output channel, -1 for labels that are not judged."""
    table = torch.full((256,), -1)
    table[config.labels] = torch.arange(len(config.labels))
    return table


def judged_labels(schema: LabelSchema) -> list[int]:
    """The label ids that count: those with a train id, in its order; without any, all.

    Of Cityscapes the 19 of its benchmark.
    """
    trained = [label for label in schema if label.train_id != NO_TRAIN_ID]
    return [label.id for label in sorted(trained, key=lambda each: each.train_id)] or list(
        schema.ids
    )


def build_network(config: JudgeConfig) -> nn.Module:
    """A network of NETWORKS with random weights; its logits are those of an eighth of the
    resolution (PSPNet: Zhao et al., CVPR 2017) or of a quarter (FPN: Kirillov et al., CVPR 2019).
    """
    smp = library("segmentation_models_pytorch")
    parts: dict[str, Any] = {
        "encoder_name": config.encoder,
        "encoder_weights": None,
        "encoder_depth": config.depth,
        "classes": len(config.labels),
        "upsampling": 1,  # by who needs more
    }
    try:
        if config.network == "fpn":
            width = {"pyramid": config.channels, "segmentation": config.channels // 2}
            sizes = {f"decoder_{part}_channels": size for part, size in width.items()}
            return smp.FPN(**parts, **sizes)
        network = smp.PSPNet(**parts, psp_out_channels=config.channels)
    except (KeyError, ValueError) as error:
        raise InputError(
            f"There is no judge {config.network} with the encoder {config.encoder!r} of depth "
            f"{config.depth} ({error}); leave out --encoder."
        ) from error
    network.encoder.make_dilated(8)
    for name in [f"layer{number}" for number in range(config.depth, 5)]:
        if hasattr(network.encoder, name):  # of a ResNet: beyond the depth, so never used
            setattr(network.encoder, name, nn.Identity())
    return network


def fitted_network(network: nn.Module, target: Target) -> Network:
    """A network of ours, and the outputs of its encoder's stages as features."""
    network = network.to(target.device).eval()
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    encoder, decoder, head = (
        network.get_submodule(name) for name in ("encoder", "decoder", "segmentation_head")
    )
    half = target.precision != "float32"

    def answer(pictures: Tensor) -> tuple[Tensor, Sequence[Tensor]]:
        with torch.autocast(target.device.type, target.dtype, enabled=half):
            features = encoder(pictures)
            logits = head(decoder(features))
        return logits.float(), features[1:]

    return answer


def save_judge(folder: Path, network: nn.Module, config: JudgeConfig, facts: dict) -> None:
    """A folder that `open_judge` takes; facts say how it was trained and how good it is."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    with atomic_file(folder / WEIGHTS, InputError) as file:
        file.write(save(state))
    content = {"judge": asdict(config), "facts": facts}
    with atomic_file(folder / DESCRIPTION, InputError) as file:
        file.write(json.dumps(content, indent=1).encode() + b"\n")


def load_judge(folder: Path, target: Target) -> Judge:
    """A judge of `fit-judge`.

    Raises:
        InputError: the folder holds none, or a damaged one.
    """
    config = read_config(folder / DESCRIPTION)
    network = build_network(config)
    file = folder / WEIGHTS
    data = read_bytes(file, InputError, 2**30)
    assign(network, read_safetensors(file), file)
    judge = Judge(
        fitted_network(network, target),
        config,
        folder.resolve().name,
        blake2b(data, digest_size=8).hexdigest(),
        "encoder stages",
    )
    judge.device = target.device
    return judge


def read_config(path: Path) -> JudgeConfig:
    """The configuration in a judge's description. Raises InputError for anything else."""
    try:
        content = parse_json(read_bytes(path, InputError, MAX_DESCRIPTION_BYTES))
        config = config_from_json(JudgeConfig, content["judge"], path)
        check_config(config)
    except (ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} does not describe a judge: {error}.") from error
    return config


def check_config(config: JudgeConfig) -> None:
    """Raises ValueError for what cannot be."""
    labels = config.labels
    if not labels or not all(type(each) is int and 0 <= each <= 255 for each in labels):
        raise ValueError(f"its labels are {labels!r}, not ids 0 to 255")
    if config.network not in NETWORKS or not 3 <= config.depth <= 5:
        raise ValueError(f"its network is {config.network!r} of depth {config.depth}")
    if len(set(labels)) != len(labels):
        raise ValueError("it names a label twice")
    if not 0 <= config.height <= 8192:
        raise ValueError(f"its height is {config.height}")
    for row in (config.mean, config.deviation):
        if len(row) != 3 or not all(type(each) in (int, float) for each in row):
            raise ValueError(f"{row!r} are not three numbers")
    if not all(each > 0 for each in config.deviation):
        raise ValueError("its deviation is not positive")
