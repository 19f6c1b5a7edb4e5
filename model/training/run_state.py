"""What a training state holds of a trainer, as nested plain values and tensors."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from model.training.trainer import Trainer


def trainer_state(trainer: Trainer) -> dict[str, Any]:
    """Everything that changes while training, for `restore_trainer`."""
    return {
        "frozen_trunk": trainer.frozen_trunk,
        "updates": trainer.updates,
        "networks": {name: net.state_dict() for name, net in trainer.networks.items()},
        "averaged": {name: net.state_dict() for name, net in _averaged(trainer)},
        "optimizers": [optimizer.state_dict() for optimizer in _of_networks(trainer)],
        "scaler": trainer.scaler.state_dict(),
        "pool": trainer.objective.pool.samples,
        "random": torch.get_rng_state(),
        **_modes_state(trainer),
    }


def restore_trainer(trainer: Trainer, state: dict[str, Any]) -> None:
    """Puts a state back into a trainer of the same networks.

    A state that was read from parts lacks optimisers, scaler and pool: they stay new. So does what
    guesses modes where the state knows none.
    """
    trainer.updates = state["updates"]
    if state["frozen_trunk"]:
        trainer.freeze_trunk(True)
    for name, network in trainer.networks.items():
        network.load_state_dict(state["networks"][name])
    for name, network in _averaged(trainer):
        network.load_state_dict(state["averaged"][name])
    if "optimizers" in state:
        for optimizer, saved in zip(_of_networks(trainer), state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
    if state.get("scaler"):
        trainer.scaler.load_state_dict(state["scaler"])
    device = trainer.device
    trainer.objective.pool.samples = [
        (labels.to(device), None if index is None else index.to(device), fake.to(device))
        for labels, index, fake in state.get("pool", [])
    ]
    modes, optimizer = trainer.networks.modes, trainer.mode_optimizer
    if modes is not None and optimizer is not None and "modes" in state:
        modes.load_state_dict(state["modes"]["weights"])
        optimizer.load_state_dict(state["modes"]["optimizer"])
    torch.set_rng_state(state["random"])


def _of_networks(trainer: Trainer) -> list[torch.optim.Optimizer]:
    return [each for each in trainer.optimizers if each is not trainer.mode_optimizer]


def _modes_state(trainer: Trainer) -> dict[str, Any]:
    """Apart from the networks', so that a run may begin or cease to be told modes."""
    modes, optimizer = trainer.networks.modes, trainer.mode_optimizer
    if modes is None or optimizer is None:
        return {}
    return {"modes": {"weights": modes.state_dict(), "optimizer": optimizer.state_dict()}}


def _averaged(trainer: Trainer) -> list[tuple[str, nn.Module]]:
    generator, encoder = trainer.averaged_generator, trainer.averaged_encoder
    found: list[tuple[str, nn.Module]] = [("generator", generator)]
    return found if encoder is None else [*found, ("encoder", encoder)]
