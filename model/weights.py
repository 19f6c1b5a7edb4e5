"""Tensors on disk against networks: shapes compared by name, weights assigned whole or not at all.

Knows neither folders nor formats of checkpoints.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from math import prod
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from model.errors import CheckpointError
from model.networks.discriminator import DiscriminatorConfig
from model.networks.encoder import EncoderConfig
from model.networks.generator import GeneratorConfig
from model.scene.reading import opened, parse_json

NetworkConfig = GeneratorConfig | EncoderConfig | DiscriminatorConfig
Shapes = Mapping[str, tuple[int, ...]]

MAX_PARAMETERS = 2 * 10**9
MAX_CHANNELS = 2**14
MAX_DEPTH = 64
MAX_FILE_BYTES = 16 * 2**30
MAX_HEADER_BYTES = 2**20
DEPTHS = ("downsamples", "blocks", "enhancers", "layers", "scales")
PLACES = "tint"  # of channels, not how many there are
IDENTIFYING = 64  # numbers of every tensor that tell networks apart
COUNTER = ".num_batches_tracked"
STATISTICS = (".running_mean", ".running_var", COUNTER)


def identity_of(network: nn.Module) -> str:
    """32 hexadecimal digits, the same for the same weights in float16 or float32 files.

    Of every tensor only the beginning counts.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, tensor in network.state_dict().items():
        start = tensor.detach().flatten()[:IDENTIFYING].to("cpu", torch.float16)
        digest.update(f"{name} {tuple(tensor.shape)} ".encode())
        digest.update(start.numpy().tobytes())
    return digest.hexdigest()


def check_sizes(config: NetworkConfig, source: Path) -> None:
    """Refuses sizes that no network has, before a network of that size is described.

    Raises:
        CheckpointError: a number of channels or layers is negative or absurdly large.
    """
    levels = sum(getattr(config, name, 0) for name in ("downsamples", "global_downsamples"))
    levels += getattr(config, "enhancers", 0)
    levels = max(levels, len(getattr(config, "module_channels", ())) - 1)
    for field in fields(config):
        found = getattr(config, field.name)
        deep = field.name.endswith(DEPTHS)
        least = 0 if deep or field.name == PLACES else 1
        most = MAX_DEPTH if deep else MAX_CHANNELS
        numbers: tuple[Any, ...] = found if isinstance(found, tuple) else (found,)
        for value in numbers:
            if type(value) is int and not least <= value <= most:
                raise CheckpointError(
                    f"{source} describes a network with {field.name} {value}, outside {least} to "
                    f"{most}; it is damaged or no checkpoint."
                )
    base: int = getattr(config, "base_channels", 1)
    widest = base * 2**levels
    if min(widest, getattr(config, "max_channels", None) or widest) > MAX_CHANNELS or levels > 16:
        raise CheckpointError(
            f"{source} describes a network with {base} channels doubled {levels} times; it is "
            "damaged or no checkpoint."
        )


def describe[Network: nn.Module](
    network: type[Network], config: NetworkConfig, source: Path
) -> Network:
    """The network without memory for its weights (on torch's meta device).

    Raises:
        CheckpointError: the sizes are absurd.
    """
    check_sizes(config, source)
    with torch.device("meta"):
        described = network(config)
    count = sum(parameter.numel() for parameter in described.parameters())
    if count > MAX_PARAMETERS:
        raise CheckpointError(
            f"{source} describes a network of {count / 1e9:.1f} billion parameters, more than "
            f"{MAX_PARAMETERS / 1e9:.0f}; it is damaged or no checkpoint."
        )
    return described


def shapes_of(network: nn.Module) -> dict[str, tuple[int, ...]]:
    """Name -> shape of everything in the network's state."""
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def check_shapes(found: Shapes, network: nn.Module, source: Path) -> None:
    """Refuses tensors that are not exactly the network's.

    A missing step counter of batch norm is allowed: files of old torch versions lack it.

    Raises:
        CheckpointError: names a tensor that is missing, unexpected or of another shape.
    """
    wanted = shapes_of(network)
    missing = [name for name in wanted if name not in found and not name.endswith(COUNTER)]
    unexpected = [name for name in found if name not in wanted]
    if missing or unexpected:
        raise CheckpointError(
            f"{source} does not fit its network {type(network).__name__}: "
            f"{_list('missing', missing)}{' and ' if missing and unexpected else ''}"
            f"{_list('unexpected', unexpected)}."
        )
    for name, shape in found.items():
        if shape != wanted[name]:
            raise CheckpointError(
                f"{source} does not fit its network {type(network).__name__}: {name} has shape "
                f"{_shape(shape)} in the file and {_shape(wanted[name])} in the network."
            )


def _list(word: str, names: list[str]) -> str:
    if not names:
        return ""
    rest = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{word} {', '.join(names[:3])}{rest}"


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "()"


def assign(network: nn.Module, tensors: Mapping[str, Tensor], source: Path) -> None:
    """Gives a described network its weights as float32, after every check has passed.

    Raises:
        CheckpointError: names or shapes differ, or a value is NaN or infinite.
    """
    check_shapes({name: tuple(tensor.shape) for name, tensor in tensors.items()}, network, source)
    state = {}
    for name, tensor in tensors.items():
        counter = name.endswith(COUNTER)
        state[name] = tensor.to(torch.int64 if counter else torch.float32)
        if not torch.isfinite(state[name]).all():
            raise CheckpointError(f"{source} is damaged: {name} has values that are not finite.")
    for name in shapes_of(network).keys() - state.keys():
        state[name] = torch.zeros((), dtype=torch.int64)
    network.load_state_dict(state, strict=True, assign=True)


def count_numbers(shapes: Shapes) -> int:
    """How many numbers the tensors hold, without the running statistics of norms."""
    return sum(prod(shape) for name, shape in shapes.items() if not name.endswith(STATISTICS))


def safetensors_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a safetensors file from its header alone."""
    with _safetensors(path) as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, as they are stored."""
    with _safetensors(path) as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def _check_end(header: bytes, size: int) -> None:
    """Before the file is mapped into memory; that tensors do not overlap is checked afterwards."""
    entries = {name: entry for name, entry in parse_json(header).items() if name != "__metadata__"}
    end = max((entry["data_offsets"][1] for entry in entries.values()), default=0)
    if end != size:
        raise ValueError(f"its tensors end at {end} of {size} bytes")


@contextmanager
def _safetensors(path: Path) -> Iterator[Any]:
    """The reader of a file whose header is no larger than headers are; it checks all sizes."""
    with opened(path, CheckpointError, MAX_FILE_BYTES) as file:
        header = int.from_bytes(file.read(8), "little")
        if header > MAX_HEADER_BYTES:
            raise CheckpointError(
                f"{path} declares a header of {header} bytes; it is damaged or no safetensors file."
            )
        declared, size = file.read(header), file.seek(0, 2)
    try:
        _check_end(declared, size - 8 - header)
        with safe_open(path, "pt") as tensors:
            yield tensors
    except (
        OSError,
        SafetensorError,
        ValueError,
        RuntimeError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise CheckpointError(f"{path} cannot be read as weights: {error}.") from error
