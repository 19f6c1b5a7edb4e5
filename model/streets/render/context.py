"""An OpenGL context without a window, on a GPU driver or on Mesa's software rasteriser."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import moderngl

from model.errors import InputError

REQUIRED_VERSION = 430
SOFTWARE = ("llvmpipe", "softpipe", "swrast")
DEVICES = 4
HELP = (
    "The street renderer could not open OpenGL 4.3 without a window ({reason}); install a graphics "
    "driver with EGL, or Mesa's software one: apt install libegl1 libgl1-mesa-dri libegl-mesa0."
)


def open_context() -> moderngl.Context:
    """A headless context, on hardware where there is any. InputError when none can be made."""
    fallback: moderngl.Context | None = None
    reason = "no EGL device"
    for settings in _attempts():
        try:
            options: Any = {"backend": "egl", **settings}
            context = moderngl.create_context(REQUIRED_VERSION, standalone=True, **options)
        except Exception as error:  # moderngl raises bare Exception for every failure
            # A device number beyond the last says nothing; keep what the first attempt said.
            reason = str(error) if not settings else reason
            continue
        if not is_software(context):
            if fallback is not None:
                fallback.release()
            return context
        if fallback is None:
            fallback = context
        else:
            context.release()
    if fallback is None:
        raise InputError(HELP.format(reason=reason))
    return fallback


@cache
def shared_context() -> moderngl.Context:
    """The context of this process, opened when first asked for and current from then on.

    There is only one, because objects of a context are broken while another one is current.
    """
    return open_context()


def renderer_name(context: moderngl.Context) -> str:
    """The driver's name for itself."""
    return str(context.info["GL_RENDERER"])


def is_software(context: moderngl.Context) -> bool:
    """Whether the context draws on the CPU."""
    return any(name in renderer_name(context).lower() for name in SOFTWARE)


def _attempts() -> Iterator[dict[str, Any]]:
    yield {}
    for device in range(1, DEVICES):
        yield {"device_index": device}
    # Machines without the linker cache of ctypes.util.find_library.
    for library in ("libGL.so.1", "libOpenGL.so.0"):
        yield {"libegl": "libEGL.so.1", "libgl": library}
