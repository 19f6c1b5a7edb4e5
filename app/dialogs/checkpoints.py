"""The list of checkpoints: what each is, whether it fits this device, and how fast it was here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.checkpoint_list import CheckpointList, Entry
from app.dialogs.files import ask_folder, ask_open
from app.panels.lists import ID, plain_list, rows_of
from app.problems import problem
from app.settings import Settings
from app.translation import decimal, mark, number, tr
from model.errors import InputError
from model.inference.card import Card

PICTURE = QSize(112, 56)
COLUMNS = (
    mark("Checkpoint"),
    mark("Labels"),
    mark("Size"),
    mark("Styles"),
    mark("Encoder"),
    mark("Memory"),
    mark("Frame"),
)
ORIGINS = {
    "bundled": mark("came with the program"),
    "run": mark("a training run"),
    "added": mark("added"),
}
WEIGHTS = "https://github.com/NVIDIA/pix2pixHD"
OFFICIAL = (  # paragraphs, and files with what they are
    mark(
        "The weights of the paper are published by its authors: the page of their repository links "
        "the model <b>label2city_1024p</b>, trained on Cityscapes. They are under the authors' own "
        "licence and so no part of this program; read it there."
    ),
    mark("Keep the files of one model together in a folder, anywhere:"),
    mark(
        "The published model is <i>latest_net_G.pth</i> alone: it paints pictures of 2048x1024 "
        "from the 35 Cityscapes labels and object boundaries, and knows no styles. Where there is "
        "an encoder, the authors' <i>encode_features.py</i> makes its clusters."
    ),
    mark(
        "Then drop the folder, or a single <i>.pth</i> file, onto this window, or use "
        "<b>Add Folder</b>. Sizes and channels are read from the weights; where they leave open "
        "what the input means you are asked once. Nothing in the files is executed."
    ),
)
FILES = {
    "latest_net_G.pth": mark("the generator; this file alone is enough"),
    "latest_net_E.pth": mark("the encoder, if there is one: styles from photographs"),
    "features_clustered_010.npy": mark("its clusters, if there are any: styles to choose from"),
    "opt.txt": mark("the options of the training, if you have them"),
}


def official_page() -> str:
    """Where the official weights come from and where to put them, as HTML."""
    first, keep, published, then = (tr(text) for text in OFFICIAL)
    rows = "".join(
        f"<tr><td><code>{name}</code></td><td style='padding-left: 16px'>{tr(what)}</td></tr>"
        for name, what in FILES.items()
    )
    link = f"<p><a href='{WEIGHTS}'>{WEIGHTS}</a></p>"
    table = f"<p><code>label2city_1024p/</code></p><table>{rows}</table>"
    return f"<p>{first}</p>{link}<p>{keep}</p>{table}<p>{published}</p><p>{then}</p>"


class CheckpointsDialog(QDialog):
    """Not modal: it can stay open while one paints.

    Signals:
    chosen: the path of a checkpoint to paint with.
    """

    chosen = Signal(object)

    def __init__(self, checkpoints: CheckpointList, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._list = checkpoints
        self._settings = settings
        self._in_use: Path | None = None
        self.setWindowTitle(tr("Checkpoints"))
        self.setAcceptDrops(True)
        self.resize(960, 520)
        self.tree = plain_list(tr("Checkpoints"), columns=len(COLUMNS))
        self.use, self.remove = QPushButton(tr("Use")), QPushButton(tr("Remove from List"))
        self.add_folder, self.add_file = (
            QPushButton(tr("Add Folder…")),
            QPushButton(tr("Add File…")),
        )
        self.refresh = QPushButton(tr("Refresh"))
        self.place, self.message = QLabel(), QLabel()
        self._dress()
        self._arrange()
        self.tree.currentItemChanged.connect(self._show_current)
        self.tree.itemActivated.connect(self._use)
        self.use.clicked.connect(self._use)
        self.remove.clicked.connect(self._remove)
        self.add_folder.clicked.connect(self._ask_folder)
        self.add_file.clicked.connect(self._ask_file)
        self.refresh.clicked.connect(self._list.refresh)
        checkpoints.changed.connect(self._rebuild)
        self._show_current()

    def showEvent(self, event: QShowEvent) -> None:
        self._list.refresh()
        self.tree.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add(Path(url.toLocalFile()))

    def add(self, path: Path) -> None:
        """Take a checkpoint into the list and select it; says so when it is none."""
        try:
            found = self._list.add(path)
        except InputError as error:
            self.say(problem(error))
            return
        self.say("")
        for item in rows_of(self.tree):
            if item.data(0, ID).path == found[-1]:
                self.tree.setCurrentItem(item)

    def say(self, problem: str) -> None:
        self.message.setText(problem)
        self.message.setVisible(bool(problem))

    def show_in_use(self, path: Path | None) -> None:
        """Mark the checkpoint that paints now."""
        self._in_use = None if path is None else path.resolve()
        self.say("")
        self._rebuild()

    def _dress(self) -> None:
        self.tree.setHeaderHidden(False)
        self.tree.setHeaderLabels([tr(column) for column in COLUMNS])
        self.tree.setIconSize(PICTURE)
        self.tree.setAlternatingRowColors(True)
        header, fit = self.tree.header(), QHeaderView.ResizeMode.ResizeToContents
        header.setSectionResizeMode(fit)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setAccessibleName(tr("What went wrong"))
        for label in (self.place, self.message):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.message.hide()
        self.use.setToolTip(tr("Paint with it; the picture stays (Return, double click)"))
        self.remove.setToolTip(tr("Its files stay where they are"))
        self.add_folder.setToolTip(tr("A checkpoint, a training run, or a folder of several"))
        self.add_file.setToolTip(tr("The generator of the official code, a .pth file"))
        self.refresh.setToolTip(tr("Look again at the folders"))
        for button in (self.add_folder, self.add_file, self.refresh, self.remove):
            button.setAutoDefault(False)
        self.use.setDefault(True)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.add_folder, self.add_file, self.remove, self.refresh):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.use)
        page = QWidget()
        inside = QVBoxLayout(page)
        for widget in (self.tree, self.place, self.message):
            inside.addWidget(widget)
        inside.setStretch(0, 1)
        inside.addLayout(buttons)
        text = QTextBrowser()
        text.setHtml(official_page())
        text.setOpenExternalLinks(True)
        text.document().setDocumentMargin(14)
        text.setAccessibleName(tr("Where the official weights come from"))
        self.pages = QTabWidget()
        self.pages.setAccessibleName(tr("Checkpoints"))
        self.pages.addTab(page, tr("Checkpoints"))
        self.pages.addTab(text, tr("Official Weights"))
        QVBoxLayout(self).addWidget(self.pages)

    def _rebuild(self) -> None:
        chosen = self._chosen()
        self.tree.clear()
        for entry in self._list.entries():
            item = self._row(entry)
            self.tree.addTopLevelItem(item)
            if chosen is not None and entry.path == chosen.path:
                self.tree.setCurrentItem(item)
        rows = rows_of(self.tree)
        if self.tree.currentItem() is None and rows:
            self.tree.setCurrentItem(rows[0])
        self._show_current()

    def _row(self, entry: Entry) -> QTreeWidgetItem:
        card = entry.card
        in_use = entry.path == self._in_use
        official = card is not None and card.official
        origin = tr("official") if official else tr(ORIGINS[entry.origin])
        name = f"{_name(entry.path)}\n{tr('in use') if in_use else origin}"
        texts = [name, *self._facts(card, self._list.frame_time(entry.path))]
        if entry.problem:
            texts = [name, tr("cannot be used"), *[""] * (len(COLUMNS) - 2)]
        item = QTreeWidgetItem(texts)
        item.setData(0, ID, entry)
        item.setSizeHint(0, PICTURE + QSize(0, 10))
        item.setIcon(0, QIcon(str(entry.picture)) if entry.picture else _empty(PICTURE))
        item.setToolTip(0, f"{entry.path}\n{entry.problem}".strip())
        if in_use:
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        return item

    def _facts(self, card: Card | None, frame: str) -> list[str]:
        if card is None:
            return ["…"] * (len(COLUMNS) - 1)
        size = tr("any size") if card.size is None else f"{card.size[1]}x{card.size[0]}"
        styles = tr("no")
        if card.features:
            styles = tr("yes") + "\n" + tr("{count} clusters", count=number(card.styles))
        fit = tr("fits {device}") if card.fits else tr("too much for {device}")
        return [
            card.schema_name or tr("pictures"),
            f"{size}\n{_amount(card.file_bytes)}",
            styles,
            tr("yes") if card.encoder else tr("no"),
            tr("about {amount}", amount=_amount(card.frame_bytes))
            + "\n"
            + fit.format(device=card.device),
            frame or tr("not measured"),
        ]

    def _show_current(self) -> None:
        entry = self._chosen()
        self.use.setEnabled(entry is not None and not entry.problem)
        self.remove.setEnabled(entry is not None and entry.origin != "bundled")
        self.place.setText("" if entry is None else str(entry.path))
        if entry is not None and entry.problem:
            self.say(entry.problem)
        elif entry is not None and entry.card is not None and not entry.card.fits:
            text = tr(
                "A picture takes about {amount} of memory, but {device} has {there}.",
                amount=_amount(entry.card.frame_bytes),
                device=entry.card.device,
                there=_amount(entry.card.device_bytes),
            )
            self.say(text)

    def _chosen(self) -> Entry | None:
        item = self.tree.currentItem()
        return None if item is None else item.data(0, ID)

    def _use(self) -> None:
        entry = self._chosen()
        if entry is not None and not entry.problem:
            self.say("")
            self.chosen.emit(entry.path)

    def _remove(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self._list.remove(entry.path)

    def _ask_folder(self) -> None:
        folder = self._settings.get("folder/checkpoint")
        self._add_asked(ask_folder(self, tr("Add checkpoints"), folder))

    def _ask_file(self) -> None:
        folder, filters = (
            self._settings.get("folder/checkpoint"),
            [tr("Official generator (*.pth)")],
        )
        self._add_asked(ask_open(self, tr("Add official checkpoint"), folder, filters))

    def _add_asked(self, path: Path | None) -> None:
        if path is not None:
            self._settings.set("folder/checkpoint", str(path.parent))
            self.add(path)


def _name(path: Path) -> str:
    """The folder's name; that of the run for a run's checkpoint."""
    return path.parent.name if path.name == "checkpoint" else path.name


def _amount(count: int) -> str:
    return (
        f"{decimal(count / 2**30)} GB" if count >= 2**30 else f"{max(1, round(count / 2**20))} MB"
    )


def _empty(size: QSize) -> QIcon:
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)
