"""Order by depth: which object is in front of which.

An object's place follows from the row it stands on until a person orders it, and again after it
was moved along the ground.
"""

from __future__ import annotations

from model.scene.document import Document
from model.scene.instances import is_object


def feet(document: Document) -> dict[int, int]:
    """The lowest row of every object, hidden parts included; exclusive, as in a Rect."""
    found: dict[int, int] = {}
    for info in (*document.instances(), *document.hidden_instances()):
        if is_object(info.instance_id):
            found[info.instance_id] = max(info.rect.y1, found.get(info.instance_id, 0))
    return found


def depth_order(document: Document) -> list[int]:
    """All objects from the back to the front: ordered ones as they are, the rest by their feet."""
    rows = feet(document)
    order = [each for each in document.layers.order if each in rows]
    others = sorted(set(rows).difference(order), key=lambda each: (rows[each], each))
    for other in others:
        nearer = (n for n, each in enumerate(order) if rows[each] > rows[other])
        order.insert(next(nearer, len(order)), other)
    return order
