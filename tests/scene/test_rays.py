"""What rows and columns of a picture show, by the camera's own angles."""

from __future__ import annotations

import math

import pytest

from model.scene.rays import View
from model.scene.street_grid import EYE_HEIGHT, FOCAL, LOWEST, PITCH

HEIGHT, WIDTH = 1024, 2048
VIEW = View(HEIGHT, WIDTH)


@pytest.mark.parametrize("away", [3.0, 20.0, 60.0, 200.0])
def test_feet_lie_where_the_ground_is_so_far_away(away: float) -> None:
    angle = math.atan2(EYE_HEIGHT, away) - PITCH
    row = HEIGHT / 2 + math.tan(angle) * FOCAL * WIDTH
    assert abs(VIEW.foot(away) - row) < 0.03 * (row - VIEW.horizon) + 0.51
    assert VIEW.away(row) == pytest.approx(away, rel=0.03)


def test_what_stands_at_the_horizon_or_above_is_as_far_as_the_ground_is_seen() -> None:
    for row in (VIEW.horizon, 0.0):
        assert VIEW.away(row) == pytest.approx(EYE_HEIGHT / LOWEST)
    assert VIEW.up(VIEW.horizon) == pytest.approx(0, abs=1e-9)
    assert VIEW.right(WIDTH) == pytest.approx(0.5 / FOCAL)
