"""Gradient checkpointing: layers that keep their input alone and compute the rest again.

Names and numbers of the networks stay what they are.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from model.networks.layers import ResidualBlock


def recompute(network: nn.Module) -> None:
    """Make a network keep only what enters each convolution group, for backward passes."""
    inner = {block.conv_block for block in network.modules() if isinstance(block, ResidualBlock)}
    for layer in network.modules():
        if type(layer) is nn.Sequential and layer not in inner:
            layer.__class__ = _Recomputed


class _Recomputed(nn.Sequential):
    """A chain whose groups (padding, convolution, norm, activation) are checkpointed."""

    def forward(self, input: Tensor) -> Tensor:
        for group in _groups(list(self)):
            random = any(isinstance(layer, nn.Dropout) for layer in group)
            input = checkpoint(_run, group, input, use_reentrant=False, preserve_rng_state=random)  # pyright: ignore
        return input


def _run(group: list[nn.Module], x: Tensor) -> Tensor:
    for layer in group:
        x = layer(x)
    return x


def _groups(layers: list[nn.Module]) -> list[list[nn.Module]]:
    """The layers cut before each padding, convolution and block that does not follow a padding."""
    groups: list[list[nn.Module]] = []
    for layer in layers:
        begins = isinstance(layer, nn.ReflectionPad2d | nn.modules.conv._ConvNd | ResidualBlock)
        if not groups or (begins and not isinstance(groups[-1][-1], nn.ReflectionPad2d)):
            groups.append([])
        groups[-1].append(layer)
    return groups
