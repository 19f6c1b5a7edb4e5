"""Fixtures for the editor's tests: Qt without a screen, a small document, a running renderer."""

from __future__ import annotations

import gc
import sys
import threading

import numpy as np
import pytest

from app.rendering.controller import RenderController
from app.rendering.watchdog import Patience
from app.rendering.worker import EngineSource, RenderWorker
from app.session import EditorSession
from app.settings import Settings
from app.theme import apply_theme
from app.window import MainWindow
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.scene import Scene
from tests.app.fake_engine import FakeEngine
from tests.app.story import Story

HARMLESS = ("This plugin does not support propagateSizeHints",)


@pytest.fixture(scope="session")
def qapp():
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(["test", "-platform", "offscreen"])
    apply_theme(app, "light")
    heartbeat = QTimer()  # lets a timeout end a test that waits in a dialog nobody answers
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(500)
    yield app
    heartbeat.stop()


@pytest.fixture(autouse=True)
def no_qt_warnings(qapp):
    """Qt warnings and exceptions inside slots fail the test that caused them.

    Cycles are freed on this thread, as in the program (`app/garbage.py`).
    """
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    troubles: list[str] = []

    def on_message(kind, context, message):
        if kind != QtMsgType.QtDebugMsg and not message.startswith(HARMLESS):
            troubles.append(message)

    def on_exception(kind, error, trace):
        troubles.append(repr(error))

    gc.disable()
    before, sys.excepthook = sys.excepthook, on_exception
    previous = qInstallMessageHandler(on_message)
    yield troubles
    qInstallMessageHandler(previous)
    sys.excepthook = before
    gc.collect(1)
    gc.enable()
    assert not troubles


@pytest.fixture(autouse=True)
def no_windows_left(qapp):
    """What a test leaves on the screen would take the pointer's moves from the next one's."""
    yield
    for widget in qapp.topLevelWidgets():
        widget.hide()


@pytest.fixture(scope="session")
def schema():
    return load_schema(CITYSCAPES_NAME)


@pytest.fixture
def scene(schema) -> Scene:
    """128x64: sky above, road below, two cars (26000 left, 26001 right) and a pole."""
    labels = np.full((64, 128), schema.by_name("sky").id, np.uint8)
    labels[32:] = schema.by_name("road").id
    labels[10:40, 60:63] = schema.by_name("pole").id
    instances = labels.astype(np.int32)
    for number, left in enumerate((10, 90)):
        labels[36:48, left : left + 24] = 26
        instances[36:48, left : left + 24] = 26000 + number
    return Scene(schema, labels, instances)


@pytest.fixture
def session(qapp, scene) -> EditorSession:
    session = EditorSession(scene)
    session.title = "street"
    return session


@pytest.fixture
def document(session):
    return session.document


@pytest.fixture
def engine(schema) -> FakeEngine:
    return FakeEngine(schema)


@pytest.fixture
def source(schema) -> EngineSource:
    return EngineSource(None, schema)


@pytest.fixture
def patience() -> Patience:
    return Patience()


@pytest.fixture
def controller(qapp, document, engine, patience):
    """A controller whose worker thread is running; stopped even when the test fails."""
    running = RenderController(document, RenderWorker(engine.open), patience)
    yield running
    engine.gate.set()
    running.close()


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def window(qapp, session, controller, settings, source, wait_until):
    """The whole window on the small scene, its first picture painted."""
    window = MainWindow(qapp, session, controller, settings)
    window.resize(1100, 700)
    window.show()
    window.checkpoints.start(source)
    wait_until(lambda: controller.idle)
    yield window
    window.jobs.close()
    window.hide()
    window.deleteLater()


@pytest.fixture
def wait_until(qapp):
    from PySide6.QtCore import QDeadlineTimer, QEventLoop

    def wait(condition) -> None:
        deadline = QDeadlineTimer(20_000)
        while not condition():
            assert not deadline.hasExpired(), "waited 20 s in vain"
            qapp.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    return wait


@pytest.fixture
def story(window) -> Story:
    window.session.set_radius(3)
    return Story(window)


@pytest.fixture
def notices(session) -> list:
    seen = []
    session.noticed.connect(seen.append)
    return seen


@pytest.fixture
def disk(window):
    """Files are read and written only once it is set."""
    gate = threading.Event()
    window.jobs.run("Slow disk", lambda report: gate.wait(20), quick=True)
    yield gate
    gate.set()
