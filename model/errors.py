"""Errors a user can meet. Each carries one sentence that names the file and says what to do."""

from __future__ import annotations

MOST_CHARACTERS = 1000


class InputError(Exception):
    """The user's input was refused; nothing was written. The command line exits with code 2."""

    def __str__(self) -> str:
        """Fit to be shown: what a file wrote into the sentence can be of any length and kind."""
        text = super().__str__()
        if len(text) > MOST_CHARACTERS:
            half = MOST_CHARACTERS // 2
            text = f"{text[:half]} ... {text[-half:]}"
        return "".join(char if char.isprintable() else " " for char in text)


class SchemaError(InputError):
    """A label schema file cannot be used."""


class MapError(InputError):
    """A label map, instance map or picture cannot be used."""


class ProjectError(InputError):
    """A project file cannot be read or written."""


class JournalError(InputError):
    """Edits cannot be recorded for recovery, or what was recorded cannot be read."""


class CheckpointError(InputError):
    """A checkpoint cannot be used."""


class ResourceError(Exception):
    """Memory or disk ran out, and nothing smaller was left to try; one sentence says what to do.

    What was asked for is right, and the next request may succeed. The command line exits with
    code 1.
    """
