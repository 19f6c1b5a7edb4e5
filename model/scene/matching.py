"""Which instance of another scene corresponds to each of this one: same label, nearest place."""

from __future__ import annotations

import math

from model.scene.instances import InstanceInfo, find_instances
from model.scene.scene import InstanceMap, Style, Styles

_Place = tuple[float, float, float]


def match_instances(here: InstanceMap, there: InstanceMap) -> dict[int, int]:
    """Instance id here -> the instance there that has its label and lies most alike.

    Alike: the middles of the bounding rectangles and the square roots of the areas, all as
    shares of the picture, are compared by Euclidean distance. The scenes may differ in size. The
    maps of one photo match themselves id by id; several instances may get the same partner, and
    one whose label the other scene lacks has none.
    """
    others: dict[int, list[tuple[_Place, int]]] = {}
    for info in find_instances(there):
        others.setdefault(info.label_id, []).append((_place(info, there), info.instance_id))
    found = {}
    for info in find_instances(here):
        place = _place(info, here)
        candidates = others.get(info.label_id, ())
        if candidates:
            found[info.instance_id] = min(
                candidates, key=lambda other: (math.dist(place, other[0]), other[1])
            )[1]
    return found


def transferred(styles: Styles, there: InstanceMap, here: InstanceMap) -> dict[int, Style]:
    """The styles of another scene's instances for those of this one that match them."""
    pairs = match_instances(here, there).items()
    return {mine: styles[theirs] for mine, theirs in pairs if theirs in styles}


def _place(info: InstanceInfo, instance_map: InstanceMap) -> _Place:
    height, width = instance_map.shape
    rect = info.rect
    across, down = (rect.x0 + rect.x1) / 2 / width, (rect.y0 + rect.y1) / 2 / height
    return across, down, math.sqrt(info.pixels / (height * width))
