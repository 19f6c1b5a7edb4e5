"""What a person may send along with a question: never a picture, a map, or what the home is called.

Text, so that it can be read before it is sent.
"""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

LOG_NAME = "labelbrush.log"
LOG_BYTES = 200_000  # of the newest log
SETTINGS_BYTES = 100_000
PRIVATE_SETTINGS = ("recent", "mappings", "geometry", "state", "folder")  # names, places, noise


def report_text(lines: Iterable[str], folders: Mapping[str, Path]) -> str:
    """The report: lines as `check` prints them, what is recorded for recovery, settings, log."""
    parts = [
        *lines,
        *_section("recorded for recovery", _recorded(folders["data"] / "journals")),
        *_section("settings", settings_lines(settings_file())),
        *_section("log, newest last", log_lines(folders["log"])),
    ]
    return anonymous("\n".join(parts)) + "\n"


def anonymous(text: str) -> str:
    """The text with ~ for the home folder and USER for the user's name in paths."""
    homes = {str(Path.home()), str(Path.home().resolve()), os.environ.get("HOME", "")}
    for home in sorted(homes - {"", "/"}, key=len, reverse=True):
        text = text.replace(home, "~")
    try:
        name = re.escape(getpass.getuser())
    except (KeyError, OSError):  # a user without an entry
        return text
    return re.sub(rf"(?<=[/\\]){name}(?=[/\\])", "USER", text)


def settings_file() -> Path:
    """Where Qt keeps the settings on Linux; elsewhere there is no such file."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "Labelbrush" / "Labelbrush.conf"


def settings_lines(path: Path) -> list[str]:
    """The settings, but for names of files and folders and what only Qt can read."""
    kept: list[str] = []
    section = ""
    for line in _end_of(path, SETTINGS_BYTES):
        if line.startswith("["):
            section = line.strip("[]").lower()
            continue
        name, _, value = line.partition("=")
        full = f"{section}/{name}" if section else name
        if value and not any(part in full for part in PRIVATE_SETTINGS) and len(value) < 200:
            kept.append(f"{full} = {value}")
    return kept


def log_lines(folder: Path) -> list[str]:
    """The end of the newest log, with what precedes it when it was just begun."""
    newest = _end_of(folder / LOG_NAME, LOG_BYTES)
    before = _end_of(folder / f"{LOG_NAME}.1", LOG_BYTES - sum(map(len, newest)))
    return before + newest


def _recorded(root: Path) -> list[str]:
    """How much is there, not what."""
    found = []
    for folder in sorted(root.glob("*")) if root.is_dir() else ():
        sizes = [path.stat().st_size for path in folder.glob("*") if path.is_file()]
        found.append(f"{len(sizes)} files, {sum(sizes) >> 10} KiB")
    return found


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"--- {title}", *(lines or ["nothing"])]


def _end_of(path: Path, limit: int) -> list[str]:
    """The last whole lines of a text file, as many as fit into the limit; none without a file."""
    if limit <= 0:
        return []
    try:
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - limit))
            data = file.read(limit)
    except OSError:
        return []
    lines = data.decode("utf-8", "replace").splitlines()
    return lines[1:] if size > limit else lines
