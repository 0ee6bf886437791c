"""What goes wrong is kept in a small private file that names nobody, whoever failed and however hard."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from editor import black_box, reports
from editor.black_box import BlackBox

ROOT = Path(__file__).resolve().parents[1]


def run(code, **more):
    """A process of its own that has a black box."""
    head = "import sys; from editor import black_box, reports; box = black_box.box; box.open()\n"
    return subprocess.run(
        [sys.executable, "-c", head + code], cwd=ROOT, capture_output=True, text=True, timeout=60, **more
    )


def running():
    return list(reports.folder().glob("running-*"))


def test_an_error_that_no_one_catches():
    done = run("box.note('command editing.undo')\nraise ValueError('no such thing')")
    assert done.returncode == 1 and "ValueError: no such thing" in done.stderr  # as ever
    (path,) = reports.kept()
    text = reports.read(path)
    for words in (
        "an error of the program, ValueError",
        "Traceback",
        "no such thing",
        "command editing.undo",
    ):
        assert words in text
    assert f"Python {sys.version.split()[0]}" in text and "PySide6-Essentials 6" in text
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_one_in_another_thread():
    done = run(
        "import threading\n"
        "def work(): raise KeyError('in a thread')\n"
        "thread = threading.Thread(target=work); thread.start(); thread.join(); box.close()"
    )
    assert done.returncode == 0 and "in a thread" in done.stderr
    (path,) = reports.kept()
    assert "KeyError" in reports.read(path)
    assert running() == []


@pytest.mark.parametrize("end", ["raise KeyboardInterrupt", "sys.exit(3)", "box.close()"])
def test_an_end_that_is_meant_makes_no_report(end):
    run(end)
    assert reports.kept() == [] and black_box.left_behind() == []
    assert running() == []


CRASHES = {
    "a segmentation fault": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "a read of nothing": "import ctypes; ctypes.string_at(0)",
    "an abort": "import os; os.abort()",
    "Qt's own": "from PySide6.QtCore import qFatal\n"
    "from editor.ui.report_offer import hear_qt\n"
    "hear_qt(); qFatal('no platform')",
}


@pytest.mark.parametrize("how", CRASHES)
def test_a_crash_of_native_code_is_told_at_the_next_start(how):
    code = f"box.note('engine migan is loaded')\ndef culprit():\n exec({CRASHES[how]!r})\nculprit()"
    done = run(code)
    assert done.returncode < 0
    assert reports.kept() == [] and len(running()) == 1
    (path,) = black_box.left_behind()
    text = reports.read(path)
    assert "Fatal Python error" in text and "culprit" in text
    assert "engine migan is loaded" in text
    assert how != "Qt's own" or ("qt-fatal" in text and "no platform" in text)
    assert running() == [] and black_box.left_behind() == []  # told once
    assert reports.kept() == [path]


def test_a_killed_program_is_no_crash_and_one_that_runs_is_left_alone():
    run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert len(running()) == 1
    box = BlackBox()
    box.open()
    box.note("Fatal Python error: not really")
    try:
        assert black_box.left_behind() == []
        assert len(running()) == 1
    finally:
        box.close()
    assert running() == [] and reports.kept() == []


def failed(kind=ValueError, words="x"):
    try:
        raise kind(words)
    except kind as error:
        return error


def test_the_same_is_told_once_and_no_run_tells_without_end():
    box, told = BlackBox(), []
    box.listener = told.append
    assert box.report(failed()) is not None and box.report(failed()) is None
    for number in range(20):
        box.report(failed(type(f"Kind{number}", (Exception,), {})))
    assert len(reports.kept()) == len(told) == 5


def test_old_reports_go_and_long_ones_are_cut():
    for number in range(15):
        assert reports.write(f"error {number}", "x" * 5_000_000, ["line"] * 50)
    kept = reports.kept()
    assert len(kept) == reports.MOST and "error 14" in reports.read(kept[0])
    assert max(path.stat().st_size for path in kept) <= reports.MAX_BYTES + 100
    reports.remove_all()
    assert reports.kept() == []


def test_nobody_is_named(monkeypatch):
    monkeypatch.setenv("HOME", "/home/jane.doe")
    monkeypatch.setenv("LOGNAME", "jane.doe")
    names = 'File "/home/jane.doe/pics/x.py"\n/media/jane.doe/card\n C:\\Users\\jane.doe\\y\n\x1b[2J'
    text = reports.scrubbed(f"{names} and jane.doe.txt")
    assert text == 'File "~/pics/x.py"\n/media/~/card\n C:\\Users\\~\\y\n?[2J and jane.doe.txt'


def test_the_log_is_bounded_also_in_the_file():
    box = BlackBox()
    box.open()
    try:
        threads = [
            threading.Thread(target=lambda: [box.note("word " * 200) for _ in range(500)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (path,) = running()
        assert path.stat().st_size <= black_box._MAX_FILE + 1000
        assert len(box._lines) == black_box._LINES
    finally:
        box.close()


def test_a_full_disk_or_a_link_stops_nobody(monkeypatch, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (state / "reports").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("LACUNA_STATE_DIR", str(state))
    box = BlackBox()
    box.open()
    box.note("a line")
    assert box.report(failed()) is None
    box.close()
    assert black_box.left_behind() == [] and reports.kept() == []
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_among_what_was_left_is_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("Fatal Python error: Segmentation fault\nsecret words")
    (reports.folder() / "running-1-00").symlink_to(secret)
    assert black_box.left_behind() == [] and reports.kept() == []
    assert secret.exists() and running() == []
