"""The engine fails in every way it can: the banner says so, drawing goes on, and it recovers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.rendering.controller import RenderController
from app.rendering.status import Stage
from app.rendering.worker import EngineSource, RenderWorker, open_engine
from model.errors import CheckpointError, InputError, ResourceError
from model.inference.engine import Engine
from model.inference.failure import kind_of
from model.inference.request import FailureKind
from model.scene.document import Document
from tests.app.story import LEFT, Story
from tests.inference.conftest import blocks, checkpoint_folder  # noqa: F401 - a fixture

LOST = "CUDA error: unspecified launch failure"


def cuda_lost() -> Exception:
    return torch.AcceleratorError(LOST)


def really_too_large() -> Exception:
    try:
        torch.empty(10**15)
    except RuntimeError as error:
        return error
    raise AssertionError("this machine has petabytes")


FAULTS = {
    "exception": (lambda: RuntimeError("a pipe burst"), FailureKind.ERROR, "a pipe burst"),
    "assertion": (AssertionError, FailureKind.ERROR, "AssertionError"),
    "numpy": (MemoryError, FailureKind.MEMORY, "too little memory"),
    "nothing left to save": (
        lambda: ResourceError("There is not enough memory."),
        FailureKind.MEMORY,
        "too little memory",
    ),
    "cuda memory": (
        lambda: torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        FailureKind.MEMORY,
        "too little memory",
    ),
    "cpu memory": (really_too_large, FailureKind.MEMORY, "too little memory"),
    "cuda lost": (cuda_lost, FailureKind.DEVICE, "was lost"),
    "cudnn": (
        lambda: RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
        FailureKind.DEVICE,
        "was lost",
    ),
}


@pytest.fixture
def story(window) -> Story:
    story = Story(window)
    window.session.set_radius(3)
    return story


def click(window, text: str) -> None:
    (button,) = [each for each in window.banner.choices if each.text() == text]
    QTest.mouseClick(button, LEFT)


def choices(window) -> list[str]:
    return [button.text() for button in window.banner.choices]


@pytest.mark.parametrize("name", FAULTS)
def test_a_failure_has_a_banner_drawing_goes_on_and_trying_again_mends_it(
    name, window, story, engine, controller, wait_until
):
    make, _, text = FAULTS[name]
    engine.raises = make()
    story.choose("person")
    story.stroke((20, 12), (40, 12))
    wait_until(lambda: window.banner.isVisible() and controller.idle)
    assert text in window.banner.text.text()
    story.stroke((60, 20), (80, 20))
    assert window.session.document.label_map[20, 70] == 24
    wait_until(lambda: controller.idle)
    assert controller.status.stage is Stage.FAILED
    assert window.banner.isVisible() and not window.banner._covered  # one banner, not one a stroke
    engine.raises, opened = None, len(engine.sources)
    click(window, "Try again")
    wait_until(lambda: controller.idle)
    assert len(engine.sources) == opened + 1
    assert engine.patches[-1].rect == window.session.document.bounds
    assert controller.status.exact
    assert window.banner.isHidden()
    assert np.array_equal(
        window.canvas.layers.picture_pixels()[..., 0], window.session.document.label_map
    )


@pytest.mark.parametrize("name", FAULTS)
def test_the_kind_of_a_failure_is_told_also_by_what_caused_it(name):
    make, kind, _ = FAULTS[name]
    assert kind_of(make()) is kind
    try:
        try:
            raise make()
        except BaseException as error:
            raise RuntimeError("the engine cannot go on") from error
    except RuntimeError as error:
        assert kind_of(error) is kind


def test_what_only_mentions_memory_is_no_lack_of_it():
    assert kind_of(InputError("out of memory.png is no picture; choose another.")) is (
        FailureKind.ERROR
    )


def test_the_next_stroke_tries_again_by_itself(window, story, engine, controller, wait_until):
    engine.raises = RuntimeError("once")
    story.stroke((20, 12), (40, 12))
    wait_until(lambda: window.banner.isVisible() and controller.idle)
    engine.raises = None
    story.stroke((60, 20), (80, 20))
    wait_until(lambda: controller.idle)
    assert controller.status.exact
    assert window.banner.isHidden()


def test_the_cpu_is_offered_unless_it_failed_itself(window, story, engine, controller, wait_until):
    engine.raises = cuda_lost()
    story.stroke((20, 12), (40, 12))
    wait_until(lambda: window.banner.isVisible())
    assert choices(window) == ["Try again"]
    engine.device = "cuda:0"
    click(window, "Try again")
    wait_until(lambda: window.banner.isVisible())
    assert choices(window) == ["Try again", "Use the CPU"]
    assert "cuda:0" in window.banner.text.text()
    engine.raises, engine.device = None, "cpu"
    click(window, "Use the CPU")
    wait_until(lambda: controller.idle)
    assert controller.status.exact
    assert engine.sources[-1].device == "cpu"
    window.checkpoints.open(Path("another"))
    wait_until(lambda: controller.idle)
    assert engine.sources[-1].device == "cpu"


def test_details_are_copied_with_traceback_and_engine(window, story, engine, wait_until):
    engine.raises = cuda_lost()
    story.stroke((20, 12), (40, 12))
    wait_until(lambda: window.banner.isVisible())
    QTest.mouseClick(window.banner.copy, LEFT)
    copied = QGuiApplication.clipboard().text()
    assert "Traceback" in copied and LOST in copied and "fake on cpu in float32" in copied
    assert window.banner.isVisible()


def test_a_notice_does_not_make_the_failure_forgotten(window, story, engine, wait_until):
    from app.errors import Notice

    engine.raises = RuntimeError("a pipe burst")
    story.stroke((20, 12), (40, 12))
    wait_until(lambda: window.banner.isVisible())
    window.show_notice(Notice("Something else."))
    QTest.mouseClick(window.banner.dismiss, LEFT)
    assert "a pipe burst" in window.banner.text.text()


def test_a_checkpoint_that_cannot_be_opened_again_leaves_flat_colours(
    window, story, engine, controller, wait_until
):
    window.checkpoints.open(Path("streets"))
    wait_until(lambda: controller.idle)
    engine.raises = cuda_lost()
    story.stroke((20, 12), (40, 12))
    wait_until(lambda: window.banner.isVisible())
    engine.raises, engine.refuses = None, CheckpointError("streets is gone; choose another.")
    click(window, "Try again")
    wait_until(lambda: controller.idle)
    assert window.banner.text.text() == "streets is gone; choose another."
    assert controller.source.path is None
    assert controller.status.exact


class Breaking:
    """A real engine that fails between two layer groups when its fuse has burnt down."""

    def __init__(self, engine: Engine, fuses: list[int]) -> None:
        self._engine, self._fuses = engine, fuses

    @property
    def info(self):
        return self._engine.info

    def render(self, patch, superseded):
        def burning() -> bool:
            if self._fuses:
                self._fuses[0] -= 1
                if self._fuses[0] < 0:
                    self._fuses.pop(0)
                    raise cuda_lost()
            return superseded()

        return self._engine.render(patch, burning)

    def thumbnails(self, request, superseded):
        return self._engine.thumbnails(request, superseded)


@pytest.mark.parametrize("restarts", [False, True])
def test_after_a_failure_anywhere_in_a_frame_the_next_is_a_fresh_one_bit_for_bit(
    restarts,
    qapp,
    checkpoint_folder,  # noqa: F811
    wait_until,
):
    document = Document(blocks(32, 64))
    fuses: list[int] = []

    def opener(source: EngineSource):
        engine, splits = open_engine(source)
        assert isinstance(engine, Engine)
        return Breaking(engine, fuses), splits

    controller = RenderController(document, RenderWorker(opener))
    frames, failures = [], []
    controller.rendered.connect(lambda result, _: frames.append(result))
    controller.failed.connect(failures.append)
    source = EngineSource(checkpoint_folder, document.schema, "cpu", "float32")
    controller.open_engine(source)
    wait_until(lambda: controller.status.exact)
    fresh, _ = open_engine(source)
    assert isinstance(fresh, Engine)
    for after in (1, 4, 9):
        fuses[:] = [after]
        paint(document, row=after)
        wait_until(lambda: not fuses and controller.idle)
        assert failures and controller.status.stage is Stage.FAILED
        failures.clear()
        if restarts:
            controller.restart()
        else:
            paint(document, row=after + 1)
        wait_until(lambda: controller.status.exact)
        assert frames[-1].final and frames[-1].revision == document.revision
        assert np.array_equal(frames[-1].pixels, fresh.picture(document.snapshot()))
    assert controller.close()


def paint(document: Document, row: int) -> None:
    rect = replace(document.bounds, y0=row, y1=row + 2)
    with document.edit("Row"):
        document.paint(rect, np.ones((2, rect.width), np.bool_), 7, 7)
