"""Every format: export, then import, gives the same maps; files of others are understood."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from model.errors import MapError
from model.formats import FORMATS
from model.formats.foreign import UnknownLabels
from model.formats.importing import import_scene
from model.scene.labels import CITYSCAPES_NAME, load_schema, numbered_schema
from model.scene.scene import Scene

SCHEMA = load_schema(CITYSCAPES_NAME)
IDS = (7, 11, 18, 26, 26000, 26001, 26007, 24001, 0, 33999)
BY_ID = pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)


def scene_of(ids) -> Scene:
    instances = np.array(ids, np.int32)
    labels = np.where(instances >= 1000, instances // 1000, instances).astype(np.uint8)
    return Scene(SCHEMA, labels, instances)


def random_scene(seed: int, height=40, width=60) -> Scene:
    """Rectangles, rings, pixels and diagonal lines: holes, islands, corners that touch."""
    random = np.random.default_rng(seed)
    instances = np.full((height, width), 7, np.int32)
    for _ in range(30):
        y, x, h, w = (int(random.integers(1, side)) for side in (height, width, 12, 16))
        instances[y - 1 : y + h, x - 1 : x + w] = random.choice(IDS)
        if random.random() < 0.5:
            instances[y : y + h - 2, x : x + w - 2] = random.choice(IDS)
    np.fill_diagonal(instances[5:], random.choice(IDS))
    noisy = random.random(instances.shape) < 0.05
    instances[noisy] = random.choice(IDS, noisy.sum())
    return scene_of(instances)


def check(kind, scene: Scene, folder) -> None:
    path = folder / f"street{kind.ending}"
    kind.write(path, scene)
    again = import_scene(path, scene.schema, {})
    np.testing.assert_array_equal(again.label_map, scene.label_map)
    np.testing.assert_array_equal(again.instance_map, scene.instance_map)


@BY_ID
@pytest.mark.parametrize("seed", range(6))
def test_export_then_import_gives_the_same_maps(kind, seed, tmp_path):
    check(kind, random_scene(seed), tmp_path)


@BY_ID
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(st.sampled_from(IDS), min_size=7, max_size=7), min_size=1, max_size=7))
def test_any_small_map_survives(kind, tmp_path, ids):
    check(kind, scene_of(ids), tmp_path)


@BY_ID
def test_schemas_with_the_label_0_and_equal_colours_survive(kind, tmp_path):
    schema = numbered_schema(35)
    labels = np.arange(35, dtype=np.uint8).reshape(5, 7)
    check(kind, Scene(schema, labels, labels.astype(np.int32)), tmp_path)


def test_original_cityscapes_polygons_are_painted_in_order(tmp_path):
    path = tmp_path / "a_gtFine_polygons.json"
    square = [[2, 2], [5, 2], [5, 5], [2, 5]]
    objects = [
        {"label": "road", "polygon": [[0, 0], [9, 0], [9, 7], [0, 7]]},
        {"label": "car", "polygon": square},
        {"label": "car", "polygon": [[x + 3, y] for x, y in square]},
        {"label": "persongroup", "polygon": [[0, 7], [1, 7]]},
        {"label": "license plate", "polygon": [[3, 3]]},
    ]
    path.write_text(json.dumps({"imgHeight": 8, "imgWidth": 10, "objects": objects}))
    scene = import_scene(path, SCHEMA, {})
    assert scene.instance_map[3, 2] == 26000
    assert scene.instance_map[3, 5] == scene.instance_map[3, 8] == 26001
    assert scene.instance_map[7, 0] == 24
    assert scene.instance_map[0, 0] == 7


def test_labelme_groups_and_shapes_are_understood(tmp_path):
    path = tmp_path / "a.json"
    shapes = [
        {"label": "sky", "points": [[0, 0], [9, 9]], "shape_type": "rectangle"},
        {"label": "car", "points": [[1, 1], [2, 2]], "shape_type": "rectangle", "group_id": 1},
        {"label": "car", "points": [[5, 5], [6, 6]], "shape_type": "rectangle", "group_id": 1},
        {"label": "car", "points": [[8, 8], [8, 8]], "shape_type": "circle", "group_id": None},
    ]
    path.write_text(json.dumps({"imageHeight": 10, "imageWidth": 10, "shapes": shapes}))
    ids = import_scene(path, SCHEMA, {}).instance_map
    assert ids[1, 1] == ids[6, 6] != ids[8, 8]
    assert {int(ids[1, 1]), int(ids[8, 8])} == {26000, 26001}


def test_unknown_labels_are_counted_and_a_mapping_names_them(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.array([[7, 200, 200], [7, 7, 255]], np.uint8)).save(path)
    with pytest.raises(UnknownLabels, match=r"200, 255; 3 pixels") as caught:
        import_scene(path, SCHEMA, {})
    assert caught.value.counts == {"200": 2, "255": 1}
    scene = import_scene(path, SCHEMA, {"200": 26, "255": 0})
    assert scene.label_map.tolist() == [[7, 26, 26], [7, 7, 0]]


def test_palette_files_are_read_by_index(tmp_path):
    path = tmp_path / "a.png"
    image = Image.fromarray(np.array([[7, 26]], np.uint8), "L").convert("P")
    image.putpalette([255, 0, 0] * 256)
    image.save(path)
    assert import_scene(path, SCHEMA, {}).label_map.tolist() == [[7, 26]]


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "3", '{"shapes": 3}', '{"shapes": [], "imageWidth": 1e99, "imageHeight": 4}',
        '{"shapes": [], "imageWidth": 90000, "imageHeight": 90000}',
        '{"imgHeight": 4, "imgWidth": 4, "objects": [{"label": "car", "polygon": [[1e300, 0]]}]}',
        '{"imgHeight": 4, "imgWidth": 4, "objects": [{"label": "car"}]}',
        '{"annotations": [], "categories": []}',
        '{"annotations": [{"file_name": "../x.png", "segments_info": []}], "categories": []}',
        '{"shapes": [{"label": "car", "points": [["a", 1]]}], "imageWidth": 4, "imageHeight": 4}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_malformed_json_is_refused_in_one_sentence(text, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(MapError, match=r"a\.json"):
        import_scene(path, SCHEMA, {})


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + bytes(60)])
def test_damaged_archives_are_refused(content, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(MapError, match=r"a\.zip"):
        import_scene(path, SCHEMA, {})


def test_archives_of_something_else_are_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("labelmap.txt", "nonsense")
        archive.writestr("SegmentationClass/a.png", b"no png")
    with pytest.raises(MapError, match=r"a\.zip"):
        import_scene(path, SCHEMA, {})
