"""Preferences: language, colours, and what the wheel does. Everything counts at once but the
language, which counts from the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QLocale
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from app.settings import Settings
from app.translation import languages, mark, tr

SYSTEM = "system"
THEMES = {"system": mark("As the system"), "light": mark("Light"), "dark": mark("Dark")}
WHEEL = {
    "zoom": mark("Zooms at the pointer"),
    "scroll": mark("Scrolls; with Ctrl it zooms"),
}
Act = Callable[[], object]


class Preferences(QDialog):
    """Not modal. Themes and colours go through the actions of the menu, by their ids."""

    def __init__(
        self,
        settings: Settings,
        trigger: Callable[[str], object],
        wheel_changed: Act,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._trigger = trigger
        self._wheel_changed = wheel_changed
        self.setWindowTitle(tr("Preferences"))
        own = {code: _own_name(code) for code in languages()}
        self.language = _choice({SYSTEM: tr("As the system"), **own}.items(), tr("Language"))
        self.theme = _choice(_translated(THEMES), tr("Theme"))
        self.wheel = _choice(_translated(WHEEL), tr("Mouse wheel"))
        self.safe_colors = QCheckBox(tr("Colours that everybody can tell apart"))
        self.restart = QLabel(tr("The language changes at the next start."))
        self.restart.setVisible(False)
        form = QFormLayout(self)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        form.addRow(tr("&Language"), self.language)
        form.addRow("", self.restart)
        form.addRow(tr("&Theme"), self.theme)
        form.addRow(tr("La&bels"), self.safe_colors)
        form.addRow(tr("&Mouse wheel"), self.wheel)
        memory = QPushButton(tr("Limits…"))
        memory.clicked.connect(lambda: trigger("memory"))
        form.addRow(tr("Memory"), memory)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self.language.activated.connect(self._on_language)
        self.theme.activated.connect(lambda: trigger(f"theme_{self.theme.currentData()}"))
        self.safe_colors.clicked.connect(lambda: trigger("safe_colors"))
        self.wheel.activated.connect(self._on_wheel)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is chosen now, also elsewhere."""
        get = self._settings.get
        for choice, name in (
            (self.language, "view/language"),
            (self.theme, "view/theme"),
            (self.wheel, "view/wheel"),
        ):
            choice.setCurrentIndex(max(choice.findData(get(name)), 0))
        self.safe_colors.setChecked(get("view/safe_colors"))

    def _on_language(self) -> None:
        self.restart.setVisible(self.language.currentData() != self._settings.get("view/language"))
        self._settings.set("view/language", self.language.currentData())

    def _on_wheel(self) -> None:
        self._settings.set("view/wheel", self.wheel.currentData())
        self._wheel_changed()


def _choice(entries: Iterable[tuple[str, str]], name: str) -> QComboBox:
    choice = QComboBox()
    choice.setAccessibleName(name)
    for data, text in entries:
        choice.addItem(text, data)
    return choice


def _translated(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(data, tr(text)) for data, text in table.items()]


def _own_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName().split()[-1]  # not "American English"
    return name[:1].upper() + name[1:]
