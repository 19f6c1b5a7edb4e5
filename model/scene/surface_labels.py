"""SurfaceLabels: which labels surface coordinates tell something of."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

# Parts that are shown as labels of their own.
SHOWN_PARTS = (
    *("trunks", "heads", "legs", "kerbs", "panes", "lamps", "wheels", "boards", "plates"),
    *("windows", "shops", "reds", "ambers", "greens"),
)


@dataclass(frozen=True, slots=True)
class SurfaceLabels:
    """Labels by what they show.

    Attributes:
        ground: what lies on the ground; slabs: those of them that are paved with large slabs.
        walls: what stands up as walls along the street; lawns: what they stand on besides ground.
        foliage: leaves and grass, and what else is too rough for plain colours; trees: those of
            them whose narrow upright parts are trunks, which have no leaves.
        trunks: none, or the one label that a generator is shown there instead, which maps must not
            hold themselves: a trunk has neither its crown's colour nor its texture.
        sky: where clouds may be.
        vehicles, lorries, buses, trams, people, cycles, lights, fences, signs: things, by what is
            drawn on them; they need instances. Of the last three every connected piece is a thing
            of its own.
        heads, legs: none, or the one label that a generator is shown where people have their
            heads, or trousers and shoes, which maps must not hold either: those have a colour of
            their own. panes, lamps, wheels, lit boards, plates: the same of what runs along the
            street, windows of walls, those of shops in the ground floor, else windows as well,
            red, amber and green lenses of lights, and kerbs of what lies
            beside a road.
        spoked: those of the cycles that show the ground through their wheels.
    """

    ground: tuple[int, ...] = ()
    walls: tuple[int, ...] = ()
    foliage: tuple[int, ...] = ()
    slabs: tuple[int, ...] = ()
    sky: tuple[int, ...] = ()
    vehicles: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    lights: tuple[int, ...] = ()
    lawns: tuple[int, ...] = ()
    signs: tuple[int, ...] = ()
    lorries: tuple[int, ...] = ()
    cycles: tuple[int, ...] = ()
    fences: tuple[int, ...] = ()
    trees: tuple[int, ...] = ()
    trunks: tuple[int, ...] = ()
    buses: tuple[int, ...] = ()
    trams: tuple[int, ...] = ()
    heads: tuple[int, ...] = ()
    legs: tuple[int, ...] = ()
    kerbs: tuple[int, ...] = ()
    panes: tuple[int, ...] = ()
    lamps: tuple[int, ...] = ()
    wheels: tuple[int, ...] = ()
    boards: tuple[int, ...] = ()
    plates: tuple[int, ...] = ()
    windows: tuple[int, ...] = ()
    shops: tuple[int, ...] = ()
    reds: tuple[int, ...] = ()
    ambers: tuple[int, ...] = ()
    greens: tuple[int, ...] = ()
    spoked: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name in SHOWN_PARTS:
            if len(getattr(self, name)) > 1:
                raise ValueError(f"surface labels show {name} as one label, not as several")

    @property
    def foreign(self) -> tuple[int, ...]:
        """Parts that tell nothing of what they belong to: all but lenses, one of which is lit."""
        own = ("reds", "ambers", "greens")
        return tuple(
            label for part in SHOWN_PARTS if part not in own for label in getattr(self, part)
        )

    @property
    def things(self) -> tuple[int, ...]:
        """All labels of things."""
        return (*self.running, *self.people, *self.cycles, *self.pieces)

    @property
    def running(self) -> tuple[int, ...]:
        """Labels of what runs along the street on wheels."""
        return (*self.lorries, *self.buses, *self.trams, *self.vehicles)

    @property
    def figures(self) -> tuple[int, ...]:
        """Labels of things whose shapes tell more than their boxes do."""
        return (*self.cycles, *self.people, *self.running)

    @property
    def pieces(self) -> tuple[int, ...]:
        """Labels of things that label maps show as one, though each piece is a thing."""
        return (*self.lights, *self.fences, *self.signs)

    @property
    def stony(self) -> tuple[int, ...]:
        """Labels of ground that may have stones: all but what is paved with slabs."""
        return tuple(label for label in self.ground if label not in self.slabs)

    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The labels of every field, in the order of `SURFACE_GROUPS`."""
        return tuple(getattr(self, name) for name in SURFACE_GROUPS)


SURFACE_GROUPS = tuple(field.name for field in fields(SurfaceLabels))


def member(labels: NDArray[np.integer], members: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where labels, 0 to 255, are among some."""
    table = np.zeros(256, bool)
    table[list(members)] = True
    return table[labels]
