"""Crafted pictures, label maps, instance maps and stamps."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from tests.hostile.crafting import Crafted, file, instances, labels, nested, picture, png, png_chunk

LARGE = "more than 67 million pixels"
DAMAGED = "damaged or cut short"
NOISE = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)


def webp(kind: bytes, rest: bytes) -> bytes:
    body = b"WEBP" + kind + struct.pack("<I", len(rest)) + rest
    return b"RIFF" + struct.pack("<I", len(body)) + body


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is there again and again."""
    data = picture(np.zeros((4000, 4000, 3), np.uint8), "JPEG", progressive=True)
    start, end = data.rfind(b"\xff\xda"), data.rfind(b"\xff\xd9")
    return data[:end] + data[start:end] * count + data[end:]


def tiff(width: int, height: int, count: int = 1) -> bytes:
    """A TIFF of that size; count: how many strips it says to have."""
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1)]
    tags += [(262, 3, 1, 1), (273, 4, count, 8), (277, 3, 1, 1), (279, 4, count, 8)]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + b"\0\0\0\0" + bytes(64)


def bmp(width: int, height: int, colors: int = 0) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, 0, 0, 0, colors, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head + bytes(64)


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.png")
    return folder / "pipe.png"


def endless(folder: Path) -> Path:
    (folder / "zero.png").symlink_to("/dev/zero")
    return folder / "zero.png"


def sparse(name: str, size: int):
    def make(folder: Path) -> Path:
        with open(folder / name, "wb") as target:
            target.truncate(size)
        return folder / name

    return make


def folder_named(name: str):
    def make(folder: Path) -> Path:
        (folder / name).mkdir()
        return folder / name

    return make


def stamp(about: str, parts: np.ndarray | None = None) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("labelbrush-stamp", about)
    return picture(np.ones((4, 4), np.uint8) if parts is None else parts, "PNG", pnginfo=text)


def float_tiff() -> bytes:
    return picture(np.zeros((3, 3), np.float32), "TIFF")


def negative_tiff() -> bytes:
    return picture(np.full((3, 3), -5, np.int32), "TIFF")


TEXT_BOMB = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 * 2**20)))
GIF = picture(np.zeros((4, 4), np.uint8), "GIF")
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/tmp/x) (w) file\n"
GOOD = '{"version": 1, "name": "a", "labels": ["car"], "ratio": 1.5}'

FILES = [
    Crafted("a PNG of 2.5 billion pixels", "picture", file("a.png", png(50_000, 50_000)), LARGE),
    Crafted("a label map of 2.5 billion", "labels", file("a.png", png(50_000, 50_000)), LARGE),
    Crafted(
        "an instance map just too large",
        "instances",
        file("a.png", png(65_500, 1025, depth=16)),
        LARGE,
    ),
    Crafted("a PNG one row high", "picture", file("a.png", png(2**31 - 1, 1)), LARGE),
    Crafted("a PNG of no size", "picture", file("a.png", png(0, 0)), "a.png"),
    Crafted("a PNG without its rows", "picture", file("a.png", png(500, 500)), DAMAGED),
    Crafted("a PNG cut short", "labels", file("a.png", labels(400, 600)[:-40]), DAMAGED),
    Crafted(
        "a PNG with a text of 100 MiB", "picture", file("a.png", png(9, 9, TEXT_BOMB)), "a.png"
    ),
    Crafted(
        "a WebP with a canvas of 4 billion",
        "picture",
        file("a.webp", webp(b"VP8X", b"\2\0\0\0" + b"\xff\xff\0" + b"\xff\xff\0" + bytes(64))),
        LARGE,
    ),
    Crafted(
        "a lossless WebP of 268 million",
        "picture",
        file("a.webp", webp(b"VP8L", b"\x2f" + struct.pack("<I", 0x0FFFFFFF) + bytes(64))),
        LARGE,
    ),
    Crafted(
        "a lossy WebP of 268 million",
        "picture",
        file("a.webp", webp(b"VP8 ", b"\0\0\0\x9d\1\x2a\xff\x3f\xff\x3f" + bytes(64))),
        LARGE,
    ),
    Crafted("a JPEG with 3000 scans", "picture", file("a.jpg", many_scans(3000)), "scans"),
    Crafted(
        "a JPEG cut short",
        "picture",
        file("a.jpg", picture(NOISE, "JPEG")[:-200]),
        DAMAGED,
    ),
    Crafted("a TIFF of 3.6 billion", "picture", file("a.tif", tiff(60_000, 60_000)), LARGE),
    Crafted("a TIFF of a billion strips", "labels", file("a.tif", tiff(9, 9, 2**30)), "a.tif"),
    Crafted(
        "a BMP of the largest size", "picture", file("a.bmp", bmp(2**31 - 1, 2**31 - 1)), LARGE
    ),
    Crafted("a BMP of 60000 colours", "labels", file("a.bmp", bmp(9, 9, 60_000)), "a.bmp"),
    Crafted("a GIF called PNG", "picture", file("a.png", GIF), "is not a picture file"),
    Crafted("an EPS program", "picture", file("a.png", EPS), "is not a picture file"),
    Crafted("an empty picture", "labels", file("a.png", b""), "is not a picture file"),
    Crafted("a label map in colours", "labels", file("a.png", picture(NOISE)), "a colour picture"),
    Crafted("a label map of 16 bits", "labels", file("a.png", instances()), "8 bits"),
    Crafted("a label that nobody knows", "labels", file("a.png", labels(value=200)), "200"),
    Crafted("instances of broken numbers", "instances", file("a.tif", float_tiff()), "floating"),
    Crafted("negative instances", "instances", file("a.tif", negative_tiff()), "negative"),
    Crafted("a pipe", "picture", pipe, "no ordinary file"),
    Crafted("an endless device", "labels", endless, "no ordinary file"),
    Crafted("a folder called PNG", "picture", folder_named("a.png"), "is a folder"),
    Crafted("a picture of 300 MiB", "picture", sparse("a.png", 300 * 2**20), "larger than 256 MiB"),
    Crafted("a stamp of 64 million", "stamp", file("a.png", png(50_000, 50_000)), LARGE),
    Crafted("a stamp without a text", "stamp", file("a.png", labels()), "is not a stamp"),
    Crafted("a stamp of nested text", "stamp", file("a.png", stamp(nested())), "too deeply"),
    Crafted(
        "a stamp of an infinite version",
        "stamp",
        file("a.png", stamp(GOOD.replace("1,", "1e999,", 1))),
        "version is inf",
    ),
    Crafted(
        "a stamp of a newer version",
        "stamp",
        file("a.png", stamp(GOOD.replace("1,", "9,", 1))),
        "stamp version 9",
    ),
    Crafted(
        "a stamp with parts that have no label",
        "stamp",
        file("a.png", stamp(GOOD, np.full((4, 4), 9, np.uint8))),
        "do not match its labels",
    ),
]
assert Image.MAX_IMAGE_PIXELS
