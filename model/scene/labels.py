"""Label schemas: which label ids exist, their names, colours and whether they are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import SchemaError
from model.scene.reading import parse_toml, read_bytes

SCHEMA_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "labels"
CITYSCAPES_NAME = "cityscapes"
NO_TRAIN_ID = 255
MAX_FILE_BYTES = 256 * 2**10
MAX_NAME = 100  # characters of the name of a schema or label
_NUMBERED = re.compile(r"numbered-(\d{1,3})")

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """One label: id 0..255, RGB colour 0..255; train_id 255 means "ignored in evaluation"."""

    id: int
    name: str
    color: Color
    has_instances: bool = False
    train_id: int = NO_TRAIN_ID
    group: str = ""


def _texts(label: Label) -> tuple[str, str]:
    return label.name, label.group


@dataclass(frozen=True)
class LabelSchema:
    """All labels a picture can have, in the order in which they are shown.

    Raises SchemaError when two labels share an id or a name, or an id or colour is out of range.
    """

    name: str
    labels: tuple[Label, ...]
    _by_id: dict[int, Label] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {label.id: label for label in self.labels}
        names = {label.name for label in self.labels}
        if not len(by_id) == len(names) == len(self.labels) > 0:
            raise SchemaError(
                f"The label schema {self.name!r} needs at least one label, and every label "
                "its own id and name; correct its file."
            )
        for name in (self.name, *(text for label in self.labels for text in _texts(label))):
            if len(name) > MAX_NAME or not name.isprintable():
                raise SchemaError(
                    f"The label schema {self.name!r} has a name of more than {MAX_NAME} "
                    "characters, or one that cannot be printed; correct its file."
                )
        for label in self.labels:
            if not all(0 <= value <= 255 for value in (label.id, *label.color, label.train_id)):
                raise SchemaError(
                    f"Label {label.name!r} of the schema {self.name!r} has an id, colour or "
                    "train_id outside 0..255; correct the schema's file."
                )
        object.__setattr__(self, "_by_id", by_id)

    def __contains__(self, label_id: object) -> bool:
        return label_id in self._by_id

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def by_id(self, label_id: int) -> Label:
        return self._by_id[label_id]

    def by_name(self, name: str) -> Label:
        for label in self.labels:
            if label.name == name:
                return label
        raise KeyError(name)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(label.id for label in self.labels)

    @cached_property
    def palette(self) -> NDArray[np.uint8]:
        """(256, 3) uint8 RGB, read-only; ids that the schema lacks are black."""
        colors = np.zeros((256, 3), np.uint8)
        for label in self.labels:
            colors[label.id] = label.color
        colors.flags.writeable = False
        return colors


def label_of[Ids: Any](instance_ids: Ids) -> Ids:
    """The label id of an instance id: ids from 1000 on are label * 1000 + n (section 3.3).

    Takes an int or an integer array of any kind and returns the same.
    """
    counted = instance_ids >= 1000
    return instance_ids // 1000 * counted + instance_ids * (counted ^ True)


def label_colors(label_map: NDArray[np.uint8], schema: LabelSchema) -> NDArray[np.uint8]:
    """A (H, W) uint8 label map as a (H, W, 3) uint8 RGB picture in the schema's colours."""
    return schema.palette[label_map]


def load_schema(name_or_path: str | Path) -> LabelSchema:
    """A schema of assets/labels by its name, "numbered-N", or any schema file by its path.

    Raises SchemaError when there is no such schema or its file is malformed.
    """
    numbered = _NUMBERED.fullmatch(str(name_or_path))
    if numbered:
        return numbered_schema(int(numbered[1]))
    path = _schema_path(name_or_path)
    data = read_bytes(path, SchemaError, MAX_FILE_BYTES)
    try:
        content = parse_toml(data)
    except ValueError as error:
        raise SchemaError(f"The label schema {path} is not a TOML file: {error}.") from error
    return schema_from(content, f"The label schema {path}")


def schema_from(content: object, source: str) -> LabelSchema:
    """A schema from nested plain values; source begins the sentence of a SchemaError."""
    try:
        entries: Any = content
        return LabelSchema(str(entries["name"]), tuple(_label(each) for each in entries["labels"]))
    except SchemaError as error:
        raise SchemaError(f"{source} cannot be used: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise SchemaError(
            f"{source} needs a name and labels, each with id, name and color "
            f"[red, green, blue]; found {error!r}."
        ) from error


def schema_entries(schema: LabelSchema) -> dict[str, Any]:
    """The nested plain values that schema_from() takes."""
    return {"name": schema.name, "labels": [asdict(label) for label in schema]}


def _schema_path(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix == ".toml" or len(path.parts) != 1:
        return path
    bundled = SCHEMA_FOLDER / f"{path.name}.toml"
    if not bundled.is_file():
        known = ", ".join(sorted(file.stem for file in SCHEMA_FOLDER.glob("*.toml")))
        raise SchemaError(
            f"There is no label schema {str(name_or_path)!r}; choose one of {known}, "
            "or give the path of a .toml file."
        )
    return bundled


def _label(entry: dict[str, Any]) -> Label:
    red, green, blue = entry["color"]
    return Label(
        id=int(entry["id"]),
        name=str(entry["name"]),
        color=(int(red), int(green), int(blue)),
        has_instances=bool(entry.get("has_instances", False)),
        train_id=int(entry.get("train_id", NO_TRAIN_ID)),
        group=str(entry.get("group", "")),
    )


def numbered_schema(count: int) -> LabelSchema:
    """Labels 0..count-1 without names, for checkpoints that do not say what they learned.

    Colours are those of the official code (section 3.4): the Cityscapes table when there are
    35 labels, otherwise the bits of the id spread over the three channels.
    """
    if not 1 <= count <= 256:
        raise SchemaError(f"A label map holds 1 to 256 labels, not {count}.")
    colors = _cityscapes_colors() if count == 35 else map(_interleaved_color, range(count))
    labels = (Label(index, f"label {index}", color) for index, color in enumerate(colors))
    return LabelSchema(f"numbered-{count}", tuple(labels))


def _cityscapes_colors() -> list[Color]:
    """Channel 34, Cityscapes' licence plate (id -1), is drawn like a car."""
    schema = load_schema(CITYSCAPES_NAME)
    return [*(label.color for label in schema.labels), schema.by_name("car").color]


def _interleaved_color(label_id: int) -> Color:
    red = green = blue = 0
    for step in range(7):
        bits = label_id >> 3 * step
        red |= (bits & 1) << 7 - step
        green |= (bits >> 1 & 1) << 7 - step
        blue |= (bits >> 2 & 1) << 7 - step
    return red, green, blue
