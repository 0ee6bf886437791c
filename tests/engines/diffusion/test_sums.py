"""Sums of weights: read once, again when a file has changed, whatever has become of what was remembered."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engines import store
from engines.base import Progress
from engines.diffusion import collection, sums
from tests.engines.diffusion.test_collection import single_file

OLD = 1_700_000_000


@pytest.fixture
def weights(tmp_path):
    return written(tmp_path / "weights.safetensors", b"weights")


@pytest.fixture
def reads(monkeypatch):
    """The names of the weights that were read."""
    seen, opened = [], Path.open

    def spy(path, mode="r", *arguments, **more):
        if path.suffix == ".safetensors" and mode == "rb":
            seen.append(path.name)
        return opened(path, mode, *arguments, **more)

    monkeypatch.setattr(Path, "open", spy)
    return seen


def written(path, content, when=OLD):
    path.write_bytes(content)
    os.utime(path, (when, when))
    return path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def kept():
    return store.packs_folder() / "sums.json"


def test_a_file_is_read_once(weights, reads):
    first = sums.sha256(weights)
    assert reads == [weights.name]
    assert sums.sha256(weights) == first == hashlib.sha256(b"weights").hexdigest()
    assert reads == [weights.name]


def test_it_is_the_same_file_by_whatever_path(weights, reads, tmp_path):
    sums.sha256(weights)
    (tmp_path / "folder").mkdir()
    sums.sha256(tmp_path / "folder" / ".." / weights.name)
    assert len(reads) == 1


@pytest.mark.parametrize("content", [b"longer weights", b"WEIGHTS"])
def test_a_changed_file_is_read_again(weights, content):
    sums.sha256(weights)
    written(weights, content, OLD + 1)
    assert sums.sha256(weights) == hashlib.sha256(content).hexdigest()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no time of change")
def test_a_file_whose_time_was_put_back_is_read_again(weights):
    sums.sha256(weights)
    time.sleep(0.05)  # more than the step of a file system's clock
    written(weights, b"WEIGHTS")
    assert sums.sha256(weights) == hashlib.sha256(b"WEIGHTS").hexdigest()


def test_another_file_in_its_place_is_read(weights, tmp_path):
    sums.sha256(weights)
    written(tmp_path / "other", b"WEIGHTS").replace(weights)
    assert sums.sha256(weights) == hashlib.sha256(b"WEIGHTS").hexdigest()


def test_what_was_written_just_now_may_change_yet(weights, reads):
    os.utime(weights)
    assert sums.sha256(weights) == sums.sha256(weights)
    assert len(reads) == 2 and not kept().exists()


HOSTILE = [
    b"",
    b"\xff\x00",
    b"[" * 100_000,
    b"[]",
    b'{"a": 1',
    b"1" * 5000,
    b" " * (3 << 20) + b"{}",
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_damage_heals(weights, reads, content):
    store.packs_folder().mkdir(parents=True)
    kept().write_bytes(content)
    assert sums.sha256(weights) == sums.sha256(weights) == hashlib.sha256(b"weights").hexdigest()
    assert len(reads) == 1 and len(json.loads(kept().read_text())) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry[:-1],
        lambda entry: [*entry[:-1], "../../evil"],
        lambda entry: [*entry[:-1], entry[-1] + "\n"],
        lambda entry: [*entry[:-1], 7],
        lambda entry: [float(entry[0]), *entry[1:]],
        lambda entry: {"0": entry},
        lambda entry: None,
    ],
)
def test_an_entry_that_makes_no_sense_is_none(weights, reads, change):
    right = sums.sha256(weights)
    known = json.loads(kept().read_text())
    kept().write_text(json.dumps({key: change(entry) for key, entry in known.items()}))
    assert sums.sha256(weights) == right and len(reads) == 2
    assert json.loads(kept().read_text()) == known


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes by name")
def test_a_pipe_in_its_place_is_not_waited_for(weights):
    store.packs_folder().mkdir(parents=True)
    os.mkfifo(kept())
    assert sums.sha256(weights) == digest(weights)


def test_a_folder_that_cannot_be_written_to(weights, monkeypatch, tmp_path):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(written(tmp_path / "a file", b"")))
    assert sums.sha256(weights) == digest(weights)


def test_a_read_only_folder_is_read(weights, reads, monkeypatch, tmp_path):
    sums.sha256(weights)
    other = written(tmp_path / "other.safetensors", b"other")

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sums, "alone", refused)
    sums.sha256(weights)
    assert sums.sha256(other) == hashlib.sha256(b"other").hexdigest()
    assert reads == [weights.name, other.name]


def test_another_program_that_hangs_is_not_waited_for_long(weights, monkeypatch):
    monkeypatch.setattr(sums, "_PATIENCE", 0.2)
    store.packs_folder().mkdir(parents=True)
    with sums.alone(store.packs_folder() / ".lock-sums", Progress()):
        assert sums.sha256(weights) == digest(weights)
    assert not kept().exists()


def test_only_the_last_ones_are_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(sums, "_MOST", 3)
    for name in "abcda":
        sums.sha256(written(tmp_path / name, name.encode()))
    assert [Path(each).name for each in json.loads(kept().read_text())] == ["c", "d", "a"]


def test_several_programs_at_once_forget_nothing(tmp_path):
    script = (
        "import sys; from pathlib import Path; from engines.diffusion import sums\n"
        "for path in sys.argv[1:]: sums.sha256(Path(path))"
    )
    files = [
        [written(tmp_path / f"{program}-{file}", b"%d %d" % (program, file)) for file in range(12)]
        for program in range(3)
    ]
    running = [subprocess.Popen([sys.executable, "-c", script, *map(str, each)]) for each in files]
    assert [each.wait(60) for each in running] == [0, 0, 0]
    known = json.loads(kept().read_text())
    assert {Path(each).name for each in known} == {each.name for files in files for each in files}
    assert all(entry[-1] == digest(Path(path)) for path, entry in known.items())
    assert {each.name for each in store.packs_folder().iterdir()} == {"sums.json"}


def test_what_was_copied_among_the_models_is_not_read_for_its_sum(tmp_path, reads):
    found = collection.adopt(single_file(tmp_path / "mine.safetensors"), Progress())
    right = digest(found.path)
    reads.clear()
    assert sums.sha256(found.path) == right and not reads
