"""A list of configurations to compare: a TOML file; and where each of its runs is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.scene.reading import parse_toml, read_bytes
from model.training.config import TrainingConfig, load_config, network_sizes

MAX_FILE_BYTES = 2**20
DEFAULT_SEEDS = 3


@dataclass(frozen=True, slots=True)
class Configuration:
    """One row of the comparison.

    settings: KEY=VALUE words over the preset, as `train` takes them, without the seed.
    """

    name: str
    preset: str
    settings: tuple[str, ...]

    @property
    def folder(self) -> str:
        return re.sub(r"\W+", "-", self.name.lower()).strip("-")

    def config(self, seed: int) -> TrainingConfig:
        """Raises ConfigError for settings that cannot be used."""
        return load_config(self.preset, None, [*self.settings, f"seed={seed}"])


@dataclass(frozen=True, slots=True)
class AblationList:
    """Configurations with one budget: equal steps or, where `minutes` is set, equal time."""

    name: str
    configurations: tuple[Configuration, ...]
    seeds: int
    minutes: float | None

    def jobs(self) -> Iterator[tuple[Configuration, int]]:
        """Every run: all configurations once before the first comes with another seed."""
        for seed in range(self.seeds):
            for configuration in self.configurations:
                yield configuration, seed

    @property
    def steps(self) -> int:
        """Most steps of a run."""
        return max(each.config(0).total_steps for each in self.configurations)


def read_list(
    path: Path,
    settings: Sequence[str] = (),
    seeds: int | None = None,
    minutes: float | None = None,
    only: Sequence[str] = (),
) -> AblationList:
    """The list in a file; settings, seeds and minutes of the command line come on top.

    only: names of runs; the others are left out. None for all.

    The file: preset and settings for all, seeds, minutes, and [[runs]] with name and, if theirs
    are others, preset and more settings. Raises InputError where a configuration cannot be
    trained or another number of steps is asked for than of the rest.
    """
    try:
        table = parse_toml(read_bytes(path, InputError, MAX_FILE_BYTES))
        configurations = tuple(_configuration(run, table, settings) for run in table["runs"])
        found = AblationList(
            path.stem,
            configurations,
            seeds or int(table.get("seeds", DEFAULT_SEEDS)),
            minutes or table.get("minutes"),
        )
        found = _picked(found, only, path)
        require_comparable(found, path)
    except InputError:
        raise
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise InputError(f"{path} is no list of configurations: {error!r}; correct it.") from error
    return found


def _picked(listed: AblationList, only: Sequence[str], path: Path) -> AblationList:
    names = [each.name for each in listed.configurations]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise InputError(f"{path} has no run {unknown[0]!r}, only {', '.join(names)}.")
    kept = [each for each in listed.configurations if not only or each.name in only]
    return replace(listed, configurations=tuple(kept))


def _configuration(
    run: dict[str, Any], table: dict[str, Any], settings: Sequence[str]
) -> Configuration:
    unknown = run.keys() - {"name", "preset", "settings"}
    if unknown:
        raise ValueError(f"a run has {', '.join(sorted(unknown))}")
    words = [*table.get("settings", ()), *run.get("settings", ()), *settings]
    preset = run.get("preset", table.get("preset", ""))
    return Configuration(str(run["name"]), str(preset), tuple(map(str, words)))


def require_comparable(found: AblationList, path: Path) -> None:
    """Every configuration can be trained, in a folder of its own and with the others' budget."""
    if found.seeds < 1 or not found.configurations:
        raise InputError(f"{path} needs at least one run and one seed.")
    folders = [each.folder for each in found.configurations]
    if len(set(folders)) < len(folders) or not all(folders):
        raise InputError(f"{path} has runs without a name of their own; name each.")
    for each in found.configurations:
        config = each.config(0)
        network_sizes(config)
        if found.minutes is None and config.total_steps != found.steps:
            raise InputError(
                f"{path}: {each.name} trains {config.total_steps} steps, others {found.steps}; "
                "give all the same budget, or minutes."
            )
