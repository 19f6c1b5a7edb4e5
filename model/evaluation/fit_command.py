"""`evaluate fit-judge DATA --out J`: a segmentation network, trained on true pictures."""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from model.device import AUTO, choose_target
from model.errors import InputError
from model.evaluation import measures
from model.evaluation.comparison import score_table
from model.evaluation.fit_judge import STATE, FitConfig, JudgeTraining, TrueCrops
from model.evaluation.judge import (
    DESCRIPTION,
    NETWORKS,
    Judge,
    JudgeConfig,
    judged_labels,
    load_judge,
    save_judge,
)
from model.scene.frame_files import find_frames
from model.scene.labels import CITYSCAPES_NAME, LabelSchema, load_schema
from model.scene.maps import read_label_map, read_picture
from model.training.data_check import held_out_phase
from model.training.interrupts import Interrupts


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "data", type=Path, nargs="+", metavar="DATA", help="folders with train_label, ..."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="J", help="folder for the judge")
    parser.add_argument(
        "--held",
        type=Path,
        nargs="+",
        metavar="DATA",
        help="where held-out parts are, if not in the first folder; each is scored on its own",
    )
    parser.add_argument(
        "--schema", default=CITYSCAPES_NAME, metavar="S", help="of the labels (cityscapes)"
    )
    how = FitConfig()
    parser.add_argument(
        "--steps", type=int, metavar="N", help=f"in all, also of a resumed training ({how.steps})"
    )
    parser.add_argument("--batch", type=int, default=how.batch, metavar="N", help="crops a step")
    parser.add_argument(
        "--crop",
        default=f"{how.crop_width}x{how.crop_height}",
        metavar="WxH",
        help="of what the judge sees, multiples of 8 (fpn: of 32)",
    )
    parser.add_argument(
        "--height",
        type=int,
        default=JudgeConfig().height,
        metavar="N",
        help="that it sees pictures at (512; 0: their own)",
    )
    parser.add_argument(
        "--network",
        choices=NETWORKS,
        default=JudgeConfig().network,
        help="pspnet, as in the paper, or fpn, which answers at twice its resolution (pspnet)",
    )
    parser.add_argument(
        "--encoder", default=JudgeConfig().encoder, metavar="E", help="of the library (resnet18)"
    )
    parser.add_argument("--seed", type=int, default=how.seed, metavar="N")
    parser.add_argument("--minutes", type=float, help="stop after this time, to go on later")
    parser.add_argument("--resume", action="store_true", help="go on with the training in J")
    parser.add_argument(
        "--growing", action="store_true", help="DATA is being written: pass over what lacks files"
    )
    parser.add_argument("--device", default=AUTO, help="cuda, mps or cpu (default: the best)")
    parser.add_argument("--precision", default=AUTO, help="float32, bfloat16 or auto")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Train, score on held-out true pictures, write the judge."""
    schema, target = load_schema(args.schema), choose_target(args.device, args.precision)
    frames = [
        files
        for folder in args.data
        for files in find_frames(folder, "train", rgb=False, growing=args.growing)
    ]
    held = {each: held_out_phase(each, rgb=False) for each in args.held or args.data[:1]}
    if args.resume:
        training = JudgeTraining.resume(args.out, target, args.steps)
    else:
        for name in (STATE, DESCRIPTION):
            if (args.out / name).exists():
                raise InputError(f"{args.out} holds a judge; add --resume or choose another folder")
        training = JudgeTraining(_judge_config(args, schema), _how(args), target)
    interrupts = Interrupts()
    until = math.inf if args.minutes is None else time.monotonic() + 60 * args.minutes
    with interrupts.installed():
        crops = TrueCrops(frames, schema, training.config, training.how)
        training.train(crops, args.out, interrupts, until, args.quiet)
    if training.step < training.how.steps:
        print(f"{training.step} of {training.how.steps} steps; go on with --resume")
        return 0
    facts: dict[str, Any] = {
        "schema": schema.name,
        "frames": len(frames),
        "steps": training.step,
        "seed": training.how.seed,
        "minutes": round(training.seconds / 60, 1),
        "device": str(target.device),
        "precision": target.precision,
    }
    save_judge(args.out, training.network, training.config, facts)
    judge, facts["held_out"] = load_judge(args.out, target), []
    for data, phase in held.items():
        if phase is None:
            print(f"{data} holds no val or test part: nothing says how good the judge is.")
            continue
        facts["held_out"].append(score(judge, data, phase, schema, args.quiet))
        save_judge(args.out, training.network, training.config, facts)
        print(score_table(facts["held_out"][-1]))
    (args.out / STATE).unlink(missing_ok=True)
    return 0


def _judge_config(args: argparse.Namespace, schema: LabelSchema) -> JudgeConfig:
    if args.height < 0:
        raise InputError("--height is 0 or more.")
    depth, channels = NETWORKS[args.network]
    return JudgeConfig(
        judged_labels(schema),
        height=args.height,
        network=args.network,
        encoder=args.encoder,
        depth=depth,
        channels=channels,
    )


def _how(args: argparse.Namespace) -> FitConfig:
    width, _, height = args.crop.partition("x")
    sides = [int(side) if side.isdecimal() else 0 for side in (height, width)]
    multiple = 2 ** NETWORKS[args.network][0]
    if not all(side >= multiple and side % multiple == 0 for side in sides):
        raise InputError(f"--crop {args.crop} has to be WIDTHxHEIGHT in multiples of {multiple}.")
    steps = FitConfig().steps if args.steps is None else args.steps
    if min(steps, args.batch) < 1:
        raise InputError("--steps and --batch need at least 1.")
    return FitConfig(steps, args.batch, *sides, seed=args.seed)


def score(judge: Judge, data: Path, phase: str, schema: LabelSchema, quiet: bool) -> dict[str, Any]:
    """The judge's own figures on true pictures, as plain values."""
    labels = judge.config.labels
    matrix = np.zeros((len(labels), len(labels)), np.int64)
    found = find_frames(data, phase, rgb=False)
    for files in tqdm(found, "scoring", unit="frame", disable=quiet, file=sys.stderr):
        look = judge.look(read_picture(files.picture))
        target = judge.targets(read_label_map(files.label, schema))
        matrix += measures.confusion(look.prediction, target, len(labels))
    scores = measures.summary_scores(matrix)
    if scores is None:
        raise InputError(f"{data} holds no label that counts; choose another --schema.")
    ious, _ = measures.label_scores(matrix)
    shares = matrix.sum(axis=1) / matrix.sum()
    rows = [
        {"id": label, "name": schema.by_id(label).name, "share": float(share), "iou": float(iou)}
        for label, share, iou in zip(labels, shares, ious, strict=True)
        if share > 0
    ]
    names = ("pixel_accuracy", "class_accuracy", "mean_iou")
    return {
        "data": data.resolve().name,
        "phase": phase,
        "frames": len(found),
        **dict(zip(names, scores, strict=True)),
        "labels": rows,
    }
