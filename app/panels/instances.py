"""Instance panel: everything in the picture, and the selected object's label."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QToolButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.object_edits import relabel_selection, remove_selection
from app.panels.lists import ID, ROW, plain_list, rows_of, search_field
from app.rendering.controller import RenderController
from app.session import EditorSession
from app.theme import icon, swatch
from app.translation import mark, number, tr
from model.scene.instances import InstanceInfo, is_object
from model.scene.labels import label_of

DEPTH, PIXELS = 1, 2
SORT_KEY = Qt.ItemDataRole.UserRole + 1


class InstancePanel(QWidget):
    """A click selects, Ctrl or Shift several; F2 renames; the headers sort, at first by depth."""

    title = mark("Objects")

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._stale = True
        self.search = search_field(tr("Search objects"))
        self.tree = plain_list(tr("Objects"), columns=3)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.tree.setHeaderHidden(False)
        self.tree.setHeaderLabels([tr("Object"), tr("Foot"), tr("Pixels")])
        self.tree.headerItem().setToolTip(DEPTH, tr("The row it stands on: the nearest first"))
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((DEPTH, 52), (PIXELS, 78)):
            self.tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.tree.header().resizeSection(column, width)
        self.tree.setSortingEnabled(True)
        self.tree.sortByColumn(DEPTH, Qt.SortOrder.AscendingOrder)
        self.label = QComboBox()
        self.label.setToolTip(tr("Label of the selected object (R)"))
        self.label.setAccessibleName(tr("Label of the selected object"))
        self.remove = QToolButton()
        self.remove.setToolTip(tr("Remove the selected object (Delete)"))
        self.remove.setAccessibleName(tr("Remove the selected object"))
        self._arrange()
        self.search.textChanged.connect(self._filter)
        self.tree.itemSelectionChanged.connect(self._on_selected)
        self.tree.itemDoubleClicked.connect(lambda item: self.tree.editItem(item, 0))
        self.tree.itemChanged.connect(self._on_renamed)
        self.label.activated.connect(self._on_label_chosen)
        self.remove.clicked.connect(lambda: remove_selection(session))
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
        selected.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(selected)

    def _on_document_replaced(self) -> None:
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
            self.tree.addTopLevelItems([self._item(i) for i in self._session.document.instances()])
        self.tree.setSortingEnabled(True)
        self._filter(self.search.text())
        self.tree.verticalScrollBar().setValue(scrolled)
        self._show_selection()

    def _item(self, info: InstanceInfo) -> QTreeWidgetItem:
        name = self._session.name_of(info.instance_id)
        item = _Row([name, str(info.rect.y1), number(info.pixels)])
        label = self._session.document.schema.by_id(info.label_id)
        item.setSizeHint(0, ROW)
        item.setIcon(0, swatch(self._session.color_of(label.id), self.palette()))
        item.setData(0, ID, info.instance_id)
        item.setData(0, SORT_KEY, (label.name, info.instance_id))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(DEPTH, SORT_KEY, (not is_object(info.instance_id), -info.rect.y1))
        item.setData(PIXELS, SORT_KEY, -info.pixels)  # largest first
        for column in (DEPTH, PIXELS):
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            item.setTextAlignment(column, right)
        size = tr("{width} by {height} pixels", width=info.rect.width, height=info.rect.height)
        item.setToolTip(0, f"{size} · id {info.instance_id}")
        return item

    def _show_selection(self) -> None:
        chosen = self._session.selection
        self.label.setEnabled(chosen is not None)
        self.remove.setEnabled(chosen is not None)
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


class _Row(QTreeWidgetItem):
    """Sorts by what it means, not by how it reads."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        return self.data(column, SORT_KEY) < other.data(column, SORT_KEY)
