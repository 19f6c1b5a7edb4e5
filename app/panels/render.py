"""Render panel: what paints the picture, where, how long each stage takes, and the memory used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from app.panels.lists import Apart
from app.rendering.controller import RenderController
from app.rendering.status import RenderStatus
from app.session import EditorSession
from app.translation import decimal, mark, number, tr
from model.inference.request import RenderResult
from model.scene.scene import ScenePatch

REFRESH_MS = 1000
NOTHING = "-"
FLAT = mark("Flat colours")  # as the engine without a checkpoint calls itself
PAGE_KIB = 4
ROWS = (
    mark("Checkpoint"),
    mark("Device"),
    mark("Precision"),
    mark("Loaded in"),
    mark("State"),
    mark("Last frame"),
    mark("Memory"),
)
OFTEN = ("State", "Last frame", "Memory")  # with every picture, or every second


class RenderPanel(QWidget):
    """Numbers are those of the newest final picture. While it is hidden it lays nothing out."""

    title = mark("Rendering")

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values = {name: QLabel(NOTHING) for name in ROWS}
        self.stages = QLabel()
        self.stages.setAccessibleName(tr("Time per stage"))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        for name, value in self._values.items():
            value.setAccessibleName(tr(name))
            value.setWordWrap(name not in OFTEN)
            form.addRow(tr(name), Apart(value) if name in OFTEN else value)
        title = QLabel(tr("Stages"))
        title.setAlignment(Qt.AlignmentFlag.AlignTop)
        form.addRow(title, self.stages)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addStretch(1)
        self._status = controller.status
        self._newest: RenderResult | None = None
        self._clock = QTimer(self, interval=REFRESH_MS)
        self._clock.timeout.connect(self._show_memory)
        controller.status_changed.connect(self._on_status)
        controller.rendered.connect(self._on_rendered)

    def value(self, name: str) -> str:
        return self._values[name].text()

    def showEvent(self, event: QShowEvent) -> None:
        self._show_status()
        self._show_times()
        self._show_memory()
        self._clock.start()

    def hideEvent(self, event: object) -> None:
        self._clock.stop()

    def _on_status(self, status: RenderStatus) -> None:
        self._status = status
        if self.isVisible():
            self._show_status()

    def _on_rendered(self, result: RenderResult, patch: ScenePatch) -> None:
        if result.final:
            self._newest = result
            if self.isVisible():
                self._show_times()

    def _show_status(self) -> None:
        status = self._status
        self._values["State"].setText(status.text.split(" · ")[0])
        if status.info is not None:
            name = status.info.checkpoint_name
            self._values["Checkpoint"].setText(tr(FLAT) if name == FLAT else name)
            self._values["Device"].setText(status.info.device)
            self._values["Precision"].setText(status.info.precision)
            self._values["Loaded in"].setText(f"{decimal(status.info.load_seconds)} s")

    def _show_times(self) -> None:
        if self._newest is not None:
            self._values["Last frame"].setText(_seconds(self._newest.seconds))
            lines = [f"{name} {_seconds(took)}" for name, took in self._newest.stages.items()]
            self.stages.setText("\n".join(lines) or NOTHING)

    def _show_memory(self) -> None:
        used = resident_mib()
        self._values["Memory"].setText(NOTHING if used is None else f"{number(round(used))} MiB")


def resident_mib() -> float | None:
    """What this process holds in memory; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * PAGE_KIB / 1024


def _seconds(seconds: float) -> str:
    return f"{decimal(seconds, 2)} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"
