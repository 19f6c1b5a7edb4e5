"""Spread: work on rows, shared by as many threads as torch uses."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

import torch

_ALONE = 1 << 18  # elements below which one thread is faster than several


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
