"""A sheet of the frames that the judge agrees with most and least."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from model.checkpoint import open_checkpoint
from model.evaluation.figures import Settings
from model.evaluation.judge import Judge, Look
from model.evaluation.open_judge import open_judge
from model.evaluation.painting import Painter, Pixels, frames_to_judge, read_pair
from model.evaluation.report import Report
from model.scene.export import side_by_side
from model.scene.labels import LabelSchema, label_colors, load_schema
from model.scene.maps import write_picture

SHOWN = 3  # best ones, and as many worst ones
HEIGHT = 256  # pixels of each picture


def write_judged_sheet(
    path: Path, report: Report, checkpoint_path: Path, data: Path, judge_path: Path, how: Settings
) -> None:
    """Rows of label map, true picture, generated one and what the judge sees in it.

    The frames are ordered by mIoU of the generated picture, the best first; pixels that do not
    count are black in the last column. Painted anew, and so equal to what was judged.
    """
    checkpoint = open_checkpoint(checkpoint_path)
    schema = load_schema(checkpoint.schema_name or how.schema)
    judge = open_judge(judge_path, schema, how.device, how.precision)
    painter = Painter(checkpoint, how.device, how.precision, how.seed)
    chosen = frames_to_judge(checkpoint, data, report.data["phase"], how.frames)
    files = {each[0].key: each for each in chosen}
    source = painter.sources[0]
    ordered = sorted(report.frames, key=lambda frame: -(frame[source]["mean_iou"] or 0.0))
    keys = [frame["key"] for frame in ordered]
    if len(keys) > 2 * SHOWN:
        keys = keys[:SHOWN] + keys[-SHOWN:]
    rows = []
    for key in keys:
        pair = read_pair(*files[key], schema)
        painted = painter.paint(pair, source)
        seen = _seen(judge.look(painted), judge, pair.scene.label_map, schema)
        colors = label_colors(pair.scene.label_map, schema)
        rows.append(side_by_side(*map(_small, (colors, pair.picture, painted, seen))))
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 4), (0, width - row.shape[1]), (0, 0))) for row in rows]
    write_picture(path, np.vstack(padded))


def _seen(look: Look, judge: Judge, label_map: np.ndarray, schema: LabelSchema) -> Pixels:
    labels = np.array(judge.config.labels, np.uint8)[look.prediction.cpu().numpy()]
    colors = label_colors(labels, schema).copy()
    colors[judge.targets(label_map).cpu().numpy() < 0] = 0
    return colors


def _small(picture: Pixels) -> Pixels:
    width = max(1, round(HEIGHT * picture.shape[1] / picture.shape[0]))
    return cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8)
