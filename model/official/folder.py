"""Opens an official checkpoint folder, or one .pth file: files, architecture, split, styles.

Whatever two files say about the same thing must agree; otherwise both are named and nothing opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import CheckpointError
from model.networks import GENERATORS
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from model.networks.encoder import Encoder, EncoderConfig
from model.networks.generator import GeneratorConfig
from model.official.evidence import Evidence, OfficialFiles, choose_split
from model.official.network_options import (
    discriminator_options,
    encoder_options,
    generator_options,
)
from model.official.options import Options, Value, read_options
from model.official.probe import (
    kind_of,
    probe_discriminator,
    probe_encoder,
    probe_generator,
)
from model.official.split import RGB_CHANNELS, Split
from model.official.state import read_state, shapes
from model.official.unpickle import read_label_arrays
from model.styles.book import StyleBook
from model.weights import Shapes, check_shapes, describe

_NETWORK_FILE = re.compile(r"(.+)_net_([GDE])\.pth")
_CLUSTER_FILE = re.compile(r"features_clustered_(\d{3})\.npy")


@dataclass(frozen=True, slots=True)
class OfficialModel:
    """What an official checkpoint is, known without loading its weights."""

    files: OfficialFiles
    generator_name: str
    generator: GeneratorConfig
    encoder: EncoderConfig | None
    discriminator: DiscriminatorConfig | None
    split: Split
    splits: tuple[Split, ...]
    split_is_guess: bool
    style_book: StyleBook | None
    facts: dict[str, Any]


def is_official(path: Path) -> bool:
    """Whether the path looks like an official .pth or a folder of them."""
    if path.is_dir():
        return any(_NETWORK_FILE.fullmatch(entry.name) for entry in path.iterdir())
    return path.suffix == ".pth"


def find_files(path: Path) -> OfficialFiles:
    """The files that belong to a folder's latest epoch, or to the given .pth.

    Raises:
        CheckpointError: there is no generator.
    """
    if path.is_file():
        match = _NETWORK_FILE.fullmatch(path.name)
        if match is None:
            return OfficialFiles(path)
        if match[2] != "G":
            kind = "an encoder" if match[2] == "E" else "a discriminator"
            raise CheckpointError(
                f"{path} holds {kind}; open {match[1]}_net_G.pth or its folder instead."
            )
        return _files_of_epoch(path.parent, match[1])
    matches = (_NETWORK_FILE.fullmatch(entry.name) for entry in sorted(path.iterdir()))
    epochs = [match[1] for match in matches if match and match[2] == "G"]
    if not epochs:
        raise CheckpointError(
            f"{path} holds no generator; copy the run's latest_net_G.pth into it."
        )
    return _files_of_epoch(path, max(epochs, key=_epoch_order))


def _epoch_order(epoch: str) -> tuple[bool, int]:
    return epoch == "latest", int(epoch) if epoch.isdecimal() else -1


def _files_of_epoch(folder: Path, epoch: str) -> OfficialFiles:
    def existing(name: str) -> Path | None:
        path = folder / name
        return path if path.is_file() else None

    clusters = [entry for entry in folder.iterdir() if _CLUSTER_FILE.fullmatch(entry.name)]
    return OfficialFiles(
        folder / f"{epoch}_net_G.pth",
        existing(f"{epoch}_net_D.pth"),
        existing(f"{epoch}_net_E.pth"),
        existing("opt.txt"),
        max(clusters, default=None),
        epoch,
    )


def open_official(path: Path, split: str | None = None) -> OfficialModel:
    """Recovers everything about an official checkpoint but what only the weights' values hold.

    split: how the input channels divide ("35+1+3", "rgb"); overrides opt.txt and guesses.

    Raises:
        CheckpointError: files are missing, damaged, of unsupported variants or contradictory.
    """
    files = find_files(path)
    options = read_options(files.options) if files.options else None
    name, generator = _open_generator(files.generator)
    encoder = _open_encoder(files.encoder) if files.encoder else None
    discriminator = _open_discriminator(files.discriminator) if files.discriminator else None
    if options:
        _check_options(options, files.generator, generator_options(generator))
        if encoder and files.encoder:
            _check_options(options, files.encoder, encoder_options(encoder))
        if discriminator and files.discriminator:
            _check_options(options, files.discriminator, discriminator_options(discriminator))
            sigmoid = options.flag("no_lsgan") and not discriminator.intermediate_features
            discriminator = replace(discriminator, sigmoid=sigmoid)
    centers = read_label_arrays(files.clusters) if files.clusters else {}
    evidence = Evidence(files, generator, encoder, discriminator, centers)
    chosen, splits, is_guess = choose_split(evidence, options, split)
    return OfficialModel(
        files,
        name,
        generator,
        encoder,
        discriminator,
        chosen,
        splits,
        is_guess,
        _style_book(centers, files),
        _facts(files, options),
    )


def _open_generator(path: Path) -> tuple[str, GeneratorConfig]:
    found = _read_shapes(path)
    named = _NETWORK_FILE.fullmatch(path.name)
    kind = kind_of(found)
    if kind == "discriminator" or (kind == "encoder" and not named):
        raise CheckpointError(f"{path} holds a network of kind {kind}; open a generator instead.")
    name, config = probe_generator(found, path)
    check_shapes(found, describe(GENERATORS[name][0], config, path), path)
    return name, config


def _open_encoder(path: Path) -> EncoderConfig:
    found = _read_shapes(path)
    config = probe_encoder(found, path)
    check_shapes(found, describe(Encoder, config, path), path)
    if config.input_channels != RGB_CHANNELS:
        raise CheckpointError(
            f"{path} encodes pictures of {config.input_channels} channels; only RGB is supported."
        )
    return config


def _open_discriminator(path: Path) -> DiscriminatorConfig:
    found = _read_shapes(path)
    config = probe_discriminator(found, path)
    check_shapes(found, describe(MultiscaleDiscriminator, config, path), path)
    return config


def _read_shapes(path: Path) -> Shapes:
    return shapes(read_state(path, shapes_only=True))


def _check_options(options: Options, weights: Path, found: dict[str, Value]) -> None:
    for key, value in found.items():
        if key in options and options.text(key) != str(value):
            raise CheckpointError(
                f"{weights} says {key} {value} and {options.path} says {options.text(key)}; "
                "they are of different runs: put the right file there, or remove opt.txt."
            )


def _style_book(centers: dict[int, np.ndarray], files: OfficialFiles) -> StyleBook | None:
    """Official files do not say how large a cluster is: all count the same, as they did there."""
    filled = {label: rows for label, rows in centers.items() if len(rows)}
    if not filled:
        return None
    try:
        return StyleBook(filled, {label: np.ones(len(rows)) for label, rows in filled.items()})
    except ValueError as error:
        raise CheckpointError(f"{files.clusters} holds no styles ({error}).") from error


def _facts(files: OfficialFiles, options: Options | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"epoch": files.epoch} if files.epoch else {}
    if options is None:
        return facts
    return facts | {
        "preprocess": options.text("resize_or_crop"),
        "load_size": options.integer("loadSize"),
        "fine_size": options.integer("fineSize"),
        "features_from": "labels" if options.flag("label_feat") else "instances",
    }
