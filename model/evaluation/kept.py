"""Kept: what is known about finished frames, in a folder, until an evaluation is complete."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import InputError
from model.evaluation.tally import Measured
from model.scene.files import atomic_file

PURPOSE = "purpose.json"


class Kept:
    """Files of one evaluation; of no folder nothing is kept.

    purpose: everything that decides the figures, as plain values. What was kept for another
    purpose is thrown away.
    """

    def __init__(self, folder: Path | None, purpose: Any) -> None:  # noqa: ANN401 - plain values
        self._folder = folder
        if folder is None:
            return
        content = json.dumps(purpose, sort_keys=True).encode()
        record = folder / PURPOSE
        if folder.exists() and not (record.is_file() and record.read_bytes() == content):
            if not record.is_file():
                raise InputError(f"{folder} exists and is not of an evaluation; move it away.")
            shutil.rmtree(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{folder} cannot be made ({error.strerror}); choose another place for --json."
            ) from error
        with atomic_file(record, InputError) as file:
            file.write(content)

    def load(self, key: str) -> Measured | None:
        """What is known about a frame; None for one that was not finished."""
        if self._folder is None or not (path := self._path(self._folder, key)).is_file():
            return None
        try:
            with np.load(path, allow_pickle=False) as file:
                return dict(file)
        except Exception:  # damaged: measured again
            return None

    def save(self, key: str, measured: Measured) -> None:
        if self._folder is not None:
            content = io.BytesIO()
            np.savez(content, allow_pickle=False, **measured)
            with atomic_file(self._path(self._folder, key), InputError) as file:
                file.write(content.getvalue())

    def remove(self) -> None:
        """At the end: the report holds it all."""
        if self._folder is not None:
            shutil.rmtree(self._folder)

    def _path(self, folder: Path, key: str) -> Path:
        return folder / f"{key}.npz"
