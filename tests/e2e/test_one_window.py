"""Whole starts of the program: the second ends, the first shows what it was given."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.handing_over import Spool

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("shared_window.py")


class First:
    """A window, and the lines that it prints."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(DRIVER), *words], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        with self.process.stdout as lines:
            for line in lines:
                self.lines.put(line.strip())

    def next(self) -> str:
        return self.lines.get(timeout=60)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def clear_away(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self._reader.join(10)


@pytest.fixture
def first():
    made = []

    def make(*words: str) -> First:
        made.append(First(*words))
        return made[-1]

    yield make
    for each in made:
        each.clear_away()


@pytest.fixture
def pictures(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)
    for name in ("a.png", "b.png", "c.png"):
        Image.fromarray(pixels).save(tmp_path / name)
    return tmp_path


def start(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "main.py"), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


def test_the_second_start_hands_its_files_over_and_ends(first, pictures):
    window = first("60", str(pictures / "a.png"))
    assert {window.next(), window.next()} == {"opened a.png", "started"}
    begun = time.monotonic()
    done = start("b.png", "c.png", "none.png", folder=pictures)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - begun < 10
    told = [window.next() for _ in range(4)]
    assert told[0].startswith("front")
    assert told[1:3] == ["opened b.png", "opened c.png"]
    assert told[3].startswith("error") and "none.png" in told[3]
    assert start().returncode == 0  # without a file it only comes forward
    assert window.next().startswith("front")
    assert window.end() == 0


def test_new_window_starts_another(first, pictures):
    window = first("60")
    assert window.next() == "started"
    other = first("0.5", "--new-window", str(pictures / "a.png"))
    assert {other.next(), other.next()} == {"opened a.png", "started"}
    assert other.process.wait(30) == 0
    assert start(str(pictures / "b.png")).returncode == 0  # the first still is the one
    assert window.next().startswith("front") and window.next() == "opened b.png"


def test_a_window_that_hangs_is_not_waited_for(first, pictures):
    window = first("40", "hang")
    assert window.next() == "started"
    time.sleep(0.5)  # until it does
    other = first("0.5", str(pictures / "a.png"))
    assert {other.next(), other.next()} == {"opened a.png", "started"}
    assert other.process.wait(30) == 0
    assert window.lines.empty()


def test_a_killed_window_is_no_hindrance(first, pictures):
    window = first("60")
    assert window.next() == "started"
    os.killpg(window.process.pid, signal.SIGKILL)
    window.process.wait(10)
    other = first("0.5", str(pictures / "a.png"))
    assert {other.next(), other.next()} == {"opened a.png", "started"}
    assert other.process.wait(30) == 0


def test_a_start_during_a_start_waits_for_it(first, pictures):
    window, spool = first("60"), Spool()
    deadline = time.monotonic() + 30
    while spool.claim() and time.monotonic() < deadline:  # until it is the first, though not on the screen
        spool.release()
        time.sleep(0.01)
    assert start(str(pictures / "a.png")).returncode == 0
    assert "opened a.png" in {window.next(), window.next(), window.next()}


CHILD = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from PySide6.QtCore import QUrl, QTimer
from PySide6.QtGui import QFileOpenEvent
from editor.ui.receiving import Application

class Documents(list):
    open = list.append

class Window:
    documents, _closing = Documents(), False

app, window = Application(["x"]), Window()
app.sendEvent(app, QFileOpenEvent("/before.png"))
assert window.documents == []
app.show_in(window)
app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile("/after.png")))
assert window.documents == ["/before.png", "/after.png"], window.documents
"""


def test_what_macos_asks_to_open():
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(root=str(ROOT))], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
