"""What is behind something, drawn whole first, against what it was drawn as."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
import pytest

from model.scene.figures import Figure, find_figures, placed_by
from model.scene.geometry import Rect
from model.scene.pieces import NO_SHAPE, SECOND
from model.scene.spokes import seen_through
from model.scene.street_grid import EYE_HEIGHT, FOCAL, PITCH
from model.scene.surface_labels import SurfaceLabels

PAVEMENT, WALL, FENCE, POLE, PERSON, CAR, LORRY, BUS, TRAM, BICYCLE = (
    8,
    11,
    13,
    17,
    24,
    26,
    27,
    28,
    31,
    33,
)
KNOWN = SurfaceLabels(
    ground=(PAVEMENT,),
    walls=(WALL,),
    people=(PERSON,),
    lorries=(LORRY,),
    buses=(BUS,),
    trams=(TRAM,),
    vehicles=(CAR,),
    cycles=(BICYCLE,),
    spoked=(BICYCLE,),
)
ROWS, COLUMNS = np.mgrid[:240, :400]
WIDE, HIGH = 163, 100
PARKED = Rect(120, 60, 120 + WIDE, 60 + HIGH)

Maps = tuple[np.ndarray, np.ndarray]


def street() -> Maps:
    """A wall above a pavement."""
    labels = np.where(ROWS < 100, WALL, PAVEMENT).astype(np.uint8)
    return labels, labels.astype(np.int32)


def bicycle(box: Rect) -> np.ndarray:
    """Two wheels, what lies between them and a saddle, in a box."""
    across, above = (COLUMNS + 0.5 - box.x0) / box.width, (box.y1 - ROWS - 0.5) / box.height
    wheels = [np.hypot((across - x) / 0.19, (above - 0.31) / 0.31) < 1 for x in (0.19, 0.81)]
    frame = (abs(across - 0.5) < 0.3) & (abs(above - 0.55) < 0.1)
    return wheels[0] | wheels[1] | frame | ((abs(across - 0.4) < 0.05) & (abs(above - 0.75) < 0.25))


def person(box: Rect, hem: float | None = None) -> np.ndarray:
    """A body over two legs apart; hem: of a coat, up from the foot."""
    across, above = (COLUMNS + 0.5 - box.x0) / box.width, (box.y1 - ROWS - 0.5) / box.height
    inside = (across > 0) & (across < 1) & (above > 0) & (above < 1)
    body = (abs(across - 0.5) < np.where(above > 0.85, 0.2, 0.5)) & (above > 0.47)
    legs = (abs(abs(across - 0.5) - 0.25) < 0.1) & (above <= 0.47)
    coat = (abs(across - 0.5) < 0.45) & (above > (2.0 if hem is None else hem)) & (above <= 0.47)
    return inside & (body | legs | coat)


def put(maps: Maps, mask: np.ndarray | Rect, label: int, number: int | None = None) -> Maps:
    there = mask.slices if isinstance(mask, Rect) else mask
    labels, instances = (each.copy() for each in maps)
    labels[there], instances[there] = label, label if number is None else 1000 * label + number
    return labels, instances


def told(maps: Maps, instance_id: int) -> Figure | None:
    return find_figures(*maps, KNOWN).get(instance_id)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("share", [0.3, 0.4, 0.5])
def test_one_wheel_tells_how_wide_a_bicycle_behind_a_nearer_one_is(side, share):
    maps = put(street(), bicycle(PARKED), BICYCLE, 0)
    assert told(maps, 33000) is None
    shift = side * round(WIDE * share)
    nearer = Rect(PARKED.x0 + shift, 75, PARKED.x1 + shift, 75 + HIGH)
    maps = put(maps, bicycle(nearer), BICYCLE, 1)
    maps = put(maps, Rect(nearer.x0 + 30, 90, nearer.x1 - 30, 170), BICYCLE, 1)
    seen = np.flatnonzero((maps[1] == 33000).any(0))
    assert seen[-1] - seen[0] < 0.85 * WIDE
    figure = told(maps, 33000)
    assert figure is not None and not figure.second
    assert abs(figure.box.width - WIDE) < 0.1 * WIDE
    if side > 0:
        assert figure.box.x0 == PARKED.x0
    else:
        assert figure.box.x1 == PARKED.x1
    assert (figure.box.y0, figure.box.y1) == (seen_rows(maps, 33000)[0], PARKED.y1)
    assert told(maps, 33001) is None  # the nearer one hides, and is not hidden
    through = (maps[0] == BICYCLE) & (seen_through(*maps, KNOWN)[0] != BICYCLE)
    wheel = PARKED.x0 + round(0.19 * WIDE) if side > 0 else PARKED.x0 + round(0.81 * WIDE)
    assert through[129, wheel]


def seen_rows(maps: Maps, instance_id: int) -> tuple[int, int]:
    rows = np.flatnonzero((maps[1] == instance_id).any(1))
    return int(rows[0]), int(rows[-1]) + 1


@pytest.mark.parametrize("foot", [140, 200])
def test_only_what_stands_nearer_hides(foot):
    """A pole: with its foot above the wheels' it stands behind, and the bicycle ends there."""
    maps = put(street(), bicycle(PARKED), BICYCLE, 0)
    right = Rect(PARKED.x0 + 70, 0, 400, foot)
    maps = put(maps, Rect(PARKED.x0 + 70, 0, 400, 240), PAVEMENT)
    maps = put(put(maps, right, POLE), Rect(270, foot, 280, 230), POLE)  # the latter is far off
    figure = told(maps, 33000)
    if foot == 200:
        assert figure is not None and abs(figure.box.width - WIDE) < 0.1 * WIDE
    else:
        assert figure is None


def test_pictures_hide_what_is_beyond_them_and_both_sides_tell_nothing():
    beyond = Rect(-70, 60, WIDE - 70, 60 + HIGH)
    figure = told(put(street(), bicycle(beyond), BICYCLE, 0), 33000)
    assert figure is not None and abs(figure.box.x0 - beyond.x0) < 0.1 * WIDE
    maps = put(street(), bicycle(PARKED), BICYCLE, 0)
    for column, wide in ((100, 30), (190, 100)):
        maps = put(maps, Rect(column, 0, column + wide, 230), POLE)
    assert told(maps, 33000) is None


@pytest.mark.parametrize(("width", "second"), [(20, True), (34, True), (42, False)])
def test_cycles_on_one_tyre_are_seen_from_their_end(width, second):
    """However wide their handlebar is."""
    maps = put(street(), Rect(100, 60, 160, 80), BICYCLE, 0)
    maps = put(maps, Rect(125, 60, 125 + width, 160), BICYCLE, 0)
    whole = Rect(100, 60, 160, 160) if second else Rect(125, 60, 125 + width, 160)
    assert told(maps, 33000) == Figure(whole, second)
    assert (seen_through(*maps, KNOWN)[0] is maps[0]) == second
    assert told(put(street(), Rect(100, 60, 104, 71), BICYCLE, 0), 33000) is None  # too small


@pytest.mark.parametrize(
    ("foot", "expected"), [(200, 60 + 3 * 40), (150, 150)], ids=["as tall as people are", "nearer"]
)
@pytest.mark.parametrize(("label", "number"), [(FENCE, None), (CAR, 3)])
def test_feet_that_something_hides_are_where_people_have_them(label, number, foot, expected):
    standing = Rect(100, 60, 140, 180)
    maps = put(street(), person(standing), PERSON, 0)
    assert told(maps, 24000) is None
    hidden = put(maps, Rect(60, 120, 200, foot), label, number)
    hidden = put(hidden, Rect(60, foot, 200, 240), PAVEMENT)
    figure = told(hidden, 24000)
    assert figure == Figure(Rect(100, 60, 140, expected), second=False)
    assert told(put(maps, Rect(60, 120, 200, 240), PAVEMENT), 24000) is None  # in a hole


@pytest.mark.parametrize(("wide", "hidden"), [(12, False), (28, True)])
def test_more_than_half_of_a_thing_has_to_be_covered_below(wide, hidden):
    maps = put(street(), Rect(100, 60, 140, 110), PERSON, 0)
    figure = told(put(maps, Rect(100, 110, 100 + wide, 200), FENCE), 24000)
    assert (figure is not None) == hidden


def test_riders_and_those_cut_off_below():
    standing = Rect(100, 150, 140, 270)
    figure = told(put(street(), person(standing), PERSON, 0), 24000)
    assert figure == Figure(standing, second=False)
    riding = put(street(), Rect(100, 60, 140, 120), PERSON, 0)
    assert told(put(riding, Rect(60, 120, 200, 200), BICYCLE, 0), 24000) is None


@pytest.mark.parametrize(("hem", "coat"), [(None, False), (0.28, True), (0.42, False)])
def test_coats_are_wider_above_their_hem_than_legs_below(hem, coat):
    box = Rect(100, 60, 140, 180)
    figure = told(put(street(), person(box, hem), PERSON, 0), 24000)
    assert figure == (Figure(box, second=True) if coat else None)


@pytest.mark.parametrize(("label", "tall"), [(BUS, 3.2), (TRAM, 3.6), (LORRY, 3.6)])
@pytest.mark.parametrize("away", [9.0, 16.0])
def test_the_height_of_tall_vehicles_tells_where_they_stand(label, tall, away):
    """By the camera's own angles, of a vehicle straight ahead whose lower part a car hides."""
    height, width = ROWS.shape
    rows = []
    for up in (tall, 0.0):
        angle = math.atan2(up - EYE_HEIGHT, away) + PITCH
        rows.append(round(height / 2 - math.tan(angle) * FOCAL * width))
    box = Rect(150, rows[0], 220, rows[1])
    maps = put(street(), box, label, 0)
    assert told(maps, 1000 * label) is None
    middle = (box.y0 + box.y1) // 2
    hidden = put(maps, Rect(140, middle, 230, 238), CAR, 0)
    figure = told(hidden, 1000 * label)
    assert figure is not None and not figure.second
    assert (figure.box.x0, figure.box.y0, figure.box.x1) == (150, box.y0, 220)
    assert abs(figure.box.y1 - box.y1) < 0.1 * box.height
    ends = put(maps, Rect(0, middle, 400, 240), PAVEMENT)  # there, for all to see
    assert told(ends, 1000 * label) is None
    nearer = told(put(ends, Rect(140, middle, 230, box.y1 - 9), CAR, 0), 1000 * label)
    assert nearer is not None and nearer.box.y1 == box.y1 - 9  # a foot above that of the car


def car(
    left: float, near: float, size: tuple[float, float, float] = (1.8, 4.4, 1.5)
) -> tuple[np.ndarray, Rect]:
    """Its pixels, and the box of all of it, in and out of the picture, of a car along the street.

    A box so many metres wide, long and tall, its left side and its near end so many to the right
    and ahead.
    """
    wide, long, tall = size
    height, width = ROWS.shape
    focal, corners = FOCAL * width, []
    for right, up, ahead in itertools.product((left, left + wide), (0, tall), (near, near + long)):
        depth = ahead * math.cos(PITCH) - (up - EYE_HEIGHT) * math.sin(PITCH)
        over = ahead * math.sin(PITCH) + (up - EYE_HEIGHT) * math.cos(PITCH)
        corners.append((width / 2 + right / depth * focal, height / 2 - over / depth * focal))
    points = np.array(corners).round().astype(np.int32)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(points), (1,))
    (x0, y0), (x1, y1) = points.min(0).tolist(), points.max(0).tolist()
    return mask > 0, Rect(x0, y0, x1, y1)


def is_like(found: Rect, true: Rect) -> bool:
    slack = 0.06 * true.height + 1
    names = ("x0", "y0", "x1", "y1")
    return all(abs(getattr(found, name) - getattr(true, name)) < slack for name in names)


@pytest.mark.parametrize("left", [2.2, -4.0], ids=["right", "left"])
@pytest.mark.parametrize("near", [4.4, 3.2], ids=["a corner is seen", "the flank alone"])
def test_cars_that_the_picture_cuts_go_on_beyond_it(left, near):
    mask, whole = car(left, near)
    assert whole.x1 > ROWS.shape[1] + 40 or whole.x0 < -40
    figure = told(put(street(), mask, CAR, 0), 1000 * CAR)
    assert figure is not None and not figure.second
    assert is_like(figure.box, whole)


@pytest.mark.parametrize("left", [2.4, -4.85], ids=["right", "left"])
@pytest.mark.parametrize(
    ("label", "size"),
    [
        (CAR, (2.45, 8.0, 2.7)),  # a caravan
        (LORRY, (2.45, 8.0, 3.6)),
        (BUS, (2.45, 11.8, 3.2)),
        (TRAM, (2.45, 24.0, 3.6)),
    ],
    ids=["caravan", "lorry", "bus", "tram"],
)
def test_large_vehicles_go_on_beyond_the_picture_by_their_own_size(label, size, left):
    mask, whole = car(left, 6.0, size)
    seen = np.flatnonzero(mask.any(0))
    assert whole.width > 1.3 * len(seen)
    figure = told(put(street(), mask, label, 0), 1000 * label)
    assert figure is not None and is_like(figure.box, whole)


@pytest.mark.parametrize("left", [2.2, -4.0], ids=["right", "left"])
def test_cars_in_a_row_are_hidden_by_the_next_one(left):
    mask, whole = car(left, 10.0)
    maps = put(street(), mask, CAR, 0)
    assert told(maps, 1000 * CAR) is None
    row = put(maps, car(left, 5.0)[0], CAR, 1)
    seen = np.flatnonzero((row[1] == 1000 * CAR).any(0))
    assert seen.max() < whole.x1 - 9 or seen.min() > whole.x0 + 9
    figure = told(row, 1000 * CAR)
    assert figure is not None and is_like(figure.box, whole)


@pytest.mark.parametrize("left", [2.2, -4.0], ids=["right", "left"])
def test_the_width_of_cars_tells_where_they_stand(left):
    mask, whole = car(left, 9.0)
    maps = put(street(), mask, CAR, 0)
    middle = (whole.y0 + whole.y1) // 2
    hidden = put(maps, Rect(whole.x0 - 9, middle, whole.x1 + 9, 220), LORRY, 0)
    figure = told(hidden, 1000 * CAR)
    assert figure is not None and is_like(figure.box, whole)
    over = put(maps, Rect(0, middle, 400, 240), PAVEMENT)  # there, for all to see
    assert told(over, 1000 * CAR) is None
    nearer = put(over, Rect(whole.x0 - 9, middle, whole.x1 + 9, middle + 12), LORRY, 0)
    figure = told(nearer, 1000 * CAR)
    assert figure is not None and figure.box.y1 == middle + 12  # no lower than what hides it


def test_a_scrap_of_a_car_tells_nothing():
    mask, whole = car(2.2, 4.4)
    low = mask & (whole.y1 - 30 <= ROWS) & (COLUMNS > 380)
    assert low.any() and told(put(street(), low, CAR, 0), 1000 * CAR) is None


def test_what_figures_tell_takes_the_place_of_boxes():
    boxes = np.arange(12, dtype=np.int32).reshape(3, 4)
    index, ids = np.zeros((2, 2), np.int32), np.array([7, 24000, 33000])
    plain = placed_by({}, index, ids, boxes)
    assert plain.boxes is boxes and plain.shapes is None
    figures = {24000: Figure(Rect(9, 8, 7, 6), second=False), 33000: Figure(Rect(1, 2, 3, 4), True)}
    placed = placed_by({**figures, 99: Figure(Rect(0, 0, 1, 1), True)}, index, ids, boxes)
    assert placed.boxes.tolist() == [[0, 1, 2, 3], [9, 8, 7, 6], [1, 2, 3, 4]]
    assert placed.shapes is not None
    assert placed.shapes.tolist() == [NO_SHAPE, NO_SHAPE, SECOND]
    assert boxes.tolist()[1] == [4, 5, 6, 7]
