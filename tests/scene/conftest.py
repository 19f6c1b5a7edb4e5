"""A small document that several scene tests edit, and streets of flat walls."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.scene.document import Document
from tests.builders import STREET, scene
from tests.scene.shot_street import AHEAD, drawn


@pytest.fixture
def document() -> Document:
    return Document(scene(STREET))


@pytest.fixture(scope="session")
def open_street() -> np.ndarray:
    return _kept(drawn(math.inf))


@pytest.fixture(scope="session")
def closed_street() -> np.ndarray:
    """A street that ends before a house."""
    return _kept(drawn(AHEAD))


def _kept(labels: np.ndarray) -> np.ndarray:
    labels.flags.writeable = False
    return labels
