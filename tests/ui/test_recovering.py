"""What is open is kept in journals, offered after a crash, and gone once it was closed."""

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from windows import make_picture, open_pictures, toasts, wait_for_toast

from editor import settings
from editor.document import recovery, stack
from editor.document.journal.session import folders
from editor.document.storage import open_document
from editor.ui import dialogs, documents
from editor.ui.recovery_bar import RecoveryBar, described, when

ROOT = Path(__file__).resolve().parents[2]
BUTTONS = QMessageBox.StandardButton

# Opens a picture, hides its layer, adds another, and is gone without closing anything.
CRASH = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from editor.document import recovery, stack
from editor.document.storage import open_document
for name in sys.argv[2:]:
    document = open_document(name)
    journal = recovery.begin(document, Path(name), print)
    stack.add_pixels(document, "Kept")
    document.set_layer(document.layers[0], "opacity", 0.5, "Layer opacity")
    document.undo()
    assert journal.wait(20)
os._exit(9)
"""


def _crash(*paths: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, str(ROOT), *map(str, paths)], check=False, timeout=60)
    assert done.returncode == 9


def _bar(window) -> RecoveryBar | None:
    bar = window._offer.bar
    return bar if bar is not None and not bar.isHidden() else None


def _wait_for_bar(qtbot, window) -> RecoveryBar:
    qtbot.waitUntil(lambda: _bar(window) is not None, timeout=10_000)
    return _bar(window)


def _button(bar: RecoveryBar, name: str) -> QPushButton:
    return next(button for button in bar.findChildren(QPushButton) if button.accessibleName() == name)


def _settled(qtbot, window) -> None:
    """The files thread has come round."""
    qtbot.waitUntil(lambda: window.recovery._started, timeout=10_000)
    window._files.submit(lambda: None).result(10)
    qtbot.wait(50)


def test_nothing_to_offer_is_not_mentioned(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    _settled(qtbot, window)
    assert window._offer.bar is None


def test_a_crash_is_offered_and_recovered_with_its_history(make_window, qtbot, picture):
    _crash(picture)
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    words = [label.text() for label in bar.findChildren(QLabel)]
    assert "Lacuna was closed before this picture was saved." in words
    assert "one.png" in words and any("today" in each and "1 step" in each for each in words)
    _button(bar, "Recover one.png").click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=10_000)
    document = window.document
    assert [layer.name for layer in document.layers] == ["Background", "Kept"]
    assert [entry.name for entry in document.history.entries] == ["New layer", "Layer opacity"]
    assert document.history.position == 1 and document.history.modified
    assert document.path == picture
    document.redo()
    assert document.layers[0].opacity == 0.5
    document.go_to(0)
    original = open_document(picture)
    assert np.array_equal(document.composite(document.rect), original.composite(original.rect))
    qtbot.waitUntil(lambda: window.canvas._painted, timeout=10_000)
    assert _bar(window) is None


def test_a_layer_without_a_name_in_the_file_is_called_as_when_it_was_opened(
    make_window, qtbot, picture, monkeypatch
):
    monkeypatch.setattr(documents, "tr", lambda text: {"Background": "Fond"}.get(text, text))
    _crash(picture)
    window = make_window()
    _button(_wait_for_bar(qtbot, window), "Recover one.png").click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=10_000)
    assert window.document.layers[0].name == "Fond"


def test_what_was_recovered_is_kept_again(make_window, qtbot, picture):
    _crash(picture)
    window = make_window()
    _button(_wait_for_bar(qtbot, window), "Recover one.png").click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=10_000)
    journal = window.recovery._journals[window.document]
    stack.add_pixels(window.document, "More")
    assert journal.wait(10)
    assert len(folders()) == 1
    assert recovery.pending() == []  # this process has it


def test_discard_asks_and_then_it_is_gone(make_window, qtbot, picture, monkeypatch):
    _crash(picture)
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    answers, asked = [False, True], []

    def ask(parent, name):
        asked.append(name)
        return answers.pop(0)

    monkeypatch.setattr(dialogs, "ask_to_discard", ask)
    _button(bar, "Discard one.png").click()
    assert _bar(window) is bar and len(folders()) == 1
    _button(bar, "Discard one.png").click()
    assert asked == ["one.png", "one.png"]
    assert _bar(window) is None
    qtbot.waitUntil(lambda: folders() == [], timeout=10_000)


def test_later_offers_it_again(make_window, qtbot, picture):
    _crash(picture)
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    bar._later.click()
    assert _bar(window) is None
    assert window.close()
    again = make_window()
    assert _button(_wait_for_bar(qtbot, again), "Recover one.png")


def test_several_are_listed_and_dealt_with_one_by_one(make_window, qtbot, tmp_path, monkeypatch):
    _crash(*(make_picture(tmp_path / f"{name}.png", (60, 40)) for name in "abcdef"))
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    words = [label.text() for label in bar.findChildren(QLabel)]
    assert "Lacuna was closed before these pictures were saved." in words
    assert sum(word.endswith(".png") for word in words) == 6
    assert bar.height() < 220  # the rest is scrolled to
    monkeypatch.setattr(dialogs, "ask_to_discard", lambda *_: True)
    _button(bar, "Discard b.png").click()
    _button(bar, "Recover e.png").click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=10_000)
    assert window.document.path.name == "e.png"
    names = {row.name for row in bar._rows}
    assert names == {"a.png", "c.png", "d.png", "f.png"}


def test_the_file_that_is_open_as_it_was_makes_room(make_window, qtbot, picture):
    _crash(picture)
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    open_pictures(qtbot, window, picture)
    _button(bar, "Recover one.png").click()
    qtbot.waitUntil(lambda: window.document is not None and len(window.document.layers) == 2, timeout=10_000)
    assert window.tabs.count() == 1


def test_the_file_that_is_open_and_changed_stays(make_window, qtbot, picture):
    _crash(picture)
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    document = open_pictures(qtbot, window, picture).document
    document.set_layer(document.layers[0], "name", "Mine", "Rename layer")
    _button(bar, "Recover one.png").click()
    qtbot.waitUntil(lambda: window.tabs.count() == 2, timeout=10_000)
    assert window.tabs.document_at(0) is document


def test_what_cannot_be_read_is_told_and_kept(make_window, qtbot, picture):
    _crash(picture)
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    (folder,) = folders()
    journal = max(folder.glob("journal-*"))
    content = journal.read_bytes()
    journal.write_bytes(b"nonsense" * 100)
    _button(bar, "Recover one.png").click()
    wait_for_toast(qtbot, window, "error", "Cannot recover one.png")
    assert _bar(window) is bar and _button(bar, "Recover one.png").isEnabled()
    journal.write_bytes(content)
    _button(bar, "Recover one.png").click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=10_000)


def test_a_damaged_journal_can_only_be_discarded(make_window, qtbot, picture):
    _crash(picture)
    (folder,) = folders()
    max(folder.glob("journal-*")).write_bytes(b"nonsense" * 100)
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    names = {button.accessibleName() for button in bar.findChildren(QPushButton)}
    assert "Discard a picture" in names and "Recover a picture" not in names
    assert any("cannot be recovered" in label.text() for label in bar.findChildren(QLabel))


# --- keeping ---


def test_every_open_picture_has_a_journal_until_it_is_closed(window, qtbot, tmp_path, picture, questions):
    open_pictures(qtbot, window, picture, make_picture(tmp_path / "two.png"))
    _settled(qtbot, window)
    journals = list(window.recovery._journals.values())
    assert len(journals) == 2
    for journal in journals:
        assert journal.wait(10)
    assert len(folders()) == 2
    window.close_tab(1)
    qtbot.waitUntil(lambda: len(folders()) == 1, timeout=10_000)
    document = window.document
    document.set_layer(document.layers[0], "opacity", 0.5, "Layer opacity")
    questions.answer = BUTTONS.Discard
    assert window.close()
    assert folders() == []


def test_a_save_is_noted(window, qtbot, picture):
    document = open_pictures(qtbot, window, picture).document
    _settled(qtbot, window)
    journal = window.recovery._journals[document]
    noted = []
    journal.saved = lambda path, state: noted.append((path, state))
    document.set_layer(document.layers[0], "opacity", 0.5, "Layer opacity")
    state = document.history.state
    window.saving.save()
    qtbot.waitUntil(lambda: bool(noted), timeout=10_000)
    assert noted == [(picture, state)]


def test_a_full_disk_is_told_once(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    _settled(qtbot, window)
    words = "Changes to one.png are not kept safe any more: the disk is full."
    window.recovery.troubled.emit(words)
    assert toasts(window) == [("warning", words)]


def test_it_can_be_switched_off(make_window, qtbot, picture):
    _crash(picture)
    settings.save(settings.Settings(recovery=False))
    window = make_window()
    open_pictures(qtbot, window, picture)
    _settled(qtbot, window)
    assert window._offer.bar is None and window.recovery._journals == {}
    assert len(folders()) == 1  # what the crash left stays


def test_another_process_is_not_offered_what_is_open_here(window, qtbot, picture):
    document = open_pictures(qtbot, window, picture).document
    _settled(qtbot, window)
    stack.add_pixels(document, "More")
    assert window.recovery._journals[document].wait(10)
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from editor.document import recovery; "
        "print(len(recovery.pending()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "0\n"


def test_nothing_of_it_happens_before_the_first_paint(tmp_path, picture):
    """Neither the module nor its folder is there when the picture is painted."""
    driver = (
        "import runpy, sys\n"
        "sys.argv = ['first_paint.py', sys.argv[1]]\n"
        "import atexit\n"
        "from editor.ui import canvas\n"
        "paint = canvas.Canvas.paintEvent\n"
        "def painted(self, event):\n"
        "    paint(self, event)\n"
        "    print('journal' in ' '.join(sys.modules), flush=True)\n"
        "    canvas.Canvas.paintEvent = paint\n"
        "    self.window().close()\n"
        "canvas.Canvas.paintEvent = painted\n"
        "from editor.ui import app\n"
        "app.main([sys.argv[1]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", driver, str(picture)],
        cwd=ROOT,
        env=dict(os.environ, QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "False\n", done.stderr


# --- words ---


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 5, 9, 7), "today 9:07"),
        (datetime(2026, 3, 4, 23, 59), "yesterday 23:59"),
        (datetime(2026, 3, 1, 8, 0), "1 March 2026, 8:00"),
    ],
)
def test_when(moment, words):
    assert when(moment.timestamp(), datetime(2026, 3, 5, 10, 0)) == words


@pytest.mark.parametrize(
    ("entries", "modified", "problem", "words"),
    [
        (1, True, None, "1 step"),
        (3, True, None, "3 steps"),
        (2, False, None, "saved, 2 steps can be undone"),
        (0, True, "its journal is damaged", "cannot be recovered: its journal is damaged"),
    ],
)
def test_described(entries, modified, problem, words):
    found = recovery.Recoverable(Path("x"), "x", None, time.time(), entries, modified, problem)
    assert described(found).split(" · ")[1] == words


def test_recover_all(make_window, qtbot, tmp_path):
    _crash(*(make_picture(tmp_path / f"{name}.png", (60, 40)) for name in "abc"))
    window = make_window()
    bar = _wait_for_bar(qtbot, window)
    bar._all.click()
    qtbot.waitUntil(lambda: window.tabs.count() == 3, timeout=10_000)
    assert {document.path.name for document in window.tabs.documents()} == {"a.png", "b.png", "c.png"}
    assert _bar(window) is None


# Fades a picture, selects all of it, and is gone.
CRASH_SELECTED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from editor.document import recovery, select
from editor.document.storage import open_document
document = open_document(sys.argv[2])
journal = recovery.begin(document, Path(sys.argv[2]), print)
document.set_layer(document.layers[0], "opacity", 0.25, "Layer opacity")
select.everything(document)
assert journal.wait(20)
os._exit(9)
"""


def test_before_is_as_opened_and_the_selection_has_its_edge(make_window, qtbot, picture):
    command = [sys.executable, "-c", CRASH_SELECTED, str(ROOT), str(picture)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 9
    window = make_window()
    _button(_wait_for_bar(qtbot, window), "Recover one.png").click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=10_000)
    canvas, document = window.canvas, window.document
    assert document.history.position == 2 and document.layers[0].opacity == 0.25
    qtbot.waitUntil(lambda: not canvas._zone.isEmpty(), timeout=10_000)
    original = open_document(picture)
    before = canvas.opened
    assert np.array_equal(before.composite(before.rect), original.composite(original.rect))
    assert not np.array_equal(document.composite(document.rect), original.composite(original.rect))
    assert canvas.comparison.refusal == ""
    canvas.comparison.show_before(True)
    assert canvas.comparison.shows_before
    document.go_to(0)
    assert document.layers[0].opacity == 1


def test_before_is_refused_after_a_crop_that_was_recovered(make_window, qtbot, picture):
    crop = "from editor.document import canvas, geometry; canvas.crop(document, geometry.Rect(5, 5, 50, 40))"
    lines = CRASH_SELECTED.replace("select.everything(document)", crop)
    command = [sys.executable, "-c", lines, str(ROOT), str(picture)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 9
    window = make_window()
    _button(_wait_for_bar(qtbot, window), "Recover one.png").click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=10_000)
    assert (window.document.width, window.document.height) == (50, 40)
    assert "cropped" in window.canvas.comparison.refusal
    window.document.go_to(0)
    assert window.canvas.comparison.refusal == ""
