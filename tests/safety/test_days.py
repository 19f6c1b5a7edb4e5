"""A small slice of a run that lasts days, with a history that has to use its file."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT
from tests.safety.days import Measured, troubles


def test_two_hundred_edits_leave_no_growth_and_undo_reaches_the_first():
    command = [sys.executable, "-m", "tests.safety.days", "--edits", "200", "--width", "256"]
    command += ["--history-kib", "16"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("nothing grew, nothing left behind\n")
    spilled_kib = int(done.stdout.splitlines()[-3].split()[-2])
    assert spilled_kib > 16


def test_growth_would_be_noticed():
    first = Measured(1, 1, 200.0, 13, 5, 4, 10, 10, 5, 10, 10)
    later = Measured(2, 2, 211.0, 20, 9, 40, 10**6, 10**6, 10**5, 10, 20)
    assert troubles(first, [first], 16) == []
    assert len(troubles(first, [later], 16)) == 5
