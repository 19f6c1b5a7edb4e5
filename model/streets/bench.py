"""`bench streets`: processor time per frame on one core, by picture size."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from model.errors import InputError

# (width, height), views per scene, and the most seconds of processor time a frame may take.
CASES = (((1024, 512), 1, 4.0), ((2048, 1024), 1, 8.0), ((1024, 512), 4, 4.0))
SEEDS = range(200, 204)
Row = dict[str, str | float]


def rows(device: str = "auto") -> Iterator[Row]:
    """One row per size; the device is the driver's. "seconds" of processor time per frame (all
    threads; building the scene, drawing, reading back), "goal" the most it may be, "slowest" of
    the scenes, "per hour" the frames that one core draws in an hour."""
    os.environ.setdefault("LP_NUM_THREADS", "1")  # before the first context
    for size, views, goal in CASES:
        seconds = _measured(size, views)
        mean = sum(seconds) / len(seconds)
        yield {
            "name": f"{size[0]}x{size[1]}, {views} view{'s' if views > 1 else ''} a scene",
            "seconds": mean,
            "goal": goal,
            "slowest": max(seconds),
            "per hour": 3600 / mean,
        }


def _measured(size: tuple[int, int], views: int) -> list[float]:
    """Processor seconds per frame of each scene; the first one, which compiles, is left out."""
    from model.streets.camera import view
    from model.streets.street import build_street

    try:
        from model.streets.render.passes import StreetRenderer
    except ModuleNotFoundError as error:
        raise InputError(f"`bench streets` needs the package {error.name}.") from error
    renderer, seconds = StreetRenderer(size), []
    for number, seed in enumerate((*SEEDS, *SEEDS)):
        started = time.process_time()
        street = build_street(seed)
        renderer.load(street)
        for index in range(views):
            renderer.draw(view(street.plan, index))
        if number >= len(SEEDS):
            seconds.append((time.process_time() - started) / views)
    return seconds
