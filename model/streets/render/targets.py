"""Textures and frame buffers the passes draw into."""

from __future__ import annotations

import moderngl

SHADOW_SIZE = (2048, 2048)
HEIGHT_SIZE = (1024, 1536)
SAMPLES = 4
# Unit numbers, one per texture, the same in every program.
UNITS = {
    "leaf_texture": 0,
    "positions": 1,
    "normals": 2,
    "height_map": 3,
    "light_texture": 4,
    "indirect_light": 5,
    "shadow_map": 6,
    "reflection": 7,
    "radiance": 8,
    "bloom": 9,
    "glyph_texture": 10,
}
_NEAREST = (moderngl.NEAREST, moderngl.NEAREST)
_LINEAR = (moderngl.LINEAR, moderngl.LINEAR)


class Maps:
    """Depth maps that do not depend on the picture's size: shadows, heights seen from above."""

    def __init__(self, context: moderngl.Context) -> None:
        self.shadow = context.depth_texture(SHADOW_SIZE)
        self.shadow.compare_func, self.shadow.filter = "<=", _LINEAR
        self.height = context.depth_texture(HEIGHT_SIZE)
        self.height.compare_func, self.height.filter = "", _LINEAR
        self.shadow_buffer = context.framebuffer(depth_attachment=self.shadow)
        self.height_buffer = context.framebuffer(depth_attachment=self.height)


class Targets:
    """Everything of one picture size (width, height)."""

    def __init__(self, context: moderngl.Context, size: tuple[int, int]) -> None:
        self.size = size

        def texture(parts: int, kind: str) -> moderngl.Texture:
            made = context.texture(size, parts, dtype=kind)
            made.filter = _NEAREST
            return made

        self.instances, self.positions = texture(1, "f4"), texture(4, "f4")
        self.normals, self.raw_light = texture(4, "f2"), texture(4, "f2")
        self.light, self.radiance = texture(4, "f2"), texture(4, "f2")
        self.picture = texture(4, "f1")
        depth = context.depth_renderbuffer(size)
        self.geometry_buffer = context.framebuffer(
            [self.instances, self.positions, self.normals], depth
        )
        self.raw_light_buffer = context.framebuffer([self.raw_light])
        self.light_buffer = context.framebuffer([self.light])
        self.sampled_buffer = context.framebuffer(
            [context.renderbuffer(size, 4, samples=SAMPLES, dtype="f2")],
            context.depth_renderbuffer(size, samples=SAMPLES),
        )
        self.radiance_buffer = context.framebuffer([self.radiance])
        self.picture_buffer = context.framebuffer([self.picture])
        half = (max(1, size[0] // 2), max(1, size[1] // 2))
        self.reflection = context.texture(half, 4, dtype="f2")
        self.reflection.filter = _LINEAR
        self.reflection.repeat_x = self.reflection.repeat_y = False
        self.reflection_buffer = context.framebuffer(
            [self.reflection], context.depth_renderbuffer(half)
        )
        self.small = context.texture(small_size(size), 4, dtype="f2")
        self.small_buffer = context.framebuffer([self.small])
        self.bloom = context.texture(small_size(size), 3, dtype="f4")
        self.bloom.filter = _LINEAR
        self.bloom.repeat_x = self.bloom.repeat_y = False


def small_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size at which exposure is measured and bloom is made: a quarter each way."""
    return max(1, size[0] // 4), max(1, size[1] // 4)
