"""Settings: what the editor remembers between runs, typed, over QSettings.

A value that cannot be read counts as never set: broken settings must not stop the start.
"""

from __future__ import annotations

import logging
import math
import tempfile
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from PySide6.QtCore import QByteArray, QSettings

log = logging.getLogger(__name__)

MAX_RECENT = 10
MAX_SPLITS = 100
DEFAULTS: dict[str, Any] = {
    "window/geometry": QByteArray(),
    "window/state": QByteArray(),
    "view/mode": "picture",
    "view/blend": 50,
    "view/theme": "system",
    "view/language": "system",
    "view/wheel": "zoom",
    "view/gallery": True,
    "brush/radius": 24.0,
    "brush/new_instances": True,
    "brush/square": False,
    "view/outlines": False,
    "view/safe_colors": False,
    "view/minimap": True,
    "view/hold_still": True,
    "view/style_pad": False,
    "memory/painting": 0,  # MiB; 0 is half of what there is
    "memory/recording": 512,  # MiB; 0 is off
    "keys/changed": [],
    "files/recent": [],
    "files/checkpoint": "",
    "files/mappings": [],
    "files/keep_history": True,
    "checkpoints/added": [],
    "checkpoints/removed": [],
    "checkpoints/splits": [],  # what was answered: "35+1+3 /path"
    "folder/open": "",
    "folder/save": "",
    "folder/export": "",
    "folder/checkpoint": "",
    "folder/photo": "",
}


class Settings:
    """The table above, kept in the user's settings or in the given .ini file."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._store = QSettings("Labelbrush", "Labelbrush")
            self._data_folder = user_data_path("labelbrush", appauthor=False)
        else:
            self._store = QSettings(str(path), QSettings.Format.IniFormat)
            self._data_folder = path.parent / "data"

    @property
    def data_folder(self) -> Path:
        """Where recovery keeps its journals: beside the settings when these have a file."""
        return self._data_folder

    def get(self, name: str) -> Any:  # noqa: ANN401 - the table's types
        """The stored value, as the type of its default. KeyError for a name not in the table."""
        default = DEFAULTS[name]
        stored = self._store.value(name)
        if stored is None:
            return default
        try:
            return _as_type(stored, default)
        except (TypeError, ValueError):
            log.warning("setting %s holds %r: using %r", name, stored, default)
            return default

    def set(self, name: str, value: Any) -> None:  # noqa: ANN401 - the table's types
        if not isinstance(value, type(DEFAULTS[name])):
            raise TypeError(f"setting {name} is {type(DEFAULTS[name])}, not {value!r}")
        self._store.setValue(name, value)

    def add_recent(self, path: Path) -> None:
        others = [entry for entry in self.get("files/recent") if entry != str(path)]
        self.set("files/recent", [str(path), *others][:MAX_RECENT])

    def remove_recent(self, path: Path) -> None:
        others = [entry for entry in self.get("files/recent") if entry != str(path)]
        self.set("files/recent", others)

    def split_of(self, checkpoint: Path) -> str | None:
        """What was answered when a checkpoint did not say what its input channels mean."""
        return self._splits().get(str(checkpoint.resolve()))

    def set_split(self, checkpoint: Path, split: str | None) -> None:
        """Remember an answer, or with None forget it."""
        splits, path = self._splits(), str(checkpoint.resolve())
        splits.pop(path, None)
        if split is not None:
            splits[path] = split
        entries = [f"{each} {path}" for path, each in splits.items()]
        self.set("checkpoints/splits", entries[-MAX_SPLITS:])

    def _splits(self) -> dict[str, str]:
        """By the checkpoint's path, the newest last."""
        entries = (entry.partition(" ") for entry in self.get("checkpoints/splits"))
        return {path: split for split, _, path in entries}

    def flush(self) -> None:
        self._store.sync()


def throwaway_settings() -> Settings:
    """Settings in a new temporary folder."""
    return Settings(Path(tempfile.mkdtemp(prefix="labelbrush-")) / "settings.ini")


def _as_type(stored: Any, default: Any) -> Any:  # noqa: ANN401 - the table's types
    if isinstance(default, bool):
        if str(stored).lower() not in ("true", "false"):
            raise ValueError(stored)
        return str(stored).lower() == "true"
    if isinstance(default, list):
        return [str(entry) for entry in (stored if isinstance(stored, list) else [stored])]
    if isinstance(default, QByteArray):
        if not isinstance(stored, QByteArray):
            raise TypeError(stored)
        return stored
    value = type(default)(stored)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(stored)
    return value
