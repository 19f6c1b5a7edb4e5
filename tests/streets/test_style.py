"""Modes: sampling, forcing, parsing."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

import numpy as np
import pytest

from model.errors import InputError
from model.streets import style
from model.streets.rng import stream


def test_forcing_one_mode_leaves_all_others():
    for seed in range(20):
        free = asdict(style.sample(seed))
        for name, table in style.MODES.items():
            for mode in table:
                assert asdict(style.sample(seed, {name: mode})) == free | {name: mode}


def test_every_mode_comes_up_about_as_often_as_its_weight():
    drawn = [asdict(style.sample(seed)) for seed in range(3000)]
    for name, table in style.MODES.items():
        counts = Counter(modes[name] for modes in drawn)
        for mode, weight in table.items():
            assert abs(counts[mode] / 3000 - weight / sum(table.values())) < 0.04, (name, mode)


def test_about_seven_in_ten_pictures_have_soft_daylight():
    soft = style.MODES["sky"]["cloudy"] + style.MODES["sky"]["overcast"]
    assert soft == pytest.approx(0.70)


def test_modes_of_different_things_are_drawn_independently():
    drawn = [style.sample(seed) for seed in range(3000)]
    wet = np.array([modes.road == "wet" for modes in drawn])
    overcast = np.array([modes.sky == "overcast" for modes in drawn])
    assert abs(np.corrcoef(wet, overcast)[0, 1]) < 0.06


def test_every_building_and_vegetation_mode_has_colours():
    assert style.BUILDING_COLORS.keys() == style.MODES["building"].keys()
    assert style.LEAF_COLORS.keys() == style.MODES["vegetation"].keys()


def test_parsing_reads_pairs_and_ignores_spaces():
    assert style.parse_forced("road=wet, sky=clear") == {"road": "wet", "sky": "clear"}
    assert style.parse_forced("") == {}


@pytest.mark.parametrize("text", ["road", "road=mud", "roof=red"])
def test_parsing_refuses_what_it_does_not_know_and_says_what_it_knows(text):
    with pytest.raises(InputError, match=r"--force .*(takes|knows)"):
        style.parse_forced(text)


def test_pick_takes_the_heavier_name_more_often_and_uses_one_number():
    rng, twin = stream(1, "style"), stream(1, "style")
    drawn = Counter(style.pick(rng, {"rare": 1, "often": 9}) for _ in range(500))
    twin.random(500)
    assert drawn["often"] > 400
    assert rng.random() == twin.random()


def test_mixed_buildings_differ_in_about_half_of_the_seeds():
    differ = [style.buildings_differ(seed, "mixed") for seed in range(400)]
    assert 160 < sum(differ) < 240
    assert all(style.buildings_differ(seed, "each") for seed in range(5))
    assert not any(style.buildings_differ(seed, "one") for seed in range(5))
    with pytest.raises(ValueError, match="some"):
        style.buildings_differ(0, "some")


def test_trees_of_modular_streets_are_bare_only_if_forced():
    for seed in range(200):
        plain, modular = (asdict(style.sample(seed, modular=each)) for each in (False, True))
        assert modular["vegetation"] != "bare"
        if plain["vegetation"] != "bare":
            assert modular == plain
        else:
            assert modular | {"vegetation": "bare"} == plain
        assert style.sample(seed, {"vegetation": "bare"}, modular=True).vegetation == "bare"
