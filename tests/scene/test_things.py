"""Channels of things against rays shot one by one at a cuboid that stands for a car."""

from __future__ import annotations

import itertools
import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from model.scene.geometry import Rect
from model.scene.pieces import NO_SHAPE, SECOND, Placed, with_pieces
from model.scene.reference import instance_boxes
from model.scene.street_grid import EYE_HEIGHT, FOCAL, PITCH
from model.scene.surface import surface_coordinates, surface_part
from model.scene.surface_labels import SurfaceLabels
from model.scene.thing_drawings import (
    BUS as BUS_DRAWING,
)
from model.scene.thing_drawings import (
    DRAWINGS,
    FRONT,
    FRONT_FLANK,
    REAR,
    REAR_FLANK,
    SIDE,
)
from model.scene.thing_drawings import (
    TRAM as TRAM_DRAWING,
)
from model.scene.things import with_parts
from model.scene.walls import Walls
from model.streets.assets.buses import bus_template, tram_template
from model.streets.materials import Material
from model.streets.mesh import MATERIAL, NORMAL, POSITION

ROAD, CAR, BUS, PERSON, LIGHT, LORRY, CYCLE, FENCE, TRAM, WALL = (
    7,
    26,
    28,
    24,
    19,
    27,
    33,
    13,
    31,
    11,
)
PARTS = {"heads": 35, "legs": 36, "panes": 38, "lamps": 39, "wheels": 40}
HEADS, LEGS, PANES, LAMPS, WHEELS = PARTS.values()
KNOWN = SurfaceLabels(
    vehicles=(CAR,),
    lorries=(LORRY,),
    buses=(BUS,),
    trams=(TRAM,),
    people=(PERSON,),
    cycles=(CYCLE,),
    lights=(LIGHT,),
    fences=(FENCE,),
)
HEIGHT, WIDTH = 256, 512
AHEAD, LONG, WIDE, TALL = 12.0, 4.4, 1.8, 1.5
A_CAR = LONG, WIDE, TALL
A_BUS, A_TRAM = (11.8, 2.55, 3.2), (24.0, 2.45, 3.4)


def hit(row: int, column: int, left: float, size=A_CAR) -> tuple[str, float, float] | None:
    """What a pixel shows of a car whose left side lies so many metres to the right of the eye.

    Its near end or its flank, the metres from its outer side or from its near end, and those up.
    size: its length, width and height.
    """
    long, wide, tall = size
    up = (HEIGHT / 2 - row - 0.5) / (FOCAL * WIDTH)
    right = (column + 0.5 - WIDTH / 2) / (FOCAL * WIDTH)
    sine, cosine = math.sin(PITCH), math.cos(PITCH)
    ahead, up = cosine + up * sine, up * cosine - sine
    away = AHEAD / ahead
    x, z = right * away, EYE_HEIGHT + up * away
    outer = left + wide if left > -wide / 2 else left
    if left <= x <= left + wide and 0 <= z <= tall:
        return "end", abs(outer - x), z
    inner = left + wide if outer == left else left
    if not right or inner / right <= 0:
        return None
    away = inner / right
    along, z = ahead * away - AHEAD, EYE_HEIGHT + up * away
    return ("flank", along, z) if 0 <= along <= long and 0 <= z <= tall else None


def scene(left: float, label: int = CAR, size=A_CAR) -> tuple[np.ndarray, np.ndarray, dict]:
    """A car on a road: channels, label map, and what each of its pixels shows."""
    places = itertools.product(range(HEIGHT), range(WIDTH))
    shown = {place: found for place in places if (found := hit(*place, left, size))}
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[tuple(zip(*shown, strict=True))] = label
    return channels_of(labels), labels, shown


def placed_of(instances: np.ndarray) -> Placed:
    return Placed(*instance_boxes(instances))


def channels_of(labels: np.ndarray) -> np.ndarray:
    return surface_coordinates(labels, KNOWN, None, placed_of(labels.astype(np.int32)))


@pytest.mark.parametrize("left", [2.0, 4.0, -4.0, -5.5, -0.8])
def test_a_place_on_a_car_is_told_from_its_box(left: float) -> None:
    channels, labels, shown = scene(left)
    assert not channels[:, labels == ROAD].any()
    ends = {kind for kind, _, _ in shown.values()}
    assert ends == ({"end"} if left == -0.8 else {"end", "flank"})
    wrong = 0
    for (row, column), (kind, metres, up) in shown.items():
        across, above, near, side, place, far = channels[:6, row, column] / 127
        assert side == (-1 if left < -0.9 else 1)
        assert far == pytest.approx(AHEAD / (AHEAD + 20), abs=0.02)
        middle = left + WIDE / 2
        assert place == pytest.approx(middle / (abs(middle) + 4), abs=0.15)
        if near != (1 if kind == "end" else -1):
            wrong += 1  # a pixel beside the edge
            continue
        share = 1 - metres / WIDE if kind == "end" else metres / LONG
        assert across == pytest.approx(2 * share - 1, abs=0.2)
        assert above == pytest.approx(2 * up / TALL - 1, abs=0.12)
    assert wrong < 0.06 * len(shown)


@pytest.mark.parametrize(("label", "size"), [(BUS, A_BUS), (TRAM, A_TRAM)])
@pytest.mark.parametrize("left", [1.2, -4.5])
def test_a_place_on_a_long_vehicle_is_told_along_all_of_its_length(label, size, left) -> None:
    channels, _, shown = scene(left, label, size)
    errors = {"end": [], "flank": []}
    for (row, column), (kind, metres, _) in shown.items():
        share = 1 - metres / size[1] if kind == "end" else metres / size[0]
        if channels[2, row, column] == (127 if kind == "end" else -127):
            errors[kind].append(abs(channels[0, row, column] / 127 - (2 * share - 1)))
    assert sum(map(len, errors.values())) > 0.94 * len(shown)
    assert len(errors["flank"]) > 500
    assert max(map(np.mean, errors.values())) < 0.1
    bellows = [
        channels[7, row, column]
        for (row, column), (kind, metres, up) in shown.items()
        if kind == "flank" and abs(metres / size[0] - 1 / 3) < 0.012 and 1.2 < up < 2
    ]
    assert bellows and (np.mean(bellows) < -60) == (label == TRAM)


@pytest.mark.parametrize("side", [REAR, FRONT, REAR_FLANK, FRONT_FLANK])
@pytest.mark.parametrize(
    ("kind", "template", "size"),
    [(BUS_DRAWING, bus_template, A_BUS), (TRAM_DRAWING, tram_template, A_TRAM)],
    ids=["bus", "tram"],
)
def test_windows_of_buses_and_trams_are_drawn_where_rendered_ones_are(
    kind, template, size, side
) -> None:
    vertices = template(0).merged()[0]
    glass = vertices[vertices[:, MATERIAL] == Material.CAR_GLASS]
    end, left = np.abs(glass[:, NORMAL][:, 0]) > 0.5, glass[:, NORMAL][:, 1] > 0.9
    ahead = glass[:, POSITION][:, 0]  # there are no doors on the left
    seen = glass[{REAR: end & (ahead < 0), FRONT: end & (ahead > 0)}.get(side, left)]
    along, across, up = (seen[:, POSITION] / size + (0.5, 0.5, 0)).T
    places = {REAR_FLANK: along, FRONT_FLANK: 1 - along}.get(side, across)
    true = places.min(), places.max(), up.min(), up.max()
    rows, columns = np.nonzero(DRAWINGS[0, kind + side] > 0.5)
    drawn = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
    assert np.abs(np.array(drawn) / SIDE - true).max() < 0.025


@pytest.mark.parametrize("left", [4.6, -6.4])
def test_a_car_cut_off_by_the_picture_still_has_its_flank_where_it_is(left: float) -> None:
    channels, labels, shown = scene(left)
    assert (labels[:, -1 if left > 0 else 0] == CAR).any()
    wrong = {"end": 0, "flank": 0}
    for (row, column), (kind, _, _) in shown.items():
        wrong[kind] += channels[2, row, column] != (127 if kind == "end" else -127)
    seen = [kind for kind, _, _ in shown.values()]
    assert all(number < 0.06 * seen.count(kind) for kind, number in wrong.items())


def test_what_is_drawn_is_weaker_where_a_thing_is_too_small_to_be_seen() -> None:
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[150:153, 300:302], labels[20:220, 100:180] = PERSON, PERSON
    instances = labels.astype(np.int32)
    instances[150:153, 300:302] = 24001
    legs = surface_coordinates(labels, KNOWN, None, placed_of(instances))[6]
    assert legs[152, 300] == pytest.approx(-127 * 3 / (3 + 0.006 * WIDTH), abs=1)
    assert legs[180, 140] < -120


@pytest.mark.parametrize("left", [-1.6, -0.9, -0.3])
def test_a_car_before_the_eye_is_all_near_end_even_with_its_mirrors(left: float) -> None:
    _, labels, _ = scene(left)
    rows, columns = (np.flatnonzero((labels == CAR).any(axis)) for axis in (1, 0))
    labels[rows[len(rows) // 2], columns[0] - 5 : columns[-1] + 6] = CAR
    channels = channels_of(labels)
    assert (channels[2, labels == CAR] == 127).all()
    row = channels[0, rows[len(rows) // 2], columns[0] - 5 : columns[-1] + 6].astype(int)
    assert np.abs(np.abs(row[[0, -1]]) - 127).max() < 5
    assert (np.abs(np.diff(row)) > 0).all()


@pytest.mark.parametrize("left", [-2.2, 1.0])
def test_a_car_that_stands_across_the_street_shows_nothing_but_its_flank(left: float) -> None:
    """4.4 m wide and 1.5 m tall, 12 m away."""
    focal = FOCAL * WIDTH
    foot = HEIGHT / 2 + focal * math.tan(math.atan(EYE_HEIGHT / AHEAD) - PITCH)
    head = HEIGHT / 2 - focal * math.tan(math.atan((TALL - EYE_HEIGHT) / AHEAD) + PITCH)
    columns = slice(*(round(WIDTH / 2 + x / AHEAD * focal) for x in (left, left + LONG)))
    rows = slice(round(head), round(foot))
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[rows, columns] = CAR
    channels = channels_of(labels)[:, rows, columns].astype(int)
    assert (channels[2] == -127).all()
    across = np.linspace(-127, 127, channels.shape[2])
    assert np.abs(np.sort(channels[0], axis=1) - across).max() < 4
    assert (np.ptp(channels[0], axis=0) == 0).all()  # upright
    wheels = channels[7, -4].reshape(-1)
    assert wheels[round(0.19 * len(wheels))] < 0 > wheels[round(0.81 * len(wheels))]
    assert abs(wheels[len(wheels) // 2]) < 5


def test_lamps_stand_at_both_sides_of_the_end_that_is_near() -> None:
    for left, low, high in ((2.0, 0.44, 0.62), (-4.0, 0.41, 0.51)):
        channels, _, shown = scene(left)
        lamps, middle = [], []
        for (row, column), (kind, metres, up) in shown.items():
            if kind == "end" and low + 0.03 < up / TALL < high - 0.03:
                outer = min(metres, WIDE - metres) / WIDE
                (lamps if 0.06 < outer < 0.16 else middle if outer > 0.32 else []).append(
                    channels[7, row, column]
                )
        assert np.mean(lamps) > 80 and np.mean(middle) < 12


def test_wheels_are_dark_rings_at_both_ends_of_the_flank() -> None:
    channels, _, shown = scene(2.0)
    found = {"wheel": [], "between": []}
    for (row, column), (kind, metres, up) in shown.items():
        if kind == "flank" and 0.05 < up < 0.12:
            share = metres / LONG
            near = min(abs(share - 0.19), abs(share - 0.81))
            found["wheel" if near < 0.03 else "between"].append(channels[7, row, column])
    assert np.mean(found["wheel"]) < -60 < np.mean(found["between"])


def test_people_have_heads_and_traffic_lights_three_lenses() -> None:
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[90:190, 300:330] = PERSON
    labels[20:80, 100:120] = LIGHT
    first, second = channels_of(labels)[6:].astype(int)
    assert first[98, 315] > 60 and first[160, 315] < -60 and abs(first[130, 315]) < 5
    assert second[92, 315] > 60 > 5 > abs(second[130, 315])
    assert all(shown[20 + row, 110] > 60 for row in (11, 30, 49) for shown in (first, second))
    assert abs(first[40, 110]) < 40


def test_lorries_have_doors_where_cars_have_a_rear_window() -> None:
    """Behind one 3.6 m tall and 2.5 m wide: bars beside and between two doors, lamps below."""
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    rows, columns = slice(70, 214), slice(206, 306)
    shown = {}
    for label in (LORRY, BUS):
        labels[rows, columns] = label
        shown[label] = channels_of(labels)[6:, rows, columns].astype(int)
    for label, (first, second) in shown.items():
        above = first[28]  # 80 % up
        assert abs(second[28]).max() < 5
        if label == LORRY:
            assert all(above[x] < -60 for x in (1, 33, 50, 67, 98))
            assert all(abs(above[x]) < 5 for x in (16, 42, 58, 84))
        else:
            assert (above[20:80] > 100).all()
            board = second[14]  # 90 % up, in the middle
            assert (board[42:58] > 60).all() and abs(board[:35]).max() < 5
    lamps = shown[LORRY][1][144 - 32]
    assert lamps[9] > 60 < lamps[90] and abs(lamps[50]) < 5


def test_wheels_of_a_car_that_fills_the_picture_have_no_steps() -> None:
    labels = np.full((1024, 2048), ROAD, np.uint8)
    labels[500:900, 500:1500] = CAR  # across the street: all of it is a flank
    drawn = surface_coordinates(labels, KNOWN, None, placed_of(labels.astype(np.int32)))[7]
    hub = 900 - round(0.215 * 400)
    sides = (drawn[hub - 60 : hub + 60, 500:1000] < -60).argmax(1)  # of the wheel on the left
    assert np.ptp(sides) > 8 and 60 < sides.min() < 200
    assert np.abs(np.diff(sides)).max() < 7


def test_parts_of_people_and_vehicles_are_shown_as_labels_of_their_own() -> None:
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[90:190, 360:390] = PERSON
    labels[60:200, 186:326], labels[20:80, 400:420] = CAR, LIGHT  # before the eye; no lamp of a car
    labels[120:180, 410:500] = CYCLE
    labels[150:151, 340:342] = PERSON
    instances = labels.astype(np.int32)
    instances[150:151, 340:342] = 24001  # too far to have any
    channels = surface_coordinates(labels, KNOWN, None, placed_of(instances))
    assert with_parts(labels, channels, KNOWN) is labels
    before = labels.copy()
    known = replace(KNOWN, **{part: (label,) for part, label in PARTS.items()})
    shown = with_parts(labels, channels, known)
    assert np.array_equal(labels, before)
    person, car = shown[90:190, 360:390], shown[60:200, 186:326]
    assert (person[1:10, 15] == HEADS).all() and (person[60:, 3:-3] == LEGS).all()
    assert (person[20:48] == PERSON).all()  # clothes
    assert 100 < (person == HEADS).sum() < 220
    up = [140 - round(share * 140) for share in (0.78, 0.53, 0.05, 0.3)]
    assert (car[up[0], 30:110] == PANES).all()
    assert car[up[1], 15] == car[up[1], 125] == LAMPS and car[up[1], 70] == CAR
    assert car[up[2], 5] == car[up[2], 135] == WHEELS and car[up[2], 70] == CAR
    assert (car[up[3]] == CAR).all()
    alone = slice(60, 200), slice(186, 326)
    assert np.array_equal(with_parts(labels[alone], channels[:, *alone], known), car)
    cycle = shown[120:180, 410:500]
    assert cycle[58, 17] == cycle[58, 73] == WHEELS  # tyres; what lies in and between them is not
    assert (cycle[30:50, 45] == CYCLE).all() and cycle[41, 17] == cycle[41, 73] == CYCLE
    elsewhere = (labels != PERSON) & (labels != CAR) & (labels != CYCLE)
    elsewhere[150:151, 340:342] = True
    assert np.array_equal(shown[elsewhere], labels[elsewhere])
    for part, label in PARTS.items():
        alone = with_parts(labels, channels, replace(KNOWN, **{part: (label,)}))
        assert np.array_equal(alone == label, shown == label)
        assert set(np.unique(alone)) <= {*np.unique(labels), label}


def test_lit_boards_plates_lenses_and_windows_are_parts_where_they_are_drawn() -> None:
    """Of what has them alone; a lorry has doors where others have a plate."""
    owners = (CAR, LORRY, BUS, TRAM, PERSON, CYCLE, LIGHT, WALL)
    values = (-127, -40, 0, 40, 127)
    cases = list(itertools.product(owners, values, values, values, (0, 39, 40)))
    labels = np.array([[owner for owner, *_ in cases]], np.uint8)
    channels = np.zeros((8, 1, len(cases)), np.int8)
    channels[[1, 6, 7, 4], 0] = np.array([numbers for _, *numbers in cases]).T
    parts = {"lamps": 39, "boards": 42, "windows": 43, "plates": 44}
    lenses = {"reds": 41, "ambers": 45, "greens": 46}
    lamp, board, window, plate = parts.values()
    parts |= lenses
    parts["shops"] = shop = 47
    known = replace(KNOWN, walls=(WALL,), **{part: (label,) for part, label in parts.items()})
    expected = []
    for owner, above, first, second, height in cases:
        shown = owner
        if owner in (CAR, LORRY, BUS, TRAM) and second > 32:
            shown = board if above > 64 else lamp
        if owner in (CAR, BUS) and first < -32:
            shown = plate
        if owner == LIGHT and first > 32:
            shown = lenses["ambers" if abs(above) <= 42 else "reds" if above > 0 else "greens"]
        if owner == WALL and first > 32:
            shown = window if height > 39 else shop
        expected.append(shown)
    assert with_parts(labels, channels, known)[0].tolist() == expected
    alike = with_parts(labels, channels, replace(known, shops=()))  # then they are windows as well
    assert alike[0].tolist() == [window if each == shop else each for each in expected]


@pytest.mark.parametrize("label", [PERSON, CYCLE])
def test_what_is_second_has_the_second_of_its_drawings(label: int) -> None:
    left, top, right, bottom = 180, 90, 210, 190
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[top:bottom, left:right] = label
    index, boxes = instance_boxes(labels.astype(np.int32))
    shapes = np.where(np.arange(len(boxes)) == index[top, left], SECOND, NO_SHAPE)
    for told in (None, shapes.astype(np.int32)):
        channels = surface_coordinates(labels, KNOWN, None, Placed(index, boxes, told))
        drawn = channels[6:, top:bottom, left:right].astype(int)
        waist, hem, hub = drawn[0, 60], drawn[0, 80], drawn[1, 70]
        if label == PERSON:
            assert (hem < -60).all() and (abs(waist) < 5 if told is not None else waist < -60).all()
        elif told is None:
            assert abs(hub[15]) < 5 and drawn[0].max() > 60  # between two wheels
        else:
            assert hub[15] < -60 and abs(hub[[3, 26]]).max() < 5 and not drawn[0].any()
        plain = channels[2:4, top, left]
        assert plain.tolist() == [127, -127]  # on the left, as what is no sign


def test_rims_of_wheels_are_parts_of_them() -> None:
    labels = np.full((1024, 2048), ROAD, np.uint8)
    labels[500:900, 500:1500] = CAR  # across the street: all of it is a flank
    channels = surface_coordinates(labels, KNOWN, None, placed_of(labels.astype(np.int32)))
    shown = with_parts(labels, channels, replace(KNOWN, wheels=(WHEELS,), lamps=(LAMPS,)))
    for middle in (690, 1310):
        across, up = np.meshgrid((np.arange(2048) - middle) / 85, (814 - np.arange(1024)) / 94)
        away = np.hypot(across, up)
        assert (shown[away < 0.9] == WHEELS).all()
        assert (shown[(away > 1.15) & (away < 1.3)] != WHEELS).all()
    assert not (shown == LAMPS).any()


def test_bicycles_are_seen_through_within_their_tyres() -> None:
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[120:180, 300:400] = CYCLE
    first, second = channels_of(labels)[6:, 120:180, 300:400].astype(int)
    hub = 60 - round(0.31 * 60)
    for middle in (19, 81):
        assert first[hub, middle] > 100 and abs(second[hub, middle]) < 5
        assert second[hub, middle + 17] < -30 > second[hub, middle - 17]
        assert second[hub + 17, middle] < -30
    assert abs(first[hub, 50]) < 5 > abs(second[hub, 50])
    assert not first[:20].any() and not second[:20].any()


def fence(side: float, tall: float = 1.2) -> tuple[np.ndarray, dict[tuple[int, int], float]]:
    """A fence along the street from 8 m on: its map, and how many metres from there pixels show."""
    labels, shown = np.full((1024, 2048), ROAD, np.uint8), {}
    sine, cosine = math.sin(PITCH), math.cos(PITCH)
    for column in range(2048):
        right = (column + 0.5 - 1024) / (FOCAL * 2048)
        if right * side <= 0 or not 8 <= side / right * cosine <= 24:
            continue
        for row in range(512 - 300, 512 + 300):
            up = (512 - row - 0.5) / (FOCAL * 2048)
            height = EYE_HEIGHT + (up * cosine - sine) * side / right
            if 0 <= height <= tall:
                labels[row, column] = FENCE
                shown[row, column] = side / right
    nearest = min(shown.values())
    return labels, {place: away - nearest for place, away in shown.items()}


@pytest.mark.parametrize("side", [3.0, -5.0])
def test_fences_have_bars_as_far_apart_as_fences_have_them(side: float) -> None:
    labels, shown = fence(side)
    placed = with_pieces(labels, Placed(*instance_boxes(labels.astype(np.int32))), KNOWN)
    channels = surface_coordinates(labels, KNOWN, Walls(9.0, 9.0), placed)
    near = {place: metres for place, metres in shown.items() if metres < 6}
    bars, gaps = [], []
    for (row, column), metres in near.items():
        beyond = abs(metres / 0.12 % 1 - 0.5)  # bars are in the middle
        if beyond < 0.1:
            bars.append(channels[6:, row, column])
        elif beyond > 0.35:
            gaps.append(channels[6:, row, column])
    # Where the near end is counted from, half a pixel decides on a bar that is a few wide.
    assert np.mean([bar[1] for bar in bars]) < -60 and np.mean([gap[1] for gap in gaps]) > -25
    assert np.mean([gap[0] for gap in gaps]) > 60 and np.mean([bar[0] for bar in bars]) < 25


def test_bars_that_are_too_far_to_be_told_apart_are_not_drawn() -> None:
    labels, shown = fence(3.0)
    placed = with_pieces(labels, Placed(*instance_boxes(labels.astype(np.int32))), KNOWN)
    channels = surface_coordinates(labels, KNOWN, Walls(9.0, 9.0), placed)[6:]
    for (row, column), metres in shown.items():
        apart = 0.12 * FOCAL * 2048 * 3.0 / (8 + metres) ** 2
        if apart < 2.4:
            assert not channels[:, row, column].any()
    assert any(0.12 * FOCAL * 2048 * 3.0 / (8 + metres) ** 2 < 2.4 for metres in shown.values())


def test_a_part_has_the_channels_of_the_whole() -> None:
    channels, labels, _ = scene(2.0)
    index, boxes = instance_boxes(labels.astype(np.int32))
    rect = Rect(300, 100, 420, 222)
    placed = Placed(index[rect.slices], boxes)
    part = surface_part(rect, labels.shape, labels[rect.slices], Walls(8.0, 8.0), KNOWN, placed)
    assert np.array_equal(part, channels[(slice(None), *rect.slices)])


def test_a_picture_that_is_all_things_takes_little_more_memory_than_its_channels() -> None:
    labels = np.full((1024, 1024), CAR, np.uint8)
    placed = placed_of(labels.astype(np.int32))
    tracemalloc.start()
    try:
        channels = surface_coordinates(labels, KNOWN, Walls(8.0, 8.0), placed)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert channels[2].all() and peak < 5 * channels.nbytes


def test_boxes_in_odd_places_have_channels_like_all_others() -> None:
    """Above the horizon, of one pixel, as large as the picture, and of an id of another label."""
    labels = np.full((HEIGHT, WIDTH), ROAD, np.uint8)
    labels[4:20, 100:180], labels[200, 7], labels[30:60, 200:203] = CAR, CAR, PERSON
    instances = labels.astype(np.int32)
    instances[200, 7], instances[30:60, 200:203] = 26001, ROAD
    things = np.isin(labels, KNOWN.things)
    channels = surface_coordinates(labels, KNOWN, None, placed_of(instances))
    assert set(np.unique(channels[2, things])) <= {-127, 127}
    assert not channels[:, ~things].any()
    whole = channels_of(np.full((HEIGHT, WIDTH), CAR, np.uint8))
    assert set(np.unique(whole[2])) <= {-127, 127}


def test_things_need_instances() -> None:
    labels = np.full((8, 8), CAR, np.uint8)
    with pytest.raises(ValueError, match="instances"):
        surface_coordinates(labels, KNOWN)
