"""EditorSession: the document being edited and how: brush, tool, selection, file.

The hub that tools, canvas, panels and actions share. Knows neither widgets nor rendering.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.errors import Notice
from app.keys import Keys
from app.palettes import shown_palette
from app.problems import problem
from app.translation import tr
from model.errors import InputError
from model.scene.document import Document
from model.scene.edits import Edit
from model.scene.extras import Extras, Pin, tidied
from model.scene.ground import find_horizon
from model.scene.labels import Label, LabelSchema, label_of
from model.scene.protection import PaintOver, Protection
from model.scene.scene import Scene

if TYPE_CHECKING:
    from app.object_edits import Refill
    from app.tools.tool import Tool
    from model.scene.stamps import Stamp
    from model.styles.book import StyleBook

State = tuple[object, ...]
MIN_RADIUS = 0.5
MAX_RADIUS = 256.0
FIRST_LABELS = ("car", "road")  # what a person can paint at once, and what X swaps it with


@dataclass
class Brush:
    """What the next stroke paints.

    Attributes:
        label_id: of the current label; previous_label_id the one before it.
        radius: of the round footprint, in map pixels; half the side of a square one.
        new_instances: each stroke of a counted label makes an object of its own.
        square: the footprint is a square instead of a disc.
    """

    label_id: int
    previous_label_id: int
    radius: float = 24.0
    new_instances: bool = True
    square: bool = False


class EditorSession(QObject):
    """Signals:
    document_replaced: another document is open.
    changed: a Change of the open document.
    history_changed: an edit was made, undone or redone, or the document was saved.
    selection_changed, label_changed, brush_changed, tool_changed: what the name says.
    protection_changed, hidden_changed, horizon_changed, stamp_changed,
    names_changed, colors_changed: likewise.
    kept_changed: what a project keeps beside the picture: names, horizon, hold still, pins.
    refused: locks or the paint-over mode left nothing to write on.
    noticed: a Notice for the banner; withdrawn: one that no longer holds.
    """

    document_replaced = Signal()
    changed = Signal(object)
    history_changed = Signal()
    selection_changed = Signal()
    label_changed = Signal()
    brush_changed = Signal()
    tool_changed = Signal()
    protection_changed = Signal()
    hidden_changed = Signal()
    horizon_changed = Signal()
    stamp_changed = Signal()
    names_changed = Signal()
    colors_changed = Signal()
    kept_changed = Signal()
    refused = Signal()
    noticed = Signal(object)
    withdrawn = Signal(object)

    def __init__(self, scene: Scene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.keys = Keys(self)
        self.brush = Brush(*_first_labels(scene.schema))
        self.selection: int | None = None
        self.also_selected: tuple[int, ...] = ()
        self.protection = Protection()
        self.hidden: frozenset[int] = frozenset()  # labels not shown over the picture
        self.hidden_before: frozenset[int] = frozenset()  # what one action hid and locked, the
        self.locked_before: frozenset[int] = frozenset()  # next may bring back
        self.path: Path | None = None
        self.title = ""
        self.style_seed = 0  # decides the styles of instances that have none of their own
        self.book: StyleBook | None = None  # of the checkpoint in use
        self.tool: Tool | None = None
        self.pressure = 1.0  # of the pen, as a share of the brush's size
        self.safe_colors = False  # labels are shown in colours for colour-blind people
        self.stamp: Stamp | None = None  # what the stamp tool puts down
        self.stamp_scale = 1.0  # beside the size that its place asks for
        self.refill: Refill | None = None  # the last edit that filled a place
        self.reach = 8.0  # map pixels that still count as "on" a point
        self.hold_still = True  # a change of style keeps the rest of the picture
        self._continued: dict[int, int] = {}  # label id -> instance the next stroke may continue
        self._adopt(Document(scene))

    def _adopt(self, document: Document) -> None:
        self.document = document
        self._continued.clear()
        self._horizon: float | None = None  # as found in the map
        self._moved_horizon: float | None = None
        self.refill = None  # its history is another
        self.palette = shown_palette(document.schema, self.safe_colors)
        self.names: dict[int, str] = {}  # that a person gave to instances
        document.reserved = self.names  # no other object goes by the name of one that was removed
        self.pins: tuple[Pin, ...] = ()
        self._saved: State | None = self.state
        self.selection, self.also_selected = None, ()
        document.listeners.append(self.changed.emit)
        document.history_listeners.append(self._on_history)
        over, nothing = PaintOver.UNLOCKED, frozenset[int]()
        self.protection = replace(self.protection, over=over, objects=nothing)
        self.hidden_before = self.locked_before = frozenset()

    def replace_document(
        self,
        scene: Scene,
        path: Path | None,
        title: str,
        extras: Extras | None = None,
        pins: tuple[Pin, ...] = (),
        edits: tuple[Edit, ...] = (),
    ) -> None:
        """Edit another scene; path is the project file it came from, if it is one.

        edits: that led to it, and can be undone.
        """
        document = Document(scene)
        for edit in edits:
            document.history.remember(edit)
        self.replace_kept(document, path, title, extras or Extras(), pins, saved=True)

    def replace_kept(
        self,
        document: Document,
        path: Path | None,
        title: str,
        extras: Extras,
        pins: tuple[Pin, ...],
        saved: bool,
    ) -> None:
        """Edit a document with its history; saved: it is in the file as it is now."""
        self.finish_stroke()
        document.revision = self.document.revision + 1  # they only ever grow
        self._keep_labels(document.schema)
        self._adopt(document)
        self.names.update(extras.names)
        self.pins = pins
        if extras.horizon is not None:
            self._moved_horizon = self._clamped(extras.horizon)
        if extras.hold_still is not None:
            self.hold_still = extras.hold_still
        self._saved = self.state if saved else None
        self.path, self.title = path, title
        self.document_replaced.emit()
        self.selection_changed.emit()
        self.label_changed.emit()

    def _keep_labels(self, schema: LabelSchema) -> None:
        """The current label and the one before, what is locked and hidden, by their names: other
        schemas use other numbers."""
        names = {label.id: label.name for label in self.document.schema}
        ids = {label.name: label.id for label in schema}

        def kept(label_ids: frozenset[int]) -> frozenset[int]:
            return frozenset(ids[names[each]] for each in label_ids if names.get(each) in ids)

        brush, (first, second) = self.brush, _first_labels(schema)
        brush.label_id = ids.get(names[brush.label_id], first)
        brush.previous_label_id = ids.get(names[brush.previous_label_id], second)
        self.protection = replace(self.protection, locked=kept(self.protection.locked))
        self.hidden = kept(self.hidden)

    @property
    def modified(self) -> bool:
        return self.state != self._saved

    def mark_saved(self, path: Path, state: State) -> None:
        """The document is in a file as it was in that state."""
        self.path, self.title = path, path.name
        self._saved = state
        self.history_changed.emit()

    @property
    def extras(self) -> Extras:
        """What a project keeps beside the picture."""
        return Extras(self.names, self._moved_horizon, self.hold_still)

    @property
    def state(self) -> State:
        """Has the same value again when everything that a project keeps has."""
        return self.document.history.state, dict(self.names), self._moved_horizon, self.pins

    @property
    def label(self) -> Label:
        return self.document.schema.by_id(self.brush.label_id)

    def color_of(self, label_id: int) -> tuple[int, int, int]:
        """What a label is shown in."""
        red, green, blue = self.palette[label_id].tolist()
        return red, green, blue

    def set_safe_colors(self, wanted: bool) -> None:
        self.safe_colors = wanted
        self.palette = shown_palette(self.document.schema, wanted)
        self.colors_changed.emit()

    def choose_label(self, label_id: int) -> None:
        if label_id != self.brush.label_id:
            self.brush.previous_label_id = self.brush.label_id
            self.brush.label_id = label_id
            self.label_changed.emit()

    def set_radius(self, radius: float) -> None:
        self.brush.radius = min(max(radius, MIN_RADIUS), MAX_RADIUS)
        self.brush_changed.emit()

    def set_new_instances(self, wanted: bool) -> None:
        self.brush.new_instances = wanted
        self.brush_changed.emit()

    def set_square(self, wanted: bool) -> None:
        self.brush.square = wanted
        self.brush_changed.emit()

    def choose_stamp(self, stamp: Stamp | None, scale: float = 1.0) -> None:
        self.stamp, self.stamp_scale = stamp, scale
        self.stamp_changed.emit()

    def set_protection(self, **changes: object) -> None:
        """Change what may be painted over; keywords as in Protection."""
        self.protection = replace(self.protection, **changes)
        self.protection_changed.emit()

    def hide_labels(self, label_ids: Iterable[int]) -> None:
        self.hidden = frozenset(label_ids)
        self.hidden_changed.emit()

    @property
    def horizon(self) -> float:
        """The row of the horizon: found in the map when it is first asked for, or set."""
        if self._moved_horizon is not None:
            return self._moved_horizon
        if self._horizon is None:
            document = self.document
            maps = document.label_map, document.instance_map
            self._horizon = find_horizon(*maps, document.schema)
        return self._horizon

    def set_horizon(self, row: float | None) -> None:
        """Move the horizon; None finds it in the map again."""
        self._horizon = None
        self._moved_horizon = None if row is None else self._clamped(row)
        self.horizon_changed.emit()
        self.kept_changed.emit()

    def _clamped(self, row: float) -> float:
        return float(min(max(row, 0.0), self.document.bounds.height))

    def set_hold_still(self, wanted: bool) -> None:
        if wanted != self.hold_still:
            self.hold_still = wanted
            self.kept_changed.emit()

    def set_pins(self, pins: tuple[Pin, ...]) -> None:
        self.pins = pins
        self.kept_changed.emit()

    @property
    def selected(self) -> tuple[int, ...]:
        """Everything selected; the one that panels are about comes first."""
        return () if self.selection is None else (self.selection, *self.also_selected)

    def select(self, instance_id: int | None) -> None:
        """Select one instance, or none."""
        self.select_many(() if instance_id is None else (instance_id,))

    def select_many(self, instance_ids: Iterable[int]) -> None:
        """Select instances, the first of which is the one that panels are about."""
        chosen = tuple(dict.fromkeys(instance_ids))
        if chosen:
            self._continued[label_of(chosen[0])] = chosen[0]
        if chosen != self.selected:
            self.selection = chosen[0] if chosen else None
            self.also_selected = chosen[1:]
            self.selection_changed.emit()

    def toggle_selected(self, instance_id: int) -> None:
        """Select one more instance, or one less."""
        if instance_id in self.selected:
            self.select_many(each for each in self.selected if each != instance_id)
        else:
            self.select_many((instance_id, *self.selected))

    def name_of(self, instance_id: int) -> str:
        """What a person called it, or what instance_name() says."""
        return self.names.get(instance_id) or instance_name(self.document, instance_id)

    def rename(self, instance_id: int, name: str) -> None:
        """Call an instance something else; an empty name gives it its own again."""
        name = tidied(name.strip())
        if name != self.name_of(instance_id):
            self.names[instance_id] = name
            self.names_changed.emit()
            self.kept_changed.emit()

    def select_if_present(self, instance_id: int) -> None:
        """Select what was just painted, unless it fell wholly outside the picture."""
        if self.is_seen(instance_id):
            self.select(instance_id)

    def is_seen(self, instance_id: int) -> bool:
        """Whether any pixel shows it."""
        return self.document.seen_instance(instance_id) is not None

    def is_there(self, instance_id: int) -> bool:
        """Whether it is in the picture, seen or hidden."""
        return bool(self.document.rect_of(instance_id))

    def stroke_instance(self, continue_last: bool) -> int:
        """The instance that a stroke of the current label belongs to.

        Raises InputError when a new one is wanted and the label has no free number.
        """
        label = self.label
        last = self._continued.get(label.id)
        if label.has_instances and last and (continue_last or not self.brush.new_instances):
            return last
        return self.document.new_instance_id(label.id)

    def use_tool(self, tool: Tool) -> None:
        self.finish_stroke()
        if self.tool is not None:
            self.tool.leave()
        self.tool = tool
        self.tool_changed.emit()

    def finish_stroke(self) -> None:
        """Close what the pointer has begun, so that the document can be saved or replaced."""
        if self.tool is not None and self.tool.busy:
            self.attempt(self.tool.finish)

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something a person asked for; a refusal becomes a notice."""
        try:
            action()
        except InputError as error:
            self.noticed.emit(Notice(problem(error)))

    def undo(self) -> None:
        """Undo the last edit; in the middle of a stroke, its last point."""
        if self.tool is not None and self.tool.busy:
            self.tool.step_back()
        else:
            self.document.undo()

    def redo(self) -> None:
        if self.tool is None or not self.tool.busy:
            self.document.redo()

    def _on_history(self) -> None:
        self.select_many(each for each in self.selected if self.is_there(each))
        self.history_changed.emit()


def instance_name(document: Document, instance_id: int) -> str:
    """How a person reads an instance: "car 3", "road", or "car group" when it is not counted."""
    label = document.schema.by_id(label_of(instance_id))
    if instance_id >= 1000:
        return f"{label.name} {instance_id % 1000 + 1}"
    return tr("{label} group", label=label.name) if label.has_instances else label.name


def _first_labels(schema: LabelSchema) -> tuple[int, int]:
    by_name = {label.name: label.id for label in schema}
    first, second = (by_name.get(name, schema.ids[0]) for name in FIRST_LABELS)
    return first, second
