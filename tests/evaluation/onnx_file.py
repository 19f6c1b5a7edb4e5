"""A smallest ONNX file, written byte by byte: one 1x1 convolution. Nothing here knows ONNX."""

from __future__ import annotations

import numpy as np


def convolution(weights: np.ndarray, bias: np.ndarray, size: tuple[int, int]) -> bytes:
    """weights (K, 3), bias (K,): the model that scores K labels of (1, 3, *size) pictures."""
    labels = len(weights)
    node = b"".join(_field(1, name) for name in ("picture", "weights", "bias"))
    node += _field(2, "scores") + _field(4, "Conv")
    graph = _field(1, node) + _field(2, "judge")
    graph += _field(5, _tensor("weights", weights.reshape(labels, 3, 1, 1)))
    graph += _field(5, _tensor("bias", bias))
    graph += _field(11, _value("picture", (1, 3, *size)))
    graph += _field(12, _value("scores", (1, labels, *size)))
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _number(2, 13))


def _tensor(name: str, values: np.ndarray) -> bytes:
    shape = b"".join(_number(1, side) for side in values.shape)
    return shape + _number(2, 1) + _field(8, name) + _field(9, values.astype("<f4").tobytes())


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    sides = b"".join(_field(1, _number(1, side)) for side in shape)
    return _field(1, name) + _field(2, _field(1, _number(1, 1) + _field(2, sides)))


def _field(number: int, content: str | bytes) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
