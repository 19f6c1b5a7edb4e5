"""Pace: which answer it picks, from times that are given to it."""

from __future__ import annotations

import pytest

from model.inference.pace import FLUENT, Answer, Pace


def timed(exact: float, half: float | None = None) -> Pace:
    pace = Pace()
    pace.exact_took(exact)
    if half is not None:
        pace.half_took(half)
    return pace


def test_before_any_time_is_known_the_frame_is_painted():
    assert Pace().choose(0.01) is Answer.EXACT


def test_a_fast_device_needs_no_previews():
    assert timed(FLUENT).choose(0.001) is Answer.EXACT
    assert timed(FLUENT * 1.1).choose(0.001) is not Answer.EXACT


@pytest.mark.parametrize(
    ("share", "answer"),
    [(0.01, Answer.REGION), (0.2, Answer.REGION), (0.3, Answer.HALF), (0.9, Answer.HALF)],
)
def test_a_region_is_taken_as_long_as_it_beats_half_the_size(share, answer):
    assert timed(1.0).choose(share) is answer


def test_without_a_recording_it_is_half_the_size():
    assert timed(1.0).choose(None) is Answer.HALF


def test_where_half_the_size_does_not_pay_it_is_the_frame():
    pace = timed(1.0, half=0.6)
    assert pace.choose(0.9) is Answer.EXACT
    assert pace.choose(None) is Answer.EXACT
    assert pace.choose(0.1) is Answer.REGION


def test_slow_regions_are_measured_and_given_up():
    pace = timed(1.0)
    assert pace.choose(0.1) is Answer.REGION
    for _ in range(5):
        pace.region_took(0.1, 0.9)
    assert pace.choose(0.1) is Answer.HALF


def test_one_slow_answer_is_forgiven():
    pace = timed(1.0)
    for _ in range(5):
        pace.region_took(0.05, 0.06)
    pace.region_took(0.05, 0.6)
    for _ in range(8):
        pace.region_took(0.05, 0.06)
    assert pace.choose(0.05) is Answer.REGION


def test_larger_regions_are_expected_to_take_longer():
    pace = timed(1.0)
    pace.region_took(0.1, 0.2)
    expected = [pace.region_seconds(share) for share in (0.01, 0.1, 0.3)]
    assert expected == sorted(expected)


def test_another_size_forgets_all_times():
    pace = timed(1.0)
    pace.forget()
    assert pace.choose(0.01) is Answer.EXACT
