"""Jobs beside the window: their order, their questions, and how their lines end."""

from __future__ import annotations

import threading

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

from app.jobs import Jobs, _Line

LONG = 60.0  # seconds; only waited for when something is wrong


def test_closing_waits_for_the_work_in_hand_but_not_for_ever():
    line, begun, let_go = _Line(), threading.Event(), threading.Event()
    done: list[str] = []

    def work() -> None:
        begun.set()
        let_go.wait(LONG)
        done.append("first")

    line.put(work)
    line.put(lambda: done.append("second"))
    assert begun.wait(LONG)
    assert not line.close(0.01)
    let_go.set()
    assert line.close(LONG)
    assert done == ["first", "second"]


def test_files_do_not_wait_for_exports_and_are_named_before_them(qapp, wait_until):
    jobs, let_go = Jobs(), threading.Event()
    done: list[str] = []
    shown: list[str] = []
    jobs.changed.connect(lambda: shown.append(jobs.title))
    for number in (1, 2):
        work = lambda _, n=number: (let_go.wait(LONG), n)[1]  # noqa: E731
        jobs.run(f"export {number}", work, lambda n: done.append(f"export {n}"))
    for number in (1, 2):
        jobs.run(
            f"open {number}", lambda _, n=number: n, lambda n: done.append(f"open {n}"), quick=True
        )
    assert jobs.title == "open 1"
    wait_until(lambda: len(done) == 2)
    assert done == ["open 1", "open 2"] and jobs.title == "export 1"
    let_go.set()
    wait_until(lambda: jobs.idle)
    assert done == ["open 1", "open 2", "export 1", "export 2"]
    assert shown == [
        "export 1",
        "export 1",
        "open 1",
        "open 1",
        "open 2",
        "export 1",
        "export 2",
        "",
    ]
    assert jobs.close()


def test_a_question_waits_for_the_one_that_is_open(qapp, wait_until):
    jobs = Jobs()
    open_at_once: list[int] = []
    done: list[int] = []

    def ask(number: int) -> None:
        box = QMessageBox()
        QTimer.singleShot(0, lambda: answer(box))
        box.exec()
        done.append(number)

    def answer(box: QMessageBox) -> None:
        """Once all the others have ended and could ask as well."""
        if len(jobs._held) < 2 - len(done):
            QTimer.singleShot(5, lambda: answer(box))
            return
        boxes = [each for each in qapp.topLevelWidgets() if isinstance(each, QMessageBox)]
        open_at_once.append(sum(each.isVisible() for each in boxes))
        box.accept()

    for number in (1, 2, 3):
        jobs.run("look", lambda _, n=number: n, ask, quick=True)
    wait_until(lambda: jobs.idle)
    assert done == [1, 2, 3] and open_at_once == [1, 1, 1]
    assert jobs.close()
