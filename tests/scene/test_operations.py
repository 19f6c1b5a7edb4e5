from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.scene.document import Document
from model.scene.filling import CANDIDATES, Filling, _Ground, take_away
from model.scene.geometry import Rect
from model.scene.labels import load_schema
from model.scene.operations import relabel_instance, remove_instances
from model.scene.scene import Scene, Style
from tests.builders import picture, scene


def drawn(document):
    return picture(document.snapshot())


def test_relabelling_makes_a_new_instance_and_is_one_step():
    document = Document(scene("rccr rcch", "0120 0121"))
    assert relabel_instance(document, 26002, 24) == 24000
    assert drawn(document) == "rchr\nrchh"
    assert document.instance_map[:, 2].tolist() == [24000, 24000]
    assert document.instance_map[1, 3] == 24001
    assert document.history.names == ("Change to person",)
    document.undo()
    assert drawn(document) == "rccr\nrcch"


def test_relabelling_to_stuff_takes_the_labels_own_id():
    document = Document(scene("rccr", "0110"))
    assert relabel_instance(document, 26001, 21) == 21
    assert document.instance_map.tolist() == [[7, 21, 21, 7]]


def test_the_style_stays_with_the_old_instance():
    document = Document(scene("rccr", "0110"))
    document.set_styles("Set", {26001: Style((1.0,), 0)})
    new_id = relabel_instance(document, 26001, 24)
    assert new_id not in document.styles
    document.undo()
    assert document.styles[26001] == Style((1.0,), 0)


@pytest.mark.parametrize(
    "act", [lambda d, i: remove_instances(d, [i]), lambda d, i: relabel_instance(d, i, 7)]
)
def test_what_is_not_there_cannot_be_edited(act):
    document = Document(scene("rccr", "0110"))
    with pytest.raises(ValueError, match="26009"):
        act(document, 26009)


def test_a_removed_car_leaves_road_below_and_building_above():
    document = Document(
        scene(
            """
            bbbbbbb
            bbcccbb
            rrcccrr
            rrcccrr
            rrrrrrr
            """,
            """
            0000000
            0011100
            0011100
            0011100
            0000000
            """,
        )
    )
    remove_instances(document, [26001])
    assert drawn(document) == "bbbbbbb\nbbbbbbb\nrrrrrrr\nrrrrrrr\nrrrrrrr"
    assert (document.instance_map == document.label_map).all()
    assert document.history.names == ("Remove car",)
    document.undo()
    assert 26001 in document.instance_map


def test_things_objects_and_void_never_fill_a_place():
    document = Document(scene("r....ph", "0000000"))
    with document.edit("Car"):
        document.paint(Rect(3, 0, 5, 1), np.ones((1, 2), bool), 26, 26001)
    remove_instances(document, [26001])
    assert drawn(document) == "r..rrph"


def test_the_filled_place_belongs_to_the_neighbours_instance():
    document = Document(scene("bbccrr", "110000"))
    document_ids = document.instance_map[0]
    assert document_ids.tolist() == [11001, 11001, 26, 26, 7, 7]
    remove_instances(document, [26])
    assert document.instance_map[0].tolist() == [11001, 11001, 11001, 7, 7, 7]


def test_a_place_that_nothing_can_fill_is_refused_and_stays():
    document = Document(scene("cchp", "1100"))
    with pytest.raises(InputError, match="fill"):
        remove_instances(document, [26001])
    assert drawn(document) == "cchp"
    assert not document.can_undo


def test_stuff_can_be_removed_too():
    document = Document(scene("bbrr"))
    remove_instances(document, [11])
    assert drawn(document) == "rrrr"


def test_erasing_over_the_edge_of_the_map_is_clipped():
    document = Document(scene("ccr ccr", "110 110"))
    with document.edit("Erase"):
        take_away(document, Rect(-3, -3, 2, 1), np.ones((4, 5), bool))
        take_away(document, Rect(50, 50, 51, 51), np.ones((1, 1), bool))
    assert drawn(document) == "rrr\nccr"


def distances(name, dx, dy):
    far = 1e6
    return {
        "nearest_around": np.hypot(dx, dy),
        "nearest_in_column": np.where(dx == 0, abs(dy), far + np.hypot(dx, dy)),
        "nearest_in_row": np.where(dy == 0, abs(dx), far + np.hypot(dx, dy)),
    }[name]


@pytest.mark.parametrize("nearest", CANDIDATES, ids=lambda nearest: nearest.__name__)
@pytest.mark.parametrize("seed", range(5))
def test_the_source_chosen_is_the_nearest_of_all(seed, nearest):
    rng = np.random.default_rng(seed)
    sources = rng.random((14, 19)) < 0.05
    sources[rng.integers(14), rng.integers(19)] = True
    mask = (rng.random((14, 19)) < 0.6) & ~sources
    rows, columns = nearest(sources, mask)
    assert sources[rows, columns].all()
    source_y, source_x = np.nonzero(sources)
    for y, x, row, column in zip(*np.nonzero(mask), rows, columns, strict=True):
        best = distances(nearest.__name__, source_x - x, source_y - y).min()
        found = distances(nearest.__name__, column - x, row - y)
        assert found == pytest.approx(best, rel=0.05)


def test_real_cars_can_be_removed(cityscapes_folder):
    from model.scene.labels import load_schema
    from model.scene.maps import find_instance_map, open_scene

    label_path = sorted(cityscapes_folder.glob("*_labelIds.png"))[0]
    schema = load_schema("cityscapes")
    document = Document(open_scene(label_path, find_instance_map(label_path), schema))
    cars = [info for info in document.instances() if info.label_id == 26]
    largest = max(cars, key=lambda info: info.pixels)
    where = document.instance_map == largest.instance_id
    remove_instances(document, [largest.instance_id])
    filled = set(np.unique(document.label_map[where]).tolist())
    assert filled
    assert all(not schema.by_id(label).has_instances for label in filled)
    document.undo()
    assert (document.instance_map == largest.instance_id).sum() == largest.pixels


HUMP = (
    """
    ssssssss
    bbccccbb
    bbccccbb
    bbccccbb
    rrccccrr
    rrrrrrrr
    """,
    """
    00000000
    00111100
    00111100
    00111100
    00111100
    00000000
    """,
)


@pytest.mark.parametrize("candidate", range(len(CANDIDATES)))
def test_a_bus_before_the_horizon_leaves_no_hump_of_road(candidate):
    document = Document(scene(*HUMP))
    remove_instances(document, [26001], Filling(candidate, horizon=3.5))
    lines = drawn(document).splitlines()
    assert lines[4:] == ["rrrrrrrr"] * 2
    assert "r" not in "".join(lines[:4])


def test_candidates_take_what_is_near_above_or_beside():
    found = []
    for candidate in range(len(CANDIDATES)):
        document = Document(scene(*HUMP))
        remove_instances(document, [26001], Filling(candidate))
        found.append(drawn(document).splitlines()[2])
    assert found[1] == "bbssssbb"
    assert found[2] == "bbbbbbbb"
    assert Filling(2).next == Filling(0)


def test_the_ground_goes_in_a_straight_line_from_side_to_side():
    document = Document(scene("bcccr bcccr bcccr bcccr rcccr rcccr", "01110 " * 6))
    with document.edit("Right side"):
        document.paint(Rect(4, 0, 5, 2), np.ones((2, 1), bool), 11, 11)
    remove_instances(document, [26001], Filling())
    assert drawn(document) == "bbbbb\nbbbbb\nbbbbr\nbbrrr\nrrrrr\nrrrrr"


def test_several_objects_are_removed_in_one_step():
    document = Document(scene("rcrc", "0102"))
    remove_instances(document, [26001, 26002])
    assert drawn(document) == "rrrr"
    assert document.history.names == ("Remove 2 objects",)


@pytest.mark.parametrize("seed", range(60))
def test_the_ground_line_near_a_place_is_that_of_the_whole_map(seed):
    random = np.random.default_rng(seed)
    height, width = 24, 700
    labels = np.full((height, width), 23, np.uint8)
    for _ in range(int(random.integers(0, 8))):
        y, x = int(random.integers(0, height)), int(random.integers(0, width))
        part = labels[y : y + int(random.integers(1, height)), x : x + int(random.integers(1, 300))]
        part[:] = random.choice([7, 8, 11, 26])
    schema = load_schema("cityscapes")
    document = Document(Scene(schema, labels, labels.astype(np.int32)))
    x = int(random.integers(0, width - 40))
    rect, mask = Rect(x, 5, x + 40, 15), random.random((10, 40)) < 0.5
    horizon = None if seed % 3 else float(random.integers(0, height))

    table = {7: "ground", 8: "ground", 11: "wall", 23: "wall", 26: "thing"}
    kinds = [[table[each] for each in row] for row in labels.tolist()]
    for y, x in np.argwhere(mask):
        kinds[rect.y0 + y][rect.x0 + x] = "removed"
    known = {}
    for x in range(width):
        for y in range(max(1, round(horizon or 0)), height):
            if kinds[y][x] == "ground" and kinds[y - 1][x] == "wall":
                known.setdefault(x, y)
    line, seen = _Ground(document, rect, mask).line(horizon)
    assert seen == bool(known)
    expected = [horizon or 0] * 40
    if known:
        expected = np.interp(range(rect.x0, rect.x1), list(known), list(known.values()))
    assert np.array_equal(line, expected)
