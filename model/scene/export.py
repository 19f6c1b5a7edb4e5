"""Pictures to show others: colour label maps, side by side, before and after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.scene.boundary import boundary_map
from model.scene.labels import label_colors
from model.scene.maps import write_label_map, write_picture
from model.scene.scene import Scene

Pixels = NDArray[np.uint8]  # (H, W, 3) RGB
GAP = 8  # white columns between two pictures


def side_by_side(*pictures: Pixels) -> Pixels:
    """Pictures of one height from left to right, (H, sum of widths and gaps, 3) uint8."""
    if len({picture.shape[0] for picture in pictures}) != 1:
        raise ValueError(f"heights differ: {[picture.shape[0] for picture in pictures]}")
    gap = np.full((pictures[0].shape[0], GAP, 3), 255, np.uint8)
    parts = [part for picture in pictures for part in (gap, picture)]
    return np.concatenate(parts[1:], axis=1)


def labels_and_picture(scene: Scene, picture: Pixels) -> Pixels:
    """The scene's label map in colours beside the (H, W, 3) picture painted from it."""
    return side_by_side(label_colors(scene.label_map, scene.schema), picture)


def export_label_colors(path: str | Path, scene: Scene) -> None:
    """Write the colour label map as a picture, by the name's suffix; atomic."""
    write_picture(path, label_colors(scene.label_map, scene.schema))


def export_boundary(path: str | Path, scene: Scene) -> None:
    """Write the boundary map as PNG, 255 where another instance begins; atomic."""
    write_label_map(path, boundary_map(scene.instance_map).astype(np.uint8) * np.uint8(255))


def painted_note(held: bool = False) -> str:
    """What a file keeps about a picture: the network's, or with drift taken back (hold still)."""
    return f"Labelbrush: {'held still' if held else 'as the network paints it'}"


def export_side_by_side(path: str | Path, scene: Scene, picture: Pixels, note: str = "") -> None:
    """Write labels_and_picture() as a picture that keeps a note; atomic."""
    write_picture(path, labels_and_picture(scene, picture), note)


def export_before_after(path: str | Path, before: Pixels, after: Pixels) -> None:
    """Write two (H, W, 3) pictures side by side as a picture; atomic."""
    write_picture(path, side_by_side(before, after))
