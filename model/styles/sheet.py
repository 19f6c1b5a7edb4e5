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

    The first three features of a cluster are its swatch's colour, each over its range in the
    book; above it stands an example where the book has them, below it the cluster's number and
    its share of the label's instances.
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
    low, high = feature_range(book)
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
            draw.rectangle(box, swatch_color(center, low, high))
            if book.crops:
                example = Image.fromarray(book.crops[label][column])
                sheet.paste(example, (left + (width - example.width) // 2, top + 2))
            draw.text((left + 4, top + height - 16), f"{column}: {share:.0%}", FOREGROUND, font)
    return np.asarray(sheet)


def feature_range(book: StyleBook) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of each feature among all centres, (F,) each."""
    centers = np.concatenate([*book.centers.values(), np.zeros((0, book.feature_channels))])
    if not len(centers):
        return np.zeros(0), np.zeros(0)
    return centers.min(axis=0), centers.max(axis=0)


def swatch_color(center: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[int, int, int]:
    """The first three features as a colour, dark where low; missing ones as the middle."""
    shares = (center - low) / np.maximum(high - low, 1e-6)
    padded = np.append(shares[:3], [0.5] * max(0, 3 - len(shares)))
    red, green, blue = (int(value) for value in np.rint(padded * 255))
    return red, green, blue
