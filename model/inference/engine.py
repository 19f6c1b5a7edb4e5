"""Engine: paints whole frames of a scene with a checkpoint's generator, exactly, on a device."""

from __future__ import annotations

import model.inference.process  # noqa: F401  must come before torch

# isort: split
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.checkpoint import Checkpoint, load_generator
from model.device import AUTO, choose_target, configure
from model.errors import InputError
from model.inference import thumbnails
from model.inference.frame import Frame, make_frame
from model.inference.painter import frame_size, make_painter
from model.inference.request import (
    EngineInfo,
    RenderResult,
    Superseded,
    Thumbnail,
    ThumbnailRequest,
)
from model.inference.scene_copy import SceneCopy
from model.pixels import to_bytes
from model.scene.labels import label_of
from model.scene.scene import InstanceMap, LabelMap, Scene, ScenePatch, Styles

Pixels = NDArray[np.uint8]


class Engine:
    """A Renderer over a checkpoint. All of it belongs to one thread.

    Instances without a style of their own are drawn with one from the checkpoint's style book,
    which the instance's id and `style_seed` decide; labels without clusters get zero features.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        device: str = AUTO,
        precision: str = AUTO,
        style_seed: int = 0,
    ) -> None:
        """device, precision: as `choose_target` takes them.

        Raises:
            InputError: no such device or precision here, the weights cannot be read
                (CheckpointError), or the checkpoint takes pictures instead of label maps.
        """
        started = time.perf_counter()
        if checkpoint.conditioning.rgb:
            raise InputError(
                f"{checkpoint.path} turns pictures into pictures and cannot paint label maps; "
                "choose another checkpoint."
            )
        target = choose_target(device, precision)
        configure(target)
        generator = load_generator(checkpoint)
        self.style_seed = style_seed
        self._checkpoint = checkpoint
        self._conditioning = checkpoint.conditioning
        self._frame_size = frame_size(generator)
        self._painter = make_painter(generator, checkpoint.conditioning, target)
        self._scene = SceneCopy()
        self._may_give_up = False
        self._info = EngineInfo(
            checkpoint_name=checkpoint.name,
            device=str(target.device),
            precision=target.precision,
            schema_name=checkpoint.schema_name,
            style_book=checkpoint.style_book,
            has_encoder=checkpoint.encoder_config is not None,
            load_seconds=time.perf_counter() - started,
        )

    @property
    def info(self) -> EngineInfo:
        return self._info

    def render(self, patch: ScenePatch, superseded: Superseded) -> Iterator[RenderResult]:
        """Yields the whole frame, final; or nothing when superseded while painting.

        A frame is finished in any case when the one before was given up, or is the first of its
        size: however fast somebody paints, every second frame arrives.
        """
        started = time.perf_counter()
        if patch.size != self._scene.size:
            self._may_give_up = False
        self._check(patch.labels, patch.styles)
        self._scene.take(patch)
        frame = self._frame(self._scene.labels, self._scene.instances, self._scene.styles)
        stages = {"scene": time.perf_counter() - started}
        give_up = superseded if self._may_give_up else _never
        pixels = self._paint(frame, give_up, stages)
        self._may_give_up = pixels is not None
        if pixels is not None:
            seconds = time.perf_counter() - started
            yield RenderResult(patch.revision, self._scene.bounds, pixels, True, seconds, stages)

    def thumbnails(self, request: ThumbnailRequest, superseded: Superseded) -> Iterator[Thumbnail]:
        """One reduced whole frame for each style; nothing if the generator takes no features.

        Raises:
            ValueError: no patch came yet.
        """
        if self._scene.revision < 0:
            raise ValueError("thumbnails of no scene: render a patch first")
        if not self._conditioning.feature_channels:
            return
        labels, instances, styles = self._scene.labels, self._scene.instances, self._scene.styles
        factor = thumbnails.reduction(labels.shape[1], request.rect)
        frame = self._frame(*thumbnails.reduced(labels, instances, factor), styles)
        for index, style in enumerate(request.styles):
            frame = self._styled(frame, {**styles, request.instance_id: style})
            picture = None if superseded() else self._paint(frame, superseded)
            if picture is None:
                return
            pixels = thumbnails.cut_out(picture, request.rect, factor, request.height)
            yield Thumbnail(request.revision, request.instance_id, index, pixels)

    def picture(self, scene: Scene) -> Pixels:
        """The whole exact frame of a scene, (H, W, 3) uint8 RGB; patches play no part in it."""
        self._check(scene.label_map, scene.styles)
        pixels = self._paint(self._frame(scene.label_map, scene.instance_map, scene.styles), _never)
        assert pixels is not None
        return pixels

    def _check(self, labels: LabelMap, styles: Styles) -> None:
        channels = self._conditioning.label_channels
        highest = int(labels.max()) if labels.size else 0
        if highest >= channels:
            raise InputError(
                f"The scene holds label {highest}, but {self._checkpoint.path} knows only labels "
                f"0 to {channels - 1}; relabel it or choose another checkpoint."
            )
        features = self._conditioning.feature_channels
        for instance_id, style in styles.items():
            if features and len(style.vector) != features:
                raise InputError(
                    f"The style of instance {instance_id} has {len(style.vector)} numbers, but "
                    f"{self._checkpoint.path} takes {features}; choose that style anew."
                )

    def _frame(self, labels: LabelMap, instances: InstanceMap, styles: Styles) -> Frame:
        reference = self._conditioning.spatial_reference
        frame = make_frame(labels, instances, self._frame_size, reference=reference)
        return self._styled(frame, styles)

    def _styled(self, frame: Frame, styles: Styles) -> Frame:
        return frame.styled(partial(self._vector, styles), self._conditioning.feature_channels)

    def _vector(self, styles: Styles, instance_id: int) -> tuple[float, ...] | None:
        style, book = styles.get(instance_id), self._checkpoint.style_book
        if style is None and book is not None:
            style = book.draw(label_of(instance_id), instance_id, self.style_seed)
        return None if style is None else style.vector

    def _paint(
        self, frame: Frame, give_up: Superseded, stages: dict[str, float] | None = None
    ) -> Pixels | None:
        """The picture of a frame, or None when given up between two layer groups.

        stages: takes the seconds of each; on an accelerator those are of asking, not of doing.
        """
        stages = {} if stages is None else stages
        painting = self._painter.paint(frame)
        while True:
            started = time.perf_counter()
            with torch.inference_mode():  # not across the loop: callers' code runs in between
                try:
                    stage = next(painting)
                except StopIteration as done:
                    pixels = _fetched(to_bytes(done.value), frame.size)
                    _add(stages, "picture", started)
                    return pixels
            _add(stages, stage, started)
            if give_up():
                painting.close()
                return None


def _never() -> bool:
    return False


def _add(stages: dict[str, float], stage: str, started: float) -> None:
    stages[stage] = stages.get(stage, 0.0) + time.perf_counter() - started


def _fetched(picture: Tensor, size: tuple[int, int]) -> Pixels:
    """The upper left (height, width) of the padded picture, in ordinary memory."""
    height, width = size
    picture = picture[:height, :width].contiguous()
    if picture.device.type != "cuda":
        return picture.cpu().numpy()
    pinned = torch.empty(picture.shape, dtype=torch.uint8, pin_memory=True)
    return pinned.copy_(picture).numpy()
