"""Writing a file so that a failure never harms the one that was there."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from model.errors import InputError


@contextmanager
def atomic_file(path: str | Path, error: type[InputError]) -> Iterator[IO[bytes]]:
    """A binary file that takes the place of path only once it is wholly written.

    On any failure path stays as it was and nothing else is left behind; failures of the file
    system are raised as error.
    """
    target = Path(path).resolve()  # a link stays a link, to the new content
    temporary = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with open(temporary, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as failure:
        raise error(
            f"{path} could not be written ({failure.strerror or failure}); "
            "choose another folder or free some space."
        ) from failure
    finally:
        with suppress(OSError):
            temporary.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself survive a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
