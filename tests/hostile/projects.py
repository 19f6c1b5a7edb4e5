"""Crafted projects, journals, label schemas and files of other programs."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from tests.hostile.crafting import (
    OPENS,
    Crafted,
    archive,
    claiming,
    description,
    file,
    instances,
    labels,
    many_entries,
    nested,
    picture,
    png,
    project,
    renamed,
)
from tests.hostile.pictures import LARGE, folder_named, sparse
from tests.versions.write import fixture

ZEROS = bytes(40 * 2**20)
WHOLE = archive(
    {"project.json": description(), "labels.png": labels(), "instances.png": instances()}
)
A = "a.labelbrush"


def packed(name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED):
    others = {"project.json": description(), "labels.png": labels(), "instances.png": instances()}
    return file(A, archive({**others, name: content}, method))


def lying() -> bytes:
    """labels.png says 60 bytes and unpacks to 40 MiB."""
    data = archive({"labels.png": ZEROS, "project.json": description()}, zipfile.ZIP_DEFLATED)
    return claiming(data, "labels.png", 60)


def encrypted() -> bytes:
    data = bytearray(WHOLE)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 1)
    return bytes(data)


def far_directory() -> bytes:
    """The end record of a 64-bit zip that says its directory takes a terabyte."""
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 9, 9, 2**40, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, 0xFFFFFFFF, 0, 0)
    return record + locator + end


def extras(**changes: Any) -> dict[str, Any]:
    return {"names": {}, "horizon": None, "hold_still": True, **changes}


def pins(count: int) -> list[dict[str, Any]]:
    return [{"name": "a", "styles": {}}] * count


def journal(change):
    """A journal that was written by the program, then changed."""

    def make(folder: Path) -> Path:
        target = folder / "journal"
        shutil.copytree(fixture("journal", 2), target)
        change(target)
        return target

    return make


def replaced(name: str, content: bytes):
    return journal(lambda folder: (folder / name).write_bytes(content))


def records(*contents: tuple[int, bytes]) -> bytes:
    """A file of steps with right checksums."""
    from model.scene.journal_records import Kind, _header

    return b"".join(
        _header(number, Kind(kind), content) + content
        for number, (kind, content) in enumerate(contents, start=1)
    )


def edit(**head: Any) -> bytes:
    text = json.dumps({"version": 1, "name": "a", **head}).encode()
    return struct.pack("<I", len(text)) + text


STEPS = "steps-000001.log"
KEYFRAME = "keyframe-000001.labelbrush"
NO_KEYFRAME = "no whole keyframe"


def schema(text: str):
    return file("a.toml", 'name = "a"\n' + text)


LABEL = '[[labels]]\nid = 1\nname = "a"\ncolor = [1, 2, 3]\n'


def polygons(objects: Any, width: Any = 64, height: Any = 64, name: str = "a_polygons.json"):
    content = {"imgWidth": width, "imgHeight": height, "objects": objects}
    return file(name, json.dumps(content))


def labelme(shape: dict[str, Any]):
    content = {"imageWidth": 9, "imageHeight": 9, "shapes": [shape]}
    return file("a.json", json.dumps(content))


def panoptic(name: str, segments: bytes | None = None):
    def make(folder: Path) -> Path:
        if segments is not None:
            (folder / "a.png").write_bytes(segments)
        annotations = [{"file_name": name, "segments_info": []}]
        content = {"annotations": annotations, "categories": [{"id": 7, "name": "road"}]}
        return file("a_panoptic.json", json.dumps(content))(folder)

    return make


def cvat(more: dict[str, bytes], text: bytes = b"road:1,2,3::\n", method: int = 0):
    return file("a.zip", archive({"labelmap.txt": text, **more}, method))


def history(side: int, count: int) -> bytes:
    """A project whose edits change every pixel from 7 to 7; packed they are a thousandth."""
    pixels = side * side
    values = np.full(pixels, 7, np.uint8).tobytes(), np.full(pixels, 7, "<i4").tobytes()
    raw = b"\xff" * ((pixels + 7) // 8) + b"".join(values) * 2
    one = edit(rect=[0, 0, side, side], counts=[pixels] * 4) + zlib.compress(raw)
    one = struct.pack("<I", len(one)) + one
    members = {"labels.png": labels(side, side), "instances.png": instances(side, side)}
    return archive({"project.json": description(), **members, "history.bin": one * count})


NOISE = np.random.default_rng(0).integers(0, 255, (400, 400, 3)).astype(np.uint8)
EVERYWHERE = [[0, 0], [65_000, 0], [65_000, 900], [0, 900]]
MASKS = "SegmentationClass/a.png"

FILES = [
    Crafted("a member of zeros", "project", packed("labels.png", ZEROS), "was packed to"),
    Crafted("a member that lies", "project", file(A, lying()), "no whole project"),
    Crafted("a member of 70 MiB", "project", packed("notes", bytes(70 * 2**20), 0), "too large"),
    Crafted("100 members", "project", file(A, many_entries(100)), "too many parts"),
    Crafted("400000 members", "project", file(A, many_entries(400_000)), "too many parts"),
    Crafted("a directory of a terabyte", "project", file(A, far_directory()), "too many parts"),
    Crafted(
        "a member packed by LZMA",
        "project",
        packed("labels.png", labels(), zipfile.ZIP_LZMA),
        "not read",
    ),
    Crafted("an encrypted project", "project", file(A, encrypted()), "not read"),
    Crafted(
        "a member with a path",
        "project",
        file(A, renamed(WHOLE, b"labels.png", b"../els.png")),
        "lacks labels.png",
    ),
    Crafted(
        "two members of one name",
        "project",
        file(A, renamed(archive({"project.json": b"", "project.jsoN": b""}), b"soN", b"son")),
        "two parts of one name",
    ),
    Crafted("a project cut short", "project", file(A, WHOLE[:-30]), "no whole project"),
    Crafted("a project of text", "project", file(A, "hello"), "no zip file"),
    Crafted("a folder called project", "project", folder_named(A), "is a folder"),
    Crafted("a project of 300 MiB", "project", sparse(A, 300 * 2**20), "larger than 256 MiB"),
    Crafted(
        "a nested description",
        "project",
        project(more={"project.json": nested().encode()}),
        "too deeply",
    ),
    Crafted(
        "a description of ten million values",
        "project",
        project(more={"project.json": b"[" + b"[]," * 10_000_000 + b"[]]"}),
        "too many values",
    ),
    Crafted("a newer project", "project", project(version=99), "project version 99"),
    Crafted(
        "a style that is no number",
        "project",
        project(styles={"7": {"vector": [float("nan")], "cluster": None}}),
        "not finite",
    ),
    Crafted(
        "a style of 100000 numbers",
        "project",
        project(styles={"7": {"vector": [0.0] * 100_000, "cluster": None}}),
        "100000 numbers",
    ),
    Crafted(
        "a style of instance 10^30", "project", project(styles={str(10**30): None}), "instance"
    ),
    Crafted("a seed beyond 64 bits", "project", project(style_seed=2**64), "style seed"),
    Crafted("a checkpoint that is a list", "project", project(checkpoint=[]), "checkpoint"),
    Crafted(
        "labels of 2.5 billion pixels",
        "project",
        project(more={"labels.png": png(50_000, 50_000)}),
        LARGE,
    ),
    Crafted(
        "instances of another, large size",
        "project",
        project(more={"instances.png": png(8000, 8000, depth=16)}),
        "8000x8000 pixels instead of 6x4",
    ),
    Crafted("fifty pins", "project", project(pins=pins(50)), "50 pins"),
    Crafted("a pin without maps", "project", project(pins=pins(1)), "lacks labels_pin1.png"),
    Crafted("a horizon at infinity", "project", project(extras=extras(horizon=1e999)), "horizon"),
    Crafted(
        "a name with a line break",
        "project",
        project(extras=extras(names={"7": "a\nb"})),
        "the name",
    ),
    Crafted("hold still perhaps", "project", project(extras=extras(hold_still=3)), "hold still"),
    Crafted(
        "a schema with an infinite id",
        "project",
        project(schema={"name": "a", "labels": [{"id": 1e999, "name": "a", "color": [1, 2, 3]}]}),
        "schema in",
    ),
    Crafted("a schema that is a path", "project", project(version=1, schema="../../x"), "../../x"),
    Crafted(
        "a history of 4 GiB", "project", lambda f: file(A, history(1000, 400))(f), "history|edit"
    ),
    Crafted("an edit of 90 MiB", "project", lambda f: file(A, history(3000, 1))(f), "an edit of"),
    Crafted(
        "a history that is cut short",
        "project",
        project(more={"history.bin": b"\xff\xff\0\0"}),
        "cut short",
    ),
    Crafted("a record of a gigabyte", "journal", replaced(STEPS, b"\xff\xff\xff\x3f" * 99), OPENS),
    Crafted("a keyframe of zeros", "journal", replaced(KEYFRAME, ZEROS), NO_KEYFRAME),
    Crafted("a keyframe that lies", "journal", replaced(KEYFRAME, lying()), NO_KEYFRAME),
    Crafted(
        "facts that are nested",
        "journal",
        replaced(STEPS, records((4, nested().encode()))),
        "too deeply",
    ),
    Crafted("facts of 20 MiB", "journal", replaced(STEPS, records((4, b" " * 2**25))), "facts of"),
    Crafted(
        "an edit outside the picture",
        "journal",
        replaced(STEPS, records((1, edit(rect=[0, 0, 10**9, 10**9], counts=[1, 1, 1, 1])))),
        OPENS,
    ),
    Crafted(
        "an edit of nested styles",
        "journal",
        replaced(STEPS, records((1, struct.pack("<I", 400_000) + nested().encode()))),
        OPENS,
    ),
    Crafted("a schema of 1 MiB", "schema", schema("#" * 2**20), "larger than 256 KiB"),
    Crafted("a nested schema", "schema", schema(f"a = {nested(50_000)}"), "too deeply"),
    Crafted("a schema of dots", "schema", schema("a." * 50_000 + "a = 1"), "a.toml"),
    Crafted("a schema not in UTF-8", "schema", file("a.toml", b"\xff\xfe"), "not a TOML file"),
    Crafted("an infinite label", "schema", schema(LABEL.replace("1", "inf", 1)), "needs a name"),
    Crafted("labels of one id", "schema", schema(LABEL + LABEL), "its own id"),
    Crafted("a label of 2000 letters", "schema", schema(LABEL.replace("a", "a" * 2000)), "a.toml"),
    Crafted("labels that are a text", "schema", schema('labels = "abc"'), "needs a name"),
    Crafted("nested JSON", "foreign", file("a.json", nested()), "too deeply"),
    Crafted(
        "3 million values", "foreign", file("a.json", "[" + "0," * 3_000_000 + "0]"), "too many"
    ),
    Crafted("70 MiB of JSON", "foreign", sparse("a.json", 70 * 2**20), "larger than 64 MiB"),
    Crafted("polygons on 10^18 pixels", "foreign", polygons([], 10**9, 10**9), "size"),
    Crafted(
        "polygons that take for ever",
        "foreign",
        polygons([{"label": "road", "polygon": EVERYWHERE}] * 3000, 65_000, 900),
        "one over the other",
    ),
    Crafted(
        "a corner at infinity",
        "foreign",
        polygons([{"label": "road", "polygon": [[1e999, 0], [1, 1]]}]),
        "no place in a picture",
    ),
    Crafted(
        "a polygon of nothing", "foreign", polygons([{"label": "road", "polygon": []}]), "corner"
    ),
    Crafted("objects that are a number", "foreign", polygons(5), "no Cityscapes polygon"),
    Crafted("labels of other kinds", "foreign", polygons([[]]), "no Cityscapes polygon"),
    Crafted(
        "a shape of no kind",
        "foreign",
        labelme({"label": "a", "shape_type": "cube", "points": [[1, 1]]}),
        "cube",
    ),
    Crafted(
        "an infinite group",
        "foreign",
        labelme({"label": "a", "group_id": 1e999, "points": [[1, 1]]}),
        "no labelme file",
    ),
    Crafted(
        "a circle of one point",
        "foreign",
        labelme({"label": "a", "shape_type": "circle", "points": [[1, 1]]}),
        "no labelme file",
    ),
    Crafted("segments elsewhere", "foreign", panoptic("../../../etc/passwd"), "file name"),
    Crafted("segments that are missing", "foreign", panoptic("b.png"), "needs b.png"),
    Crafted("segments of 2.5 billion", "foreign", panoptic("a.png", png(50_000, 50_000)), LARGE),
    Crafted("segments without a word", "foreign", panoptic("a.png", picture(NOISE)), "description"),
    Crafted("masks of 150000 colours", "foreign", cvat({MASKS: picture(NOISE)}), "colours"),
    Crafted("masks that lack labels", "foreign", file("a.zip", archive({"a": b""})), "missing"),
    Crafted("masks of 70 MiB", "foreign", cvat({MASKS: bytes(70 * 2**20)}, method=8), "too large"),
    Crafted("a label list of 2 MiB", "foreign", cvat({MASKS: labels()}, b"#" * 2**21), "labelmap"),
    Crafted("masks of 2.5 billion", "foreign", cvat({MASKS: png(50_000, 50_000)}), LARGE),
    Crafted("masks cut short", "foreign", file("a.zip", archive({"a": b"b"})[:-9]), "zip file"),
    Crafted("a label nobody knows", "foreign", cvat({MASKS: picture(NOISE[:3, :3])}), "lacks"),
]
