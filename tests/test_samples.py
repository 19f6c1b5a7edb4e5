"""Which styles the objects of a sample scene are given."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from model import samples_command
from model.checkpoint import Checkpoint
from model.conditioning import ConditioningConfig
from model.samples_command import seen_styles
from model.scene.scene import Style
from model.scene.surface_labels import SurfaceLabels

ROAD, PAVEMENT, SKY, CAR, SIGN = 7, 8, 23, 26, 20
BOOK = {
    label: [Style((0.0, 0.0), cluster=0), Style((2.0, 2.0), cluster=1)]
    for label in (ROAD, PAVEMENT, SKY, CAR)
}
SEEN = {ROAD: (1.9, 2.0), PAVEMENT: (0.5, 0.2), SKY: (1.8, 1.9), SIGN: (1.0, 1.0), 26001: (0.1, 0)}
NONE = np.zeros((2, 2), np.int32)


def styles_seen(monkeypatch: pytest.MonkeyPatch, road: str, pavement: str) -> dict[int, Style]:
    conditioning = ConditioningConfig(
        feature_channels=2,
        surface=SurfaceLabels(ground=(ROAD, PAVEMENT), slabs=(PAVEMENT,)),
        told={
            "cobbled": (1.0, 0.0, -1.0),  # where the first feature is above 1
            "slabbed": (-1.0, 0.0, 1.0),  # and where it is below
        },
    )
    book = SimpleNamespace(
        count=lambda label: len(BOOK.get(label, ())), style=lambda label, n: BOOK[label][n]
    )
    rows = SimpleNamespace(ids=np.array([*SEEN]), features=np.array([*SEEN.values()]))
    monkeypatch.setattr(samples_command, "load_encoder", lambda _: "an encoder")
    monkeypatch.setattr(samples_command, "encode_instances", lambda *_: rows)
    checkpoint: Any = SimpleNamespace(conditioning=conditioning, style_book=book, path="here")
    return seen_styles(cast(Checkpoint, checkpoint), NONE, NONE, {ROAD: road, PAVEMENT: pavement})


def test_things_have_the_nearest_style_and_ground_the_one_that_is_seen(monkeypatch) -> None:
    styles = styles_seen(monkeypatch, "cobblestone", "slabs")
    assert styles == {
        ROAD: Style(SEEN[ROAD]),
        PAVEMENT: Style(SEEN[PAVEMENT]),
        SKY: BOOK[SKY][1],
        26001: BOOK[CAR][0],
    }


def test_a_road_seen_as_cobbled_that_is_not_has_the_nearest_style_without_stones(
    monkeypatch,
) -> None:
    styles = styles_seen(monkeypatch, "wet", "paving")
    assert styles[ROAD] == BOOK[ROAD][0]
    assert styles[PAVEMENT] == Style(SEEN[PAVEMENT])


def test_a_pavement_seen_as_slabs_that_it_has_not_has_the_nearest_style_without(
    monkeypatch,
) -> None:
    styles = styles_seen(monkeypatch, "cobblestone", "asphalt")
    assert styles[ROAD] == Style(SEEN[ROAD])
    assert styles[PAVEMENT] == BOOK[PAVEMENT][1]
