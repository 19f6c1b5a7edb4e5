"""Trials: a style that is pointed at is shown on the picture, and chosen or taken away again."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.rendering.controller import RenderController
from app.session import EditorSession
from app.style_edits import style_of, style_selection
from model.inference.request import TrialRequest
from model.scene.scene import Style

LEAVE_MS = 150  # so long a trial outlives the pointer: between two tiles nothing flickers


class Trials(QObject):
    """Of the selected object; nothing happens while there is none, or in the middle of a stroke."""

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._controller = controller
        self._shown: Style | None = None
        self._leaving = QTimer(self, singleShot=True, interval=LEAVE_MS)
        self._leaving.timeout.connect(self.stop)
        session.changed.connect(self._forget)
        session.selection_changed.connect(self.stop)
        session.document_replaced.connect(self.stop)

    def show(self, style: Style, name: str) -> None:
        """Show the selected object in a style, without choosing it."""
        chosen, document = self._session.selection, self._session.document
        self._leaving.stop()
        if chosen is None or document.is_editing or style == self._shown:
            return
        now = style_of(self._session, chosen)
        if now is not None and now.vector == style.vector:
            self.stop()
            return
        self._shown = style
        self._controller.ask_trial(TrialRequest(document.revision, chosen, style, name))

    def leave(self) -> None:
        """The pointer is elsewhere: show the picture as it is, unless it comes back at once."""
        if self._shown is not None:
            self._leaving.start()

    def stop(self) -> None:
        self._leaving.stop()
        self._shown = None
        self._controller.drop_trial()

    def choose(self, style: Style) -> None:
        """Draw the selected object in a style from now on; what shows it stays until then."""
        revision = self._session.document.revision
        style_selection(self._session, style)
        if self._session.document.revision == revision:  # nothing new to be painted
            self.stop()

    def _forget(self) -> None:
        """The document has changed, and with it goes what was tried on it."""
        self._leaving.stop()
        self._shown = None
