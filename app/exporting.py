"""Exporting: pictures, maps, files for other programs, films and training sets.

Everything is written beside the window, from a frozen copy; what has to be painted for it is
painted by the engine in use whenever the window does not need it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QDialog

from app.dialogs.files import ask_folder, ask_save
from app.dialogs.variations import VariationsDialog
from app.errors import Notice
from app.jobs import Report
from app.picture_view import PictureView
from app.rendering.controller import RenderController
from app.rendering.worker import Paint
from app.services import Services
from app.translation import mark, number, tr
from model.formats import Format
from model.formats.variations import write_variations
from model.scene.export import (
    Pixels,
    export_boundary,
    export_label_colors,
    export_side_by_side,
    painted_note,
)
from model.scene.maps import write_instance_map, write_label_map, write_picture
from model.scene.scene import Scene
from model.scene.timelapse import states, write_gif, write_video

PICTURES = mark("Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff)")
PNG = "PNG (*.png)"
Write = Callable[[Path, Report], object]


class Exporting:
    def __init__(self, services: Services, controller: RenderController, view: PictureView) -> None:
        self._session = services.session
        self._jobs = services.jobs
        self._settings = services.settings
        self._controller = controller
        self._view = view

    def picture(self) -> None:
        pixels = self._exact_picture()
        if pixels is not None:
            note = painted_note(self._controller.status.held)
            self._write(
                "picture", [tr(PICTURES)], lambda path, _: write_picture(path, pixels, note)
            )

    def side_by_side(self) -> None:
        pixels = self._exact_picture()
        if pixels is not None:
            scene, note = self._scene(), painted_note(self._controller.status.held)
            self._write(
                "labels_and_picture",
                [tr(PICTURES)],
                lambda path, _: export_side_by_side(path, scene, pixels, note),
            )

    def labels(self) -> None:
        scene = self._scene()
        self._write("labelIds", [PNG], lambda path, _: write_label_map(path, scene.label_map))

    def instances(self) -> None:
        scene = self._scene()
        self._write(
            "instanceIds", [PNG], lambda path, _: write_instance_map(path, scene.instance_map)
        )

    def colors(self) -> None:
        scene = self._scene()
        self._write("color", [tr(PICTURES)], lambda path, _: export_label_colors(path, scene))

    def boundary(self) -> None:
        scene = self._scene()
        self._write("boundary", [PNG], lambda path, _: export_boundary(path, scene))

    def to_format(self, kind: Format) -> None:
        """A file of another program."""
        scene = self._scene()
        filters = [f"{kind.title} (*{Path(kind.ending).suffix})"]
        self._write("", filters, lambda path, _: kind.write(path, scene), kind.ending)

    def before_after(self) -> None:
        """The picture before the first edit and now, as a GIF."""
        scene, edits = self._scene(), self._session.document.history.edits
        if not edits:
            self._say(tr("There is nothing to compare yet: nothing was edited."))
            return
        paint = self._painter()
        if paint is None:
            return

        def write(path: Path, report: Report) -> None:
            before = next(states(scene, edits))
            pictures = [picture for picture in _painted(paint, [before, scene], report)]
            write_gif(path, pictures)

        self._write("before_after", ["GIF (*.gif)"], write, "_before_after.gif")

    def time_lapse(self) -> None:
        """A film of all edits, every picture painted anew."""
        scene, edits = self._scene(), self._session.document.history.edits
        if not edits:
            self._say(tr("There is nothing to film yet: nothing was edited."))
            return
        paint = self._painter()
        if paint is None:
            return

        def write(path: Path, report: Report) -> None:
            pictures = _painted(paint, states(scene, edits), report, len(edits) + 1)
            if path.suffix.lower() == ".gif":
                write_gif(path, pictures, 0.5)
            else:
                write_video(path, pictures)

        filters = [tr("Films (*.mp4)"), "GIF (*.gif)"]
        self._write("time_lapse", filters, write, "_time_lapse.mp4")

    def variations(self) -> None:
        """A training set of this scene in other styles."""
        paint = self._painter()
        if paint is None:
            return
        dialog = VariationsDialog(self._view.window())
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        wanted = dialog.wanted()
        folder = ask_folder(self._view.window(), tr("Folder for the variations"), self._folder())
        if folder is None:
            return
        self._settings.set("folder/export", str(folder.parent))
        scene, source = self._scene(), self._controller.source
        name = Path(self._session.title).stem.replace(" ", "_") or "scene"
        book = self._session.book

        def work(report: Report) -> None:
            progress = _Progress(report)

            def draw(label_id: int, instance_id: int, seed: int):  # noqa: ANN202 - a Style or None
                return None if book is None else book.draw(label_id, instance_id, seed)

            facts: dict[str, object] = {
                "checkpoint": source.path.name if source and source.path else "flat colours"
            }
            painted = lambda varied: paint(varied, progress.check)  # noqa: E731
            write_variations(folder, name, scene, wanted, draw, painted, progress, facts)

        self._jobs.run(tr("{count} variations", count=number(wanted.count)), work)

    def _write(
        self, kind: str, filters: list[str], write: Write, ending: str | None = None
    ) -> None:
        """Ask where, then write beside the window."""
        self._session.finish_stroke()
        ending = f"_{kind}.png" if ending is None else ending
        name = Path(self._session.title).stem + ending
        suffix = Path(ending).suffix.removeprefix(".")
        path = ask_save(self._view.window(), tr("Export"), self._folder(), name, filters, suffix)
        if path is not None:
            self._settings.set("folder/export", str(path.parent))
            self._jobs.run(tr("Export {file}", file=path.name), lambda report: write(path, report))

    def _scene(self) -> Scene:
        self._session.finish_stroke()
        return self._session.document.snapshot()

    def _exact_picture(self) -> Pixels | None:
        self._session.finish_stroke()  # first: what it adds is not painted yet
        if not self._controller.status.exact:
            self._say(tr("The picture is not finished; export it when the status bar says so."))
            return None
        return self._view.layers.picture_pixels()

    def _painter(self) -> Paint | None:
        """Paints with the engine in use; None while there is none for this picture, which is said.

        Never with a second one: two engines need the memory of two and halve each other's speed.
        """
        source = self._controller.source
        fits = source is not None and source.schema.name == self._session.document.schema.name
        if self._controller.status.loading or not fits:
            self._say(tr("A checkpoint is being opened; export once the picture is painted."))
            return None
        return self._controller.worker.painter()

    def _folder(self) -> str:
        return self._settings.get("folder/export")

    def _say(self, text: str) -> None:
        self._session.noticed.emit(Notice(text, serious=False))


class _Progress:
    """Reports, and can ask again whether the work is still wanted."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._now = 0, 0

    def __call__(self, done: int, total: int) -> None:
        self._now = done, total
        self.check()

    def check(self) -> None:
        self._report(*self._now)


def _painted(
    paint: Paint, scenes: list[Scene] | Iterator[Scene], report: Report, total: int = 2
) -> Iterator[Pixels]:
    progress = _Progress(report)
    for done, scene in enumerate(scenes):
        progress(done, total)
        yield paint(scene, progress.check)
