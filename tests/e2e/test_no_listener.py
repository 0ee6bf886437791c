"""While the window is used nothing can be connected to: no socket of the process listens, of any kind, and
those it has are the clients that the screen and the desktop need."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from test_one_window import First, start

LISTENS = 0x10000  # __SO_ACCEPTCON, in the flags of /proc/net/unix
NETS = ("tcp", "tcp6", "udp", "udp6", "udplite", "raw", "raw6", "icmp", "packet", "netlink")

pytestmark = pytest.mark.skipif(not Path("/proc/net/unix").exists(), reason="needs Linux's /proc")


def inodes_of(process: int) -> set[int]:
    found = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            match = re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink()))
            if match:
                found.add(int(match[1]))
    return found


def unix_sockets(process: int) -> dict[int, tuple[bool, str]]:
    """By inode: whether it listens, and the path that it is bound to."""
    found = {}
    for line in Path(f"/proc/{process}/net/unix").read_text().splitlines()[1:]:
        parts = line.split(maxsplit=7)
        found[int(parts[6])] = bool(int(parts[3], 16) & LISTENS), parts[7] if len(parts) > 7 else ""
    return found


def others(process: int) -> dict[int, str]:
    """By inode: which kind of network it is of."""
    found = {}
    for name in NETS:
        path = Path(f"/proc/{process}/net/{name}")
        if path.exists():
            lines = path.read_text().splitlines()[1:]
            column = -1 if name in ("packet", "netlink") else 9
            for line in lines:
                with contextlib.suppress(IndexError, ValueError):
                    found[int(line.split()[column])] = name
    return found


def wrong(process: int) -> list[str]:
    """What the process should not have, in words."""
    mine, known, nets = inodes_of(process), unix_sockets(process), others(process)
    out = [f"a socket of {nets[each]}" for each in mine if each in nets]
    for each in mine & known.keys():
        listens, path = known[each]
        if listens or path:
            out.append(f"a Unix socket {path!r}{' that listens' if listens else ''}")
    return out


def test_the_look_would_see_them(tmp_path):
    """Or the tests below would prove nothing."""
    code = (
        "import socket, sys, time\n"
        "a = socket.socket(socket.AF_UNIX); a.bind(sys.argv[1]); a.listen()\n"
        "b = socket.socket(); b.bind(('127.0.0.1', 0)); b.listen()\n"
        "c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); c.bind(('127.0.0.1', 0))\n"
        "d = socket.socketpair()\n"
        "print('open', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "s")], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "open\n"
        found = wrong(child.pid)
        assert len(found) == 3, found
        assert {"a socket of tcp", "a socket of udp"} < set(found)
        assert any("listens" in each for each in found)
    finally:
        child.kill()
        child.communicate()


@pytest.fixture
def picture(tmp_path):
    Image.effect_noise((320, 240), 40).convert("RGB").save(tmp_path / "a.png")
    return tmp_path / "a.png"


def session(picture: Path) -> None:
    """From before the first paint on, through a file that is handed over, and a removal's engine thread."""
    window = First("60", "work")
    try:
        seen, deadline = set(), time.monotonic() + 40
        while window.lines.empty() and time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                seen.update(wrong(window.process.pid))
        assert window.next() == "started"
        assert start(str(picture)).returncode == 0
        told = []
        while "removed" not in told and time.monotonic() < deadline:
            seen.update(wrong(window.process.pid))
            while not window.lines.empty():
                told.append(window.next())
            time.sleep(0.01)
        assert "opened a.png" in told and "removed" in told
        seen.update(wrong(window.process.pid))
        assert seen == set()
        assert window.end() == 0
    finally:
        window.clear_away()


def test_offscreen(picture):
    session(picture)


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="needs Xvfb: sh packaging/system_libraries.sh test")
def test_on_a_screen(picture, monkeypatch):
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        monkeypatch.setenv("DISPLAY", f":{number}")
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        session(picture)
    finally:
        server.terminate()
        server.wait(10)
