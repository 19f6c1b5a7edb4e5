"""The state of a training run as it lies on disk: read, and compared with what it should hold.

Nothing is unpacked before its sizes are known to be those of the run's networks.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from model.errors import InputError
from model.scene.reading import check_version, parse_json
from model.torch_files import load_tensors
from model.training.config import TrainingConfig, config_from
from model.training.packing import declared_bytes
from model.training.trainer import count_weights

STATE_VERSION = 2  # 1 had its tensors unpacked
COPIES = 6  # weights, averages, two moments, gradients' scales and some room
ROOM = 64 * 2**20  # for what does not depend on the networks, and for each picture of the pool
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


def read_state(source: Path | IO[bytes], path: Path) -> dict[str, Any]:
    """The state, its tensors still packed. Raises InputError naming path."""
    state = load_tensors(source, str(path), InputError)
    if not isinstance(state, dict) or "config" not in state:
        raise InputError(f"{path} holds no state of a training run.")
    check_version(state.get("version"), STATE_VERSION, "training state", path, InputError)
    return state


def state_config(state: dict[str, Any], path: Path) -> TrainingConfig:
    """The configuration of the run that wrote the state."""
    try:
        return config_from(parse_json(state["config"].encode()), str(path))
    except _MALFORMED as error:
        raise InputError(f"{path} is damaged: its configuration is none ({error}).") from error


def check_state(state: dict[str, Any], config: TrainingConfig, path: Path) -> None:
    """Refuses a state that is larger than such a run's, or whose step is none of it."""
    try:
        declared, step = declared_bytes(state), state["step"]
        allowed = COPIES * 4 * count_weights(config) + ROOM * (1 + config.losses.pool)
    except InputError as error:
        raise InputError(f"{path} cannot be resumed: {error}") from error
    except _MALFORMED as error:
        raise InputError(f"{path} is damaged and cannot be resumed: {error!r}.") from error
    if declared > allowed:
        raise InputError(
            f"{path} declares {declared >> 20} MiB, more than the {allowed >> 20} that a run of "
            "its configuration can have; it is damaged."
        )
    if type(step) is not int or step < 0:
        raise InputError(f"{path} is damaged: its step is {step!r}.")
