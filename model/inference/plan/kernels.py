"""Kernels: finds or makes the library of the C files. No torch, and nothing that takes seconds.

A C compiler makes it once for this machine's processor, in a process of its own, and it stays in
the user's cache folder. The extra `fast` brings a compiler for machines that have none.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

log = logging.getLogger(__name__)

SOURCES = tuple(Path(__file__).with_name(f"{name}.c") for name in ("kernels", "channels"))
_HEADER = Path(__file__).with_name("loops.h")
_COMPILERS = ("cc", "gcc", "clang")
# Nothing is contracted: the reference channels have to be rounded as numpy rounds them.
_FLAGS = (
    *("-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off"),
    *("-shared", "-fPIC"),
)
_LONGEST = 300  # seconds


def cached_library() -> ctypes.CDLL | None:
    """The library, if it was made before: in milliseconds."""
    path = _path(user_cache_path("labelbrush", appauthor=False) / "kernels")
    return ctypes.CDLL(str(path)) if path.is_file() else None


def made_library() -> ctypes.CDLL | None:
    """The library, made now; None where there is no compiler.

    Raises:
        OSError: it can neither be written nor loaded.
        subprocess.SubprocessError: the compiler gives up.
    """
    command = compiler()
    if command is None:
        return None
    folder = user_cache_path("labelbrush", appauthor=False) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _made(command, folder)
    except (PermissionError, FileExistsError):  # no folder to cache in
        return _made(command, Path(tempfile.mkdtemp(prefix="labelbrush-")))


def compiler() -> list[str] | None:
    """How a C compiler is called here: the one of the variable CC, the system's, or zig's."""
    own = os.environ.get("CC", "").split()
    for command in (own, *([name] for name in _COMPILERS)):
        if command and shutil.which(command[0]):
            return command
    return [sys.executable, "-m", "ziglang", "cc"] if _is_installed("ziglang") else None


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # kept from being imported
        return False


def _made(command: list[str], folder: Path) -> ctypes.CDLL:
    path = _path(folder)
    # Another process may be making it, too: whoever comes last replaces it by the same.
    unfinished = path.with_name(f"{os.getpid()}-{path.name}")
    try:
        words = [*command, *_FLAGS, "-o", str(unfinished), *map(str, SOURCES)]
        subprocess.run(words, check=True, capture_output=True, timeout=_LONGEST)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return ctypes.CDLL(str(path))


def _path(folder: Path) -> Path:
    """Named by all that it depends on."""
    files = map(Path.read_bytes, (*SOURCES, _HEADER))
    parts = [*files, *(text.encode() for text in (*_FLAGS, *_processor()))]
    suffix = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
    return folder / (hashlib.sha256(b"\n".join(parts)).hexdigest()[:24] + suffix)


def _processor() -> tuple[str, ...]:
    """What tells it from others that a home folder may be shared with."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.is_file() else []
    abilities = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return platform.machine(), platform.processor(), abilities
