"""Objects and subjects in the window: the picture is looked at beside it, what is missing is installed."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from windows import WAIT, open_pictures, press_key, wait_for_toast

from editor.document import select as document_select
from editor.ui.toast import Toast
from engines import packs, store
from engines.base import EngineError
from engines.select.requests import Click, Found, Look, Seen


class FakeFinder:
    """Finds a disc around what was clicked on last; looking waits for ``gate``."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.looks, self.clicks = [], []
        self.error = None
        self.radius = 100  # pixels of what is looked at; large enough to be looked at once

    def __call__(self, engine_id):
        self.engine_id = engine_id
        return self

    def run(self, request, progress):
        if isinstance(request, Look) and self.engine_id == "mobile-sam":
            while not self.gate.wait(0.005):
                progress(0.5)
            self.looks.append(request)
            if self.error is not None:
                raise self.error
            height, width = request.image.shape[:2]
            return Seen(np.zeros((1, 256, 64, 64), np.float32), width, height)
        if isinstance(request, Click):
            self.clicks.append(request)
            x, y = request.wanted[-1] if request.wanted else request.box[:2]
            return disc(x, y, max(request.seen.width, request.seen.height), self.radius)
        height, width = request.image.shape[:2]
        return disc(width / 2, height / 2, max(width, height), self.radius)


def disc(x, y, side, radius):
    rows, columns = (np.mgrid[:256, :256] + 0.5) * side / 256
    return Found((radius - np.hypot(columns - x, rows - y)).astype(np.float32), 1.0, "0" * 64)


@pytest.fixture
def finder():
    return FakeFinder()


@pytest.fixture
def there(monkeypatch):
    """Which models there are; all of them to begin with."""
    present = set(store.catalog())
    monkeypatch.setattr(store, "is_present", lambda weights_id: weights_id in present)
    return present


@pytest.fixture
def window(make_window, finder, there):
    window = make_window(finder)
    yield window
    finder.gate.set()


@pytest.fixture
def canvas(window, qtbot, picture):
    return open_pictures(qtbot, window, picture)


@pytest.fixture
def tool(window, canvas):
    return window.tools.use("object-select")


def click(window, canvas, x, y, keys=Qt.KeyboardModifier.NoModifier):
    point = canvas.view.to_widget(x, y)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, keys, point.toPoint())


def selected(window):
    document = window.document
    return document.selection.read(document.rect)[..., 0] >= 128


def waited(qtbot, tool):
    qtbot.waitUntil(lambda: tool._chosen is not None, timeout=WAIT)


def test_the_picture_is_looked_at_once_and_clicks_are_answered(qtbot, window, canvas, finder, tool):
    qtbot.waitUntil(lambda: len(finder.looks) == 1, timeout=WAIT)
    assert finder.looks[0].image.shape == (480, 640, 3)
    tool.margin = 0.0
    click(window, canvas, 200, 150)
    waited(qtbot, tool)
    assert tool.shapes(window.document)
    click(window, canvas, 400, 250)
    qtbot.waitUntil(lambda: len(finder.clicks) == 2, timeout=WAIT)
    first, second = finder.clicks
    assert first.before is None and second.before is not None
    assert np.allclose(second.wanted, [(200, 150), (400, 250)], atol=1)
    assert len(finder.looks) == 1


def test_what_is_small_is_looked_at_more_closely(qtbot, window, canvas, finder, tool):
    finder.radius = 40
    tool.margin = 0.0
    click(window, canvas, 200, 150)
    qtbot.waitUntil(lambda: tool._chosen is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: tool._chosen.region != window.document.rect, timeout=WAIT)
    region = tool._chosen.region
    assert finder.looks[1].image.shape == (region.height, region.width, 3)  # pixel for pixel
    assert 190 < region.width < 220
    assert finder.clicks[1].box is not None and finder.clicks[1].before is None
    click(window, canvas, 210, 160)
    qtbot.waitUntil(lambda: len(finder.clicks) == 3, timeout=WAIT)
    # The network goes on from what it found in the whole picture, not in the part.
    assert np.array_equal(finder.clicks[2].before, disc(*finder.clicks[0].wanted[0], 640, 40).logits)


def test_enter_selects_and_enter_again_removes(qtbot, window, canvas, finder, tool):
    click(window, canvas, 200, 150)
    waited(qtbot, tool)
    assert not selected(window).any()
    press_key(window, Qt.Key.Key_Return)
    inside = selected(window)
    assert inside[150, 200] and not inside[300, 500]
    assert window.document.history.entries[-1].name == "Object selection"
    assert not tool.is_open


def test_escape_and_undo(qtbot, window, canvas, finder, tool):
    click(window, canvas, 200, 150)
    click(window, canvas, 210, 160)
    waited(qtbot, tool)
    assert window.actions_by_id["undo"].isEnabled()
    window.undo()
    assert tool._steps[-1].wanted and len(tool._steps) == 1
    press_key(window, Qt.Key.Key_Escape)
    assert not tool.is_open and not selected(window).any()


def test_a_click_while_the_picture_is_still_looked_at(qtbot, window, picture, finder):
    finder.gate.clear()
    canvas = open_pictures(qtbot, window, picture)
    tool = window.tools.use("object-select")
    click(window, canvas, 200, 150)
    click(window, canvas, 300, 150)
    assert window.status._task.text() == "Looking at the picture"
    finder.gate.set()
    waited(qtbot, tool)
    assert len(finder.clicks) == 1 and len(finder.clicks[0].wanted) == 2  # the last question only
    assert not window.status._task.isVisible()


def test_a_picture_that_changes_is_looked_at_anew(qtbot, window, canvas, finder, tool):
    qtbot.waitUntil(lambda: window.finding._views[window.document]._seen is not None, timeout=WAIT)
    document_select.rectangle(window.document, (0, 0, 10, 10))  # changes nothing that shows
    click(window, canvas, 200, 150)
    waited(qtbot, tool)
    assert len(finder.looks) == 1
    window.document.set_layer(window.document.layers[0], "opacity", 0.5, "Opacity")
    click(window, canvas, 220, 150)
    qtbot.waitUntil(lambda: len(finder.clicks) == 2, timeout=WAIT)
    assert len(finder.looks) == 2


def test_an_engine_that_fails_says_so(qtbot, window, picture, finder):
    finder.error = EngineError("The network is tired.")
    canvas = open_pictures(qtbot, window, picture)
    tool = window.tools.use("object-select")
    wait_for_toast(qtbot, window, "warning", "tired")
    finder.error = None
    click(window, canvas, 200, 150)  # tries again
    waited(qtbot, tool)


def test_closing_a_picture_that_is_looked_at(qtbot, window, picture, finder):
    finder.gate.clear()
    open_pictures(qtbot, window, picture)
    window.tools.use("object-select")
    window.close_tab(0)
    finder.gate.set()
    qtbot.waitUntil(lambda: not window.removing.manager.jobs, timeout=WAIT)
    assert not window.finding._views


def test_the_subject(qtbot, window, canvas, finder):
    window.actions_by_id["finding.subject"].trigger()
    qtbot.waitUntil(lambda: selected(window).any(), timeout=WAIT)
    inside = selected(window)
    assert inside[240, 320] and not inside[10, 10]
    assert not window.status._task.isVisible()


# -- what is missing -----------------------------------------------------------------------------------------


def offered(window):
    return [
        toast for toast in window.findChildren(Toast) if not toast.leaving and toast.findChild(QPushButton)
    ]


def test_a_missing_model_is_offered_and_installed(qtbot, window, picture, finder, there, monkeypatch):
    there.discard("mobile-sam")
    installed = []

    def install(weights_id, progress, **how):
        progress(0.5)
        there.add(weights_id)
        installed.append(weights_id)

    monkeypatch.setattr(packs, "install", install)
    canvas = open_pictures(qtbot, window, picture)
    tool = window.tools.use("object-select")
    click(window, canvas, 200, 150)
    (toast,) = offered(window)  # said once, however often it is asked for
    for words in ("MobileSAM", "38 MB", "Apache-2.0", "for any use"):
        assert words in toast.text
    assert not finder.looks and not installed
    QTest.mouseClick(toast.findChild(QPushButton), Qt.MouseButton.LeftButton)
    wait_for_toast(qtbot, window, "info", "mobile-sam is installed")
    assert installed == ["mobile-sam"]
    waited(qtbot, tool)  # what was clicked on before is answered now
    assert len(finder.looks) == len(finder.clicks) == 1


def test_an_installation_can_be_called_off(qtbot, window, canvas, there, monkeypatch):
    there.discard("u2netp")
    begun = threading.Event()

    def install(weights_id, progress, **how):
        while True:
            progress(0.3)
            begun.set()
            threading.Event().wait(0.005)

    monkeypatch.setattr(packs, "install", install)
    window.actions_by_id["finding.subject"].trigger()
    (toast,) = offered(window)
    QTest.mouseClick(toast.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    assert window.status._task.text() == "Installing u2netp"
    window.status.cancel_clicked.emit()
    wait_for_toast(qtbot, window, "warning", "Nothing was installed")
    assert not window.status._task.isVisible()


def test_an_installation_that_fails_says_why(qtbot, window, canvas, there, monkeypatch):
    there.discard("u2netp")

    def install(weights_id, progress, **how):
        raise EngineError("There is not enough room.")

    monkeypatch.setattr(packs, "install", install)
    window.actions_by_id["finding.subject"].trigger()
    QTest.mouseClick(offered(window)[0].findChild(QPushButton), Qt.MouseButton.LeftButton)
    wait_for_toast(qtbot, window, "error", "not enough room")


def test_closing_the_window_ends_an_installation(qtbot, window, canvas, there, monkeypatch):
    there.discard("u2netp")
    begun, ended = threading.Event(), threading.Event()

    def install(weights_id, progress, **how):
        try:
            while True:
                progress(0.3)
                begun.set()
                threading.Event().wait(0.005)
        finally:
            ended.set()

    monkeypatch.setattr(packs, "install", install)
    window.finding.subject()
    QTest.mouseClick(offered(window)[0].findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    assert window.close()
    assert ended.is_set()


def test_w_goes_through_the_tools_that_share_it(window, canvas):
    press_key(window, Qt.Key.Key_W)
    first = window.tools.current.id
    press_key(window, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert {first, window.tools.current.id} == {"wand", "object-select"}
