"""Edits of whole objects, as functions of a document: each makes one undo step."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from model.scene.document import Document
from model.scene.filling import Filling, take_away
from model.scene.geometry import EMPTY, BoolMask, Rect
from model.scene.labels import label_of


def relabel_instance(document: Document, instance_id: int, label_id: int) -> int:
    """Turn an instance into a new instance of another label; returns its new id.

    Its style stays with the old id. Raises ValueError when there is no such instance and
    InputError when the label has no free id.
    """
    whole_of(document, [instance_id])
    new_id = document.new_instance_id(label_id)
    with document.edit(f"Change to {document.schema.by_id(label_id).name}"):
        rename(document, [instance_id], new_id)
    return new_id


def rename(document: Document, instance_ids: Collection[int], new_id: int) -> None:
    """Inside an open edit: give all that belongs to instances, seen or hidden, another id."""
    rect, _ = whole_of(document, instance_ids)
    stacks = document.stacks(rect)
    stacks[np.isin(stacks, list(instance_ids))] = new_id
    document.write_stacks(rect, stacks)
    order = [new_id if each in instance_ids else each for each in document.layers.order]
    document.set_order(dict.fromkeys(order))


def remove_instances(
    document: Document, instance_ids: Collection[int], filling: Filling | None = None
) -> None:
    """Remove instances, hidden parts too; what their places show then, take_away() says.

    Raises ValueError when there is no such instance and InputError when nothing else is there
    to fill with; then the document is as before.
    """
    rect, mask = whole_of(document, instance_ids)
    with document.edit(f"Remove {named(document, instance_ids)}"):
        take_away(document, rect, mask, filling, instance_ids)


def erase(document: Document, rect: Rect, mask: BoolMask, filling: Filling) -> None:
    """Take away what is inside mask, which covers rect, and fill the place likewise."""
    with document.edit("Erase"):
        take_away(document, rect, mask, filling)


def named(document: Document, instance_ids: Collection[int]) -> str:
    """The label of one instance, or how many there are."""
    if len(instance_ids) > 1:
        return f"{len(instance_ids)} objects"
    return document.schema.by_id(label_of(next(iter(instance_ids)))).name


def pixels_of(document: Document, instance_ids: Collection[int]) -> tuple[Rect, BoolMask]:
    """The rectangle around what is seen of instances, and which of its pixels are theirs.

    Raises ValueError when one is not there.
    """
    rect = EMPTY
    for instance_id in instance_ids:
        own = document.seen_instance(instance_id)
        if own is None:
            raise ValueError(f"no instance {instance_id} in this document")
        rect = rect.union(own.rect)
    return rect, np.isin(document.instance_map[rect.slices], list(instance_ids))


def whole_of(document: Document, instance_ids: Collection[int]) -> tuple[Rect, BoolMask]:
    """As pixels_of(), with what is hidden of them."""
    rect = EMPTY
    for instance_id in instance_ids:
        own = document.rect_of(instance_id)
        if not own:
            raise ValueError(f"no instance {instance_id} in this document")
        rect = rect.union(own)
    return rect, np.isin(document.stacks(rect), list(instance_ids)).any(axis=0)
