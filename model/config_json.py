"""Frozen configuration dataclasses to JSON and back, with every value's type checked."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from model.errors import CheckpointError


def config_to_json(config: Any) -> dict[str, Any]:  # noqa: ANN401 - any config dataclass
    """All fields by name."""
    return asdict(config)


def config_from_json[Config](kind: type[Config], content: object, source: Path) -> Config:
    """Builds a configuration; fields that an older file lacks take their defaults.

    Raises:
        CheckpointError: a field is unknown, missing without default, or of the wrong type.
    """
    if not isinstance(content, dict):
        raise CheckpointError(f"{source} is damaged: no {kind.__name__} in it.")
    hints = get_type_hints(kind)
    content = {k: _built(v, hints.get(k), source) for k, v in content.items()}
    names = {field.name for field in fields(kind)}  # pyright: ignore[reportArgumentType]
    for name, value in content.items():
        if name not in names:
            raise CheckpointError(
                f"{source} has the option {name} in {kind.__name__}, which this program does not "
                "know; update the program."
            )
        if not _fits(value, hints[name]):
            raise CheckpointError(f"{source} is damaged: {kind.__name__}.{name} is {value!r}.")
    try:
        return kind(**content)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"{source} is damaged: {error}.") from error


def _built(value: object, hint: Any, source: Path) -> object:  # noqa: ANN401 - a type hint
    """A configuration within another from its object, tuples from lists, others as they are."""
    if isinstance(value, list) and get_origin(hint) is tuple:
        return tuple(value)
    if isinstance(value, dict):
        if get_origin(hint) is Mapping:
            return {name: _built(each, get_args(hint)[1], source) for name, each in value.items()}
        for option in get_args(hint):
            if is_dataclass(option):
                return config_from_json(option, value, source)  # pyright: ignore[reportArgumentType]
    return value


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type hint
    origin = get_origin(hint)
    if origin is Literal:
        return value in get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, option) for option in get_args(hint))
    if origin is tuple:
        return type(value) is tuple and all(_fits(item, get_args(hint)[0]) for item in value)
    if origin is Mapping:
        return type(value) is dict and all(
            _fits(each, get_args(hint)[1]) for each in value.values()
        )
    if hint is float:
        return type(value) in (int, float) and math.isfinite(value)  # pyright: ignore
    return type(value) is hint
