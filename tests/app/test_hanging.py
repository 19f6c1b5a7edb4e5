"""A worker that does not come back: it is noticed, replaced, and never holds up closing."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
from PySide6.QtTest import QTest

from app.rendering.watchdog import Patience, Watchdog
from app.rendering.worker_thread import any_left_running
from model.scene.project import load_project
from tests.app.fake_engine import FakeEngine
from tests.app.story import LEFT, Story
from tests.app.test_failures import choices, click
from tests.app.test_rendering import request
from tests.conftest import ROOT

LATE = 55  # the green of an engine that hung


@pytest.fixture
def patience() -> Patience:
    return Patience(least=0.2, opening=0.2, megapixel=0.0, times=0.0, closing=0.1)


@pytest.fixture
def story(window) -> Story:
    story = Story(window)
    window.session.set_radius(3)
    story.choose("person")
    return story


@pytest.fixture
def engine(schema) -> FakeEngine:
    engine = FakeEngine(schema)
    engine.device, engine.green = "cuda:0", LATE
    return engine


@pytest.fixture
def next_engine(engine, schema) -> FakeEngine:
    """What the worker opens instead of the one that hangs."""
    return FakeEngine(schema)


@pytest.fixture
def hung(window, story, engine, controller, next_engine, wait_until):
    """The window with its engine hanging in a frame, noticed, and drawing going on."""
    engine.gate.clear()
    engine.obeys = False
    controller.worker.open_renderer = next_engine.open
    painted = len(engine.patches)
    story.stroke((20, 12), (40, 12))
    wait_until(lambda: len(engine.patches) > painted and controller.status.silent)
    assert window.banner.isVisible()
    yield window
    engine.gate.set()
    wait_until(lambda: not any_left_running())


def test_a_hanging_engine_is_noticed_and_drawing_goes_on(hung, story, controller):
    assert "no answer" in hung.banner.text.text()
    assert "no answer" in hung.status.state.text()
    story.stroke((60, 20), (80, 20))
    assert hung.session.document.label_map[20, 70] == 24
    assert hung.banner.isVisible()


@pytest.mark.parametrize("choice", ["Try again", "Use the CPU"])
def test_another_worker_takes_over_and_the_old_one_has_no_say_any_more(
    hung, story, engine, next_engine, controller, wait_until, choice
):
    old = controller.worker
    assert choices(hung) == ["Try again", "Use the CPU"]
    click(hung, choice)
    wait_until(lambda: controller.idle)
    assert any_left_running()
    assert controller.worker is not old
    assert controller.status.exact
    assert hung.banner.isHidden()
    expected = hung.session.document.label_map
    engine.gate.set()  # the driver answers after all
    wait_until(lambda: not any_left_running())
    story.stroke((60, 20), (80, 20))
    wait_until(lambda: controller.idle)
    shown = hung.canvas.layers.picture_pixels()
    assert np.array_equal(shown[..., 0], expected)
    assert (shown[..., 1] == next_engine.green).all()
    assert engine.threads.isdisjoint(next_engine.threads)


def test_an_answer_that_comes_late_takes_the_banner_away(
    hung, engine, next_engine, controller, wait_until
):
    engine.gate.set()
    wait_until(lambda: controller.idle)
    assert controller.status.exact
    assert hung.banner.isHidden()
    assert not next_engine.sources


def test_waiting_is_possible_and_the_banner_comes_again(hung, wait_until):
    QTest.mouseClick(hung.banner.dismiss, LEFT)
    assert hung.banner.isHidden()
    wait_until(lambda: hung.banner.isVisible())


def test_an_engine_that_hangs_while_it_opens_is_noticed_as_well(
    window, engine, next_engine, controller, wait_until
):
    gate, opened = threading.Event(), controller.worker.open_renderer

    def slow(source):
        assert gate.wait(20)
        return opened(source)

    controller.worker.open_renderer = slow
    window.checkpoints.open(None)
    wait_until(lambda: window.banner.isVisible())
    controller.worker.open_renderer = next_engine.open
    click(window, "Try again")
    wait_until(lambda: controller.idle)
    assert controller.status.exact and next_engine.patches
    gate.set()
    wait_until(lambda: not any_left_running())


def test_thumbnails_that_do_not_come_are_noticed(controller, document, engine, source, wait_until):
    controller.open_engine(source)
    wait_until(lambda: controller.idle)
    engine.gate.clear()
    controller.ask_thumbnails(request(document))
    wait_until(lambda: controller.status.silent)
    engine.gate.set()
    wait_until(lambda: controller.idle)
    assert not controller.status.silent


def test_the_window_can_be_closed_while_the_engine_hangs(hung, controller):
    path = hung.session.path or ROOT / "street.labelbrush"
    hung.session.mark_saved(path, hung.session.state)
    assert hung.close()
    assert hung.left_running


HANGING_EDITOR = """
import sys, time
from pathlib import Path
from app import main as editor
from app.rendering import controller
from app.rendering.watchdog import Patience
from tests.app.story import Story

controller.Patience = lambda: Patience(closing=0.3)

class Hangs:
    info = None
    def render(self, patch, superseded):
        time.sleep(10**6)
        yield
    def thumbnails(self, request, superseded):
        yield from ()

def open_engine(source):
    from model.inference.flat import FlatRenderer
    hangs = Hangs()
    hangs.info = FlatRenderer(source.schema).info
    return hangs, ()

def start(window, args):
    before(window, args)
    def edit_and_close():
        if not window.controller._busy:
            return later(edit_and_close)
        story = Story(window)
        window.session.set_radius(3)
        story.choose("person")
        story.stroke((20, 12), (40, 12))
        window.jobs.run("A job that hangs", lambda report: time.sleep(10**6))
        window.saving._save_to(Path(sys.argv[1]), close)

    def close():
        window.close()
        assert window.left_running
    later(edit_and_close)

def later(what):
    from PySide6.QtCore import QTimer
    QTimer.singleShot(20, what)

import app.jobs
app.jobs.CLOSING_SECONDS = 1
before, editor.start = editor.start, start
editor.open_engine = open_engine
import argparse
parser = argparse.ArgumentParser()
editor.configure(parser)
sys.exit(editor.run(parser.parse_args(["--engine", "flat", "--temp"])))
"""


def test_the_program_ends_and_keeps_the_work_while_engine_and_job_hang(tmp_path):
    saved = tmp_path / "street.labelbrush"
    command = [sys.executable, "-c", HANGING_EDITOR, str(saved)]
    done = subprocess.run(command, cwd=ROOT, timeout=100, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert load_project(saved).scene.label_map[12, 30] == 24


def test_patience_grows_with_the_picture_and_with_what_was_measured(qapp):
    watchdog = Watchdog(Patience(least=60, megapixel=30, times=20))
    assert watchdog.limit(100_000) == 60
    assert watchdog.limit(8_000_000) == 240
    watchdog.measured(2_000_000, 8.0)
    watchdog.measured(2_000_000, 1.0)  # one quick frame does not make it impatient
    assert watchdog.limit(32_000_000) == pytest.approx(2560)
    assert watchdog.limit(2_000_000) == pytest.approx(160)
    assert watchdog.limit(4_000_000) == pytest.approx(320)
    watchdog.forget()
    assert watchdog.limit(8_000_000) == 240
    watchdog.measured(2_000_000, 0.5)  # in one piece; a larger picture may be painted in strips
    assert watchdog.limit(32_000_000) == 960
