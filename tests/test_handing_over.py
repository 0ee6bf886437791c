"""A later start hands its files to the one that has the window, whatever becomes of either."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from editor import handing_over
from editor.handing_over import Spool

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def spool():
    made = Spool()
    yield made
    made.release()


def in_thread(call):
    """Its answer, once there is one, as the only item."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    return thread, answers


def wait_for_notes(spool, count=1):
    deadline = time.monotonic() + 10
    while len(spool.waiting()) < count and time.monotonic() < deadline:
        time.sleep(0.005)


def test_files_are_handed_to_the_first(spool, monkeypatch, tmp_path):
    assert spool.claim() and not Spool().claim()
    spool.is_listening()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "come")
    thread, answers = in_thread(lambda: Spool().hand_over([Path("a.png"), Path("/b/ü.png")]))
    wait_for_notes(spool)
    (note,) = spool.take()
    thread.join(10)
    assert answers == [True]
    assert note.files == (tmp_path / "a.png", Path("/b/ü.png"))  # of the folder that the other was started in
    assert note.tokens["XDG_ACTIVATION_TOKEN"] == "come"
    assert [path.name for path in spool.folder.iterdir()] in (["lock", "ready"], ["ready", "lock"])


def test_one_that_does_not_answer_swallows_nothing(spool, monkeypatch):
    monkeypatch.setattr(handing_over, "PATIENCE", 0.1)
    monkeypatch.setattr(handing_over, "STARTING", 0.3)
    assert spool.claim()
    for ready, least in ((False, 0.3), (True, 0.1)):
        if ready:
            spool.is_listening()
        begun = time.monotonic()
        assert not Spool().hand_over([Path("/a.png")])
        assert least <= time.monotonic() - begun < least + 2
        assert spool.take() == [] and spool.waiting() == []  # what was withdrawn is not opened twice


def test_who_waits_for_one_that_goes_takes_its_place(spool):
    assert spool.claim()
    other = Spool()
    thread, answers = in_thread(lambda: other.hand_over([Path("/a.png")]))
    wait_for_notes(spool)
    spool.release()
    thread.join(10)
    assert answers == [False] and other.is_first and other.waiting() == []
    other.release()


def test_a_killed_program_leaves_no_lock(spool):
    code = (
        "import time; from editor.handing_over import Spool\n"
        "spool = Spool(); print(spool.claim(), flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "True\n"
    assert not spool.claim()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert spool.claim()


def test_many_at_once_and_each_file_arrives_once(tmp_path):
    """Ten starts race: one gets the window, the notes of all others come to it."""
    code = (
        "import sys, time; from pathlib import Path; from editor.handing_over import Spool\n"
        "mine, spool = Path('/' + sys.argv[1]), Spool()\n"
        "if not spool.claim() and spool.hand_over([mine]): sys.exit()\n"
        "assert spool.is_first; spool.is_listening(); got = [mine]\n"
        "end = time.monotonic() + 60\n"
        "while len(got) < 10 and time.monotonic() < end:\n"
        "    got += [each for note in spool.take() for each in note.files]; time.sleep(0.01)\n"
        "print(*sorted(each.name for each in got))\n"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", code, str(n)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for n in range(10)
    ]
    told = [start.communicate(timeout=90)[0] for start in starts]
    assert [start.returncode for start in starts] == [0] * 10
    assert sorted(told) == [""] * 9 + ["0 1 2 3 4 5 6 7 8 9\n"]


# -- trust ---------------------------------------------------------------------------------------------------


def test_folder_and_notes_are_private(spool):
    spool._leave([Path("/a.png")])
    assert spool.claim()
    spool.is_listening()
    for path in (spool.folder, spool.folder.parent, *spool.folder.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_folder_that_others_may_see_is_closed_and_a_link_is_not_followed(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    Spool(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        Spool(tmp_path / "link")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give a folder away")
def test_a_folder_of_somebody_else_is_not_used(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    os.chown(folder, 12345, -1)
    with pytest.raises(OSError, match="somebody else"):
        Spool(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b'{"files": "/a", "tokens": {}}',
        b'{"files": [], "tokens": []}',
        b'{"files": [1, null, {}, "relative", "/a\\u0000b"], "tokens": {"PATH": "/evil", "x": 1}}',
        b'{"files": [], "tokens": {"XDG_ACTIVATION_TOKEN": "a\\nb", "DESKTOP_STARTUP_ID": 4}}',
    ],
)
def test_notes_that_make_no_sense(spool, content):
    (spool.folder / "note-1").write_bytes(content)
    assert all((note.files, note.tokens) == ((), {}) for note in spool.take())
    assert list(spool.folder.iterdir()) == []


def test_notes_that_are_no_plain_files(spool, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(json.dumps({"files": ["/a"], "tokens": {}}))
    (spool.folder / "note-1").symlink_to(secret)
    os.mkfifo(spool.folder / "note-2")  # a reader would wait for ever
    assert spool.take() == []
    assert secret.exists()


def test_a_note_of_last_week_is_not_opened(spool):
    note = spool._leave([Path("/a.png")])
    os.utime(note, (time.time() - 3600,) * 2)
    assert spool.take() == [] and not note.exists()


def test_the_runtime_folder_is_used_only_if_it_is_private(monkeypatch, tmp_path):
    monkeypatch.delenv("LACUNA_STATE_DIR")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    tmp_path.chmod(0o700)
    assert Spool().folder.parent == tmp_path / "lacuna"
    tmp_path.chmod(0o755)
    assert Spool().folder.is_relative_to(tmp_path / "state")


def test_a_bundle_is_one_program_wherever_it_was_unpacked(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(handing_over, "__file__", "/tmp/.mount_a/editor/handing_over.py")
    first = Spool().folder
    monkeypatch.setattr(handing_over, "__file__", "/tmp/.mount_b/editor/handing_over.py")
    assert Spool().folder == first
    monkeypatch.setattr(sys, "frozen", False)
    assert Spool().folder != first


def test_another_screen_or_configuration_has_its_own_window(monkeypatch, tmp_path):
    folders = {Spool().folder}
    monkeypatch.setenv("DISPLAY", ":77")
    folders.add(Spool().folder)
    monkeypatch.setenv("LACUNA_CONFIG_DIR", str(tmp_path))
    folders.add(Spool().folder)
    assert len(folders) == 3
