"""SpillFile: old edits outside of memory, in a file without a name that ends with the program.

Only ever appended to, so that what was read off it once can be read again, on any thread.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from pathlib import Path

import platformdirs

from model.scene.edit_codec import decode_edit, encode_edit
from model.scene.edits import Edit
from model.scene.geometry import Rect

Place = tuple[int, int]  # offset and length in bytes


class SpillFile:
    """Holds edits of one picture. It is gone once nobody refers to it, however the program ends."""

    def __init__(self, bounds: Rect, folder: Path | None = None) -> None:
        """folder: where it lies; without one the user's cache. Raises OSError."""
        self._bounds = bounds
        self._handle = _unnamed_file(cache_folder() if folder is None else folder)
        self._end = 0
        weakref.finalize(self, os.close, self._handle)

    @property
    def size(self) -> int:
        return self._end

    def write(self, edit: Edit) -> Place:
        """Raises OSError, after which the file is as before."""
        data = encode_edit(edit)
        view, start = memoryview(data), self._end
        while view:
            written = os.pwrite(self._handle, view, start)
            view, start = view[written:], start + written
        place = self._end, len(data)
        self._end = start
        return place

    def read(self, place: Place) -> Edit:
        """Raises OSError when the disk does not give it back."""
        offset, length = place
        data = os.pread(self._handle, length, offset)
        try:
            return decode_edit(data, self._bounds)
        except ValueError as error:
            raise OSError(f"an old edit cannot be read back ({error})") from error


def cache_folder() -> Path:
    return platformdirs.user_cache_path("labelbrush", appauthor=False)


def _unnamed_file(folder: Path) -> int:
    """A descriptor of a file that is in no folder, so that nothing is left when it is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".history-", dir=folder)
    os.unlink(name)
    return handle
