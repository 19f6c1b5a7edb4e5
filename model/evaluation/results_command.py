"""`evaluate results`: the page RESULTS.md, made anew from the figures in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.errors import InputError
from model.evaluation.results import page
from model.scene.files import atomic_file

ROOT = Path(__file__).parents[2]
FOLDER, PAGE = ROOT / "assets" / "results", ROOT / "RESULTS.md"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=FOLDER,
        metavar="FOLDER",
        help="JSON files of `evaluate` (default: assets/results)",
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=PAGE, metavar="F.md", help="(default: RESULTS.md)"
    )


def run(args: argparse.Namespace) -> int:
    text = page(args.folder)
    with atomic_file(args.output, InputError) as file:
        file.write(text.encode())
    print(args.output)
    return 0
