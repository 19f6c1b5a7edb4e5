"""Many processes as one run, on torch's own engine; knows nothing of what they train.

`torchrun` starts the processes and sets their environment; without it a run is one process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor

from model.errors import InputError

PATIENCE = timedelta(hours=2)  # for the first process to check the data


@dataclass(frozen=True, slots=True)
class Group:
    """This process's place among those of the run."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @property
    def first(self) -> bool:
        """Whether this process writes and reports for all."""
        return self.rank == 0

    def any(self, flag: bool) -> bool:
        """Whether any process has the flag; all wait for each other."""
        if self.size == 1:
            return flag
        flags: list[bool] = [False] * self.size
        dist.all_gather_object(flags, flag)
        return any(flags)

    def mean(self, values: dict[str, Tensor]) -> dict[str, Tensor]:
        """Each value averaged over the processes."""
        if self.size == 1 or not values:
            return values
        joined = torch.stack([value.float() for value in values.values()])
        dist.all_reduce(joined)
        return dict(zip(values, joined / self.size, strict=True))

    def wait(self) -> None:
        """Until every process is here."""
        if self.size > 1:
            dist.barrier()


@contextmanager
def process_group(device: str) -> Iterator[tuple[Group, str]]:
    """The group that torchrun made, or one process; and the device of this process.

    device: as the user named it; with several CUDA processes each takes the one of its number.
    """
    size = int(os.environ["WORLD_SIZE"]) if dist.is_torchelastic_launched() else 1
    if size == 1:
        yield Group(), device
        return
    group = Group(int(os.environ["RANK"]), size, int(os.environ["LOCAL_RANK"]))
    cuda = device in ("auto", "cuda") and torch.cuda.is_available()
    if cuda and group.local_rank >= torch.cuda.device_count():
        raise InputError(
            f"torchrun started process {group.local_rank} on this machine, which has "
            f"{torch.cuda.device_count()} CUDA devices; start one process for each"
        )
    if cuda:
        device = f"cuda:{group.local_rank}"
        torch.cuda.set_device(group.local_rank)
    dist.init_process_group("nccl" if cuda else "gloo", timeout=PATIENCE)
    try:
        yield group, device
    finally:
        dist.destroy_process_group()
