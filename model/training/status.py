"""What a run's folder says about how far the run is; reads text files alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.scene.reading import parse_json, read_bytes
from model.training.config import TrainingConfig, config_from

LOG = "log.jsonl"
CONFIG = "config.json"
STATE = "state.pt"
MAX_BYTES = 64 * 2**20
_OWN_LINES = ("step", "seconds", "steps_per_second")


def status(folder: Path) -> str:
    """Steps, time left, losses and files as lines of text; InputError for what is no run."""
    log, config_file = folder / LOG, folder / CONFIG
    if not config_file.is_file():
        raise InputError(f"{config_file} does not exist; {folder} holds no run that has begun")
    data = read_bytes(config_file, InputError, MAX_BYTES)
    try:
        config = config_from(parse_json(data), str(config_file))
    except ValueError as error:
        raise InputError(f"{config_file} is no JSON file ({error}).") from error
    lines = read_log(log) if log.is_file() else []
    last = lines[-1] if lines else {"step": 0, "seconds": 0.0}
    rows = [("preset", config.preset), *_progress(config, last)]
    rows += [(k, f"{v:.4g}") for k, v in last.items() if k not in _OWN_LINES]
    rows += _files(folder)
    return "\n".join(f"{name:<20} {value}" for name, value in rows)


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log, without one that a killed process left cut short."""
    lines = read_bytes(path, InputError, MAX_BYTES).splitlines()
    try:
        entries = [parse_json(line) for line in lines if line.endswith(b"}")]
        if not all(
            isinstance(entry["step"], int)
            and all(isinstance(number, int | float) for number in entry.values())
            for entry in entries
        ):
            raise ValueError("a line without numbers")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no log of a run ({error!r}); remove it.") from error
    return entries


def _progress(config: TrainingConfig, last: dict[str, Any]) -> list[tuple[str, str]]:
    step = min(last["step"], config.total_steps)
    stage, position = config.stage_at(max(0, step - 1))
    number = next(n for n, each in enumerate(config.stages, 1) if each is stage)
    rows = [
        ("step", f"{step} of {config.total_steps}"),
        ("stage", f"{number} of {len(config.stages)} ({stage.train}), step {position + 1} of it"),
        ("trained for", duration(last["seconds"])),
    ]
    if "steps_per_second" in last:
        rate = last["steps_per_second"]
        rows += [
            ("speed", f"{rate:.3g} steps/s"),
            ("time left", duration((config.total_steps - step) / rate)),
        ]
    return rows


def _files(folder: Path) -> list[tuple[str, str]]:
    rows = []
    if (folder / STATE).is_file():
        ago = time.time() - (folder / STATE).stat().st_mtime
        rows.append(("last saved", f"{duration(ago)} ago"))
    samples = sorted((folder / "samples").glob("*.png"))
    if samples:
        rows.append(("last sample", str(samples[-1])))
    return rows


def duration(seconds: float) -> str:
    """Seconds as people say them: "3 d 4 h", "2 h 5 min", "40 s"."""
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours >= 48:
        return f"{hours // 24} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"
