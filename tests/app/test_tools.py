"""Tools over the table and one by one, without a window."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.object_edits import relabel_selection, remove_selection
from app.tools import TOOLS
from app.tools.brush import BrushTool
from app.tools.dropper import DropperTool
from app.tools.eraser import EraserTool
from app.tools.fill import FillTool
from app.tools.polygon import LassoTool, PolygonTool
from app.tools.relabel import RelabelTool
from app.tools.select import SelectTool
from app.tools.separate import SeparateTool
from app.tools.shapes import LineTool, RectangleTool
from app.tools.stamp import StampTool
from app.tools.style import StyleTool
from app.tools.wand import WandTool
from model.scene.raster import capsule
from model.scene.scene import Style
from model.scene.stamps import Stamp
from tests.app.story import LEFT, NONE, Story

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
STROKE = [(20.0, 8.0), (40.0, 12.0), (50.0, 28.0), (22.0, 40.0)]
AT_ONCE = (FillTool, RelabelTool)  # done when pressed
CANCELLABLE = [tool for tool in TOOLS if tool not in AT_ONCE]
PICKING = (SelectTool, WandTool, DropperTool, StyleTool, SeparateTool)  # of a stroke like that
CHANGING = [tool for tool in TOOLS if tool not in PICKING]
STAMP = Stamp("block", ("car",), np.ones((4, 6), np.uint8), 1.0)


def drag(tool, points, modifiers=Qt.KeyboardModifier.NoModifier, release=True) -> None:
    tool.press(points[0], modifiers)
    for point in points[1:]:
        tool.drag(point)
    if release:
        tool.release(points[-1])
    if release and isinstance(tool, PolygonTool) and len(points) > 2:
        tool.finish()


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
    session.choose_stamp(STAMP)
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
    session.choose_stamp(STAMP)
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
    drag(LassoTool(session), [(70, 5), (80, 5), (80, 15), (70, 15)])
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


@pytest.mark.parametrize("how", ["double click", "Enter"])
def test_a_polygon_is_finished_by_double_click_or_enter(window, how):
    story, document = Story(window), window.session.document
    story.choose("vegetation")
    story.key(Qt.Key.Key_P)
    for corner in [(70, 5), (80, 5), (80, 15)]:
        story.click(corner)
    if how == "Enter":
        story.click((70, 15))
        story.key(Qt.Key.Key_Return)
    else:
        story.click((70, 15))
        QTest.mouseDClick(story.canvas, LEFT, NONE, story.view((70, 15)))
    assert document.undo_name == "Outline vegetation"
    assert (document.label_map[6:14, 71:79] == 21).all()


def test_enter_closes_a_lasso_while_the_button_is_held(window):
    story, document = Story(window), window.session.document
    story.choose("vegetation")
    story.key(Qt.Key.Key_L)
    story.press((70, 5))
    for corner in [(80, 5), (80, 15), (70, 15)]:
        story.move(corner)
    story.key(Qt.Key.Key_Return)
    story.release((70, 15))
    assert (document.label_map[6:14, 71:79] == 21).all()
    assert document.history.position == 1


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


@pytest.mark.parametrize("steps", [0, 1])
def test_the_undo_key_takes_back_a_corner_whether_or_not_there_is_a_step(steps, window):
    story, document = Story(window), window.session.document
    if steps:
        document.set_styles("Style", {26000: Style((1.0,))})
    story.choose("vegetation")
    story.key(Qt.Key.Key_P)
    for corner in [(70, 5), (80, 5), (80, 15), (20, 15)]:
        story.click(corner)
    story.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    story.key(Qt.Key.Key_Return)
    assert document.history.position == steps + 1
    assert np.argwhere(document.label_map == 21)[:, 1].min() >= 70


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


def test_a_line_is_the_capsule_between_its_ends_and_shift_makes_it_level(session, document):
    session.choose_label(21)
    session.set_radius(2)
    expected = document.label_map.copy()
    rect, mask = capsule((20.0, 8.0), (50.0, 20.0), 2, document.bounds)
    expected[rect.slices][mask] = 21
    drag(LineTool(session), [(20.0, 8.0), (30.0, 8.0), (50.0, 20.0)])
    assert np.array_equal(document.label_map, expected)
    tool = LineTool(session)
    tool.press((60.0, 50.0))
    tool.drag((80.0, 52.0), SHIFT)
    assert tool.trace.points[1][1] == pytest.approx(50.0)


def test_rectangles_and_with_alt_ellipses(session, document):
    session.choose_label(21)
    drag(RectangleTool(session), [(70.0, 5.0), (80.0, 15.0)])
    assert (document.label_map == 21).sum() == 100
    assert document.undo_name == "Rectangle of vegetation"
    document.undo()
    tool = RectangleTool(session)
    tool.press((70.0, 5.0), ALT)
    tool.drag((90.0, 15.0), ALT)
    tool.release((90.0, 15.0))
    assert (document.label_map == 21).sum() == pytest.approx(np.pi * 10 * 5, rel=0.04)
    assert document.undo_name == "Ellipse of vegetation"


def test_the_wand_gathers_objects_and_alt_takes_them_away(session):
    tool = WandTool(session)
    drag(tool, [(20.0, 42.0), (95.0, 42.0)])
    assert set(session.selected) == {26000, 26001}
    drag(tool, [(61.0, 20.0)], SHIFT)
    assert set(session.selected) == {26000, 26001, 17}
    drag(tool, [(20.0, 42.0)], ALT)
    assert set(session.selected) == {26001, 17}
    tool.double_press((20.0, 42.0))
    assert session.selected == (26000, 26001)


def test_relabelling_by_click_takes_the_current_label(session, document):
    session.choose_label(27)
    drag(RelabelTool(session), [(20.0, 42.0)])
    assert (document.label_map[36:48, 10:34] == 27).all()
    assert document.undo_name == "Change to truck"


def test_dragging_an_object_moves_it_along_the_ground_and_alt_keeps_its_size(session, document):
    session.set_horizon(24)
    tool = SelectTool(session)
    drag(tool, [(20.0, 42.0), (24.0, 50.0), (40.0, 54.0)])
    where = np.argwhere(document.instance_map == 26000)
    assert where[:, 0].max() + 1 == 60  # its foot was at row 48
    assert np.ptp(where[:, 0]) + 1 == pytest.approx(12 * (60 - 24) / (48 - 24), abs=1)
    document.undo()
    tool.press((20.0, 42.0))
    tool.drag((40.0, 54.0), ALT)
    tool.release((40.0, 54.0))
    assert (document.instance_map == 26000).sum() == 12 * 24
    assert document.history.names == ("Move car",)


def test_with_alt_a_moved_object_is_not_covered_by_nearer_ones(session, document):
    session.set_horizon(24)
    for modifiers, covered in ((Qt.KeyboardModifier.NoModifier, True), (ALT, False)):
        tool = SelectTool(session)
        tool.press((20.0, 42.0))
        tool.drag((100.0, 40.0), modifiers)  # behind the other car, whose foot is lower
        tool.release((100.0, 40.0))
        seen = (document.instance_map == 26001).sum() == 12 * 24
        assert seen == covered
        document.undo()


def test_dragging_a_corner_scales_about_the_foot(session, document):
    session.reach = 2.0
    session.select(26000)
    tool = SelectTool(session)
    middle, foot = 22, 48
    drag(tool, [(10.0, 36.0), (14.0, 40.0), (middle - 6.0, foot - 6.0)])
    where = np.argwhere(document.instance_map == 26000)
    assert (np.ptp(where[:, 0]) + 1, where[:, 0].max() + 1) == (6, foot)
    assert document.undo_name == "Scale car"


@pytest.mark.parametrize("start", [(20.0, 42.0), (10.0, 36.0)], ids=["dragged", "by a corner"])
def test_an_object_grows_to_two_pictures_at_most_however_it_is_scaled(start, session, document):
    session.set_horizon(
        45.9
    )  # so near to its foot that ten rows down it is almost six times as large
    session.reach = 2.0
    session.select(26000)
    tool = SelectTool(session)
    tool.press(start)
    tool.drag((start[0] - 900.0, start[1] + 900.0))
    (ghost,) = tool.ghosts
    room = 2 * document.bounds.width * document.bounds.height
    assert ghost.mask.size == pytest.approx(room, rel=0.02)
    assert ghost.rect.width == pytest.approx(2 * ghost.rect.height, abs=2)
    tool.cancel()


def test_arrows_nudge_and_shift_by_ten(session, document):
    session.select(26000)
    tool = SelectTool(session)
    assert tool.key(Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier)
    assert tool.key(Qt.Key.Key_Down, SHIFT)
    assert (document.instance_map[46:58, 11:35] == 26000).all()
    assert not tool.key(Qt.Key.Key_A, SHIFT)
    session.select(None)
    assert not tool.key(Qt.Key.Key_Right, SHIFT)


def test_a_click_of_the_stamp_stands_at_the_size_of_its_place(session, document):
    session.set_horizon(24)
    session.choose_stamp(STAMP)
    tool = StampTool(session)
    tool.hover((50.0, 56.0))
    assert [(ghost.rect.height, ghost.rect.y1) for ghost in tool.ghosts] == [(32, 56)]
    drag(tool, [(50.0, 40.0)])
    assert session.selected == (26002,)
    assert np.ptp(np.argwhere(document.instance_map == 26002)[:, 0]) + 1 == 16
    assert document.undo_name == "Add car"
    session.choose_stamp(STAMP, scale=2.0)
    drag(tool, [(70.0, 40.0)])
    assert np.ptp(np.argwhere(document.instance_map == 26003)[:, 0]) + 1 == 32


def test_a_stamp_grows_to_two_pictures_at_most(session, document):
    session.set_horizon(24)
    session.choose_stamp(Stamp("house", ("building",), np.ones((4, 6), np.uint8), 72.0), scale=4.0)
    tool = StampTool(session)
    tool.hover((50.0, 60.0))
    (ghost,) = tool.ghosts
    assert ghost.rect.y1 == 60
    room = 2 * document.bounds.width * document.bounds.height
    assert ghost.mask.size == pytest.approx(room, rel=0.02)


def test_a_stamp_without_a_shape_says_where_to_choose_one(session):
    notices = []
    session.noticed.connect(notices.append)
    drag(StampTool(session), [(50.0, 40.0)])
    assert "Stamps panel" in notices[0].text


def test_the_pen_presses_the_size(session, document):
    session.choose_label(21)
    session.set_radius(10)
    session.pressure = 0.3
    drag(BrushTool(session), [(40.0, 15.0)])
    columns = np.flatnonzero((document.label_map == 21).any(axis=0))
    assert len(columns) == 6
