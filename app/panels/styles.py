"""Style panel: how the selected object would look in each style there is for it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QImage, QShowEvent
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

from app.own_styles import OwnStyles
from app.panels.lists import ElidedLabel
from app.panels.own_style_menu import OwnStyleMenu
from app.panels.style_pad import StylePad
from app.panels.tiles import PICTURE, PICTURE_HEIGHT, TileList, image_of
from app.rendering.controller import RenderController
from app.rendering.status import RenderStatus
from app.session import EditorSession, instance_name
from app.style_choices import Choice, cluster_choices, describe, own_choices
from app.style_edits import LARGEST_SEED, any_seed, roll_scene, style_of
from app.translation import mark, tr
from app.trials import Trials
from model.inference.request import Thumbnail, ThumbnailRequest
from model.scene.geometry import EMPTY, Rect
from model.scene.labels import label_of
from model.scene.scene import Style
from model.styles.book import StyleBook
from model.styles.space import StyleSpace

Shape = tuple[Rect, int]  # bounding rectangle and pixels of an instance
Picture = tuple[QImage, QColor]  # a thumbnail, and the object's mean colour in it
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
        self.own = OwnStyles(session, controller, self)
        self._choices: list[Choice] = []
        self._seed_of_document: int | None = None
        self._opened_on: str | None = None  # name of the own style that the menu is opened on
        self._pictures: dict[int, tuple[Shape, dict[Style, Picture]]] = {}  # by instance
        self.message = QLabel()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(16)
        self.name = QLabel()
        self.state = ElidedLabel()
        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setKeyboardTracking(False)
        self.seed.setToolTip(
            tr("Seed of the styles of the whole scene: type one, or roll the dice")
        )
        self.seed.setAccessibleName(tr("Seed of all styles"))
        self.dice = QToolButton()
        self.dice.setText(tr("Roll all"))
        tip = tr("Give everything in the scene another style")
        session.keys.keep_tip(self.dice, tip, "roll_scene")
        self.list = TileList()
        self.list.setAccessibleName(tr("Styles"))
        self.pad = StylePad()
        self.pad.hide()
        self.menu = OwnStyleMenu(session, self.own, self)
        self.more = QToolButton()
        self.more.setText("…")
        self.more.setToolTip(tr("Own styles: keep, rename, share"))
        self.more.setAccessibleName(tr("Own styles"))
        self.shows_pad = QToolButton()
        self.shows_pad.setText(tr("Pad"))
        self.shows_pad.setCheckable(True)
        self.shows_pad.setToolTip(tr("Mix styles: drag anywhere between them"))
        self._arrange()
        self._connect()
        self._forget()

    def showEvent(self, event: QShowEvent) -> None:
        self._ask()

    def _arrange(self) -> None:
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.name.setMinimumWidth(1)  # a long name must not widen the panel
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name)
        head.addWidget(self.state, 1)
        head.addWidget(self.shows_pad)
        head.addWidget(self.more)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.pad)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.message)
        self._pages.addWidget(page)
        self._scene_row = QWidget()
        row = QHBoxLayout(self._scene_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(tr("Scene seed")))
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
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.menu.aboutToShow.connect(self._offer_menu)
        self.more.clicked.connect(self._show_menu_below)
        self.own.changed.connect(self._rebuild)
        self.shows_pad.toggled.connect(self.pad.setVisible)
        self.pad.moved.connect(self._trials.show)
        self.pad.settled.connect(self._trials.choose)
        self.pad.left.connect(self._trials.stop)
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
        if not info.features:
            return tr("The checkpoint {name} has no styles.", name=info.checkpoint_name)
        if chosen is None:
            return tr("Select an object to choose its style.")
        if not self._session.is_seen(chosen):
            return tr("What is hidden has no style to be seen.")
        if not self._choices_for(chosen):
            label = self._session.document.schema.by_id(label_of(chosen))
            return tr(
                "The checkpoint {name} has no styles for {label}.",
                name=info.checkpoint_name,
                label=label.name,
            )
        return ""

    def _choices_for(self, instance_id: int) -> list[Choice]:
        label = self._session.document.schema.by_id(label_of(instance_id))
        clusters = [] if self._book is None else cluster_choices(self._book, label.id, label.name)
        return clusters + own_choices(self.own.offered(instance_id), label.name)

    def roll(self) -> None:
        """Draw the whole scene in the styles of a new seed, which is shown."""
        seed = any_seed()
        with QSignalBlocker(self.seed):
            self.seed.setValue(seed)
        self._roll(seed)

    def _show_seed(self) -> None:
        """That of the document, once it is another."""
        if self._seed_of_document != self._session.style_seed:
            self._seed_of_document = self._session.style_seed
            with QSignalBlocker(self.seed):
                self.seed.setValue(self._seed_of_document)

    def _roll(self, seed: int) -> None:
        self._session.attempt(lambda: roll_scene(self._session, seed))

    def _forget(self) -> None:
        """Another picture, or another network: no thumbnail holds any more."""
        self._pictures.clear()
        self._show_seed()
        self._rebuild()

    def _rebuild(self) -> None:
        self._controller.drop_thumbnails()
        self.list.clear()
        self._choices = []
        why = self._why_empty()
        self.message.setText(why)
        self._pages.setCurrentIndex(0 if why else 1)
        self._scene_row.setVisible(self._book is not None)
        chosen = self._session.selection
        if why or chosen is None:
            return
        self.name.setText(instance_name(self._session.document, chosen))
        self._choices = self._choices_for(chosen)
        for choice in self._choices:
            self.list.add_tile(choice.caption, choice.tip)
        self._show_pad(label_of(chosen))
        self._show_pictures()
        self._show_current()
        self._ask()

    def _show_pad(self, label_id: int) -> None:
        """The pad of a label, if it has clusters."""
        has_pad = self._book is not None and self._book.count(label_id) > 0
        if self._book is not None and has_pad:
            self.pad.show_space(StyleSpace.of(self._book, label_id), self._choices)
        self.shows_pad.setEnabled(has_pad)
        self.pad.setVisible(has_pad and self.shows_pad.isChecked())

    def _known(self, instance_id: int) -> dict[Style, Picture]:
        """The thumbnails of an instance as it is now."""
        info = self._session.document.seen_instance(instance_id)
        shape = (EMPTY, 0) if info is None else (info.rect, info.pixels)
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
            self._show_picture(row, known.get(choice.style))

    def _show_picture(self, row: int, picture: Picture | None) -> None:
        self.list.item(row).setData(PICTURE, None if picture is None else picture[0])
        if picture is not None and not self._choices[row].own:
            self.pad.set_color(row, picture[1])

    def _ask(self) -> None:
        """Have the missing thumbnails painted; during a stroke they wait for its end."""
        chosen = self._session.selection
        shown = self._controller.status.exact and self.isVisible()
        if chosen is None or not shown or self._session.document.is_editing:
            return
        known, rect = self._known(chosen), self._pictures[chosen][0][0]
        missing = tuple(each.style for each in self._choices if each.style not in known)
        if missing and rect:
            height = round(PICTURE_HEIGHT * self.devicePixelRatioF())
            revision = self._session.document.revision
            request = ThumbnailRequest(revision, chosen, rect, missing, height)
            self._controller.ask_thumbnails(request)

    def _on_status(self, status: RenderStatus) -> None:
        self.list.showing = bool(status.trial)
        if status.exact and not status.trial:
            self._ask()

    def _on_thumbnail(self, thumbnail: Thumbnail) -> None:
        if thumbnail.instance_id == self._session.selection:
            picture = image_of(thumbnail), QColor(*thumbnail.color)
            self._pictures[thumbnail.instance_id][1][thumbnail.style] = picture
            for row, choice in enumerate(self._choices):
                if choice.style == thumbnail.style:
                    self._show_picture(row, picture)

    def _on_history(self) -> None:
        if bool(self._choices) == bool(self._why_empty()):  # hidden or shown since
            self._rebuild()
        elif self._choices:
            self._show_pictures()
            self._show_current()
            self._ask()

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
        self.pad.show_style(style)
        text = describe(self._session, chosen, self._choices)
        self.state.setText(text)
        self.state.setToolTip(text)

    def _offer_menu(self) -> None:
        """What the menu is about: the own style it was opened on, or the one in use."""
        chosen, opened_on = self._session.selection, self._opened_on
        self._opened_on = None
        style = None if chosen is None else style_of(self._session, chosen)
        used = [each.name for each in self._choices if each.own and each.style == style]
        self.menu.offer(opened_on or next(iter(used), None))

    def _show_menu(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        choice = None if item is None else self._choices[self.list.row(item)]
        self._opened_on = choice.name if choice is not None and choice.own else None
        self.menu.popup(self.list.viewport().mapToGlobal(place))

    def _show_menu_below(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_pointed(self, row: int) -> None:
        choice = self._choices[row]
        self._trials.show(choice.style, choice.name)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self._trials.choose(self._choices[self.list.row(item)].style)
