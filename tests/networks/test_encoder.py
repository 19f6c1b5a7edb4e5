"""What the skips of the encoder add: colours, and local contrast."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.networks.encoder import (
    DARKEST,
    MOST_CONTRAST,
    Encoder,
    EncoderConfig,
    local_contrast,
)

SIZE = 40
INSIDE = slice(10, -10)  # beyond the blurs of the rim


def silent(**options: object) -> Encoder:
    """An encoder whose own layers say nothing."""
    torch.manual_seed(0)
    encoder = Encoder(EncoderConfig(3, 5, 2, 1, color_skip=1.5, **options))
    for value in encoder.model[-2].parameters():
        torch.nn.init.zeros_(value)
    return encoder


def grey(brightness: np.ndarray) -> torch.Tensor:
    """(H, W) in 0..1 as a picture."""
    return torch.from_numpy(brightness * 2 - 1).float().expand(1, 3, -1, -1)


def stripes(low: float, high: float) -> np.ndarray:
    return np.where(np.arange(SIZE) // 3 % 2, high, low)[None].repeat(SIZE, 0)


def mean_around(values: np.ndarray, reach: int) -> np.ndarray:
    """Of each pixel and its neighbours as far as the picture goes, one by one."""
    height, width = values.shape
    return np.array(
        [
            [
                values[
                    max(0, y - reach) : min(height, y + reach + 1),
                    max(0, x - reach) : min(width, x + reach + 1),
                ].mean()
                for x in range(width)
            ]
            for y in range(height)
        ]
    )


def test_features_begin_as_colours_and_contrast_and_the_others_as_nothing() -> None:
    torch.manual_seed(1)
    picture = torch.rand(2, 3, 32, 32) * 2 - 1
    with torch.no_grad():
        features = silent(contrast_skip=4.0)(picture)
    assert torch.allclose(features[:, :3], (1.5 * picture).tanh())
    assert torch.allclose(features[:, 3:4], (4 * local_contrast(picture)).tanh())
    assert features[:, 4].abs().max() == 0


def test_without_its_skip_contrast_adds_nothing() -> None:
    with torch.no_grad():
        features = silent()(torch.rand(1, 3, 32, 32) * 2 - 1)
    assert features[:, 3:].abs().max() == 0


def test_contrast_is_that_of_means_around_every_pixel() -> None:
    rng = np.random.default_rng(2)
    picture = rng.uniform(-1, 1, (3, SIZE, SIZE))
    found = local_contrast(torch.from_numpy(picture)[None].float())[0, 0].numpy()
    brightness = np.log(np.maximum((picture.mean(0) + 1) / 2, DARKEST))
    fine = mean_around(mean_around(brightness, 1), 1)
    coarse = mean_around(mean_around(fine, 3), 3)
    assert found == pytest.approx(np.minimum(np.abs(fine - coarse), MOST_CONTRAST), abs=1e-5)


def test_a_pattern_has_the_same_contrast_in_the_shade() -> None:
    lit, shaded = (local_contrast(grey(stripes(*pair))) for pair in ((0.6, 0.8), (0.3, 0.4)))
    smooth = local_contrast(grey(stripes(0.6, 0.65)))
    assert torch.allclose(lit, shaded, atol=1e-5)
    assert smooth[..., INSIDE].mean() < 0.5 * lit[..., INSIDE].mean()
    assert local_contrast(grey(np.full((SIZE, SIZE), 0.4))).abs().max() < 1e-6


def test_skips_need_features_to_go_to() -> None:
    with pytest.raises(ValueError, match="one for contrast, 4 and not 3"):
        EncoderConfig(3, 3, contrast_skip=1.0)
    with pytest.raises(ValueError, match="3 and not 2"):
        EncoderConfig(3, 2, color_skip=1.0)
    assert EncoderConfig(3, 2).output_channels == 2
