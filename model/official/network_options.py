"""What opt.txt says of a network: the official options that its configuration stands for."""

from __future__ import annotations

from model.networks.discriminator import DiscriminatorConfig
from model.networks.encoder import EncoderConfig
from model.networks.generator import GeneratorConfig
from model.networks.global_generator import GlobalGeneratorConfig
from model.networks.local_enhancer import LocalEnhancerConfig
from model.official.options import Value

OfficialGenerator = GlobalGeneratorConfig | LocalEnhancerConfig


def generator_options(config: GeneratorConfig) -> dict[str, Value]:
    """What opt.txt says of a generator; it has to be one that the official code has."""
    assert isinstance(config, OfficialGenerator)
    options: dict[str, Value] = {
        "ngf": config.base_channels,
        "norm": config.norm,
        "output_nc": config.output_channels,
    }
    if isinstance(config, GlobalGeneratorConfig):
        return options | {
            "netG": "global",
            "n_downsample_global": config.downsamples,
            "n_blocks_global": config.blocks,
        }
    return options | {
        "netG": "local",
        "n_downsample_global": config.global_downsamples,
        "n_blocks_global": config.global_blocks,
        "n_local_enhancers": config.enhancers,
        "n_blocks_local": config.local_blocks,
    }


def encoder_options(config: EncoderConfig) -> dict[str, Value]:
    """What opt.txt says of an encoder."""
    return {"nef": config.base_channels, "n_downsample_E": config.downsamples, "norm": config.norm}


def discriminator_options(config: DiscriminatorConfig) -> dict[str, Value]:
    """What opt.txt says of a discriminator."""
    return {
        "ndf": config.base_channels,
        "n_layers_D": config.layers,
        "num_D": config.scales,
        "norm": config.norm,
        "no_ganFeat_loss": not config.intermediate_features,
    }
