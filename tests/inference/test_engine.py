"""Engine: patches, giving work up, styles, sizes, refusals."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.checkpoint import load_generator, open_checkpoint, save_checkpoint
from model.errors import InputError
from model.inference.engine import Engine
from model.inference.frame import make_frame
from model.inference.painter import PlainPainter, frame_size
from model.inference.request import ThumbnailRequest
from model.pixels import to_bytes
from model.scene.geometry import Rect
from model.scene.scene import Scene, Style
from tests.inference.conftest import CAR, always, blocks, never, patch_of
from tests.inference.test_plan import painted

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def engine(checkpoint):
    return Engine(checkpoint, device="cpu", precision="float32", previews="never")


def whole(engine, scene) -> np.ndarray:
    (result,) = engine.render(patch_of(scene), never)
    return result.pixels


def painted_slowly(checkpoint, scene) -> np.ndarray:
    """The plain network on a padded scene, styles looked up one by one."""
    generator = load_generator(checkpoint)
    frame = make_frame(
        scene.label_map,
        scene.instance_map,
        frame_size(generator),
        reference=True,
        surface=checkpoint.conditioning.surface,
    )

    def style_of(instance):
        drawn = checkpoint.style_book.draw(instance // 1000 or instance, instance, 0)
        style = scene.styles.get(instance, drawn)
        return None if style is None else style.vector

    painter = PlainPainter(generator, checkpoint.conditioning, torch.zeros(()))
    picture = to_bytes(painted(painter, frame.styled(style_of, 3)).clone()).numpy()
    return picture[: scene.size[0], : scene.size[1]]


def closeness(actual, expected) -> int:
    assert actual.shape == expected.shape
    return int(np.abs(actual.astype(int) - expected).max())


@pytest.mark.parametrize("size", [(48, 64), (37, 51), (5, 70)])
def test_the_picture_is_the_plain_networks(engine, checkpoint, size):
    scene = blocks(*size, styles={26003: Style((1.0, -1.0, 0.5))})
    assert closeness(engine.picture(scene), painted_slowly(checkpoint, scene)) <= 1


def test_a_render_yields_one_final_whole_frame(engine):
    scene = blocks(40, 56, revision=7)
    (result,) = engine.render(patch_of(scene), never)
    assert (result.revision, result.final, result.rect) == (7, True, Rect(0, 0, 56, 40))
    assert np.array_equal(result.pixels, engine.picture(scene))
    assert 0 < sum(result.stages.values()) <= result.seconds
    assert {"scene", "maps", "global block", "enhancer 1 head", "picture"} <= set(result.stages)


def test_patches_give_the_picture_of_the_whole_scene(engine):
    before, after = blocks(48, 64, seed=1), blocks(48, 64, seed=2)
    rect = Rect(10, 5, 43, 30)
    labels, instances = before.label_map.copy(), before.instance_map.copy()
    labels[rect.slices] = after.label_map[rect.slices]
    instances[rect.slices] = after.instance_map[rect.slices]
    whole(engine, before)
    (result,) = engine.render(patch_of(after, rect), never)
    assert np.array_equal(result.pixels, engine.picture(Scene(after.schema, labels, instances)))


def test_a_patch_of_styles_alone_repaints(engine):
    scene = blocks(48, 64)
    first = whole(engine, scene)
    instance = int(scene.instance_map.max())
    styled = blocks(48, 64, styles={instance: Style((3.0, -3.0, 3.0))})
    (result,) = engine.render(patch_of(styled, Rect(0, 0, 0, 0)), never)
    assert np.array_equal(result.pixels, engine.picture(styled))
    assert not np.array_equal(result.pixels, first)


def test_the_first_patch_must_be_the_whole_scene(engine):
    with pytest.raises(ValueError, match="must be all of it"):
        list(engine.render(patch_of(blocks(48, 64), Rect(0, 0, 9, 9)), never))


def test_the_first_frame_is_never_given_up(engine):
    assert len(list(engine.render(patch_of(blocks(48, 64)), always))) == 1


def test_at_most_every_second_frame_is_given_up(engine):
    scene = blocks(48, 64)
    finished = [len(list(engine.render(patch_of(scene), always))) for _ in range(6)]
    assert finished == [1, 0, 1, 0, 1, 0]


def test_the_first_frame_of_another_size_is_never_given_up(engine):
    whole(engine, blocks(48, 64))
    assert len(list(engine.render(patch_of(blocks(32, 64)), always))) == 1


def test_a_frame_given_up_stops_between_layer_groups(engine):
    scene = blocks(48, 64)
    whole(engine, scene)
    asked = []

    def after_three() -> bool:
        asked.append(None)
        return len(asked) >= 3

    assert list(engine.render(patch_of(scene), after_three)) == []
    assert len(asked) == 3


def test_what_was_given_up_is_in_the_next_frame(engine):
    scene = blocks(48, 64, seed=4)
    whole(engine, blocks(48, 64, seed=1))
    assert list(engine.render(patch_of(scene, Rect(0, 0, 40, 48)), always)) == []
    (result,) = engine.render(patch_of(scene, Rect(40, 0, 64, 48)), never)
    assert np.array_equal(result.pixels, engine.picture(scene))


def test_pictures_depend_on_nothing_but_scene_and_seed(checkpoint):
    scene = blocks(48, 64)
    pictures = [
        Engine(checkpoint, "cpu", "float32", style_seed=seed).picture(scene) for seed in (3, 3, 4)
    ]
    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def test_a_chosen_style_wins_over_the_seed(checkpoint):
    scene = blocks(48, 64)
    cars = [int(instance) for instance in np.unique(scene.instance_map) if instance >= 1000]
    styles = {car: checkpoint.style_book.style(CAR, 2) for car in cars}
    styled = blocks(48, 64, styles=styles)
    one, other = (Engine(checkpoint, "cpu", "float32", style_seed=seed) for seed in (3, 4))
    assert np.array_equal(one.picture(styled), other.picture(styled))


def test_unstyled_labels_look_alike_in_every_style(checkpoint):
    cars = [int(i) for i in np.unique(blocks(48, 64).instance_map) if i >= 1000]
    scenes = [
        blocks(48, 64, styles=dict.fromkeys(cars, checkpoint.style_book.style(CAR, n)))
        for n in (0, 2)
    ]
    plain = replace(checkpoint, conditioning=replace(checkpoint.conditioning, unstyled=(CAR,)))
    for each, alike in ((checkpoint, False), (plain, True)):
        engine = Engine(each, "cpu", "float32")
        assert np.array_equal(*map(engine.picture, scenes)) == alike


def test_the_engine_says_what_it_is(engine, checkpoint):
    info = engine.info
    assert (info.checkpoint_name, info.device, info.precision) == ("tiny", "cpu", "float32")
    assert (info.schema_name, info.has_encoder) == ("cityscapes", False)
    assert info.style_book is checkpoint.style_book
    assert info.load_seconds > 0


def test_bfloat16_paints_nearly_the_same(engine, checkpoint):
    scene = blocks(48, 64)
    rounded = Engine(checkpoint, "cpu", "bfloat16").picture(scene)
    difference = np.abs(rounded.astype(int) - engine.picture(scene))
    assert 0 < difference.mean() < 2


def test_a_label_the_checkpoint_does_not_know_is_refused(engine):
    scene = blocks(48, 64)
    labels = scene.label_map.copy()
    labels[0, 0] = 35
    with pytest.raises(InputError, match=r"label 35.* 0 to 34"):
        engine.picture(Scene(scene.schema, labels, scene.instance_map))
    with pytest.raises(InputError, match=r"label 35.* 0 to 34"):
        list(engine.render(patch_of(Scene(scene.schema, labels, scene.instance_map)), never))


def test_a_style_of_another_checkpoint_is_refused(engine):
    with pytest.raises(InputError, match="instance 26001 has 2 numbers"):
        engine.picture(blocks(48, 64, styles={26001: Style((1.0, 2.0))}))


@pytest.mark.parametrize("previews", ["never", "region", "half"])
def test_an_editor_sees_such_an_instance_as_if_no_style_was_chosen(checkpoint, previews):
    """Undo may lead back to before the checkpoint was changed."""
    engine = Engine(checkpoint, device="cpu", precision="float32", previews=previews)
    plain = blocks(48, 64)
    car = int(plain.instance_map.max())
    foreign = blocks(48, 64, styles={car: Style((1.0, 2.0))})
    own = blocks(48, 64, styles={car: checkpoint.style_book.style(CAR, 2)})
    expected = engine.picture(plain)
    assert not np.array_equal(engine.picture(own), expected)
    for scene in (foreign, own, foreign):  # the last one over a recording of the one before
        *_, result = engine.render(patch_of(scene), never)
    assert np.array_equal(result.pixels, expected)
    assert np.array_equal(engine.picture_unless(foreign, never), expected)


def car_request(scene, checkpoint, clusters=(0, 1, 2), height=24) -> ThumbnailRequest:
    car = int(scene.instance_map.max())
    rect = Rect.around(scene.instance_map == car)
    styles = tuple(checkpoint.style_book.style(CAR, cluster) for cluster in clusters)
    return ThumbnailRequest(5, car, rect, styles, height)


def test_thumbnails_come_in_order_and_show_their_styles(engine, checkpoint):
    scene = blocks(48, 64)
    whole(engine, scene)
    request = car_request(scene, checkpoint)
    found = list(engine.thumbnails(request, never))
    assert tuple(thumbnail.style for thumbnail in found) == request.styles
    assert {(thumbnail.revision, thumbnail.instance_id) for thumbnail in found} == {
        (5, request.instance_id)
    }
    assert all(thumbnail.pixels.shape[0] == 24 for thumbnail in found)
    assert not np.array_equal(found[0].pixels, found[1].pixels)
    again = list(engine.thumbnails(request, never))
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(found, again, strict=True))


def test_thumbnails_stop_when_superseded(engine, checkpoint):
    scene = blocks(48, 64)
    whole(engine, scene)
    answers = iter([False] * 20 + [True] * 100)
    found = list(engine.thumbnails(car_request(scene, checkpoint), lambda: next(answers)))
    assert len(found) == 1
    assert list(engine.thumbnails(car_request(scene, checkpoint), always)) == []


def test_thumbnails_leave_the_scene_as_it_was(engine, checkpoint):
    scene = blocks(48, 64)
    before = whole(engine, scene)
    list(engine.thumbnails(car_request(scene, checkpoint), never))
    (after,) = engine.render(patch_of(scene, Rect(0, 0, 0, 0)), never)
    assert np.array_equal(before, after.pixels)


def test_thumbnails_before_any_scene_are_refused(engine, checkpoint):
    request = car_request(blocks(48, 64), checkpoint)
    with pytest.raises(ValueError, match="render a patch first"):
        list(engine.thumbnails(request, never))


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_cuda_paints_what_the_cpu_paints(engine, checkpoint, precision):
    scene = blocks(45, 61)
    cuda = Engine(checkpoint, "cuda", precision)
    expected = engine.picture(scene)
    difference = np.abs(cuda.picture(scene).astype(int) - expected)
    assert difference.max() <= 1 if precision == "float32" else difference.mean() < 2
    (result,) = cuda.render(patch_of(scene), never)
    assert np.array_equal(result.pixels, cuda.picture(scene))


@pytest.mark.parametrize("module", ["model.inference.engine", "model.inference.command"])
def test_threads_wait_passively_however_the_engine_is_reached(module):
    code = (
        "import sys\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        import os\n"
        "        if name == 'torch' and 'OMP_WAIT_POLICY' not in os.environ: sys.exit(3)\n"
        "sys.meta_path.insert(0, Watch())\n"
        f"import {module}, os\n"
        "sys.exit(0 if os.environ['OMP_WAIT_POLICY'] == 'PASSIVE' else 4)"
    )
    environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment)
    assert done.returncode == 0


def test_a_waiting_policy_set_by_the_user_stays():
    code = "import model.inference.process, os; print(os.environ['OMP_WAIT_POLICY'])"
    environment = os.environ | {"OMP_WAIT_POLICY": "ACTIVE"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == "ACTIVE"


def test_a_checkpoint_is_the_same_wherever_and_however_precisely_it_is_kept(
    engine, checkpoint, checkpoint_folder, tmp_path
):
    generator = load_generator(checkpoint)
    parts = {
        "generator_name": checkpoint.generator_name,
        "generator_config": checkpoint.generator_config,
        "conditioning": checkpoint.conditioning,
        "schema_name": checkpoint.schema_name,
    }
    save_checkpoint(tmp_path / "half", generator=generator, dtype=torch.float16, **parts)
    copy = Engine(open_checkpoint(tmp_path / "half"), device="cpu", precision="float32")
    assert copy.info.identity == engine.info.identity
    assert len(copy.info.identity) == 32 and copy.info.features == 3
    with torch.no_grad():
        next(iter(generator.parameters())).mul_(1.01)
    save_checkpoint(tmp_path / "trained", generator=generator, dtype=torch.float16, **parts)
    other = Engine(open_checkpoint(tmp_path / "trained"), device="cpu", precision="float32")
    assert other.info.identity != engine.info.identity
