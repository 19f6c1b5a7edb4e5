"""`evaluate CHECKPOINT DATA --judge J`: figures beside those of the true pictures."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from model.device import AUTO
from model.errors import InputError
from model.scene.files import atomic_file
from model.scene.labels import CITYSCAPES_NAME

KEPT_SUFFIX = ".frames"  # beside the JSON file, while frames are being judged


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument(
        "--judge",
        type=Path,
        required=True,
        metavar="J",
        help="folder of `evaluate fit-judge`, or a TorchScript or ONNX file",
    )
    parser.add_argument(
        "--phase", metavar="PART", help="of the data (default: val or test if there)"
    )
    parser.add_argument("--frames", type=int, metavar="N", help="of the data (default: all)")
    parser.add_argument(
        "--draws", type=int, default=2, metavar="N", help="pictures per frame in drawn styles"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the styles drawn")
    parser.add_argument(
        "--schema", default=CITYSCAPES_NAME, metavar="S", help="if the checkpoint does not say"
    )
    parser.add_argument("--device", default=AUTO, help="cuda, mps or cpu (default: the best)")
    parser.add_argument("--precision", default=AUTO, help="float32, bfloat16, float16 or auto")
    parser.add_argument(
        "--json",
        type=Path,
        metavar="F",
        help="write the figures as JSON, too; the same command goes on after an interruption",
    )
    parser.add_argument(
        "--sheet", type=Path, metavar="S.png", help="draw the best and the worst frames"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Measure, print the tables, write what is asked for."""
    from model.evaluation.figures import Settings, evaluate
    from model.evaluation.judged_sheet import write_judged_sheet

    if args.draws < 1:
        raise InputError("--draws needs at least 1.")
    settings = Settings(
        phase=args.phase,
        frames=args.frames,
        draws=args.draws,
        seed=args.seed,
        schema=args.schema,
        device=args.device,
        precision=args.precision,
    )
    keep = None if args.json is None else args.json.with_suffix(KEPT_SUFFIX)
    report = evaluate(args.checkpoint, args.data, args.judge, settings, keep=keep, quiet=args.quiet)
    facts = report.data
    print(f"{report.checkpoint['name']}, {facts['frames']} frames of {facts['name']}", end=" ")
    print(f"({facts['phase']}), judged by {report.judge['name']}\n")
    print(report.table())
    if args.json is not None:
        with atomic_file(args.json, InputError) as file:
            file.write(json.dumps(report.to_json(), indent=1).encode() + b"\n")
    if args.sheet is not None:
        write_judged_sheet(args.sheet, report, args.checkpoint, args.data, args.judge, settings)
    return 0
