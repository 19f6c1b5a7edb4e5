"""Networks without normalisation."""

from __future__ import annotations

from dataclasses import replace

import torch

from model.conditioning import ConditioningConfig
from model.networks.layers import initialize
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.training.config import config_from, load_config
from model.training.trainer import STYLE_GAIN, build_networks

TABLE = {
    "generator_options": {"base_channels": 4, "global_downsamples": 2, "norm": "none"},
    "encoder_options": {"base_channels": 4, "downsamples": 2},
    "discriminator_options": {"base_channels": 4},
    "conditioning": {"feature_channels": 3},
}


def plain(**options: object) -> LocalEnhancer:
    torch.manual_seed(1)
    config = LocalEnhancerConfig(
        6, base_channels=8, global_downsamples=3, norm="none", padding="reflect", upsample="resize"
    )
    generator = LocalEnhancer(config)
    initialize(generator)
    return generator


def test_values_keep_their_size_without_normalisation() -> None:
    generator, sizes = plain(), []

    def note(_module: torch.nn.Module, _given: object, out: torch.Tensor) -> None:
        sizes.append(float(out.std()))

    for layer in generator.modules():
        if isinstance(layer, torch.nn.ReLU):
            layer.register_forward_hook(note)
    with torch.inference_mode():
        picture = generator(torch.randn(1, 6, 64, 64))
    assert len(sizes) > 20
    assert all(0.1 < size < 10 for size in sizes)
    assert 0.01 < float(picture.std()) < 0.6


def test_an_edit_stays_near_without_normalisation() -> None:
    generator = plain()
    before = torch.randn(1, 6, 256, 256)
    after = before.clone()
    after[..., :8, :8] += 1
    with torch.inference_mode():
        change = (generator(after) - generator(before)).abs().amax((0, 1))
    assert change[:8, :8].max() > 1e-3
    assert change[-16:, -16:].max() < 1e-5


def test_styles_begin_as_strong_as_labels() -> None:
    def strengths(norm: str) -> tuple[float, float]:
        table = TABLE | {"generator_options": TABLE["generator_options"] | {"norm": norm}}
        generator = build_networks(config_from(table, "test")).generator
        weight = generator.get_parameter(generator.input_weights()[0]).detach()
        config = ConditioningConfig(feature_channels=3)
        first = config.map_channels
        return weight[:, :first].std().item(), weight[:, first : first + 3].std().item()

    labels, styles = strengths("none")
    assert 0.8 * STYLE_GAIN < styles / labels < 1.2 * STYLE_GAIN
    labels, styles = strengths("instance")
    assert 0.8 < styles / labels < 1.2


def test_a_fresh_generator_paints_every_object_in_its_style() -> None:
    """The three features of an instance, taken for a colour; its neighbour keeps its own."""
    config = load_config("slim-streets")
    generator, first = build_networks(config).generator, config.conditioning.map_channels
    torch.manual_seed(0)
    conditioning = torch.zeros(1, generator.config.input_channels, 64, 128)
    conditioning[:, 7] = 1
    colors = torch.tensor([[0.6, -0.3, 0.1], [-0.5, 0.2, 0.4]])
    conditioning[:, first : first + 3, :, :64] = colors[0].view(1, 3, 1, 1)
    conditioning[:, first : first + 3, :, 64:] = colors[1].view(1, 3, 1, 1)
    with torch.no_grad():
        picture = generator(conditioning)[0]
    for half, color in zip((picture[:, :, 8:56], picture[:, :, 72:120]), colors, strict=True):
        assert (half.mean((1, 2)) - color.tanh()).abs().max() < 0.15
        assert half.std((1, 2)).max() < 0.1


def test_what_is_drawn_is_a_share_of_the_tint_and_what_is_added_to_it() -> None:
    torch.manual_seed(2)
    config = LocalEnhancerConfig(6, base_channels=8, global_downsamples=2, tint=(3, 5))
    generator, without = LocalEnhancer(config), LocalEnhancer(replace(config, tint=()))
    own = dict(generator.state_dict())
    tint = own.pop("tint.weight")[:, :, 0, 0], own.pop("tint.bias")
    head = {name: own[name] for name in own if len(own[name]) == 4}
    x = torch.randn(1, 6, 32, 32)
    with torch.no_grad():
        drawn = []
        for rows in ([0, 1, 2], [3, 3, 3]):  # three of the four outputs at a time
            without.load_state_dict(own | {name: value[rows] for name, value in head.items()})
            drawn.append(without(x).atanh())
        around = torch.nn.functional.pad(x[:, [3, 5]], (1, 1, 1, 1), "reflect")
        near = torch.tensor([1.0, 2.0, 1.0])
        smooth = (around.unfold(2, 3, 1).unfold(3, 3, 1) * near * near[:, None]).sum((-1, -2)) / 16
        color = torch.einsum("oc,nchw->nohw", tint[0], smooth) + tint[1].view(3, 1, 1)
        assert (generator(x) - (drawn[0] + drawn[1] * color).tanh()).abs().max() < 1e-3


def test_a_generator_without_styles_begins_without_colors() -> None:
    generator = build_networks(load_config("slim-edges")).generator
    with torch.no_grad():
        picture = generator(torch.rand(1, 3, 64, 64) * 2 - 1)
    assert picture.std((2, 3)).max() < 0.1
