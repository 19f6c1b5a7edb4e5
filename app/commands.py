"""What the actions do: a handler for every entry of the table, out of the window's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from app.canvas import Canvas
from app.checkpoints import Checkpoints
from app.errors import log_folder
from app.files import Files
from app.object_edits import remove_selection
from app.panels import InstancePanel
from app.picture_view import ViewMode
from app.rendering.controller import RenderController
from app.saving import Saving
from app.session import EditorSession
from app.settings import Settings
from app.theme import apply_theme

SIZE_STEP = 1.1


def step_radius(session: EditorSession, steps: int) -> None:
    """Grow or shrink the brush by a tenth per step, but by half a pixel at least."""
    radius = session.brush.radius
    wanted = round(2 * radius * SIZE_STEP**steps) / 2
    least = 0.5 if steps > 0 else -0.5
    session.set_radius(wanted if wanted != radius else radius + least)


def edit_handlers(
    session: EditorSession, canvas: Canvas, objects: InstancePanel
) -> Mapping[str, Callable[[], object]]:
    return {
        "undo": session.undo,
        "redo": session.redo,
        "remove": partial(remove_selection, session),
        "relabel": objects.choose_label,
        "cancel": canvas.cancel,
        "swap": lambda: session.choose_label(session.brush.previous_label_id),
        "smaller": partial(step_radius, session, -1),
        "larger": partial(step_radius, session, 1),
        "much_smaller": partial(step_radius, session, -3),
        "much_larger": partial(step_radius, session, 3),
    }


def file_handlers(
    files: Files, saving: Saving, checkpoints: Checkpoints
) -> Mapping[str, Callable[[], object]]:
    return {
        "open": files.open,
        "open_instances": files.open_instances,
        "save": saving.save,
        "save_as": saving.save_as,
        "export_picture": files.export_picture,
        "export_labels": files.export_labels,
        "export_instances": files.export_instances,
        "export_colors": files.export_colors,
        "open_checkpoint": checkpoints.ask_folder,
        "open_official": checkpoints.ask_file,
        "show_flat": checkpoints.show_flat,
    }


def view_handlers(
    app: QApplication, canvas: Canvas, controller: RenderController, settings: Settings
) -> Mapping[str, Callable[[], object]]:
    def show(mode: ViewMode) -> None:
        canvas.set_mode(mode)
        settings.set("view/mode", str(mode))

    def dress(theme: str) -> None:
        settings.set("view/theme", theme)
        apply_theme(app, theme)

    return {
        **{mode.value: partial(show, mode) for mode in ViewMode},
        "repaint": controller.repaint,
        "zoom_in": canvas.zoom_in,
        "zoom_out": canvas.zoom_out,
        "fit": canvas.fit,
        "actual": canvas.zoom_actual,
        **{f"theme_{theme}": partial(dress, theme) for theme in ("system", "light", "dark")},
    }


def help_handlers(window: QWidget) -> Mapping[str, Callable[[], object]]:
    def show_log() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))

    def about() -> None:
        text = (
            f"<h3>Labelbrush {_version()}</h3><p>Paint a street's labels; a network paints the "
            "street.</p><p>Apache License 2.0</p>"
        )
        QMessageBox.about(window, "About Labelbrush", text)

    return {"show_log": show_log, "about": about, "quit": window.close}


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow, and seldom asked for

    try:
        return version("labelbrush")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return ""
