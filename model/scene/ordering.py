"""Bringing objects forward, sending them back, hiding and showing them; each one undo step."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from model.scene.depth import depth_order
from model.scene.document import Document
from model.scene.filling import Filling, take_away
from model.scene.geometry import BoolMask, Rect
from model.scene.layers import NOTHING, Stacks, inserted, without
from model.scene.operations import named, whole_of
from model.scene.transform import place


def to_front(document: Document, instance_ids: Collection[int]) -> None:
    """In front of everything, poles and houses too."""
    rest, chosen = _parted(document, instance_ids)
    with document.edit(f"Bring {named(document, instance_ids)} to front"):
        _set_order(document, [*rest, *chosen])
        for each in chosen:
            rect, mask = whole_of(document, [each])
            stacks = document.stacks(rect)
            document.write_stacks(rect, inserted(stacks, mask, each, 0))


def to_back(document: Document, instance_ids: Collection[int]) -> None:
    """Behind all other objects, but not behind what is no object."""
    rest, chosen = _parted(document, instance_ids)
    name = f"Send {named(document, instance_ids)} to back"
    reorder(document, [*chosen, *rest], instance_ids, name)


def forward(document: Document, instance_ids: Collection[int]) -> None:
    """In front of the next object that covers them, or that follows if none does."""
    order = _passing(document, instance_ids, up=True)
    reorder(document, order, instance_ids, f"Bring {named(document, instance_ids)} forward")


def backward(document: Document, instance_ids: Collection[int]) -> None:
    """Behind the next object that they cover, or that follows if they cover none."""
    order = _passing(document, instance_ids, up=False)
    reorder(document, order, instance_ids, f"Send {named(document, instance_ids)} backward")


def reorder(document: Document, order: Sequence[int], moved: Collection[int], name: str) -> None:
    """Order all objects so, from the back to the front; only those that moved pass others."""
    before = depth_order(document)
    up = [each for each in order if each in moved and order.index(each) >= before.index(each)]
    down = [each for each in reversed(order) if each in moved and each not in up]
    with document.edit(name):
        _set_order(document, order)
        for each in up:
            _raise(document, each, order[: order.index(each)])
        for each in down:
            _lower(document, each, order[order.index(each) + 1 :])


def order_as(document: Document, order: Sequence[int], moved: Collection[int]) -> None:
    """As reorder(), when a person has put them there by hand."""
    reorder(document, order, moved, f"Order {named(document, moved)}")


def hide_objects(
    document: Document, instance_ids: Collection[int], filling: Filling | None = None
) -> None:
    """Put objects beneath everything, where nothing of them is seen until show_objects()."""
    shapes = {each: whole_of(document, [each]) for each in instance_ids}
    with document.edit(f"Hide {named(document, instance_ids)}"):
        for each, (rect, mask) in shapes.items():
            take_away(document, rect, mask, filling, [each])
            stacks = document.stacks(rect)
            document.write_stacks(rect, inserted(stacks, mask, each, len(stacks)))


def show_objects(document: Document, instance_ids: Collection[int]) -> None:
    """Put hidden objects back on the ground where they stand, or in front if all is nearer."""
    shapes = {each: whole_of(document, [each]) for each in instance_ids}
    with document.edit(f"Show {named(document, instance_ids)}"):
        for each, (rect, mask) in shapes.items():
            document.write_stacks(rect, without(document.stacks(rect), [each], mask))
            place(document, (rect, mask), each, ordered=True)
            if not (document.instance_map[rect.slices] == each).any():
                stacks = document.stacks(rect)
                document.write_stacks(rect, inserted(stacks, mask, each, 0))


def _parted(document: Document, instance_ids: Collection[int]) -> tuple[list[int], list[int]]:
    """The order without some objects, and those."""
    order = depth_order(document)
    return (
        [each for each in order if each not in instance_ids],
        [each for each in order if each in instance_ids],
    )


def _passing(document: Document, instance_ids: Collection[int], up: bool) -> list[int]:
    """The order with some objects one step farther in front, or back."""
    rest, chosen = _parted(document, instance_ids)
    order, met = depth_order(document), _met(document, chosen, above=up)
    places = [order.index(each) for each in chosen]
    following = order[min(places) :] if up else order[max(places) :: -1]
    following = [each for each in following if each in rest]
    passed = [each for each in following if each in met] or following
    place = rest.index(passed[0]) + up if passed else len(rest) * up
    return [*rest[:place], *chosen, *rest[place:]]


def _set_order(document: Document, order: Sequence[int]) -> None:
    """Nothing is written down where it says what the feet say already."""
    if list(order) != depth_order(document):
        document.set_order(order)


def _met(document: Document, instance_ids: Collection[int], above: bool) -> set[int]:
    """What lies above or beneath objects anywhere."""
    rect, _ = whole_of(document, instance_ids)
    stacks = document.stacks(rect)
    own = np.isin(stacks, list(instance_ids))
    step = -1 if above else 1
    passed = np.maximum.accumulate(own[::step], axis=0)[::step] & ~own
    return set(np.unique(stacks[passed]).tolist()) - {NOTHING}


def _raise(document: Document, instance_id: int, over: Collection[int]) -> None:
    """Above all of those that cover it."""
    rect, own, stacks, depth = _taken_out(document, instance_id)
    met = np.isin(stacks, list(over))
    depth = np.where(met.any(axis=0), np.minimum(met.argmax(axis=0), depth), depth)
    document.write_stacks(rect, inserted(stacks, own, instance_id, depth))


def _lower(document: Document, instance_id: int, under: Collection[int]) -> None:
    """Beneath all of those that it covers."""
    rect, own, stacks, depth = _taken_out(document, instance_id)
    met = np.isin(stacks, list(under))
    last = len(stacks) - met[::-1].argmax(axis=0)
    depth = np.where(met.any(axis=0), np.maximum(last, depth), depth)
    document.write_stacks(rect, inserted(stacks, own, instance_id, depth))


def _taken_out(
    document: Document, instance_id: int
) -> tuple[Rect, BoolMask, Stacks, NDArray[np.intp]]:
    """Where an object is; the stacks there without it; how deep in them it was."""
    rect, own = whole_of(document, [instance_id])
    stacks = document.stacks(rect)
    depth = (stacks == instance_id).argmax(axis=0)
    return rect, own, without(stacks, [instance_id], own), depth
