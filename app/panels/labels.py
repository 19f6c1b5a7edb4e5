"""Label panel: the schema's labels by group, and which one is painted."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QToolButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.label_state import solo, toggle_hidden, toggle_lock
from app.panels.lists import ID, QUIET, ROW, plain_list, rows_of, search_field
from app.rendering.controller import RenderController
from app.session import EditorSession
from app.theme import icon, swatch
from app.translation import mark, number, tr
from model.scene.labels import Label

LAST_GROUP = "void"
COUNT, EYE, LOCK = 1, 2, 3
COUNT_MS = 200  # after an edit


class LabelPanel(QWidget):
    """A click on a label makes it the current one, on its eye or lock turns that."""

    title = mark("Labels")

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._swatch = QLabel()
        self._name = QLabel()
        font = QFont(self._name.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._name.setFont(font)
        self.swap = QToolButton()
        self.swap.setAutoRaise(True)
        self.swap.setAccessibleName(tr("Swap with the previous label"))
        self.search = search_field(tr("Search labels"))
        self.tree = plain_list(tr("Labels"), columns=4)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((COUNT, 40), (EYE, 24), (LOCK, 24)):
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.tree.header().resizeSection(column, width)
        self._counting = QTimer(self, singleShot=True, interval=COUNT_MS)
        self._counting.timeout.connect(self._show_counts)
        self._arrange()
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._choose_first)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.itemActivated.connect(self._on_clicked)
        self.swap.clicked.connect(lambda: session.choose_label(session.brush.previous_label_id))
        session.label_changed.connect(self._show_current)
        session.document_replaced.connect(self._rebuild)
        session.colors_changed.connect(self._rebuild)
        session.hidden_changed.connect(self._show_states)
        session.protection_changed.connect(self._show_states)
        session.history_changed.connect(self._counting.start)
        session.keys.changed.connect(self._show_states)
        session.keys.changed.connect(self._show_current)
        self._rebuild()

    def showEvent(self, event: QShowEvent) -> None:
        self._show_counts()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._rebuild()
        super().changeEvent(event)

    def _arrange(self) -> None:
        current = QHBoxLayout()
        current.setContentsMargins(2, 0, 0, 0)
        current.setSpacing(8)
        current.addWidget(self._swatch)
        current.addWidget(self._name, 1)
        current.addWidget(self.swap)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(current)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)

    def _rebuild(self) -> None:
        self.tree.clear()
        labels = sorted(self._session.document.schema, key=lambda label: label.group == LAST_GROUP)
        for group, members in groupby(labels, key=lambda label: label.group):
            if group:
                self.tree.addTopLevelItem(self._heading(group))
            for label in members:
                item = self._item(label)
                self.tree.addTopLevelItem(item)
        for item in rows_of(self.tree):
            item.setFirstColumnSpanned(item.data(0, ID) is None)
        self._filter(self.search.text())
        self._show_current()
        self._show_states()
        self._show_counts()

    def _show_states(self) -> None:
        """Eyes and locks."""
        session, palette, keys = self._session, self.palette(), self._session.keys
        for item in rows_of(self.tree):
            label_id = item.data(0, ID)
            if label_id is None:
                continue
            hidden, locked = label_id in session.hidden, label_id in session.protection.locked
            eye, lock = "eye_off" if hidden else "eye", "lock" if locked else "lock_open"
            item.setIcon(EYE, icon(eye, palette, 1.0 if hidden else QUIET))
            item.setIcon(LOCK, icon(lock, palette, 1.0 if locked else QUIET))
            verb = keys.named(tr("Show") if hidden else tr("Hide"), "hide")
            item.setToolTip(EYE, verb + " · " + tr("Alt-click: only this one"))
            item.setToolTip(
                LOCK,
                keys.named(tr("Unlock") if locked else tr("Lock: is not painted over"), "lock"),
            )
            state = " ".join([tr("hidden")] * hidden + [tr("locked")] * locked)
            state = state or tr("shown, unlocked")
            item.setData(EYE, Qt.ItemDataRole.AccessibleTextRole, state)

    def _show_counts(self) -> None:
        """How many objects a label has, or a dot for a surface that is there."""
        if not self.isVisible():
            return
        counts: dict[int, int] = {}
        for info in self._session.document.instances():
            counts[info.label_id] = counts.get(info.label_id, 0) + 1
        for item in rows_of(self.tree):
            label_id = item.data(0, ID)
            if label_id is not None:
                counted = self._session.document.schema.by_id(label_id).has_instances
                count = counts.get(label_id, 0)
                item.setText(COUNT, str(count or "") if counted else "•" * bool(count))
                kind = tr("A surface")
                if counted:
                    kind = tr("Counted: every object is one of its own")
                there = tr("{count} in the picture", count=number(count))
                item.setToolTip(COUNT, f"{kind} · {there}")

    def _heading(self, group: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([group.capitalize()])
        item.setSizeHint(0, ROW)
        item.setForeground(0, self.palette().placeholderText())
        item.setFlags(Qt.ItemFlag.NoItemFlags)  # neither chosen nor highlighted
        return item

    def _item(self, label: Label) -> QTreeWidgetItem:
        item = QTreeWidgetItem([label.name])
        item.setSizeHint(0, ROW)
        item.setData(0, ID, label.id)
        item.setIcon(0, swatch(self._session.color_of(label.id), self.palette()))
        item.setToolTip(0, f"{label.name} · id {label.id}")
        item.setTextAlignment(COUNT, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(COUNT, self.palette().placeholderText())
        return item

    def _show_current(self) -> None:
        label = self._session.label
        size = QSize(24, 24)
        big = swatch(self._session.color_of(label.id), self.palette(), 24)
        self._swatch.setPixmap(big.pixmap(size, self.devicePixelRatioF()))
        self._name.setText(label.name)
        previous = self._session.document.schema.by_id(self._session.brush.previous_label_id)
        self.swap.setIcon(icon("swap", self.palette()))
        swap = tr("Swap with {label}", label=previous.name)
        self.swap.setToolTip(self._session.keys.named(swap, "swap"))
        for item in rows_of(self.tree):
            if item.data(0, ID) == label.id:
                self.tree.setCurrentItem(item)
                self.tree.scrollToItem(item)

    def _filter(self, text: str) -> None:
        heading, found = None, False
        for item in [*rows_of(self.tree), None]:
            if item is None or item.data(0, ID) is None:
                if heading is not None:
                    heading.setHidden(not found)
                heading, found = item, False
            else:
                item.setHidden(text.strip().casefold() not in item.text(0).casefold())
                found |= not item.isHidden()

    def _choose_first(self) -> None:
        for item in rows_of(self.tree):
            if item.data(0, ID) is not None and not item.isHidden():
                self._on_clicked(item)
                return

    def _on_clicked(self, item: QTreeWidgetItem, column: int = 0) -> None:
        label_id = item.data(0, ID)
        if label_id is None:
            return
        if column == LOCK:
            toggle_lock(self._session, label_id)
        elif column == EYE:
            alone = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier)
            (solo if alone else toggle_hidden)(self._session, label_id)
        else:
            self._session.choose_label(label_id)
