"""Edits as bytes and back: what the journal and the history's spill file hold.

Bytes from a file are not trusted: whatever is wrong with them is a ValueError.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.scene.edits import Edit, LayerEdit, MapEdit, StyleEdit
from model.scene.geometry import EMPTY, Rect
from model.scene.layers import MAX_DEPTH, NOTHING
from model.scene.reading import parse_json
from model.scene.scene import MAX_INSTANCES, InstanceMap, Style, instance_key, style_from

VERSION = 1
MAX_HEAD = 16 * 2**20
_LENGTH = struct.Struct("<I")
_LEVEL = 1  # a stroke must be on disk before the next one begins


def encode_edit(edit: Edit) -> bytes:
    """The edit with all it needs to undo and redo: a JSON head, then packed arrays."""
    head: dict[str, Any] = {"version": VERSION, "name": edit.name}
    body = b""
    if edit.maps is not None:
        rect, parts = edit.maps.rect, (*edit.maps.before, *edit.maps.after)
        head["rect"] = [rect.x0, rect.y0, rect.x1, rect.y1]
        head["counts"] = [len(part) for part in parts]
        raw = b"".join([edit.maps.packed.tobytes(), *(_little(part) for part in parts)])
        body = zlib.compress(raw, _LEVEL)
    if edit.styles is not None:
        head["styles_before"] = _style_entries(edit.styles.before)
        head["styles_after"] = _style_entries(edit.styles.after)
    if edit.layers is not None:  # after the maps, where programs that know no layers do not look
        head["layers"] = {"at": len(body), **_layer_entries(edit.layers)}
        parts = edit.layers.before, edit.layers.after
        raw = edit.layers.packed.tobytes() + b"".join(map(_little, parts))
        body += zlib.compress(raw, _LEVEL)
    text = json.dumps(head).encode()
    return _LENGTH.pack(len(text)) + text + body


def decode_edit(data: bytes, bounds: Rect, most_bytes: int | None = None) -> Edit:
    """The inverse of encode_edit() for a picture of those bounds; most_bytes: of its maps.

    Raises ValueError when the bytes are no edit of such a picture.
    """
    try:
        (length,) = _LENGTH.unpack_from(data)
        if length > min(MAX_HEAD, len(data)):
            raise ValueError(f"a head of {length} bytes")
        head = parse_json(data[_LENGTH.size : _LENGTH.size + length])
        if head["version"] != VERSION:
            raise ValueError(f"version {head['version']!r}")
        body, maps = data[_LENGTH.size + length :], None
        if "rect" in head:
            maps = _maps(head, body, bounds, most_bytes)
        styles = None
        if "styles_after" in head:
            styles = StyleEdit(_styles(head["styles_before"]), _styles(head["styles_after"]))
        layers = None
        if "layers" in head:
            layers = _layers(head["layers"], body, bounds, most_bytes)
        return Edit(str(head["name"]), maps, styles, layers)
    except (struct.error, KeyError, TypeError, AttributeError, OverflowError, zlib.error) as error:
        raise ValueError(f"no edit: {error!r}") from error


def _maps(head: dict[str, Any], body: bytes, bounds: Rect, most_bytes: int | None) -> MapEdit:
    rect = rect_from(head["rect"], bounds)
    pixels = rect.width * rect.height
    counts = [int(count) for count in head["counts"]]
    if len(counts) != 4 or not all(0 < count <= pixels for count in counts):
        raise ValueError(f"values {counts} for {pixels} pixels")
    sizes = [(pixels + 7) // 8] + [count * (1, 4)[part % 2] for part, count in enumerate(counts)]
    if most_bytes is not None and sum(sizes) > most_bytes:
        raise ValueError(f"an edit of {sum(sizes)} bytes")
    raw = unpacked(body, sum(sizes))
    pieces = np.split(np.frombuffer(raw, np.uint8), np.cumsum(sizes)[:-1])
    changed = int(np.unpackbits(pieces[0], count=pixels).sum())
    if not changed or any(count not in (1, changed) for count in counts):
        raise ValueError(f"values {counts} for {changed} changed pixels")
    before = pieces[1], _ids(pieces[2])
    return MapEdit(rect, pieces[0], before, (pieces[3], _ids(pieces[4])))


def _layer_entries(edit: LayerEdit) -> dict[str, Any]:
    rect = edit.rect
    return {
        "rect": [rect.x0, rect.y0, rect.x1, rect.y1],
        "depth": edit.depth,
        "counts": [len(edit.before), len(edit.after)],
        "orders": [edit.order_before, edit.order_after],
    }


def _layers(head: dict[str, Any], body: bytes, bounds: Rect, most_bytes: int | None) -> LayerEdit:
    rect, depth = rect_from(head["rect"], bounds), int(head["depth"])
    counts = [int(count) for count in head["counts"]]
    if not 0 <= depth <= MAX_DEPTH or len(counts) != 2:
        raise ValueError(f"layers {depth} deep, values {counts}")
    places = depth * rect.width * rect.height
    sizes = [(places + 7) // 8, *(4 * count for count in counts)]
    if not all(0 <= count <= places for count in counts):
        raise ValueError(f"values {counts} for {places} places")
    if most_bytes is not None and sum(sizes) > most_bytes:
        raise ValueError(f"an edit of {sum(sizes)} bytes")
    raw = unpacked(body[int(head["at"]) :], sum(sizes))
    pieces = np.split(np.frombuffer(raw, np.uint8), np.cumsum(sizes)[:-1])
    changed = int(np.unpackbits(pieces[0], count=places).sum())
    if any(count not in (min(1, changed), changed) for count in counts):
        raise ValueError(f"values {counts} for {changed} changed places")
    ids = _ids(pieces[1]), _ids(pieces[2])
    if any(((part < NOTHING) | (part >= MAX_INSTANCES)).any() for part in ids):
        raise ValueError("layers of instances that cannot be")
    orders = order_from(head["orders"][0]), order_from(head["orders"][1])
    return LayerEdit(rect, depth, pieces[0], *ids, *orders)


def order_from(entries: list[Any]) -> tuple[int, ...]:
    """An order by depth as a file holds it; ValueError or TypeError for what is none."""
    if len(set(entries)) < len(entries):
        raise ValueError("an order with one object twice")
    return tuple(instance_key(each) for each in entries)


def rect_from(entries: list[Any], bounds: Rect) -> Rect:
    """A rectangle inside bounds, or EMPTY; ValueError or TypeError for what is none."""
    rect = Rect(*(int(value) for value in entries))
    if rect != EMPTY and (not rect or rect.intersection(bounds) != rect):
        raise ValueError(f"{rect} in a picture of {bounds}")
    return rect


def _ids(raw: NDArray[np.uint8]) -> InstanceMap:
    return np.frombuffer(raw.tobytes(), "<i4").astype(np.int32)


def unpacked(body: bytes, size: int) -> bytes:
    """Exactly so many bytes; more are never unpacked."""
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(body, size + 1)
    if len(raw) != size or not unpacker.eof:
        raise ValueError(f"{len(raw)} bytes instead of {size}")
    return raw


def _little(values: np.ndarray) -> bytes:
    return values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()


def _style_entries(styles: Mapping[int, Style | None]) -> dict[str, Any]:
    return {
        str(key): None if style is None else [list(style.vector), style.cluster]
        for key, style in styles.items()
    }


def _styles(entries: dict[str, Any]) -> dict[int, Style | None]:
    return {instance_key(key): _style(entry) for key, entry in entries.items()}


def _style(entry: Any) -> Style | None:  # noqa: ANN401 - JSON
    if entry is None:
        return None
    vector, cluster = entry
    return style_from(vector, cluster)
