"""Settings of any content: the window opens, and nothing is run or reached because of them."""

import base64
import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from editor import settings
from editor.ui.window import Window
from engines import store
from engines.manager import EngineManager

HARM = "__import__('pathlib').Path('{trace}').touch()"


def damaged(good: bytes, seed: int) -> bytes:
    """What Qt wrote, with some bytes of it another."""
    random.seed(seed)
    content = bytearray(good)
    for _ in range(random.randint(1, 30)):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content[: random.randint(1, len(content))]) if seed % 3 == 0 else bytes(content)


def opens(qtbot, values) -> Window:
    folder = Path(os.environ["LACUNA_CONFIG_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(values))
    manager = EngineManager(load=lambda _: None)
    window = Window(ThreadPoolExecutor(1), manager)
    window.settings.tour_seen = True
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window._are_menus_filled)
    return window


@pytest.fixture
def states(make_window):
    """Geometry and panels as a window saves them."""
    window = make_window()
    return bytes(window.saveGeometry().data()), base64.b64decode(window.panels.docks.save()["state"])


@pytest.mark.parametrize("seed", range(12))
def test_a_window_of_any_bytes(qtbot, states, seed):
    geometry, state = (base64.b64encode(damaged(each, seed)).decode() for each in states)
    window = opens(qtbot, {"window_geometry": geometry, "panels": {"state": state, "tabs": [seed], "x": {}}})
    try:
        assert window.isVisible() and window.width() > 0
        available = QGuiApplication.primaryScreen().availableGeometry()
        assert window.frameGeometry().intersects(available)  # where one can see it
    finally:
        window.close()
        window.deleteLater()


@pytest.mark.parametrize(
    "panels",
    [{"state": None}, {"state": "no base64 ü"}, {"state": [1]}, {"widths": "x"}, {"shown": {"a": 1}}],
)
def test_panels_of_any_kind(qtbot, panels):
    window = opens(qtbot, {"panels": panels})
    assert window.isVisible()
    window.close()
    window.deleteLater()


def test_texts_are_never_programs(qtbot, tmp_path):
    trace = tmp_path / "harm"
    harm = HARM.format(trace=trace)
    values = {
        "language": harm,
        "theme": harm,
        "device": harm,
        "devices": {harm: "cpu", "migan": harm},
        "models_folder": harm,
        "proxy": harm,
        "display_profile": harm,
        "shortcuts": {harm: [harm], "editing.undo": [harm, "Ctrl+Z"], "close": ["\0\n" * 99]},
        "recent": [harm, "\0", "\n", "x" * 100_000],
        "tools": {"remove-brush": {"size": harm, "__class__": harm, "release": harm}},
        "export": {"format": harm},
        "filling": {"model": harm, "strength": harm},
        "run_times": {"migan": {"seconds": harm}},
        "palette": [harm],
        "prompts": [harm],
    }
    window = opens(qtbot, values)
    kept = settings.load()
    assert (kept.language, kept.theme, kept.device) == ("", "dark", "auto")
    window.recent_menu.aboutToShow.emit()
    store.keep_in("")
    assert window.close() and not trace.exists()
    window.deleteLater()
