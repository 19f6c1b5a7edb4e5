"""Edits of whole objects, as functions of a document: each makes one undo step."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from model.scene.document import Document
from model.scene.filling import Filling, fill_surroundings
from model.scene.geometry import EMPTY, BoolMask, Rect
from model.scene.labels import label_of


def relabel_instance(document: Document, instance_id: int, label_id: int) -> int:
    """Turn an instance into a new instance of another label; returns its new id.

    Its style stays with the old id. Raises ValueError when there is no such instance and
    InputError when the label has no free id.
    """
    rect, mask = pixels_of(document, [instance_id])
    new_id = document.new_instance_id(label_id)
    with document.edit(f"Change to {document.schema.by_id(label_id).name}"):
        document.paint(rect, mask, label_id, new_id)
    return new_id


def remove_instances(
    document: Document, instance_ids: Collection[int], filling: Filling | None = None
) -> None:
    """Remove instances and fill their places from the surroundings, as fill_surroundings() does.

    Raises ValueError when there is no such instance and InputError when nothing else is there
    to fill with; then the document is as before.
    """
    rect, mask = pixels_of(document, instance_ids)
    with document.edit(f"Remove {named(document, instance_ids)}"):
        fill_surroundings(document, rect, mask, filling)


def erase(document: Document, rect: Rect, mask: BoolMask, filling: Filling) -> None:
    """Take away what is inside mask, which covers rect, and fill the place likewise."""
    with document.edit("Erase"):
        fill_surroundings(document, rect, mask, filling)


def named(document: Document, instance_ids: Collection[int]) -> str:
    """The label of one instance, or how many there are."""
    if len(instance_ids) > 1:
        return f"{len(instance_ids)} objects"
    return document.schema.by_id(label_of(next(iter(instance_ids)))).name


def pixels_of(document: Document, instance_ids: Collection[int]) -> tuple[Rect, BoolMask]:
    """The rectangle around instances and which of its pixels are theirs.

    Raises ValueError when one is not there.
    """
    rect = EMPTY
    for instance_id in instance_ids:
        own = Rect.around(document.instance_map == instance_id)
        if not own:
            raise ValueError(f"no instance {instance_id} in this document")
        rect = rect.union(own)
    return rect, np.isin(document.instance_map[rect.slices], list(instance_ids))
