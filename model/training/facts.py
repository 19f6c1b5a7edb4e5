"""What `streets` tells of its frames: walls and modes; anything else of them is not read here.

A mode is what a thing is made of or how it is painted: asphalt or cobblestone, a car's colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.scene.frame_files import MAX_FACTS_BYTES
from model.scene.labels import LabelSchema, label_of
from model.scene.reading import parse_json, read_bytes
from model.scene.walls import Walls

DAMAGED = (ValueError, TypeError, LookupError, AttributeError)


def read_facts(path: Path) -> dict[str, Any]:
    """The facts of a frame. Raises InputError or ValueError where they cannot be read."""
    return parse_json(read_bytes(path, InputError, MAX_FACTS_BYTES))


def known_walls(facts: Path | None) -> Walls | None:
    """How far the walls of a rendered street are, in metres; None where nothing tells.

    Of what is found from label maps one wall in eleven is off, where cars or hedges hide its foot.
    Its windows would be learned as blurs from that. Raises InputError naming the file.
    """

    def told(content: dict[str, Any]) -> Walls | None:
        walls = content.get("walls")
        return None if walls is None else Walls(float(walls[0]), float(walls[1]))

    return _told(facts, told)


def modes_of(
    facts: dict[str, Any], instance_ids: Iterable[int], schema: LabelSchema
) -> dict[int, str]:
    """Instance id -> its mode, of those instances whose mode the facts tell.

    Raises LookupError, TypeError or AttributeError for facts that are damaged.
    """
    modes = {}
    for instance_id in instance_ids:
        known = facts["instances"].get(str(instance_id), {}).get("mode")
        if instance_id < 1000 and known is None:
            known = facts["modes"].get(_label_name(instance_id, schema))
        if known is not None:
            modes[instance_id] = str(known)
    return modes


def mode_names(
    facts: Path | None, instance_ids: Iterable[int], schema: LabelSchema
) -> dict[int, str]:
    """Instance id -> "label/mode", as `data.modes` names what is to be told apart.

    Empty where there are no facts, or none about modes. Raises InputError naming the file.
    """
    return _told(facts, lambda content: _names(content, instance_ids, schema)) or {}


def all_mode_names(facts: Path | None, schema: LabelSchema) -> set[str]:
    """Every "label/mode" that a frame's facts tell, whether or not it is on the picture.

    Raises InputError naming the file.
    """

    def told(content: dict[str, Any]) -> set[str]:
        ids = [int(each) for each in content.get("instances", {})]
        return set(_names(content, [*schema.ids, *ids], schema).values())

    return _told(facts, told) or set()


def _names(
    facts: dict[str, Any], instance_ids: Iterable[int], schema: LabelSchema
) -> dict[int, str]:
    modes = modes_of(facts, instance_ids, schema) if "modes" in facts else {}
    return {each: f"{_label_name(each, schema)}/{mode}" for each, mode in modes.items()}


def _told[Fact](path: Path | None, read: Callable[[dict[str, Any]], Fact]) -> Fact | None:
    """What `read` takes from a file of facts, None where there is none; InputError if damaged."""
    if path is None or not path.is_file():
        return None
    try:
        return read(read_facts(path))
    except DAMAGED as error:
        raise InputError(f"{path} is damaged ({error}); render the frame anew.") from error


def _label_name(instance_id: int, schema: LabelSchema) -> str:
    label = int(label_of(instance_id))
    return schema.by_id(label).name if label in schema else ""
