"""Borrowing: the look of a part of a photo for the selected objects, or of all of it for the scene.

Reading and encoding happen beside the window; what arrives becomes one undo step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.dialogs.files import ask_open
from app.errors import Notice
from app.files import MAPS
from app.jobs import Report
from app.panels.photo import PhotoPanel
from app.rendering.controller import RenderController
from app.services import Services
from app.translation import mark, number, tr
from model.errors import InputError
from model.inference.request import Borrowed, BorrowRequest
from model.scene.geometry import BoolMask, Rect
from model.scene.labels import LabelSchema
from model.scene.maps import find_instance_map
from model.scene.matching import transferred
from model.scene.photo import Photo, maps_beside, open_photo
from model.scene.raster import Point, polygon
from model.scene.scene import Style

PHOTOS = mark("Photos (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff)")
REGION = 1  # number of the part drawn around
Give = Callable[[Mapping[int, Style]], str]
"""Takes the styles that arrived and says what became of them."""


class Borrowing(QObject):
    """Signals:
    shown: a photo is there; its panel should be seen.
    """

    shown = Signal()
    _loaded = Signal(object)

    def __init__(
        self,
        services: Services,
        controller: RenderController,
        panel: PhotoPanel,
    ) -> None:
        super().__init__(services.window)
        self._session = services.session
        self._jobs = services.jobs
        self._settings = services.settings
        self._window = services.window
        self._controller = controller
        self._panel = panel
        self._photo: Photo | None = None
        self._path = Path()
        self._region: BoolMask | None = None
        self._asked: BorrowRequest | None = None
        self._give: Give | None = None
        panel.open.clicked.connect(self.ask)
        panel.dropped.connect(self.open)
        panel.view.drawn.connect(self._on_drawn)
        panel.view.clicked.connect(self._on_clicked)
        panel.give.clicked.connect(self.give)
        panel.give_all.clicked.connect(self.give_all)
        controller.borrowed.connect(self._on_borrowed)
        controller.engine_opened.connect(self._on_engine)
        self._session.selection_changed.connect(self._refresh)
        self._session.document_replaced.connect(self._refresh)
        self._loaded.connect(self._on_loaded)
        self._refresh()

    def start(self) -> None:
        """Show the photo, or ask for one; says so when the checkpoint cannot borrow."""
        why = self._why_not()
        if why:
            self._session.noticed.emit(Notice(why, serious=False))
        elif self._photo is None:
            self.ask()
        else:
            self.shown.emit()

    def ask(self) -> None:
        folder = self._settings.get("folder/photo")
        path = ask_open(self._window, tr("Open photo"), folder, [tr(PHOTOS)])
        if path is not None:
            self._settings.set("folder/photo", str(path.parent))
            self.open(path)

    def open(self, path: Path, labels: Path | None = None) -> None:
        """Show a photo, and use the maps beside it or the label map that is named."""
        schema = self._session.document.schema

        def work(_report: Report) -> None:
            photo, problem = _read(path, labels, schema)
            self._loaded.emit((path, photo, problem))

        self._jobs.run(tr("Open {file}", file=path.name), work, quick=True)

    def give(self) -> None:
        """Let the selected objects look like the part of the photo that is marked."""
        photo, chosen = self._photo, self._session.selected
        if photo is None or self._region is None or not chosen or self._why_not():
            return
        step = f"Borrow style of {photo.name}"
        name = self._chosen_name()

        def give(styles: Mapping[int, Style]) -> str:
            if REGION not in styles:
                return tr("That part is too small to see a style in; draw around a larger one.")
            self._write(step, dict.fromkeys(chosen, styles[REGION]))
            return tr("Borrowed for {what}.", what=name)

        regions = self._region.astype(np.int32) * REGION
        self._request(BorrowRequest(photo.pixels, regions), give)

    def give_all(self) -> None:
        """Let the whole scene look like the photo; asks for its label map if none is known."""
        photo = self._photo
        if photo is None or self._why_not():
            return
        if photo.instances is None:
            title = tr("Label map of {file}", file=photo.name)
            folder = self._settings.get("folder/photo")
            path = ask_open(self._window, title, folder, [tr(MAPS)])
            if path is not None:
                self.open(self._path, path)
            return
        there = photo.instances

        def give(styles: Mapping[int, Style]) -> str:
            lent = transferred(styles, there, self._session.document.instance_map)
            if not lent:
                return tr("The photo and the scene have no label in common.")
            self._write(f"Borrow all styles of {photo.name}", lent)
            return tr("Borrowed for {what}.", what=_objects(len(lent)))

        self._request(BorrowRequest(photo.pixels, there), give)

    def _request(self, request: BorrowRequest, give: Give) -> None:
        self._session.finish_stroke()
        document = self._session.document

        def give_once(styles: Mapping[int, Style]) -> str:
            if document is not self._session.document:
                return ""
            return give(styles)

        self._asked, self._give = request, give_once
        self._panel.message.setText(tr("Looking at the photo…"))
        self._controller.ask_borrow(request)

    def _write(self, name: str, styles: Mapping[int, Style]) -> None:
        self._session.finish_stroke()
        self._session.document.set_styles(name, styles)

    def _on_borrowed(self, borrowed: Borrowed) -> None:
        if borrowed.request is not self._asked or self._give is None:
            return
        give, self._asked, self._give = self._give, None, None
        self._panel.message.setText(borrowed.problem or give(borrowed.styles))

    def _on_engine(self) -> None:
        """What was asked of the engine before may never be answered."""
        if self._asked is not None:
            self._controller.ask_borrow(self._asked)
        self._refresh()

    def _on_loaded(self, loaded: tuple[Path, Photo, str]) -> None:
        self._path, self._photo, problem = loaded
        self._region = None
        self._panel.view.show_photo(self._photo)
        if problem:
            self._session.noticed.emit(Notice(problem, serious=False))
        self._refresh()
        self.shown.emit()

    def _on_drawn(self, points: list[Point]) -> None:
        assert self._photo is not None
        height, width = self._photo.pixels.shape[:2]
        rect, mask = polygon(points, Rect(0, 0, width, height))
        region = np.zeros((height, width), np.bool_)
        region[rect.slices] = mask
        self._mark(region)

    def _on_clicked(self, point: Point) -> None:
        assert self._photo is not None
        ids = self._photo.instances
        height, width = self._photo.pixels.shape[:2]
        inside = 0 <= point[0] < width and 0 <= point[1] < height
        if ids is not None and inside:
            self._mark(ids == ids[int(point[1]), int(point[0])])

    def _mark(self, region: BoolMask) -> None:
        """Use a part of the photo, at once if something is selected."""
        rect = Rect.around(region)
        if not rect:
            return
        self._region = region
        self._panel.view.show_region(region[rect.slices], rect)
        self._refresh()
        self.give()

    def _why_not(self) -> str:
        info = self._controller.status.info
        if info is None or self._controller.status.flat:
            return tr("Open a checkpoint with an encoder to borrow styles from photos.")
        if not info.has_encoder:
            return tr(
                "The checkpoint {name} has no encoder, so it cannot borrow styles from photos.",
                name=info.checkpoint_name,
            )
        return ""

    def _hint(self) -> str:
        if self._photo is None:
            return ""
        if not self._session.selected:
            return tr("Select an object in the scene, then draw around what it should look like.")
        if self._photo.instances is None:
            return tr("Draw around what {what} should look like.", what=self._chosen_name())
        return tr("Draw around or click what {what} should look like.", what=self._chosen_name())

    def _chosen_name(self) -> str:
        chosen = self._session.selected
        return self._session.name_of(chosen[0]) if len(chosen) == 1 else _objects(len(chosen))

    def _refresh(self) -> None:
        why = self._why_not()
        ready = self._photo is not None and not why
        panel = self._panel
        panel.give.setEnabled(ready and self._region is not None and bool(self._session.selected))
        panel.give_all.setEnabled(ready)
        known = self._photo is None or self._photo.instances is not None
        panel.give_all.setText(tr("Give to Whole Scene") if known else tr("Give to Whole Scene…"))
        if self._asked is None:
            panel.message.setText(why or self._hint())


def _read(path: Path, labels: Path | None, schema: LabelSchema) -> tuple[Photo, str]:
    """The photo with its maps; without them when those beside it cannot be used, and why."""
    maps = maps_beside(path) if labels is None else (labels, find_instance_map(labels))
    if maps is None:
        return open_photo(path, schema), ""
    try:
        return open_photo(path, schema, *maps), ""
    except InputError as error:
        photo = open_photo(path, schema)
        return photo, tr("The photo is shown without its maps: {error}", error=error)


def _objects(count: int) -> str:
    return tr("{number} objects", number=number(count))
