"""`replay`: draws a saved project without a window."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

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


def run(args: argparse.Namespace) -> int:
    """Paints the project's picture, and what it was before when the project holds that."""
    outputs = choose_outputs(args.project, args.output)
    project = load_project(args.project)
    checkpoint = open_engine_checkpoint(args.checkpoint or _own_checkpoint(project, args.project))
    if checkpoint.schema_name != project.scene.schema.name:
        raise InputError(
            f"{args.project} uses the labels {project.scene.schema.name!r}, the checkpoint "
            f"{checkpoint.path} {checkpoint.schema_name!r}; choose a fitting --checkpoint."
        )
    engine = open_engine(checkpoint, args, project.style_seed)
    save(engine, project.scene, outputs.picture)
    if project.previous is not None:
        save(engine, project.previous, outputs.before)
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
