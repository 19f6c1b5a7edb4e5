"""One OpenGL renderer for all tests; they skip where no context can be made."""

from __future__ import annotations

import os

import pytest

from model.errors import InputError

SIZE = (256, 128)


@pytest.fixture(scope="session")
def renderer():
    os.environ.setdefault("LP_NUM_THREADS", "1")
    pytest.importorskip("moderngl", reason="the street renderer needs moderngl")
    from model.streets.render.passes import StreetRenderer

    try:
        return StreetRenderer(SIZE)
    except InputError as error:
        pytest.skip(str(error))
