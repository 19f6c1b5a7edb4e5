"""Hold still on drawn pictures."""

from __future__ import annotations

import numpy as np

from model.inference.hold_still import BLUR, FEATHER, hold_still

SIZE = (120, 200)


def edit() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture, the same with a square repainted and everything drifted by 10, and the square."""
    before = np.random.default_rng(0).integers(60, 120, (*SIZE, 3), np.uint8)
    edited = np.zeros(SIZE, bool)
    edited[40:80, 60:100] = True
    after = before + np.uint8(10)
    after[edited] = 250
    return before, after, edited


def test_drift_is_taken_back_and_the_edit_is_not():
    before, after, edited = edit()
    held = hold_still(before, after, edited)
    assert np.array_equal(held[edited], after[edited])
    assert np.array_equal(held[:, :30], before[:, :30])
    assert np.array_equal(held[:, 140:], before[:, 140:])


def test_the_border_goes_from_new_to_old_over_the_feather():
    before, after, edited = edit()
    before[:], after[:] = 100, 130
    held = hold_still(before, after, edited)[60, 100 : 100 + int(FEATHER) + 2, 0].astype(int)
    assert (np.diff(held) <= 0).all() and held[0] > 120 and held[-1] == 100


def test_a_strong_change_that_touches_the_edit_stays_and_one_elsewhere_does_not():
    before, after, edited = edit()
    after[80:110, 60:100] = 250  # a reflection below
    after[:25, 170:] = 250  # nothing to do with it
    held = hold_still(before, after, edited)
    assert (held[85 : 110 - BLUR, 70:90] == 250).all()
    assert np.array_equal(held[:25, 170:], before[:25, 170:])


def test_without_any_difference_nothing_changes():
    before, _, edited = edit()
    assert np.array_equal(hold_still(before, before, edited), before)
