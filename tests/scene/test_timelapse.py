"""Films: what writing one takes."""

from __future__ import annotations

import gc

import numpy as np
from PIL import Image

from model.scene.timelapse import GIF_WIDTH, write_gif

SIZE = 2 * GIF_WIDTH + 6, GIF_WIDTH + 3  # which no other picture has


def test_a_gif_in_the_making_holds_none_of_its_pictures_as_large_as_they_came(tmp_path):
    held: list[int] = []

    def painted():
        for shade in (0, 80, 160):
            images = [each for each in gc.get_objects() if type(each) is Image.Image]
            held.append(sum(image.size == SIZE for image in images))
            yield np.full((SIZE[1], SIZE[0], 3), shade, np.uint8)

    write_gif(tmp_path / "film.gif", painted())
    assert held == [0, 0, 0]
    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames == 3
        assert film.size == (GIF_WIDTH, GIF_WIDTH // 2)
