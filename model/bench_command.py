"""`bench`: figures measured on this machine, one table per subject."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
from pathlib import Path

from model.errors import InputError

SUBJECTS = {  # modules with rows(device) -> iterator of {"name": ..., figure: number, ...}
    "engine": "model.inference.bench",
    "editor": "app.bench",
    "large": "model.inference.bench_large",
    "streets": "model.streets.bench",
    "training": "model.training.bench",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `bench`."""
    parser.add_argument("subject", nargs="?", choices=SUBJECTS, default="engine")
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps or auto (default)")
    parser.add_argument("--json", type=Path, metavar="F", help="also write the figures to F")


def run(args: argparse.Namespace) -> int:
    """Prints a line for every row as soon as it is measured."""
    module = importlib.import_module(SUBJECTS[args.subject])
    print(machine(), flush=True)
    measured = []
    for row in module.rows(args.device):
        figures = {key: value for key, value in row.items() if key != "name"}
        if not measured:
            print(" " * 32 + "".join(f"{key:>12}" for key in figures), flush=True)
        measured.append(row)
        line = "".join(f"{_written(value):>12}" for value in figures.values())
        print(f"{row['name']:<32}{line}", flush=True)
    if args.json is not None:
        _write(args.json, {"machine": machine(), "rows": measured})
    return 0


def _written(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.4g}"


def machine() -> str:
    """Processor and cores, as far as this system tells."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _write(path: Path, content: dict[str, object]) -> None:
    try:
        path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}); choose another file."
        ) from error
