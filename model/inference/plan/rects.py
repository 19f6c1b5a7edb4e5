"""Rectangles at every scale. No torch.

Rectangles here are in the pixels of one layer's grid and may reach outside of it until clipped.
"""

from __future__ import annotations

from model.scene.geometry import EMPTY, Rect

Margins = tuple[int, int, int, int]
"""Pixels outside the grid: left, right, top, bottom."""


def clipped(rect: Rect, size: tuple[int, int]) -> Rect:
    """The part inside a grid of (height, width)."""
    height, width = size
    return rect.clipped(width, height)


def outside(rect: Rect, size: tuple[int, int]) -> Margins:
    """How far a rectangle reaches over each side of a grid of (height, width)."""
    height, width = size
    return (
        max(0, -rect.x0),
        max(0, rect.x1 - width),
        max(0, -rect.y0),
        max(0, rect.y1 - height),
    )


def aligned(rect: Rect, pixels: int) -> Rect:
    """The smallest rectangle around it whose sides lie on multiples of `pixels`."""
    return scaled_up(scaled_down(rect, pixels), pixels)


def scaled_down(rect: Rect, factor: int) -> Rect:
    """In pixels `factor` times as large, all of them that it touches."""
    if not rect:
        return EMPTY
    return Rect(rect.x0 // factor, rect.y0 // factor, -(-rect.x1 // factor), -(-rect.y1 // factor))


def scaled_up(rect: Rect, factor: int) -> Rect:
    """In pixels a `factor`-th as large."""
    return Rect(rect.x0 * factor, rect.y0 * factor, rect.x1 * factor, rect.y1 * factor)


def stretched(rect: Rect, before: int, after: int) -> Rect:
    """More pixels to the left and above, and to the right and below; empty stays empty."""
    if not rect:
        return EMPTY
    return Rect(rect.x0 - before, rect.y0 - before, rect.x1 + after, rect.y1 + after)


def covers(outer: Rect, inner: Rect) -> bool:
    return outer.union(inner) == outer
