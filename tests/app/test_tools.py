"""Tools over the table and one by one, without a window."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.object_edits import relabel_selection, remove_selection
from app.tools import TOOLS
from app.tools.brush import BrushTool
from app.tools.dropper import DropperTool
from app.tools.eraser import EraserTool
from app.tools.fill import FillTool
from app.tools.polygon import PolygonTool
from app.tools.select import SelectTool
from model.scene.raster import capsule
from model.scene.scene import Style

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
STROKE = [(20.0, 8.0), (40.0, 12.0), (50.0, 28.0), (22.0, 40.0)]
CANCELLABLE = [tool for tool in TOOLS if tool is not FillTool]  # a fill is done at once
CHANGING = [BrushTool, EraserTool, FillTool, PolygonTool]


def drag(tool, points, modifiers=Qt.KeyboardModifier.NoModifier, release=True) -> None:
    tool.press(points[0], modifiers)
    for point in points[1:]:
        tool.drag(point)
    if release:
        tool.release(points[-1])


def maps(document) -> tuple[np.ndarray, np.ndarray]:
    return document.label_map.copy(), document.instance_map.copy()


def same(document, before) -> bool:
    return all(np.array_equal(now, then) for now, then in zip(maps(document), before, strict=True))


@pytest.fixture
def brush(session) -> BrushTool:
    session.set_radius(3)
    return BrushTool(session)


@pytest.mark.parametrize("tool_type", TOOLS, ids=lambda tool: tool.icon)
def test_undo_takes_back_whatever_a_tool_did_in_one_step(tool_type, session, document):
    before = maps(document)
    tool = tool_type(session)
    drag(tool, STROKE)
    assert not tool.busy and not document.is_editing
    assert document.history.position <= 1
    document.undo()
    assert same(document, before)


@pytest.mark.parametrize("tool_type", CANCELLABLE, ids=lambda tool: tool.icon)
def test_cancelling_leaves_neither_pixels_nor_history(tool_type, session, document):
    before = maps(document)
    tool = tool_type(session)
    drag(tool, STROKE, release=False)
    tool.cancel()
    assert same(document, before)
    assert not document.can_undo
    assert not document.is_editing
    assert not tool.busy


@pytest.mark.parametrize("tool_type", CHANGING, ids=lambda tool: tool.icon)
def test_tools_that_paint_change_the_document_and_name_the_step(tool_type, session, document):
    before = maps(document)
    session.select(None)
    drag(tool_type(session), STROKE)
    assert not same(document, before)
    assert document.undo_name


@pytest.mark.parametrize("tool_type", TOOLS, ids=lambda tool: tool.icon)
def test_every_tool_has_what_menus_and_tooltips_need(tool_type):
    assert tool_type.name and tool_type.shortcut and tool_type.icon and tool_type.tip
    assert len({tool.shortcut for tool in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize("tool_type", TOOLS, ids=lambda tool: tool.icon)
def test_a_press_outside_the_picture_changes_nothing(tool_type, session, document):
    before = maps(document)
    drag(tool_type(session), [(-90.0, -90.0), (-80.0, -90.0), (-85.0, -70.0)])
    assert same(document, before)
    assert not document.is_editing


def test_the_brush_paints_exactly_the_capsules_between_the_points(session, document, brush):
    expected = document.label_map.copy()
    for start, end in pairwise(STROKE):
        rect, mask = capsule(start, end, 3, document.bounds)
        expected[rect.slices][mask] = 26
    drag(brush, STROKE)
    assert np.array_equal(document.label_map, expected)
    assert document.undo_name == "Paint car"


def test_each_stroke_of_a_counted_label_is_an_object_of_its_own(session, document, brush):
    drag(brush, [(20, 10), (30, 10)])
    drag(brush, [(80, 10), (90, 10)])
    assert document.instance_map[10, 25] == 26002
    assert document.instance_map[10, 85] == 26003
    assert session.selection == 26003


def test_shift_continues_the_last_object(session, document, brush):
    drag(brush, [(20, 10), (30, 10)])
    drag(brush, [(80, 10), (90, 10)], SHIFT)
    assert document.instance_map[10, 85] == document.instance_map[10, 25] == 26002


def test_shift_continues_an_object_that_was_selected(session, document, brush):
    session.select(26000)
    drag(brush, [(80, 10), (90, 10)], SHIFT)
    assert document.instance_map[10, 85] == 26000


def test_shift_does_not_continue_an_object_of_the_document_before(session, brush, scene):
    drag(brush, [(20, 10), (30, 10)])
    session.replace_document(scene, None, "other")
    session.document.set_styles("Taken", {26002: Style((0.0,), 0)})
    assert session.stroke_instance(continue_last=True) == 26003


def test_without_new_objects_strokes_continue_the_last_one(session, document, brush):
    session.set_new_instances(False)
    drag(brush, [(20, 10), (30, 10)])
    drag(brush, [(80, 10), (90, 10)])
    assert document.instance_map[10, 85] == document.instance_map[10, 25]


def test_surfaces_have_one_instance_their_label(session, document, brush):
    session.choose_label(21)
    drag(brush, [(20, 10), (30, 10)])
    assert document.instance_map[10, 25] == 21
    assert session.selection is None


def test_the_eraser_lets_the_surroundings_close_the_gap(session, document):
    session.set_radius(20)
    drag(EraserTool(session), [(10, 42), (34, 42)])
    assert 26000 not in document.instance_map
    assert (document.label_map[40:48, 10:34] == 7).all()
    assert document.undo_name == "Erase"


def test_the_eraser_shows_its_path_before_it_changes_anything(session, document):
    tool = EraserTool(session)
    before = maps(document)
    drag(tool, STROKE, release=False)
    assert same(document, before)
    assert tool.trace.points == tuple(STROKE)
    assert tool.trace.radius == session.brush.radius


def test_fill_takes_one_region_and_alt_all_of_the_label(session, document):
    session.choose_label(21)
    FillTool(session).press((20.0, 40.0))  # the left car
    assert document.instance_map[40, 20] == 21
    assert document.instance_map[40, 100] == 26001
    session.choose_label(9)
    document.undo()
    FillTool(session).press((20.0, 40.0), ALT)
    assert document.instance_map[40, 20] == document.instance_map[40, 100] == 9


def test_a_lasso_closes_when_the_button_is_released(session, document):
    session.choose_label(21)
    drag(PolygonTool(session), [(70, 5), (80, 5), (80, 15), (70, 15)])
    assert (document.label_map[5:15, 70:80] == 21).all()


def test_a_polygon_is_set_corner_by_corner_and_closed_at_its_first(session, document):
    session.choose_label(21)
    session.reach = 1.0
    tool = PolygonTool(session)
    for corner in [(70, 5), (80, 5), (80, 15), (70, 15)]:
        drag(tool, [corner])
    assert tool.busy and not document.can_undo
    drag(tool, [(70.5, 5.5)])
    assert not tool.busy
    assert (document.label_map[5:15, 70:80] == 21).all()


def test_undo_in_an_open_polygon_takes_back_its_last_corner(session, document):
    tool = PolygonTool(session)
    session.use_tool(tool)
    session.choose_label(21)
    for corner in [(70, 5), (80, 5), (80, 15), (20, 15)]:
        drag(tool, [corner])
    session.undo()
    assert tool.trace.points == ((70, 5), (80, 5), (80, 15))
    for _ in range(3):
        session.undo()
    assert not tool.busy


def test_the_dropper_takes_the_label_under_the_pointer(session):
    DropperTool(session).press((61.0, 20.0))
    assert session.label.name == "pole"
    assert session.brush.previous_label_id == 26


def test_select_picks_the_object_and_nothing_outside(session):
    tool = SelectTool(session)
    tool.press((95.0, 40.0))
    assert session.selection == 26001
    tool.press((-5.0, 40.0))
    assert session.selection is None


def test_removing_the_selection_fills_its_place_and_deselects(session, document):
    session.select(26000)
    remove_selection(session)
    assert 26000 not in document.instance_map
    assert document.undo_name == "Remove car"
    assert session.selection is None


def test_relabelling_the_selection_selects_what_it_became(session, document):
    session.select(26000)
    relabel_selection(session, 27)
    assert session.selection == 27000
    assert (document.label_map[36:48, 10:34] == 27).all()


def test_a_label_without_free_numbers_is_a_notice_not_a_crash(session, document, brush):
    notices = []
    session.noticed.connect(notices.append)
    labels = np.full(document.label_map.shape, 26, np.uint8)
    numbers = np.arange(labels.size, dtype=np.int32).reshape(labels.shape) % 1000
    with document.edit("Crowd"):
        document.paint_maps(document.bounds, labels == 26, labels, 26000 + numbers)
    session.attempt(lambda: brush.press((20.0, 20.0)))
    assert "no free number" in notices[0].text
    assert not document.is_editing
