"""What some styles alone have is painted on things of those, and on no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig, is_told
from model.inference.frame import Frame, FrameSize, make_frame
from model.inference.painter import PlainPainter
from model.inference.plan.cells import frame_cells, told_only
from model.inference.plan.plan import compile_plan
from model.inference.plan.stems import frame_conditioning
from model.scene.reference import REFERENCE_SCALE
from model.scene.surface_labels import SurfaceLabels
from model.scene.told import DRAWINGS_TOLD
from tests.inference.test_plan import BARE, make_local, painted

ROAD, SLABS, PARKING, WALL, HOUSE, LIGHT = 7, 8, 9, 11, 11001, 19
LENSES = {"reds": (41,), "ambers": (42,), "greens": (43,)}
LIT = RED, AMBER, GREEN = 41, 42, 43
CONFIG = ConditioningConfig(
    label_channels=46,
    feature_channels=3,
    spatial_reference=True,
    surface=SurfaceLabels(
        ground=(ROAD, SLABS, PARKING),
        slabs=(SLABS,),
        walls=(WALL,),
        windows=(44,),
        shops=(45,),
        lights=(LIGHT,),
        **LENSES,
    ),
    unstyled=(RED, AMBER, GREEN, 44, 45),
    told={
        "cobbled": (2.0, 0.0, -1.0, 0.5),
        "slabbed": (0.0, 1.0, 0.0, -1.0),
        "bricked": (1.0, 0.0, 0.0, 0.0),
        "windowed": (0.0, 1.0, 0.0, 0.0),
        "red": (0.0, 0.0, 1.0, 0.0),
        "amber": (1.0, 0.0, 0.0, 0.0),
        "green": (0.0, 0.0, -1.0, 0.0),
    },
)
SIZE = (384, 768)
GLAZED = -2, 1
LAMP = slice(60, 180), slice(440, 480)


def frame_in(styles: dict[int, tuple[float, ...]]) -> Frame:
    """A road, a car park and a pavement before two houses and a traffic light."""
    labels = np.full(SIZE, WALL, np.uint8)
    labels[280:] = ROAD
    labels[280:, 440:600] = SLABS
    labels[280:, 600:] = PARKING
    labels[LAMP] = LIGHT
    instances = labels.astype(np.int32)
    instances[:280, :300] = HOUSE
    maps = labels, instances
    frame = make_frame(*maps, FrameSize(8, 16), reference=True, surface=CONFIG.surface)
    return frame.styled(lambda each: styles.get(each, (9.0, 9.0, 9.0)), 3)


# 0.5 and 0 as roads by those numbers; 4 and -1 as pavements, and the other way round as roads.
COBBLES, ASPHALT = (1.0, 5.0, 2.0), (1.0, -5.0, 2.5)
SLABBED, PLAIN = (1.0, 5.0, 2.5), (9.0, 0.0, 0.0)
ALL = {ROAD: COBBLES, PARKING: COBBLES, SLABS: SLABBED, HOUSE: (1.0, 1.0, 0.0)}


@pytest.mark.parametrize(
    ("styles", "lacking"),
    [
        ({}, {(GREEN, -1, 1)}),  # what is not green
        ({PARKING: ASPHALT}, {(PARKING, -2, -1), (GREEN, -1, 1)}),
        (
            {ROAD: ASPHALT, PARKING: ASPHALT},
            {(ROAD, -2, -1), (PARKING, -2, -1), (GREEN, -1, 1)},
        ),
        ({SLABS: PLAIN}, {(SLABS, -2, -1), (GREEN, -1, 1)}),
        ({HOUSE: (-1.0, 1.0, 0.0)}, {(HOUSE, -1, -1), (GREEN, -1, 1)}),
        ({HOUSE: (1.0, -1.0, 0.0)}, {(HOUSE, -2, 1), (HOUSE, -1, 1), (GREEN, -1, 1)}),
        ({LIGHT: (9.0, 9.0, -1.0)}, {(RED, -1, 1)}),
        ({LIGHT: (9.0, 9.0, 0.0)}, {(RED, -1, 1), (GREEN, -1, 1)}),
        ({LIGHT: (-9.0, 9.0, 9.0)}, {(AMBER, -1, 1), (GREEN, -1, 1)}),
    ],
)
def test_things_have_what_their_style_tells(styles, lacking):
    frame = frame_in(ALL | styles)
    drawn = frame.reference
    assert drawn is not None
    before, expected = drawn.copy(), drawn.copy()
    for instance_id, channel, sign in lacking:
        own = (frame.labels if instance_id in LIT else frame.instances) == instance_id
        if (channel, sign) == GLAZED:
            along, across, up, above = drawn[-8:-4].astype(int)
            bays, storeys = (
                np.arctan2(*pair) / (2 * np.pi) for pair in ((along, across), (up, above))
            )
            mullions = (abs(bays) * 3 < 0.05) & (across > 48) | (abs(storeys) * 3.2 < 0.11) & (
                above > 48
            )
            expected[channel, own] = np.where(mullions, -127, 0)[own]
        else:
            expected[channel, own & (np.sign(drawn[channel]) == sign)] = 0
        assert (expected != drawn)[channel, own].sum() > 50
    reference = told_only(CONFIG, frame_cells(CONFIG, frame), frame)
    assert np.array_equal(reference, expected)
    assert np.array_equal(drawn, before)  # nothing was taken out of the frame itself
    seen = frame_conditioning(CONFIG, frame, torch.zeros(()))[0, -len(drawn) :]
    assert torch.equal(seen, torch.from_numpy(expected).float() / REFERENCE_SCALE)


def test_a_style_is_told_by_the_sign_of_a_sum():
    assert is_told(CONFIG.told["cobbled"], COBBLES) and not is_told(CONFIG.told["cobbled"], ASPHALT)
    assert not is_told((1.0, 0.0), (0.0,))


@pytest.mark.parametrize("slabs", [SLABBED, PLAIN], ids=["slabs", "no slabs"])
@pytest.mark.parametrize("lookup", [True, False])
def test_plans_paint_what_styles_tell_as_the_plain_network_does(lookup, slabs):
    generator, like = make_local(CONFIG, **BARE), torch.zeros(())
    frame = frame_in(ALL | {PARKING: ASPHALT, SLABS: slabs, HOUSE: (-1.0, -1.0, 0.0)})
    expected = painted(PlainPainter(generator, CONFIG, like), frame)
    plan = compile_plan(generator, CONFIG, like, lookup=lookup)
    assert (painted(plan, frame) - expected).abs().max() < 1e-4


def test_what_nothing_tells_is_drawn_on_all():
    frame, config = frame_in(ALL | {ROAD: ASPHALT, SLABS: PLAIN}), replace(CONFIG, told={})
    assert told_only(config, frame_cells(config, frame), frame) is frame.reference


@pytest.mark.parametrize("name", ["cobbled", "green"])
def test_numbers_that_do_not_belong_to_the_features_are_refused(name):
    with pytest.raises(ValueError, match="a number for each feature, and one"):
        ConditioningConfig(feature_channels=3, told={name: (1.0, 2.0, 3.0)})


def test_what_is_not_drawn_cannot_be_told():
    with pytest.raises(ValueError, match="nothing but cobbled, slabbed"):
        ConditioningConfig(feature_channels=1, told={"golden": (1.0, 2.0)})


def test_glass_has_mullions_and_floors_where_waves_are_not_too_fine():
    (glazing,) = {each.without for each in DRAWINGS_TOLD if each.name == "windowed"} - {
        each.without for each in DRAWINGS_TOLD if each.name == "red"
    }
    planes = np.zeros((8, 6), np.int8)
    planes[:2] = (0, 0, 0, 90, 12, 14), (127, 40, -127, 90, 120, 120)
    planes[6] = 100  # a window
    assert glazing(planes).tolist() == [-127, 0, 0, 0, -127, 0]
    planes[:4] = planes[[2, 3, 0, 1]]
    planes[2] *= 2
    assert glazing(planes).tolist() == [-127, 0, 0, 0, -127, 0]
    assert glazing(torch.from_numpy(planes)).dtype == torch.int8
