"""Failures: when the picture cannot be painted, says why and offers what helps."""

from __future__ import annotations

import platform
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.banner import Banner
from app.checkpoints import Checkpoints
from app.errors import Notice
from app.rendering.controller import RenderController
from app.rendering.status import RenderStatus
from app.translation import tr
from model.inference.request import EngineInfo, FailureKind, RenderFailure

CPU = "cpu"


class Failures(QObject):
    """Keeps one banner for the newest failure, until the picture is right again."""

    def __init__(
        self,
        controller: RenderController,
        checkpoints: Checkpoints,
        banner: Banner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._checkpoints = checkpoints
        self._banner = banner
        self._notice: Notice | None = None
        self._kind = FailureKind.ERROR
        controller.failed.connect(self._on_failed)
        controller.status_changed.connect(self._on_status)

    def _on_failed(self, failure: RenderFailure) -> None:
        notice = Notice(
            _text(failure, self._controller.status.info),
            self._details(failure),
            self._actions(),
            lasting=True,
        )
        self._withdraw()
        self._notice, self._kind = notice, failure.kind
        self._banner.show_notice(notice)

    def _on_status(self, status: RenderStatus) -> None:
        stuck = self._kind is FailureKind.STUCK
        if not status.silent if stuck else status.exact or status.loading:
            self._withdraw()

    def _withdraw(self) -> None:
        if self._notice is not None:
            self._banner.withdraw(self._notice)
            self._notice = None

    def _actions(self) -> dict[str, Callable[[], object]]:
        """The CPU is offered unless it is what failed."""
        actions: dict[str, Callable[[], object]] = {tr("Try again"): self._checkpoints.restart}
        info, asked = self._controller.status.info, self._controller.asked
        device = "auto" if asked is None else asked.device
        if device == "auto" and info is not None:
            device = info.device
        if device != CPU:
            actions[tr("Use the CPU")] = lambda: self._checkpoints.restart(CPU)
        return actions

    def _details(self, failure: RenderFailure) -> str:
        info = self._controller.status.info
        engine = "no engine" if info is None else _engine(info)
        place = f"{platform.platform()}, Python {platform.python_version()}"
        return f"{failure.details.rstrip()}\n\n{engine}\n{place}\n"


def _engine(info: EngineInfo) -> str:
    return f"{info.checkpoint_name} on {info.device} in {info.precision}"


def _text(failure: RenderFailure, info: EngineInfo | None) -> str:
    device = tr("The device") if info is None else tr("The device {name}", name=info.device)
    if failure.kind is FailureKind.MEMORY:
        text = tr(
            "{device} has too little memory for this picture; you can draw on.", device=device
        )
    elif failure.kind is FailureKind.DEVICE:
        text = tr("{device} was lost: the picture is out of date; you can draw on.", device=device)
    elif failure.kind is FailureKind.STUCK:
        text = tr("The picture is not coming: {why}. You can draw on.", why=failure.message)
    else:
        text = tr("The picture could not be painted: {error}.", error=failure.message)
    return text
