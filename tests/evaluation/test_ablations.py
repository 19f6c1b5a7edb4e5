"""Ablations: lists, runs that are not done twice, and what is refused."""

from __future__ import annotations

import argparse
import json
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import InputError
from model.evaluation import ablations
from model.evaluation.ablation_list import read_list
from model.evaluation.ablations import FIGURES, SUMMARY, Place, run_all
from model.evaluation.ablations_command import LISTS, configure
from model.evaluation.comparison import table
from model.evaluation.figures import Settings
from model.evaluation.results import page
from tests.training.conftest import DATASETS

DATA = DATASETS / "cityscapes_small"
SMALL = """
preset = "small-streets"
seeds = 2
settings = [
  "generator_options.base_channels=2", "generator_options.global_downsamples=2",
  "generator_options.global_blocks=1", "discriminator_options.base_channels=2",
  "precision=float32", "stages=[{crop=[64,64], steps=2}]",
]
[[runs]]
name = "Ours, whole"
[[runs]]
name = "one scale"
settings = ["discriminator_options.scales=1"]
"""


@pytest.fixture
def write(tmp_path):
    def made(text: str = SMALL) -> Path:
        (tmp_path / "small.toml").write_text(text)
        return tmp_path / "small.toml"

    return made


@pytest.fixture
def place(tmp_path, palette_judge) -> Place:
    settings = Settings(frames=1, draws=1, device="cpu", precision="float32")
    return Place(DATA, DATA, palette_judge, tmp_path / "out", settings)


def times(place: Place) -> dict[str, int]:
    names = (FIGURES, "checkpoint/checkpoint.json", "state.pt")
    found = [path for name in names for path in place.out.rglob(name)]
    return {str(path): path.stat().st_mtime_ns for path in found}


def test_every_run_is_trained_and_judged_once(write, place):
    listed = read_list(write())
    assert run_all(listed, place, quiet=True) == []
    content = json.loads((place.out / SUMMARY).read_text())
    assert [row["name"] for row in content["rows"]] == ["Ours, whole", "one scale"]
    for row in content["rows"]:
        assert [each["seed"] for each in row["seeds"]] == [0, 1]
        assert all(each["steps"] == 2 for each in row["seeds"])
    first = content["rows"][0]["seeds"]
    assert first[0]["pictures"] != first[1]["pictures"]
    assert len(times(place)) == 12

    before = times(place)
    assert run_all(listed, place, quiet=True) == []
    assert times(place) == before

    folder = place.out / "one-scale" / "1"
    (folder / FIGURES).unlink()
    assert run_all(listed, place, quiet=True) == []
    after = times(place)
    assert {name for name in after if after[name] != before[name]} == {str(folder / FIGURES)}
    assert "| one scale | 2 |" in table(json.loads((place.out / SUMMARY).read_text()))
    assert "one scale" in page(place.out)


def test_some_runs_of_a_list_come_first_and_the_others_follow_in_the_same_folder(write, place):
    listed = read_list(write(), seeds=1, only=["one scale"])
    assert run_all(listed, place, quiet=True) == []
    before = times(place)
    assert {path.relative_to(place.out).parts[0] for path in map(Path, before)} == {"one-scale"}
    assert run_all(read_list(write(), seeds=1), place, quiet=True) == []
    after = times(place)
    assert all(after[name] == before[name] for name in before)
    assert len(after) == 6
    with pytest.raises(InputError, match="no run 'two scales', only Ours, whole, one scale"):
        read_list(write(), only=["two scales"])


def test_an_interrupted_run_goes_on_and_the_others_stay(write, place, monkeypatch):
    listed = replace(read_list(write()), seeds=1)

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ablations, "evaluate", interrupted)
        run_all(listed, place, quiet=True)
    before = times(place)
    assert len(before) == 2  # trained, not judged; the second never begun
    assert run_all(listed, place, quiet=True) == []
    assert all(times(place)[name] == before[name] for name in before)
    assert len(times(place)) == 6


def test_a_run_that_fails_is_told_and_the_others_are_done(write, place):
    listed = read_list(
        write(SMALL.replace("discriminator_options.scales=1", "stages.0.crop=[8,8]")), seeds=1
    )
    (failure,) = run_all(listed, place, quiet=True)
    assert failure.startswith("one scale, seed 0: ")
    content = json.loads((place.out / SUMMARY).read_text())
    assert [len(row["seeds"]) for row in content["rows"]] == [1, 0]


def test_runs_of_other_settings_are_not_taken_for_these(write, place):
    run_all(replace(read_list(write()), seeds=1), place, quiet=True)
    with pytest.raises(InputError, match="other settings"):
        run_all(read_list(write(), ["optimizer.lr=1e-3"]), place, quiet=True)


def test_figures_of_two_judges_are_not_set_beside_each_other(write, place):
    listed = replace(read_list(write()), seeds=1)
    run_all(listed, place, quiet=True)
    (place.out / "one-scale" / "0" / FIGURES).unlink()
    other = copy(place.judge)
    other.identity = "1"
    with pytest.raises(InputError, match="different judges"):
        run_all(listed, replace(place, judge=other), quiet=True)


def test_the_bundled_lists_have_one_budget_and_come_to_every_row_before_a_second_seed():
    for path in LISTS.glob("*.toml"):
        listed = read_list(path)
        assert listed.seeds >= 3
        assert len({each.config(0).total_steps for each in listed.configurations}) == 1
        assert [seed for _, seed in listed.jobs()][: len(listed.configurations)] == [0] * len(
            listed.configurations
        )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seeds = 2", "seeds = 0", "at least one"),
        ('name = "one scale"', 'name = "ours whole"', "name each"),
        ('name = "one scale"', 'names = "one scale"', "no list"),
        ('"discriminator_options.scales=1"', '"stages.0.steps=3"', "same budget"),
        ('"small-streets"', '"unknown"', "no preset"),
        ("[[runs]]", "[[run]]", "no list"),
        ("seeds", "[seeds", "no list"),
    ],
)
def test_lists_that_cannot_be_compared_are_refused(write, old, new, message):
    with pytest.raises(InputError, match=message):
        read_list(write(SMALL.replace(old, new)))


def test_equal_minutes_stand_in_for_equal_steps(write):
    other = SMALL.replace('"discriminator_options.scales=1"', '"stages.0.steps=3"')
    assert read_list(write(other), minutes=1.0).minutes == 1.0


def test_the_command_line_comes_on_top():
    parser = argparse.ArgumentParser()
    configure(parser)
    words = ["streets", "data", "--judge", "j", "--out", "o", "--seeds", "1"]
    assert parser.parse_args(words).seeds == 1
