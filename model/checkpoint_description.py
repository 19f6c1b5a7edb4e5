"""checkpoint.json: what our own checkpoint folders say of themselves, and its checks.

Knows the description only; the weights beside it are not looked at here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.conditioning import ConditioningConfig
from model.config_json import config_from_json, config_to_json
from model.errors import CheckpointError, SchemaError
from model.networks import GENERATORS
from model.networks.discriminator import DiscriminatorConfig
from model.networks.encoder import EncoderConfig
from model.networks.generator import GeneratorConfig
from model.networks.local_enhancer import LocalEnhancerConfig
from model.scene.labels import load_schema
from model.scene.reading import check_version, parse_json, read_bytes
from model.styles.book import StyleBook

FORMAT = "labelbrush-checkpoint"
FORMAT_VERSION = 1
MAX_BYTES = 2**20


@dataclass(frozen=True)
class Description:
    """The content of checkpoint.json; fields as in `model.checkpoint.Checkpoint`."""

    generator_name: str
    generator: GeneratorConfig
    conditioning: ConditioningConfig
    schema_name: str
    label_ids: tuple[int, ...]
    encoder: EncoderConfig | None
    discriminator: DiscriminatorConfig | None
    facts: Mapping[str, Any]


def schema_ids(name: str) -> tuple[int, ...]:
    """Label ids of a schema; none for the name "", which stands for RGB input."""
    return load_schema(name).ids if name else ()


def format_description(description: Description) -> str:
    """The text of the file. Raises ValueError for facts that JSON cannot hold."""
    encoder, discriminator = description.encoder, description.discriminator
    content = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "generator": {
            "name": description.generator_name,
            "config": config_to_json(description.generator),
        },
        "conditioning": config_to_json(description.conditioning),
        "schema": {"name": description.schema_name, "label_ids": list(description.label_ids)},
        "encoder": encoder and config_to_json(encoder),
        "discriminator": discriminator and config_to_json(discriminator),
        "facts": dict(description.facts),
    }
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


def read_description(source: Path) -> Description:
    """Reads the file; options that an older one lacks take their defaults.

    Raises:
        CheckpointError: it is damaged, of a newer version, or of a schema that has changed.
    """
    content = _read_json(source)
    entry = content.get("generator")
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(name, str) or name not in GENERATORS:
        known = ", ".join(GENERATORS)
        raise CheckpointError(f"{source} names the generator {name!r}; known are {known}.")
    encoder, discriminator = content.get("encoder"), content.get("discriminator")
    schema_name, label_ids = _read_schema(content.get("schema"), source)
    return Description(
        name,
        config_from_json(GENERATORS[name][1], entry.get("config"), source),
        config_from_json(ConditioningConfig, content.get("conditioning"), source),
        schema_name,
        label_ids,
        None if encoder is None else config_from_json(EncoderConfig, encoder, source),
        None
        if discriminator is None
        else config_from_json(DiscriminatorConfig, discriminator, source),
        _read_facts(content.get("facts", {}), source),
    )


def check_parts(
    conditioning: ConditioningConfig,
    generator: GeneratorConfig,
    encoder: EncoderConfig | None,
    book: StyleBook | None,
    error: Callable[[str], Exception],
) -> None:
    """Raises `error(sentence)` when channel counts of the parts contradict."""
    if generator.input_channels != conditioning.input_channels:
        raise error(
            f"the generator takes {generator.input_channels} channels and the conditioning makes "
            f"{conditioning.input_channels}"
        )
    features = conditioning.feature_channels
    tint = generator.tint if isinstance(generator, LocalEnhancerConfig) else ()
    if not set(tint) <= set(conditioning.places_of_colors):
        raise error("the generator's tint is not of the features and of labels without them")
    if encoder is not None and encoder.output_channels != features:
        raise error(
            f"the encoder makes {encoder.output_channels} features and the generator takes "
            f"{features}"
        )
    if book is not None and book.centers and book.feature_channels != features:
        raise error(
            f"the styles have {book.feature_channels} features and the generator takes {features}"
        )


def _read_json(source: Path) -> dict[str, Any]:
    data = read_bytes(source, CheckpointError, MAX_BYTES)
    try:
        content = parse_json(data)
    except ValueError as error:
        raise CheckpointError(f"{source} is damaged: {error}.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CheckpointError(f'{source} is of another program: its format is not "{FORMAT}".')
    check_version(content.get("version"), FORMAT_VERSION, "checkpoint", source, CheckpointError)
    return content


def _read_schema(content: object, source: Path) -> tuple[str, tuple[int, ...]]:
    """Name and label ids; refuses a schema that has changed since."""
    name = content.get("name") if isinstance(content, dict) else None
    ids = content.get("label_ids") if isinstance(content, dict) else None
    if not isinstance(name, str) or not isinstance(ids, list):
        raise CheckpointError(f"{source} is damaged: it names no label schema.")
    try:
        known = list(schema_ids(name))
    except SchemaError:
        return name, tuple(ids)  # only who paints labels needs the schema, and says so then
    if ids != known:
        changed = sorted(set(map(str, ids)) ^ set(map(str, known)))
        raise CheckpointError(
            f"{source} was trained under the label schema {name} with other labels than it has "
            f"now (differing ids: {', '.join(changed[:5]) or 'their order'})."
        )
    return name, tuple(ids)


def _read_facts(content: object, source: Path) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise CheckpointError(f"{source} is damaged: its facts are no table.")
    facts = dict(content)
    if "size" in facts:
        size = facts["size"]
        positive = isinstance(size, list) and all(type(n) is int and n > 0 for n in size)
        if not positive or len(size) != 2:
            raise CheckpointError(f"{source} is damaged: its size is {size!r}.")
        facts["size"] = tuple(size)
    return facts
