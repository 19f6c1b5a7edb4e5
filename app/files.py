"""Opening: projects, maps and checkpoints, from dialogs, the command line or dropped."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from app.dialogs.choice import ChoiceDialog
from app.dialogs.files import ask_open
from app.dialogs.mapping import MappingDialog
from app.dialogs.new_scene import NewScene
from app.jobs import Report
from app.mappings import Mappings
from app.recent import RecentFiles
from app.sample import SAMPLES
from app.saving import Saving, project_filter
from app.services import Services
from app.switching import Switching
from app.translation import mark, tr
from model.errors import MapError
from model.formats.foreign import UnknownLabels
from model.formats.importing import SeveralPictures, import_scene
from model.scene.labels import label_of, load_schema
from model.scene.layers import NO_LAYERS
from model.scene.maps import read_instance_map
from model.scene.photo import is_photo
from model.scene.project import EXTENSION, ProjectFile, load_project
from model.scene.scene import InstanceMap, Scene

MAPS = mark("Label maps (*.png *.bmp *.tif *.tiff)")
UNTITLED = mark("Untitled")
OPENABLE = "*.png *.bmp *.tif *.tiff *.json *.zip *.pth"
INSTANCE_MARK = "_instanceIds"


class Files(QObject):
    """Signals:
    photo: the path of a colour picture, which is no scene.
    """

    photo = Signal(object)

    def __init__(
        self,
        services: Services,
        switching: Switching,
        saving: Saving,
        recent: RecentFiles,
    ) -> None:
        super().__init__(services.window)
        self._session = services.session
        self._window = services.window
        self._jobs = services.jobs
        self._settings = services.settings
        self._recent = recent
        self._switching = switching
        self._saving = saving
        saving.saved.connect(recent.remember)

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
        """Open a project, a label map with its instance map, a checkpoint, or a photo."""
        if os.path.isdir(path) or path.suffix == ".pth" or path.name == "checkpoint.json":
            self._switching.use(path)
        elif path.suffix.lower() == EXTENSION:
            self._load(path, lambda: load_project(path), partial(self._show_project, path))
        elif is_photo(path):
            self.photo.emit(path)
        else:
            self._open_maps(path)

    def new(self) -> None:
        """A new scene: empty, or a copy of a template street."""
        dialog = NewScene(sorted(SAMPLES.glob(f"*{EXTENSION}")), self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._session.attempt(lambda: self._create(dialog))

    def _create(self, dialog: NewScene) -> None:
        start = dialog.start.currentData()
        if isinstance(start, str):
            self.open_copy(Path(start))
            return
        schema = load_schema(dialog.schema.currentData())
        size = dialog.height_field.value(), dialog.width_field.value()
        labels = np.full(size, start, np.uint8)
        scene = Scene(schema, labels, labels.astype(np.int32))
        self._saving.before_leaving(lambda: self._replace(scene, tr(UNTITLED)))

    def open_copy(self, path: Path) -> None:
        """A project as the beginning of a new scene: saving asks for a name."""
        show = lambda project: self._replace(project.scene, tr(UNTITLED))  # noqa: E731
        self._load(path, lambda: load_project(path), show)

    def open_instances(self) -> None:
        """Take over the instances of another file, as one undo step."""
        title = tr("Open instance map")
        path = ask_open(self._window, title, self._folder("open"), [tr(MAPS)])
        if path is not None:
            self._open_instances(path)

    def _folder(self, purpose: str) -> str:
        return self._settings.get(f"folder/{purpose}")

    def _load[Read](
        self, path: Path, read: Callable[[], Read], show: Callable[[Read], object]
    ) -> None:
        """Read a file beside the window, then show it instead of the document."""
        self._read(path, read, lambda found: self._saving.before_leaving(lambda: show(found)))

    def _read[Read](
        self, path: Path, read: Callable[[], Read], use: Callable[[Read], object]
    ) -> None:
        def work(report: Report) -> Read:
            found = read()
            report(1, 1)  # it may have been cancelled meanwhile
            return found

        title = tr("Open {file}", file=path.name)
        self._jobs.run(title, work, use, self._session.noticed.emit, quick=True)

    def _show_project(self, path: Path, project: ProjectFile) -> None:
        self._saving.previous = project.previous
        reseeded = project.style_seed != self._session.style_seed
        self._session.style_seed = project.style_seed
        kept = project.extras, project.pins, project.edits
        self._session.replace_document(project.scene, path, path.name, *kept)
        self._switching.checkpoints.open_for_project(project.checkpoint, path.name, reseeded)
        self._recent.remember(path)

    def _open_maps(self, path: Path) -> None:
        if INSTANCE_MARK in path.name:
            labels = path.with_name(path.name.replace(INSTANCE_MARK, "_labelIds"))
            if not os.path.exists(labels):
                self._open_instances(path)
                return
            path = labels
        self._import(path)

    def _import(self, path: Path, picture: str | None = None) -> None:
        """Read maps of any format; which of several pictures, and unknown labels, are asked."""
        schema = self._session.document.schema
        known = Mappings(self._settings, schema)

        def read() -> Scene | UnknownLabels | SeveralPictures:
            try:
                return import_scene(path, schema, known.get(), picture)
            except (UnknownLabels, SeveralPictures) as error:
                return error

        def use(found: Scene | UnknownLabels | SeveralPictures) -> None:
            if isinstance(found, Scene):
                self._saving.before_leaving(lambda: self._show_maps(path, found))
            elif isinstance(found, SeveralPictures):
                self._choose_picture(path, found.names)
            else:
                dialog = MappingDialog(found.counts, schema, path.name, self._window)
                if dialog.exec() == QDialog.DialogCode.Accepted:
                    known.add(dialog.mapping())
                    self._import(path, picture)

        self._read(path, read, use)

    def _choose_picture(self, path: Path, names: list[str]) -> None:
        text = tr("{file} holds {count} pictures. Which one?", file=path.name, count=len(names))
        dialog = ChoiceDialog(tr("Pictures of the file"), text, names, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._import(path, names[dialog.chosen])

    def _show_maps(self, path: Path, scene: Scene) -> None:
        self._replace(scene, path.name)
        self._recent.remember(path)

    def _replace(self, scene: Scene, title: str) -> None:
        self._saving.previous = None
        self._session.replace_document(scene, None, title)

    def _open_instances(self, path: Path) -> None:
        def adopt(instances: InstanceMap) -> None:
            self._session.finish_stroke()
            self._session.attempt(lambda: self._adopt_instances(path, instances))

        self._read(path, lambda: read_instance_map(path), adopt)

    def _adopt_instances(self, path: Path, instances: InstanceMap) -> None:
        document = self._session.document
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
            document.set_layers(NO_LAYERS)  # what was hidden has other numbers
        self._recent.remember(path)
