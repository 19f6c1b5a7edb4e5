"""Viewport: pan and zoom, between view and map coordinates. Pure arithmetic, no widgets."""

from __future__ import annotations

from dataclasses import dataclass

from model.scene.geometry import Rect

MIN_SCALE = 1 / 32
MAX_SCALE = 48.0
KEEP_IN_VIEW = 48.0  # at least this much of the map stays reachable, in view pixels

Point = tuple[float, float]


@dataclass(slots=True)
class Viewport:
    """Where the map lies in the view.

    Attributes:
        scale: view pixels per map pixel.
        x, y: view position of the map's top left corner.
    """

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_map(self, point: Point) -> Point:
        return (point[0] - self.x) / self.scale, (point[1] - self.y) / self.scale

    def to_view(self, point: Point) -> Point:
        return point[0] * self.scale + self.x, point[1] * self.scale + self.y

    def rect_to_view(self, rect: Rect) -> tuple[float, float, float, float]:
        """(left, top, width, height) in view pixels."""
        left, top = self.to_view((rect.x0, rect.y0))
        return left, top, rect.width * self.scale, rect.height * self.scale

    def zoom(self, factor: float, anchor: Point) -> None:
        """Scale about a point of the view, which stays where it is."""
        self.zoom_to(self.scale * factor, anchor)

    def zoom_to(self, scale: float, anchor: Point) -> None:
        fixed = self.to_map(anchor)
        self.scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        self.x = anchor[0] - fixed[0] * self.scale
        self.y = anchor[1] - fixed[1] * self.scale

    def pan(self, dx: float, dy: float) -> None:
        self.x += dx
        self.y += dy

    def fit(self, map_size: tuple[int, int], view: tuple[float, float], margin: float) -> None:
        """Show the whole map, of (height, width), centred in a view of (width, height)."""
        height, width = map_size
        across, down = max(view[0] - 2 * margin, 1), max(view[1] - 2 * margin, 1)
        self.scale = min(max(min(across / width, down / height), MIN_SCALE), MAX_SCALE)
        self.x = (view[0] - width * self.scale) / 2
        self.y = (view[1] - height * self.scale) / 2

    def settle(
        self, map_size: tuple[int, int], view: tuple[float, float], pixel_ratio: float
    ) -> None:
        """Keep some of the map in view and its corner on a whole device pixel."""
        height, width = map_size[0] * self.scale, map_size[1] * self.scale
        self.x = min(max(self.x, KEEP_IN_VIEW - width), view[0] - KEEP_IN_VIEW)
        self.y = min(max(self.y, KEEP_IN_VIEW - height), view[1] - KEEP_IN_VIEW)
        self.x = round(self.x * pixel_ratio) / pixel_ratio
        self.y = round(self.y * pixel_ratio) / pixel_ratio
