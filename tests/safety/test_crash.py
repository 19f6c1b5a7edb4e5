"""Programs killed at random moments lose no finished stroke."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


def rounds(count: int, seed: int) -> str:
    command = [sys.executable, "-m", "tests.safety.crash_rounds"]
    command += ["--rounds", str(count), "--seed", str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_twenty_kills_lose_no_finished_stroke():
    assert rounds(20, seed=1).startswith("20 kills")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_kills_lose_no_finished_stroke():
    text = rounds(200, seed=2)
    assert text.startswith("200 kills")
    print(text)
