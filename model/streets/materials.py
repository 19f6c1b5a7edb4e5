"""Materials of street surfaces: the numbers that the vertices carry and the shaders branch on."""

from __future__ import annotations

from enum import IntEnum


class Material(IntEnum):
    """Surface kinds; a number equals the material number of its GLSL file.

    PROXY is drawn into the label and instance maps only: outlines as a person would draw them
    (the disc of a spoked wheel, the filled panel of a fence). LEAF is cut out by a leaf texture.
    """

    PAINT = 0
    ROAD = 1
    SIDEWALK = 2
    KERB = 3
    PLASTER = 4
    BRICK = 5
    SANDSTONE = 6
    CONCRETE = 7
    WINDOW = 8
    CAR_PAINT = 9
    CAR_GLASS = 10
    TYRE = 11
    LEAF = 12
    BARK = 13
    GRASS = 14
    ROOF_TILE = 15
    SIGN = 16
    LENS = 17
    CLOTH = 18
    METAL = 19
    RIM = 20
    LAMP = 21
    PLATE = 22
    RAIL = 23
    CURTAIN_WALL = 24
    SHOP_SIGN = 25
    ROUGH_WALL = 26
    SKIN = 27
    PROXY = 28
