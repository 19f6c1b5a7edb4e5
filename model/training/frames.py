"""Frames: decoding the files of a data set for a device, and keeping them there."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.conditioning import ConditioningConfig
from model.errors import InputError
from model.scene.figures import Figures, find_figures, placed_by
from model.scene.frame_files import FrameFiles
from model.scene.labels import LabelSchema
from model.scene.maps import read_instance_map, read_label_map, read_picture
from model.scene.reference import boxes_of, dense_instances, reference_of
from model.scene.spokes import seen_through
from model.scene.surface import surface_of
from model.scene.surface_labels import SurfaceLabels, member
from model.scene.told import DRAWINGS_TOLD
from model.scene.walls import Walls
from model.training.facts import known_walls, mode_names
from model.training.preprocess import Draw, Preprocess, prepare_map, prepare_picture

MANY = 64  # frames that are decoded by processes
NICENESS = 5
PLACES = 256  # of a label in a frame: enough for crops to lie anywhere on it
WHOLE = Draw(0, 0, False)  # crops and mirrorings are drawn per step, not per frame


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame on a device.

    labels (H, W) uint8, or (3, H, W) uint8 for RGB pairs; index (H, W) int16, consecutive instance
    numbers; picture (3, H, W) uint8; reference (R, H, W) int8 or None; instances: how many, n.
    places: of every label that occurs, rows and columns of random ones of its pixels, (`PLACES`, 2)
    int32, on the CPU; empty for RGB pairs.
    modes (n,) int16, each instance's place among the modes that are told apart, -1 where unknown;
    None where none are.
    """

    labels: Tensor
    index: Tensor | None
    picture: Tensor
    reference: Tensor | None
    instances: int
    places: list[NDArray[np.int32]]
    modes: Tensor | None = None

    @property
    def size(self) -> tuple[int, int]:
        return int(self.picture.shape[1]), int(self.picture.shape[2])

    @property
    def nbytes(self) -> int:
        tensors = (self.labels, self.index, self.picture, self.reference)
        return sum(t.nbytes for t in tensors if t is not None)


def read_frame(
    files: FrameFiles,
    schema: LabelSchema | None,
    conditioning: ConditioningConfig,
    resize: Preprocess | None = None,
    modes: tuple[str, ...] = (),
) -> Frame:
    """Decode one frame to tensors on the CPU, brought to size if `resize` says how.

    modes: what is told apart of instances, see `DataConfig`.
    """
    rgb, picture = conditioning.rgb, read_picture(files.picture)
    if rgb:
        labels = read_picture(files.label)
        instances = None
    else:
        labels = read_label_map(files.label, schema)
        instances = read_instance_map(files.instance) if files.instance else labels.astype(np.int32)
    for path, array in ((files.picture, picture), (files.instance, instances)):
        if array is not None and array.shape[:2] != labels.shape[:2]:
            raise InputError(
                f"{path} is {array.shape[1]}x{array.shape[0]}, its label map "
                f"{labels.shape[1]}x{labels.shape[0]}; sizes must be equal"
            )
    if resize is not None:
        picture = prepare_picture(picture, resize, WHOLE)
        labels = (prepare_picture if rgb else prepare_map)(labels, resize, WHOLE)
        if instances is not None:
            instances = prepare_map(instances, resize, WHOLE)
    surface, walls, figures = conditioning.surface, None, {}
    if surface is not None and instances is not None:
        walls, figures = known_walls(files.facts), find_figures(labels, instances, surface)
        labels, instances = seen_through(labels, instances, surface, figures)
    frame = make_frame(labels, instances, picture, conditioning, walls, figures)
    styled = surface if conditioning.feature_channels else None
    if instances is None or schema is None or not (modes or styled):
        return frame
    ids = dense_instances(instances)[0].tolist()
    names = mode_names(files.facts, ids, schema)
    if styled is not None:
        _erase(frame, instances, names, styled)
    if not modes:
        return frame
    numbers = {name: n for n, name in enumerate(modes)}
    told = [numbers.get(names.get(each, ""), -1) for each in ids]
    return replace(frame, modes=torch.tensor(told, dtype=torch.int16))


def _erase(
    frame: Frame, instances: np.ndarray, names: dict[int, str], surface: SurfaceLabels
) -> None:
    """Erases what is drawn on things that are known not to have it, as joints on asphalt.

    Only for generators that take features: where such things are painted, styles say later on.
    """
    assert frame.reference is not None
    reference, labels = frame.reference.numpy(), frame.labels.numpy()
    for drawing in DRAWINGS_TOLD:
        plain = [each for each, name in names.items() if not name.endswith(drawing.modes)]
        there = np.isin(instances, plain) & member(labels, drawing.shown(surface))
        if there.any():
            np.copyto(reference[drawing.channel], drawing.without(reference), where=there)


def make_frame(
    labels: np.ndarray,
    instances: np.ndarray | None,
    picture: np.ndarray,
    conditioning: ConditioningConfig,
    walls: Walls | None = None,
    figures: Figures | None = None,
) -> Frame:
    """Arrays as read to a Frame; picture (H, W, 3) uint8, labels (H, W) or (H, W, 3) uint8.

    walls: how far they are, if that is known; figures: of `find_figures`.
    """
    index = boxes = channels = None
    if instances is not None:
        ids, index = dense_instances(instances)
        boxes = boxes_of(index)
        if len(boxes) > np.iinfo(np.int16).max:
            raise InputError(f"an instance map with {len(boxes)} instances is beyond use")
        parts = []
        if conditioning.spatial_reference:
            parts.append(reference_of(instances, index, boxes))
        if conditioning.surface is not None:
            placed = placed_by(figures or {}, index, ids, boxes)
            made, labels = surface_of(labels, conditioning.surface, walls, placed)
            parts.append(made)
        channels = np.concatenate(parts) if parts else None
    planes = labels.transpose(2, 0, 1) if labels.ndim == 3 else labels
    return Frame(
        labels=torch.from_numpy(np.ascontiguousarray(planes)),
        index=None if index is None else torch.from_numpy(index.astype(np.int16)),
        picture=torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))),
        reference=None if channels is None else torch.from_numpy(channels),
        instances=0 if boxes is None else len(boxes),
        places=[] if labels.ndim == 3 else some_places(labels),
    )


def some_places(labels: NDArray[np.integer]) -> list[NDArray[np.int32]]:
    """See `Frame.places`, of a (H, W) uint8 label map; the same for the same map."""
    flat, rng, places = labels.ravel(), np.random.default_rng(0), []
    for label in np.flatnonzero(np.bincount(flat)):
        own = np.flatnonzero(flat == label)
        drawn = own[rng.integers(len(own), size=PLACES)]
        places.append(np.stack(np.divmod(drawn, labels.shape[1]), 1).astype(np.int32))
    return places


def to_device(frame: Frame, device: torch.device) -> Frame:
    def moved(tensor: Tensor | None) -> Tensor | None:
        return None if tensor is None else tensor.to(device)

    return replace(
        frame,
        labels=frame.labels.to(device),
        index=moved(frame.index),
        picture=frame.picture.to(device),
        reference=moved(frame.reference),
        modes=moved(frame.modes),
    )


def _read_arrays(read: Callable[[FrameFiles], Frame], files: FrameFiles) -> dict[str, Any]:
    """A frame as processes give it to each other: tensors would go through shared memory, of which
    containers have little."""
    frame = read(files)
    values = {field.name: getattr(frame, field.name) for field in fields(Frame)}
    return {k: v.numpy() if isinstance(v, Tensor) else v for k, v in values.items()}


def _from_arrays(arrays: dict[str, Any]) -> Frame:
    def tensor(value: Any) -> Any:  # noqa: ANN401 - whatever a frame has
        return torch.from_numpy(value) if isinstance(value, np.ndarray) else value

    return Frame(**{name: tensor(value) for name, value in arrays.items()})


def _pool(frames: int, workers: int) -> Executor:
    """Threads for few frames; more of them would wait for each other, processes take seconds to
    begin with."""
    if workers == 1 or frames < MANY:
        return ThreadPoolExecutor(workers)
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, spawn, initializer=_give_way)


def _give_way() -> None:
    """In a process that decodes: to the one that trains, which is also who minds Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.nice(NICENESS)


class FrameCache:
    """Decoded frames on the training device, least recently used ones dropped over a budget."""

    def __init__(
        self,
        schema: LabelSchema | None,
        device: torch.device,
        conditioning: ConditioningConfig,
        *,
        resize: Preprocess | None,
        budget: int,
        modes: tuple[str, ...] = (),
    ) -> None:
        self._device, self._budget = device, budget
        # Decodes on the CPU, in any thread or process.
        self._read = partial(
            read_frame, schema=schema, conditioning=conditioning, resize=resize, modes=modes
        )
        self._frames: OrderedDict[str, Frame] = OrderedDict()
        self._lock = threading.Lock()
        self._full = False  # then decoding ahead would be decoding for nothing
        self.held = 0
        self.largest = (0, 0)  # (height, width) of frames so far

    def get(self, files: FrameFiles) -> Frame:
        """The frame on the device, decoded now unless it is held."""
        with self._lock:
            frame = self._frames.get(files.key)
            if frame is not None:
                self._frames.move_to_end(files.key)
                return frame
        frame = to_device(self._read(files), self._device)
        with self._lock:
            self._keep(files, frame)
            while self.held > self._budget and len(self._frames) > 1:
                self.held -= self._frames.popitem(last=False)[1].nbytes
        return frame

    def preload(
        self, frames: list[FrameFiles], workers: int, stop: threading.Event | None = None
    ) -> None:
        """Decode frames that are not held, several at a time, until the budget is full.

        May run in a thread of its own while `get` is called, until `stop` is set.
        """
        if self._full:
            return
        with self._lock:
            missing = [files for files in frames if files.key not in self._frames]
        read = partial(_read_arrays, self._read)
        with _pool(len(missing), workers) as pool:
            for start in range(0, len(missing), 4 * workers):
                group = missing[start : start + 4 * workers]
                for files, arrays in zip(group, pool.map(read, group), strict=True):
                    frame = to_device(_from_arrays(arrays), self._device)
                    with self._lock:
                        self._full = self.held + frame.nbytes > self._budget
                        if self._full or (stop is not None and stop.is_set()):
                            return
                        self._keep(files, frame)

    def _keep(self, files: FrameFiles, frame: Frame) -> None:
        self.largest = max(self.largest, frame.size, key=math.prod)
        if files.key not in self._frames:
            self._frames[files.key] = frame
            self.held += frame.nbytes
