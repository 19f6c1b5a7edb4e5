"""Edits of whole objects, as functions of a document: each makes one undo step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError
from model.scene.document import Document
from model.scene.geometry import BoolMask, Rect
from model.scene.labels import Label, LabelSchema

UPWARD_COST = 4.0  # squared: a pixel above counts as twice as far away as one below or beside


def relabel_instance(document: Document, instance_id: int, label_id: int) -> int:
    """Turn an instance into a new instance of another label; returns its new id.

    Its style stays with the old id. Raises ValueError when there is no such instance and
    InputError when the label has no free id.
    """
    rect, mask = _pixels(document, instance_id)
    new_id = document.new_instance_id(label_id)
    with document.edit(f"Change to {document.schema.by_id(label_id).name}"):
        document.paint(rect, mask, label_id, new_id)
    return new_id


def remove_instance(document: Document, instance_id: int) -> None:
    """Remove an instance and fill its place from its surroundings, as fill_surroundings() does.

    Raises ValueError when there is no such instance and InputError when nothing else is there
    to fill with; then the document is as before.
    """
    rect, mask = _pixels(document, instance_id)
    label_id = int(document.label_map[rect.slices][mask][0])
    with document.edit(f"Remove {document.schema.by_id(label_id).name}"):
        fill_surroundings(document, rect, mask)


def fill_surroundings(document: Document, rect: Rect, mask: BoolMask) -> None:
    """Inside an open edit: give each pixel of mask the label and instance of near stuff.

    mask covers rect, which may reach outside the map. Chosen is the nearest pixel outside the mask
    whose label is stuff (surfaces: neither counted, nor an object such as a pole, nor void),
    where a pixel above counts twice its distance: what stands on the ground hides more ground
    than background. Raises InputError when the picture has no stuff at all.
    """
    inside = rect.intersection(document.bounds)
    mask = mask[inside.slices_in(rect)]
    if not mask.any():
        return
    sources = np.isin(document.label_map, _stuff(document.schema))
    sources[inside.slices][mask] = False
    if not sources.any():
        raise InputError("Nothing else is in the picture to fill the place with; paint over it.")
    rows, columns = nearest_source(sources, inside, mask)
    labels = np.zeros(mask.shape, np.uint8)
    instances = np.zeros(mask.shape, np.int32)
    labels[mask] = document.label_map[rows, columns]
    instances[mask] = document.instance_map[rows, columns]
    document.paint_maps(inside, mask, labels, instances)


def nearest_source(
    sources: BoolMask, rect: Rect, mask: BoolMask
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each pixel of mask (raster order) the row and column of its nearest source.

    Squared distance dx² + dy², times UPWARD_COST for the part of a source that lies above.
    sources (H, W) has a true pixel; mask covers rect, which lies inside. First the nearest source
    within each column, then for every row the column that is best: the distance transform of
    Felzenszwalb and Huttenlocher (2012).
    """
    nearest_row, cost = _nearest_in_columns(sources, rect)
    farthest = np.sqrt(cost[:, rect.x0 : rect.x1][mask].max())  # no better column lies beyond
    columns = np.flatnonzero(np.isfinite(cost[0]))
    columns = columns[(columns >= rect.x0 - farthest) & (columns < rect.x1 + farthest)]
    vertex, begin, top = _lower_envelopes(cost, columns)
    xs = np.arange(rect.x0, rect.x1)
    best_column = np.stack(
        [
            vertex[row, np.searchsorted(begin[row, 1 : top[row] + 1], xs)]
            for row in range(rect.height)
        ]
    )[mask]
    rows = np.nonzero(mask)[0]
    return nearest_row[rows, best_column], best_column


def _lower_envelopes(
    cost: NDArray[np.float64], columns: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """For every row the least of the parabolas cost[row, column] + (x - column)².

    Returns per row the columns whose parabola is somewhere the least, in order, the x from which
    on each is, and the position of the last. All rows are worked on at once.
    """
    count = len(cost)
    every_row = np.arange(count)
    vertex = np.zeros((count, len(columns)), np.intp)
    begin = np.full((count, len(columns)), -np.inf)
    top = np.zeros(count, np.intp)
    vertex[:, 0] = columns[0]
    height = cost + np.arange(cost.shape[1], dtype=np.float64) ** 2

    def overtakes(rows: NDArray[np.intp], column: int) -> NDArray[np.float64]:
        """The x from which on the parabola of column is below the last one kept."""
        last = vertex[rows, top[rows]]
        return (height[rows, column] - height[rows, last]) / (2 * (column - last))

    for column in columns[1:].tolist():
        x = overtakes(every_row, column)
        hidden = np.flatnonzero(x <= begin[every_row, top])
        while len(hidden):
            top[hidden] -= 1
            x[hidden] = overtakes(hidden, column)
            hidden = hidden[x[hidden] <= begin[hidden, top[hidden]]]
        top += 1
        vertex[every_row, top], begin[every_row, top] = column, x
    return vertex, begin, top


def _nearest_in_columns(
    sources: BoolMask, rect: Rect
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For the rows of rect and all columns: the best source's row in that column, its cost."""
    height = len(sources)
    row = np.arange(height)[:, None]
    above = np.maximum.accumulate(np.where(sources, row, -1), axis=0)[rect.y0 : rect.y1]
    below = np.minimum.accumulate(np.where(sources, row, height)[::-1], axis=0)[::-1]
    below = below[rect.y0 : rect.y1]
    row = row[rect.y0 : rect.y1]
    above_cost = np.where(above < 0, np.inf, UPWARD_COST * (row - above) ** 2)
    below_cost = np.where(below == height, np.inf, 1.0 * (below - row) ** 2)
    take_above = above_cost < below_cost
    return np.where(take_above, above, below), np.minimum(above_cost, below_cost)


def _stuff(schema: LabelSchema) -> list[int]:
    def is_stuff(label: Label) -> bool:
        return not label.has_instances and label.group not in ("void", "object")

    return [label.id for label in schema if is_stuff(label)]


def _pixels(document: Document, instance_id: int) -> tuple[Rect, BoolMask]:
    mask = document.instance_map == instance_id
    rect = Rect.around(mask)
    if not rect:
        raise ValueError(f"no instance {instance_id} in this document")
    return rect, mask[rect.slices]
