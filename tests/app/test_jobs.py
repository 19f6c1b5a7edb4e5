"""Jobs beside the window: a line of work ends before closing goes on."""

from __future__ import annotations

import threading

from app.jobs import _Line

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
