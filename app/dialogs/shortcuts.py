"""The sheet of keyboard shortcuts: to look up, and to change them."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions import ActionTable, menu_name, plain_name
from app.panels.lists import ID, ROW, plain_list, rows_of, search_field
from app.shortcuts import Shortcuts
from app.translation import mark, tr

NATIVE = QKeySequence.SequenceFormat.NativeText
GESTURES = (
    (mark("Drag with Space or the middle button"), mark("Move the picture")),
    (mark("Wheel, pinch"), mark("Zoom at the pointer")),
    (mark("Shift or Alt with the right button: drag"), mark("Size of the brush")),
    (mark("Hold Ctrl"), mark("Label dropper")),
    (mark("Hold a tool's key while using it"), mark("The tool before, once the key is released")),
    (mark("Enter, Esc, Backspace"), mark("Close, give up or step back in an outline")),
    (mark("Arrows, Shift+arrows"), mark("Move the selected object by 1 or 10 pixels")),
)


class ShortcutSheet(QDialog):
    """Not modal: it can stay open while one paints."""

    def __init__(self, table: ActionTable, shortcuts: Shortcuts, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        self._shortcuts = shortcuts
        self.setWindowTitle(tr("Keyboard Shortcuts"))
        self.resize(800, 640)
        self.search = search_field(tr("Search actions or keys"))
        self.tree = plain_list(tr("Actions and their keys"), columns=3)
        self.tree.setHeaderHidden(False)
        self.tree.setHeaderLabels([tr("Action"), tr("Menu"), tr("Keys")])
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 250), (2, 180)):
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.tree.header().resizeSection(column, width)
        self.key = QKeySequenceEdit()
        self.key.setMaximumSequenceLength(1)
        self.key.setClearButtonEnabled(True)
        self.key.setAccessibleName(tr("New key of the selected action"))
        self.assign = QPushButton(tr("Assign"))
        self.reset = QPushButton(tr("Reset"))
        self.reset_all = QPushButton(tr("Reset All"))
        self.message = QLabel()
        self.message.setWordWrap(True)
        self._arrange()
        self.search.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(self._show_current)
        self.key.keySequenceChanged.connect(self._show_conflict)
        self.assign.clicked.connect(self._assign)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)

    def showEvent(self, event: QShowEvent) -> None:
        self._rebuild()
        self.search.setFocus()
        self.search.selectAll()

    def _arrange(self) -> None:
        change = QHBoxLayout()
        change.addWidget(QLabel(tr("New key")))
        change.addWidget(self.key, 1)
        change.addWidget(self.assign)
        change.addWidget(self.reset)
        change.addWidget(self.reset_all)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(change)
        layout.addWidget(self.message)
        for button in (self.assign, self.reset, self.reset_all):
            button.setAutoDefault(False)

    def _rebuild(self) -> None:
        chosen = self._chosen()
        self.tree.clear()
        for action_id, spec in self._table.specs.items():
            item = QTreeWidgetItem([self._name(action_id), menu_name(spec.menu)])
            keys = self._shortcuts.keys(action_id)
            item.setText(2, ", ".join(key.toString(NATIVE) for key in keys))
            item.setData(0, ID, action_id)
            item.setSizeHint(0, ROW)
            item.setToolTip(0, tr(spec.tip))
            if self._shortcuts.is_changed(action_id):
                font = item.font(2)
                font.setBold(True)
                item.setFont(2, font)
            self.tree.addTopLevelItem(item)
            if action_id == chosen:
                self.tree.setCurrentItem(item)
        for keys, what in GESTURES:
            item = QTreeWidgetItem([tr(what), tr("Canvas"), tr(keys)])
            item.setSizeHint(0, ROW)
            self.tree.addTopLevelItem(item)
        self._filter()
        self._show_current()

    def _name(self, action_id: str) -> str:
        return plain_name(self._table.specs[action_id])

    def _filter(self) -> None:
        text = self.search.text().strip().casefold()
        for item in rows_of(self.tree):
            shown = " ".join(item.text(column) for column in range(3)).casefold()
            item.setHidden(text not in shown)

    def _chosen(self) -> str | None:
        item = self.tree.currentItem()
        return None if item is None else item.data(0, ID)

    def _show_current(self) -> None:
        chosen = self._chosen()
        for widget in (self.key, self.assign, self.reset):
            widget.setEnabled(chosen is not None)
        self.key.clear()
        self.message.setText("" if chosen else tr("Choose an action to give it another key."))

    def _show_conflict(self, key: QKeySequence) -> None:
        chosen = self._chosen()
        users = self._shortcuts.users_of(key, but=chosen or "") if not key.isEmpty() else []
        if users:
            names = ", ".join(self._name(user) for user in users)
            self.message.setText(
                tr(
                    "{key} belongs to {names}, which will lose it if you assign it.",
                    key=key.toString(NATIVE),
                    names=names,
                )
            )
        else:
            self.message.clear()

    def _assign(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._shortcuts.set(chosen, self.key.keySequence())
            self._rebuild()

    def _reset(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._shortcuts.reset(chosen)
            self._rebuild()

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._rebuild()
