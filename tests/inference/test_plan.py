"""The compiled plan against the plain network, and its parts against the slow way."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional

from model.conditioning import ConditioningConfig, build_conditioning
from model.device import Target
from model.inference.frame import FrameSize, make_frame
from model.inference.painter import PlainPainter, frame_size, make_painter
from model.inference.plan.cells import frame_cells, not_uniform, pooled
from model.inference.plan.fold import fold_doubling, fold_pixels, unfold_pixels
from model.inference.plan.layers import convolved
from model.inference.plan.normalize import normalized
from model.inference.plan.plan import Plan, Recording, compile_plan, supports
from model.inference.plan.regions import Halo
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.networks.layers import ResizeConv, halve
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.pixels import to_bytes
from model.scene.geometry import Rect
from tests.inference.conftest import SURFACE, blocks, loud

PLAIN = ConditioningConfig()
LABELS_ONLY = ConditioningConfig(boundary=False)
STYLED = ConditioningConfig(feature_channels=3)
FULL = ConditioningConfig(feature_channels=3, spatial_reference=True, surface=SURFACE)
WORN = replace(FULL, unstyled=(7, 26))
OURS = {"upsample": "resize", "padding": "reflect", "max_channels": 16}
BARE = OURS | {"norm": "none"}
TINTED = OURS | {"tint": FULL.places_of_features}
FLOAT32 = torch.zeros(())
BFLOAT16 = torch.zeros((), dtype=torch.bfloat16)


def make_global(conditioning, **options):
    config = {"base_channels": 6, "downsamples": 2, "blocks": 2} | options
    return loud(GlobalGenerator(GlobalGeneratorConfig(conditioning.input_channels, **config)))


def make_local(conditioning, **options):
    config = {
        "base_channels": 4,
        "global_downsamples": 2,
        "global_blocks": 1,
        "local_blocks": 1,
    } | options
    return loud(LocalEnhancer(LocalEnhancerConfig(conditioning.input_channels, **config)))


def frame_for(generator, conditioning, size, seed=0):
    scene = blocks(*size, seed)
    frame = make_frame(
        scene.label_map,
        scene.instance_map,
        frame_size(generator),
        reference=conditioning.spatial_reference,
        surface=conditioning.surface,
    )
    random = np.random.default_rng(seed)
    count = conditioning.feature_channels
    return frame.styled(lambda _: tuple(random.uniform(-1, 1, count)), count)


def painted(painter, frame):
    painting = painter.paint(frame)
    with torch.inference_mode():
        while True:
            try:
                next(painting)
            except StopIteration as done:
                return done.value


CASES = {
    "global": (make_global, PLAIN, {}, (64, 96)),
    "global, one level": (make_global, PLAIN, {"downsamples": 1}, (32, 48)),
    "global, labels only": (make_global, LABELS_ONLY, {}, (64, 96)),
    "global, styles": (make_global, STYLED, {}, (48, 64)),
    "global, ours": (make_global, FULL, OURS, (64, 96)),
    "global, no blocks": (make_global, PLAIN, {"blocks": 0}, (32, 32)),
    "local": (make_local, PLAIN, {}, (64, 96)),
    "local, ours": (make_local, FULL, OURS, (64, 96)),
    "local, resize only": (make_local, STYLED, {"upsample": "resize"}, (64, 64)),
    "local, two enhancers": (make_local, PLAIN, {"enhancers": 2}, (64, 96)),
    "local, two enhancers, ours": (make_local, FULL, OURS | {"enhancers": 2}, (96, 64)),
    "local, three enhancers": (make_local, STYLED, {"enhancers": 3}, (64, 64)),
    "local, without normalisation": (make_local, FULL, BARE, (64, 96)),
    "local, tinted": (make_local, FULL, TINTED, (64, 96)),
    "local, tinted by two features": (
        make_local,
        FULL,
        OURS | {"tint": list(FULL.places_of_features)[1:], "enhancers": 2},
        (61, 83),
    ),
    "local, tinted by labels": (make_local, WORN, OURS | {"tint": WORN.places_of_colors}, (64, 96)),
    "not a multiple": (make_local, FULL, OURS, (61, 83)),
    "smaller than the smallest": (make_local, PLAIN, {}, (3, 5)),
    "one pixel": (make_global, FULL, OURS, (1, 1)),
}


@pytest.mark.parametrize("lookup", [True, False], ids=["lookup", "dense"])
@pytest.mark.parametrize("case", CASES)
def test_the_plan_paints_what_the_network_paints(case, lookup):
    make, conditioning, options, size = CASES[case]
    generator = make(conditioning, **options)
    frame = frame_for(generator, conditioning, size)
    expected = painted(PlainPainter(generator, conditioning, FLOAT32), frame)
    assert expected.shape[:2] == frame.labels.shape
    plan = compile_plan(generator, conditioning, FLOAT32, lookup=lookup)
    assert (painted(plan, frame) - expected).abs().max() < 2e-4


@pytest.mark.parametrize("lookup", [True, False], ids=["lookup", "dense"])
@pytest.mark.parametrize(
    "case", ["global", "global, ours", "local", "local, ours", "local, tinted"]
)
def test_bfloat16_stays_close_to_the_network(case, lookup):
    make, conditioning, options, size = CASES[case]
    generator = make(conditioning, **options)
    frame = frame_for(generator, conditioning, size)
    expected = painted(PlainPainter(generator, conditioning, FLOAT32), frame)
    plan = compile_plan(generator, conditioning, BFLOAT16, lookup=lookup)
    error = (painted(plan, frame) - expected).square().mean()
    assert 10 * torch.log10(4 / error) > 40


def test_float32_sums_stay_exact_on_a_large_map():
    """A mean far from zero over half a million pixels: what careless sums get wrong."""
    x = torch.randn(1, 3, 512, 1024, generator=torch.manual_seed(0)) * 0.1 + 30
    exact = functional.instance_norm(x.double(), eps=1e-5)
    actual, _ = normalized(x.contiguous(memory_format=torch.channels_last), None)
    assert (actual - exact).abs().max() < 1e-4


def test_a_changed_pixel_changes_the_picture_as_in_the_network():
    generator = make_local(FULL, **OURS)
    before = frame_for(generator, FULL, (64, 96))
    labels = before.labels.copy()
    labels[30, 40] = 26 if labels[30, 40] != 26 else 7
    after = make_frame(
        labels, before.instances, frame_size(generator), reference=True, surface=SURFACE
    )
    after = after.styled(lambda _: (0.5, 0.5, 0.5), 3)
    plan = compile_plan(generator, FULL, FLOAT32, lookup=True)
    expected = painted(PlainPainter(generator, FULL, FLOAT32), after)
    assert (painted(plan, after) - expected).abs().max() < 2e-4
    assert (painted(plan, before) - expected).abs().max() > 1e-2


def test_a_plan_can_paint_again_and_other_sizes():
    generator = make_local(FULL, **OURS)
    plan = compile_plan(generator, FULL, FLOAT32, lookup=True)
    small, large = (frame_for(generator, FULL, size) for size in [(32, 40), (64, 96)])
    first = painted(plan, large)
    painted(plan, small)
    assert torch.equal(painted(plan, large), first)


@pytest.mark.parametrize(
    ("make", "conditioning", "options"),
    [
        (make_global, PLAIN, {"norm": "batch"}),
        (make_local, PLAIN, {"norm": "batch"}),
        (make_global, ConditioningConfig(rgb=True, boundary=False), {}),
        (make_global, PLAIN, {"downsamples": 0}),
    ],
)
def test_what_a_plan_cannot_do_is_left_to_the_network(make, conditioning, options):
    generator = make(conditioning, **options)
    assert not supports(generator, conditioning)
    target = Target(torch.device("cpu"), "float32")
    assert isinstance(make_painter(generator, conditioning, target), PlainPainter)


def test_the_cpu_takes_the_plan():
    target = Target(torch.device("cpu"), "bfloat16")
    assert isinstance(make_painter(make_local(PLAIN), PLAIN, target), Plan)


def test_the_padded_frame_repeats_the_last_pixels():
    frame = make_frame(*_maps(5, 6), FrameSize(4, 8), reference=False)
    labels = frame.labels
    assert labels.shape == (8, 8)
    assert (labels[5:] == labels[4]).all()
    assert (labels[:, 6:] == labels[:, 5:6]).all()


def _maps(height, width):
    scene = blocks(height, width)
    return scene.label_map, scene.instance_map


def test_a_style_of_another_length_is_refused():
    frame = make_frame(*_maps(8, 8), FrameSize(4, 8), reference=False)
    with pytest.raises(ValueError, match="has 2 features, the checkpoint takes 3"):
        frame.styled(lambda _: (1.0, 2.0), 3)


@pytest.mark.parametrize("levels", [0, 1, 2, 3])
@pytest.mark.parametrize("config", [PLAIN, LABELS_ONLY, STYLED])
def test_cells_are_the_conditioning_pyramid(config, levels):
    generator = make_local(config)
    frame = frame_for(generator, config, (48, 64))
    cells = frame_cells(config, frame)
    labels, instances = (torch.from_numpy(x)[None] for x in (frame.labels, frame.instances))
    features = None
    if config.feature_channels:
        features = torch.from_numpy(frame.features[frame.instance_index]).permute(2, 0, 1)[None]
    expected = build_conditioning(config, labels, instances, features)
    for _ in range(levels):
        cells, expected = pooled(cells), halve(expected)
    actual = torch.from_numpy(cells.vectors[cells.index]).permute(2, 0, 1)[None]
    assert (actual - expected).abs().max() < 1e-6


def test_cells_are_few():
    cells = frame_cells(STYLED, frame_for(make_local(STYLED), STYLED, (48, 64)))
    distinct = np.unique(cells.vectors, axis=0)
    assert len(distinct) == len(cells.vectors) < 40


@pytest.mark.parametrize("factor", [1, 1 << 16], ids=["16 bits", "more than 16 bits"])
def test_a_window_is_uniform_when_all_its_cells_are_one(factor):
    index = (frame_cells(PLAIN, frame_for(make_local(PLAIN), PLAIN, (24, 32))).index) * factor
    around = np.pad(index, 3, "reflect")
    windows = np.lib.stride_tricks.sliding_window_view(around, (7, 7))
    expected = windows.min((2, 3)) != windows.max((2, 3))
    assert np.array_equal(not_uniform(index, 7, cv2.BORDER_REFLECT_101), expected)


def test_folded_doubling_is_the_resize_convolution():
    torch.manual_seed(0)
    layer = ResizeConv(5, 4).double()
    x = torch.randn(1, 5, 6, 9, dtype=torch.float64)
    around = functional.pad(x, (1, 1, 1, 1), mode="replicate")
    folded = fold_doubling(layer.weight)
    actual = functional.conv_transpose2d(around, folded, layer.bias, 2, 3)
    assert torch.allclose(actual, layer(x), atol=1e-12)


def test_folded_pixels_are_the_convolution():
    torch.manual_seed(0)
    weight, x = torch.randn(3, 5, 7, 7).double(), torch.randn(1, 5, 14, 18).double()
    expected = functional.conv2d(x, weight)[0].permute(1, 2, 0)
    actual = unfold_pixels(functional.conv2d(x, fold_pixels(weight), stride=2))
    assert torch.allclose(actual, expected, atol=1e-12)


@pytest.mark.parametrize("like", [FLOAT32, BFLOAT16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize(
    ("stride", "padding"), [(1, (0, 0)), (2, (0, 0)), (2, (0, 1)), (2, (1, 1))]
)
@pytest.mark.parametrize("count", [1, 2])
def test_few_pixels_under_many_weights_are_convolved_as_ever(
    monkeypatch, like, stride, padding, count
):
    random = torch.Generator().manual_seed(0)
    room = torch.randn(count, 24, 13, 15, generator=random).to(like)
    window = room.contiguous(memory_format=torch.channels_last)[:, :, 3:9, 2:12]
    weight = torch.randn(512, 24, 3, 3, generator=random)
    weight = weight.to(like).contiguous(memory_format=torch.channels_last)
    products = counted(monkeypatch, "linear")
    found = convolved(window, weight, stride, padding)
    assert products == [512]
    assert found.is_contiguous(memory_format=torch.channels_last)
    expected = functional.conv2d(window.double(), weight.double(), None, stride, padding)
    assert found.shape == expected.shape
    assert (found - expected).abs().max() < (1e-4 if like is FLOAT32 else 0.26)


@pytest.mark.parametrize("touched", [64, 256])
def test_a_preview_of_a_small_touch_lays_out_no_wide_layers_weights_anew(monkeypatch, touched):
    """Counted products of matrices, in which they stay as they are."""
    generator = make_local(PLAIN, base_channels=8, global_downsamples=4, global_blocks=4)
    plan = compile_plan(generator, PLAIN, FLOAT32, lookup=True)
    grid, middle = (512, 1024), Rect(400, 200, 400 + touched, 200 + touched)
    recording = Recording()
    frame = frame_for(generator, PLAIN, grid)
    with torch.inference_mode():
        finished(plan.paint(frame, recording))
        regions = plan.regions(grid, middle, middle.grown(16), Halo())
        products = counted(monkeypatch, "linear")
        finished(plan.repaint([frame.part(regions.maps)], regions, recording, commit=False))
    assert products == ([256] * 9 if touched == 64 else [])


@pytest.mark.parametrize("lookup", [True, False], ids=["lookup", "dense"])
@pytest.mark.parametrize("around", [8, 40])
def test_a_part_is_painted_as_in_the_whole(lookup, around):
    """More is wanted around than stems compute anew: the rest of them is recorded, no tint is."""
    generator = make_local(FULL, **TINTED)
    plan = compile_plan(generator, FULL, FLOAT32, lookup=lookup)
    frame, recording = frame_for(generator, FULL, (128, 256)), Recording()
    middle = Rect(90, 50, 98, 58)
    with torch.inference_mode():
        whole = finished(plan.paint(frame, recording))
        regions = plan.regions(frame.grid, middle, middle.grown(around), Halo())
        part = finished(plan.repaint([frame.part(regions.maps)], regions, recording, commit=False))
    assert regions.maps != frame.rect
    assert (part[0] - whole[regions.picture.slices]).abs().max() < 0.02  # recorded in two bytes


def counted(monkeypatch, name):
    """A list that grows by the output channels of every call."""
    calls, function = [], getattr(functional, name)

    def call(x, weight, *rest):
        calls.append(len(weight))
        return function(x, weight, *rest)

    monkeypatch.setattr(functional, name, call)
    return calls


def finished(work):
    """What a painting returns."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value


def test_bytes_are_rounded_down():
    levels = torch.tensor([-1.0, -0.5, 0.0, 0.5, 1.0]).view(1, 5, 1).expand(1, 5, 3)
    assert to_bytes(levels.clone())[0, :, 0].tolist() == [0, 63, 127, 191, 255]


@pytest.mark.parametrize("channels", [1, 4])
def test_pictures_without_three_channels_are_grey(channels):
    picture = torch.full((2, 2, channels), 0.5)
    picture[..., 0] = -0.5
    assert to_bytes(picture).tolist() == [[[63] * 3] * 2] * 2
