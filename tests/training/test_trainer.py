from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model import device as devices
from model.networks.layers import halve
from model.networks.local_enhancer import LocalEnhancer
from model.scene.surface_labels import SurfaceLabels
from model.training.batches import Batch, BatchSource
from model.training.config import (
    ConfigError,
    OptimizerConfig,
    Stage,
    TrainingConfig,
    load_config,
)
from model.training.modes import ModeLoss
from model.training.run import open_data
from model.training.trainer import Trainer, adopt_scales, adopt_trunk, build_networks

CPU = torch.device("cpu")


def batch_of(data: Path, config: TrainingConfig, step: int = 7) -> Batch:
    opened = open_data(data, config, CPU)
    return BatchSource(opened.training, opened.cache, config).batch(step)


def weights(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in module.named_parameters()}


def changed(module: torch.nn.Module, before: dict[str, torch.Tensor]) -> set[str]:
    return {n for n, p in module.named_parameters() if not torch.equal(p, before[n])}


def test_one_step_moves_every_network(streets_data: Path, tiny_config: TrainingConfig) -> None:
    torch.manual_seed(0)
    trainer = Trainer(build_networks(tiny_config), tiny_config, CPU)
    before = {name: weights(net) for name, net in trainer.networks.items()}
    trainer.step(batch_of(streets_data, tiny_config))
    for name, network in trainer.networks.items():
        assert changed(network, before[name]) == set(before[name]), name


def test_a_gradient_that_is_too_long_is_shortened(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    def norm(clip: float) -> float:
        optimizer = replace(tiny_config.optimizer, clip=clip)
        config = replace(tiny_config, optimizer=optimizer)
        torch.manual_seed(0)
        trainer = Trainer(build_networks(config), config, CPU)
        trainer.step(batch_of(streets_data, config))
        squares = [
            (p.grad.float() ** 2).sum() for p in trainer.generator_parameters if p.grad is not None
        ]
        return float(sum(squares)) ** 0.5

    whole = norm(0.0)
    assert whole > 0.02
    assert norm(0.02) == pytest.approx(0.02, rel=1e-3)
    assert norm(10 * whole) == pytest.approx(whole, rel=1e-3)


def test_an_encoder_that_is_kept_stays_while_all_else_moves(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    config = replace(tiny_config, train_encoder=False)
    torch.manual_seed(0)
    trainer = Trainer(build_networks(config), config, CPU)
    before = {name: weights(net) for name, net in trainer.networks.items()}
    averaged = weights(trainer.averaged_encoder)
    trainer.step(batch_of(streets_data, config))
    for name, network in trainer.networks.items():
        expected = set() if name == "encoder" else set(before[name])
        assert changed(network, before[name]) == expected, name
    assert not changed(trainer.averaged_encoder, averaged)


def test_a_frozen_trunk_stays_and_is_trained_again_when_thawed(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    trainer = Trainer(build_networks(tiny_config), tiny_config, CPU)
    trainer.freeze_trunk(True)
    batch, generator = batch_of(streets_data, tiny_config), trainer.networks.generator
    before = weights(generator)
    trainer.step(batch)
    assert all(name.startswith("model1_") for name in changed(generator, before))
    trainer.freeze_trunk(False)
    trainer.step(batch)
    assert any(name.startswith("model.") for name in changed(generator, before))


def test_the_global_generator_becomes_the_trunk(tiny_config: TrainingConfig) -> None:
    coarse = build_networks(tiny_config, coarse=True).generator
    full = build_networks(tiny_config).generator
    adopt_trunk(full, coarse)
    assert isinstance(full, LocalEnhancer)
    x = torch.randn(1, tiny_config.conditioning.input_channels, 32, 48)
    torch.testing.assert_close(full.model(x), coarse.model[:-3](x))


def test_the_average_follows_the_weights_as_the_formula_says(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    trainer = Trainer(build_networks(tiny_config), tiny_config, CPU)
    expected = weights(trainer.networks.generator)
    trainer.updates = 79
    for step, decay in ((5, 80 / 89), (6, 0.9), (7, 0.9)):
        trainer.step(batch_of(streets_data, tiny_config, step))
        for name, value in weights(trainer.networks.generator).items():
            expected[name] = decay * expected[name] + (1 - decay) * value
    for name, value in weights(trainer.averaged_generator).items():
        torch.testing.assert_close(value, expected[name])


def test_learning_rates_hold_then_fall_to_nothing(tiny_config: TrainingConfig) -> None:
    trainer = Trainer(build_networks(tiny_config), tiny_config, CPU)
    stage = Stage(steps=10, decay_from=0.5, lr=0.5)
    rates = []
    for position in range(10):
        trainer.set_rates(stage, position)
        rates.append(trainer.generator_optimizer.param_groups[0]["lr"])
    assert rates[:6] == [1e-4] * 6
    assert rates[6:] == pytest.approx([0.8e-4, 0.6e-4, 0.4e-4, 0.2e-4])


def test_training_on_one_batch_learns_it(streets_data: Path, tiny_config: TrainingConfig) -> None:
    torch.manual_seed(0)
    options = tiny_config.generator_options | {"base_channels": 8}
    config = replace(tiny_config, generator_options=options)
    trainer = Trainer(build_networks(config), config, CPU)
    batch = batch_of(streets_data, config)
    losses = [float(trainer.step(batch)["reconstruction"]) for _ in range(60)]
    assert losses[-1] < 0.5 * losses[0]


def test_compiled_networks_are_given_every_channel(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    config = replace(tiny_config, compile=True)
    trainer = Trainer(build_networks(config), config, CPU)
    assert trainer.objective.present_labels(batch_of(streets_data, config)) is None


def test_the_adversarial_term_has_a_weight(streets_data: Path, tiny_config: TrainingConfig) -> None:
    def terms(weight: float) -> dict[str, float]:
        losses = replace(tiny_config.losses, adversarial_weight=weight)
        config = replace(tiny_config, losses=losses)
        torch.manual_seed(0)
        trainer = Trainer(build_networks(config), config, CPU)
        found = trainer.objective(batch_of(streets_data, config))
        return {name: value.item() for name, value in found.items()}

    whole, fifth = terms(1.0), terms(0.2)
    assert fifth["adversarial"] == pytest.approx(0.2 * whole["adversarial"])
    assert whole["generator"] - fifth["generator"] == pytest.approx(0.8 * whole["adversarial"])
    assert fifth["discriminator"] == whole["discriminator"]


def test_unstyled_labels_have_no_features(streets_data: Path, tiny_config: TrainingConfig) -> None:
    batch = batch_of(streets_data, tiny_config)
    label = int(batch.labels.flatten().mode().values)
    own = (batch.labels == label)[:, None]
    painted = {}
    for unstyled in ((), (label,)):
        conditioning = replace(tiny_config.conditioning, unstyled=unstyled)
        options = tiny_config.generator_options | {"tint": False}  # the same random weights
        config = replace(tiny_config, conditioning=conditioning, generator_options=options)
        torch.manual_seed(0)
        objective = Trainer(build_networks(config), config, CPU).objective
        means = objective.instance_features(batch, objective.encoder)
        maps = objective.maps(batch.labels, batch.index, None)
        first = conditioning.map_channels
        shown = objective.conditioning(maps, batch, means)
        painted[unstyled] = shown[:, first : first + conditioning.feature_channels]
    assert (painted[()] * own).any() and not (painted[label,] * own).any()
    assert torch.equal(painted[()] * ~own, painted[label,] * ~own)


def test_parts_tell_nothing_of_what_they_belong_to(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    """The left half of every instance is a pane, and lamps lit or not count as before."""
    surface = SurfaceLabels(vehicles=(26,), panes=(38,), reds=(39,))
    conditioning = replace(tiny_config.conditioning, label_channels=40, surface=surface)
    objective = Trainer(
        build_networks(replace(tiny_config, conditioning=conditioning)), tiny_config, CPU
    ).objective
    objective.config = replace(tiny_config, conditioning=conditioning)
    batch = batch_of(streets_data, tiny_config)
    assert objective.encoder is not None and batch.index is not None
    with torch.no_grad():
        features = objective.encoder(batch.picture)[0]
        for part in (38, 39):
            labels = batch.labels.clone()
            labels[..., : labels.shape[2] // 2] = part
            means = objective.instance_features(replace(batch, labels=labels), objective.encoder)
            assert means is not None
            kept = (labels[0] != 38).numpy()
            for number in batch.index.unique().tolist():
                own = kept & (batch.index[0] == number).numpy()
                if own.any():
                    expected = features[:, torch.from_numpy(own)].mean(1)
                    torch.testing.assert_close(means[0, number], expected, rtol=1e-4, atol=1e-5)


def test_modes_are_asked_of_what_shows_enough_besides_parts(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    surface = SurfaceLabels(panes=(38,))
    conditioning = replace(tiny_config.conditioning, label_channels=39, surface=surface)
    config = replace(tiny_config, losses=replace(tiny_config.losses, modes=1.0))
    objective = Trainer(build_networks(config), config, CPU).objective
    objective.config = replace(config, conditioning=conditioning)
    objective.modes = ModeLoss(3, ("car/red", "car/blue"))
    batch = batch_of(streets_data, tiny_config)
    assert batch.index is not None
    batch = replace(batch, modes=torch.zeros(1, int(batch.index.max()) + 1, dtype=torch.int64))
    means = objective.instance_features(batch, objective.encoder)
    assert objective._mode_terms(batch, means)["modes"] > 0
    hidden = replace(batch, labels=torch.full_like(batch.labels, 38))
    assert objective._mode_terms(hidden, means)["modes"] == 0


def test_an_encoder_needs_instances(streets_data: Path, tiny_config: TrainingConfig) -> None:
    trainer = Trainer(build_networks(tiny_config), tiny_config, CPU)
    batch = replace(batch_of(streets_data, tiny_config), index=None)
    with pytest.raises(ValueError, match="instance"):
        trainer.objective(batch)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_losses_are_finite_in_either_precision(
    streets_data: Path, tiny_config: TrainingConfig, precision: str
) -> None:
    config = replace(tiny_config, precision=precision)
    trainer = Trainer(build_networks(config), config, CPU)
    losses = trainer.step(batch_of(streets_data, config))
    assert all(torch.isfinite(value) for value in losses.values())


@pytest.mark.parametrize("pays", [True, False])
def test_presets_work_in_bfloat16_where_that_pays(
    streets_data: Path, tiny_config: TrainingConfig, monkeypatch: pytest.MonkeyPatch, pays: bool
) -> None:
    assert load_config("slim-streets").precision == "auto"
    monkeypatch.setattr(devices, "_bfloat16_pays", lambda _: pays)
    config = replace(tiny_config, precision="auto")
    trainer = Trainer(build_networks(config), config, CPU)
    assert trainer.objective.dtype == (torch.bfloat16 if pays else torch.float32)
    assert trainer.config.precision == ("bfloat16" if pays else "float32")
    losses = trainer.step(batch_of(streets_data, config))
    assert all(torch.isfinite(value) for value in losses.values())


@pytest.mark.parametrize("unstyled", [(), (30, 7, 24)], ids=["features", "and labels"])
def test_leaving_out_absent_labels_changes_no_loss_and_no_gradient(
    streets_data: Path,
    tiny_config: TrainingConfig,
    monkeypatch: pytest.MonkeyPatch,
    unstyled: tuple[int, ...],
) -> None:
    """unstyled: what the tint tells the colour of, too, whether it occurs or not."""
    conditioning = replace(tiny_config.conditioning, unstyled=unstyled)
    tiny_config = replace(tiny_config, conditioning=conditioning)
    batch = batch_of(streets_data, tiny_config)
    assert len({7, 24, 30} & set(batch.labels.unique().tolist())) in (1, 2)
    found = []
    for narrow in (True, False):
        torch.manual_seed(0)
        trainer = Trainer(build_networks(tiny_config), tiny_config, CPU)
        if not narrow:
            monkeypatch.setattr(trainer.objective, "present_labels", lambda batch: None)
        losses = trainer.objective(batch)
        (losses["generator"] + losses["discriminator"]).backward()
        gradients = {
            f"{part}.{name}": p.grad
            for part, network in trainer.networks.items()
            for name, p in network.named_parameters()
        }
        found.append(({k: v.detach() for k, v in losses.items()}, gradients))
    torch.testing.assert_close(found[0][0], found[1][0], rtol=1e-5, atol=0)
    for name, gradient in found[0][1].items():
        scale = float(gradient.abs().max())
        torch.testing.assert_close(found[1][1][name], gradient, rtol=0, atol=1e-2 * scale + 3e-4)


@pytest.mark.parametrize("term", ["chroma", "gradient"])
def test_a_term_counts_as_much_as_its_weight_says(
    streets_data: Path, tiny_config: TrainingConfig, term: str
) -> None:
    batch, found = batch_of(streets_data, tiny_config), []
    for weight in (0.0, 1.0, 5.0):
        config = replace(tiny_config, losses=replace(tiny_config.losses, **{term: weight}))
        torch.manual_seed(0)
        found.append(Trainer(build_networks(config), config, CPU).objective(batch))
    without, once, often = found
    assert term not in without and once[term] > 0
    torch.testing.assert_close(often[term], 5 * once[term])
    torch.testing.assert_close(often["generator"] - without["generator"], often[term])


def gradients(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {
        f"{part}.{name}": p.grad.clone()
        for part, network in trainer.networks.items()
        for name, p in network.named_parameters()
        if p.grad is not None
    }


def kept_bytes(trainer: Trainer, batch: Batch) -> int:
    """Bytes that a forward pass keeps for the backward pass, parameters not counted."""
    own = {p.data_ptr() for _, net in trainer.networks.items() for p in net.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.data_ptr() not in own:
            kept[tensor.data_ptr()] = tensor.nbytes
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        losses = trainer.objective(batch)  # alive, so that no address is used twice
        assert losses
    return sum(kept.values())


def test_recomputing_keeps_less_and_changes_no_gradient(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    batch, found, kept = batch_of(streets_data, tiny_config), [], []
    for recompute in (False, True):
        config = replace(tiny_config, recompute=recompute)
        torch.manual_seed(0)
        trainer = Trainer(build_networks(config), config, CPU)
        trainer.objective.present_labels = lambda batch: None  # both see every channel
        kept.append(kept_bytes(trainer, batch))
        losses = trainer.step(batch)
        found.append((losses, gradients(trainer)))
    assert kept[1] < 0.7 * kept[0]
    torch.testing.assert_close(found[1], found[0], rtol=0, atol=0)


def test_compiling_and_recomputing_exclude_each_other(tiny_config: TrainingConfig) -> None:
    config = replace(tiny_config, recompute=True, compile=True)
    with pytest.raises(ConfigError, match="exclude"):
        Trainer(build_networks(config), config, CPU)


def test_an_image_pool_that_only_fills_changes_nothing(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    """While the pool fills it gives out what it is given: the same step, one pass more."""
    batch, found = batch_of(streets_data, tiny_config), []
    for size in (0, 50):
        config = replace(tiny_config, losses=replace(tiny_config.losses, pool=size))
        torch.manual_seed(0)
        trainer = Trainer(build_networks(config), config, CPU)
        found.append(({k: float(v) for k, v in trainer.step(batch).items()}, gradients(trainer)))
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-5)
    for name, gradient in found[0][1].items():
        scale = float(gradient.abs().max())
        torch.testing.assert_close(found[1][1][name], gradient, rtol=0, atol=1e-4 * scale + 1e-5)


def test_a_full_image_pool_shows_the_discriminator_earlier_pictures(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    config = replace(tiny_config, losses=replace(tiny_config.losses, pool=1))
    trainer = Trainer(build_networks(config), config, CPU)
    fakes = []
    for step in range(12):
        batch = batch_of(streets_data, config, 7)
        losses = trainer.objective(batch, step)
        newest = trainer.objective.pool.samples[0][2]
        fakes.append(newest)
        assert torch.isfinite(losses["fake"])
        trainer.step(batch, 100 + step)
    assert len({float(fake.sum()) for fake in fakes}) > 3  # samples are exchanged


def test_a_discriminator_grows_a_finer_scale_and_keeps_the_others(
    tiny_config: TrainingConfig,
) -> None:
    coarse = build_networks(tiny_config, coarse=True).discriminator
    full = build_networks(tiny_config).discriminator
    assert (coarse.config.scales, full.config.scales) == (1, 2)
    adopt_scales(full, coarse)
    x = torch.randn(1, coarse.config.input_channels, 64, 96)
    torch.testing.assert_close(full(x)[1], coarse(halve(x))[0])


def test_learning_rates_rise_over_the_first_steps(
    streets_data: Path, tiny_config: TrainingConfig
) -> None:
    config = replace(tiny_config, optimizer=OptimizerConfig(lr=4e-4, warmup=4))
    trainer, rates = Trainer(build_networks(config), config, CPU), []
    batch = batch_of(streets_data, config)
    for position in range(6):
        trainer.set_rates(Stage(steps=100), position)
        rates.append(trainer.generator_optimizer.param_groups[0]["lr"])
        trainer.step(batch)
    assert rates == pytest.approx([1e-4, 2e-4, 3e-4, 4e-4, 4e-4, 4e-4])


def test_what_is_inside_of_two_enhancers_is_trained_first(tiny_config: TrainingConfig) -> None:
    """The coarse generator is one with an enhancer fewer and keeps its place in the whole one."""
    options = tiny_config.generator_options | {"enhancers": 2}
    config = replace(tiny_config, generator_options=options)
    coarse = build_networks(config, coarse=True).generator
    full = build_networks(config).generator
    assert isinstance(coarse, LocalEnhancer) and isinstance(full, LocalEnhancer)
    assert coarse.config.enhancers == 1
    adopt_trunk(full, coarse)
    conditioning = torch.randn(1, coarse.config.input_channels, 64, 64)
    _, inner = full.enhancer(1)
    seen: list[torch.Tensor] = []
    inner.register_forward_hook(lambda _, inputs, output: seen.append(output))
    coarse.enhancer(1)[1][-4].register_forward_hook(lambda _, inputs, output: seen.append(output))
    full(conditioning)
    coarse(halve(conditioning))
    torch.testing.assert_close(seen[0], seen[1])
