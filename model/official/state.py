"""Reads an official .pth: a state dict of plain tensors, from any torch version.

No pickle is executed beyond what torch's weights-only reader allows.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from model.errors import CheckpointError
from model.torch_files import load_tensors
from model.weights import COUNTER, STATISTICS, Shapes

MAX_TENSORS = 4096
SLACK_BYTES = 2**16


def read_state(path: Path, *, shapes_only: bool = False) -> dict[str, Tensor]:
    """Name -> tensor on the CPU, as stored, under the names of a single-device network.

    A leading `module.` is stripped, and so are the running statistics that old torch versions
    wrote for instance norms without parameters. With `shapes_only` the tensors may be backed by
    the file: look at their shapes and drop them.

    Raises:
        CheckpointError: the file is damaged, holds more than tensors, or declares more numbers
            than it has room for.
    """
    state = load_tensors(path, str(path), CheckpointError, mapped=shapes_only)
    if not isinstance(state, dict) or not state or len(state) > MAX_TENSORS:
        raise CheckpointError(
            f"{path} holds no network of the official code (a dict of named tensors)."
        )
    tensors: dict[str, Tensor] = {}
    for name, value in state.items():
        plain = str(name).removeprefix("module.")
        if plain in tensors:
            raise CheckpointError(f"{path} has the tensor {plain} twice, with and without module.")
        tensors[plain] = _checked(value, plain, path)
    _check_room(tensors, path)
    return _without_stale_statistics(tensors)


def shapes(state: dict[str, Tensor]) -> Shapes:
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def _checked(value: object, name: str, path: Path) -> Tensor:
    if not isinstance(value, Tensor):
        raise CheckpointError(f"{path} holds no network of the official code: {name} is no tensor.")
    plain = value.layout == torch.strided and not value.is_quantized and value.device.type == "cpu"
    if not plain or not (value.is_floating_point() or name.endswith(COUNTER)):
        raise CheckpointError(f"{path} holds no plain weights: {name} is {value.dtype}.")
    return value.detach()


def _check_room(tensors: dict[str, Tensor], path: Path) -> None:
    """A tensor of any size can be declared over a few bytes with stride 0."""
    declared = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    if declared > path.stat().st_size + SLACK_BYTES:
        raise CheckpointError(
            f"{path} declares {declared} bytes of weights and has {path.stat().st_size}; "
            "it is damaged or no checkpoint."
        )


def _without_stale_statistics(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Drops statistics of layers without a weight: instance norms, which never used them."""
    return {
        name: tensor
        for name, tensor in tensors.items()
        if not name.endswith(STATISTICS) or f"{name.rpartition('.')[0]}.weight" in tensors
    }
