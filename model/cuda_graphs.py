"""CUDA graphs: work recorded once as a graph of kernels, then replayed.

Asking for hundreds of kernels one by one takes longer than small networks compute. What a graph
reads and writes stays where it was when it was recorded: inputs are copied in, and what shall
outlive the next replay is copied out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch

Replay = Callable[[], object]


class Capture(Protocol):
    """How work is captured."""

    def __call__[Written](self, work: Callable[[], Written]) -> tuple[Written, Replay]:
        """Does the work at least once. Returns what it wrote, and what does all of it again by the
        same memory: from what its tensors hold by then into what it wrote. Raises whatever goes
        wrong."""
        ...


def capture_on(device: torch.device) -> Capture | None:
    """How work is captured on a device, None where it is not."""
    return _Cuda(device) if device.type == "cuda" else None


class _Cuda:
    """A Capture by CUDA's graphs."""

    def __init__(self, device: torch.device) -> None:
        self._device = device

    def __call__[Written](self, work: Callable[[], Written]) -> tuple[Written, Replay]:
        with torch.cuda.device(self._device):
            stream, graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                work()  # finds the fastest convolutions, which a capture does not allow
            with torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"):
                written = work()
            self._replay(graph)
            torch.cuda.synchronize()  # what fails, fails here, where somebody is prepared for it
        return written, lambda: self._replay(graph)

    def _replay(self, graph: torch.cuda.CUDAGraph) -> None:
        with torch.cuda.device(self._device):
            graph.replay()
