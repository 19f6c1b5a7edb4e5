"""StyleLibrary: styles a person keeps under names, and its file, which is also how they are shared.

One library belongs to one checkpoint: a style says nothing to another network.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.scene.files import atomic_file
from model.scene.reading import check_version, parse_json, read_bytes
from model.scene.scene import Style

FORMAT = "labelbrush-styles"
VERSION = 1
EXTENSION = ".styles.json"
MAX_BYTES = 4 * 2**20
MAX_STYLES = 2000
MAX_NAME = 60
MAX_FEATURES = 256
LARGEST_NUMBER = 1e6


class LibraryError(InputError):
    """A library of styles cannot be read or written, or refuses a change."""


@dataclass(frozen=True, slots=True)
class OwnStyle:
    """A style with a name; label: name of the label it was made for."""

    name: str
    label: str
    vector: tuple[float, ...]

    @property
    def style(self) -> Style:
        return Style(self.vector)


@dataclass(frozen=True, slots=True)
class StyleLibrary:
    """Styles in the order they were kept; names differ by more than upper and lower case.

    Attributes:
        identity: of the checkpoint's generator; checkpoint: its name, for people.
    """

    identity: str
    checkpoint: str
    styles: tuple[OwnStyle, ...] = ()

    def with_style(self, style: OwnStyle) -> StyleLibrary:
        """One more. Raises LibraryError for a name that is taken or none, or when it is full."""
        style = replace(style, name=tidied(style.name))
        self._require_free(style.name)
        if len(self.styles) >= MAX_STYLES:
            raise LibraryError(f"There are {MAX_STYLES} styles already; delete some of them.")
        return replace(self, styles=(*self.styles, style))

    def renamed(self, old: str, new: str) -> StyleLibrary:
        """Raises LibraryError for a name that is taken or none."""
        new = tidied(new)
        if new.casefold() != old.casefold():
            self._require_free(new)
        changed = (replace(each, name=new) if each.name == old else each for each in self.styles)
        return replace(self, styles=tuple(changed))

    def without(self, name: str) -> StyleLibrary:
        return replace(self, styles=tuple(each for each in self.styles if each.name != name))

    def merged(self, others: Iterable[OwnStyle]) -> StyleLibrary:
        """With others that are not there yet; one whose name is taken gets a number."""
        known = {(each.label, each.vector) for each in self.styles}
        library = self
        for each in others:
            if (each.label, each.vector) not in known:
                library = library.with_style(replace(each, name=library.free_name(each.name)))
                known.add((each.label, each.vector))
        return library

    def free_name(self, wanted: str) -> str:
        """The name itself, or with the first number that makes it free."""
        taken = {each.name.casefold() for each in self.styles}
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[: MAX_NAME - 6]} {number}"
        return name

    def _require_free(self, name: str) -> None:
        if not name:
            raise LibraryError("A style needs a name; type one.")
        if any(each.name.casefold() == name.casefold() for each in self.styles):
            raise LibraryError(f"There is a style {name!r} already; choose another name.")


def tidied(name: str) -> str:
    """A name without characters that cannot be seen, and no longer than MAX_NAME."""
    seen = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(seen.split())[:MAX_NAME].strip()


def library_path(folder: Path, identity: str) -> Path:
    """Where the library of a checkpoint lies in the user's folder of libraries."""
    return folder / f"{identity}{EXTENSION}"


def save_library(path: Path, library: StyleLibrary) -> None:
    """Writes the file whole or not at all. Raises LibraryError."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "checkpoint": {"identity": library.identity, "name": library.checkpoint},
        "styles": [
            {"name": each.name, "label": each.label, "vector": list(each.vector)}
            for each in library.styles
        ],
    }
    with atomic_file(path, LibraryError) as file:
        file.write(json.dumps(content, indent=1, ensure_ascii=False).encode())


def load_library(path: Path) -> StyleLibrary:
    """Reads a file of `save_library`. Raises LibraryError for anything else."""
    data = read_bytes(path, LibraryError, MAX_BYTES)
    try:
        content = parse_json(data)
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError(f"it does not say {FORMAT!r}")
        check_version(content.get("version"), VERSION, "style", path, LibraryError)
        return _library(content)
    except (ValueError, KeyError, OverflowError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise LibraryError(
            f"{path} holds no styles of Labelbrush ({reason}); choose another file."
        ) from error


def _library(content: dict[str, Any]) -> StyleLibrary:
    checkpoint, entries = content["checkpoint"], content["styles"]
    if not isinstance(checkpoint, dict) or not isinstance(entries, list):
        raise ValueError("it is put together in another way")
    if len(entries) > MAX_STYLES:
        raise ValueError(f"it holds more than {MAX_STYLES} styles")
    empty = StyleLibrary(_text(checkpoint["identity"]), _text(checkpoint["name"]))
    library = replace(empty, styles=tuple(_own_style(entry) for entry in entries))
    names = [each.name.casefold() for each in library.styles]
    if len(set(names)) < len(names):
        raise ValueError("two of its styles have the same name")
    if len({len(each.vector) for each in library.styles}) > 1:
        raise ValueError("its styles have different numbers of features")
    return library


def _own_style(entry: Any) -> OwnStyle:  # noqa: ANN401 - JSON
    if not isinstance(entry, dict):
        raise ValueError("a style is no object")
    name, vector = tidied(_text(entry["name"])), entry["vector"]
    if not name:
        raise ValueError("a style has no name")
    if not isinstance(vector, list) or not 1 <= len(vector) <= MAX_FEATURES:
        raise ValueError(f"the style {name!r} has no vector")
    if not all(type(number) in (int, float) for number in vector):
        raise ValueError(f"the style {name!r} has something else than numbers")
    numbers = tuple(float(number) for number in vector)
    if not all(math.isfinite(number) and abs(number) <= LARGEST_NUMBER for number in numbers):
        raise ValueError(f"the style {name!r} has numbers out of range")
    return OwnStyle(name, tidied(_text(entry["label"])), numbers)


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} is no text")
    return value
