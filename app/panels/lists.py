"""What the panels' lists share: a search field, a list with columns, its rows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTreeWidget, QTreeWidgetItem

ID = Qt.ItemDataRole.UserRole
ROW = QSize(0, 24)


def search_field(placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setClearButtonEnabled(True)
    field.setAccessibleName(placeholder)
    return field


def plain_list(name: str, columns: int) -> QTreeWidget:
    """A list with columns: no header, no branches."""
    tree = QTreeWidget()
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
