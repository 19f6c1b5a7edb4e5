"""Judges of other people: a segmentation network as TorchScript or ONNX.

It is given (1, 3, h, w) float32 and returns (1, K, h', w'), a score for each of K labels. A file
of the same name that ends in .json may say the rest: {"judge": {"labels": [7, 8, ..], "height":
512, "mean": [..], "deviation": [..]}}. Features are its label probabilities.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from model.device import Target
from model.errors import InputError
from model.evaluation.judge import Judge, JudgeConfig, Network, judged_labels, read_config
from model.scene.labels import LabelSchema
from model.scene.reading import read_bytes

SUFFIXES = (".pt", ".ts", ".torchscript", ".onnx")
MAX_BYTES = 4 * 2**30
TRIAL = (128, 256)  # height and width of a picture to count the labels with

Scores = Callable[[Tensor], Any]


def load_foreign(file: Path, schema: LabelSchema, target: Target) -> Judge:
    """A judge out of a file that ends in one of SUFFIXES.

    Without a description it is shown pictures at their own size, with the mean and deviation of
    ImageNet, and has to know the labels of the schema: those with a train id, or all.

    Raises:
        InputError: it cannot be read, or its labels are unknown.
    """
    identity = blake2b(read_bytes(file, InputError, MAX_BYTES), digest_size=8).hexdigest()
    scores = _onnx(file) if file.suffix == ".onnx" else _torchscript(file, target)
    network = _network(scores, file)
    description = file.with_suffix(".json")
    if description.is_file():
        config = read_config(description)
    else:
        with torch.inference_mode():
            logits, _ = network(torch.zeros(1, 3, *TRIAL, device=target.device))
        config = JudgeConfig(_labels_of(logits.shape[1], schema, file), height=0)
    judge = Judge(network, config, file.stem, identity, "label probabilities")
    judge.device = target.device
    return judge


def _labels_of(count: int, schema: LabelSchema, file: Path) -> list[int]:
    for labels in (judged_labels(schema), list(schema.ids)):
        if len(labels) == count:
            return labels
    raise InputError(
        f"{file} scores {count} labels, and the schema {schema.name!r} has "
        f"{len(judged_labels(schema))} that count; list their ids in "
        f'{file.with_suffix(".json").name}: {{"judge": {{"labels": [..]}}}}.'
    )


def _network(scores: Scores, file: Path) -> Network:
    """With features; whatever goes wrong inside becomes a sentence."""

    def answer(pictures: Tensor) -> tuple[Tensor, Sequence[Tensor]]:
        try:
            found = scores(pictures)
        except Exception as error:  # another's code, which fails in any way
            height, width = pictures.shape[-2:]
            reason = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            raise InputError(
                f"{file} cannot judge a picture of {width}x{height} ({reason}); give the height "
                f"that it takes in {file.with_suffix('.json').name}."
            ) from error
        if isinstance(found, dict):
            found = found.get("out", next(iter(found.values()), None))
        if isinstance(found, (tuple, list)) and found:
            found = found[0]
        if not isinstance(found, Tensor) or found.ndim != 4 or len(found) != 1:
            raise InputError(f"{file} does not return scores of shape (1, labels, height, width).")
        return found.float(), [found.float().softmax(1)]

    return answer


def _torchscript(file: Path, target: Target) -> Scores:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # torch's word to those who export
            return torch.jit.load(str(file), map_location=target.device).eval()
    except Exception as error:  # torch's reader fails in any way
        raise InputError(
            f"{file} is no TorchScript file that torch {torch.__version__} reads."
        ) from error


def _onnx(file: Path) -> Scores:
    """Computed by OpenCV on the CPU."""
    try:
        network = cv2.dnn.readNetFromONNX(str(file))
    except cv2.error as error:
        raise InputError(f"{file} is no ONNX file that OpenCV {cv2.__version__} reads.") from error

    def scores(pictures: Tensor) -> Tensor:
        network.setInput(pictures.cpu().numpy().astype(np.float32))
        return torch.from_numpy(network.forward()).to(pictures.device)

    return scores
