"""Pace: how to answer a touch, chosen by the times that earlier answers took. No torch."""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """REGION: a preview of what was touched; HALF: one of the picture at half its size, cut out
    there; EXACT: no preview, the whole frame at once."""

    REGION = "region"
    HALF = "half"
    EXACT = "exact"


FLUENT = 1 / 30  # seconds; an exact frame that fast needs no preview
_HALF_SHARE = 0.35  # of the exact frame's time, before one was measured
_WORTH = 0.5  # of the exact frame's time, what a preview may take at most
_NEW = 0.4  # weight of the newest time
_OVERHEAD = 0.01  # seconds that the smallest region takes, before one was measured
_CROP_PENALTY = 1.5  # small convolutions do not reach the speed of large ones; before a measurement


class Pace:
    """Seconds of exact frames, half-size frames and regions, as measured here and now.

    A region is taken to cost a constant and a share of the exact frame's time that grows with
    its share of the frame's multiplications.
    """

    def __init__(self) -> None:
        self._exact: float | None = None
        self._half: float | None = None
        self._overhead = _OVERHEAD
        self._penalty = _CROP_PENALTY

    def forget(self) -> None:
        """Another size of frame: no time holds any more."""
        self.__init__()

    def choose(self, share: float | None) -> Answer:
        """share: of the frame's multiplications that the region takes; None if there can be none.

        Before any exact frame was painted there is nothing to go by: exact.
        """
        if self._exact is None or self._exact <= FLUENT:
            return Answer.EXACT
        half = self._exact * _HALF_SHARE if self._half is None else self._half
        limit = self._exact * _WORTH
        if share is not None and self.region_seconds(share) <= min(max(half, FLUENT), limit):
            return Answer.REGION
        return Answer.HALF if half <= limit else Answer.EXACT

    def region_seconds(self, share: float) -> float:
        """What a region is expected to take."""
        return self._overhead + (self._exact or 0.0) * share * self._penalty

    def exact_took(self, seconds: float) -> None:
        self._exact = _mixed(self._exact, seconds)

    def half_took(self, seconds: float) -> None:
        self._half = _mixed(self._half, seconds)

    def region_took(self, share: float, seconds: float) -> None:
        self._overhead = min(_mixed(self._overhead, seconds), seconds)
        if self._exact and share > 0:
            measured = max(seconds - self._overhead, 0.0) / (self._exact * share)
            self._penalty = max(1.0, _mixed(self._penalty, measured))


def _mixed(old: float | None, new: float) -> float:
    return new if old is None else old + _NEW * (new - old)
