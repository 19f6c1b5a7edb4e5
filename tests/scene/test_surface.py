"""Surface coordinates against rays shot one by one at a street of flat walls."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from model.scene.clouds import clouds
from model.scene.geometry import Rect
from model.scene.street_grid import (
    BAY,
    DASH,
    EYE_HEIGHT,
    FOCAL,
    FOOT,
    GROUND_FLOOR,
    LANE,
    PAVEMENT,
    PITCH,
    STOREY,
)
from model.scene.surface import surface_coordinates, surface_part
from model.scene.surface_labels import SurfaceLabels
from model.scene.walls import Walls, find_walls

ROAD, BUILDING, SKY = 7, 11, 23
LABELS = SurfaceLabels(ground=(ROAD,), walls=(BUILDING,))
SIZE = HEIGHT, WIDTH = 256, 512
SINE_COSINE = math.sin(PITCH), math.cos(PITCH)
LEFT, RIGHT, TALL = 6.0, 9.0, 14.0
WALLS = Walls(LEFT, RIGHT)
AHEAD = 28.0


def ray(row: int, column: int) -> tuple[float, float, float]:
    """Right, ahead and up of a pixel, seen from the eye."""
    up = (HEIGHT / 2 - row - 0.5) / (FOCAL * WIDTH)
    right = (column + 0.5 - WIDTH / 2) / (FOCAL * WIDTH)
    sine, cosine = math.sin(PITCH), math.cos(PITCH)
    return right, cosine + up * sine, up * cosine - sine


def hit(row: int, column: int, end: float = math.inf) -> tuple[int, float, float, float]:
    """Label, metres to the right, ahead, and above the road of what the pixel shows.

    end: how far the wall is that ends the street.
    """
    right, ahead, up = ray(row, column)
    beside = min(RIGHT / right if right > 0 else -LEFT / right, end)
    x, y, z = right * beside, ahead * beside, EYE_HEIGHT + up * beside
    if z >= TALL:
        return SKY, x, y, z
    if z >= FOOT:
        return BUILDING, x, y, z
    down = EYE_HEIGHT / -up
    return ROAD, right * down, ahead * down, 0.0


def drawn(end: float) -> np.ndarray:
    return np.array([[hit(r, c, end)[0] for c in range(WIDTH)] for r in range(HEIGHT)], np.uint8)


@pytest.fixture(scope="module")
def street() -> np.ndarray:
    return drawn(math.inf)


@pytest.fixture(scope="module")
def closed() -> np.ndarray:
    """A street that ends before a house."""
    return drawn(AHEAD)


def test_the_feet_of_walls_tell_how_far_they_are(street: np.ndarray) -> None:
    left, right, *ahead = find_walls(street, LABELS)
    assert ahead == [math.inf, 1]
    assert left == pytest.approx(LEFT, rel=0.03)
    assert right == pytest.approx(RIGHT, rel=0.03)


def test_cars_before_a_wall_do_not_move_it(street: np.ndarray) -> None:
    hidden = street.copy()
    hidden[HEIGHT // 2 - 12 :, : WIDTH // 4] = 26
    assert find_walls(hidden, LABELS)[0] == pytest.approx(LEFT, rel=0.05)


def test_what_lies_behind_a_gap_does_not_move_a_wall(street: np.ndarray) -> None:
    """A street aside: road where the wall was, another house's foot far behind."""
    gap = street.copy()
    columns = slice(WIDTH // 8, WIDTH // 6)
    gap[HEIGHT // 2 + 4 :, columns] = ROAD
    assert find_walls(gap, LABELS)[0] == pytest.approx(LEFT, rel=0.03)


def test_a_wall_across_the_street_is_told_by_its_feet(closed: np.ndarray) -> None:
    found = find_walls(closed, LABELS)
    assert found[:3] == pytest.approx((LEFT, RIGHT, AHEAD), rel=0.04)
    hidden = closed.copy()  # a lorry before most of it
    hidden[:, WIDTH // 2 - 60 : WIDTH // 2 + 60] = 27
    assert find_walls(hidden, LABELS).ahead == pytest.approx(AHEAD, rel=0.04)
    alone = hidden.copy()  # no walls at the sides
    alone[:, : WIDTH // 2 - 105] = alone[:, WIDTH // 2 + 105 :] = SKY
    assert find_walls(alone, LABELS)[:3] == pytest.approx((10, 10, AHEAD), rel=0.04)
    pole = closed.copy()
    pole[:, : WIDTH // 2 - 4] = pole[:, WIDTH // 2 + 4 :] = SKY
    assert find_walls(pole, LABELS).ahead == math.inf


def test_a_low_wall_across_the_street_is_taken_for_a_house(closed: np.ndarray) -> None:
    """Half as high: as if it stood twice as far away, but its foot where it is."""
    low = closed.copy()
    horizon = HEIGHT // 2 - round(math.tan(PITCH) * FOCAL * WIDTH)
    above = slice(0, horizon - round(4 / AHEAD * FOCAL * WIDTH))
    low[above] = SKY
    found = find_walls(low, LABELS)
    assert found.ahead == pytest.approx(AHEAD, rel=0.04) and found.scale == 2
    channels = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, low, found, LABELS)
    column = WIDTH // 2 + 5
    rows = np.flatnonzero(low[:, column] == BUILDING)
    heights = [2 * (hit(row, column, AHEAD)[3] - PAVEMENT) for row in (rows[0], rows[-1])]
    expected = [height / (abs(height) + 8) for height in heights]
    assert channels[4, rows[[0, -1]], column] / 127 == pytest.approx(expected, abs=0.03)


def test_walls_may_stand_on_lawns(street: np.ndarray) -> None:
    front = street.copy()
    columns = slice(0, WIDTH // 2)
    front[:, columns][street[:, columns] == ROAD] = 22
    assert find_walls(front, LABELS)[0] == 10
    lawns = replace(LABELS, lawns=(22,))
    assert find_walls(front, lawns) == find_walls(street, LABELS)


def test_walls_without_feet_stand_at_a_usual_distance() -> None:
    sky = np.full(SIZE, SKY, np.uint8)
    assert find_walls(sky, LABELS) == Walls(10.0, 10.0)


@pytest.mark.parametrize("row", [5, 60, 100, 130, 180, 250])
@pytest.mark.parametrize("column", [3, 90, 200, 250, 300, 420, 508])
@pytest.mark.parametrize("end", [math.inf, AHEAD])
def test_channels_are_the_waves_of_where_a_ray_hits(
    street: np.ndarray, closed: np.ndarray, row: int, column: int, end: float
) -> None:
    labels, walls = (street, WALLS) if end == math.inf else (closed, WALLS._replace(ahead=end))
    channels = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, labels, walls, LABELS)
    found = channels[:, row, column] / 127
    label, x, y, z = hit(row, column, end)
    if label == SKY:
        assert not found.any()
        return
    if label == BUILDING:
        along = y if y < end * 0.95 else x
        turns = along / BAY, (z - PAVEMENT - GROUND_FLOOR) / STOREY
        height = z - PAVEMENT
        place = height / (abs(height) + 8)
    else:
        turns, place = (x / LANE, y / DASH), x / (abs(x) + 4)
    for first, turn in zip((0, 2), turns, strict=True):
        strength = math.hypot(*found[first : first + 2])
        assert 0 < strength < 1.01
        wave = found[first : first + 2] / strength
        if strength > 0.2:  # finer waves are rounded too much
            angle = 2 * math.pi * turn
            assert wave == pytest.approx([math.sin(angle), math.cos(angle)], abs=0.06)
    assert found[4:6] == pytest.approx([place, y / (y + 20)], abs=0.01)


def test_waves_fade_where_they_become_too_fine(street: np.ndarray) -> None:
    waves = surface_coordinates(street, LABELS)[:2].astype(int)
    strength = np.hypot(*waves)
    walls = np.where(street == BUILDING, strength, 0)
    assert walls[:, 260:270].max() < 0.4 * walls[:, 480:].max()


def test_a_part_is_cut_from_the_whole(street: np.ndarray) -> None:
    rect = Rect(300, 90, 411, 203)
    whole = surface_coordinates(street, LABELS)
    distances = find_walls(street, LABELS)
    part = surface_part(rect, SIZE, street[rect.slices], distances, LABELS)
    assert np.array_equal(part, whole[(slice(None), *rect.slices)])


def test_twice_the_size_has_the_same_coordinates(street: np.ndarray) -> None:
    large = street.repeat(2, 0).repeat(2, 1)
    once = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, street, WALLS, LABELS)
    twice = surface_part(
        Rect(0, 0, 2 * WIDTH, 2 * HEIGHT), (2 * HEIGHT, 2 * WIDTH), large, WALLS, LABELS
    )
    mean = twice.astype(int).reshape(8, HEIGHT, 2, WIDTH, 2).mean((2, 4))
    assert np.abs(mean[:, :, 400:] - once[:, :, 400:]).mean() < 4


def metres(place: float, period: float) -> float:
    return place - period * math.floor(place / period)


@pytest.mark.parametrize("row", range(4, HEIGHT, 9))
def test_openings_and_lines_are_where_houses_and_roads_have_them(
    street: np.ndarray, row: int
) -> None:
    channels = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, street, WALLS, LABELS)
    for column in range(3, WIDTH, 7):
        if abs(column - WIDTH / 2) > 70:  # what is far fades
            check_what_stands_there(row, column, *channels[6:, row, column] / 127)


def check_what_stands_there(row: int, column: int, first: float, second: float) -> None:
    label, x, y, z = hit(row, column)
    if label == SKY:
        assert first == second == 0
        return
    if label == ROAD:
        lane, dash = metres(abs(x) + LANE / 2, LANE), metres(y, DASH) < DASH * 0.42
        wide = 2 * EYE_HEIGHT / -ray(row, column)[2] / (FOCAL * WIDTH)  # two pixels
        if min(lane, LANE - lane) > 0.065 + wide:
            assert first <= 0  # there may be joints of stones
        if min(lane, LANE - lane) < 0.065 - wide and 0.5 < metres(y, DASH) < 3.3:
            assert dash
            assert first > 0.9
        edge = metres(abs(x) + 0.14 + LANE / 2, LANE)
        assert min(edge, LANE - edge) < 0.065 + wide or second == 0
        return
    bay, up = metres(y, BAY), z - PAVEMENT
    storey = metres(up - GROUND_FLOOR, STOREY)
    if min(abs(bay - side) for side in (0.18, 0.61, 0.75, 2.25, 2.39, 2.82)) < 0.1:
        return  # a step
    if min(abs(each - edge) for each in (up, storey) for edge in (0.3, 0.71, 0.85, 2.8)) < 0.1:
        return
    if up > GROUND_FLOOR + 0.3:
        open_here = 0.75 < bay < 2.25 and 0.85 < storey < 2.8
        assert (first > 0.1) == open_here
        assert (second > 0.1) == (
            not open_here and 0.61 < bay < 2.39 and 0.71 < storey < 2.94 and storey > 0.3
        )
    elif 0.4 < up < 2.7:
        assert (first > 0.1) == (0.18 < bay < 2.82)
        assert second == 0
    elif 2.95 < up < 3.3:
        assert first < -0.1


def joint_distance(across: float, wide: float, along: float, long: float) -> float:
    """Metres to the nearest joint of a running bond: lines, and ends that they cut off."""
    return min(abs(across - wide * round(across / wide)), abs(along - long * round(along / long)))


@pytest.mark.parametrize("slabs", [False, True])
def test_joints_of_stones_and_slabs_are_where_the_ground_is_paved_so(slabs: bool) -> None:
    size = 1024, 2048
    rect = Rect(700, 930, 1400, 1024)
    known = SurfaceLabels(ground=(ROAD,), slabs=(ROAD,) if slabs else ())
    labels = np.full((rect.height, rect.width), ROAD, np.uint8)
    channel = surface_part(rect, size, labels, WALLS, known)[6]
    on, off = [], []
    for row in range(rect.y0, rect.y1, 3):
        for column in range(rect.x0, rect.x1, 7):
            up = (512 - row - 0.5) / (FOCAL * 2048)
            right, sine, cosine = (column + 0.5 - 1024) / (FOCAL * 2048), *SINE_COSINE
            down = (EYE_HEIGHT - (0.13 if slabs else 0)) / -(up * cosine - sine)
            x, y = right * down, (cosine + up * sine) * down
            if slabs:
                shift = 0.25 * (math.floor(y / 0.5) % 2)
                distance = joint_distance(x + shift, 0.5, y, 0.5)
            else:
                bulge = 0.1 * abs(metres(x / 1.5, 1) - 0.5)
                shift = 0.09 * (math.floor(x / 0.125) % 2)
                distance = joint_distance(x, 0.125, y + bulge + shift, 0.18)
            value = channel[row - rect.y0, column - rect.x0]
            if distance < 0.005:
                on.append(value)
            elif distance > 0.04 and abs(abs(x) - 1.5) > 0.1:
                off.append(value)
    assert len(on) > 100
    assert len(off) > 100
    assert max(off) == 0
    assert min(off) == 0
    assert np.mean(on) < -70


def test_the_sky_has_clouds_above_the_horizon_and_no_other_label(street: np.ndarray) -> None:
    known = SurfaceLabels((ROAD,), (BUILDING,), sky=(SKY,))
    whole = surface_coordinates(street, known)
    sky = street == SKY
    assert np.array_equal(whole[:, ~sky], surface_coordinates(street, LABELS)[:, ~sky])
    assert not np.delete(whole, 6, 0)[:, sky].any()
    field = clouds(SIZE)
    assert np.array_equal(whole[6, : len(field)][sky[: len(field)]], field[sky[: len(field)]])
    only_sky = surface_coordinates(np.full(SIZE, SKY, np.uint8), known)[6]
    assert not only_sky[len(field) :].any()
    assert abs(len(field) - (HEIGHT / 2 - math.tan(PITCH) * FOCAL * WIDTH)) < 1


def test_foliage_has_noise_that_lies_still(street: np.ndarray) -> None:
    labels = SurfaceLabels((ROAD,), (BUILDING,), (21,))
    green = street.copy()
    green[20:90, 40:200] = 21
    whole = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, green, WALLS, labels)
    without = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, street, WALLS, labels)
    leaves = green == 21
    assert np.array_equal(whole[:, ~leaves], without[:, ~leaves])
    assert not whole[:6, leaves].any()
    for channel in whole[6:, leaves]:
        assert abs(channel.mean()) < 25
        assert 40 < channel.std() < 90
    rect = Rect(51, 33, 187, 81)
    part = surface_part(rect, SIZE, green[rect.slices], WALLS, labels)
    assert np.array_equal(part, whole[(slice(None), *rect.slices)])
    fine, coarse = whole[6:, 20:90, 40:200].astype(int)
    assert np.abs(np.diff(fine)).mean() > 1.5 * np.abs(np.diff(coarse)).mean()


def test_leaves_do_not_shrink_in_a_larger_picture() -> None:
    labels = SurfaceLabels(foliage=(21,))
    once, twice = (
        surface_coordinates(np.full((64 * n, 128 * n), 21, np.uint8), labels)[6:] for n in (8, 16)
    )
    assert np.array_equal(twice[:, ::2, ::2], once)


@pytest.mark.parametrize("slabs", [False, True])
def test_joints_fade_before_they_make_moire(slabs: bool) -> None:
    """Rows where a pixel reaches ahead over more than stones are long show none of their ends."""
    size = 1024, 2048
    wide, long = (0.5, 0.5) if slabs else (0.125, 0.18)
    known = SurfaceLabels(ground=(ROAD,), slabs=(ROAD,) if slabs else ())
    labels = np.full(size, ROAD, np.uint8)
    whole = Rect(0, 0, size[1], size[0])
    joints = surface_part(whole, size, labels, WALLS, known)[6].astype(int)
    up = (512 - np.arange(1024) - 0.5) / (FOCAL * 2048) * SINE_COSINE[1] - SINE_COSINE[0]
    pixel = EYE_HEIGHT / np.maximum(-up, 1e-6) / (FOCAL * 2048)  # metres that it is wide
    fine = (wide < 2.5 * pixel) & (long < 2.5 * pixel)
    coarse = (wide > 5 * pixel) & (up < 0)
    assert fine.any()
    assert coarse.any()
    assert joints[fine].min() == 0
    assert (joints[coarse].min(axis=1) < -20).all()
