"""`bench engine`: how much faster the engine paints than the plain network, on this machine."""

from __future__ import annotations

import model.inference.process  # noqa: F401  must come before torch

# isort: split
import math
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from model.checkpoint import load_generator, open_checkpoint
from model.conditioning import ConditioningConfig
from model.cuda_graphs import capture_on
from model.device import Target, choose_target
from model.inference import bench_memory
from model.inference.bench_drawing import Drawing, Touch
from model.inference.command import DEFAULT_CHECKPOINT
from model.inference.frame import Frame, make_frame
from model.inference.painter import Painter, PlainPainter, frame_size, make_painter
from model.inference.plan.captured import Captured
from model.inference.plan.compiled import kernels
from model.inference.plan.plan import Plan
from model.networks.layers import initialize
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig
from model.scene.scene import InstanceMap, LabelMap
from model.scene.surface_labels import SurfaceLabels

ROUNDS = 7
SIZE = (1024, 2048)
COMPILED = " compiled"  # with the kernels of the extra `fast`
Row = dict[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Design:
    """Attributes:
    goals: of exact frames, precision (with kernels: COMPILED after it) -> ratio to the plain
        network in float32.
    touches: of previews, (diameter in pixels, ratio to the exact frame).
    trained: takes the bundled checkpoint's weights if there is one.
    recording_goal: bytes that may be remembered for previews; the row's ratio is to this.
    """

    name: str
    conditioning: ConditioningConfig
    generator: LocalEnhancerConfig
    goals: dict[str, float]
    touches: tuple[tuple[int, float], ...] = ()
    trained: bool = False
    recording_goal: float = 500e6

    def make(self) -> tuple[LocalEnhancer, ConditioningConfig]:
        """A generator and its conditioning; random weights unless trained."""
        if self.trained and DEFAULT_CHECKPOINT.is_dir():
            checkpoint = open_checkpoint(DEFAULT_CHECKPOINT)
            generator = load_generator(checkpoint)
            if isinstance(generator, LocalEnhancer):
                return generator, checkpoint.conditioning
        torch.manual_seed(0)
        generator = LocalEnhancer(self.generator)
        initialize(generator)
        return generator, self.conditioning


_BUNDLED_CONDITIONING = ConditioningConfig(
    label_channels=48,
    feature_channels=6,
    spatial_reference=True,
    surface=SurfaceLabels(
        ground=(6, 7, 8, 9, 10),
        walls=(11,),
        foliage=(12, 21, 22),
        slabs=(6, 8),
        sky=(23,),
        vehicles=(26, 29),
        lorries=(27, 30),
        buses=(28,),
        trams=(31,),
        people=(24, 25),
        cycles=(32, 33),
        lights=(19,),
        lawns=(22,),
        fences=(13,),
        trees=(21,),
        trunks=(34,),
        heads=(35,),
        legs=(36,),
        kerbs=(37,),
        panes=(38,),
        lamps=(39,),
        wheels=(40,),
        boards=(42,),
        plates=(44,),
        windows=(43,),
        shops=(47,),
        reds=(41,),
        ambers=(45,),
        greens=(46,),
        spoked=(33,),
        signs=(20,),
    ),
    unstyled=(20, *range(34, 48)),
)
BUNDLED = Design(
    "bundled",
    _BUNDLED_CONDITIONING,
    LocalEnhancerConfig(
        input_channels=_BUNDLED_CONDITIONING.input_channels,
        base_channels=16,
        global_downsamples=3,
        global_blocks=6,
        local_blocks=2,
        norm="none",
        max_channels=256,
        upsample="resize",
        padding="reflect",
        tint=_BUNDLED_CONDITIONING.places_of_colors,
    ),
    {"float32": 1.5, "bfloat16": 4.6, f"bfloat16{COMPILED}": 9.0},
    ((64, 15.0), (256, 7.0)),
    trained=True,
    recording_goal=150e6,
)
OFFICIAL = Design(
    "official",
    ConditioningConfig(),
    LocalEnhancerConfig(input_channels=36),
    {"float32": 1.5, "bfloat16": 3.5},
    ((64, 20.0),),
)
MEMORY_GOAL = 0.5


def row(
    name: str,
    ratio: float | None = None,
    goal: float | None = None,
    *,
    spread: float | None = None,
    ms: float | None = None,
    p95: float | None = None,
    psnr: float | None = None,
    difference: float | None = None,
    highest: float | None = None,
    peak: float | None = None,
    mib: float | None = None,
) -> Row:
    """ratio: of medians; spread: of the ratios of single rounds, highest minus lowest; ms, p95:
    of the faster side; psnr in dB and difference, the mean absolute one, on a scale of 255;
    highest: the largest difference to the plain path on the network's scale from -1 to 1; peak:
    share of the multiplications a second that large convolutions reach here; mib: of memory.
    """
    return {
        "name": name,
        "ratio": ratio,
        "goal": goal,
        "spread": spread,
        "ms": ms,
        "p95": p95,
        "psnr": psnr,
        "difference": difference,
        "highest": highest,
        "peak": peak,
        "MiB": mib,
    }


def rows(device: str = "auto") -> Iterator[Row]:
    """Exact frames, previews and memory, one made-up street; the rounds of a group interleave."""
    kernels(wait=True)
    reference = choose_target(device, "float32")
    fastest = choose_target(device)
    targets = [reference] if fastest == reference else [reference, fastest]
    for design in (BUNDLED, OFFICIAL):
        yield from _exact_rows(design, reference, targets)
        yield from _preview_rows(design, targets[-1])
    if reference.device.type == "cpu":
        yield from _memory_rows(targets[-1])


def _exact_rows(design: Design, reference: Target, targets: list[Target]) -> Iterator[Row]:
    generator, conditioning = design.make()
    frame = street_frame(generator, conditioning)
    plans = _plans(generator, conditioning, targets)
    like = torch.zeros((), dtype=reference.dtype, device=reference.device)
    painters: list[Painter] = [PlainPainter(generator, conditioning, like), *plans.values()]
    pictures = [paint(painter, frame) for painter in painters]  # also warms up
    seconds = [[_timed(painter, frame) for painter in painters] for _ in range(ROUNDS)]
    plain, *others = zip(*seconds, strict=True)
    for (name, plan), picture, times in zip(plans.items(), pictures[1:], others, strict=True):
        target = next(target for target in targets if name.startswith(target.precision))
        error = (picture - pictures[0]) * 127.5
        yield row(
            f"{design.name} exact {name}",
            statistics.median(plain) / statistics.median(times),
            design.goals.get(name, 1.0),
            spread=_spread(plain, times),
            ms=statistics.median(times) * 1e3,
            psnr=_decibels(float(error.square().mean())),
            difference=float(error.abs().mean()),
            highest=float(error.abs().max()) / 127.5,
            peak=_share_of_peak(plan, frame, target, statistics.median(times)),
        )


def _plans(
    generator: LocalEnhancer, conditioning: ConditioningConfig, targets: list[Target]
) -> dict[str, Painter]:
    """By precision, and once more with compiled kernels or replayed where that can be."""
    plans: dict[str, Painter] = {}
    for target in targets:
        plan = make_painter(generator, conditioning, target)
        plans[target.precision] = plan
        if isinstance(plan, Plan) and plan.compiled:
            plan.use_kernels = False
            plans[target.precision + COMPILED] = make_painter(generator, conditioning, target)
        capture = capture_on(target.device)
        if isinstance(plan, Plan) and capture is not None:
            plans[f"{target.precision} graph"] = Captured(plan, capture)
    return plans


def _preview_rows(design: Design, target: Target) -> Iterator[Row]:
    generator, conditioning = design.make()
    drawing = Drawing(generator, conditioning, target, *street_maps(frame_size(generator).multiple))
    recorded = drawing.recorded_bytes
    yield row(
        f"{design.name} recording",
        recorded / design.recording_goal,
        1.0,
        mib=recorded / 2**20,
    )
    for diameter, goal in design.touches:
        touches = [drawing.touch(diameter) for _ in range(ROUNDS + 1)][1:]  # one to warm up
        yield _preview_row(f"{design.name} preview {diameter} px", goal, touches)


def _preview_row(name: str, goal: float, touches: Sequence[Touch]) -> Row:
    exact, preview = ([getattr(touch, side) for touch in touches] for side in ("exact", "preview"))
    return row(
        name,
        statistics.median(exact) / statistics.median(preview),
        goal,
        spread=_spread(exact, preview),
        ms=statistics.median(preview) * 1e3,
        p95=float(np.quantile(preview, 0.95)) * 1e3,
        psnr=_decibels(statistics.mean(touch.square_error for touch in touches)),
        difference=statistics.mean(touch.difference for touch in touches),
    )


def _memory_rows(target: Target) -> Iterator[Row]:
    """Each side in a process of its own, whose highest use of memory is read."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        plain = pool.apply(bench_memory.plain_bytes, (OFFICIAL, SIZE))
    with context.Pool(1, maxtasksperchild=1) as pool:
        own = pool.apply(bench_memory.plan_bytes, (OFFICIAL, SIZE, target.precision))
    if plain and own:
        yield row("official memory", own / plain, MEMORY_GOAL, mib=own / 2**20)


def street_maps(multiple: int) -> tuple[LabelMap, InstanceMap]:
    """Sky, buildings, road and some hundred cars: borders as dense as in a street."""
    height, width = (max(side // multiple, 2) * multiple for side in SIZE)
    labels = np.full((height, width), 23, np.uint8)
    labels[height // 3 :], labels[height // 2 :] = 11, 7
    instances = labels.astype(np.int32)
    random = np.random.default_rng(0)
    for number in range(100):
        y, x = random.integers(0, height - 24), random.integers(0, width - 48)
        labels[y : y + 24, x : x + 48] = 26
        instances[y : y + 24, x : x + 48] = 26000 + number
    return labels, instances


def street_frame(generator: LocalEnhancer, conditioning: ConditioningConfig) -> Frame:
    """The maps with a style for every instance."""
    labels, instances = street_maps(frame_size(generator).multiple)
    reference, surface = conditioning.spatial_reference, conditioning.surface
    frame = make_frame(
        labels, instances, frame_size(generator), reference=reference, surface=surface
    )
    count = conditioning.feature_channels
    styles = np.random.default_rng(0).uniform(-1, 1, (1000, count))
    return frame.styled(lambda key: tuple(styles[key % 1000]), count)


def paint(painter: Painter, frame: Frame) -> Tensor:
    """The whole picture, (H, W, O) float32 on the CPU."""
    painting = painter.paint(frame)
    with torch.inference_mode():
        while True:
            try:
                next(painting)
            except StopIteration as done:
                return done.value.cpu()


def _timed(painter: Painter, frame: Frame) -> float:
    started = time.perf_counter()
    paint(painter, frame)
    return time.perf_counter() - started


def _share_of_peak(painter: Painter, frame: Frame, target: Target, seconds: float) -> float | None:
    if not isinstance(painter, Plan):
        return None
    return painter.frame_work(frame.grid) / seconds / _peak(target)


def _peak(target: Target) -> float:
    """Multiplications a second of a large 3x3 convolution."""
    like = torch.zeros((), dtype=target.dtype, device=target.device)
    layout = torch.channels_last
    x = torch.ones(1, 256, 64, 128).to(like).contiguous(memory_format=layout)
    weight = torch.ones(256, 256, 3, 3).to(like).contiguous(memory_format=layout)

    def once() -> None:
        functional.conv2d(x, weight, padding=1)
        if x.device.type == "cuda":
            torch.cuda.synchronize(x.device)

    with torch.inference_mode():
        return weight.numel() * 64 * 128 / _shortest(once)


def _shortest(work: Callable[[], None], rounds: int = 10) -> float:
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _spread(slow: Sequence[float], fast: Sequence[float]) -> float:
    ratios = [a / b for a, b in zip(slow, fast, strict=True)]
    return max(ratios) - min(ratios)


def _decibels(square_error: float) -> float:
    return 10 * math.log10(255**2 / max(square_error, 1e-9))
