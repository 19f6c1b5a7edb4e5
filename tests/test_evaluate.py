"""`evaluate styles`: figures on made-up features and the command on what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from main import main
from model.evaluation.styles import _agreement, explained, far_apart


def test_clusters_that_are_the_modes_agree_fully_and_shuffled_ones_do_not():
    modes = ["brick", "glass", "plaster"] * 20
    found = _agreement(modes, [modes.index(mode) for mode in modes], ["sun"] * 30 + ["dusk"] * 30)
    assert found.ami == pytest.approx(1)
    assert abs(found.shuffled) < 0.05
    assert abs(found.light) < 0.1


def test_consistency_is_the_share_that_clusters_explain():
    rng = np.random.default_rng(0)
    clusters = np.array([[0.0], [100.0], [200.0]])
    alike = np.repeat(clusters[None], 5, axis=0)
    assert explained(alike) == pytest.approx(1)
    assert explained(rng.normal(size=(500, 3, 1))) < 0.05


def test_clusters_far_apart_are_taken_the_largest_first():
    assert far_apart(np.array([[0.0], [0.1], [5.0], [-3.0]]), 3) == [0, 2, 3]
    assert far_apart(np.array([[1.0]]), 3) == [0]


def test_frames_without_true_modes_are_refused_in_one_sentence(capsys):
    data = "tests/golden/datasets/cityscapes_small"
    assert (
        main(["evaluate", "styles", "checkpoints/streets", data, "--phase", "train", "--quiet"])
        == 2
    )
    assert "main.py streets" in capsys.readouterr().err
