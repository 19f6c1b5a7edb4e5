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
    BRICK,
    BRICK_STRENGTH,
    DASH,
    EYE_HEIGHT,
    FOCAL,
    GRAIN,
    GROUND_FLOOR,
    LANE,
    PAVEMENT,
    PITCH,
    STONE_STRENGTH,
    STOREY,
    STREET_END,
    leaves_noise,
)
from model.scene.surface import surface_coordinates, surface_of, surface_part
from model.scene.surface_labels import SurfaceLabels
from model.scene.walls import Walls, find_walls
from tests.scene.shot_street import (
    AHEAD,
    BUILDING,
    HEIGHT,
    LABELS,
    ROAD,
    SINE_COSINE,
    SIZE,
    SKY,
    WALLS,
    WIDTH,
    hit,
    ray,
)


@pytest.mark.parametrize("row", [5, 60, 100, 130, 180, 250])
@pytest.mark.parametrize("column", [3, 90, 200, 250, 300, 420, 508])
@pytest.mark.parametrize("end", [math.inf, AHEAD])
def test_channels_are_the_waves_of_where_a_ray_hits(
    open_street: np.ndarray, closed_street: np.ndarray, row: int, column: int, end: float
) -> None:
    labels, walls = (
        (open_street, WALLS) if end == math.inf else (closed_street, WALLS._replace(ahead=end))
    )
    channels = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, labels, walls, LABELS)
    found = channels[:, row, column] / 127
    label, x, y, z = hit(row, column, end)
    if label == BUILDING and y > STREET_END:
        end = STREET_END
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


def test_waves_fade_where_they_become_too_fine(open_street: np.ndarray) -> None:
    waves = surface_coordinates(open_street, LABELS)[:2].astype(int)
    strength = np.hypot(*waves)
    walls = np.where(open_street == BUILDING, strength, 0)
    assert walls[:, 278:284].max() < 0.4 * walls[:, 480:].max()


def test_a_part_is_cut_from_the_whole(open_street: np.ndarray) -> None:
    rect = Rect(300, 90, 411, 203)
    whole = surface_coordinates(open_street, LABELS)
    distances = find_walls(open_street, LABELS)
    part = surface_part(rect, SIZE, open_street[rect.slices], distances, LABELS)
    assert np.array_equal(part, whole[(slice(None), *rect.slices)])


def test_twice_the_size_has_the_same_coordinates(open_street: np.ndarray) -> None:
    large = open_street.repeat(2, 0).repeat(2, 1)
    once = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, open_street, WALLS, LABELS)
    twice = surface_part(
        Rect(0, 0, 2 * WIDTH, 2 * HEIGHT), (2 * HEIGHT, 2 * WIDTH), large, WALLS, LABELS
    )
    mean = twice.astype(int).reshape(8, HEIGHT, 2, WIDTH, 2).mean((2, 4))
    assert np.abs(mean[:, :, 400:] - once[:, :, 400:]).mean() < 4


def metres(place: float, period: float) -> float:
    return place - period * math.floor(place / period)


@pytest.mark.parametrize("row", range(4, HEIGHT, 9))
def test_openings_and_lines_are_where_houses_and_roads_have_them(
    open_street: np.ndarray, row: int
) -> None:
    channels = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, open_street, WALLS, LABELS)
    for column in range(3, WIDTH, 7):
        if abs(column - WIDTH / 2) > 70:  # what is far fades
            check_what_stands_there(row, column, *channels[6:, row, column] / 127)


@pytest.mark.parametrize("row", range(4, HEIGHT, 9))
def test_openings_of_the_ground_floor_are_shops(open_street: np.ndarray, row: int) -> None:
    known = replace(LABELS, windows=(43,), shops=(47,))
    _, shown = surface_of(open_street, known, WALLS)
    for column in range(3, WIDTH, 7):
        label, _, _, z = hit(row, column)
        if abs(column - WIDTH / 2) > 70 and abs(z - PAVEMENT - GROUND_FLOOR) > 0.3:
            other = 43 if z < PAVEMENT + GROUND_FLOOR else 47
            assert shown[row, column] != other or label != BUILDING
    assert ((shown == 43).sum() > 1000) and ((shown == 47).sum() > 1000)


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
        assert min(edge, LANE - edge) < 0.065 + wide or second <= 0  # there may be grain
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


def test_grain_is_noise_that_lies_still_on_roads_and_not_on_slabs() -> None:
    size, rect = (1024, 2048), Rect(600, 700, 1100, 1000)
    labels = np.full((rect.height, rect.width), ROAD, np.uint8)
    bare, slabs = (
        surface_part(rect, size, labels, WALLS, SurfaceLabels(ground=(ROAD,), slabs=each))[7]
        for each in ((), (ROAD,))
    )
    assert not slabs.any()
    lines = bare > 0
    assert 0 < lines.mean() < 0.05
    rows, columns = np.arange(700, 1000), np.arange(600, 1100)
    leaves = leaves_noise()[0][np.ix_(rows * 2 % 512, columns % 512)]
    slope = np.arctan((rows + 0.5 - 512) / (FOCAL * 2048)) + PITCH
    near = (20 / (20 + EYE_HEIGHT / np.tan(slope)))[:, None]
    grain = -np.rint(GRAIN * np.maximum(leaves, 0) * near).astype(int)
    assert (np.abs(bare - grain)[~lines] > 1).mean() < 0.02  # what a line covers in part
    assert 0.3 < (bare < -10 * GRAIN).mean() < 0.5


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
    assert np.mean(on) < -70 * (1 if slabs else STONE_STRENGTH)


LARGE = 1024, 2048


def on_the_right_wall(row: int, column: int, away: float) -> tuple[float, float, float]:
    """Metres along a wall and above its pavement that a pixel shows, and those ahead to it.

    Of a picture of size `LARGE`; away: metres from the eye's line to the wall.
    """
    up = (512 - row - 0.5) / (FOCAL * 2048)
    far = away / ((column + 0.5 - 1024) / (FOCAL * 2048))
    sine, cosine = SINE_COSINE
    along, height = far * (cosine + up * sine), EYE_HEIGHT - PAVEMENT + far * (up * cosine - sine)
    return along, height, far


def bond(along: float, height: float) -> tuple[float, float, int]:
    """Metres to the nearest joint between rows of bricks and within them; the number of the row."""
    wide, tall = BRICK
    line = math.floor(height / tall)
    place = along + (wide / 2 if line % 2 else 0)
    return abs(height - tall * round(height / tall)), abs(place - wide * round(place / wide)), line


def bare(along: float, height: float) -> bool:
    """Whether a place is far from all that fronts have but their wall."""
    bay, storey = metres(along, BAY), metres(height - GROUND_FLOOR, STOREY)
    if height < GROUND_FLOOR:
        return 0.45 < height < 2.65 and min(bay, BAY - bay) < 0.1
    beside = min(bay, BAY - bay) < 0.5 or storey < 0.6 or storey > 3.05
    return beside and height > GROUND_FLOOR + 0.25


def shown(pixels: float) -> float:
    """How strong joints so many pixels apart are."""
    return pixels / (pixels + 4) * min(max(pixels / 2.5 - 1, 0), 1)


def test_joints_of_bricks_are_where_a_wall_near_by_has_them() -> None:
    """A running bond from the pavement on: every other row lies half a brick further."""
    away, rect = 4.0, Rect(1500, 0, 2040, 640)
    labels = np.full((rect.height, rect.width), BUILDING, np.uint8)
    found = surface_part(rect, LARGE, labels, Walls(9, away), LABELS)[7] / 127 / BRICK_STRENGTH
    beds, off, heads = [], [], ([], [])
    for row in range(rect.y0, rect.y1):
        for column in range(rect.x0, rect.x1):
            along, height, far = on_the_right_wall(row, column, away)
            if not bare(along, height):
                continue
            to_bed, to_head, line = bond(along, height)
            pixels = FOCAL * 2048 / far  # of a metre up; along it is as much shorter as it is far
            value = -found[row - rect.y0, column - rect.x0]
            if to_bed < 0.002:
                beds.append(value / shown(BRICK[1] * pixels))
            elif to_bed > 0.021 and to_head < 0.004:
                heads[line % 2].append(value / shown(BRICK[0] * pixels * away / far))
            elif to_bed > 0.021 and to_head > 0.021:
                off.append(value)
    for drawn in (beds, *heads):
        assert len(drawn) > 40
        assert min(drawn) > 0.4
        assert max(drawn) < 1.1
        assert np.mean(drawn) > 0.65
    assert len(off) > 1000
    assert not np.any(off)


def test_windows_shops_and_boards_have_no_joints_of_bricks() -> None:
    away, rect = 4.0, Rect(1500, 0, 2040, 640)
    labels = np.full((rect.height, rect.width), BUILDING, np.uint8)
    found = surface_part(rect, LARGE, labels, Walls(9, away), LABELS)[7]
    openings = boards = 0
    for row in range(rect.y0, rect.y1, 3):
        for column in range(rect.x0, rect.x1, 5):
            along, height, _ = on_the_right_wall(row, column, away)
            bay, storey = metres(along, BAY), metres(height - GROUND_FLOOR, STOREY)
            window = height > GROUND_FLOOR and 0.85 < bay < 2.15 and 0.95 < storey < 2.7
            shop = 0.3 < bay < 2.7 and 0.4 < height < 2.7
            board = 2.95 < height < 3.33
            openings, boards = openings + (window or shop), boards + board
            if window or shop or board:
                assert found[row - rect.y0, column - rect.x0] == 0
    assert openings > 1000
    assert boards > 100


def test_joints_of_bricks_fade_before_they_make_moire() -> None:
    away = 9.0
    labels = np.full(LARGE, BUILDING, np.uint8)
    channel = surface_coordinates(labels, LABELS, Walls(away, away))[7]
    assert np.array_equal(channel.min(0) < 0, channel[:, ::-1].min(0) < 0)
    rows_alone = 0
    for column in range(1030, 2048, 6):
        far = away / ((column + 0.5 - 1024) / (FOCAL * 2048))
        tall, wide = (FOCAL * 2048 / far * each for each in (BRICK[1], BRICK[0] * away / far))
        if tall < 2.5:
            assert channel[:, column].min() == 0
        elif tall > 4:
            assert channel[:, column].min() < -0.3 * shown(tall) * 127 * BRICK_STRENGTH
        if tall > 2.5 and wide < 2.5:
            for row in range(0, 1024, 5):
                place = on_the_right_wall(row, column, away)[:2]
                if bond(*place)[0] > 0.021 and bare(*place):
                    assert channel[row, column] == 0
                    rows_alone += 1
    assert rows_alone > 100


def test_the_sky_has_clouds_above_the_horizon_and_no_other_label(open_street: np.ndarray) -> None:
    known = SurfaceLabels((ROAD,), (BUILDING,), sky=(SKY,))
    whole = surface_coordinates(open_street, known)
    sky = open_street == SKY
    assert np.array_equal(whole[:, ~sky], surface_coordinates(open_street, LABELS)[:, ~sky])
    assert not np.delete(whole, 6, 0)[:, sky].any()
    field = clouds(SIZE)
    assert np.array_equal(whole[6, : len(field)][sky[: len(field)]], field[sky[: len(field)]])
    only_sky = surface_coordinates(np.full(SIZE, SKY, np.uint8), known)[6]
    assert not only_sky[len(field) :].any()
    assert abs(len(field) - (HEIGHT / 2 - math.tan(PITCH) * FOCAL * WIDTH)) < 1


def test_foliage_has_noise_that_lies_still(open_street: np.ndarray) -> None:
    labels = SurfaceLabels((ROAD,), (BUILDING,), (21,))
    green = open_street.copy()
    green[20:90, 40:200] = 21
    whole = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, green, WALLS, labels)
    without = surface_part(Rect(0, 0, WIDTH, HEIGHT), SIZE, open_street, WALLS, labels)
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
    strength = 1 if slabs else STONE_STRENGTH
    assert (joints[coarse].min(axis=1) < -20 * strength).all()
