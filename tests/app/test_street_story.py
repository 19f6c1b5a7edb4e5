"""The story of street_story.py with the fake engine, on the street that is built in."""

from __future__ import annotations

import numpy as np

from app.sample import built_scene
from model.styles.book import StyleBook
from tests.app.story import Story
from tests.app.street_story import StreetStory, write_street

LABELS = (7, 8, 11, 21, 23, 26, 28)


def test_a_street_is_opened_edited_compared_and_exported(
    window, controller, engine, wait_until, tmp_path
):
    random = np.random.default_rng(0)
    centers = {label: random.normal(size=(10, 3)).astype(np.float32) for label in LABELS}
    engine.book = StyleBook(centers, {label: np.arange(10, 0, -1) for label in LABELS})
    window.checkpoints.open(tmp_path)

    def shot(name):
        Story(window).shot(f"story_{name}")

    def wait():
        wait_until(lambda: controller.idle and window.jobs.idle)

    story = StreetStory(window, wait, shot)
    story.tell(write_street(tmp_path, built_scene()), tmp_path / "street.png")
    names = window.session.document.history.names
    assert names[:4] == ("Add bus", "Remove car", "Move car", "Paint sidewalk")
    assert [name.rstrip(" 0123456789") for name in names[4:]] == [
        "Style of building",
        "Style of vegetation",
    ]
