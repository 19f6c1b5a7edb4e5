"""What of a picture belongs to an instance."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from model.conditioning import ConditioningConfig
from model.scene.surface_labels import SurfaceLabels
from model.styles import encode
from model.styles.encode import encode_instances


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
