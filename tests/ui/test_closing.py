"""A picture that is closed goes from memory, whatever was done with it before."""

import gc
import weakref

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from windows import NO_KEYS, WAIT, open_pictures, toasts

from editor.document import select
from editor.tools.shelf import TOOLS
from engines import store


@pytest.fixture
def closed(qtbot, window, picture):
    """Do something with a picture, close it, and see whether anything of it is left."""

    def close(deed) -> None:
        open_pictures(qtbot, window, picture)
        kept = weakref.ref(window.document), weakref.ref(window.canvas)
        deed(window.canvas)
        qtbot.waitUntil(
            lambda: window.document.busy is None and not window.removing.is_running(window.document),
            timeout=WAIT,
        )
        window.document.history.mark_saved(window.document.history.state)
        window.close_tab(0)

        def is_gone() -> bool:
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            gc.collect()
            return kept[0]() is None and kept[1]() is None

        qtbot.waitUntil(is_gone, timeout=WAIT)

    return close


def drag(canvas, *points) -> None:
    places = [QPoint(*point) for point in points]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NO_KEYS, places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NO_KEYS, places[-1])


@pytest.mark.parametrize("tool_id", list(TOOLS))
def test_after_a_tool_was_used_on_it(closed, window, tool_id):
    def use(canvas) -> None:
        window.tools.use(tool_id)
        middle = canvas.rect().center()
        drag(canvas, (middle.x(), middle.y()), (middle.x() + 40, middle.y() + 30))

    closed(use)


def test_after_a_model_was_offered_for_it(closed, window, monkeypatch):
    monkeypatch.setattr(store, "is_present", lambda weights_id: False)

    def take_tool(canvas) -> None:
        window.tools.use("object-select")
        assert any("not on this machine" in words for _, words in toasts(window))

    closed(take_tool)
    assert any("not on this machine" in words for _, words in toasts(window))  # the offer still stands


def test_after_it_was_compared(closed, qtbot):
    def compare(canvas) -> None:
        canvas.comparison.set_split("columns")
        qtbot.wait(100)

    closed(compare)


def test_after_something_was_removed(closed, window):
    def remove(canvas) -> None:
        window.editing.run(lambda document: select.rectangle(document, (50, 50, 30, 30)))
        window.removing.start()

    closed(remove)


def test_with_results_to_choose_from(closed, window):
    def vary(canvas) -> None:
        window.editing.run(lambda document: select.rectangle(document, (50, 50, 30, 30)))
        window.removing.vary()

    closed(vary)
