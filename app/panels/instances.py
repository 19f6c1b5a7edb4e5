"""Instance panel: everything in the picture, and the selected object's label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.object_edits import (
    order_selection,
    relabel_selection,
    remove_selection,
    toggle_locked,
    toggle_shown,
)
from app.panels.lists import ID, QUIET, ROW, rows_of, search_field
from app.panels.object_list import DEPTH, EYE, LOCK, PIXELS, SORT_KEY, ObjectList, ObjectRow
from app.rendering.controller import RenderController
from app.session import EditorSession
from app.theme import icon, swatch
from app.translation import mark, number, tr
from model.scene.depth import in_order
from model.scene.instances import InstanceInfo, is_object
from model.scene.labels import label_of
from model.scene.ordering import backward, forward, order_as


class InstancePanel(QWidget):
    """A click selects, Ctrl or Shift several; F2 renames; the headers sort, at first by depth.

    In depth order rows are dragged before and behind each other.
    """

    title = mark("Objects")

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._stale = True
        self._seen: set[int] = set()  # the ids of which a pixel is seen
        self.search = search_field(tr("Search objects"))
        self.tree = ObjectList()
        self.label = QComboBox()
        session.keys.keep_tip(self.label, tr("Label of the selected object"), "relabel")
        self.label.setAccessibleName(tr("Label of the selected object"))
        self.forward, self.backward = QToolButton(), QToolButton()
        self.remove = QToolButton()
        for button, text, action_id in (
            (self.forward, tr("Bring the selected objects forward"), "forward"),
            (self.backward, tr("Send the selected objects backward"), "backward"),
            (self.remove, tr("Remove the selected object"), "remove"),
        ):
            session.keys.keep_tip(button, text, action_id)
            button.setAccessibleName(text)
        self._arrange()
        self.search.textChanged.connect(self._filter)
        self.tree.itemSelectionChanged.connect(self._on_selected)
        self.tree.itemDoubleClicked.connect(self._on_double_clicked)
        self.tree.itemChanged.connect(self._on_renamed)
        self.label.activated.connect(self._on_label_chosen)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.dropped.connect(self._on_dropped)
        self.forward.clicked.connect(lambda: order_selection(session, forward))
        self.backward.clicked.connect(lambda: order_selection(session, backward))
        self.remove.clicked.connect(lambda: remove_selection(session))
        session.protection_changed.connect(self._show_states)
        session.history_changed.connect(self._mark_stale)
        session.names_changed.connect(self._mark_stale)
        session.document_replaced.connect(self._on_document_replaced)
        session.selection_changed.connect(self._show_selection)
        session.colors_changed.connect(self._on_document_replaced)
        self._on_document_replaced()

    def choose_label(self) -> None:
        """Open the list of labels for the selected object."""
        if self._session.selection is not None:
            self.label.setFocus()
            self.label.showPopup()

    def event(self, event: QEvent) -> bool:
        """In the list F2 renames, as in lists anywhere, though the window has a shortcut of it."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2:
            event.setAccepted(self.tree.hasFocus() and self.tree.currentItem() is not None)
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._on_document_replaced()
        super().changeEvent(event)

    def _arrange(self) -> None:
        selected = QHBoxLayout()
        selected.setSpacing(6)
        selected.addWidget(self.label, 1)
        selected.addWidget(self.forward)
        selected.addWidget(self.backward)
        selected.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(selected)

    def _on_document_replaced(self) -> None:
        self.forward.setIcon(icon("forward", self.palette()))
        self.backward.setIcon(icon("backward", self.palette()))
        self.remove.setIcon(icon("delete", self.palette()))
        self.label.clear()
        for label in self._session.document.schema:
            self.label.addItem(
                swatch(self._session.color_of(label.id), self.palette()), label.name, label.id
            )
        self._mark_stale()
        self._show_selection()

    def _mark_stale(self) -> None:
        self._stale = True
        QTimer.singleShot(0, self._refresh)  # once, however many edits came at once

    def _refresh(self) -> None:
        if not self._stale or not self.isVisible():
            return
        self._stale = False
        self.tree.setSortingEnabled(False)
        scrolled = self.tree.verticalScrollBar().value()
        with QSignalBlocker(self.tree):
            self.tree.clear()
            self.tree.addTopLevelItems(self._items())
        self.tree.setSortingEnabled(True)
        self._filter(self.search.text())
        self._show_states()
        self.tree.verticalScrollBar().setValue(scrolled)
        self._show_selection()

    def _items(self) -> list[QTreeWidgetItem]:
        """A row for everything that is seen, and for objects of which nothing is."""
        document = self._session.document
        seen, hidden = document.instances(), document.hidden_instances()
        self._seen = {info.instance_id for info in seen}
        order = in_order([*seen, *hidden], document.layers.order)
        depths = {each: -depth for depth, each in enumerate(order)}
        covered = [
            replace(info, pixels=0)
            for info in hidden
            if info.instance_id in depths and info.instance_id not in self._seen
        ]
        return [self._item(info, depths) for info in (*seen, *covered)]

    def _item(self, info: InstanceInfo, depths: Mapping[int, int]) -> QTreeWidgetItem:
        name = self._session.name_of(info.instance_id)
        item = ObjectRow([name, str(info.rect.y1), number(info.pixels)])
        label = self._session.document.schema.by_id(info.label_id)
        item.setSizeHint(0, ROW)
        item.setIcon(0, swatch(self._session.color_of(label.id), self.palette()))
        item.setData(0, ID, info.instance_id)
        item.setData(0, SORT_KEY, (label.name, info.instance_id))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        depth = depths.get(info.instance_id)
        item.setData(DEPTH, SORT_KEY, (depth is None, -info.rect.y1 if depth is None else depth))
        item.setData(PIXELS, SORT_KEY, -info.pixels)  # largest first
        for column in (DEPTH, PIXELS):
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            item.setTextAlignment(column, right)
        size = tr("{width} by {height} pixels", width=info.rect.width, height=info.rect.height)
        item.setToolTip(0, f"{size} · id {info.instance_id}")
        return item

    def _show_states(self) -> None:
        """Eyes and locks of objects; what is no object has none."""
        protection, palette = self._session.protection, self.palette()
        with QSignalBlocker(self.tree):
            for item in rows_of(self.tree):
                instance_id = item.data(0, ID)
                if not is_object(instance_id):
                    continue
                hidden, locked = instance_id not in self._seen, protection.locks(instance_id)
                eye, lock = "eye_off" if hidden else "eye", "lock" if locked else "lock_open"
                item.setIcon(EYE, icon(eye, palette, 1.0 if hidden else QUIET))
                item.setIcon(LOCK, icon(lock, palette, 1.0 if locked else QUIET))
                item.setToolTip(EYE, tr("Show") if hidden else tr("Hide: what is behind appears"))
                item.setToolTip(LOCK, tr("Unlock") if locked else tr("Lock: is not painted over"))
                item.setForeground(0, palette.placeholderText() if hidden else palette.text())
                state = [tr("hidden")] * hidden + [tr("locked")] * locked
                state = " ".join(state) or tr("shown, unlocked")
                item.setData(EYE, Qt.ItemDataRole.AccessibleTextRole, state)

    def _show_selection(self) -> None:
        chosen = self._session.selection
        for control in (self.label, self.forward, self.backward, self.remove):
            control.setEnabled(chosen is not None)
        self.label.setCurrentIndex(-1 if chosen is None else self.label.findData(label_of(chosen)))
        with QSignalBlocker(self.tree):
            self.tree.setCurrentIndex(QModelIndex())
            self.tree.clearSelection()
            for item in rows_of(self.tree):
                if item.data(0, ID) == chosen:
                    self.tree.setCurrentItem(item)
                    self.tree.scrollToItem(item)
            for item in rows_of(self.tree):
                item.setSelected(item.data(0, ID) in self._session.selected)

    def _on_selected(self) -> None:
        chosen = [item.data(0, ID) for item in self.tree.selectedItems()]
        current = self.tree.currentItem()
        first = None if current is None else current.data(0, ID)
        self._session.select_many(sorted(chosen, key=lambda each: each != first))

    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        instance_id = item.data(0, ID)
        if is_object(instance_id) and column == EYE:
            toggle_shown(self._session, [instance_id])
        elif is_object(instance_id) and column == LOCK:
            toggle_locked(self._session, [instance_id])

    def _on_double_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column not in (EYE, LOCK):
            self.tree.editItem(item, 0)

    def _on_dropped(self, rows: list[int], dragged: list[int]) -> None:
        """The list is from the front to the back, the document's order the other way round."""
        moved = [each for each in dragged if is_object(each)]
        order = [each for each in reversed(rows) if is_object(each)]
        if moved:
            order_selection(self._session, lambda document, _: order_as(document, order, moved))

    def _on_renamed(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0 and item.data(0, ID) is not None:
            self._session.rename(item.data(0, ID), item.text(0))

    def _filter(self, text: str) -> None:
        for item in rows_of(self.tree):
            item.setHidden(text.strip().casefold() not in item.text(0).casefold())

    def _on_label_chosen(self, index: int) -> None:
        chosen = self._session.selection
        if chosen is not None and self.label.itemData(index) != label_of(chosen):
            relabel_selection(self._session, self.label.itemData(index))
