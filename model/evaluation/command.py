"""`evaluate`: figures and pictures to judge a checkpoint by; each kind has a module."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from model.checkpoint import load_encoder, open_checkpoint
from model.device import choose_target
from model.errors import CheckpointError, InputError
from model.evaluation.frames import load_frames
from model.evaluation.styles import agreement, table, vary
from model.scene.files import atomic_file
from model.scene.labels import load_schema

FRAMES = Path(__file__).resolve().parents[2] / "assets" / "streets"
SCENES = 4
KINDS = ("true", "crude", "maps")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of every kind."""
    kinds = parser.add_subparsers(dest="kind", metavar="WHAT", required=True)
    styles = kinds.add_parser("styles", help="do clusters mean something, do styles stay local")
    styles.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    styles.add_argument(
        "data",
        type=Path,
        nargs="?",
        default=FRAMES,
        metavar="DATA",
        help="frames of `streets`; else the eight small bundled ones, which are not held out",
    )
    styles.add_argument("--phase", metavar="PART", help="of the data (default: test if there)")
    styles.add_argument(
        "--scenes", type=int, default=SCENES, metavar="N", help="to paint, per label"
    )
    styles.add_argument("--device", default="auto", help="cuda, mps or cpu (default: the best)")
    styles.add_argument("--json", type=Path, metavar="F", help="write the figures as JSON, too")
    styles.add_argument("--quiet", action="store_true", help="no progress")
    styles.set_defaults(run_kind=_run_styles)
    sheets = kinds.add_parser(
        "sheets", help="pictures to judge by: true frames, crude scenes, maps"
    )
    sheets.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    sheets.add_argument("data", type=Path, nargs="?", default=FRAMES, metavar="DATA")
    sheets.add_argument("--phase", metavar="PART", help="of the data (default: test if there)")
    sheets.add_argument("--frames", type=int, default=16, metavar="N", help="of the data")
    sheets.add_argument(
        "--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND", help=", ".join(KINDS)
    )
    sheets.add_argument("--maps", type=Path, metavar="FOLDER", help="label maps to paint as well")
    sheets.add_argument("--device", default="auto", help="cuda, mps or cpu (default: the best)")
    sheets.add_argument("--quiet", action="store_true", help="no progress")
    sheets.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="folder for the sheets"
    )
    sheets.set_defaults(run_kind=_run_sheets)


def run(args: argparse.Namespace) -> int:
    return args.run_kind(args)


def _run_sheets(args: argparse.Namespace) -> int:
    """Paint and write everything there is to look at."""
    from model.evaluation.sheets import crude_scenes, scenes_of_maps, true_frames, write_sheets
    from model.inference.engine import Engine

    checkpoint = open_checkpoint(args.checkpoint)
    schema = load_schema(checkpoint.schema_name)
    scenes = {
        "true": true_frames(checkpoint, schema, args.data, _phase(args), args.frames),
        "crude": crude_scenes(schema) if schema.name == "cityscapes" else (),
        "maps": () if args.maps is None else scenes_of_maps(schema, args.maps),
    }
    read = {kind: list(scenes[kind]) for kind in args.kinds}  # before the first is painted
    engine = Engine(checkpoint, args.device, previews="never")
    for kind, judged in read.items():
        if judged:
            write_sheets(engine, kind, judged, args.output, quiet=args.quiet)
    return 0


def _phase(args: argparse.Namespace) -> str:
    return args.phase or ("test" if (args.data / "test_label").is_dir() else "train")


def _run_styles(args: argparse.Namespace) -> int:
    """Measure and print one table."""
    if args.scenes < 2:
        raise InputError("--scenes needs at least 2: consistency compares scenes.")
    phase = _phase(args)
    checkpoint = open_checkpoint(args.checkpoint)
    encoder = load_encoder(checkpoint)
    if encoder is None or checkpoint.style_book is None:
        raise CheckpointError(f"{checkpoint.path} needs an encoder and styles to be evaluated.")
    schema = load_schema(checkpoint.schema_name)
    frames = load_frames(args.data, phase, schema)
    from model.inference.engine import Engine

    encoder = encoder.to(choose_target(args.device, "float32").device)
    agreements = agreement(checkpoint, encoder, frames, args.quiet)
    engine = Engine(checkpoint, args.device, previews="never")
    effects = vary(engine, checkpoint.style_book, frames, args.scenes, args.quiet)
    print(f"{checkpoint.name}, {len(frames)} frames of {args.data.name} ({phase})\n")
    print(table(agreements, effects, {label.id: label.name for label in schema}))
    if args.json is not None:
        content = {
            "frames": len(frames),
            "agreement": {str(key): asdict(value) for key, value in agreements.items()},
            "effect": {str(key): asdict(value) for key, value in effects.items()},
        }
        with atomic_file(args.json, InputError) as file:
            file.write(json.dumps(content, indent=1).encode())
    return 0
