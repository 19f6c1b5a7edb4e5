"""Frames that are replayed: with a graph of CUDA, and with one that is pretended, on the CPU."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from model.inference import executor, painter
from model.inference.engine import Engine
from model.inference.plan import plan as plans
from model.inference.plan.captured import Captured, Painted
from model.inference.plan.plan import Plan, Recording, compile_plan
from model.inference.request import Economy
from model.scene.geometry import Rect
from model.scene.scene import Scene, Style
from tests.inference.conftest import always, blocks, never, patch_of
from tests.inference.test_plan import BFLOAT16, CASES, FLOAT32, finished, frame_for
from tests.inference.test_repaint import STROKE, returned, stroke

KINDS = ["global", "global, styles", "local, ours", "local, two enhancers", "not a multiple"]
KINDS += ["local, without normalisation"]


def tensors(painted: Painted) -> list[torch.Tensor]:
    recording = painted.recording or Recording()
    known = [statistics for statistics in recording.statistics if statistics is not None]
    return [
        painted.picture,
        *recording.values.values(),
        *(part for each in known for part in (each.mean, each.variance)),
    ]


class Pretended:
    """Does the pass itself again, into the memory of the first time, as a graph would.

    calls: "capture" and "replay" as they come; fails: on which of them.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fails = ""

    def __call__(self, work):
        self._called("capture")
        painted = work()

        def replay() -> None:
            self._called("replay")
            for kept, new in zip(tensors(painted), tensors(work()), strict=True):
                kept.copy_(new)

        return painted, replay

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if what == self.fails:
            raise RuntimeError("operation not permitted when stream is capturing")


def plan_of(case, like=FLOAT32):
    make, conditioning, options, _ = CASES[case]
    return dense(make(conditioning, **options), conditioning, like)


def dense(*args, lookup=False) -> Plan:
    """A plan as accelerators have it."""
    plan = compile_plan(*args, lookup=False)
    plan.use_kernels = False
    return plan


def frames_of(case, sizes=((64, 96), (32, 64), (64, 96), (64, 96), (32, 64), (64, 96))):
    make, conditioning, options, _ = CASES[case]
    generator = make(conditioning, **options)
    return [frame_for(generator, conditioning, size, n) for n, size in enumerate(sizes)]


@pytest.mark.parametrize("like", [FLOAT32, BFLOAT16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("case", KINDS)
def test_replayed_frames_and_recordings_are_the_plain_ones_bit_for_bit(case, like):
    plan, capture = plan_of(case, like), Pretended()
    captured = Captured(plan, capture)
    found, expected = [], []
    for frame in frames_of(case):
        pair = Recording(), Recording()
        found.append(Painted(returned(captured.paint(frame, pair[0])), pair[0]))
        expected.append(Painted(returned(plan.paint(frame, pair[1])), pair[1]))
    # All of them at the end: what one replay wrote must not change with the next.
    for one, other in zip(found, expected, strict=True):
        assert one.recording.complete and one.recording.grid == other.recording.grid
        assert one.recording.values.keys() == other.recording.values.keys()
        pairs = zip(tensors(one), tensors(other), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)
    assert capture.calls.count("capture") == 2 and capture.calls.count("replay") == 4
    assert not torch.equal(found[2].picture, found[3].picture)


class OnAccelerator(TorchDispatchMode):
    """Lets nothing but tensors of `meta` take part, which have no content to be read either: what
    is captured may neither wait for the device nor copy to or from the machine's memory."""

    operations = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        part = tree_leaves((args, kwargs, out))
        devices = {leaf.device.type for leaf in part if isinstance(leaf, torch.Tensor)}
        assert devices <= {"meta"}, func
        self.operations += 1
        return out


@pytest.mark.parametrize("like", [FLOAT32, BFLOAT16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("case", KINDS)
def test_what_is_captured_stays_on_the_device(case, like):
    _, conditioning, _, (height, width) = CASES[case]
    plan = plan_of(case, like.to("meta"))
    grid = frames_of(case, [(height, width)])[0].grid
    x = torch.empty(1, conditioning.input_channels, *grid, device="meta", dtype=like.dtype)
    recording = Recording()
    with torch.no_grad(), OnAccelerator() as watched:
        steps = plan.paint_conditioning(x.to(memory_format=torch.channels_last), recording)
        picture = finished(steps)
    assert picture.shape == (*grid, 3) and recording.complete
    assert watched.operations > 20


def test_frames_that_are_not_recorded_are_another_kind():
    plan, capture = plan_of("local, ours"), Pretended()
    captured = Captured(plan, capture)
    for frame in frames_of("local, ours", [(64, 96)] * 3):
        recording = Recording()
        picture = returned(captured.paint(frame))
        assert torch.equal(returned(captured.paint(frame, recording)), picture)
        assert torch.equal(returned(plan.paint(frame)), picture)
        assert recording.complete
    assert capture.calls == ["capture", "replay"] * 2 + ["replay"] * 2


def test_only_the_kinds_used_last_are_kept():
    plan, capture = plan_of("global"), Pretended()
    captured = Captured(plan, capture)
    a, b, c, d = frames_of("global", [(32, 32), (32, 64), (64, 32), (64, 64)])
    for frame in (a, a, b, c, a, d, a):  # whatever else comes once, the first kind stays
        assert torch.equal(returned(captured.paint(frame)), returned(plan.paint(frame)))
    assert capture.calls == ["capture", "replay", "replay", "replay"]
    for frame in (b, b, b, d):  # b had been forgotten by now, and d not yet
        returned(captured.paint(frame))
    assert len(captured._known) == 3
    assert capture.calls.count("capture") == 3


@pytest.mark.parametrize("fails", ["capture", "replay"])
def test_after_a_failure_frames_are_painted_plainly_for_good(fails, caplog):
    plan, capture = plan_of("local, ours"), Pretended()
    captured = Captured(plan, capture)
    for number, frame in enumerate(frames_of("local, ours", [(64, 96)] * 5)):
        capture.fails = fails if number == 2 or fails == "capture" else ""
        recording, plain = Recording(), Recording()
        assert torch.equal(
            returned(captured.paint(frame, recording)), returned(plan.paint(frame, plain))
        )
        assert all(torch.equal(recording.values[key], plain.values[key]) for key in plain.values)
    assert capture.calls == (["capture"] if fails == "capture" else ["capture", *["replay"] * 2])
    assert len(caplog.records) == 1
    assert not captured.give_up()


@pytest.fixture
def capture(monkeypatch):
    """Engines paint as on an accelerator, and pretend to capture."""
    capture = Pretended()
    monkeypatch.setattr(painter, "compile_plan", dense)
    monkeypatch.setattr(executor, "capture_on", lambda device: capture)
    return capture


def shown(engine: Engine, previews: str) -> list[np.ndarray]:
    """Strokes, styles, exports and another size, one after the other."""
    scene = blocks(96, 160)
    results = [*engine.render(patch_of(scene), never)]
    for number, rect in enumerate(STROKE, 1):
        scene = stroke(scene, rect, number)
        results += engine.render(patch_of(scene, rect), always if number % 2 else never)
        engine.picture(blocks(96, 160, seed=number))  # an export between the strokes
    car = int(scene.instance_map.max())
    styled = Scene(scene.schema, scene.label_map, scene.instance_map, {car: STYLE}, 9)
    results += engine.render(patch_of(styled, Rect(0, 0, 0, 0)), never)
    results += engine.render(patch_of(blocks(64, 96), None, 10), never)
    results += engine.render(patch_of(scene, None, 11), never)
    if previews == "region":
        assert any(not result.final for result in results)
    return [result.pixels for result in results]


STYLE = Style((0.3, -0.8, 1.2))


@pytest.mark.parametrize("previews", ["region", "half", "never"])
def test_an_engine_with_graphs_shows_what_one_without_shows(
    checkpoint, capture, previews, monkeypatch
):
    engine = Engine(checkpoint, "cpu", "bfloat16", previews=previews)
    found = shown(engine, previews)
    assert capture.calls.count("replay") > 4
    monkeypatch.setattr(executor, "capture_on", lambda device: None)
    expected = shown(Engine(checkpoint, "cpu", "bfloat16", previews=previews), previews)
    assert len(found) == len(expected)
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


def test_where_memory_is_short_graphs_go_first(checkpoint, capture, monkeypatch):
    engine = Engine(checkpoint, "cpu", "float32", previews="never")
    scene = blocks(96, 160)
    expected = [engine.picture(scene) for _ in range(3)][-1]
    convolved, answers = plans._convolved, iter([True])

    def short(*args):
        if next(answers, False):
            raise torch.OutOfMemoryError("no room")
        return convolved(*args)

    monkeypatch.setattr(plans, "_convolved", short)
    other = engine.picture(blocks(64, 96))  # painted plainly, and it is that which fails
    assert engine.economies == () and engine._executor._captured is None
    calls = len(capture.calls)
    assert np.array_equal(engine.picture(scene), expected) and len(capture.calls) == calls
    fresh = Engine(checkpoint, "cpu", "float32", previews="never")
    assert np.array_equal(other, fresh.picture(blocks(64, 96)))
    engine._executor.save_memory((96, 160))
    assert engine.economies == (Economy.RECORDING,)


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("previews", ["region", "half", "never"])
def test_cuda_replays_what_it_paints(checkpoint, previews, precision, monkeypatch, caplog):
    engine = Engine(checkpoint, "cuda", precision, previews=previews)
    found = shown(engine, previews)
    assert not caplog.records  # it works, and does not only fall back
    captured = engine._executor._captured
    assert captured is not None and any(captured._known.values())
    monkeypatch.setattr(executor, "capture_on", lambda device: None)
    expected = shown(Engine(checkpoint, "cuda", precision, previews=previews), previews)
    for one, other in zip(found, expected, strict=True):
        assert np.abs(one.astype(int) - other).mean() < 0.5  # algorithms may be chosen differently


@pytest.mark.gpu
def test_a_capture_that_fails_on_cuda_leaves_it_usable(checkpoint, monkeypatch, caplog):
    engine = Engine(checkpoint, "cuda", "bfloat16", previews="never")
    scene = blocks(96, 160)
    expected = engine.picture(scene)
    convolved = plans._convolved

    def synchronous(*args):
        torch.zeros(1).cuda()  # a copy that waits is not allowed in a capture
        return convolved(*args)

    monkeypatch.setattr(plans, "_convolved", synchronous)
    assert np.abs(engine.picture(scene).astype(int) - expected).mean() < 0.5
    assert len(caplog.records) == 1
    assert np.abs(engine.picture(scene).astype(int) - expected).mean() < 0.5
