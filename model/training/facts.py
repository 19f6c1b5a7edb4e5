"""What `streets` tells of its frames: walls and modes; anything else of them is not read here.

A mode is what a thing is made of or how it is painted: asphalt or cobblestone, a car's colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.scene.frame_files import MAX_FACTS_BYTES, FrameFiles
from model.scene.labels import LabelSchema, label_of
from model.scene.reading import parse_json, read_bytes
from model.scene.surface import Distances

DAMAGED = (ValueError, TypeError, LookupError, AttributeError)


def read_facts(path: Path) -> dict[str, Any]:
    """The facts of a frame. Raises InputError or ValueError where they cannot be read."""
    return parse_json(read_bytes(path, InputError, MAX_FACTS_BYTES))


def known_walls(facts: Path | None) -> Distances | None:
    """How far the walls of a rendered street are, in metres; None where nothing tells.

    What is found from label maps is off in a third of all streets, where cars or hedges hide the
    feet of walls. Windows would be learned as blurs from that.
    """
    if facts is None or not facts.is_file():
        return None
    try:
        walls = read_facts(facts).get("walls")
        return None if walls is None else (float(walls[0]), float(walls[1]))
    except DAMAGED as error:
        raise _damaged(facts, error) from error


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
    if facts is None or not facts.is_file():
        return {}
    try:
        told = read_facts(facts)
        modes = modes_of(told, instance_ids, schema) if "modes" in told else {}
    except DAMAGED as error:
        raise _damaged(facts, error) from error
    return {each: f"{_label_name(each, schema)}/{mode}" for each, mode in modes.items()}


def all_mode_names(files: FrameFiles, schema: LabelSchema) -> Iterable[str]:
    """Every "label/mode" that a frame's facts tell, whether or not it is on the picture."""
    path = files.facts
    if path is None or not path.is_file():
        return ()
    try:
        ids = [int(each) for each in read_facts(path).get("instances", {})]
    except DAMAGED as error:
        raise _damaged(path, error) from error
    return mode_names(path, [*(label.id for label in schema.labels), *ids], schema).values()


def _label_name(instance_id: int, schema: LabelSchema) -> str:
    label = int(label_of(instance_id))
    return schema.by_id(label).name if label in schema else ""


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"{path} is damaged ({error}); render the frame anew.")
