"""Controller and worker: what reaches the engine, what comes back, and failures."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.checkpoints import limits_of
from app.dialogs.memory import MemoryDialog
from app.rendering.status import RenderStatus, Stage
from app.tools.brush import BrushTool
from model.errors import CheckpointError
from model.inference.request import Economy, Limits, ThumbnailRequest, TrialRequest
from model.scene.geometry import Rect
from model.scene.scene import Style
from tests.app.fake_engine import BROKEN_LABEL, FakeEngine


@pytest.fixture
def running(controller, source, wait_until):
    """The controller with its engine open and the first picture painted."""
    controller.open_engine(source)
    wait_until(lambda: controller.idle)
    return controller


def drag(session, label_id: int) -> None:
    session.choose_label(label_id)
    session.set_radius(2)
    tool = BrushTool(session)
    tool.press((10, 10))
    for x in range(11, 60):
        tool.drag((x, 10))
    tool.release((59, 10))


def request(document, styles: int = 3) -> ThumbnailRequest:
    choices = tuple(Style((0.0,), cluster) for cluster in range(styles))
    return ThumbnailRequest(document.revision, 26000, Rect(10, 36, 34, 48), choices, 12)


def test_patches_rebuild_the_scene_however_busy_the_worker_was(
    running, session, document, engine, wait_until
):
    engine.patches.clear()
    rebuilt = document.label_map.copy()
    engine.gate.clear()
    drag(session, 7)
    wait_until(lambda: engine.patches)
    engine.gate.set()
    wait_until(lambda: running.idle)
    for patch in engine.patches:
        rebuilt[patch.rect.slices] = patch.labels
    assert np.array_equal(rebuilt, document.label_map)
    assert len(engine.patches) == 2  # one in flight, everything since in the next


def test_what_was_given_up_is_shown_by_the_result_of_the_next_patch(
    running, session, document, engine, wait_until
):
    engine.patches.clear()
    shown = document.label_map.copy()
    results = []
    running.rendered.connect(lambda result, patch: results.append(patch))
    engine.gate.clear()
    session.choose_label(7)
    tool = BrushTool(session)
    for place in ((10, 10), (60, 40)):  # far apart
        tool.press(place)
        tool.release(place)
        wait_until(lambda: engine.patches)
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert (len(engine.patches), len(results)) == (2, 1)
    for patch in results:
        shown[patch.rect.slices] = patch.labels
    assert np.array_equal(shown, document.label_map)


def test_the_first_patch_is_the_whole_scene_and_later_ones_the_changes(
    running, session, document, engine, wait_until
):
    drag(session, 7)
    wait_until(lambda: running.idle)
    assert engine.patches[0].rect == document.bounds
    assert all(patch.rect.height <= 6 for patch in engine.patches[1:])


def test_only_the_newest_revision_gets_a_final_picture(
    running, session, document, engine, wait_until
):
    results = []
    running.rendered.connect(lambda result, patch: results.append(result))
    engine.gate.clear()
    drag(session, 7)
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert [result.revision for result in results if result.final] == [document.revision]


def test_the_engine_never_runs_on_the_gui_thread(running, engine):
    assert engine.threads
    assert threading.get_ident() not in engine.threads


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no nice values elsewhere")
def test_the_worker_and_threads_that_it_begins_are_nicer_than_the_window(running, wait_until):
    values = []

    def note() -> None:
        values.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def open_renderer(source):
        note()
        begun = threading.Thread(target=note)
        begun.start()
        begun.join()
        return FakeEngine(source.schema), ()

    note()
    running.worker.open_renderer = open_renderer
    running.restart()
    wait_until(lambda: len(values) == 3)
    note()
    window, worker, begun, window_then = values
    assert window < worker == begun
    assert window_then == window


def test_a_failure_is_reported_and_the_next_change_sends_everything(
    running, session, document, engine, wait_until
):
    failures = []
    running.failed.connect(failures.append)
    drag(session, BROKEN_LABEL)
    wait_until(lambda: failures and running.idle)
    assert failures[0].message == "a bicycle is too much"
    assert "RuntimeError" in failures[0].details
    assert running.status.stage is Stage.FAILED
    assert running.status.text == "out of date · painting failed"
    document.undo()
    wait_until(lambda: running.idle)
    assert engine.patches[-1].rect == document.bounds
    assert running.status.exact


def test_a_failure_is_not_tried_again_by_itself(running, session, engine, wait_until):
    drag(session, BROKEN_LABEL)
    wait_until(lambda: running.status.stage is Stage.FAILED and running.idle)
    served = len(engine.patches)
    running.repaint()
    wait_until(lambda: running.idle)
    assert len(engine.patches) == served + 1


def test_the_state_tells_loading_draft_and_exact(controller, engine, session, source, wait_until):
    texts = []
    controller.status_changed.connect(lambda status: texts.append(status.text))
    assert controller.status.text == "flat colours · no checkpoint"
    engine.previews = True
    engine.gate.clear()
    named = replace(source, path=Path("streets"))
    controller.open_engine(named)
    assert controller.status.text == "flat colours (loading streets…)"
    wait_until(lambda: controller.status.stage is Stage.DRAFT)
    assert not controller.status.exact
    engine.gate.set()
    wait_until(lambda: controller.idle)
    assert texts[-1] == "exact · 0.2 s · cpu float32 · fake"
    assert "painting…" in texts and "draft · painting…" in texts


def test_changes_made_while_the_engine_loads_are_in_its_first_patch(
    controller, session, document, engine, source, wait_until
):
    drag(session, 21)
    controller.open_engine(source)
    drag(session, 8)
    wait_until(lambda: controller.idle)
    assert len(engine.patches) == 1
    assert np.array_equal(engine.patches[0].labels, document.label_map)


def test_a_refused_checkpoint_leaves_the_engine_in_use(running, engine, session, wait_until):
    refusals = []
    running.engine_refused.connect(refusals.append)
    engine.refuses = CheckpointError("streets is no checkpoint; choose another folder.")
    running.open_engine(replace(running.source, path=Path("streets")))
    wait_until(lambda: refusals)
    assert refusals[0].message == "streets is no checkpoint; choose another folder."
    assert not refusals[0].details
    drag(session, 21)
    wait_until(lambda: running.idle)
    assert running.status.exact


def test_an_unexpected_error_while_opening_comes_with_its_traceback(running, engine, wait_until):
    refusals = []
    running.engine_refused.connect(refusals.append)
    engine.refuses = ZeroDivisionError("division by zero")
    running.open_engine(replace(running.source, path=Path("streets")))
    wait_until(lambda: refusals)
    assert "division by zero" in refusals[0].message
    assert "Traceback" in refusals[0].details


def test_another_engine_gets_the_whole_scene(running, session, document, engine, wait_until):
    drag(session, 21)
    running.open_engine(running.source)
    wait_until(lambda: running.idle)
    assert engine.patches[-1].rect == document.bounds


def test_results_of_the_document_before_are_not_shown(running, session, scene, engine, wait_until):
    shown = []
    running.rendered.connect(lambda result, patch: shown.append(result.revision))
    engine.gate.clear()
    engine.obeys = False
    drag(session, 21)
    wait_until(lambda: len(engine.patches) == 2)
    session.replace_document(scene, None, "other")
    first = session.document.revision
    running.set_document(session.document)
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert shown == [first]


def test_thumbnails_wait_for_the_picture_and_stop_for_a_stroke(
    running, session, document, engine, wait_until
):
    seen = []
    running.thumbnail.connect(lambda thumbnail: seen.append(thumbnail.style.cluster))
    running.ask_thumbnails(request(document))
    wait_until(lambda: running.idle)
    assert seen == [0, 1, 2]
    engine.gate.clear()
    running.ask_thumbnails(request(document))
    wait_until(lambda: len(engine.requests) == 2)
    drag(session, 21)
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert len(seen) <= 4  # the one in hand may still have come
    assert running.status.exact


def test_thumbnails_asked_for_before_a_change_are_dropped_with_it(
    running, session, document, engine, wait_until
):
    engine.gate.clear()
    drag(session, 21)
    running.ask_thumbnails(request(document))
    drag(session, 8)
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert not engine.requests


def test_a_document_with_an_older_revision_is_refused(running, document):
    with pytest.raises(ValueError, match="revision"):
        running.set_document(document)


def trial(document, cluster: int) -> TrialRequest:
    return TrialRequest(document.revision, 26000, Style((0.0,), cluster), f"Style {cluster}")


def test_of_many_trials_only_the_newest_is_painted(running, document, engine, wait_until):
    shown = []
    running.trial_changed.connect(shown.append)
    engine.gate.clear()
    running.ask_trial(trial(document, 0))
    wait_until(lambda: engine.trials)
    for cluster in range(1, 9):
        running.ask_trial(trial(document, cluster))
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert [request.style.cluster for request in engine.trials] == [0, 8]
    assert [each.request.style.cluster for each in shown] == [8]
    assert running.status.trial == "Style 8"
    running.drop_trial()
    assert shown[1:] == [None]
    assert running.status.exact and not running.status.trial


def test_a_trial_interrupts_thumbnails_which_go_on_afterwards(
    running, document, engine, wait_until
):
    seen, shown = [], []
    running.thumbnail.connect(lambda thumbnail: seen.append(thumbnail.style.cluster))
    running.trial_changed.connect(lambda each: shown.append(len(seen)))
    engine.gate.clear()
    running.ask_thumbnails(request(document, 5))
    wait_until(lambda: engine.requests)
    running.ask_trial(trial(document, 7))
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert seen == [0, 1, 2, 3, 4]
    assert shown[0] < 5
    assert len(engine.requests) == 2


def test_a_stroke_interrupts_a_trial(running, session, document, engine, wait_until):
    shown = []
    running.trial_changed.connect(shown.append)
    engine.gate.clear()
    running.ask_trial(trial(document, 3))
    wait_until(lambda: engine.trials)
    drag(session, 21)
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert not shown
    assert running.status.exact and not running.status.trial


def test_a_failing_trial_is_reported_once(running, document, engine, wait_until):
    failures = []
    running.failed.connect(failures.append)
    engine.trial = lambda request, superseded: 1 / 0
    running.ask_trial(trial(document, 3))
    wait_until(lambda: failures and running.idle)
    assert len(failures) == 1
    assert not running.status.trial


def test_thumbnails_of_an_object_asked_for_before_do_not_count_for_another(
    running, document, engine, wait_until
):
    seen = []
    running.thumbnail.connect(lambda each: seen.append((each.instance_id, each.style.cluster)))
    engine.obeys_asides = False
    engine.gate.clear()
    running.ask_thumbnails(request(document))
    wait_until(lambda: engine.requests)
    running.ask_thumbnails(replace(request(document), instance_id=26001))
    engine.gate.set()
    wait_until(lambda: running.idle)
    assert seen == [(26001, 0), (26001, 1), (26001, 2)]


def test_a_status_says_in_words_what_memory_is_saved_on(engine):
    info = replace(engine.info, device="cuda", precision="float32")
    status = RenderStatus(Stage.EXACT, info)
    assert "memory" not in status.text
    strips = replace(status, economies=(Economy.STRIPS,))
    assert "cuda float32 in strips" in strips.text
    saved = replace(status, economies=(Economy.RECORDING, Economy.PRECISION, Economy.DEVICE))
    assert "memory is full" in saved.text and "cuda" not in saved.text
    for words in ("no recording for previews", "half precision", "on the CPU"):
        assert words in saved.text


def test_memory_limits_are_asked_kept_and_reach_the_engine(window, engine, settings, wait_until):
    window.table.by_id["memory"].trigger()
    (dialog,) = window.findChildren(MemoryDialog)
    dialog._painting.setValue(640)
    dialog._recording.setValue(0)
    dialog.accept()
    wait_until(lambda: engine.sources[-1].limits == Limits(640, 0))
    assert limits_of(settings) == Limits(640, 0)
