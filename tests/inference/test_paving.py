"""Stones and slabs are painted on ground whose style has them, and on no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig, has_joints
from model.inference.frame import Frame, FrameSize, make_frame
from model.inference.painter import PlainPainter
from model.inference.plan.cells import frame_cells, paved_only
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
    slabbed=(0.0, 1.0, 0.0, -1.0),
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


# 0.5 and 0 as roads by those numbers; 4 and -1 as pavements, and the other way round as roads.
COBBLES, ASPHALT = (1.0, 5.0, 2.0), (1.0, -5.0, 2.5)
SLABBED, PLAIN = (1.0, 5.0, 2.5), (9.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("styles", "bare"),
    [
        ({ROAD: COBBLES, PARKING: COBBLES, SLABS: SLABBED}, ()),
        ({ROAD: COBBLES, PARKING: ASPHALT, SLABS: SLABBED}, (PARKING,)),
        ({ROAD: ASPHALT, PARKING: ASPHALT, SLABS: SLABBED}, (ROAD, PARKING)),
        ({ROAD: COBBLES, PARKING: COBBLES, SLABS: PLAIN}, (SLABS,)),
    ],
)
def test_only_paved_ground_has_joints(styles, bare):
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
        told = CONFIG.slabbed if label == SLABS else CONFIG.cobbled
        assert has_joints(told, style) == (label not in bare)
    reference = paved_only(CONFIG, frame_cells(CONFIG, frame), frame)
    assert np.array_equal(reference, expected)
    assert np.array_equal(drawn, before)  # nothing was taken out of the frame itself
    seen = frame_conditioning(CONFIG, frame, torch.zeros(()))[0, -len(drawn) :]
    assert torch.equal(seen, torch.from_numpy(expected).float() / REFERENCE_SCALE)


@pytest.mark.parametrize("slabs", [SLABBED, PLAIN], ids=["slabs", "no slabs"])
@pytest.mark.parametrize("lookup", [True, False])
def test_plans_paint_joints_as_the_plain_network_does(lookup, slabs):
    generator, like = make_local(CONFIG, **BARE), torch.zeros(())
    frame = frame_in({ROAD: COBBLES, PARKING: ASPHALT, SLABS: slabs})
    expected = painted(PlainPainter(generator, CONFIG, like), frame)
    plan = compile_plan(generator, CONFIG, like, lookup=lookup)
    assert (painted(plan, frame) - expected).abs().max() < 1e-4


def test_without_numbers_all_ground_has_joints():
    styles = {ROAD: ASPHALT, PARKING: ASPHALT, SLABS: SLABBED}
    frame, config = frame_in(styles), replace(CONFIG, cobbled=())
    assert paved_only(config, frame_cells(config, frame), frame) is frame.reference


@pytest.mark.parametrize("kind", ["cobbled", "slabbed"])
def test_numbers_that_do_not_belong_to_the_features_are_refused(kind):
    with pytest.raises(ValueError, match="a number for each feature, and one"):
        ConditioningConfig(feature_channels=3, **{kind: (1.0, 2.0, 3.0)})
