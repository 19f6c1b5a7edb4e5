"""Primitives and the mesh builder."""

from __future__ import annotations

import numpy as np
import pytest

from model.streets.materials import Material
from model.streets.mesh import (
    COLOR,
    INSTANCE,
    LABEL,
    MATERIAL,
    NORMAL,
    POSITION,
    SEED,
    Mesh,
    cross,
    frame,
    unit,
)
from model.streets.primitives import (
    boxes,
    cylinder,
    cylinders,
    grid,
    leaf_cards,
    limbs,
    merge,
    quads,
    ribbons,
    sphere,
    torus,
    tube,
)


def rng():
    return np.random.default_rng(5)


SQUARE = [[0, 0, 0], [2, 0, 0], [2, 3, 0], [0, 3, 0]]
BEND = [[0, 0, 0], [0.2, 0, 1], [0.1, 0, 2]]
PRIMITIVES = {
    "quads": quads([SQUARE]),
    "boxes": boxes([[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [2, 2, 2]]),
    "grid": grid(np.moveaxis(np.indices((4, 5, 1))[..., 0], 0, -1)),
    "flat cylinder": cylinder([0, 0, 0], [1, 2, 3], 0.5, 0.2),
    "rounded cylinder": cylinder([0, 0, 0], [0, 0, 2], 0.5, rounded=True),
    "open cylinder": cylinder([0, 0, 0], [0, 0, 2], 0.5, capped=False),
    "cylinders": cylinders([[0, 0, 0], [1, 0, 0]], [[0, 0, 1], [2, 2, 2]], 0.1),
    "sphere": sphere([1, 2, 3], [1, 2, 3]),
    "torus": torus([0, 0, 1], [0, 1, 0], 1.0, 0.2),
    "tube": tube(BEND, [0.1, 0.2, 0.1]),
    "limbs": limbs([BEND, BEND], [0.1, 0.2, 0.1]),
    "ribbons": ribbons([[0, 0, 0]], [[0, 1, 1]], 0.01),
    "leaf cards": leaf_cards(np.random.default_rng(1).normal(size=(9, 3)), 0.2, rng(), [0, 0, 0]),
}
CLOSED = {
    "boxes": 6.0 + 8.0,
    "flat cylinder": None,
    "rounded cylinder": None,
    "sphere": None,
    "torus": None,
}


def volume(primitive):
    a, b, c = (primitive.positions[primitive.triangles[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def open_edges(primitive):
    """Directed edges without their opposite, points at the same place counted as one."""
    _, same = np.unique(np.round(primitive.positions, 6), axis=0, return_inverse=True)
    triangles = same[primitive.triangles]
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = {tuple(edge) for edge in edges if edge[0] != edge[1]}
    return [edge for edge in edges if edge[::-1] not in edges]


@pytest.mark.parametrize("name", PRIMITIVES)
def test_a_primitive_is_finite_and_has_unit_normals_and_valid_triangles(name):
    positions, normals, coordinates, triangles = PRIMITIVES[name]
    assert positions.shape == normals.shape == coordinates.shape
    assert np.isfinite(positions).all() and np.isfinite(coordinates).all()
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-6)
    assert triangles.min() >= 0 and triangles.max() < len(positions)
    assert triangles.dtype == np.int64


@pytest.mark.parametrize("name", CLOSED)
def test_a_solid_primitive_is_closed_and_faces_outward(name):
    primitive = PRIMITIVES[name]
    if name != "rounded cylinder":
        assert open_edges(primitive) == []
    assert volume(primitive) > 0
    if CLOSED[name]:
        assert volume(primitive) == pytest.approx(CLOSED[name])


@pytest.mark.parametrize("name", [name for name in PRIMITIVES if name != "leaf cards"])
def test_normals_agree_with_the_winding_of_their_triangles(name):
    positions, normals, _, triangles = PRIMITIVES[name]
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    area = np.linalg.norm(face, axis=1)
    mean = normals[triangles].mean(axis=1)
    agreement = np.einsum("ij,ij->i", face, mean)[area > 1e-9]
    assert (agreement > 0).mean() > 0.999


def test_a_finer_sphere_approaches_the_volume_of_a_ball():
    ball = sphere([0, 0, 0], 1.0, sides=60, rings=40)
    assert volume(ball) == pytest.approx(4 / 3 * np.pi, rel=0.01)


def test_boxes_without_back_lack_only_the_faces_towards_minus_y():
    whole, front = boxes([0, 0, 0], [1, 1, 1]), boxes([0, 0, 0], [1, 1, 1], back=False)
    assert len(whole.triangles) == 12 and len(front.triangles) == 10
    assert whole.normals[:, 1].min() == -1 and front.normals[:, 1].min() == 0


def test_leaf_cards_face_away_from_the_crown_and_span_the_leaf_texture():
    centers = unit(rng().normal(size=(200, 3))) * 5
    cards = leaf_cards(centers, 0.1, rng(), [0, 0, 0], up=0.0)
    assert (np.einsum("ij,ij->i", cards.normals, np.repeat(centers, 4, axis=0)) > 0).all()
    assert set(np.unique(cards.coordinates[:, :2])) == {0.0, 1.0}


def test_cross_and_unit_equal_numpys():
    a, b = rng().normal(size=(2, 7, 3))
    np.testing.assert_allclose(cross(a, b), np.cross(a, b))
    np.testing.assert_allclose(unit(a), a / np.linalg.norm(a, axis=1, keepdims=True))
    assert (unit(np.zeros((1, 3))) == 0).all()


@pytest.mark.parametrize(
    ("yaw", "heading", "left"),
    [(0.0, (0, 1, 0), (-1, 0, 0)), (np.pi / 2, (1, 0, 0), (0, 1, 0))],
)
def test_a_frame_heads_along_yaw_clockwise_from_y(yaw, heading, left):
    axes = frame([5, 6, 7], yaw)
    np.testing.assert_allclose(axes.vectors([1, 0, 0]), heading, atol=1e-12)
    np.testing.assert_allclose(axes.vectors([0, 1, 0]), left, atol=1e-12)
    np.testing.assert_allclose(axes.moved(2.0).origin, np.array([5, 6, 7]) + 2 * np.array(heading))
    turned = frame([5, 6, 7], 0.3).turned(yaw)
    np.testing.assert_allclose(turned.rotation, frame([0, 0, 0], 0.3 + yaw).rotation, atol=1e-12)


def test_put_writes_every_column_of_the_vertex():
    mesh = Mesh()
    axes = frame([10, 0, 0], np.pi / 2)
    mesh.put(quads([SQUARE]), Material.SIGN, 20, color=(0.1, 0.2, 0.3), seed=4.0, transform=axes)
    mesh.put(quads([SQUARE]), Material.PAINT, 26, instance_id=26003)
    vertices, triangles = mesh.arrays()
    assert vertices.shape == (8, 16) and vertices.dtype == np.float32
    assert triangles.dtype == np.uint32 and triangles[2:].min() == 4
    np.testing.assert_allclose(vertices[:4, POSITION], axes.points(SQUARE), atol=1e-6)
    np.testing.assert_allclose(vertices[:4, NORMAL], [[0, 0, 1]] * 4, atol=1e-6)
    np.testing.assert_allclose(vertices[:4, COLOR], [[0.1, 0.2, 0.3]] * 4)
    assert (vertices[:4, SEED] == 4).all()
    assert vertices[:, MATERIAL].tolist() == [16] * 4 + [0] * 4
    assert vertices[:, LABEL].tolist() == [20] * 4 + [26] * 4
    assert vertices[:, INSTANCE].tolist() == [20] * 4 + [26003] * 4
    assert (mesh.vertex_count, mesh.triangle_count) == (8, 4)


def test_put_mesh_colours_the_body_only_and_leaves_the_template_alone():
    template, mesh = Mesh(), Mesh()
    template.put(quads([SQUARE]), Material.CAR_PAINT, 0, color=(-1, -1, -1))
    template.put(quads([SQUARE]), Material.CAR_PAINT, 0, color=(-0.5, -0.5, -0.5))
    template.put(quads([SQUARE]), Material.TYRE, 0, color=(0.1, 0.1, 0.1))
    before = template.merged()[0].copy()
    for number in (1, 2):
        mesh.put_mesh(
            template, frame([0, 0, number], 0.0), label_id=26, instance_id=26000 + number,
            body_color=(0.2, 0.4, 0.6 * number),
        )  # fmt: skip
    vertices, triangles = mesh.arrays()
    np.testing.assert_allclose(vertices[0, COLOR], [0.2, 0.4, 0.6])
    np.testing.assert_allclose(vertices[4, COLOR], [0.1, 0.2, 0.3])
    np.testing.assert_allclose(vertices[8, COLOR], [0.1, 0.1, 0.1])
    np.testing.assert_allclose(vertices[12, COLOR], [0.2, 0.4, 1.2])
    assert (vertices[:12, INSTANCE] == 26001).all() and (vertices[12:, INSTANCE] == 26002).all()
    assert (vertices[:, LABEL] == 26).all() and triangles.max() == 23
    np.testing.assert_array_equal(template.merged()[0], before)


def test_an_empty_mesh_has_empty_arrays():
    vertices, triangles = Mesh().arrays()
    assert vertices.shape == (0, 16) and triangles.shape == (0, 3)


def test_merge_keeps_every_surface():
    parts = [PRIMITIVES["boxes"], PRIMITIVES["sphere"]]
    whole = merge(parts)
    assert volume(whole) == pytest.approx(sum(volume(part) for part in parts))


def test_normals_of_an_ellipsoid_are_its_gradient():
    radii = np.array([1.0, 2.0, 4.0])
    shape = sphere([0, 0, 0], radii, sides=12, rings=9)
    gradient = unit(shape.positions / radii**2)
    np.testing.assert_allclose(shape.normals, gradient, atol=1e-9)
