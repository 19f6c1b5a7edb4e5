"""The compiled kernels against torch: the same numbers, rounded no worse; and life without them."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch
from torch.nn import functional

from model.inference.frame import make_frame
from model.inference.painter import PlainPainter, frame_size
from model.inference.plan.cells import frame_cells, pooled
from model.inference.plan.compiled import Border, Ending, Loader, kernels
from model.inference.plan.kernels import compiler
from model.inference.plan.normalize import Statistics
from model.inference.plan.plan import Recording, compile_plan
from model.inference.plan.regions import Halo
from model.inference.plan.stems import LookupFront
from model.networks.layers import halve
from model.scene.geometry import Rect
from tests.inference.test_plan import (
    BFLOAT16,
    CASES,
    FLOAT32,
    FULL,
    LABELS_ONLY,
    PLAIN,
    STYLED,
    frame_for,
    make_local,
)
from tests.inference.test_plan import painted as paint

if compiler() is None:
    pytest.skip("no C compiler", allow_module_level=True)

ROUNDING = 2**-8  # relative, half the distance of two bfloat16


@pytest.fixture
def fast():
    loaded = kernels(wait=True)
    assert loaded is not None
    return loaded


def noise(*shape, seed=0):
    """bfloat16 with means of its own in every channel, channels_last."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(shape, generator=generator)
    x += 4 * torch.randn(1, shape[1], 1, 1, generator=generator)
    return x.bfloat16().contiguous(memory_format=torch.channels_last)


def expected_values(x, relu, plus):
    """In float64, of one picture."""
    y = functional.instance_norm(x.double(), eps=1e-5)
    y = y.relu() if relu else y
    return y if plus is None else y + plus.double()


SHAPES = [(16, 24, 40), (3, 7, 5), (1, 4, 9), (300, 5, 6), (32, 130, 260)]


@pytest.mark.parametrize("relu", [True, False], ids=["relu", "linear"])
@pytest.mark.parametrize("added", [True, False], ids=["added", "alone"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_what_follows_a_convolution_is_rounded_once(fast, shape, added, relu):
    x = noise(1, *shape)
    plus = noise(1, *shape, seed=1) if added else None
    values, _, _ = fast.finished(x, None, relu=relu, plus=plus)
    expected = expected_values(x, relu, plus)
    assert values.shape == x.shape
    error = (values.double() - expected).abs() - ROUNDING * expected.abs()
    assert error.max() < 1e-5


def test_statistics_are_those_of_the_picture(fast):
    x = noise(1, 16, 300, 200)
    x[:, 3] = 7  # no variance at all
    _, _, statistics = fast.finished(x, None, relu=True)
    exact = x.double()
    assert torch.allclose(statistics.mean.double(), exact.mean((0, 2, 3)), atol=1e-5)
    assert torch.allclose(statistics.variance.double(), exact.var((0, 2, 3), correction=0), 1e-5)


@pytest.mark.parametrize("mode", ["reflect", "replicate"])
@pytest.mark.parametrize("margins", [(1, 1, 1, 1), (1, 0, 1, 0), (3, 3, 3, 3)], ids=str)
def test_the_border_is_the_one_that_torch_pads(fast, margins, mode):
    x = noise(1, 6, 8, 10)
    left, right, top, bottom = margins
    border = Border(Rect(-left, -top, 10 + right, 8 + bottom), margins, mode)
    values, around, _ = fast.finished(x, None, relu=True, border=border)
    alone, _, _ = fast.finished(x, None, relu=True)
    assert torch.equal(values, alone)
    assert torch.equal(around, functional.pad(alone, margins, mode))
    assert around.is_contiguous(memory_format=torch.channels_last)


def test_parts_and_batches_go_by_the_statistics_given(fast):
    x, known = noise(1, 16, 40, 30), Statistics(torch.arange(16.0), torch.full((16,), 2.0))
    whole, _, _ = fast.finished(x, known, relu=False)
    part, _, _ = fast.finished(x[:, :, 3:21, 7:25], known, relu=False)
    assert torch.equal(part, whole[:, :, 3:21, 7:25])
    batch = noise(3, 16, 12, 20)
    together, _, _ = fast.finished(batch, known, relu=True)
    for number in range(3):
        alone, _, _ = fast.finished(batch[number : number + 1], known, relu=True)
        assert torch.equal(together[number : number + 1], alone)


@pytest.mark.parametrize("size", [(2, 4), (6, 8), (64, 96)], ids=str)
def test_halving_is_that_of_the_network(fast, size):
    planes = np.random.default_rng(0).integers(-127, 128, (5, *size)).astype(np.int8)
    expected = halve(torch.from_numpy(planes).float()[None])
    assert torch.equal(fast.halved(planes), expected)


@pytest.mark.parametrize("kind", [torch.int8, torch.float32], ids=str)
@pytest.mark.parametrize("size", [(5, 300), (64, 17)], ids=str)
def test_planes_are_laid_out_and_continued(fast, size, kind):
    planes = (torch.randn(1, 11, *size) * 40).to(kind)
    part = planes[:, :, 1:, : size[1] - 2]
    for x in (planes, part):
        expected = functional.pad(x.bfloat16(), (3, 3, 3, 3), "reflect")
        assert torch.equal(fast.laid_out(x), expected)


@pytest.mark.parametrize(
    "conditioning", [PLAIN, LABELS_ONLY, STYLED], ids=["", "no edge", "styles"]
)
def test_cells_are_those_found_without_kernels(fast, conditioning):
    generator = make_local(conditioning)
    whole = frame_for(generator, conditioning, (96, 160))
    for frame in (whole, whole.part(Rect(16, 32, 80, 96))):
        slow, quick = (frame_cells(conditioning, frame, kernels) for kernels in (None, fast))
        for _ in range(3):
            assert np.array_equal(slow.around, quick.around)
            assert np.array_equal(slow.vectors, quick.vectors)
            slow, quick = pooled(slow), pooled(quick, fast)


@pytest.mark.parametrize("channels", [16, 32, 64, 10])
def test_a_stem_with_what_follows_is_rounded_once(fast, channels):
    around = np.random.default_rng(0).integers(0, 2, (46, 36)).astype(np.int32)
    around[:, :20] = 1  # many windows of one cell
    table, bias = torch.randn(2, 49, channels), torch.randn(channels)
    dense, plus = noise(1, channels, 40, 30), noise(1, channels, 42, 30, seed=1)[:, :, 1:-1]
    border = Border(Rect(-3, -1, 31, 41), (3, 1, 1, 1), "reflect")
    values, wide = fast.stem(around, table, dense, Ending(bias, True, plus, border))
    windows = np.lib.stride_tricks.sliding_window_view(around, (7, 7)).reshape(40, 30, 49)
    taps = table.double()[torch.from_numpy(windows.copy()).long(), torch.arange(49)].sum(2)
    sums = (taps + bias).permute(2, 0, 1)[None] + dense.double()
    expected = sums.relu() + plus.double()
    assert ((values.double() - expected).abs() - ROUNDING * expected.abs()).max() < 1e-4
    assert torch.equal(wide, functional.pad(values, border.margins, "reflect"))
    raw, _ = fast.stem(around, table, None)
    expected = taps.permute(2, 0, 1)[None]
    assert ((raw.double() - expected).abs() - ROUNDING * expected.abs()).max() < 1e-4


@pytest.mark.parametrize("conditioning", [PLAIN, FULL], ids=["labels", "all"])
def test_stems_are_the_convolutions(fast, conditioning):
    generator = make_local(conditioning, base_channels=10)
    frame = frame_for(generator, conditioning, (96, 160))
    stems: list = [generator.enhancer(1)[0][1], generator.model[1]]
    front = LookupFront(stems, conditioning, BFLOAT16)
    exact = LookupFront(stems, conditioning, FLOAT32).stems(frame)
    for halvings, (stem, slow) in enumerate(zip(front.stems(frame, fast), exact, strict=True)):
        rect = Rect(0, 0, 160 >> halvings, 96 >> halvings)
        actual, expected = stem(rect), slow(rect)
        assert (actual - expected).abs().max() < 2 * ROUNDING * expected.abs().max()
        part = Rect(13, 9, 50, 30)
        # Some processors convolve the dense channels of a smaller part in another order.
        away = (stem(part) - actual[(..., *part.slices)]).abs()
        assert away.max() <= ROUNDING * expected.abs().max()


@pytest.mark.parametrize(
    "case",
    [
        "global",
        "global, ours",
        "local",
        "local, two enhancers, ours",
        "local, without normalisation",
    ],
)
def test_a_frame_comes_as_close_to_the_network_as_without_kernels(case):
    make, conditioning, options, size = CASES[case]
    generator = make(conditioning, **options)
    plan = compile_plan(generator, conditioning, BFLOAT16, lookup=True)
    errors = {True: 0.0, False: 0.0}  # of one frame alone chance decides which is closer
    for seed in range(4):
        frame = frame_for(generator, conditioning, size, seed)
        expected = paint(PlainPainter(generator, conditioning, FLOAT32), frame)
        for plan.use_kernels in errors:
            assert plan.compiled == plan.use_kernels
            error = (paint(plan, frame) - expected).square().mean()
            errors[plan.use_kernels] += float(error)
    assert errors[True] < 1.1 * errors[False]


def test_threads_do_not_change_a_bit():
    generator = make_local(FULL, base_channels=16)
    frame = frame_for(generator, FULL, (256, 512))
    plan = compile_plan(generator, FULL, BFLOAT16, lookup=True)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = paint(plan, frame)
        torch.set_num_threads(2)  # of three some processors' own convolutions are rounded otherwise
        assert torch.equal(paint(plan, frame), alone)
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize("norm", ["instance", "none"])
def test_repainting_everything_is_the_frame_bit_for_bit(norm):
    generator = make_local(FULL, padding="reflect", upsample="resize", norm=norm)
    plan = compile_plan(generator, FULL, BFLOAT16, lookup=True)
    frame = frame_for(generator, FULL, (64, 96))
    recording = Recording()
    with torch.inference_mode():
        whole = list_of(plan.paint(frame, recording))
        assert recording.kernels is not None
        everything = Rect(0, 0, 96, 64)
        regions = plan.regions((64, 96), everything, everything, Halo(1000, 1000))
        twice = list_of(plan.repaint([frame, frame], regions, recording, commit=False))
        again = list_of(plan.repaint([frame], regions, recording, commit=True))
    assert torch.equal(again[0], whole)
    assert torch.equal(twice, torch.stack([whole, whole]))


def list_of(work):
    """What a painting returns."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value


def test_parts_of_a_frame_painted_without_kernels_do_without():
    generator = make_local(FULL)
    plan = compile_plan(generator, FULL, BFLOAT16, lookup=True)
    plan.use_kernels = False
    recording = Recording()
    with torch.inference_mode():
        list_of(plan.paint(frame_for(generator, FULL, (64, 96)), recording))
    assert recording.kernels is None


@pytest.fixture
def nothing_compiled(tmp_path, monkeypatch):
    """An empty cache; returns the folder that libraries come to lie in."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "labelbrush" / "kernels"


linux = pytest.mark.skipif(sys.platform != "linux", reason="sets the cache folder the Linux way")


@linux
def test_kernels_are_compiled_once(nothing_compiled):
    first = Loader()
    assert first.get(make=False, wait=False) is None
    assert first.get(make=True, wait=True) is not None
    (library,) = nothing_compiled.iterdir()
    before = library.stat()
    assert Loader().get(make=False, wait=False) is not None  # at once
    assert Loader().get(make=True, wait=True) is not None
    assert library.stat() == before


@linux
def test_a_compiler_that_fails_is_noted_and_done_without(nothing_compiled, monkeypatch, caplog):
    monkeypatch.setenv("CC", "false")
    assert Loader().get(make=True, wait=True) is None
    assert "cannot be used" in caplog.text
    assert list(nothing_compiled.iterdir()) == []


@linux
def test_where_no_folder_can_be_written_they_are_made_all_the_same(nothing_compiled):
    nothing_compiled.parent.mkdir()
    nothing_compiled.touch()  # a file where the folder belongs
    assert Loader().get(make=True, wait=True) is not None


def test_without_a_compiler_there_are_none(nothing_compiled, monkeypatch, tmp_path):
    monkeypatch.setenv("CC", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "ziglang", None)  # as if it were not installed
    assert compiler() is None
    assert Loader().get(make=True, wait=True) is None


def test_the_padded_scene_is_painted_too():
    generator = make_local(FULL)
    labels = np.full((61, 83), 7, np.uint8)
    frame = make_frame(
        labels, labels.astype(np.int32), frame_size(generator), reference=True, surface=FULL.surface
    )
    frame = frame.styled(lambda _: (0.5, 0.5, 0.5), 3)
    picture = paint(compile_plan(generator, FULL, BFLOAT16, lookup=True), frame)
    assert picture.shape[:2] == frame.labels.shape
    assert picture.isfinite().all()
