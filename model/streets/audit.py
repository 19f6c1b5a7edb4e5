"""Looks over a folder of frames: counts pixels, modes, broken rules; draws a contact sheet."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.errors import InputError
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.streets.dataset import FrameFolder, FramePaths
from model.streets.findings import Findings, report
from model.streets.footprints import Box, overlap
from model.streets.layout import plan_street

SHEET_FRAMES, SHEET_COLUMNS, SHEET_WIDTH = 24, 4, 512
SHEET_NAME = "contact_sheet.jpg"


def audit(root: Path, split: str = "train") -> int:
    """Prints the findings, writes a contact sheet; 1 if the instance rule or a plan is broken."""
    frames = find_frames(root, split)
    findings = Findings()
    for paths in frames:
        _count(findings, paths)
    print("\n".join(report(findings)))
    sheet = root / SHEET_NAME
    cv2.imwrite(str(sheet), contact_sheet(frames))
    print(f"contact sheet: {sheet}")
    return 1 if findings.violations or findings.overlaps else 0


def find_frames(root: Path, split: str) -> list[FramePaths]:
    """The finished frames of a folder in order; InputError when there is none."""
    found = []
    for meta in sorted(FrameFolder(root, split).part("meta").glob("street_*.json")):
        _, seed, view = meta.stem.split("_")
        both = [
            FrameFolder(root, split, kind).paths(int(seed), int(view)) for kind in ("jpg", "png")
        ]
        found += [paths for paths in both if paths.finished][:1]
    if not found:
        raise InputError(f"{root} holds no finished {split} frames; render some with `streets`.")
    return found


def broken_rule(labels: NDArray[np.uint8], instances: NDArray[np.int32]) -> int:
    """Pixels that break: id >= 1000 has the label id // 1000, any other id is its label."""
    expected = np.where(instances >= 1000, instances // 1000, instances)
    return int(np.count_nonzero(expected != labels))


def read_frame(paths: FramePaths) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Labels (H, W) uint8 and instances (H, W) int32 of a finished frame."""
    labels = cv2.imread(str(paths.labels), cv2.IMREAD_UNCHANGED)
    instances = cv2.imread(str(paths.instances), cv2.IMREAD_UNCHANGED)
    if labels is None or instances is None or labels.shape != instances.shape:
        raise InputError(f"{paths.labels} and its instance map do not fit; render them again.")
    return labels.astype(np.uint8), instances.astype(np.int32)


def contact_sheet(frames: list[FramePaths]) -> NDArray[np.uint8]:
    """Up to SHEET_FRAMES pictures, spread evenly, each above its label map; BGR."""
    palette = load_schema(CITYSCAPES_NAME).palette[:, ::-1]
    step = max(1, len(frames) // SHEET_FRAMES)
    cells = []
    for paths in frames[::step][:SHEET_FRAMES]:
        labels, _ = read_frame(paths)
        height = round(SHEET_WIDTH * labels.shape[0] / labels.shape[1])
        size = (SHEET_WIDTH, height)
        stored = cv2.imread(str(paths.picture))
        if stored is None:
            raise InputError(f"{paths.picture} is not a picture; render it again.")
        picture = cv2.resize(stored, size, interpolation=cv2.INTER_AREA)
        colors = cv2.resize(palette[labels], size, interpolation=cv2.INTER_NEAREST)
        cells.append(np.vstack([picture, colors]))
    cells += [np.zeros_like(cells[0])] * (-len(cells) % min(SHEET_COLUMNS, len(cells)))
    columns = min(SHEET_COLUMNS, len(cells))
    rows = [np.hstack(cells[k : k + columns]) for k in range(0, len(cells), columns)]
    return np.vstack(rows)


def overlapping(boxes: list[Box]) -> int:
    """How many pairs of ground rectangles overlap."""
    centers, reach = np.array([(b.x, b.y) for b in boxes]), np.array([b.reach for b in boxes])
    apart = np.linalg.norm(centers[:, None] - centers[None], axis=-1)
    near = np.argwhere(np.triu(apart < reach[:, None] + reach[None], k=1))
    return sum(overlap(boxes[one], boxes[other]) for one, other in near)


def _count(findings: Findings, paths: FramePaths) -> None:
    labels, instances = read_frame(paths)
    facts = json.loads(paths.meta.read_text(encoding="utf-8"))
    share = np.bincount(labels.ravel(), minlength=256)
    findings.frames += 1
    findings.pixels += share
    findings.present += share > 0
    looks = {**facts["modes"], "layout": facts["layout"], "buildings": facts["buildings"]}
    findings.looks.append(looks)
    for record in facts["instances"].values():
        findings.instances[record["label"], record["mode"]] += 1
    broken = broken_rule(labels, instances)
    if broken:
        findings.violations.append(f"{paths.instances.name}: {broken} pixels")
    if facts["seed"] not in findings.seeds:
        findings.seeds.add(facts["seed"])
        findings.overlaps += overlapping(
            plan_street(facts["seed"], modular=facts.get("modular", False)).boxes
        )
