"""Repainting parts: against whole frames with the same statistics, and as the engine shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
import torch

from model.checkpoint import open_checkpoint, save_checkpoint
from model.conditioning import ConditioningConfig
from model.inference import bench
from model.inference.engine import Engine
from model.inference.frame import Frame, FrameSize, part_of
from model.inference.plan.plan import Recording, compile_plan
from model.inference.plan.regions import Halo
from model.inference.repaint import faded_in
from model.networks.local_enhancer import LocalEnhancer
from model.scene.geometry import Rect
from model.scene.labels import CITYSCAPES_NAME
from model.scene.reference import (
    boxes_of,
    dense_instances,
    repainted_reference,
    spatial_reference,
)
from model.scene.scene import Scene, Style
from tests.inference.conftest import CAR, SURFACE, always, blocks, loud, never, patch_of
from tests.inference.test_plan import (
    BARE,
    BFLOAT16,
    CASES,
    FLOAT32,
    FULL,
    OURS,
    frame_for,
    make_local,
    painted,
)

UNLIMITED = Halo(10_000, 10_000)
TOUCHED = Rect(25, 14, 40, 27)
ROUNDED = 4e-3  # recordings are kept in two bytes
PARTS = [
    *("global", "global, ours", "global, one level", "local", "local, ours"),
    *("local, two enhancers", "local, two enhancers, ours", "not a multiple"),
    "local, without normalisation",
]


def returned(work):
    with torch.inference_mode():
        while True:
            try:
                next(work)
            except StopIteration as done:
                return done.value


def recorded(plan, frame) -> Recording:
    recording = Recording()
    returned(plan.paint(frame, recording))
    return recording


def bounds_of(frame: Frame) -> Rect:
    return Rect(0, 0, frame.grid[1], frame.grid[0])


def cut(frame: Frame, rect: Rect) -> Frame:
    """The part of a whole frame, as the engine would make it."""
    part = part_of(frame.labels, frame.instances, cast(FrameSize, _Any(frame.grid)), rect)
    features = frame.features[np.searchsorted(frame.instance_ids, part.instance_ids)]
    reference = None
    if frame.reference is not None:
        reference = frame.reference[(slice(None), *rect.slices)]
    return replace(part, features=features, reference=reference)


class _Any:
    def __init__(self, grid):
        self._grid = grid

    def padded(self, size):
        return self._grid


def touched_frame(frame: Frame, rect: Rect = TOUCHED) -> Frame:
    """Another label and instance inside; features and reference stay those of their pixels."""
    labels, instances = frame.labels.copy(), frame.instances.copy()
    inside = rect.grown(-1).slices
    labels[inside], instances[inside] = 8, 8
    ids, index = dense_instances(instances)
    features = np.zeros((len(ids), frame.features.shape[1]), np.float32)
    for row, instance_id in enumerate(ids.tolist()):
        features[row] = np.random.default_rng(instance_id).uniform(-1, 1, features.shape[1])
    return replace(
        frame,
        labels=labels,
        instances=instances,
        instance_ids=ids,
        instance_index=index,
        features=features,
    )


def setup(case, like=FLOAT32, lookup=True):
    make, conditioning, options, size = CASES[case]
    generator = make(conditioning, **options)
    plan = compile_plan(generator, conditioning, like, lookup=lookup)
    frame = touched_frame(frame_for(generator, conditioning, size), Rect(0, 0, 3, 3))
    return plan, frame, touched_frame(frame)


def repainted(plan, frame, recording, touched, wanted=None, halo=UNLIMITED, commit=False):
    regions = plan.regions(frame.grid, touched, wanted or bounds_of(frame), halo)
    picture = returned(plan.repaint([cut(frame, regions.maps)], regions, recording, commit=commit))
    return picture[0], regions


@pytest.mark.parametrize("like", [FLOAT32, BFLOAT16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("case", PARTS)
def test_repainting_everything_is_the_whole_frame_bit_for_bit(case, like):
    plan, frame, _ = setup(case, like)
    whole = painted(plan, frame)
    picture, _ = repainted(plan, frame, recorded(plan, frame), bounds_of(frame))
    assert torch.equal(picture, whole)


@pytest.mark.parametrize("lookup", [True, False], ids=["lookup", "dense"])
@pytest.mark.parametrize("case", PARTS)
def test_a_part_is_the_whole_frame_with_the_same_statistics(case, lookup):
    plan, before, after = setup(case, lookup=lookup)
    recording = recorded(plan, before)
    expected, _ = repainted(plan, after, recording, bounds_of(after))
    old, _ = repainted(plan, before, recording, bounds_of(after))
    assert (expected - old).abs().max() > 0.01
    for wanted in (None, Rect(20, 10, 45, 31), Rect(0, 0, 7, 5)):
        picture, regions = repainted(plan, after, recording, TOUCHED, wanted)
        assert (picture - expected[regions.picture.slices]).abs().max() < ROUNDED


@pytest.mark.parametrize(
    "touched", [Rect(0, 0, 9, 9), Rect(80, 50, 96, 64), Rect(0, 0, 96, 3), Rect(40, 63, 41, 64)]
)
def test_parts_at_the_pictures_sides_are_right_too(touched):
    plan, before, _ = setup("local, ours")
    recording = recorded(plan, before)
    after = touched_frame(before, touched.grown(1).clipped(96, 64))
    expected, _ = repainted(plan, after, recording, bounds_of(after))
    picture, _ = repainted(plan, after, recording, touched.grown(2).clipped(96, 64))
    assert (picture - expected).abs().max() < ROUNDED


def test_a_part_leaves_the_recording_as_it_was_unless_committed():
    plan, before, after = setup("local, ours")
    recording = recorded(plan, before)
    copies = {index: values.clone() for index, values in recording.values.items()}
    repainted(plan, after, recording, TOUCHED)
    assert all(torch.equal(recording.values[index], copies[index]) for index in copies)
    repainted(plan, after, recording, TOUCHED, commit=True)
    assert not all(torch.equal(recording.values[index], copies[index]) for index in copies)


def test_a_part_builds_on_committed_parts():
    plan, before, middle = setup("local, ours")
    recording = recorded(plan, before)
    second = Rect(50, 30, 70, 50)
    after = touched_frame(middle, second)
    expected, _ = repainted(plan, after, recording, bounds_of(after))
    repainted(plan, middle, recording, TOUCHED, commit=True)
    picture, _ = repainted(plan, after, recording, second)
    assert (picture - expected).abs().max() < ROUNDED


def test_several_styles_at_once_are_each_painted_as_alone():
    plan, before, _ = setup("local, ours")
    recording = recorded(plan, before)
    wanted = Rect(24, 16, 64, 48)
    regions = plan.regions(before.grid, TOUCHED, wanted, Halo(32, 8))
    frames = []
    for seed in range(3):
        features = np.random.default_rng(seed).uniform(-2, 2, before.features.shape)
        frames.append(cut(replace(before, features=features.astype(np.float32)), regions.maps))
    together = returned(plan.repaint(frames, regions, recording, commit=False))
    for frame, picture in zip(frames, together, strict=True):
        alone = returned(plan.repaint([frame], regions, recording, commit=False))
        assert (picture - alone[0]).abs().max() < 1e-5
    assert (together[0] - together[1]).abs().max() > 1e-2


def test_a_small_part_takes_little_work():
    """Counted multiplications, the guard of the preview's speed."""
    generator = make_local(FULL, **OURS, base_channels=16, global_downsamples=4)
    plan = compile_plan(generator, FULL, FLOAT32, lookup=True)
    grid = (1024, 2048)
    everything = Rect(0, 0, 2048, 1024)
    whole = plan.work(plan.regions(grid, everything, everything, Halo()))
    touched = Rect(700, 500, 764, 564)
    part = plan.work(plan.regions(grid, touched, touched.grown(16), Halo()))
    assert part < whole / 60
    larger = plan.work(plan.regions(grid, touched, touched.grown(16), Halo(256, 64)))
    assert part < larger < whole / 10


@pytest.mark.parametrize("like", [FLOAT32, BFLOAT16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize(("design", "limit"), [("BUNDLED", 150e6), ("OFFICIAL", 500e6)])
def test_the_recording_stays_small(design, limit, like):
    """Bytes of what is recorded at 2048x1024, the guard of the previews' memory."""
    known = getattr(bench, design)
    config = replace(known.generator, base_channels=known.generator.base_channels // 8)
    if config.max_channels is not None:
        config = replace(config, max_channels=config.max_channels // 8)
    generator = loud(LocalEnhancer(config))  # an eighth of the channels, so that it is quick
    plan = compile_plan(generator, known.conditioning, like, lookup=True)
    frame = frame_for(generator, known.conditioning, (64, 128))
    size = 8 * recorded(plan, frame).bytes / (64 * 128) * 2048 * 1024
    assert 8 * plan.recording_bytes((1024, 2048)) == size
    assert limit / 3 < size < limit


def test_a_reference_made_anew_is_the_whole_ones():
    scene = blocks(96, 128, seed=3)
    after = scene.instance_map.copy()
    after[40:50, 50:70] = 26077
    touched, rect = Rect(49, 39, 71, 51), Rect(32, 16, 112, 80)
    ids, index = dense_instances(after)
    boxes = {key: Rect(*box) for key, box in zip(ids.tolist(), boxes_of(index).tolist())}  # noqa: B905
    old = spatial_reference(scene.instance_map)[(slice(None), *rect.slices)]
    new = repainted_reference(old, after[rect.slices], rect, touched, boxes, (96, 128))
    expected = spatial_reference(after)[(slice(None), *rect.slices)]
    inside = (slice(None), *touched.slices_in(rect))
    assert np.abs(new[inside].astype(int) - expected[inside]).max() <= 1
    mask = np.ones(new.shape, bool)
    mask[inside] = False
    assert np.array_equal(new[mask], old[mask])


def test_a_preview_fades_into_the_picture_around_it():
    around, pixels = np.zeros((40, 60, 3), np.uint8), np.full((40, 60, 3), 200, np.uint8)
    rect = Rect(0, 10, 60, 50)
    faded = faded_in(pixels, around, rect, Rect(0, 26, 44, 34), (100, 200))
    assert (faded[16:24, :44] == 200).all()
    assert faded[20, 0, 0] == 200  # the picture's own side
    down = faded[:, 10, 0].astype(int)
    assert down[0] < 10 and (np.diff(down[:17]) >= 0).all() and down[-1] < 10
    assert faded[20, 59, 0] < 10


@pytest.fixture
def drawing(checkpoint):
    """An engine that always previews, with a first exact frame."""
    engine = Engine(checkpoint, "cpu", "float32", previews="region", halo=Halo(32, 16))
    list(engine.render(patch_of(blocks(96, 160)), never))
    return engine


def stroke(
    scene: Scene, rect: Rect, revision: int, label: int = CAR, instance: int = 26500
) -> Scene:
    labels, instances = scene.label_map.copy(), scene.instance_map.copy()
    labels[rect.slices], instances[rect.slices] = label, instance
    return Scene(scene.schema, labels, instances, scene.styles, revision)


STROKE = [Rect(40, 30, 52, 42), Rect(48, 32, 60, 44), Rect(60, 40, 160, 52), Rect(0, 80, 30, 96)]


def test_a_touch_is_answered_by_a_preview_of_it_and_an_exact_frame(drawing):
    rect = STROKE[0]
    after = stroke(blocks(96, 160), rect, 5)
    preview, exact = drawing.render(patch_of(after, rect), never)
    assert (preview.final, exact.final) == (False, True)
    assert preview.revision == exact.revision == 5
    assert preview.rect.union(rect) == preview.rect
    assert exact.rect == Rect(0, 0, 160, 96)
    shown = exact.pixels[preview.rect.slices].astype(int)
    assert np.abs(preview.pixels - shown).mean() < 20
    before = drawing.picture(blocks(96, 160))[rect.slices].astype(int)
    inside = rect.slices_in(preview.rect)
    missed = np.abs(before - exact.pixels[rect.slices]).mean()
    assert np.abs(preview.pixels[inside].astype(int) - shown[inside]).mean() < missed / 2


@pytest.mark.parametrize("previews", ["region", "half"])
def test_the_exact_frame_after_previews_is_a_fresh_one_bit_for_bit(checkpoint, previews):
    engine = Engine(checkpoint, "cpu", "bfloat16", previews=previews)
    scene = blocks(96, 160)
    list(engine.render(patch_of(scene), never))
    for number, rect in enumerate(STROKE, 1):
        scene = stroke(scene, rect, number)
        shown = list(engine.render(patch_of(scene, rect), always))
        assert [result.final for result in shown] == [False]
    *_, last = engine.render(patch_of(scene, Rect(0, 0, 0, 0)), never)
    assert last.final
    fresh = Engine(checkpoint, "cpu", "bfloat16", previews="never")
    assert np.array_equal(last.pixels, fresh.picture(scene))


def test_previews_follow_each_other_without_exact_frames_between(drawing):
    scene = blocks(96, 160)
    for number, rect in enumerate(STROKE * 2, 1):
        scene = stroke(scene, rect, number)
        (preview,) = drawing.render(patch_of(scene, rect), always)
        assert not preview.final


def test_a_new_style_is_previewed_where_its_instance_lies(drawing):
    scene = blocks(96, 160)
    car = int(scene.instance_map.max())
    extent = Rect.around(scene.instance_map == car)
    styled = blocks(96, 160, styles={car: Style((3.0, -3.0, 3.0))})
    preview, _ = drawing.render(patch_of(styled, Rect(0, 0, 0, 0)), never)
    assert preview.rect.union(extent) == preview.rect


def test_no_preview_comes_before_the_first_frame_of_a_size(drawing):
    (result,) = drawing.render(patch_of(blocks(64, 96)), never)
    assert result.final


def test_a_preview_is_faded_into_the_last_picture(drawing):
    scene = blocks(96, 160)
    before = drawing.picture(scene)
    rect = Rect(70, 40, 76, 46)
    preview, *_ = drawing.render(patch_of(stroke(scene, rect, 1), rect), never)
    rim = preview.rect
    assert rim.x0 > 0 and rim.x1 < 160
    edge = np.abs(preview.pixels[:, 0].astype(int) - before[rim.y0 : rim.y1, rim.x0])
    assert edge.max() <= 8


@pytest.mark.parametrize("previews", ["region", "never"])
def test_styles_painted_in_place_are_like_whole_frames_with_them(checkpoint, previews):
    engine = Engine(checkpoint, "cpu", "float32", previews=previews, halo=Halo(10_000, 10_000))
    scene = blocks(96, 160)
    before = next(engine.render(patch_of(scene), never))
    car = int(scene.instance_map.max())
    rect = Rect.around(scene.instance_map == car).grown(3).clipped(160, 96)
    styles = [checkpoint.style_book.style(CAR, cluster) for cluster in (0, 1, 2)]
    found = list(engine.in_place(car, rect, styles, never))
    assert [picture.shape for picture in found] == [(rect.height, rect.width, 3)] * 3
    wholes = [
        engine.picture(blocks(96, 160, styles={car: style}))[rect.slices].astype(int)
        for style in styles
    ]
    for number, picture in enumerate(found):
        differences = [np.abs(picture - whole).mean() for whole in wholes]
        assert np.argmin(differences) == number
        if previews == "never":
            assert differences[number] == 0
    assert np.abs(found[0].astype(int) - found[1]).mean() > 3
    *_, after = engine.render(patch_of(scene, Rect(0, 0, 0, 0)), never)
    assert np.array_equal(after.pixels, before.pixels)
    assert list(engine.in_place(car, rect, styles, always)) == []


def bare_checkpoint(folder, conditioning):
    """A checkpoint without normalisation, so that nothing depends on what is far away."""
    generator = make_local(conditioning, **BARE)
    save_checkpoint(
        folder,
        generator=generator,
        generator_name="local",
        generator_config=generator.config,
        conditioning=conditioning,
        schema_name=CITYSCAPES_NAME,
        dtype=torch.float32,
    )
    return open_checkpoint(folder)


@pytest.mark.parametrize(
    ("conditioning", "label", "instance"),
    [
        (ConditioningConfig(surface=replace(SURFACE, vehicles=())), 11, 11),
        (ConditioningConfig(surface=SURFACE, spatial_reference=True), CAR, 1000 * CAR + 7),
    ],
    ids=["wall", "car"],
)
def test_a_preview_without_normalisation_is_the_exact_frame_where_it_is_painted(
    tmp_path, conditioning, label, instance
):
    checkpoint = bare_checkpoint(tmp_path / "bare", conditioning)
    rect = Rect(10, 5, 50, 30)  # above the horizon, so that no wall's foot is moved
    sky = stroke(blocks(96, 160), rect, 0, 23, 23)
    painted = stroke(sky, rect, 1, label, instance)
    engine = Engine(checkpoint, "cpu", "float32", previews="region", halo=UNLIMITED)
    list(engine.render(patch_of(sky), never))
    (preview,) = engine.render(patch_of(painted, rect), always)
    exact = Engine(checkpoint, "cpu", "float32", previews="never").picture(painted)
    assert not preview.final
    inside = rect.slices_in(preview.rect)
    assert np.abs(preview.pixels[inside].astype(int) - exact[rect.slices]).max() <= 2


def test_a_preview_of_a_car_that_is_moved_goes_by_where_it_is_now(tmp_path):
    conditioning = ConditioningConfig(surface=SURFACE, spatial_reference=True)
    checkpoint = bare_checkpoint(tmp_path / "bare", conditioning)
    street = stroke(blocks(96, 160), Rect(8, 8, 120, 60), 0, 7, 7)
    before, after = Rect(14, 20, 54, 50), Rect(70, 24, 110, 54)
    engine = Engine(checkpoint, "cpu", "float32", previews="region", halo=UNLIMITED)
    list(engine.render(patch_of(stroke(street, before, 1)), never))
    moved = stroke(street, after, 2)
    (preview,) = engine.render(patch_of(moved, before.union(after)), always)
    exact = Engine(checkpoint, "cpu", "float32", previews="never").picture(moved)
    assert not preview.final
    shown = preview.pixels[after.slices_in(preview.rect)].astype(int)
    assert np.abs(shown - exact[after.slices]).max() <= 2
