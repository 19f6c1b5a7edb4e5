"""What the parts of the window that work beside it share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.jobs import Jobs
from app.session import EditorSession
from app.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """Attributes:
    window: the parent of dialogs, and of whoever gets this.
    """

    session: EditorSession
    jobs: Jobs
    settings: Settings
    window: QWidget
