"""`convert`: an official checkpoint folder to ours, and back."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch

from model.checkpoint import (
    Checkpoint,
    load_discriminator,
    load_encoder,
    load_generator,
    open_checkpoint,
    save_checkpoint,
)
from model.errors import CheckpointError
from model.official.writer import check_official, write_official


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `convert`."""
    parser.add_argument("source", type=Path, metavar="SRC", help="official folder, .pth or ours")
    parser.add_argument("target", type=Path, metavar="DST", help="folder that does not exist yet")
    parser.add_argument(
        "--split",
        metavar="L+B+F",
        help="how an official generator's input divides into labels, boundary (0 or 1) and "
        "features, for example 35+1+3, or rgb",
    )
    parser.add_argument("--schema", metavar="NAME", help="the label schema of the result, ours")
    parser.add_argument("--quiet", action="store_true", help="say nothing but errors")


def run(args: argparse.Namespace) -> int:
    """Convert; InputError when the source cannot be used or the target exists."""
    checkpoint = open_checkpoint(args.source, args.split)
    if args.schema is not None:
        checkpoint = replace(checkpoint, schema_name=args.schema)
    if checkpoint.official:
        with _new_folder(args.target) as folder:
            _save_own(checkpoint, folder)
    else:
        check_official(checkpoint)
        with _new_folder(args.target) as folder:
            write_official(checkpoint, folder, args.target.resolve().name)
    if not args.quiet:
        _say(checkpoint, args.target)
    return 0


def _save_own(checkpoint: Checkpoint, folder: Path) -> None:
    save_checkpoint(
        folder,
        generator=load_generator(checkpoint),
        generator_name=checkpoint.generator_name,
        generator_config=checkpoint.generator_config,
        conditioning=checkpoint.conditioning,
        schema_name=checkpoint.schema_name,
        encoder=load_encoder(checkpoint),
        encoder_config=checkpoint.encoder_config,
        discriminator=load_discriminator(checkpoint),
        discriminator_config=checkpoint.discriminator_config,
        style_book=checkpoint.style_book,
        facts=checkpoint.facts,
        dtype=torch.float32,
    )


def _say(checkpoint: Checkpoint, target: Path) -> None:
    checkpoint.tell_guess()
    print(target)


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A folder that appears at `target` only once everything in it is written."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CheckpointError(f"{target} exists already; choose a new folder.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise CheckpointError(f"{target} cannot be made: {error.strerror or error}.") from error
    try:
        temporary.chmod(0o755)
        yield temporary
        if target.exists():
            target.rmdir()
        temporary.rename(target)
    except OSError as error:
        raise CheckpointError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
