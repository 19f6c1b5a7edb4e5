"""What the panels share: a search field, a list with columns and rows, a line that gives way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

ID = Qt.ItemDataRole.UserRole
ROW = QSize(0, 24)
QUIET = 0.65  # opacity of a mark that says nothing special


class ElidedLabel(QLabel):
    """One line that asks for no width; what does not fit is cut with three dots."""

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class Apart(QWidget):
    """Holds a widget that changes often: nothing around it is laid out anew for that."""

    def __init__(self, held: QWidget) -> None:
        super().__init__()
        self._held = held
        held.setParent(self)

    def sizeHint(self) -> QSize:
        return self._held.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._held.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._held.setGeometry(self.rect())


def search_field(placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setClearButtonEnabled(True)
    field.setAccessibleName(placeholder)
    return field


def plain_list(name: str, columns: int) -> QTreeWidget:
    """A list with columns: no header, no branches."""
    return make_plain(QTreeWidget(), name, columns)


def make_plain[T: QTreeWidget](tree: T, name: str, columns: int) -> T:
    tree.setColumnCount(columns)
    tree.setAccessibleName(name)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setHeaderHidden(True)
    tree.header().setStretchLastSection(False)
    tree.header().setMinimumSectionSize(20)
    tree.setIconSize(QSize(16, 16))
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return tree


def rows_of(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    rows = (tree.topLevelItem(row) for row in range(tree.topLevelItemCount()))
    return [row for row in rows if row is not None]
