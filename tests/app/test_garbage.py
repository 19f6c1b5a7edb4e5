"""Cycles are freed on the thread of the window, whatever thread asks for memory."""

from __future__ import annotations

import gc
import threading

from app.garbage import GarbageCollector
from model.inference.preload import importing


class Cycle:
    def __init__(self, ended: list[int]) -> None:
        self.me, self.ended = self, ended

    def __del__(self) -> None:
        self.ended.append(threading.get_ident())


def test_a_cycle_ends_on_the_windows_thread(qapp, wait_until):
    ended: list[int] = []
    gc.enable()
    collector = GarbageCollector(qapp)
    assert not gc.isenabled()
    Cycle(ended)
    thread = threading.Thread(target=lambda: [[[]] for _ in range(200_000)])
    thread.start()
    thread.join()
    assert not ended
    hoard = [[[]] for _ in range(2000)]
    importing.set()
    collector.collect()
    importing.clear()
    assert not ended  # the import would have to wait
    wait_until(lambda: ended)
    assert ended == [threading.get_ident()]
    assert len(hoard) == 2000
    collector.deleteLater()
