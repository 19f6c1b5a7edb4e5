"""Trials of a style and thumbnails in place: what they show and what they cost."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.inference.engine import Engine
from model.inference.plan.regions import Halo
from model.inference.request import ThumbnailRequest, TrialRequest
from model.inference.thumbnails import fitted, reduced, window
from model.inference.trial import enlarged
from model.scene.geometry import Rect
from model.scene.scene import Scene, Style
from tests.inference.conftest import always, blocks, never, patch_of
from tests.inference.test_repaint import stroke


@pytest.mark.parametrize("shape", [Rect(70, 40, 90, 52), Rect(0, 30, 160, 96)])
def test_ten_thumbnails_cost_less_than_two_whole_frames(checkpoint, shape):
    """Counted in multiplications of what is painted, whichever way is taken."""
    engine = Engine(checkpoint, "cpu", "float32", previews="region")
    scene = stroke(blocks(96, 160), shape, 1)
    list(engine.render(patch_of(scene), never))
    work, plan = [], engine._executor.painter
    paint, repaint = plan.paint, plan.repaint

    def counted_paint(source, *others, **options):
        work.append(plan.frame_work(source.grid))
        return paint(source, *others, **options)

    def counted_repaint(frames, regions, *others, **options):
        work.append(plan.work(regions) * len(frames))
        return repaint(frames, regions, *others, **options)

    plan.paint, plan.repaint = counted_paint, counted_repaint
    styles = tuple(Style((n / 10, 0.0, 0.0)) for n in range(10))
    rect = Rect.around(scene.instance_map == 26500)
    found = list(engine.thumbnails(ThumbnailRequest(1, 26500, rect, styles, 24), never))
    assert len(found) == 10
    assert sum(work) < 2 * plan.frame_work((96, 160))


def styled(engine, scene: Scene, style: Style, full: bool) -> np.ndarray:
    """The whole picture with the stroke in a style, painted at full size or at half."""
    maps = scene.label_map, scene.instance_map
    labels, instances = maps if full else reduced(*maps, 0.5)
    whole = engine.picture(Scene(scene.schema, labels.copy(), instances.copy(), {26500: style}))
    return whole if full else enlarged(whole, scene.size)


@pytest.mark.parametrize("previews", ["region", "never"])
@pytest.mark.parametrize("shape", [Rect(70, 40, 90, 52), Rect(0, 30, 160, 96)])
def test_a_trial_shows_the_style_and_nothing_but_the_instance(checkpoint, previews, shape):
    engine = Engine(checkpoint, "cpu", "float32", previews=previews, halo=Halo(10_000, 10_000))
    scene = stroke(blocks(96, 160), shape, 1)
    before = next(engine.render(patch_of(scene), never))
    inside = scene.instance_map == 26500
    wanted, other = Style((2.0, -2.0, 2.0)), Style((-2.0, 2.0, 0.0))
    trial = engine.trial(TrialRequest(1, 26500, wanted, "Style 1"), never)
    assert trial.rect.union(shape) == trial.rect
    alpha = np.zeros(inside.shape, np.uint8)
    alpha[trial.rect.slices] = trial.pixels[..., 3]
    assert (alpha[inside] == 255).all() and (alpha[~inside] < 255).all()
    reach = cv2.dilate(inside.astype(np.uint8), np.ones((17, 17), np.uint8)) > 0
    assert not alpha[~reach].any()
    seen = alpha[trial.rect.slices] == 255
    in_place = previews == "region" and shape.width < 100
    right, wrong = (
        np.abs(
            trial.pixels[..., :3].astype(int)
            - styled(engine, scene, style, in_place)[trial.rect.slices]
        )[seen].mean()
        for style in (wanted, other)
    )
    assert right < wrong / 2 if in_place else right == 0
    *_, after = engine.render(patch_of(scene, Rect(0, 0, 0, 0)), never)
    assert np.array_equal(after.pixels, before.pixels)
    assert engine.trial(TrialRequest(1, 26500, wanted, ""), always) is None
    assert engine.trial(TrialRequest(1, 26999, wanted, ""), never) is None


def test_thumbnails_of_a_large_scene_are_whole_frames_of_it_made_small(checkpoint):
    engine = Engine(checkpoint, "cpu", "float32", previews="region")
    scene = stroke(blocks(256, 2048), Rect(200, 10, 1800, 256), 1)
    list(engine.render(patch_of(scene), never))
    rect, style = Rect.around(scene.instance_map == 26500), Style((2.0, -2.0, 2.0))
    (found,) = engine.thumbnails(ThumbnailRequest(1, 26500, rect, (style,), 16), never)
    labels, instances = reduced(scene.label_map, scene.instance_map, 0.25)
    small = Scene(scene.schema, labels.copy(), instances.copy(), {26500: style})
    place = window(rect, 0.25, 512, 64)
    assert np.array_equal(found.pixels, fitted(engine.picture(small)[place.slices], 16))
