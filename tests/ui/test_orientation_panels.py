"""Navigator, info and engine: where one is, what is there, and what will run."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from windows import WAIT, make_picture, open_pictures

from editor import settings
from editor.document import select
from editor.document.history import Part
from editor.document.layers import AdjustmentLayer
from editor.ui.run_times import RunTimes
from editor.ui.window import Window
from engines import store
from engines.base import Box, Patch, Region, RemoveRequest, RemoveResult

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def full(qtbot, window, picture) -> Window:
    window.resize(1360, 860)
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._navigator is not None, timeout=WAIT)
    return window


def _panel(window: Window, qtbot, name: str):
    window.panels.docks[name].come_forward()
    qtbot.waitUntil(lambda: getattr(window.panels, f"_{name}") is not None, timeout=WAIT)
    return getattr(window.panels, f"_{name}")


# --- navigator ---


def _middle(window: Window) -> tuple[float, float]:
    return window.canvas.view.to_image(QPointF(window.canvas.rect().center()))


def test_the_navigator_shows_the_picture_and_follows_it(full, qtbot):
    small = full.panels._navigator._small
    qtbot.waitUntil(lambda: small._picture is not None, timeout=WAIT)
    assert small._picture.width() / small._picture.height() == pytest.approx(640 / 480, rel=0.05)
    before = small._picture.toImage().pixelColor(100, 100)
    full.layers.add_adjustment("invert")

    def inverted() -> bool:
        now = small._picture.toImage().pixelColor(100, 100)
        return abs(now.red() + before.red() - 255) <= 1

    qtbot.waitUntil(inverted, timeout=WAIT)


def test_a_press_in_the_navigator_goes_there(full):
    full.canvas.zoom_to(8.0)
    small = full.panels._navigator._small
    rect = small._rect()
    place = QPointF(rect.left() + rect.width() / 4, rect.top() + rect.height() / 4)
    QTest.mouseClick(small, LEFT, pos=place.toPoint())
    x, y = _middle(full)
    assert abs(x - 160) < 8 and abs(y - 120) < 8


def test_the_frame_is_dragged_by_where_it_is_held(full):
    full.canvas.zoom_to(4.0)
    small = full.panels._navigator._small
    full.canvas.centre_on(320, 240)
    before = _middle(full)
    frame = small._frame().boundingRect()
    start = (frame.center() + QPointF(frame.width() / 4, 0)).toPoint()
    QTest.mousePress(small, LEFT, pos=start)
    assert _middle(full) == pytest.approx(before, abs=3)
    QTest.mouseMove(small, start + QPoint(10, 0))
    QTest.mouseRelease(small, LEFT, pos=start + QPoint(10, 0))
    moved = 10 / small._rect().width() * 640
    assert _middle(full)[0] - before[0] == pytest.approx(moved, abs=4)


def test_the_navigator_by_keys(full):
    full.canvas.zoom_to(4.0)
    full.canvas.centre_on(320, 240)
    before = _middle(full)
    QTest.keyClick(full.panels._navigator._small, Qt.Key.Key_Right)
    step = _middle(full)[0] - before[0]
    assert step == pytest.approx(full.canvas.width() * 0.1 / 4, abs=1)


def test_zoom_and_angle(full, qtbot):
    navigator = full.panels._navigator
    full.canvas.zoom_to(2.0)
    assert navigator._zoom.value == 200
    QTest.keyClick(navigator._zoom, Qt.Key.Key_Up)
    assert full.canvas.view.zoom == pytest.approx(2.2)
    assert navigator._turned.isHidden()
    full.view.turn_right()
    assert navigator._turned.isVisible() and navigator._turned.text() == "15°"
    qtbot.mouseClick(navigator._turned, LEFT)
    assert full.canvas.view.angle == 0 and navigator._turned.isHidden()


def test_the_navigator_lets_a_closed_picture_go(full, qtbot, tmp_path):
    first = full.canvas
    second = open_pictures(qtbot, full, make_picture(tmp_path / "two.png", (100, 300), 3))
    navigator = full.panels._navigator
    assert navigator._canvas is second
    assert navigator._on_change not in first.document.observers
    small = navigator._small
    qtbot.waitUntil(
        lambda: small._picture is not None and small._picture.width() < small._picture.height(), timeout=WAIT
    )
    full.close_tab(1)
    assert navigator._canvas is first
    full.close_tab(0)
    assert navigator._canvas is None and navigator._body.currentIndex() == 0


# --- info ---


def _text(panel, name: str) -> str:
    return panel._values[name].text()


def test_what_is_under_the_pointer(full, qtbot):
    info = _panel(full, qtbot, "info")
    x, y = 200, 100
    pixel = full.document.composite(full.document.rect)[y, x]
    full.canvas.hovered.emit((x + 0.5, y + 0.5))
    qtbot.waitUntil(lambda: _text(info, "place") == "200, 100", timeout=WAIT)
    numbers = "  ".join(str(value) for value in pixel[:3])
    assert _text(info, "shown") == _text(info, "own") == numbers
    assert _text(info, "hex") == "#" + "".join(f"{value:02x}" for value in pixel[:3])
    full.canvas.hovered.emit(None)
    qtbot.waitUntil(lambda: _text(info, "place") == "–", timeout=WAIT)
    assert _text(info, "shown") == "–"


def test_the_layer_s_own_value_and_alpha(full, qtbot):
    from editor.document import stack

    info = _panel(full, qtbot, "info")
    full.layers.new_layer()
    full.canvas.hovered.emit((5.5, 5.5))
    qtbot.waitUntil(lambda: _text(info, "own") == "0  0  0  ·  0 %", timeout=WAIT)
    full.layers.add_adjustment("invert")
    stack.add_mask(full.document, full.document.layers[-1])
    assert isinstance(full.panels.current_layer, AdjustmentLayer)
    full.canvas.hovered.emit((6.5, 5.5))
    qtbot.waitUntil(lambda: _text(info, "own") == "Mask 255", timeout=WAIT)


def test_16_bits_are_told_as_such(full, qtbot):
    from editor.document import colour

    info = _panel(full, qtbot, "info")
    colour.convert_depth(full.document, 16)
    full.canvas.hovered.emit((200.5, 100.5))
    pixel = full.document.composite(full.document.rect)[100, 200]
    numbers = "  ".join(str(value) for value in pixel[:3])
    qtbot.waitUntil(lambda: _text(info, "shown") == numbers, timeout=WAIT)
    assert _text(info, "hex") == "#" + "".join(f"{value // 257:02x}" for value in pixel[:3])
    qtbot.waitUntil(lambda: "16 bit" in _text(info, "size"), timeout=WAIT)


def test_the_facts_of_the_picture(full, qtbot):
    info = _panel(full, qtbot, "info")
    qtbot.waitUntil(lambda: _text(info, "size") == "640 × 480, RGB, 8 bit", timeout=WAIT)
    assert _text(info, "selected") == "Nothing is selected"
    assert _text(info, "profile") == "sRGB"
    tiles = full.document.layers[0].image.tiles
    assert _text(info, "memory") == f"{sum(tile.nbytes for tile in tiles.values()) / 1e6:.1f} MB"
    select.rectangle(full.document, (10, 20, 100, 50))
    qtbot.waitUntil(lambda: _text(info, "selected") == "100 × 50", timeout=WAIT)


# --- run times and the engine ---


class _Job:
    engine_id = "migan"

    def __init__(self, seconds: float, side: int = 1000) -> None:
        self.seconds = seconds
        self.request = RemoveRequest("migan", (Region(Box(0, 0, side, side), None, None, None),))


RESULT = RemoveResult((Patch(Box(0, 0, 1, 1), None, None),), "migan", "0" * 64, "cpu (OpenVINO)")


def test_the_median_of_the_last_runs_is_expected():
    kept = {}
    times = RunTimes(kept)
    assert times.expected("migan", 1.0) is None and times.device("migan") == ""
    for seconds in (2.0, 9.0, 4.0):
        times.record(_Job(seconds), RESULT)
    assert times.expected("migan", 1.0) == 4.0 and times.expected("migan", 0.5) == 2.0
    assert times.device("migan") == "cpu (OpenVINO)"
    times.record(_Job(1.0, 2000), RESULT)
    assert times.expected("migan", 1.0) == 3.0
    for _ in range(40):
        times.record(_Job(5.0), RESULT)
    assert times.expected("migan", 1.0) == 5.0 and len(kept["migan"]["seconds"]) == 15


@pytest.mark.parametrize("seconds", ["x", None, {}, [True, -1, "2", float("nan")]])
def test_nonsense_in_the_settings_tells_no_time(seconds):
    times = RunTimes({"migan": {"seconds": seconds, "device": 5}})
    assert times.device("migan") == ""
    assert times.expected("migan", 1.0) is None
    times.record(_Job(3.0), RESULT)
    assert times.expected("migan", 1.0) == 3.0


def test_what_is_no_removal_is_not_timed():
    kept = {}
    job = _Job(3.0)
    RunTimes(kept).record(job, "something else")
    job.request = "another request"
    RunTimes(kept).record(job, RESULT)
    RunTimes(kept).record(_Job(0.0), RESULT)
    assert kept == {}


def test_the_engine_panel_before_and_after_a_run(full, qtbot):
    panel = _panel(full, qtbot, "engine")
    assert panel._title.text() == "MI-GAN" and "offline" in panel._note.text()
    assert _text(panel, "licence") == "MIT, for any use"
    assert _text(panel, "model") == "29 MB, on this machine"
    assert _text(panel, "device") == "Chosen when it first runs"
    assert _text(panel, "time") == "Known after the first run"
    select.rectangle(full.document, (100, 100, 60, 60))
    full.removing.start()
    qtbot.waitUntil(lambda: len(full.document.layers) == 2, timeout=WAIT)
    qtbot.waitUntil(lambda: _text(panel, "device") == "Processor, as the last time", timeout=WAIT)
    assert _text(panel, "time").endswith("for a megapixel")
    select.rectangle(full.document, (100, 100, 60, 60))
    qtbot.waitUntil(lambda: _text(panel, "time").endswith("for what is selected"), timeout=WAIT)
    full.document.history.mark_saved(full.document.history.state)
    full.close()
    assert settings.load().run_times["migan"]["device"] == "cpu"


def test_what_runs_is_listed_and_called_off(full, qtbot, engine):
    panel = _panel(full, qtbot, "engine")
    engine.gate.clear()
    select.rectangle(full.document, (100, 100, 60, 60))
    full.removing.start()
    qtbot.waitUntil(lambda: len(panel._rows) == 1, timeout=WAIT)
    (row,) = panel._rows.values()
    qtbot.waitUntil(lambda: row._bar.value() == 500, timeout=WAIT)
    assert row._bar.accessibleName() == "Remove with MI-GAN, 0.2 megapixels"
    (cancel,) = (each for each in row.findChildren(QToolButton) if each.accessibleName() == "Cancel")
    qtbot.mouseClick(cancel, LEFT)
    qtbot.waitUntil(lambda: panel._rows == {}, timeout=WAIT)
    assert len(full.document.layers) == 1


def test_a_missing_model_is_told(full, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    assert not store.is_present("migan-512")
    panel = _panel(full, qtbot, "engine")
    assert _text(panel, "model") == "29 MB, missing"
    (tmp_path / "migan-512.onnx").write_bytes(b"short")
    assert not store.is_present("migan-512")


# --- history ---


def test_the_history_is_cleared_and_nothing_else(full, qtbot, whole):
    history = _panel(full, qtbot, "history")
    document = full.document
    full.layers.add_adjustment("invert")
    full.layers.new_layer()
    before, state = whole(document), document.history.state
    seen = []
    document.observers.append(lambda change: seen.append(change.parts))
    history.clear()
    assert document.history.entries == [] and document.history.state is state
    assert document.history.modified and whole(document) == before
    assert history._model.rowCount() == 1
    assert not full.actions_by_id["undo"].isEnabled()
    assert seen == [Part(0)]
    full.layers.new_layer()
    document.undo()
    assert document.history.state is state


def test_entries_have_icons_that_say_what_they_were():
    from editor.ui import theme
    from editor.ui.panels.history_icons import icon_for

    expected = {
        "Brush": "brush",
        "Levels": "adj-levels",
        "Add Curves": "adj-curves",
        "Add layer mask": "mask",
        "Remove": "remove",
        "Lasso selection": "select-rectangle",
        "Hide layers": "eye-off",
        "Layer opacity": "history",
        "Delete layer": "trash",
        "Merge down": "merge-down",
    }
    assert {name: icon_for(name) for name in expected} == expected
    for icon in {icon_for(name) for name in (*expected, "Rotate 90° to the left", "Free transform")}:
        assert (theme.RESOURCES / "icons" / f"{icon}.svg").is_file()
