from __future__ import annotations

from pathlib import Path

import pytest

from model.networks.local_enhancer import LocalEnhancerConfig
from model.training.config import (
    PRESETS,
    ConfigError,
    Stage,
    TrainingConfig,
    config_from,
    network_sizes,
    with_overrides,
)
from model.training.config import load_config as load
from model.training.trainer import build_networks


@pytest.mark.parametrize("preset", sorted(p.stem for p in PRESETS.glob("*.toml")))
def test_every_preset_loads_and_survives_its_own_record(preset: str) -> None:
    config = load(preset)
    assert config.preset == preset
    assert config_from(config.as_dict(), "record") == config


def test_overrides_reach_nested_settings_and_stages() -> None:
    overrides = ["optimizer.lr=1e-5", "stages.0.steps=7", "losses.adversarial=vanilla"]
    config = load("slim-streets", None, overrides)
    assert config.optimizer.lr == 1e-5
    assert config.stages[0].steps == 7
    assert config.losses.adversarial == "vanilla"


@pytest.mark.parametrize(
    ("override", "named"),
    [
        ("optimizer.speed=3", "speed"),
        ("nonsense=1", "nonsense"),
        ("optimizer.lr=fast", "lr"),
        ("compile=1", "compile"),
        ("no equals sign", "KEY=VALUE"),
        ("stages.9.steps=1", "9"),
        ("precision=half", "precision must be one of auto, float32, bfloat16, float16"),
        ("losses.adversarial=hinge", "lsgan, vanilla"),
        ("data.scale=0.5", "data.scale must lie in 1 to 4"),
        ("stages.0.batch=0", "batch"),
        ("stages.0.crop=64", "height, width"),
        ("conditioning.surface=true", "surface must be a table or false"),
        ("conditioning.surface.ground=[7.5]", "surface labels have to lie in 0 to 47"),
        ("conditioning.surface.lights=[48]", "surface labels have to lie in 0 to 47"),
        ("conditioning.spatial_reference=false", "need the spatial reference"),
        ("losses.modes=['red']", "losses.modes must be of type float"),
        ("data.modes=3", "data.modes must be of type tuple"),
        ("optimizer.lr.x=1", "nothing below 0.0003"),
        ("optimizer.lr.x.y=1", "nothing below 0.0003"),
        ("conditioning.surface.trunks=[48]", "surface labels have to lie in 0 to 47"),
        ("conditioning.surface.trunks=[33, 34]", "trunks as one label"),
        ("conditioning.surface.legs=[35, 36]", "legs as one label"),
        ("conditioning.unstyled=[-1]", "unstyled labels have to lie in 0 to 255"),
    ],
)
def test_a_wrong_override_is_refused_by_name(override: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        load("slim-streets", None, [override])


def test_overrides_of_a_run_reach_into_its_lists() -> None:
    saved = load("slim-streets", None, ["conditioning.unstyled=[19, 20]"])
    changed = with_overrides(saved, ["stages.0.crop.1=128", "conditioning.unstyled.0=18"])
    assert changed.stages[0].crop == (256, 128)
    assert changed.conditioning.unstyled == (18, 20)
    assert with_overrides(saved, []) == saved
    bare = load("slim-streets", None, ["conditioning.surface=false"])
    with pytest.raises(ConfigError, match="nothing below None"):
        with_overrides(bare, ["conditioning.surface.ground=[7]"])


def test_an_unknown_preset_names_those_that_exist() -> None:
    with pytest.raises(ConfigError, match="slim-streets"):
        load("no-such")


@pytest.mark.parametrize(
    ("changes", "tint"),
    [
        ([], [*range(49, 55), 20, *range(34, 48)]),
        (["conditioning.feature_channels=3"], [*range(49, 52), 20, *range(34, 48)]),
        (["conditioning.feature_channels=0"], []),
        (["conditioning.boundary=false"], [*range(48, 54), 20, *range(34, 48)]),
        (["conditioning.unstyled=[47, 48, 3]"], [*range(49, 55), 47, 3]),
        (["conditioning.unstyled=[]"], list(range(49, 55))),
        (["generator_options.tint=false"], []),
    ],
)
def test_a_tint_is_of_all_that_tells_colors(changes: list[str], tint: list[int]) -> None:
    """Features, then labels that have none."""
    sizes = network_sizes(load("slim-streets", None, changes))
    assert isinstance(sizes, LocalEnhancerConfig)
    assert list(sizes.tint) == tint


def test_broken_toml_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("a = = 1")
    with pytest.raises(ConfigError, match=r"broken\.toml"):
        load(None, path)


def test_an_unknown_network_option_is_refused(tiny_config: TrainingConfig) -> None:
    table = tiny_config.as_dict()
    table["generator_options"]["wheels"] = 4
    with pytest.raises(ConfigError, match="wheels"):
        build_networks(config_from(table, "here"))


def test_steps_fall_into_stages_in_order() -> None:
    config = TrainingConfig(stages=(Stage(steps=2), Stage(steps=3, train="enhancer")))
    places = [config.stage_at(step) for step in range(config.total_steps)]
    assert [(stage.train, at) for stage, at in places] == [
        ("all", 0),
        ("all", 1),
        ("enhancer", 0),
        ("enhancer", 1),
        ("enhancer", 2),
    ]
    with pytest.raises(ValueError, match="beyond"):
        config.stage_at(5)


def test_a_file_changes_what_it_says_of_the_preset_below_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('base = "slim-streets"\n[generator_options]\nlocal_blocks = 5\n')
    config, base = load(None, path), load("slim-streets")
    assert config.preset == "mine"
    assert config.generator_options == base.generator_options | {"local_blocks": 5}
    assert config.stages == base.stages


@pytest.mark.parametrize("preset", ["slim-edges", "small-streets"])
def test_presets_without_a_reference_take_back_that_of_their_base(preset: str) -> None:
    assert load("slim-streets").conditioning.reference_channels
    assert load(preset).conditioning.surface is None
    assert load(preset).conditioning.reference_channels == 0
    assert load("slim-streets", None, ["conditioning.surface=false"]).conditioning.surface is None
