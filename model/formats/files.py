"""What all formats share: JSON that may be anything, sizes, colours, and several files at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import MapError
from model.scene.archives import ArchiveError
from model.scene.files import atomic_file
from model.scene.maps import MAX_PIXELS, encode_picture
from model.scene.reading import parse_json, read_bytes

MAX_JSON_BYTES = 64 * 2**20
MAX_SIDE = 65_500


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """The content of a JSON file. Raises MapError when there is none."""
    data = read_bytes(path, MapError, MAX_JSON_BYTES)
    try:
        return parse_json(data)
    except ValueError as error:
        raise MapError(f"{path} is no JSON file ({error}); choose another.") from error


def write_json(path: Path, content: object) -> None:
    with atomic_file(path, MapError) as file:
        file.write(json.dumps(content, indent=1).encode())


@contextmanager
def understanding(path: Path, kind: str) -> Iterator[None]:
    """Turns whatever a malformed description causes into one sentence."""
    try:
        yield
    except ArchiveError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise MapError(f"{path} is no {kind} file ({error!r}); choose another.") from error


def checked_size(width: object, height: object) -> tuple[int, int]:
    """(height, width); ValueError for what no picture has."""
    if not isinstance(width, int) or not isinstance(height, int):
        raise TypeError(f"size {width!r} x {height!r}")
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        raise ValueError(f"size {width} x {height}")
    return height, width


def packed_colors(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """(H, W, 3) colours as one number per pixel, red the highest byte."""
    red, green, blue = (pixels[..., channel].astype(np.int32) for channel in range(3))
    return red << 16 | green << 8 | blue


def unpacked_colors(values: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The inverse of packed_colors()."""
    return np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], -1).astype(np.uint8)


def write_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write pixels as they are, without a colour profile: they stand for ids; atomic."""
    with atomic_file(path, MapError) as file:
        encode_picture(file, pixels)
