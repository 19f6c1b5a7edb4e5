"""Writing a file so that a failure never harms the one that was there."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import IO

from model.errors import InputError

BACKUP_MARK = "~"
STALE_SECONDS = 24 * 3600  # nobody writes one file for so long


@contextmanager
def atomic_file(
    path: str | Path, error: type[InputError], *, backup: bool = False
) -> Iterator[IO[bytes]]:
    """A binary file that takes the place of path only once it is wholly written.

    On any failure path stays as it was and nothing else is left behind; failures of the file
    system are raised as error. With backup, what path held before stays as one file beside it,
    its name with `BACKUP_MARK` at the end.
    """
    target = Path(path).resolve()  # a link stays a link, to the new content
    temporary = _temporary(target)
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "it is write-protected")
        with open(temporary, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            if backup:
                _keep(target)
        os.replace(temporary, target)
        sync_folder(target.parent)
        _remove_stale(target)
    except OSError as failure:
        raise error(
            f"{path} could not be written ({failure.strerror or failure}); "
            "choose another folder or free some space."
        ) from failure
    finally:
        with suppress(OSError):
            temporary.unlink()


def backup_of(path: Path) -> Path:
    """Where atomic_file() keeps what path held before."""
    return path.with_name(path.name + BACKUP_MARK)


def sync_folder(folder: Path) -> None:
    """Make creating, renaming and removing in a folder survive a power cut, where possible."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _temporary(target: Path, kind: str = "tmp") -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.{kind}")


def _keep(target: Path) -> None:
    """Make the backup a second name of the present content, or a copy where that cannot be."""
    temporary = _temporary(target, "old.tmp")
    try:
        try:
            os.link(target, temporary)
        except OSError:  # such as on FAT
            shutil.copy2(target, temporary)
        os.replace(temporary, backup_of(target))
    finally:
        with suppress(OSError):
            temporary.unlink()


def _remove_stale(target: Path) -> None:
    """What a killed program left of earlier attempts to write this file."""
    for left in target.parent.glob(f".{escape(target.name)}.*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                left.unlink()
