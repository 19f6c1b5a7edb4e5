"""Recovers the sizes of an official network from the names and shapes of its tensors.

Reads no files and no options. Every answer is checked by whoever builds the network from it:
names and shapes must then agree exactly (`model.weights.check_shapes`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from model.errors import CheckpointError
from model.networks.discriminator import DiscriminatorConfig
from model.networks.encoder import EncoderConfig
from model.networks.generator import GeneratorConfig
from model.networks.global_generator import GlobalGeneratorConfig
from model.networks.layers import Norm
from model.networks.local_enhancer import LocalEnhancerConfig
from model.weights import Shapes


@dataclass(frozen=True, slots=True)
class _Trunk:
    """What the tensors `model.<k>...` say, common to generators and encoders."""

    base_channels: int
    input_channels: int
    norm: Norm
    downsamples: int
    blocks: int

    @property
    def last(self) -> int:
        """Index of the final 7x7 convolution of a network that ends with the trunk."""
        return 5 + 6 * self.downsamples + self.blocks


def kind_of(shapes: Shapes) -> str | None:
    """ "discriminator", "generator", "encoder" (or a generator without blocks) or None."""
    if any(re.match(r"scale\d+_layer\d+\.|layer\d+\.\d+\.", name) for name in shapes):
        return "discriminator"
    if len(shapes.get("model.1.weight", ())) != 4:
        return None
    return "generator" if any(".conv_block." in name for name in shapes) else "encoder"


def probe_generator(shapes: Shapes, source: Path) -> tuple[str, GeneratorConfig]:
    """Name in `GENERATORS` and configuration of an official generator.

    Raises:
        CheckpointError: the tensors are of something else, or of a variant not supported.
    """
    trunk = _probe_trunk(shapes, source)
    enhancers = max(_numbers(r"model(\d+)_1\.", shapes), default=0)
    if not enhancers:
        return "global", GlobalGeneratorConfig(
            trunk.input_channels,
            _last_channels(shapes, trunk, source),
            trunk.base_channels,
            trunk.downsamples,
            trunk.blocks,
            trunk.norm,
        )
    stem = _weight(shapes, f"model{enhancers}_1.1.weight", source)
    blocks = len(_numbers(rf"model{enhancers}_2\.(\d+)\.conv_block\.", shapes))
    if trunk.base_channels != stem[0] * 2 ** min(enhancers, 32):
        raise CheckpointError(
            f"{source} is damaged: its finest enhancer has {stem[0]} channels and its trunk "
            f"{trunk.base_channels}, which do not belong together."
        )
    return "local", LocalEnhancerConfig(
        stem[1],
        _weight(shapes, f"model{enhancers}_2.{blocks + 4}.weight", source)[0],
        stem[0],
        trunk.downsamples,
        trunk.blocks,
        enhancers,
        blocks,
        trunk.norm,
    )


def probe_encoder(shapes: Shapes, source: Path) -> EncoderConfig:
    """Configuration of an official encoder; raises CheckpointError if it is something else."""
    trunk = _probe_trunk(shapes, source)
    if trunk.blocks:
        raise CheckpointError(f"{source} is a generator, not an encoder; check the file names.")
    return EncoderConfig(
        trunk.input_channels,
        _last_channels(shapes, trunk, source),
        trunk.base_channels,
        trunk.downsamples,
        trunk.norm,
    )


def probe_discriminator(shapes: Shapes, source: Path) -> DiscriminatorConfig:
    """Configuration of an official discriminator, but for `sigmoid`, which leaves no trace.

    Raises:
        CheckpointError: the tensors are of something else.
    """
    intermediate = bool(_numbers(r"scale(\d+)_layer\d+\.", shapes))
    if intermediate:
        first, norm_name = "scale0_layer0.0.weight", "scale0_layer1.1.weight"
        scales = 1 + max(_numbers(r"scale(\d+)_layer\d+\.", shapes))
        layers = max(_numbers(r"scale0_layer(\d+)\.0\.weight", shapes), default=0) - 1
    else:
        first, norm_name = "layer0.0.weight", "layer0.3.weight"
        scales = 1 + max(_numbers(r"layer(\d+)\.\d+\.weight", shapes), default=0)
        found = [n for n in shapes if re.fullmatch(r"layer0\.\d+\.weight", n)]
        layers = sum(len(shapes[name]) == 4 for name in found) - 2
    width, inputs = _weight(shapes, first, source)[:2]
    return DiscriminatorConfig(
        inputs, width, layers, scales, "batch" if norm_name in shapes else "instance", intermediate
    )


def _probe_trunk(shapes: Shapes, source: Path) -> _Trunk:
    stem = _weight(shapes, "model.1.weight", source)
    if stem[2:] != (7, 7):
        raise CheckpointError(f"{source} is no network of the official code: no 7x7 stem.")
    blocks = _numbers(r"model\.(\d+)\.conv_block\.", shapes)
    _check_blocks(shapes, source)
    down = [k for k in _three_by_three(shapes) if _is_convolution(shapes, k, source)]
    return _Trunk(
        base_channels=stem[0],
        input_channels=stem[1],
        norm="batch" if "model.2.weight" in shapes else "instance",
        downsamples=len(down),
        blocks=len(blocks),
    )


def _three_by_three(shapes: Shapes) -> list[int]:
    numbers = sorted(_numbers(r"model\.(\d+)\.weight", shapes))
    return [k for k in numbers if shapes[f"model.{k}.weight"][2:] == (3, 3)]


def _is_convolution(shapes: Shapes, index: int, source: Path) -> bool:
    """Down- and upsampling both have weights (2c, c, 3, 3); only the bias tells them apart."""
    outputs, inputs = shapes[f"model.{index}.weight"][:2]
    bias = shapes.get(f"model.{index}.bias", ())
    if bias not in ((outputs,), (inputs,)):
        raise CheckpointError(f"{source} is damaged: model.{index}.bias does not fit its weight.")
    return bias == (outputs,)


def _check_blocks(shapes: Shapes, source: Path) -> None:
    pattern = re.compile(r"model(?:\d+_2)?\.\d+\.conv_block\.(\d+)\.weight")
    matches = ((match, shapes[name]) for name in shapes if (match := pattern.fullmatch(name)))
    layers = {int(match[1]) for match, shape in matches if len(shape) == 4}
    if layers and layers != {1, 5}:
        known = (
            "dropout" if layers == {1, 6} else "zero padding" if layers == {0, 3} else "a variant"
        )
        raise CheckpointError(
            f"{source} has residual blocks with {known}; only reflection padding without "
            "dropout, the official default, is supported."
        )


def _last_channels(shapes: Shapes, trunk: _Trunk, source: Path) -> int:
    unpadded = shapes.get(f"model.{trunk.last - 1}.weight", ())
    if f"model.{trunk.last}.weight" not in shapes and unpadded[2:] == (7, 7):
        raise CheckpointError(
            f"{source} was written before the official code got its reflection padding in front "
            "of the last layer; this variant is not supported, use a newer file."
        )
    return _weight(shapes, f"model.{trunk.last}.weight", source)[0]


def _weight(shapes: Shapes, name: str, source: Path) -> tuple[int, ...]:
    shape = shapes.get(name, ())
    if len(shape) != 4:
        raise CheckpointError(
            f"{source} is no network of the official code: {name} is "
            f"{'no convolution' if name in shapes else 'missing'}."
        )
    return shape


def _numbers(pattern: str, shapes: Shapes) -> set[int]:
    """The number that the pattern's group holds in each name that starts with the pattern."""
    compiled = re.compile(pattern)
    return {int(match[1]) for name in shapes if (match := compiled.match(name))}
