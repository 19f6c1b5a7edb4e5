"""Engine: paints a scene with a checkpoint's generator: previews of touches, and exact frames."""

from __future__ import annotations

import model.inference.process  # noqa: F401  must come before torch

# isort: split
import time
from collections.abc import Iterator, Sequence
from functools import partial, reduce

import cv2
import numpy as np

from model.checkpoint import Checkpoint
from model.device import AUTO, choose_target
from model.errors import InputError
from model.inference import thumbnails
from model.inference.executor import Executor, add_seconds, run
from model.inference.pace import Answer, Pace
from model.inference.plan.compiled import kernels, make_kernels
from model.inference.plan.plan import Plan, Recording
from model.inference.plan.regions import Halo, Regions
from model.inference.repaint import Pixels, Repainter
from model.inference.request import (
    BorrowRequest,
    Economy,
    EngineInfo,
    Limits,
    Previews,
    RenderResult,
    Superseded,
    Thumbnail,
    ThumbnailRequest,
    Trial,
    TrialRequest,
)
from model.inference.scene_copy import SceneCopy
from model.inference.sources import Sources
from model.inference.style_views import StyleViews
from model.scene.geometry import EMPTY, Rect
from model.scene.labels import LabelSchema, load_schema
from model.scene.scene import InstanceMap, LabelMap, Scene, ScenePatch, Style, Styles
from model.styles.borrow import Borrower

DEFAULT_HALO = Halo()
PEN_SCHEMA = "edges"
_NOTHING = np.zeros((0, 0, 3), np.uint8)


class Engine:
    """A Renderer over a checkpoint. All of it belongs to one thread.

    Instances without a style of their own are drawn with one from the checkpoint's style book,
    which the instance's id and `style_seed` decide; labels without clusters get zero features.
    So are those whose style is of a checkpoint with another number of features.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        device: str = AUTO,
        precision: str = AUTO,
        style_seed: int = 0,
        previews: Previews = "auto",
        halo: Halo | None = None,
        schema: LabelSchema | None = None,
        limits: Limits | None = None,
    ) -> None:
        """schema: in whose colours a checkpoint that takes pictures sees the labels.

        device, precision: as `choose_target` takes them. halo: of region previews. limits: of
        memory; when it runs out the engine saves some and goes on, see `Executor`.

        previews: "never" keeps no recordings; "region" and "half" always paint those; "auto"
        takes what is quickest by the times measured so far, if it is much quicker than exact.

        Raises:
            InputError: no such device or precision here, or the weights cannot be read
                (CheckpointError).
        """
        started = time.perf_counter()
        target = choose_target(device, precision)
        self._checkpoint = checkpoint
        self._conditioning = checkpoint.conditioning
        self._executor = Executor(checkpoint, target, limits or Limits())
        painter = self._executor.painter
        paints = isinstance(painter, Plan) and painter.use_kernels
        if paints or self._conditioning.reference_channels:
            make_kernels()
        palette = (schema or load_schema(PEN_SCHEMA)).palette
        self._sources = Sources(self._executor, checkpoint, palette, style_seed)
        self._repainter: Repainter | None = None
        if isinstance(self._executor.painter, Plan) and previews != "never":
            features = checkpoint.conditioning.feature_channels
            self._repainter = Repainter(self._executor, features, halo or DEFAULT_HALO)
            self._executor.release = self._repainter.drop_recording
        self._borrower: Borrower | None = None  # until a photo is shown
        self._previews: Previews = previews
        self._pace = Pace()
        self._scene = SceneCopy()
        self._waiting = EMPTY  # what was touched since the newest picture, preview or exact
        self._may_give_up = False
        self._views = StyleViews(
            self._executor,
            self._sources,
            self._scene,
            checkpoint.conditioning.feature_channels,
            self._repainter,
            lambda: self._waiting,
        )
        self._info = EngineInfo(
            checkpoint_name=checkpoint.name,
            device=str(target.device),
            precision=target.precision,
            schema_name=checkpoint.schema_name,
            style_book=checkpoint.style_book,
            has_encoder=checkpoint.encoder_config is not None,
            load_seconds=time.perf_counter() - started,
            features=checkpoint.conditioning.feature_channels,
            identity=self._executor.identity,
        )

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def style_seed(self) -> int:
        return self._sources.style_seed

    @style_seed.setter
    def style_seed(self, seed: int) -> None:
        self._sources.style_seed = seed

    @property
    def economies(self) -> tuple[Economy, ...]:
        """What the newest picture saved memory on."""
        return self._executor.economies

    def render(self, patch: ScenePatch, superseded: Superseded) -> Iterator[RenderResult]:
        """Yields a preview where that pays, then the whole frame, final.

        The final one is left out when superseded while painting. Without previews a frame is
        finished in any case when the one before was given up, or is the first of its size:
        however fast somebody paints, every second frame arrives.
        """
        started = time.perf_counter()
        self._check_labels(patch.labels)
        self._take(patch)
        stages = {"scene": time.perf_counter() - started}
        preview = self._preview(patch.revision, started, stages)
        if preview is not None:
            yield preview
            if superseded():
                return
            started, stages = time.perf_counter(), {}
        give_up = superseded if self._may_give_up or preview is not None else _never
        pixels = self._exact(give_up, stages)
        self._may_give_up = pixels is not None
        if pixels is not None:
            seconds = time.perf_counter() - started
            self._pace.exact_took(seconds)
            yield self._result(patch.revision, self._scene.bounds, pixels, True, seconds, stages)

    def in_place(
        self, instance_id: int, rect: Rect, styles: Sequence[Style], superseded: Superseded
    ) -> Iterator[Pixels]:
        """See `StyleViews.in_place`."""
        return self._views.in_place(instance_id, rect, styles, superseded)

    def thumbnails(self, request: ThumbnailRequest, superseded: Superseded) -> Iterator[Thumbnail]:
        """See `StyleViews.thumbnails`."""
        return self._views.thumbnails(request, superseded)

    def trial(self, request: TrialRequest, superseded: Superseded) -> Trial | None:
        """See `StyleViews.trial`."""
        return self._views.trial(request, superseded)

    def borrow(self, request: BorrowRequest) -> Styles:
        """The styles of a photo's regions; the encoder is loaded for the first one.

        Raises CheckpointError when the checkpoint has no encoder.
        """
        if self._borrower is None:
            self._borrower = Borrower(self._checkpoint, self._executor.target.device)
        return self._borrower.styles(request.photo, request.regions)

    def picture(self, scene: Scene) -> Pixels:
        """The whole exact frame of a scene, (H, W, 3) uint8 RGB; patches play no part in it.

        Raises InputError for styles of another checkpoint, which are passed over in an editor,
        where somebody sees what becomes of them.
        """
        self._check_styles(scene.styles)
        pixels = self.picture_unless(scene, _never)
        assert pixels is not None
        return pixels

    def picture_unless(self, scene: Scene, superseded: Superseded) -> Pixels | None:
        """As the final frame of render(), but None when superseded before it is finished."""
        kernels(wait=True)  # the same picture every time, to the last bit
        self._check_labels(scene.label_map)
        source = self._sources.of(scene.label_map, scene.instance_map, scene.styles)
        return self._executor.paint(source, superseded)

    def draft(self, scene: Scene) -> Pixels:
        """The scene painted at half its size and enlarged: (H, W, 3) uint8 RGB, much quicker."""
        height, width = scene.size
        small = Scene(
            scene.schema,
            *thumbnails.reduced(scene.label_map, scene.instance_map, 0.5),
            scene.styles,
        )
        whole = cv2.resize(self.picture(small), (width, height), interpolation=cv2.INTER_LINEAR)
        return whole.astype(np.uint8, copy=False)

    def translated(self, picture: Pixels, instances: InstanceMap | None = None) -> Pixels:
        """What a checkpoint that takes pictures makes of one, (H, W, 3) uint8 RGB both.

        Raises ValueError for a checkpoint that takes label maps.
        """
        if not self._conditioning.rgb:
            raise ValueError("this checkpoint takes label maps")
        ids = np.zeros(picture.shape[:2], np.int32) if instances is None else instances
        pixels = self._executor.paint(self._sources.of(picture, ids, {}), _never)
        assert pixels is not None
        return pixels

    def _check_labels(self, labels: LabelMap) -> None:
        channels = self._conditioning.label_channels
        highest = int(labels.max()) if labels.size else 0
        if highest >= channels and not self._conditioning.rgb:
            raise InputError(
                f"The scene holds label {highest}, but {self._checkpoint.path} knows only labels "
                f"0 to {channels - 1}; relabel it or choose another checkpoint."
            )

    def _check_styles(self, styles: Styles) -> None:
        features = self._conditioning.feature_channels
        for instance_id, style in styles.items():
            if features and len(style.vector) != features:
                raise InputError(
                    f"The style of instance {instance_id} has {len(style.vector)} numbers, but "
                    f"{self._checkpoint.path} takes {features}; choose that style anew."
                )

    def _take(self, patch: ScenePatch) -> None:
        """Writes the patch into the scene and notes what it touches."""
        if patch.size != self._scene.size:
            self._may_give_up = False
            self._pace.forget()
            if self._repainter is not None:
                self._repainter.forget()
        before = self._scene.styles
        self._scene.take(patch)
        touched = patch.rect.grown(1)  # so far a boundary can change
        if patch.styles is not before:
            ids = before.keys() | patch.styles.keys()
            changed = [key for key in ids if before.get(key) != patch.styles.get(key)]
            touched = reduce(Rect.union, map(self._scene.extent, changed), touched)
        height, width = self._scene.size
        self._waiting = self._waiting.union(touched).clipped(width, height)

    def _exact(self, give_up: Superseded, stages: dict[str, float]) -> Pixels | None:
        started = time.perf_counter()
        scene = self._scene
        source = self._sources.of(scene.labels, scene.instances, scene.styles)
        add_seconds(stages, "scene", started)
        recording = None if self._repainter is None else Recording()
        pixels = self._executor.paint(source, give_up, stages, recording)
        if pixels is not None:
            self._waiting = EMPTY
            if self._repainter is not None and recording is not None:
                self._repainter.begin(recording, source, pixels)
        return pixels

    def _preview(
        self, revision: int, started: float, stages: dict[str, float]
    ) -> RenderResult | None:
        """A preview of all that waits, if there can be one and it pays."""
        repainter = self._repainter
        if repainter is None or not repainter.ready or not self._waiting:
            return None
        regions = repainter.regions(self._waiting)
        share = repainter.share(regions) if repainter.recorded else None
        answer = self._pace.choose(share) if self._previews == "auto" else Answer(self._previews)
        if answer is Answer.EXACT or (answer is Answer.REGION and share is None):
            return None
        paint = self._region if answer is Answer.REGION else self._half
        rect, pixels = self._executor.attempt(
            partial(paint, regions, stages), self._grid, (EMPTY, _NOTHING)
        )
        if not rect:  # memory ran out
            return None
        self._waiting = EMPTY if answer is Answer.REGION else self._waiting
        seconds = time.perf_counter() - started
        if answer is Answer.REGION:
            self._pace.region_took(share or 0.0, seconds)
        else:
            self._pace.half_took(seconds)
        return self._result(revision, rect, pixels, False, seconds, stages)

    @property
    def _grid(self) -> tuple[int, int]:
        return self._executor.frame_size.padded(self._scene.size)

    def _result(
        self,
        revision: int,
        rect: Rect,
        pixels: Pixels,
        final: bool,
        seconds: float,
        stages: dict[str, float],
    ) -> RenderResult:
        painter = self._executor.painter
        compiled = isinstance(painter, Plan) and painter.compiled
        return RenderResult(
            revision,
            rect,
            pixels,
            final,
            seconds,
            stages,
            economies=self.economies,
            compiled=compiled,
        )

    def _region(self, regions: Regions, stages: dict[str, float]) -> tuple[Rect, Pixels]:
        assert self._repainter is not None
        style_of = partial(self._sources.vector, self._scene.styles)
        done = run(self._repainter.preview(self._scene, regions, style_of), _never, stages)
        assert done is not None
        return done

    def _half(self, regions: Regions, stages: dict[str, float]) -> tuple[Rect, Pixels]:
        """The touched part of the whole frame painted at half its size."""
        assert self._repainter is not None
        source = self._sources.halved(self._scene, self._scene.styles)
        pixels = self._executor.paint(source, _never, stages)
        assert pixels is not None
        return self._repainter.show_half(pixels, regions)


def _never() -> bool:
    return False
