"""The bundled stamps: silhouettes of the street's objects from several sides, without OpenGL.

Each object is built alone, seen by a camera at eye height, and its triangles are filled far to
near with their labels.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.ground import CAMERA_HEIGHT
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.stamps import Stamp, save_stamp, shrunk
from model.streets import style
from model.streets.furnish import ITEMS, Outfit
from model.streets.instances import InstanceAllocator
from model.streets.materials import Material
from model.streets.mesh import LABEL, MATERIAL, POSITION, Mesh
from model.streets.plan import Item
from model.streets.rng import stream

DISTANCE = 25.0  # metres from the camera
FOCAL = 2400.0  # pixels: one metre is about a hundred
LEAF_SIZE = 0.62  # of a leaf card that its leaves cover
CLOSING = 5  # pixels: smaller gaps between leaves are closed
SEED = 7


@dataclass(frozen=True)
class Subject:
    """What to draw: its kind among ITEMS and options; label and name as a person reads them.

    angles are in degrees, 0 seen from behind, 90 from the side.
    """

    label: str
    name: str
    kind: str
    angles: tuple[int, ...] = (0,)
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = SEED


ALL_SIDES = (0, 35, 90, 145, 180)
VEHICLES = tuple(
    Subject(label, name, kind, ALL_SIDES, options)
    for label, name, kind, options in (
        ("car", "city car", "car", {"body": "city"}),
        ("car", "saloon", "car", {"body": "sedan"}),
        ("car", "estate", "car", {"body": "estate"}),
        ("car", "off-roader", "car", {"body": "suv"}),
        ("car", "van", "car", {"body": "van"}),
        ("bus", "bus", "bus", {}),
        ("truck", "lorry", "lorry", {}),
        ("train", "tram", "tram", {}),
        ("caravan", "caravan", "caravan", {}),
        ("trailer", "trailer", "trailer", {}),
        ("bicycle", "bicycle", "bicycle", {}),
        ("motorcycle", "motorcycle", "motorcycle", {}),
        ("rider", "cyclist", "bicycle_rider", {}),
        ("rider", "motorcyclist", "motorcycle_rider", {}),
    )
)
PEOPLE = tuple(
    Subject("person", name, "person", angles, {"pose": pose, "child": child}, seed)
    for name, angles, pose, child, seed in (
        ("walking", (0, 60, 90, 180, 270), "walk", False, 3),
        ("walking, other", (0, 90, 130, 220), "walk", False, 12),
        ("standing", (0, 90), "stand", False, 5),
        ("standing, other", (0, 60), "stand", False, 21),
        ("child", (0, 90), "walk", True, 9),
    )
)
SIGNS = tuple(
    Subject("traffic sign", kind.replace("_", " "), "sign", (0,), {"sign": kind, "height": 2.3})
    for kind in ("prohibition", "warning", "priority", "stop", "direction", "no_parking")
)
POSTS = (
    Subject("traffic light", "light", "traffic_light", (0,), {"state": "red", "arm": 0.0}),
    Subject("traffic light", "with arm", "traffic_light", (0,), {"state": "red", "arm": 3.5}),
    Subject("pole", "lamp with arm", "lamp_post", (90,), {"style": 0}),
    Subject("pole", "lantern", "lamp_post", (0,), {"style": 1}),
)
TREES = tuple(
    Subject("vegetation", name, "tree", (0,), {"tree": kind, "scale": scale}, seed)
    for name, kind, scale, seed in (
        ("round tree", "round", 1.0, 2),
        ("young tree", "round", 0.6, 8),
        ("broad tree", "broad", 1.0, 3),
        ("columnar tree", "columnar", 1.0, 4),
        ("conifer", "conifer", 1.0, 5),
    )
)
BUSHES = (Subject("vegetation", "bush", "bush", (0,), {"radius": 0.8}),)
SUBJECTS = (*VEHICLES, *PEOPLE, *SIGNS, *POSTS, *TREES, *BUSHES)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Draw the stamps of assets/stamps: street objects from several sides."
    parser.add_argument("out", type=Path, help="folder of the stamps")


def run(args: argparse.Namespace) -> int:
    args.out.mkdir(parents=True, exist_ok=True)
    count = 0
    for subject in SUBJECTS:
        for stamp in stamps_of(subject):
            stem = re.sub(r"[^a-z0-9]+", "_", f"{stamp.label} {stamp.name}".casefold()).strip("_")
            save_stamp(args.out / f"{stem}.png", stamp)
            count += 1
    print(f"{count} stamps in {args.out}")
    return 0


def stamps_of(subject: Subject) -> Iterator[Stamp]:
    """One stamp per angle."""
    for angle in subject.angles:
        side = f" {angle}°" if len(subject.angles) > 1 else ""
        yield draw(subject, angle, subject.name + side)


def draw(subject: Subject, angle: float, name: str) -> Stamp:
    """The subject from one side, every part labelled as the street renderer labels it."""
    mesh = Mesh()
    modes = style.sample(SEED, style.check_forced({"vegetation": "summer"}))
    outfit = Outfit(mesh, subject.seed, modes, InstanceAllocator(), False, {})
    item = Item(
        subject.kind, (0, 0, 0), float(np.radians(angle)), subject.seed, None, subject.options
    )
    stream_name, build = ITEMS[subject.kind]
    build(outfit, item, stream(subject.seed, stream_name, item.index))
    vertices, triangles = mesh.arrays()
    labels, horizon = _filled(vertices, triangles)
    return _stamp(subject, labels, horizon, name)


def _filled(
    vertices: NDArray[np.float32], triangles: NDArray[np.uint32]
) -> tuple[NDArray[np.uint8], float]:
    """Label map with 255 outside, and the row of the horizon in it."""
    corners = vertices[triangles]
    points = corners[:, :, POSITION]
    leaves = corners[:, 0, MATERIAL] == Material.LEAF
    middle = points.mean(axis=1, keepdims=True)
    points = np.where(leaves[:, None, None], middle + LEAF_SIZE * (points - middle), points)
    away = points[..., 1] + DISTANCE
    columns = FOCAL * points[..., 0] / away
    rows = FOCAL * (CAMERA_HEIGHT - points[..., 2]) / away
    left, top = columns.min() - 2, rows.min() - 2
    size = int(rows.max() - top) + 4, int(columns.max() - left) + 4
    labels = np.full(size, 255, np.uint8)
    corners_2d = np.round(np.stack([columns - left, rows - top], axis=-1) * 16).astype(np.int32)
    for index in np.argsort(-away.mean(axis=1)).tolist():
        label = int(corners[index, 0, LABEL])
        cv2.fillConvexPoly(labels, corners_2d[index], label, cv2.LINE_8, shift=4)
    return labels, -float(top)


def _stamp(subject: Subject, labels: NDArray[np.uint8], horizon: float, name: str) -> Stamp:
    schema = load_schema(CITYSCAPES_NAME)
    if subject.label == "vegetation":
        solid = np.ones((CLOSING, CLOSING), np.uint8)
        closed = cv2.morphologyEx((labels != 255).astype(np.uint8), cv2.MORPH_CLOSE, solid)
        labels = np.where(closed > 0, schema.by_name("vegetation").id, 255).astype(np.uint8)
    rect = Rect.around(labels != 255)
    inside = labels[rect.slices]
    ids = [int(each) for each in np.unique(inside) if each != 255]
    ids.sort(key=lambda each: schema.by_id(each).name != subject.label)
    parts = np.zeros(inside.shape, np.uint8)
    for index, label_id in enumerate(ids, start=1):
        parts[inside == label_id] = index
    ratio = rect.height / (rect.y1 - horizon)
    return Stamp(name, tuple(schema.by_id(each).name for each in ids), shrunk(parts), ratio)
