"""Spread: work on rows, shared by as many threads as torch uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

import torch
from torch import Tensor

_ALONE = 1 << 18  # elements below which one thread is faster than several
# Multiplications that are worth a thread: with fewer, threads mostly wait for each other after each
# of many small steps, longer still where other programs have the cores.
_WORTH = {torch.bfloat16: 4e9, torch.float32: 0.7e9}


@contextmanager
def threads_for(work: float, like: Tensor) -> Iterator[None]:
    """As many threads of the processor as so many multiplications pay for, at most the usual.

    What else this thread does meanwhile has no more either.
    """
    usual = torch.get_num_threads()
    few = 1 + int(work / _WORTH[like.dtype]) if like.device.type == "cpu" else usual
    if few >= usual:
        yield
        return
    torch.set_num_threads(few)
    try:
        yield
    finally:
        torch.set_num_threads(usual)


def spread(work: Callable[[int, int], None], count: int, elements: int) -> None:
    """Calls work(first, last) for parts of range(count), each of so many elements, at once."""
    threads = min(torch.get_num_threads(), count) if count * elements > _ALONE else 1
    edges = [count * part // threads for part in range(threads + 1)]
    others = [_pool(threads).submit(work, *part) for part in pairwise(edges[1:])]
    try:
        work(edges[0], edges[1])
    finally:
        for other in others:
            other.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads - 1, "kernels")
