from __future__ import annotations

import numpy as np
import pytest

from model.scene.stamps import STAMP_FOLDER, load_stamp
from model.streets.stamps import SUBJECTS, draw, stamps_of


def subject(name):
    return next(each for each in SUBJECTS if each.name == name)


def test_a_bus_is_as_tall_from_every_side_and_longest_from_its_side():
    stamps = {stamp.name: stamp for stamp in stamps_of(subject("bus"))}
    widths = {name: stamp.parts.shape[1] / stamp.parts.shape[0] for name, stamp in stamps.items()}
    assert max(widths, key=widths.__getitem__) == "bus 90°"
    assert all(2.2 < stamp.ratio < 2.8 for stamp in stamps.values())


def test_a_cyclist_consists_of_rider_and_bicycle():
    stamp = draw(subject("cyclist"), 90, "cyclist")
    assert stamp.labels == ("rider", "bicycle")
    rows = [np.nonzero(stamp.parts == part)[0].mean() for part in (1, 2)]
    assert rows[0] < rows[1]


def test_no_two_subjects_share_a_name():
    names = [(each.label, each.name) for each in SUBJECTS]
    assert len(set(names)) == len(names)


def test_the_bundled_stamps_look_like_what_the_command_draws():
    bundled = load_stamp(STAMP_FOLDER / "traffic_sign_stop.png")
    drawn = draw(subject("stop"), 0, "stop")
    assert bundled.labels == drawn.labels == ("traffic sign", "pole")
    assert bundled.ratio == pytest.approx(drawn.ratio, rel=0.1)
    proportions = [stamp.parts.shape[1] / stamp.parts.shape[0] for stamp in (bundled, drawn)]
    assert proportions[0] == pytest.approx(proportions[1], rel=0.1)
