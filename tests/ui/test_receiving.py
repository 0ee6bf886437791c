"""What is handed to the window is opened when it can be seen, and the window comes forward for it."""

import os

import pytest
from PySide6.QtCore import QFileSystemWatcher
from PySide6.QtWidgets import QDialog

from editor.handing_over import Note, Spool
from editor.ui import receiving
from editor.ui.receiving import Receiver, come_forward

# The offscreen platform says so of a window that is raised.
pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


@pytest.fixture
def spool():
    made = Spool()
    assert made.claim()
    yield made
    made.release()


def test_what_lay_there_before_and_what_comes(window, spool, qtbot, picture, tmp_path):
    spool._leave([picture])
    Receiver(spool, window).listen()
    qtbot.waitUntil(lambda: window.tabs.count() == 1)
    other = tmp_path / "two.png"
    other.write_bytes(picture.read_bytes())
    spool._leave([other, picture])  # one of them is open already
    qtbot.waitUntil(lambda: window.tabs.count() == 2)
    assert spool.waiting() == []


def test_where_the_system_does_not_tell_of_files(window, spool, qtbot, picture, monkeypatch):
    monkeypatch.setattr(receiving, "_POLL_MS", 20)
    monkeypatch.setattr(QFileSystemWatcher, "addPath", lambda *_: False)
    Receiver(spool, window).listen()
    spool._leave([picture])
    qtbot.waitUntil(lambda: window.tabs.count() == 1)


def test_a_question_is_not_overtaken(window, spool, qtbot, picture):
    """A picture that came while the user is asked whether to quit would be gone with the answer."""
    Receiver(spool, window).listen()
    dialog = QDialog(window)
    dialog.setModal(True)
    dialog.show()
    spool._leave([picture])
    qtbot.wait(600)
    assert len(spool.waiting()) == 1 and window.tabs.count() == 0
    dialog.close()
    qtbot.waitUntil(lambda: window.tabs.count() == 1)


def test_a_minimised_window_comes_back(window, qtbot, monkeypatch):
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    come_forward(window, Note((), {"XDG_ACTIVATION_TOKEN": "come"}))
    assert window.isVisible() and not window.isMinimized()
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "come"
