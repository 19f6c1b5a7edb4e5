"""Reads the pickled dicts that the official code writes as .npy, without running any pickle.

Knows the pickle dialects of Python 2 and 3 and of numpy 1 and 2; knows nothing of styles.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.lib import format as npy

from model.errors import CheckpointError
from model.scene.reading import read_bytes
from model.torch_files import scan_pickle

MAX_FILE_BYTES = 64 * 2**20
MAX_LABEL = 2**16
NUMBERS = {"f8", "f4", "f2", "i8", "i4", "u8", "u4"}


class _Refused(pickle.UnpicklingError):
    """The pickle asks for something that such a file never holds."""


class _DType:
    """Stands for numpy.dtype: a type code, then its byte order. No numpy code sees the pickle."""

    def __init__(self, code: object, *_flags: object) -> None:
        self.code, self.order = str(code), "<"

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        if state[1] not in ("<", ">", "=", "|"):
            raise _Refused(f"byte order {state[1]!r}")
        self.order = state[1]


class _Array:
    """Stands for numpy.ndarray: `value` is a numpy array of numbers, or the object held."""

    def __init__(self, *_arguments: object) -> None:
        self.value: Any = None

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _version, shape, dtype, fortran, data = state
        if dtype.code == "O8":
            if shape != ():
                raise _Refused(f"an object array of shape {shape}")
            self.value = data[0]
            return
        if dtype.code not in NUMBERS:
            raise _Refused(f"an array of type {dtype.code!r}")
        raw = data.encode("latin1") if isinstance(data, str) else data
        flat = np.frombuffer(raw, np.dtype(dtype.code).newbyteorder(dtype.order))
        self.value = flat.reshape(shape, order="F" if fortran else "C").copy()


# Classes only: a pickle could write attributes onto a plain function, not onto these.
ALLOWED = {
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _DType,
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise _Refused(f"it names {module}.{name}") from None

    def persistent_load(self, pid: object) -> NoReturn:
        raise _Refused(f"it names the outside object {pid!r}")


def read_label_arrays(path: Path) -> dict[int, np.ndarray]:
    """Reads label id -> (rows, columns) float64 from an official .npy file.

    Raises:
        CheckpointError: the file is something else, or asks for more than plain arrays.
    """
    try:
        content = _read(read_bytes(path, CheckpointError, MAX_FILE_BYTES))
        return dict(sorted(_entry(*item) for item in content.items()))
    except CheckpointError:
        raise
    except _Refused as error:
        raise CheckpointError(
            f"{path} was not read because it is no plain feature file: {error}."
        ) from error
    except Exception as error:  # a damaged pickle can fail in any way inside the unpickler
        raise CheckpointError(
            f"{path} is damaged or no feature file of the official code "
            f"({type(error).__name__}); write it again or remove it."
        ) from error


def _read(data: bytes) -> dict[object, object]:
    file = io.BytesIO(data)
    version = npy.read_magic(file)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _fortran, dtype = read_header(file)
    if dtype != np.dtype(object) or shape != ():
        raise _Refused(f"it holds {dtype} of shape {shape} instead of a dict")
    scan_pickle(data, file.tell(), None)
    outer = _Reader(file, encoding="latin1").load()
    content = outer.value if isinstance(outer, _Array) else None
    if not isinstance(content, dict):
        raise _Refused("it holds no dict")
    return content


def _entry(label: object, array: object) -> tuple[int, np.ndarray]:
    value = array.value if isinstance(array, _Array) else None
    if type(label) is not int or not 0 <= label < MAX_LABEL:
        raise _Refused(f"the label {label!r} is no number from 0 to {MAX_LABEL - 1}")
    if not isinstance(value, np.ndarray) or value.ndim != 2:
        raise _Refused(f"label {label} has no table of features")
    if not np.isfinite(value).all():
        raise _Refused(f"label {label} has values that are not finite")
    return label, value.astype(np.float64)


def write_label_arrays(path: Path, arrays: Mapping[int, np.ndarray]) -> None:
    """Writes label id -> (rows, columns) as the official code does: a dict pickled into .npy.

    The file names numpy's modules as numpy 1 did, so that the official code's environment of
    2018 can read it as well as today's.
    """
    holder = np.empty((), dtype=object)
    holder[()] = {int(label): np.asarray(rows, np.float64) for label, rows in arrays.items()}
    pickled = pickle.dumps(holder, protocol=3)
    # Only the first mention is spelled out; the pickle refers back to it afterwards.
    pickled = pickled.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n", 1)
    with path.open("wb") as file:
        npy.write_array_header_1_0(file, {"descr": "|O", "fortran_order": False, "shape": ()})
        file.write(pickled)
