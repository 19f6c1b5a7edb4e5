"""The project's own lettering, A to Z and 0 to 9, as one texture that shaders write words with."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Rows of five pixels from the top, as hexadecimal numbers.
GLYPHS = {
    "A": "0E 11 11 1F 11 11 11", "B": "1E 11 11 1E 11 11 1E", "C": "0F 10 10 10 10 10 0F",
    "D": "1E 11 11 11 11 11 1E", "E": "1F 10 10 1E 10 10 1F", "F": "1F 10 10 1E 10 10 10",
    "G": "0F 10 10 13 11 11 0F", "H": "11 11 11 1F 11 11 11", "I": "0E 04 04 04 04 04 0E",
    "J": "03 01 01 01 01 11 0E", "K": "11 12 14 18 14 12 11", "L": "10 10 10 10 10 10 1F",
    "M": "11 1B 15 15 11 11 11", "N": "11 19 15 15 13 11 11", "O": "0E 11 11 11 11 11 0E",
    "P": "1E 11 11 1E 10 10 10", "Q": "0E 11 11 11 15 12 0D", "R": "1E 11 11 1E 14 12 11",
    "S": "0F 10 10 0E 01 01 1E", "T": "1F 04 04 04 04 04 04", "U": "11 11 11 11 11 11 0E",
    "V": "11 11 11 11 0A 0A 04", "W": "11 11 11 15 15 1B 11", "X": "11 0A 04 04 04 0A 11",
    "Y": "11 11 0A 04 04 04 04", "Z": "1F 01 02 04 08 10 1F",
    "0": "0E 11 13 15 19 11 0E", "1": "04 0C 04 04 04 04 0E", "2": "0E 11 01 06 08 10 1F",
    "3": "1E 01 01 0E 01 01 1E", "4": "02 06 0A 12 1F 02 02", "5": "1F 10 1E 01 01 11 0E",
    "6": "06 08 10 1E 11 11 0E", "7": "1F 01 02 04 04 04 04", "8": "0E 11 11 0E 11 11 0E",
    "9": "0E 11 11 0F 01 02 0C",
}  # fmt: skip
COLUMNS = 6
CELL_WIDTH, CELL_HEIGHT = 32, 40
_DOT, _LEFT, _TOP = 5, 3, 2


def glyph_texture() -> NDArray[np.uint8]:
    """(6 * CELL_HEIGHT, 6 * CELL_WIDTH) uint8 ink, a glyph per cell, first row lowest: texture
    coordinates go up."""
    rows = -(-len(GLYPHS) // COLUMNS)
    sheet = np.zeros((rows * CELL_HEIGHT, COLUMNS * CELL_WIDTH), np.uint8)
    for index, pattern in enumerate(GLYPHS.values()):
        y, x = (index // COLUMNS) * CELL_HEIGHT, (index % COLUMNS) * CELL_WIDTH
        sheet[y : y + CELL_HEIGHT, x : x + CELL_WIDTH] = _cell(pattern)[::-1]
    return sheet


def _cell(pattern: str) -> NDArray[np.uint8]:
    dots = [[int(row, 16) >> (4 - column) & 1 for column in range(5)] for row in pattern.split()]
    ink = np.kron(np.array(dots, np.uint8), np.full((_DOT, _DOT), 255, np.uint8))
    cell = np.zeros((CELL_HEIGHT, CELL_WIDTH), np.uint8)
    cell[_TOP : _TOP + ink.shape[0], _LEFT : _LEFT + ink.shape[1]] = ink
    return cv2.GaussianBlur(cell, (0, 0), 1.0).astype(np.uint8)
