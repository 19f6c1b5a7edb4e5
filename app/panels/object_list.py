"""The list of objects: columns that sort by what they mean, rows that are dragged to another depth.

Knows rows and ids, no document.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from app.panels.lists import ID, make_plain, rows_of
from app.translation import tr

DEPTH, PIXELS, EYE, LOCK = 1, 2, 3, 4
SORT_KEY = Qt.ItemDataRole.UserRole + 1
WIDTHS = {DEPTH: 60, PIXELS: 58, EYE: 20, LOCK: 20}


class ObjectList(QTreeWidget):
    """Signals:
    dropped: the ids of the rows from the front to the back, as a person wants them, and those of
        the rows that were dragged.
    """

    dropped = Signal(list, list)

    def __init__(self) -> None:
        super().__init__()
        make_plain(self, tr("Objects"), columns=5)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHeaderHidden(False)
        self.setHeaderLabels([tr("Object"), tr("Foot"), tr("Pixels"), "", ""])
        nearest = tr("The row it stands on, the nearest first; drag objects to order them anew")
        self.headerItem().setToolTip(DEPTH, nearest)
        self.headerItem().setToolTip(EYE, tr("Shown or hidden"))
        self.headerItem().setToolTip(LOCK, tr("Locked or not"))
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            self.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.header().resizeSection(column, width)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # the numbers tell them apart
        self.setSortingEnabled(True)
        self.sortByColumn(DEPTH, Qt.SortOrder.AscendingOrder)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)  # Qt would take the rows out
        self.header().sortIndicatorChanged.connect(self._allow_drags)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        super().dragEnterEvent(event)
        self._take(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls and shows where
        self._take(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if not self._take(event):
            return
        dragged = [item.data(0, ID) for item in self.selectedItems()]
        rows = [item.data(0, ID) for item in rows_of(self)]
        place = self._place(event)
        before = [each for each in rows[:place] if each not in dragged]
        after = [each for each in rows[place:] if each not in dragged]
        moved = [each for each in rows if each in dragged]
        order = [*before, *moved, *after]
        down = self.header().sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        self.dropped.emit(order[::-1] if down else order, dragged)

    def _place(self, event: QDropEvent) -> int:
        """The row before which it is dropped."""
        point = event.position().toPoint()
        item = self.itemAt(point)
        if item is None:
            return self.topLevelItemCount()
        below = point.y() > self.visualItemRect(item).center().y()
        return self.indexOfTopLevelItem(item) + below

    def _take(self, event: QDropEvent) -> bool:
        """Only our own rows, while the list shows the depth."""
        ours = event.source() in (self, None) and self.dragEnabled()
        ours = ours and event.mimeData().hasFormat("application/x-qabstractitemmodeldatalist")
        event.setAccepted(ours)
        return ours

    def _allow_drags(self, column: int) -> None:
        self.setDragEnabled(column == DEPTH)


class ObjectRow(QTreeWidgetItem):
    """Sorts by what it means, not by how it reads."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        column = column if column in (0, PIXELS) else DEPTH
        return self.data(column, SORT_KEY) < other.data(column, SORT_KEY)
