"""What closed pictures took goes back to the system a moment later."""

import gc
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from windows import WAIT, open_pictures

from editor.ui import giving_back
from editor.ui.giving_back import GivingBack, give_back


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc's heap")
def test_free_memory_between_what_is_in_use_goes_back():
    # Small enough for the heap, and every tenth stays: the heap's end cannot come down by itself.
    made = [np.ones(64 << 10, np.uint8) for _ in range(2000)]
    kept = made[::10]
    del made
    gc.collect()
    before = resident()
    assert give_back()
    assert before - resident() > 80 << 20 and len(kept) == 200


def test_it_waits_for_others_that_are_closed_as_well(qtbot, monkeypatch):
    monkeypatch.setattr(giving_back, "REST", 200)
    given = []
    parent = QObject()
    giving = GivingBack(parent, lambda: given.append(threading.current_thread().name))
    for _ in range(3):
        giving.soon()
    qtbot.waitUntil(lambda: bool(given), timeout=WAIT)
    qtbot.wait(400)
    assert given == ["giving back"]


def test_closing_a_picture_gives_back(qtbot, make_window, picture, monkeypatch):
    monkeypatch.setattr(giving_back, "REST", 0)
    given = threading.Event()
    monkeypatch.setattr(giving_back, "give_back", given.set)
    window = make_window()
    open_pictures(qtbot, window, picture)
    assert not given.is_set()
    window.close_tab(0)
    qtbot.waitUntil(given.is_set, timeout=WAIT)
