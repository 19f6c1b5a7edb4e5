"""Executor: runs a checkpoint's painter within the memory there is.

A picture whose estimate exceeds the budget is painted in strips. When memory runs out all the
same, the executor saves some, one step after the other, and tries again.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Generator

import torch
from torch import Tensor

from model.checkpoint import Checkpoint, load_generator
from model.cuda_graphs import capture_on
from model.device import Target, choose_target, configure
from model.errors import ResourceError
from model.inference.frame import make_frame
from model.inference.painter import Painter, frame_size, make_painter
from model.inference.plan.captured import Captured
from model.inference.plan.channels import channels
from model.inference.plan.plan import Plan, Recording
from model.inference.plan.source_stems import Source
from model.inference.repaint import Pixels
from model.inference.request import Economy, Limits, Superseded
from model.inference.scene_maps import scene_maps
from model.pixels import to_bytes
from model.scene.scene import InstanceMap, LabelMap
from model.weights import identity_of

_OWN_SHARE = 2  # one in so many bytes of the device's memory is taken, unless the user says


class Executor:
    """Attributes:
    target: where and how precisely it paints now.
    painter: a Plan where there can be one.
    identity: tells the weights from others, see `identity_of`.
    frame_size: which sizes the generator takes.
    release: called when memory is short; is to drop what can be done without.
    """

    def __init__(self, checkpoint: Checkpoint, target: Target, limits: Limits) -> None:
        self._checkpoint = checkpoint
        self._conditioning = checkpoint.conditioning
        self.release: Callable[[], None] = lambda: None
        self._saved: tuple[Economy, ...] = ()
        self._divided = False
        self._budget = 0
        self._limits = limits
        self._recording_bytes = limits.recording_mib << 20
        self._move_to(target)
        capture = capture_on(target.device)
        self._captured: Captured | None = None
        if capture is not None and isinstance(self.painter, Plan):
            self._captured = Captured(self.painter, capture)

    @property
    def economies(self) -> tuple[Economy, ...]:
        """What is saved on, in the newest picture."""
        strips = (Economy.STRIPS,) if self._divided else ()
        return (*self._saved, *strips)

    def source(self, labels: LabelMap, instances: InstanceMap) -> Source:
        """The maps made ready, all at once if memory allows; no styles yet."""
        make = scene_maps if self._strips(self.frame_size.padded(instances.shape)) else make_frame
        known = self._conditioning
        reference, surface = known.spatial_reference, known.surface
        return make(
            labels,
            instances,
            self.frame_size,
            reference=reference,
            surface=surface,
            channels=channels(),
        )

    def records(self, grid: tuple[int, int]) -> bool:
        """May a frame of this size be recorded for previews?"""
        if not isinstance(self.painter, Plan) or self._strips(grid):
            return False
        return self.painter.recording_bytes(grid) <= self._recording_bytes

    def paint(
        self,
        source: Source,
        give_up: Superseded,
        stages: dict[str, float] | None = None,
        recording: Recording | None = None,
    ) -> Pixels | None:
        """The picture of a scene, (H, W, 3) uint8, or None when given up between two steps.

        stages: takes the seconds of each; on an accelerator those are of asking, not of doing.
        recording: is filled if memory allows, see `Recording.complete`.

        Raises:
            ResourceError: memory does not suffice, whatever is saved.
        """
        stages = {} if stages is None else stages

        def painted() -> tuple[bool, Pixels | None]:
            if recording is not None:
                recording.clear()
            record = recording if self.records(source.grid) else None
            return True, self._paint(source, give_up, stages, record)

        done, pixels = False, None
        while not done:
            done, pixels = self.attempt(painted, source.grid, (False, None))
        return pixels

    def attempt[Result](
        self, work: Callable[[], Result], grid: tuple[int, int], failed: Result
    ) -> Result:
        """What the work returns; or `failed` when memory ran out, some of which is then saved."""
        try:
            return work()
        except Exception as error:
            if not is_shortage(error):
                raise
        # Out here the error is gone, and with it the values that its traceback holds.
        self.save_memory(grid)
        return failed

    def save_memory(self, grid: tuple[int, int]) -> None:
        """The next step down: no graphs, no recording, half precision, thinner strips, the CPU.

        Raises:
            ResourceError: there is none.
        """
        self.release()
        held = self._captured is not None and self._captured.give_up()
        self._captured = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if held:  # graphs hold as much as a frame takes: without them there may be enough
            return
        if self._recording_bytes:
            self._recording_bytes = 0
            self._saved += (Economy.RECORDING,)
        elif self._can_halve():
            self._saved += (Economy.PRECISION,)
            del self.painter  # its weights lie where the new ones will
            self._move_to(Target(self.target.device, _half(self.target.device)))
        elif self._can_divide(grid):
            return
        elif str(self.target.device) != "cpu":
            self._saved += (Economy.DEVICE,)
            del self.painter
            self._move_to(choose_target("cpu"))
        else:
            height, width = grid
            self._budget = self._usual_budget()
            raise ResourceError(
                f"The memory of this machine does not suffice to paint {width}x{height} pixels; "
                "close other programs or make the picture smaller."
            )

    def _paint(
        self,
        source: Source,
        give_up: Superseded,
        stages: dict[str, float],
        recording: Recording | None,
    ) -> Pixels | None:
        height, width = source.size
        if isinstance(self.painter, Plan):
            self._divided = self._strips(source.grid)
            if self._divided:
                work = self.painter.paint(source, budget=self._budget, finish=to_bytes)
            else:
                work = (self._captured or self.painter).paint(source, recording, finish=to_bytes)
        else:
            work = self.painter.paint(source, finish=to_bytes)
        picture = run(work, give_up, stages)
        if picture is None:
            return None
        started = time.perf_counter()
        with torch.inference_mode():
            pixels = _fetched(picture[:height, :width])
        add_seconds(stages, "picture", started)
        return pixels

    def _strips(self, grid: tuple[int, int]) -> bool:
        return isinstance(self.painter, Plan) and self.painter.whole_bytes(grid) > self._budget

    def _can_halve(self) -> bool:
        if self.target.precision != "float32":
            return False
        return self.target.device.type != "cpu" or halving_pays()

    def _can_divide(self, grid: tuple[int, int]) -> bool:
        """Takes half of the memory that was not there, in strips, if that may do."""
        if not isinstance(self.painter, Plan):
            return False
        budget = min(self._budget, self.painter.whole_bytes(grid)) // 2
        enough = budget >= self.painter.least_bytes(grid)
        self._budget = budget if enough else self._budget
        return enough

    def _move_to(self, target: Target) -> None:
        configure(target)
        generator = load_generator(self._checkpoint)
        self.target = target
        self.identity = identity_of(generator)  # before a painter takes the weights over
        self.frame_size = frame_size(generator)
        self.painter: Painter = make_painter(generator, self._conditioning, target)
        self._budget = self._usual_budget()

    def _usual_budget(self) -> int:
        wanted = self._limits.painting_mib
        return memory_of(self.target.device) // _OWN_SHARE if wanted is None else wanted << 20


def halving_pays() -> bool:
    """Does the CPU work in half precision without crawling?"""
    return choose_target("cpu").precision != "float32"


def memory_of(device: torch.device) -> int:
    """Bytes that a device has in all; without bound where it does not tell."""
    if device.type == "cuda":
        return torch.cuda.get_device_properties(device).total_memory
    if device.type == "cpu" and hasattr(os, "sysconf"):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return 1 << 62


def is_shortage(error: Exception) -> bool:
    """Did memory run out? torch has a class for it on accelerators only."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "can't allocate memory" in text or "alloc_failed" in text or "out of memory" in text
    )


def run[Result](
    work: Generator[str, None, Result],
    give_up: Superseded,
    stages: dict[str, float] | None = None,
) -> Result | None:
    """What the generator returns, or None when given up between two steps.

    stages: takes the seconds of each.
    """
    stages = {} if stages is None else stages
    while True:
        started = time.perf_counter()
        with torch.inference_mode():  # not across the loop: callers' code runs in between
            try:
                stage = next(work)
            except StopIteration as done:
                add_seconds(stages, "picture", started)
                return done.value
        add_seconds(stages, stage, started)
        if give_up():
            work.close()
            return None


def add_seconds(stages: dict[str, float], stage: str, started: float) -> None:
    stages[stage] = stages.get(stage, 0.0) + time.perf_counter() - started


def _half(device: torch.device) -> str:
    if device.type == "mps" or (device.type == "cuda" and not torch.cuda.is_bf16_supported(False)):
        return "float16"
    return "bfloat16"


def _fetched(picture: Tensor) -> Pixels:
    """The picture in ordinary memory; only bytes are carried over."""
    picture = picture.contiguous()
    if picture.device.type != "cuda":
        return picture.cpu().numpy()
    pinned = torch.empty(picture.shape, dtype=torch.uint8, pin_memory=True)
    return pinned.copy_(picture).numpy()
