"""Threads that give way to the window's, with which they share the processor."""

from __future__ import annotations

import os
import sys
import threading

NICER = 10  # the step, where a thread has a nice value of its own


def give_way() -> None:
    """From now on the thread that calls this, and every one that it begins, is served after others.

    Linux only: elsewhere the value is the whole process's, or there is none.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICER)
