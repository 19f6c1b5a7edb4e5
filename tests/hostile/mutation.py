"""Random changes of files: of their bytes, of the JSON in them, of the members of a zip.

Knows formats as far as it takes to get past their checksums.
"""

from __future__ import annotations

import copy
import io
import json
import struct
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

Change = Callable[[bytes, Random], bytes]

DEEP: Any = []
for _ in range(40):
    DEEP = [DEEP]
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 255, 256, 1000, 65535, 65536, 26001, 2**31, 2**63, 10**30, 10**400),
    *(0.5, -0.0, 1e-320, 1e300, float("inf"), float("nan")),
    *("", "0", "a" * 300, "\0", "\n", "../x", "é", "cityscapes", "26001", "NaN"),
    *([], {}, [[]], [None], {"a": 1}, {"": {}}, [0, 0], [1, 2, 3], DEEP),
)


def bytes_changed(data: bytes, random: Random) -> bytes:
    """A few bytes flipped, removed, repeated or put in."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        at = random.randrange(len(changed) + 1)
        length = random.choice((1, 2, 4, 8, 100))
        piece = bytes(changed[at : at + length])
        kind = random.randrange(6)
        if kind == 0:
            changed[at : at + 1] = bytes([random.randrange(256)])
        elif kind == 1:
            changed[at : at + length] = random.choice((b"\0", b"\xff", b"\x7f")) * len(piece)
        elif kind == 2:
            del changed[at : at + length]
        elif kind == 3:
            changed[at:at] = piece * random.choice((1, 2, 50))
        elif kind == 4:
            changed[at : at + 4] = struct.pack("<I", random.choice((0, 1, 2**31 - 1, 2**32 - 1)))
        elif random.random() < 0.2:
            del changed[at:]
    return bytes(changed)


def json_changed(data: bytes, random: Random) -> bytes:
    """Some values, keys or items replaced, removed or doubled; sometimes bytes instead."""
    if random.random() < 0.2:
        return bytes_changed(data, random)
    holder = [json.loads(data)]
    for _ in range(random.choice((1, 1, 2, 3))):
        places = list(_places(holder))
        container, key = random.choice(places)
        if isinstance(container, dict) and random.random() < 0.2:
            container[str(random.choice(VALUES))[:50]] = container.pop(key)
        elif random.random() < 0.2 and container is not holder:
            del container[key]
        else:
            container[key] = copy.deepcopy(random.choice((random.choice(VALUES), container[key])))
    return json.dumps(holder[0] if holder else None).encode()


def _places(value: Any):
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


TOKENS = (b"[", b"]", b"{", b"}", b"=", b".", b'"', b"'''", b"\n", b"[[", b"a.b", b"1e999", b"nan")
TOKENS += (b"-1", b"true", b"[[labels]]", b"#", b",", b"0x", b"2026-01-01", b"\\u0000")


def text_changed(data: bytes, random: Random) -> bytes:
    """Words and signs of the language put in, lines taken out or doubled."""
    if random.random() < 0.3:
        return bytes_changed(data, random)
    lines = data.splitlines(keepends=True)
    for _ in range(random.choice((1, 2, 4))):
        at = random.randrange(len(lines))
        kind = random.randrange(3)
        if kind == 0:
            place = random.randrange(len(lines[at]) + 1)
            token = random.choice(TOKENS) * random.choice((1, 1, 1, 30))
            lines[at] = lines[at][:place] + token + lines[at][place:]
        elif kind == 1:
            lines.insert(at, random.choice(lines))
        elif len(lines) > 1:
            del lines[at]
    return b"".join(lines)


def zip_changed(*rules: tuple[str, Change]) -> Change:
    """A zip with one member changed by the first rule whose text its name holds, or raw bytes."""

    def change(data: bytes, random: Random) -> bytes:
        if random.random() < 0.25:
            return bytes_changed(data, random)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = random.choice([n for n in members if any(text in n for text, _ in rules)])
        rule = next(rule for text, rule in rules if text in name)
        members[name] = rule(members[name], random)
        if random.random() < 0.05:
            del members[random.choice(list(members))]
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", random.choice((0, 0, 0, 8))) as archive:
            for each, content in members.items():
                archive.writestr(each, content)
        return target.getvalue()

    return change


def safetensors_changed(data: bytes, random: Random) -> bytes:
    """The header changed as JSON, its length right again; or raw bytes."""
    if random.random() < 0.3:
        return bytes_changed(data, random)
    (length,) = struct.unpack_from("<Q", data)
    header = json_changed(data[8 : 8 + length], random)
    return struct.pack("<Q", len(header)) + header + data[8 + length :]


def edits_changed(data: bytes, random: Random) -> bytes:
    """The edits that a project keeps, the first of them changed; or raw bytes."""
    if random.random() < 0.3:
        return bytes_changed(data, random)
    (length,) = struct.unpack_from("<I", data)
    changed = _edit_changed(data[4 : 4 + length], random)
    return struct.pack("<I", len(changed)) + changed + data[4 + length :]


def _edit_changed(content: bytes, random: Random) -> bytes:
    (length,) = struct.unpack_from("<I", content)
    head = json_changed(content[4 : 4 + length], random)
    body = content[4 + length :]
    body = bytes_changed(body, random) if random.random() < 0.3 else body
    return struct.pack("<I", len(head)) + head + body


def records_changed(data: bytes, random: Random) -> bytes:
    """A journal's records with a content changed and its checksum right; or raw bytes."""
    from model.scene.journal_records import _HEADER, Kind, _header

    if random.random() < 0.2:
        return bytes_changed(data, random)
    records, at = [], 0
    while at < len(data):
        length, _, sequence, kind = _HEADER.unpack_from(data, at)
        records.append((sequence, kind, data[at + _HEADER.size : at + _HEADER.size + length]))
        at += _HEADER.size + length
    chosen = random.randrange(len(records))
    sequence, kind, content = records[chosen]
    if kind == Kind.FACTS:
        content = json_changed(content, random)
    else:
        content = _edit_changed(content, random)
    if random.random() < 0.1:
        kind = random.randrange(1, 5)
    records[chosen] = sequence, kind, content
    return b"".join(_header(s, k, c) + c for s, k, c in records)
