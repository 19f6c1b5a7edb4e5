"""Frames on disk, the audit, and what is painted over a finished picture."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from model.errors import InputError
from model.streets.audit import audit, broken_rule, find_frames, overlapping, read_frame
from model.streets.camera import Bonnet, Border
from model.streets.dataset import FrameFolder, write_frame
from model.streets.findings import shared_information
from model.streets.footprints import Box, overlap
from model.streets.labels import LabelId
from model.streets.render.annotation import BLANK_SHARE, annotated
from model.streets.render.glyphs import CELL_HEIGHT, CELL_WIDTH, COLUMNS, GLYPHS, glyph_texture
from model.streets.render.overlay import apply_bonnet, apply_border

SIZE = (24, 48)
FACTS = {
    "seed": 3,
    "modes": {"road": "wet", "sky": "clear"},
    "layout": "urban",
    "buildings": "one",
    "instances": {"26001": {"label": "car", "mode": "red"}},
}


def layers():
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 256, (*SIZE, 3), np.uint8)
    instances = rng.choice(np.array([7, 11, 26001, 33999], np.int32), SIZE)
    labels = np.where(instances >= 1000, instances // 1000, instances).astype(np.uint8)
    return picture, labels, instances


def written(root, seed=3, view=1, kind="png"):
    folder = FrameFolder(root, "train", kind)
    folder.prepare()
    paths = folder.paths(seed, view)
    write_frame(paths, *layers(), FACTS)
    return paths


def test_files_lie_where_training_looks_for_them(tmp_path):
    paths = FrameFolder(tmp_path).paths(42, 0)
    names = [str(path.relative_to(tmp_path)) for path in vars(paths).values()]
    assert names == [
        "train_img/street_000042_0_leftImg8bit.jpg",
        "train_label/street_000042_0_gtFine_labelIds.png",
        "train_inst/street_000042_0_gtFine_instanceIds.png",
        "train_meta/street_000042_0.json",
    ]


def test_a_written_frame_reads_back(tmp_path):
    picture, labels, instances = layers()
    paths = written(tmp_path)
    assert (cv2.imread(str(paths.picture))[..., ::-1] == picture).all()
    read = read_frame(paths)
    assert (read[0] == labels).all()
    assert (read[1] == instances).all()
    assert cv2.imread(str(paths.instances), cv2.IMREAD_UNCHANGED).dtype == np.uint16
    assert json.loads(paths.meta.read_text()) == FACTS


def test_a_frame_is_finished_only_with_all_its_files(tmp_path):
    paths = written(tmp_path)
    assert paths.finished
    paths.instances.unlink()
    assert not paths.finished


def test_nothing_but_the_files_is_left(tmp_path):
    written(tmp_path)
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 4


def test_leftovers_of_an_interrupted_run_are_removed(tmp_path):
    paths = written(tmp_path)
    own, dead, living = os.getpid(), 1 << 30, os.getppid()
    halves = {
        number: paths.picture.with_name(f".{paths.picture.name}.{number}.tmp")
        for number in (own, dead, living)
    }
    for half in halves.values():
        half.write_bytes(b"half")
    FrameFolder(tmp_path).remove_leftovers()
    assert [half.exists() for half in halves.values()] == [False, False, True]
    assert paths.finished


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file"):
        FrameFolder(tmp_path / "file").prepare()


def test_the_instance_rule_counts_wrong_pixels():
    _, labels, instances = layers()
    assert broken_rule(labels, instances) == 0
    instances[0, :3] = 24001
    assert broken_rule(labels, instances) == 3


def test_the_audit_reports_modes_and_writes_a_contact_sheet(tmp_path, capsys):
    written(tmp_path, seed=1, kind="jpg")
    written(tmp_path, seed=2)
    assert audit(tmp_path) == 0
    assert "wet" in capsys.readouterr().out
    assert cv2.imread(str(tmp_path / "contact_sheet.jpg")) is not None


def test_the_audit_fails_when_the_instance_rule_is_broken(tmp_path, capsys):
    paths = written(tmp_path)
    cv2.imwrite(str(paths.labels), np.full(SIZE, 7, np.uint8))
    assert audit(tmp_path) == 1
    assert paths.instances.name in capsys.readouterr().out


def test_the_audit_counts_overlapping_objects_pair_by_pair():
    boxes = [Box(0, 0, 0, 4, 2), Box(3, 0, 1, 4, 2), Box(20, 0, 0, 4, 2), Box(20.5, 0.5, 0.3, 1, 1)]
    pairs = [overlap(a, b) for k, a in enumerate(boxes) for b in boxes[k + 1 :]]
    assert 0 < sum(pairs) < len(pairs)
    assert overlapping(boxes) == sum(pairs)


def test_shared_information_is_one_for_copies_and_none_for_independent_columns():
    first = [name for name in "abc" for _ in range(4)]
    assert shared_information(first, first) == pytest.approx(1)
    assert shared_information(first, list("wxyz") * 3) == pytest.approx(0)
    assert shared_information(["a"] * 4, list("wxyz")) == 0


def test_the_audit_of_an_empty_folder_says_so(tmp_path):
    with pytest.raises(InputError, match="no finished"):
        find_frames(tmp_path, "train")


def test_the_bonnet_covers_the_bottom_row_and_keeps_the_instance_rule():
    _, labels, instances = layers()
    picture = np.full((*SIZE, 3), 200, np.uint8)
    bonnet = Bonnet(0.2, 3.0, 0.0, (0.02, 0.02, 0.02))
    painted, new_labels, new_instances = apply_bonnet(picture, labels, instances, bonnet)
    own = new_labels == LabelId.EGO_VEHICLE
    assert own[-1].all()
    assert not own[: SIZE[0] // 2].any()
    assert (new_instances[own] == LabelId.EGO_VEHICLE).all()
    assert (new_labels[~own] == labels[~own]).all()
    assert (painted[: SIZE[0] // 2] == 200).all()
    assert (painted[-1] < 180).all()


def test_the_border_frames_the_picture_and_leaves_its_inside():
    picture, labels, instances = layers()
    border = Border((0.0, 0.1), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
    painted, new_labels, new_instances = apply_border(picture, labels, instances, border)
    rim = np.ones(SIZE, bool)
    rim[1:-1, 1:-1] = False
    assert (new_labels[rim] == LabelId.OUT_OF_ROI).all()
    invalid = new_labels == LabelId.RECTIFICATION_BORDER
    for row in range(1, SIZE[0] - 1):
        share = 0.1 * row / (SIZE[0] - 1)
        expected = [1 <= x < share * SIZE[1] for x in range(SIZE[1] - 1)]
        assert invalid[row, :-1].tolist() == expected
    assert invalid.any()
    kept = ~invalid & ~rim
    assert (new_labels[kept] == labels[kept]).all()
    assert (painted[kept] == picture[kept]).all()
    assert broken_rule(new_labels, new_instances) == 0


def test_the_ornament_of_a_bonnet_is_the_own_car():
    picture = np.full((128, 256, 3), 200, np.uint8)
    labels = np.full((128, 256), 7, np.uint8)
    shown = {}
    for ornament in (False, True):
        bonnet = Bonnet(0.12, 3.0, 0.0, (0.02, 0.02, 0.02), ornament)
        shown[ornament] = apply_bonnet(picture, labels, labels.astype(np.int32), bonnet)
    own = [layers[1] == LabelId.EGO_VEHICLE for layers in shown.values()]
    added = own[1] & ~own[0]
    assert 20 < added.sum() < 120
    assert abs(np.nonzero(added)[1].mean() - 128) < 2


def test_annotators_close_crowns_drop_specks_and_keep_the_rest():
    ids = np.full((64, 1024), 23, np.int32)
    ids[:, :512], ids[50:] = 7, 11
    ids[20:40, 600:700] = 21
    ids[30:33, 640:643] = 23
    ids[10, 100:104] = 26003
    ids[40:44, 200:240] = 26004
    rng = np.random.default_rng(0)
    drawn = next(
        d for d in (annotated(ids, rng) for _ in range(50)) if not (d == LabelId.UNLABELED).any()
    )
    expected = ids.copy()
    expected[30:33, 640:643] = 21
    expected[10, 100:104] = 7
    assert (drawn == expected).all()
    blank = sum((annotated(ids, rng) == LabelId.UNLABELED).any() for _ in range(200)) / 200
    assert abs(blank - BLANK_SHARE) < 0.12


def test_the_bundled_frames_are_whole_small_and_obey_the_instance_rule():
    folder = Path(__file__).parents[2] / "assets/streets"
    frames = find_frames(folder, "train")
    assert len(frames) == 8
    seen = set()
    for paths in frames:
        labels, instances = read_frame(paths)
        assert labels.shape == (256, 512)
        assert broken_rule(labels, instances) == 0
        assert cv2.imread(str(paths.picture)).shape == (256, 512, 3)
        seen |= set(np.unique(labels).tolist())
    assert len(seen) > 25
    assert sum(path.stat().st_size for path in folder.rglob("*.*")) < 1_500_000


def test_every_glyph_is_drawn_in_a_cell_of_its_own():
    sheet = glyph_texture()
    cells = set()
    for index in range(len(GLYPHS)):
        row, column = divmod(index, COLUMNS)
        y, x = row * CELL_HEIGHT, column * CELL_WIDTH
        cell = sheet[y : y + CELL_HEIGHT, x : x + CELL_WIDTH]
        assert max(cell[0].max(), cell[-1].max(), cell[:, 0].max(), cell[:, -1].max()) < 40
        assert 100 < (cell > 128).sum() < 600
        cells.add(cell.tobytes())
    assert len(cells) == len(GLYPHS) == 36
