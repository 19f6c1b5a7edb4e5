"""The story of street_story.py with flat colours, on the street that is built in."""

from __future__ import annotations

from app.sample import built_scene
from tests.app.street_story import StreetStory, write_street


def test_a_street_is_opened_edited_compared_and_exported(
    window, controller, wait_until, tmp_path, document
):
    def shot(name):
        from tests.app.story import Story

        Story(window).shot(f"story_{name}")

    def wait():
        wait_until(lambda: controller.idle and window.jobs.idle)

    story = StreetStory(window, wait, shot)
    story.tell(write_street(tmp_path, built_scene()), tmp_path / "street.png")
    names = window.session.document.history.names
    assert names == ("Add bus", "Remove car", "Move car", "Paint sidewalk")
