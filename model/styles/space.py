"""StyleSpace: a label's styles in the axes along which its clusters differ most. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.styles.book import StyleBook

Vector = NDArray[np.float64]
FAR = 0.5  # spreads outside the hull of the clusters, from which on a style is a guess
_MARGIN = 1.4  # of the outermost cluster, how far the axes are shown
_LEAST = 0.5  # spreads that an axis shows at least, such as one along which nothing differs
_ROUNDS = 200  # of the search for the nearest point of the hull


@dataclass(frozen=True, slots=True, eq=False)
class StyleSpace:
    """The principal axes of one label's cluster centres, weighted by the clusters' sizes.

    Coordinates are (F,) float64, most varied axis first. The first two span the pad; the others
    follow the clusters around a place of the pad, so that going from one cluster to another on
    it goes from one style to the other in all of them.

    Attributes:
        mean: (F,) the label's mean feature.
        axes: (F, F) orthonormal, one axis per row.
        dots: (k, F) the clusters' coordinates, in the book's order.
        weights: (k,) the clusters' shares of the label, summing to 1.
        spread: how far a typical cluster lies from the mean; positive.
        extents: (F,) how far from the mean each axis is shown, each way; positive.
    """

    mean: Vector
    axes: NDArray[np.float64]
    dots: NDArray[np.float64]
    weights: Vector
    spread: float
    extents: Vector

    @classmethod
    def of(cls, book: StyleBook, label_id: int) -> StyleSpace:
        """Raises KeyError for a label without clusters."""
        centers = book.centers[label_id].astype(np.float64)
        sizes = book.sizes[label_id]
        weights = sizes / sizes.sum()
        mean = weights @ centers
        moved = centers - mean
        _, _, axes = np.linalg.svd(np.sqrt(weights)[:, None] * moved)
        largest = np.abs(axes).argmax(axis=1)
        axes *= np.sign(axes[np.arange(len(axes)), largest])[:, None]  # the same on every machine
        dots = moved @ axes.T
        own = float(np.sqrt(weights @ (moved**2).sum(axis=1)))
        spread = max(own, 0.25 * _typical_spread(book))
        extents = np.maximum(_MARGIN * np.abs(dots).max(axis=0), _LEAST * spread)
        return cls(mean, axes, dots, weights, spread, extents)

    @property
    def plane(self) -> int:
        """How many axes the pad has: 2, or 1 for features of one number."""
        return min(2, len(self.mean))

    def coordinates(self, vector: tuple[float, ...]) -> Vector:
        """Where a style is."""
        return self.axes @ (np.array(vector, np.float64) - self.mean)

    def vector(self, coordinates: Vector) -> tuple[float, ...]:
        """The style at a place."""
        return tuple(float(value) for value in self.mean + coordinates @ self.axes)

    def at(self, place: Vector, offset: Vector) -> Vector:
        """Coordinates of a place of the pad: (plane,) and (F - plane,) beside the clusters'."""
        return np.concatenate([place, self.rest(place) + offset])

    def offset(self, coordinates: Vector) -> Vector:
        """(F - plane,) what `at` needs beside the place to give these coordinates."""
        return coordinates[self.plane :] - self.rest(coordinates[: self.plane])

    def rest(self, place: Vector) -> Vector:
        """(F - plane,) the other coordinates around a place of the pad, after Shepard.

        At a cluster they are that cluster's.
        """
        steps = (self.dots[:, : self.plane] - place) / self.extents[: self.plane]
        distances = (steps**2).sum(axis=1)
        nearest = distances.argmin()
        if distances[nearest] < 1e-12:
            return self.dots[nearest, self.plane :]
        weights = 1 / distances**2
        return weights @ self.dots[:, self.plane :] / weights.sum()

    def beyond(self, coordinates: Vector) -> float:
        """Distance from the convex hull of the clusters, in spreads; 0 inside."""
        return float(np.linalg.norm(coordinates - _nearest(self.dots, coordinates)) / self.spread)


def _typical_spread(book: StyleBook) -> float:
    """How far the clusters of a label lie from their middle, over all labels that have several."""
    several = [rows for rows in book.centers.values() if len(rows) > 1]
    spreads = [float(np.sqrt(rows.var(axis=0).sum())) for rows in several]
    return float(np.median(spreads)) if any(spreads) else 1.0


def _nearest(corners: NDArray[np.float64], point: Vector) -> Vector:
    """The point of a convex hull that is nearest to a given one.

    Frank and Wolfe's method with steps away from a corner: shares of the corners go from the
    least useful one in use to the most useful one.
    """
    shares = np.zeros(len(corners))
    shares[((corners - point) ** 2).sum(axis=1).argmin()] = 1.0
    for _ in range(_ROUNDS):
        here = shares @ corners
        gains = corners @ (point - here)
        best, worst = gains.argmax(), np.where(shares > 0, gains, np.inf).argmin()
        step = corners[best] - corners[worst]
        length = float(step @ step)
        if gains[best] - gains[worst] <= 1e-12 * max(length, 1.0) or not length:
            break
        moved = min(float(step @ (point - here)) / length, shares[worst])
        shares[best] += moved
        shares[worst] -= moved
    return shares @ corners
