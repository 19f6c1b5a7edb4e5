"""`evaluate sheets`: pictures to judge a checkpoint by."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.checkpoint import open_checkpoint
from model.evaluation.frames import FRAMES, phase_of
from model.scene.labels import load_schema

KINDS = ("true", "crude", "maps")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    parser.add_argument("data", type=Path, nargs="?", default=FRAMES, metavar="DATA")
    parser.add_argument(
        "--phase", metavar="PART", help="of the data (default: val or test if there)"
    )
    parser.add_argument("--frames", type=int, default=16, metavar="N", help="of the data")
    parser.add_argument(
        "--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND", help=", ".join(KINDS)
    )
    parser.add_argument("--maps", type=Path, metavar="FOLDER", help="label maps to paint as well")
    parser.add_argument("--device", default="auto", help="cuda, mps or cpu (default: the best)")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="folder for the sheets"
    )


def run(args: argparse.Namespace) -> int:
    """Paint and write everything there is to look at."""
    from model.evaluation.sheets import crude_scenes, scenes_of_maps, true_frames, write_sheets
    from model.inference.engine import Engine

    checkpoint = open_checkpoint(args.checkpoint)
    schema = load_schema(checkpoint.schema_name)
    scenes = {
        "true": true_frames(
            checkpoint, schema, args.data, phase_of(args.data, args.phase), args.frames
        ),
        "crude": crude_scenes(schema) if schema.name == "cityscapes" else (),
        "maps": () if args.maps is None else scenes_of_maps(schema, args.maps),
    }
    read = {kind: list(scenes[kind]) for kind in args.kinds}  # before the first is painted
    engine = Engine(checkpoint, args.device, previews="never")
    for kind, judged in read.items():
        if judged:
            write_sheets(engine, kind, judged, args.output, quiet=args.quiet)
    return 0
