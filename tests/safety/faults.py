"""Real failures of the file system at a chosen call: an error, or the end of the process.

The calls counted are opens for writing, writes, flushes to disk, renames, links and truncations of
the modules given; nothing else of the process is touched.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

COUNTED = ("open", "write", "fsync", "replace", "link", "rename", "ftruncate", "mkdir")


class Faults:
    """Counts calls, and at number `at` does what `kind` says: "error", "torn" or "kill".

    "torn" writes half of the bytes and ends the process, as a power cut does.
    """

    def __init__(self, at: int | None, kind: str = "error") -> None:
        self.at, self.kind, self.calls = at, kind, 0

    def __call__(self, name: str, call: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
        self.calls += 1
        if self.calls == self.at:
            if self.kind == "torn" and name == "write":
                data = bytes(args[-1])
                call(*args[:-1], data[: len(data) // 2])
            if self.kind != "error":
                os._exit(9)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return call(*args, **keywords)


class _File(io.FileIO):
    """An unbuffered file whose every write is counted."""

    def __init__(self, faults: Faults, path: Any, mode: str) -> None:
        super().__init__(path, mode.replace("b", ""))
        self._faults = faults

    def write(self, data: Any) -> int:
        return self._faults("write", super().write, memoryview(data).tobytes())


@contextmanager
def faulty(faults: Faults, *modules: ModuleType, buffer: int = 0) -> Iterator[None]:
    """While it lasts, `os` and `open` in those modules go through faults.

    buffer: how many bytes gather before they are written; 0 writes each piece at once.
    """

    def opened(path: Any, mode: str = "r", **keywords: Any) -> Any:
        if mode != "wb":
            return open(path, mode, **keywords)
        file = faults("open", _File, faults, path, mode)
        return io.BufferedWriter(file, buffer) if buffer else file

    def counted(name: str) -> Callable[..., Any]:
        return lambda *args, **keywords: faults(name, getattr(os, name), *args, **keywords)

    functions = {name: getattr(os, name) for name in dir(os)}
    system = SimpleNamespace(**(functions | {name: counted(name) for name in COUNTED}))
    kept = [(module, vars(module).get("os"), "open" in vars(module)) for module in modules]
    for module in modules:
        module.os = system  # type: ignore[attr-defined]
        module.open = opened  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module, original, had_open in kept:
            module.os = original  # type: ignore[attr-defined]
            if not had_open:
                del module.open  # type: ignore[attr-defined]
