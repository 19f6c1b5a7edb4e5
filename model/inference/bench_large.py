"""`bench large`: time and memory of large pictures in strips, each size in a process of its own.

`python -m model.inference.bench_large FIGURES.json PLOT.png` draws what `--json` wrote.
"""

from __future__ import annotations

import model.inference.process  # noqa: F401  must come before torch

# isort: split
import ctypes
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from model.checkpoint import open_checkpoint
from model.inference import bench, bench_memory
from model.inference.command import DEFAULT_CHECKPOINT
from model.inference.engine import Engine
from model.inference.request import Economy, Limits
from model.scene.labels import load_schema
from model.scene.scene import Scene

SIZES = (((512, 1024), 100), ((1024, 2048), 160), ((2048, 4096), 300), ((4096, 8192), 700))
"""(height, width) and the memory limit in MiB."""
Row = dict[str, str | float | None]


def rows(device: str = "auto") -> Iterator[Row]:
    """The bundled generator, from half of its usual size to four times."""
    context = multiprocessing.get_context("spawn")
    for size, mebibytes in SIZES:
        with context.Pool(1, maxtasksperchild=1) as pool:
            yield pool.apply(measured, (size, mebibytes, device))


def measured(size: tuple[int, int], mebibytes: int, device: str) -> Row:
    """One picture; `peak` is what the process took above the loaded engine."""
    engine = Engine(open_checkpoint(DEFAULT_CHECKPOINT), device, limits=Limits(mebibytes))
    engine.picture(_street((128, 256)))  # loads what torch loads late
    scene = _street(size)
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    before = bench_memory.reset_peak()
    started = time.perf_counter()
    engine.picture(scene)
    seconds = time.perf_counter() - started
    height, width = size
    return {
        "name": f"{width}x{height} in {mebibytes} MiB",
        "megapixels": height * width / 1e6,
        "seconds": seconds,
        "s/megapixel": seconds / (height * width / 1e6),
        "peak MiB": (bench_memory.peak() - before) / 2**20 if before else None,
        "limit MiB": mebibytes,
        "strips": float(Economy.STRIPS in engine.economies),
    }


def _street(size: tuple[int, int]) -> Scene:
    bench.SIZE = size
    return Scene(load_schema("cityscapes"), *bench.street_maps(1))


def plot(figures: Sequence[Mapping[str, float]], machine: str) -> Image.Image:
    """Seconds over megapixels, and the line of the dearest pixel; memory under its limit."""
    picture = Image.new("RGB", (900, 420), "white")
    draw = ImageDraw.Draw(picture)
    x = [row["megapixels"] for row in figures]
    _chart(draw, 70, "seconds", x, {"measured": [row["seconds"] for row in figures]})
    memory = {name: [row[f"{name} MiB"] for row in figures] for name in ("peak", "limit")}
    _chart(draw, 520, "MiB above the loaded engine", x, memory)
    draw.text((70, 395), f"megapixels; bundled generator in strips, {machine}", "black")
    return picture


def _chart(
    draw: ImageDraw.ImageDraw,
    left: int,
    title: str,
    x: list[float],
    lines: Mapping[str, list[float]],
) -> None:
    width, height, bottom = 340, 300, 350
    high = 1.1 * max(map(max, lines.values()))
    wide = 1.05 * x[-1]

    def place(a: float, b: float) -> tuple[float, float]:
        return left + a / wide * width, bottom - b / high * height

    draw.text((left, 20), title, "black")
    draw.line([(left, bottom - height), (left, bottom), (left + width, bottom)], "black")
    for step in range(5):
        mark = high * step / 4
        draw.text((left - 45, place(0, mark)[1] - 6), f"{mark:.0f}", "black")
    for a in x:
        draw.text((place(a, 0)[0] - 8, bottom + 6), f"{a:.1f}", "black")
    for (name, values), colour in zip(lines.items(), ("#2060c0", "#c03020"), strict=False):
        points = [place(a, b) for a, b in zip(x, values, strict=True)]
        draw.line(points, colour, 2)
        for a, b in points:
            draw.ellipse((a - 4, b - 4, a + 4, b + 4), colour)
        draw.text((points[-1][0] - 40, points[-1][1] - 20), name, colour)


def main(figures: Path, output: Path) -> None:
    content = json.loads(figures.read_text("utf-8"))
    plot(content["rows"], content["machine"]).save(output)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
