"""How many threads work takes, and that all of it is done."""

from __future__ import annotations

import pytest
import torch

from model.inference.plan import plan as plans
from model.inference.plan.plan import compile_plan
from model.inference.plan.regions import Halo
from model.inference.plan.spread import spread, threads_for
from model.scene.geometry import Rect
from tests.inference.test_plan import BFLOAT16, FLOAT32, frame_for
from tests.inference.test_repaint import CASES, recorded, returned


@pytest.fixture
def four():
    """Four threads, and how many were there when asked for."""
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    yield torch.get_num_threads
    torch.set_num_threads(before)


@pytest.mark.usefixtures("four")
def test_every_row_is_done_once():
    rows = []
    spread(lambda first, last: rows.extend(range(first, last)), 100, 1)
    assert rows == list(range(100))  # in this thread
    spread(lambda first, last: rows.extend(range(first, last)), 100, 1 << 20)
    assert sorted(rows) == sorted([*range(100), *range(100)])


@pytest.mark.parametrize(
    ("work", "like", "threads"),
    [(1e6, BFLOAT16, 1), (3.9e9, BFLOAT16, 1), (9e9, BFLOAT16, 3), (9e9, FLOAT32, 4)],
)
def test_little_work_takes_few_threads(four, work, like, threads):
    with threads_for(work, like):
        assert four() == threads
    assert four() == 4


def test_a_small_preview_has_one_thread_and_the_frame_all(four, monkeypatch):
    make, conditioning, options, size = CASES["local, ours"]
    generator = make(conditioning, **options)
    plan = compile_plan(generator, conditioning, FLOAT32, lookup=True)
    frame, seen, computed = frame_for(generator, conditioning, size), [], plans._computed

    def watched(*args):
        seen.append(four())
        return computed(*args)

    monkeypatch.setattr(plans, "_computed", watched)
    recording = recorded(plan, frame)
    assert set(seen) == {4}
    touched = Rect(20, 20, 40, 40)
    regions = plan.regions(frame.grid, touched, touched, Halo())
    seen.clear()
    work = plan.repaint([frame.part(regions.maps)], regions, recording, commit=False)
    with torch.inference_mode():
        next(work)
        next(work)
        work.close()  # given up half way
    assert set(seen) == {1} and four() == 4
    returned(plan.repaint([frame.part(regions.maps)], regions, recording, commit=False))
    assert set(seen) == {1} and four() == 4
