"""Names, horizon, hold still and pins are kept with a project, and recovered with its edits."""

from __future__ import annotations

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.panels import HistoryPanel
from model.scene.project import ProjectFile, load_project, save_project
from model.scene.recovery import read_journal
from model.scene.scene import Style
from tests.app.story import LEFT, answer, open_file, type_path


def pin(window) -> None:
    QTest.mouseClick(window._panel(HistoryPanel).pin, LEFT)


def set_everything(story, window) -> None:
    session = window.session
    story.choose("person")
    story.stroke((20, 12), (40, 12))
    session.rename(session.selection or 24000, "the runner")
    session.set_horizon(21.5)
    story.act("hold_still")
    pin(window)
    story.stroke((60, 20), (80, 20))


def seen(session) -> tuple:
    pins = [(each.name, each.scene.label_map.tobytes()) for each in session.pins]
    return dict(session.names), session.horizon, session.hold_still, pins


def test_what_was_set_beside_the_picture_comes_back_with_the_project(story, window, tmp_path):
    session, path = window.session, tmp_path / "mine.labelbrush"
    set_everything(story, window)
    expected = seen(session)
    assert expected[1:3] == (21.5, False) and list(expected[0].values()) == ["the runner"]
    met = answer(QFileDialog, type_path(path))
    story.act("save")
    assert met and not session.modified
    other = tmp_path / "other.labelbrush"
    save_project(other, ProjectFile(session.document.snapshot()))
    open_file(window, other)
    assert session.names == {} and session.pins == () and session._moved_horizon is None
    open_file(window, path)
    assert seen(session) == expected
    assert not session.modified
    assert not window.table.by_id["hold_still"].isChecked()
    panel = window._panel(HistoryPanel)
    assert panel.pins.count() == 1
    now = session.document.label_map.copy()
    panel._go_to_pin(0)
    assert session.document.label_map.tobytes() == expected[3][0][1] != now.tobytes()


def test_names_and_pins_alone_are_unsaved_work_and_are_recovered(story, window, tmp_path):
    window.recovery.start()
    session = window.session
    assert not session.modified
    session.rename(7, "the road")
    assert session.modified and window.isWindowModified()
    pin(window)
    journal = window.recovery.journal
    journal.wait()
    recovered = read_journal(journal.folder)
    assert recovered.facts.extras.names == {7: "the road"} and recovered.facts.unsaved == 1
    assert [each.name for each in recovered.pins] == [""]
    np.testing.assert_array_equal(recovered.pins[0].scene.label_map, session.document.label_map)
    window.recovery._adopt(recovered)
    assert session.names == {7: "the road"} and len(session.pins) == 1 and session.modified


def test_taking_a_name_back_is_no_change(window):
    session = window.session
    session.rename(7, "the road")
    session.set_horizon(9)
    session.rename(7, "road")
    assert session.modified
    session.set_horizon(None)
    session.names.clear()
    assert not session.modified


def test_the_pins_of_a_project_stay_with_it_when_it_is_saved_again(story, window, tmp_path):
    set_everything(story, window)
    path = tmp_path / "mine.labelbrush"
    answer(QFileDialog, type_path(path))
    story.act("save")
    story.stroke((10, 50), (30, 50))
    story.act("save")
    assert len(load_project(path).pins) == 1


def test_a_pin_of_a_step_that_names_a_photo_is_kept_and_recovered(story, window, tmp_path):
    """Screenshots have a narrow no-break space in their names, which no line can show."""
    window.recovery.start()
    session, path = window.session, tmp_path / "mine.labelbrush"
    session.document.set_styles(
        "Borrow style of Screenshot 9.41.00\u202fAM.png", {26000: Style((0.5,))}
    )
    pin(window)
    (kept,) = session.pins
    assert kept.name == "Borrow style of Screenshot 9.41.00AM.png"
    journal = window.recovery.journal
    journal.wait()
    assert [each.name for each in read_journal(journal.folder).pins] == [kept.name]
    answer(QFileDialog, type_path(path))
    story.act("save")
    assert [each.name for each in load_project(path).pins] == [kept.name]
