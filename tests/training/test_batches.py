from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from model.scene.frame_files import find_frames
from model.scene.maps import read_instance_map
from model.scene.reference import spatial_reference
from model.training.batches import BatchSource, Crop, choose_crop, cut
from model.training.config import Stage, TrainingConfig
from model.training.frames import Frame, read_frame
from model.training.run import open_data


def whole_frame(data: Path) -> Frame:
    return read_frame(find_frames(data, "train", rgb=False)[0], None, rgb=False, reference=True)


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
    frame = read_frame(files, None, rgb=False, reference=True)
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


def test_a_focused_crop_holds_the_middle_of_its_box() -> None:
    rng = np.random.default_rng(0)
    stage = Stage(crop=(32, 48))
    for _ in range(200):
        left, top = int(rng.integers(0, 190)), int(rng.integers(0, 90))
        box = np.array([left, top, left + int(rng.integers(1, 60)), top + int(rng.integers(1, 30))])
        y, x, height, width = choose_crop(rng, (120, 250), stage, box)
        assert (height, width) == (32, 48)
        assert 0 <= y <= 120 - 32 and 0 <= x <= 250 - 48
        assert x <= (box[0] + box[2]) // 2 <= x + width
        assert y <= (box[1] + box[3]) // 2 <= y + height


def test_a_crop_larger_than_the_frame_is_the_frame() -> None:
    crop = choose_crop(np.random.default_rng(0), (40, 50), Stage(crop=(64, 64)), None)
    assert crop == (0, 0, 40, 50)
