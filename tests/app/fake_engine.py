"""The only fake: an engine that paints each pixel's red with its label id."""

from __future__ import annotations

import threading

import numpy as np

from model.errors import SchemaError
from model.inference.request import EngineInfo, RenderResult, Thumbnail, Trial
from model.scene.geometry import Rect
from model.scene.scene import ScenePatch, Style
from model.styles.book import StyleBook

BROKEN_LABEL = 33  # what it cannot paint


class FakeEngine:
    """What a test painted, it finds on the screen: red = label id, green, blue = cluster.

    Attributes:
        patches: received so far; requests: for thumbnails; trials: asked for.
        gate: the final result and each thumbnail wait for it; open at first.
        previews: whether to paint a preview before the final result.
        obeys: gives work up when it is superseded.
        green: 100, to tell one engine's pictures from another's.
        raises: what every picture fails with; device: what it says it paints on.
    """

    def __init__(self, schema, book: StyleBook | None = None) -> None:
        self.patches: list[ScenePatch] = []
        self.requests = []
        self.beside = []
        self.trials = []
        self._instances = np.zeros((0, 0), np.int32)
        self.sources = []
        self.threads: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.previews = False
        self.obeys = True
        self.obeys_asides = True  # likewise, for thumbnails
        self.splits: tuple[str, ...] = ()
        self.book = book
        self.features = 0  # of a style, where there is no book to say it
        self.schema = schema
        self.refuses: Exception | None = None
        self.raises: Exception | None = None
        self.device = "cpu"
        self.green = 100
        self.encodes = True
        self.refuses_photos: Exception | None = None

    def open(self, source):
        """For RenderWorker."""
        self.sources.append(source)
        if self.refuses is not None and source.path is not None:
            raise self.refuses
        if source.schema.name != self.schema.name:
            raise SchemaError(f"fake is for {self.schema.name!r}, not {source.schema.name!r}")
        return self, self.splits

    @property
    def info(self):
        features = 0 if self.book is None else self.book.feature_channels
        schema, features = self.schema.name, self.features or features
        return EngineInfo(
            "fake", self.device, "float32", schema, self.book, self.encodes, 0.0, features, "f4ke"
        )

    def render(self, patch, superseded):
        self.patches.append(patch)
        self.threads.add(threading.get_ident())
        if self.raises is not None:
            raise self.raises
        if self._instances.shape != patch.size:
            self._instances = np.zeros(patch.size, np.int32)
        self._instances[patch.rect.slices] = patch.instances
        if (patch.labels == BROKEN_LABEL).any():
            raise RuntimeError("a bicycle is too much")
        pixels = np.full((*patch.labels.shape, 3), self.green, np.uint8)
        pixels[..., 0] = patch.labels
        pixels[..., 2] = 0
        for instance_id, style in patch.styles.items():
            pixels[patch.instances == instance_id, 2] = style.cluster or 0
        if self.previews:
            yield RenderResult(patch.revision, patch.rect, pixels.copy(), False, 0.0)
        assert self.gate.wait(20), "the test never opened the gate"
        if not (self.obeys and superseded()):
            yield RenderResult(patch.revision, patch.rect, pixels, True, 0.25)

    def picture_unless(self, scene, superseded):
        self.beside.append(scene)
        self.threads.add(threading.get_ident())
        while not self.gate.wait(0.01):
            if superseded():
                return None
        pixels = np.full((*scene.size, 3), 100, np.uint8)
        pixels[..., 0] = scene.label_map
        return pixels

    def borrow(self, request):
        """The mean colour of each region, from -1 to 1."""
        self.threads.add(threading.get_ident())
        if self.refuses_photos:
            raise self.refuses_photos
        return {
            int(number): Style(
                tuple(
                    float(v) for v in request.photo[request.regions == number].mean(0) / 127.5 - 1
                )
            )
            for number in np.unique(request.regions)
        }

    def thumbnails(self, request, superseded):
        self.requests.append(request)
        for style in request.styles:
            assert self.gate.wait(20), "the test never opened the gate"
            if self.obeys_asides and superseded():
                return
            width = max(1, request.height * request.rect.width // max(request.rect.height, 1))
            pixels = np.full((request.height, width, 3), 20 * (style.cluster or 0), np.uint8)
            yield Thumbnail(request.revision, request.instance_id, style, pixels)

    def trial(self, request, superseded):
        """White, with the cluster as blue."""
        self.trials.append(request)
        assert self.gate.wait(20), "the test never opened the gate"
        inside = self._instances == request.instance_id
        rect = Rect.around(inside)
        if self.obeys and superseded():
            return None
        pixels = np.full((rect.height, rect.width, 4), 255, np.uint8)
        pixels[..., 2] = request.style.cluster or 0
        pixels[..., 3] *= inside[rect.slices]
        return Trial(request, rect, pixels)
