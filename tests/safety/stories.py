"""Random editing stories: the same seed gives the same edits, in this process or another.

Knows the document only; neither Qt nor torch.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

import numpy as np

from model.errors import InputError
from model.scene.depth import depth_order
from model.scene.document import Document
from model.scene.geometry import Rect
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.operations import relabel_instance, remove_instances
from model.scene.ordering import (
    backward,
    forward,
    hide_objects,
    show_objects,
    to_back,
    to_front,
)
from model.scene.raster import capsule, flood, polygon
from model.scene.scene import Scene, Style
from model.scene.splitting import cut_along
from model.scene.stamps import Stamp, put_stamp
from model.scene.transform import Move, duplicate_instances, move_instances

THINGS = (24, 26, 33)
STUFF = (7, 8, 11, 21, 23)


def start_scene(width: int = 96, height: int = 64) -> Scene:
    schema = load_schema(CITYSCAPES_NAME)
    labels = np.full((height, width), 23, np.uint8)
    labels[height // 2 :] = 7
    return Scene(schema, labels, labels.astype(np.int32))


USUAL = ["brush", "brush", "brush", "polygon", "style", "undo", "redo", "remove", "cancel"]


def play(document: Document, rng: np.random.Generator) -> None:
    """One of the usual things a person does: it makes one step, or none when nothing changes."""
    act(str(rng.choice(USUAL)), document, rng)


def act(action: str, document: Document, rng: np.random.Generator) -> None:
    """One of all ACTIONS; what cannot be done in this picture is not done."""
    with suppress(InputError):
        ACTIONS[action](document, rng)


def digest(document: Document) -> str:
    """Of everything that a person would call the picture."""
    content = hashlib.blake2b(document.label_map.tobytes(), digest_size=16)
    content.update(document.instance_map.tobytes())
    content.update(repr(sorted(document.styles.items())).encode())
    layers = document.layers.cropped
    content.update(repr((layers.rect, layers.planes.shape, layers.order)).encode())
    content.update(layers.planes.tobytes())
    return content.hexdigest()


def _brush(document: Document, rng: np.random.Generator) -> None:
    label, instance = _what(document, rng)
    point = _point(document, rng)
    document.begin("Paint")
    for _ in range(int(rng.integers(1, 6))):
        target = _point(document, rng)
        rect, mask = capsule(point, target, float(rng.uniform(0.5, 6)), document.bounds)
        if rect:
            document.paint(rect, mask, label, instance)
        point = target
    document.commit()


def _polygon(document: Document, rng: np.random.Generator) -> None:
    corners = [_point(document, rng) for _ in range(int(rng.integers(3, 7)))]
    rect, mask = polygon(corners, document.bounds)
    label, instance = _what(document, rng)
    with document.edit("Polygon"):
        if rect:
            document.paint(rect, mask, label, instance)


def _style(document: Document, rng: np.random.Generator) -> None:
    ids = np.unique(document.instance_map).tolist()
    chosen = rng.choice(ids, size=min(len(ids), int(rng.integers(1, 4))), replace=False)
    style = None
    if rng.random() < 0.8:
        style = Style(tuple(rng.normal(size=3).tolist()), int(rng.integers(0, 10)))
    document.set_styles("Style", {int(each): style for each in chosen})


def _move(document: Document, rng: np.random.Generator) -> None:
    chosen, move = (
        _things(document, rng),
        Move(*rng.uniform(-20, 20, 2).tolist(), float(rng.uniform(0.5, 1.5))),
    )
    if chosen:
        move_instances(document, chosen, move, ordered=bool(rng.integers(2)))


def _duplicate(document: Document, rng: np.random.Generator) -> None:
    chosen = _things(document, rng)
    if chosen:
        duplicate_instances(document, chosen, Move(*rng.uniform(-20, 20, 2).tolist()))


def _relabel(document: Document, rng: np.random.Generator) -> None:
    for each in _things(document, rng)[:1]:
        relabel_instance(document, each, int(rng.choice(THINGS)))


def _fill(document: Document, rng: np.random.Generator) -> None:
    bounds, (label, instance) = document.bounds, _what(document, rng)
    x, y = int(rng.integers(bounds.width)), int(rng.integers(bounds.height))
    with document.edit("Fill"):
        document.paint(*flood(document.instance_map, x, y), label, instance)


def _stamp(document: Document, rng: np.random.Generator) -> None:
    parts = (rng.random((5, 4)) < 0.7).astype(np.uint8)
    stamp = Stamp("block", ("car",), parts, 1.0)
    put_stamp(document, stamp, _point(document, rng), float(rng.uniform(3, 20)), ordered=True)


def _separate(document: Document, rng: np.random.Generator) -> None:
    ids = np.unique(document.instance_map).tolist()
    cut_along(document, int(rng.choice(ids)), [_point(document, rng), _point(document, rng)])


def _order(document: Document, rng: np.random.Generator) -> None:
    """Also what is wholly hidden is brought forward and shown."""
    order = depth_order(document)
    if order:
        change = (forward, backward, to_front, to_back, hide_objects, show_objects)
        change[int(rng.integers(len(change)))](document, [int(rng.choice(order))])


def _things(document: Document, rng: np.random.Generator) -> list[int]:
    found = [each for each in np.unique(document.instance_map).tolist() if each >= 1000]
    rng.shuffle(found)
    return found[: int(rng.integers(1, 3))]


def _remove(document: Document, rng: np.random.Generator) -> None:
    things = [each for each in np.unique(document.instance_map).tolist() if each >= 1000]
    if things:
        remove_instances(document, [int(rng.choice(things))])


def _cancel(document: Document, rng: np.random.Generator) -> None:
    label, instance = _what(document, rng)
    rect = Rect(0, 0, 20, 20)
    document.begin("Never mind")
    document.paint(rect, np.ones((20, 20), np.bool_), label, instance)
    document.cancel()


def _undo(document: Document, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(1, 4))):
        document.undo()


def _redo(document: Document, rng: np.random.Generator) -> None:
    document.redo()


def _point(document: Document, rng: np.random.Generator) -> tuple[float, float]:
    bounds = document.bounds
    return (
        float(rng.uniform(-5, bounds.width + 5)),
        float(rng.uniform(-5, bounds.height + 5)),
    )


def _what(document: Document, rng: np.random.Generator) -> tuple[int, int]:
    if rng.random() < 0.5:
        label = int(rng.choice(STUFF))
        return label, label
    label = int(rng.choice(THINGS))
    return label, label * 1000 + int(rng.integers(0, 8))


ACTIONS = {
    "brush": _brush,
    "polygon": _polygon,
    "style": _style,
    "undo": _undo,
    "redo": _redo,
    "remove": _remove,
    "cancel": _cancel,
    "move": _move,
    "duplicate": _duplicate,
    "relabel": _relabel,
    "fill": _fill,
    "stamp": _stamp,
    "separate": _separate,
    "order": _order,
}
