"""The window as the tests get it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from windows import FakeEngine, make_picture

from editor.ui import dialogs, editing
from editor.ui.window import Window
from engines.manager import EngineManager

BUTTONS = QMessageBox.StandardButton


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def questions(monkeypatch) -> list:
    """What is asked about unsaved changes; the fixture's ``answer`` is given. Without one the test fails."""

    class Questions(list):
        answer = None

    asked = Questions()

    def ask(parent, document):
        asked.append(document)
        assert asked.answer is not None, "the window asks about unsaved changes"
        return asked.answer

    monkeypatch.setattr(dialogs, "ask_to_save", ask)
    return asked


@pytest.fixture(autouse=True)
def patient(request, monkeypatch) -> None:
    """Edits are done when the call returns, however busy the machine; but where that is what is tested."""
    if request.module.__name__ not in ("test_running", "test_latency"):
        monkeypatch.setattr(editing, "_PATIENCE", 30.0)


@pytest.fixture(autouse=True)
def asked_about_losses(monkeypatch) -> list:
    """What is asked before a file that cannot keep all is written; ``answer`` is given: "save"."""

    class Asked(list):
        answer = "save"

    asked = Asked()

    def ask(parent, path, lost, *, is_flat=False):
        asked.append((path.name, lost, is_flat))
        return asked.answer

    monkeypatch.setattr(dialogs, "ask_about_losses", ask)
    return asked


@pytest.fixture
def make_window(qtbot, engine, questions):
    """Makes windows, and closes in the end those that are still open."""
    made = []

    def make(load=engine, *, show: bool = True) -> Window:
        manager = EngineManager(load=load)
        window = Window(ThreadPoolExecutor(1), manager)
        window.settings.tour_seen = True  # it would stand over the picture
        made.append((window, manager))
        if show:
            with qtbot.waitExposed(window):
                window.show()
        return window

    yield make
    engine.gate.set()
    for window, _ in made:
        if not window._closing:
            questions.answer = BUTTONS.Discard
            assert window.close()
    for window, manager in made:
        window.deleteLater()
        manager.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window) -> Window:
    return make_window()


@pytest.fixture
def picture(tmp_path) -> Path:
    return make_picture(tmp_path / "one.png")
