"""The story that the film of styles tells, with events of Qt's own and the fake engine."""

from __future__ import annotations

import numpy as np

from app.sample import built_scene
from model.styles.book import StyleBook
from tests.app.film import TestHand
from tests.app.style_story import StyleStory


def test_styles_are_pointed_at_picked_rolled_and_mixed(
    window, controller, engine, tmp_path, wait_until
):
    random = np.random.default_rng(0)
    labels = [7, 8, 11, 21, 23, 26]
    centers = {label: random.normal(size=(10, 3)).astype(np.float32) for label in labels}
    engine.book = StyleBook(centers, {label: np.arange(10, 0, -1) for label in labels})
    window.session.replace_document(built_scene(), None, "street")
    window.checkpoints.open(tmp_path)
    shots = []
    story = StyleStory(
        window, TestHand(), lambda: wait_until(lambda: controller.idle), shots.append
    )
    story.tell()
    names = [name.split(" (")[0].rstrip("0123456789 ") for name in story.chosen]
    assert names == [
        *("Style of road", "Style of building", "Style of sky"),
        *("Roll all styles", "Style of road"),
    ]
    assert len(shots) > 20
