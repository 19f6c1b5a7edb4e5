from __future__ import annotations

import os
import stat
import sys

import pytest

from model.errors import ProjectError
from model.scene import files
from model.scene.files import atomic_file


def write(path, content):
    with atomic_file(path, ProjectError) as file:
        file.write(content)


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(b"old")
    return path


def only(path):
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    return path.read_bytes()


def test_a_new_file_appears_and_an_old_one_is_replaced(tmp_path):
    for content in (b"first", b"second"):
        write(tmp_path / "data.bin", content)
        assert only(tmp_path / "data.bin") == content


def test_the_old_file_is_there_until_the_new_one_is_whole(old):
    with atomic_file(old, ProjectError) as file:
        file.write(b"new")
        file.flush()
        assert old.read_bytes() == b"old"
    assert only(old) == b"new"


def test_a_failure_while_writing_keeps_the_old_file(old):
    with pytest.raises(KeyError), atomic_file(old, ProjectError) as file:
        file.write(b"ne")
        raise KeyError
    assert only(old) == b"old"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_keeps_the_old_file_and_is_named(old, monkeypatch, step):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, step, fail)
    with pytest.raises(ProjectError, match=r"data\.bin could not be written \(No space left"):
        write(old, b"new")
    assert only(old) == b"old"


def test_the_content_is_on_the_disk_before_the_old_file_goes(old, monkeypatch):
    order = []
    real_fsync, real_replace = os.fsync, os.replace
    monkeypatch.setattr(files.os, "fsync", lambda h: (order.append("fsync"), real_fsync(h)))
    monkeypatch.setattr(
        files.os, "replace", lambda a, b: (order.append("replace"), real_replace(a, b))
    )
    write(old, b"new")
    assert order[:2] == ["fsync", "replace"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ProjectError, match=r"none.data\.bin could not be written"):
        write(tmp_path / "none" / "data.bin", b"new")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")
def test_permissions_stay_and_links_are_followed(tmp_path):
    target, link = tmp_path / "target.bin", tmp_path / "link.bin"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
