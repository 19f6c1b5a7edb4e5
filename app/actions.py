"""The table of actions, and how menus and toolbars are made of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from app.keys import Keys
from app.theme import icon
from app.translation import tr
from model.formats import FORMATS

Key = QKeySequence.StandardKey | str


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        id: unique; the key of its handler.
        menu: where it stands; "File/Export" is a menu inside a menu.
        keys: shortcuts, the first of which is shown.
        tip: what the tooltip says beside the text; the key is added.
        group: actions of one group exclude each other and are checkable.
        gap: a line stands before it.
        toggles: it is checkable by itself.
        repeats: holding its key does it again and again.
    """

    id: str
    menu: str
    text: str
    keys: tuple[Key, ...] = ()
    icon: str = ""
    tip: str = ""
    group: str = ""
    gap: bool = False
    toggles: bool = False
    repeats: bool = True


MENUS = ("File", "Edit", "Style", "Tools", "View", "Help")
VIEW_PANELS = "View/Panels"
Std = QKeySequence.StandardKey
ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new", "File", "&New…", (Std.New,), tip="Empty, or from a street"),
    ActionSpec("open", "File", "&Open…", (Std.Open,), "open", "Project, label map or checkpoint"),
    ActionSpec("gallery", "File", "&Gallery", tip="Samples and recent files to begin with"),
    ActionSpec("open_instances", "File", "Open &Instance Map…"),
    ActionSpec("save", "File", "&Save", (Std.Save,), "save", "Save the project", gap=True),
    ActionSpec("save_as", "File", "Save &As…", ("Ctrl+Shift+S",)),
    ActionSpec(
        "keep_history",
        "File",
        "Keep &History in Projects",
        tip="Steps can be undone and filmed after opening; files are larger",
        toggles=True,
    ),
    ActionSpec("export_picture", "File/Export", "&Picture…", ("Ctrl+E",), "export"),
    ActionSpec("export_side_by_side", "File/Export", "Labels and Picture Side by &Side…"),
    ActionSpec("export_labels", "File/Export", "&Label Map…", gap=True),
    ActionSpec("export_instances", "File/Export", "&Instance Map…"),
    ActionSpec("export_colors", "File/Export", "&Colour Label Map…"),
    ActionSpec("export_boundary", "File/Export", "&Boundary Map…"),
    *(
        ActionSpec(f"export_{kind.id}", "File/Export/For Other Programs", f"{kind.title}…")
        for kind in FORMATS
    ),
    ActionSpec(
        "export_before_after", "File/Export", "Before and &After…", tip="As a GIF", gap=True
    ),
    ActionSpec("export_time_lapse", "File/Export", "&Time-Lapse…", tip="A film of all edits"),
    ActionSpec(
        "export_variations", "File/Export", "&Variations…", tip="A training set with exact maps"
    ),
    ActionSpec(
        "checkpoints",
        "File",
        "&Checkpoints…",
        ("Ctrl+Shift+K",),
        "checkpoint",
        "What paints: bundled, own and official ones",
        gap=True,
    ),
    ActionSpec("show_flat", "File", "Close Checkpoint", tip="Show flat colours"),
    ActionSpec("memory", "File", "&Memory…", tip="What painting may take, and previews"),
    ActionSpec("quit", "File", "&Quit", ("Ctrl+Q",), gap=True),
    ActionSpec("undo", "Edit", "&Undo", (Std.Undo,), "undo"),
    ActionSpec("redo", "Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionSpec(
        "remove", "Edit", "Re&move Object", ("Delete",), "delete", "The gap is filled", gap=True
    ),
    ActionSpec("relabel", "Edit", "Change La&bel…", ("R",), "relabel", "Of the selected object"),
    ActionSpec("duplicate", "Edit", "&Duplicate Object", ("Ctrl+D",), "duplicate"),
    ActionSpec(
        "forward",
        "Edit/Order",
        "Bring &Forward",
        ("Ctrl+PgUp",),
        "forward",
        "In front of the next object that covers the selected ones",
    ),
    ActionSpec(
        "backward",
        "Edit/Order",
        "Send &Backward",
        ("Ctrl+PgDown",),
        "backward",
        "Behind the next object that the selected ones cover",
    ),
    ActionSpec("to_front", "Edit/Order", "Bring to F&ront", ("Ctrl+Shift+PgUp",)),
    ActionSpec("to_back", "Edit/Order", "Send to Bac&k", ("Ctrl+Shift+PgDown",)),
    ActionSpec(
        "show_object",
        "Edit/Order",
        "&Hide or Show Object",
        ("Ctrl+H",),
        "eye",
        "What is behind it appears",
        gap=True,
    ),
    ActionSpec("lock_object", "Edit/Order", "&Lock or Unlock Object", ("Ctrl+L",), "lock"),
    ActionSpec("keep_stamp", "Edit", "&Keep as Stamp", (), "keep", "Of the selected objects"),
    ActionSpec("fill_holes", "Edit", "Fill &Holes", tip="Inside the selected objects"),
    ActionSpec(
        "remove_specks", "Edit", "Remove &Specks", tip="Of the selected objects, or everywhere"
    ),
    ActionSpec("cancel", "Edit", "&Cancel or Deselect", ("Esc",)),
    ActionSpec("swap", "Edit", "S&wap Last Two Labels", ("X", "Q"), "swap", gap=True),
    ActionSpec(
        "next",
        "Edit",
        "Next Filling or Label",
        (".",),
        tip="Right after a removal: another filling of its place",
    ),
    ActionSpec("previous_label", "Edit", "Previous Label", (",",)),
    ActionSpec("lock", "Edit/Labels", "&Lock or Unlock Label", ("K",), "lock", "Under the pointer"),
    ActionSpec("lock_others", "Edit/Labels", "Lock All &But the Current", ("Shift+K",)),
    ActionSpec("hide", "Edit/Labels", "&Hide or Show Label", ("H",), "eye", "Under the pointer"),
    ActionSpec("solo", "Edit/Labels", "Show &Only the Current", ("Shift+H",)),
    ActionSpec("show_all", "Edit/Labels", "Show and &Unlock All", ("Ctrl+Shift+H",)),
    ActionSpec("over", "Edit", "Next Paint-&Over Mode", ("O",), tip="What may be painted over"),
    ActionSpec("find_horizon", "Edit", "Find Hori&zon", tip="From the map, as at first"),
    ActionSpec("smaller", "Edit", "Smaller Brush", ("[",)),
    ActionSpec("larger", "Edit", "Larger Brush", ("]",)),
    ActionSpec("much_smaller", "Edit", "Much Smaller Brush", ("Shift+[", "{")),
    ActionSpec("much_larger", "Edit", "Much Larger Brush", ("Shift+]", "}")),
    ActionSpec("preferences", "Edit", "Pre&ferences…", (Std.Preferences,), gap=True),
    ActionSpec("shortcuts", "Edit", "Ke&yboard Shortcuts…", ("?", "F1"), "keyboard"),
    ActionSpec("reroll", "Style", "&Roll Style", ("Shift+S",), "dice", "Of the selected objects"),
    ActionSpec("roll_scene", "Style", "Roll &All Styles", ("Ctrl+R",), tip="Of the whole scene"),
    ActionSpec("keep_style", "Style", "&Keep Style…", tip="Under a name, as one of your own"),
    ActionSpec("apply_to_all", "Style", "&One Style for All of This Label", gap=True),
    ActionSpec("shuffle_all", "Style", "&Shuffle All of This Label"),
    ActionSpec(
        "borrow",
        "Style",
        "&Borrow from Photo…",
        tip="Draw around a part of a photo: the selected object gets its look",
        gap=True,
    ),
    ActionSpec(
        "hold_still",
        "Style",
        "&Hold Still",
        tip="A new style changes its object only; off shows what the network paints",
        gap=True,
        toggles=True,
    ),
    ActionSpec(
        "separate_parts",
        "Style",
        "Separate &Parts",
        tip="Each connected part of the selected surface becomes an object",
        gap=True,
    ),
    ActionSpec("merge", "Style", "&Merge Objects", ("Ctrl+M",), tip="Selected ones of one label"),
    ActionSpec("picture", "View", "&Picture", ("F2",), "picture", group="view"),
    ActionSpec("labels", "View", "&Labels", ("F3",), "labels", group="view"),
    ActionSpec("blend", "View", "&Blend", ("F4",), "blend", "Labels over picture", group="view"),
    ActionSpec(
        "peek", "View", "Pee&k at the Picture", ("`",), tip="While the key is held", repeats=False
    ),
    ActionSpec(
        "before",
        "View",
        "Picture Before",
        ("C",),
        tip="While the key is held: before the last edits",
        gap=True,
        repeats=False,
    ),
    ActionSpec(
        "wipe",
        "View",
        "&Wipe to Before",
        ("Shift+C",),
        "compare",
        "Drag the line between before and now",
        toggles=True,
    ),
    ActionSpec("split", "View", "Before and Now Side by Side", ("Ctrl+Shift+C",), toggles=True),
    ActionSpec("heat", "View", "What C&hanged", ("D",), "heat", "As a heat map", toggles=True),
    ActionSpec("outlines", "View", "&Outlines of Objects", ("J",), "outlines", toggles=True),
    ActionSpec("minimap", "View", "&Minimap", ("Shift+M",), toggles=True),
    ActionSpec(
        "safe_colors",
        "View",
        "Colo&ur-Blind-Safe Labels",
        tip="Colours that everybody can tell apart; what is exported keeps its own",
        toggles=True,
    ),
    ActionSpec(
        "repaint", "View", "Paint &Again", ("F5",), "repaint", "The whole picture", gap=True
    ),
    ActionSpec("zoom_in", "View", "Zoom &In", ("Ctrl++", "Ctrl+="), gap=True),
    ActionSpec("zoom_out", "View", "Zoom Out", ("Ctrl+-",)),
    ActionSpec("fit", "View", "&Fit in Window", ("Ctrl+0",), "fit"),
    ActionSpec("actual", "View", "A&ctual Size", ("Ctrl+1",), "actual", "100 %"),
    ActionSpec("fit_selection", "View", "Fit &Selected Object", ("F",)),
    ActionSpec(
        "panels", "View", "Hide or Show Pa&nels", ("Tab",), tip="While in the picture", gap=True
    ),
    ActionSpec(
        "next_region", "View", "To the Next Area", ("F6",), tip="Picture, options, panels in turn"
    ),
    ActionSpec("previous_region", "View", "To the Previous Area", ("Shift+F6",)),
    ActionSpec("full_screen", "View", "Full Sc&reen", ("F11",), toggles=True),
    ActionSpec("theme_system", "View/Theme", "As the &System", group="theme", gap=True),
    ActionSpec("theme_light", "View/Theme", "&Light", group="theme"),
    ActionSpec("theme_dark", "View/Theme", "&Dark", group="theme"),
    ActionSpec("show_log", "Help", "Show &Log Folder"),
    ActionSpec("about", "Help", "&About Labelbrush"),
)


class ActionTable:
    """The QActions by id, placed in the window's menus.

    Attributes:
        by_id: every action of ACTIONS and those added since; specs: what they were made of.
    """

    def __init__(
        self, window: QMainWindow, handlers: Mapping[str, Callable[[], object]], keys: Keys
    ) -> None:
        """keys: is told what key every action has."""
        self._window = window
        self._keys = keys
        self._icons: dict[str, str] = {}
        self._menus: dict[str, QMenu] = {}
        self._groups: dict[str, QActionGroup] = {}
        self.by_id: dict[str, QAction] = {}
        self.specs: dict[str, ActionSpec] = {}
        for title in MENUS:
            self.menu(title)
        for spec in ACTIONS:
            self.add(spec, handlers[spec.id])

    def add(self, spec: ActionSpec, handler: Callable[[], object]) -> QAction:
        action = QAction(tr(spec.text), self._window)
        self._assign(spec, action, [QKeySequence(key) for key in spec.keys])
        action.setStatusTip(tr(spec.tip))
        if spec.group:
            action.setCheckable(True)
            action.setAutoRepeat(False)
            self._groups.setdefault(spec.group, QActionGroup(self._window)).addAction(action)
        action.setCheckable(action.isCheckable() or spec.toggles)
        action.setAutoRepeat(action.autoRepeat() and spec.repeats)
        action.triggered.connect(lambda _checked=False: handler())
        menu = self.menu(spec.menu)
        if spec.gap:
            menu.addSeparator()
        menu.addAction(action)
        self._window.addAction(action)
        self.by_id[spec.id] = action
        self.specs[spec.id] = spec
        if spec.icon:
            self._icons[spec.id] = spec.icon
        return action

    @property
    def menus(self) -> Collection[QMenu]:
        return self._menus.values()

    def set_keys(self, action_id: str, keys: Sequence[QKeySequence] | None) -> None:
        """Give an action other keys; None stands for those of the table."""
        spec = self.specs[action_id]
        chosen = [QKeySequence(key) for key in spec.keys] if keys is None else list(keys)
        self._assign(spec, self.by_id[action_id], chosen)

    def _assign(self, spec: ActionSpec, action: QAction, keys: list[QKeySequence]) -> None:
        action.setShortcuts(keys)
        action.setToolTip(tooltip(spec, action))
        self._keys.set(spec.id, key_text(action))

    def menu(self, path: str) -> QMenu:
        """A menu by its path, made when it is first asked for."""
        if path not in self._menus:
            parent, _, title = path.rpartition("/")
            bar = self.menu(parent) if parent else self._window.menuBar()
            self._menus[path] = bar.addMenu(tr(menu_text(title)))
        return self._menus[path]

    def tint(self) -> None:
        """Draw the icons in the window's text colours."""
        for action_id, name in self._icons.items():
            self.by_id[action_id].setIcon(icon(name, self._window.palette()))


def tooltip(spec: ActionSpec, action: QAction) -> str:
    """The text, the key in brackets, and the tip below."""
    name = plain_name(spec)
    key = key_text(action)
    first = f"{name} ({key})" if key else name
    return f"{first}\n{tr(spec.tip)}" if spec.tip else first


def key_text(action: QAction) -> str:
    """An action's first key as a person reads it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def plain_name(spec: ActionSpec) -> str:
    """An action's name in the user's language, without mnemonic and dots."""
    return tr(spec.text).replace("&", "").removesuffix("…")


def menu_text(title: str) -> str:
    """How a part of a menu's path is written; those of the menu bar have a letter."""
    return f"&{title}" if title in MENUS else title


def menu_name(path: str) -> str:
    """A menu's path in the user's language: "File: Export"."""
    return ": ".join(tr(menu_text(part)).replace("&", "") for part in path.split("/"))
