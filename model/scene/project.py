"""Project files: one picture being edited, as a zip of PNG maps and a JSON description.

Version 1 holds project.json, labels.png (8 bits) and instances.png (16 bits) and, when the
project knows what the picture was before, labels_before.png and instances_before.png.
"""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from model.errors import MapError, ProjectError, SchemaError
from model.scene.files import atomic_file
from model.scene.instances import LARGEST_ID
from model.scene.labels import LabelSchema, load_schema
from model.scene.maps import (
    decode_instance_map,
    decode_label_map,
    encode_instance_map,
    encode_label_map,
    repair_instances,
)
from model.scene.scene import Scene, Style, Styles

EXTENSION = ".labelbrush"
FORMAT = "labelbrush-project"
VERSION = 1
MAX_MEMBERS = 16
MAX_MEMBER_BYTES = 64 * 2**20
MAX_RATIO = 200  # of unpacked to packed size

StyleEntries = dict[str, dict[str, Any]]  # by instance id: {"vector": [...], "cluster": k or null}


@dataclass(frozen=True, slots=True, eq=False)
class ProjectFile:
    """What a project file holds; `previous` is the scene before the edits it shows, if kept."""

    scene: Scene
    checkpoint: str | None = None
    style_seed: int = 0
    previous: Scene | None = None


def save_project(path: str | Path, project: ProjectFile, *, backup: bool = True) -> None:
    """Write a project file; atomic. Raises ProjectError, after which the old file is intact.

    With backup the version before stays beside it, as `backup_of` names it.
    """
    scenes = [scene for scene in (project.scene, project.previous) if scene is not None]
    if any(scene.instance_map.max() > LARGEST_ID for scene in scenes):
        raise ProjectError(
            f"{path} was not saved: an instance id beyond {LARGEST_ID} does not fit into it; "
            "relabel that instance."
        )
    if any((scene.size, scene.schema) != (scenes[0].size, scenes[0].schema) for scene in scenes):
        raise ValueError("the previous scene has another size or schema")
    with (
        atomic_file(path, ProjectError, backup=backup) as file,
        zipfile.ZipFile(file, "w") as archive,
    ):
        archive.writestr("project.json", json.dumps(_description(project), indent=1))
        _add_maps(archive, "", project.scene)
        if project.previous is not None:
            _add_maps(archive, "_before", project.previous)


def load_project(path: str | Path) -> ProjectFile:
    """Read a project file. Raises ProjectError when any part of it is missing or malformed."""
    try:
        with open(path, "rb") as file:
            return _load(file, str(path))
    except OSError as error:
        raise ProjectError(f"{path} cannot be read ({error.strerror}); check the path.") from error


def _load(file: IO[bytes], name: str) -> ProjectFile:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive, name)
            members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        return _parsed(members, name)
    except MapError as error:
        raise ProjectError(str(error)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise ProjectError(
            f"{name} is no whole project file ({error}); open another copy of it."
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProjectError(
            f"The description in {name} is incomplete or wrong ({error!r}); "
            "open another copy of the project."
        ) from error


def _check_members(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse archives that would fill the memory, before anything is unpacked."""
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS or len({entry.filename for entry in entries}) < len(entries):
        raise ProjectError(f"{name} has too many parts for a project; open another file.")
    for entry in entries:
        too_packed = entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        if entry.file_size > MAX_MEMBER_BYTES or too_packed:
            raise ProjectError(
                f"{entry.filename} in {name} is too large for a project; open another file."
            )


def _parsed(members: dict[str, bytes], name: str) -> ProjectFile:
    content = json.loads(members["project.json"])
    if content["format"] != FORMAT:
        raise ProjectError(f"{name} is no Labelbrush project; open another file.")
    version = content["version"]
    if not isinstance(version, int) or version < 1:
        raise ValueError(f"version {version!r}")
    if version > VERSION:
        raise ProjectError(
            f"{name} needs a Labelbrush that reads project version {version}, this one reads up "
            f"to {VERSION}; update Labelbrush."
        )
    schema = _schema(content["schema"], name)
    scene = _scene(members, "", content["styles"], schema, name)
    previous = None
    if "labels_before.png" in members:
        styles = content["styles_before"]
        previous = _scene(members, "_before", styles, schema, name)
        if previous.size != scene.size:
            raise ValueError("maps of different sizes")
    checkpoint = content["checkpoint"]
    if not isinstance(checkpoint, str | None):
        raise TypeError(f"checkpoint {checkpoint!r}")
    return ProjectFile(scene, checkpoint, int(content["style_seed"]), previous)


def _schema(schema_name: str, name: str) -> LabelSchema:
    """A schema by its bare name: a project from elsewhere must not make us read other files."""
    if not re.fullmatch(r"[\w-]+", schema_name):
        raise ValueError(f"schema {schema_name!r}")
    try:
        return load_schema(schema_name)
    except SchemaError as error:
        raise ProjectError(
            f"{name} needs the label schema {schema_name!r}, which is not here; "
            "put its file into assets/labels."
        ) from error


def _scene(
    members: dict[str, bytes], suffix: str, styles: StyleEntries, schema: LabelSchema, name: str
) -> Scene:
    label_name, instance_name = f"labels{suffix}.png", f"instances{suffix}.png"
    labels = decode_label_map(io.BytesIO(members[label_name]), f"{label_name} in {name}", schema)
    instances = decode_instance_map(
        io.BytesIO(members[instance_name]), f"{instance_name} in {name}"
    )
    if labels.shape != instances.shape:
        raise ValueError(f"{instance_name} and {label_name} differ in size")
    repair_instances(instances, labels, f"{instance_name} in {name}")
    return Scene(schema, labels, instances, _styles(styles))


def _styles(content: StyleEntries) -> Styles:
    styles = {}
    for key, entry in content.items():
        vector = tuple(float(value) for value in entry["vector"])
        if not all(map(math.isfinite, vector)):
            raise ValueError(f"style {vector} of instance {key}")
        cluster = entry["cluster"]
        styles[int(key)] = Style(vector, None if cluster is None else int(cluster))
    return styles


def _description(project: ProjectFile) -> dict[str, Any]:
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "schema": project.scene.schema.name,
        "checkpoint": project.checkpoint,
        "style_seed": project.style_seed,
        "styles": _style_entries(project.scene.styles),
    }
    if project.previous is not None:
        content["styles_before"] = _style_entries(project.previous.styles)
    return content


def _style_entries(styles: Styles) -> StyleEntries:
    return {
        str(key): {"vector": list(style.vector), "cluster": style.cluster}
        for key, style in sorted(styles.items())
    }


def _add_maps(archive: zipfile.ZipFile, suffix: str, scene: Scene) -> None:
    with archive.open(f"labels{suffix}.png", "w") as member:
        encode_label_map(member, scene.label_map)
    with archive.open(f"instances{suffix}.png", "w") as member:
        encode_instance_map(member, scene.instance_map)
