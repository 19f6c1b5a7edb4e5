"""Captured steps: losses and gradients of batches as one graph of kernels that is replayed.

Small networks take a GPU less time than asking for two thousand kernels one by one takes. How a
graph is made is left to a `Capture` of `model.cuda_graphs`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import fields, replace

from torch import Tensor, nn
from torch.nn import functional

from model.cuda_graphs import Capture
from model.training.batches import Batch

log = logging.getLogger(__name__)

Losses = dict[str, Tensor]
Compute = Callable[[Batch], Losses]
"""The detached losses of a batch; leaves their gradients, and no others, in the parameters."""

INSTANCES = 256  # their number is rounded up to whole ones of these, as a graph has one size
_TENSORS = [field.name for field in fields(Batch) if field.name != "instances"]


class CapturedSteps:
    """A Compute that replays another one.

    The first batch of a size is computed plainly, the second is captured; a new size takes the
    place of the old one. Whatever goes wrong, batches are computed plainly from then on.
    """

    def __init__(self, compute: Compute, parameters: list[nn.Parameter], capture: Capture) -> None:
        self._compute, self._parameters, self._capture = compute, parameters, capture
        self._kind: object = None
        self._graph: _Graph | None = None
        self._works = True

    def __call__(self, batch: Batch) -> Losses:
        if not self._works:
            return self._compute(batch)
        batch = with_round_numbers(batch)
        kind = [None if t is None else (t.shape, t.dtype) for t in _tensors(batch)]
        if kind != self._kind:
            self._kind, self._graph = kind, None
            return self._compute(batch)
        try:
            if self._graph is None:
                self._graph = _Graph(self._compute, self._parameters, self._capture, batch)
            return self._graph.replay(batch)
        except Exception:  # of whatever class: training goes on without
            log.warning("steps cannot be replayed as graphs, so they are not", exc_info=True)
            self._works, self._graph = False, None
            return self._compute(batch)


class _Graph:
    """A captured step and the memory that it reads and writes."""

    def __init__(
        self, compute: Compute, parameters: list[nn.Parameter], capture: Capture, batch: Batch
    ) -> None:
        copies = {
            n: t.clone() for n, t in zip(_TENSORS, _tensors(batch), strict=True) if t is not None
        }
        self._batch = replace(batch, **copies)
        self._parameters = parameters
        self._losses, self._replay = capture(lambda: compute(self._batch))
        self._gradients = [parameter.grad for parameter in parameters]

    def replay(self, batch: Batch) -> Losses:
        for own, new in zip(_tensors(self._batch), _tensors(batch), strict=True):
            if own is not None and new is not None:
                own.copy_(new)
        self._replay()
        for parameter, gradient in zip(self._parameters, self._gradients, strict=True):
            parameter.grad = gradient
        return {name: value.clone() for name, value in self._losses.items()}


def _tensors(batch: Batch) -> list[Tensor | None]:
    return [getattr(batch, name) for name in _TENSORS]


def with_round_numbers(batch: Batch) -> Batch:
    """The batch with room for as many instances as the next whole number of `INSTANCES`."""
    if batch.instances is None:
        return batch
    count = -(-batch.instances // INSTANCES) * INSTANCES
    more = count - batch.instances
    modes, noise = batch.modes, batch.noise
    return replace(
        batch,
        instances=count,
        modes=None if modes is None else functional.pad(modes, (0, more), value=-1),
        noise=None if noise is None else functional.pad(noise, (0, 0, 0, more)),
    )
