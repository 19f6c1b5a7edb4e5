"""A sheet that shows a style book: one row per label, one swatch per cluster."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.styles.book import StyleBook

NAME_WIDTH = 160
SWATCH = (72, 42)
TITLE_HEIGHT = 28
BACKGROUND = (24, 24, 26)
FOREGROUND = (230, 230, 230)
FONT_SIZE = 13


def draw_sheet(book: StyleBook, names: Mapping[int, str], title: str) -> np.ndarray:
    """The sheet as (H, W, 3) uint8 RGB.

    The first three features of a cluster, from -1..1, are its swatch's colour; above it stands
    an example where the book has them, below it the cluster's share of the label's instances.
    """
    columns = max(map(book.count, book.centers), default=0)
    width, height = SWATCH
    above = max((crops.shape[1] + 2 for crops in book.crops.values()), default=0)
    height += above
    size = (NAME_WIDTH + columns * width, TITLE_HEIGHT + len(book.centers) * height)
    sheet = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(FONT_SIZE)
    draw.text((8, 7), title, FOREGROUND, font)
    for row, label in enumerate(book.centers):
        top = TITLE_HEIGHT + row * height
        draw.text(
            (8, top + (height - SWATCH[1]) // 2 + 11),
            names.get(label, f"label {label}"),
            FOREGROUND,
            font,
        )
        shares = book.sizes[label] / book.sizes[label].sum()
        for column, (center, share) in enumerate(zip(book.centers[label], shares, strict=True)):
            left = NAME_WIDTH + column * width
            box = (left + 2, top + above + 2, left + width - 3, top + height - 17)
            draw.rectangle(box, swatch_color(center))
            if book.crops:
                example = Image.fromarray(book.crops[label][column])
                sheet.paste(example, (left + (width - example.width) // 2, top + 2))
            draw.text((left + 4, top + height - 16), f"{column}: {share:.0%}", FOREGROUND, font)
    return np.asarray(sheet)


def swatch_color(center: np.ndarray) -> tuple[int, int, int]:
    """The first three features as a colour, missing ones as the middle."""
    padded = np.append(center[:3], [0.0] * max(0, 3 - len(center)))
    red, green, blue = (int(value) for value in np.rint((np.clip(padded, -1, 1) + 1) * 127.5))
    return red, green, blue
