"""`evaluate`: figures and pictures to judge a checkpoint by; each kind has a module."""

from __future__ import annotations

import argparse
import importlib

DEFAULT = "checkpoint"
KINDS = {  # name: (module with configure(parser) and run(args) -> exit code, one line of help)
    "checkpoint": ("model.evaluation.figures_command", "figures beside those of the true pictures"),
    "fit-judge": ("model.evaluation.fit_command", "train the judge on true pictures"),
    "ablations": ("model.evaluation.ablations_command", "train and judge many configurations"),
    "results": ("model.evaluation.results_command", "make the page RESULTS.md anew"),
    "styles": (
        "model.evaluation.styles_command",
        "do clusters mean something, do styles stay local",
    ),
    "sheets": (
        "model.evaluation.sheets_command",
        "pictures to judge by: true frames, crude scenes, maps",
    ),
}


def with_kind(words: list[str]) -> list[str]:
    """The words after `evaluate`, with the default kind in front when they name none."""
    if not words or words[0] in KINDS or words[0] in {"-h", "--help"}:
        return words
    return [DEFAULT, *words]


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of every kind."""
    kinds = parser.add_subparsers(dest="kind", metavar="WHAT", required=True)
    for name, (module, summary) in KINDS.items():
        kind = importlib.import_module(module)
        described = kinds.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        kind.configure(described)
        described.set_defaults(run_kind=kind.run)


def run(args: argparse.Namespace) -> int:
    return args.run_kind(args)
