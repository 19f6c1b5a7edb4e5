"""Hold still over a sequence of patches and pictures."""

from __future__ import annotations

import numpy as np

from model.inference.held_pictures import HeldPictures
from model.inference.request import RenderResult
from model.scene.geometry import Rect
from model.scene.scene import ScenePatch, Style

SIZE = (60, 100)
WHOLE = Rect(0, 0, 100, 60)


def show(held, revision, styles, gray, wanted=True, labels=7):
    """Paints everything gray, the way drift does, and the styled instance in white."""
    instances = np.full(SIZE, 7, np.int32)
    instances[20:40, 10:30] = 26000
    patch = ScenePatch(SIZE, WHOLE, np.full(SIZE, labels, np.uint8), instances, styles, revision)
    held.take(patch)
    pixels = np.full((*SIZE, 3), gray, np.uint8)
    if styles:
        pixels[instances == 26000] = 255
    return held.shown(RenderResult(revision, WHOLE, pixels, True, 0.0), wanted)


def test_only_a_change_of_styles_alone_is_held_still():
    held, style = HeldPictures(), {26000: Style((1.0,))}
    first = show(held, 1, {}, 100)
    assert not first.held
    second = show(held, 2, style, 110)
    assert second.held
    assert second.pixels[5, 80, 0] == 100 and second.pixels[30, 20, 0] == 255
    undone = show(held, 3, {}, 104)
    assert undone.held and undone.pixels[5, 80, 0] == 100 and undone.pixels[30, 20, 0] == 104
    redrawn = show(held, 4, style, 120, labels=8)
    assert not redrawn.held and redrawn.pixels[5, 80, 0] == 120


def test_painting_again_or_switching_off_shows_what_the_network_made():
    held = HeldPictures()
    show(held, 1, {}, 100)
    assert not show(held, 2, {26000: Style((1.0,))}, 110, wanted=False).held
    assert not show(held, 3, {26000: Style((1.0,))}, 111).held
