"""Crafted files that are opened in the window leave everything as it was, and are told about."""

from __future__ import annotations

import numpy as np

from tests.app.story import edit, open_file
from tests.hostile import projects
from tests.hostile.crafting import OPENS

READERS = ("project", "foreign")


def test_no_crafted_file_is_half_open(story, window, notices, tmp_path):
    edit(story)
    session = window.session
    document, state = session.document, session.state
    before = document.snapshot()
    session.mark_saved(tmp_path / "mine.labelbrush", state)  # so that nothing is asked
    for number, crafted in enumerate(projects.FILES):
        if crafted.reader not in READERS or crafted.refusal is OPENS:
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        path = crafted.make(folder)
        if path.is_dir() or "nobody knows" in crafted.name:  # a checkpoint; and one that is asked
            continue
        notices.clear()
        open_file(window, path)
        assert [str(folder) in notice.text for notice in notices] == [True], crafted.name
        assert session.document is document and session.state == state, crafted.name
    assert session.title == "mine.labelbrush" and not session.modified
    assert np.array_equal(document.label_map, before.label_map)
