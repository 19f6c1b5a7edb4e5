"""Names, roles, the keyboard, and contrast measured on what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QTabWidget,
    QWidget,
)

from app.banner import MILD, SERIOUS
from app.panels import StampPanel
from app.panels.labels import QUIET
from app.theme import STATES, apply_theme, icon
from tests.app.everything import DIALOGS, widgets_of
from tests.app.story import Story

TEXT, CONTROL = 4.5, 3.0  # WCAG 2.1, 1.4.3 and 1.4.11
Role = QPalette.ColorRole
WORDS = (
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.ButtonText, Role.Window),
    (Role.PlaceholderText, Role.Base),
    (Role.PlaceholderText, Role.Window),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.Link, Role.Window),
    (Role.Link, Role.Base),
)


@pytest.fixture(params=["light", "dark"])
def theme(request, qapp):
    apply_theme(qapp, request.param)
    yield request.param
    apply_theme(qapp, "light")


def luminance(rgb) -> np.ndarray:
    share = np.asarray(rgb, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other) -> np.ndarray:
    light, dark = luminance(one), luminance(other)
    return (np.maximum(light, dark) + 0.05) / (np.minimum(light, dark) + 0.05)


def rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def drawn(widget: QWidget) -> np.ndarray:
    """(H, W, 3) of a widget as it is drawn."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), -1, 3).copy()


@pytest.mark.parametrize("words, ground", WORDS)
def test_words_stand_out_from_their_ground(theme, qapp, words, ground):
    palette = qapp.palette()
    assert contrast(rgb(palette.color(words)), rgb(palette.color(ground))) >= TEXT


def test_words_of_the_banner_stand_out(theme, qapp):
    for ground in (SERIOUS, MILD):
        assert (
            contrast(rgb(qapp.palette().windowText().color()), rgb(QColor(ground[theme]))) >= TEXT
        )


def test_icons_and_dots_stand_out(theme, qapp):
    palette = qapp.palette()
    for opacity, ground in ((1.0, palette.window()), (QUIET, palette.base())):
        image = icon("eye", palette, opacity).pixmap(20, 20).toImage()
        pixels = [image.pixelColor(x, y) for x in range(20) for y in range(20)]
        ink = max(pixels, key=lambda color: color.alpha())
        seen = np.array(rgb(ink)) * ink.alphaF()
        seen += np.array(rgb(ground.color())) * (1 - ink.alphaF())
        assert contrast(seen, rgb(ground.color())) >= CONTROL
    for color in STATES.values():
        assert contrast(rgb(QColor(color)), rgb(palette.window().color())) >= CONTROL


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QListWidget])
def test_the_edge_of_a_control_can_be_seen(theme, qapp, kind):
    """Along a line into the control, something differs enough from the window around it."""
    window = QWidget()
    control = kind(window)
    control.setGeometry(20, 20, 90, 40)
    window.resize(140, 80)
    window.show()
    qapp.processEvents()
    ground = rgb(qapp.palette().window().color())
    pixels = drawn(window)
    row = pixels[40, 14:60] if kind not in (QLineEdit, QSpinBox) else pixels[14:60, 50]
    assert contrast(row, ground).max() >= CONTROL
    assert contrast(row[:12], ground).max() >= CONTROL  # and that is its edge
    window.close()


def test_a_checked_box_shows_its_tick(theme, qapp):
    box = QCheckBox()
    box.resize(24, 24)
    empty = drawn(box).astype(int)
    box.setChecked(True)
    changed = np.abs(drawn(box).astype(int) - empty).max(axis=-1) > 60
    assert changed.sum() > 12
    assert contrast(drawn(box)[changed], rgb(qapp.palette().base().color())).max() >= CONTROL


def test_every_control_has_a_name_and_a_role(window, everything):
    controls = 0
    for widget in (each for top in everything for each in widgets_of(top)):
        takes_keys = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if widget in everything or not (takes_keys or is_control(widget)):
            continue
        if isinstance(widget, QLabel) and not widget.text():
            continue  # of the banner, while there is none
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name).strip(), f"{widget} has no name"
        if not isinstance(widget, QScrollArea | QKeySequenceEdit | QTabWidget):
            plain = interface.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client)
            described = bool(widget.accessibleDescription())  # what draws itself has no role
            assert described if plain else True, f"{widget} has neither role nor description"
        controls += 1
    assert controls > 60


@pytest.fixture
def everything(window):
    """The window and every dialog, shown."""
    tops = [window, *(make(window) for make in DIALOGS.values())]
    for dialog in tops[1:]:
        dialog.show()
    yield tops
    for dialog in tops[1:]:
        dialog.close()


def is_control(widget: QWidget) -> bool:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider

    return isinstance(widget, QAbstractButton | QAbstractSlider | QComboBox)


def test_f6_goes_through_picture_options_and_panels_and_back(window, qapp):
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.canvas.setFocus()
    places = []
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_F6)
        places.append(QApplication.focusWidget())
    labels, styles = window.panels[0], window.panels[3]
    assert window.options.isAncestorOf(places[0])
    assert labels.isAncestorOf(places[1])
    assert styles.isAncestorOf(places[2]) or places[2] is window.canvas  # empty without styles
    QTest.keyClick(places[1], Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.canvas in places


def test_tab_goes_from_control_to_control_in_panels_and_hides_them_in_the_picture(window, qapp):
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    labels = window.panels[0]
    labels.search.setFocus()
    QTest.keyClick(labels.search, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is labels.tree
    assert labels.isVisible()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert not labels.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert labels.isVisible()


def test_the_picture_shows_that_the_keyboard_came_to_it(window, qapp):
    Story(window)
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    before = drawn(window.canvas)[1, 100]
    window.panels[0].search.setFocus()
    window.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    after = drawn(window.canvas)[1, 100]
    assert tuple(before) != tuple(after)
    assert contrast(after, before) >= CONTROL


def test_menus_open_by_the_keyboard_and_hold_every_action(window):
    shown = {action for menu in window.table.menus for action in menu.actions()}
    assert set(window.table.by_id.values()) <= shown


def test_every_action_says_its_key_in_its_tooltip(window):
    for action_id, action in window.table.by_id.items():
        assert action.toolTip(), action_id
        key = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
        assert not key or f"({key})" in action.toolTip().split("\n")[0], action_id


def test_stamps_are_named_for_those_who_do_not_see_them(window):
    window._docks[StampPanel].raise_()
    panel = window._panel(StampPanel)
    QApplication.processEvents()
    QApplication.processEvents()  # what waits for its first paint
    item = panel.list.item(0)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole)
