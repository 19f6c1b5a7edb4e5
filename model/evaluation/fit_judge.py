"""Training of a judge: crops of true pictures, cross entropy and overlap, a state to go on from."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from model.device import Target
from model.errors import InputError
from model.evaluation.judge import JudgeConfig, build_network, channel_of, normalized
from model.scene.files import atomic_file
from model.scene.frame_files import FrameFiles
from model.scene.labels import LabelSchema
from model.scene.maps import read_label_map, read_picture
from model.torch_files import load_tensors
from model.training.batches import choose_crop, jitter, random_pixel
from model.training.interrupts import Interrupts

STATE = "state.pt"
SAVE_SECONDS = 120.0
WARM_STEPS = 50  # over which the learning rate rises
FALL = 0.5  # share of the steps over which it falls to nothing at the end
SCALE = 1.5  # windows are up to so many times larger or smaller than what is shown
COLOR = 0.3  # brightness, contrast and saturation vary by as much: a judge must not live on them
NOT_JUDGED = 255
RESIDENT_BYTES = 2**30
FEW = 16  # pixels at a quarter of the resolution; a frame with fewer of a label is not drawn for it


@dataclass(frozen=True, slots=True)
class FitConfig:
    """How to train; the same values and data give the same judge on a CPU in float32.

    steps: of `batch` crops of (height, width) pixels of what the judge sees.
    """

    steps: int = 2500
    batch: int = 4
    crop_height: int = 256
    crop_width: int = 512
    rate: float = 1e-3
    decay: float = 1e-2
    seed: int = 0


class TrueCrops:
    """Draws the crops of any step out of frames: one half anywhere, one half around a label drawn
    evenly of those that occur, in a frame that shows it. Rare labels would not be learned else."""

    def __init__(
        self, frames: list[FrameFiles], schema: LabelSchema, judge: JudgeConfig, config: FitConfig
    ) -> None:
        self._frames, self._schema, self._config = frames, schema, config
        self._height = judge.height
        self._channel = channel_of(judge).numpy().astype(np.uint8)  # -1 becomes NOT_JUDGED
        self._held: dict[Path, tuple[NDArray[np.uint8], NDArray[np.uint8]]] = {}
        self._bytes = 0
        self._showing: dict[int, list[FrameFiles]] = {}
        for files in frames:
            labels = self._channel[read_label_map(files.label, schema)[::4, ::4]]
            for channel, count in zip(*np.unique(labels, return_counts=True), strict=True):
                if count >= FEW and channel != NOT_JUDGED:
                    self._showing.setdefault(int(channel), []).append(files)

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Pictures (N, 3, h, w) in 0..1 and targets (N, h, w) int64, NOT_JUDGED for no label."""
        drawn = [self._crop(step, n) for n in range(self._config.batch)]
        pictures, targets = zip(*drawn, strict=True)
        return torch.stack(pictures), torch.stack(targets)

    def _crop(self, step: int, n: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng([self._config.seed, step, n])
        channel = None
        if self._showing and rng.random() < 0.5:
            channel = sorted(self._showing)[int(rng.integers(len(self._showing)))]
        frames = self._frames if channel is None else self._showing[channel]
        picture, target = self._read(frames[int(rng.integers(len(frames)))])
        size = self._config.crop_height, self._config.crop_width
        factor = SCALE ** rng.uniform(-1, 1)
        factor = max(factor, *(have / want for want, have in zip(target.shape, size, strict=True)))
        window = (round(size[0] / factor), round(size[1] / factor))
        focus = None if channel is None else random_pixel(rng, torch.from_numpy(target == channel))
        top, left = choose_crop(rng, target.shape, window, focus)
        place = slice(top, top + window[0]), slice(left, left + window[1])
        shown, wanted = (
            cv2.resize(each[place], size[::-1], interpolation=way)
            for each, way in ((picture, cv2.INTER_LINEAR), (target, cv2.INTER_NEAREST))
        )
        levels = torch.from_numpy(shown).permute(2, 0, 1).float() / 127.5 - 1
        levels = jitter(levels, *(1 + COLOR * rng.uniform(-1, 1, 3)).tolist()) / 2 + 0.5
        labels = torch.from_numpy(wanted).long()
        return (levels.flip(-1), labels.flip(-1)) if rng.random() < 0.5 else (levels, labels)

    def _read(self, files: FrameFiles) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Picture and targets at the judge's height; kept as long as there is room."""
        if files.picture in self._held:
            return self._held[files.picture]
        picture, labels = read_picture(files.picture), read_label_map(files.label, self._schema)
        if picture.shape[:2] != labels.shape:
            raise InputError(f"{files.picture} and its label map differ in size; pair them anew.")
        factor = (self._height or labels.shape[0]) / labels.shape[0]
        least = self._config.crop_height, self._config.crop_width
        size = [max(1, round(side * factor)) for side in labels.shape]
        if any(side < want / SCALE for side, want in zip(size, least, strict=True)):
            raise InputError(
                f"{files.picture} is too small for crops of {least[1]}x{least[0]}; give smaller "
                "ones with --crop."
            )
        small = (
            cv2.resize(picture, size[::-1], interpolation=cv2.INTER_AREA).astype(np.uint8),
            cv2.resize(self._channel[labels], size[::-1], interpolation=cv2.INTER_NEAREST).astype(
                np.uint8
            ),
        )
        room = sum(array.nbytes for array in small)
        if self._bytes + room <= RESIDENT_BYTES:
            self._held[files.picture] = small
            self._bytes += room
        return small


class JudgeTraining:
    """One judge being trained, with all that is needed to go on.

    config: of the judge; how: of the training.
    """

    def __init__(self, config: JudgeConfig, how: FitConfig, target: Target) -> None:
        torch.manual_seed(how.seed)
        self.config, self.how, self._target = config, how, target
        self.network: nn.Module = build_network(config).to(target.device)
        self.network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.step, self.seconds, self.loss = 0, 0.0, math.nan
        self._optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=how.rate, weight_decay=how.decay, fused=True
        )

    def one_step(self, pictures: Tensor, targets: Tensor) -> float:
        """Trains on one batch of `TrueCrops`; returns its loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = self.how.rate * rate_at(self.step, self.how.steps)
        device, half = self._target.device, self._target.precision != "float32"
        shown = normalized(pictures.to(device), self.config)
        shown = shown.contiguous(memory_format=torch.channels_last)
        self.network.train()
        torch.manual_seed(self.how.seed * 2**32 + self.step)  # dropout, also after a resume
        with torch.autocast(device.type, self._target.dtype, enabled=half):
            logits = self.network(shown)
        loss = judging_loss(logits.float(), targets.to(device), self.step)
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        self.step += 1
        return float(loss.detach())

    def train(
        self, crops: TrueCrops, folder: Path, interrupts: Interrupts, until: float, quiet: bool
    ) -> None:
        """Until the last step or until the time (`time.monotonic`), saving on the way and at an
        interrupt."""
        saved = began = time.monotonic()
        before = self.seconds
        bar = tqdm(
            total=self.how.steps, initial=self.step, unit="step", disable=quiet, file=sys.stderr
        )
        try:
            with bar:
                while self.step < self.how.steps and time.monotonic() < until:
                    with interrupts.held():
                        loss = self.one_step(*crops.batch(self.step))
                    if not math.isfinite(loss):
                        raise InputError(f"At step {self.step} the loss is no number any more.")
                    self.loss = loss if math.isnan(self.loss) else 0.98 * self.loss + 0.02 * loss
                    bar.update()
                    bar.set_postfix_str(f"loss {self.loss:.3f}", refresh=False)
                    self.seconds = before + time.monotonic() - began
                    if time.monotonic() - saved > SAVE_SECONDS:
                        self.save(folder, interrupts)
                        saved = time.monotonic()
        finally:
            if math.isfinite(self.loss):
                self.save(folder, interrupts)

    def save(self, folder: Path, interrupts: Interrupts) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            "judge": asdict(self.config),
            "how": asdict(self.how),
            "step": self.step,
            "seconds": self.seconds,
            "loss": self.loss,
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        with interrupts.held(), atomic_file(folder / STATE, InputError) as file:
            torch.save(state, file)

    @classmethod
    def resume(cls, folder: Path, target: Target, steps: int | None) -> JudgeTraining:
        """The training that was saved there, with another number of steps in all if given.

        Raises InputError where there is none.
        """
        path = folder / STATE
        if not path.is_file():
            raise InputError(f"{path} does not exist; start without --resume.")
        state: dict[str, Any] = load_tensors(path, str(path), InputError)
        try:
            how = FitConfig(**state["how"] | ({} if steps is None else {"steps": steps}))
            training = cls(JudgeConfig(**state["judge"]), how, target)
            training.network.load_state_dict(state["network"])
            training._optimizer.load_state_dict(state["optimizer"])
            training.step, training.seconds = int(state["step"]), float(state["seconds"])
            training.loss = float(state["loss"])
        except (RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise InputError(f"{path} is damaged; start anew in another folder.") from error
        return training


def judging_loss(logits: Tensor, targets: Tensor, step: int) -> Tensor:
    """Cross entropy, in which a label weighs as the root of its pixels, and the overlap (Dice), in
    which all weigh alike: small ones would hardly be learned else.

    logits: (N, K, h, w) of any resolution. targets: (N, H, W) int64. Compared at every second
    pixel of every second row, which is four times as fast; steps take turns with which.
    """
    down, across = step % 2, step // 2 % 2
    wanted = targets[:, down::2, across::2]
    logits = functional.interpolate(logits, wanted.shape[-2:], mode="bilinear")
    labels, counted = logits.movedim(1, -1)[wanted != NOT_JUDGED], wanted[wanted != NOT_JUDGED]
    entropy = functional.cross_entropy(labels, counted, reduction="none")
    weights = counted.bincount(minlength=logits.shape[1]).clamp_min(1).rsqrt()[counted]
    balanced = (entropy * weights).sum() / weights.sum().clamp_min(1)
    return balanced + overlap_loss(labels.softmax(1), counted)


def overlap_loss(probabilities: Tensor, targets: Tensor) -> Tensor:
    """1 - Dice coefficient, the mean of the labels that occur. Of pixels (n, K) and (n,) int64."""
    occurs = targets.bincount(minlength=probabilities.shape[1])
    right = probabilities.gather(1, targets[:, None])[:, 0]
    both = torch.zeros_like(probabilities.sum(0)).index_add(0, targets, right)
    dice = 2 * both / (probabilities.sum(0) + occurs).clamp_min(1)
    there = occurs > 0
    return (1 - dice)[there].sum() / there.sum().clamp_min(1)


def rate_at(step: int, steps: int) -> float:
    """The learning rate's share of its highest value: it rises, stays, and falls at the end.

    Because it stays, a training can be resumed with more or fewer steps in all.
    """
    left = (steps - step) / max(1.0, FALL * steps)
    return min(1.0, (step + 1) / WARM_STEPS, left)
