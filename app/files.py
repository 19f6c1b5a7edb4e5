"""Opening: projects, maps and checkpoints, from dialogs, the command line or dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.checkpoints import Checkpoints
from app.dialogs.files import ask_open
from app.dialogs.mapping import MappingDialog
from app.dialogs.new_scene import NewScene
from app.mappings import Mappings
from app.sample import SAMPLES
from app.saving import Saving, project_filter
from app.session import EditorSession
from app.settings import Settings
from app.translation import mark, tr
from model.errors import MapError
from model.formats.foreign import UnknownLabels
from model.formats.importing import import_scene
from model.scene.labels import LabelSchema, label_of, load_schema
from model.scene.maps import read_instance_map
from model.scene.project import EXTENSION, load_project
from model.scene.scene import Scene

MAPS = mark("Label maps (*.png *.bmp *.tif *.tiff)")
UNTITLED = mark("Untitled")
OPENABLE = "*.png *.bmp *.tif *.tiff *.json *.zip *.pth"
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
            tr("All that can be opened") + f" (*{EXTENSION} {OPENABLE})",
            project_filter(),
            tr(MAPS),
            tr("Annotations of other programs (*.json *.zip)"),
        ]
        path = ask_open(self._window, tr("Open"), self._folder("open"), filters)
        if path is not None:
            self._settings.set("folder/open", str(path.parent))
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a project, a label map with its instance map, or a checkpoint."""
        if path.is_dir() or path.suffix == ".pth" or path.name == "checkpoint.json":
            self._checkpoints.open(path)
        elif self._saving.may_discard():
            self._session.attempt(lambda: self._open_document(path))

    def new(self) -> None:
        """A new scene: empty, or a copy of a template street."""
        dialog = NewScene(sorted(SAMPLES.glob(f"*{EXTENSION}")), self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted and self._saving.may_discard():
            self._session.attempt(lambda: self._create(dialog))

    def _create(self, dialog: NewScene) -> None:
        start = dialog.start.currentData()
        if isinstance(start, str):
            scene = load_project(start).scene
        else:
            schema = load_schema(dialog.schema.currentData())
            size = dialog.height_field.value(), dialog.width_field.value()
            labels = np.full(size, start, np.uint8)
            scene = Scene(schema, labels, labels.astype(np.int32))
        self._replace(scene, tr(UNTITLED))

    def open_instances(self) -> None:
        """Take over the instances of another file, as one undo step."""
        title = tr("Open instance map")
        path = ask_open(self._window, title, self._folder("open"), [tr(MAPS)])
        if path is not None:
            self._session.finish_stroke()
            self._session.attempt(lambda: self._adopt_instances(path))

    def _folder(self, purpose: str) -> str:
        return self._settings.get(f"folder/{purpose}")

    def _open_document(self, path: Path) -> None:
        if path.suffix == EXTENSION:
            self._open_project(path)
            self._remember(path)
        else:
            self._open_maps(path)

    def _open_project(self, path: Path) -> None:
        project = load_project(path)
        self._saving.previous = project.previous
        reseeded = project.style_seed != self._session.style_seed
        self._session.style_seed = project.style_seed
        self._session.replace_document(project.scene, path, path.name, project.extras, project.pins)
        self._checkpoints.open_for_project(project.checkpoint, path.name, reseeded)

    def _open_maps(self, path: Path) -> None:
        if INSTANCE_MARK in path.name:
            labels = path.with_name(path.name.replace(INSTANCE_MARK, "_labelIds"))
            if not labels.exists():
                self._adopt_instances(path)
                self._remember(path)
                return
            path = labels
        schema = self._session.document.schema
        scene = self._imported(path, schema)
        if scene is not None:
            self._replace(scene, path.name)
            self._remember(path)

    def _replace(self, scene: Scene, title: str) -> None:
        self._saving.previous = None
        self._session.replace_document(scene, None, title)

    def _imported(self, path: Path, schema: LabelSchema) -> Scene | None:
        """The scene of a file; None when nobody said what its labels are."""
        known = Mappings(self._settings, schema)
        try:
            return import_scene(path, schema, known.get())
        except UnknownLabels as error:
            dialog = MappingDialog(error.counts, schema, path.name, self._window)
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return None
            known.add(dialog.mapping())
            return import_scene(path, schema, known.get())

    def _adopt_instances(self, path: Path) -> None:
        document = self._session.document
        instances = read_instance_map(path)
        if instances.shape != document.label_map.shape:
            height, width = instances.shape
            raise MapError(
                tr(
                    "{file} is {size} pixels, the picture {ours}; "
                    "choose the instance map of this picture.",
                    file=path,
                    size=f"{width}x{height}",
                    ours=f"{document.bounds.width}x{document.bounds.height}",
                )
            )
        labels = document.label_map.copy()
        wrong = label_of(instances) != labels
        instances[wrong] = labels[wrong]
        with document.edit("Open instance map"):
            document.paint_maps(document.bounds, np.ones_like(wrong), labels, instances)

    def _remember(self, path: Path) -> None:
        self._settings.add_recent(path.resolve())
        self.recent_changed.emit()
