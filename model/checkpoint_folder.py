"""Replacing the files of a checkpoint folder together: a reader finds all old or all new ones.

New files are first gathered in a folder inside; its description, written last, makes them count.
From then on they are looked up there, until each has moved to its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from model.errors import CheckpointError
from model.scene.files import atomic_file, sync_folder

DESCRIPTION = "checkpoint.json"
STAGED = "next"
GONE = ".gone"  # marks a file that the new checkpoint does not have


def file_in(folder: Path, name: str) -> Path:
    """Where a file of the checkpoint is to be read; it need not exist."""
    staged = folder / STAGED
    counts = (staged / DESCRIPTION).is_file()
    changes = (staged / name).is_file() or (staged / f"{name}{GONE}").is_file()
    return staged / name if counts and changes else folder / name


def write_folder(folder: Path, files: Mapping[str, bytes | None], description: bytes) -> None:
    """Replace files by name, None removing one, and the description.

    Raises:
        CheckpointError: something could not be written; then all old files are still in force,
            or already all new ones.
    """
    with _failures(folder):
        folder.mkdir(parents=True, exist_ok=True)
        settle(folder)
        staged = folder / STAGED
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir()
        try:
            for name, content in files.items():
                target = staged / (f"{name}{GONE}" if content is None else name)
                with atomic_file(target, CheckpointError) as file:
                    file.write(content or b"")
            with atomic_file(staged / DESCRIPTION, CheckpointError) as file:
                file.write(description)
        except BaseException:
            if not (staged / DESCRIPTION).is_file():
                shutil.rmtree(staged, ignore_errors=True)
            raise
        settle(folder)


def settle(folder: Path) -> None:
    """Move new files that count already to their places, the description last."""
    staged = folder / STAGED
    if not (staged / DESCRIPTION).is_file():
        return
    for path in sorted(staged.iterdir(), key=lambda path: path.name == DESCRIPTION):
        if path.name.endswith(GONE):
            (folder / path.name.removesuffix(GONE)).unlink(missing_ok=True)
        else:
            sync_folder(folder)  # what moved before is there when the description goes
            os.replace(path, folder / path.name)
    sync_folder(folder)
    shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def _failures(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CheckpointError(
            f"{folder} cannot be written: {error.strerror or error}; choose another folder or "
            "free some space."
        ) from error
