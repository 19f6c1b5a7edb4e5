from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from model.errors import ProjectError
from model.scene import project
from model.scene.document import Document
from model.scene.extras import Extras, Pin
from model.scene.files import backup_of
from model.scene.journal import Journal
from model.scene.journal_records import Facts
from model.scene.labels import SCHEMA_FOLDER, Label, LabelSchema, numbered_schema, schema_entries
from model.scene.project import ProjectFile, load_project, save_project
from model.scene.recovery import read_journal
from model.scene.scene import Scene, Style
from tests.builders import scene

STYLES = {26001: Style((0.25, -1.0, 0.1), 3), 7: Style((1 / 3, 0.0, 1e-9))}


def sample(styles=STYLES, previous=None) -> ProjectFile:
    street = scene("bbbb rccr rrrr", "0000 0120 0000")
    content = Scene(street.schema, street.label_map, street.instance_map, styles, revision=9)
    return ProjectFile(content, "streets_1024", 7, previous)


def assert_same(one: Scene, other: Scene) -> None:
    assert one.schema == other.schema
    np.testing.assert_array_equal(one.label_map, other.label_map)
    np.testing.assert_array_equal(one.instance_map, other.instance_map)
    assert one.styles == other.styles


def rewrite(path, changes=None, remove=(), members=None, compression=zipfile.ZIP_STORED):
    """Change the description of a saved project, or add and remove members."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist() if name not in remove}
    if changes:
        description = {**json.loads(content["project.json"]), **changes}
        content["project.json"] = json.dumps(description).encode()
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in {**content, **(members or {})}.items():
            archive.writestr(name, data)


def refusal(path) -> str:
    with pytest.raises(ProjectError) as error:
        load_project(path)
    text = str(error.value)
    assert path.name in text
    assert text.endswith(".")
    assert "\n" not in text
    return text


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "street.labelbrush"
    save_project(path, sample())
    return path


def test_a_project_comes_back_as_it_was_saved(saved):
    loaded = load_project(saved)
    assert_same(loaded.scene, sample().scene)
    assert (loaded.checkpoint, loaded.style_seed, loaded.previous) == ("streets_1024", 7, None)
    assert loaded.scene.revision == 0


def test_the_picture_before_the_edits_comes_back_too(tmp_path):
    before = scene("bbbb rrrr rrrr")
    before = Scene(before.schema, before.label_map, before.instance_map, {7: STYLES[7]})
    path = tmp_path / "street.labelbrush"
    save_project(path, ProjectFile(sample().scene, None, 0, before))
    loaded = load_project(str(path))
    assert_same(loaded.previous, before)
    assert_same(loaded.scene, sample().scene)
    assert loaded.checkpoint is None


def test_a_project_with_a_numbered_schema_comes_back(tmp_path):
    labels = np.full((2, 2), 150, np.uint8)
    content = Scene(numbered_schema(151), labels, labels.astype(np.int32))
    save_project(tmp_path / "a.labelbrush", ProjectFile(content))
    assert_same(load_project(tmp_path / "a.labelbrush").scene, content)


def test_the_maps_inside_are_plain_png_files(saved, tmp_path):
    from model.scene.maps import read_instance_map, read_label_map

    with zipfile.ZipFile(saved) as archive:
        archive.extractall(tmp_path / "parts")
    street = sample().scene
    np.testing.assert_array_equal(read_label_map(tmp_path / "parts/labels.png"), street.label_map)
    np.testing.assert_array_equal(
        read_instance_map(tmp_path / "parts/instances.png"), street.instance_map
    )


def test_a_newer_project_is_refused_with_the_version_it_needs(saved):
    rewrite(saved, {"version": project.VERSION + 1})
    text = refusal(saved)
    assert f"project version {project.VERSION + 1}" in text
    assert "update" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "something-else"},
        {"version": "1"},
        {"version": 0},
        {"version": None},
        {"version": 1, "schema": "kitties"},
        {"version": 1, "schema": "../../../etc/labels.toml"},
        {"schema": "cityscapes"},
        {"schema": {"name": "mine", "labels": []}},
        {"extras": None},
        {"extras": {"names": {"7": 5}, "horizon": None, "hold_still": None}},
        {"extras": {"names": {"7": "a\nb"}, "horizon": None, "hold_still": None}},
        {"extras": {"names": {}, "horizon": float("inf"), "hold_still": None}},
        {"extras": {"names": {}, "horizon": None, "hold_still": 1}},
        {"pins": [{"name": "a", "styles": {}}]},
        {"schema": 5},
        {"checkpoint": 5},
        {"style_seed": "seven"},
        {"style_seed": None},
        {"styles": []},
        {"styles": {"car": {"vector": [1], "cluster": None}}},
        {"styles": {"7": {"vector": [1]}}},
        {"styles": {"7": {"vector": ["x"], "cluster": 1}}},
        {"styles": {"7": {"vector": [float("nan")], "cluster": 1}}},
        {"styles": {"7": None}},
    ],
    ids=str,
)
def test_a_wrong_description_is_refused(saved, changes):
    rewrite(saved, changes)
    refusal(saved)


@pytest.mark.parametrize("name", ["project.json", "labels.png", "instances.png"])
def test_a_project_that_lacks_a_part_is_refused(saved, name):
    rewrite(saved, remove=[name])
    assert name in refusal(saved)


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"format": "labelbrush-project"}']
)
def test_a_description_that_is_none_is_refused(saved, text):
    rewrite(saved, members={"project.json": text})
    refusal(saved)


def test_a_project_cannot_make_us_read_a_schema_elsewhere(saved, tmp_path):
    elsewhere = tmp_path / "mine.toml"
    elsewhere.write_text((SCHEMA_FOLDER / "cityscapes.toml").read_text(encoding="utf-8"))
    rewrite(saved, {"version": 1, "schema": str(elsewhere)})
    refusal(saved)


def test_maps_that_are_wrong_are_refused_and_named(saved, tmp_path):
    with zipfile.ZipFile(saved) as archive:
        instances = archive.read("instances.png")
    rewrite(saved, members={"labels.png": instances})
    assert "labels.png in" in refusal(saved)
    save_project(saved, sample())
    rewrite(saved, members={"instances.png": b"nothing"})
    assert "instances.png in" in refusal(saved)
    other = tmp_path / "other.labelbrush"
    save_project(other, ProjectFile(scene("rr rr")))
    with zipfile.ZipFile(other) as archive:
        rewrite(saved, members={"instances.png": archive.read("instances.png")})
    refusal(saved)


def test_labels_outside_the_schema_are_refused(saved):
    rewrite(saved, {"schema": schema_entries(numbered_schema(20))})
    assert "numbered-20" in refusal(saved)


def test_a_file_cut_short_anywhere_is_refused(saved, tmp_path):
    whole = saved.read_bytes()
    cut = tmp_path / "cut.labelbrush"
    for length in range(0, len(whole), max(1, len(whole) // 64)):
        cut.write_bytes(whole[:length])
        refusal(cut)


def test_a_damaged_file_is_refused_or_read_right(saved, tmp_path):
    rng = np.random.default_rng(0)
    whole = saved.read_bytes()
    damaged_path = tmp_path / "damaged.labelbrush"
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[int(rng.integers(len(whole)))] ^= 1 << int(rng.integers(8))
        damaged_path.write_bytes(damaged)
        try:
            loaded = load_project(damaged_path)
        except ProjectError:
            continue
        assert_same(loaded.scene, sample().scene)


def test_an_archive_that_would_fill_the_memory_is_refused(saved, monkeypatch):
    members = {"labels.png": bytes(2**20)}
    rewrite(saved, members=members, compression=zipfile.ZIP_DEFLATED)
    assert "too large" in refusal(saved)  # for its packed size
    monkeypatch.setattr(project, "MAX_MEMBER_BYTES", 2**19)
    rewrite(saved, members=members)
    assert "too large" in refusal(saved)
    rewrite(saved, members={"labels.png": b""} | {str(n): b"" for n in range(project.MAX_MEMBERS)})
    assert "too many parts" in refusal(saved)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_two_parts_of_one_name_is_refused(saved):
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("labels.png", b"second")
    refusal(saved)


def test_parts_of_other_names_are_neither_read_nor_unpacked(saved, tmp_path):
    rewrite(saved, members={"../evil.txt": b"x", "notes.txt": b"y"})
    assert_same(load_project(saved).scene, sample().scene)
    assert [path.name for path in tmp_path.iterdir()] == [saved.name]


def test_a_missing_file_a_folder_and_another_file_are_refused(tmp_path):
    refusal(tmp_path / "none.labelbrush")
    (tmp_path / "folder.labelbrush").mkdir()
    refusal(tmp_path / "folder.labelbrush")
    (tmp_path / "text.labelbrush").write_text("hello")
    assert "no whole project" in refusal(tmp_path / "text.labelbrush")


def test_many_equal_styles_do_not_trip_the_limits(saved):
    save_project(saved, sample(dict.fromkeys(range(26000, 27000), Style((0.0,) * 8, 0))))
    assert len(load_project(saved).scene.styles) == 1000


def test_a_failed_save_keeps_the_old_project(saved, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(project, "encode_instance_map", fail)
    with pytest.raises(ProjectError, match=r"street\.labelbrush could not be written"):
        save_project(saved, sample({}))
    assert_same(load_project(saved).scene, sample().scene)
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_an_instance_id_that_does_not_fit_is_refused_before_writing(saved):
    labels = np.full((1, 1), 66, np.uint8)
    large = Scene(numbered_schema(70), labels, np.full((1, 1), 66000, np.int32))
    with pytest.raises(ProjectError, match="65535"):
        save_project(saved, ProjectFile(large))
    assert_same(load_project(saved).scene, sample().scene)


def test_before_and_after_have_to_be_the_same_picture(tmp_path):
    with pytest.raises(ValueError, match="size"):
        save_project(tmp_path / "a.labelbrush", ProjectFile(scene("rr"), previous=scene("r")))
    assert list(tmp_path.iterdir()) == []


def test_contradicting_maps_are_repaired_not_refused(tmp_path, caplog):
    labels = np.full((1, 2), 7, np.uint8)
    odd = Scene(scene("r").schema, labels, np.array([[7, 26001]], np.int32))
    save_project(tmp_path / "odd.labelbrush", ProjectFile(odd))
    assert load_project(tmp_path / "odd.labelbrush").scene.instance_map.tolist() == [[7, 7]]
    assert "1 pixels" in caplog.text


def test_the_version_before_is_kept_as_one_backup(saved):
    first = saved.read_bytes()
    save_project(saved, ProjectFile(sample().scene, "another"))
    second = saved.read_bytes()
    assert backup_of(saved).read_bytes() == first
    save_project(saved, sample())
    assert backup_of(saved).read_bytes() == second
    assert sorted(entry.name for entry in saved.parent.iterdir()) == [
        saved.name,
        backup_of(saved).name,
    ]


def own_schema() -> LabelSchema:
    labels = (Label(3, "lawn", (0, 200, 0)), Label(9, "duck", (200, 200, 0), has_instances=True))
    return LabelSchema("my garden", labels)


def garden() -> Scene:
    ids = np.full((3, 5), 3, np.int32)
    ids[1, 1:3] = 9004
    return Scene(own_schema(), np.where(ids == 9004, 9, 3).astype(np.uint8), ids)


def test_a_project_brings_its_own_schema_along(tmp_path):
    save_project(tmp_path / "a.labelbrush", ProjectFile(garden()))
    assert_same(load_project(tmp_path / "a.labelbrush").scene, garden())


def test_a_journal_brings_its_own_schema_along(tmp_path):
    document = Document(garden())
    journal = Journal(tmp_path, document, Facts("garden"))
    with document.edit("Mow"):
        document.paint(document.bounds, np.ones((3, 5), np.bool_), 3, 3)
    journal.close(delete=False)
    assert_same(read_journal(journal.folder).document.snapshot(), document.snapshot())


def test_another_schema_of_a_known_name_is_told_apart(tmp_path):
    known = numbered_schema(4)
    other = LabelSchema(known.name, (*known.labels[:2], Label(2, "moat", (1, 2, 3))))
    labels = np.full((2, 2), 2, np.uint8)
    path = tmp_path / "a.labelbrush"
    for schema in (other, known):
        save_project(path, ProjectFile(Scene(schema, labels.copy(), labels.astype(np.int32))))
        loaded = load_project(path).scene.schema
        assert loaded.labels == schema.labels
        assert (loaded.name == known.name) == (schema is known)
    again = load_project(path)
    save_project(path, again)
    assert load_project(path).scene.schema == again.scene.schema


def test_names_horizon_and_pins_come_back(tmp_path):
    extras = Extras({26001: "the red one", 7: ""}, 12.25, hold_still=False)
    pins = tuple(Pin(f"step {n}", garden(), np.full((2, 3, 3), n, np.uint8)) for n in range(9))
    path = tmp_path / "a.labelbrush"
    save_project(path, ProjectFile(garden(), extras=extras, pins=pins))
    loaded = load_project(path)
    assert loaded.extras == extras
    for before, after in zip(pins, loaded.pins, strict=True):
        assert before.name == after.name
        assert_same(before.scene, after.scene)
        np.testing.assert_array_equal(before.picture, after.picture)


@pytest.mark.parametrize("name", ["9.41.00\u202fAM.png", "9.41.00\u00a0AM.png", "\udce4 photo.png"])
def test_a_pin_with_characters_that_cannot_be_shown_opens_without_them(tmp_path, name):
    pins = (Pin(f"Borrow style of {name}", garden(), np.zeros((2, 3, 3), np.uint8)),)
    path = tmp_path / "a.labelbrush"
    save_project(path, ProjectFile(garden(), pins=pins))
    (pin,) = load_project(path).pins
    shown = name.encode("ascii", "ignore").decode()
    assert pin.name == f"Borrow style of {shown}"


@pytest.mark.parametrize("name", [5, None, ["a"], "a" * 101])
def test_a_pin_whose_name_is_none_is_refused(tmp_path, name):
    path = tmp_path / "a.labelbrush"
    pins = (Pin("", garden(), np.zeros((2, 3, 3), np.uint8)),)
    save_project(path, ProjectFile(garden(), pins=pins))
    rewrite(path, {"pins": [{"name": name, "styles": {}}]})
    refusal(path)
