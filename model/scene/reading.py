"""Reading files that others may have written: limits before memory is taken, one sentence if not.

What is wrong with content is a ValueError for the caller, who knows what the file should have been.
"""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from model.errors import InputError

MAX_JSON_VALUES = 2_000_000  # each takes up to 200 bytes
MAX_DOTS = 100  # of one line of TOML
_NOT_WAITING = getattr(os, "O_NONBLOCK", 0)  # a pipe is refused, not waited for


@contextmanager
def opened(path: str | Path, error: type[InputError], most: int) -> Iterator[IO[bytes]]:
    """An ordinary file of at most so many bytes; anything else is refused with error."""
    if "\0" in str(path):
        raise error(f"{str(path)!r} is no file's name; check the path.")
    try:
        with open(path, "rb", opener=_open) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise error(f"{path} is no ordinary file; choose another.")
            if status.st_size > most:
                raise error(f"{path} is larger than {_size(most)}; choose another file.")
            yield file
    except FileNotFoundError as failure:
        raise error(f"{path} does not exist; check the path.") from failure
    except IsADirectoryError as failure:
        raise error(f"{path} is a folder; choose one file in it.") from failure
    except OSError as failure:
        reason = failure.strerror or failure
        raise error(f"{path} cannot be read ({reason}); check the path.") from failure


def read_bytes(path: str | Path, error: type[InputError], most: int) -> bytes:
    """The whole content of an ordinary file of at most so many bytes."""
    with opened(path, error, most) as file:
        return file.read(os.fstat(file.fileno()).st_size)


def parse_json(data: bytes) -> Any:  # noqa: ANN401 - whatever it holds
    """Raises ValueError for what is no JSON in UTF-8, and for too many or too deep values."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_JSON_VALUES:
        raise ValueError("it holds too many values")
    try:
        return json.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def parse_toml(data: bytes) -> dict[str, Any]:
    """Raises ValueError for what is no TOML in UTF-8, and for tables that are too deep."""
    if any(line.count(b".") > MAX_DOTS for line in data.splitlines()):
        raise ValueError("it is nested too deeply")  # tomllib's memory grows with the square
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def check_version(
    version: object, known: int, kind: str, path: object, error: type[InputError]
) -> int:
    """The version a file says it has, if this program reads it; kind as in "project"."""
    if type(version) is not int or version < 1:
        raise error(f"{path} is damaged: its {kind} version is {version!r}.")
    if version > known:
        raise error(
            f"{path} needs a Labelbrush that reads {kind} version {version}, this one reads up "
            f"to {known}; update Labelbrush."
        )
    return version


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | _NOT_WAITING)


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 2**20 else f"{count >> 10} KiB"
