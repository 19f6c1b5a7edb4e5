"""opt.txt, the official code's record of its training options: reading and writing.

Knows the file and the official defaults; what the options mean for a network is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from model.errors import CheckpointError
from model.scene.reading import read_bytes

Value = bool | int | float | str

MAX_FILE_BYTES = 2**20
FIRST_LINE = "------------ Options -------------"
LAST_LINE = "-------------- End ----------------"

# Every option of a training run with its default, in the current official version.
DEFAULTS: dict[str, Value] = {
    "batchSize": 1,
    "beta1": 0.5,
    "checkpoints_dir": "./checkpoints",
    "continue_train": False,
    "data_type": 32,
    "dataroot": "./datasets/cityscapes/",
    "debug": False,
    "display_freq": 100,
    "display_winsize": 512,
    "feat_num": 3,
    "fineSize": 512,
    "fp16": False,
    "gpu_ids": "[0]",
    "input_nc": 3,
    "instance_feat": False,
    "isTrain": True,
    "label_feat": False,
    "label_nc": 35,
    "lambda_feat": 10.0,
    "loadSize": 1024,
    "load_features": False,
    "load_pretrain": "",
    "local_rank": 0,
    "lr": 0.0002,
    "max_dataset_size": "inf",
    "model": "pix2pixHD",
    "nThreads": 2,
    "n_blocks_global": 9,
    "n_blocks_local": 3,
    "n_clusters": 10,
    "n_downsample_E": 4,
    "n_downsample_global": 4,
    "n_layers_D": 3,
    "n_local_enhancers": 1,
    "name": "label2city",
    "ndf": 64,
    "nef": 16,
    "netG": "global",
    "ngf": 64,
    "niter": 100,
    "niter_decay": 100,
    "niter_fix_global": 0,
    "no_flip": False,
    "no_ganFeat_loss": False,
    "no_html": False,
    "no_instance": False,
    "no_lsgan": False,
    "no_vgg_loss": False,
    "norm": "instance",
    "num_D": 2,
    "output_nc": 3,
    "phase": "train",
    "pool_size": 0,
    "print_freq": 100,
    "resize_or_crop": "scale_width",
    "save_epoch_freq": 10,
    "save_latest_freq": 1000,
    "serial_batches": False,
    "tf_log": False,
    "use_dropout": False,
    "verbose": False,
    "which_epoch": "latest",
}


class Options:
    """The options of an official run; those the file lacks have the official default."""

    def __init__(self, path: Path, written: Mapping[str, str]) -> None:
        self.path = path
        self._written = dict(written)

    def __contains__(self, key: str) -> bool:
        """Whether the file itself gives the option."""
        return key in self._written

    def integer(self, key: str) -> int:
        text = self.text(key)
        try:
            return int(text)
        except ValueError:
            raise CheckpointError(
                f"{self.path} says {key}: {text}, which is no whole number; correct the file."
            ) from None

    def flag(self, key: str) -> bool:
        text = self.text(key)
        if text not in ("True", "False"):
            raise CheckpointError(
                f"{self.path} says {key}: {text} instead of True or False; correct the file."
            )
        return text == "True"

    def text(self, key: str) -> str:
        return self._written.get(key, str(DEFAULTS[key]))


def read_options(path: Path) -> Options:
    """Reads an opt.txt; raises CheckpointError if it is not one."""
    text = read_bytes(path, CheckpointError, MAX_FILE_BYTES).decode("utf-8", errors="replace")
    lines = text.splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    written = {key.strip(): value.strip() for key, _colon, value in pairs}
    if not written.keys() & DEFAULTS.keys():
        raise CheckpointError(f"{path} holds no options of the official code; remove it.")
    return Options(path, written)


def format_options(changed: Mapping[str, Value]) -> str:
    """The text of an opt.txt whose options are the defaults but for those in `changed`."""
    options = DEFAULTS | dict(changed)
    lines = [f"{key}: {value}" for key, value in sorted(options.items())]
    return "\n".join([FIRST_LINE, *lines, LAST_LINE, ""])
