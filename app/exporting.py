"""Exporting: pictures, maps and colour maps of the open document."""

from __future__ import annotations

from pathlib import Path

from app.dialogs.files import ask_save
from app.errors import Notice
from app.picture_view import PictureView
from app.rendering.controller import RenderController
from app.session import EditorSession
from app.settings import Settings
from model.scene.export import export_label_colors
from model.scene.maps import write_instance_map, write_label_map, write_picture

PICTURES = "Pictures (*.png *.jpg *.jpeg)"


class Exporting:
    def __init__(
        self,
        session: EditorSession,
        controller: RenderController,
        view: PictureView,
        settings: Settings,
    ) -> None:
        self._session = session
        self._controller = controller
        self._view = view
        self._settings = settings

    def export_picture(self) -> None:
        if not self._controller.status.exact:
            text = "The picture is not finished; export it when the status bar says so."
            self._session.noticed.emit(Notice(text, serious=False))
            return
        path = self._ask_export("picture", [PICTURES])
        if path is not None:
            pixels = self._view.layers.picture_pixels()
            self._session.attempt(lambda: write_picture(path, pixels))

    def export_labels(self) -> None:
        path = self._ask_export("labelIds", ["PNG (*.png)"])
        if path is not None:
            label_map = self._session.document.label_map
            self._session.attempt(lambda: write_label_map(path, label_map))

    def export_instances(self) -> None:
        path = self._ask_export("instanceIds", ["PNG (*.png)"])
        if path is not None:
            instance_map = self._session.document.instance_map
            self._session.attempt(lambda: write_instance_map(path, instance_map))

    def export_colors(self) -> None:
        path = self._ask_export("color", [PICTURES])
        if path is not None:
            scene = self._session.document.snapshot()
            self._session.attempt(lambda: export_label_colors(path, scene))

    def _ask_export(self, kind: str, filters: list[str]) -> Path | None:
        self._session.finish_stroke()
        name = f"{Path(self._session.title).stem}_{kind}.png"
        folder = self._settings.get("folder/export")
        path = ask_save(self._view.window(), "Export", folder, name, filters, "png")
        if path is not None:
            self._settings.set("folder/export", str(path.parent))
        return path
