"""What the actions do: a handler for every entry of the table, out of the window's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from app.canvas import Canvas
from app.checkpoints import Checkpoints
from app.compare import Comparison
from app.errors import Notice, log_folder
from app.exporting import Exporting
from app.files import Files
from app.label_state import lock_others, next_over, show_all, solo, toggle_hidden, toggle_lock
from app.object_edits import (
    can_refill,
    duplicate_selection,
    fill_holes_of_selection,
    next_filling,
    order_selection,
    remove_selection,
    remove_specks_of_selection,
    toggle_locked,
    toggle_shown,
)
from app.panels.tool_options import STAMP_PERCENT
from app.picture_view import ViewMode
from app.rendering.controller import RenderController
from app.saving import Saving
from app.session import EditorSession
from app.settings import Settings
from app.style_edits import (
    apply_to_all,
    merge_selection,
    reroll,
    separate_parts,
    shuffle_all,
)
from app.theme import apply_theme
from app.translation import tr
from model.formats import FORMATS
from model.scene.ordering import backward, forward, to_back, to_front

SIZE_STEP = 1.1


def step_radius(session: EditorSession, steps: int) -> None:
    """Grow or shrink the brush by a tenth per step, but by half a pixel at least; or the stamp."""
    if session.tool is not None and "stamp" in session.tool.options:
        smallest, largest = STAMP_PERCENT
        percent = 100 * session.stamp_scale * SIZE_STEP**steps
        session.choose_stamp(session.stamp, min(max(percent, smallest), largest) / 100)
        return
    radius = session.brush.radius
    wanted = round(2 * radius * SIZE_STEP**steps) / 2
    least = 0.5 if steps > 0 else -0.5
    session.set_radius(wanted if wanted != radius else radius + least)


def edit_handlers(session: EditorSession, canvas: Canvas) -> Mapping[str, Callable[[], object]]:
    def undo() -> None:
        session.undo()
        canvas.update()  # it may have taken back the last corner of an outline in hand

    return {
        "undo": undo,
        "redo": session.redo,
        "remove": partial(remove_selection, session),
        "duplicate": partial(duplicate_selection, session),
        **{
            name: partial(order_selection, session, act)
            for name, act in (
                ("forward", forward),
                ("backward", backward),
                ("to_front", to_front),
                ("to_back", to_back),
            )
        },
        "show_object": lambda: toggle_shown(session, session.selected),
        "lock_object": lambda: toggle_locked(session, session.selected),
        "fill_holes": partial(fill_holes_of_selection, session),
        "remove_specks": partial(remove_specks_of_selection, session),
        "cancel": canvas.cancel,
        "swap": lambda: session.choose_label(session.brush.previous_label_id),
        "next": partial(next_filling_or_label, session),
        "previous_label": partial(step_label, session, -1),
        "find_horizon": partial(session.set_horizon, None),
        "smaller": partial(step_radius, session, -1),
        "larger": partial(step_radius, session, 1),
        "much_smaller": partial(step_radius, session, -3),
        "much_larger": partial(step_radius, session, 3),
    }


def style_handlers(session: EditorSession) -> Mapping[str, Callable[[], object]]:
    acts: Mapping[str, Callable[[], object]] = {
        "reroll": partial(reroll, session),
        "apply_to_all": partial(apply_to_all, session),
        "shuffle_all": partial(shuffle_all, session),
        "separate_parts": partial(separate_parts, session),
        "merge": partial(merge_selection, session),
    }
    return {name: partial(session.attempt, act) for name, act in acts.items()}


def next_filling_or_label(session: EditorSession) -> None:
    if can_refill(session):
        next_filling(session)
    else:
        step_label(session, 1)


def step_label(session: EditorSession, steps: int) -> None:
    """The next label in the order of the list that is not void."""
    known = [label.id for label in session.document.schema if label.group != "void"]
    known = known or list(session.document.schema.ids)
    now = session.brush.label_id
    place = known.index(now) if now in known else 0
    session.choose_label(known[(place + steps) % len(known)])


def label_handlers(session: EditorSession, canvas: Canvas) -> Mapping[str, Callable[[], object]]:
    """Locks, visibility and the paint-over mode."""

    def pointed() -> int:
        place = canvas.place
        if place is None:
            return session.brush.label_id
        return int(session.document.label_map[place[1], place[0]])

    return {
        "lock": lambda: toggle_lock(session, pointed()),
        "lock_others": lambda: lock_others(session),
        "hide": lambda: toggle_hidden(session, pointed()),
        "solo": lambda: solo(session, session.brush.label_id),
        "show_all": partial(show_all, session),
        "over": lambda: next_over(session, pointed()),
    }


def file_handlers(
    files: Files, exporting: Exporting, saving: Saving, checkpoints: Checkpoints
) -> Mapping[str, Callable[[], object]]:
    return {
        "new": files.new,
        "open": files.open,
        "open_instances": files.open_instances,
        "save": saving.save,
        "save_as": saving.save_as,
        "export_picture": exporting.picture,
        "export_side_by_side": exporting.side_by_side,
        "export_labels": exporting.labels,
        "export_instances": exporting.instances,
        "export_colors": exporting.colors,
        "export_boundary": exporting.boundary,
        "export_before_after": exporting.before_after,
        "export_time_lapse": exporting.time_lapse,
        "export_variations": exporting.variations,
        **{f"export_{kind.id}": partial(exporting.to_format, kind) for kind in FORMATS},
        "show_flat": checkpoints.show_flat,
        "memory": checkpoints.ask_limits,
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

    def compare(comparison: Comparison) -> None:
        again, nothing = canvas.comparison is comparison, canvas.before.image is None
        canvas.set_comparison(Comparison.NONE if again or nothing else comparison)
        if nothing:
            note = tr("There is nothing to compare with yet: paint something first.")
            canvas.session.noticed.emit(Notice(note, serious=False))

    def before() -> None:
        again = canvas.comparison
        if again is Comparison.BEFORE:
            canvas.set_comparison(Comparison.NONE)
            return
        canvas.set_comparison(Comparison.BEFORE)
        canvas.held.until_released(lambda: canvas.set_comparison(again))

    def peek() -> None:
        canvas.set_peeking(not canvas.peeking)
        canvas.held.until_released(lambda: canvas.set_peeking(False))

    return {
        **{mode.value: partial(show, mode) for mode in ViewMode},
        "peek": peek,
        "before": before,
        "wipe": partial(compare, Comparison.WIPE),
        "split": partial(compare, Comparison.SPLIT),
        "heat": lambda: canvas.set_heat(not canvas.heat),
        "outlines": lambda: canvas.set_outlines(not canvas.outlines),
        "minimap": lambda: canvas.minimap.set_wanted(not canvas.minimap.wanted),
        "fit_selection": canvas.fit_selection,
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
        what = tr("Paint a street's labels; a network paints the street.")
        text = f"<h3>Labelbrush {_version()}</h3><p>{what}</p><p>Apache License 2.0</p>"
        QMessageBox.about(window, tr("About Labelbrush"), text)

    return {"show_log": show_log, "about": about, "quit": window.close}


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow, and seldom asked for

    try:
        return version("labelbrush")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return ""
