"""The `streets` command: frames of procedural streets into a data set folder, or an audit of it."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from model.errors import InputError
from model.scene.frame_files import MAX_FACTS_BYTES
from model.scene.reading import parse_json, read_bytes
from model.streets import style
from model.streets.audit import audit
from model.streets.dataset import (
    PICTURE_FORMATS,
    SPLITS,
    FrameFolder,
    FramePaths,
    frame_facts,
    write_frame,
)

SMALLEST, LARGEST = 64, 8192
INTERRUPTED = 130


@dataclass(frozen=True)
class Job:
    """What every frame of a run shares."""

    folder: FrameFolder
    size: tuple[int, int]
    forced: dict[str, str]
    buildings: str
    modular: bool


@dataclass(frozen=True)
class Task:
    """One scene and the views of it that are still missing."""

    job: Job
    seed: int
    views: tuple[int, ...]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("out", nargs="?", type=Path, help="folder of the data set")
    parser.add_argument("--seeds", default="0:10", metavar="A:B", help="scenes A to B-1, or one")
    parser.add_argument("--size", default="1024x512", metavar="WxH", help="pixels, width first")
    modes = "; ".join(f"{name}={'|'.join(table)}" for name, table in style.MODES.items())
    parser.add_argument("--force", default="", metavar="LABEL=MODE,...", help=modes)
    parser.add_argument(
        "--buildings",
        choices=style.BUILDING_CHOICES,
        default="mixed",
        help="one look and id for all houses, each its own, or each in half of the scenes",
    )
    parser.add_argument(
        "--modular",
        action="store_true",
        help="straight streets, all houses on one grid, one level camera: for generators that take "
        "surface coordinates",
    )
    parser.add_argument("--views", type=int, default=1, help="camera positions per scene")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--split", choices=SPLITS, default=SPLITS[0])
    parser.add_argument("--format", choices=PICTURE_FORMATS, default=PICTURE_FORMATS[0])
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
    parser.add_argument(
        "--audit", type=Path, metavar="FOLDER", help="check the frames of a folder instead"
    )


def run(args: argparse.Namespace) -> int:
    """Writes the frames that are missing; 130 when interrupted, with no half file left."""
    if args.audit is not None:
        return audit(args.audit, args.split)
    tasks, total = _tasks(args)
    folder = FrameFolder(args.out, args.split, args.format)
    folder.prepare()
    progress = tqdm(
        total=total,
        initial=total - sum(len(task.views) for task in tasks),
        unit="frame",
        file=sys.stderr,
        disable=args.quiet,
    )
    try:
        with progress:
            for done in _results(tasks, min(args.workers, len(tasks))):
                progress.update(done)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        folder.remove_leftovers()
    return 0


def parse_seeds(text: str) -> range:
    """'3:7' as range(3, 7), '3' as range(3, 4); InputError for anything else."""
    start, colon, end = text.partition(":")
    if not start.isdecimal() or (colon and not end.isdecimal()):
        raise InputError(f"--seeds takes A:B or one whole number, not {text!r}.")
    seeds = range(int(start), int(end) if colon else int(start) + 1)
    if not seeds:
        raise InputError(f"--seeds {text} names no seed; B has to be larger than A.")
    return seeds


def parse_size(text: str) -> tuple[int, int]:
    """'1024x512' as (1024, 512), width first; InputError for anything else."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise InputError(f"--size takes WIDTHxHEIGHT such as 1024x512, not {text!r}.")
    size = int(width), int(height)
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise InputError(f"--size {text} is outside {SMALLEST} to {LARGEST} pixels.")
    return size


def _tasks(args: argparse.Namespace) -> tuple[list[Task], int]:
    """Tasks that are left, and the number of frames there will be in all."""
    if args.out is None:
        raise InputError("streets needs a folder to write to, or --audit FOLDER.")
    if args.views < 1 or args.workers < 1:
        raise InputError("--views and --workers have to be at least 1.")
    folder = FrameFolder(args.out, args.split, args.format)
    size, forced = parse_size(args.size), style.parse_forced(args.force)
    job = Job(folder, size, forced, args.buildings, args.modular)
    seeds, tasks = parse_seeds(args.seeds), []
    finished = None
    for seed in seeds:
        frames = {index: folder.paths(seed, index) for index in range(args.views)}
        missing = tuple(index for index, paths in frames.items() if not paths.finished)
        finished = next((p for p in frames.values() if p.finished), finished)
        if missing:
            tasks.append(Task(job, seed, missing))
    if finished is not None:
        _check_alike(job, finished)
    return tasks, len(seeds) * args.views


def _check_alike(job: Job, finished: FramePaths) -> None:
    """InputError when a frame that is already there was drawn with other options."""
    try:
        facts = parse_json(read_bytes(finished.meta, InputError, MAX_FACTS_BYTES))
        height, width = facts["size"]
        modes = {name: facts["modes"][name] for name in job.forced}
        modular = facts.get("modular", False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{finished.meta} is not a frame's description; delete it.") from error
    if (width, height) != job.size or modes != job.forced or modular != job.modular:
        looks = "".join(f", {name} {mode}" for name, mode in modes.items())
        raise InputError(
            f"{job.folder.root} already holds {'modular ' * modular}frames of "
            f"{width}x{height}{looks}; "
            "name another folder or use the same options."
        )


def _results(tasks: list[Task], workers: int) -> Iterator[int]:
    """Number of frames written, each time some are."""
    # Mesa would start a thread per core in every process; must be set before the first context.
    os.environ.setdefault("LP_NUM_THREADS", "1")
    if workers <= 1:
        for task in tasks:
            yield _render(task)
        return
    with multiprocessing.get_context("spawn").Pool(workers, _ignore_interrupt) as pool:
        yield from pool.imap_unordered(_render, tasks)


def _ignore_interrupt() -> None:
    """Ctrl+C reaches every process of the group; only the first one shall act on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


_renderers: dict[tuple[int, int], object] = {}


def _render(task: Task) -> int:
    """Builds one scene and writes its missing views; runs in a worker process."""
    try:
        from model.streets.render.passes import StreetRenderer
    except ModuleNotFoundError as error:
        raise InputError(
            f"The street renderer needs the package {error.name}; install it with "
            "`pip install moderngl`."
        ) from error
    from model.streets.camera import view
    from model.streets.street import build_street

    job = task.job
    if job.size not in _renderers:
        _renderers[job.size] = StreetRenderer(job.size)
    renderer = _renderers[job.size]
    assert isinstance(renderer, StreetRenderer)
    street = build_street(task.seed, job.forced, job.buildings, modular=job.modular)
    renderer.load(street)
    for index in task.views:
        camera = view(street.plan, index)
        frame = renderer.draw(camera)
        facts = frame_facts(street, camera, frame.instances, renderer.name)
        paths = job.folder.paths(task.seed, index)
        write_frame(paths, frame.picture, frame.labels, frame.instances, facts)
    return len(task.views)
