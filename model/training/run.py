"""A training run: a folder with state, log, samples and checkpoint; the loop that fills it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from model.checkpoint import (
    Checkpoint,
    load_discriminator,
    load_encoder,
    load_generator,
    save_checkpoint,
)
from model.errors import InputError
from model.networks.global_generator import GlobalGenerator
from model.networks.local_enhancer import LocalEnhancer
from model.pixels import to_bytes
from model.scene.files import atomic_file
from model.scene.frame_files import FrameFiles, find_frames
from model.scene.labels import load_schema
from model.training.batches import BatchSource, Crop, cut, stack
from model.training.config import ConfigError, Stage, TrainingConfig, config_from
from model.training.frames import FrameCache
from model.training.losses import load_perceptual_loss
from model.training.parts import read_parts
from model.training.preprocess import Preprocess
from model.training.trainer import (
    Networks,
    Trainer,
    adopt_trunk,
    build_networks,
    network_sizes,
)

STATE = "state.pt"
STATE_VERSION = 1
LOG_EVERY = 50


class Run:
    """One training run on one device."""

    def __init__(self, folder: Path, config: TrainingConfig, device: torch.device) -> None:
        self.folder = folder
        self.config = config
        self.device = device
        self.step = 0
        self.seconds = 0.0
        self._coarse = config.stages[0].train == "global"
        torch.manual_seed(config.seed)
        self._make_trainer(build_networks(config, coarse=self._coarse))
        folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def resume(cls, folder: Path, device: torch.device, config: TrainingConfig | None) -> Run:
        """The run in `folder` as it was last saved; `config` replaces the saved one if given."""
        path = folder / STATE
        source = path if path.is_file() else read_parts(folder)
        if source is None:
            raise InputError(f"{path} does not exist; start the run without --resume")
        try:
            state = torch.load(source, map_location="cpu", weights_only=True)
        except Exception as error:  # whatever a damaged file raises
            raise InputError(f"{path} is damaged and cannot be resumed: {error}") from error
        if state.get("version") != STATE_VERSION:
            raise InputError(f"{path} was written by another version of this program")
        run = cls(folder, config or config_from(json.loads(state["config"]), str(path)), device)
        run._restore(state)
        return run

    def train(
        self, source: BatchSource, *, last: int, deadline: float | None, quiet: bool
    ) -> Iterator[dict[str, float]]:
        """Train until step `last` or the deadline (time.monotonic()), yielding averaged losses.

        The caller decides, between yields, when to save and sample.
        """
        sums: dict[str, Tensor] = {}
        count, began = 0, time.monotonic()
        progress = tqdm(
            total=last,
            initial=self.step,
            disable=quiet,
            unit="step",
            mininterval=5,
            file=sys.stderr,
        )
        with progress:
            while self.step < last:
                if deadline is not None and time.monotonic() > deadline:
                    break
                stage, position = self.config.stage_at(self.step)
                self._enter(stage)
                self.trainer.set_rates(stage, position)
                for name, value in self.trainer.step(source.batch(self.step)).items():
                    sums[name] = sums[name] + value if name in sums else value
                self.step += 1
                count += 1
                progress.update()
                if count == LOG_EVERY:
                    now = time.monotonic()
                    self.seconds += now - began
                    report = {name: float(value) / count for name, value in sums.items()}
                    report["steps_per_second"] = count / (now - began)
                    self._log(report)
                    progress.set_postfix_str(_brief(report))
                    yield report
                    sums, count, began = {}, 0, time.monotonic()
        self.seconds += time.monotonic() - began

    def state(self) -> dict[str, Any]:
        """Everything that `resume` needs, as nested plain values and tensors."""
        trainer = self.trainer
        return {
            "version": STATE_VERSION,
            "config": json.dumps(self.config.as_dict()),
            "step": self.step,
            "seconds": self.seconds,
            "coarse": self._coarse,
            "frozen_trunk": trainer.frozen_trunk,
            "updates": trainer.updates,
            "networks": {name: net.state_dict() for name, net in trainer.networks.items()},
            "averaged": {name: net.state_dict() for name, net in self._averaged()},
            "optimizers": [
                trainer.generator_optimizer.state_dict(),
                trainer.discriminator_optimizer.state_dict(),
            ],
            "random": torch.get_rng_state(),
        }

    def save(self) -> None:
        """Write the whole state, atomically."""
        with atomic_file(self.folder / STATE, InputError) as file:
            torch.save(self.state(), file)

    def save_checkpoint(self, folder: Path, size: tuple[int, int]) -> None:
        """The averaged generator and encoder as a checkpoint that the editor opens.

        size: (height, width) of the frames it was trained on. The discriminator goes along, so
        that training can go on from there.
        """
        generator, encoder = self.trainer.averaged_generator, self.trainer.averaged_encoder
        coarse = isinstance(generator, GlobalGenerator)
        save_checkpoint(
            folder,
            generator=generator,
            generator_name="global" if coarse else self.config.generator,
            generator_config=generator.config,
            conditioning=self.config.conditioning,
            schema_name=self.config.schema,
            encoder=encoder,
            encoder_config=encoder.config if encoder is not None else None,
            discriminator=self.trainer.networks.discriminator,
            discriminator_config=self.trainer.networks.discriminator.config,
            facts={
                "steps": self.step,
                "size": list(size),
                "hours": round(self.seconds / 3600, 3),
                "device": _device_name(self.device),
                "configuration": self.config.as_dict(),
            },
            dtype=torch.float16,
        )

    def sample(self, data: Data) -> Path:
        """A sheet of label map, generated and true picture of held-out frames; returns its file."""
        stage, _ = self.config.stage_at(min(self.step, self.config.total_steps - 1))
        rows = []
        for files in data.held_out[:4]:
            frame = data.cache.get(files)
            height, width = (side // stage.reduce for side in frame.size)
            batch = stack([cut(frame, Crop(0, 0, height, width, mirrored=False), stage.reduce)])
            generated, real = self.trainer.generate(batch)[0], batch.picture[0]
            labels = batch.labels[0]
            maps = _shown(labels) if labels.ndim == 3 else data.palette[labels.cpu().numpy()]
            pictures = (maps, _shown(generated), _shown(real))
            rows.append(np.hstack([_small(picture) for picture in pictures]))
        path = self.folder / "samples" / f"{self.step:06d}.png"
        path.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))
        return path

    def start_from(self, checkpoint: Checkpoint) -> None:
        """Take over the weights of a checkpoint, to go on with it on other data or for longer.

        A global generator becomes the trunk of a local enhancer. Raises InputError when the
        architectures differ, naming both; a discriminator that differs starts afresh.
        """
        networks = self.trainer.networks
        generator, encoder = load_generator(checkpoint), load_encoder(checkpoint)
        if isinstance(generator, GlobalGenerator) and isinstance(networks.generator, LocalEnhancer):
            _require_equal(checkpoint, generator.config, networks.generator.config.global_config())
            adopt_trunk(networks.generator, generator)
        else:
            _require_equal(checkpoint, checkpoint.generator_config, networks.generator.config)
            networks.generator.load_state_dict(generator.state_dict())
        if networks.encoder is not None and encoder is not None:
            _require_equal(checkpoint, encoder.config, networks.encoder.config)
            networks.encoder.load_state_dict(encoder.state_dict())
        if checkpoint.discriminator_config == networks.discriminator.config:
            discriminator = load_discriminator(checkpoint)
            assert discriminator is not None
            networks.discriminator.load_state_dict(discriminator.state_dict())
        self._make_trainer(networks)

    def _enter(self, stage: Stage) -> None:
        """Make trainer and networks what the stage trains."""
        if self._coarse and stage.train != "global":
            full = build_networks(self.config)
            trained = self.trainer.networks
            adopt_trunk(full.generator, trained.generator)
            average = self.trainer.averaged_encoder
            full = Networks(full.generator, trained.discriminator, trained.encoder)
            self._coarse = False
            self._make_trainer(full)
            self.trainer.averaged_encoder = average
        if self.trainer.frozen_trunk != (stage.train == "enhancer"):
            self.trainer.freeze_trunk(stage.train == "enhancer")

    def _make_trainer(self, networks: Networks) -> None:
        losses = self.config.losses
        perceptual = load_perceptual_loss(losses.vgg_weights) if losses.perceptual else None
        self.trainer = Trainer(networks, self.config, self.device, perceptual)

    def _averaged(self) -> list[tuple[str, nn.Module]]:
        generator, encoder = self.trainer.averaged_generator, self.trainer.averaged_encoder
        found: list[tuple[str, nn.Module]] = [("generator", generator)]
        return found if encoder is None else [*found, ("encoder", encoder)]

    def _restore(self, state: dict[str, Any]) -> None:
        self.step, self.seconds = state["step"], state["seconds"]
        if self._coarse and not state["coarse"]:
            self._coarse = False
            self._make_trainer(build_networks(self.config))
        trainer = self.trainer
        trainer.updates = state["updates"]
        if state["frozen_trunk"]:
            trainer.freeze_trunk(True)
        for name, network in trainer.networks.items():
            network.load_state_dict(state["networks"][name])
        for name, network in self._averaged():
            network.load_state_dict(state["averaged"][name])
        if "optimizers" in state:  # not in parts
            trainer.generator_optimizer.load_state_dict(state["optimizers"][0])
            trainer.discriminator_optimizer.load_state_dict(state["optimizers"][1])
        torch.set_rng_state(state["random"])

    def _log(self, report: dict[str, float]) -> None:
        line = {"step": self.step, "seconds": round(self.seconds, 1)} | report
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True, slots=True)
class Data:
    """Training and held-out frames, the cache that decodes both, and colours for label maps."""

    training: list[FrameFiles]
    held_out: list[FrameFiles]
    cache: FrameCache
    palette: np.ndarray


def open_data(
    folder: Path, config: TrainingConfig, device: torch.device, *, growing: bool = False
) -> Data:
    """The frames of a data folder for a run.

    Without a test set the last four training frames, though trained on, stand in sample sheets.
    """
    rgb = config.conditioning.rgb
    schema = load_schema(config.schema)
    if not rgb and max(schema.ids) >= config.conditioning.label_channels:
        raise ConfigError(
            f"the schema {schema.name!r} has labels up to {max(schema.ids)}; set "
            f"conditioning.label_channels to {max(schema.ids) + 1} or more"
        )
    training = find_frames(folder, "train", rgb=rgb, growing=growing)
    if not training:
        raise InputError(f"{folder} holds no complete frame yet")
    try:
        held_out = find_frames(folder, "test", rgb=rgb)
    except InputError:
        held_out = training[-4:]
    cache = FrameCache(
        None if rgb else schema,
        device,
        rgb=rgb,
        reference=config.conditioning.spatial_reference,
        resize=_resizing(config),
        budget=config.data.resident_mib * 2**20,
    )
    return Data(training, held_out, cache, schema.palette)


def _resizing(config: TrainingConfig) -> Preprocess | None:
    if config.data.resize == "keep":
        return None
    sizes = network_sizes(config)
    return Preprocess(config.data.resize, config.data.load_size, multiple=sizes.multiple)


def _require_equal(checkpoint: Checkpoint, theirs: object, ours: object) -> None:
    if theirs != ours:
        raise InputError(
            f"{checkpoint.path} holds {theirs}, but this run is configured as {ours}; make the "
            "options equal"
        )


def _shown(tensor: Tensor) -> np.ndarray:
    return to_bytes(tensor.permute(1, 2, 0).clone()).cpu().numpy()


def _small(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, (768, 384), interpolation=cv2.INTER_AREA)


def _brief(report: dict[str, float]) -> str:
    shown = ("adversarial", "feature_matching", "reconstruction", "real", "fake")
    return " ".join(f"{name[:3]} {report[name]:.3f}" for name in shown if name in report)


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
