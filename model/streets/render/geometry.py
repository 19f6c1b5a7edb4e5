"""A street's mesh in video memory, sorted so that each material is one range of indices."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from model.streets.materials import Material
from model.streets.mesh import MATERIAL

ATTRIBUTES = (
    ("in_position", 3),
    ("in_normal", 3),
    ("in_local", 3),
    ("in_color", 3),
    ("in_tag", 4),
)
LAST = (Material.LEAF, Material.PROXY)
BEHIND, FARTHEST = 70.0, 4096.0


@dataclass(frozen=True)
class Range:
    """`count` indices from `first` on."""

    first: int
    count: int


def sorted_triangles(
    vertices: NDArray[np.float32], triangles: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], dict[Material, Range]]:
    """Triangles by material, opaque ones first, then leaves, then proxies; near before far, so
    that the depth test spares hidden pixels. Triangles far behind every camera are dropped."""
    ahead = vertices[:, 1][triangles]
    # The horizon's one big face starts behind every camera and must stay.
    kept = ahead.max(1) > -BEHIND
    triangles, first = triangles[kept], triangles[kept, 0]
    material = vertices[first, MATERIAL].astype(np.int16)
    rank = material + 100 * (material == LAST[0]) + 200 * (material == LAST[1])
    away = np.abs(vertices[first, 0]) + np.abs(vertices[first, 1])
    order = np.argsort(rank * FARTHEST + np.minimum(away, FARTHEST - 1), kind="stable")
    triangles, material = triangles[order], material[order]
    ranges = {}
    for value in np.unique(material):
        where = np.flatnonzero(material == value)
        ranges[Material(int(value))] = Range(int(where[0]) * 3, len(where) * 3)
    return np.ascontiguousarray(triangles), ranges


class Geometry:
    """Buffers of one street and the vertex arrays of the programs that draw it."""

    def __init__(
        self,
        context: moderngl.Context,
        vertices: NDArray[np.float32],
        triangles: NDArray[np.uint32],
    ) -> None:
        ordered, self.ranges = sorted_triangles(vertices, triangles)
        self._context = context
        self._vertices = context.buffer(np.ascontiguousarray(vertices).tobytes())
        self._indices = context.buffer(ordered.tobytes())
        self._arrays: dict[int, moderngl.VertexArray] = {}
        leaf = self.ranges.get(Material.LEAF, Range(0, 0))
        proxy = self.ranges.get(Material.PROXY, Range(0, 0))
        self.opaque = Range(0, ordered.size - leaf.count - proxy.count)
        self.leaf, self.proxy = leaf, proxy

    def draw(self, program: moderngl.Program, part: Range) -> None:
        """Draws one range with a program."""
        if part.count:
            self._array(program).render(moderngl.TRIANGLES, part.count, first=part.first)

    def _array(self, program: moderngl.Program) -> moderngl.VertexArray:
        if program.glo not in self._arrays:
            # Attributes that the program does not use become padding.
            layout = " ".join(
                f"{size}f" if name in program else f"{size}x4" for name, size in ATTRIBUTES
            )
            names = [name for name, _ in ATTRIBUTES if name in program]
            self._arrays[program.glo] = self._context.vertex_array(
                program, [(self._vertices, layout, *names)], self._indices
            )
        return self._arrays[program.glo]

    def release(self) -> None:
        """Frees the video memory."""
        for array in self._arrays.values():
            array.release()
        self._vertices.release()
        self._indices.release()
