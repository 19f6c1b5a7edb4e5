"""Stones are painted on roads whose style is cobbled, and on no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig
from model.inference.frame import Frame, FrameSize, make_frame
from model.inference.painter import PlainPainter
from model.inference.plan.cells import cobbled_only, frame_cells
from model.inference.plan.plan import compile_plan
from model.inference.plan.stems import frame_conditioning
from model.scene.reference import REFERENCE_SCALE
from model.scene.surface_labels import SurfaceLabels
from tests.inference.test_plan import BARE, make_local, painted

ROAD, SLABS, PARKING, WALL = 7, 8, 9, 11
CONFIG = ConditioningConfig(
    feature_channels=3,
    spatial_reference=True,
    surface=SurfaceLabels(ground=(ROAD, SLABS, PARKING), slabs=(SLABS,), walls=(WALL,)),
    cobbled=(2.0, 0.0, -1.0, 0.5),
)
SIZE = (128, 512)


def frame_in(styles: dict[int, tuple[float, ...]]) -> Frame:
    """A road, a car park and a pavement before walls."""
    labels = np.full(SIZE, WALL, np.uint8)
    labels[72:] = ROAD
    labels[72:, 300:400] = SLABS
    labels[72:, 400:] = PARKING
    maps = labels, labels.astype(np.int32)
    frame = make_frame(*maps, FrameSize(8, 16), reference=True, surface=CONFIG.surface)
    return frame.styled(lambda each: styles.get(each, (-9.0, 0.0, 9.0)), 3)


COBBLES, ASPHALT = (1.0, 5.0, 2.0), (1.0, -5.0, 2.5)  # 0.5 and 0 by those numbers


@pytest.mark.parametrize(
    ("styles", "bare"),
    [
        ({ROAD: COBBLES, PARKING: COBBLES}, ()),
        ({ROAD: COBBLES, PARKING: ASPHALT}, (PARKING,)),
        ({ROAD: ASPHALT, PARKING: ASPHALT}, (ROAD, PARKING)),
    ],
)
def test_only_cobbled_roads_have_joints(styles, bare):
    frame = frame_in(styles)
    drawn = frame.reference
    assert drawn is not None
    before, expected = drawn.copy(), drawn.copy()
    for row in range(SIZE[0]):
        for column in range(SIZE[1]):
            if frame.labels[row, column] in bare:
                expected[-2, row, column] = max(0, drawn[-2, row, column])
    assert all((drawn[-2][frame.labels == label] < -5).any() for label in (ROAD, SLABS, PARKING))
    for label, style in styles.items():
        assert CONFIG.has_stones(style) == (label not in bare)
    told = cobbled_only(CONFIG, frame_cells(CONFIG, frame), frame)
    assert np.array_equal(told, expected)
    assert np.array_equal(drawn, before)  # nothing was taken out of the frame itself
    seen = frame_conditioning(CONFIG, frame, torch.zeros(()))[0, -len(drawn) :]
    assert torch.equal(seen, torch.from_numpy(expected).float() / REFERENCE_SCALE)


@pytest.mark.parametrize("lookup", [True, False])
def test_plans_paint_stones_as_the_plain_network_does(lookup):
    generator, like = make_local(CONFIG, **BARE), torch.zeros(())
    frame = frame_in({ROAD: COBBLES, PARKING: ASPHALT})
    expected = painted(PlainPainter(generator, CONFIG, like), frame)
    plan = compile_plan(generator, CONFIG, like, lookup=lookup)
    assert (painted(plan, frame) - expected).abs().max() < 1e-4


def test_without_numbers_every_road_has_stones():
    frame, config = frame_in({ROAD: ASPHALT}), replace(CONFIG, cobbled=())
    assert cobbled_only(config, frame_cells(config, frame), frame) is frame.reference


def test_numbers_that_do_not_belong_to_the_features_are_refused():
    with pytest.raises(ValueError, match="a number for each feature, and one"):
        ConditioningConfig(feature_channels=3, cobbled=(1.0, 2.0, 3.0))
