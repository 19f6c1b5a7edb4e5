"""The `streets` command end to end, at small sizes."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import pytest

from model.errors import InputError
from model.streets import command


def arguments(*words):
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return parser.parse_args([str(word) for word in words])


def frames(out, *words):
    options = ("--size", "128x64", "--quiet", *words)
    assert command.run(arguments(out, *options)) == 0
    files = sorted(path for path in Path(out).rglob("*") if path.is_file())
    return {
        str(path.relative_to(out)): hashlib.md5(path.read_bytes()).hexdigest() for path in files
    }


@pytest.mark.parametrize(("text", "expected"), [("3:7", range(3, 7)), ("5", range(5, 6))])
def test_seeds_are_a_range_or_one(text, expected):
    assert command.parse_seeds(text) == expected


@pytest.mark.parametrize("text", ["", "a", "7:3", "3:3", "-2:4", "1:2:3"])
def test_other_seeds_are_refused(text):
    with pytest.raises(InputError, match="--seeds"):
        command.parse_seeds(text)


def test_sizes_are_width_first():
    assert command.parse_size("1024x512") == (1024, 512)


@pytest.mark.parametrize("text", ["1024", "axb", "10x10", "99999x512"])
def test_other_sizes_are_refused(text):
    with pytest.raises(InputError, match="--size"):
        command.parse_size(text)


@pytest.mark.parametrize(
    "words", [(), ("out", "--views", "0"), ("out", "--workers", "0"), ("out", "--force", "a=b")]
)
def test_refused_arguments_write_nothing(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        command.run(arguments(*words))
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_same_bytes_come_from_one_process_and_from_two(renderer, tmp_path):
    one = frames(tmp_path / "one", "--seeds", "1:4")
    two = frames(tmp_path / "two", "--seeds", "1:4", "--workers", 2)
    assert one == two
    assert len(one) == 12


def test_finished_frames_are_kept_and_missing_ones_drawn(renderer, tmp_path):
    whole = frames(tmp_path, "--seeds", "1", "--views", 2)
    kept = tmp_path / "train_img/street_000001_0_leftImg8bit.jpg"
    stamp = kept.stat().st_mtime_ns
    (tmp_path / "train_label/street_000001_1_gtFine_labelIds.png").unlink()
    assert frames(tmp_path, "--seeds", "1", "--views", 2) == whole
    assert kept.stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    "words", [("--size", "64x64"), ("--size", "128x64", "--force", "road=wet")]
)
def test_frames_of_other_options_are_not_mixed_in(words, renderer, tmp_path):
    frames(tmp_path, "--seeds", "1", "--force", "road=concrete")
    with pytest.raises(InputError, match="already holds frames of 128x64"):
        command.run(arguments(tmp_path, "--seeds", "1:3", "--quiet", *words))


def test_an_interrupted_run_exits_130_and_leaves_no_half_file(tmp_path, monkeypatch):
    def interrupted(task):
        task.job.folder.part("img").joinpath(".half.jpg.x.tmp").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_render", interrupted)
    args = arguments(tmp_path, "--quiet")
    assert command.run(args) == command.INTERRUPTED == 130
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_without_opengl_the_error_names_what_to_install(monkeypatch):
    moderngl = pytest.importorskip("moderngl", reason="needs moderngl")
    from model.streets.render import context

    def refuse(*_, **__):
        raise Exception("requested device index 0, but found 0 devices")

    monkeypatch.setattr(moderngl, "create_context", refuse)
    with pytest.raises(InputError, match=r"found 0 devices.*libegl1 libgl1-mesa-dri"):
        context.open_context()
