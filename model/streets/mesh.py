"""Triangle meshes of the street: placements and the builder that collects surfaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.streets.materials import Material

Array = NDArray[np.float64]
Color = Sequence[float] | Array

VERTEX_FLOATS = 16
POSITION, NORMAL, COORDINATES, COLOR = slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 12)
SEED, MATERIAL, LABEL, INSTANCE = 12, 13, 14, 15


@dataclass(frozen=True)
class Transform:
    """A rigid placement: world = rotation @ local + origin (rotation (3, 3), origin (3,))."""

    rotation: Array
    origin: Array

    def points(self, points: ArrayLike) -> Array:
        """Local points (..., 3) in world coordinates."""
        return np.asarray(points, float) @ self.rotation.T + self.origin

    def vectors(self, vectors: ArrayLike) -> Array:
        """Local directions (..., 3) in world coordinates."""
        return np.asarray(vectors, float) @ self.rotation.T

    def moved(self, x: float, y: float = 0.0, z: float = 0.0) -> Transform:
        """The same axes with the origin shifted along them."""
        return Transform(self.rotation, self.points([x, y, z]))

    def turned(self, yaw: float) -> Transform:
        """Turned clockwise (seen from above) by yaw radians about its own upright axis."""
        sine, cosine = np.sin(yaw), np.cos(yaw)
        turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        return Transform(self.rotation @ turn, self.origin)


IDENTITY = Transform(np.eye(3), np.zeros(3))


def frame(origin: ArrayLike, yaw: float) -> Transform:
    """Axes on the ground: local x = heading, y = left, z = up.

    Yaw is measured from world +y, clockwise positive, in radians.
    """
    sine, cosine = np.sin(yaw), np.cos(yaw)
    rotation = np.array([[sine, -cosine, 0.0], [cosine, sine, 0.0], [0.0, 0.0, 1.0]])
    return Transform(rotation, np.asarray(origin, float))


def offset(x: float, y: float, z: float) -> Array:
    """A step in local metres, to be added to a point."""
    return np.array([x, y, z], float)


class Primitive(NamedTuple):
    """A surface in local metres; positions, normals, coordinates (V, 3), triangles (T, 3)."""

    positions: Array
    normals: Array
    coordinates: Array
    triangles: NDArray[np.int64]


class Mesh:
    """Collects vertices of 16 floats: position, normal, coordinates, colour (3 each), then
    seed, material, label id and instance id.

    Coordinates are the material's own (metres on a wall, 0..1 on a leaf card). In a template a
    colour below zero stands for that multiple of the body colour, see `put_mesh`. Car glass has no
    colour: red and green say where the vehicle heads, blue is half its width.
    """

    def __init__(self) -> None:
        self._vertices: list[NDArray[np.float32]] = []
        self._triangles: list[NDArray[np.int64]] = []
        self.vertex_count = 0
        self.triangle_count = 0

    def put(
        self,
        primitive: Primitive,
        material: int,
        label_id: int,
        *,
        instance_id: int | None = None,
        color: ArrayLike = (0.5, 0.5, 0.5),
        seed: float = 0.0,
        transform: Transform | None = None,
    ) -> None:
        """Add one surface; color is (3,) or (V, 3); no instance id means the label id."""
        positions, normals, coordinates, triangles = primitive
        if transform is not None:
            positions, normals = transform.points(positions), transform.vectors(normals)
        vertices = np.empty((len(positions), VERTEX_FLOATS), np.float32)
        vertices[:, POSITION] = positions
        vertices[:, NORMAL] = normals
        vertices[:, COORDINATES] = coordinates
        vertices[:, COLOR] = color
        vertices[:, SEED] = seed
        vertices[:, MATERIAL] = material
        vertices[:, LABEL] = label_id
        vertices[:, INSTANCE] = label_id if instance_id is None else instance_id
        self._append(vertices, np.asarray(triangles, np.int64))

    def put_mesh(
        self,
        template: Mesh,
        transform: Transform,
        *,
        label_id: int,
        instance_id: int | None = None,
        body_color: ArrayLike = (0.5, 0.5, 0.5),
    ) -> None:
        """Add a copy of a finished template as one object with its own ids and body colour."""
        vertices, triangles = template.merged()
        vertices = vertices.copy()
        vertices[:, POSITION] = transform.points(vertices[:, POSITION])
        vertices[:, NORMAL] = transform.vectors(vertices[:, NORMAL])
        painted = vertices[:, COLOR.start] < 0
        vertices[painted, COLOR] *= -np.asarray(body_color, np.float32)
        glazed = vertices[:, MATERIAL] == Material.CAR_GLASS
        vertices[glazed, COLOR.start : COLOR.start + 2] = 0.5 + 0.5 * transform.rotation[:2, 0]
        vertices[:, LABEL] = label_id
        vertices[:, INSTANCE] = label_id if instance_id is None else instance_id
        self._append(vertices, triangles)

    def merged(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """All vertices (V, 16) and triangles (T, 3) as one array each; not to be written to."""
        if not self._vertices:
            return np.empty((0, VERTEX_FLOATS), np.float32), np.empty((0, 3), np.int64)
        if len(self._vertices) > 1:
            self._vertices = [np.concatenate(self._vertices)]
            self._triangles = [np.concatenate(self._triangles)]
        return self._vertices[0], self._triangles[0]

    def arrays(self) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
        """Vertices (V, 16) float32 and triangles (T, 3) uint32, ready for vertex buffers."""
        vertices, triangles = self.merged()
        return vertices, triangles.astype(np.uint32)

    def _append(self, vertices: NDArray[np.float32], triangles: NDArray[np.int64]) -> None:
        self._vertices.append(vertices)
        self._triangles.append(triangles + self.vertex_count)
        self.vertex_count += len(vertices)
        self.triangle_count += len(triangles)


def unit(vectors: Array) -> Array:
    """Vectors (..., 3) at length 1; zero vectors stay zero."""
    lengths = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return vectors / np.maximum(lengths, 1e-12)[..., None]


def cross(first: Array, second: Array) -> Array:
    """Cross products (..., 3), broadcast; several times faster than numpy's on small arrays."""
    a, b, c = first[..., 0], first[..., 1], first[..., 2]
    x, y, z = second[..., 0], second[..., 1], second[..., 2]
    return np.stack([b * z - c * y, c * x - a * z, a * y - b * x], -1)
