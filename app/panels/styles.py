"""Style panel: how the selected object would look in each style its label has."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.tiles import PICTURE, TILE, TileDelegate, image_of
from app.rendering.controller import RenderController
from app.rendering.status import RenderStatus
from app.session import EditorSession, instance_name
from app.style_edits import LARGEST_SEED, any_seed, roll_scene, style_of, style_selection
from app.translation import mark, tr
from model.inference.request import Thumbnail, ThumbnailRequest
from model.scene.geometry import Rect
from model.scene.labels import label_of
from model.styles.book import StyleBook


class StylePanel(QWidget):
    """Thumbnails arrive one by one while nothing else is painted; a click commits a style."""

    title = mark("Style")

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._controller = controller
        self._missing: list[int] = []  # clusters without a thumbnail
        self._asked: list[int] = []  # clusters of the newest request, in its order
        self._shape = (Rect(0, 0, 0, 0), 0)  # of the instance the thumbnails show
        self.message = QLabel()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(16)
        self.name = QLabel()
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
        self.list = QListWidget()
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(TileDelegate(self.list))
        self.list.setMouseTracking(True)  # for the ring around the tile under the pointer
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Styles"))
        self._arrange()
        self.dice.clicked.connect(self.roll)
        self.seed.valueChanged.connect(self._roll)
        self.list.itemClicked.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_chosen)
        session.selection_changed.connect(self._rebuild)
        session.document_replaced.connect(self._rebuild)
        session.history_changed.connect(self._on_history)
        controller.engine_opened.connect(self._rebuild)
        controller.status_changed.connect(self._on_status)
        controller.thumbnail.connect(self._on_thumbnail)
        self._rebuild()

    def showEvent(self, event: QShowEvent) -> None:
        self._ask()

    def _arrange(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(QLabel(tr("Seed")))
        row.addWidget(self.seed)
        row.addWidget(self.dice)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.message)
        self._pages.addWidget(page)

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

    def _rebuild(self) -> None:
        self._controller.drop_thumbnails()
        self.list.clear()
        self._missing, self._asked = [], []
        why = self._why_empty()
        self.message.setText(why)
        self._pages.setCurrentIndex(0 if why else 1)
        chosen = self._session.selection
        if why or chosen is None or self._book is None:
            return
        self.name.setText(instance_name(self._session.document, chosen))
        for cluster in range(self._book.count(label_of(chosen))):
            item = QListWidgetItem()
            item.setToolTip(tr("Style {number}", number=cluster + 1))
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, tr("Style {number}", number=cluster + 1)
            )
            self.list.addItem(item)
        self._missing = list(range(self.list.count()))
        self._shape = self._measure(chosen)
        self._show_current()
        self._ask()

    def _measure(self, instance_id: int) -> tuple[Rect, int]:
        mask = self._session.document.instance_map == instance_id
        return Rect.around(mask), int(mask.sum())

    def _ask(self) -> None:
        chosen, book = self._session.selection, self._book
        ready = self._controller.status.exact and self.isVisible()
        if not (ready and self._missing and book is not None and chosen is not None):
            return
        self._asked = list(self._missing)
        styles = tuple(book.style(label_of(chosen), cluster) for cluster in self._asked)
        height = round(TILE.height() * self.devicePixelRatioF())
        revision, rect = self._session.document.revision, self._shape[0]
        self._controller.ask_thumbnails(ThumbnailRequest(revision, chosen, rect, styles, height))

    def _on_status(self, status: RenderStatus) -> None:
        if status.exact:
            self._ask()

    def _on_thumbnail(self, thumbnail: Thumbnail) -> None:
        cluster = self._asked[thumbnail.index]
        if thumbnail.instance_id == self._session.selection and cluster in self._missing:
            self._missing.remove(cluster)
            self.list.item(cluster).setData(PICTURE, image_of(thumbnail))

    def _on_history(self) -> None:
        chosen = self._session.selection
        if self.list.count() and chosen is not None:
            shape = self._measure(chosen)
            if shape != self._shape:
                self._shape = shape
                self._missing = list(range(self.list.count()))
            self._show_current()

    def _show_current(self) -> None:
        """Highlight the style the object is drawn in, chosen or drawn by the seed."""
        chosen = self._session.selection
        if chosen is None:
            return
        style = style_of(self._session, chosen)
        cluster = None if style is None else style.cluster
        self.list.setCurrentRow(-1 if cluster is None else cluster)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        if self._session.selection is not None and self._book is not None:
            label_id = label_of(self._session.selection)
            style_selection(self._session, self._book.style(label_id, self.list.row(item)))
