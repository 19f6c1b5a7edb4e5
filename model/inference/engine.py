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
from model.inference import thumbnails, trial
from model.inference.executor import Executor, add_seconds, run
from model.inference.pace import Answer, Pace
from model.inference.plan.compiled import kernels, load_kernels
from model.inference.plan.plan import Plan, Recording, Source
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
from model.scene.geometry import EMPTY, Rect
from model.scene.labels import LabelSchema, label_of, load_schema
from model.scene.scene import InstanceMap, LabelMap, Scene, ScenePatch, Style, Styles
from model.styles.borrow import Borrower

DEFAULT_HALO = Halo()
PEN_SCHEMA = "edges"
_NOTHING = np.zeros((0, 0, 3), np.uint8)
BATCH_PIXELS = 1 << 19  # of the maps that are painted in several styles at once


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
        self.style_seed = style_seed
        self._checkpoint = checkpoint
        self._conditioning = checkpoint.conditioning
        self._palette = (schema or load_schema(PEN_SCHEMA)).palette
        self._executor = Executor(checkpoint, target, limits or Limits())
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
        self._check(patch.labels, patch.styles)
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
            painter = self._executor.painter
            if isinstance(painter, Plan) and painter.use_kernels:
                load_kernels()  # while nobody waits

    def in_place(
        self, instance_id: int, rect: Rect, styles: Sequence[Style], superseded: Superseded
    ) -> Iterator[Pixels]:
        """The picture inside `rect` with one instance in each of several styles, full size.

        Previews: painted into the last frame, which stays as it is, all styles at once as far
        as `BATCH_PIXELS` allow. Yields (rect.height, rect.width, 3) uint8 for each style in turn;
        ends early when superseded. Whole frames are painted where there is no recording.

        rect: inside the scene. The effect of the style outside of it is not painted.
        """
        if not self._conditioning.feature_channels:
            return
        repainter, regions = self._repainter, self._in_place_regions(instance_id, rect)
        if repainter is None or regions is None:
            yield from self._cut_out(self._scene, instance_id, rect, styles, superseded)
            return
        yield from self._in_styles(
            repainter, self._scene, regions, instance_id, rect, styles, superseded
        )

    def _in_styles(
        self,
        repainter: Repainter,
        scene: SceneCopy,
        regions: Regions,
        instance_id: int,
        rect: Rect,
        styles: Sequence[Style],
        superseded: Superseded,
    ) -> Iterator[Pixels]:
        """What `in_place` yields, of a scene that the repainter has a recorded frame of."""
        batch = max(1, BATCH_PIXELS // max(1, regions.maps.width * regions.maps.height))
        inside = rect.slices_in(regions.picture)
        grid = self._executor.frame_size.padded(scene.size)
        for start in range(0, len(styles), batch):
            stylings = [
                partial(self._vector, {**scene.styles, instance_id: style})
                for style in styles[start : start + batch]
            ]
            work = partial(run, repainter.in_place(scene, regions, stylings), superseded)
            pictures = self._executor.attempt(work, grid, [])
            if pictures == []:  # memory ran out
                yield from self._cut_out(scene, instance_id, rect, styles[start:], superseded)
                return
            if pictures is None:
                return
            yield from (picture[inside] for picture in pictures)

    def thumbnails(self, request: ThumbnailRequest, superseded: Superseded) -> Iterator[Thumbnail]:
        """The instance in place in each style; nothing if the generator takes no features.

        Raises:
            ValueError: no patch came yet.
        """
        if self._scene.revision < 0:
            raise ValueError("thumbnails of no scene: render a patch first")
        if not self._conditioning.feature_channels:
            return
        height, width = self._scene.size
        window = thumbnails.window(request.rect, 1.0, width, height)
        if self.in_place_share(request.instance_id, window) <= thumbnails.SHARE:
            painted = self.in_place(request.instance_id, window, request.styles, superseded)
            inside = self._scene.instances[window.slices] == request.instance_id
            for style, picture in zip(request.styles, painted, strict=False):
                pixels = thumbnails.fitted(picture, request.height)
                color = thumbnails.mean_color(picture, inside)
                yield Thumbnail(request.revision, request.instance_id, style, pixels, color)
            return
        yield from self._reduced_thumbnails(request, superseded)

    def borrow(self, request: BorrowRequest) -> Styles:
        """The styles of a photo's regions; the encoder is loaded for the first one.

        Raises CheckpointError when the checkpoint has no encoder.
        """
        if self._borrower is None:
            self._borrower = Borrower(self._checkpoint, self._executor.target.device)
        return self._borrower.styles(request.photo, request.regions)

    def _reduced_thumbnails(
        self, request: ThumbnailRequest, superseded: Superseded
    ) -> Iterator[Thumbnail]:
        """Out of the scene painted small: in every style, or where that costs too much once and
        the styles into that, with the statistics of the style it has."""
        scene, small = self._scene, SceneCopy()
        factor = thumbnails.reduction(scene.labels.shape[1], request.rect)
        maps = thumbnails.reduced(scene.labels, scene.instances, factor)
        height, width = maps[0].shape
        bounds = Rect(0, 0, width, height)
        small.take(ScenePatch((height, width), bounds, *maps, scene.styles, scene.revision))
        place = thumbnails.window(request.rect, factor, width, height)
        inside = small.instances[place.slices] == request.instance_id
        painted = self._small_in_styles(small, request, place, superseded)
        for style, picture in zip(request.styles, painted, strict=False):
            pixels = thumbnails.fitted(picture, request.height)
            color = thumbnails.mean_color(picture, inside)
            yield Thumbnail(request.revision, request.instance_id, style, pixels, color)

    def _small_in_styles(
        self, small: SceneCopy, request: ThumbnailRequest, place: Rect, superseded: Superseded
    ) -> Iterator[Pixels]:
        """The picture inside `place` of a reduced scene, in every style."""
        instance_id, styles = request.instance_id, request.styles
        extent = Rect.around(small.instances == instance_id)
        cheap = small.labels.size < thumbnails.FEW_PIXELS * self._scene.labels.size
        if self._repainter is not None and extent and not cheap:
            recording = Recording()
            source = self._source(small.labels, small.instances, small.styles)
            picture = self._executor.paint(source, superseded, None, recording)
            if picture is None:
                return
            channels = self._conditioning.feature_channels
            repainter = Repainter(self._executor, channels, self._repainter.halo)
            repainter.begin(recording, source, picture)
            if repainter.recorded:
                regions = repainter.regions(extent, place)
                yield from self._in_styles(
                    repainter, small, regions, instance_id, place, styles, superseded
                )
                return
        yield from self._cut_out(small, instance_id, place, styles, superseded)

    def trial(self, request: TrialRequest, superseded: Superseded) -> Trial | None:
        """The instance in the style in place, or out of the frame painted at half its size."""
        height, width = self._scene.size
        rect = self._extent(request.instance_id).grown(trial.FEATHER).clipped(width, height)
        inside = self._scene.instances[rect.slices] == request.instance_id
        if not (self._conditioning.feature_channels and inside.any()):
            return None
        if self.in_place_share(request.instance_id, rect) <= trial.SHARE:
            painted = self.in_place(request.instance_id, rect, [request.style], superseded)
            pixels = next(painted, None)
        else:
            styles = {**self._scene.styles, request.instance_id: request.style}
            picture = self._halved(styles, superseded, {})
            pixels = None if picture is None else trial.enlarged(picture, (height, width))
            pixels = None if pixels is None else pixels[rect.slices]
        if pixels is None:
            return None
        return Trial(request, rect, trial.laid_over(pixels, inside))

    def in_place_share(self, instance_id: int, rect: Rect) -> float:
        """What one picture of `in_place` costs, as a share of a whole frame's multiplications."""
        regions = self._in_place_regions(instance_id, rect)
        if self._repainter is None or regions is None:
            return 1.0
        return self._repainter.share(regions)

    def _in_place_regions(self, instance_id: int, rect: Rect) -> Regions | None:
        """None where there is no recording of the scene as it is."""
        repainter = self._repainter
        if repainter is None or not repainter.recorded or self._waiting:
            return None
        reach = rect.grown(max(repainter.halo.coarse, repainter.halo.fine))
        return repainter.regions(self._extent(instance_id).intersection(reach), rect)

    def picture(self, scene: Scene) -> Pixels:
        """The whole exact frame of a scene, (H, W, 3) uint8 RGB; patches play no part in it."""
        pixels = self.picture_unless(scene, _never)
        assert pixels is not None
        return pixels

    def picture_unless(self, scene: Scene, superseded: Superseded) -> Pixels | None:
        """As picture(), but None when superseded before it is finished."""
        kernels(wait=True)  # the same picture every time, to the last bit
        self._check(scene.label_map, scene.styles)
        source = self._source(scene.label_map, scene.instance_map, scene.styles)
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
        pixels = self._executor.paint(self._source(picture, ids, {}), _never)
        assert pixels is not None
        return pixels

    def _check(self, labels: LabelMap, styles: Styles) -> None:
        channels = self._conditioning.label_channels
        highest = int(labels.max()) if labels.size else 0
        if highest >= channels and not self._conditioning.rgb:
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

    def _source(self, labels: LabelMap, instances: InstanceMap, styles: Styles) -> Source:
        seen = self._palette[labels] if self._conditioning.rgb and labels.ndim == 2 else labels
        return self._styled(self._executor.source(seen, instances), styles)

    def _styled(self, source: Source, styles: Styles) -> Source:
        return source.styled(partial(self._vector, styles), self._conditioning.feature_channels)

    def _vector(self, styles: Styles, instance_id: int) -> tuple[float, ...] | None:
        style, book = styles.get(instance_id), self._checkpoint.style_book
        if style is None and book is not None:
            style = book.draw(label_of(instance_id), instance_id, self.style_seed)
        return None if style is None else style.vector

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
            touched = reduce(Rect.union, map(self._extent, changed), touched)
        height, width = self._scene.size
        self._waiting = self._waiting.union(touched).clipped(width, height)

    def _extent(self, instance_id: int) -> Rect:
        return Rect.around(self._scene.instances == instance_id)

    def _exact(self, give_up: Superseded, stages: dict[str, float]) -> Pixels | None:
        started = time.perf_counter()
        scene = self._scene
        source = self._source(scene.labels, scene.instances, scene.styles)
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
        style_of = partial(self._vector, self._scene.styles)
        done = run(self._repainter.preview(self._scene, regions, style_of), _never, stages)
        assert done is not None
        return done

    def _half(self, regions: Regions, stages: dict[str, float]) -> tuple[Rect, Pixels]:
        """The touched part of the whole frame painted at half its size."""
        assert self._repainter is not None
        pixels = self._halved(self._scene.styles, _never, stages)
        assert pixels is not None
        return self._repainter.show_half(pixels, regions)

    def _halved(
        self, styles: Styles, give_up: Superseded, stages: dict[str, float]
    ) -> Pixels | None:
        """The whole scene in some styles, painted at half its size."""
        labels, instances = thumbnails.reduced(self._scene.labels, self._scene.instances, 0.5)
        source = self._source(labels, instances, styles)
        return self._executor.paint(source, give_up, stages)

    def _cut_out(
        self,
        scene: SceneCopy,
        instance_id: int,
        rect: Rect,
        styles: Sequence[Style],
        superseded: Superseded,
    ) -> Iterator[Pixels]:
        """As `_in_styles`, out of whole frames: where nothing is recorded."""
        source = self._source(scene.labels, scene.instances, scene.styles)
        for style in styles:
            source = self._styled(source, {**scene.styles, instance_id: style})
            picture = None if superseded() else self._executor.paint(source, superseded)
            if picture is None:
                return
            yield picture[rect.slices]


def _never() -> bool:
    return False
