"""Shader programs from the packaged GLSL files: one program per material, made when first used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

import moderngl
import numpy as np

from model.streets.materials import Material

# Extra switches of a material's program, see main.glsl and light.glsl.
SWITCHES: Mapping[Material, tuple[str, ...]] = {
    Material.ROAD: ("WETTABLE", "BUMPY"),
    Material.SIDEWALK: ("WETTABLE", "BUMPY"),
    Material.GRASS: ("MATT", "BUMPY"),
    Material.LEAF: ("MATT", "CUTOUT"),
    Material.CLOTH: ("MATT", "BUMPY"),
    Material.PLASTER: ("BUMPY",),
    Material.BRICK: ("BUMPY",),
    Material.SANDSTONE: ("BUMPY",),
    Material.CONCRETE: ("BUMPY",),
    Material.ROUGH_WALL: ("BUMPY",),
    Material.ROOF_TILE: ("BUMPY",),
    Material.BARK: ("BUMPY",),
}
_INCLUDE = re.compile(r'^#include "(.+)"\n', re.MULTILINE)


def source(name: str, *, material: str = "", switches: tuple[str, ...] = ()) -> str:
    """A GLSL file with its includes in place; switches become #defines."""
    folder = resources.files(__package__) / "glsl"
    text = (folder / name).read_text(encoding="utf-8")

    def included(match: re.Match[str]) -> str:
        path = f"materials/{material}.glsl" if match[1] == "MATERIAL" else match[1]
        return source(path, material=material)

    text = _INCLUDE.sub(included, text)
    defines = "".join(f"#define {switch}\n" for switch in switches)
    return text.replace("#version 430\n", "#version 430\n" + defines, 1)


class Programs:
    """Compiled programs by name; uniforms that a driver has optimised away are skipped."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._programs: dict[str, moderngl.Program] = {}

    def material(self, material: Material) -> moderngl.Program:
        """The program that lights one material."""
        name = material.name.lower()
        if name not in self._programs:
            switches = SWITCHES.get(material, ())
            fragment = source("main.glsl", material=name, switches=switches)
            self._programs[name] = self._compile(source("vertex.glsl"), fragment)
        return self._programs[name]

    def pass_over(self, name: str, *, leaf: bool = False) -> moderngl.Program:
        """The program of a pass over geometry: 'depth' or 'ids'."""
        key = f"{name} leaf" if leaf else name
        if key not in self._programs:
            fragment = source(f"{name}.glsl", switches=("LEAF",) if leaf else ())
            self._programs[key] = self._compile(source("vertex.glsl"), fragment)
        return self._programs[key]

    def screen(self, name: str) -> moderngl.Program:
        """The program of a pass over the whole picture."""
        if name not in self._programs:
            self._programs[name] = self._compile(source("screen.glsl"), source(f"{name}.glsl"))
        return self._programs[name]

    def _compile(self, vertex: str, fragment: str) -> moderngl.Program:
        return self._context.program(vertex_shader=vertex, fragment_shader=fragment)


@cache
def shared_programs(context: moderngl.Context) -> Programs:
    """The programs of a context, so that renderers of several sizes compile them once."""
    return Programs(context)


def set_uniforms(program: moderngl.Program, values: Mapping[str, object]) -> None:
    """Sets the uniforms that the program has; (4, 4) arrays are row-major matrices."""
    for name, value in values.items():
        member = program.get(name, None)
        if not isinstance(member, moderngl.Uniform):
            continue
        if isinstance(value, np.ndarray):
            matrix = value.T if value.shape == (4, 4) else value
            member.write(np.ascontiguousarray(matrix, np.float32).tobytes())
        elif isinstance(value, list):
            # Drivers may shorten an array to the part that is read.
            member.value = value[: member.array_length]
        else:
            member.value = value
