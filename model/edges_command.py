"""`edges`: a data set for edges to photo, drawn from the pictures of a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from model.errors import InputError
from model.formats.edges import find_sources, pair_file, read_pair, write_pair

HEIGHT = 256
LEAST, MOST = 32, 8192


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Draw the edges of pictures: pairs for `train --preset slim-edges`. With a data folder "
        "outlines come from its instance maps, and its parts stay as they are; of any other folder "
        "of pictures every eighth is held out."
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="data folder, or pictures")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder for train_A, train_B, ...")
    parser.add_argument(
        "--height",
        type=int,
        default=HEIGHT,
        metavar="N",
        help=f"of the pictures there (default: {HEIGHT})",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Write every pair that is not there yet."""
    if not LEAST <= args.height <= MOST:
        raise InputError(f"--height needs {LEAST} to {MOST}.")
    if args.out.resolve() == args.data.resolve():
        raise InputError("OUT must be another folder than DATA; name a new one.")
    sources = find_sources(args.data)
    missing = [source for source in sources if not pair_file(args.out, source, "A").exists()]
    shown = tqdm(missing, "drawing", disable=args.quiet, unit="picture", file=sys.stderr)
    for source in shown:
        write_pair(args.out, source, read_pair(source, args.height))
    held = sum(source.phase != "train" for source in sources)
    print(f"{len(sources) - held} pairs to train on and {held} held out in {args.out}")
    return 0
