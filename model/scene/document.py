"""Document: the one mutable scene a person edits, with undo.

Lives on one thread, the GUI's. Other threads get patch() or snapshot(), which never change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType

import numpy as np

from model.scene.edits import Edit, LayerEdit, MapEdit, StyleEdit
from model.scene.geometry import EMPTY, Array, BoolMask, Rect
from model.scene.history import History
from model.scene.instances import (
    InstanceInfo,
    find_hidden,
    find_instances,
    free_instance_id,
    is_object,
)
from model.scene.labels import LabelSchema, label_of
from model.scene.layers import NO_LAYERS, NOTHING, Hidden, Layers, Stacks, inserted, settled
from model.scene.scene import InstanceMap, LabelMap, Scene, ScenePatch, Style, Styles

HISTORY_BYTES = 16 * 2**20  # in memory; what is older lies in a file


@dataclass(frozen=True, slots=True)
class Change:
    """What listeners hear: the picture may look different inside rect, which is never empty."""

    rect: Rect
    revision: int


class Step(IntEnum):
    """What happened to an edit."""

    DONE = 1
    UNDONE = 2
    REDONE = 3


class Document:
    """Label map, instance map and styles of one picture, and what lies beneath the maps.

    Writing happens between begin() and commit(), which make one undo step; the undo record is
    the difference between the two moments. `revision` grows with every visible change, undo
    included. `listeners` hear every change at once, `history_listeners` every new, undone or
    redone edit, and `step_listeners` before them what was done and with which edit. `reserved` are
    ids that no new object gets: somebody outside keeps something by them, such as names.
    """

    def __init__(
        self,
        scene: Scene,
        history_bytes: int = HISTORY_BYTES,
        history_folder: Path | None = None,
    ) -> None:
        self.schema: LabelSchema = scene.schema
        self._known = np.isin(np.arange(256), scene.schema.ids)  # by label id
        self._labels = scene.label_map.copy()
        self._instances = scene.instance_map.copy()
        self._styles: Styles = scene.styles
        self._labels_before = self._labels.copy()  # as they were when the open edit began
        self._instances_before = self._instances.copy()
        self._styles_before: Styles = self._styles
        self._hidden = Hidden(scene.layers, self.bounds)
        self._layers_before: Layers = scene.layers
        void = [label.id for label in scene.schema if label.group == "void"]
        self._void = np.array(void, np.int32)  # means that nothing is known to be there
        self._open_name: str | None = None
        self._open_rect = EMPTY
        self._found: dict[int, InstanceInfo] | None = None  # None: the map has changed since
        self._found_hidden: tuple[Layers, dict[int, InstanceInfo]] = (NO_LAYERS, {})
        self.history = History(history_bytes, self.bounds, history_folder)
        self.revision = scene.revision
        self.listeners: list[Callable[[Change], None]] = []
        self.history_listeners: list[Callable[[], None]] = []
        self.step_listeners: list[Callable[[Step, Edit], None]] = []
        self.reserved: Collection[int] = ()

    @property
    def bounds(self) -> Rect:
        height, width = self._labels.shape
        return Rect(0, 0, width, height)

    @property
    def label_map(self) -> LabelMap:
        """A read-only view, (H, W) uint8: it changes with the document."""
        return _read_only(self._labels)

    @property
    def instance_map(self) -> InstanceMap:
        """A read-only view, (H, W) int32: it changes with the document."""
        return _read_only(self._instances)

    @property
    def styles(self) -> Styles:
        """Frozen; a later change makes a new mapping. Holds ids that were painted over, too."""
        return self._styles

    @property
    def layers(self) -> Layers:
        """Frozen; a later change makes new ones."""
        return self._hidden.frozen()

    @property
    def is_editing(self) -> bool:
        """Whether an edit is open, as during a stroke."""
        return self._open_name is not None

    @property
    def can_undo(self) -> bool:
        return self.history.position > 0

    @property
    def can_redo(self) -> bool:
        return self.history.position < self.history.count

    @property
    def undo_name(self) -> str | None:
        return self.history.name(self.history.position - 1) if self.can_undo else None

    @property
    def redo_name(self) -> str | None:
        return self.history.name(self.history.position) if self.can_redo else None

    def snapshot(self) -> Scene:
        """A frozen copy of the whole scene, for saving and exporting. Too slow for every stroke."""
        labels, instances = self._labels.copy(), self._instances.copy()
        return Scene(self.schema, labels, instances, self._styles, self.revision, self.layers)

    def patch(self, rect: Rect) -> ScenePatch:
        """A frozen copy of the part of rect inside the map, for the renderer."""
        rect = rect.intersection(self.bounds)
        labels, instances = self._labels[rect.slices].copy(), self._instances[rect.slices].copy()
        size = (self.bounds.height, self.bounds.width)
        return ScenePatch(size, rect, labels, instances, self._styles, self.revision)

    def instances(self) -> list[InstanceInfo]:
        """Everything in the picture, stuff included, by id; looked for once after a change."""
        return list(self._seen().values())

    def hidden_instances(self) -> list[InstanceInfo]:
        """The hidden parts of everything that has some, likewise; pixels counts those parts."""
        return list(self._beneath().values())

    def seen_instance(self, instance_id: int) -> InstanceInfo | None:
        """One of instances(), or None when no pixel shows it."""
        return self._seen().get(instance_id)

    def rect_of(self, instance_id: int) -> Rect:
        """Around all pixels of an instance, seen or hidden; EMPTY when it has none."""
        seen, beneath = self._seen().get(instance_id), self._beneath().get(instance_id)
        return (seen.rect if seen else EMPTY).union(beneath.rect if beneath else EMPTY)

    @property
    def taken_ids(self) -> set[int]:
        """Ids in the picture, seen or hidden, those with a remembered style, and reserved ones."""
        return {*self._seen(), *self._beneath(), *self._styles, *self.reserved}

    def stacks(self, rect: Rect) -> Stacks:
        """A copy of what is seen and hidden in rect, which lies inside the map."""
        return np.concatenate([self._instances[None, *rect.slices], self._hidden.window(rect)])

    def new_instance_id(self, label_id: int) -> int:
        """The id for a new object of that label; the label's own id when it is not counted.

        None of taken_ids, so that a new object neither looks like one that was removed nor goes by
        its name. Raises InputError when all 1000 are taken.
        """
        return free_instance_id(self.schema.by_id(label_id), self.taken_ids)

    def begin(self, name: str) -> None:
        """Open an edit; name is what a person reads in the history."""
        self._require_closed(f"begin {name!r}")
        self._open_name = name
        self._styles_before = self._styles
        self._layers_before = self.layers

    def paint(
        self, rect: Rect, mask: BoolMask, label_id: int, instance_id: int, covers: bool = True
    ) -> None:
        """Set label and instance where mask is true.

        mask covers rect, which may reach outside the map. An object covers what was there, which
        stays hidden beneath it; surfaces, and objects that do not cover, replace it. Raises
        ValueError when the schema has no such label or the instance id belongs to another one.
        """
        self._require_open()
        inside = rect.intersection(self.bounds)
        if covers and is_object(instance_id) and inside:
            mask = mask[inside.slices_in(rect)] & (self._instances[inside.slices] != instance_id)
            self._hide(inside, mask, instance_id)
            rect = inside
        shape = (rect.height, rect.width)
        labels = np.broadcast_to(np.uint8(label_id), shape)
        self.paint_maps(rect, mask, labels, np.broadcast_to(np.int32(instance_id), shape))

    def paint_maps(
        self, rect: Rect, mask: BoolMask, labels: LabelMap, instances: InstanceMap
    ) -> None:
        """Replace labels and instances where mask is true; all three arrays cover rect.

        What lay beneath stays there. Otherwise as paint().
        """
        self._require_open()
        inside = rect.intersection(self.bounds)
        window = inside.slices_in(rect)
        if not inside or not mask[window].any():
            return
        mask = mask[window]
        new_labels, new_instances = labels[window][mask], instances[window][mask]
        self._check(new_labels, new_instances)
        self._open_rect = self._open_rect.union(inside)
        self._write(inside, mask, new_labels, new_instances)
        stacks = self.stacks(inside)
        if (stacks[1:] == stacks[0]).any():  # nothing is beneath itself
            self._write_hidden(inside, stacks)

    def write_stacks(self, rect: Rect, stacks: Stacks) -> None:
        """Inside an open edit: make stacks() of rect these. At the top nothing may be missing."""
        ids = np.ascontiguousarray(stacks[0])
        differs = ids != self._instances[rect.slices]
        self._require_open()
        self._write_hidden(rect, stacks)
        self.paint_maps(rect, differs, label_of(ids).astype(np.uint8), ids)

    def set_layers(self, layers: Layers) -> None:
        """Inside an open edit: hide something else everywhere."""
        self._open_rect = self._open_rect.union(self.layers.rect).union(layers.rect)
        self._hidden.replace(layers)

    def set_order(self, order: Iterable[int]) -> None:
        """Inside an open edit: order objects by depth, from the back to the front."""
        self._hidden.set_order(tuple(order))

    def set_styles(self, name: str, styles: Mapping[int, Style | None]) -> None:
        """Give instances styles, or with None take them away, as one undo step.

        While an edit is open the change becomes part of that edit, and name is not used.
        """
        if self._open_name is None:
            with self.edit(name):
                self.write_styles(styles)
        else:
            self.write_styles(styles)

    def commit(self) -> None:
        """Close the edit and remember how to undo it."""
        edit = self._close()
        if edit is not None:
            if edit.maps is not None:
                self._settle(edit.maps.rect)
            self.history.remember(edit)
            self._tell_history(Step.DONE, edit)

    def cancel(self) -> None:
        """Close the edit and put everything back."""
        edit = self._close()
        if edit is not None:
            edit.undo(self)

    @contextmanager
    def edit(self, name: str) -> Iterator[None]:
        """begin() and commit() for edits done at once, such as a fill; cancels on an error."""
        self.begin(name)
        try:
            yield
        except BaseException:
            self.cancel()
            raise
        self.commit()

    def undo(self) -> None:
        """Take the last edit back; nothing happens when there is none."""
        self._require_closed("undo")
        edit = self.history.step_back()
        if edit is not None:
            edit.undo(self)
            self._tell_history(Step.UNDONE, edit)

    def redo(self) -> None:
        """Do again what was undone last; nothing happens when there is none."""
        self._require_closed("redo")
        edit = self.history.step_forward()
        if edit is not None:
            edit.redo(self)
            self._tell_history(Step.REDONE, edit)

    def write_maps(self, rect: Rect, mask: BoolMask, labels: LabelMap, ids: InstanceMap) -> None:
        """For edits only: replay without a new undo record; one value per pixel of mask."""
        self._write(rect, mask, labels, ids)
        self._settle(rect)

    def write_layers(self, edit: LayerEdit, ids: InstanceMap, order: tuple[int, ...]) -> None:
        """For edits only: replay without a new undo record; one id per place of the edit's mask."""
        if edit.rect:
            planes = self.layers.window(edit.rect, edit.depth)
            planes[: edit.depth][edit.mask] = ids
            self._hidden.write(edit.rect, planes)
        self._hidden.set_order(order)

    def write_styles(self, styles: Mapping[int, Style | None]) -> None:
        """For edits only: replay without a new undo record."""
        merged = {**self._styles, **styles}
        changed = [key for key in styles if self._styles.get(key) != styles[key]]
        self._styles = MappingProxyType(
            {key: style for key, style in merged.items() if style is not None}
        )
        if changed:
            self._changed(Rect.around(np.isin(self._instances, changed)))

    def _seen(self) -> dict[int, InstanceInfo]:
        if self._found is None:
            self._found = {info.instance_id: info for info in find_instances(self._instances)}
        return self._found

    def _beneath(self) -> dict[int, InstanceInfo]:
        if self._found_hidden[0] is not self.layers:
            found = {info.instance_id: info for info in find_hidden(self.layers)}
            self._found_hidden = self.layers, found
        return self._found_hidden[1]

    def _hide(self, rect: Rect, mask: BoolMask, instance_id: int) -> None:
        """What is where an object is about to be painted goes beneath it."""
        if mask.any():
            self._write_hidden(rect, inserted(self.stacks(rect), mask, instance_id, 0))

    def _write_hidden(self, rect: Rect, stacks: Stacks) -> None:
        stacks[1:][np.isin(stacks[1:], self._void)] = NOTHING
        self._open_rect = self._open_rect.union(rect)
        self._hidden.write(rect, settled(stacks)[1:])

    def _write(self, rect: Rect, mask: BoolMask, labels: LabelMap, instances: InstanceMap) -> None:
        self._labels[rect.slices][mask] = labels
        self._instances[rect.slices][mask] = instances
        self._found = None
        self._changed(rect)

    def _check(self, labels: LabelMap, instances: InstanceMap) -> None:
        wrong = (label_of(instances) != labels) | ~self._known[labels]
        if wrong.any():
            pair = int(labels[wrong][0]), int(instances[wrong][0])
            raise ValueError(
                f"label {pair[0]} with instance {pair[1]} in schema {self.schema.name!r}"
            )

    def _settle(self, rect: Rect) -> None:
        """Make rect, as it is now, the state the next edit is compared with."""
        self._labels_before[rect.slices] = self._labels[rect.slices]
        self._instances_before[rect.slices] = self._instances[rect.slices]

    def _changed(self, rect: Rect) -> None:
        if rect:
            self.revision += 1
            for listener in self.listeners:
                listener(Change(rect, self.revision))

    def _tell_history(self, step: Step, edit: Edit) -> None:
        for listener in self.step_listeners:
            listener(step, edit)
        for tell in self.history_listeners:
            tell()

    def _require_closed(self, wanted: str) -> None:
        if self._open_name is not None:
            raise RuntimeError(f"cannot {wanted} while the edit {self._open_name!r} is open")

    def _require_open(self) -> None:
        if self._open_name is None:
            raise RuntimeError("painting needs begin() first: otherwise it could not be undone")

    def _close(self) -> Edit | None:
        if self._open_name is None:
            raise RuntimeError("no edit is open")
        name, rect = self._open_name, self._open_rect
        self._open_name, self._open_rect = None, EMPTY
        window = rect.slices
        maps = MapEdit.between(
            rect,
            before=(self._labels_before[window], self._instances_before[window]),
            after=(self._labels[window], self._instances[window]),
        )
        styles = StyleEdit.between(self._styles_before, self._styles)
        layers = LayerEdit.between(rect, self._layers_before, self.layers)
        return Edit(name, maps, styles, layers) if maps or styles or layers else None


def _read_only(values: Array) -> Array:
    view = values.view()
    view.flags.writeable = False
    return view
