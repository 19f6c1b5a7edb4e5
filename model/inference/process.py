"""Importing this module tunes the process for painting; no torch, nothing but the import itself.

It must come before torch, and works best as the first import of the main program, before other
threads exist. `model.inference.engine` imports it first for those that did not.

* Idle threads of torch sleep instead of spin. On a machine whose cores also draw the window a
  spinning thread makes every parallel region wait for a scheduler tick.
* Freed memory stays with the process. A frame allocates and frees hundreds of megabytes; when
  the C library hands each tensor back to the system, a third of the time goes into page faults.

Variables that the user has set stay as they are.
"""

from __future__ import annotations

import ctypes
import os
import sys

# mallopt's parameters, from malloc.h of the GNU C library
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_KEPT_BYTES = 1 << 30


def _keep_freed_memory() -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:  # another C library
        return
    # Only the main arena can hold tensors: the others end at 64 MiB.
    mallopt(_M_ARENA_MAX, 1)
    mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
    mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def give_back_memory() -> None:
    """Freed memory between what is in use goes back to the system; for when little is left."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if sys.platform == "linux":
    _keep_freed_memory()
