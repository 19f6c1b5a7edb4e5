"""Objects: selecting several, removing with candidates, moving, duplicating; locks and modes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.object_edits import (
    can_refill,
    duplicate_selection,
    next_filling,
    nudge_selection,
    remove_selection,
)
from app.session import EditorSession
from app.tools.brush import BrushTool
from app.tools.eraser import EraserTool
from app.tools.fill import FillTool
from app.tools.select import SelectTool
from model.scene.extras import Extras
from model.scene.protection import PaintOver
from model.scene.raster import square
from model.scene.scene import Style

SHIFT = Qt.KeyboardModifier.ShiftModifier


def drag(tool, *points):
    tool.press(points[0])
    for point in points[1:]:
        tool.drag(point)
    tool.release(points[-1])


@pytest.fixture
def tall(scene) -> EditorSession:
    """A bus in front of a building, trees and sky: the candidates for its place differ."""
    labels, instances = scene.label_map.copy(), scene.instance_map.copy()
    labels[16:32, :78], instances[16:32, :78] = 11, 11
    labels[2:24, 86:], instances[2:24, 86:] = 21, 21
    labels[4:44, 70:86], instances[4:44, 70:86] = 28, 28000
    return EditorSession(type(scene)(scene.schema, labels, instances))


def test_what_is_selected_can_be_dragged_by_its_gaps_and_clicked_through(tall):
    document, gap = tall.document, (78.0, 30.0)
    with document.edit("Window"):
        document.paint(*square(gap, gap, 2.0), 7, 7)
    tool = SelectTool(tall)
    drag(tool, gap)
    assert tall.selected == (7,)  # nothing was selected yet: the road is
    tall.select(28000)
    drag(tool, gap, (80.0, 30.0), (84.0, 30.0))
    assert tall.selected == (28000,)
    assert document.undo_name == "Move bus"
    under = int(document.instance_map[30, 84])
    drag(tool, (84.0, 30.0))
    assert tall.selected == (under,) != (28000,)


def test_candidates_for_the_place_are_cycled_within_one_undo_step(tall):
    document = tall.document
    before = document.label_map.copy()
    tall.select(28000)
    remove_selection(tall)
    seen = []
    for _ in range(4):
        assert document.history.names == ("Remove bus",)
        seen.append(document.label_map.tobytes())
        next_filling(tall)
    assert seen[0] != seen[1] != seen[2]
    assert len(set(seen)) == 3 and seen[3] == seen[0]
    document.undo()
    assert np.array_equal(document.label_map, before)
    assert not can_refill(tall)


def test_candidates_are_offered_only_right_after_the_removal(tall):
    tall.select(28000)
    remove_selection(tall)
    tall.choose_label(21)
    drag(BrushTool(tall), (5.0, 5.0))
    maps = tall.document.label_map.copy()
    next_filling(tall)
    assert np.array_equal(tall.document.label_map, maps)


def test_a_removal_in_one_document_is_not_refilled_in_the_next(tall, scene):
    tall.select(28000)
    remove_selection(tall)
    tall.replace_document(scene, None, "other")
    tall.select(17)
    tall.document.set_styles("Any step", {26000: Style((0.0,), 0)})
    assert tall.document.history.position == 1
    assert not can_refill(tall)


def test_the_candidates_of_a_move_keep_the_object_selected(tall):
    tall.select(28000)
    nudge_selection(tall, 10, 0)
    next_filling(tall)
    assert tall.selected == (28000,)
    assert tall.document.history.names == ("Move bus",)


def test_several_objects_are_removed_together(session, document):
    session.select_many((26000, 26001))
    remove_selection(session)
    assert document.history.names == ("Remove 2 objects",)
    assert session.selected == ()


def test_toggling_adds_to_the_selection_and_takes_away(session):
    session.toggle_selected(26000)
    session.toggle_selected(26001)
    assert session.selected == (26001, 26000) and session.selection == 26001
    session.toggle_selected(26001)
    assert session.selected == (26000,)


def test_nudging_moves_by_whole_pixels_and_surfaces_stay(session, document):
    session.select(26000)
    nudge_selection(session, 3, 1)
    assert (document.instance_map[37:49, 13:37] == 26000).all()
    session.select(7)
    nudge_selection(session, 3, 1)
    assert document.history.position == 1


def test_a_duplicate_is_beside_and_selected(session, document):
    session.select(26000)
    duplicate_selection(session)
    assert session.selected == (26002,)
    assert (document.instance_map == 26002).sum() == (document.instance_map == 26000).sum()


def test_a_duplicate_does_not_go_by_the_name_of_an_object_that_was_removed(session, document):
    session.select(26001)
    session.rename(26001, "my taxi")
    remove_selection(session)
    session.select(26000)
    duplicate_selection(session)
    assert session.selected == (26002,) and session.name_of(26002) == "car 3"
    session.replace_document(document.snapshot(), None, "again", Extras({26005: "a taxi"}))
    assert 26005 in session.document.taken_ids


def refusals(session) -> list[bool]:
    seen: list[bool] = []
    session.refused.connect(lambda: seen.append(True))
    return seen


def test_locked_labels_are_painted_around_and_a_stroke_on_them_alone_is_refused(session, document):
    seen = refusals(session)
    session.set_protection(locked=frozenset({26}))
    session.choose_label(21)
    session.set_radius(3)
    drag(BrushTool(session), (14.0, 42.0), (50.0, 42.0))
    assert (document.label_map[36:48, 10:34] == 26).all()
    assert document.label_map[42, 45] == 21
    assert not seen
    drag(BrushTool(session), (20.0, 42.0), (24.0, 42.0))
    FillTool(session).press((20.0, 42.0))
    drag(EraserTool(session), (20.0, 42.0))
    session.select(26000)
    remove_selection(session)
    assert len(seen) == 4
    assert document.history.position == 1


def test_painting_only_over_one_label_or_inside_one_object(session, document):
    session.choose_label(21)
    session.set_radius(6)
    session.set_protection(over=PaintOver.LABEL, label_id=23)
    drag(BrushTool(session), (50.0, 32.0))
    assert set(np.unique(document.label_map[32:40, 44:56])) == {7}
    assert document.label_map[30, 50] == 21
    session.set_protection(over=PaintOver.INSTANCE, instance_id=26000)
    drag(BrushTool(session), (10.0, 40.0))
    changed = document.label_map == 21
    assert changed[40, 11] and not changed[40, 8]


def test_the_bucket_takes_a_whole_object_with_shift(session, document):
    with document.edit("Split the car"):
        document.paint(*square((22.0, 42.0), (22.0, 42.0), 7), 17, 17)
    session.choose_label(27)
    FillTool(session).press((12.0, 40.0), SHIFT)
    assert not (document.instance_map == 26000).any()
    assert (document.label_map[36:48, 30:34] == 27).all()


def test_a_square_brush_paints_squares(session, document):
    session.choose_label(21)
    session.set_radius(4)
    session.set_square(True)
    drag(BrushTool(session), (60.0, 50.0), (70.0, 50.0))
    ys, xs = np.nonzero(document.label_map == 21)
    assert (xs.min(), xs.max() + 1, ys.min(), ys.max() + 1) == (56, 74, 46, 54)
    assert len(xs) == 18 * 8


def test_another_document_keeps_locks_of_labels_it_has_but_not_the_mode(session, scene):
    session.set_protection(over=PaintOver.INSTANCE, locked=frozenset({26, 254}), instance_id=5)
    session.replace_document(scene, None, "again")
    assert session.protection.over is PaintOver.UNLOCKED
    assert session.protection.locked == {26}
