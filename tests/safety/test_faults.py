"""A failure at any write, flush or rename leaves what was there before, or what was to be there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def fail_everywhere(most: int, *subjects: str) -> str:
    command = [sys.executable, "-m", "tests.safety.fault_rounds", str(most), *subjects]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_failing_save_leaves_the_old_project_or_the_new_one():
    assert "failures" in fail_everywhere(8, "project")


def test_a_failing_journal_leaves_a_prefix_of_the_story():
    assert "failures" in fail_everywhere(5, "journal")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("subject", ["project", "journal", "checkpoint", "state"])
def test_any_call_may_fail(subject):
    print(fail_everywhere(10_000, subject))


def test_a_failing_training_save_leaves_the_old_checkpoint_or_the_new_one():
    assert "failures" in fail_everywhere(5, "checkpoint")


def test_a_failing_save_of_a_run_leaves_the_old_state_or_the_new_one():
    assert "failures" in fail_everywhere(5, "state")
