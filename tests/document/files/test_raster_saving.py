"""A save replaces the file whole or leaves it as it was, and says why in one line."""

import errno
import os
import stat

import numpy as np
import pytest

from editor.document.files import atomic
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.files.raster import Raster, read, write

PICTURE = Raster(np.full((6, 5, 4), 255, np.uint8), False, False, Metadata())


def refused(path, *words, picture=PICTURE):
    with pytest.raises(FileError) as caught:
        write(path, picture)
    line = str(caught.value)
    assert line.startswith("Cannot save ")
    assert "\n" not in line
    for word in words:
        assert word in line


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_failing_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, call, number):
    target = tmp_path / "holiday.jpg"
    target.write_bytes(b"old")

    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        owner, name = (atomic.Path, "write_bytes") if call == "write" else (os, call)
        patch.setattr(owner, name, fail)
        refused(target, "holiday.jpg", "Nothing was changed.", "full" if number == errno.ENOSPC else "disk")
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["holiday.jpg"]


def test_the_words_for_a_full_disk(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(FileError, match=r"^Cannot save a\.png: the disk is full\. Nothing was changed\.$"):
        write(tmp_path / "a.png", PICTURE)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_save_leaves_nothing(tmp_path):
    def interrupted():
        with atomic.replacing(tmp_path / "a.png") as temporary:
            temporary.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_permission_bits_are_kept_and_new_files_get_the_umask(tmp_path):
    target = tmp_path / "a.png"
    before = os.umask(0o027)
    try:
        write(target, PICTURE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    target.chmod(0o604)
    write(target, PICTURE)
    assert stat.S_IMODE(target.stat().st_mode) == 0o604


def test_a_write_protected_file_is_refused_to_root_too(tmp_path):
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    target.chmod(0o444)
    refused(target, "write-protected")
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.png"
    target.write_bytes(b"old")
    link = tmp_path / "link.png"
    link.symlink_to(target)
    write(link, PICTURE)
    assert link.is_symlink()
    np.testing.assert_array_equal(read(target).pixels, PICTURE.pixels)
    link.unlink()
    link.symlink_to(link)
    refused(link, "link.png")


def test_bad_places_and_names(tmp_path):
    refused(tmp_path / "none" / "a.png", "folder does not exist")
    (tmp_path / "a.png").mkdir()
    refused(tmp_path / "a.png", "a folder has this name")
    (tmp_path / "file").write_bytes(b"")
    refused(tmp_path / "file" / "a.png", "folder does not exist")
    refused(tmp_path / ("x" * 300 + ".png"), "too long")
    refused(tmp_path / "a\0b.png", "name cannot be used")
    refused(tmp_path / "a.gif", ".png")
    refused(tmp_path / "a", ".png")
    os.mkfifo(tmp_path / "pipe.png")
    refused(tmp_path / "pipe.png", "device or a pipe")


def test_the_longest_name_can_be_saved(tmp_path):
    write(tmp_path / ("x" * 251 + ".png"), PICTURE)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(("suffix", "side"), [(".webp", 16384), (".jpg", 65501), (".avif", 32769)])
def test_too_long_a_side_is_refused_with_the_limit(tmp_path, suffix, side):
    wide = Raster(np.full((1, side, 4), 255, np.uint8), True, False, Metadata())
    refused(tmp_path / f"a{suffix}", str(side - 1), picture=wide)
    assert list(tmp_path.iterdir()) == []
    write(tmp_path / "a.PNG", wide)
    assert read(tmp_path / "a.PNG").pixels.shape[1] == side
