"""What an unknown label of a file most likely means: by its name, number or colour.

Numbers and colours are those of the bundled label schemas; only a person knows for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

from model.errors import SchemaError
from model.formats.foreign import plain_name
from model.scene.labels import SCHEMA_FOLDER, Label, LabelSchema, load_schema

LEAST_ALIKE = 0.7  # of two names, 1 for equal ones
MOST_APART = 60  # of two colours: the differences of red, green and blue together
OTHER_WORDS = {
    "person": "pedestrian people human man woman child",
    "rider": "cyclist motorcyclist biker",
    "car": "automobile vehicle suv van taxi",
    "truck": "lorry pickup",
    "bicycle": "bike cycle",
    "motorcycle": "motorbike scooter",
    "train": "tram",
    "road": "street lane asphalt crosswalk",
    "sidewalk": "pavement footpath walkway",
    "building": "house skyscraper",
    "vegetation": "tree trees bush plant hedge",
    "terrain": "grass soil earth field",
    "traffic light": "signal",
    "traffic sign": "sign",
}
_MEANT = {other: name for name, words in OTHER_WORDS.items() for other in words.split()}


def suggested(key: str, schema: LabelSchema) -> int | None:
    """The id of the label that is nearest to what a file calls key; None when none is near."""
    same = list(_elsewhere(key, schema))
    names = [key, *(label.name for label in same)]
    alike, label_id = max(
        ((_alike(name, label.name), -order), label.id)
        for name in names
        for order, label in enumerate(schema)
    )
    if alike[0] >= LEAST_ALIKE:
        return label_id
    apart = [(_apart(label, ours), ours.id) for label in same for ours in schema]
    return min(apart)[1] if apart and min(apart)[0] <= MOST_APART else None


def _elsewhere(key: str, schema: LabelSchema) -> Iterator[Label]:
    """The labels of other schemas with that name or number."""
    number = int(key) if key.isascii() and key.isdecimal() else -1
    for other in _bundled():
        if other.name != schema.name:
            yield from (
                label
                for label in other
                if label.id == number or plain_name(label.name) == plain_name(key)
            )


def _alike(key: str, name: str) -> float:
    """0..1: of names as they are, and of their words, where one has all of the other's."""
    key, name = plain_name(key), plain_name(name)
    if key == name:
        return 1.0
    one, other = _words(key), _words(name)
    if one <= other or other <= one:
        return 0.9
    return SequenceMatcher(None, key, name).ratio()


def _words(name: str) -> set[str]:
    """In the singular, as OTHER_WORDS has them."""
    singular = (word[:-1] if re.fullmatch(r"\w{2,}[^s]s", word) else word for word in name.split())
    return set(" ".join(_MEANT.get(word, word) for word in singular).split())


def _apart(one: Label, other: Label) -> int:
    return sum(abs(a - b) for a, b in zip(one.color, other.color, strict=True))


@cache
def _bundled() -> tuple[LabelSchema, ...]:
    found = []
    for path in sorted(SCHEMA_FOLDER.glob("*.toml")):
        try:
            found.append(load_schema(path.stem))
        except SchemaError:  # a broken one is said where it is chosen
            continue
    return tuple(found)
