from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.scene.frame_files import find_frames
from model.scene.maps import read_instance_map
from model.scene.reference import spatial_reference
from model.training.batches import (
    Batch,
    BatchSource,
    Crop,
    choose_crop,
    cut,
    jitter,
    random_place,
    sample_size,
)
from model.training.config import DataConfig, Stage, TrainingConfig
from model.training.frames import Frame, read_frame, some_places
from model.training.run import open_data


def whole_frame(data: Path) -> Frame:
    return read_frame(
        find_frames(data, "train", rgb=False)[0], None, ConditioningConfig(spatial_reference=True)
    )


def test_a_batch_depends_on_seed_and_step_alone(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    def source() -> BatchSource:
        data = open_data(streets_data, tiny_config, torch.device("cpu"))
        return BatchSource(data.training, data.cache, tiny_config)

    ordered, shuffled = source(), source()
    first = [ordered.batch(step) for step in range(8)]
    for step in (5, 0, 7, 2):
        assert torch.equal(shuffled.batch(step).picture, first[step].picture)
        assert torch.equal(shuffled.batch(step).labels, first[step].labels)
    assert not torch.equal(first[5].picture, first[6].picture)


def test_a_crop_is_the_plain_slice_of_every_map(streets_data: Path) -> None:
    frame = whole_frame(streets_data)
    assert frame.index is not None and frame.reference is not None
    labels, index, picture, reference = cut(frame, Crop(8, 40, 32, 64, mirrored=False), 1)
    rows, columns = slice(8, 40), slice(40, 104)
    assert torch.equal(labels, frame.labels[rows, columns])
    assert torch.equal(index, frame.index[rows, columns])
    assert torch.equal(reference, frame.reference[:, rows, columns])
    expected = frame.picture[:, rows, columns].numpy() / 127.5 - 1
    np.testing.assert_allclose(picture.numpy(), expected, atol=1e-6)


def test_mirroring_a_crop_is_mirroring_the_scene(streets_data: Path) -> None:
    files = find_frames(streets_data, "train", rgb=False)[0]
    frame = read_frame(files, None, ConditioningConfig(spatial_reference=True))
    assert files.instance is not None
    mirrored = spatial_reference(np.ascontiguousarray(read_instance_map(files.instance)[:, ::-1]))
    labels, _, _, reference = cut(frame, Crop(0, 0, 128, 256, mirrored=True), 1)
    assert torch.equal(labels, frame.labels.flip(-1))
    np.testing.assert_array_equal(reference.numpy(), mirrored)
    assert frame.reference is not None
    assert torch.equal(
        frame.reference, whole_frame(streets_data).reference
    )  # not mirrored in place


def test_reducing_takes_every_second_label_and_averages_the_picture(streets_data: Path) -> None:
    frame = whole_frame(streets_data)
    labels, _, picture, _ = cut(frame, Crop(4, 8, 20, 30, mirrored=False), 2)
    assert torch.equal(labels, frame.labels[8:48:2, 16:76:2])
    block = frame.picture[:, 8:10, 16:18].float().mean((1, 2)) / 127.5 - 1
    np.testing.assert_allclose(picture[:, 0, 0].numpy(), block.numpy(), atol=1e-6)


def test_a_focused_crop_holds_its_pixel_in_the_middle_where_the_frame_allows() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        row, column = int(rng.integers(0, 120)), int(rng.integers(0, 250))
        y, x = choose_crop(rng, (120, 250), (32, 48), (row, column))
        assert 0 <= y <= 120 - 32 and 0 <= x <= 250 - 48
        assert x <= column < x + 48 and y <= row < y + 32
        assert y + 16 == row or y in (0, 120 - 32)
        assert x + 24 == column or x in (0, 250 - 48)


def test_rare_labels_are_looked_at_as_often_as_others() -> None:
    labels = np.full((40, 60), 7, np.uint8)
    labels[3, 5], labels[30:33, 50:60] = 20, 255
    rng, seen = np.random.default_rng(0), Counter()
    places = some_places(labels)
    for _ in range(900):
        seen[random_place(rng, places)] += 1
    assert 250 < seen[3, 5] < 350
    of_last = {place: times for place, times in seen.items() if labels[place] == 255}
    assert 250 < sum(of_last.values()) < 350
    assert set(of_last) == {(row, column) for row in range(30, 33) for column in range(50, 60)}


def test_crops_show_rare_labels_more_often_with_a_focus(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    stages = (replace(tiny_config.stages[0], crop=(32, 32), steps=100, reduce=1),)
    shown = {}
    for focus in (0.0, 1.0):
        config = replace(tiny_config, data=DataConfig(focus=focus), stages=stages)
        data = open_data(streets_data, config, torch.device("cpu"))
        frames = [data.cache.get(files).labels for files in data.training]
        counts = torch.bincount(torch.cat(frames).flatten())
        rare = int(torch.where(counts > 0, counts, counts.max()).argmin())
        source = BatchSource(data.training, data.cache, config)
        shown[focus] = sum(bool((source.batch(n).labels == rare).any()) for n in range(100))
    assert shown[1.0] > 1.5 * shown[0.0]


@pytest.mark.parametrize(
    ("sizes", "crop", "reduce", "expected"),
    [
        ([(128, 256)], (0, 0), 1, (128, 256)),
        ([(128, 256)], (64, 96), 1, (64, 96)),
        ([(128, 256)], (200, 96), 1, (128, 96)),
        ([(131, 250)], (0, 0), 1, (128, 248)),
        ([(128, 256), (90, 300)], (0, 0), 2, (40, 128)),
    ],
)
def test_samples_share_the_largest_size_that_fits_all_frames(
    sizes: list[tuple[int, int]],
    crop: tuple[int, int],
    reduce: int,
    expected: tuple[int, int],
) -> None:
    assert sample_size(sizes, Stage(crop=crop, reduce=reduce), 8) == expected


def test_a_frame_that_is_too_small_is_refused() -> None:
    with pytest.raises(InputError, match="7 pixels"):
        sample_size([(128, 7)], Stage(), 8)


def test_two_processes_draw_what_one_with_twice_the_batch_draws(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    config = replace(tiny_config, stages=(Stage(batch=2, crop=(64, 64)),))
    data = open_data(streets_data, config, torch.device("cpu"))
    doubled = replace(config, stages=(replace(config.stages[0], batch=4),))
    halves = [BatchSource(data.training, data.cache, config, rank).batch(3) for rank in (0, 1)]
    whole = BatchSource(data.training, data.cache, doubled).batch(3)
    assert torch.equal(torch.cat([half.picture for half in halves]), whole.picture)


def test_scaled_crops_show_the_same_scene_in_map_and_picture(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    """Where a label is wide, its colour in the picture does not change with the scale."""
    config = replace(tiny_config, data=DataConfig(flip=False, scale=2.0))
    config = replace(config, stages=(Stage(crop=(64, 64), steps=20),))
    data = open_data(streets_data, config, torch.device("cpu"))
    frame = whole_frame(streets_data)
    # A picture that is a function of the label map makes a wrong window visible at once.
    frame = replace(frame, picture=frame.labels.expand(3, -1, -1) * 7)
    source = BatchSource(data.training[:1], data.cache, config)
    source._cache.get = lambda files: frame  # pyright: ignore
    for step in range(20):
        batch = source.batch(step)
        shown = (batch.picture[0, 0] + 1) * 127.5 / 7
        near = (shown - batch.labels[0]).abs() < 0.6
        assert batch.labels.shape == (1, 64, 64)
        assert near.float().mean() > 0.75


def test_colour_jitter_changes_the_picture_and_no_map(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    def batch(color: float) -> Batch:
        config = replace(tiny_config, data=DataConfig(color=color))
        data = open_data(streets_data, config, torch.device("cpu"))
        return BatchSource(data.training, data.cache, config).batch(7)

    plain, jittered = batch(0.0), batch(0.4)
    assert torch.equal(plain.labels, jittered.labels)
    assert not torch.equal(plain.picture, jittered.picture)
    assert jittered.picture.abs().max() <= 1


def test_jitter_by_ones_is_the_picture_itself() -> None:
    picture = torch.rand(3, 8, 9) * 2 - 1
    torch.testing.assert_close(jitter(picture, 1, 1, 1), picture)
    grey = jitter(picture, 1, 1, 0)
    torch.testing.assert_close(grey[0], picture.mean(0))
    torch.testing.assert_close(jitter(picture, 1, 0, 1), picture.mean().expand(3, 8, 9))


def test_rgb_pairs_are_averaged_when_reduced(edges_data: Path) -> None:
    frame = read_frame(
        find_frames(edges_data, "train", rgb=True)[0], None, ConditioningConfig(rgb=True)
    )
    labels, *_ = cut(frame, Crop(0, 0, 16, 32, mirrored=False), 4)
    block = frame.labels[:, 8:12, 20:24].float().mean((1, 2)) / 127.5 - 1
    torch.testing.assert_close(labels[:, 2, 5], block)
