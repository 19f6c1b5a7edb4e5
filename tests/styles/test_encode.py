"""What of a picture belongs to an instance."""

from __future__ import annotations

from dataclasses import replace
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
from model.styles.clusters import mean_rows
from model.styles.encode import encode_instances

CARS = SurfaceLabels(ground=(7,), vehicles=(26,), panes=(38,))


def conditioning_of(surface: SurfaceLabels) -> ConditioningConfig:
    return ConditioningConfig(label_channels=39, spatial_reference=True, surface=surface)


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

    def plainly(_: object, __: object, seen: np.ndarray, ___: int | None) -> torch.Tensor:
        return torch.from_numpy(seen).permute(2, 0, 1)[:1].float()

    monkeypatch.setattr(encode, "encode_picture", plainly)
    told = {}
    for spoked in ((), (33,)):
        surface = SurfaceLabels(ground=(7,), cycles=(33,), spoked=spoked)
        conditioning = ConditioningConfig(spatial_reference=True, surface=surface)
        checkpoint: Any = SimpleNamespace(conditioning=conditioning, facts={})
        rows = encode_instances(checkpoint, checkpoint, picture, instances)
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

    def plainly(_: object, __: object, seen: np.ndarray, ___: int | None) -> torch.Tensor:
        return torch.from_numpy(seen).permute(2, 0, 1)[:1].float()

    monkeypatch.setattr(encode, "encode_picture", plainly)
    checkpoint: Any = SimpleNamespace(conditioning=conditioning_of(CARS), facts={})
    rows = encode_instances(checkpoint, checkpoint, picture, instances)
    assert dict(zip(rows.ids.tolist(), rows.features[:, 0].tolist(), strict=True)) == {
        7: 10,
        26001: 240,
        26002: 77,
    }
    assert rows.pixels.tolist() == [(instances == each).sum() for each in rows.ids]
    lit = replace(CARS, panes=(), reds=(38,))  # a lens tells of its light
    checkpoint.conditioning = conditioning_of(lit)
    rows = encode_instances(checkpoint, checkpoint, picture, instances)
    assert rows.features[rows.ids == 26001, 0] < 240


def test_what_shows_nothing_but_parts_has_the_mean_of_all() -> None:
    instances, apart = np.array([[7, 7, 26, 26]]), np.array([[False, True, True, True]])
    rows = mean_rows(torch.tensor([[[1.0, 5.0, 2.0, 4.0]]]), instances, apart)
    assert rows.features[:, 0].tolist() == [1, 3]
    assert rows.pixels.tolist() == [2, 2]
    many = np.full((1, 40), 26)
    apart = np.arange(40)[None] > 1
    rows = mean_rows(torch.arange(40.0)[None, None], many, apart)
    assert rows.features[0, 0] == 19.5
