"""The `edit` command: builds the window and what is behind it, and runs it."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.checkpoints import bundled_checkpoint, limits_of
from app.errors import catch_unexpected, start_log
from app.first_paint import FirstPaint
from app.garbage import GarbageCollector
from app.rendering.controller import RenderController
from app.rendering.worker import EngineSource, OpenRenderer, RenderWorker, open_engine
from app.sample import opening_project
from app.session import EditorSession
from app.settings import Settings, throwaway_settings
from app.theme import SCHEMES, apply_theme, window_icon
from app.translation import mark, tr, use_language
from app.window import MainWindow
from model.inference.preload import preload
from model.inference.request import Limits
from model.scene.labels import LabelSchema

LOCK_SECONDS = 0.001  # a thread may keep Python's lock so long when another wants it
TITLE = mark("Untitled street")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Paint a street's labels while a network paints the street."
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="project, label map (with its instance map beside it) or checkpoint folder",
    )
    parser.add_argument("--checkpoint", type=Path, help="checkpoint that paints the picture")
    parser.add_argument("--split", help="meaning of its input channels, for example 35+1+3")
    parser.add_argument("--engine", choices=("checkpoint", "flat"), default="checkpoint")
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps or auto")
    parser.add_argument(
        "--memory", type=_mebibytes, metavar="MIB", help="most that painting may take; 0: half"
    )
    parser.add_argument(
        "--recording", type=_mebibytes, metavar="MIB", help="most that previews may keep; 0: off"
    )
    parser.add_argument("--temp", action="store_true", help="forget all settings afterwards")
    parser.add_argument("--debug", action="store_true", help="log to the terminal as well")


def _mebibytes(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of MiB")
    return int(text)


def run(args: argparse.Namespace) -> int:
    start_log(args.debug)
    if sys.platform == "win32":  # AltGr types brackets there and is no Ctrl+Alt
        os.environ.setdefault("QT_QPA_PLATFORM", "windows:altgr")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(sys.argv[:1])
    window = prepared(app, args)
    code = app.exec()
    if window.left_running:  # an ordinary exit would wait for what hangs, or abort
        end_at_once(code)
    return code


def prepared(app: QApplication, args: argparse.Namespace) -> MainWindow:
    """The window, shown; its engine and files open once it has been painted."""
    app.setWindowIcon(window_icon())  # while the loader is free: it needs one of Qt's plugins
    if args.engine != "flat":
        preload()
    GarbageCollector(app)
    sys.setswitchinterval(LOCK_SECONDS)  # the window asks for it a dozen times for every movement
    app.setApplicationName("Labelbrush")
    settings = throwaway_settings() if args.temp else Settings()
    use_language(settings.get("view/language"))
    dress(app, settings)
    window = build_window(app, settings, open_engine)
    catch_unexpected(window.show_notice)
    FirstPaint(window.canvas).happened.connect(lambda: start(window, args))
    window.show()
    return window


def end_at_once(code: int) -> NoReturn:
    """Leave without the interpreter's and Qt's farewells; all that is to be kept is written."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def dress(app: QApplication, settings: Settings) -> None:
    """Apply the chosen theme, and follow the system's when that is the choice."""

    def apply() -> None:
        theme = settings.get("view/theme")
        apply_theme(app, theme if theme in SCHEMES else "system")

    apply()
    app.styleHints().colorSchemeChanged.connect(apply)


def build_window(app: QApplication, settings: Settings, open_renderer: OpenRenderer) -> MainWindow:
    """The window on the opening scene, without an engine yet."""
    project = opening_project()
    session = EditorSession(project.scene)
    session.style_seed = project.style_seed
    session.title = tr(TITLE)
    controller = RenderController(session.document, RenderWorker(open_renderer))
    return MainWindow(app, session, controller, settings)


def start(window: MainWindow, args: argparse.Namespace) -> None:
    """Open the engine and the files of the command line; record edits from now on."""
    window.recovery.start()
    schema = window.session.document.schema
    source = chosen_engine(args, window.settings, schema)
    otherwise = bundled_checkpoint() if args.checkpoint is None else None
    window.checkpoints.start(replace(source, style_seed=window.session.style_seed), otherwise)
    if not args.files:
        window.gallery.show_at_start()
    for path in args.files:
        window.files.open_path(path)


def chosen_engine(
    args: argparse.Namespace, settings: Settings, schema: LabelSchema
) -> EngineSource:
    """The checkpoint of the command line, the last one used, or the bundled one."""
    path = None
    if args.engine != "flat":
        last = Path(settings.get("files/checkpoint") or "/nowhere")
        path = args.checkpoint or (last if os.path.exists(last) else bundled_checkpoint())
    kept = limits_of(settings)
    painting = kept.painting_mib if args.memory is None else args.memory
    recording = kept.recording_mib if args.recording is None else args.recording
    limits = Limits(painting or None, recording)
    return EngineSource(path, schema, device=args.device, split=args.split, limits=limits)
