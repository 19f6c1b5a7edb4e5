"""RenderStatus: what the picture on the screen is worth right now, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.translation import decimal, mark, tr
from model.inference.request import Economy, EngineInfo

_ECONOMIES = {
    Economy.RECORDING: mark("no recording for previews"),
    Economy.PRECISION: mark("half precision"),
    Economy.DEVICE: mark("on the CPU"),
    Economy.STRIPS: mark("in strips"),
}


class Stage(Enum):
    """FLAT: nothing was generated yet; DRAFT: a preview is shown; FAILED: out of date for good."""

    FLAT = auto()
    PAINTING = auto()
    DRAFT = auto()
    EXACT = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class RenderStatus:
    """Attributes:
    info: of the engine in use, None before the first one.
    loading: name of the checkpoint being loaded, or empty.
    flat: the engine in use paints palette colours.
    seconds: what the newest exact picture took.
    held: where only drift changed it, it keeps its old pixels.
    trial: name of a style that is shown, or about to be, without being chosen; or empty.
    silent: for so many seconds the engine has not answered, which is too long; else 0.
    economies: what the newest picture saved memory on.
    compiled: the newest exact picture was painted with compiled kernels.
    """

    stage: Stage = Stage.FLAT
    info: EngineInfo | None = None
    loading: str = ""
    flat: bool = False
    seconds: float = 0.0
    held: bool = False
    trial: str = ""
    silent: int = 0
    economies: tuple[Economy, ...] = ()
    compiled: bool = False

    @property
    def exact(self) -> bool:
        """Whether the picture is what the engine makes of the document as it is."""
        return self.stage is Stage.EXACT and not self.loading

    @property
    def text(self) -> str:
        if self.silent:
            return tr("out of date · no answer for {seconds} s", seconds=self.silent)
        if self.loading:
            shown = tr("flat colours") if self.flat or self.info is None else tr("out of date")
            return tr("{shown} (loading {checkpoint}…)", shown=shown, checkpoint=self.loading)
        if self.stage is Stage.FAILED:
            return tr("out of date · painting failed")
        if self.flat or self.info is None:
            return tr("flat colours · no checkpoint")
        if self.trial:
            return tr("preview · {style} · not chosen yet", style=self.trial)
        if self.stage is Stage.EXACT:
            worth = tr("held still") if self.held else tr("exact")
            engine = f"{self._means} · {self.info.checkpoint_name}"
            return f"{worth} · {decimal(self.seconds)} s · {engine}"
        return tr("draft · painting…") if self.stage is Stage.DRAFT else tr("painting…")

    @property
    def _means(self) -> str:
        """What paints, and on what it saves memory."""
        assert self.info is not None
        compiled = " + " + tr("kernels") if self.compiled else ""
        device = f"{self.info.device} {self.info.precision}{compiled}"
        saved = ", ".join(tr(_ECONOMIES[economy]) for economy in self.economies)
        if not saved:
            return device
        if self.economies == (Economy.STRIPS,):
            return f"{device} {saved}"
        return tr("memory is full: {saved}", saved=saved)
