"""Zip files that may be anything: every limit is checked before anything is unpacked.

Parts are read into memory by name; nothing is ever extracted to a path.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

END, END_64, LOCATOR_64 = b"PK\5\6", b"PK\6\6", b"PK\6\7"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others can ask for gigabytes
_ENCRYPTED = 0x1
_BYTES_PER_ENTRY = 1024  # of the directory, names included
_TAIL = 22 + 2**16  # the end record and its comment


class ArchiveError(ValueError):
    """What is wrong with an archive, as half a sentence."""


class Archive:
    """The parts of a zip file.

    most_bytes: of one part, unpacked. most_ratio: of a part's unpacked size to its packed one.
    Raises ArchiveError for anything that goes beyond, in any way.
    """

    def __init__(
        self,
        file: IO[bytes],
        *,
        most_parts: int,
        most_bytes: int,
        most_ratio: float = float("inf"),
    ) -> None:
        with _failures():
            if _directory_bytes(file) > most_parts * _BYTES_PER_ENTRY:
                raise ArchiveError("it has too many parts")
            self._archive = zipfile.ZipFile(file)
        entries = self._archive.infolist()
        self._entries = {entry.filename: entry for entry in entries}
        if len(entries) > most_parts:
            raise ArchiveError("it has too many parts")
        if len(self._entries) < len(entries):
            raise ArchiveError("it has two parts of one name")
        for entry in entries:
            self._check(entry, most_bytes, most_ratio)

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    @property
    def total_bytes(self) -> int:
        """Of all parts, unpacked."""
        return sum(entry.file_size for entry in self._entries.values())

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def packed_bytes(self, name: str) -> int:
        return self._entries[name].compress_size

    def is_stored(self, name: str) -> bool:
        return self._entries[name].compress_type == zipfile.ZIP_STORED

    def read(self, name: str) -> bytes:
        """A part's content, whose checksum is right."""
        if name not in self._entries:
            raise ArchiveError(f"it lacks {name}")
        entry = self._entries[name]
        with _failures(), self._archive.open(entry) as part:
            content = part.read(entry.file_size + 1)  # with a limit: the sizes may be lies
            if len(content) != entry.file_size:
                raise ArchiveError(f"{name} is cut short")
            return content

    def _check(self, entry: zipfile.ZipInfo, most_bytes: int, most_ratio: float) -> None:
        if entry.file_size > most_bytes:
            raise ArchiveError(f"{entry.filename} in it is too large")
        if entry.file_size > most_ratio * max(entry.compress_size, 1):
            raise ArchiveError(f"{entry.filename} in it is too large for what it was packed to")
        if entry.compress_type not in _METHODS or entry.flag_bits & _ENCRYPTED:
            raise ArchiveError(f"{entry.filename} in it is packed in a way that is not read")


def _directory_bytes(file: IO[bytes]) -> int:
    """How much the list of parts takes, before zipfile makes objects of it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL - 76))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise ArchiveError("it is no zip file")
    (directory,) = struct.unpack_from("<I", tail, at + 12)
    if at >= 76 and tail[at - 20 : at - 16] == LOCATOR_64 and tail[at - 76 : at - 72] == END_64:
        (directory,) = struct.unpack_from("<Q", tail, at - 76 + 40)
    return directory


@contextmanager
def _failures() -> Iterator[None]:
    """Whatever zipfile raises on a damaged archive."""
    try:
        yield
    except ArchiveError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        OverflowError,
        RuntimeError,  # encrypted, or a method that is not known
        ValueError,
    ) as error:
        raise ArchiveError(f"it is no whole zip file: {error}") from error
