"""Plan: a generator compiled into steps that paint one whole frame exactly and fast."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

from model.conditioning import ConditioningConfig
from model.inference.frame import Frame
from model.inference.plan.stems import DenseFront, Front, LookupFront
from model.inference.plan.steps import Step, activated, step_for
from model.networks.global_generator import GlobalGenerator
from model.networks.local_enhancer import LocalEnhancer

STEM = 1  # position of the stem's convolution in a generator's Sequential

Painting = Generator[str, None, Tensor]
"""Yields the name of every layer group done; returns the picture, (H, W, O) float32 in [-1, 1],
of the frame's padded size. Closing it early gives the work up."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The part of a generator that starts with one stem.

    Attributes:
        before: steps up to where the output of the coarser scale is added.
        after: the steps that follow.
    """

    name: str
    before: list[Step]
    after: list[Step]


class Plan:
    """A GlobalGenerator or a LocalEnhancer with any number of enhancers, one picture at a time."""

    def __init__(self, front: Front, scales: list[Scale]) -> None:
        """scales: coarsest first."""
        self._front = front
        self._scales = scales

    def paint(self, frame: Frame) -> Painting:
        stems = self._front.stems(frame)
        yield "maps"
        x: Tensor | None = None
        for scale in self._scales:
            fine = stems.pop()()
            yield f"{scale.name} stem"
            fine = activated(fine)
            for step in scale.before:
                fine = step(fine)
            x = fine if x is None else fine.add_(x)
            yield f"{scale.name} down"
            for step in scale.after:
                x = step(x)
                yield f"{scale.name} {step.name}"
        return cast(Tensor, x)


def supports(generator: nn.Module, config: ConditioningConfig) -> bool:
    """Can a plan stand in for this generator? Batch norm, pictures as input and odd sizes no."""
    if not isinstance(generator, GlobalGenerator | LocalEnhancer):
        return False
    even = generator.config.multiple % 2 == 0
    return even and generator.config.norm == "instance" and not config.rgb


def compile_plan(
    generator: GlobalGenerator | LocalEnhancer,
    config: ConditioningConfig,
    like: Tensor,
    *,
    lookup: bool,
) -> Plan:
    """Copies the weights into the fast form; the generator itself may be dropped afterwards.

    like: a tensor of the type and device to work in. lookup: stems by table lookup, on the CPU.
    """
    if isinstance(generator, LocalEnhancer):
        scales, stems = _enhancer_scales(generator, like)
    else:
        scales = [Scale("global", [], _steps(generator.model[STEM + 1 :], like))]
        stems = [_stem(generator.model)]
    front = (LookupFront if lookup else DenseFront)(stems[::-1], config, like)
    return Plan(front, scales)


def _enhancer_scales(generator: LocalEnhancer, like: Tensor) -> tuple[list[Scale], list[nn.Conv2d]]:
    """Scales and their stems, coarsest first."""
    scales = [Scale("global", [], _steps(generator.model[STEM + 1 :], like))]
    stems = [_stem(generator.model)]
    for n in range(1, generator.config.enhancers + 1):
        before, after = generator.enhancer(n)
        steps = _steps(before[STEM + 1 :], like), _steps(after, like)
        scales.append(Scale(f"enhancer {n}", *steps))
        stems.append(_stem(before))
    return scales, stems


def _stem(layers: nn.Sequential) -> nn.Conv2d:
    return cast(nn.Conv2d, layers[STEM])


def _steps(layers: Iterable[nn.Module], like: Tensor) -> list[Step]:
    steps = (step_for(layer, like) for layer in layers)
    return [step for step in steps if step is not None]
