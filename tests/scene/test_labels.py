from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.errors import SchemaError
from model.scene.labels import (
    SCHEMA_FOLDER,
    Label,
    LabelSchema,
    label_colors,
    label_of,
    load_schema,
    numbered_schema,
)

VISUAL = Path(__file__).parents[1] / "golden" / "arrays" / "visual.npz"


@pytest.mark.parametrize("path", sorted(SCHEMA_FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_bundled_schema_loads_under_its_own_name(path):
    schema = load_schema(path.stem)
    assert schema.name == path.stem
    assert load_schema(path) == schema
    for label in schema:
        assert schema.by_id(label.id) is label
        assert schema.by_name(label.name) is label
        assert label.id in schema
        assert tuple(schema.palette[label.id]) == label.color


def test_cityscapes_has_the_labels_its_maps_use():
    schema = load_schema("cityscapes")
    assert schema.ids == tuple(range(34))
    assert [label.id for label in schema if label.has_instances] == list(range(24, 34))
    evaluated = sorted(label.train_id for label in schema if label.train_id != 255)
    assert evaluated == list(range(19))
    assert schema.by_name("bicycle").train_id == 18
    assert schema.by_id(23).name == "sky"
    assert 34 not in schema
    assert 255 not in schema


@pytest.mark.parametrize("count", [8, 20, 35, 36, 183, 256])
def test_numbered_schemas_have_the_official_colours(count):
    with np.load(VISUAL, allow_pickle=False) as visual:
        expected = visual[f"cmap_{count}"]
    schema = load_schema(f"numbered-{count}")
    assert schema.ids == tuple(range(count))
    np.testing.assert_array_equal(schema.palette[:count], expected)
    assert not schema.palette[count:].any()


def test_a_label_map_gets_the_official_colours():
    with np.load(VISUAL, allow_pickle=False) as visual:
        for schema in (load_schema("cityscapes"), numbered_schema(35)):
            colors = label_colors(visual["label"], schema)
            np.testing.assert_array_equal(colors, visual["label_vis"])
            assert colors.dtype == np.uint8


def test_the_palette_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        load_schema("cityscapes").palette[0] = 1


@pytest.mark.parametrize(
    ("instance", "label"), [(0, 0), (26, 26), (999, 999), (1000, 1), (26013, 26)]
)
def test_the_label_of_an_instance_is_its_thousands_when_it_has_any(instance, label):
    assert label_of(instance) == label
    assert type(label_of(instance)) is int
    array = label_of(np.array([[instance]], np.int32))
    assert array.dtype == np.int32
    assert array.tolist() == [[label]]


def test_the_label_of_an_instance_works_on_tensors():
    torch = pytest.importorskip("torch")
    ids = torch.tensor([7, 26000, 33999])
    assert label_of(ids).tolist() == [7, 26, 33]


@pytest.mark.parametrize("name", ["kitties", "numbered-0", "numbered-257"])
def test_an_unknown_schema_is_refused(name):
    with pytest.raises(SchemaError, match=name.removeprefix("numbered-")):
        load_schema(name)


def test_a_refusal_names_the_schemas_there_are():
    with pytest.raises(SchemaError, match="cityscapes"):
        load_schema("kitties")


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'name = "x"',
        'labels = [{ id = 0, name = "a", color = [0, 0, 0] }]',
        'name = "x"\nlabels = []',
        'name = "x"\nlabels = [{ id = 0, name = "a" }]',
        'name = "x"\nlabels = [{ id = 0, name = "a", color = [0, 0] }]',
        'name = "x"\nlabels = [{ id = "zero", name = "a", color = [0, 0, 0] }]',
        'name = "x"\nlabels = [{ id = 256, name = "a", color = [0, 0, 0] }]',
        'name = "x"\nlabels = [{ id = 1, name = "a", color = [0, 0, 300] }]',
        'name = "x"\nlabels = [7]',
        'name = "x"\nlabels = 7',
    ],
)
def test_a_malformed_schema_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"mine\.toml|'x'"):
        load_schema(path)


def test_a_missing_or_binary_schema_file_is_refused_by_name(tmp_path):
    with pytest.raises(SchemaError, match=r"none\.toml"):
        load_schema(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SchemaError, match=r"odd\.toml"):
        load_schema(str(tmp_path / "odd.toml"))


@pytest.mark.parametrize("second", [Label(1, "b", (0, 0, 0)), Label(2, "a", (0, 0, 0))])
def test_labels_with_the_same_id_or_name_are_refused(second):
    with pytest.raises(SchemaError, match="'mine'"):
        LabelSchema("mine", (Label(1, "a", (0, 0, 0)), second))


def test_asking_for_a_label_that_is_not_there_raises_a_key_error():
    schema = load_schema("cityscapes")
    with pytest.raises(KeyError):
        schema.by_id(34)
    with pytest.raises(KeyError):
        schema.by_name("cat")
