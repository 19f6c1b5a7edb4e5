"""A finished scene, ready to be drawn: plan, looks, light and one mesh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.streets import light as lights
from model.streets import style
from model.streets.furnish import furnish
from model.streets.ground import build_ground
from model.streets.instances import InstanceAllocator
from model.streets.layout import plan_street
from model.streets.light import Light
from model.streets.markings import Markings, markings
from model.streets.mesh import Mesh
from model.streets.outfit import Outfit
from model.streets.plan import StreetPlan
from model.streets.style import StyleModes


@dataclass(frozen=True)
class Street:
    """vertices (V, 16) float32 and triangles (T, 3) uint32 as in mesh.py; records: instance id ->
    facts (label, mode, kind)."""

    plan: StreetPlan
    modes: StyleModes
    light: Light
    markings: Markings
    vertices: NDArray[np.float32]
    triangles: NDArray[np.uint32]
    records: Mapping[int, Mapping[str, object]]
    buildings_differ: bool


def build_street(
    seed: int,
    forced: Mapping[str, str] | None = None,
    buildings: str = "mixed",
    *,
    modular: bool = False,
) -> Street:
    """The scene of a seed; forced modes change looks only, never the layout."""
    forced = style.check_forced(forced or {})
    modes = style.sample(seed, forced, modular=modular)
    differ = style.buildings_differ(seed, buildings)
    plan = plan_street(seed, modular=modular)
    mesh, instances = Mesh(), InstanceAllocator()
    build_ground(mesh, plan)
    outfit = Outfit(mesh, seed, modes, instances, differ, forced, plan.modular)
    furnish(outfit, plan.items, plan.lines)
    vertices, triangles = mesh.arrays()
    light = lights.sample(seed, modes.sky)
    return Street(
        plan, modes, light, markings(plan), vertices, triangles, instances.records, differ
    )
