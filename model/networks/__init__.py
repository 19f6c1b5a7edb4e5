"""Every generator that can be trained and opened. To add one: write its module, add it here."""

from __future__ import annotations

from typing import Any

from model.networks.cascaded_refinement import CascadedRefinement, CascadedRefinementConfig
from model.networks.generator import Generator, GeneratorConfig
from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.networks.unet import UNet, UNetConfig

GENERATORS: dict[str, tuple[type[Generator], type[Any]]] = {
    "global": (GlobalGenerator, GlobalGeneratorConfig),
    "local": (LocalEnhancer, LocalEnhancerConfig),
    "unet": (UNet, UNetConfig),
    "crn": (CascadedRefinement, CascadedRefinementConfig),
}


def name_of(config: GeneratorConfig) -> str:
    """The key in `GENERATORS` of the generator that a configuration belongs to."""
    return next(name for name, (_, kind) in GENERATORS.items() if type(config) is kind)
