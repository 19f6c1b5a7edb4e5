"""The libraries of the extra `evaluate`: imported when first needed, never reaching for the net."""

from __future__ import annotations

import importlib
import os
from types import ModuleType

from model.errors import InputError

NEEDED = ("segmentation_models_pytorch", "torchmetrics")


def library(name: str) -> ModuleType:
    """One module of NEEDED, or below it.

    Raises:
        InputError: the extra is not installed.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # no weights are ever fetched
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise InputError(
            f"evaluate needs {error.name}, which is not installed; install the extra with "
            "`.venv/bin/uv pip install -r pyproject.toml --extra evaluate`."
        ) from error
