from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.scene.frame_files import find_frames
from model.scene.labels import load_schema
from model.scene.maps import read_label_map
from model.scene.surface import surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.scene.walls import Walls
from model.training import frames
from model.training.frames import FrameCache, read_frame
from model.training.preprocess import Preprocess


@pytest.fixture
def copied(streets_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(streets_data, tmp_path / "data"))


def test_frames_are_paired_by_name(streets_data: Path) -> None:
    frames = find_frames(streets_data, "train", rgb=False)
    assert len(frames) == 4
    for files in frames:
        assert files.instance is not None
        assert all(files.key in p.name for p in (files.label, files.instance, files.picture))


def test_an_original_cityscapes_tree_is_read(copied: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for role, place in (("label", "gtFine"), ("inst", "gtFine"), ("img", "leftImg8bit")):
        city = tree / place / "train" / "aachen"
        city.mkdir(parents=True, exist_ok=True)
        for path in (copied / f"train_{role}").iterdir():
            shutil.copy(path, city)
    flat = find_frames(copied, "train", rgb=False)
    nested = find_frames(tree, "train", rgb=False)
    assert [f.key for f in nested] == [f.key for f in flat]
    assert all(f.instance is not None and "instanceIds" in f.instance.name for f in nested)
    assert all("labelIds" in f.label.name for f in nested)


def test_rgb_pairs_are_read(edges_data: Path) -> None:
    frames = find_frames(edges_data, "train", rgb=True)
    assert len(frames) == 3
    frame = read_frame(frames[0], None, ConditioningConfig(rgb=True))
    assert frame.labels.shape == frame.picture.shape == (3, 64, 128)
    assert frame.index is None


@pytest.mark.parametrize("role", ["label", "inst", "img"])
def test_a_frame_that_lacks_a_file_is_refused_by_name(copied: Path, role: str) -> None:
    lost = sorted((copied / f"train_{role}").iterdir())[1]
    lost.unlink()
    with pytest.raises(InputError, match="street_000105"):
        find_frames(copied, "train", rgb=False)


def test_a_growing_folder_passes_over_incomplete_frames(copied: Path) -> None:
    sorted((copied / "train_img").iterdir())[1].unlink()
    frames = find_frames(copied, "train", rgb=False, growing=True)
    assert [f.key for f in frames] == ["street_000104", "street_000106", "street_000107"]


def test_unequal_sizes_are_refused_naming_the_file(copied: Path) -> None:
    path = sorted((copied / "train_img").iterdir())[0]
    cv2.imwrite(str(path), np.zeros((64, 64, 3), np.uint8))
    files = find_frames(copied, "train", rgb=False)[0]
    with pytest.raises(InputError, match=path.name):
        read_frame(files, load_schema("cityscapes"), ConditioningConfig())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="train_label"):
        find_frames(tmp_path, "train", rgb=False)


def test_the_cache_keeps_within_its_budget_and_decodes_again(streets_data: Path) -> None:
    found = find_frames(streets_data, "train", rgb=False)
    one = read_frame(found[0], None, ConditioningConfig(spatial_reference=True))
    options = None, torch.device("cpu"), ConditioningConfig(spatial_reference=True)
    small = FrameCache(*options, resize=None, budget=2 * one.nbytes)
    large = FrameCache(*options, resize=None, budget=100 * one.nbytes)
    large.preload(found, workers=2)
    for files in [*found, *found]:
        assert torch.equal(small.get(files).labels, large.get(files).labels)
        assert small.held <= 2 * one.nbytes
    assert large.get(found[0]) is large.get(found[0])


def test_a_full_cache_decodes_nothing_ahead(streets_data: Path) -> None:
    found = find_frames(streets_data, "train", rgb=False)
    one = read_frame(found[0], None, ConditioningConfig())
    budget = round(1.5 * one.nbytes)
    cache = FrameCache(None, torch.device("cpu"), ConditioningConfig(), resize=None, budget=budget)
    read, decoded = cache._read, []

    def counted(files):
        decoded.append(files.key)
        return read(files)

    cache._read = counted  # pyright: ignore
    cache.preload(found, workers=1)
    assert cache.held == one.nbytes
    decoded.clear()
    cache.preload(found, workers=1)
    assert not decoded


def test_processes_decode_what_threads_decode(
    streets_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = find_frames(streets_data, "train", rgb=False)
    conditioning = ConditioningConfig(spatial_reference=True)
    options = load_schema("cityscapes"), torch.device("cpu"), conditioning
    caches = [FrameCache(*options, resize=None, budget=2**30) for _ in range(2)]
    caches[0].preload(files, workers=2)
    monkeypatch.setattr(frames, "MANY", 2)
    caches[1].preload(files, workers=2)
    assert caches[0].held == caches[1].held > 0
    for each in files:
        threads, processes = (cache.get(each) for cache in caches)
        for name in ("labels", "index", "picture", "reference"):
            assert torch.equal(getattr(threads, name), getattr(processes, name))
        assert threads.instances == processes.instances
        np.testing.assert_equal(threads.places, processes.places)


def test_a_frame_brought_to_a_width_keeps_its_labels(streets_data: Path) -> None:
    files = find_frames(streets_data, "train", rgb=False)[0]
    whole = read_frame(files, None, ConditioningConfig(spatial_reference=True))
    resize = Preprocess("scale_width", load_size=128)
    half = read_frame(files, None, ConditioningConfig(spatial_reference=True), resize=resize)
    assert half.size == (64, 128)
    assert set(half.labels.unique().tolist()) <= set(whole.labels.unique().tolist())


def test_walls_of_rendered_streets_are_where_the_renderer_says(copied: Path) -> None:
    schema = load_schema("cityscapes")
    surface = SurfaceLabels(ground=(7,), walls=(11,))
    conditioning = ConditioningConfig(surface=surface)
    files = find_frames(copied, "train", rgb=False)[0]
    assert files.facts == copied / "train_meta" / f"{files.key}.json"
    labels = read_label_map(files.label, schema)
    guessed, known = surface_coordinates(labels, surface), Walls(3.0, 17.0)
    told = surface_coordinates(labels, surface, known)
    assert (told != guessed).any()
    files.facts.parent.mkdir(exist_ok=True)
    for facts, expected in (
        ({"walls": known[:2]}, told),
        ({"walls": None}, guessed),
        ({}, guessed),
    ):
        files.facts.write_text(json.dumps(facts))
        reference = read_frame(files, schema, conditioning).reference
        assert reference is not None
        assert np.array_equal(reference.numpy(), expected)


@pytest.mark.parametrize("content", ["{", '{"walls": "far"}', '{"walls": [1]}', "[]"])
def test_damaged_facts_are_refused_by_name(copied: Path, content: str) -> None:
    files = find_frames(copied, "train", rgb=False)[0]
    assert files.facts is not None
    files.facts.parent.mkdir(exist_ok=True)
    files.facts.write_text(content)
    conditioning = ConditioningConfig(surface=SurfaceLabels((7,), (11,)))
    with pytest.raises(InputError, match=files.facts.name):
        read_frame(files, load_schema("cityscapes"), conditioning)


def test_joints_are_drawn_on_ground_that_is_known_to_be_paved(copied: Path) -> None:
    schema, surface = load_schema("cityscapes"), SurfaceLabels(ground=(7, 8), slabs=(8,))
    files = find_frames(copied, "train", rgb=False)[0]
    assert files.facts is not None
    files.facts.parent.mkdir(exist_ok=True)
    labels = np.full((128, 512), 7, np.uint8)
    labels[:, 300:] = 8
    cv2.imwrite(str(files.label), labels)
    assert files.instance is not None
    cv2.imwrite(str(files.instance), labels.astype(np.uint16))
    cv2.imwrite(str(files.picture), np.zeros((128, 512, 3), np.uint8))
    drawn = {}
    modes = {"road": ("cobblestone", "asphalt"), "sidewalk": ("slabs", "paving", "asphalt")}
    told = [(ground, mode) for ground, names in modes.items() for mode in names]
    for each in (*told, None):
        for features in (0, 3):
            facts = {"modes": {} if each is None else dict([each]), "instances": {}}
            files.facts.write_text(json.dumps(facts))
            conditioning = ConditioningConfig(feature_channels=features, surface=surface)
            reference = read_frame(files, schema, conditioning).reference
            assert reference is not None
            drawn[each, features] = reference.numpy()
    files.facts.write_text("{")  # of no interest without styles of roads
    read_frame(files, schema, ConditioningConfig(spatial_reference=True))
    all_joints = drawn[None, 0]
    assert (all_joints[6, :, :300] < -5).any() and (all_joints[6, :, 300:] < -5).any()
    parts = {("road", "asphalt"): slice(0, 300), ("sidewalk", "asphalt"): slice(300, 512)}
    for (each, features), shown in drawn.items():
        expected = all_joints.copy()
        if features and each in parts:
            plain = expected[6, :, parts[each]]
            plain[:] = np.maximum(plain, 0)
        assert np.array_equal(shown, expected), (each, features)


def test_what_a_house_and_a_traffic_light_are_known_to_lack_is_not_drawn(copied: Path) -> None:
    schema, files = load_schema("cityscapes"), find_frames(copied, "train", rgb=False)[0]
    assert files.facts is not None and files.instance is not None
    files.facts.parent.mkdir(exist_ok=True)
    labels = np.full((384, 768), 11, np.uint8)
    labels[280:], labels[60:180, 440:480] = 7, 19
    instances = labels.astype(np.uint16)
    instances[labels == 11] = 11001
    instances[:280, :300] = 11002
    for file, content in (
        (files.label, labels),
        (files.instance, instances),
        (files.picture, np.zeros((384, 768, 3), np.uint8)),
    ):
        cv2.imwrite(str(file), content)
    lenses = {"reds": (41,), "ambers": (42,), "greens": (43,)}
    surface = SurfaceLabels(ground=(7,), walls=(11,), windows=(44,), lights=(19,), **lenses)
    conditioning = ConditioningConfig(
        label_channels=45, feature_channels=3, spatial_reference=True, surface=surface
    )

    def drawn(light: str, house: str) -> np.ndarray:
        facts = {"modes": {"traffic light": light}, "instances": {"11002": {"mode": house}}}
        assert files.facts is not None
        files.facts.write_text(json.dumps(facts))
        reference = read_frame(files, schema, conditioning).reference
        assert reference is not None
        return reference.numpy()[-2:].astype(int)

    lamp, house = (slice(60, 180), slice(440, 480)), (slice(0, 280), slice(0, 300))
    red, green, amber = (drawn(light, "brick_red") for light in ("red", "green", "amber"))
    middles = (82, 120, 158)  # of the lenses of a light of 120 rows
    for lit, shown in zip(middles, (red, amber, green), strict=True):
        assert [shown[1, row, 460] > 60 for row in middles] == [row == lit for row in middles]
        assert shown[1, *lamp].min() == 0 and shown[0, middles, 460].min() > 60
    plaster, glass = drawn("red", "plaster_white"), drawn("red", "glass")
    assert red[1, *house].min() < -5 and np.array_equal(plaster[1, *house], red[1, *house].clip(0))
    assert np.array_equal(plaster[0], red[0]) and red[0, *house].max() > 60
    assert not glass[1, *house].any() and set(np.unique(glass[0, *house])) == {-127, 0}
    rest = np.ones(labels.shape, bool)
    rest[house] = False
    assert np.array_equal(glass[:, rest], red[:, rest])


def test_frames_show_parts_of_people_as_of_whole_ones(copied: Path) -> None:
    schema, files = load_schema("cityscapes"), find_frames(copied, "train", rgb=False)[0]
    assert files.instance is not None
    labels = np.full((128, 256), 7, np.uint8)
    labels[20:50, 100:120], labels[40:100, 90:130] = 24, 13  # behind a fence, 30 rows of 60
    instances = labels.astype(np.uint16)
    instances[labels == 24] = 24001
    picture = np.zeros((128, 256, 3), np.uint8)
    for file, content in (
        (files.label, labels), (files.instance, instances), (files.picture, picture),
    ):  # fmt: skip
        cv2.imwrite(str(file), content)
    surface = SurfaceLabels(ground=(7,), people=(24,), legs=(36,), heads=(35,))
    conditioning = ConditioningConfig(label_channels=37, spatial_reference=True, surface=surface)
    shown = read_frame(files, schema, conditioning).labels.numpy()
    assert not (shown == 36).any() and (shown[20:30, 100:120] == 35).any()


def test_frames_show_the_ground_through_wheels_of_bicycles(copied: Path) -> None:
    schema, files = load_schema("cityscapes"), find_frames(copied, "train", rgb=False)[0]
    assert files.facts is not None and files.instance is not None
    labels = np.full((128, 256), 7, np.uint8)
    labels[60:110, 100:180] = 33
    instances = labels.astype(np.uint16)
    instances[labels == 33] = 33001
    for file, content in (
        (files.label, labels),
        (files.instance, instances),
        (files.picture, np.zeros((128, 256, 3), np.uint8)),
    ):
        cv2.imwrite(str(file), content)
    files.facts.parent.mkdir(exist_ok=True)
    files.facts.write_text(json.dumps({"modes": {}, "instances": {"33001": {"mode": "red"}}}))
    surface = SurfaceLabels(ground=(7,), cycles=(33,), spoked=(33,))
    conditioning = ConditioningConfig(spatial_reference=True, surface=surface)
    frame = read_frame(files, schema, conditioning, modes=("bicycle/red",))
    assert frame.index is not None and frame.modes is not None
    hub, saddle = (110 - 16, 100 + 15), (65, 140)
    assert frame.labels[hub] == 7 and frame.labels[saddle] == 33
    assert frame.modes[frame.index[hub]] == -1 and frame.modes[frame.index[saddle]] == 0
