"""Training configuration: frozen dataclasses, read from TOML, written into every checkpoint."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal

from model.conditioning import ConditioningConfig
from model.errors import InputError

PRESETS = Path(__file__).parents[2] / "assets" / "presets"


class ConfigError(InputError):
    """A training configuration cannot be used."""


@dataclass(frozen=True, slots=True)
class DataConfig:
    """How frames become samples.

    resize: how frames are brought to size when read: "keep" leaves them, the others are the
    official modes "none" (sides rounded to what the generator takes), "resize" (a square of
    load_size) and "scale_width" (to the width load_size). flip: mirror half of the samples.
    focus: share of crops centred on a random instance, so that rare labels are seen.
    resident_mib: frames are kept decoded on the training device up to this size, then per use.
    """

    resize: Literal["keep", "none", "resize", "scale_width"] = "keep"
    load_size: int = 1024
    flip: bool = True
    focus: float = 0.0
    resident_mib: int = 4096


@dataclass(frozen=True, slots=True)
class LossConfig:
    """Weights of the objective (paper, sections 3.2 and 3.3); a weight of 0 switches a term off.

    perceptual needs VGG-19 weights: `vgg_weights` names a file, else torchvision's cache is used.
    reconstruction: L1 at three scales, not in the paper; meaningful only with an encoder.
    """

    adversarial: Literal["lsgan", "vanilla"] = "lsgan"
    feature_matching: float = 10.0
    perceptual: float = 10.0
    reconstruction: float = 0.0
    vgg_weights: str = ""


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """Adam for both sides; `ema` is the decay of the averaged generator and encoder."""

    lr: float = 2e-4
    discriminator_lr: float = 2e-4
    beta1: float = 0.5
    beta2: float = 0.999
    ema: float = 0.999


@dataclass(frozen=True, slots=True)
class Stage:
    """One leg of the coarse-to-fine schedule (paper, section 3.1).

    train: "global" trains G1 alone; "enhancer" the outermost enhancer with G1 frozen; "all" all.
    reduce: frames are shrunk by this factor. crop: (height, width) after that, 0 for whole
    frames. decay_from: share of the stage after which the learning rate falls linearly to 0.
    """

    train: Literal["global", "enhancer", "all"] = "all"
    steps: int = 1000
    batch: int = 1
    reduce: int = 1
    crop: tuple[int, int] = (0, 0)
    lr: float = 1.0
    decay_from: float = 1.0


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Everything a run needs besides data and device."""

    preset: str = "custom"
    schema: str = "cityscapes"
    generator: str = "local"
    generator_options: dict[str, Any] = field(default_factory=dict)
    encoder_options: dict[str, Any] = field(default_factory=dict)
    discriminator_options: dict[str, Any] = field(default_factory=dict)
    conditioning: ConditioningConfig = field(default_factory=ConditioningConfig)
    data: DataConfig = field(default_factory=DataConfig)
    losses: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    stages: tuple[Stage, ...] = (Stage(),)
    precision: Literal["float32", "bfloat16"] = "float32"
    compile: bool = False
    seed: int = 0

    @property
    def total_steps(self) -> int:
        return sum(stage.steps for stage in self.stages)

    def stage_at(self, step: int) -> tuple[Stage, int]:
        """The stage that training step `step` (from 0) belongs to, and the step within it."""
        for stage in self.stages:
            if step < stage.steps:
                return stage, step
            step -= stage.steps
        raise ValueError(f"step {step} lies beyond the last stage")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def load_config(
    preset: str | None = None, path: Path | None = None, overrides: list[str] | None = None
) -> TrainingConfig:
    """A preset by name or a TOML file, with KEY=VALUE overrides such as optimizer.lr=1e-4.

    Raises ConfigError naming the file, the key or the value that cannot be used.
    """
    if path is None:
        path = PRESETS / f"{preset or 'slim-streets'}.toml"
        if not path.is_file():
            known = ", ".join(sorted(p.stem for p in PRESETS.glob("*.toml")))
            raise ConfigError(f"there is no preset {preset!r}; choose one of {known}")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}") from error
    table.setdefault("preset", path.stem)
    for item in overrides or []:
        _override(table, item)
    return config_from(table, str(path))


def config_from(table: dict[str, Any], source: str) -> TrainingConfig:
    """A configuration from nested plain values, as `as_dict` gives them."""
    return _build(TrainingConfig, table, source, "")


_NESTED: dict[str, type] = {
    "conditioning": ConditioningConfig,
    "data": DataConfig,
    "losses": LossConfig,
    "optimizer": OptimizerConfig,
}


def _build(kind: type, table: dict[str, Any], source: str, prefix: str) -> Any:  # noqa: ANN401
    known = {f.name: f for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{source} has an unknown setting {prefix}{key!r}; remove it")
        if key in _NESTED and kind is TrainingConfig:
            value = _build(_NESTED[key], value, source, f"{key}.")
        elif key == "stages":
            value = tuple(_build(Stage, stage, source, "stages.") for stage in value)
        elif key == "crop":
            value = tuple(value)
        values[key] = value
    built = kind(**values)
    for f in fields(kind):
        _check_type(getattr(built, f.name), f.name, getattr(kind(), f.name), source, prefix)
    return built


def _check_type(value: object, key: str, example: object, source: str, prefix: str) -> None:
    if is_dataclass(value) or isinstance(value, tuple):
        return
    wanted = (int, float) if isinstance(example, float) else type(example)
    if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(example, bool):
        kind = type(example).__name__
        raise ConfigError(f"{source}: {prefix}{key} must be of type {kind}, not {value!r}")


def _override(table: dict[str, Any], item: str) -> None:
    key, equals, text = item.partition("=")
    if not equals:
        raise ConfigError(f"{item!r} is no override; write KEY=VALUE, such as optimizer.lr=1e-4")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *parents, last = key.split(".")
    place: Any = table
    for part in parents:
        if isinstance(place, list):
            place = place[_position(part, place, key)]
        else:
            place = place.setdefault(part, {})
    if isinstance(place, list):
        place[_position(last, place, key)] = value
    else:
        place[last] = value


def _position(text: str, items: list[Any], key: str) -> int:
    if not text.isdigit() or int(text) >= len(items):
        raise ConfigError(f"{key!r}: {text!r} is no position in a list of {len(items)}")
    return int(text)
