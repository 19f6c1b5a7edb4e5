"""What kind of failure an exception is, told by its type's name and its text; no torch here."""

from __future__ import annotations

from collections.abc import Iterator

from model.inference.request import FailureKind

MEMORY_TYPES = {"MemoryError", "OutOfMemoryError", "ResourceError"}
MEMORY_TEXTS = ("out of memory", "can't allocate memory", "cannot allocate memory")
DEVICE_TYPES = {"AcceleratorError"}
DEVICE_TEXTS = ("cuda error", "cuda driver", "cudnn_status", "cublas_status", "nvrtc", "hip error")


def kind_of(error: BaseException) -> FailureKind:
    """Lack of memory, a device that is lost, or something else.

    Whatever caused the error is looked at as well: an engine may have tried to go on.
    """
    kinds = {_kind_of_one(each) for each in _chain(error)}
    for kind in (FailureKind.DEVICE, FailureKind.MEMORY):
        if kind in kinds:
            return kind
    return FailureKind.ERROR


def _kind_of_one(error: BaseException) -> FailureKind:
    names = {kind.__name__ for kind in type(error).__mro__}
    text = str(error).lower() if isinstance(error, (RuntimeError, OSError)) else ""
    if names & MEMORY_TYPES or any(part in text for part in MEMORY_TEXTS):
        return FailureKind.MEMORY
    if names & DEVICE_TYPES or any(part in text for part in DEVICE_TEXTS):
        return FailureKind.DEVICE
    return FailureKind.ERROR


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
