"""The perceptual loss on a VGG-19 with weights made by a rule, against the official code's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models import vgg19

from model.training.losses import PERCEPTUAL_WEIGHTS, PerceptualLoss
from tests import golden_data as data


@pytest.fixture(scope="module")
def perceptual() -> PerceptualLoss:
    features = vgg19(weights=None).features
    convolutions = [layer for layer in features if isinstance(layer, nn.Conv2d)]
    with torch.no_grad():
        for n, layer in enumerate(convolutions):
            shape = tuple(layer.weight.shape)
            values = np.random.RandomState(1000 + n).standard_normal(shape)
            scaled = (values * np.sqrt(2.0 / (9 * shape[1]))).astype(np.float32)
            layer.weight.copy_(torch.from_numpy(scaled))
            layer.bias.zero_()
    return PerceptualLoss(features)


@pytest.fixture(scope="module")
def stored() -> dict[str, np.ndarray]:
    return data.arrays("vgg_loss")


def test_each_depth_differs_by_the_official_amount(perceptual, stored, golden):
    with torch.no_grad():
        found = perceptual.slice_losses(
            data.signed(stored["image_a_u8"]), data.signed(stored["image_b_u8"])
        )
    ratios = np.array([loss.item() for loss in found]) / stored["slice_l1"]
    golden("perceptual loss, per depth", np.abs(ratios - 1).max(), 1e-5)


def test_features_at_each_depth_are_the_official_ones(perceptual, stored, golden):
    features = data.signed(stored["image_a_u8"])
    with torch.no_grad():
        for n, part in enumerate(perceptual.slices):
            features = part(features)
            assert list(features.shape) == list(stored["slice_shape"][n])
            ratio = features.double().mean().item() / stored["slice_mean_a"][n]
            golden("perceptual loss, features", abs(ratio - 1), 1e-5)


def test_the_loss_and_its_gradient_are_the_official_ones(perceptual, stored, golden):
    assert np.allclose(PERCEPTUAL_WEIGHTS, stored["weights"])
    picture = data.signed(stored["image_a_u8"]).requires_grad_()
    loss = perceptual(picture, data.signed(stored["image_b_u8"]))
    golden("perceptual loss", abs(loss.item() / stored["total"] - 1), 1e-5)
    loss.backward()
    norm = picture.grad.double().norm().item()
    golden("perceptual loss, gradient norm", abs(norm / stored["grad_norm"] - 1), 0.01)
    strongest = np.abs(stored["grad"]).max()
    difference = data.worst(picture.grad[0], stored["grad"]) / strongest
    golden("perceptual loss, gradient", difference, 0.01)
