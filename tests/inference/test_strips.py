"""Frames painted strip by strip: the numbers of one piece, in the memory that is given."""

from __future__ import annotations

import errno
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional

from model.errors import ResourceError
from model.inference.frame import make_frame
from model.inference.painter import frame_size
from model.inference.plan import spill, strips
from model.inference.plan.moments import Moments
from model.inference.plan.plan import compile_plan
from model.inference.plan.strips import bounds, divided, last_uses
from model.inference.scene_maps import scene_maps
from model.pixels import to_bytes
from model.scene.geometry import Rect
from tests.inference.conftest import blocks
from tests.inference.test_plan import BFLOAT16, CASES, FLOAT32, FULL, OURS, make_local, painted
from tests.inference.test_repaint import returned

STRIPS = [
    *("global", "global, ours", "global, styles", "global, one level", "local", "local, ours"),
    *("local, two enhancers", "local, two enhancers, ours", "not a multiple"),
    "smaller than the smallest",
    "local, without normalisation",
]


@pytest.fixture(params=["kept", "set aside"])
def thin(request, monkeypatch):
    """Strips of a few rows, and values in memory or all in files."""
    monkeypatch.setattr(strips, "_LEAST_ROWS", 4)
    monkeypatch.setattr(strips, "_FIXED", 0)
    monkeypatch.setattr(strips, "_WORKING_SHARE", 1 << 40)
    if request.param == "kept":
        monkeypatch.setattr(strips, "_kept", lambda nodes, *_: (True,) * len(nodes))
    return request.param


def least(plan, grid) -> int:
    return strips.least_bytes(plan._nodes, grid, plan._like.element_size())


def styles(channels):
    return lambda key: tuple(np.random.default_rng(key).uniform(-1, 1, channels))


def setup(case, like, lookup=True, size=None):
    make, conditioning, options, usual = CASES[case]
    generator = make(conditioning, **options)
    plan = compile_plan(generator, conditioning, like, lookup=lookup)
    scene = blocks(*(size or usual))
    maps = scene.label_map, scene.instance_map, frame_size(generator)
    channels = conditioning.feature_channels
    dense = {"reference": conditioning.spatial_reference, "surface": conditioning.surface}
    frame = make_frame(*maps, **dense).styled(styles(channels), channels)
    parts = scene_maps(*maps, **dense).styled(styles(channels), channels)
    return plan, frame, parts


@pytest.mark.usefixtures("thin")
@pytest.mark.parametrize("lookup", [True, False], ids=["lookup", "dense"])
@pytest.mark.parametrize("case", STRIPS)
def test_strips_are_the_whole_frame(case, lookup):
    plan, frame, parts = setup(case, FLOAT32, lookup)
    whole = painted(plan, frame)
    budget = least(plan, frame.grid)
    if frame.grid[0] > 32:
        assert len(plan.schedule(frame.grid, budget).rects[0]) > 3
    assert (returned(plan.paint(parts, budget=budget)) - whole).abs().max() < 1e-5
    assert (returned(plan.paint(frame, budget=budget)) - whole).abs().max() < 1e-5


@pytest.mark.usefixtures("thin")
@pytest.mark.parametrize("case", ["global", "local, ours"])
def test_strips_in_bfloat16_are_the_whole_frame_within_rounding(case):
    plan, frame, parts = setup(case, BFLOAT16)
    error = returned(plan.paint(parts, budget=least(plan, frame.grid))) - painted(plan, frame)
    assert 10 * torch.log10(4 / error.square().mean()) > 46


def test_a_source_in_parts_makes_the_frame_of_one_piece():
    _, frame, parts = setup("local, ours", FLOAT32, size=(301, 83))
    height, width = frame.grid
    for rect in (Rect(0, 0, width, height), Rect(8, 250, 60, height), Rect(0, 100, width, 164)):
        part = parts.part(rect)
        for name in ("labels", "instances", "reference"):
            whole = getattr(frame, name)
            assert np.array_equal(getattr(part, name), whole[(..., *rect.slices)]), name
        expected = frame.features[frame.instance_index[rect.slices]]
        assert np.array_equal(part.features[part.instance_index], expected)


def test_statistics_of_strips_are_those_of_the_whole():
    """A mean far from zero, strips of unequal heights and means."""
    x = torch.randn(1, 3, 64, 40, generator=torch.manual_seed(0)).double() * 0.1 + 300
    x[:, :, 50:] += 7
    moments = Moments()
    for rows in (slice(0, 10), slice(10, 50), slice(50, 64)):
        moments.add(x[:, :, rows].float().contiguous(memory_format=torch.channels_last))
    actual = moments.statistics()
    variance, mean = torch.var_mean(x.float().double(), dim=(0, 2, 3), correction=0)
    assert torch.allclose(actual.mean.double(), mean, rtol=1e-6)
    assert torch.allclose(actual.variance.double(), variance, rtol=1e-4)


@pytest.mark.parametrize("budget", [100, 200, 400, 2000])
def test_what_is_kept_and_at_work_stays_in_the_budget(budget):
    """Counted again from the schedule, at 8192x4096: the guard of large pictures."""
    generator = make_local(
        FULL, **OURS | {"max_channels": 256}, base_channels=16, global_downsamples=4
    )
    nodes = compile_plan(generator, FULL, BFLOAT16, lookup=True)._nodes
    grid = (4096, 8192)
    try:
        schedule = divided(nodes, grid, 2, budget << 20)
    except ResourceError:
        assert budget < 500
        return
    live: dict[int, float] = {}
    for index, done in enumerate(last_uses(nodes)):
        node, rects = nodes[index], schedule.rects[index]
        assert rects[0].y0 == 0 and rects[-1].y1 == bounds(grid, node.scale).y1
        assert all(a.y1 == b.y0 for a, b in pairwise(rects))
        values = node.channels * 2 * (grid[0] // node.scale) * (grid[1] // node.scale)
        strip = max(rect.height for rect in rects) * rects[0].width * node.scale**2
        working = strips._working(nodes, index, 2) * strip
        if schedule.kept[index] and index < len(nodes) - 1:
            live[index] = values
        assert sum(live.values()) + working + 4 * grid[0] * grid[1] < budget << 20
        for k in done:
            live.pop(k, None)
    if budget == 2000:
        assert sum(schedule.kept) > len(nodes) / 2


def test_strips_take_little_more_work_than_the_whole_frame():
    """Counted multiplications: halos are read, not computed again."""
    plan, frame, _ = setup("local, ours", FLOAT32)
    assert plan.frame_work(frame.grid, least(plan, frame.grid)) == plan.frame_work(frame.grid)


def test_too_small_a_budget_is_refused_with_what_it_takes():
    plan, frame, _ = setup("local, ours", FLOAT32)
    with pytest.raises(ResourceError, match=r"96x64 pixels takes at least .* limit is 1 MiB"):
        plan.schedule(frame.grid, 1 << 20)


@pytest.mark.parametrize("like", [FLOAT32, BFLOAT16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("kind", [spill._InFile, spill._OnHost])
def test_values_set_aside_are_read_as_a_tensor(kind, like):
    whole = torch.randn(1, 3, 10, 7, generator=torch.manual_seed(0)).to(like)
    values = kind(3, (10, 7), like)
    for rows in (slice(4, 10), slice(0, 4)):  # in any order
        values[..., rows, slice(0, 7)] = whole[:, :, rows]
    assert torch.equal(values[..., slice(0, 10), slice(0, 7)], whole)
    part = values[..., slice(3, 6), slice(2, 5)]
    assert torch.equal(part, whole[:, :, 3:6, 2:5])
    padded = functional.pad(part, (1, 1, 1, 1))  # in the same layout only where all strides fit it
    assert padded.is_contiguous(memory_format=torch.channels_last)


def test_a_full_disk_is_said_and_named(monkeypatch):
    values = spill._InFile(3, (10, 7), FLOAT32)

    class Full:
        def seek(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(values, "_file", Full())
    with pytest.raises(ResourceError, match=r"No space left on device.*TMPDIR"):
        values[..., slice(0, 1), slice(0, 7)] = torch.zeros(1, 3, 1, 7)


def test_the_picture_is_made_strip_by_strip(thin):
    plan, frame, parts = setup("local, ours", FLOAT32)
    rows = []

    def finish(picture):
        rows.append(picture.shape[0])
        return to_bytes(picture)

    picture = returned(plan.paint(parts, budget=least(plan, frame.grid), finish=finish))
    assert picture.dtype == torch.uint8 and picture.shape == (*frame.grid, 3)
    assert len(rows) > 3 and sum(rows) == frame.grid[0]
    assert thin
