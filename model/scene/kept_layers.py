"""Layers as bytes and back: what a project keeps beside the maps of each scene.

Bytes from a file are not trusted: whatever is wrong with them is a ValueError.
"""

from __future__ import annotations

import json
import math
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from model.scene.edit_codec import order_from, rect_from, unpacked
from model.scene.geometry import Rect
from model.scene.labels import LabelSchema, label_of
from model.scene.layers import MAX_DEPTH, NOTHING, Layers
from model.scene.reading import parse_json

MAX_HEAD = 16 * 2**20
_LENGTH = struct.Struct("<I")


def pack_layers(layers: Layers) -> bytes:
    """A JSON head, then the planes."""
    layers = layers.cropped
    rect, depth = layers.rect, len(layers.planes)
    corners = [rect.x0, rect.y0, rect.x1, rect.y1]
    text = json.dumps({"rect": corners, "depth": depth, "order": layers.order}).encode()
    planes = zlib.compress(layers.planes.astype("<i4").tobytes(), 6)
    return _LENGTH.pack(len(text)) + text + planes


def unpack_layers(data: bytes, size: tuple[int, int], schema: LabelSchema) -> Layers:
    """The inverse, for a picture of that (height, width). ValueError when they are none of it."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        if length > min(MAX_HEAD, len(data)):
            raise ValueError(f"a head of {length} bytes")
        head = parse_json(data[_LENGTH.size : _LENGTH.size + length])
        rect, depth = rect_from(head["rect"], Rect(0, 0, size[1], size[0])), int(head["depth"])
        if not 0 <= depth <= MAX_DEPTH or bool(depth) != bool(rect):
            raise ValueError(f"layers {depth} deep in {rect}")
        shape = depth, rect.height, rect.width
        raw = unpacked(data[_LENGTH.size + length :], 4 * math.prod(shape))
        order = order_from(head["order"])
    except (struct.error, KeyError, TypeError, AttributeError, OverflowError, zlib.error) as error:
        raise ValueError(f"no layers: {error!r}") from error
    planes = np.frombuffer(raw, "<i4").astype(np.int32).reshape(shape)
    check_ids(planes, schema)
    return Layers(rect, planes, order)


def check_ids(ids: NDArray[np.int32], schema: LabelSchema) -> None:
    """Raises ValueError for ids of labels that the schema does not have."""
    labels = label_of(ids[ids != NOTHING])
    if not np.isin(labels, schema.ids).all():
        raise ValueError("layers of labels that do not exist")
