"""Every state of a picture from its edits, and films of the pictures painted from them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.errors import MapError
from model.scene.document import Document
from model.scene.edits import Edit
from model.scene.files import atomic_file
from model.scene.scene import Scene

Pixels = NDArray[np.uint8]
FRAME_SECONDS = 0.5
LAST_SECONDS = 2.0
GIF_WIDTH = 1024


def states(scene: Scene, edits: Sequence[Edit]) -> Iterator[Scene]:
    """The scenes before and after each of the edits that led to the scene, oldest first."""
    document = Document(scene)
    for edit in reversed(edits):
        edit.undo(document)
    yield document.snapshot()
    for edit in edits:
        edit.redo(document)
        yield document.snapshot()


def write_gif(path: str | Path, pictures: Iterable[Pixels], seconds: float = 1.0) -> None:
    """An endless GIF of (H, W, 3) pictures, at most `GIF_WIDTH` wide; atomic."""
    frames = [_shrunk(picture) for picture in pictures]  # as they come: large ones fill the memory
    milliseconds = round(seconds * 1000)
    with atomic_file(path, MapError) as file:
        frames[0].save(
            file, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0
        )


def write_video(path: str | Path, pictures: Iterable[Pixels], per_second: int = 30) -> None:
    """An MP4 (MPEG-4) of (H, W, 3) pictures, each half a second; written beside and renamed.

    Raises MapError when there is no encoder or no place.
    """
    target = Path(path)
    partial = target.with_name(f".{target.stem}.{os.getpid()}.mp4")
    writer: cv2.VideoWriter | None = None
    try:
        frame: Pixels | None = None
        for picture in pictures:
            even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2, ::-1]
            frame = np.ascontiguousarray(even)
            if writer is None:
                writer = _writer(partial, per_second, frame.shape[1], frame.shape[0], target)
            _repeat(writer, frame, round(FRAME_SECONDS * per_second))
        if writer is not None and frame is not None:
            _repeat(writer, frame, round((LAST_SECONDS - FRAME_SECONDS) * per_second))
            writer.release()
            os.replace(partial, target)
    except OSError as error:
        raise MapError(f"{path} could not be written ({error.strerror}).") from error
    finally:
        if writer is not None:
            writer.release()
        partial.unlink(missing_ok=True)


def _shrunk(picture: Pixels) -> Image.Image:
    frame = Image.fromarray(picture)
    frame.thumbnail((GIF_WIDTH, GIF_WIDTH))
    return frame


def _writer(
    partial: Path, per_second: int, width: int, height: int, target: Path
) -> cv2.VideoWriter:
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(partial), code, per_second, (width, height))
    if not writer.isOpened():
        raise MapError(f"{target} could not be written; choose another folder, or a .gif.")
    return writer


def _repeat(writer: cv2.VideoWriter, frame: Pixels, times: int) -> None:
    for _ in range(times):
        writer.write(frame)
