"""Turns the placed objects of a plan into meshes: which asset, which colours, which instance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from model.streets import movables
from model.streets.assets import (
    barriers,
    buildings,
    cars,
    furniture,
    people,
    signs,
    stands,
    vegetation,
)
from model.streets.assets.vehicles import FLEETS, vehicle
from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Transform, frame
from model.streets.outfit import (
    BENCH_COLOR,
    BIN_LIDS,
    CABINET_COLOR,
    DETAILED_UNTIL,
    FURNITURE_COLORS,
    PARASOLS,
    VEHICLE_COLORS,
    WALLS,
    Generator,
    Outfit,
    house_surface,
    livery,
)
from model.streets.plan import Item, Line
from model.streets.primitives import boxes, cylinder
from model.streets.rng import stream
from model.streets.style import CAR_COLORS, CLOTHING_COLORS, EVERGREEN_COLOR, pick_color, varied


def furnish(outfit: Outfit, items: tuple[Item, ...], lines: tuple[Line, ...]) -> None:
    """Adds every object and line of a plan to the outfit's mesh."""
    for item in items:
        name, build = ITEMS[item.kind]
        build(outfit, item, stream(outfit.seed, name, item.index))
    for line in lines:
        rng = stream(outfit.seed, "furniture", line.index, 1)
        LINES[line.kind](outfit, np.array(line.points), line.options, rng)


def _at(item: Item) -> Transform:
    return frame(item.position, item.yaw)


def _building_id(outfit: Outfit, mode: str, kind: str) -> int | None:
    if not outfit.buildings_differ:
        return None
    return outfit.instances.new(LabelId.BUILDING, mode=mode, kind=kind)


def _house(outfit: Outfit, item: Item, rng: Generator) -> None:
    mode, surface = house_surface(outfit, item.index)
    instance_id = _building_id(outfit, mode, "house")
    own: Any = dict(item.options)
    buildings.building(outfit.mesh, rng, _at(item), surface=surface, instance_id=instance_id, **own)


def _backdrop(outfit: Outfit, item: Item, rng: Generator) -> None:
    mode, surface = house_surface(outfit, item.index)
    instance_id = _building_id(outfit, mode, "backdrop")
    own: Any = dict(item.options)
    buildings.backdrop_building(
        outfit.mesh, rng, _at(item), surface=surface, instance_id=instance_id, **own
    )


def _tree(outfit: Outfit, item: Item, rng: Generator) -> None:
    x, y, _ = item.position
    away = float(np.hypot(x, max(0.0, y - DETAILED_UNTIL)))
    kind = str(item.options["tree"])
    evergreen = kind in vegetation.EVERGREEN
    color = varied(rng, EVERGREEN_COLOR if evergreen else outfit.leaf_color, 0.15)
    vegetation.tree(
        outfit.mesh,
        rng,
        np.array(item.position),
        kind=kind,
        season=outfit.modes.vegetation,
        leaf_color=color,
        scale=item.options["scale"],
        detail=vegetation.detail_at(away),
    )


def _bush(outfit: Outfit, item: Item, rng: Generator) -> None:
    vegetation.bush(
        outfit.mesh,
        rng,
        np.array(item.position),
        radius=item.options["radius"],
        season=outfit.modes.vegetation,
        leaf_color=varied(rng, outfit.leaf_color),
    )


def _tree_pit(outfit: Outfit, item: Item, rng: Generator) -> None:
    pit, soil = boxes([0, 0, 0.01], [1.3, 1.3, 0.03]), (0.07, 0.05, 0.035)
    outfit.mesh.put(pit, Material.PAINT, LabelId.TERRAIN, color=soil, seed=0.9, transform=_at(item))


def _car(outfit: Outfit, item: Item, rng: Generator) -> None:
    mode, color = pick_color(rng, CAR_COLORS)
    body = str(item.options["body"])
    instance_id = outfit.instances.new(LabelId.CAR, mode=mode, kind=body)
    cars.car(outfit.mesh, rng, _at(item), body=body, color=color, instance_id=instance_id)


def _vehicle(outfit: Outfit, item: Item, rng: Generator) -> None:
    _put_vehicle(outfit, item, rng, item.kind)


def _put_vehicle(outfit: Outfit, item: Item, rng: Generator, kind: str, use: str = "") -> None:
    """A vehicle in the colours its kind comes in, with an instance of its own."""
    mode, color = VEHICLE_COLORS[kind](rng)
    second = None
    if kind == "lorry":
        _, second = livery(rng) if rng.random() < 0.5 else ("white", (0.72, 0.72, 0.71))
    vehicle(
        outfit.mesh,
        rng,
        _at(item),
        kind=kind,
        color=color,
        second_color=second,
        instance_id=outfit.instances.new(FLEETS[kind].label, mode=mode, kind=use or kind),
    )


def _person(outfit: Outfit, item: Item, rng: Generator) -> None:
    mode, color = pick_color(rng, CLOTHING_COLORS)
    pose = str(item.options["pose"])
    instance_id = outfit.instances.new(LabelId.PERSON, mode=mode, kind=pose)
    people.person(
        outfit.mesh,
        rng,
        _at(item),
        instance_id=instance_id,
        pose=pose,
        child=bool(item.options["child"]),
        top_color=color,
    )


def _parked_cycle(outfit: Outfit, item: Item, rng: Generator) -> None:
    _put_vehicle(outfit, item, rng, item.kind, "parked")


def _rider(outfit: Outfit, item: Item, rng: Generator) -> None:
    kind = item.kind.removesuffix("_rider")
    _put_vehicle(outfit, item, rng, kind, "ridden")
    mode, color = pick_color(rng, CLOTHING_COLORS)
    people.person(
        outfit.mesh,
        rng,
        _at(item),
        instance_id=outfit.instances.new(LabelId.RIDER, mode=mode, kind=kind),
        pose="ride" if kind == "bicycle" else "ride_motorcycle",
        label_id=LabelId.RIDER,
        top_color=color,
    )


def _lamp_post(outfit: Outfit, item: Item, rng: Generator) -> None:
    furniture.lamp_post(outfit.mesh, _at(item), style=item.options["style"])


def _traffic_light(outfit: Outfit, item: Item, rng: Generator) -> None:
    state, arm = item.options["state"], item.options["arm"]
    signs.traffic_light(outfit.mesh, _at(item), state=state, arm=arm)


def _sign(outfit: Outfit, item: Item, rng: Generator) -> None:
    kind, height = item.options["sign"], item.options["height"]
    signs.sign(outfit.mesh, rng, _at(item), kind=kind, height=height, told=outfit.modular)


def _twin_poles(outfit: Outfit, item: Item, rng: Generator) -> None:
    """A direction board on two posts: the posts are what annotators call a pole group."""
    at = _at(item)
    for y in (-0.3, 0.3):
        post = cylinder([0, y, 0], [0, y, 2.6], 0.04, sides=8)
        outfit.mesh.put(
            post, Material.METAL, LabelId.POLE_GROUP, color=(0.3, 0.31, 0.31), transform=at
        )
    signs.sign(outfit.mesh, rng, at, kind="direction", height=2.3, pole=False, told=outfit.modular)


def _litter_bin(outfit: Outfit, item: Item, rng: Generator) -> None:
    color = FURNITURE_COLORS[rng.integers(len(FURNITURE_COLORS))]
    furniture.litter_bin(outfit.mesh, _at(item), color=color)


def _bench(outfit: Outfit, item: Item, rng: Generator) -> None:
    furniture.bench(outfit.mesh, _at(item), color=varied(rng, BENCH_COLOR))


def _cabinet(outfit: Outfit, item: Item, rng: Generator) -> None:
    furniture.cabinet(outfit.mesh, _at(item), color=varied(rng, CABINET_COLOR))


def _planter(outfit: Outfit, item: Item, rng: Generator) -> None:
    season, color = outfit.modes.vegetation, outfit.leaf_color
    furniture.planter(outfit.mesh, rng, _at(item), season=season, leaf_color=color)


def _bus_shelter(outfit: Outfit, item: Item, rng: Generator) -> None:
    furniture.bus_shelter(outfit.mesh, rng, _at(item))


def _advertising_column(outfit: Outfit, item: Item, rng: Generator) -> None:
    stands.advertising_column(outfit.mesh, rng, _at(item))


def _poster_stand(outfit: Outfit, item: Item, rng: Generator) -> None:
    stands.poster_stand(outfit.mesh, rng, _at(item))


def _post_box(outfit: Outfit, item: Item, rng: Generator) -> None:
    stands.post_box(outfit.mesh, _at(item))


def _cafe_table(outfit: Outfit, item: Item, rng: Generator) -> None:
    color = varied(rng, PARASOLS[rng.integers(len(PARASOLS))])
    stands.cafe_table(outfit.mesh, rng, _at(item), color=color)


def _sandwich_board(outfit: Outfit, item: Item, rng: Generator) -> None:
    stands.sandwich_board(outfit.mesh, rng, _at(item))


def _bag(outfit: Outfit, item: Item, rng: Generator) -> None:
    furniture.bag(outfit.mesh, rng, _at(item))


def _wheeled_bin(outfit: Outfit, item: Item, rng: Generator) -> None:
    lid = BIN_LIDS[rng.integers(len(BIN_LIDS))]
    color = varied(rng, (0.035, 0.037, 0.04))
    movables.wheeled_bin(outfit.mesh, _at(item), color=color, lid_color=lid)


def _pram(outfit: Outfit, item: Item, rng: Generator) -> None:
    _, color = pick_color(rng, CLOTHING_COLORS)
    movables.pram(outfit.mesh, _at(item), color=color)


def _bridge(outfit: Outfit, item: Item, rng: Generator) -> None:
    own: Any = dict(item.options)
    barriers.bridge(outfit.mesh, _at(item), **own)


Build = Callable[[Outfit, Item, Generator], None]

# Kind of item: the random stream it draws from, and what builds it.
ITEMS: Mapping[str, tuple[str, Build]] = {
    "house": ("buildings", _house),
    "backdrop": ("buildings", _backdrop),
    "tree": ("plants", _tree),
    "bush": ("plants", _bush),
    "tree_pit": ("plants", _tree_pit),
    "car": ("traffic", _car),
    "bus": ("traffic", _vehicle),
    "lorry": ("traffic", _vehicle),
    "tram": ("traffic", _vehicle),
    "caravan": ("traffic", _vehicle),
    "trailer": ("traffic", _vehicle),
    "bicycle": ("traffic", _parked_cycle),
    "bicycle_rider": ("traffic", _rider),
    "motorcycle_rider": ("traffic", _rider),
    "person": ("people", _person),
    "lamp_post": ("furniture", _lamp_post),
    "traffic_light": ("furniture", _traffic_light),
    "sign": ("furniture", _sign),
    "twin_poles": ("furniture", _twin_poles),
    "litter_bin": ("furniture", _litter_bin),
    "bench": ("furniture", _bench),
    "cabinet": ("furniture", _cabinet),
    "planter": ("furniture", _planter),
    "bus_shelter": ("furniture", _bus_shelter),
    "advertising_column": ("furniture", _advertising_column),
    "poster_stand": ("furniture", _poster_stand),
    "post_box": ("furniture", _post_box),
    "cafe_table": ("furniture", _cafe_table),
    "sandwich_board": ("furniture", _sandwich_board),
    "bag": ("furniture", _bag),
    "bridge": ("furniture", _bridge),
    "wheeled_bin": ("furniture", _wheeled_bin),
    "pram": ("people", _pram),
    "motorcycle": ("traffic", _parked_cycle),
}

Points = np.ndarray[Any, np.dtype[np.float64]]


def _hedge(outfit: Outfit, points: Points, own: Mapping[str, Any], rng: Generator) -> None:
    season, color = outfit.modes.vegetation, varied(rng, outfit.leaf_color)
    for start, end in pairwise(points):
        vegetation.hedge(
            outfit.mesh, rng, start, end, height=own["height"], season=season, leaf_color=color
        )


def _wall(outfit: Outfit, points: Points, own: Mapping[str, Any], rng: Generator) -> None:
    material, color = WALLS[own["style"]]
    tone = varied(rng, color)
    barriers.wall(outfit.mesh, points, height=own["height"], material=material, color=tone)


def _fence(outfit: Outfit, points: Points, own: Mapping[str, Any], rng: Generator) -> None:
    barriers.fence(outfit.mesh, points, height=own["height"], style=own["style"])


def _guard_rail(outfit: Outfit, points: Points, own: Mapping[str, Any], rng: Generator) -> None:
    barriers.guard_rail(outfit.mesh, points, side=own["side"])


def _tunnel(outfit: Outfit, points: Points, own: Mapping[str, Any], rng: Generator) -> None:
    barriers.tunnel(outfit.mesh, points, left=own["left"], right=own["right"])


def _bollards(outfit: Outfit, points: Points, own: Mapping[str, Any], rng: Generator) -> None:
    furniture.bollards(outfit.mesh, points)


LINES: Mapping[str, Callable[[Outfit, Points, Mapping[str, Any], Generator], None]] = {
    "hedge": _hedge,
    "wall": _wall,
    "fence": _fence,
    "guard_rail": _guard_rail,
    "bollards": _bollards,
    "tunnel": _tunnel,
}
