"""Without a network everything that is installed works, and no connection is tried: neither by Python, which
is made to refuse, nor by any library below it, whose system calls are looked at."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import main

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("offline_window.py")


@pytest.fixture
def picture(tmp_path):
    """A grey ground with a dark band and some noise."""
    pixels = np.random.default_rng(0).integers(190, 215, (480, 640, 3), np.uint8)
    pixels[220:240] = 60
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def works(*command):
    try:
        return subprocess.run(command, capture_output=True, timeout=20).returncode == 0
    except OSError:
        return False


def cut_off():
    """What goes before a command so that it has no network at all, and so that its calls are written down;
    as much of it as this machine allows."""
    alone = ["unshare", "--map-root-user", "--net"]
    alone = alone if works(*alone, "true") else []
    watched = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg,bind", "-o"]
    return alone, watched if shutil.which("strace") and works(*alone, *watched, os.devnull, "true") else []


# What the runtimes and Qt would take for a user who has the network.
KEPT_BACK = ("CI", "GITHUB", "TF_BUILD", "ORT_", "JENKINS", "BUILD", "PYTEST", "XDG_", "DBUS_")


@pytest.mark.timeout(240)
def test_a_whole_sitting_reaches_nobody(picture, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_BACK)}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    alone, watched = cut_off()
    log = tmp_path / "calls"
    command = [*alone, *watched, *([str(log)] if watched else []), sys.executable, str(DRIVER), str(tmp_path)]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    for line in (
        "migan ran",
        "patches ran",
        "lines ran",
        "opened",
        "removed",
        "saved",
        "opened again",
        "closed",
    ):
        assert line in told
    assert int(re.search(r"found (\d+) lines", done.stdout)[1]) > 0
    if watched:
        calls = log.read_text(errors="replace").splitlines()
        outward = [line for line in calls if re.search(r"AF_INET6?\b|AF_NETLINK|AF_PACKET", line)]
        assert outward == []


def test_the_watch_would_see_a_connection(tmp_path):
    """Or the test above would prove nothing."""
    alone, watched = cut_off()
    if not watched:
        pytest.skip("there is no strace here")
    log = tmp_path / "calls"
    attempt = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    subprocess.run(
        [*alone, *watched, str(log), sys.executable, "-c", attempt], capture_output=True, timeout=60
    )
    assert "AF_INET" in log.read_text(errors="replace")


GUARD = """
import runpy, sys
sys.argv = sys.argv[:1]
sys.path.insert(0, {folder!r})
import offline_window
offline_window.forbid()
import socket, urllib.request
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: socket.socket().connect(("127.0.0.1", 9)),
    lambda: socket.getaddrinfo("localhost", 80),
    lambda: urllib.request.urlopen("http://127.0.0.1:9/", timeout=1),
):
    before = len(offline_window.tried)
    try:
        attempt()
    except OSError:
        pass
    assert len(offline_window.tried) > before
"""


def test_the_guard_would_see_a_connection(tmp_path):
    code = GUARD.format(folder=str(DRIVER.parent)).replace("sys.argv = sys.argv[:1]", "sys.argv = ['x', '.']")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_commands_about_models_fetch_nothing(capsys, monkeypatch):
    """But install, which was asked to."""
    import socket

    def refuse(*_, **__):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for arguments in (["list"], ["list", "--json"], ["show", "lama-opencv"], ["verify"], ["folder"]):
        assert main.main(["models", *arguments]) == 0
    assert main.main(["models", "remove", "u2netp"]) == 2
    assert main.main(["models", "verify", "u2netp"]) == 3
    assert main.main(["models", "install", "lama-opencv"]) == 2  # its licence is asked about first
    capsys.readouterr()
