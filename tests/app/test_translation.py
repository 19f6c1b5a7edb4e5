"""German is complete, and no text of the window goes past the translation."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

import model
from app import translation
from app.catalogue import source_texts, write_catalogue
from app.checkpoints import BUNDLED
from app.panels import StampPanel
from app.problems import PROBLEMS, problem
from app.translation import catalogue_path, languages, read_catalogue, step_name, tr, use_language
from app.window import MainWindow
from model.errors import InputError, MapError
from model.scene.reading import read_bytes
from model.scene.scene import Style
from tests.app.everything import DIALOGS, action_texts, texts_of, widgets_of

OTHERS = [language for language in languages() if language != "en"]
MARK = "«"  # around every text of the pseudo language
PLACEHOLDER = re.compile(r"\{\w+\}")
FILTERS = re.compile(r"\*\.\w+")


@pytest.fixture
def speak(qapp):
    """speak(language): until the test ends."""
    system = QLocale()
    yield use_language
    use_language("en")
    QLocale.setDefault(system)


@pytest.fixture
def pseudo(monkeypatch):
    """A language in which every text of the sources has a mark around it."""

    class Pseudo(dict):
        def get(self, text, default=None):
            return f"{MARK}{text}»" if text else text

    monkeypatch.setattr(translation, "_catalogue", Pseudo())


@pytest.fixture
def foreign_window(qapp, session, controller, settings, source, wait_until):
    """Makes the window once the language is chosen."""
    made = []

    def make() -> MainWindow:
        window = MainWindow(qapp, session, controller, settings)
        made.append(window)
        window.resize(1100, 700)
        window.show()
        window.checkpoints.start(source)
        wait_until(lambda: controller.idle)
        return window

    yield make
    for window in made:
        window.jobs.close()
        window.hide()
        window.deleteLater()


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    known = read_catalogue(catalogue_path(language))
    missing = [text for text in source_texts() if text not in known]
    assert not missing, "run `main.py language`, then translate these in the file"
    assert not set(known) - set(source_texts())


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_and_file_names_of_its_text(language):
    for text, translated in read_catalogue(catalogue_path(language)).items():
        for pattern in (PLACEHOLDER, FILTERS):
            assert sorted(pattern.findall(text)) == sorted(pattern.findall(translated)), text
        assert text.endswith("…") == translated.endswith("…"), text
        assert ("&" in text) == ("&" in translated), text


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_no_two_entries_of_a_menu_have_the_same_letter(language, speak, foreign_window):
    speak(language)
    window = foreign_window()
    twice = []
    for menu in window.table.menus:
        letters = [
            action.text()[action.text().index("&") + 1].casefold()
            for action in menu.actions()
            if "&" in action.text() and not action.isSeparator()
        ]
        twice += [(menu.title(), each) for each in set(letters) if letters.count(each) > 1]
    assert not twice


def test_the_window_speaks_german(speak, foreign_window):
    assert speak("de") == "de"
    window = foreign_window()
    menus = [action.text() for action in window.menuBar().actions()]
    assert menus == ["&Datei", "&Bearbeiten", "&Stil", "&Werkzeuge", "&Ansicht", "&Hilfe"]
    assert window.table.by_id["undo"].text() == "&Rückgängig"
    assert "(Strg+Z)" in window.table.by_id["undo"].toolTip()
    assert [dock.windowTitle() for dock in window._docks.values()][:2] == ["Labels", "Objekte"]
    document = window.session.document
    with document.edit("Move car"):
        document.set_styles("", {26000: Style((0.5, 0.5, 0.5))})
    assert document.undo_name == "Move car"  # as it is saved
    assert window.table.by_id["undo"].text() == "&Rückgängig: car verschieben"


def test_an_unknown_language_is_english(speak):
    assert speak("xx") in languages()
    assert speak("en") == "en"
    assert tr("&File") == "&File"


def test_steps_are_shown_in_the_language_whatever_they_are_of(speak):
    speak("de")
    assert step_name("Remove 3 objects") == "3 Objekte entfernen"
    assert step_name("Remove specks") == "Sprenkel entfernen"
    assert step_name("Roll all styles (12)") == "Alle Stile würfeln (12)"
    assert step_name("What nobody knows") == "What nobody knows"


def is_english(text: str) -> bool:
    """Whether it has words but no mark: keys and units do not count."""
    words = re.sub(r"«.*(»|$)", "", text, flags=re.DOTALL)
    words = re.sub(r"(Ctrl|Shift|Alt|Esc|Tab|Del|PgUp|PgDown|F\d+|MiB)\b", "", words)
    return bool(re.search(r"[A-Za-z]{3,}", words))


def test_no_text_goes_past_the_translation(pseudo, foreign_window):
    window = foreign_window()
    schema = window.session.document.schema
    exempt = {label.name for label in schema} | {label.group.capitalize() for label in schema}
    exempt |= {"street", "flat", "cpu", schema.name, "edges", "faces", "cityscapes", "street.png"}
    exempt |= {"labelme", "Labelbrush", "English", "Deutsch", "Street 1", "float32", "fake"}
    exempt |= {str(BUNDLED / "streets"), "streets"}
    names = "|".join(sorted(map(re.escape, exempt), key=len, reverse=True))
    tops = [window, *(make(window) for make in DIALOGS.values())]
    for dialog in tops[1:]:
        dialog.show()
    met = [text for top in tops for each in widgets_of(top) for text in texts_of(each)]
    met += list(action_texts(window))
    stamps = {f"{each.label}: {each.name}" for each in window._panel(StampPanel)._stamps or ()}
    met = [text for text in met if text not in stamps]
    plain = [re.sub(rf"(?<!\w)({names})(?!\w)", "", text) for text in met]
    leaks = {text for text, rest in zip(met, plain, strict=True) if is_english(rest)}
    for dialog in tops[1:]:
        dialog.close()
    assert len(met) > 300
    assert not leaks, sorted(leaks)


def test_bringing_a_catalogue_up_to_date_keeps_what_is_translated(tmp_path):
    path = tmp_path / "labelbrush_xx.ts"
    write_catalogue(path, "xx", ["one", "two & <three>"], {"two & <three>": "zwei & <drei>"})
    assert read_catalogue(path) == {"two & <three>": "zwei & <drei>"}


def sentences_of(folder: Path) -> set[str]:
    """Every text and f-string of some modules, with {} for what is filled in."""
    found: set[str] = set()
    for path in folder.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = (
                    part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
                )
                found.add("".join(map(str, parts)))
    return found


def test_every_problem_that_is_translated_is_one_that_model_raises():
    raised = sentences_of(Path(model.__path__[0]))
    raised = {text.replace("{}x{}", "{}") for text in raised}
    for sentence in PROBLEMS:
        plain = re.sub(r"\{\w+\}", "{}", sentence).replace("checkpoint.json", "{}")
        assert {plain, re.sub(r"\{\w+\}", "{}", sentence)} & raised, sentence


def test_problems_of_the_model_are_said_in_german(speak, tmp_path):
    speak("de")
    missing = tmp_path / "a.png"
    with pytest.raises(InputError) as caught:
        read_bytes(missing, MapError, 10)
    assert problem(caught.value) == f"{missing} gibt es nicht; prüfen Sie den Pfad."
    assert problem("This road is in one piece; cut it.").startswith("Dieses Objekt (road)")
    assert problem("What nobody knows.") == "What nobody knows."
