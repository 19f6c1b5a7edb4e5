"""Foreign: maps as another program's file describes them, and how they become a scene of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.errors import MapError
from model.scene.instances import LARGEST_ID, free_instance_id
from model.scene.labels import LabelSchema, label_of
from model.scene.scene import Scene

GROUP = 0  # object number of pixels that belong to no single object
MAX_KEYS = 10_000
MAX_OBJECTS = 100_000
NOT_OURS = 1 << 30  # object numbers from here on are no instance ids of ours


@dataclass(frozen=True, slots=True, eq=False)
class Foreign:
    """What a file says.

    Attributes:
        keys: how the file calls its labels, names or ids.
        codes: (H, W) int32, positions in keys.
        objects: (H, W) int32, which object; GROUP for none. Instance ids of ours are kept.
    """

    keys: tuple[str, ...]
    codes: NDArray[np.int32]
    objects: NDArray[np.int32]


class UnknownLabels(MapError):
    """A file has labels that the schema lacks; they can be told with a mapping.

    Attributes:
        counts: pixels by what the file calls the label.
    """

    def __init__(self, name: str, schema: LabelSchema, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        listed = ", ".join(list(counts)[:8]) + (", ..." if len(counts) > 8 else "")
        super().__init__(
            f"{name} has labels that the schema {schema.name!r} lacks ({listed}; "
            f"{sum(counts.values())} pixels); say what they are, or choose another schema."
        )


def adopt(foreign: Foreign, name: str, schema: LabelSchema, mapping: Mapping[str, int]) -> Scene:
    """The scene that a file describes; name stands in messages.

    Labels are found by the mapping, by name or by id. Raises UnknownLabels for the others, and
    InputError when a label has more objects than there are numbers.
    """
    codes, counts = np.unique(foreign.codes, return_counts=True)
    table = np.zeros(len(foreign.keys), np.uint8)
    unknown: dict[str, int] = {}
    for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
        label_id = find_label(foreign.keys[code], schema, mapping)
        if label_id is None:
            unknown[foreign.keys[code]] = count
        else:
            table[code] = label_id
    if unknown:
        raise UnknownLabels(name, schema, unknown)
    labels = table[foreign.codes]
    return Scene(schema, labels, _numbered(labels, foreign.objects, schema, name))


def find_label(key: str, schema: LabelSchema, mapping: Mapping[str, int]) -> int | None:
    """The label that a file means by key; None when nobody knows."""
    if mapping.get(key) in schema:
        return mapping[key]
    by_name = {plain_name(label.name): label.id for label in schema}
    if plain_name(key) in by_name:
        return by_name[plain_name(key)]
    return int(key) if key.isascii() and key.isdecimal() and int(key) in schema else None


def plain_name(name: str) -> str:
    """A label's name in lower case, without underscores and hyphens."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _numbered(
    labels: NDArray[np.uint8], objects: NDArray[np.int32], schema: LabelSchema, name: str
) -> NDArray[np.int32]:
    """Instance ids: those that are one of the label's already are kept, others numbered."""
    pairs = labels.astype(np.int64) << 32 | objects.astype(np.int64)
    values, places = np.unique(pairs, return_inverse=True)
    if len(values) > MAX_OBJECTS:
        raise MapError(
            f"{name} has {len(values)} objects, more than {MAX_OBJECTS}; choose another file."
        )
    found = [(int(value >> 32), int(value & 0xFFFFFFFF)) for value in values]
    ids: dict[int, int] = {
        row: number
        for row, (label_id, number) in enumerate(found)
        if 1000 <= number <= LARGEST_ID and label_of(number) == label_id
    }
    taken = set(ids.values())
    for row, (label_id, number) in enumerate(found):
        if row in ids:
            continue
        alone = number not in (GROUP, label_id)
        ids[row] = free_instance_id(schema.by_id(label_id), taken) if alone else label_id
        taken.add(ids[row])
    table = np.array([ids[row] for row in range(len(found))], np.int32)
    return table[places].reshape(labels.shape)
