"""`evaluate styles`: one table of what the styles of a checkpoint are worth."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from model.checkpoint import load_encoder, open_checkpoint
from model.device import choose_target
from model.errors import CheckpointError, InputError
from model.evaluation.frames import FRAMES, load_frames, phase_of
from model.evaluation.styles import agreement, table, vary
from model.scene.files import atomic_file
from model.scene.labels import load_schema

SCENES = 4


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    parser.add_argument(
        "data",
        type=Path,
        nargs="?",
        default=FRAMES,
        metavar="DATA",
        help="frames of `streets`; else the eight small bundled ones, which are not held out",
    )
    parser.add_argument(
        "--phase", metavar="PART", help="of the data (default: val or test if there)"
    )
    parser.add_argument(
        "--scenes", type=int, default=SCENES, metavar="N", help="to paint, per label"
    )
    parser.add_argument("--device", default="auto", help="cuda, mps or cpu (default: the best)")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures as JSON, too")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Measure and print one table."""
    if args.scenes < 2:
        raise InputError("--scenes needs at least 2: consistency compares scenes.")
    phase = phase_of(args.data, args.phase)
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
