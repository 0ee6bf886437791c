"""Edits that take long: the window goes on, they can be called off, and the document is nobody else's."""

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from windows import make_picture, open_pictures, toasts, wait_for_toast

from editor.document import canvas as canvas_edits
from editor.document import progress, select
from editor.document.history import HistoryLost, Part
from editor.document.model import Busy
from editor.ui import dialogs, editing, status_bar
from editor.ui.status_bar import StatusBar

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


class Slow:
    """An edit that turns the picture and waits on the way until it is let go or called off."""

    def __init__(self) -> None:
        self.gate, self.begun = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None
        self.error: Exception | None = None
        self.fraction = 0.25

    def __call__(self, document) -> str:
        self.thread = threading.current_thread()
        with progress.portion(self.fraction):
            self.begun.set()
            while not self.gate.wait(0.002):
                progress.check()
            if self.error is not None:
                raise self.error
        canvas_edits.rotate(document, 180)
        return "turned"


@pytest.fixture
def slow():
    edit = Slow()
    yield edit
    edit.gate.set()


@pytest.fixture
def document(window, qtbot, tmp_path):
    open_pictures(qtbot, window, make_picture(tmp_path / "large.png", (1400, 1300)))
    return window.document


def idle(qtbot, document) -> None:
    qtbot.waitUntil(lambda: document.busy is None, timeout=10_000)


def shown_progress(window) -> tuple[bool, str, str]:
    status: StatusBar = window.status
    return status._bar.isVisible(), status._task.text(), status._left.text()


def test_a_slow_edit_leaves_the_window_free(window, qtbot, document, slow, whole):
    before, told, results = whole(document), [], []
    document.observers.append(lambda change: told.append((change.parts, threading.current_thread())))
    window.editing.run(slow, what="Turning", then=results.append)
    assert document.busy is not None and slow.begun.is_set()
    assert slow.thread is not threading.main_thread()
    for _ in range(20):
        qtbot.wait(1)
    assert whole(document) == before and told == results == []
    slow.gate.set()
    idle(qtbot, document)
    qtbot.waitUntil(lambda: results == ["turned"])
    assert [entry.name for entry in document.history.entries] == ["Rotate 180°"]
    assert [thread for _, thread in told] == [threading.main_thread()] * len(told) and told
    pixels = np.frombuffer(before[0], np.uint8).reshape(1300, 1400, 4)
    np.testing.assert_array_equal(document.composite(document.rect), pixels[::-1, ::-1])
    assert not shown_progress(window)[0]


def test_a_quick_edit_is_done_when_the_call_returns(window, document, slow, monkeypatch):
    monkeypatch.setattr(editing, "_PATIENCE", 5.0)  # the machine of the tests may be busy
    slow.gate.set()
    results = []
    window.editing.run(slow, then=results.append)
    assert results == ["turned"] and document.busy is None
    assert window.editing._running == {}


def test_progress_with_the_time_that_is_left(window, qtbot, document, slow, monkeypatch):
    monkeypatch.setattr(editing, "_SHOWN_AFTER", 0.05)
    monkeypatch.setattr(status_bar, "_SOONEST", 0.1)
    window.editing.run(slow, what="Turning")
    assert not shown_progress(window)[0]  # not at once
    qtbot.waitUntil(lambda: shown_progress(window)[0])
    assert shown_progress(window)[1] == "Turning"
    document.busy.fraction = 0.5
    qtbot.waitUntil(lambda: shown_progress(window)[2] == "1 s left")
    slow.gate.set()
    idle(qtbot, document)
    assert not shown_progress(window)[0]


def test_the_time_that_is_left():
    left = status_bar._left
    assert left(0.5, 0.1) == left(0.01, 5) == ""
    assert (left(0.25, 2), left(0.9, 9), left(0.999, 60)) == ("6 s left", "1 s left", "1 s left")
    assert left(0.1, 60) == "9 min left"


@pytest.mark.parametrize("how", ["button", "call"])
def test_called_off_it_has_changed_nothing(window, qtbot, document, slow, whole, how, monkeypatch):
    monkeypatch.setattr(editing, "_SHOWN_AFTER", 0.0)
    before, entries, results = whole(document), list(document.history.entries), []
    window.editing.run(slow, then=results.append)
    if how == "button":
        qtbot.waitUntil(lambda: shown_progress(window)[0])
        QTest.mouseClick(window.status._cancel, LEFT)
    else:
        assert window.editing.cancel()
    idle(qtbot, document)
    wait_for_toast(qtbot, window, "info", "Nothing was changed")
    assert (whole(document), document.history.entries, results) == (before, entries, [])
    assert not window.editing.cancel()  # there is nothing any more


@pytest.mark.parametrize(
    ("error", "level", "words"),
    [
        (ValueError("Not so."), "warning", "Not so."),
        (HistoryLost(), "warning", "could not be read back"),
        (MemoryError(), "error", "not enough memory"),
    ],
)
def test_what_is_refused_is_told(window, qtbot, document, slow, whole, error, level, words):
    before = whole(document)
    slow.error = error
    window.editing.run(slow)
    slow.gate.set()
    idle(qtbot, document)
    wait_for_toast(qtbot, window, level, words)
    assert whole(document) == before


def test_what_is_not_foreseen_comes_out_and_leaves_the_document_free(window, qtbot, document, slow):
    slow.error = RuntimeError("odd")
    window.editing.run(slow)
    with qtbot.captureExceptions() as errors:
        slow.gate.set()
        idle(qtbot, document)
    assert [str(each[1]) for each in errors] == ["odd"]
    assert document.busy is None and window.editing._running == {}


def test_nothing_else_edits_a_busy_document(window, qtbot, document, slow, whole):
    canvas_edits.flip(document, horizontal=True)
    before = whole(document)
    window.editing.run(slow)
    window.editing.run(select.everything)
    assert ("info", str(Busy())) in toasts(window)
    for edit in (document.undo, lambda: select.everything(document)):
        with pytest.raises(Busy):
            edit()
    assert whole(document) == before
    slow.gate.set()
    idle(qtbot, document)
    assert len(document.history.entries) == 2


def test_other_documents_can_be_edited_meanwhile(window, qtbot, document, slow, tmp_path):
    window.editing.run(slow)
    open_pictures(qtbot, window, make_picture(tmp_path / "other.png", (1300, 1300)))
    other = window.document
    assert other is not document and not shown_progress(window)[0]
    window.editing.run(lambda document: canvas_edits.flip(document, horizontal=True))
    idle(qtbot, other)
    assert len(other.history.entries) == 1 and document.busy is not None
    assert not window.editing.cancel()  # that would be of the one in front
    slow.gate.set()
    idle(qtbot, document)
    assert len(document.history.entries) == 1


def test_what_was_half_done_is_waited_for(window, qtbot, document, slow, monkeypatch):
    """An edit that itself begins with a slow one, which records what was half done."""
    settle = window.settle

    def settle_slowly(settled) -> None:
        monkeypatch.setattr(window, "settle", settle)
        window.editing.run(slow)

    monkeypatch.setattr(window, "settle", settle_slowly)
    window.editing.run(lambda document: canvas_edits.flip(document, horizontal=True))
    assert document.busy is not None and not document.history.entries
    slow.gate.set()
    qtbot.waitUntil(lambda: len(document.history.entries) == 2, timeout=10_000)
    assert [entry.name for entry in document.history.entries] == ["Rotate 180°", "Flip horizontally"]
    idle(qtbot, document)


def test_undo_reads_from_the_disk_beside_the_window(window, qtbot, document, whole):
    before = whole(document)
    canvas_edits.rotate(document, 90)
    turned = whole(document)
    document.history.set_budgets(1, 8 << 30)
    qtbot.waitUntil(lambda: document.history.size == 0)
    assert document.history.disk_size
    window.editing.undo()
    idle(qtbot, document)
    assert whole(document) == before
    window.editing.redo()
    idle(qtbot, document)
    assert whole(document) == turned
    window.editing.go_to(0)
    idle(qtbot, document)
    assert whole(document) == before


@pytest.mark.parametrize("stop", [True, False])
def test_closing_in_the_middle_of_an_edit_asks(window, qtbot, document, slow, stop, monkeypatch):
    asked = []
    monkeypatch.setattr(dialogs, "ask_to_stop", lambda parent, which: asked.append(which) or stop)
    window.editing.run(slow)
    window.close_tab(0)
    assert asked == [document]
    if stop:
        assert window.tabs.count() == 0 and document.busy is None and not document.history.entries
    else:
        assert window.tabs.count() == 1 and document.busy is not None
        slow.gate.set()
        idle(qtbot, document)
        assert len(document.history.entries) == 1


def test_an_edit_that_ends_while_the_question_is_open_is_kept(window, qtbot, document, slow, monkeypatch):
    def ask(parent, which) -> bool:
        slow.gate.set()
        idle(qtbot, document)
        return False

    monkeypatch.setattr(dialogs, "ask_to_stop", ask)
    window.editing.run(slow)
    window.close_tab(0)
    assert window.tabs.count() == 1 and len(document.history.entries) == 1


# -- the hand is kept from it ---------------------------------------------------------------------------


def on_window(window, widget, point: QPoint) -> QPoint:
    return widget.mapTo(window, point)


def test_a_press_draws_nothing_on_a_busy_picture_and_is_explained(window, qtbot, document, slow, whole):
    before, canvas = whole(document), window.canvas
    middle = on_window(window, canvas, canvas.rect().center())
    window.editing.run(slow)
    QTest.mouseClick(window.windowHandle(), LEFT, NO_KEYS, middle)
    qtbot.waitUntil(lambda: ("info", str(Busy())) in toasts(window))
    assert not canvas._drawing and whole(document) == before
    slow.gate.set()
    idle(qtbot, document)
    QTest.mouseClick(window.windowHandle(), LEFT, NO_KEYS, middle)
    qtbot.waitUntil(lambda: document.history.entries[-1].edit.parts == Part.SELECTION)


def test_the_view_still_moves(window, qtbot, document, slow):
    canvas = window.canvas
    canvas.zoom_to(1.0)
    window.editing.run(slow)
    middle = on_window(window, canvas, canvas.rect().center())
    start = canvas.view.x, canvas.view.y
    handle = window.windowHandle()
    QTest.mousePress(handle, MIDDLE, NO_KEYS, middle)
    QTest.mouseMove(handle, middle + QPoint(30, 20))
    qtbot.waitUntil(lambda: (canvas.view.x, canvas.view.y) == (start[0] + 30, start[1] + 20))
    QTest.mouseRelease(handle, MIDDLE, NO_KEYS, middle + QPoint(30, 20))
    canvas.zoom_by(1)
    assert canvas.view.zoom == 1.25
    slow.gate.set()
    idle(qtbot, document)


def test_a_panel_takes_no_press(window, qtbot, document, slow):
    qtbot.waitUntil(lambda: window.panels.are_filled)
    panel = window.panels._layers
    middle = on_window(window, panel, panel.rect().center())
    window.editing.run(slow)
    QTest.mouseClick(window.windowHandle(), LEFT, NO_KEYS, middle)
    qtbot.waitUntil(lambda: ("info", str(Busy())) in toasts(window))
    slow.gate.set()
    idle(qtbot, document)


def test_actions_that_need_the_picture_wait(window, qtbot, document, slow):
    window.editing.run(slow)
    actions = window.actions_by_id
    for action in actions.values():
        action.setEnabled(True)
    window.editing.refresh(actions)
    waiting = {name for name, action in actions.items() if not action.isEnabled()}
    assert waiting == {name for name, action in actions.items() if action.property("needsDocument")}
    slow.gate.set()
    idle(qtbot, document)
    for action in actions.values():
        action.setEnabled(True)
    window.editing.refresh(actions)
    assert all(action.isEnabled() for action in actions.values())


def test_a_removal_waits_with_its_result(window, qtbot, document, slow, engine):
    select.rectangle(document, (300, 300, 60, 50))
    engine.gate.clear()
    window.removing.start()
    qtbot.waitUntil(engine.begun.is_set)
    window.editing.run(slow)
    engine.gate.set()
    qtbot.waitUntil(lambda: engine.ended == 1)
    deadline = time.monotonic() + 0.2
    while time.monotonic() < deadline:
        qtbot.wait(5)
    assert len(document.layers) == 1
    document.busy.cancel()
    qtbot.waitUntil(lambda: len(document.layers) == 2, timeout=10_000)
    assert document.history.entries[-1].name == "Remove"
    qtbot.waitUntil(lambda: not window.removing.is_running(document))
