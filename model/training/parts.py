"""The state of a run in parts, so that it can move where single files are limited in size.

Weights and averages in half precision; optimisers and what guesses modes start afresh from it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model.errors import InputError
from model.scene.reading import read_bytes

PART_BYTES = 15 * 2**20
MAX_PARTS = 1000
_LEFT_OUT = {"optimizers", "modes"}
_NAME = "state.part{:02d}"


def write_parts(state: dict[str, Any], folder: Path) -> list[Path]:
    """Write a run's state to numbered files of at most 15 MiB; returns them in order."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("state.part*"):
        old.unlink()
    buffer = io.BytesIO()
    torch.save(_halved({k: v for k, v in state.items() if k not in _LEFT_OUT}), buffer)
    content, paths = buffer.getbuffer(), []
    for number, start in enumerate(range(0, len(content), PART_BYTES)):
        path = folder / _NAME.format(number)
        path.write_bytes(content[start : start + PART_BYTES])
        paths.append(path)
    return paths


def read_parts(folder: Path) -> io.BytesIO | None:
    """The parts put together again, or None when the folder holds none.

    Raises InputError naming the first part that is missing.
    """
    found = sorted(folder.glob("state.part*"))
    for number, path in enumerate(found):
        if path.name != _NAME.format(number):
            raise InputError(f"{folder / _NAME.format(number)} is missing; copy it there too")
    parts = (read_bytes(path, InputError, PART_BYTES) for path in found[:MAX_PARTS])
    return io.BytesIO(b"".join(parts)) if found else None


def _halved(value: Any) -> Any:  # noqa: ANN401 - any nesting of dicts and lists
    if isinstance(value, Tensor):
        return value.half() if value.dtype == torch.float32 else value
    if isinstance(value, dict):
        return {key: _halved(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_halved(item) for item in value]
    return value
