from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.scene.document import Document
from model.scene.geometry import Rect
from model.scene.operations import (
    fill_surroundings,
    nearest_source,
    relabel_instance,
    remove_instance,
)
from model.scene.scene import Style
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


@pytest.mark.parametrize("act", [remove_instance, lambda d, i: relabel_instance(d, i, 7)])
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
    remove_instance(document, 26001)
    assert drawn(document) == "bbbbbbb\nbbbbbbb\nrrrrrrr\nrrrrrrr\nrrrrrrr"
    assert (document.instance_map == document.label_map).all()
    assert document.history.names == ("Remove car",)
    document.undo()
    assert 26001 in document.instance_map


def test_things_objects_and_void_never_fill_a_place():
    document = Document(scene("r....ph", "0000000"))
    with document.edit("Car"):
        document.paint(Rect(3, 0, 5, 1), np.ones((1, 2), bool), 26, 26001)
    remove_instance(document, 26001)
    assert drawn(document) == "r..rrph"


def test_the_filled_place_belongs_to_the_neighbours_instance():
    document = Document(scene("bbccrr", "110000"))
    document_ids = document.instance_map[0]
    assert document_ids.tolist() == [11001, 11001, 26, 26, 7, 7]
    remove_instance(document, 26)
    assert document.instance_map[0].tolist() == [11001, 11001, 11001, 7, 7, 7]


def test_a_place_that_nothing_can_fill_is_refused_and_stays():
    document = Document(scene("cchp", "1100"))
    with pytest.raises(InputError, match="fill"):
        remove_instance(document, 26001)
    assert drawn(document) == "cchp"
    assert not document.can_undo


def test_stuff_can_be_removed_too():
    document = Document(scene("bbrr"))
    remove_instance(document, 11)
    assert drawn(document) == "rrrr"


def test_erasing_over_the_edge_of_the_map_is_clipped():
    document = Document(scene("ccr ccr", "110 110"))
    with document.edit("Erase"):
        fill_surroundings(document, Rect(-3, -3, 2, 1), np.ones((4, 5), bool))
        fill_surroundings(document, Rect(50, 50, 51, 51), np.ones((1, 1), bool))
    assert drawn(document) == "rrr\nccr"


@pytest.mark.parametrize("seed", range(10))
def test_the_source_chosen_is_the_nearest_of_all(seed):
    rng = np.random.default_rng(seed)
    sources = rng.random((14, 19)) < 0.03
    sources[rng.integers(14), rng.integers(19)] = True
    rect = Rect(4, 3, 16, 12)
    mask = (rng.random((9, 12)) < 0.8) & ~sources[rect.slices]
    rows, columns = nearest_source(sources, rect, mask)
    assert sources[rows, columns].all()

    def cost(x, y, source_x, source_y):
        return (source_x - x) ** 2 + (source_y - y) ** 2 * (4 if source_y < y else 1)

    everything = [(int(x), int(y)) for y, x in np.argwhere(sources)]
    pixels = np.argwhere(mask).tolist()
    for (y, x), row, column in zip(pixels, rows.tolist(), columns.tolist(), strict=True):
        best = min(cost(x + 4, y + 3, *source) for source in everything)
        assert cost(x + 4, y + 3, column, row) == best


def test_real_cars_can_be_removed(cityscapes_folder):
    from model.scene.labels import load_schema
    from model.scene.maps import find_instance_map, open_scene

    label_path = sorted(cityscapes_folder.glob("*_labelIds.png"))[0]
    schema = load_schema("cityscapes")
    document = Document(open_scene(label_path, find_instance_map(label_path), schema))
    cars = [info for info in document.instances() if info.label_id == 26]
    largest = max(cars, key=lambda info: info.pixels)
    where = document.instance_map == largest.instance_id
    remove_instance(document, largest.instance_id)
    filled = set(np.unique(document.label_map[where]).tolist())
    assert filled
    assert all(not schema.by_id(label).has_instances for label in filled)
    document.undo()
    assert (document.instance_map == largest.instance_id).sum() == largest.pixels
