"""Where the road is painted: lines along it and crossings over it, as numbers for the shader."""

from __future__ import annotations

from dataclasses import dataclass

from model.streets.plan import SIDES, StreetPlan

DASHED, SHORT_DASHED, SOLID, DOUBLE = 1.0, 1.5, 2.0, 3.0
LINE_LIMIT, CROSSING_LIMIT = 8, 6
NO_STOP_LINE = -99.0
LINE_WIDTH = 0.13


@dataclass(frozen=True)
class Markings:
    """lines: (t, kind, width); crossings: (start s, end s, s of the stop line, striped 0 or 1)."""

    lines: tuple[tuple[float, float, float], ...]
    crossings: tuple[tuple[float, float, float, float], ...]


def markings(plan: StreetPlan) -> Markings:
    """The painted lines of a plan, at most LINE_LIMIT lines and CROSSING_LIMIT crossings."""
    return Markings(tuple(_lines(plan))[:LINE_LIMIT], tuple(_crossings(plan))[:CROSSING_LIMIT])


def _lines(plan: StreetPlan) -> list[tuple[float, float, float]]:
    section, found = plan.section, []
    broad = plan.kind in ("arterial", "boulevard")
    for side in SIDES:
        for lane in range(1, section.lanes[side]):
            t = side * (section.median / 2 + lane * section.lane_width)
            found.append((t, DASHED, LINE_WIDTH))
        if section.parking[side]:
            found.append((side * (section.edge(side) - 0.12), SHORT_DASHED, LINE_WIDTH))
        elif broad:
            found.append((side * (section.edge(side) - 0.2), SOLID, 0.16))
    if section.median == 0 and not (plan.kind == "residential" and plan.seed % 3 == 0):
        lanes = section.lanes[1] + section.lanes[-1]
        kind = DOUBLE if lanes > 3 else SOLID if plan.seed % 5 == 0 else DASHED
        found.append((0.0, kind, LINE_WIDTH))
    return found


def _crossings(plan: StreetPlan) -> list[tuple[float, float, float, float]]:
    found = []
    for crossing in plan.crossings:
        if crossing.zebra:
            near, far, striped = crossing.near, crossing.far, float(crossing.striped)
            found.append((near - 4.2, near - 0.8, near - 5.4, striped))
            if crossing.zebra_behind:
                found.append((far + 0.8, far + 4.2, NO_STOP_LINE, striped))
    return found
