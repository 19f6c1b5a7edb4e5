"""Reference channels by compiled kernels: to the last bit what `model.scene` makes of the maps."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.inference.engine import Engine
from model.inference.frame import NUMPY, FrameSize, make_frame
from model.inference.plan.channels import channels
from model.inference.plan.compiled import kernels
from model.inference.plan.kernels import compiler
from model.inference.scene_maps import scene_maps
from model.scene import surface
from model.scene.boundary import boundary_map
from model.scene.geometry import Rect
from model.scene.pieces import Placed, with_pieces
from model.scene.reference import instance_boxes
from model.scene.surface_labels import SurfaceLabels
from model.scene.walls import Walls, find_walls
from tests.inference.conftest import blocks, never, patch_of
from tests.inference.test_repaint import stroke
from tests.scene.test_pieces import draw

if compiler() is None:
    pytest.skip("no C compiler", allow_module_level=True)

KNOWN = SurfaceLabels(  # some are two
    ground=(7, 8, 12),
    walls=(11, 12, 22),
    foliage=(21, 22),
    slabs=(8,),
    sky=(23,),
    vehicles=(26,),
    lorries=(27,),
    buses=(28,),
    trams=(31,),
    people=(24,),
    cycles=(33,),
    lights=(19,),
    fences=(13,),
    signs=(20,),
)
SIZES = [(1, 1), (2, 300), (61, 83), (300, 40), (256, 512), (1024, 2048)]


@pytest.fixture
def fast():
    assert kernels(wait=True) is not None
    found = channels()
    assert found is not NUMPY
    return found


def maps_of(size, seed=0):
    """Patches of a few pixels, every other one an object."""
    random = np.random.default_rng(seed)
    rows, columns = (-(-side // step) for side, step in zip(size, (7, 9), strict=True))
    often, once = [13, 20, 26], [7, 8, 11, 12, 13, 19, 20, 21, 22, 23, 24, 26, 27, 28, 31, 33]
    labels = random.choice(np.array(often + once, np.uint8), (rows, columns))
    instances = labels + 1000 * random.integers(0, 3, labels.shape, dtype=np.int32)
    return [np.kron(x, np.ones((7, 9), x.dtype))[: size[0], : size[1]] for x in (labels, instances)]


def part_of(size) -> Rect:
    height, width = size
    return Rect(width // 4, height // 3, max(width - 2, 1), max(height - 1, 1))


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_channels_are_those_of_numpy_bit_for_bit(fast, size, threads):
    labels, instances = maps_of(size)
    index, boxes = instance_boxes(instances)
    boundary = boundary_map(instances)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        distance = fast.distance(boundary)
        assert np.array_equal(distance, NUMPY.distance(boundary))
        for rect in (Rect(0, 0, size[1], size[0]), part_of(size)):
            there = rect.slices
            spatial = rect, size[0], index[there], boxes, distance[there]
            assert np.array_equal(fast.reference(*spatial), NUMPY.reference(*spatial))
            whole = Placed(index, boxes)
            for each in (whole, with_pieces(labels, whole, KNOWN)):
                placed = each._replace(rows=each.rows[there])
                for walls in (find_walls(labels, KNOWN), Walls(2, 40), Walls(5, 9, 12, 1.5)):
                    asked = rect, size, labels[there], walls, KNOWN, placed
                    assert np.array_equal(fast.surface(*asked), NUMPY.surface(*asked))
    finally:
        torch.set_num_threads(before)


def test_maps_whose_rows_are_not_in_one_piece_are_read_right(fast):
    labels, instances = (np.asfortranarray(x) for x in maps_of((61, 83)))
    index, boxes = instance_boxes(instances)
    index, distance = np.asfortranarray(index), np.asfortranarray(index.astype(np.int8))
    rect = Rect(0, 0, 83, 61)
    spatial = rect, 61, index, boxes, distance
    assert np.array_equal(fast.reference(*spatial), NUMPY.reference(*spatial))
    walls = (
        rect,
        (61, 83),
        labels.astype(np.int64),
        Walls(4.0, 9.0),
        KNOWN,
        with_pieces(labels, Placed(index, boxes), KNOWN),
    )
    assert np.array_equal(fast.surface(*walls), NUMPY.surface(*walls))


def test_every_shape_of_signs_is_drawn_alike(fast):
    labels = np.full((300, 600), 7, np.uint8)
    for shape in range(5):
        for size, top in ((9, 20), (31, 60), (80, 150)):
            draw(labels, shape, 10 + 90 * shape, top, size)
    placed = with_pieces(labels, Placed(*instance_boxes(labels.astype(np.int32))), KNOWN)
    assert set(range(5)) <= set(placed.shapes.tolist())
    walls = Rect(0, 0, 600, 300), (300, 600), labels, Walls(4.0, 9.0), KNOWN, placed
    assert np.array_equal(fast.surface(*walls), NUMPY.surface(*walls))


@pytest.mark.parametrize(
    "walls", [Walls(2, 3), Walls(6.3, 30), Walls(5, 4, 9.7, 1.5), Walls(3, 40, 21, 2)], ids=str
)
def test_bricks_of_near_and_far_walls_are_drawn_alike(fast, walls):
    labels = np.full((500, 1000), 11, np.uint8)
    labels[200:230, 90:300] = labels[:, 490:510] = 23
    placed = with_pieces(labels, Placed(*instance_boxes(labels.astype(np.int32))), KNOWN)
    whole = Rect(0, 0, 1000, 500), (500, 1000), labels, walls, KNOWN, placed
    channels = fast.surface(*whole)
    joints = channels[7].min(0) < 0
    assert joints.any() and not joints.all()
    assert np.array_equal(channels, NUMPY.surface(*whole))


@pytest.mark.parametrize("make", [make_frame, scene_maps])
def test_frames_have_the_same_channels_however_they_are_made(fast, make):
    labels, instances = maps_of((61, 83))
    whole = Rect(0, 0, 88, 64)
    frames = [
        make(labels, instances, FrameSize(8, 8), reference=True, surface=KNOWN, channels=made).part(
            whole
        )
        for made in (NUMPY, fast)
    ]
    assert np.array_equal(frames[0].reference, frames[1].reference)
    assert frames[0].reference.shape == (13, 64, 88) and frames[0].reference.any(axis=(1, 2)).all()


@pytest.mark.usefixtures("fast")
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_engines_make_previews_and_frames_without_the_slow_way(checkpoint, precision, monkeypatch):
    """The guard of their speed."""
    monkeypatch.setattr(surface, "_fill", None)
    scene, rect = blocks(96, 160), Rect(40, 30, 52, 42)
    engine = Engine(checkpoint, "cpu", precision, previews="region")
    list(engine.render(patch_of(scene), never))
    results = list(engine.render(patch_of(stroke(scene, rect, 1), rect), never))
    assert [result.final for result in results] == [False, True]
