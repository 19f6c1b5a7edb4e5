"""One of the processes of test_distributed: one step, gradients and losses into a file."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from model.training.batches import BatchSource
from model.training.config import config_from
from model.training.distributed import process_group
from model.training.run import Run, open_data


def main(folder: Path, data_folder: Path) -> None:
    config = config_from(torch.load(folder / "config.pt"), "the test")
    with process_group("cpu") as (group, device):
        assert group.size == 2 and device == "cpu"
        run = Run(folder / "run", config, torch.device(device), group)
        data = open_data(data_folder, config, run.device)
        source = BatchSource(data.training, data.cache, config, group.rank)
        losses = run.trainer.step(source.batch(0))
        gradients = {
            f"{part}.{name}": parameter.grad
            for part, network in run.trainer.networks.items()
            for name, parameter in network.named_parameters()
        }
        found = {"gradients": gradients, "losses": losses}
        torch.save(found, folder / f"rank{group.rank}.pt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
