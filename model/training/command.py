"""`train`: train a generator on a data folder."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from model.checkpoint import open_checkpoint
from model.device import choose_target
from model.device import configure as configure_device
from model.errors import InputError
from model.scene.frame_files import FrameFiles, find_frames
from model.training.batches import BatchSource, sample_size
from model.training.config import (
    TrainingConfig,
    load_config,
    side_multiple,
    with_overrides,
)
from model.training.data_check import require_sound
from model.training.distributed import Group, process_group
from model.training.events import Events
from model.training.growing import GrowingData
from model.training.interrupts import Interrupts
from model.training.memory import peak_bytes
from model.training.mode_list import with_modes
from model.training.parts import write_parts
from model.training.run import Run, open_data
from model.training.status import STATE, status

CHECKED = "checked.json"  # in the run: frames that were found good
SAMPLE_SECONDS = 300.0
FIRST_FRAMES = 24  # rendered before training begins
MAIN = Path(__file__).parents[2] / "main.py"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "data", type=Path, nargs="?", metavar="DATA", help="folder with train_label, ..."
    )
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="optimizer.lr=1e-4, ...")
    parser.add_argument("--out", type=Path, metavar="RUN", help="the run's folder")
    parser.add_argument("--preset", help="a file name of assets/presets (default: slim-streets)")
    parser.add_argument("--config", type=Path, metavar="F.toml", help="a configuration file")
    parser.add_argument("--resume", action="store_true", help="go on with the run in RUN")
    parser.add_argument(
        "--from", dest="start", type=Path, metavar="C", help="start with a checkpoint's weights"
    )
    parser.add_argument("--minutes", type=float, help="stop after this time, everything saved")
    parser.add_argument(
        "--anneal",
        action="store_true",
        help="let the learning rate fall over --minutes, not over the steps of a stage",
    )
    parser.add_argument("--steps", type=int, help="stop at this step, everything saved")
    parser.add_argument(
        "--save-minutes", type=float, default=5.0, metavar="N", help="save this often (default: 5)"
    )
    parser.add_argument("--device", default="auto", help="cuda, mps or cpu (default: the best)")
    parser.add_argument(
        "--threads", type=int, default=2, help="threads or processes that decode frames"
    )
    parser.add_argument(
        "--growing", action="store_true", help="DATA is still being written: look for new frames"
    )
    parser.add_argument(
        "--render", metavar="A:B", help="draw streets of these seeds into DATA while training"
    )
    parser.add_argument(
        "--render-size", default="2048x1024", metavar="WxH", help="size of those streets"
    )
    parser.add_argument(
        "--parts", type=Path, metavar="FOLDER", help="also write the state there, in small files"
    )
    parser.add_argument(
        "--check", action="store_true", help="check every file of DATA, print a table, and stop"
    )
    parser.add_argument(
        "--status", type=Path, nargs="?", const=Path(), metavar="RUN", help="say how far a run is"
    )
    parser.add_argument(
        "--watch", action="store_true", help="also write events for TensorBoard into RUN/events"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    if args.status is not None:
        folder = args.out or (None if args.status == Path() else args.status)
        print(status(_required(folder, "name the run: --status RUN")))
        return 0
    if args.anneal and args.minutes is None:
        raise InputError("--anneal needs --minutes: the time over which the learning rate falls")
    args.data = _data_folder(args)
    if args.check:
        return _check(args)
    _required(args.out, "name the run's folder: --out RUN")
    interrupts = Interrupts()
    with interrupts.installed(), process_group(args.device) as (group, device):
        if group.size > 1 and (args.growing or args.render):
            raise InputError("several processes need data that is complete; leave out --render")
        target = choose_target(device, "float32")
        configure_device(target)
        run = _open_run(args, target.device, group, interrupts)
        with _rendering(args, modular=run.config.conditioning.surface is not None):
            _train(args, run)
    return 0


def _required(path: Path | None, otherwise: str) -> Path:
    if path is None:
        raise InputError(otherwise)
    return path


def _data_folder(args: argparse.Namespace) -> Path:
    """DATA; argparse gives it up to the overrides when an option stands between."""
    if args.data is None and args.overrides and "=" not in args.overrides[0]:
        return Path(args.overrides.pop(0))
    return _required(args.data, "name the data folder: train DATA --out RUN")


def _check(args: argparse.Namespace) -> int:
    config = load_config(args.preset, args.config, args.overrides)
    frames = require_sound(args.data, config, threads=args.threads, quiet=args.quiet)
    print(f"{frames} frames, all fit for training with {config.preset}")
    data = open_data(args.data, config, torch.device("cpu"))
    size = data.cache.get(data.training[0]).size
    for number, stage in enumerate(config.stages, 1):
        sample = sample_size([size], stage, side_multiple(config, stage))
        shown = f"{stage.batch} of {sample[1]}x{sample[0]}"
        held = peak_bytes(config, stage, sample) / 2**30
        print(f"stage {number} ({stage.train}), batches of {shown}: a step holds {held:.1f} GiB")
    return 0


def _train(args: argparse.Namespace, run: Run) -> None:
    config, growing, group = run.config, args.growing or bool(args.render), run.group
    if group.first:
        record, quiet = args.out / CHECKED, args.quiet
        options = {"threads": args.threads, "quiet": quiet, "growing": growing}
        require_sound(args.data, config, record=record, **options)
        run.write_config()
        run.events = Events(args.out / "events") if args.watch else None
    group.wait()
    data = open_data(args.data, config, run.device, growing=growing)
    data.cache.preload([*data.held_out[:4], *data.training], args.threads)
    source = BatchSource(data.training, data.cache, config, group.rank)
    rgb = config.conditioning.rgb
    growth = GrowingData(args.data, data.cache, rgb=rgb, workers=args.threads) if growing else None
    saved = sampled = time.monotonic()
    deadline = None if args.minutes is None else saved + 60 * args.minutes
    last = config.total_steps if args.steps is None else min(args.steps, config.total_steps)
    try:
        options = {"quiet": args.quiet, "anneal": args.anneal}
        for _ in run.train(source, last=last, deadline=deadline, **options):
            now = time.monotonic()
            if now - saved >= 60 * args.save_minutes:
                run.save()
                saved = now
            if now - sampled > SAMPLE_SECONDS:
                run.sample(data)
                sampled = now
            if growth is not None:
                source.frames = growth.found() or source.frames
    finally:
        if growth is not None:
            growth.close()
        run.save()
    if group.first:
        with run.interrupts.held():
            run.sample(data)
            run.save_checkpoint(args.out / "checkpoint", data.cache.largest)
            if args.parts:
                write_parts(run.state(), args.parts)
    if run.events is not None:
        run.events.close()
    group.wait()


@contextmanager
def _rendering(args: argparse.Namespace, *, modular: bool) -> Iterator[None]:
    """Street frames drawn into DATA by a process of their own while training goes on."""
    if not args.render:
        yield
        return
    workers = str(max(1, (os.cpu_count() or 2) - 2))
    command = [sys.executable, str(MAIN), "streets", str(args.data), "--seeds", args.render]
    command += ["--workers", workers, "--views", "3", "--buildings", "mixed", "--quiet"]
    command += ["--size", args.render_size, *(["--modular"] if modular else [])]
    process = subprocess.Popen(["nice", *command] if shutil.which("nice") else command)
    try:
        while len(_complete(args.data)) < FIRST_FRAMES and process.poll() is None:
            time.sleep(1)
        if process.poll():
            raise InputError("the street renderer stopped; its message stands above")
        yield
    finally:
        process.send_signal(signal.SIGINT)  # it removes what it has half written
        process.wait()


def _complete(data: Path) -> list[FrameFiles]:
    try:
        return find_frames(data, "train", rgb=False, growing=True)
    except InputError:  # nothing there yet
        return []


def _open_run(
    args: argparse.Namespace, device: torch.device, group: Group, interrupts: Interrupts
) -> Run:
    growing = args.growing or bool(args.render)

    def asked(saved: TrainingConfig | None = None) -> TrainingConfig:
        if saved is None or args.preset or args.config:
            config = load_config(args.preset, args.config, args.overrides)
        else:
            config = with_overrides(saved, args.overrides)
        return with_modes(config, args.data, growing=growing)

    if args.resume:
        return Run.resume(args.out, device, asked, group, interrupts)
    if (args.out / STATE).exists():
        raise InputError(f"{args.out} holds a run already; add --resume or name another folder")
    run = Run(args.out, asked(), device, group, interrupts)
    if args.start:
        run.start_from(open_checkpoint(args.start))
    return run
