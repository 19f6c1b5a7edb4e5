"""Chen and Koltun's network against the same in plain loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.networks.cascaded_refinement import CascadedRefinement, CascadedRefinementConfig

Maps = NDArray[np.float64]


def made(**options: object) -> CascadedRefinement:
    torch.manual_seed(0)
    network = CascadedRefinement(CascadedRefinementConfig(**({"input_channels": 3} | options)))
    for name, parameter in network.named_parameters():  # scales and shifts of norms too
        parameter.data = torch.randn_like(parameter) * (0.5 if "0" in name else 1.0)
    return network


def convolved(x: Maps, weight: Maps) -> Maps:
    """3x3 with zeros around, one number at a time."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    out = np.zeros((len(weight), *x.shape[1:]))
    for o, row, column in np.ndindex(*out.shape):
        out[o, row, column] = (padded[:, row : row + 3, column : column + 3] * weight[o]).sum()
    return out


def refined(x: Maps, weights: dict[str, Maps], n: int) -> Maps:
    for layer in (0, 3):
        x = convolved(x, weights[f"refine.{n}.{layer}.weight"])
        x = (x - x.mean()) / np.sqrt(x.var() + 1e-5)  # over channels, rows and columns
        scale, shift = (weights[f"refine.{n}.{layer + 1}.{part}"] for part in ("weight", "bias"))
        x = x * scale[:, None, None] + shift[:, None, None]
        x = np.maximum(x, 0.2 * x)
    return x


def halved(x: Maps) -> Maps:
    return (x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]) / 4


def doubled(x: Maps) -> Maps:
    """Bilinear: every new pixel is 3/4 of the old one it lies in and 1/4 of the next, per axis."""
    for axis in (1, 2):
        edge = np.concatenate([x.take([0], axis), x, x.take([-1], axis)], axis)
        count = x.shape[axis]
        before, after = (edge.take(range(k, k + count), axis) for k in (0, 2))
        pair = np.stack([0.75 * x + 0.25 * before, 0.75 * x + 0.25 * after], axis + 1)
        x = pair.reshape(*x.shape[:axis], 2 * count, *x.shape[axis + 1 :])
    return x


def test_it_is_the_cascade_in_plain_loops() -> None:
    network = made(module_channels=(5, 4, 2)).eval()
    weights = {name: value.double().numpy() for name, value in network.state_dict().items()}
    conditioning = torch.randn(1, 3, 8, 12)
    fine = conditioning[0].double().numpy()
    middle = halved(fine)
    x = refined(halved(middle), weights, 0)
    x = refined(np.concatenate([middle, doubled(x)]), weights, 1)
    x = refined(np.concatenate([fine, doubled(x)]), weights, 2)
    head, bias = weights["head.weight"][:, :, 0, 0], weights["head.bias"]
    expected = np.einsum("oc,chw->ohw", head, x) + bias[:, None, None]
    with torch.no_grad():
        found = network(conditioning)[0].double().numpy()
    assert np.abs(found - expected).max() < 1e-4


def test_the_papers_sizes_go_from_8x4_to_2048x1024() -> None:
    sizes = []
    with torch.device("meta"):
        network = CascadedRefinement(CascadedRefinementConfig(input_channels=20))
        for module in network.refine:
            module.register_forward_hook(lambda _m, _x, y: sizes.append(tuple(y.shape[1:])))
        assert network(torch.empty(1, 20, 1024, 2048)).shape == (1, 3, 1024, 2048)
    channels = [1024, 1024, 1024, 1024, 1024, 512, 512, 128, 32]
    assert sizes == [(c, 4 << n, 8 << n) for n, c in enumerate(channels)]


def test_it_makes_several_pictures_in_training_and_paints_the_first() -> None:
    network = made(module_channels=(4, 4), diversity=3)
    x = torch.randn(2, 3, 8, 8)
    several = network(x)
    assert several.shape == (2, 9, 8, 8)
    torch.testing.assert_close(network.eval()(x), several[:, :3])


@pytest.mark.parametrize(
    "options", [{"module_channels": ()}, {"module_channels": ("4",)}, {"diversity": 0}]
)
def test_sizes_that_no_cascade_has_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cascade"):
        CascadedRefinementConfig(3, **options)
