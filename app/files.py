"""Opening: projects, maps and checkpoints, from dialogs, the command line or dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.checkpoints import Checkpoints
from app.dialogs.files import ask_open
from app.saving import PROJECTS, Saving
from app.session import EditorSession
from app.settings import Settings
from model.errors import MapError
from model.scene.labels import label_of
from model.scene.maps import find_instance_map, open_scene, read_instance_map
from model.scene.project import EXTENSION, load_project

MAPS = "Label maps (*.png *.bmp *.tif *.tiff)"
INSTANCE_MARK = "_instanceIds"


class Files(QObject):
    """Signals:
    recent_changed: the list of recent files is another.
    """

    recent_changed = Signal()

    def __init__(
        self,
        session: EditorSession,
        checkpoints: Checkpoints,
        saving: Saving,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._checkpoints = checkpoints
        self._settings = settings
        self._saving = saving
        saving.saved.connect(self._remember)

    def open(self) -> None:
        filters = [
            f"All that can be opened (*{EXTENSION} *.png *.bmp *.tif *.tiff *.pth)",
            PROJECTS,
            MAPS,
        ]
        path = ask_open(self._window, "Open", self._folder("open"), filters)
        if path is not None:
            self._settings.set("folder/open", str(path.parent))
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a project, a label map with its instance map, or a checkpoint."""
        if path.is_dir() or path.suffix == ".pth" or path.name == "checkpoint.json":
            self._checkpoints.open(path)
        elif self._saving.may_discard():
            self._session.attempt(lambda: self._open_document(path))

    def open_instances(self) -> None:
        """Take over the instances of another file, as one undo step."""
        title = "Open instance map"
        path = ask_open(self._window, title, self._folder("open"), [MAPS])
        if path is not None:
            self._session.finish_stroke()
            self._session.attempt(lambda: self._adopt_instances(path))

    def _folder(self, purpose: str) -> str:
        return self._settings.get(f"folder/{purpose}")

    def _open_document(self, path: Path) -> None:
        if path.suffix == EXTENSION:
            self._open_project(path)
        else:
            self._open_maps(path)
        self._remember(path)

    def _open_project(self, path: Path) -> None:
        project = load_project(path)
        self._saving.previous = project.previous
        reseeded = project.style_seed != self._session.style_seed
        self._session.style_seed = project.style_seed
        self._session.replace_document(project.scene, path, path.name)
        self._checkpoints.open_for_project(project.checkpoint, path.name, reseeded)

    def _open_maps(self, path: Path) -> None:
        if INSTANCE_MARK in path.name:
            labels = path.with_name(path.name.replace(INSTANCE_MARK, "_labelIds"))
            if not labels.exists():
                self._adopt_instances(path)
                return
            path = labels
        schema = self._session.document.schema
        scene = open_scene(path, find_instance_map(path), schema)
        self._saving.previous = None
        self._session.replace_document(scene, None, path.name)

    def _adopt_instances(self, path: Path) -> None:
        document = self._session.document
        instances = read_instance_map(path)
        if instances.shape != document.label_map.shape:
            height, width = instances.shape
            raise MapError(
                f"{path} is {width}x{height} pixels, the picture {document.bounds.width}x"
                f"{document.bounds.height}; choose the instance map of this picture."
            )
        labels = document.label_map.copy()
        wrong = label_of(instances) != labels
        instances[wrong] = labels[wrong]
        with document.edit("Open instance map"):
            document.paint_maps(document.bounds, np.ones_like(wrong), labels, instances)

    def _remember(self, path: Path) -> None:
        self._settings.add_recent(path.resolve())
        self.recent_changed.emit()
