"""What every test gets: no screen, settings of its own, no thread left behind, and small pictures."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest

if not os.environ.get("LACUNA_TEST_X11"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import engines  # noqa: F401 - before any runtime: it keeps them from reporting their use
from editor.document import parallel
from editor.document.model import Document

pytest_plugins = ["tests.engines.diffusion.fixtures"]

MakeDocument = Callable[..., Document]

_numbers = count()


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory, monkeypatch) -> None:
    """Settings, journals, caches and models go to folders that no other test has."""
    folder = tmp_path_factory.getbasetemp() / "settings" / str(next(_numbers))
    monkeypatch.setenv("LACUNA_CONFIG_DIR", str(folder))
    monkeypatch.setenv("LACUNA_STATE_DIR", str(folder / "state"))
    monkeypatch.setenv("LACUNA_CACHE_DIR", str(folder / "cache"))
    monkeypatch.setenv("LACUNA_DATA_DIR", str(folder / "data"))


@pytest.fixture(autouse=True)
def threads_that_go_at_once(monkeypatch) -> None:
    """Threads of the background do not linger, for which every test would have to wait."""
    monkeypatch.setattr(parallel, "_LINGER", 0.0)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that ends while a thread it started still runs Python code.

    ``threading.enumerate`` knows Python's own threads; a QThread shows only by the frames it executes.
    """
    before = _threads()
    yield
    deadline = time.monotonic() + 3
    left = _threads().keys() - before.keys()
    while left and time.monotonic() < deadline:
        time.sleep(0.01)
        left = _threads().keys() - before.keys()
    if left:
        now = _threads()
        pytest.fail(f"threads left behind: {sorted(now[ident] for ident in left if ident in now)}")


def _threads() -> dict[int, str]:
    names = dict.fromkeys(sys._current_frames(), "a QThread")
    # A thread that only C++ code runs in (pool threads of onnxruntime, of Qt) is none of ours.
    names |= {
        thread.ident: thread.name
        for thread in threading.enumerate()
        if thread.ident is not None and not isinstance(thread, threading._DummyThread)
    }
    return names


def noise(
    random: np.random.Generator, height: int, width: int, dtype, *, grey: bool, alpha: bool
) -> np.ndarray:
    """(height, width, 4) straight-alpha RGBA; with ``alpha`` a third each clear, half clear and opaque."""
    maximum = np.iinfo(dtype).max
    pixels = random.integers(0, maximum, (height, width, 4), dtype, endpoint=True)
    if grey:
        pixels[..., 1:3] = pixels[..., :1]
    kind = random.integers(0, 3, (height, width)) if alpha else np.full((height, width), 2)
    pixels[..., 3] = np.choose(kind, [0, pixels[..., 3], maximum])
    return pixels


@pytest.fixture
def make_document() -> MakeDocument:
    """Makes a document of one layer of noise."""

    def make(
        width: int = 40,
        height: int = 30,
        *,
        bits: int = 8,
        grey: bool = False,
        alpha: bool = False,
        seed: int = 0,
        pixels: np.ndarray | None = None,
    ) -> Document:
        if pixels is None:
            dtype = np.uint8 if bits == 8 else np.uint16
            pixels = noise(np.random.default_rng(seed), height, width, dtype, grey=grey, alpha=alpha)
        return Document.from_pixels(pixels.copy(), grey=grey, has_alpha=alpha)

    return make


@pytest.fixture
def box_mask() -> Callable[..., np.ndarray]:
    """Makes (height, width) uint8 of zeros with ``value`` in the rectangles (x, y, width, height)."""

    def make(width: int, height: int, *boxes: tuple[int, int, int, int], value: int = 255) -> np.ndarray:
        mask = np.zeros((height, width), np.uint8)
        for x, y, box_width, box_height in boxes:
            mask[y : y + box_height, x : x + box_width] = value
        return mask

    return make


@pytest.fixture
def whole() -> Callable[[Document], tuple[bytes, bytes]]:
    """Reads all that shows of a document and all of its mask, as bytes."""

    def read(document: Document) -> tuple[bytes, bytes]:
        return document.composite(document.rect).tobytes(), document.selection.read(document.rect).tobytes()

    return read


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of 3 MB. Skips where this process may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder]
    try:
        done = subprocess.run(mount, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip("mounting is not permitted")
    yield folder
    subprocess.run(["umount", folder], check=True)
