"""Training configuration: frozen dataclasses, read from TOML, written into every checkpoint."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.networks import GENERATORS
from model.networks.generator import GeneratorConfig
from model.scene.reading import parse_toml, read_bytes
from model.scene.surface_labels import SURFACE_GROUPS, SurfaceLabels

PRESETS = Path(__file__).parents[2] / "assets" / "presets"
DEFAULT_PRESET = "slim-streets"
MAX_FILE_BYTES = 2**20


class ConfigError(InputError):
    """A training configuration cannot be used."""


@dataclass(frozen=True, slots=True)
class DataConfig:
    """How frames become samples.

    resize: how frames are brought to size when read: "keep" leaves them, the others are the
    official modes "none" (sides rounded to what the generator takes), "resize" (a square of
    load_size) and "scale_width" (to the width load_size). flip: mirror half of the samples;
    those with surface coordinates are never mirrored, as lanes have sides.
    focus: share of crops centred on a random pixel of a random label, so that rare ones are seen.
    scale: crops show up to this factor more or less of the frame (1.0: never); color: brightness,
    contrast and saturation of the picture vary by up to this share. Both are off by default.
    resident_mib: frames are kept decoded on the training device up to this size, then per use.
    modes: what `losses.modes` tells apart, such as "road/asphalt"; where none are named, `train`
    takes those that the training frames tell when the run starts, and what comes later is unknown.
    """

    resize: Literal["keep", "none", "resize", "scale_width"] = "keep"
    load_size: int = 1024
    flip: bool = True
    focus: float = 0.0
    scale: float = 1.0
    color: float = 0.0
    resident_mib: int = 4096
    modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LossConfig:
    """Weights of the objective (paper, sections 3.2 and 3.3); a weight of 0 switches a term off.

    adversarial: "none" trains without a discriminator, as CRN does; feature_matching is 0 then.
    adversarial_weight: of the generator's own adversarial term; the others are measured against 1.
    perceptual needs VGG-19 weights: `vgg_weights` names a file, else torchvision's cache is used.
    vgg_layers: of every block of VGG-19 the first layer, as in the paper, or the second, as in CRN.
    l1: of the pictures as they are, as in pix2pix. reconstruction: L1 at three scales, in no paper.
    chroma: of the pictures without their brightness, and gradient: of their steps from pixel to
    pixel, on top of one of these; neither is in the paper.
    Without an encoder all know nothing of colours, and so make grey of what may have any.
    pool: how many earlier pictures the discriminator may be shown instead of the newest; 0, as in
    the paper, shows it the newest alone and costs one discriminator pass less.
    modes: in no paper. Of rendered streets it is known what each thing is made of; how well a
    linear layer tells that from a style is a loss, so that clusters separate materials and not
    only colours. Needs an encoder; frames that tell no modes add nothing.
    modes_noise: standard deviation of what is added to styles before modes are guessed: these have
    to lie farther apart than that, so that a generator cannot overlook the difference.
    """

    adversarial: Literal["lsgan", "vanilla", "none"] = "lsgan"
    adversarial_weight: float = 1.0
    feature_matching: float = 10.0
    perceptual: float = 10.0
    l1: float = 0.0
    reconstruction: float = 0.0
    chroma: float = 0.0
    gradient: float = 0.0
    vgg_weights: str = ""
    vgg_layers: Literal["first", "second"] = "first"
    pool: int = 0
    modes: float = 0.0
    modes_noise: float = 0.0


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """Adam for both sides; `ema` is the decay of the averaged generator and encoder.

    clip: the norm to which a larger gradient of generator and encoder is shortened; 0 leaves all.
    A generator without normalisation does not come back from one step that is much too long.
    warmup: over so many steps the learning rates rise to what they shall be, from the start and
    again when the outermost enhancer comes in.
    """

    lr: float = 2e-4
    discriminator_lr: float = 2e-4
    beta1: float = 0.5
    beta2: float = 0.999
    ema: float = 0.999
    clip: float = 0.0
    warmup: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """One leg of the coarse-to-fine schedule (paper, section 3.1).

    train: "global" trains what is inside of the outermost enhancer (G1) alone; "enhancer" that
    enhancer with all else frozen; "all" all.
    batch: pictures per step and process. reduce: frames are shrunk by this factor. crop: (height,
    width) after that, 0 for whole frames. decay_from: share of the stage after which the learning
    rate falls linearly to 0.
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
    """Everything a run needs besides data and device.

    generator_options: of the generator's own sizes; tint=true names the channels that tell colours.
    precision: of the arithmetic; weights, optimisers and losses stay float32. "auto" is bfloat16
    where that pays (without instructions for it a processor is many times slower).
    train_encoder: false keeps the encoder that `--from` brings, so that styles, and projects that
    hold some, keep their meaning.
    recompute: keep less of the forward pass and compute it again in the backward pass (gradient
    checkpointing).
    capture: on CUDA, record what a step computes as a graph and replay it: small networks, which
    take less time than asking for their kernels does, become several times as fast. Takes the
    memory of a step once more; without effect for several processes, float16 or an image pool.
    """

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
    precision: Literal["auto", "float32", "bfloat16", "float16"] = "float32"
    train_encoder: bool = True
    recompute: bool = False
    compile: bool = False
    capture: bool = False
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

    @property
    def told_modes(self) -> tuple[str, ...]:
        """The modes that styles are taught to tell apart; none where their loss is off."""
        return self.data.modes if self.losses.modes else ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def load_config(
    preset: str | None = None, path: Path | None = None, overrides: list[str] | None = None
) -> TrainingConfig:
    """A preset by name or a TOML file, with KEY=VALUE overrides such as optimizer.lr=1e-4.

    `conditioning.surface` = false takes back the surface labels of the preset below.
    Raises ConfigError naming the file, the key or the value that cannot be used.
    """
    if path is None:
        path = _preset(preset or DEFAULT_PRESET)
    table = _read(path)
    table.setdefault("preset", path.stem)
    for item in overrides or []:
        _override(table, item)
    return config_from(table, str(path))


def _read(path: Path) -> dict[str, Any]:
    """The table of a file, put over that of the preset that it names as its `base`."""
    data = read_bytes(path, ConfigError, MAX_FILE_BYTES)
    try:
        table = parse_toml(data)
    except ValueError as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}") from error
    base = table.pop("base", None)
    if base is None:
        return table
    try:
        return _merged(_read(_preset(str(base))), table)
    except ConfigError as error:
        raise ConfigError(f"the base of {path} cannot be used: {error}") from error


def _preset(name: str) -> Path:
    path = PRESETS / f"{name}.toml"
    if path.parent != PRESETS or not path.is_file():
        known = ", ".join(sorted(p.stem for p in PRESETS.glob("*.toml")))
        raise ConfigError(f"there is no preset {name!r}; choose one of {known}")
    return path


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Nested tables joined; what is no table, such as the list of stages, is replaced."""
    joined = below | above
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            joined[key] = _merged(below[key], above[key])
    return joined


def config_from(table: dict[str, Any], source: str) -> TrainingConfig:
    """A configuration from nested plain values, as `as_dict` gives them."""
    try:
        return _build(TrainingConfig, table, source, "")
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        raise ConfigError(f"{source} has a setting of another kind: {error}") from error


_RANGES: dict[str, tuple[float, float]] = {  # inclusive, of settings of these names
    "batch": (1, math.inf),
    "beta1": (0, 1),
    "beta2": (0, 1),
    "clip": (0, math.inf),
    "color": (0, 0.9),
    "crop": (0, math.inf),
    "decay_from": (0, 1),
    "ema": (0, 1),
    "focus": (0, 1),
    "load_size": (1, math.inf),
    "modes": (0, math.inf),
    "modes_noise": (0, math.inf),
    "pool": (0, math.inf),
    "reduce": (1, math.inf),
    "scale": (1, 4),
    "steps": (0, math.inf),
}
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
        elif key == "surface" and value is not None:
            value = _surface(value, source)
        elif key in ("crop", "unstyled", *SURFACE_GROUPS) and isinstance(value, list):
            value = tuple(value)
        elif key == "told" and isinstance(value, dict):
            value = {name: tuple(numbers) for name, numbers in value.items()}
        elif key == "modes" and isinstance(value, list):
            value = tuple(map(str, value))
        values[key] = value
    built, hints = kind(**values), get_type_hints(kind)
    for f in fields(kind):
        value = getattr(built, f.name)
        if get_origin(hints[f.name]) is Literal:
            _check_choice(value, f"{prefix}{f.name}", get_args(hints[f.name]), source)
        else:
            _check_range(value, f.name, source, prefix)
            _check_type(value, f.name, getattr(kind(), f.name), source, prefix)
    return built


def _surface(value: object, source: str) -> SurfaceLabels | None:
    if value is False:
        return None
    if not isinstance(value, dict):
        raise ConfigError(f"{source}: conditioning.surface must be a table or false, not {value!r}")
    return _build(SurfaceLabels, value, source, "surface.")


def _check_choice(value: object, key: str, choices: tuple[str, ...], source: str) -> None:
    if value not in choices:
        known = ", ".join(choices)
        raise ConfigError(f"{source}: {key} must be one of {known}, not {value!r}")


def _check_range(value: object, key: str, source: str, prefix: str) -> None:
    least, most = _RANGES.get(key, (-math.inf, math.inf))
    numbers = value if isinstance(value, tuple) else (value,)
    if key == "crop" and [type(n) for n in numbers] != [int, int]:  # the only tuple of numbers
        raise ConfigError(f"{source}: {prefix}crop must be [height, width], not {value!r}")
    if not all(least <= n <= most for n in numbers if isinstance(n, int | float)):
        raise ConfigError(f"{source}: {prefix}{key} must lie in {least} to {most}, not {value!r}")


def _check_type(value: object, key: str, example: object, source: str, prefix: str) -> None:
    if is_dataclass(value) or (isinstance(value, tuple) and isinstance(example, tuple)):
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
        value = parse_toml(f"value = {text}".encode())["value"]
    except ValueError:
        value = text
    *parents, last = key.split(".")
    place: Any = table
    for part in parents:
        if isinstance(place, dict):
            place.setdefault(part, {})
        place = place[_position(part, place, key)]
    place[_position(last, place, key)] = value


def _position(text: str, items: object, key: str) -> str | int:
    """What `items`, a table or a list, are indexed with."""
    if isinstance(items, dict):
        return text
    if not isinstance(items, list):
        raise ConfigError(f"{key!r}: there is nothing below {items!r}; leave out {text!r}")
    if not text.isdigit() or int(text) >= len(items):
        raise ConfigError(f"{key!r}: {text!r} is no position in a list of {len(items)}")
    return int(text)


def with_overrides(config: TrainingConfig, overrides: Sequence[str]) -> TrainingConfig:
    """A configuration with KEY=VALUE overrides; raises ConfigError as `load_config`."""
    table = json.loads(json.dumps(config.as_dict()))  # of tuples, lists
    for item in overrides:
        _override(table, item)
    return config_from(table, "the run's configuration")


def network_sizes(config: TrainingConfig) -> GeneratorConfig:
    """The sizes of the generator that a configuration asks for; ConfigError for unknown ones."""
    if config.generator not in GENERATORS:
        known = ", ".join(GENERATORS)
        raise ConfigError(f"there is no generator {config.generator!r}; choose one of {known}")
    known, options = config.conditioning, dict(config.generator_options)
    if "tint" in options:
        options["tint"] = known.places_of_colors if options["tint"] else ()
    try:
        return GENERATORS[config.generator][1](input_channels=known.input_channels, **options)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"the generator's options cannot be used: {error}") from error


def stage_sizes(config: TrainingConfig, stage: Stage) -> GeneratorConfig:
    """The sizes of the generator that a stage trains."""
    sizes = network_sizes(config)
    inner = sizes.coarse() if stage.train == "global" else None
    return inner or sizes


def side_multiple(config: TrainingConfig, stage: Stage) -> int:
    """What the sides of a stage's samples must be multiples of."""
    return stage_sizes(config, stage).multiple
