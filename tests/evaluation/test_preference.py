"""Preference: the interval, the plan of a rater, and the file of answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from model.errors import InputError
from model.evaluation.preference import (
    DURATIONS,
    Answer,
    Study,
    answered,
    find_pairs,
    plan,
    preference,
    read_answers,
    summary,
    table,
    wilson,
    write_answers,
)
from model.scene.maps import write_picture

NAMES = tuple(f"street_{number}" for number in range(6))
STUDY = Study("ours", "theirs", NAMES, 6, seed=1)


def answers(chosen: str, rater: str = "Ada", study: Study = STUDY) -> list[Answer]:
    return [
        Answer(
            rater,
            number,
            study.a,
            study.b,
            shown.pair,
            shown.left,
            letter,
            "" if shown.seconds is None else f"{shown.seconds:g}",
            1.5,
            "2026-01-01T00:00:00+00:00",
        )
        for number, (shown, letter) in enumerate(zip(plan(study, rater), chosen, strict=False))
    ]


@pytest.mark.parametrize(
    ("chosen", "of", "low", "high"),
    [  # textbook values
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998, 81/263 and 15/148
        (81, 263, 0.2553, 0.3662),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_is_wilsons(chosen, of, low, high):
    assert wilson(chosen, of) == pytest.approx((low, high), abs=5e-5)


def test_the_interval_holds_what_the_score_test_does_not_reject():
    low, high = wilson(30, 80)
    shares = np.linspace(0.001, 0.999, 9999)
    kept = shares[np.abs(30 / 80 - shares) <= 1.959964 * np.sqrt(shares * (1 - shares) / 80)]
    assert (kept[0], kept[-1]) == pytest.approx((low, high), abs=2e-4)


def test_a_plan_is_a_function_of_seed_and_rater():
    assert plan(STUDY, "Ada") == plan(STUDY, "Ada")
    assert plan(STUDY, "Ada") != plan(STUDY, "Bo")
    assert plan(STUDY, "Ada") != plan(replace(STUDY, seed=2), "Ada")


def test_every_pair_comes_once_before_one_comes_twice():
    shown = [each.pair for each in plan(replace(STUDY, count=15), "Ada")]
    assert sorted(shown[:6]) == sorted(shown[6:12]) == list(NAMES)
    assert len(set(shown[12:])) == 3


def test_both_sides_and_all_times_come_up_equally_often():
    shown = plan(replace(STUDY, count=70, limit="mixed"), "Ada")
    assert Counter(each.left for each in shown) == {"A": 35, "B": 35}
    assert Counter(each.seconds for each in shown) == dict.fromkeys(DURATIONS, 10)
    assert [each.seconds for each in plan(replace(STUDY, limit=2.0), "Ada")] == [2.0] * 6


def test_answers_come_back_as_they_were_written(tmp_path):
    path = tmp_path / "answers.csv"
    assert read_answers(path) == []
    written = answers("ABBAAB", 'Ada, "the first"\nof her name') + answers("AB", "Bö")
    write_answers(path, written)
    assert read_answers(path) == written
    assert answered(written, STUDY, "Bö", path) == 2
    assert answered(written, STUDY, "nobody", path) == 0


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"limit": 1.0}, {"b": "others"}, {"pairs": NAMES[:5]}]
)
def test_a_file_of_another_study_is_refused(tmp_path, change):
    with pytest.raises(InputError, match="name another file"):
        answered(answers("ABBAAB"), replace(STUDY, **change), "Ada", tmp_path / "answers.csv")


@pytest.mark.parametrize("content", ["no,table\n1,2\n", "\0", "rater,trial\nAda,x\n", b"\xff\xfe"])
def test_what_is_no_file_of_answers_is_refused(tmp_path, content):
    path = tmp_path / "answers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=r"answers.csv"):
        read_answers(path)


def test_figures_are_counted_by_rater_and_by_time():
    limited = replace(STUDY, limit="mixed")
    given = answers("AAAAAB", "Ada", limited) + answers("BBB", "Bo", limited)
    figures = summary(given)
    assert preference(given).share == pytest.approx(5 / 9)
    assert figures["raters"]["Ada"]["chosen"] == 5 and figures["raters"]["Bo"]["answers"] == 3
    assert sum(each["answers"] for each in figures["seconds"].values()) == 9
    assert list(figures["seconds"]) == sorted(figures["seconds"], key=float)
    assert "Ada" in table(given) and "83.3%" in table(given)


def test_pairs_are_found_by_name_without_what_tells_their_role(tmp_path):
    for folder, name in (("a", "x_leftImg8bit"), ("b", "x_gtFine_labelIds"), ("b", "y")):
        (tmp_path / folder).mkdir(exist_ok=True)
        write_picture(tmp_path / folder / f"{name}.png", np.zeros((4, 8, 3), np.uint8))
    assert list(find_pairs(tmp_path / "a", tmp_path / "b")) == ["x"]
    (tmp_path / "a" / "x_leftImg8bit.png").rename(tmp_path / "a" / "z.png")
    with pytest.raises(InputError, match="equal names"):
        find_pairs(tmp_path / "a", tmp_path / "b")
