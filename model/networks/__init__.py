"""Every generator that can be trained and opened. To add one: write its module, add it here."""

from __future__ import annotations

from typing import Any

from torch import nn

from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig

GENERATORS: dict[str, tuple[type[nn.Module], type[Any]]] = {
    "global": (GlobalGenerator, GlobalGeneratorConfig),
    "local": (LocalEnhancer, LocalEnhancerConfig),
}
