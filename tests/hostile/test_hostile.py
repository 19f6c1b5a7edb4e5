"""Crafted files of every format are refused, with little memory and nothing left behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


def printed(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(600)
def test_every_crafted_file_is_refused_as_expected():
    text = printed("tests.hostile.rounds")
    assert " 0 not treated as expected" in text
    assert int(text.split()[0]) >= 60


@pytest.mark.timeout(600)
def test_randomly_changed_files_are_opened_or_refused():
    text = printed("tests.hostile.fuzz", "40")
    assert "none failed" in text


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_randomly_changed_files_are_opened_or_refused():
    text = printed("tests.hostile.fuzz", "2000", "--seed", "7")
    print(text)
