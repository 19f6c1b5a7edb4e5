"""`evaluate study`: which of two sets of pictures do people prefer, asked blind, in a window."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication

from app.checkpoint_list import find_checkpoints
from app.main import dress
from app.settings import Settings
from app.study.window import StudyWindow
from app.translation import use_language
from model.errors import InputError
from model.evaluation.preference import (
    LEAST_SECONDS,
    MIXED,
    MOST_SECONDS,
    Study,
    find_pairs,
    summary,
    table,
)
from model.evaluation.sitting import Sitting
from model.scene.files import atomic_file

MAIN = Path(__file__).parents[2] / "main.py"
SAME_SHAPE = 0.01  # how far the proportions of a pair's pictures may differ


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show pairs of pictures in a window, blind, and count which are preferred. The answers "
        "are a CSV file with a row for each; calling it again goes on where one stopped."
    )
    for name in ("A", "B"):
        parser.add_argument(
            name.lower(), type=Path, metavar=name, help="folder of pictures, or a checkpoint"
        )
    parser.add_argument(
        "--data", type=Path, metavar="DATA", help="data folder that checkpoints paint first"
    )
    parser.add_argument("--phase", metavar="PART", help="of the data (default: test if there)")
    parser.add_argument(
        "--pairs", type=int, metavar="N", help="pairs for each person (default: every one once)"
    )
    parser.add_argument(
        "--limit",
        type=limit,
        metavar="S",
        help=f"seconds that a pair is seen, {LEAST_SECONDS:g} to {MOST_SECONDS:g}, or {MIXED}: "
        "1/8 to 8, drawn for each pair (default: as long as one likes)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of order and sides")
    parser.add_argument("--rater", default="", metavar="NAME", help="who answers; else asked")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="F.csv", help="(default: in the user's data folder)"
    )
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures as JSON, too")
    parser.add_argument(
        "--show", action="store_true", help="print the figures of the answers so far, no window"
    )
    parser.add_argument("--device", default="auto", help="that checkpoints paint on")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def limit(text: str) -> float | str:
    """An argument: seconds, or "mixed"."""
    if text == MIXED:
        return text
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither {MIXED} nor seconds from {LEAST_SECONDS:g} to {MOST_SECONDS:g}"
        )
    return seconds


def run(args: argparse.Namespace) -> int:
    """Ask in the window, then print the figures of all answers in the file."""
    if args.seed < 0 or (args.pairs is not None and args.pairs < 1):
        raise InputError("--pairs needs at least 1, --seed at least 0.")
    a, b = names_of(args.a, args.b)
    file = args.output or Settings().data_folder / "studies" / f"{a}-{b}.csv".replace("/", "_")
    if not args.show:
        file.parent.mkdir(parents=True, exist_ok=True)
        pictures = _pictures(args, file)
        study = Study(a, b, tuple(pictures), args.pairs or len(pictures), args.seed, args.limit)
        ask(Sitting(study, file), pictures, args.rater)
    answers = Sitting(Study(a, b, (), 0), file).answers
    if not answers:
        print(f"{file} holds no answers yet")
        return 0
    print(f"{table(answers)}\n{file}")
    if args.json is not None:
        with atomic_file(args.json, InputError) as output:
            output.write(json.dumps(summary(answers), indent=1).encode() + b"\n")
    return 0


def ask(sitting: Sitting, pictures: dict[str, tuple[Path, Path]], rater: str) -> None:
    """The window, until it is closed."""
    sitting.done(rater)  # says so now when the file is of another study
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Labelbrush")
    settings = Settings()
    use_language(settings.get("view/language"))
    dress(app, settings)
    window = StudyWindow(sitting, pictures, rater)
    window.show()
    app.exec()


def names_of(a: Path, b: Path) -> tuple[str, str]:
    """What the sets are called in the file; people who answer never see it."""
    parts = [
        (path.parent if path.name == "checkpoint" else path).resolve().parts[1:] for path in (a, b)
    ]
    for length in range(1, max(map(len, parts)) + 1):
        names = ["/".join(each[-length:]) for each in parts]
        if names[0] != names[1]:
            return names[0], names[1]
    return str(a), str(b)


def _pictures(args: argparse.Namespace, file: Path) -> dict[str, tuple[Path, Path]]:
    folders = [
        _folder(path, args, file.with_suffix("").with_name(f"{file.stem}_{side}"))
        for side, path in (("A", args.a), ("B", args.b))
    ]
    pairs = find_pairs(*folders)
    for name, paths in pairs.items():
        shapes = [_proportion(path) for path in paths]
        if abs(shapes[0] - shapes[1]) > SAME_SHAPE * shapes[0]:
            raise InputError(
                f"{paths[0]} and {paths[1]} differ in shape, so {name} would be no blind pair; "
                "bring both to one size."
            )
    return pairs


def _folder(path: Path, args: argparse.Namespace, painted: Path) -> Path:
    """The folder of pictures that A or B is; a checkpoint paints its own beside the answers."""
    found = find_checkpoints(path)
    if not any(each in (path, path / "checkpoint") for each in found):
        return path
    if args.data is None:
        raise InputError(f"{path} is a checkpoint; name the data that it shall paint with --data.")
    labels = _labels(args.data, args.phase)
    if len(list(painted.glob("*.png"))) < len(list(labels.iterdir())):
        command = [sys.executable, str(MAIN), "render", str(labels), "-o", str(painted)]
        command += ["--checkpoint", str(found[0]), "--device", args.device]
        if subprocess.run(command + ["--quiet"] * args.quiet).returncode:
            raise InputError(f"{path} did not paint {labels}; the reason stands above.")
    return painted


def _labels(data: Path, phase: str | None) -> Path:
    for part in [phase] if phase else ["test", "val", "train"]:
        if (data / f"{part}_label").is_dir():
            return data / f"{part}_label"
    raise InputError(f"{data} holds no label maps of {phase or 'test'}; name another --data.")


def _proportion(path: Path) -> float:
    """Height over width, from the file's header; 1 where it has none: reading tells more."""
    size = QImageReader(str(path)).size()
    return size.height() / size.width() if size.isValid() else 1.0
