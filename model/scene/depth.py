"""Order by depth: which object is in front of which.

An object's place follows from the row it stands on until a person orders it, and again after it
was moved along the ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from model.scene.document import Document
from model.scene.instances import InstanceInfo, is_object


def feet(found: Iterable[InstanceInfo]) -> dict[int, int]:
    """The lowest row of every object among them; exclusive, as in a Rect."""
    rows: dict[int, int] = {}
    for info in found:
        if is_object(info.instance_id):
            rows[info.instance_id] = max(info.rect.y1, rows.get(info.instance_id, 0))
    return rows


def everything(document: Document) -> list[InstanceInfo]:
    """What is seen and then what is hidden; an id may be there twice."""
    return [*document.instances(), *document.hidden_instances()]


def depth_order(document: Document) -> list[int]:
    """All objects from the back to the front."""
    return in_order(everything(document), document.layers.order)


def in_order(found: Iterable[InstanceInfo], order: Sequence[int]) -> list[int]:
    """The objects among them: ordered ones as they are, the others by their feet."""
    rows = feet(found)
    ordered = [each for each in order if each in rows]
    others = sorted(set(rows).difference(ordered), key=lambda each: (rows[each], each))
    for other in others:
        nearer = (n for n, each in enumerate(ordered) if rows[each] > rows[other])
        ordered.insert(next(nearer, len(ordered)), other)
    return ordered
