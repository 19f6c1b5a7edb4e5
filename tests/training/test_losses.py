"""Losses that no golden numbers exist for."""

import torch

from model.training.losses import chroma_loss, gradient_loss


def _by_hand(fake: torch.Tensor, real: torch.Tensor) -> float:
    """Pixel by pixel, then the same of pictures averaged over 4x4."""
    total = 0.0
    for side in (1, 4):
        a, b = (
            picture.unfold(2, side, side).unfold(3, side, side).mean((-1, -2))
            for picture in (fake, real)
        )
        errors = []
        for one, other in zip(a.flatten(2)[0].T.tolist(), b.flatten(2)[0].T.tolist(), strict=True):
            grey, known = sum(one) / 3, sum(other) / 3
            errors += [abs(x - grey - y + known) for x, y in zip(one, other, strict=True)]
        total += 0.5 * sum(errors) / len(errors)
    return total


def test_chroma_is_what_differs_from_grey_at_two_sizes() -> None:
    fake, real = torch.rand(2, 1, 3, 8, 12) * 2 - 1
    assert abs(float(chroma_loss(fake, real)) - _by_hand(fake, real)) < 1e-6


def test_gradients_are_steps_from_pixel_to_pixel() -> None:
    fake, real = torch.rand(2, 1, 3, 5, 7) * 2 - 1
    across, down = [], []
    for channel in range(3):
        for row in range(5):
            for column in range(7):
                here = (fake - real)[0, channel, row, column]
                if column:
                    across.append(abs(float(here - (fake - real)[0, channel, row, column - 1])))
                if row:
                    down.append(abs(float(here - (fake - real)[0, channel, row - 1, column])))
    expected = sum(across) / len(across) + sum(down) / len(down)
    assert abs(float(gradient_loss(fake, real)) - expected) < 1e-5
    assert float(gradient_loss(real + 0.3, real)) < 1e-6


def test_brightness_alone_costs_no_chroma() -> None:
    real = torch.rand(1, 3, 8, 8) - 0.5
    brighter = real + 0.3 * torch.rand(1, 1, 8, 8)
    assert float(chroma_loss(brighter, real)) < 1e-6
    assert float(chroma_loss(real.flip(1), real)) > 0.01
