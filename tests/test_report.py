"""The report helps whoever reads it, and says nothing about what was drawn or by whom."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from model.scene.document import Document
from model.scene.journal import Journal
from model.scene.journal_records import Facts
from model.scene.labels import load_schema
from model.scene.maps import write_label_map, write_picture
from model.scene.scene import Scene
from tests.conftest import ROOT

EDITOR = """
import logging, sys
from app.errors import start_log, log_folder
from app.settings import Settings
start_log(debug=False)
log = logging.getLogger("app.test")
for number in range(900):
    log.info("line %d of a day that was %s long", number, 1000 * "very ")
log.error("the pipe in %s burst at last", sys.argv[1])
settings = Settings()
settings.set("view/theme", "dark")
settings.set("files/recent", [sys.argv[1] + "/secret-town.labelbrush"])
settings.flush()
print(log_folder())
"""


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "homes" / "ada"
    home.mkdir(parents=True)
    return home


def run(home, *words: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    environment |= {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 34, (64, 96)).astype(np.uint8)


def test_the_report_has_log_settings_and_versions_but_no_picture_map_or_home(home, tmp_path):
    logs = run(home, "-c", EDITOR, str(home)).strip()
    rotated = sorted(path.name for path in (home / ".local" / "state").rglob("labelbrush.log*"))
    assert rotated == [f"labelbrush.log{end}" for end in ("", ".1", ".2", ".3")]
    assert all(os.path.getsize(f"{logs}/{name}") <= 1_000_000 for name in rotated)

    labels = noise()
    document = Document(Scene(load_schema("cityscapes"), labels, labels.astype(np.int32)))
    root = home / ".local" / "share" / "labelbrush" / "journals"
    journal = Journal(root, document, Facts("secret town"))
    journal.wait()
    write_label_map(root.parent / "labels.png", labels)
    write_picture(root.parent / "picture.png", np.stack([labels] * 3, -1))

    report = tmp_path / "report.txt"
    printed = run(home, "main.py", "check", "--report", str(report))
    text = report.read_text("utf-8")
    assert str(home) in printed  # there it is only the user's own screen
    for expected in ("torch: ", "device cpu: ", "the pipe in ~ burst at last", "view/theme = dark"):
        assert expected in text
    assert "~/.local/share/labelbrush" in text
    assert "2 files" in text or "3 files" in text  # of the journal
    assert str(home) not in text and "secret" not in text
    assert len(text) < 400_000

    written = report.read_bytes()
    for path in [*root.rglob("*"), *root.parent.glob("*.png")]:
        if path.is_file() and path.stat().st_size > 64:
            assert_holds_nothing_of(written, path.read_bytes())
    assert_holds_nothing_of(written, labels.tobytes())
    journal.close(delete=True)
    shutil.rmtree(home)


def assert_holds_nothing_of(report: bytes, content: bytes) -> None:
    """Neither as it is, nor in hexadecimal digits or base64, nor as a list of numbers."""
    for start in range(0, len(content) - 24, 24):
        piece = content[start : start + 24]
        if len(set(piece)) < 6:  # such as padding
            continue
        assert piece not in report
        assert piece.hex().encode() not in report
        assert base64.b64encode(piece) not in report
        assert ", ".join(map(str, piece)).encode() not in report
