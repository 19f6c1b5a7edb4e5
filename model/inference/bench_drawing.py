"""Drawing: a touch answered by a preview and by an exact frame, both timed, for `bench engine`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch

from model.conditioning import ConditioningConfig
from model.device import Target
from model.inference.frame import FrameSize, make_frame
from model.inference.painter import Painter, frame_size, make_painter
from model.inference.plan.channels import channels
from model.inference.plan.plan import Plan, Recording
from model.inference.plan.regions import Halo
from model.inference.repaint import Pixels, Repainter
from model.inference.scene_copy import SceneCopy
from model.networks.local_enhancer import LocalEnhancer
from model.pixels import to_bytes
from model.scene.geometry import Rect
from model.scene.scene import InstanceMap, LabelMap, ScenePatch

_CAR = 26


@dataclass(frozen=True, slots=True)
class Touch:
    """Seconds of both answers, and how they differ inside the touch (255 is the largest value)."""

    preview: float
    exact: float
    square_error: float
    difference: float


@dataclass(frozen=True, slots=True)
class _Means:
    painter: Painter
    frame_size: FrameSize


class Drawing:
    """A scene into which discs are painted, as the engine does it, one by one."""

    def __init__(
        self,
        generator: LocalEnhancer,
        conditioning: ConditioningConfig,
        target: Target,
        labels: LabelMap,
        instances: InstanceMap,
    ) -> None:
        self._conditioning = conditioning
        self._frame_size = frame_size(generator)
        plan = make_painter(generator, conditioning, target)
        assert isinstance(plan, Plan)
        self._plan = plan
        features = conditioning.feature_channels
        self._repainter = Repainter(_Means(plan, self._frame_size), features, Halo())
        self._styles = np.random.default_rng(0).uniform(-1, 1, (1000, features))
        self._scene = SceneCopy()
        self._labels, self._instances = labels, instances
        self._exact(Rect(0, 0, labels.shape[1], labels.shape[0]))

    @property
    def recorded_bytes(self) -> int:
        """What is remembered of the last exact frame."""
        return self._repainter.bytes

    def touch(self, diameter: int) -> Touch:
        """A disc on the road, painted over the untouched scene."""
        height, width = self._labels.shape
        rows, columns = np.mgrid[:height, :width]
        centre = 0.62 * height, 0.44 * width
        disc = np.hypot(rows - centre[0], columns - centre[1]) <= diameter / 2
        rect = Rect.around(disc)
        before = self._labels.copy(), self._instances.copy()
        self._labels[disc], self._instances[disc] = _CAR, 1000 * _CAR + 999
        self._take(rect)
        started = time.perf_counter()
        shown, pixels = self._preview(rect.grown(1).clipped(width, height))
        middle = time.perf_counter()
        picture = self._exact(rect)
        seconds = time.perf_counter() - middle
        painted = disc[shown.slices]
        error = (pixels.astype(np.float32) - picture[shown.slices])[painted]
        self._labels, self._instances = before
        self._exact(rect)
        return Touch(
            middle - started, seconds, float(np.square(error).mean()), float(abs(error).mean())
        )

    def _take(self, rect: Rect) -> None:
        maps = self._labels[rect.slices].copy(), self._instances[rect.slices].copy()
        self._scene.take(ScenePatch(self._labels.shape, rect, *maps, {}, 0))

    def _style(self, instance_id: int) -> tuple[float, ...]:
        return tuple(self._styles[instance_id % 1000])

    def _preview(self, touched: Rect) -> tuple[Rect, Pixels]:
        regions = self._repainter.regions(touched)
        work = self._repainter.preview(self._scene, regions, self._style)
        with torch.inference_mode():
            while True:
                try:
                    next(work)
                except StopIteration as done:
                    return done.value

    def _exact(self, rect: Rect) -> Pixels:
        self._take(rect)
        known, scene = self._conditioning, self._scene
        frame = make_frame(
            scene.labels,
            scene.instances,
            self._frame_size,
            reference=known.spatial_reference,
            surface=known.surface,
            channels=channels(),
        )
        frame = frame.styled(self._style, self._conditioning.feature_channels)
        recording = Recording()
        work = self._plan.paint(frame, recording)
        with torch.inference_mode():
            while True:
                try:
                    next(work)
                except StopIteration as done:
                    picture = to_bytes(done.value).cpu().numpy()
                    break
        self._repainter.begin(recording, frame, picture)
        return picture
