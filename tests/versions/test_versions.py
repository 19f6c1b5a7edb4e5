"""Files of every version that ever was stay readable; newer ones say which version they need."""

from __future__ import annotations

import json
import re
import shutil
import zipfile

import numpy as np
import pytest

from model.errors import CheckpointError, InputError, JournalError, ProjectError
from model.scene.document import Document
from model.scene.extras import Extras
from model.scene.journal_records import Facts, Kind, RecordFile, encode_facts
from model.scene.project import load_project
from model.scene.recovery import read_journal
from model.styles.book import load_book
from model.styles.library import load_library
from tests.safety.stories import digest
from tests.versions.write import (
    DATA,
    SEED,
    STYLE,
    VALUE,
    WRITERS,
    centers,
    edit,
    extras,
    fixture,
    library,
    scene,
    versions,
)


def stored(kind: str) -> list[int]:
    names = (re.fullmatch(rf"{kind}-(\d+)\.?\w*", entry.name) for entry in DATA.iterdir())
    return sorted(int(match[1]) for match in names if match)


def all_versions(kind: str):
    return pytest.mark.parametrize("version", stored(kind))


@pytest.mark.parametrize("kind", WRITERS)
def test_there_is_a_file_of_every_version(kind):
    assert stored(kind) == list(range(1, versions()[kind] + 1)), "python -m tests.versions.write"


def same(one, other) -> None:
    np.testing.assert_array_equal(one.label_map, other.label_map)
    np.testing.assert_array_equal(one.instance_map, other.instance_map)
    assert (one.styles, one.schema) == (other.styles, other.schema)


@all_versions("project")
def test_projects_stay_readable(version):
    project = load_project(fixture("project", version))
    same(project.scene, scene())
    assert project.scene.styles[26001].vector == STYLE[0]
    assert (project.checkpoint, project.style_seed) == ("streets", SEED)
    assert project.previous is not None and not project.previous.styles
    assert project.extras == (extras() if version > 1 else Extras())
    assert len(project.pins) == (version > 1)
    for pin in project.pins:
        same(pin.scene, scene())
        assert pin.name == "Paint car" and (pin.picture == 200).all()


@all_versions("journal")
def test_journals_stay_readable(version, tmp_path):
    folder = tmp_path / "journal"
    shutil.copytree(fixture("journal", version), folder)
    recovered = read_journal(folder)
    expected = Document(scene())
    edit(expected)
    assert digest(recovered.document) == digest(expected)
    assert recovered.document.redo_name == "Paint building"
    assert recovered.facts.unsaved == 3 and recovered.facts.style_seed == SEED
    assert recovered.facts.extras == (extras() if version > 1 else Extras())
    recovered.document.undo()
    same(recovered.document.snapshot(), scene())


@all_versions("styles")
def test_style_books_stay_readable(version):
    book = load_book(fixture("styles", version))
    for label, rows in centers().items():
        np.testing.assert_array_equal(book.centers[label], rows)
    assert bool(book.crops) == (version > 1)


@all_versions("library")
def test_own_styles_stay_readable(version):
    assert load_library(fixture("library", version)) == library()


@all_versions("checkpoint")
def test_checkpoints_stay_readable(version):
    from model.checkpoint import load_encoder, load_generator, open_checkpoint

    opened = open_checkpoint(fixture("checkpoint", version))
    assert opened.facts == {"steps": 12}
    for network in (load_generator(opened), load_encoder(opened)):
        assert network is not None
        assert all((parameter == VALUE).all() for parameter in network.parameters())


@all_versions("state")
def test_states_of_training_stay_readable(version, tmp_path):
    run = resumed(fixture("state", version), tmp_path)
    assert run.step == 3
    for _, network in run.trainer.networks.items():
        assert all((parameter == VALUE).all() for parameter in network.parameters())


def resumed(state, folder):
    import torch

    from model.training.run import Run

    shutil.copy(state, folder / "state.pt")
    return Run.resume(folder, torch.device("cpu"))


def raised(kind: str) -> int:
    return versions()[kind] + 1


def sentence(kind: str) -> str:
    title = {"styles": "style book", "state": "training state"}.get(kind, kind)
    return f"reads {title} version {raised(kind)}, this one reads up to {versions()[kind]}; update"


def test_a_newer_project_says_which_version_it_needs(tmp_path):
    path = tmp_path / "newer.labelbrush"
    with (
        zipfile.ZipFile(fixture("project", versions()["project"])) as old,
        zipfile.ZipFile(path, "w") as new,
    ):
        content = json.loads(old.read("project.json")) | {"version": raised("project")}
        new.writestr("project.json", json.dumps(content))
    with pytest.raises(ProjectError, match=sentence("project")) as refusal:
        load_project(path)
    assert path.name in str(refusal.value)


def test_a_newer_journal_says_which_version_it_needs(tmp_path):
    folder = tmp_path / "journal"
    shutil.copytree(fixture("journal", versions()["journal"]), folder)
    (folder / "steps-000001.log").unlink()
    file = RecordFile(folder / "steps-000001.log")
    now, then = (f'"version": {n}'.encode() for n in (versions()["journal"], raised("journal")))
    file.append(1, Kind.FACTS, encode_facts(Facts()).replace(now, then))
    file.close()
    with pytest.raises(JournalError, match=sentence("journal")):
        read_journal(folder)


def test_a_newer_style_book_says_which_version_it_needs(tmp_path):
    path = tmp_path / "styles.npz"
    with np.load(fixture("styles", versions()["styles"])) as arrays:
        content = dict(arrays) | {"version": np.array(raised("styles"))}
    np.savez(path, **content)
    with pytest.raises(CheckpointError, match=sentence("styles")):
        load_book(path)


def test_a_newer_checkpoint_says_which_version_it_needs(tmp_path):
    from model.checkpoint import open_checkpoint

    folder = tmp_path / "checkpoint"
    shutil.copytree(fixture("checkpoint", versions()["checkpoint"]), folder)
    source = folder / "checkpoint.json"
    content = json.loads(source.read_text("utf-8")) | {"version": raised("checkpoint")}
    source.write_text(json.dumps(content), "utf-8")
    with pytest.raises(CheckpointError, match=sentence("checkpoint")):
        open_checkpoint(folder)


def test_a_newer_state_of_training_says_which_version_it_needs(tmp_path):
    import torch

    path = tmp_path / "newer.pt"
    state = torch.load(fixture("state", versions()["state"]), weights_only=True)
    torch.save(state | {"version": raised("state")}, path)
    with pytest.raises(InputError, match=sentence("state")):
        resumed(path, tmp_path)
