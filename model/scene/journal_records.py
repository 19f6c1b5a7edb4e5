"""The journal's file format: records that a torn or damaged one ends, never confuses.

Each is a header (length, CRC-32, sequence number, kind) and its content. Knows no documents.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import IO, Any

from model.errors import JournalError
from model.scene.extras import Extras, extras_entries, extras_from
from model.scene.reading import check_version, opened, parse_json

VERSION = 2  # 1 had no extras
MAX_RECORD = 2**30
MAX_FACTS = 2**24
MAX_FILE_BYTES = 2**32
_PLAIN = ("title", "path", "checkpoint", "style_seed", "unsaved")
_HEADER = struct.Struct("<IIQB")


class Kind(IntEnum):
    """FACTS starts every file and follows when they change; the others hold an edit."""

    DONE = 1
    UNDONE = 2
    REDONE = 3
    FACTS = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What recovery has to know beside the picture.

    Attributes:
        title: of the document.
        path: its project file, absolute, or None.
        checkpoint, style_seed: as in a ProjectFile.
        unsaved: how many steps the document was away from its file when this was written.
        extras: as in a ProjectFile.
    """

    title: str = ""
    path: str | None = None
    checkpoint: str | None = None
    style_seed: int = 0
    unsaved: int = 0
    extras: Extras = field(default_factory=Extras)


@dataclass(frozen=True, slots=True)
class Record:
    sequence: int
    kind: Kind
    content: bytes


class RecordFile:
    """A file of records being written; every record is with the system when append() returns."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOEXEC, 0o600)
        self.size = 0

    def append(self, sequence: int, kind: Kind, content: bytes) -> None:
        """Raises OSError, after which the file ends with the record before."""
        data = _header(sequence, kind, content) + content
        try:
            _write_all(self._handle, data)
        except OSError:
            os.ftruncate(self._handle, self.size)
            raise
        self.size += len(data)

    def sync(self) -> None:
        """Wait until everything is on the disk itself."""
        os.fsync(self._handle)

    def close(self) -> None:
        os.close(self._handle)


def read_records(path: Path) -> Iterator[Record]:
    """The records of a file up to the first that is torn or damaged.

    Raises JournalError when the file is of a newer version, or cannot be read.
    """
    with opened(path, JournalError, MAX_FILE_BYTES) as file:
        while True:
            record = _read_record(file)
            if record is None:
                return
            yield record


def encode_facts(facts: Facts) -> bytes:
    entries = {name: getattr(facts, name) for name in _PLAIN}
    content = {"version": VERSION, **entries, "extras": extras_entries(facts.extras)}
    return json.dumps(content).encode()


def decode_facts(content: bytes, path: Path) -> Facts:
    """Raises JournalError when they are of a newer version or malformed."""
    try:
        if len(content) > MAX_FACTS:
            raise ValueError(f"facts of {len(content)} bytes")
        entries: dict[str, Any] = parse_json(content)
        version = check_version(entries["version"], VERSION, "journal", path, JournalError)
        extras = extras_from(entries["extras"]) if version > 1 else Extras()
        facts = Facts(**{name: entries[name] for name in _PLAIN}, extras=extras)
        _check(facts)
        return facts
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise JournalError(f"{path} is no journal of Labelbrush ({error!r}).") from error


def _check(facts: Facts) -> None:
    texts = (facts.title, facts.path or "", facts.checkpoint or "")
    if not all(type(text) is str and "\0" not in text for text in texts):
        raise ValueError(f"{facts}")
    numbers = (facts.style_seed, facts.unsaved)
    if not all(type(number) is int and 0 <= number < 2**63 for number in numbers):
        raise ValueError(f"{facts}")


def _header(sequence: int, kind: int, content: bytes) -> bytes:
    sum_ = zlib.crc32(content, zlib.crc32(struct.pack("<QB", sequence, kind)))
    return _HEADER.pack(len(content), sum_, sequence, kind)


def _read_record(file: IO[bytes]) -> Record | None:
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    length, _, sequence, kind = _HEADER.unpack(header)
    left = os.fstat(file.fileno()).st_size - file.tell()
    if length > min(MAX_RECORD, left) or kind not in list(Kind):
        return None
    content = file.read(length)
    if len(content) < length or _header(sequence, kind, content) != header:
        return None
    return Record(sequence, Kind(kind), content)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


_CLOEXEC = getattr(os, "O_CLOEXEC", 0)
