"""Extras: what a person has set about a picture beside its pixels and styles; kept with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.scene.maps import MAX_PIXELS
from model.scene.scene import Scene, instance_key

MAX_NAME = 100  # characters
MAX_PINS = 9
MAX_PIN_SIDE = 512  # pixels of its small picture
MAX_PINNED_PIXELS = 2 * MAX_PIXELS  # of all scenes of a project together


@dataclass(frozen=True, slots=True)
class Extras:
    """Attributes:
    names: of objects, by instance id.
    horizon: the row it was moved to; None where it is found in the map.
    hold_still: whether a change of style keeps the rest of the picture; None where nobody said.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    horizon: float | None = None
    hold_still: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))


@dataclass(frozen=True, slots=True, eq=False)
class Pin:
    """A state kept whatever happens to the history, with a small (h, w, 3) uint8 picture of it."""

    name: str
    scene: Scene
    picture: NDArray[np.uint8]


def tidied(name: str) -> str:
    """A name without what cannot be shown, as names of files have it, and not too long."""
    return "".join(filter(str.isprintable, name))[:MAX_NAME]


def most_pins(size: tuple[int, int]) -> int:
    """How many pins a picture of that (height, width) can have beside itself and the one before."""
    return max(0, min(MAX_PINS, MAX_PINNED_PIXELS // (size[0] * size[1]) - 2))


def checked_name(text: object) -> str:
    """A name as a file holds it; ValueError for what cannot be shown in a line."""
    if not isinstance(text, str) or len(text) > MAX_NAME or not text.isprintable():
        raise ValueError(f"the name {text!r}")
    return text


def extras_entries(extras: Extras) -> dict[str, Any]:
    """The nested plain values that extras_from() takes."""
    names = {str(key): name for key, name in sorted(extras.names.items())}
    return {"names": names, "horizon": extras.horizon, "hold_still": extras.hold_still}


def extras_from(content: dict[str, Any]) -> Extras:
    """Raises ValueError, KeyError, TypeError or AttributeError for values that are none."""
    names = {instance_key(key): checked_name(name) for key, name in content["names"].items()}
    horizon, hold_still = content["horizon"], content["hold_still"]
    if horizon is not None and (type(horizon) not in (int, float) or not math.isfinite(horizon)):
        raise ValueError(f"the horizon {horizon!r}")
    if type(hold_still) not in (bool, type(None)):
        raise ValueError(f"hold still {hold_still!r}")
    return Extras(names, None if horizon is None else float(horizon), hold_still)
