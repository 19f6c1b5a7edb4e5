"""pix2pix's U-Net against the paper's figures and against itself written down layer by layer."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from model.checkpoint import ready_to_paint
from model.networks.unet import UNet, UNetConfig


def made(**options: object) -> UNet:
    torch.manual_seed(0)
    return UNet(UNetConfig(**({"input_channels": 5, "base_channels": 4} | options)))


def test_the_papers_sizes_give_its_54_4_million_weights() -> None:
    with torch.device("meta"):
        network = UNet(UNetConfig(input_channels=3))
    assert sum(p.numel() for p in network.parameters()) == 54_413_955
    widths = [layer.out_channels for layer in network.modules() if type(layer) is torch.nn.Conv2d]
    assert widths == [64, 128, 256, 512, 512, 512, 512, 512]  # C64-C128-C256-C512-...


def written_out(network: UNet, x: Tensor) -> Tensor:
    """Three downsamplings and instance norm, as in the paper's appendix."""
    weights = network.state_dict()

    def convolved(name: str, x: Tensor, transposed: bool = False) -> Tensor:
        way = functional.conv_transpose2d if transposed else functional.conv2d
        return way(x, weights[f"{name}.weight"], weights[f"{name}.bias"], stride=2, padding=1)

    one = convolved("down.0", x)
    two = functional.instance_norm(convolved("down.1.1", functional.leaky_relu(one, 0.2)))
    three = convolved("down.2.1", functional.leaky_relu(two, 0.2))
    up = functional.instance_norm(convolved("up.0.1", three.relu(), True))
    up = torch.cat([up, two], 1).relu()
    up = functional.instance_norm(convolved("up.1.1", up, True))
    return convolved("up.2.1", torch.cat([up, one], 1).relu(), True).tanh()


def test_it_is_what_the_paper_writes_down() -> None:
    network = made(downsamples=3, norm="instance").eval()
    x = torch.randn(2, 5, 16, 24)
    with torch.no_grad():
        torch.testing.assert_close(network(x), written_out(network, x))


@pytest.mark.parametrize("norm", ["batch", "instance"])
@pytest.mark.parametrize("downsamples", [1, 2, 5])
def test_every_multiple_of_the_bottom_pixel_keeps_its_size(downsamples: int, norm: str) -> None:
    network = ready_to_paint(made(downsamples=downsamples, norm=norm, max_channels=None))
    config = network.config
    least, side = config.least_side, config.multiple
    for size in ((least, least), (3 * side, side)):
        assert network(torch.randn(1, 5, *size)).shape == (1, 3, *size)


def test_it_drops_activations_in_training_and_none_when_it_paints() -> None:
    network, x = made(downsamples=5), torch.randn(1, 5, 64, 64)
    dropping = [layer for layer in network.modules() if isinstance(layer, torch.nn.Dropout)]
    assert len(dropping) == 3
    assert not torch.equal(network(x), network(x))
    ready_to_paint(network)
    assert torch.equal(network(x), network(x))


@pytest.mark.parametrize("options", [{"downsamples": 0}, {"dropout": 1.0}])
def test_sizes_that_no_unet_has_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="UNet"):
        UNetConfig(input_channels=3, **options)
