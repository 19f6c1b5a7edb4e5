"""Style panel: how the selected object would look in each style there is for it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QSpinBox,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.tiles import PICTURE, TILE, TileList, image_of
from app.rendering.controller import RenderController
from app.rendering.status import RenderStatus
from app.session import EditorSession, instance_name
from app.style_choices import Choice, cluster_choices, describe
from app.style_edits import LARGEST_SEED, any_seed, roll_scene, style_of
from app.translation import mark, tr
from app.trials import Trials
from model.inference.request import Thumbnail, ThumbnailRequest
from model.scene.geometry import Rect
from model.scene.labels import label_of
from model.scene.scene import Style
from model.styles.book import StyleBook

Shape = tuple[Rect, int]  # bounding rectangle and pixels of an instance
REMEMBERED = 40  # instances whose thumbnails are kept


class StylePanel(QWidget):
    """Thumbnails arrive one by one while nothing else is painted, and are kept.

    A tile that is pointed at is shown on the picture; a click chooses it.
    """

    title = mark("Style")

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._controller = controller
        self._trials = Trials(session, controller, self)
        self._choices: list[Choice] = []
        self._pictures: dict[int, tuple[Shape, dict[Style, QImage]]] = {}  # by instance
        self.message = QLabel()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(16)
        self.name = QLabel()
        self.state = QLabel()
        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setKeyboardTracking(False)
        self.seed.setToolTip(
            tr("Seed of the styles of the whole scene: type one, or roll the dice")
        )
        self.seed.setAccessibleName(tr("Seed of all styles"))
        self.dice = QToolButton()
        self.dice.setText(tr("Roll all"))
        self.dice.setToolTip(tr("Give everything in the scene another style (Ctrl+R)"))
        self.list = TileList()
        self.list.setAccessibleName(tr("Styles"))
        self._arrange()
        self._connect()
        self._rebuild()

    def showEvent(self, event: QShowEvent) -> None:
        self._ask()

    def _arrange(self) -> None:
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name)
        head.addWidget(self.state, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.message)
        self._pages.addWidget(page)
        self._scene_row = QWidget()
        row = QHBoxLayout(self._scene_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(tr("Whole scene: seed")))
        row.addWidget(self.seed, 1)
        row.addWidget(self.dice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(self._pages, 1)
        layout.addWidget(self._scene_row)

    def _connect(self) -> None:
        session, controller = self._session, self._controller
        self.dice.clicked.connect(self.roll)
        self.seed.valueChanged.connect(self._roll)
        self.list.itemClicked.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_chosen)
        self.list.pointed.connect(self._on_pointed)
        self.list.left.connect(self._trials.leave)
        session.selection_changed.connect(self._rebuild)
        session.document_replaced.connect(self._forget)
        session.history_changed.connect(self._on_history)
        controller.engine_opened.connect(self._forget)
        controller.status_changed.connect(self._on_status)
        controller.thumbnail.connect(self._on_thumbnail)

    @property
    def _book(self) -> StyleBook | None:
        info = self._controller.status.info
        return None if info is None else info.style_book

    def _why_empty(self) -> str:
        """What to say instead of thumbnails; empty when there are some."""
        info, chosen = self._controller.status.info, self._session.selection
        if info is None or self._controller.status.flat:
            return tr("Open a checkpoint to choose styles.")
        if self._book is None:
            return tr("The checkpoint {name} has no styles.", name=info.checkpoint_name)
        if chosen is None:
            return tr("Select an object to choose its style.")
        if not self._book.count(label_of(chosen)):
            label = self._session.document.schema.by_id(label_of(chosen))
            return tr(
                "The checkpoint {name} has no styles for {label}.",
                name=info.checkpoint_name,
                label=label.name,
            )
        return ""

    def roll(self) -> None:
        """Draw the whole scene in the styles of a new seed, which is shown."""
        seed = any_seed()
        with QSignalBlocker(self.seed):
            self.seed.setValue(seed)
        self._roll(seed)

    def _roll(self, seed: int) -> None:
        self._session.attempt(lambda: roll_scene(self._session, seed))

    def _forget(self) -> None:
        """Another picture, or another network: no thumbnail holds any more."""
        self._pictures.clear()
        self._rebuild()

    def _rebuild(self) -> None:
        self._controller.drop_thumbnails()
        self.list.clear()
        self._choices = []
        why = self._why_empty()
        self.message.setText(why)
        self._pages.setCurrentIndex(0 if why else 1)
        self._scene_row.setVisible(self._book is not None)
        chosen, book = self._session.selection, self._book
        if why or chosen is None or book is None:
            return
        document = self._session.document
        self.name.setText(instance_name(document, chosen))
        label = document.schema.by_id(label_of(chosen))
        self._choices = cluster_choices(book, label.id, label.name)
        for choice in self._choices:
            self.list.add_tile(choice.caption, choice.tip)
        self._show_pictures()
        self._show_current()
        self._ask()

    def _known(self, instance_id: int) -> dict[Style, QImage]:
        """The thumbnails of an instance as it is now."""
        mask = self._session.document.instance_map == instance_id
        shape = (Rect.around(mask), int(mask.sum()))
        kept = self._pictures.pop(instance_id, None)
        if kept is None or kept[0] != shape:
            kept = (shape, {})
        self._pictures[instance_id] = kept  # the newest comes last
        while len(self._pictures) > REMEMBERED:
            del self._pictures[next(iter(self._pictures))]
        return kept[1]

    def _show_pictures(self) -> None:
        chosen = self._session.selection
        known = {} if chosen is None else self._known(chosen)
        for row, choice in enumerate(self._choices):
            self.list.item(row).setData(PICTURE, known.get(choice.style))

    def _ask(self) -> None:
        """Have the missing thumbnails painted."""
        chosen = self._session.selection
        if chosen is None or not (self._controller.status.exact and self.isVisible()):
            return
        known, rect = self._known(chosen), self._pictures[chosen][0][0]
        missing = tuple(each.style for each in self._choices if each.style not in known)
        if missing:
            height = round(TILE.height() * self.devicePixelRatioF())
            revision = self._session.document.revision
            request = ThumbnailRequest(revision, chosen, rect, missing, height)
            self._controller.ask_thumbnails(request)

    def _on_status(self, status: RenderStatus) -> None:
        if status.exact and not status.trial:
            self._ask()

    def _on_thumbnail(self, thumbnail: Thumbnail) -> None:
        if thumbnail.instance_id == self._session.selection:
            image = image_of(thumbnail)
            self._pictures[thumbnail.instance_id][1][thumbnail.style] = image
            for row, choice in enumerate(self._choices):
                if choice.style == thumbnail.style:
                    self.list.item(row).setData(PICTURE, image)

    def _on_history(self) -> None:
        if self._choices:
            self._show_pictures()
            self._show_current()

    def _show_current(self) -> None:
        """Mark the style the object is drawn in, chosen or drawn by the seed."""
        chosen = self._session.selection
        if chosen is None:
            return
        style = style_of(self._session, chosen)
        rows = {
            row
            for row, choice in enumerate(self._choices)
            if style is not None and choice.style.vector == style.vector
        }
        self.list.mark(rows)
        self.state.setText(describe(self._session, chosen, self._choices))

    def _on_pointed(self, row: int) -> None:
        choice = self._choices[row]
        self._trials.show(choice.style, choice.name)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self._trials.choose(self._choices[self.list.row(item)].style)
