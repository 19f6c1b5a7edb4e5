"""Memory: its limits, what the engine does when it runs out, and that pictures stay right."""

from __future__ import annotations

import ctypes
import multiprocessing

import numpy as np
import pytest
import torch

from model.checkpoint import open_checkpoint
from model.errors import ResourceError
from model.inference import bench_memory, executor
from model.inference.engine import Engine
from model.inference.executor import is_shortage
from model.inference.plan import plan, strips
from model.inference.plan.plan import Plan
from model.inference.request import Economy, Limits
from model.scene.geometry import Rect
from tests.inference.conftest import always, blocks, never, patch_of
from tests.inference.test_repaint import stroke

ALL = 1 << 60
RECT = Rect(40, 30, 52, 42)


@pytest.fixture
def memory(monkeypatch):
    """A memory that runs out: `room` bytes for the values of a node, where told."""
    monkeypatch.setattr(strips, "_FIXED", 0)
    monkeypatch.setattr(executor, "halving_pays", lambda: True)
    convolved = plan._convolved

    class Memory:
        room = ALL
        where = staticmethod(lambda like: True)
        error: type[Exception] = torch.OutOfMemoryError

        @classmethod
        def fail_once(cls):
            answers = iter([True])
            cls.room, cls.where = 0, staticmethod(lambda _: next(answers, False))

    def short(node, rect, fields, stems):
        x = convolved(node, rect, fields, stems)
        if x.nbytes > Memory.room and Memory.where(x):
            raise Memory.error("no room")
        return x

    monkeypatch.setattr(plan, "_convolved", short)
    return Memory


def rendered(engine, scene, rect=None, superseded=never):
    return list(engine.render(patch_of(scene, rect), superseded))


def recorded_bytes(engine) -> int:
    assert engine._repainter is not None
    return engine._repainter.bytes


def near(actual, expected) -> bool:
    return np.square(actual.astype(float) - expected).mean() < 0.1


def test_strips_are_taken_when_the_estimate_exceeds_the_limit(checkpoint, monkeypatch):
    monkeypatch.setattr(strips, "_FIXED", 0)
    scene = blocks(96, 160)
    small = Engine(checkpoint, "cpu", "float32", limits=Limits(painting_mib=1))
    large = Engine(checkpoint, "cpu", "float32", limits=Limits(painting_mib=1000))
    (in_strips,), (whole,) = rendered(small, scene), rendered(large, scene)
    assert in_strips.economies == (Economy.STRIPS,) and whole.economies == ()
    assert np.abs(in_strips.pixels.astype(int) - whole.pixels).max() <= 1
    assert np.array_equal(small.picture(scene), in_strips.pixels)


def test_a_limit_that_no_strip_keeps_is_said(checkpoint):
    engine = Engine(checkpoint, "cpu", "float32", limits=Limits(painting_mib=1))
    with pytest.raises(ResourceError, match="raise the memory limit"):
        engine.picture(blocks(96, 160))


@pytest.mark.parametrize(("previews", "answers"), [("region", 1), ("half", 2)])
def test_without_a_recording_previews_are_half_size_or_left_out(checkpoint, previews, answers):
    limits = Limits(recording_mib=0)
    engine = Engine(checkpoint, "cpu", "float32", previews=previews, limits=limits)
    rendered(engine, blocks(96, 160))
    assert recorded_bytes(engine) == 0
    results = rendered(engine, stroke(blocks(96, 160), RECT, 1), RECT)
    assert len(results) == answers and results[-1].final


def test_a_recording_larger_than_the_limit_is_not_kept(checkpoint, monkeypatch):
    engine = Engine(checkpoint, "cpu", "float32", limits=Limits(recording_mib=1))
    rendered(engine, blocks(96, 160))
    kept = recorded_bytes(engine)
    painter = engine._executor.painter
    assert isinstance(painter, Plan) and 0 < kept == painter.recording_bytes((96, 160))
    rendered(engine, blocks(960, 1600))
    assert recorded_bytes(engine) == 0


def test_memory_that_was_short_once_costs_the_recording(checkpoint, memory):
    scene = blocks(96, 160)
    engine = Engine(checkpoint, "cpu", "float32", previews="region")
    rendered(engine, scene)
    memory.fail_once()
    (result,) = rendered(engine, stroke(scene, RECT, 1), RECT)  # the preview is what fails
    assert result.final and result.economies == (Economy.RECORDING,)
    fresh = Engine(checkpoint, "cpu", "float32", previews="never")
    assert np.array_equal(result.pixels, fresh.picture(stroke(scene, RECT, 1)))
    assert recorded_bytes(engine) == 0


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, MemoryError])
def test_full_memory_ends_in_strips(checkpoint, memory, error):
    scene = blocks(160, 160)
    engine = Engine(checkpoint, "cpu", "float32")
    expected = engine.picture(scene)
    memory.room, memory.error = 160 * 160 * 4, error  # half of a layer in bfloat16
    (result,) = rendered(engine, scene)
    assert result.economies == (Economy.RECORDING, Economy.PRECISION, Economy.STRIPS)
    assert np.square(result.pixels.astype(float) - expected).mean() < 6
    assert near(engine.picture(scene), result.pixels)


def test_the_last_resort_is_the_cpu(checkpoint, memory):
    """Another name of the CPU stands for an accelerator that is full."""
    scene = blocks(96, 160)
    engine = Engine(checkpoint, "cpu:0", "float32")
    memory.room = 0
    memory.where = lambda _: str(engine._executor.target.device) == "cpu:0"
    (result,) = rendered(engine, scene)
    assert Economy.DEVICE in result.economies and Economy.STRIPS not in result.economies
    precision = engine._executor.target.precision
    fresh = Engine(checkpoint, "cpu", precision, previews="never")
    assert np.array_equal(result.pixels, fresh.picture(scene))


def test_when_nothing_is_left_to_save_it_is_said_and_the_next_picture_is_right(checkpoint, memory):
    scene = blocks(96, 160)
    engine = Engine(checkpoint, "cpu", "bfloat16")
    memory.room = 0
    with pytest.raises(ResourceError, match="does not suffice to paint 160x96 pixels"):
        rendered(engine, scene)
    memory.room = ALL
    fresh = Engine(checkpoint, "cpu", "bfloat16", previews="never")
    *_, last = rendered(engine, scene)
    assert np.square(last.pixels.astype(float) - fresh.picture(scene)).mean() < 6


def test_thumbnails_survive_a_full_memory(checkpoint, memory):
    scene = blocks(96, 160)
    engine = Engine(checkpoint, "cpu", "float32", previews="region")
    rendered(engine, scene)
    car = int(scene.instance_map.max())
    rect = Rect.around(scene.instance_map == car)
    styles = [checkpoint.style_book.style(26, cluster) for cluster in (0, 1)]
    expected = list(engine._views.cut_out(engine._scene, car, rect, styles, never))
    memory.fail_once()
    found = list(engine.in_place(car, rect, styles, never))
    assert len(found) == 2
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


def test_only_shortages_are_taken_for_one():
    assert is_shortage(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"))
    assert is_shortage(RuntimeError("CUDA out of memory")) and is_shortage(MemoryError())
    assert not is_shortage(RuntimeError("shapes do not fit"))
    assert not is_shortage(ValueError("out of memory"))


def test_other_failures_are_passed_on(checkpoint, memory):
    engine = Engine(checkpoint, "cpu", "float32")
    memory.room, memory.error = 0, ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        rendered(engine, blocks(96, 160))
    assert engine._executor.economies == ()


def test_giving_up_works_between_strips(checkpoint, monkeypatch):
    monkeypatch.setattr(strips, "_FIXED", 0)
    limits = Limits(painting_mib=1)
    engine = Engine(checkpoint, "cpu", "float32", previews="never", limits=limits)
    scene = blocks(96, 160)
    rendered(engine, scene)
    assert rendered(engine, scene, superseded=always) == []


def _peak(folder, size, mib) -> tuple[int, np.ndarray]:
    """Bytes that painting took above the loaded engine, and the picture."""
    torch.set_num_threads(1)
    engine = Engine(open_checkpoint(folder), "cpu", "float32", limits=Limits(mib))
    engine.picture(blocks(64, 64))  # loads what torch loads late
    scene = blocks(*size)
    ctypes.CDLL(None).malloc_trim(0)
    before = bench_memory.reset_peak()
    picture = engine.picture(scene)
    return bench_memory.peak() - before, picture


@pytest.mark.skipif(not bench_memory._RESET.exists(), reason="the system does not tell")
def test_a_process_stays_within_its_limit(checkpoint_folder):
    context = multiprocessing.get_context("spawn")
    size = 1024, 1536
    with context.Pool(1, maxtasksperchild=1) as pool:
        whole, expected = pool.apply(_peak, (checkpoint_folder, size, 4096))
        limited, picture = pool.apply(_peak, (checkpoint_folder, size, 100))
    assert limited < 100 << 20 < whole
    assert np.abs(picture.astype(int) - expected).max() <= 1
