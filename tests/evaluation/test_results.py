"""The results page: what stands in it, and that it is made of the files alone."""

from __future__ import annotations

import json
from statistics import mean, stdev

import pytest

from main import main
from model.errors import InputError
from model.evaluation.comparison import differences, score_table, spread, table
from model.evaluation.results import page

TRUE = {"mean_iou": 0.7, "pixel_accuracy": 0.9, "l1": None}


def comparison(**scores: list[float | None]) -> dict:
    """Rows by name with an mIoU for every seed, None where a run is missing."""
    return {
        "kind": "ablations",
        "version": 1,
        "list": "small",
        "budget": {"steps": 200, "minutes": None, "seeds": 3},
        "data": {"name": "held", "phase": "test", "frames": 8, "trained_on": "streets"},
        "judge": {"name": "judge"},
        "device": "CPU",
        "true": TRUE,
        "rows": [
            {
                "name": name,
                "folder": name,
                "preset": "slim-streets",
                "settings": ["losses.pool=0", f"losses.l1={number}"],
                "seeds": [
                    {
                        "seed": seed,
                        "steps": 200,
                        "seconds": 60.0 + seed,
                        "pictures": {"generated": {"mean_iou": value, "pixel_accuracy": 0.8}},
                        "ratios": {"generated": {"mean_iou": value / 0.7}},
                    }
                    for seed, value in enumerate(values)
                    if value is not None
                ],
            }
            for number, (name, values) in enumerate(scores.items())
        ],
    }


SCORES = {"ours": [0.5, 0.6, 0.55], "theirs": [0.45, None, 0.6]}


def cells(text: str, name: str) -> list[str]:
    (line,) = [each for each in text.splitlines() if each.startswith(f"| {name} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_means_and_spread_are_those_of_the_runs_there_are():
    shown = table(comparison(**SCORES))
    ours, theirs = cells(shown, "ours"), cells(shown, "theirs")
    assert ours[1:4] == ["3", "0.786 ± 0.071", f"{mean(SCORES['ours']):.3f} ± 0.050"]
    assert theirs[1] == "2" and theirs[3] == f"0.525 ± {stdev([0.45, 0.6]):.3f}"
    assert cells(shown, "true pictures")[3] == "0.700"
    assert theirs[-1] == "61 ± 1" and theirs[7] == "-"


def test_rows_are_compared_with_the_first_seed_by_seed():
    shown = cells(differences(comparison(**SCORES)), "theirs")
    assert shown[1:] == [f"+0.000 ± {stdev([-0.05, 0.05]):.3f}", "1 of 2 seeds"]


@pytest.mark.parametrize(
    ("values", "shown"),
    [([], "-"), ([None], "-"), ([0.5], "0.50"), ([0.5, 0.7], "0.60 ± 0.14"), ([float("nan")], "-")],
)
def test_one_value_has_no_spread(values, shown):
    assert spread(values, 2) == shown


@pytest.fixture
def folder(tmp_path):
    """A comparison with a comment, and a study."""
    place = tmp_path / "results"
    place.mkdir()
    (place / "small_streets.json").write_text(json.dumps(comparison(**SCORES)))
    (place / "small_streets.md").write_text("Why it may be so.\n")
    each = {"chosen": 8, "answers": 10, "share": 0.8, "low": 0.49, "high": 0.943}
    study = {"kind": "study", "a": "ours", "b": "crn", "all": each, "raters": {"Ada": each}}
    (place / "study.json").write_text(json.dumps(study | {"seconds": {"0.125": each}}))
    return place


def test_the_page_says_what_is_missing_and_keeps_the_paper_apart(folder):
    text = page(folder)
    assert "missing:** theirs (1)" in text
    assert "Why it may be so." in text
    assert "0.700 on the true pictures, enough" in text
    assert cells(text, "theirs | slim-streets")[2] == "`losses.l1=1`"
    assert "All: `losses.pool=0`." in text
    assert "| 0.125 s | 80.0% | 49.0% to 94.3% | 10 |" in text
    ours, theirs = text.split("## The paper's figures")
    assert "0.6389" not in ours and "| pix2pixHD | 0.6389 | 0.932 |" in theirs


def test_a_weak_judge_is_called_weak(folder):
    content = comparison(**SCORES) | {"true": TRUE | {"mean_iou": 0.3}}
    (folder / "small_streets.json").write_text(json.dumps(content))
    assert "too little to prove much" in page(folder)
    content["true"] = TRUE | {"mean_iou": 0.5, "common_iou": 0.65}
    (folder / "small_streets.json").write_text(json.dumps(content))
    assert "0.500 (0.650 without labels under 0.1% of the pixels)" in page(folder)
    assert "enough only without those rare labels" in page(folder)


def test_the_same_files_give_the_same_page(folder, tmp_path):
    pages = []
    for name in ("one.md", "two.md"):
        assert main(["evaluate", "results", str(folder), "-o", str(tmp_path / name)]) == 0
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_a_judge_is_told_label_by_label(folder):
    rows = [{"id": 7, "name": "road", "share": 0.9, "iou": 0.95}]
    rows += [{"id": 31, "name": "train", "share": 0.00001, "iou": 0.1}]
    held = {"data": "held", "phase": "test", "frames": 24, "pixel_accuracy": 0.9}
    held |= {"class_accuracy": 0.7, "mean_iou": 0.55, "labels": rows}
    facts = {"frames": 96, "steps": 10, "minutes": 5.0, "device": "cpu", "precision": "bfloat16"}
    made = {"network": "fpn", "encoder": "resnet18", "height": 384}
    content = {"judge": made, "facts": facts | {"held_out": [held]}}
    (folder / "judge.json").write_text(json.dumps(content))
    text = page(folder)
    assert "`fpn` with the encoder `resnet18`, which sees pictures at a height of 384" in text
    assert cells(text, "road") == ["road", "90.000", "0.950"]
    assert cells(text, "train (rare)") == ["train (rare)", "0.001", "0.100"]
    assert "without 1 rare labels 0.9500" in text
    assert "Below 0.6 with the rare labels (under 0.1% of the pixels)" in text
    rows[0]["iou"] = 0.5
    assert "Below 0.6: train it for longer" in score_table(held)


def test_a_single_checkpoint_is_told_label_by_label(folder):
    figures = {"true": {"mean_iou": 0.5, "psnr": None}, "generated": {"mean_iou": 0.4}}
    label = {"name": "bus", "share": 0.0005, "rare": True, "iou": {"true": 0.25, "generated": None}}
    content = {
        "checkpoint": {"name": "streets", "steps": 9},
        "data": {"name": "held", "phase": "test", "frames": 2},
        "pictures": figures,
        "ratios": {"generated": {"mean_iou": 0.8}},
        "labels": [label, label | {"name": "train", "share": 0.0}],
    }
    (folder / "bundled.json").write_text(json.dumps(content))
    text = page(folder)
    assert cells(text, "mIoU") == ["mIoU", "0.5000", "0.4000", "0.800"]
    assert cells(text, "bus (rare)") == ["bus (rare)", "0.050", "0.250", "-"]
    assert "PSNR" not in text and "| train" not in text


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"kind": "ablations"}', '{"kind": "x"}'])
def test_what_holds_no_figures_is_refused(folder, content):
    (folder / "other.json").write_text(content)
    with pytest.raises(InputError, match=r"other\.json"):
        page(folder)


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no JSON"):
        page(tmp_path)
