"""The window as a whole: actions, names, settings, start, and what it does not import."""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider

from app.actions import ACTIONS, MENUS
from app.checkpoints import BUNDLED, path_of, portable_name
from app.errors import Notice, catch_unexpected, notice_of
from app.main import chosen_engine, configure
from app.panels import PANELS
from app.sample import built_scene
from app.settings import DEFAULTS, MAX_RECENT, Settings
from app.theme import ICONS, apply_theme, icon, is_dark
from app.tools import TOOLS
from model.scene.labels import LabelSchema, label_of, load_schema
from model.scene.scene import Scene
from tests.app.story import Story

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_action_is_in_a_menu_and_says_its_key(window):
    for spec in ACTIONS:
        action = window.table.by_id[spec.id]
        assert action in window.table.menu(spec.menu).actions()
        assert action.toolTip()
        if spec.keys:
            assert action.shortcut().toString() in action.toolTip()
    assert len(window.table.by_id) == len(ACTIONS) + len(TOOLS)


def test_no_two_actions_share_a_key(window):
    keys = [key.toString() for action in window.table.by_id.values() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_every_menu_is_filled(window):
    for menu in MENUS:
        assert window.table.menu(menu).actions()


def test_every_icon_of_the_tables_exists_and_is_tinted(window):
    names = {spec.icon for spec in ACTIONS if spec.icon} | {tool.icon for tool in TOOLS}
    for name in names:
        assert "currentColor" in (ICONS / f"{name}.svg").read_text()
        assert not window.table.by_id["open"].icon().isNull()


@pytest.mark.parametrize("kind", [QLineEdit, QSlider, QComboBox, QAbstractButton])
def test_every_control_has_a_name_for_screen_readers(window, kind):
    for control in window.findChildren(kind):
        own = control.objectName().startswith("qt_") or not control.isVisible()
        named = control.accessibleName() or control.toolTip()
        named = named or (isinstance(control, QAbstractButton) and control.text())
        assert own or named, control


def test_panels_and_toolbars_are_where_the_tables_say(window):
    assert [type(panel) for panel in window.panels] == list(PANELS)
    panels = window.table.menu("View/Panels").actions()
    titles = [panel.title for panel in PANELS]
    assert [action.text() for action in panels] == [*titles, window.photo_panel.title]


@pytest.mark.parametrize("tool", ("brush", "fill", "stamp", "select"))
def test_no_option_is_lost_in_a_narrow_window(window, qapp, tool):
    window.resize(1024, 768)
    window.table.by_id["blend"].trigger()
    window.table.by_id[f"tool_{tool}"].trigger()
    qapp.processEvents()
    assert window.width() == 1024
    assert window.options.isVisible()
    bar = window.options.parentWidget()
    assert bar.rect().contains(window.options.geometry())


def test_undo_names_what_it_takes_back(window):
    story = Story(window)
    undo = window.table.by_id["undo"]
    assert not undo.isEnabled()
    story.choose("person")
    story.stroke((20, 12), (40, 12))
    assert undo.text() == "&Undo Paint person"
    story.act("undo")
    assert window.table.by_id["redo"].text() == "&Redo Paint person"


def test_dark_and_light_dress_window_and_icons(window, qapp):
    story = Story(window)
    pictures = {}
    for theme in ("dark", "light"):
        story.act(f"theme_{theme}")
        qapp.processEvents()
        assert is_dark(window.palette()) == (theme == "dark")
        image = window.table.by_id["open"].icon().pixmap(24, 24).toImage()
        pictures[theme] = image.pixelColor(4, 12).lightness()
        story.shot(f"theme_{theme}")
    apply_theme(qapp, "light")
    assert pictures["dark"] != pictures["light"]


def test_icons_are_sharp_on_dense_screens(qapp):
    pixmap = icon("brush", qapp.palette()).pixmap(window_size := 20, 20)
    dense = icon("brush", qapp.palette()).pixmap(pixmap.size(), 2.0)
    assert dense.width() == 2 * window_size


def test_choices_are_remembered_from_one_window_to_the_next(window, settings):
    story = Story(window)
    story.act("labels")
    window.session.set_radius(33)
    window.session.set_new_instances(False)
    window.close()
    again = Settings(Path(settings._store.fileName()))
    assert again.get("view/mode") == "labels"
    assert again.get("brush/radius") == 33
    assert again.get("brush/new_instances") is False
    assert not again.get("window/state").isEmpty()


def test_broken_settings_count_as_never_set(tmp_path):
    path = tmp_path / "settings.ini"
    store = QSettings(str(path), QSettings.Format.IniFormat)
    for name in DEFAULTS:
        store.setValue(name, "@nonsense")
    store.sync()
    settings = Settings(path)
    for name, default in DEFAULTS.items():
        assert isinstance(settings.get(name), type(default)), name
    path.write_bytes(b"\x00\xff[broken")
    assert Settings(path).get("view/blend") == DEFAULTS["view/blend"]


def test_settings_outside_the_table_are_mistakes(settings):
    with pytest.raises(KeyError):
        settings.get("view/nonsense")
    with pytest.raises(TypeError):
        settings.set("view/blend", "half")


def test_the_list_of_recent_files_is_short_and_newest_first(settings, tmp_path):
    for number in range(15):
        settings.add_recent(tmp_path / str(number))
    settings.add_recent(tmp_path / "12")
    recent = [Path(entry).name for entry in settings.get("files/recent")]
    assert recent[:3] == ["12", "14", "13"]
    assert len(recent) == MAX_RECENT and len(set(recent)) == MAX_RECENT


def test_an_unexpected_error_becomes_a_notice_with_its_traceback(monkeypatch):
    seen: list[Notice] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    catch_unexpected(seen.append)
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        assert notice_of(error).details == seen[0].details
    assert "division by zero" in seen[0].text
    assert "Traceback" in seen[0].details


def test_the_built_street_has_surfaces_and_objects():
    scene = built_scene()
    assert scene.size == (1024, 2048)
    assert (label_of(scene.instance_map) == scene.label_map).all()
    assert {26000, 26001, 26002, 24000, 24001} <= set(np.unique(scene.instance_map).tolist())


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    configure(parser)
    return parser.parse_args(arguments)


def test_what_is_locked_and_hidden_goes_over_to_other_labels_by_name(session):
    def names(label_ids) -> set[str]:
        return {session.document.schema.by_id(each).name for each in label_ids}

    def show(schema) -> None:
        labels = np.full((8, 8), schema.ids[0], np.uint8)
        scene = Scene(schema, labels, labels.astype(np.int32))
        session.replace_document(scene, None, "another")

    streets = session.document.schema
    locked = frozenset(streets.by_name(name).id for name in ("road", "building"))
    session.set_protection(locked=locked)
    session.hide_labels({streets.by_name("sky").id})
    show(LabelSchema("elsewhere", tuple(replace(each, id=each.id + 20) for each in streets)))
    assert names(session.protection.locked) == {"road", "building"}
    assert names(session.hidden) == {"sky"}
    show(streets)
    assert (names(session.protection.locked), names(session.hidden)) == (
        {"road", "building"},
        {"sky"},
    )
    show(load_schema("faces"))
    assert not session.protection.locked and not session.hidden


def test_the_command_line_decides_before_the_settings(settings, schema, tmp_path):
    settings.set("files/checkpoint", str(tmp_path))
    assert chosen_engine(parsed(), settings, schema).path == tmp_path
    given = parsed("--checkpoint", "mine", "--split", "35+1", "--device", "cpu")
    source = chosen_engine(given, settings, schema)
    assert (source.path, source.split, source.device) == (Path("mine"), "35+1", "cpu")
    assert chosen_engine(parsed("--engine", "flat"), settings, schema).path is None


def test_a_checkpoint_that_is_gone_is_not_opened_again(settings, schema, tmp_path):
    settings.set("files/checkpoint", str(tmp_path / "gone"))
    path = chosen_engine(parsed(), settings, schema).path
    assert path is None or path.parent == BUNDLED


def test_projects_name_bundled_checkpoints_by_folder_and_others_by_path(tmp_path):
    assert portable_name(BUNDLED / "streets") == "streets"
    assert path_of("streets") == BUNDLED / "streets"
    assert path_of(portable_name(tmp_path)) == tmp_path.resolve()
    assert portable_name(None) is None


def test_the_window_works_without_torch_and_flat_colours_paint(tmp_path):
    code = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.main import build_window
from app.rendering.worker import EngineSource, open_engine
from app.settings import Settings
app = QApplication(["test"])
window = build_window(app, Settings(Path(sys.argv[1])), open_engine)
window.show()
window.checkpoints.start(EngineSource(None, window.session.document.schema))
while not window.controller.status.exact:
    app.processEvents()
assert window.canvas.layers.has_picture
assert window.close()
sys.exit(3 if "torch" in sys.modules else 0)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "settings.ini")]
    assert subprocess.run(command, cwd=ROOT, timeout=120).returncode == 0


def test_closing_stops_the_worker(window, controller):
    window.close()
    assert not controller._thread.running
    QApplication.processEvents()
