"""Every widget and every dialog of the editor, for tests that walk through all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDockWidget,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QScrollBar,
    QTabBar,
    QTreeWidget,
    QWidget,
)

from app.dialogs.choice import ChoiceDialog
from app.dialogs.mapping import MappingDialog
from app.dialogs.memory import MemoryDialog
from app.dialogs.new_scene import NewScene
from app.dialogs.split import SplitDialog
from app.dialogs.variations import VariationsDialog
from app.translation import tr
from app.window import MainWindow
from model.inference.request import Limits

OF_QT = (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QTabBar,
    QLineEdit,
    QDialogButtonBox,
)


DIALOGS: dict[str, Callable[[MainWindow], QDialog]] = {
    "choice": lambda window: ChoiceDialog(
        tr("Pictures of the file"), tr("Pictures of the file"), ["1", "2"], window
    ),
    "checkpoints": lambda window: window.checkpoints_dialog,
    "mapping": lambda window: MappingDialog(
        {"17": 4000, "car": 12}, window.session.document.schema, "street.png", window
    ),
    "new scene": lambda window: NewScene([Path("street_1.labelbrush")], window),
    "shortcuts": lambda window: window.sheet,
    "preferences": lambda window: window.preferences,
    "memory": lambda window: MemoryDialog(window, Limits()),
    "split": lambda window: SplitDialog(window, "latest_net_G.pth", ("35+1+3", "39")),
    "variations": lambda window: VariationsDialog(window),
}


def widgets_of(top: QWidget) -> list[QWidget]:
    """The widget and all below it that are ours: no dialogs, and no insides of Qt's own."""
    found = [top]
    for child in top.findChildren(QWidget):
        if child.window() is not top.window() or isinstance(child, QMenu):
            continue
        if not is_qts_own(child):
            found.append(child)
    return found


def is_qts_own(widget: QWidget) -> bool:
    """Whether Qt made it: viewports, scroll buttons, editors of fields, standard buttons."""
    parent = widget.parentWidget()
    inside = (
        QAbstractScrollArea,
        QAbstractSpinBox,
        QComboBox,
        QTabBar,
        QLineEdit,
        QDialogButtonBox,
    )
    if isinstance(widget, QScrollBar):
        return True
    return widget.objectName().startswith(("qt_", "_")) or isinstance(parent, inside)


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a person may see or hear of a widget."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.windowTitle())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QGroupBox):
        yield widget.title()
    if isinstance(widget, QDockWidget):
        yield widget.windowTitle()
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(index) for index in range(widget.count()))
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(index) for index in range(widget.count()))
    if isinstance(widget, QListWidget):
        for row in range(widget.count()):
            yield from (widget.item(row).text(), widget.item(row).toolTip())
    if isinstance(widget, QTreeWidget):
        header = widget.headerItem()
        rows = [widget.topLevelItem(row) for row in range(widget.topLevelItemCount())]
        hidden = widget.isHeaderHidden()
        for item in [*([] if hidden else [header]), *filter(None, rows)]:
            for column in range(widget.columnCount()):
                yield from (item.text(column), item.toolTip(column))


def action_texts(window: MainWindow) -> Iterator[str]:
    for action in window.table.by_id.values():
        yield from (action.text(), *action.toolTip().split("\n"), action.statusTip())
    for menu in window.findChildren(QMenu):
        yield menu.title()
