"""Separate: parts of a surface become objects of their own, by an outline or by a cut."""

from __future__ import annotations

import itertools
import math

from PySide6.QtCore import Qt

from app.session import EditorSession
from app.tools.tool import NO_MODIFIER, Point, Tool, Trace
from app.tools.wand import instance_at
from model.scene.labels import label_of
from model.scene.splitting import cut_along, split_inside

CLOSED = 0.25  # of the line's length: ends that are nearer make an outline


class SeparateTool(Tool):
    name = "Separate"
    shortcut = "Y"
    icon = "separate"
    tip = "Draw a line across a building, wall or hedge to cut it, or around a part of it."

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._points: list[Point] = []

    @property
    def trace(self) -> Trace | None:
        return Trace(tuple(self._points)) if self.busy else None

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._points, self.busy = [point], True

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self.busy and point != self._points[-1]:
            self._points.append(point)

    def release(self, point: Point) -> None:
        self.session.attempt(self.finish)

    def finish(self) -> None:
        points, self._points, self.busy = self._points, [], False
        met = self._meant(points)
        if met is None:
            return
        if label_of(met) in self.session.protection.locked:
            self.session.refused.emit()
            return
        length = sum(math.dist(*pair) for pair in itertools.pairwise(points))
        closed = math.dist(points[0], points[-1]) < CLOSED * length
        split = split_inside if closed else cut_along
        self.session.select_many(split(self.session.document, met, points)[:1])

    def cancel(self) -> None:
        self._points, self.busy = [], False

    def _meant(self, points: list[Point]) -> int | None:
        """The selected object if the line meets it, else what most of the line lies on."""
        met = [instance_at(self.session, point) for point in points]
        met = [each for each in met if each is not None]
        if len(points) < 2 or not met:
            return None
        chosen = self.session.selection
        return chosen if chosen in met else max(set(met), key=met.count)
