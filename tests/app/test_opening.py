"""Projects and checkpoints that are opened one upon the other, before the first is there."""

from __future__ import annotations

import argparse
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.checkpoints import bundled_checkpoint
from app.main import configure, start
from app.rendering.controller import RenderController
from app.rendering.worker import EngineSource, RenderWorker
from app.window import MainWindow
from model.errors import CheckpointError, SchemaError
from model.inference.request import Limits
from model.scene.labels import load_schema
from model.scene.project import EXTENSION, ProjectFile, save_project
from model.scene.scene import Scene, Style
from tests.app.fake_engine import FakeEngine
from tests.app.story import finish_jobs

UNREACHABLE = Path("x" * 300)  # asking whether it is there is an error for any user


class Openings:
    """An engine for every checkpoint; each waits for the gate.

    Attributes:
        sources: asked for so far. gate: open at first.
        features, labels: of a checkpoint's styles, and the schema it is for, by its name.
        broken: names of those that cannot be opened.
    """

    def __init__(self) -> None:
        self.sources: list[EngineSource] = []
        self.gate = threading.Event()
        self.gate.set()
        self.features: dict[str, int] = {}
        self.labels: dict[str, str] = {}
        self.broken: set[str] = set()

    def open(self, source):
        self.sources.append(source)
        engine = FakeEngine(source.schema)
        if source.path is not None:
            assert self.gate.wait(20), "the test never opened the gate"
            name = source.path.name
            if name in self.broken:
                raise CheckpointError(f"{name} is damaged.")
            if self.labels.get(name, source.schema.name) != source.schema.name:
                raise SchemaError(f"{name} is for other labels.")
            engine.features = self.features.get(name, 0)
        return engine, ()


@pytest.fixture
def openings():
    return Openings()


@pytest.fixture
def controller(qapp, document, openings):
    running = RenderController(document, RenderWorker(openings.open))
    yield running
    openings.gate.set()
    running.close()


@pytest.fixture
def window(qapp, session, controller, settings):
    """The whole window before any engine was asked for."""
    window = MainWindow(qapp, session, controller, settings)
    window.show()
    yield window
    window.jobs.close()
    window.recovery.close()
    window.hide()
    window.deleteLater()


@pytest.fixture
def idle(window, controller, wait_until):
    def wait() -> None:
        wait_until(lambda: window.jobs.idle and controller.idle)

    return wait


@pytest.fixture
def checkpoint(tmp_path):
    """Makes the folder of a checkpoint."""

    def make(name: str) -> Path:
        (tmp_path / name).mkdir()
        return tmp_path / name

    return make


@pytest.fixture
def project(tmp_path, scene):
    """Makes a project of the small scene, or of another."""

    def make(scene: Scene = scene, **kept) -> Path:
        path = tmp_path / f"mine{EXTENSION}"
        save_project(path, ProjectFile(scene, **kept))
        return path

    return make


@pytest.fixture
def face() -> Scene:
    schema = load_schema("faces")
    labels = np.full((64, 64), schema.ids[1], np.uint8)
    return Scene(schema, labels, labels.astype(np.int32))


def open_project(window, path: Path, wait_until) -> None:
    """Open a project, whatever is being opened otherwise."""
    window.files.open_path(path)
    wait_until(lambda: window.session.path == path)


def start_as_told(window, *arguments: str) -> None:
    parser = argparse.ArgumentParser()
    configure(parser)
    start(window, parser.parse_args(arguments))


def test_styles_stay_for_the_checkpoint_that_the_project_names(
    window, openings, checkpoint, project, scene, source, idle, wait_until
):
    first, own = checkpoint("first"), checkpoint("own")
    openings.features = {"first": 6, "own": 3}
    openings.gate.clear()
    window.checkpoints.start(replace(source, path=first))
    styles = {26000: Style((0.5, 1.0, 0.2), 3)}
    path = project(replace(scene, styles=styles), checkpoint=str(own))
    open_project(window, path, wait_until)
    openings.gate.set()
    idle()
    assert window.checkpoints.in_use() == own
    assert window.session.document.styles == styles and not window.session.modified


def test_styles_go_when_the_checkpoint_that_takes_them_is_refused(
    window, openings, checkpoint, project, scene, source, idle
):
    first, own = checkpoint("first"), checkpoint("own")
    openings.features = {"first": 6}
    openings.broken = {"own"}
    window.checkpoints.start(replace(source, path=first))
    idle()
    styled = replace(scene, styles={26000: Style((0.5, 1.0, 0.2), 3)})
    window.files.open_path(project(styled, checkpoint=str(own)))
    idle()
    assert window.checkpoints.in_use() == first
    assert not window.session.document.styles and window.session.document.can_undo
    assert window.controller.status.exact


def test_a_first_checkpoint_that_is_refused_does_not_replace_the_projects(
    window, openings, checkpoint, project, source, notices, idle, wait_until
):
    first, own = checkpoint("first"), checkpoint("own")
    openings.broken = {"first"}
    openings.gate.clear()
    window.checkpoints.start(replace(source, path=first))
    open_project(window, project(checkpoint=str(own)), wait_until)
    openings.gate.set()
    idle()
    assert window.checkpoints.in_use() == own and window.controller.asked.path == own
    assert not notices


def test_the_checkpoint_of_a_project_with_other_labels_may_be_the_last_one_used(
    window, openings, checkpoint, project, face, source, notices, idle, wait_until
):
    """It is asked for with the opening scene's labels first."""
    faces = checkpoint("faces")
    openings.labels = {"faces": "faces"}
    openings.gate.clear()
    window.checkpoints.start(replace(source, path=faces))
    open_project(window, project(face, checkpoint=str(faces)), wait_until)
    openings.gate.set()
    idle()
    assert window.checkpoints.in_use() == faces and window.controller.status.exact
    assert not notices


@pytest.mark.skipif(bundled_checkpoint() is None, reason="no checkpoint is bundled")
def test_a_start_falls_back_to_the_bundled_checkpoint(
    window, openings, checkpoint, settings, notices, idle
):
    openings.labels = {"faces": "faces"}
    settings.set("files/checkpoint", str(checkpoint("faces")))
    start_as_told(window)
    idle()
    assert window.checkpoints.in_use() == bundled_checkpoint()
    assert [each.text for each in notices] == ["faces is for other labels."]
    assert Path(settings.get("files/checkpoint")) == bundled_checkpoint()  # and so the next time


@pytest.mark.skipif(bundled_checkpoint() is None, reason="no checkpoint is bundled")
def test_limits_that_are_set_during_the_start_leave_it_the_bundled_checkpoint(
    window, openings, checkpoint, settings, idle
):
    openings.broken = {"mine"}
    openings.gate.clear()
    settings.set("files/checkpoint", str(checkpoint("mine")))
    start_as_told(window)
    window.checkpoints.limit(Limits(1000, 100))
    openings.gate.set()
    idle()
    assert window.checkpoints.in_use() == bundled_checkpoint()
    assert window.controller.source.limits == Limits(1000, 100)


@pytest.mark.skipif(bundled_checkpoint() is None, reason="no checkpoint is bundled")
def test_a_start_ends_in_flat_colours_when_nothing_can_be_opened(
    window, openings, checkpoint, settings, idle
):
    openings.broken = {"mine", bundled_checkpoint().name}
    settings.set("files/checkpoint", str(checkpoint("mine")))
    start_as_told(window)
    idle()
    assert [source.path and source.path.name for source in openings.sources] == [
        "mine",
        bundled_checkpoint().name,
        None,
    ]
    assert window.controller.status.exact


def test_a_checkpoint_of_the_command_line_that_is_refused_is_not_replaced(
    window, openings, checkpoint, idle
):
    openings.broken = {"mine"}
    start_as_told(window, "--checkpoint", str(checkpoint("mine")))
    idle()
    assert [source.path and source.path.name for source in openings.sources] == ["mine", None]


def test_a_project_is_painted_with_its_own_checkpoint_not_with_one_still_to_come(
    window, openings, checkpoint, project, source, idle, wait_until
):
    own, other = checkpoint("own"), checkpoint("other")
    window.checkpoints.start(replace(source, path=own))
    idle()
    openings.gate.clear()
    window.checkpoints.open(other)
    open_project(window, project(checkpoint=str(own)), wait_until)
    openings.gate.set()
    idle()
    assert window.checkpoints.in_use() == own


def test_the_seed_of_a_project_counts_for_a_checkpoint_still_to_come(
    window, openings, checkpoint, project, source, idle, wait_until
):
    first = checkpoint("first")
    openings.gate.clear()
    window.checkpoints.start(replace(source, path=first))
    open_project(window, project(style_seed=77), wait_until)
    openings.gate.set()
    idle()
    assert window.checkpoints.in_use() == first
    assert window.controller.source.style_seed == 77


@pytest.mark.parametrize("already", [True, False])
def test_limits_count_for_a_checkpoint_still_to_come(
    window, openings, checkpoint, source, idle, already
):
    first, wanted = checkpoint("first"), checkpoint("wanted")
    if already:
        window.checkpoints.start(replace(source, path=first))
        idle()
    openings.gate.clear()
    if already:
        window.checkpoints.open(wanted)
    else:
        window.checkpoints.start(replace(source, path=wanted))
    window.checkpoints.limit(Limits(1000, 100))
    openings.gate.set()
    idle()
    assert window.checkpoints.in_use() == wanted
    assert window.controller.source.limits == Limits(1000, 100)


def test_trying_again_asks_for_the_picture_that_is_open_by_then(
    window, openings, checkpoint, face, source, notices, idle
):
    openings.broken = {"mine"}
    window.checkpoints.start(replace(source, path=checkpoint("mine")))
    idle()
    window.session.style_seed = 5
    window.session.replace_document(face, None, "face")
    idle()
    openings.broken.clear()
    (again,) = notices[0].actions.values()
    again()
    idle()
    assert window.controller.source.path.name == "mine"
    assert window.controller.source.schema.name == "faces"
    assert window.controller.source.style_seed == 5


@pytest.fixture
def unreachable(tmp_path) -> Path:
    """Like a folder on a disk that does not answer, or in the home of somebody else."""
    path = tmp_path / UNREACHABLE
    with pytest.raises(OSError):
        path.exists()
    return path


@pytest.fixture
def remembered(settings, unreachable) -> Path:
    """A checkpoint beside a recent file, both out of reach."""
    settings.set("files/recent", [str(unreachable / "mine.labelbrush")])
    settings.set("checkpoints/added", [str(unreachable / "checkpoint")])
    settings.set("files/checkpoint", str(unreachable / "checkpoint"))
    return unreachable / "checkpoint"


def test_a_window_opens_whatever_has_become_of_recent_files_and_checkpoints(
    remembered, window, project, notices, idle, wait_until
):
    start_as_told(window)
    idle()
    assert not window.recent.actions()[0].isEnabled()
    assert window.checkpoints.in_use() == bundled_checkpoint()
    assert remembered in [entry.path for entry in window.checkpoint_list.entries()]
    open_project(window, project(checkpoint=str(remembered)), wait_until)
    assert "is not there" in notices[-1].text


def test_a_file_that_is_out_of_reach_is_a_notice(window, unreachable, notices):
    for name in ("mine.labelbrush", "map.png", "map_instanceIds.png", "folder"):
        window.files.open_path(unreachable / name)
        finish_jobs(window)
    assert len(notices) == 4


def test_the_end_of_a_projects_name_may_be_in_capitals(window, project, source, idle):
    window.checkpoints.start(source)
    path = project()
    path = path.rename(path.with_suffix(EXTENSION.upper()))
    window.files.open_path(path)
    idle()
    assert window.session.path == path
