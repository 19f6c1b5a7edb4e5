"""Measures against double loops and against what can be known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from model.evaluation import measures


def random_maps(labels: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    return rng.integers(0, labels, (9, 13)), rng.integers(-1, labels, (9, 13))


def test_rare_labels_are_left_out_of_the_common_ones():
    matrix = np.array([[90, 10, 0], [0, 899, 0], [1, 0, 0]])
    ious = [90 / 101, 899 / 909, 0.0]
    assert measures.common_iou(matrix, 0.0) == pytest.approx(np.mean(ious))
    assert measures.common_iou(matrix, 0.01) == pytest.approx(np.mean(ious[:2]))
    assert measures.common_iou(np.zeros((3, 3), int), 0.01) is None


def test_confusion_counts_what_a_double_loop_counts():
    seen, true = random_maps()
    expected = np.zeros((4, 4), int)
    for y in range(9):
        for x in range(13):
            if true[y, x] >= 0:
                expected[true[y, x], seen[y, x]] += 1
    found = measures.confusion(torch.tensor(seen), torch.tensor(true), 4)
    assert (found == expected).all()


def test_scores_follow_from_sets_of_pixels():
    seen, true = random_maps(5)
    true[true == 4] = 0  # label 4 does not occur, but is seen
    matrix = measures.confusion(torch.tensor(seen), torch.tensor(true), 5)
    ious, accuracies = measures.label_scores(matrix)
    counted = true >= 0
    expected, exact = [], []
    for label in range(4):
        ours, theirs = (seen == label) & counted, true == label
        expected.append((ours & theirs).sum() / (ours | theirs).sum())
        exact.append((ours & theirs).sum() / theirs.sum())
    assert ious[:4].tolist() == pytest.approx(expected)
    assert accuracies[:4].tolist() == pytest.approx(exact)
    assert math.isnan(ious[4])
    pixel = (seen == true)[counted].mean()
    assert measures.summary_scores(matrix) == pytest.approx(
        (pixel, np.mean(exact), np.mean(expected))
    )
    assert measures.summary_scores(np.zeros((3, 3), np.int64)) is None


def neighbours_differ(instances: np.ndarray, y: int, x: int) -> bool:
    height, width = instances.shape
    around = [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
    return any(
        0 <= v < height and 0 <= u < width and instances[v, u] != instances[y, x] for v, u in around
    )


def test_edges_are_summed_on_borders_and_beside_them():
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (40, 48, 3), dtype=np.uint8)
    picture[..., 1] = picture[..., 2] = picture[..., 0]  # grey, whatever the weights
    instances = np.zeros((40, 48), np.int32)
    instances[12:, 20:] = 7
    border = [(y, x) for y in range(40) for x in range(48) if neighbours_differ(instances, y, x)]
    grey = picture[..., 0].astype(float)
    sums = np.zeros(4)
    for y in range(1, 39):  # gradients at the rim are one-sided; nothing marked lies there...
        for x in range(1, 47):
            strength = math.hypot(
                (grey[y + 1, x] - grey[y - 1, x]) / 2, (grey[y, x + 1] - grey[y, x - 1]) / 2
            )
            distance = min(math.hypot(y - v, x - u) for v, u in border)
            if distance == 0:
                sums[:2] += strength, 1
            elif 4 < distance <= 16:
                sums[2:] += strength, 1
    found = measures.edge_sums(picture, instances)
    inner_border = len([1 for y, x in border if 0 < y < 39 and 0 < x < 47])
    assert sums[1] == inner_border
    assert found[0] / found[1] == pytest.approx(sums[0] / sums[1], rel=0.05)  # ...but 2 pixels
    assert found[2] / found[3] == pytest.approx(sums[2] / sums[3], rel=0.05)
    assert found[1] == len(border)


def test_a_picture_that_ignores_borders_is_not_focused_on_them():
    instances = np.zeros((64, 64), np.int32)
    instances[:, 32:] = 1
    drawn = np.where(instances[..., None] > 0, 200, 50).astype(np.uint8).repeat(3, axis=2)
    ramp = np.arange(64, dtype=np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2)
    on, borders, beside, others = measures.edge_sums(drawn, instances)
    assert on / borders == 75  # half of the step, on both sides
    assert beside == 0 < others
    on, borders, beside, others = measures.edge_sums(ramp, instances)
    assert on / borders == beside / others == 1


def test_near_borders_means_within_some_pixels_of_one():
    instances = np.zeros((20, 30), np.int32)
    instances[5:9, 7:15] = 3
    near = measures.near_borders(instances, (20, 30))
    border = [(y, x) for y in range(20) for x in range(30) if neighbours_differ(instances, y, x)]
    for y in range(20):
        for x in range(30):
            distance = min(math.hypot(y - v, x - u) for v, u in border)
            if abs(distance - measures.BORDER) > 0.5:  # OpenCV's distances are not exact
                assert near[y, x] == (distance <= measures.BORDER)
    assert not measures.near_borders(np.zeros((4, 4), np.int32), (4, 4)).any()


def test_hits_count_only_pixels_that_are_judged_and_asked_for():
    seen, true = (torch.tensor(rows) for rows in ([[1, 2, 3, 0]], [[1, 2, 0, -1]]))
    where = np.array([[True, False, True, True]])
    assert measures.hits(seen, true, where).tolist() == [1, 2]


def test_perceptual_distance_is_that_of_directions():
    rng = np.random.default_rng(1)
    layers = [(rng.random((3, 4, 5)), rng.random((3, 4, 5))), (rng.random((2, 2, 2)),) * 2]
    total = 0.0
    for ours, theirs in layers:
        places = []
        for y in range(ours.shape[1]):
            for x in range(ours.shape[2]):
                a, b = ours[:, y, x], theirs[:, y, x]
                a, b = a / math.sqrt((a * a).sum()), b / math.sqrt((b * b).sum())
                places.append(((a - b) ** 2).sum())
        total += np.mean(places) / len(layers)
    first, second = ([torch.tensor(pair[i]) for pair in layers] for i in (0, 1))
    assert measures.perceptual_distance(first, second) == pytest.approx(total)
    assert measures.perceptual_distance(first, first) == 0
    assert measures.perceptual_distance(first, [3 * each for each in first]) < 1e-9


def test_frechet_distance_of_shifted_features_is_the_square_of_the_shift():
    rows = np.random.default_rng(2).normal(size=(400, 3)).astype(np.float32)
    assert measures.frechet_distance(rows, rows) == pytest.approx(0, abs=1e-5)
    shifted = rows + np.array([3.0, 0.0, 4.0], np.float32)
    assert measures.frechet_distance(shifted, rows) == pytest.approx(25, rel=1e-4)
    assert measures.frechet_distance(2 * rows, rows) > 2.5  # the sum of (2 - 1)^2 and a mean
    assert measures.frechet_distance(rows[:1], rows) is None


def test_cells_are_averages_of_equal_parts_of_a_frame():
    features = torch.arange(2 * 8 * 16, dtype=torch.float32).reshape(2, 8, 16)
    cells = measures.cell_features(features)
    assert cells.shape == (32, 2)
    assert cells[9].tolist() == features[:, 2:4, 2:4].mean((1, 2)).tolist()


def test_fidelity_is_known_for_pictures_that_differ_evenly():
    truth = np.random.default_rng(0).integers(0, 200, (32, 48, 3), dtype=np.uint8)
    l1, psnr, ssim = measures.fidelity(truth + np.uint8(10), truth)
    assert l1 == 10
    assert psnr == pytest.approx(20 * math.log10(255 / 10), rel=1e-6)
    assert 0.9 < ssim < 1
    l1, psnr, ssim = measures.fidelity(truth, truth)
    assert (l1, ssim) == (0, pytest.approx(1, abs=1e-5))
    assert math.isfinite(psnr)
    assert measures.fidelity(255 - truth, truth)[2] < 0.1


def test_mean_colors_paint_each_instance_evenly():
    rng = np.random.default_rng(5)
    picture = rng.integers(0, 256, (6, 7, 3), dtype=np.uint8)
    instances = rng.integers(0, 3, (6, 7)).astype(np.int32) * 26001
    painted = measures.mean_colors(picture, instances)
    for number in np.unique(instances):
        mean = picture[instances == number].mean(axis=0)
        assert np.abs(painted[instances == number] - mean).max() <= 0.5
