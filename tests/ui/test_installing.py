"""An installation in a thread of its own: paused it goes on later, called off it leaves nothing."""

import hashlib
import os
import threading

import pytest
from PySide6.QtCore import QObject

from editor.ui.installing import Installing
from engines import packs, sources, store
from tests.engines.bad_server import BadServer, stalling

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def server(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    digest = hashlib.sha256(CONTENT).hexdigest()
    gate = threading.Event()
    with BadServer(CONTENT, [stalling(100_000, gate)]).running() as running:
        source = sources.source_of({"web": running.url, "sha256": digest})
        facts = {"bytes": len(CONTENT), "sha256": digest, "download": len(CONTENT)}
        entry = store.WeightFile("toy", "Playing", "toy.bin", "research", False, (source,), **facts)
        monkeypatch.setattr(store, "catalog", lambda: {"toy": entry})
        yield running
        gate.set()


@pytest.fixture
def begin(qtbot, server):
    def begin(end):
        parent, told, seen = QObject(), [], []
        installing = Installing("toy", parent)
        installing.ended.connect(lambda level, words: told.append((level, words)))
        installing.progressed.connect(seen.append)
        installing.start()
        if end is not None:
            qtbot.waitUntil(lambda: packs.came("toy") == 100_000)
            getattr(installing, end)()
        qtbot.waitUntil(lambda: bool(told))
        return *told, seen

    return begin


def test_paused_and_gone_on_with(begin, server):
    (level, words), _ = begin("pause")
    assert level == "warning" and words.startswith("Paused.")
    assert packs.came("toy") == 100_000
    (level, words), seen = begin(None)
    assert (level, words) == ("info", "toy is installed.")
    assert server.asked[1]["range"] == "bytes=100000-" and min(seen) > 0.3
    assert store.check("toy").read_bytes() == CONTENT


def test_called_off(begin):
    (level, words), _ = begin("cancel")
    assert (level, words) == ("warning", "Cancelled. Nothing was installed.")
    assert packs.came("toy") == 0 and not store.is_present("toy")
