"""`styles`: find the clusters of a checkpoint's features in a data folder, or show them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
from tqdm import tqdm

from model.checkpoint import Checkpoint, load_encoder, open_checkpoint, replace_styles, require_own
from model.device import choose_target
from model.errors import CheckpointError, InputError, SchemaError
from model.networks.encoder import Encoder
from model.scene.frame_files import FrameFiles, find_frames
from model.scene.labels import load_schema
from model.scene.maps import find_instance_map, open_scene, read_picture, write_picture
from model.scene.project import EXTENSION, load_project
from model.styles.book import StyleBook
from model.styles.clusters import (
    CLUSTERS,
    OFFICIAL_MINIMUM_WEIGHT,
    InstanceRows,
    fit_book,
    large_enough,
    rows_by_label,
    weights_by_label,
)
from model.styles.encode import encode_instances
from model.styles.examples import crop_around, nearest_instances
from model.styles.sheet import draw_sheet
from model.styles.telling import tell_all
from model.styles.variants import draw_variants
from model.training.facts import mode_names

MINIMUM_PIXELS = 256
MAX_CLUSTERS = 1000


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `styles fit` and `styles show`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    fit = actions.add_parser("fit", help="cluster the features of a data folder per label")
    fit.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="one of ours, changed")
    fit.add_argument("data", type=Path, metavar="DATA", help="folder with train_label, ...")
    fit.add_argument("--phase", default="train", help="part of the data (default: train)")
    fit.add_argument("--clusters", type=int, default=CLUSTERS, help="most clusters per label")
    fit.add_argument(
        "--height", type=int, metavar="PIXELS", help="bring pictures to this height first"
    )
    fit.add_argument(
        "--minimum-pixels",
        type=int,
        default=MINIMUM_PIXELS,
        metavar="N",
        help=f"leave out instances with fewer pixels (default: {MINIMUM_PIXELS})",
    )
    fit.add_argument(
        "--official",
        action="store_true",
        help="leave out what the official code does: instances up to 1/64 of the picture",
    )
    fit.add_argument("--device", default="auto", help="cuda, mps or cpu (default: the best)")
    fit.add_argument("--quiet", action="store_true", help="no progress")
    show = actions.add_parser("show", help="draw a sheet of the clusters")
    show.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    show.add_argument("-o", "--output", type=Path, required=True, metavar="SHEET.png")
    show.add_argument("--split", metavar="L+B+F", help="of an official checkpoint, as 35+1+3")
    show.add_argument(
        "--scene",
        type=Path,
        metavar="FILE",
        help="project or label map: paint it in the styles of some labels that differ most",
    )
    show.add_argument("--device", default="auto", help="cuda, mps or cpu (default: the best)")


def run(args: argparse.Namespace) -> int:
    """Fit or show; InputError when checkpoint or data cannot be used."""
    return _fit(args) if args.action == "fit" else _show(args)


def _fit(args: argparse.Namespace) -> int:
    if args.clusters < 1 or args.minimum_pixels < 0 or (args.height or 1) < 1:
        raise InputError("--clusters and --height need at least 1, --minimum-pixels at least 0.")
    if args.clusters > MAX_CLUSTERS:
        raise InputError(f"--clusters can be at most {MAX_CLUSTERS}.")
    checkpoint = open_checkpoint(args.checkpoint)
    encoder = load_encoder(checkpoint)
    if encoder is None:
        raise CheckpointError(f"{checkpoint.path} has no encoder; its styles cannot be fitted.")
    require_own(checkpoint)
    frames = find_frames(args.data, args.phase, rgb=False)
    device = choose_target(args.device, "float32").device
    frames_shown = tqdm(frames, "encoding", disable=args.quiet, unit="picture", file=sys.stderr)
    pictures = list(_encode(checkpoint, encoder.to(device), frames_shown, args))
    rows = rows_by_label(pictures, checkpoint.conditioning.unstyled)
    if not rows:
        raise InputError(f"{args.data} has no instance that is large enough; use more pictures.")
    labels_shown = tqdm(
        rows.items(), "clustering", disable=args.quiet, unit="label", file=sys.stderr
    )
    weights = None if args.official else weights_by_label(pictures)
    book = fit_book(labels_shown, args.clusters, weights)
    book = replace(book, crops=_examples(checkpoint, book, frames, pictures))
    replace_styles(checkpoint, book, _told(checkpoint, frames, pictures))
    print(f"{sum(map(book.count, book.centers))} styles for {len(book.centers)} labels")
    return 0


def _told(
    checkpoint: Checkpoint, frames: list[FrameFiles], pictures: list[InstanceRows]
) -> dict[str, tuple[float, ...]]:
    """See `ConditioningConfig.told`; where frames do not tell, what was told before.

    The encoder is the same, so that stays true.
    """
    known, schema = dict(checkpoint.conditioning.told), load_schema(checkpoint.schema_name)
    surface = checkpoint.conditioning.surface
    if surface is None:
        return known
    names = [
        mode_names(f.facts, r.ids.tolist(), schema) for f, r in zip(frames, pictures, strict=True)
    ]
    return known | tell_all(list(zip(pictures, names, strict=True)), surface)


def _encode(
    checkpoint: Checkpoint, encoder: Encoder, frames: tqdm[FrameFiles], args: argparse.Namespace
) -> Iterator[InstanceRows]:
    """The rows of each picture's large instances, one picture after the other."""
    for files in frames:
        picture, instances = _read(checkpoint, files)
        rows = encode_instances(checkpoint, encoder, picture, instances, args.height)
        if args.official:
            yield large_enough(rows, minimum_weight=OFFICIAL_MINIMUM_WEIGHT)
        else:
            yield large_enough(rows, minimum_pixels=args.minimum_pixels)


def _read(checkpoint: Checkpoint, files: FrameFiles) -> tuple[np.ndarray, np.ndarray]:
    """Picture, and map of the instances that share features."""
    scene = open_scene(files.label, files.instance, load_schema(checkpoint.schema_name))
    by_label = checkpoint.facts.get("features_from") == "labels"
    instances = scene.label_map.astype(np.int32) if by_label else scene.instance_map
    picture = read_picture(files.picture)
    if picture.shape[:2] != scene.size:
        raise InputError(
            f"{files.picture} is {picture.shape[1]}x{picture.shape[0]} and its label map "
            f"{scene.size[1]}x{scene.size[0]}; sizes must be equal."
        )
    return picture, instances


def _examples(
    checkpoint: Checkpoint, book: StyleBook, frames: list[FrameFiles], pictures: list[InstanceRows]
) -> dict[int, np.ndarray]:
    """Label id -> crops of the instances nearest to its centres; reads their pictures again."""
    nearest = nearest_instances(pictures, book.centers)
    found: dict[tuple[int, int], np.ndarray] = {}
    wanted = sorted({place for places in nearest.values() for place in places})
    for number, places in groupby(wanted, key=lambda place: place[0]):
        picture, instances = _read(checkpoint, frames[number])
        for place in places:
            found[place] = crop_around(picture, instances == place[1])
    return {label: np.stack([found[at] for at in places]) for label, places in nearest.items()}


def _show(args: argparse.Namespace) -> int:
    checkpoint = open_checkpoint(args.checkpoint, args.split)
    book = checkpoint.style_book
    if book is None:
        raise CheckpointError(f"{checkpoint.path} has no styles; fit them with `styles fit`.")
    if args.scene is not None:
        write_picture(args.output, _in_styles(checkpoint, book, args.scene, args.device))
        print(args.output)
        return 0
    try:
        names = {label.id: label.name for label in load_schema(checkpoint.schema_name)}
    except SchemaError:
        names = {}
    write_picture(args.output, draw_sheet(book, names, checkpoint.name))
    print(args.output)
    return 0


def _in_styles(checkpoint: Checkpoint, book: StyleBook, file: Path, device: str) -> np.ndarray:
    """The sheet of one scene."""
    from model.inference.engine import Engine

    schema = load_schema(checkpoint.schema_name)
    if file.suffix == EXTENSION:
        scene = load_project(file).scene
    else:
        scene = open_scene(file, find_instance_map(file), schema)
    if scene.schema.name != schema.name:
        raise InputError(f"{file} uses other labels than {checkpoint.path}; choose another scene.")
    return draw_variants(scene, book, Engine(checkpoint, device, previews="never").draft)
