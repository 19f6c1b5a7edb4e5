"""Batch: many pictures at once: the next are read and the last written while one is painted.

Knows neither files nor networks: those are the three functions it is given.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from model.errors import InputError

AHEAD = 2  # jobs read before their turn
BEHIND = 2  # pictures painted but not yet written; each holds megabytes


@dataclass(frozen=True, slots=True)
class Share:
    """Which jobs this process takes; `torchrun` starts several and numbers them."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    def of[Job](self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Every size-th job: all processes together do each one once."""
        return jobs[self.rank :: self.size]


def own_share() -> Share:
    """As the environment says.

    Raises:
        InputError: RANK and WORLD_SIZE contradict each other.
    """
    rank, size = os.environ.get("RANK", "0"), os.environ.get("WORLD_SIZE", "1")
    if not (rank.isdecimal() and size.isdecimal() and int(rank) < int(size)):
        raise InputError(
            f"RANK={rank} and WORLD_SIZE={size} do not fit together; unset both or use torchrun."
        )
    local_rank = os.environ.get("LOCAL_RANK", "0")
    return Share(int(rank), int(size), int(local_rank) if local_rank.isdecimal() else 0)


def work_through[Job, Source, Picture](
    jobs: Iterable[Job],
    read: Callable[[Job], Source],
    paint: Callable[[Source], Picture],
    write: Callable[[Job, Picture], None],
) -> Iterator[tuple[Job, Exception | None]]:
    """Reads, paints and writes every job; yields each with what went wrong, in order.

    Painting stays on the calling thread. A job that fails is left out, the others go on. Ending
    early, also by an interrupt, begins nothing new and finishes what is being read or written.
    """
    rest = iter(jobs)
    with ThreadPoolExecutor(AHEAD + BEHIND, "batch") as pool:
        try:
            coming = deque((job, pool.submit(read, job)) for job in islice(rest, AHEAD))
            leaving: deque[tuple[Job, Future[None]]] = deque()
            while coming:
                job, source = coming.popleft()
                coming.extend((later, pool.submit(read, later)) for later in islice(rest, 1))
                leaving.append((job, _painted(pool, job, source, paint, write)))
                while len(leaving) > BEHIND:
                    yield _outcome(*leaving.popleft())
            while leaving:
                yield _outcome(*leaving.popleft())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _painted[Job, Source, Picture](
    pool: ThreadPoolExecutor,
    job: Job,
    source: Future[Source],
    paint: Callable[[Source], Picture],
    write: Callable[[Job, Picture], None],
) -> Future[None]:
    """The writing of a job that is painted now; what went wrong before comes out of it, too."""
    try:
        return pool.submit(write, job, paint(source.result()))
    except Exception as error:
        failed: Future[None] = Future()
        failed.set_exception(error)
        return failed


def _outcome[Job](job: Job, written: Future[None]) -> tuple[Job, Exception | None]:
    try:
        written.result()
    except Exception as error:
        return job, error
    return job, None
