from __future__ import annotations

import shutil
import threading
from concurrent.futures import wait
from pathlib import Path

import pytest
import torch

from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.scene.frame_files import FrameFiles
from model.training import growing as growing_module
from model.training.frames import FrameCache
from model.training.growing import GrowingData

ROLES = ("label", "inst", "img")


def move_frames(source: Path, target: Path, numbers: slice) -> None:
    for role in ROLES:
        (target / f"train_{role}").mkdir(parents=True, exist_ok=True)
        for path in sorted((source / f"train_{role}").iterdir())[numbers]:
            shutil.copy(path, target / f"train_{role}")


def next_found(growth: GrowingData) -> list[FrameFiles]:
    frames = growth.found()
    if frames is None:
        assert growth._search is not None
        wait([growth._search])
        frames = growth.found()
    assert frames is not None
    return frames


@pytest.fixture
def cache() -> FrameCache:
    return FrameCache(None, torch.device("cpu"), ConditioningConfig(), resize=None, budget=2**30)


def test_new_frames_are_given_out_once_they_are_decoded(
    streets_data: Path, tmp_path: Path, cache: FrameCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_frames(streets_data, tmp_path, slice(0, 2))
    growth = GrowingData(tmp_path, cache, rgb=False, workers=1)
    assert growth.found() is None  # it was searched just now
    monkeypatch.setattr(growing_module, "RESCAN_SECONDS", 0.0)
    assert [files.key for files in next_found(growth)] == ["street_000104", "street_000105"]
    one = cache.held
    move_frames(streets_data, tmp_path, slice(2, 4))
    frames = next_found(growth)
    while len(frames) < 4:  # a search that had begun before
        frames = next_found(growth)
    assert cache.held == 2 * one > 0
    growth.close()


def test_a_frame_that_cannot_be_read_is_said(
    streets_data: Path, tmp_path: Path, cache: FrameCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_frames(streets_data, tmp_path, slice(0, 2))
    broken = sorted((tmp_path / "train_img").iterdir())[1]
    broken.write_bytes(b"no picture")
    monkeypatch.setattr(growing_module, "RESCAN_SECONDS", 0.0)
    growth = GrowingData(tmp_path, cache, rgb=False, workers=1)
    with pytest.raises(InputError, match=broken.name):
        next_found(growth)
    growth.close()


def test_closing_leaves_what_is_not_decoded_yet(
    streets_data: Path, tmp_path: Path, cache: FrameCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_frames(streets_data, tmp_path, slice(0, 4))
    monkeypatch.setattr(growing_module, "RESCAN_SECONDS", 0.0)
    growth = GrowingData(tmp_path, cache, rgb=False, workers=1)
    read, begun = cache._read, threading.Event()

    def slow(files: FrameFiles):
        begun.set()
        growth._stop.wait()
        return read(files)

    cache._read = slow  # pyright: ignore
    assert growth.found() is None
    begun.wait()
    growth.close()
    assert cache.held == 0
