"""Highlight: the instance under the pointer, tinted and named."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from app.session import EditorSession, instance_name
from model.scene.geometry import EMPTY

TINT = 0x38383838  # translucent white, premultiplied


class Highlight:
    """Attributes:
    text: name and id, empty while there is nothing.
    rect: around it, in map coordinates.
    """

    def __init__(self, session: EditorSession) -> None:
        self._session = session
        self._instance_id: int | None = None
        self._image: QImage | None = None
        self.rect = EMPTY
        self.text = ""

    def show(self, instance_id: int | None) -> bool:
        """Highlight an instance or nothing; whether that is something else than before."""
        if instance_id == self._instance_id:
            return False
        self.clear()
        self._instance_id = instance_id
        document = self._session.document
        found = None if instance_id is None else document.seen_instance(instance_id)
        if found is not None:
            self.rect = found.rect
            mask = document.instance_map[self.rect.slices] == instance_id
            pixels = mask * np.uint32(TINT)
            height, width = pixels.shape
            kind = QImage.Format.Format_ARGB32_Premultiplied
            self._image = QImage(pixels.tobytes(), width, height, 4 * width, kind).copy()
            self.text = f"{instance_name(document, found.instance_id)} · id {instance_id}"
        return True

    def clear(self) -> None:
        self._instance_id, self._image, self.text, self.rect = None, None, "", EMPTY

    def paint(self, painter: QPainter) -> None:
        """In map coordinates."""
        if self._image is not None and self._instance_id not in self._session.selected:
            painter.drawImage(QPointF(self.rect.x0, self.rect.y0), self._image)
