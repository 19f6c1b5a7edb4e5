"""A training run: a folder with state, log, samples and checkpoint; the loop that fills it."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from model.checkpoint import Checkpoint
from model.errors import InputError
from model.pixels import to_bytes
from model.scene.files import atomic_file
from model.scene.frame_files import FrameFiles, find_frames
from model.scene.maps import write_picture
from model.training.batches import BatchSource, Crop, cut, sample_size, stack
from model.training.config import (
    Stage,
    TrainingConfig,
    side_multiple,
)
from model.training.data_check import held_out_phase, label_schema
from model.training.distributed import Group
from model.training.events import Events
from model.training.frames import FrameCache
from model.training.interrupts import Interrupts
from model.training.losses import load_perceptual_loss
from model.training.packing import pack, unpack
from model.training.parts import read_parts
from model.training.preprocess import resizing
from model.training.run_checkpoint import take_over, write_checkpoint
from model.training.run_state import restore_trainer, trainer_state
from model.training.state_file import STATE_VERSION, check_state, read_state, state_config
from model.training.status import CONFIG, LOG, STATE, read_log
from model.training.trainer import (
    Networks,
    Trainer,
    adopt_scales,
    adopt_trunk,
    build_networks,
)

LOG_EVERY = 50  # steps
LOG_SECONDS = 60.0
SHEET_WIDTH = 640  # pixels of each picture of a sample sheet
AGREE_EVERY = 10  # steps after which several processes ask each other whether time is up
ALONE = Group()


class Tally:
    """Sums of losses since the last line of the log."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._count, self._began = 0, time.monotonic()

    def add(self, losses: dict[str, Tensor]) -> None:
        for name, value in losses.items():
            self._sums[name] = self._sums[name] + value if name in self._sums else value
        self._count += 1

    @property
    def full(self) -> bool:
        return self._count == LOG_EVERY

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def report(self, group: Group) -> dict[str, float]:
        """The averages, over steps and processes, and how fast it went."""
        means = group.mean({name: value / self._count for name, value in self._sums.items()})
        report = {name: float(value) for name, value in means.items()}
        return report | {"steps_per_second": self._count / self.seconds}


class Run:
    """One training run on one device, or this process's share of it."""

    def __init__(
        self,
        folder: Path,
        config: TrainingConfig,
        device: torch.device,
        group: Group = ALONE,
        interrupts: Interrupts | None = None,
    ) -> None:
        self.folder = folder
        self.config = config
        self.device = device
        self.group = group
        self.interrupts = interrupts or Interrupts()
        self.step = 0
        self.seconds = 0.0
        self.diverged = False
        self.events: Events | None = None
        self._annealing: tuple[float, float] | None = None
        self._coarse = config.stages[0].train == "global"
        torch.manual_seed(config.seed)
        self._make_trainer(build_networks(config, coarse=self._coarse))
        folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def resume(
        cls,
        folder: Path,
        device: torch.device,
        change: Callable[[TrainingConfig], TrainingConfig] | None = None,
        group: Group = ALONE,
        interrupts: Interrupts | None = None,
    ) -> Run:
        """The run in `folder` as it was last saved.

        change: what becomes of its configuration. The modes that the run began with stay, so that
        what guesses them keeps its meaning.
        """
        path = folder / STATE
        source = path if path.is_file() else read_parts(folder)
        if source is None:
            raise InputError(f"{path} does not exist; start the run without --resume")
        state = read_state(source, path)
        saved = state_config(state, path)
        config = change(saved) if change else saved
        if saved.told_modes:
            config = replace(config, data=replace(config.data, modes=saved.told_modes))
        check_state(state, config, path)
        run = cls(folder, config, device, group, interrupts)
        try:
            run._restore(unpack(state))
        except (RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise InputError(f"{path} is damaged and cannot be resumed: {error}") from error
        if group.first:
            run._clear_up()
        return run

    def train(
        self,
        source: BatchSource,
        *,
        last: int,
        deadline: float | None,
        quiet: bool,
        anneal: bool = False,
    ) -> Iterator[dict[str, float]]:
        """Train until step `last` or the deadline (time.monotonic()).

        anneal: learning rates fall over the time until the deadline as they would over a stage.
        Yields after every step, so that the caller can save and sample: the averaged losses where
        a line was logged, else nothing. Raises InputError when the losses are no numbers any more.
        """
        tally, began = Tally(), time.monotonic()
        self._annealing = (began, deadline) if anneal and deadline is not None else None
        quiet = quiet or not self.group.first
        with tqdm(
            total=last,
            initial=self.step,
            disable=quiet,
            unit="step",
            mininterval=5,
            file=sys.stderr,
        ) as progress:
            while self.step < last and not self._over(deadline):
                with self.interrupts.held():
                    tally.add(self._one_step(source))
                progress.update()
                report: dict[str, float] = {}
                if tally.full or (self.group.size == 1 and tally.seconds > LOG_SECONDS):
                    report = tally.report(self.group)
                    self.seconds += time.monotonic() - began
                    began = time.monotonic()
                    self._check_finite(report)
                    self._log(report)
                    progress.set_postfix_str(self._brief(report, deadline))
                    tally = Tally()
                yield report
        self.seconds += time.monotonic() - began

    def _one_step(self, source: BatchSource) -> dict[str, Tensor]:
        stage, position = self.config.stage_at(self.step)
        self._enter(stage)
        self.trainer.set_rates(stage, self._place_in(stage, position))
        losses = self.trainer.step(source.batch(self.step), self.step)
        self.step += 1
        return losses

    def _place_in(self, stage: Stage, position: int) -> float:
        """How many of a stage's steps are done, or as many as of the time is over."""
        if self._annealing is None:
            return position
        began, end = self._annealing
        return stage.steps * min(1.0, (time.monotonic() - began) / max(1e-9, end - began))

    def _over(self, deadline: float | None) -> bool:
        if deadline is None or (self.group.size > 1 and self.step % AGREE_EVERY):
            return False
        return self.group.any(time.monotonic() > deadline)

    def _check_finite(self, report: dict[str, float]) -> None:
        self.diverged = not all(map(math.isfinite, report.values()))
        if self.diverged:
            raise InputError(
                f"at step {self.step} the losses are no numbers any more; go on from the last save "
                "with --resume and a lower optimizer.lr"
            )

    def _brief(self, report: dict[str, float], deadline: float | None) -> str:
        """Losses for the progress line, and what is left of the time that was given."""
        shown = (
            "adversarial",
            "feature_matching",
            "perceptual",
            "l1",
            "reconstruction",
            "chroma",
            "gradient",
            "modes",
            "real",
            "fake",
        )
        words = [f"{name[:3]} {report[name]:.3f}" for name in shown if name in report]
        if deadline is not None:
            words.append(f"{max(0.0, deadline - time.monotonic()) / 60:.0f} min left")
        return " ".join(words)

    def state(self) -> dict[str, Any]:
        """Everything that `resume` needs, as nested plain values and tensors."""
        return {
            "version": STATE_VERSION,
            "config": json.dumps(self.config.as_dict()),
            "step": self.step,
            "seconds": self.seconds,
            "coarse": self._coarse,
            **trainer_state(self.trainer),
        }

    def write_config(self) -> None:
        """The effective configuration, for people and for `--status`."""
        with atomic_file(self.folder / CONFIG, InputError) as file:
            file.write(json.dumps(self.config.as_dict(), indent=1).encode() + b"\n")

    def save(self) -> None:
        """Write the whole state, atomically; of several processes the first alone does."""
        if self.diverged or not self.group.first:
            return
        with self.interrupts.held(), atomic_file(self.folder / STATE, InputError) as file:
            torch.save(pack(self.state()), file)

    def save_checkpoint(self, folder: Path, size: tuple[int, int]) -> None:
        """What was trained so far as a checkpoint that the editor opens.

        size: (height, width) of the largest frames it was trained on, before reduction: styles are
        told from pictures of that size.
        """
        stage, _ = self.config.stage_at(max(0, self.step - 1))
        facts = {
            "steps": self.step,
            "size": [side // stage.reduce for side in size],
            "hours": round(self.seconds / 3600, 3),
            "device": _device_name(self.device),
            "configuration": self.config.as_dict(),
        }
        write_checkpoint(folder, self.trainer, facts)

    def sample(self, data: Data) -> Path:
        """A sheet of label map, generated and true picture of held-out frames; returns its file."""
        stage, _ = self.config.stage_at(min(self.step, self.config.total_steps - 1))
        rows = []
        for files in data.held_out[:4]:
            frame = data.cache.get(files)
            multiple = side_multiple(self.config, stage)
            size = sample_size([frame.size], replace(stage, crop=(0, 0)), multiple)
            batch = stack([cut(frame, Crop(0, 0, *size, mirrored=False), stage.reduce)])
            generated, real = self.trainer.generate(batch)[0], batch.picture[0]
            labels = batch.labels[0]
            maps = _shown(labels) if data.palette is None else data.palette[labels.cpu().numpy()]
            pictures = (maps, _shown(generated), _shown(real))
            rows.append(np.hstack([_small(picture) for picture in pictures]))
        path = self.folder / "samples" / f"{self.step:06d}.png"
        path.parent.mkdir(exist_ok=True)
        sheet = np.vstack(rows)
        write_picture(path, sheet)
        if self.events is not None:
            self.events.sheet(self.step, sheet)
        return path

    def start_from(self, checkpoint: Checkpoint) -> None:
        """Take over the weights of a checkpoint, see `take_over`."""
        networks = self.trainer.networks
        take_over(checkpoint, networks)
        self._make_trainer(networks)

    def _enter(self, stage: Stage) -> None:
        """Make trainer and networks what the stage trains."""
        if self._coarse and stage.train != "global":
            full = build_networks(self.config)
            trained = self.trainer.networks
            adopt_trunk(full.generator, trained.generator)
            adopt_scales(full.discriminator, trained.discriminator)
            average = self.trainer.averaged_encoder
            full = Networks(full.generator, full.discriminator, trained.encoder, trained.modes)
            self._coarse = False
            self._make_trainer(full)
            self.trainer.averaged_encoder = average
        if self.trainer.frozen_trunk != (stage.train == "enhancer"):
            self.trainer.freeze_trunk(stage.train == "enhancer")

    def _make_trainer(self, networks: Networks) -> None:
        losses = self.config.losses
        perceptual = None
        if losses.perceptual:
            perceptual = load_perceptual_loss(losses.vgg_weights, losses.vgg_layers)
        self.trainer = Trainer(networks, self.config, self.device, perceptual)

    def _restore(self, state: dict[str, Any]) -> None:
        self.step, self.seconds = state["step"], state["seconds"]
        if self._coarse and not state["coarse"]:
            self._coarse = False
            self._make_trainer(build_networks(self.config))
        restore_trainer(self.trainer, state)

    def _clear_up(self) -> None:
        """Remove what a process that was killed left behind, and log lines of steps done again."""
        for half in self.folder.glob(f".{STATE}.*.tmp"):
            half.unlink()
        log = self.folder / LOG
        if log.is_file():
            kept = [line for line in read_log(log) if line["step"] <= self.step]
            with atomic_file(log, InputError) as file:
                file.write("".join(json.dumps(line) + "\n" for line in kept).encode())

    def _log(self, report: dict[str, float]) -> None:
        if not self.group.first:
            return
        if self.events is not None:
            self.events.losses(self.step, report)
        line = {"step": self.step, "seconds": round(self.seconds, 1)} | report
        with (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True, slots=True)
class Data:
    """Training and held-out frames, the cache that decodes both, and colours for label maps."""

    training: list[FrameFiles]
    held_out: list[FrameFiles]
    cache: FrameCache
    palette: np.ndarray | None


def open_data(
    folder: Path, config: TrainingConfig, device: torch.device, *, growing: bool = False
) -> Data:
    """The frames of a data folder for a run.

    Held out is "val" or "test". Without either, or without its pictures, the last four training
    frames, though trained on, stand in sample sheets.
    """
    rgb = config.conditioning.rgb
    schema = label_schema(config)
    training = find_frames(folder, "train", rgb=rgb, growing=growing)
    if not training:
        raise InputError(f"{folder} holds no complete frame yet")
    phase = held_out_phase(folder, rgb=rgb)
    held_out = find_frames(folder, phase, rgb=rgb, growing=growing) if phase else training[-4:]
    cache = FrameCache(
        schema,
        device,
        config.conditioning,
        resize=resizing(config),
        budget=config.data.resident_mib * 2**20,
        modes=config.told_modes,
    )
    return Data(training, held_out, cache, None if schema is None else schema.palette)


def _shown(tensor: Tensor) -> np.ndarray:
    return to_bytes(tensor.permute(1, 2, 0).clone()).cpu().numpy()


def _small(picture: np.ndarray) -> np.ndarray:
    """At most so wide, in its own proportions; small pictures enlarged to it pixel by pixel."""
    height = round(SHEET_WIDTH * picture.shape[0] / picture.shape[1])
    shrinks = picture.shape[1] > SHEET_WIDTH
    way = cv2.INTER_AREA if shrinks else cv2.INTER_NEAREST
    return cv2.resize(picture, (SHEET_WIDTH, height), interpolation=way)


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
