"""What of a picture belongs to an instance."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from model.conditioning import ConditioningConfig
from model.scene.pieces import Placed
from model.scene.reference import boxes_of, dense_instances
from model.scene.surface import surface_of
from model.scene.surface_labels import SurfaceLabels
from model.styles import encode
from model.styles.clusters import InstanceRows, mean_rows
from model.styles.encode import encode_instances

CARS = SurfaceLabels(ground=(7,), vehicles=(26,), panes=(38,))


def encoded(monkeypatch, picture, instances, surface: SurfaceLabels) -> InstanceRows:
    """By an encoder that gives what a picture shows."""

    def plainly(_: object, __: object, seen: np.ndarray, ___: int | None) -> torch.Tensor:
        return torch.from_numpy(seen).permute(2, 0, 1)[:1].float()

    monkeypatch.setattr(encode, "encode_picture", plainly)
    conditioning = ConditioningConfig(label_channels=40, spatial_reference=True, surface=surface)
    checkpoint: Any = SimpleNamespace(conditioning=conditioning, facts={})
    return encode_instances(checkpoint, checkpoint, picture, instances)


def with_panes(instances: np.ndarray) -> np.ndarray:
    """The label map that a generator is shown."""
    _, index = dense_instances(instances)
    labels = np.where(instances >= 1000, instances // 1000, instances).astype(np.uint8)
    return surface_of(labels, CARS, None, Placed(index, boxes_of(index)))[1]


def test_what_is_seen_through_a_wheel_does_not_belong_to_its_bicycle(monkeypatch) -> None:
    instances = np.full((128, 256), 7, np.int32)
    instances[60:110, 100:180] = 33001
    picture = np.full((128, 256, 3), 10, np.uint8)
    picture[60:110, 100:180] = 50
    down, across = np.mgrid[:128, :256]
    for hub in (115, 165):
        picture[np.hypot((across - hub) / 10, (down - 94) / 10) < 1] = 250  # bright ground

    told = {}
    for spoked in ((), (33,)):
        surface = SurfaceLabels(ground=(7,), cycles=(33,), spoked=spoked)
        rows = encoded(monkeypatch, picture, instances, surface)
        told[spoked] = dict(zip(rows.ids.tolist(), rows.features[:, 0].tolist(), strict=True))
    assert told[33,][33001] == 50 and told[()][33001] > 80
    assert told[33,][7] > told[()][7]


def test_panes_of_a_car_do_not_belong_to_its_style(monkeypatch) -> None:
    """A white car with black panes, that small ones of many colours leave alone."""
    instances = np.full((128, 256), 7, np.int32)
    instances[50:114, 90:166] = 26001
    instances[70:71, 10:12] = 26002
    shown = with_panes(instances)
    panes = shown == 38
    assert 200 < panes.sum() < 2000
    picture = np.full((128, 256, 3), 10, np.uint8)
    picture[instances == 26001] = 240
    picture[panes] = 0
    picture[instances == 26002] = 77

    rows = encoded(monkeypatch, picture, instances, CARS)
    assert dict(zip(rows.ids.tolist(), rows.features[:, 0].tolist(), strict=True)) == {
        7: 10,
        26001: 240,
        26002: 77,
    }
    assert rows.pixels.tolist() == [(instances == each).sum() for each in rows.ids]


def test_a_person_behind_something_has_legs_where_the_whole_would(monkeypatch) -> None:
    instances = np.full((128, 256), 7, np.int32)
    instances[40:80, 100:124], instances[80:125, 90:134] = 24001, 17
    picture = np.zeros((128, 256, 3), np.uint8)
    picture[40:62, 100:124], picture[62:80, 100:124] = 50, 150  # head, chest and belt
    people = SurfaceLabels(ground=(7,), people=(24,), heads=(35,), legs=(36,))
    rows = encoded(monkeypatch, picture, instances, people)
    assert 90 < rows.features[rows.ids == 24001, 0] < 110


def test_a_lit_lens_tells_of_its_light(monkeypatch) -> None:
    instances = np.full((128, 256), 7, np.int32)
    instances[20:110, 100:140] = 19
    picture = np.full((128, 256, 3), 10, np.uint8)
    picture[20:65, 100:140] = 250  # the upper lens and half of the one below

    lights = SurfaceLabels(ground=(7,), lights=(19,), reds=(38,), ambers=(39,))
    rows = encoded(monkeypatch, picture, instances, lights)
    assert rows.features[rows.ids == 19, 0] == 130


def test_what_shows_nothing_but_parts_has_the_mean_of_all() -> None:
    instances, apart = np.array([[7, 7, 26, 26]]), np.array([[False, True, True, True]])
    rows = mean_rows(torch.tensor([[[1.0, 5.0, 2.0, 4.0]]]), instances, apart)
    assert rows.features[:, 0].tolist() == [1, 3]
    assert rows.pixels.tolist() == [2, 2]
    many = np.full((1, 40), 26)
    apart = np.arange(40)[None] > 1
    rows = mean_rows(torch.arange(40.0)[None, None], many, apart)
    assert rows.features[0, 0] == 19.5
