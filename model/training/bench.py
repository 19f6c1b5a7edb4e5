"""`bench training`: how fast a step of training is, what it holds, and what more processes give.

As a module of its own it is one of the processes that are compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from model.device import choose_target, configure
from model.training.batches import Batch
from model.training.config import Stage, TrainingConfig, load_config, side_multiple
from model.training.distributed import process_group
from model.training.memory import made_up_batch, peak_bytes
from model.training.trainer import Trainer, build_networks

STEPS = 5
PROCESSES = (1, 2)
MAIN = Path(__file__).parents[2]
Row = dict[str, str | float]


def rows(device: str = "auto") -> Iterator[Row]:
    """One row per preset, precision and number of processes; random weights, made-up samples.

    seconds: median of a step. spread: of the steps, slowest over fastest. held_mib: the most that
    a step holds, counted (`model.training.memory`). ratio: how many times as fast as the first
    row of its kind; of processes, how many times as many samples per second as one of them.
    peak: share of what this device reaches in a large matrix product, 0 where not measured.
    """
    target = choose_target(device, "float32")
    configure(target)
    yield from _precisions(target.device)
    if target.device.type == "cuda":
        yield from _full_size(target.device)
    else:
        yield from _processes()


def _precisions(device: torch.device) -> Iterator[Row]:
    preset = load_config("slim-streets")
    stage = preset.stages[-1]
    first = 0.0
    for name, change in (
        ("float32", {"precision": "float32"}),
        ("bfloat16", {"precision": "bfloat16"}),
        ("bfloat16, recompute", {"precision": "bfloat16", "recompute": True}),
    ):
        config = replace(preset, **change)
        seconds = step_seconds(config, stage, stage.crop, device)
        first = first or statistics.median(seconds)
        yield _row(f"slim-streets {name}", config, stage, stage.crop, seconds, first)


def _full_size(device: torch.device) -> Iterator[Row]:
    """The paper's full size in bfloat16, with the share of the device's peak."""
    preset, size = load_config("local-1024p"), (1024, 2048)
    preset = replace(preset, losses=replace(preset.losses, perceptual=0.0))
    stage = preset.stages[-1]
    first = 0.0
    for name, recompute in (("", False), (", recompute", True)):
        config = replace(preset, recompute=recompute)
        seconds = step_seconds(config, stage, size, device)
        first = first or statistics.median(seconds)
        row = _row(f"local-1024p 2048x1024{name}", config, stage, size, seconds, first)
        row["peak"] = _step_flops(config, stage, size) / first / _most_flops(device)
        yield row


def _processes() -> Iterator[Row]:
    """Processes of one thread each on the CPU, started as torchrun starts them."""
    preset = load_config("slim-streets")
    stage, alone = preset.stages[-1], 0.0
    for count in PROCESSES:
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        command += ["--nproc-per-node", str(count), "-m", "model.training.bench"]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            command, cwd=MAIN, env=environment, capture_output=True, text=True, check=True
        )
        seconds = [float(word) for word in done.stdout.splitlines()[-1].split()]
        median = statistics.median(seconds)
        alone = alone or median
        name = f"slim-streets, {count} process{'es' * (count > 1)}"
        row = _row(name, preset, stage, stage.crop, seconds, alone)
        row["ratio"] = count * alone / median
        yield row


def _row(
    name: str,
    config: TrainingConfig,
    stage: Stage,
    size: tuple[int, int],
    seconds: list[float],
    first: float,
) -> Row:
    median = statistics.median(seconds)
    return {
        "name": name,
        "seconds": median,
        "spread": max(seconds) / min(seconds),
        "held_mib": peak_bytes(config, stage, size) / 2**20,
        "ratio": first / median,
        "peak": 0.0,
    }


def step_seconds(
    config: TrainingConfig, stage: Stage, size: tuple[int, int], device: torch.device
) -> list[float]:
    """Of each of some steps after the first two."""
    torch.manual_seed(0)
    trainer = Trainer(build_networks(config), config, device)
    batch = _street(made_up_batch(config, stage, size, device), side_multiple(config, stage))
    found = []
    for step in range(STEPS + 2):
        started = time.perf_counter()
        trainer.step(batch, step)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        found.append(time.perf_counter() - started)
    return found[2:]


def _street(batch: Batch, side: int) -> Batch:
    """The batch with some 15 labels in bands, as crops of streets have."""
    rows = torch.arange(batch.labels.shape[-2], device=batch.labels.device)
    bands = (rows // max(side // 2, 1) % 15 + 7)[None, :, None].expand_as(batch.labels)
    return replace(batch, labels=bands.to(batch.labels.dtype), index=(bands - 7).long())


def _step_flops(config: TrainingConfig, stage: Stage, size: tuple[int, int]) -> float:
    with FlopCounterMode(display=False) as counter:
        peak_bytes(replace(config, recompute=False), stage, size)
    return counter.get_total_flops() / 2  # it goes through two steps


def _most_flops(device: torch.device) -> float:
    side = 8192
    a = torch.ones(side, side, dtype=torch.bfloat16, device=device)
    torch.mm(a, a)
    torch.cuda.synchronize(device)
    started = time.perf_counter()
    for _ in range(10):
        torch.mm(a, a)
    torch.cuda.synchronize(device)
    return 10 * 2 * side**3 / (time.perf_counter() - started)


def worker() -> None:
    """One of the compared processes: prints the seconds of its steps, the first for all."""
    config = load_config("slim-streets")
    stage = config.stages[-1]
    with process_group("cpu") as (group, _):
        seconds = step_seconds(config, stage, stage.crop, torch.device("cpu"))
        if group.first:
            print(*seconds)


if __name__ == "__main__":
    worker()
