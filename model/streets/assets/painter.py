"""The brush that house parts are put with: wall axes, house colours and ids in one place."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Color, Mesh, Primitive, Transform
from model.streets.primitives import boxes, quads


class Painter:
    """Puts parts of one house into the mesh; local x along a wall, y out of it, z up."""

    def __init__(
        self,
        mesh: Mesh,
        transform: Transform,
        material: Material,
        color: Color,
        seed: float,
        instance_id: int | None,
    ) -> None:
        self.mesh, self.transform = mesh, transform
        self.material, self.color, self.seed = material, np.asarray(color, float), seed
        self.instance_id = instance_id

    def facing(self, origin: ArrayLike, yaw: float) -> Painter:
        """The painter of another wall: moved in local axes, then turned clockwise by yaw."""
        placed = Transform(self.transform.rotation, self.transform.points(origin)).turned(yaw)
        return Painter(self.mesh, placed, self.material, self.color, self.seed, self.instance_id)

    def put(
        self,
        part: Primitive,
        material: Material | None = None,
        color: ArrayLike | None = None,
        seed: float | None = None,
    ) -> None:
        self.mesh.put(
            part,
            self.material if material is None else material,
            LabelId.BUILDING,
            instance_id=self.instance_id,
            color=self.color if color is None else color,
            seed=self.seed if seed is None else seed,
            transform=self.transform,
        )

    def wall(
        self,
        left: ArrayLike,
        right: ArrayLike,
        low: ArrayLike,
        high: ArrayLike,
        out: float = 0.0,
        material: Material | None = None,
        color: ArrayLike | None = None,
    ) -> None:
        """Upright rectangles facing out, with wall metres as coordinates; arrays broadcast."""
        self.put(rectangles(left, right, low, high, out), material, color)

    def slabs(
        self,
        x: ArrayLike,
        y: ArrayLike,
        z: ArrayLike,
        size: ArrayLike,
        material: Material,
        color: ArrayLike,
        seed: float | None = None,
    ) -> None:
        """Boxes on the wall, without their hidden back faces; centres broadcast."""
        centers = np.stack(np.broadcast_arrays(*(np.asarray(v, float) for v in (x, y, z))), -1)
        self.put(boxes(centers.reshape(-1, 3), size, back=False), material, color, seed)

    def board(
        self, left: float, right: float, low: float, high: float, color: ArrayLike, seed: float
    ) -> None:
        """A board with lettering that the seed (0..1) chooses, 14 cm before the wall."""
        middle, size = (left + right) / 2, [right - left, 0.14, high - low]
        self.slabs(middle, 0.07, (low + high) / 2, size, Material.PAINT, color, 0.5)
        face = rectangles(left, right, low, high, 0.145)
        length = (right - left) / (high - low)
        own = np.array([[0, 0, length], [length, 0, length], [length, 1, length], [0, 1, length]])
        self.put(face._replace(coordinates=own), Material.SHOP_SIGN, color, seed)


def rectangles(
    left: ArrayLike, right: ArrayLike, low: ArrayLike, high: ArrayLike, out: float = 0.0
) -> Primitive:
    """Upright rectangles in the plane y = out facing +y; coordinates are (x, z, 0)."""
    sides = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(v, float)) for v in (left, right, low, high))
    )
    x0, x1, z0, z1 = sides
    x, z = np.stack([x1, x0, x0, x1], -1), np.stack([z0, z0, z1, z1], -1)
    corners = np.stack([x, np.full_like(x, out), z], -1)
    return quads(corners, np.stack([x, z, np.zeros_like(x)], -1))
