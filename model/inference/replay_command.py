"""`replay`: draws a saved project without a window."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from model.errors import InputError
from model.inference.command import (
    DEFAULT_CHECKPOINT,
    add_engine_arguments,
    is_picture_file,
    open_engine,
    open_engine_checkpoint,
    save,
)
from model.scene.project import ProjectFile, load_project
from model.scene.timelapse import states

if TYPE_CHECKING:
    from model.inference.engine import Engine

BEFORE = "_before"


@dataclass(frozen=True, slots=True)
class Outputs:
    picture: Path
    before: Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `replay`."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    add_engine_arguments(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help=f"file or folder; a project that knows its earlier state also gives *{BEFORE}",
    )
    parser.add_argument(
        "--every", action="store_true", help="one picture per step of the history, into a folder"
    )


def run(args: argparse.Namespace) -> int:
    """Paints the project's picture, and what it was before when the project holds that."""
    outputs = choose_outputs(args.project, args.output)
    project = load_project(args.project)
    if args.every:
        check_history(project, args.project, args.output)
    path = args.checkpoint or _own_checkpoint(project, args.project)
    checkpoint = open_engine_checkpoint(path, args)
    if checkpoint.schema_name != project.scene.schema.name:
        raise InputError(
            f"{args.project} uses the labels {project.scene.schema.name!r}, the checkpoint "
            f"{checkpoint.path} {checkpoint.schema_name!r}; choose a fitting --checkpoint."
        )
    engine = open_engine(checkpoint, args, project.style_seed)
    if args.every:
        return _every(engine, project, args)
    save(engine, project.scene, outputs.picture)
    if project.previous is not None:
        save(engine, project.previous, outputs.before)
    return 0


def check_history(project: ProjectFile, path: Path, output: Path) -> None:
    """Raises InputError when there are no steps to draw, or no folder to draw them into."""
    if not project.edits:
        raise InputError(
            f"{path} holds no history, so there are no steps to draw; leave out --every, or save "
            "it again with File > Keep History in Projects."
        )
    if is_picture_file(output):
        raise InputError(f"{output} is one picture, --every draws several; name a folder.")


def _every(engine: Engine, project: ProjectFile, args: argparse.Namespace) -> int:
    """NAME_000.png before the oldest step that the project keeps, NAME_001.png after it, ..."""
    total = len(project.edits) + 1
    steps = states(project.scene, project.edits)
    shown = tqdm(steps, "replay", total, unit="picture", disable=args.quiet)
    for number, scene in enumerate(shown):
        save(engine, scene, args.output / f"{args.project.stem}_{number:03d}.png")
    return 0


def choose_outputs(project: Path, output: Path) -> Outputs:
    """The files to write. Raises InputError when OUT is neither a picture file nor a folder."""
    picture = output if is_picture_file(output) else output / f"{project.stem}.png"
    return Outputs(picture, picture.with_stem(picture.stem + BEFORE))


def _own_checkpoint(project: ProjectFile, path: Path) -> Path | None:
    """The checkpoint a project names: a path, relative ones beside it, or the bundled one."""
    if project.checkpoint is None or project.checkpoint == DEFAULT_CHECKPOINT.name:
        return None
    return path.parent / project.checkpoint
