"""The edits that led to a picture, as a project keeps them: the newest ones, as far as they fit.

Bytes from a file are not trusted: whatever is wrong with them is a ValueError.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from model.scene.document import Document
from model.scene.edit_codec import decode_edit, encode_edit
from model.scene.edits import Edit, LayerEdit, MapEdit
from model.scene.geometry import Rect
from model.scene.kept_layers import check_ids
from model.scene.labels import label_of
from model.scene.scene import Scene

MAX_BYTES = 16 * 2**20
MAX_MEMORY = 4 * MAX_BYTES
MAX_EDITS = 5000
_LENGTH = struct.Struct("<I")


def newest_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Those that a project may keep, the newest as far as they fit into `MAX_MEMORY`."""
    kept: list[Edit] = []
    room = MAX_MEMORY
    for edit in reversed(edits):
        room -= edit.nbytes
        if room < 0 or len(kept) == MAX_EDITS:
            break
        kept.append(edit)
    return tuple(reversed(kept))


def pack_edits(edits: Sequence[Edit]) -> bytes:
    """The newest edits, oldest first, each after its length; at most `MAX_BYTES`."""
    packed: list[bytes] = []
    room = MAX_BYTES
    for edit in reversed(edits[-MAX_EDITS:]):
        content = encode_edit(edit)
        room -= len(content) + _LENGTH.size
        if room < 0:
            break
        packed.append(_LENGTH.pack(len(content)) + content)
    return b"".join(reversed(packed))


def unpack_edits(data: bytes, scene: Scene) -> tuple[Edit, ...]:
    """The edits that led to the scene. ValueError when they are none, or led to another one."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"a history of {len(data)} bytes")
    height, width = scene.size
    edits: list[Edit] = []
    place, room = 0, MAX_MEMORY
    while place < len(data):
        if place + _LENGTH.size > len(data) or len(edits) == MAX_EDITS:
            raise ValueError("the history is cut short")
        (length,) = _LENGTH.unpack_from(data, place)
        place += _LENGTH.size + length
        if place > len(data):
            raise ValueError("the history is cut short")
        bounds = Rect(0, 0, width, height)
        edits.append(decode_edit(data[place - length : place], bounds, room))
        room -= edits[-1].nbytes
        if room < 0:
            raise ValueError("the history takes too much memory")
    _check(edits, scene)
    return tuple(edits)


def _check(edits: list[Edit], scene: Scene) -> None:
    """Goes back through all of them."""
    document = Document(scene)
    for edit in reversed(edits):
        if edit.maps is not None:
            _check_maps(edit.maps, document)
        if edit.styles is not None:
            now = {key: document.styles.get(key) for key in edit.styles.after}
            if now != dict(edit.styles.after):
                raise ValueError(f"{edit.name!r} does not lead to this picture")
        if edit.layers is not None:
            _check_layers(edit.layers, document)
        edit.undo(document)


def _check_layers(edit: LayerEdit, document: Document) -> None:
    now = document.layers.window(edit.rect, edit.depth)[: edit.depth][edit.mask]
    same = np.array_equal(np.broadcast_to(edit.after, now.shape), now)
    if not same or edit.order_after != document.layers.order:
        raise ValueError("the history does not lead to these layers")
    check_ids(edit.before, document.schema)


def _check_maps(edit: MapEdit, document: Document) -> None:
    window, mask = edit.rect.slices, edit.mask
    now = document.label_map[window][mask], document.instance_map[window][mask]
    same = all(
        np.array_equal(np.broadcast_to(b, a.shape), a) for a, b in zip(now, edit.after, strict=True)
    )
    labels, instances = edit.before
    known = np.isin(labels, document.schema.ids).all()
    if not (same and known and (label_of(instances) == labels).all()):
        raise ValueError("the history does not lead to this picture")
