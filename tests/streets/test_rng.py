"""Named random streams."""

from __future__ import annotations

import pytest

from model.streets.rng import STREAMS, stream


def first(*key):
    return stream(*key).integers(1 << 62)


def test_the_same_name_and_seed_give_the_same_numbers():
    assert (stream(7, "layout", 3).random(5) == stream(7, "layout", 3).random(5)).all()


def test_every_name_seed_and_index_opens_a_stream_of_its_own():
    keys = [
        (seed, name, *index) for seed in (0, 1) for name in STREAMS for index in ((), (0,), (1,))
    ]
    assert len({first(*key) for key in keys}) == len(keys)


def test_streams_stay_what_they_were():
    assert [first(7, "layout"), first(7, "people", 2)] == [
        1917474288255508609,
        516773762732056849,
    ]


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="laiout"):
        stream(7, "laiout")
