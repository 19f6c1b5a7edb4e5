"""`check`: versions, devices and folders; and whether this machine can open a window.

Qt is looked at from outside only (its libraries, a process of its own), never imported.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import platformdirs

from model.errors import InputError
from model.report import report_text

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "torch",
    "torchvision",
    "PySide6-Essentials",
    "numpy",
    "opencv-python-headless",
    "scikit-learn",
    "scipy",
    "safetensors",
    "pillow",
    "tqdm",
    "platformdirs",
    "moderngl",
)
NO_DISPLAY = 3
OFFSCREEN_LIBRARIES = {  # what Qt loads even without a window -> Debian's and Ubuntu's package
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW_LIBRARIES = OFFSCREEN_LIBRARIES | {  # what Qt's xcb platform plugin loads besides
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
OPEN_A_DISPLAY = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `check`."""
    parser.add_argument(
        "--report",
        type=Path,
        metavar="F",
        help="write a report to F to send along with a question: this, settings and log, "
        "without pictures, maps or the name of the home folder",
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument(
        "--window",
        action="store_true",
        help="only say whether a window can be opened: exit 0, 1 (library missing), 3 (no display)",
    )
    only.add_argument(
        "--offscreen",
        action="store_true",
        help="only say whether Qt's libraries for windowless work are there: exit 0 or 1",
    )


def run(args: argparse.Namespace) -> int:
    """Print the report, or answer the one question asked."""
    if args.offscreen:
        return check_libraries(OFFSCREEN_LIBRARIES)
    if args.window:
        return check_window(os.environ)
    lines = report_lines()
    print("\n".join(lines))
    if args.report:
        write_report(args.report, report_text(lines, folders()))
    return 0


def report_lines() -> list[str]:
    """The report: one `name: value` line each, in three groups."""
    lines = [f"Python: {platform.python_version()} on {platform.platform()}"]
    lines += [f"{name}: {installed_version(name)}" for name in PACKAGES]
    lines += [f"device {name}: {text}" for name, text in devices()]
    lines += [f"{name}: {path}" for name, path in folders().items()]
    return lines


def installed_version(package: str) -> str:
    """The installed version of a distribution, or "not installed"."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def devices() -> list[tuple[str, str]]:
    """(name, description) of every device that can run the networks."""
    import torch

    found = [("cpu", f"{os.cpu_count()} cores, {torch.get_num_threads()} threads in use")]
    for index in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(index)
        found.append((f"cuda:{index}", f"{properties.name}, {properties.total_memory >> 20} MiB"))
    if torch.backends.mps.is_available():
        found.append(("mps", "Apple GPU"))
    return found


def folders() -> dict[str, Path]:
    """Every folder the program reads or writes on its own."""
    return {
        "program": ROOT,
        "checkpoints": ROOT / "checkpoints",
        "data": platformdirs.user_data_path("labelbrush", appauthor=False),
        "cache": platformdirs.user_cache_path("labelbrush", appauthor=False),
        "log": platformdirs.user_log_path("labelbrush", appauthor=False),
    }


def write_report(path: Path, text: str) -> None:
    """Write the report; InputError when the place cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path}: the report cannot be written there: {reason}.") from error


def check_window(environment: Mapping[str, str]) -> int:
    """0 if a window can be opened, 1 if a library is missing, NO_DISPLAY if there is no display."""
    if sys.platform != "linux":
        return 0
    name = environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY")
    if not name:
        print("No display: neither DISPLAY nor WAYLAND_DISPLAY is set.", file=sys.stderr)
        return NO_DISPLAY
    if environment.get("QT_QPA_PLATFORM", "").split(":")[0] in {"offscreen", "minimal", "vnc"}:
        print("No display: QT_QPA_PLATFORM asks for a platform without one.", file=sys.stderr)
        return NO_DISPLAY
    command = [sys.executable, "-c", OPEN_A_DISPLAY]
    if not subprocess.run(command, env=dict(environment), capture_output=True).returncode:
        return 0
    if check_libraries(WINDOW_LIBRARIES):
        return 1
    print(f'No display: "{name}" does not answer.', file=sys.stderr)
    return NO_DISPLAY


def check_libraries(needed: Mapping[str, str]) -> int:
    """0 if every library loads; else 1, after naming what is missing and how to install it."""
    if sys.platform != "linux":
        return 0
    missing = missing_libraries(needed)
    if not missing:
        return 0
    packages = " ".join(needed[library] for library in missing)
    print(
        f"Qt needs system libraries that are missing ({', '.join(missing)}); "
        f"on Debian or Ubuntu: sudo apt-get install {packages}",
        file=sys.stderr,
    )
    return 1


def missing_libraries(names: Iterable[str]) -> list[str]:
    """Those of the shared libraries that the dynamic linker does not find."""
    return [name for name in names if not loads(name)]


def loads(library: str) -> bool:
    """Whether the dynamic linker finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
