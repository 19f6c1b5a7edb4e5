"""Files of torch.save, checked before torch reads them: no code, no tensor larger than its bytes.

torch's own reader takes plain tensors only, but allocates what a file asks for and believes what
it says of its sizes. Knows nothing of networks.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import zipfile
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import IO, Any

import torch

from model.errors import InputError
from model.scene.archives import Archive, ArchiveError
from model.scene.reading import opened

MAX_FILE_BYTES = 32 * 2**30
MAX_PARTS = 2**16
MAX_PICKLE_BYTES = 8 * 2**20
MAX_OPCODES = 1_000_000
LEGACY_PICKLES = 5  # magic number, protocol, system, the content, keys of what follows

_STORAGES = {
    "DoubleStorage": 8,
    "FloatStorage": 4,
    "HalfStorage": 2,
    "BFloat16Storage": 2,
    "LongStorage": 8,
    "IntStorage": 4,
    "ShortStorage": 2,
    "CharStorage": 1,
    "ByteStorage": 1,
    "BoolStorage": 1,
}
_TYPES = {"float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "uint8", "bool"}
_REBUILDS = {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_parameter"}
ALLOWED = {
    ("collections", "OrderedDict"),
    ("torch", "Size"),
    *(("torch", name) for name in _STORAGES | dict.fromkeys(_TYPES)),
    *(("torch.cuda", name) for name in _STORAGES),
    *(("torch._utils", name) for name in _REBUILDS),
}
_NAMING_ON_THE_STACK = {"STACK_GLOBAL", "INST", "OBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4"}


def load_tensors(
    source: Path | IO[bytes], name: str, error: type[InputError], *, mapped: bool = False
) -> Any:  # noqa: ANN401 - any nesting of dicts, lists, plain values and tensors
    """What torch.save wrote, on the CPU; of a path, mapped leaves the numbers in the file.

    Raises error when it holds more than tensors and plain values, asks for more memory than it
    has bytes, or is damaged; name begins that sentence.
    """
    if isinstance(source, Path):
        with opened(source, error, MAX_FILE_BYTES) as file:
            zipped = _check(file, name, error)
    else:
        zipped = _check(source, name, error)
        source.seek(0)
    try:
        return torch.load(
            source,  # pyright: ignore[reportArgumentType]
            map_location="cpu",
            weights_only=True,
            mmap=mapped and zipped and isinstance(source, Path),
        )
    except Exception as failure:  # a damaged file can fail in any way inside torch's reader
        reason = (str(failure).splitlines() or [""])[0]
        raise error(
            f"{name} is damaged or was not written by torch ({type(failure).__name__}: {reason})."
        ) from failure


def scan_pickle(data: bytes, start: int, allowed: Collection[tuple[str, str]] | None) -> int:
    """Where the pickle that begins at start ends; nothing of it is executed.

    Raises ValueError when it names something beside allowed (None: whoever reads it looks at the
    names), is too long, or would make its reader take memory for nothing.
    """
    file = io.BytesIO(data)
    file.seek(start)
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
            if count > MAX_OPCODES:
                raise ValueError("it is too long")
            _check_opcode(opcode.name, argument, count, allowed)
    except ValueError:
        raise
    except Exception as error:  # a damaged pickle fails in any way
        raise ValueError(f"no whole pickle: {error!r}") from error
    return file.tell()


def _check_opcode(
    name: str,
    argument: Any,  # noqa: ANN401 - of an opcode
    count: int,
    allowed: Collection[tuple[str, str]] | None,
) -> None:
    if name == "LONG_BINPUT" and argument > count:  # the reader makes room up to there
        raise ValueError(f"it counts to {argument} after {count} steps")
    if allowed is None:
        return
    if name == "GLOBAL" and tuple(argument.split(" ", 1)) not in allowed:
        raise ValueError(f"it names {argument.replace(' ', '.')}")
    if name in _NAMING_ON_THE_STACK:
        raise ValueError(f"it uses {name}")


def _check(file: IO[bytes], name: str, error: type[InputError]) -> bool:
    """Whether it is a zip file, as since torch 1.6."""
    zipped = zipfile.is_zipfile(file)
    file.seek(0)
    try:
        if zipped:
            _check_zip(Archive(file, most_parts=MAX_PARTS, most_bytes=MAX_FILE_BYTES))
        else:
            start = file.read(MAX_PICKLE_BYTES)
            at = 0
            for _ in range(LEGACY_PICKLES):
                at = scan_pickle(start, at, ALLOWED)
    except ArchiveError as failure:
        raise error(f"{name} is damaged or was not written by torch ({failure}).") from failure
    except ValueError as failure:
        raise error(
            f"{name} is damaged, or holds more than tensors and was not opened for safety "
            f"({failure})."
        ) from failure
    return zipped


def _check_zip(archive: Archive) -> None:
    if not all(map(archive.is_stored, archive.names)):
        raise ArchiveError("it is a compressed archive")
    found = [part for part in archive.names if PurePosixPath(part).name == "data.pkl"]
    if len(found) != 1 or archive.packed_bytes(found[0]) > MAX_PICKLE_BYTES:
        raise ArchiveError("it has no data.pkl, or a very large one")
    content = archive.read(found[0])
    if scan_pickle(content, 0, ALLOWED) > len(content):
        raise ValueError("no whole pickle")
    folder = str(PurePosixPath(found[0]).parent)
    for key, size in _storages(content).items():
        part = f"{folder}/data/{key}"
        if part not in archive or archive.packed_bytes(part) != size:
            raise ArchiveError(f"{part} has not the {size} bytes that it should have")


class _Anything(dict):
    """Stands for whatever the pickle builds."""

    def __init__(self, *_arguments: object) -> None:
        super().__init__()

    def __setstate__(self, state: object) -> None:
        pass


class _StorageReader(pickle.Unpickler):
    """Builds nothing; notes how many bytes each storage is said to have."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="latin1")
        self.sizes: dict[str, int] = {}

    def find_class(self, module: str, name: str) -> type:
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        if name in _STORAGES:
            return type(name, (_Anything,), {})
        return OrderedDict if name == "OrderedDict" else _Anything

    def persistent_load(self, pid: Any) -> object:  # noqa: ANN401 - from a pickle
        kind, storage, key, _place, count = pid
        if kind != "storage" or type(count) is not int or not 0 <= count < MAX_FILE_BYTES:
            raise pickle.UnpicklingError(f"a storage of {count!r} numbers")
        size = count * _STORAGES[storage.__name__]
        if self.sizes.setdefault(str(key), size) != size:
            raise pickle.UnpicklingError(f"the storage {key} has two sizes")
        return _Anything()


def _storages(content: bytes) -> dict[str, int]:
    reader = _StorageReader(content)
    try:
        reader.load()
    except Exception as error:  # a damaged pickle fails in any way
        raise ValueError(f"{error}") from error
    return reader.sizes
