"""`evaluate ablations LIST DATA --judge J --out FOLDER`: many configurations, one budget."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.device import AUTO
from model.errors import InputError
from model.evaluation.ablation_list import read_list
from model.evaluation.comparison import differences, table
from model.scene.reading import parse_json, read_bytes

LISTS = Path(__file__).parents[2] / "assets" / "ablations"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "list",
        type=Path,
        metavar="LIST",
        help="TOML file of configurations, or the name of one in assets/ablations",
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="folder with train_label, ...")
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="for all of them")
    parser.add_argument("--held", type=Path, metavar="DATA", help="to judge on, if elsewhere")
    parser.add_argument("--judge", type=Path, required=True, metavar="J", help="as in `evaluate`")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="for runs and ablations.json"
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="this run of the list, may be repeated; the others can follow in the same folder",
    )
    parser.add_argument("--seeds", type=int, metavar="N", help="runs of each (default: the list's)")
    parser.add_argument("--minutes", type=float, metavar="M", help="of training, each")
    parser.add_argument("--frames", type=int, metavar="N", help="to judge (default: all)")
    parser.add_argument("--device", default=AUTO, help="cuda, mps or cpu (default: the best)")
    parser.add_argument("--precision", default=AUTO, help="that pictures are painted in")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a run failed; the others are there all the same."""
    from model.evaluation.ablations import MAX_JSON_BYTES, SUMMARY, Place, run_all
    from model.evaluation.figures import Settings

    own = LISTS / f"{args.list}.toml"
    path = own if own.parent == LISTS and own.is_file() else args.list
    listed = read_list(path, args.overrides, args.seeds, args.minutes, args.only)
    settings = Settings(frames=args.frames, draws=1, device=args.device, precision=args.precision)
    place = Place(args.data, args.held or args.data, args.judge, args.out, settings)
    failures = run_all(listed, place, quiet=args.quiet)
    if not (args.out / SUMMARY).is_file():
        raise InputError("no run came to its end; the reasons stand above.")
    content = parse_json(read_bytes(args.out / SUMMARY, InputError, MAX_JSON_BYTES))
    print(f"{table(content)}\n\n{differences(content)}")
    return 1 if failures else 0
