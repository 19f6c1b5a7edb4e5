"""Checkpoint: a trained generator on disk with everything needed to use it.

Opens our own folders and official pix2pixHD files alike; saves our own. Opening reads no weights.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

from model.checkpoint_description import (
    Description,
    check_parts,
    format_description,
    read_description,
    schema_ids,
)
from model.checkpoint_folder import DESCRIPTION, file_in, write_folder
from model.conditioning import ConditioningConfig
from model.errors import CheckpointError
from model.networks import GENERATORS
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.generator import Generator, GeneratorConfig
from model.official.folder import is_official, open_official
from model.official.state import read_state
from model.scene.labels import CITYSCAPES_NAME
from model.styles.book import StyleBook, book_bytes, load_book
from model.weights import (
    COUNTER,
    NetworkConfig,
    assign,
    check_shapes,
    describe,
    read_safetensors,
    safetensors_shapes,
)

STYLES = "styles.npz"
CITYSCAPES_CHANNELS = 35


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What a checkpoint is, known without its weights.

    Attributes:
        name: of its folder.
        path: the folder, or the single .pth.
        generator_name: key in `GENERATORS`.
        schema_name: label schema it was trained under, "" when its input is RGB.
        label_ids: the schema's ids at that time, () for official files.
        facts: of training: steps, preset, preprocess, size (height, width) and the like.
        weights: "generator", "encoder", "discriminator" -> file, for those there are.
        official: written by the official code.
        split_is_guess: the official files leave open how the input channels divide; `splits`
            are the possibilities, likeliest first, each fit for `open_checkpoint`.
    """

    name: str
    path: Path
    generator_name: str
    generator_config: GeneratorConfig
    conditioning: ConditioningConfig
    schema_name: str
    label_ids: tuple[int, ...]
    encoder_config: EncoderConfig | None
    discriminator_config: DiscriminatorConfig | None
    style_book: StyleBook | None
    facts: Mapping[str, Any]
    weights: Mapping[str, Path]
    official: bool = False
    splits: tuple[str, ...] = field(default=())
    split_is_guess: bool = False

    def tell_guess(self) -> None:
        """Says on stderr what the input was taken for, where the files leave that open."""
        if self.split_is_guess:
            print(
                f"{self.path}: took the input as {self.splits[0]}, which the files do not tell; "
                f"possible are {', '.join(self.splits)}. Choose with --split.",
                file=sys.stderr,
            )


def open_checkpoint(path: str | Path, split: str | None = None) -> Checkpoint:
    """Opens one of our folders, an official folder or a single official .pth; loads no weights.

    split: for official files, how the input channels divide into labels, boundary (0 or 1) and
    features: "35+1+3", "35+1", "rgb". Needed only where the files leave it open.

    Raises:
        CheckpointError: it is no checkpoint, is damaged, or its parts contradict each other.
    """
    path = Path(path)
    if path.name == DESCRIPTION:
        path = path.parent
    if not os.path.exists(path):  # Path.exists raises where a folder is out of reach
        raise CheckpointError(f"There is no checkpoint {path}; check the path.")
    if file_in(path, DESCRIPTION).is_file():
        if split is not None:
            raise CheckpointError(f"{path} says itself how its channels split; leave out --split.")
        return _open_own(path)
    if is_official(path):
        return _open_official(path, split)
    raise CheckpointError(
        f"{path} is no checkpoint: it needs {DESCRIPTION} or the official latest_net_G.pth."
    )


def load_generator(checkpoint: Checkpoint) -> Generator:
    """The generator with its weights, float32 on the CPU, ready to paint pictures.

    Batch norms use the statistics of their input, as the official code does in use; they are
    left in training mode for that, so call neither `train()` nor `eval()` on the result unless
    to train it (`ready_to_train`).

    Raises:
        CheckpointError: names or shapes do not fit, or a value is not finite.
    """
    network, _config = GENERATORS[checkpoint.generator_name]
    return _load(network, checkpoint.generator_config, checkpoint.weights["generator"])


def load_encoder(checkpoint: Checkpoint) -> Encoder | None:
    """The encoder like `load_generator`, None if the checkpoint has none."""
    if checkpoint.encoder_config is None:
        return None
    return _load(Encoder, checkpoint.encoder_config, checkpoint.weights["encoder"])


def load_discriminator(checkpoint: Checkpoint) -> MultiscaleDiscriminator | None:
    """The discriminator like `load_generator`, None if the checkpoint has none."""
    if checkpoint.discriminator_config is None:
        return None
    file = checkpoint.weights["discriminator"]
    return _load(MultiscaleDiscriminator, checkpoint.discriminator_config, file)


def _load[Network: nn.Module](kind: type[Network], config: NetworkConfig, file: Path) -> Network:
    network = describe(kind, config, file)
    read = read_safetensors if file.suffix == ".safetensors" else read_state
    assign(network, read(file), file)
    return ready_to_paint(network)


def ready_to_paint[Network: nn.Module](network: Network) -> Network:
    """Puts a network into the mode that pictures are painted in, see `load_generator`."""
    network.eval()
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.train()
            layer.track_running_stats = False  # uses the input's statistics, keeps the stored
    return network


def ready_to_train(network: nn.Module) -> nn.Module:
    """Puts a loaded network into training mode; batch norms collect statistics again."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.track_running_stats = True
    return network.train()


def save_checkpoint(
    folder: Path,
    *,
    generator: nn.Module,
    generator_name: str,
    generator_config: GeneratorConfig,
    conditioning: ConditioningConfig,
    schema_name: str,
    encoder: nn.Module | None = None,
    encoder_config: EncoderConfig | None = None,
    discriminator: nn.Module | None = None,
    discriminator_config: DiscriminatorConfig | None = None,
    style_book: StyleBook | None = None,
    facts: Mapping[str, Any] | None = None,
    dtype: torch.dtype = torch.float16,
) -> None:
    """Writes our own folder, all of it or nothing.

    dtype: of the weights on disk, float16 or float32. facts: values that JSON can hold.

    Raises:
        ValueError: the parts do not belong together.
        SchemaError: there is no such label schema.
        CheckpointError: a weight is not finite in `dtype`, or the folder cannot be written.
    """
    networks: dict[str, nn.Module | None] = {
        "generator": generator,
        "encoder": encoder,
        "discriminator": discriminator,
    }
    configs = {"encoder": encoder_config, "discriminator": discriminator_config}
    check_parts(conditioning, generator_config, encoder_config, style_book, ValueError)
    for part, config in configs.items():
        if (networks[part] is None) != (config is None):
            raise ValueError(f"{part} and {part}_config must come together")
    text = format_description(
        Description(
            generator_name,
            generator_config,
            conditioning,
            schema_name,
            schema_ids(schema_name),
            encoder_config,
            discriminator_config,
            facts or {},
        )
    )
    stored = {part: _stored(net, dtype, part) for part, net in networks.items() if net is not None}
    _write(folder, stored, style_book, text)


def _write(
    folder: Path, stored: Mapping[str, dict[str, Tensor]], book: StyleBook | None, text: str
) -> None:
    files: dict[str, bytes | None] = {
        _weights_name(part): save(stored[part]) if part in stored else None
        for part in ("generator", "encoder", "discriminator")
    }
    files[STYLES] = None if book is None else book_bytes(book)
    write_folder(folder, files, text.encode())


def _weights_name(part: str) -> str:
    return f"{part}.safetensors"


def _stored(network: nn.Module, dtype: torch.dtype, part: str) -> dict[str, Tensor]:
    """The network's state as it goes to disk."""
    tensors = {}
    for name, tensor in network.state_dict().items():
        kept = tensor.dtype if name.endswith(COUNTER) else dtype
        tensors[name] = tensor.detach().to("cpu", kept, copy=True).contiguous()
        if not torch.isfinite(tensors[name]).all():
            raise CheckpointError(
                f"The {part} was not saved: {name} has values that are not finite as {dtype}."
            )
    return tensors


def _open_own(folder: Path) -> Checkpoint:
    source = file_in(folder, DESCRIPTION)
    said = read_description(source)
    styles = file_in(folder, STYLES)
    book = load_book(styles) if styles.is_file() else None
    check_parts(
        said.conditioning,
        said.generator,
        said.encoder,
        book,
        lambda text: CheckpointError(f"{source} contradicts itself: {text}."),
    )
    parts: dict[str, nn.Module] = {
        "generator": describe(GENERATORS[said.generator_name][0], said.generator, source)
    }
    if said.encoder is not None:
        parts["encoder"] = describe(Encoder, said.encoder, source)
    if said.discriminator is not None:
        parts["discriminator"] = describe(MultiscaleDiscriminator, said.discriminator, source)
    weights = {part: file_in(folder, _weights_name(part)) for part in parts}
    for part, described in parts.items():
        check_shapes(safetensors_shapes(weights[part]), described, weights[part])
    return Checkpoint(
        folder.resolve().name,
        folder,
        said.generator_name,
        said.generator,
        said.conditioning,
        said.schema_name,
        said.label_ids,
        said.encoder,
        said.discriminator,
        book,
        said.facts,
        weights,
    )


def _open_official(path: Path, split: str | None) -> Checkpoint:
    model = open_official(path, split)
    files = {
        "generator": model.files.generator,
        "encoder": model.files.encoder,
        "discriminator": model.files.discriminator,
    }
    return Checkpoint(
        path.stem if path.is_file() else path.resolve().name,
        path,
        model.generator_name,
        model.generator,
        model.split.conditioning(),
        _schema_of_labels(model.split.labels),
        (),
        model.encoder,
        model.discriminator,
        model.style_book,
        model.facts,
        {part: file for part, file in files.items() if file is not None},
        official=True,
        splits=tuple(map(str, model.splits)),
        split_is_guess=model.split_is_guess,
    )


def _schema_of_labels(labels: int | None) -> str:
    """Official files name no schema: 35 labels are Cityscapes', others get plain numbers."""
    if labels is None:
        return ""
    return CITYSCAPES_NAME if labels == CITYSCAPES_CHANNELS else f"numbered-{labels}"


def require_own(checkpoint: Checkpoint) -> None:
    """Raises CheckpointError for an official checkpoint, which is never changed."""
    if checkpoint.official:
        raise CheckpointError(
            f"{checkpoint.path} is an official checkpoint and stays as it is; "
            "make one of ours from it with `convert` first."
        )


def replace_styles(
    checkpoint: Checkpoint, book: StyleBook, told: Mapping[str, tuple[float, ...]]
) -> None:
    """Writes new styles, and what they tell, into one of our folders, or nothing.

    told: see `ConditioningConfig`.

    Raises:
        CheckpointError: the checkpoint is official, or its generator takes other features.
    """
    require_own(checkpoint)
    if book.feature_channels != checkpoint.conditioning.feature_channels:
        raise CheckpointError(
            f"{checkpoint.path} takes {checkpoint.conditioning.feature_channels} feature channels "
            f"and the new styles have {book.feature_channels}."
        )
    description = Description(
        checkpoint.generator_name,
        checkpoint.generator_config,
        replace(checkpoint.conditioning, told=told),
        checkpoint.schema_name,
        checkpoint.label_ids,
        checkpoint.encoder_config,
        checkpoint.discriminator_config,
        checkpoint.facts,
    )
    text = format_description(description)
    write_folder(checkpoint.path, {STYLES: book_bytes(book)}, text.encode())
