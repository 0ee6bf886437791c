"""Uses the single file as a new user would, on a system that has next to nothing.

    python packaging/check_bundle.py FILE.run [--root DIR] [--shots DIR] [--starts N]

Needs root, debootstrap, Xvfb and xdotool. DIR becomes a Debian minbase with the X, GL and font libraries that
every desktop has: no Python, no Qt, no GLib. In it, as a user without rights and without any network, the
file is started for the first time; then N times more, and the time to the first paint taken. In the last of
these the sample is opened from the start page, hikers are brushed over with the mouse and removed, and the
picture is saved under a new name. Screenshots of each step go to the folder of --shots. Exits with 0 if
everything was as it should be.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageGrab

LIBRARIES = (
    *("libx11-6", "libx11-xcb1", "libxcb1", "libgl1", "libegl1", "libfontconfig1", "libfreetype6"),
    *("fonts-dejavu-core", "xkb-data"),
)
USER, HOME = 1000, "/home/user"
SCREEN = (1360, 860)
LIMIT = 1.5  # seconds to the first paint
_PATIENCE = 90  # seconds


class Machine:
    """The bare root, a screen that it sees, and one program in it."""

    def __init__(self, root: Path, bundle: Path) -> None:
        self.root = root
        if not (root / "etc/debian_version").exists():
            subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(root)], check=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *LIBRARIES]
        if any(not list((root / "var/lib/dpkg/info").glob(f"{name}*.list")) for name in LIBRARIES):
            subprocess.run(["chroot", str(root), "apt-get", "update", "-qq"], check=True)
            own = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["chroot", str(root), *install], check=True, env=own, stdout=subprocess.DEVNULL)
        found = [path for path in (root / "usr/bin").iterdir() if path.name.startswith("python")]
        assert not found, f"{root} is not bare: {found}"
        self.home = root / HOME.lstrip("/")
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        shutil.copy(bundle, self.home / bundle.name)
        for path in (self.home, self.home / bundle.name):
            os.chown(path, USER, USER)
        self._bundle = bundle.name
        self._program: subprocess.Popen | None = None

    def __enter__(self) -> "Machine":
        for name in ("dev/null", "dev/urandom", "dev/zero"):
            if not (self.root / name).exists():
                subprocess.run(["cp", "-a", f"/{name}", str(self.root / name)], check=True)
        read, write = os.pipe()
        size = "x".join(map(str, (*SCREEN, 24)))
        command = [
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            size,
            "-ac",
            "-noreset",
            "-nolisten",
            "tcp",
        ]
        self._screen = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"
        os.environ["DISPLAY"] = self.display
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._screen.terminate()
        self._screen.wait()

    def start(self, *arguments: str) -> float:
        """Start the file in the bare root, without a network; returns when that was."""
        sockets = self.root / "tmp/.X11-unix"
        script = (
            f"mkdir -p {sockets} && mount --bind /tmp/.X11-unix {sockets} && "
            f"mount -t proc proc {self.root}/proc && "
            f"exec chroot --userspec={USER}:{USER} {self.root} "
            f"/usr/bin/env -i HOME={HOME} PATH=/usr/bin:/bin DISPLAY={self.display} LANG=C.UTF-8 "
            f'/bin/sh -c \'cd && exec ./{self._bundle} "$@"\' lacuna "$@"'
        )
        command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh"]
        begun = time.monotonic()
        self._program = subprocess.Popen([*command, *arguments], start_new_session=True)
        return begun

    def stop(self) -> None:
        if self._program is not None and self._program.poll() is None:
            os.killpg(self._program.pid, signal.SIGKILL)
            self._program.wait()
        self._program = None

    def is_running(self) -> bool:
        return self._program is not None and self._program.poll() is None


def grab(box: tuple[int, int, int, int] | None = None) -> np.ndarray:
    return np.asarray(ImageGrab.grab(bbox=box, xdisplay=os.environ["DISPLAY"]).convert("RGB")).astype(int)


def xdotool(*arguments: object) -> None:
    subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=30, stdout=subprocess.DEVNULL)


def wait(condition: Callable[[], bool], what: str, patience: float = _PATIENCE) -> float:
    """When the condition held."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return time.monotonic()
        time.sleep(0.01)
    raise AssertionError(f"waited in vain for: {what}")


def painted() -> bool:
    """Whether the start page's window stands there with its words: light ones on dark."""
    seen = grab((0, 0, 700, 120))
    return bool(seen.max() > 150 and 15 < np.median(seen) < 120)


def shows_dune() -> bool:
    """Whether the sample is on the screen: its orange sand."""
    seen = grab((100, 500, 1000, 800))
    return bool(((seen[..., 0] - seen[..., 2]) > 80).mean() > 0.3)


def settle() -> None:
    """Wait until the screen stays as it is."""
    before = grab()
    for _ in range(100):
        time.sleep(0.25)
        after = grab()
        if np.array_equal(before, after):
            return
        before = after


class Shots:
    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, name: str) -> None:
        self._count += 1
        path = self._folder / f"{self._count:02d}-{name}.png"
        ImageGrab.grab(xdisplay=os.environ["DISPLAY"]).save(path)


def stroke(*points: tuple[int, int]) -> None:
    xdotool("mousemove", *points[0], "mousedown", 1)
    for point in points[1:]:
        xdotool("mousemove", *point)
        time.sleep(0.03)
    xdotool("mouseup", 1)
    time.sleep(0.2)


def focus() -> None:
    """There is no window manager that would give the keys to the window."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", "Lacuna"], capture_output=True, text=True
    )
    xdotool("windowfocus", found.stdout.split()[0])


def sample_button() -> tuple[int, int]:
    """The middle of *Try the sample*, to the right of the start page's blue button."""
    blue = np.abs(grab() - ACCENT).max(axis=-1) < 8
    blue[:, :100] = blue[:, 1070:] = False  # tools and panels
    rows, columns = np.flatnonzero(blue.sum(axis=1) > 100), np.flatnonzero(blue.sum(axis=0) > 10)
    return int(columns[-1]) + 72, int(rows[0] + rows[-1]) // 2


def remove_and_save(machine: Machine, shots: Shots) -> None:
    """The sample from the start page, hikers away, saved as a PNG."""
    settle()
    shots("started")
    focus()
    xdotool("mousemove", *sample_button(), "click", 1)
    wait(shows_dune, "the sample")
    wait(lambda: _is_blue(grab(NEXT)), "the tour")
    settle()
    shots("sample")
    xdotool("mousemove", *SKIP, "click", 1)
    wait(lambda: not _is_blue(grab(NEXT)), "the tour to go")
    xdotool("mousemove", *AWAY)
    settle()
    focus()
    before = grab()
    xdotool("key", "bracketright", "key", "bracketright")
    for points in HIKERS:
        stroke(*points)
    xdotool("mousemove", *AWAY)
    settle()
    shots("brushed")
    xdotool("key", "Return")
    xs, ys, xe, ye = HOLE
    empty = before[SECOND_LAYER[1] : SECOND_LAYER[3], SECOND_LAYER[0] : SECOND_LAYER[2]]
    wait(lambda: bool(np.abs(grab(SECOND_LAYER) - empty).max() > 100), "the layer of the removal")
    settle()
    shots("removed")
    after = grab()
    far = np.ones(after.shape[:2], bool)
    far[ys - 40 : ye + 40, xs - 60 : xe + 60] = False
    far = far[150:760, 80:1040]
    change = np.abs(after - before).max(axis=-1)[150:760, 80:1040]
    assert change[far].max() <= 1, "the screen changed away from the hole"
    assert change[~far].max() > 60, "nothing was removed"

    xdotool("key", "ctrl+shift+s")
    settle()
    shots("save-as")
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", 8, f"{HOME}/without-hikers.png")
    xdotool("key", "Return")
    saved = machine.home / "without-hikers.png"
    time.sleep(1)  # until the file dialog has gone and the question has come
    settle()
    shots("asked")  # whether layers may be lost
    xdotool("mousemove", *SAVE_FLAT, "click", 1)
    wait(saved.exists, "the file")
    settle()
    shots("saved")
    _compare(machine, saved)
    focus()
    xdotool("key", "ctrl+k")
    settle()
    xdotool("type", "--delay", 8, "About Lacuna")
    settle()
    xdotool("key", "Return")
    time.sleep(2)  # it collects the licences
    settle()
    shots("about")
    xdotool("key", "Escape")
    settle()


def _is_blue(seen: np.ndarray) -> bool:
    """Whether a button of the accent colour is there."""
    return bool(np.abs(seen - ACCENT).max(axis=-1).min() < 8)


def _compare(machine: Machine, saved: Path) -> None:
    """The file is the sample but for the hikers."""
    (sample,) = machine.home.glob(".cache/lacuna-bundle/*/_internal/resources/samples/desert-hike.jpg")
    one, other = (np.asarray(Image.open(path).convert("RGB")).astype(int) for path in (sample, saved))
    assert one.shape == other.shape
    changed = np.abs(one - other).max(axis=-1) > 0
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    share = changed.mean()
    print(
        f"saved {saved.name}, {saved.stat().st_size} bytes: {100 * share:.2f} % of the pixels differ, ",
        end="",
    )
    print(f"all within {columns[0]}..{columns[-1]} x {rows[0]}..{rows[-1]}")
    assert 0.0005 < share < 0.05


ACCENT = (76, 155, 232)
# On the screen of SCREEN, where a window without a manager stands at its usual size.
SKIP, AWAY = (250, 356), (1200, 300)
HIKERS = (
    ((362, 712), (364, 695), (374, 682), (368, 705), (400, 712), (415, 708)),
    (
        (404, 700),
        (406, 678),
        (418, 670),
        (420, 690),
        (432, 668),
        (432, 688),
        (446, 662),
        (447, 682),
        (470, 690),
        (496, 692),
    ),
)
HOLE = (355, 655, 500, 716)
NEXT = (288, 348, 296, 364)  # of the tour's first card
SAVE_FLAT = (552, 437)
SECOND_LAYER = (1100, 174, 1340, 214)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", type=Path, metavar="FILE.run")
    parser.add_argument("--root", type=Path, default=Path("/var/tmp/lacuna-bare"), help="made if need be")
    parser.add_argument("--shots", type=Path, default=Path("build/shots"), help="folder of the screenshots")
    parser.add_argument("--starts", type=int, default=5, help="starts of which the time is taken")
    options = parser.parse_args()
    shots = Shots(options.shots)
    with Machine(options.root.resolve(), options.bundle.resolve()) as machine:
        begun = machine.start()
        print(f"first start, with unpacking: {wait(painted, 'the window') - begun:.2f} s to the first paint")
        settle()
        shots("first")
        machine.stop()
        wait(lambda: not painted(), "the window to go")
        times = []
        for number in range(options.starts):
            begun = machine.start()
            times.append(wait(painted, "the window") - begun)
            if number < options.starts - 1:
                settle()
                machine.stop()
                wait(lambda: not painted(), "the window to go")
        told = " ".join(f"{each:.2f}" for each in times)
        middle = statistics.median(times)
        print(f"later starts: {told} s to the first paint, median {middle:.2f} s (limit {LIMIT} s)")
        remove_and_save(machine, shots)
        focus()
        xdotool("key", "ctrl+q")
        wait(lambda: not machine.is_running(), "the program to end", 20)
    return 0 if middle <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
