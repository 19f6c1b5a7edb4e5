"""What crafted files are made of; knows no readers."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

OPENS = None  # no refusal: what is wrong is passed over


@dataclass(frozen=True)
class Crafted:
    """One file.

    Attributes:
        reader: key in READERS.
        make: writes it into an empty folder and returns what the reader is given.
        refusal: what the refusal says, as a regular expression, or OPENS.
    """

    name: str
    reader: str
    make: Callable[[Path], Path]
    refusal: str | None


def file(name: str, content: bytes | str) -> Callable[[Path], Path]:
    """A file that is nothing but its content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def png_chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int, *more: bytes, depth: int = 8, color: int = 0) -> bytes:
    """A PNG that says it is so large; its rows are missing."""
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    chunks = [png_chunk(b"IHDR", head), *more, png_chunk(b"IDAT", zlib.compress(b"\0" * 99))]
    return b"\x89PNG\r\n\x1a\n" + b"".join([*chunks, png_chunk(b"IEND", b"")])


def picture(pixels: np.ndarray, kind: str = "PNG", **options: Any) -> bytes:
    """A whole picture file."""
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, kind, **options)
    return data.getvalue()


def labels(height: int = 4, width: int = 6, value: int = 7) -> bytes:
    return picture(np.full((height, width), value, np.uint8))


def instances(height: int = 4, width: int = 6, value: int = 7) -> bytes:
    return picture(np.full((height, width), value, np.uint16))


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return data.getvalue()


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """Every mention of a member under another name of the same length."""
    assert len(old) == len(new) and old in data
    return data.replace(old, new)


def claiming(data: bytes, name: str, size: int) -> bytes:
    """A zip whose member says that it unpacks to so many bytes, in both of its headers."""
    changed = bytearray(data)
    for mark, size_at, name_at in ((b"PK\3\4", 22, 30), (b"PK\1\2", 24, 46)):
        at = data.find(mark)
        while at >= 0:
            if data[at + name_at :].startswith(name.encode()):
                struct.pack_into("<I", changed, at + size_at, size)
            at = data.find(mark, at + 1)
    return bytes(changed)


def many_entries(count: int) -> bytes:
    """A zip file that is nothing but a directory."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", *(20, 0, 20, 0), *(0,) * 14) + b"a"
    entry = entry[:28] + struct.pack("<H", 1) + entry[30:]
    directory = entry * count
    shown = min(count, 0xFFFF)
    return directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, shown, shown, len(directory), 0, 0)


def nested(depth: int = 200_000, left: str = "[", right: str = "]") -> str:
    return left * depth + right * depth


def npy(header: str, data: bytes = b"") -> bytes:
    """A .npy file with any header."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + data


def array(values: Any, dtype: str = "f4") -> bytes:
    data = io.BytesIO()
    np.save(data, np.array(values, dtype), allow_pickle=False)
    return data.getvalue()


def description(**changes: Any) -> bytes:
    """A project.json of the present version for maps of 4 rows and 6 columns."""
    content = {
        "format": "labelbrush-project",
        "version": 2,
        "schema": {
            "name": "mine",
            "labels": [{"id": 7, "name": "road", "color": [1, 2, 3], "has_instances": False}],
        },
        "checkpoint": None,
        "style_seed": 0,
        "styles": {},
        "extras": {"names": {}, "horizon": None, "hold_still": True},
        "pins": [],
    }
    return json.dumps({**content, **changes}).encode()


def project(name: str = "a.labelbrush", more: dict[str, bytes] | None = None, **changes: Any):
    """A project with a changed description and changed or further members."""
    members = {
        "project.json": description(**changes),
        "labels.png": labels(),
        "instances.png": instances(),
        **(more or {}),
    }
    return file(name, archive(members))
