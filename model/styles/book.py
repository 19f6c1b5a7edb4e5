"""StyleBook: the styles a checkpoint knows, a few clusters of features per label.

Drawing from it and its file; knows neither the encoder nor how clusters are found.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.lib import format as npy

from model.errors import CheckpointError
from model.scene.archives import Archive, ArchiveError
from model.scene.reading import check_version, opened
from model.scene.scene import Style

FORMAT_VERSION = 2  # 1 had no crops
MAX_FILE_BYTES = 128 * 2**20
MAX_ARRAY_BYTES = 16 * 2**20
MAX_ARRAYS = 1024
MAX_CROP_SIDE = 96


@dataclass(frozen=True, eq=False)
class StyleBook:
    """Clusters per label, largest first (paper, section 3.4).

    Attributes:
        centers: label id -> (k, F) float32, the feature vector of each cluster.
        sizes: label id -> (k,) int64, of how many pixels each cluster was found, or of how many
            instances in books of `styles fit --official` and earlier ones.
        crops: label id -> (k, h, w, 3) uint8 RGB, at most 96x96, an example of each cluster; of
            all labels or of none.

    Arrays are made read-only. Raises ValueError for shapes that do not fit together, values
    that are not finite and sizes that are not positive or not in descending order.
    """

    centers: Mapping[int, np.ndarray]
    sizes: Mapping[int, np.ndarray]
    crops: Mapping[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.centers.keys() != self.sizes.keys():
            raise ValueError("centers and sizes are of different labels")
        if len({np.shape(rows)[1:] for rows in self.centers.values()}) > 1:
            raise ValueError("labels have different numbers of features")
        ordered = sorted(self.centers)
        centers = {label: _frozen(self.centers[label], np.float32) for label in ordered}
        sizes = {label: _frozen(self.sizes[label], np.int64) for label in ordered}
        for label in ordered:
            _check(label, centers[label], sizes[label])
        if self.crops and self.crops.keys() != self.centers.keys():
            raise ValueError("crops are of different labels")
        for label, crops in self.crops.items():
            _check_crops(label, crops, len(sizes[label]))
        crops = {label: _frozen(crops, np.uint8) for label, crops in sorted(self.crops.items())}
        object.__setattr__(self, "centers", MappingProxyType(centers))
        object.__setattr__(self, "sizes", MappingProxyType(sizes))
        object.__setattr__(self, "crops", MappingProxyType(crops))

    @property
    def feature_channels(self) -> int:
        """F, the length of every style vector; 0 for an empty book."""
        return next((rows.shape[1] for rows in self.centers.values()), 0)

    def count(self, label_id: int) -> int:
        """Number of clusters of a label, 0 for a label the book does not have."""
        return len(self.sizes.get(label_id, ()))

    def style(self, label_id: int, cluster: int) -> Style:
        """The style of one cluster. Raises KeyError or IndexError if there is none."""
        if not 0 <= cluster < len(self.sizes[label_id]):
            raise IndexError(f"label {label_id} has no cluster {cluster}")
        vector = tuple(float(value) for value in self.centers[label_id][cluster])
        return Style(vector, cluster)

    def draw(self, label_id: int, instance_id: int, seed: int) -> Style | None:
        """A style for an instance, with probability in proportion to the cluster's size.

        The same arguments give the same style on every machine and in every version. None for
        a label without clusters.
        """
        if not self.count(label_id):
            return None
        bounds = np.cumsum(self.sizes[label_id])
        key = f"{seed} {label_id} {instance_id}".encode()
        ticket = int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big")
        drawn = ticket * int(bounds[-1]) >> 64
        return self.style(label_id, int(np.searchsorted(bounds, drawn, side="right")))


def _frozen(array: np.ndarray, dtype: type[np.generic]) -> np.ndarray:
    copy = np.array(array, dtype=dtype)
    copy.flags.writeable = False
    return copy


def _check(label: int, centers: np.ndarray, sizes: np.ndarray) -> None:
    if centers.ndim != 2 or sizes.shape != centers.shape[:1] or not centers.size:
        raise ValueError(f"label {label}: centers {centers.shape}, sizes {sizes.shape}")
    if not np.isfinite(centers).all():
        raise ValueError(f"label {label}: a center is not finite")
    if (sizes < 1).any() or (np.diff(sizes) > 0).any():
        raise ValueError(f"label {label}: sizes {sizes.tolist()} are not positive and descending")


def _check_crops(label: int, crops: np.ndarray, count: int) -> None:
    if crops.dtype != np.uint8 or crops.ndim != 4 or (crops.shape[0], crops.shape[3]) != (count, 3):
        raise ValueError(f"label {label}: crops {crops.dtype} {crops.shape} of {count} clusters")
    if not all(1 <= side <= MAX_CROP_SIDE for side in crops.shape[1:3]):
        raise ValueError(f"label {label}: crops of {crops.shape[1:3]} pixels")


def book_bytes(book: StyleBook) -> bytes:
    """The content of the book's file, an .npz."""
    arrays: dict[str, np.ndarray] = {"version": np.array(FORMAT_VERSION)}
    for label, centers in book.centers.items():
        arrays[f"centers_{label}"] = centers
        arrays[f"sizes_{label}"] = book.sizes[label]
    arrays |= {f"crops_{label}": crops for label, crops in book.crops.items()}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def load_book(path: Path) -> StyleBook:
    """Reads a book; raises CheckpointError for anything but one of `book_bytes`."""
    try:
        with opened(path, CheckpointError, MAX_FILE_BYTES) as file:
            archive = Archive(file, most_parts=MAX_ARRAYS, most_bytes=MAX_ARRAY_BYTES)
            if archive.total_bytes > MAX_FILE_BYTES:
                raise ArchiveError("its arrays are too large together")
            content = {name.removesuffix(".npy"): archive.read(name) for name in archive.names}
        version = int(_array(content.pop("version", b"")))
        check_version(version, FORMAT_VERSION, "style book", path, CheckpointError)
        return _book({name: _array(data) for name, data in content.items()})
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise CheckpointError(
            f"{path} is no style book ({error}); fit the styles again."
        ) from error


def _array(data: bytes) -> np.ndarray:
    """The numbers of a .npy file; ValueError for what is none, or not as large as it says."""
    file = io.BytesIO(data)
    try:
        version = npy.read_magic(file)
        read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read_header(file)
        if dtype.kind not in "iuf":
            raise ValueError(f"it holds {dtype}")
        flat = np.frombuffer(data, dtype, offset=file.tell())
        return flat.reshape(shape, order="F" if fortran else "C")
    except Exception as error:  # numpy parses the header as Python, which fails in many ways
        raise ValueError(f"an array that is none: {error}") from error


def _book(content: dict[str, np.ndarray]) -> StyleBook:
    parts: dict[str, dict[int, np.ndarray]] = {"centers": {}, "sizes": {}, "crops": {}}
    for name, array in content.items():
        part, _, label = name.partition("_")
        parts[part][int(label)] = array  # KeyError for unknown arrays
    return StyleBook(**parts)
