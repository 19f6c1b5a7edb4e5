"""Draws a street from one view: depth maps, ids, indirect light, reflection, picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from model.streets.camera import View
from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.render import matrices, post
from model.streets.render.annotation import annotated, label_map
from model.streets.render.context import renderer_name, shared_context
from model.streets.render.foliage import with_told_leaves
from model.streets.render.geometry import Geometry, Range
from model.streets.render.glyphs import glyph_texture
from model.streets.render.grain import with_told_grain
from model.streets.render.leaves import leaf_texture
from model.streets.render.overlay import apply_bonnet, apply_border
from model.streets.render.programs import set_uniforms, shared_programs
from model.streets.render.targets import UNITS, Maps, Targets
from model.streets.render.uniforms import sky_uniforms, street_uniforms
from model.streets.rng import stream
from model.streets.street import Street

NEAR, FAR = 0.25, 1500.0
SHADOW_REACH, SHADOW_DEPTH, SHADOW_AHEAD = 60.0, 320.0, 42.0
HEIGHT_AHEAD, HEIGHT_TOP, HEIGHT_RANGE = 62.0, 60.0, 62.0
HEIGHT_REACH = (45.0, 67.0)
ALPHA_TO_COVERAGE = 0x809E
SHOWN, HIDDEN = (True, True, True, True), (False, False, False, False)
UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Frame:
    """picture (H, W, 3) uint8 RGB; labels (H, W) uint8; instances (H, W) int32."""

    picture: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    instances: NDArray[np.int32]


@dataclass(frozen=True)
class _Cameras:
    """World-to-clip matrices of one view: the camera, the sun, straight down."""

    camera: matrices.Matrix
    shadow: matrices.Matrix
    height: matrices.Matrix


class StreetRenderer:
    """Draws one street at a time into pictures of one size.

    Not thread safe. Renderers of several sizes in one process share its OpenGL context.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        """size is (width, height) in pixels. InputError when there is no OpenGL."""
        self._context = shared_context()
        self._size = size
        self._programs = shared_programs(self._context)
        self._maps = Maps(self._context)
        self._targets = Targets(self._context, size)
        self._corners = self._context.buffer(np.array([-1, -1, 3, -1, -1, 3], "f4").tobytes())
        self._screen_arrays: dict[str, moderngl.VertexArray] = {}
        leaves = leaf_texture()
        self._leaves = self._context.texture(leaves.shape[:2], 4, leaves.tobytes())
        self._leaves.build_mipmaps()
        self._leaves.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        letters = glyph_texture()
        self._letters = self._context.texture(letters.shape[::-1], 1, letters.tobytes())
        self._letters.build_mipmaps()
        self._letters.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        self._street: Street | None = None
        self._geometry: Geometry | None = None
        self.name = renderer_name(self._context)

    def load(self, street: Street) -> None:
        """Makes a street the one that `draw` shows."""
        if self._geometry is not None:
            self._geometry.release()
        self._geometry = Geometry(self._context, street.vertices, street.triangles)
        self._street = street

    def draw(self, view: View) -> Frame:
        """The loaded street from one view. The same street and view give the same bytes on one
        driver, whatever was drawn before."""
        picture, labels, instances = self._drawn(view)
        frame = Frame(picture, labels, instances)
        if view.bonnet is not None:
            frame = Frame(*apply_bonnet(picture, labels, instances, view.bonnet))
        if view.border is not None:
            maps = frame.labels, frame.instances
            frame = Frame(*apply_border(frame.picture, *maps, view.border))
        return frame

    def _drawn(self, view: View) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int32]]:
        street, geometry = self._loaded()
        cameras = self._cameras(street, view)
        self._bind_textures()
        self._draw_maps(geometry, cameras)
        self._draw_ids(geometry, cameras, view)
        self._draw_indirect(street, cameras, view)
        if street.modes.road == "wet":
            self._draw_reflection(street, geometry, cameras, view)
        self._draw_picture(street, geometry, cameras, view)
        rng = stream(street.plan.seed, "post", view.index, 1)
        seen = self._read_ids()
        instances = annotated(seen, rng)
        picture, labels = self._finish(street, view), label_map(instances)
        if street.plan.modular:
            picture = with_told_leaves(picture, seen, instances)
            picture = with_told_grain(picture, labels)
        return picture, labels, instances

    def _loaded(self) -> tuple[Street, Geometry]:
        if self._street is None or self._geometry is None:
            raise RuntimeError("load a street before drawing")
        return self._street, self._geometry

    def _cameras(self, street: Street, view: View) -> _Cameras:
        width, height = self._size
        eye, sun = np.array(view.eye), np.array(street.light.sun_direction)
        tilted = UP + np.array([np.sin(view.roll), 0.0, 0.0])
        camera = matrices.perspective(view.field_of_view, width / height, NEAR, FAR)
        camera = camera @ matrices.looking(eye, view.forward, tilted)
        upward = UP if abs(sun[2]) < 0.95 else np.array([0.0, 1.0, 0.0])
        middle = np.array([eye[0], eye[1] + SHADOW_AHEAD, 0.0])
        shadow = matrices.orthographic(SHADOW_REACH, SHADOW_REACH, 0, SHADOW_DEPTH)
        shadow = shadow @ matrices.looking(middle + sun * SHADOW_DEPTH / 2, -sun, upward)
        above = np.array([eye[0], eye[1] + HEIGHT_AHEAD, HEIGHT_TOP])
        down = matrices.orthographic(*HEIGHT_REACH, 0, HEIGHT_RANGE)
        down = down @ matrices.looking(above, [0, 0, -1], [0, 1, 0])
        return _Cameras(camera, shadow, down)

    def _bind_textures(self) -> None:
        targets, maps = self._targets, self._maps
        textures = {
            "leaf_texture": self._leaves,
            "glyph_texture": self._letters,
            "positions": targets.positions,
            "normals": targets.normals,
            "height_map": maps.height,
            "light_texture": targets.raw_light,
            "indirect_light": targets.light,
            "shadow_map": maps.shadow,
            "reflection": targets.reflection,
            "radiance": targets.radiance,
            "bloom": targets.bloom,
        }
        for name, texture in textures.items():
            texture.use(UNITS[name])

    def _draw_maps(self, geometry: Geometry, cameras: _Cameras) -> None:
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._context.depth_func = "<="
        pairs = (
            (self._maps.shadow_buffer, cameras.shadow),
            (self._maps.height_buffer, cameras.height),
        )
        for buffer, matrix in pairs:
            buffer.use()
            buffer.clear(depth=1.0)
            self._draw_over(geometry, "depth", {"view_projection": matrix})

    def _draw_over(self, geometry: Geometry, name: str, values: dict[str, object]) -> None:
        values = {"mirror": 1.0, **UNITS, **values}
        for part, leaf in ((geometry.opaque, False), (geometry.leaf, True)):
            program = self._programs.pass_over(name, leaf=leaf)
            set_uniforms(program, values)
            geometry.draw(program, part)

    def _draw_ids(self, geometry: Geometry, cameras: _Cameras, view: View) -> None:
        buffer = self._targets.geometry_buffer
        buffer.use()
        buffer.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        values: dict[str, object] = {
            "view_projection": cameras.camera,
            "eye": view.eye,
            "forward": view.forward,
        }
        self._draw_over(geometry, "ids", values)
        # Proxies change whose pixel it is, not what the light sees.
        masks: Any = (SHOWN, HIDDEN, HIDDEN)
        buffer.color_mask = masks
        geometry.draw(self._programs.pass_over("ids"), geometry.proxy)
        masks = (SHOWN, SHOWN, SHOWN)
        buffer.color_mask = masks

    def _draw_indirect(self, street: Street, cameras: _Cameras, view: View) -> None:
        self._context.disable(moderngl.DEPTH_TEST)
        width, _ = self._size
        values: dict[str, object] = {
            **sky_uniforms(street),
            **street_uniforms(street),
            "height_projection": cameras.height,
            "shadow_projection": cameras.shadow,
            "height_top": HEIGHT_TOP,
            "height_range": HEIGHT_RANGE,
            "focal_length": float(width / 2 / np.tan(view.field_of_view / 2)),
        }
        self._targets.raw_light_buffer.use()
        self._draw_screen("occlusion", values)
        self._targets.light_buffer.use()
        self._draw_screen("blur", {})

    def _draw_screen(self, name: str, values: dict[str, object]) -> None:
        program = self._programs.screen(name)
        set_uniforms(program, {"resolution": self._size, **UNITS, **values})
        if name not in self._screen_arrays:
            self._screen_arrays[name] = self._context.vertex_array(
                program, [(self._corners, "2f", "in_corner")]
            )
        self._screen_arrays[name].render(moderngl.TRIANGLES, 3)

    def _material_uniforms(
        self, street: Street, cameras: _Cameras, view: View
    ) -> dict[str, object]:
        return {
            **UNITS,
            **sky_uniforms(street),
            **street_uniforms(street),
            "resolution": self._size,
            "view_projection": cameras.camera,
            "shadow_projection": cameras.shadow,
            "eye": view.eye,
            "mirror": 1.0,
            "reflected_pass": 0,
        }

    def _draw_materials(self, geometry: Geometry, values: dict[str, object]) -> None:
        for material, part in geometry.ranges.items():
            if material is Material.PROXY:
                continue
            program = self._programs.material(material)
            set_uniforms(program, values)
            smooth = material is Material.LEAF and not values["reflected_pass"]
            if smooth:
                self._context.enable_direct(ALPHA_TO_COVERAGE)
            geometry.draw(program, part)
            if smooth:
                self._context.disable_direct(ALPHA_TO_COVERAGE)

    def _draw_reflection(
        self, street: Street, geometry: Geometry, cameras: _Cameras, view: View
    ) -> None:
        """The world mirrored in the road; the vertex shader flips it, the camera stays."""
        buffer = self._targets.reflection_buffer
        buffer.use()
        buffer.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)
        self._context.enable(moderngl.DEPTH_TEST)
        values = self._material_uniforms(street, cameras, view)
        self._draw_materials(geometry, {**values, "mirror": -1.0, "reflected_pass": 1})
        flip = np.diag([1.0, 1.0, -1.0, 1.0])
        x, y, z = view.eye
        self._draw_backdrop(street, flip @ np.linalg.inv(cameras.camera), (x, y, -z))

    def _draw_backdrop(
        self, street: Street, unproject: matrices.Matrix, eye: tuple[float, float, float]
    ) -> None:
        values = {**sky_uniforms(street), "unproject": unproject, "eye": eye}
        self._draw_screen("backdrop", values)

    def _draw_picture(
        self, street: Street, geometry: Geometry, cameras: _Cameras, view: View
    ) -> None:
        context, buffer = self._context, self._targets.sampled_buffer
        buffer.use()
        buffer.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)
        context.enable(moderngl.DEPTH_TEST)
        self._draw_depth_first(geometry, cameras)
        self._draw_materials(geometry, self._material_uniforms(street, cameras, view))
        self._draw_backdrop(street, np.linalg.inv(cameras.camera), view.eye)
        context.copy_framebuffer(self._targets.radiance_buffer, buffer)
        context.disable(moderngl.DEPTH_TEST)

    def _draw_depth_first(self, geometry: Geometry, cameras: _Cameras) -> None:
        """Depth of opaque surfaces, a little behind them, so that each pixel is lit only once."""
        buffer = self._targets.sampled_buffer
        buffer.color_mask = HIDDEN
        self._context.polygon_offset = (1.0, 2.0)
        program = self._programs.pass_over("depth")
        set_uniforms(program, {"view_projection": cameras.camera, "mirror": 1.0})
        geometry.draw(program, Range(geometry.opaque.first, geometry.opaque.count))
        self._context.polygon_offset = (0.0, 0.0)
        buffer.color_mask = SHOWN

    def _finish(self, street: Street, view: View) -> NDArray[np.uint8]:
        targets, (width, height) = self._targets, self._size
        targets.small_buffer.use()
        self._draw_screen("shrink", {})
        small_width, small_height = targets.small.size
        small = np.frombuffer(targets.small.read(), np.float16).astype(np.float32)
        small = small.reshape(small_height, small_width, 4)[..., :3]
        targets.bloom.write(post.bloom(small).tobytes())
        targets.picture_buffer.use()
        seed = street.plan.seed
        self._draw_screen("finish", post.camera_uniforms(small, street.light, seed, view.index))
        pixels = np.frombuffer(targets.picture_buffer.read(components=3), np.uint8)
        return post.softened(pixels.reshape(height, width, 3)[::-1])

    def _read_ids(self) -> NDArray[np.int32]:
        width, height = self._size
        raw = np.frombuffer(self._targets.instances.read(), np.float32).reshape(height, width)
        instances = np.ascontiguousarray(np.rint(raw[::-1]).astype(np.int32))
        instances[instances == 0] = LabelId.SKY
        return instances
