"""Where the values of a node wait when the memory that painting may take does not hold them.

Both kinds are written and read by the rectangle like the tensor that they stand for,
(1, C, H, W), whole rows at a time; what is read lies in channels_last on the node's device.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from pathlib import Path
from types import EllipsisType
from typing import Protocol

import torch
from torch import Tensor

from model.errors import ResourceError

Where = tuple[EllipsisType, slice, slice]
_LARGE_FILES = Path("/var/tmp")  # lies on a disk where /tmp may be memory


class Values(Protocol):
    """Values of a whole node; a tensor is one, too."""

    def __getitem__(self, where: Where, /) -> Tensor: ...

    def __setitem__(self, where: Where, values: Tensor, /) -> None: ...


def set_aside(channels: int, size: tuple[int, int], like: Tensor) -> Values:
    """Room outside of the memory that is short: a device's values in the machine's memory, the
    CPU's in a file."""
    kind = _InFile if like.device.type == "cpu" else _OnHost
    return kind(channels, size, like)


class _OnHost:
    def __init__(self, channels: int, size: tuple[int, int], like: Tensor) -> None:
        self._device = like.device
        room = torch.empty((1, channels, *size), dtype=like.dtype)
        self._values = room.contiguous(memory_format=torch.channels_last)

    def __getitem__(self, where: Where) -> Tensor:
        part = self._values[where].contiguous(memory_format=torch.channels_last)
        return part.to(self._device)

    def __setitem__(self, where: Where, values: Tensor) -> None:
        self._values[where] = values.cpu()


class _InFile:
    """A file without a name: it is gone when the process is, however that ends."""

    def __init__(self, channels: int, size: tuple[int, int], like: Tensor) -> None:
        _, self._width = size
        self._channels = channels
        self._dtype = like.dtype
        self._row_bytes = self._width * channels * like.element_size()
        self._folder = spill_folder()
        self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        weakref.finalize(self, self._file.close)

    def __getitem__(self, where: Where) -> Tensor:
        _, rows, columns = where
        shape = 1, rows.stop - rows.start, self._width, self._channels
        values = torch.empty(shape, dtype=self._dtype)
        self._file.seek(rows.start * self._row_bytes)
        self._file.readinto(values.view(torch.uint8).numpy().reshape(-1))
        return values[:, :, columns].permute(0, 3, 1, 2)

    def __setitem__(self, where: Where, values: Tensor) -> None:
        _, rows, _ = where
        content = values[0].permute(1, 2, 0).contiguous().view(torch.uint8).numpy()
        try:
            self._file.seek(rows.start * self._row_bytes)
            self._file.write(content.reshape(-1))
            self._file.flush()
        except OSError as error:
            raise ResourceError(
                f"Painting strip by strip needs room under {self._folder} ({error.strerror}); make "
                "room there, set TMPDIR to another folder, or raise the memory limit."
            ) from error


def spill_folder() -> Path:
    """Where activations that memory does not hold are written: TMPDIR, else a disk."""
    if not os.environ.get("TMPDIR") and os.access(_LARGE_FILES, os.W_OK):
        return _LARGE_FILES
    return Path(tempfile.gettempdir())
