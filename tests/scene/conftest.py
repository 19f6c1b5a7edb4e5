"""A small document that several scene tests edit."""

from __future__ import annotations

import pytest

from model.scene.document import Document
from tests.builders import STREET, scene


@pytest.fixture
def document() -> Document:
    return Document(scene(STREET))
