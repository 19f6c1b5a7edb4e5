"""Project files: one picture being edited, as a zip of PNG maps and a JSON description.

Version 2 holds project.json with the label schema itself, labels.png (8 bits) and instances.png
(16 bits); *_before.png when the project knows what the picture was before; and for every pin its
maps and a small picture; history.bin, when the edits are kept; and beside each pair of maps
layers*.bin, when they hide something. Version 1 had the schema's name alone, and no pins.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from model.errors import MapError, ProjectError, SchemaError
from model.scene.archives import Archive, ArchiveError
from model.scene.edits import Edit
from model.scene.extras import (
    MAX_NAME,
    MAX_PIN_SIDE,
    Extras,
    Pin,
    checked_name,
    extras_entries,
    extras_from,
    most_pins,
    tidied,
)
from model.scene.files import atomic_file
from model.scene.instances import LARGEST_ID
from model.scene.kept_history import pack_edits, unpack_edits
from model.scene.kept_layers import pack_layers, unpack_layers
from model.scene.labels import LabelSchema, load_schema, schema_entries, schema_from
from model.scene.layers import NO_LAYERS
from model.scene.maps import (
    decode_instance_map,
    decode_label_map,
    decode_picture,
    encode_instance_map,
    encode_label_map,
    encode_picture,
    repair_instances,
)
from model.scene.reading import check_version, opened, parse_json
from model.scene.scene import Scene, Styles, instance_key, style_from

EXTENSION = ".labelbrush"
FORMAT = "labelbrush-project"
VERSION = 2
MAX_BYTES = 256 * 2**20
MAX_MEMBERS = 64
MAX_MEMBER_BYTES = 64 * 2**20
MAX_RATIO = 200  # of unpacked to packed size
MAX_SEED = 2**63
DESCRIPTION = "project.json"
HISTORY = "history.bin"

Report = Callable[[int, int], object]
StyleEntries = dict[str, dict[str, Any]]  # by instance id: {"vector": [...], "cluster": k or null}


def _ignore(done: int, total: int) -> None:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class ProjectFile:
    """What a project file holds.

    Attributes:
        previous: the scene before the edits that it shows, if kept.
        edits: that led to the scene, if kept; a file takes the newest, as far as they fit.
    """

    scene: Scene
    checkpoint: str | None = None
    style_seed: int = 0
    previous: Scene | None = None
    extras: Extras = field(default_factory=Extras)
    pins: tuple[Pin, ...] = ()
    edits: tuple[Edit, ...] = ()


def save_project(
    path: str | Path, project: ProjectFile, *, backup: bool = True, report: Report = _ignore
) -> None:
    """Write a project file; atomic. Raises ProjectError, after which the old file is intact.

    With backup the version before stays beside it, as `backup_of` names it. report hears how many
    of how many parts are written; when it raises, the old file is intact as well.
    """
    scenes = _scenes(project)
    if any(scene.instance_map.max() > LARGEST_ID for scene in scenes.values()):
        raise ProjectError(
            f"{path} was not saved: an instance id beyond {LARGEST_ID} does not fit into it; "
            "relabel that instance."
        )
    if len({(scene.size, scene.schema.name) for scene in scenes.values()}) > 1:
        raise ValueError("the previous scene or a pin has another size or schema")
    with (
        atomic_file(path, ProjectError, backup=backup) as file,
        zipfile.ZipFile(file, "w") as archive,
    ):
        archive.writestr(DESCRIPTION, json.dumps(_description(project), indent=1))
        for number, (suffix, scene) in enumerate(scenes.items()):
            report(number, len(scenes) + 1)
            with archive.open(f"labels{suffix}.png", "w") as member:
                encode_label_map(member, scene.label_map)
            with archive.open(f"instances{suffix}.png", "w") as member:
                encode_instance_map(member, scene.instance_map)
            if scene.layers is not NO_LAYERS:
                archive.writestr(f"layers{suffix}.bin", pack_layers(scene.layers))
        for number, pin in enumerate(project.pins, start=1):
            with archive.open(f"picture_pin{number}.png", "w") as member:
                encode_picture(member, pin.picture)
        report(len(scenes), len(scenes) + 1)
        if project.edits:
            archive.writestr(HISTORY, pack_edits(project.edits))


def _scenes(project: ProjectFile) -> dict[str, Scene]:
    """Everything a project keeps maps of, by what the names of their members end with."""
    scenes = {"": project.scene}
    if project.previous is not None:
        scenes["_before"] = project.previous
    pins = enumerate(project.pins, start=1)
    return scenes | {f"_pin{number}": pin.scene for number, pin in pins}


def load_project(path: str | Path) -> ProjectFile:
    """Read a project file. Raises ProjectError when any part of it is missing or malformed."""
    name = str(path)
    try:
        with opened(path, ProjectError, MAX_BYTES) as file:
            return _load(file, name)
    except (MapError, SchemaError) as error:
        raise ProjectError(str(error)) from error
    except ArchiveError as error:
        raise ProjectError(
            f"{name} is no whole project file ({error}); open another copy of it."
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ProjectError(
            f"The description in {name} is incomplete or wrong ({error!r}); "
            "open another copy of the project."
        ) from error


def _load(file: IO[bytes], name: str) -> ProjectFile:
    limits = {"most_parts": MAX_MEMBERS, "most_bytes": MAX_MEMBER_BYTES, "most_ratio": MAX_RATIO}
    archive = Archive(file, **limits)
    content = parse_json(archive.read(DESCRIPTION))
    if content["format"] != FORMAT:
        raise ProjectError(f"{name} is no Labelbrush project; open another file.")
    version = check_version(content["version"], VERSION, "project", name, ProjectError)
    checkpoint, seed = content["checkpoint"], content["style_seed"]
    if not isinstance(checkpoint, str | None):
        raise TypeError(f"checkpoint {checkpoint!r}")
    if type(seed) is not int or not 0 <= seed < MAX_SEED:
        raise ValueError(f"style seed {seed!r}")
    extras = extras_from(content["extras"]) if version > 1 else Extras()
    reader = _SceneReader(archive, _schema(content["schema"], version, name), name)
    scene = reader.scene("", content["styles"])
    previous = None
    if "labels_before.png" in archive:
        previous = reader.scene("_before", content["styles_before"])
    entries = content["pins"] if version > 1 else []
    if len(entries) > most_pins(scene.size):
        raise ValueError(f"{len(entries)} pins of pictures of {scene.size}")
    pins = tuple(reader.pin(number, entry) for number, entry in enumerate(entries, start=1))
    edits = unpack_edits(archive.read(HISTORY), scene) if HISTORY in archive else ()
    return ProjectFile(scene, checkpoint, seed, previous, extras, pins, edits)


def _schema(content: Any, version: int, name: str) -> LabelSchema:  # noqa: ANN401 - JSON
    """The schema inside, or in version 1 by its bare name: no project makes us read other files.

    One that shares its name with another schema is told apart by its name, so that no checkpoint
    takes its labels for the other's.
    """
    bare = content if version == 1 else content["name"]
    own = None if version == 1 else schema_from(content, f"The label schema in {name}")
    try:
        known = load_schema(bare) if re.fullmatch(r"[\w-]+", bare) else None
    except SchemaError:
        known = None
    if own is None:
        if known is None:
            raise ProjectError(
                f"{name} needs the label schema {bare!r}, which is not here; "
                "put its file into assets/labels."
            )
        return known
    if known is None or [*map(_meaning, known)] == [*map(_meaning, own)]:
        return own
    return replace(own, name=f"{own.name} of another time")


def _meaning(label: Any) -> tuple[int, str, bool]:  # noqa: ANN401 - a Label
    return label.id, label.name, label.has_instances


class _SceneReader:
    """Reads maps out of the archive; all have the size of the first."""

    def __init__(self, archive: Archive, schema: LabelSchema, name: str) -> None:
        self._archive, self._schema, self._name = archive, schema, name
        self._size: tuple[int, int] | None = None

    def scene(self, suffix: str, styles: StyleEntries) -> Scene:
        frozen = _styles(styles)
        file, name = self._part(f"labels{suffix}.png")
        labels = decode_label_map(file, name, self._schema, self._size)
        self._size = labels.shape[0], labels.shape[1]
        file, name = self._part(f"instances{suffix}.png")
        instances = decode_instance_map(file, name, self._size)
        repair_instances(instances, labels, name)
        part, layers = f"layers{suffix}.bin", NO_LAYERS
        if part in self._archive:
            layers = unpack_layers(self._archive.read(part), self._size, self._schema)
        return Scene(self._schema, labels, instances, frozen, layers=layers)

    def pin(self, number: int, entry: dict[str, Any]) -> Pin:
        scene = self.scene(f"_pin{number}", entry["styles"])
        file, name = self._part(f"picture_pin{number}.png")
        picture = decode_picture(file, name)
        if max(picture.shape) > MAX_PIN_SIDE:
            raise ValueError(f"a pin's picture of {picture.shape}")
        return Pin(_pin_name(entry["name"]), scene, np.ascontiguousarray(picture))

    def _part(self, part: str) -> tuple[IO[bytes], str]:
        return io.BytesIO(self._archive.read(part)), f"{part} in {self._name}"


def _pin_name(text: object) -> str:
    """Some were written with characters that cannot be shown, as names of photos have them."""
    if isinstance(text, str) and len(text) <= MAX_NAME:
        return tidied(text)
    return checked_name(text)


def _styles(content: StyleEntries) -> Styles:
    return {
        instance_key(key): style_from(entry["vector"], entry["cluster"])
        for key, entry in content.items()
    }


def _description(project: ProjectFile) -> dict[str, Any]:
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "schema": schema_entries(project.scene.schema),
        "checkpoint": project.checkpoint,
        "style_seed": project.style_seed,
        "styles": _style_entries(project.scene.styles),
        "extras": extras_entries(project.extras),
        "pins": [
            {"name": pin.name, "styles": _style_entries(pin.scene.styles)} for pin in project.pins
        ],
    }
    if project.previous is not None:
        content["styles_before"] = _style_entries(project.previous.styles)
    return content


def _style_entries(styles: Styles) -> StyleEntries:
    return {
        str(key): {"vector": list(style.vector), "cluster": style.cluster}
        for key, style in sorted(styles.items())
    }
