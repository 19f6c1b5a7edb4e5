"""MainWindow: places canvas, toolbars, docks and menus. Behaviour lives in what it places."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QGridLayout,
    QMainWindow,
    QToolBar,
    QWidget,
)

from app.actions import VIEW_PANELS, ActionSpec, ActionTable
from app.banner import Banner
from app.borrowing import Borrowing
from app.canvas import Canvas
from app.checkpoint_list import CheckpointList
from app.checkpoints import Checkpoints
from app.commands import (
    edit_handlers,
    file_handlers,
    help_handlers,
    label_handlers,
    step_radius,
    style_handlers,
    view_handlers,
)
from app.compare import Comparison
from app.dialogs.checkpoints import CheckpointsDialog
from app.dialogs.preferences import Preferences
from app.dialogs.shortcuts import ShortcutSheet
from app.errors import Notice
from app.exporting import Exporting
from app.failures import Failures
from app.files import Files
from app.gallery import Gallery
from app.jobs import JobBar, Jobs
from app.panels import PANELS, STACKED, InstancePanel, StampPanel, StylePanel
from app.panels.photo import PhotoPanel
from app.panels.render_status import StatusBar
from app.panels.tool_options import ToolOptions
from app.picture_view import ViewMode
from app.recent import RecentFiles, RecentMenu
from app.recovery import Recovery
from app.regions import Regions
from app.rendering.controller import RenderController
from app.rendering.status import RenderStatus
from app.rendering.worker import OpenedEngine
from app.rendering.worker_thread import any_left_running
from app.sample import SAMPLES
from app.saving import KEEP_HISTORY, Saving
from app.services import Services
from app.session import EditorSession
from app.settings import Settings
from app.shortcuts import Shortcuts
from app.switching import Switching
from app.tools import TOOLS, Tool
from app.tools.brush import BrushTool
from app.tools.stamp import StampTool
from app.translation import mark, step_name, tr
from app.view_bar import BlendOpacity

LAYOUT_VERSION = 3
SELECTION_ACTIONS = (
    "remove", "relabel", "duplicate", "keep_stamp", "fill_holes", "fit_selection",
    "forward", "backward", "to_front", "to_back", "show_object", "lock_object",
    "reroll", "keep_style", "apply_to_all", "shuffle_all", "separate_parts", "merge",
)  # fmt: skip
FIRST_SIZE = QSize(1440, 900)
FIRST_DOCK_WIDTH = 280
FIRST_DOCK_HEIGHTS = (430, 370)
ICON_SIZE = QSize(20, 20)


class MainWindow(QMainWindow):
    """Takes over the controller: closing the window stops its thread."""

    def __init__(
        self,
        app: QApplication,
        session: EditorSession,
        controller: RenderController,
        settings: Settings,
    ) -> None:
        super().__init__()
        self.app = app
        self.session = session
        self.controller = controller
        self.settings = settings
        self.canvas = Canvas(session)
        self.banner = Banner()
        self.checkpoints = Checkpoints(session, controller, settings, self)
        self.failures = Failures(controller, self.checkpoints, self.banner, self)
        self.jobs = Jobs(self)
        services = Services(session, self.jobs, settings, self)
        self.saving = Saving(services, self.checkpoints)
        self.recovery = Recovery(services, self.saving, self.checkpoints)
        self.switching = Switching(services, self.checkpoints, self.saving)
        self.checkpoint_list = CheckpointList(settings, self.jobs, self)
        self.recent_files = RecentFiles(settings, self)
        self.files = Files(services, self.switching, self.saving, self.recent_files)
        self.gallery = Gallery(
            SAMPLES,
            self.recent_files,
            self._open_sample,
            self.files.open_path,
            self.files.new,
            settings,
        )
        self.exporting = Exporting(services, controller, self.canvas)
        self.panels = [panel(session, controller) for panel in PANELS]
        self.photo_panel = PhotoPanel()
        self.borrowing = Borrowing(services, controller, self.photo_panel)
        self.status = StatusBar(session, controller)
        self.setAcceptDrops(True)
        self._place_center()
        self._place_actions()
        self._place_tools()
        self._place_main_bar()
        self._place_docks()
        self.shortcuts = Shortcuts(self.table, settings)
        self.sheet = ShortcutSheet(self.table, self.shortcuts, self)
        self._all_ended = True
        self.preferences = Preferences(settings, self._trigger, self._use_wheel, self)
        self.checkpoints_dialog = CheckpointsDialog(self.checkpoint_list, settings, self)
        self._left = False
        self._hidden_docks: list[QDockWidget] = []
        self._connect()
        self._restore()

    def show_notice(self, notice: Notice) -> None:
        self.banner.show_notice(notice)

    @property
    def left_running(self) -> bool:
        """Whether work went on when the window was closed, which an ordinary exit waits for."""
        return not self._all_ended or any_left_running()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # also when something unexpected happens below
        if not self._left:
            self.saving.before_leaving(self._leave)
        event.setAccepted(self._left)

    def _leave(self) -> None:
        """Close for good: what was not saved is given up."""
        self._remember()
        self.recovery.close()
        self.saving.release()
        self.hide()  # the worker may be in the middle of something that takes seconds
        self._all_ended = self.jobs.close()
        self.controller.close()
        self._left = True
        self.close()  # again, when it had to be saved first

    def _remember(self) -> None:
        self.settings.set("window/geometry", self.saveGeometry())
        self.settings.set("window/state", self.saveState(LAYOUT_VERSION))
        self.settings.set("brush/radius", float(self.session.brush.radius))
        self.settings.set("brush/new_instances", self.session.brush.new_instances)
        self.settings.set("brush/square", self.session.brush.square)
        self.settings.set("view/outlines", self.canvas.outlines)
        self.settings.set("view/minimap", self.canvas.minimap.wanted)
        self.settings.set("view/style_pad", self._panel(StylePanel).shows_pad.isChecked())
        self.settings.flush()
        self.checkpoint_list.save_times()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.table.tint()
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.files.open_path(Path(url.toLocalFile()))

    def _place_center(self) -> None:
        center = QWidget()
        grid = QGridLayout(center)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self.canvas, 0, 0)
        # Over the canvas: a picture that moved away would spoil the stroke in hand.
        grid.addWidget(self.banner, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.gallery, 0, 0, Qt.AlignmentFlag.AlignBottom)
        self.gallery.covers.connect(self.canvas.set_covered)
        self.setCentralWidget(center)
        self.status.addPermanentWidget(JobBar(self.jobs))
        self.setStatusBar(self.status)

    def _place_actions(self) -> None:
        handlers = {
            **file_handlers(self.files, self.exporting, self.saving, self.checkpoints),
            **edit_handlers(self.session, self.canvas),
            **style_handlers(self.session),
            **label_handlers(self.session, self.canvas),
            **view_handlers(self.app, self.canvas, self.controller, self.settings),
            **help_handlers(self),
            "borrow": self.borrowing.start,
            "hold_still": self._set_hold_still,
            "keep_history": self._set_keep_history,
            "safe_colors": self._set_safe_colors,
            "roll_scene": self._panel(StylePanel).roll,
            "relabel": self._choose_label,
            "keep_style": self._panel(StylePanel).menu.ask_keep,
            "keep_stamp": self._panel(StampPanel).keep_selection,
            "gallery": self.gallery.open,
            "next_region": partial(self._step_region, 1),
            "previous_region": partial(self._step_region, -1),
            "shortcuts": lambda: _show(self.sheet),
            "preferences": lambda: _show(self.preferences),
            "checkpoints": lambda: _show(self.checkpoints_dialog),
            "panels": self._toggle_panels,
            "full_screen": self._toggle_full_screen,
        }
        self.table = ActionTable(self, handlers, self.session.keys)
        self.tool_actions: dict[Tool, QAction] = {}
        self.recent = RecentMenu(self.recent_files, self.files.open_path, self)
        self.table.menu("File").insertMenu(self.table.by_id["open_instances"], self.recent)

    def _place_tools(self) -> None:
        bar = self._add_toolbar(mark("Tools"), Qt.ToolBarArea.LeftToolBarArea)
        for tool_type in TOOLS:
            spec = ActionSpec(
                f"tool_{tool_type.icon}",
                "Tools",
                tool_type.name,
                (tool_type.shortcut,),
                tool_type.icon,
                tool_type.tip,
                group="tool",
            )
            tool = tool_type(self.session)
            action = self.table.add(spec, partial(self.session.use_tool, tool))
            self.tool_actions[tool] = action
            bar.addAction(action)
            if tool_type is BrushTool:
                action.trigger()

    def _place_main_bar(self) -> None:
        bar = self._add_toolbar(mark("Main"), Qt.ToolBarArea.TopToolBarArea)
        views = ("picture", "labels", "blend", "outlines", "heat", "wipe")
        for group in (("open", "save"), ("undo", "redo"), views):
            for action_id in group:
                bar.addAction(self.table.by_id[action_id])
            bar.addSeparator()
        blend = bar.addWidget(BlendOpacity(self.canvas, self.settings))
        self.table.by_id["blend"].toggled.connect(blend.setVisible)
        blend.setVisible(False)
        self.options = ToolOptions(self.session)
        bar.addWidget(self.options)

    def _add_toolbar(self, title: str, area: Qt.ToolBarArea) -> QToolBar:
        bar = QToolBar(tr(title))
        bar.setObjectName(title)
        bar.setMovable(False)
        bar.setIconSize(ICON_SIZE)
        bar.toggleViewAction().setEnabled(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(area, bar)
        return bar

    def _place_docks(self) -> None:
        docks: dict[type[QWidget], QDockWidget] = {}
        for panel in self.panels:
            dock = QDockWidget(tr(panel.title), self)
            dock.setObjectName(panel.title)
            dock.setWidget(panel)
            self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            self.table.menu(VIEW_PANELS).addAction(dock.toggleViewAction())
            docks[type(panel)] = dock
        for panel, under in STACKED.items():
            self.tabifyDockWidget(docks[under], docks[panel])
            docks[under].raise_()
        columns = [dock for panel, dock in docks.items() if panel not in STACKED]
        self.resizeDocks(columns, list(FIRST_DOCK_HEIGHTS), Qt.Orientation.Vertical)
        self.resizeDocks(columns[:1], [FIRST_DOCK_WIDTH], Qt.Orientation.Horizontal)
        self._docks = docks
        self.regions = Regions(
            [
                self.canvas,
                self.photo_panel,
                self.options,
                *self.panels,
                self.banner,
                self.gallery,
            ]
        )
        panels = self.table.by_id["panels"]  # Tab: elsewhere it goes from control to control
        panels.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.canvas.addAction(panels)
        self._photo_dock = QDockWidget(tr(self.photo_panel.title), self)
        self._photo_dock.setObjectName(self.photo_panel.title)
        self._photo_dock.setWidget(self.photo_panel)
        right = Qt.DockWidgetArea.RightDockWidgetArea
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._photo_dock)
        self.table.menu("View/Panels").addAction(self._photo_dock.toggleViewAction())
        self._photo_dock.hide()

    def _panel[P: QWidget](self, kind: type[P]) -> P:
        return next(panel for panel in self.panels if isinstance(panel, kind))

    def _set_safe_colors(self) -> None:
        wanted = self.table.by_id["safe_colors"].isChecked()
        self.settings.set("view/safe_colors", wanted)
        self.session.set_safe_colors(wanted)

    def _set_keep_history(self) -> None:
        self.settings.set(KEEP_HISTORY, self.table.by_id["keep_history"].isChecked())

    def _set_hold_still(self) -> None:
        wanted = self.table.by_id["hold_still"].isChecked()
        self.settings.set("view/hold_still", wanted)
        self.session.set_hold_still(wanted)
        self.controller.set_hold_still(wanted)

    def _show_hold_still(self) -> None:
        """A project says whether it is held still."""
        self.table.by_id["hold_still"].setChecked(self.session.hold_still)
        self.controller.set_hold_still(self.session.hold_still)

    def _trigger(self, action_id: str) -> None:
        self.table.by_id[action_id].trigger()

    def _use_wheel(self) -> None:
        self.canvas.wheel_scrolls = self.settings.get("view/wheel") == "scroll"

    def _open_sample(self, path: Path) -> None:
        self.files.open_copy(path)
        self.canvas.setFocus()

    def _toggle_panels(self) -> None:
        """Hide all panels, or show those again that were hidden so."""
        shown = [dock for dock in self._docks.values() if dock.isVisible()]
        for dock in shown or self._hidden_docks:
            dock.setVisible(not shown)
        self._hidden_docks = shown

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _step_region(self, step: int) -> None:
        self.regions.step(step)

    def _choose_label(self) -> None:
        if self.session.selection is not None:
            dock = self._docks[InstancePanel]
            dock.show()
            dock.raise_()
            self._panel(InstancePanel).choose_label()

    def _show_photo(self) -> None:
        if self._photo_dock.isHidden():
            self._photo_dock.show()
            self.resizeDocks([self._photo_dock], [self.height() * 2 // 5], Qt.Orientation.Vertical)
        self._photo_dock.raise_()

    def _use_stamp_tool(self) -> None:
        self.table.by_id["tool_stamp"].trigger()
        self.canvas.setFocus()

    def _show_comparison(self) -> None:
        shown = self.canvas.comparison
        self.table.by_id["wipe"].setChecked(shown is Comparison.WIPE)
        self.table.by_id["split"].setChecked(shown is Comparison.SPLIT)

    def _show_tool(self) -> None:
        tool = self.session.tool
        if tool in self.tool_actions:
            self.tool_actions[tool].setChecked(True)
        if isinstance(tool, StampTool) and self.session.stamp is None:
            self._docks[StampPanel].show()  # there is one to be chosen first
            self._docks[StampPanel].raise_()

    def _connect(self) -> None:
        session, controller, canvas = self.session, self.controller, self.canvas
        session.noticed.connect(self.show_notice)
        session.withdrawn.connect(self.banner.withdraw)
        self.jobs.noticed.connect(self.show_notice)
        self.jobs.finished.connect(
            lambda title: self.status.showMessage(tr("{title}: done", title=title), 5000)
        )
        session.history_changed.connect(self._show_history)
        session.kept_changed.connect(self._show_history)
        session.document_replaced.connect(self._show_hold_still)
        session.document_replaced.connect(self._show_history)
        session.document_replaced.connect(self._paint_document)
        session.selection_changed.connect(self._show_selection)
        controller.rendered.connect(canvas.show_result)
        controller.trial_changed.connect(canvas.show_trial)
        controller.status_changed.connect(self._keep_result)
        self.checkpoints_dialog.chosen.connect(self.switching.use)
        self.switching.refused.connect(self.checkpoints_dialog.say)
        controller.engine_refused.connect(lambda why: self.checkpoints_dialog.say(why.message))
        self.checkpoints.opened.connect(self._on_engine)
        session.document_replaced.connect(self.recent_files.leave)
        canvas.hovered.connect(self.status.show_place)
        canvas.view_changed.connect(lambda: self.status.show_zoom(canvas))
        session.tool_changed.connect(self._show_tool)
        self.files.photo.connect(self.borrowing.open)
        self.borrowing.shown.connect(self._show_photo)
        canvas.comparison_changed.connect(self._show_comparison)
        self._panel(StampPanel).chosen.connect(self._use_stamp_tool)
        canvas.size_step.connect(lambda step: step_radius(session, step))
        self._show_history()
        self._show_selection()

    def _restore(self) -> None:
        settings = self.settings
        self.resize(FIRST_SIZE)
        self.restoreGeometry(settings.get("window/geometry"))
        self.restoreState(settings.get("window/state"), LAYOUT_VERSION)
        self.session.set_radius(settings.get("brush/radius"))
        self.session.set_new_instances(settings.get("brush/new_instances"))
        self.session.set_square(settings.get("brush/square"))
        self.canvas.minimap.set_wanted(settings.get("view/minimap"))
        self._panel(StylePanel).shows_pad.setChecked(settings.get("view/style_pad"))
        self.table.by_id["keep_history"].setChecked(settings.get(KEEP_HISTORY))
        self.table.by_id["minimap"].setChecked(self.canvas.minimap.wanted)
        self._use_wheel()
        self.table.by_id["hold_still"].setChecked(settings.get("view/hold_still"))
        self._set_hold_still()
        if settings.get("view/safe_colors"):
            self.table.by_id["safe_colors"].trigger()
        if settings.get("view/outlines"):
            self.table.by_id["outlines"].trigger()
        mode = settings.get("view/mode")
        known = mode if mode in list(ViewMode) else ViewMode.PICTURE
        self.table.by_id[known].trigger()
        theme = self.table.by_id.get(f"theme_{settings.get('view/theme')}")
        (theme or self.table.by_id["theme_system"]).setChecked(True)
        self.table.tint()
        self.canvas.setFocus()

    def _paint_document(self) -> None:
        self.controller.set_document(self.session.document)

    def _show_history(self) -> None:
        document = self.session.document
        steps = step_name(document.undo_name or ""), step_name(document.redo_name or "")
        for action_id, text, possible in (
            ("undo", tr("&Undo {step}", step=steps[0]), document.can_undo),
            ("redo", tr("&Redo {step}", step=steps[1]), document.can_redo),
        ):
            action = self.table.by_id[action_id]
            action.setText(text.strip().removesuffix(":"))
            action.setEnabled(possible)
        read_only = tr(" (read-only)") if self.saving.read_only else ""
        self.setWindowTitle(f"{self.session.title}[*]{read_only} - Labelbrush")
        self.setWindowModified(self.session.modified)

    def _show_selection(self) -> None:
        for action_id in SELECTION_ACTIONS:
            self.table.by_id[action_id].setEnabled(self.session.selection is not None)

    def _keep_result(self, status: RenderStatus) -> None:
        """Thumbnail and time of a finished picture."""
        if not status.exact:
            return
        self.recent_files.show(self.canvas.layers.picture.image, status.flat)
        path, bounds = self.checkpoints.in_use(), self.session.document.bounds
        if path is not None:
            self.checkpoint_list.record(path, status, (bounds.height, bounds.width))

    def _on_engine(self, opened: OpenedEngine) -> None:
        self.checkpoint_list.save_times()
        self.checkpoints_dialog.show_in_use(opened.source.path)


def _show(dialog: QDialog) -> None:
    dialog.show()
    dialog.activateWindow()
