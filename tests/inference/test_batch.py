"""Many pictures at once: overlap, bounds, failures, interrupts, shares."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import main
from model.inference.batch import AHEAD, BEHIND, Share, work_through
from tests.inference.conftest import blocks
from tests.inference.test_command import files, write_maps

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds until a test that hangs fails


def outcomes(jobs, read, paint, write):
    return [(job, str(error or "")) for job, error in work_through(jobs, read, paint, write)]


def nothing(*_):
    return None


def test_the_next_is_read_and_the_last_written_while_one_is_painted():
    begun = {(kind, job): threading.Event() for kind in ("read", "write") for job in range(4)}
    painting = [threading.Event() for _ in range(4)]

    def read(job):
        begun["read", job].set()
        return job

    def paint(job):
        painting[job].set()
        if job < 3:
            assert begun["read", job + 1].wait(PATIENCE)
        return job

    def write(job, _):
        begun["write", job].set()
        if job < 3:
            assert painting[job + 1].wait(PATIENCE)

    assert outcomes(range(4), read, paint, write) == [(job, "") for job in range(4)]


def test_no_more_is_held_in_memory_than_said():
    read, written, lock, held = [0], [0], threading.Lock(), []

    def count(counter):
        with lock:
            counter[0] += 1
            held.append(read[0] - written[0])

    jobs = work_through(range(40), lambda _: count(read), nothing, lambda *_: count(written))
    assert len(list(jobs)) == 40
    assert max(held) <= AHEAD + BEHIND + 2  # one is painted, one was just handed on


@pytest.mark.parametrize("stage", ["read", "paint", "write"])
def test_what_fails_does_not_lose_the_others(stage):
    written = []

    def failing(kind, action=nothing):
        def work(job, *rest):
            if kind == stage and job == 3:
                raise OSError(f"{kind} of {job}")
            action(job)
            return job

        return work

    found = outcomes(range(7), failing("read"), failing("paint"), failing("write", written.append))
    assert found == [(job, f"{stage} of 3" if job == 3 else "") for job in range(7)]
    assert sorted(written) == [0, 1, 2, 4, 5, 6]


def test_an_interrupt_begins_nothing_new():
    begun = []

    def paint(job):
        if job == 2:
            raise KeyboardInterrupt
        return job

    with pytest.raises(KeyboardInterrupt):
        outcomes(range(100), lambda job: begun.append(job) or job, paint, nothing)
    assert len(begun) <= 2 + 1 + AHEAD


def test_shares_are_disjoint_and_complete():
    jobs = list(range(11))
    parts = [Share(rank, 3).of(jobs) for rank in range(3)]
    assert sorted(job for part in parts for job in part) == jobs


@pytest.fixture
def folder(tmp_path):
    for seed, name in enumerate(["x/a", "x/b", "y/a", "c", "d"]):
        path = tmp_path / "maps" / name
        write_maps(path.parent, path.name, blocks(40, 56, seed))
    return tmp_path / "maps"


@pytest.fixture
def render(checkpoint_folder):
    def arguments(*given) -> list[str]:
        common = ["--device", "cpu", "--precision", "float32", "--checkpoint"]
        return ["render", *map(str, given), *common, str(checkpoint_folder)]

    return arguments


def test_processes_of_torchrun_paint_together_what_one_paints(
    tmp_path, folder, render, monkeypatch
):
    assert main.main(render(folder, "-o", tmp_path / "one")) == 0
    shares = []
    for rank in ("0", "1"):
        monkeypatch.setenv("RANK", rank)
        monkeypatch.setenv("WORLD_SIZE", "2")
        assert main.main(render(folder, "-o", tmp_path / rank)) == 0
        shares.append(files(tmp_path / rank))
    assert not shares[0] & shares[1]
    assert shares[0] | shares[1] == files(tmp_path / "one")
    for rank, share in enumerate(shares):
        for name in share:
            picture = (tmp_path / str(rank) / name).read_bytes()
            assert picture == (tmp_path / "one" / name).read_bytes()


def test_a_rank_that_cannot_be_is_refused(tmp_path, folder, render, monkeypatch, capsys):
    monkeypatch.setenv("RANK", "2")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main.main(render(folder, "-o", tmp_path / "out")) == 2
    assert "RANK=2" in capsys.readouterr().err


def test_a_picture_that_cannot_be_written_is_named_and_the_rest_is_there(
    tmp_path, folder, render, capsys
):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").write_text("in the way")
    assert main.main(render(folder, "-o", tmp_path / "out", "--quiet")) == 1
    assert files(tmp_path / "out") == {"x", "y/a_labelIds.png", "c_labelIds.png", "d_labelIds.png"}
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all("maps/x/" in line for line in lines)


@pytest.mark.slow
def test_control_c_leaves_whole_pictures_only(tmp_path, render):
    for number in range(60):
        write_maps(tmp_path / "maps", f"{number:02}", blocks(200, 256, number))
    command = [sys.executable, "main.py", *render(tmp_path / "maps", "-o", tmp_path / "out")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ)
    assert process.stderr is not None
    progress = ""
    while not re.search(r" [1-9]\d*/60", progress) and process.poll() is None:
        progress += process.stderr.read(1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert 0 < len(files(tmp_path / "out")) < 60
    assert all(name.endswith(".png") for name in files(tmp_path / "out"))
