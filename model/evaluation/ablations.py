"""Ablations: trains a list of configurations with one budget and has each judged.

Every run has a folder of its own. What is there is not done again, a run that was interrupted goes
on, and what is known so far is in ablations.json after every run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from model.checkpoint import open_checkpoint
from model.errors import InputError
from model.evaluation.ablation_list import AblationList, Configuration
from model.evaluation.comparison import KIND, VERSION
from model.evaluation.figures import Settings, evaluate
from model.evaluation.judge import Judge
from model.evaluation.report import TRUE
from model.scene.files import atomic_file
from model.scene.reading import parse_json, read_bytes
from model.training import command as train_command
from model.training.status import LOG, STATE, read_log

FIGURES = "figures.json"  # in a run's folder: it is done
SUMMARY = "ablations.json"
MAX_JSON_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Place:
    """What the runs are trained and judged on, and where they are kept."""

    data: Path
    held: Path
    judge: Path | Judge
    out: Path
    settings: Settings

    def folder(self, configuration: Configuration, seed: int) -> Path:
        return self.out / configuration.folder / str(seed)


def run_all(listed: AblationList, place: Place, *, quiet: bool) -> list[str]:
    """Train and judge what is not there yet; returns why runs failed, one line for each.

    A failed run has no figures and is tried again next time. Raises InputError when the folder
    holds runs of other settings.
    """
    jobs = list(listed.jobs())
    missing = [job for job in jobs if not _known(place, *job)]
    failures, began = [], time.monotonic()
    for number, (configuration, seed) in enumerate(missing):
        left = (time.monotonic() - began) / max(1, number) * (len(missing) - number)
        if not quiet:
            when = f"; about {left / 60:.0f} min left" if number else ""
            at = len(jobs) - len(missing) + number + 1
            line = f"{at} of {len(jobs)}: {configuration.name}, seed {seed}{when}"
            print(line, file=sys.stderr, flush=True)
        try:
            _run(configuration, seed, listed.minutes, place, quiet)
        except InputError as error:
            failures.append(f"{configuration.name}, seed {seed}: {error}")
            print(failures[-1], file=sys.stderr, flush=True)
        write_summary(listed, place)
    write_summary(listed, place)
    return failures


def _run(
    configuration: Configuration, seed: int, minutes: float | None, place: Place, quiet: bool
) -> None:
    folder = place.folder(configuration, seed)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "checkpoint").is_dir():  # written at the end of training
        _train(configuration, seed, minutes, place, quiet)
    checkpoint = open_checkpoint(folder / "checkpoint")
    report = evaluate(
        checkpoint,
        place.held,
        place.judge,
        place.settings,
        keep=folder / "judging",
        quiet=quiet,
    )
    content = {
        "seed": seed,
        "config": configuration.config(seed).as_dict(),
        "minutes": minutes,
        "steps": checkpoint.facts["steps"],
        "seconds": 3600 * checkpoint.facts["hours"],
        "report": report.to_json(),
    }
    _write(folder / FIGURES, content)


def _train(
    configuration: Configuration, seed: int, minutes: float | None, place: Place, quiet: bool
) -> None:
    """The `train` command, here: interrupts end it with everything saved."""
    folder = place.folder(configuration, seed)
    words = [str(place.data), "--out", str(folder), "--preset", configuration.preset]
    words += ["--device", place.settings.device]
    if minutes is not None:
        words += ["--minutes", str(max(0.0, minutes - _spent(folder) / 60))]
    words += ["--resume"] * (folder / STATE).exists() + ["--quiet"] * quiet
    parser = argparse.ArgumentParser()
    train_command.configure(parser)
    args = parser.parse_args(words)
    args.overrides = [*configuration.settings, f"seed={seed}"]
    train_command.run(args)


def _spent(folder: Path) -> float:
    """Seconds that a run was trained for, as far as its log tells."""
    lines = read_log(folder / LOG) if (folder / LOG).is_file() else []
    return lines[-1]["seconds"] if lines else 0.0


def _known(place: Place, configuration: Configuration, seed: int) -> dict[str, Any] | None:
    """A finished run's figures; InputError when they are of other settings."""
    path = place.folder(configuration, seed) / FIGURES
    if not path.exists():
        return None
    try:
        content = parse_json(read_bytes(path, InputError, MAX_JSON_BYTES))
        wanted = json.loads(json.dumps(configuration.config(seed).as_dict()))
        same = content["config"] == wanted
    except (ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} is damaged ({error}); remove it to judge again.") from error
    if not same:
        raise InputError(f"{path} is of other settings; name another --out or remove the run.")
    return content


def write_summary(listed: AblationList, place: Place) -> None:
    """What is known of all runs, as one file that tables are made of.

    Raises InputError where they were not judged alike.
    """
    rows = [_row(listed, place, each) for each in listed.configurations]
    reports = [seed.pop("report") for row in rows for seed in row["seeds"]]
    if not reports:
        return
    parts = ("judge", "data", "settings")
    if any(each[part] != reports[0][part] for each in reports for part in parts):
        raise InputError(
            f"{place.out} holds figures of different judges, frames or devices; remove every "
            f"{FIGURES} there to judge the runs anew."
        )
    content = {
        "kind": KIND,
        "version": VERSION,
        "list": listed.name,
        "budget": {"steps": listed.steps, "minutes": listed.minutes, "seeds": listed.seeds},
        "data": reports[0]["data"] | {"trained_on": place.data.resolve().name},
        "judge": reports[0]["judge"],
        "device": reports[0]["settings"]["device"],
        "true": reports[0]["pictures"][TRUE],
        "rows": rows,
    }
    _write(place.out / SUMMARY, content)


def _row(listed: AblationList, place: Place, configuration: Configuration) -> dict[str, Any]:
    seeds = []
    for seed in range(listed.seeds):
        known = _known(place, configuration, seed)
        if known is not None:
            report = known["report"]
            pictures = {k: v for k, v in report["pictures"].items() if k != TRUE}
            seeds.append(
                {key: known[key] for key in ("seed", "steps", "seconds")}
                | {"pictures": pictures, "ratios": report["ratios"], "report": report}
            )
    return asdict(configuration) | {"seeds": seeds}


def _write(path: Path, content: dict[str, Any]) -> None:
    with atomic_file(path, InputError) as file:
        file.write(json.dumps(content, indent=1).encode() + b"\n")
