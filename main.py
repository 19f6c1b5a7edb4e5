"""Command line: python main.py COMMAND. Each command is imported only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

import model.inference.process  # noqa: F401 - settings that must stand before torch loads
from model.errors import InputError, ResourceError
from model.inference.preload import import_for_good

DEFAULT = "edit"
COMMANDS = {  # name: (module with configure(parser) and run(args) -> exit code, one line of help)
    "edit": ("app.main", "open the editor"),
    "render": ("model.inference.command", "turn label maps into pictures"),
    "replay": ("model.inference.replay_command", "draw a saved project without a window"),
    "train": ("model.training.command", "train a generator"),
    "styles": ("model.styles.command", "cluster encoder features into styles, or show them"),
    "evaluate": ("model.evaluation.command", "measure what a checkpoint can do"),
    "evaluate study": ("app.study.command", "ask people which of two sets of pictures they prefer"),
    "stamps": ("model.streets.stamps", "draw the shapes of assets/stamps"),
    "language": ("app.catalogue", "bring the translations up to date with the sources"),
    "samples": ("model.samples_command", "draw the scenes of assets/samples"),
    "streets": ("model.streets.command", "draw procedural street frames with exact maps"),
    "edges": ("model.edges_command", "draw the edges of pictures, for edges to photo"),
    "inspect": ("model.inspect_command", "say what a checkpoint, project or run is"),
    "convert": (
        "model.convert_command",
        "turn an official checkpoint into ours, or back",
    ),
    "bench": ("model.bench_command", "measure speed on this machine"),
    "check": ("model.check_command", "report versions, devices and folders"),
}


def with_command(argv: list[str]) -> list[str]:
    """The arguments with `edit` put first when they name files or options but no command."""
    if not argv:
        return [DEFAULT]
    if " ".join(argv[:2]) in COMMANDS:  # such as `evaluate study`
        return [" ".join(argv[:2]), *argv[2:]]
    first = argv[0]
    if first in COMMANDS or first in {"-h", "--help"}:
        return argv
    if not first.startswith("-") and not Path(first).exists():
        known = ", ".join(COMMANDS)
        raise InputError(f'"{first}" is neither a file nor a command; the commands are: {known}.')
    return [DEFAULT, *argv]


def with_kind(argv: list[str]) -> list[str]:
    """The arguments with what the command itself puts in where its first word is left out."""
    if argv[0] not in COMMANDS:
        return argv
    complete = getattr(importlib.import_module(COMMANDS[argv[0]][0]), "with_kind", None)
    return argv if complete is None else [argv[0], *complete(argv[1:])]


def build_parser(chosen: str) -> argparse.ArgumentParser:
    """The parser of every command's name and of the chosen command's own arguments."""
    parser = argparse.ArgumentParser(prog="main.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, summary) in COMMANDS.items():
        subparser = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        if name == chosen:
            more = [other for other in COMMANDS if other.startswith(f"{name} ")]
            subparser.epilog = f"There is also: {', '.join(more)}." if more else None
            command = import_for_good(module)
            command.configure(subparser)
            subparser.set_defaults(run=command.run)
    return parser


def main(argv: list[str]) -> int:
    """Run one command; returns the process's exit code (0, 1, 2 refused input, 130 interrupted)."""
    try:
        argv = with_kind(with_command(argv))
        parser = build_parser(argv[0])
        args, rest = parser.parse_known_args(argv)
        if rest and ("overrides" not in args or any(word.startswith("-") for word in rest)):
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
        if rest:  # KEY=VALUE words after options, which argparse leaves over
            args.overrides += rest
        return args.run(args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except ResourceError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads the output, such as `head`, has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for Python's last flush
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
