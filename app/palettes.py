"""Colours that labels are shown in: the schema's, or ones that stay apart for colour-blind people.

Only what is shown: exported maps keep the schema's colours.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.scene.labels import LabelSchema

SAFE = Path(__file__).parent.parent / "assets" / "palettes" / "colour_blind.toml"


def shown_palette(schema: LabelSchema, safe: bool) -> NDArray[np.uint8]:
    """(256, 3) RGB by label id."""
    palette = np.array(schema.palette)
    if safe:
        for label in schema:
            if label.name in _safe_colors():
                palette[label.id] = _safe_colors()[label.name]
    return palette


@cache
def _safe_colors() -> dict[str, list[int]]:
    return tomllib.loads(SAFE.read_text(encoding="utf-8"))
