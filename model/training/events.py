"""Losses and sample sheets as events for TensorBoard, which is an optional extra."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.errors import InputError


class Events:
    """Writes events into a folder; InputError where TensorBoard is not installed."""

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise InputError(
                "--watch needs TensorBoard; install it with `.venv/bin/uv pip install tensorboard` "
                "or leave --watch out"
            ) from error
        self._writer = SummaryWriter(str(folder), flush_secs=30)

    def losses(self, step: int, report: dict[str, float]) -> None:
        for name, value in report.items():
            self._writer.add_scalar(name, value, step)

    def sheet(self, step: int, sheet: np.ndarray) -> None:
        """sheet: (H, W, 3) uint8 RGB."""
        self._writer.add_image("samples", sheet, step, dataformats="HWC")

    def close(self) -> None:
        self._writer.close()
