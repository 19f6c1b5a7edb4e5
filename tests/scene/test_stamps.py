from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.scene.document import Document
from model.scene.labels import load_schema, numbered_schema
from model.scene.stamps import (
    STAMP_FOLDER,
    STAMP_HEIGHT,
    Stamp,
    StampError,
    cut_stamp,
    load_stamp,
    load_stamps,
    put_stamp,
    save_stamp,
    shrunk,
)
from tests.builders import picture, scene

ROAD = " ".join(["rrrrrrrr"] * 8)


@pytest.fixture
def schema():
    return load_schema("cityscapes")


@pytest.fixture
def rider() -> Stamp:
    parts = np.array([[0, 1, 0], [1, 1, 0], [2, 2, 2], [2, 0, 2]], np.uint8)
    return Stamp("from the left", ("person", "car"), parts, 1.5)


def test_a_saved_stamp_is_read_back_the_same(tmp_path, rider):
    save_stamp(tmp_path / "rider.png", rider)
    again = load_stamp(tmp_path / "rider.png")
    assert (again.name, again.labels, again.ratio) == (rider.name, rider.labels, rider.ratio)
    assert np.array_equal(again.parts, rider.parts)


def test_what_is_no_stamp_is_named_and_the_others_are_read(tmp_path, rider):
    save_stamp(tmp_path / "good.png", rider)
    (tmp_path / "broken.png").write_bytes((tmp_path / "good.png").read_bytes()[:60])
    save_stamp(tmp_path / "parts.png", Stamp("x", ("car",), np.full((2, 2), 3, np.uint8), 1.0))
    stamps, troubles = load_stamps([tmp_path])
    assert [stamp.name for stamp in stamps] == ["from the left"]
    assert len(troubles) == 2 and "broken.png" in troubles[0] and "parts.png" in troubles[1]
    with pytest.raises(StampError):
        load_stamp(tmp_path / "absent.png")


def test_the_place_decides_the_size(rider):
    assert rider.height_at(foot=140, horizon=100) == 60
    assert rider.height_at(foot=120, horizon=100) == 30
    assert rider.height_at(foot=90, horizon=100) == 3


def test_a_stamp_becomes_new_instances_in_one_step(rider):
    document = Document(scene(ROAD))
    made = put_stamp(document, rider, (3.5, 6.0), 4, ordered=True)
    assert picture(document.snapshot()).splitlines()[2:6] == [
        "rrrhrrrr",
        "rrhhrrrr",
        "rrcccrrr",
        "rrcrcrrr",
    ]
    assert made == (24000, 26000)
    assert document.history.names == ("Add person",)
    document.undo()
    assert picture(document.snapshot()) == ROAD.replace(" ", "\n")


def test_a_stamp_behind_something_nearer_is_hidden_and_free_it_is_not(rider):
    street = scene(ROAD.replace("rrrrrrrr rrrrrrrr", "rrccccrr rrccccrr"), "")
    document = Document(street)
    with document.edit("Make it one car"):
        document.paint(document.bounds, document.label_map == 26, 26, 26005)
    assert put_stamp(document, rider, (3.5, 6.0), 4, ordered=True) == ()
    assert put_stamp(document, rider, (3.5, 6.0), 4, ordered=False) == (24000, 26000)


def test_a_schema_without_the_label_refuses_the_stamp(rider):
    street = scene(ROAD)
    document = Document(type(street)(numbered_schema(34), street.label_map, street.instance_map))
    with pytest.raises(InputError, match="person"):
        put_stamp(document, rider, (3.5, 6.0), 4, ordered=True)
    assert not document.can_undo


def test_cutting_and_putting_back_at_the_same_place_changes_nothing(schema):
    street = scene(
        "rrrrrr rrrrrr rrrhrr rrchrr rrccrr rrrrrr", "000000 000000 000100 001100 001100 000000"
    )
    mask = street.instance_map >= 1000
    stamp = cut_stamp(street.label_map, mask, schema, 0.0, "pair")
    assert stamp.labels == ("car", "person")
    document = Document(street)
    put_stamp(document, stamp, (3.0, 5.0), stamp.height_at(5.0, 0.0), ordered=True)
    assert np.array_equal(document.label_map, street.label_map)


def test_what_stands_above_the_horizon_cannot_be_cut(schema):
    street = scene("rrr rcr rrr")
    with pytest.raises(InputError, match="horizon"):
        cut_stamp(street.label_map, street.label_map == 26, schema, 2.0, "car")


def test_large_stamps_are_made_smaller():
    parts = np.zeros((400, 200), np.uint8)
    parts[:, 50:150] = 1
    small = shrunk(parts)
    assert small.shape == (STAMP_HEIGHT, STAMP_HEIGHT // 2)
    assert small.mean() == pytest.approx(0.5, abs=0.02)


def test_every_bundled_stamp_fits_the_bundled_schema(schema):
    stamps, troubles = load_stamps([STAMP_FOLDER])
    assert not troubles
    names = {label.name for label in schema}
    assert all(set(stamp.labels) <= names for stamp in stamps)
    listed = {stamp.label for stamp in stamps}
    assert {"car", "bus", "truck", "person", "rider", "bicycle", "motorcycle"} <= listed
    assert {"traffic sign", "traffic light", "pole", "vegetation", "train"} <= listed
    sides = [stamp for stamp in stamps if stamp.label == "car"]
    assert len(sides) >= 20
    people = [stamp.ratio * 1.3 for stamp in stamps if stamp.name.startswith("walking")]
    assert all(1.4 < metres < 2.1 for metres in people)
