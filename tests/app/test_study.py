"""A study's window, with real keys and clicks: what is shown, what is kept, where it goes on."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest

from app import translation
from app.study import command
from app.study.window import StudyWindow
from app.theme import apply_theme
from app.translation import use_language
from model.errors import InputError
from model.evaluation.preference import Study, find_pairs, plan
from model.evaluation.sitting import Sitting
from model.scene.maps import write_picture
from tests.app.everything import texts_of, widgets_of

A_COLOR, B_COLOR = (200, 40, 40), (40, 60, 200)
NAMES = tuple(f"street_{number}" for number in range(4))
LEFT, RIGHT, BACK = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Backspace


@pytest.fixture
def pictures(tmp_path) -> dict[str, tuple[Path, Path]]:
    """A's pictures are red, B's blue."""
    for side, color in (("a", A_COLOR), ("b", B_COLOR)):
        (tmp_path / side).mkdir()
        for name in NAMES:
            write_picture(tmp_path / side / f"{name}.png", np.full((32, 64, 3), color, np.uint8))
    return find_pairs(tmp_path / "a", tmp_path / "b")


@pytest.fixture
def open_window(qapp, tmp_path, pictures, wait_until):
    """open_window(study, rater): the window on the start page, its file answers.csv."""
    opened = []

    def make(study: Study, rater: str = "Ada") -> StudyWindow:
        window = StudyWindow(Sitting(study, tmp_path / "answers.csv"), pictures, rater)
        opened.append(window)
        window.resize(900, 500)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowExposed(window)
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()


def study(count=4, seed=3, limit=None) -> Study:
    return Study("ours", "theirs", NAMES, count, seed, limit)


def rows(tmp_path) -> list[dict[str, str]]:
    with (tmp_path / "answers.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def begin(window: StudyWindow, wait_until) -> None:
    QTest.keyClick(window.start_page.name, Qt.Key.Key_Return)
    wait_until(window._clock.isValid)


def press(window: StudyWindow, key, wait_until) -> None:
    trial = window.sitting.trial
    QTest.keyClick(window.view, key)
    wait_until(
        lambda: (
            window.sitting.trial != trial and (window.sitting.finished or window._clock.isValid())
        )
    )


def colors(window: StudyWindow) -> list[str]:
    """Whose pictures are on the screen, left and right, read back from the pixels."""
    image = window.view.grab().toImage()
    seen = []
    for place in window.view.places():
        color = image.pixelColor(place.center())
        seen.append("A" if color.red() > color.blue() else "B")
    return seen


def test_the_keys_choose_what_is_on_their_side(open_window, tmp_path, wait_until):
    window = open_window(study())
    begin(window, wait_until)
    expected = []
    for key in (LEFT, RIGHT, RIGHT, LEFT):
        left, right = colors(window)
        assert {left, right} == {"A", "B"}
        expected.append((left, left if key == LEFT else right))
        press(window, key, wait_until)
    assert [(row["left"], row["chosen"]) for row in rows(tmp_path)] == expected
    assert sorted(row["pair"] for row in rows(tmp_path)) == sorted(NAMES)
    assert window.pages.currentWidget() is window.end_page
    assert "4" in window.end_page.text.text()


def test_a_click_on_a_picture_or_its_key_chooses_it(open_window, tmp_path, wait_until):
    window = open_window(study())
    begin(window, wait_until)
    left, right = window.view.places()
    shown = colors(window)
    outside = QPoint(left.center().x(), 2)
    QTest.mouseClick(window.view, Qt.MouseButton.LeftButton, pos=outside)
    assert window.sitting.trial == 0
    QTest.mouseClick(window.view, Qt.MouseButton.LeftButton, pos=right.center())
    wait_until(lambda: window.sitting.trial == 1 and window._clock.isValid())
    second = colors(window)
    below = QPoint(left.center().x(), left.bottom() + 30)
    QTest.mouseClick(window.view, Qt.MouseButton.LeftButton, pos=below)
    assert [row["chosen"] for row in rows(tmp_path)] == [shown[1], second[0]]


def test_the_last_answer_can_be_taken_back(open_window, tmp_path, wait_until):
    window = open_window(study())
    begin(window, wait_until)
    assert not window.back.isEnabled()
    first = colors(window)
    press(window, LEFT, wait_until)
    press(window, BACK, wait_until)
    assert rows(tmp_path) == [] and colors(window) == first
    press(window, RIGHT, wait_until)
    assert [row["chosen"] for row in rows(tmp_path)] == [first[1]]


def test_a_study_goes_on_where_its_file_ends(open_window, tmp_path, wait_until):
    window = open_window(study())
    begin(window, wait_until)
    press(window, LEFT, wait_until)
    window.close()
    again = open_window(study())
    assert again.start_page.begin.text() == "Go on"
    assert "1 of 4" in again.start_page.state.text()
    begin(again, wait_until)
    third = plan(study(), "Ada")[1]
    assert colors(again)[0] == third.left
    for _ in range(3):
        press(again, RIGHT, wait_until)
    assert [row["trial"] for row in rows(tmp_path)] == ["0", "1", "2", "3"]
    QTest.mouseClick(again.end_page.next_person, Qt.MouseButton.LeftButton)
    QTest.keyClicks(again.start_page.name, "Ada")
    assert not again.start_page.begin.isEnabled()
    QTest.keyClicks(again.start_page.name, "line")
    begin(again, wait_until)
    press(again, RIGHT, wait_until)
    assert rows(tmp_path)[-1]["rater"] == "Adaline"


def test_without_a_name_nothing_begins(open_window):
    window = open_window(study(), "")
    assert not window.start_page.begin.isEnabled()
    QTest.keyClick(window.start_page.name, Qt.Key.Key_Return)
    assert window.pages.currentWidget() is window.start_page


def test_answers_to_another_study_are_not_mixed_in(open_window, tmp_path, wait_until):
    window = open_window(study())
    begin(window, wait_until)
    press(window, LEFT, wait_until)
    other = open_window(Study("ours", "others", NAMES, 4, 3))
    assert not other.start_page.begin.isEnabled()
    assert "name another file" in other.start_page.state.text()


def test_a_limited_pair_is_hidden_after_its_time_and_answered_then(
    open_window, tmp_path, wait_until
):
    window = open_window(study(limit=0.125))
    assert window.back.isHidden()
    QTest.keyClick(window.start_page.name, Qt.Key.Key_Return)
    assert window.view.cross
    QTest.keyClick(window.view, LEFT)  # nothing was seen yet
    assert window.sitting.trial == 0
    wait_until(lambda: window.view.shows_pair)
    wait_until(lambda: window._clock.isValid() and not window.view.shows_pair)
    assert not window.view.cross
    QTest.keyClick(window.view, LEFT)
    QTest.keyClick(window.view, BACK)  # it would be seen twice
    (row,) = rows(tmp_path)
    assert row["limit_s"] == "0.125" and float(row["took_s"]) >= 0.125
    assert window.view.cross


def test_a_damaged_picture_is_named_and_keeps_its_turn(open_window, pictures, wait_until):
    window = open_window(study())
    first = plan(study(), "Ada")[0]
    pictures[first.pair][0].write_bytes(b"no picture")
    QTest.keyClick(window.start_page.name, Qt.Key.Key_Return)
    assert not window.problem.isHidden() and first.pair in window.problem.text()
    QTest.keyClick(window.view, LEFT)
    assert window.sitting.answers == []


def test_f11_and_escape_change_the_screen(open_window):
    window = open_window(study())
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pair_is_drawn_as_it_is_in_both_themes(qapp, open_window, wait_until, theme):
    apply_theme(qapp, theme)
    window = open_window(study())
    begin(window, wait_until)
    image = window.view.grab().toImage()
    shown = {image.pixelColor(place.center()).getRgb()[:3] for place in window.view.places()}
    apply_theme(qapp, "light")
    assert shown == {A_COLOR, B_COLOR}


def test_every_text_goes_through_the_translation(open_window, monkeypatch):
    class Pseudo(dict):
        def get(self, text, default=None):
            return f"«{text}»" if text else text

    monkeypatch.setattr(translation, "_catalogue", Pseudo())
    window = open_window(study(limit="mixed"), "")
    texts = [text for widget in widgets_of(window) for text in texts_of(widget) if text]
    assert len(texts) > 12
    assert [text for text in texts if not text.startswith("«")] == []


def test_it_speaks_german(qapp, open_window):
    system = QLocale()
    use_language("de")
    window = open_window(study(limit="mixed"))
    use_language("en")
    QLocale.setDefault(system)
    assert window.start_page.begin.text() == "Anfangen"
    assert "0,125" in window.start_page.advice.text()


def test_pictures_of_another_shape_are_refused(tmp_path, pictures):
    write_picture(pictures[NAMES[1]][1], np.zeros((32, 40, 3), np.uint8))
    args = ["evaluate study", str(tmp_path / "a"), str(tmp_path / "b")]
    with pytest.raises(InputError, match="differ in shape"):
        run([*args, "-o", str(tmp_path / "answers.csv")])


def test_the_figures_are_printed_without_a_window(open_window, tmp_path, wait_until, capsys):
    window = open_window(study())
    begin(window, wait_until)
    for _ in range(4):
        press(window, LEFT if colors(window)[0] == "A" else RIGHT, wait_until)
    args = ["evaluate study", "ours", "theirs", "--show", "-o", str(tmp_path / "answers.csv")]
    assert run([*args, "--json", str(tmp_path / "study.json")]) == 0
    assert "100.0%" in capsys.readouterr().out
    assert (tmp_path / "study.json").is_file()


def run(argv: list[str]) -> int:
    from main import build_parser

    return command.run(build_parser(argv[0]).parse_args(argv))


def test_two_runs_of_one_name_are_told_apart_by_the_shortest_path_that_does(tmp_path):
    runs = [tmp_path / name / "0" / "checkpoint" for name in ("ours", "crn")]
    assert command.names_of(*runs) == ("ours/0", "crn/0")
    assert command.names_of(tmp_path / "ours", tmp_path / "crn") == ("ours", "crn")
    assert command.names_of(tmp_path / "0", tmp_path / "0" / "checkpoint") == (
        str(tmp_path / "0"),
        str(tmp_path / "0" / "checkpoint"),
    )
