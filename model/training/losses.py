"""The objective of the paper (sections 3.2 and 3.3), those it is compared with, one addition.

A discriminator's output is a list per scale of feature maps, the last one its score.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.errors import InputError
from model.torch_files import load_tensors

Maps = list[list[Tensor]]

Layers = Literal["first", "second"]
Terms = dict[str, Tensor]

PERCEPTUAL_WEIGHTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)
# Ends of slices in torchvision's vgg19.features, after the ReLU, and the weights of what they give:
_VGG: dict[Layers, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "first": ((2, 7, 12, 21, 30), PERCEPTUAL_WEIGHTS),  # relu1_1 to relu5_1
    "second": ((4, 9, 14, 23, 32), (1 / 2.6, 1 / 4.8, 1 / 3.7, 1 / 5.6, 1 / 0.15)),  # conv1_2 ...
}
_VGG_FILE = "vgg19-dcbb9e9d.pth"


def adversarial_loss(
    maps: Maps, real: bool, kind: Literal["lsgan", "vanilla"], *, sigmoid: bool = False
) -> Tensor:
    """How far the scores are from 1 (real) or 0, summed over scales.

    "lsgan" is the mean square, "vanilla" binary cross-entropy, on logits unless the
    discriminator ends in a sigmoid.
    """
    total = torch.zeros((), device=maps[0][-1].device)
    for scale in maps:
        score = scale[-1].float()
        target = torch.full_like(score, float(real))
        if kind == "lsgan":
            total = total + functional.mse_loss(score, target)
        elif sigmoid:
            total = total + functional.binary_cross_entropy(score, target)
        else:
            total = total + functional.binary_cross_entropy_with_logits(score, target)
    return total


def feature_matching_loss(fake: Maps, real: Maps) -> Tensor:
    """L1 between the discriminator's inner maps of fake and real (paper, equation 4).

    Weighted as in the official code: 4 / (layers + 1) per map, averaged over scales.
    """
    total = torch.zeros((), device=fake[0][-1].device)
    for fake_maps, real_maps in zip(fake, real, strict=True):
        weight = 4.0 / (len(fake_maps) - 1) / len(fake)
        for a, b in zip(fake_maps[:-1], real_maps[:-1], strict=True):
            total = total + weight * functional.l1_loss(a.float(), b.detach().float())
    return total


def reconstruction_loss(fake: Tensor, real: Tensor) -> Tensor:
    """L1 at full size and averaged over 4x4 and 16x16 pixels; not in the paper.

    With features pooled from the real picture the low frequencies are known; this says so early.
    """
    total = 0.2 * functional.l1_loss(fake, real)
    for side in (4, 16):
        pooled = functional.avg_pool2d(fake, side), functional.avg_pool2d(real, side)
        total = total + 0.4 * functional.l1_loss(*pooled)
    return total


def chroma_loss(fake: Tensor, real: Tensor) -> Tensor:
    """L1 of what pictures (N, 3, H, W) differ from grey by, as they are and over 4x4; in no paper.

    An instance's features say its colour; what is drawn on it changes its brightness far more. In
    the plain L1 coloured fringes along such drawings hardly count.
    """
    difference = fake - real
    difference = difference - difference.mean(1, keepdim=True)
    return 0.5 * (difference.abs().mean() + functional.avg_pool2d(difference, 4).abs().mean())


def gradient_loss(fake: Tensor, real: Tensor) -> Tensor:
    """L1 of the steps from pixel to pixel of pictures (N, 3, H, W), across and down.

    The gradient difference loss of Mathieu et al. 2016, signs counting. Faint stripes that a
    generator draws where nothing is are a small error each; their steps are not.
    """
    difference = fake - real
    return difference.diff(dim=-1).abs().mean() + difference.diff(dim=-2).abs().mean()


def nearest(distances: Callable[[Tensor, Tensor], Terms], pictures: Tensor, real: Tensor) -> Terms:
    """Of every sample the terms of the picture with the smallest sum, averaged over samples.

    The hindsight loss of Chen and Koltun 2017 (section 3.3) over whole pictures. pictures:
    (N, k, 3, H, W), k for each real one (N, 3, H, W).
    """
    chosen, names = [], []
    for candidates, target in zip(pictures, real, strict=True):
        terms = [distances(picture[None], target[None]) for picture in candidates]
        names = list(terms[0])
        table = torch.stack([torch.stack(list(each.values())) for each in terms])
        chosen.append(table.index_select(0, table.sum(1).argmin()[None])[0])
    return dict(zip(names, torch.stack(chosen).mean(0), strict=True))


class PerceptualLoss(nn.Module):
    """Weighted L1 between VGG-19 features of two pictures (N, 3, H, W) in [-1, 1].

    As in the official code: relu1_1 to relu5_1, no ImageNet normalisation, real side detached.
    layers "second": relu1_2 to relu5_2 with the weights of Chen and Koltun 2017 instead.
    """

    def __init__(self, features: nn.Sequential, layers: Layers = "first") -> None:
        super().__init__()
        ends, self.weights = _VGG[layers]
        self.slices = nn.ModuleList(
            features[a:b] for a, b in zip((0, *ends[:-1]), ends, strict=True)
        )
        self.requires_grad_(False)

    def slice_losses(self, fake: Tensor, real: Tensor) -> list[Tensor]:
        """The unweighted mean absolute difference at each of the five depths."""
        losses, a, b = [], fake, real
        for part in self.slices:
            a, b = part(a), part(b)
            losses.append(functional.l1_loss(a.float(), b.detach().float()))
        return losses

    def forward(self, fake: Tensor, real: Tensor) -> Tensor:
        losses = self.slice_losses(fake, real)
        weighted = [w * loss for w, loss in zip(self.weights, losses, strict=True)]
        return torch.stack(weighted).sum()


def load_perceptual_loss(weights: str, layers: Layers = "first") -> PerceptualLoss:
    """VGG-19 from a state-dict file, or from torchvision's cache when `weights` is empty.

    Raises InputError naming the file that is missing and the setting that trains without it.
    """
    from torchvision.models import vgg19

    path = Path(weights) if weights else Path(torch.hub.get_dir()) / "checkpoints" / _VGG_FILE
    if not path.is_file():
        raise InputError(
            f"the perceptual loss needs the VGG-19 weights {path}; put torchvision's {_VGG_FILE} "
            "there, name another file by losses.vgg_weights=FILE, or train without it by "
            "losses.perceptual=0"
        )
    network = vgg19()
    try:
        network.load_state_dict(load_tensors(path, str(path), InputError))
    except InputError:
        raise
    except Exception as error:  # whatever a damaged or foreign file raises
        raise InputError(f"{path} does not hold torchvision's VGG-19 weights: {error}") from error
    return PerceptualLoss(nn.Sequential(*network.features.children()), layers)
