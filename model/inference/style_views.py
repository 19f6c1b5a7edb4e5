"""StyleViews: one instance in styles that it does not have: in place, as thumbnails, on trial.

What they show is a preview; the scene stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from model.inference import thumbnails, trial
from model.inference.executor import Executor, run
from model.inference.plan.plan import Recording
from model.inference.plan.regions import Regions
from model.inference.repaint import Pixels, Repainter
from model.inference.request import Superseded, Thumbnail, ThumbnailRequest, Trial, TrialRequest
from model.inference.scene_copy import SceneCopy
from model.inference.sources import Sources
from model.scene.geometry import Rect
from model.scene.scene import ScenePatch, Style

BATCH_PIXELS = 1 << 19  # of the maps that are painted in several styles at once


class StyleViews:
    def __init__(
        self,
        executor: Executor,
        sources: Sources,
        scene: SceneCopy,
        channels: int,
        repainter: Repainter | None,
        stale: Callable[[], object],
    ) -> None:
        """channels: features that the generator takes; stale: true while the last frame is not
        of the scene as it is.
        """
        self._executor = executor
        self._sources = sources
        self._scene = scene
        self._channels = channels
        self._repainter = repainter
        self._stale = stale

    def in_place(
        self, instance_id: int, rect: Rect, styles: Sequence[Style], superseded: Superseded
    ) -> Iterator[Pixels]:
        """The picture inside `rect` with one instance in each of several styles, full size.

        Previews: painted into the last frame, which stays as it is, all styles at once as far
        as `BATCH_PIXELS` allow. Yields (rect.height, rect.width, 3) uint8 for each style in turn;
        ends early when superseded. Whole frames are painted where there is no recording.

        rect: inside the scene. The effect of the style outside of it is not painted.
        """
        if not self._channels:
            return
        repainter, regions = self._repainter, self._regions(instance_id, rect)
        if repainter is None or regions is None:
            yield from self.cut_out(self._scene, instance_id, rect, styles, superseded)
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
                partial(self._sources.vector, {**scene.styles, instance_id: style})
                for style in styles[start : start + batch]
            ]
            work = partial(run, repainter.in_place(scene, regions, stylings), superseded)
            pictures = self._executor.attempt(work, grid, [])
            if pictures == []:  # memory ran out
                yield from self.cut_out(scene, instance_id, rect, styles[start:], superseded)
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
        if not self._channels:
            return
        height, width = self._scene.size
        window = thumbnails.window(request.rect, 1.0, width, height)
        if self.share(request.instance_id, window) <= thumbnails.SHARE:
            painted = self.in_place(request.instance_id, window, request.styles, superseded)
            inside = self._scene.instances[window.slices] == request.instance_id
            for style, picture in zip(request.styles, painted, strict=False):
                pixels = thumbnails.fitted(picture, request.height)
                color = thumbnails.mean_color(picture, inside)
                yield Thumbnail(request.revision, request.instance_id, style, pixels, color)
            return
        yield from self._reduced_thumbnails(request, superseded)

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
            source = self._sources.of(small.labels, small.instances, small.styles)
            picture = self._executor.paint(source, superseded, None, recording)
            if picture is None:
                return
            channels = self._channels
            repainter = Repainter(self._executor, channels, self._repainter.halo)
            repainter.begin(recording, source, picture)
            if repainter.recorded:
                regions = repainter.regions(extent, place)
                yield from self._in_styles(
                    repainter, small, regions, instance_id, place, styles, superseded
                )
                return
        yield from self.cut_out(small, instance_id, place, styles, superseded)

    def trial(self, request: TrialRequest, superseded: Superseded) -> Trial | None:
        """The instance in the style in place, or out of the frame painted at half its size."""
        height, width = self._scene.size
        rect = self._scene.extent(request.instance_id).grown(trial.FEATHER).clipped(width, height)
        inside = self._scene.instances[rect.slices] == request.instance_id
        if not (self._channels and inside.any()):
            return None
        if self.share(request.instance_id, rect) <= trial.SHARE:
            painted = self.in_place(request.instance_id, rect, [request.style], superseded)
            pixels = next(painted, None)
        else:
            styles = {**self._scene.styles, request.instance_id: request.style}
            source = self._sources.halved(self._scene, styles)
            picture = self._executor.paint(source, superseded)
            pixels = None if picture is None else trial.enlarged(picture, (height, width))
            pixels = None if pixels is None else pixels[rect.slices]
        if pixels is None:
            return None
        return Trial(request, rect, trial.laid_over(pixels, inside))

    def share(self, instance_id: int, rect: Rect) -> float:
        """What one picture of `in_place` costs, as a share of a whole frame's multiplications."""
        regions = self._regions(instance_id, rect)
        if self._repainter is None or regions is None:
            return 1.0
        return self._repainter.share(regions)

    def _regions(self, instance_id: int, rect: Rect) -> Regions | None:
        """None where there is no recording of the scene as it is."""
        repainter = self._repainter
        if repainter is None or not repainter.recorded or self._stale():
            return None
        reach = rect.grown(max(repainter.halo.coarse, repainter.halo.fine))
        return repainter.regions(self._scene.extent(instance_id).intersection(reach), rect)

    def cut_out(
        self,
        scene: SceneCopy,
        instance_id: int,
        rect: Rect,
        styles: Sequence[Style],
        superseded: Superseded,
    ) -> Iterator[Pixels]:
        """As `_in_styles`, out of whole frames: where nothing is recorded."""
        source = self._sources.of(scene.labels, scene.instances, scene.styles)
        for style in styles:
            source = self._sources.styled(source, {**scene.styles, instance_id: style})
            picture = None if superseded() else self._executor.paint(source, superseded)
            if picture is None:
                return
            yield picture[rect.slices]
