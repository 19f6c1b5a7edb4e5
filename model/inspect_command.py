"""`inspect`: what a checkpoint, project or training run is, for people and as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from model.checkpoint import DESCRIPTION, Checkpoint, open_checkpoint
from model.config_json import config_to_json
from model.errors import CheckpointError, SchemaError
from model.networks import GENERATORS
from model.networks.discriminator import MultiscaleDiscriminator
from model.networks.encoder import Encoder
from model.official.split import split_of
from model.scene.archives import Archive, ArchiveError
from model.scene.instances import find_instances
from model.scene.labels import load_schema
from model.scene.project import DESCRIPTION as PROJECT
from model.scene.project import EXTENSION, MAX_BYTES, MAX_MEMBERS, load_project
from model.scene.reading import opened
from model.styles.book import StyleBook
from model.training.status import read_log
from model.weights import count_numbers, describe, shapes_of

RUN_LOG = "log.jsonl"
RUN_CHECKPOINT = "checkpoint"

Report = dict[str, Any]


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `inspect`."""
    parser.add_argument("path", type=Path, metavar="PATH", help="checkpoint, project or run")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--split", metavar="L+B+F", help="how an official generator's input divides: 35+1+3, rgb"
    )


def run(args: argparse.Namespace) -> int:
    """Print the report; InputError when the path is none of the three."""
    report = inspect(args.path, args.split)
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        print("\n".join(report_lines(report)))
    return 0


def inspect(path: Path, split: str | None = None) -> Report:
    """The report as nested plain values; "kind" says what the path is."""
    if path.is_file() and (path.suffix == EXTENSION or _is_project(path)):
        return _inspect_project(path)
    if (path / RUN_LOG).is_file() and not (path / DESCRIPTION).is_file():
        return _inspect_run(path)
    return _inspect_checkpoint(open_checkpoint(path, split))


def report_lines(report: Report, indent: str = "") -> list[str]:
    """The report as `name: value` lines; nested tables are indented."""
    lines = []
    for name, value in report.items():
        if isinstance(value, dict) and value:
            lines += [f"{indent}{name}:", *report_lines(value, indent + "  ")]
        elif value not in (None, {}, []):
            shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
            lines.append(f"{indent}{name}: {shown}")
    return lines


def _is_project(path: Path) -> bool:
    """Whether it is a project under another name."""
    try:
        with opened(path, CheckpointError, MAX_BYTES) as file:
            return PROJECT in Archive(file, most_parts=MAX_MEMBERS, most_bytes=MAX_BYTES)
    except (CheckpointError, ArchiveError):
        return False


def _inspect_project(path: Path) -> Report:
    project = load_project(path)
    scene = project.scene
    return {
        "kind": "project",
        "path": str(path),
        "size": list(scene.size),
        "schema": scene.schema.name,
        "instances": len(find_instances(scene.instance_map)),
        "styles": len(scene.styles),
        "checkpoint": project.checkpoint,
        "style_seed": project.style_seed,
    }


def _inspect_run(path: Path) -> Report:
    lines = read_log(path / RUN_LOG)
    report: Report = {"kind": "run", "path": str(path), "last": lines[-1] if lines else {}}
    if (path / RUN_CHECKPOINT / DESCRIPTION).is_file():
        report["checkpoint"] = _inspect_checkpoint(open_checkpoint(path / RUN_CHECKPOINT))
    return report


def _inspect_checkpoint(checkpoint: Checkpoint) -> Report:
    networks: Report = {}
    kinds = {
        "generator": (GENERATORS[checkpoint.generator_name][0], checkpoint.generator_config),
        "encoder": (Encoder, checkpoint.encoder_config),
        "discriminator": (MultiscaleDiscriminator, checkpoint.discriminator_config),
    }
    for part, (kind, config) in kinds.items():
        if config is None:
            continue
        file = checkpoint.weights[part]
        networks[part] = {
            "network": kind.__name__,
            **config_to_json(config),
            "parameters": count_numbers(shapes_of(describe(kind, config, file))),
            "file": file.name,
            "bytes": file.stat().st_size,
        }
    splits = {"possible_splits": list(checkpoint.splits)} if checkpoint.split_is_guess else {}
    return {
        "kind": "official checkpoint" if checkpoint.official else "checkpoint",
        "name": checkpoint.name,
        "path": str(checkpoint.path),
        **networks,
        "conditioning": config_to_json(checkpoint.conditioning),
        "split": str(split_of(checkpoint.conditioning)),
        "split_is_guess": checkpoint.split_is_guess,
        **splits,
        "schema": checkpoint.schema_name,
        "styles": _styles(checkpoint.style_book, checkpoint.schema_name),
        "facts": dict(checkpoint.facts),
    }


def _styles(book: StyleBook | None, schema_name: str) -> dict[str, int]:
    """Number of styles by the label's name."""
    if book is None:
        return {}
    try:
        names = {label.id: label.name for label in load_schema(schema_name)}
    except SchemaError:
        names = {}
    return {names.get(label, f"label {label}"): book.count(label) for label in book.centers}
