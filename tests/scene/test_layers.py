"""Layers against the stupidest thing: a plain list of masks, painted from the back to the front."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from model.scene.depth import depth_order
from model.scene.document import Document
from model.scene.geometry import Rect
from model.scene.kept_layers import pack_layers, unpack_layers
from model.scene.labels import load_schema
from model.scene.layers import MAX_DEPTH, NOTHING
from model.scene.operations import relabel_instance, remove_instances
from model.scene.ordering import (
    backward,
    forward,
    hide_objects,
    reorder,
    show_objects,
    to_back,
    to_front,
)
from model.scene.splitting import merge_instances
from model.scene.transform import Move, duplicate_instances, move_instances
from tests.builders import picture, scene

SIZE = 12
CARS = range(26000, 26006)


def empty(rows=SIZE):
    """Building above, road below."""
    half = rows // 2
    return Document(scene(" ".join(["b" * SIZE] * half + ["r" * SIZE] * (rows - half))))


def put(document, instance_id, mask):
    with document.edit(f"Paint {instance_id}"):
        document.paint(document.bounds, mask, instance_id // 1000, instance_id)


def blob(rng):
    mask = np.zeros((SIZE, SIZE), bool)
    y, x = rng.integers(0, SIZE - 3, 2)
    mask[y : y + rng.integers(2, 6), x : x + rng.integers(2, 6)] = True
    return mask & (rng.random((SIZE, SIZE)) < 0.9)


def flat(ground, layers):
    """What is seen of a list of (id, mask) from the back to the front."""
    seen = ground.copy()
    for instance_id, mask in layers:
        seen[mask] = instance_id
    return seen


def fresh(seed):
    """A document of six overlapping cars, their masks from the back to the front, the ground."""
    rng, document = np.random.default_rng(seed), empty()
    ground, layers = document.instance_map.copy(), []
    for each in CARS:
        layers.append((each, blob(rng)))
        put(document, *layers[-1])
    with document.edit("Order"):
        document.set_order(CARS)
    return rng, document, ground, layers


def seen(document):
    return document.instance_map.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_what_is_painted_is_what_the_list_of_masks_shows(seed):
    _, document, ground, layers = fresh(seed)
    assert seen(document) == flat(ground, layers).tolist()


@pytest.mark.parametrize("seed", range(8))
def test_taking_objects_away_brings_back_what_they_hid(seed):
    rng, document, ground, layers = fresh(seed)
    rng.shuffle(layers_left := list(layers))
    while layers_left:
        gone = layers_left.pop()
        layers.remove(gone)
        remove_instances(document, [gone[0]])
        assert seen(document) == flat(ground, layers).tolist()
    while document.can_undo:
        document.undo()
    assert seen(document) == ground.tolist()
    assert not len(document.layers.cropped.planes)


@pytest.mark.parametrize("seed", range(20))
def test_any_order_looks_like_the_list_of_masks_in_that_order(seed):
    rng, document, ground, layers = fresh(seed)
    before = seen(document)
    for _ in range(6):
        which = layers.pop(int(rng.integers(len(layers))))
        layers.insert(int(rng.integers(len(layers) + 1)), which)
        reorder(document, [each for each, _ in layers], [which[0]], "Order")
        assert seen(document) == flat(ground, layers).tolist()
        assert depth_order(document) == [each for each, _ in layers]
    while document.can_undo and document.undo_name == "Order":
        document.undo()
    while document.can_redo:
        document.redo()
    assert seen(document) == flat(ground, layers).tolist()
    while document.can_undo:
        document.undo()
    while document.history.position < len(CARS):
        document.redo()
    assert seen(document) == before


def test_forward_passes_the_next_that_covers_and_backward_the_next_that_is_covered():
    _, document, _, layers = fresh(3)
    masks = dict(layers)
    for step, passes in ((forward, 1), (backward, -1)):
        for each in CARS:
            order = depth_order(document)
            step(document, [each])
            now = depth_order(document)
            passed = [
                o
                for o in order
                if (order.index(o) < order.index(each)) != (now.index(o) < now.index(each))
                and o != each
            ]
            others = order[order.index(each) + 1 :] if passes > 0 else order[: order.index(each)]
            met = [o for o in others[::passes] if (masks[o] & masks[each]).any()]
            wanted = (
                others[::passes][: others[::passes].index(met[0]) + 1]
                if met
                else others[::passes][:1]
            )
            assert sorted(passed) == sorted(wanted)


def test_to_front_is_before_poles_too_and_to_back_behind_all_objects():
    document = empty()
    pole, car = np.zeros((2, SIZE, SIZE), bool)
    pole[:8, 5], car[6:10, 3:8] = True, True
    with document.edit("Pole"):
        document.paint(document.bounds, pole, 17, 17)
    before = seen(document)
    put(document, 26001, car)
    in_front = seen(document)
    put(document, 26002, car)
    to_back(document, [26002])
    assert seen(document) == in_front
    assert document.undo_name == "Send car to back"
    to_front(document, [26002])
    assert (document.instance_map == 26002).sum() == car.sum()
    remove_instances(document, [26001, 26002])
    assert seen(document) == before


def test_moving_behind_something_nearer_and_out_again_destroys_nothing():
    street = scene(
        "bbbbbbbb bbbbbbbb rrrrrrrr rccrrccr rccrrccr rrrrrccr rrrrrrrr",
        "00000000 00000000 00000000 01100220 01100220 00000220 00000000",
    )
    document = Document(street)
    start = seen(document)
    move_instances(document, [26001], Move(4, 0))
    assert 26001 not in document.instance_map
    assert [info.instance_id for info in document.hidden_instances()] == [26001]
    move_instances(document, [26001], Move(-4, 0))
    assert seen(document) == start
    move_instances(document, [26002], Move(-4, 0))
    assert (document.instance_map == 26001).sum() == 0
    remove_instances(document, [26002])
    assert (document.instance_map == 26001).sum() == 4


def test_an_object_behind_a_pole_has_no_slit_when_it_moves_on():
    document = empty()
    pole, car = np.zeros((2, SIZE, SIZE), bool)
    pole[:10, 8], car[6:9, 1:5] = True, True
    with document.edit("Pole"):
        document.paint(document.bounds, pole, 17, 17)
    put(document, 26001, car)
    move_instances(document, [26001], Move(6, 0))
    assert (document.instance_map == 26001).sum() == 9
    assert (document.instance_map == 17).sum() == pole.sum()
    move_instances(document, [26001], Move(-6, 0))
    assert (document.instance_map == 26001).sum() == car.sum()


def test_moving_leaves_what_was_there_before_and_not_a_guess():
    document = empty()
    sign, car = np.zeros((2, SIZE, SIZE), bool)
    sign[4:6, 4:6], car[3:8, 3:8] = True, True
    with document.edit("Sign"):
        document.paint(document.bounds, sign, 20, 20)
    before = seen(document)
    put(document, 26001, car)
    move_instances(document, [26001], Move(0, 4))
    assert (np.array(seen(document))[:7] == np.array(before)[:7]).all()


def test_hidden_objects_come_back_where_they_stood():
    _, document, ground, layers = fresh(5)
    hide_objects(document, [26002])
    without = [layer for layer in layers if layer[0] != 26002]
    assert seen(document) == flat(ground, without).tolist()
    assert 26002 in depth_order(document)
    assert document.undo_name == "Hide car"
    show_objects(document, [26002])
    assert (document.instance_map == 26002).any()
    document.undo()
    document.undo()
    assert seen(document) == flat(ground, layers).tolist()


def test_objects_of_a_loaded_map_are_what_is_seen_of_them_in_order_of_their_feet():
    document = Document(scene("bbbb rccr rcdd rrdd".replace("d", "h"), "0000 0110 0122 0022"))
    assert depth_order(document) == [26001, 24002]
    to_front(document, [26001])
    assert picture(document.snapshot()) == "bbbb\nrccr\nrchh\nrrhh"
    assert depth_order(document) == [24002, 26001]
    assert document.undo_name == "Bring car to front"


def test_ordered_objects_go_by_their_feet_again_when_they_are_moved():
    document = Document(scene("bbbb rccr rchh rrhh rrrr", "0000 0110 0122 0022 0000"))
    to_front(document, [26001])
    move_instances(document, [26001], Move(0, -1))
    assert depth_order(document) == [26001, 24002]
    move_instances(document, [26001], Move(0, -1), ordered=False)
    assert depth_order(document) == [24002, 26001]


def test_painting_a_surface_replaces_what_is_seen_and_nothing_beneath():
    document = empty()
    back, front, road = np.zeros((3, SIZE, SIZE), bool)
    back[6:10, 2:8], front[6:11, 4:9], road[6:11, 6:9] = True, True, True
    put(document, 26001, back)
    put(document, 26002, front)
    with document.edit("Road"):
        document.paint(document.bounds, road, 7, 7)
    assert (document.instance_map[road] == 7).all()
    move_instances(document, [26002], Move(0, 9))  # out of the picture
    assert ((document.instance_map == 26001) == (back & ~road)).all()


def test_what_covers_nothing_replaces():
    document = empty()
    car = np.zeros((SIZE, SIZE), bool)
    car[5:9, 2:6] = True
    put(document, 26001, car)
    with document.edit("Fill"):
        document.paint(document.bounds, car, 24, 24001, covers=False)
    assert [info.instance_id for info in document.hidden_instances()] == [7, 11]


def test_another_label_or_a_merge_takes_hidden_parts_along():
    _, document, ground, layers = fresh(7)
    new_id = relabel_instance(document, 26001, 24)
    renamed = [(new_id if each == 26001 else each, mask) for each, mask in layers]
    remove_instances(document, [26005])
    assert seen(document) == flat(ground, renamed[:-1]).tolist()
    assert merge_instances(document, [26002, 26004]) == 26002
    remove_instances(document, [26003])
    merged = [(26002 if each == 26004 else each, mask) for each, mask in renamed[:-1]]
    wanted = flat(ground, [layer for layer in merged if layer[0] != 26003])
    assert seen(document) == wanted.tolist()


def test_numbers_of_hidden_objects_are_not_given_again():
    document = empty()
    car = np.zeros((SIZE, SIZE), bool)
    car[5:9, 2:6] = True
    put(document, 26000, car)
    put(document, 26001, car)
    assert 26000 not in document.instance_map
    assert document.new_instance_id(26) == 26002
    assert duplicate_instances(document, [26000], Move(4, 0)) == (26002,)


def test_void_is_nothing_that_could_come_back():
    document = Document(scene("r....r r....r"))
    with document.edit("Car"):
        document.paint(Rect(2, 0, 4, 2), np.ones((2, 2), bool), 26, 26001)
    assert not (document.stacks(document.bounds)[1:] != NOTHING).any()


def test_stacks_have_an_end():
    document = empty()
    whole = np.ones((SIZE, SIZE), bool)
    for number in range(MAX_DEPTH + 3):
        put(document, 26000 + number, whole)
    assert len(document.layers.planes) == MAX_DEPTH
    assert document.stacks(document.bounds)[:, 0, 0].tolist() == list(
        range(26000 + MAX_DEPTH + 2, 26000 + 1, -1)
    )


def test_snapshots_and_layers_stay_as_they_were():
    document = empty()
    car = np.zeros((SIZE, SIZE), bool)
    car[5:9, 2:6] = True
    put(document, 26001, car)
    kept = document.snapshot()
    planes = kept.layers.planes.copy()
    put(document, 26002, np.roll(car, 2, axis=1))
    assert (kept.layers.planes == planes).all()
    assert seen(Document(kept)) == kept.instance_map.tolist()


def test_a_refused_edit_leaves_the_layers_alone():
    document = Document(scene("cchp", "1100"))
    with document.edit("Person"):
        document.paint(Rect(0, 0, 1, 1), np.ones((1, 1), bool), 24, 24005)
    before = document.layers.cropped.planes.tolist()
    with pytest.raises(Exception, match="fill"):
        remove_instances(document, [26001])
    assert document.layers.cropped.planes.tolist() == before


def packed(**head):
    """Layers of one plane of a car in a 12x12 picture, with parts of their head changed."""
    document = empty()
    car = np.zeros((SIZE, SIZE), bool)
    car[5:9, 2:6] = True
    put(document, 26001, car)
    put(document, 24000, np.roll(car, 1, axis=1))
    with document.edit("Order"):
        document.set_order([26001, 24000])
    data = pack_layers(document.layers)
    (length,) = struct.unpack_from("<I", data)
    content = json.dumps({**json.loads(data[4 : 4 + length]), **head}).encode()
    return document, struct.pack("<I", len(content)) + content + data[4 + length :]


def test_packed_layers_come_back():
    document, data = packed()
    again, ours = unpack_layers(data, (SIZE, SIZE), document.schema), document.layers.cropped
    assert (again.rect, again.order) == (ours.rect, ours.order)
    assert (again.planes == ours.planes).all()


@pytest.mark.parametrize(
    "head",
    [
        {"rect": [2, 5, 90, 9]},
        {"rect": [2, 5, 2, 9]},
        {"rect": [0, 0, 12, 12]},
        {"rect": None},
        {"depth": 1},
        {"depth": MAX_DEPTH + 1},
        {"depth": -1},
        {"depth": "many"},
        {"order": [26001, 26001]},
        {"order": [-5]},
        {"order": [[26001]]},
        {"order": None},
    ],
    ids=str,
)
def test_layers_that_cannot_be_are_refused(head):
    document, data = packed(**head)
    with pytest.raises(ValueError, match=r"\w"):
        unpack_layers(data, (SIZE, SIZE), document.schema)


@pytest.mark.parametrize("left", [0, 3, 20, -1])
def test_layers_that_are_cut_short_are_refused(left):
    document, data = packed()
    with pytest.raises(ValueError, match=r"\w"):
        unpack_layers(data[:left], (SIZE, SIZE), document.schema)


def test_layers_of_labels_that_do_not_exist_are_refused():
    _, data = packed()
    faces = load_schema("faces")
    with pytest.raises(ValueError, match="do not exist"):
        unpack_layers(data, (SIZE, SIZE), faces)
