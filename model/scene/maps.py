"""Reading and writing label maps, instance maps and pictures, from files that may be wrong.

Every refusal is a MapError: one sentence with the file's name and what to do.
"""

from __future__ import annotations

import logging
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from model.errors import InputError, MapError
from model.scene.files import atomic_file
from model.scene.instances import LARGEST_ID
from model.scene.labels import LabelSchema, label_of
from model.scene.reading import opened
from model.scene.scene import InstanceMap, LabelMap, Scene

MAX_PIXELS = 2**26  # 8192 x 8192
MAX_BYTES = 256 * 2**20
MAX_SCANS = 100  # of a JPEG; each passes over the whole picture
MAP_FORMATS = ("PNG", "BMP", "TIFF")
Size = tuple[int, int]
PICTURE_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
JPEG_QUALITY = 95

_INTEGER_MODES = ("L", "P", "I;16", "I;16B", "I;16L", "I")
PICTURE_SUFFIXES = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_log = logging.getLogger(__name__)


def read_label_map(path: str | Path, schema: LabelSchema | None = None) -> LabelMap:
    """A label map as (H, W) uint8; palette files by their index, never by colour.

    Raises MapError for colour and 16-bit files and, with a schema, for ids it lacks.
    """
    with opened(path, MapError, MAX_BYTES) as file:
        return decode_label_map(file, str(path), schema)


def read_instance_map(path: str | Path) -> InstanceMap:
    """An instance map of 8, 16 or 32 bits as (H, W) int32; 16-bit ids stay unsigned."""
    with opened(path, MapError, MAX_BYTES) as file:
        return decode_instance_map(file, str(path))


def read_picture(path: str | Path) -> NDArray[np.uint8]:
    """A photo or other picture as (H, W, 3) uint8 RGB, turned upright, without transparency."""
    with opened(path, MapError, MAX_BYTES) as file:
        return decode_picture(file, str(path))


def decode_picture(file: IO[bytes], name: str) -> NDArray[np.uint8]:
    """read_picture() from an open file; name stands in the error messages."""
    image = _decoded(file, name, PICTURE_FORMATS)
    with _damage_reported(name):
        image = ImageOps.exif_transpose(image)
    if image.mode in ("I", "F"):
        raise MapError(f"{name} has {image.mode} pixels, not a picture's; save it with 8 bits.")
    if image.mode.startswith("I;16"):
        return np.repeat((np.asarray(image) >> 8).astype(np.uint8)[..., None], 3, axis=2)
    return np.array(image.convert("RGB"))


def decode_label_map(
    file: IO[bytes], name: str, schema: LabelSchema | None, size: Size | None = None
) -> LabelMap:
    """read_label_map() from an open file; name stands in the error messages.

    size: (height, width) that it has to have, which is checked before it is decoded.
    """
    image = _decoded(file, name, MAP_FORMATS, size)
    if image.mode not in ("L", "P"):
        raise MapError(
            f"{name} is {_kind(image.mode)}, but a label map has one label id of 8 bits per "
            "pixel; save it as an 8-bit grey or palette PNG."
        )
    labels = np.array(image, np.uint8)
    if schema is not None:
        _check_labels(labels, name, schema)
    return labels


def decode_instance_map(file: IO[bytes], name: str, size: Size | None = None) -> InstanceMap:
    """read_instance_map() from an open file; name and size as in decode_label_map()."""
    image = _decoded(file, name, MAP_FORMATS, size)
    if image.mode not in _INTEGER_MODES:
        raise MapError(
            f"{name} is {_kind(image.mode)}, but an instance map has one whole number per "
            "pixel; save it as a 16-bit grey PNG."
        )
    instances = np.array(image, np.int32)
    if instances.min() < 0:
        raise MapError(
            f"{name} holds negative or too large instance ids; "
            "save it as a 16-bit grey PNG with ids 0 to 65535."
        )
    return instances


def decode_parts(file: IO[bytes], name: str) -> tuple[NDArray[np.uint8], dict[str, str]]:
    """A grey PNG as (H, W) uint8 and the texts in it; name stands in the error messages."""
    image = _decoded(file, name, ("PNG",))
    if image.mode not in ("L", "P", "1"):
        raise MapError(f"{name} is {_kind(image.mode)} instead of grey.")
    texts = {str(key): str(text) for key, text in image.info.items() if isinstance(text, str)}
    return np.array(image.convert("L"), np.uint8), texts


def write_label_map(path: str | Path, label_map: LabelMap) -> None:
    """Write an 8-bit grey PNG; atomic."""
    with atomic_file(path, MapError) as file:
        encode_label_map(file, label_map)


def write_instance_map(path: str | Path, instance_map: InstanceMap) -> None:
    """Write a 16-bit grey PNG as Cityscapes does; atomic. Refuses ids beyond 65535."""
    outside = instance_map[(instance_map < 0) | (instance_map > LARGEST_ID)]
    if outside.size:
        raise MapError(
            f"{path} was not written: instance id {outside[0]} does not fit into 16 bits; "
            "relabel that instance."
        )
    with atomic_file(path, MapError) as file:
        encode_instance_map(file, instance_map)


def encode_label_map(file: IO[bytes], label_map: LabelMap) -> None:
    Image.fromarray(label_map).save(file, "PNG")


def encode_instance_map(file: IO[bytes], instance_map: InstanceMap) -> None:
    Image.fromarray(instance_map.astype(np.uint16)).save(file, "PNG")


def encode_picture(file: IO[bytes], pixels: NDArray[np.uint8]) -> None:
    Image.fromarray(pixels).save(file, "PNG")


def write_picture(path: str | Path, pixels: NDArray[np.uint8], comment: str = "") -> None:
    """Write (H, W, 3) uint8 RGB as PNG, JPEG, WebP or TIFF, by the name's suffix; atomic.

    All are marked as sRGB. WebP is lossless. comment: a line about the picture that the file
    keeps.
    """
    kind = PICTURE_SUFFIXES.get(Path(path).suffix.lower())
    if kind is None:
        raise MapError(
            f"{path} was not written: its name has to end in .png, .jpg, .jpeg, .webp, .tif or "
            ".tiff."
        )
    with atomic_file(path, MapError) as file:
        Image.fromarray(pixels).save(file, kind, **_picture_options(kind, comment))


def _picture_options(kind: str, comment: str) -> dict[str, Any]:
    if kind == "PNG":
        chunks = PngInfo()
        chunks.add(b"sRGB", b"\x00")  # perceptual
        if comment:
            chunks.add_text("Comment", comment)
        return {"pnginfo": chunks}
    own: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": JPEG_QUALITY},
        "WEBP": {"lossless": True},
        "TIFF": {"compression": "tiff_deflate"},
    }
    if comment:
        described = Image.Exif()
        described[ExifTags.Base.ImageDescription] = comment
        own[kind]["exif"] = described
    return {"icc_profile": _SRGB, **own[kind]}


def find_instance_map(label_path: str | Path) -> Path | None:
    """The instance map that belongs to a label map by its name, when there is such a file.

    Knows Cityscapes' names (*_labelIds.png, *_instanceIds.png) in one folder or in sibling
    folders *_label and *_inst, and equal names in such folders.
    """
    path = Path(label_path)
    names = (path.name.replace("labelIds", "instanceIds"), path.name)
    folders = [path.parent]
    if path.parent.name.endswith("_label"):
        folders.append(path.parent.with_name(path.parent.name.removesuffix("_label") + "_inst"))
    candidates = [folder / name for folder in folders for name in names]
    return next((file for file in candidates if file != path and file.is_file()), None)


def open_scene(
    label_path: str | Path, instance_path: str | Path | None, schema: LabelSchema
) -> Scene:
    """A scene from a label map and its instance map.

    Without an instance map every instance is its label. Where an instance id belongs to another
    label than the label map says, the label map wins; how many pixels that were is logged.
    """
    label_map = read_label_map(label_path, schema)
    if instance_path is None:
        return Scene(schema, label_map, label_map.astype(np.int32))
    instance_map = read_instance_map(instance_path)
    if instance_map.shape != label_map.shape:
        raise MapError(
            f"{instance_path} is {_size(instance_map)} but its label map {label_path} is "
            f"{_size(label_map)} pixels; choose two maps of the same picture."
        )
    repair_instances(instance_map, label_map, str(instance_path))
    return Scene(schema, label_map, instance_map)


def repair_instances(instance_map: InstanceMap, label_map: LabelMap, name: str) -> None:
    """Where an instance id belongs to another label, replace it by the label's own id."""
    wrong = label_of(instance_map) != label_map
    if wrong.any():
        instance_map[wrong] = label_map[wrong]
        count = np.count_nonzero(wrong)
        _log.warning("%s: %d pixels had an instance of another label.", name, count)


def _decoded(
    file: IO[bytes], name: str, formats: tuple[str, ...], size: Size | None = None
) -> Image.Image:
    """A fully decoded picture; its size is checked before any pixel is."""
    with warnings.catch_warnings(), _damage_reported(name):
        warnings.simplefilter("ignore")  # about oddities; the size has its own limit below
        _check_header(file, name)
        try:
            image = Image.open(file, formats=formats)
        except UnidentifiedImageError as error:
            choice = f"{', '.join(formats[:-1])} or {formats[-1]}"
            raise MapError(f"{name} is not a picture file; choose a {choice} file.") from error
        except Image.DecompressionBombError as error:
            raise _too_large(name) from error
        if image.width * image.height > MAX_PIXELS:
            raise _too_large(name)
        if size is not None and (image.height, image.width) != size:
            raise MapError(
                f"{name} is {image.width}x{image.height} pixels instead of {size[1]}x{size[0]}; "
                "choose maps of one picture."
            )
        image.load()
    return image


def _check_header(file: IO[bytes], name: str) -> None:
    """What Pillow would take memory or time for before anybody can ask for the size."""
    head = file.read(30)
    if head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and len(head) == 30:
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        if width * height > MAX_PIXELS:
            raise _too_large(name)
    elif head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8" and len(head) == 30:
        lossless = head[15:16] == b"L"
        (bits,) = struct.unpack_from("<I", head, 21 if lossless else 26)
        shift = 14 if lossless else 16
        sides = ((bits & 0x3FFF) + lossless) * ((bits >> shift & 0x3FFF) + lossless)
        if sides > MAX_PIXELS:
            raise _too_large(name)
    elif head[:2] == b"\xff\xd8":
        file.seek(0)
        if file.read(MAX_BYTES).count(b"\xff\xda") > MAX_SCANS:
            raise MapError(f"{name} has more than {MAX_SCANS} scans; save it as a plain JPEG.")
    file.seek(0)


@contextmanager
def _damage_reported(name: str) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # decoders raise anything on a damaged file
        raise MapError(f"{name} is damaged or cut short ({error}); get a whole copy.") from error


def _too_large(name: str) -> MapError:
    return MapError(f"{name} has more than {MAX_PIXELS // 10**6} million pixels; make it smaller.")


def _kind(mode: str) -> str:
    if mode in ("RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV"):
        return "a colour picture"
    return {"1": "black and white", "F": "floating-point"}.get(mode, f"of the kind {mode}")


def _check_labels(labels: LabelMap, name: str, schema: LabelSchema) -> None:
    counts = np.bincount(labels.ravel(), minlength=256)
    unknown = [label for label in np.flatnonzero(counts).tolist() if label not in schema]
    if unknown:
        listed = ", ".join(map(str, unknown[:8])) + (", ..." if len(unknown) > 8 else "")
        raise MapError(
            f"{name} holds label ids that the schema {schema.name!r} lacks ({listed}; "
            f"{counts[unknown].sum()} pixels); change those pixels or choose its own schema."
        )


def _size(values: NDArray[np.generic]) -> str:
    return f"{values.shape[1]}x{values.shape[0]}"
