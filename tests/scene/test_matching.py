"""Instances of one scene matched with those of another."""

from __future__ import annotations

import numpy as np

from model.scene.matching import match_instances, transferred
from model.scene.scene import Style
from tests.builders import scene


def test_the_maps_of_one_photo_match_themselves():
    street = scene("bbbbbb rccrcc vvssvv".replace(" ", "\n"), "000000\n012034\n120034")
    ids = np.unique(street.instance_map).tolist()
    assert match_instances(street.instance_map, street.instance_map) == {i: i for i in ids}
    wider = street.instance_map.repeat(3, 0).repeat(3, 1)
    assert match_instances(wider, street.instance_map) == {i: i for i in ids}


def test_the_nearest_of_the_label_is_taken_even_by_two():
    there = scene("ccrrrrcc", "11000022")
    here = scene("rccrrccr\nbbbbrrcc", "01100220\n00000033")
    found = match_instances(here.instance_map, there.instance_map)
    assert found == {7: 7, 26001: 26001, 26002: 26002, 26003: 26002}


def test_of_two_around_the_same_middle_the_one_of_like_size_is_taken():
    there = scene("bbbbbbb", "1122211")
    here = scene("sssbsss", "0003000")
    assert match_instances(here.instance_map, there.instance_map)[11003] == 11002


def test_styles_go_to_the_instances_that_match():
    there, here = scene("ccrb", "1200"), scene("cccr", "3450")
    red = Style((1.0, 0.0, 0.0))
    assert transferred({26002: red}, there.instance_map, here.instance_map) == {
        26004: red,
        26005: red,
    }
