"""Figures of frames: perfect pictures, swapped labels, what adds up, what is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.errors import InputError
from model.evaluation.figures import measure
from model.evaluation.kept import Kept
from model.evaluation.report import ENCODED, GENERATED, RATIOS, TRUE
from model.evaluation.tally import figures, gather
from tests.evaluation.conftest import SCHEMA, PalettePainter

FACTS = {"checkpoint": {}, "data": {}, "judge": {}, "settings": {}}


def report_of(pairs, painter, judge):
    measured = [measure(pair, painter, judge, 2) for pair in pairs]
    keys = [pair.key for pair in pairs]
    return gather(keys, measured, judge.config.labels, SCHEMA, FACTS)


def test_a_perfect_generator_and_judge_score_one(street, palette_judge):
    report = report_of([street], PalettePainter(), palette_judge)
    for source in (TRUE, GENERATED, ENCODED):
        found = report.pictures[source]
        assert found.pixel_accuracy == found.class_accuracy == found.mean_iou == 1
        assert found.border_accuracy == 1
    assert all(report.ratio(GENERATED, name) == pytest.approx(1) for name in RATIOS)
    generated, encoded = report.pictures[GENERATED], report.pictures[ENCODED]
    assert generated.perceptual == pytest.approx(0, abs=1e-9)
    assert generated.frechet == pytest.approx(0, abs=1e-5)
    assert (encoded.l1, encoded.ssim) == (0, pytest.approx(1, abs=1e-3))  # flat: rounding tells
    assert generated.l1 == 0
    assert report.pictures[TRUE].l1 is None
    assert report.mean_color_l1 == 0
    assert report.diversity.pairs == 1
    assert report.diversity.l1 == pytest.approx(1 / 3)


def test_labels_painted_as_others_score_nothing(street, palette_judge):
    report = report_of([street], PalettePainter({7: 26, 26: 7}), palette_judge)
    by_name = {label.name: label for label in report.labels}
    for name in ("road", "car"):
        assert by_name[name].iou == {TRUE: 1.0, GENERATED: 0.0, ENCODED: 0.0}
        assert by_name[name].accuracy[GENERATED] == 0
    assert by_name["sky"].iou[GENERATED] == 1
    assert report.pictures[GENERATED].mean_iou == 0.5  # of road, car, building and sky
    assert report.pictures[GENERATED].perceptual > 0.01
    assert report.pictures[GENERATED].frechet > 0.01


def test_labels_that_do_not_count_or_occur_have_no_part(street, palette_judge):
    report = report_of([street], PalettePainter({1: 7}), palette_judge)  # void, painted as road
    assert report.pictures[GENERATED].pixel_accuracy == 1
    assert {label.name for label in report.labels if label.share} == {
        "road",
        "building",
        "sky",
        "car",
    }
    assert len(report.labels) == 19
    assert sum(label.share for label in report.labels) == pytest.approx(1)
    assert next(label for label in report.labels if label.name == "bus").iou[TRUE] is None


def test_pixels_of_all_frames_count_together(street, palette_judge):
    painter, broken = PalettePainter(), PalettePainter({11: 23})
    tall = np.vstack([street.scene.label_map] * 2)
    ids = np.vstack([street.scene.instance_map] * 2)
    scene = replace(street.scene, label_map=tall, instance_map=ids)
    large = replace(street, key="large", scene=scene, picture=SCHEMA.palette[tall])
    measured = [
        measure(street, painter, palette_judge, 1),
        measure(large, broken, palette_judge, 1),
    ]
    found = figures(measured, GENERATED)
    counted = (street.scene.label_map != 1).sum()
    wrong = 2 * (street.scene.label_map == 11).sum()
    assert found.pixel_accuracy == pytest.approx(1 - wrong / (3 * counted))
    assert "diversity" not in measured[0]


def test_tables_and_json_hold_the_same_figures(street, palette_judge):
    report = report_of([street], PalettePainter({7: 26, 26: 7}), palette_judge)
    content = report.to_json()
    assert content["pictures"]["generated"]["mean_iou"] == 0.5
    assert content["ratios"]["generated"]["mean_iou"] == 0.5
    assert content["frames"][0]["key"] == "street"
    assert content["frames"][0]["true"]["mean_iou"] == 1
    assert "| mIoU | 1.0000 | 0.5000 | 0.500 | 0.5000 | 0.500 |" in report.table()
    assert "| road | " in report.table()
    assert "bus" not in report.table()


def test_frames_that_were_finished_are_known_again(tmp_path, street, palette_judge):
    folder = tmp_path / "kept"
    measured = measure(street, PalettePainter(), palette_judge, 2)
    kept = Kept(folder, {"seed": 1})
    assert kept.load("street") is None
    kept.save("street", measured)
    again = Kept(folder, {"seed": 1}).load("street")
    assert again.keys() == measured.keys()
    assert all((again[name] == measured[name]).all() for name in measured)
    (folder / "street.npz").write_bytes(b"half a file")
    assert kept.load("street") is None
    kept.save("street", measured)
    other = Kept(folder, {"seed": 2})
    assert other.load("street") is None
    other.remove()
    assert not folder.exists()
    Kept(None, {}).save("street", measured)


def test_a_folder_of_others_is_not_touched(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match="move it away"):
        Kept(tmp_path, {})
    assert (tmp_path / "mine.txt").exists()
