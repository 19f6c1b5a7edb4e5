"""Opening a judge: one of `fit-judge`, or anybody's network as TorchScript or ONNX."""

from __future__ import annotations

from pathlib import Path

from model.device import choose_target
from model.errors import InputError
from model.evaluation.foreign_judge import SUFFIXES, load_foreign
from model.evaluation.judge import DESCRIPTION, Judge, load_judge
from model.scene.labels import LabelSchema


def open_judge(path: Path, schema: LabelSchema, device: str, precision: str) -> Judge:
    """path: a folder of `evaluate fit-judge`, or a file that ends in one of SUFFIXES.

    device, precision: as `choose_target` takes them; a foreign judge is used in float32.

    Raises:
        InputError: it is none, is damaged, or judges labels that the schema lacks.
    """
    if (path / DESCRIPTION).is_file():
        judge = load_judge(path, choose_target(device, precision))
    elif path.suffix in SUFFIXES and path.is_file():
        judge = load_foreign(path, schema, choose_target(device, "float32"))
    else:
        raise InputError(
            f"{path} is no judge: it has to be a folder of `evaluate fit-judge` or a file "
            f"{', '.join(SUFFIXES)}."
        )
    unknown = [label for label in judge.config.labels if label not in schema]
    if unknown:
        raise InputError(
            f"{path} judges label {unknown[0]}, which the schema {schema.name!r} lacks; "
            "fit a judge on this data."
        )
    return judge
