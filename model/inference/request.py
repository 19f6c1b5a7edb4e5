"""The messages between whoever shows pictures and whoever paints them. Frozen and torch-free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.scene import Scene, ScenePatch, Style, Styles
from model.styles.book import StyleBook

Pixels = NDArray[np.uint8]
Superseded = Callable[[], bool]
"""True once a newer revision waits: the work in hand may be given up. Cheap, callable anywhere."""


Previews = Literal["auto", "never", "region", "half"]
"""Which previews an engine paints while somebody draws."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much memory an engine may take besides the program and its weights.

    Attributes:
        painting_mib: while it paints a picture; larger ones are painted in strips, exact but
            slower. None: half of what the device has. Generators without a fast plan (those with
            batch normalisation, and those that take pictures) are painted in one piece whatever
            it says, until memory runs out.
        recording_mib: for what it remembers of the last picture, so that previews paint only
            what was touched; 0 switches that off.
    """

    painting_mib: int | None = None
    recording_mib: int = 512


DEFAULT_LIMITS = Limits()


class Economy(Enum):
    """What an engine saves memory on, in words."""

    RECORDING = "no recording for previews"
    PRECISION = "half precision"
    DEVICE = "on the CPU"
    STRIPS = "in strips"


def _freeze(pixels: np.ndarray) -> None:
    pixels.flags.writeable = False


@dataclass(frozen=True, slots=True)
class RenderResult:
    """A painted rectangle of the picture.

    Attributes:
        revision: of the patch that asked for it.
        rect: in map coordinates, inside the scene.
        pixels: (rect.height, rect.width, 3) uint8 RGB; made read-only.
        final: False for a preview, after which a better one follows.
        seconds: since the patch arrived.
        stages: seconds by stage of the work, for the timing overlay.
        held: drift was taken back (hold still); else it is what the network makes.
        economies: what memory was saved on.
        compiled: painted with compiled kernels.
    """

    revision: int
    rect: Rect
    pixels: np.ndarray
    final: bool
    seconds: float
    stages: Mapping[str, float] = field(default_factory=dict)
    held: bool = False
    economies: tuple[Economy, ...] = ()
    compiled: bool = False

    def __post_init__(self) -> None:
        if self.pixels.shape != (self.rect.height, self.rect.width, 3):
            raise ValueError(f"pixels are {self.pixels.shape} for {self.rect}")
        _freeze(self.pixels)
        object.__setattr__(self, "stages", MappingProxyType(dict(self.stages)))


class FailureKind(Enum):
    """ERROR: anything; MEMORY: there is too little; DEVICE: it is lost; STUCK: no answer."""

    ERROR = auto()
    MEMORY = auto()
    DEVICE = auto()
    STUCK = auto()


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """Rendering a revision went wrong: a message to show, a traceback for whoever mends it."""

    revision: int
    message: str
    details: str
    kind: FailureKind = FailureKind.ERROR


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What paints the pictures, known once it is loaded.

    Attributes:
        schema_name: "" when it takes pictures.
        features: numbers of a style; 0 when the generator takes none.
        identity: the same for the same generator, wherever its files lie.
    """

    checkpoint_name: str
    device: str
    precision: str
    schema_name: str
    style_book: StyleBook | None
    has_encoder: bool
    load_seconds: float
    features: int = 0
    identity: str = ""


@dataclass(frozen=True, slots=True)
class ThumbnailRequest:
    """Asks how one instance would look in each of several styles.

    Attributes:
        revision: of the document when asking.
        instance_id: the instance whose style varies; the rest of the scene stays as it is.
        rect: the instance's bounding rectangle.
        styles: one thumbnail each, painted in this order.
        height: of the thumbnails, in pixels.
    """

    revision: int
    instance_id: int
    rect: Rect
    styles: tuple[Style, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """An instance in one style of a request.

    Attributes:
        pixels: (height, w, 3) uint8 RGB; made read-only.
        color: the instance's mean colour, 0..255.
    """

    revision: int
    instance_id: int
    style: Style
    pixels: np.ndarray
    color: tuple[int, int, int] = (128, 128, 128)

    def __post_init__(self) -> None:
        _freeze(self.pixels)


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """Asks for one instance in a style nobody has chosen yet; name is what a person reads."""

    revision: int
    instance_id: int
    style: Style
    name: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A preview to be laid over the picture: an instance in another style, the rest left out.

    Attributes:
        rect: in map coordinates, inside the scene.
        pixels: (rect.height, rect.width, 4) uint8 RGBA, not premultiplied; made read-only.
    """

    request: TrialRequest
    rect: Rect
    pixels: np.ndarray

    def __post_init__(self) -> None:
        if self.pixels.shape != (self.rect.height, self.rect.width, 4):
            raise ValueError(f"pixels are {self.pixels.shape} for {self.rect}")
        _freeze(self.pixels)


@dataclass(frozen=True, slots=True, eq=False)
class BorrowRequest:
    """Asks how the encoder sees regions of a photo.

    Attributes:
        photo: (H, W, 3) uint8 RGB; made read-only.
        regions: (H, W) int32, a number per pixel; made read-only.
    """

    photo: np.ndarray
    regions: np.ndarray

    def __post_init__(self) -> None:
        _freeze(self.photo)
        _freeze(self.regions)


@dataclass(frozen=True, slots=True, eq=False)
class Borrowed:
    """The style of each region of a request by its number; or why there is none."""

    request: BorrowRequest
    styles: Styles = field(default_factory=dict)
    problem: str = ""


class Renderer(Protocol):
    """What the worker needs from an engine, which keeps its own scene, built from patches.

    One thread calls all of it. The first patch covers the whole scene, and so does one that
    changes the size; a ValueError answers any other.
    """

    @property
    def info(self) -> EngineInfo: ...

    def render(self, patch: ScenePatch, superseded: Superseded) -> Iterator[RenderResult]:
        """Takes the patch, then paints: previews first, the final result last.

        Without a final result the work was given up because it was superseded. The patch
        counts as taken once the iterator was started.
        """
        ...

    def thumbnails(self, request: ThumbnailRequest, superseded: Superseded) -> Iterator[Thumbnail]:
        """Paints the thumbnails in order until it is superseded."""
        ...

    def trial(self, request: TrialRequest, superseded: Superseded) -> Trial | None:
        """Paints the trial; None when it is superseded, or styles change nothing here."""
        ...

    def borrow(self, request: BorrowRequest) -> Styles:
        """The styles of a photo's regions. Raises InputError without an encoder."""
        ...

    def picture_unless(self, scene: Scene, superseded: Superseded) -> Pixels | None:
        """The exact picture of a whole scene, (H, W, 3) uint8 RGB; patches play no part in it.

        None when it was given up because it is superseded. Also for other threads than the one
        that calls the rest, in turns with it.
        """
        ...
