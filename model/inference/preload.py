"""Imports that are felt: torch's libraries beforehand, modules for good. No torch.

Binding half a gigabyte of libraries takes a third of the import's time, and Python's own import
holds the interpreter's lock all the while. Here the loader is called without it, in a thread of
its own, while the window is built. What fails here is left to the import, which says why.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import sys
import threading
from pathlib import Path
from types import ModuleType

from model.inference.priority import give_way

# What torch itself loads first, for all to see, and then the rest of it.
LIBRARIES = (
    (
        ("libtorch_global_deps.so", os.RTLD_LAZY | os.RTLD_GLOBAL),
        ("libtorch_python.so", os.RTLD_LAZY | os.RTLD_LOCAL),
    )
    if sys.platform == "linux"
    else ()
)


def preload() -> threading.Thread | None:
    """Begin; None where torch is in memory already or there is nothing to gain."""
    if not LIBRARIES or "torch" in sys.modules:
        return None
    from PIL import Image  # which `--help` does without

    Image.preinit()  # at the first picture it would wait until the loader is free again
    thread = threading.Thread(target=_load, name="torch's libraries", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    give_way()
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return
    folder = Path(found.origin).parent / "lib"
    for name, mode in LIBRARIES:
        # Called like this, unlike by CDLL(path), it works without the interpreter's lock.
        ctypes.CDLL(None).dlopen(os.fsencode(folder / name), mode)


importing = threading.Event()
"""Set while a module is imported for good: whoever collects garbage should wait."""


def import_for_good(name: str) -> ModuleType:
    """Import a module, and have the garbage collector pass over all that there is then.

    With torch that is 200000 objects: going through them takes a tenth of a second, with Python's
    lock, whenever enough new ones have come. What is in use now and forms a cycle is never freed.
    """
    if name not in sys.modules:
        enabled = gc.isenabled()
        gc.disable()
        importing.set()
        try:
            importlib.import_module(name)
        finally:
            gc.freeze()
            importing.clear()
            if enabled:
                gc.enable()
    return sys.modules[name]
