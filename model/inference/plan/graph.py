"""Graph: a generator as a list of nodes, each one convolution with what follows it.

Knows how the networks are built; knows no frames and no passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from torch import Tensor, nn

from model.inference.plan.layers import Conv, Down, Head, Layer, ResizedUp, TransposedUp
from model.inference.plan.normalize import Statistics, bias_alone
from model.inference.plan.tint import Tint
from model.networks.global_generator import GlobalGenerator
from model.networks.layers import ResidualBlock, ResizeConv
from model.networks.local_enhancer import LocalEnhancer

Convolution = nn.Conv2d | nn.ConvTranspose2d

_STEM = 1  # position of the stem's convolution in a generator's Sequential


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Convolution, instance normalisation, ReLU, and the values of another node added.

    Attributes:
        group: layer group, for timings.
        layer: None for a stem.
        source: the node that it reads; for a stem its number, finest first.
        scale: full-resolution pixels per pixel of its output.
        channels: of its output.
        normalized, relu: what follows the convolution.
        fixed: what to normalise by, None where it is measured.
        plus: the node whose values are added, if any.
        recorded: previews keep its values. Other nodes are cheap to compute again.
    """

    group: str
    layer: Layer | None
    source: int
    scale: int
    channels: int
    normalized: bool = True
    relu: bool = True
    plus: int | None = None
    fixed: Statistics | None = None
    recorded: bool = False

    @property
    def tinted(self) -> bool:
        """Whether it takes the tint, besides what it reads, to give the picture."""
        return isinstance(self.layer, Head) and self.layer.tinted


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """nodes: in an order of computation, the last gives the picture; stems: finest first.

    tint: what the last node is finished with, if anything.
    """

    nodes: list[Node]
    stems: list[nn.Conv2d]
    tint: Tint | None


def graph_of(generator: GlobalGenerator | LocalEnhancer, like: Tensor) -> Graph:
    """like: a tensor of the type and device to work in."""
    enhancers, tint = 0, None
    if isinstance(generator, LocalEnhancer):
        enhancers = generator.config.enhancers
        if generator.tint is not None:
            tint = Tint.of(generator.tint, generator.config.tint, like)
    builder = _Builder(like, biased=generator.config.norm == "none", tinted=tint is not None)
    builder.scale("global", generator.model, enhancers)
    builder.record(whole=enhancers > 0)
    for n in range(1, enhancers + 1):
        before, after = cast(LocalEnhancer, generator).enhancer(n)
        builder.enhancer(f"enhancer {n}", before, after, enhancers - n)
    return Graph(builder.nodes, builder.stems[::-1], tint)


class _Builder:
    def __init__(self, like: Tensor, *, biased: bool, tinted: bool) -> None:
        self._like, self._biased, self._tinted = like, biased, tinted
        self.nodes: list[Node] = []
        self.stems: list[nn.Conv2d] = []

    def scale(self, name: str, layers: nn.Sequential, halvings: int) -> None:
        """A stem and the layers after it."""
        stem = cast(nn.Conv2d, layers[_STEM])
        self.stems.append(stem)
        scale, channels = 1 << halvings, stem.out_channels
        fixed = self._fixed(stem)
        self.nodes.append(Node(f"{name} stem", None, halvings, scale, channels, fixed=fixed))
        self.chain(name, layers[_STEM + 1 :])

    def chain(self, name: str, layers: Iterable[nn.Module]) -> None:
        for layer in layers:
            match layer:
                case ResidualBlock():
                    self.block(f"{name} block", layer)
                case ResizeConv():
                    self.node(f"{name} up", layer, ResizedUp(layer, self._like), 0.5)
                case nn.ConvTranspose2d():
                    self.node(f"{name} up", layer, TransposedUp(layer, self._like), 0.5)
                case nn.Conv2d(stride=(2, 2)):
                    self.node(f"{name} down", layer, Down(layer, self._like), 2)
                case nn.Conv2d():
                    head = Head(layer, self._like, tinted=self._tinted)
                    self.node(f"{name} head", layer, head, 1, False, False)
                case _:
                    pass  # padding, normalisation and activation are part of the nodes

    def node(
        self,
        group: str,
        convolution: Convolution,
        layer: Layer,
        zoom: float,
        normalized: bool = True,
        relu: bool = True,
        plus: int | None = None,
    ) -> None:
        source = len(self.nodes) - 1
        scale = int(self.nodes[source].scale * zoom)
        fixed = self._fixed(convolution) if normalized else None
        self.nodes.append(
            Node(group, layer, source, scale, layer.channels, normalized, relu, plus, fixed)
        )

    def _fixed(self, convolution: Convolution) -> Statistics | None:
        if not self._biased or convolution.bias is None:
            return None
        return bias_alone(convolution.bias.to(self._like.device))

    def block(self, group: str, block: ResidualBlock) -> None:
        first, second = (layer for layer in block.conv_block if isinstance(layer, nn.Conv2d))
        before = len(self.nodes) - 1
        self.node(group, first, Conv(first, self._like), 1)
        self.node(group, second, Conv(second, self._like), 1, relu=False, plus=before)

    def enhancer(
        self, name: str, before: nn.Sequential, after: nn.Sequential, halvings: int
    ) -> None:
        coarser = len(self.nodes) - 1
        self.scale(name, before, halvings)
        self.nodes[-1] = replace(self.nodes[-1], plus=coarser, recorded=True)
        self.chain(name, after)

    def record(self, *, whole: bool) -> None:
        """Marks what previews keep of the global generator: all but its stem and finest end.

        whole: what follows is an enhancer, which keeps the sum; else there is a head, too.
        """
        last = len(self.nodes) - (1 if whole else 2)
        for index in range(1, last):
            self.nodes[index] = replace(self.nodes[index], recorded=True)
