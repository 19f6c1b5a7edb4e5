"""Everything on wheels: sizes, and one way to put any of it into a mesh."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.streets.assets import buses, cycles, lorries, towed
from model.streets.assets.cars import BODIES
from model.streets.labels import LabelId
from model.streets.mesh import Color, Mesh, Transform

Build = Callable[[int], Mesh]

VEHICLE_SIZES: Mapping[str, tuple[float, float, float]] = {
    **{name: (body.length, body.width, body.height) for name, body in BODIES.items()},
    "bus": buses.BUS_SIZE,
    "lorry": lorries.LORRY_SIZE,
    "tram": buses.TRAM_SIZE,
    "caravan": towed.CARAVAN_SIZE,
    "trailer": towed.TRAILER_SIZE,
    **cycles.CYCLE_SIZES,
}


@dataclass(frozen=True)
class Fleet:
    """A kind of vehicle: its label and its templates of `variants` looks; a second template is
    painted in the second colour."""

    label: LabelId
    variants: int
    template: Build
    second: Build | None = None


FLEETS: Mapping[str, Fleet] = {
    "bus": Fleet(LabelId.BUS, buses.VARIANTS, buses.bus_template),
    "tram": Fleet(LabelId.TRAIN, buses.VARIANTS, buses.tram_template),
    "lorry": Fleet(LabelId.TRUCK, lorries.VARIANTS, lorries.cab_template, lorries.load_template),
    "caravan": Fleet(LabelId.CARAVAN, towed.VARIANTS, towed.caravan_template),
    "trailer": Fleet(LabelId.TRAILER, towed.VARIANTS, towed.trailer_template),
    "bicycle": Fleet(LabelId.BICYCLE, cycles.BICYCLES, cycles.bicycle_template),
    "motorcycle": Fleet(LabelId.MOTORCYCLE, cycles.MOTORCYCLES, cycles.motorcycle_template),
}


def vehicle(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    kind: str,
    color: Color,
    instance_id: int | None,
    second_color: Color | None = None,
) -> None:
    """Add one vehicle of FLEETS, heading along local x, wheels on z = 0.

    `second_color` paints the load body of a lorry; without it both parts have one colour.
    """
    fleet = FLEETS[kind]
    variant = int(rng.integers(fleet.variants))
    second = color if second_color is None else second_color
    for build, paint in ((fleet.template, color), (fleet.second, second)):
        if build is not None:
            mesh.put_mesh(
                build(variant),
                transform,
                label_id=fleet.label,
                instance_id=instance_id,
                body_color=paint,
            )
