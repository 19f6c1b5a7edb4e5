"""A lock on a file that other programs respect and that ends with the process, however it ends."""

from __future__ import annotations

import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on this system: then nobody is ever told that a file is in use
    fcntl = None


class FileLock:
    """Held until release()."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def acquire(cls, path: Path, *, create: bool = False) -> FileLock | None:
        """The lock on an existing file, or None while another holds it.

        File systems without locks give every caller one. Raises OSError when the file cannot
        be opened.
        """
        flags = os.O_RDWR | os.O_CREAT if create else os.O_RDONLY
        handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o600)
        if fcntl is None:
            return cls(handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        except OSError:
            pass
        return cls(handle)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
