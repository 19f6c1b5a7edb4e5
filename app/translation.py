"""Translation: the window's texts in the user's language.

Sources hold English; assets/translations has a Qt Linguist file per other language, read as it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

FOLDER = Path(__file__).parent.parent / "assets" / "translations"
ENGLISH = "en"
_catalogue: dict[str, str] = {}
_of_qt = QTranslator()


def tr(text: str, **values: object) -> str:
    """A text in the user's language, its {placeholders} filled with values.

    The text must stand there literally: `main.py language` finds it so.
    """
    shown = _catalogue.get(text, text)
    return shown.format(**values) if values else shown


def mark(text: str) -> str:
    """The text itself, as a constant that tr() is given later."""
    return text


def number(value: int) -> str:
    """A whole number with the language's marks between thousands."""
    return QLocale().toString(value)


def decimal(value: float, digits: int = 1) -> str:
    """A number with the language's decimal point."""
    return f"{value:.{digits}f}".replace(".", QLocale().decimalPoint())


def languages() -> list[str]:
    """Codes of the languages there are, English first."""
    found = sorted(path.stem.rpartition("_")[2] for path in FOLDER.glob("labelbrush_*.ts"))
    return [ENGLISH, *found]


def use_language(wanted: str) -> str:
    """Speak a language, or the system's if that is there; returns its code.

    Texts shown before stay as they are.
    """
    system = QLocale.system()
    chosen = wanted if wanted in languages() else system.name().partition("_")[0]
    if chosen not in languages():
        chosen = ENGLISH
    same = system.name().startswith(chosen)
    QLocale.setDefault(system if same else QLocale(chosen))
    _catalogue.clear()
    QCoreApplication.removeTranslator(_of_qt)
    if chosen != ENGLISH:
        _catalogue.update(read_catalogue(catalogue_path(chosen)))
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if _of_qt.load(f"qtbase_{chosen}", folder):  # file dialogs, standard buttons, key names
            QCoreApplication.installTranslator(_of_qt)
    return chosen


def catalogue_path(language: str) -> Path:
    return FOLDER / f"labelbrush_{language}.ts"


def read_catalogue(path: Path) -> dict[str, str]:
    """What is translated in a Qt Linguist file, by its source text."""
    found: dict[str, str] = {}
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.get("type") is None and translation.text:
            found[message.findtext("source", "")] = translation.text
    return found


STEPS = (
    mark("Paint {what}"),
    mark("Fill with {what}"),
    mark("Line of {what}"),
    mark("Rectangle of {what}"),
    mark("Ellipse of {what}"),
    mark("Outline {what}"),
    mark("Erase"),
    mark("Remove specks"),
    mark("Leave out styles of another checkpoint"),
    mark("Remove {what}"),
    mark("Move {what}"),
    mark("Scale {what}"),
    mark("Duplicate {what}"),
    mark("Add {what}"),
    mark("Change to {what}"),
    mark("Merge {what}"),
    mark("Separate {what}"),
    mark("Fill holes of {what}"),
    mark("Style of {what}"),
    mark("Brush style"),
    mark("Roll style"),
    mark("Roll all styles {what}"),
    mark("One style for all {what}"),
    mark("Shuffle all {what}"),
    mark("Borrow style of {what}"),
    mark("Borrow all styles of {what}"),
    mark("Open instance map"),
    mark("Back to pin {what}"),
    mark("Bring {what} forward"),
    mark("Send {what} backward"),
    mark("Bring {what} to front"),
    mark("Send {what} to back"),
    mark("Order {what}"),
    mark("Hide {what}"),
    mark("Show {what}"),
    mark("{what} objects"),
)
"""Names of undo steps: files keep them in English, the window shows them in its language."""
_PATTERNS = [(step, re.compile(re.escape(step).replace(r"\{what\}", "(.+)"))) for step in STEPS]


def step_name(name: str) -> str:
    """The name of an undo step in the user's language; one that is not known as it is."""
    for step, pattern in _PATTERNS:
        met = pattern.fullmatch(name)
        if met:
            return tr(step, what=step_name(met[1])) if met.groups() else tr(step)
    return name
