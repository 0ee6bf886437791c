"""Reports of what went wrong, for the user to read and perhaps to pass on: files that nothing sends anywhere.

A report holds versions, the traceback and the last lines of the log. It holds no picture, and no name of
the user: the home folder is "~" in it.
"""

import os
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from editor import private

MOST = 10  # reports that are kept
MAX_BYTES = 200_000  # of one
_PARTS = ("PySide6-Essentials", "numpy", "onnxruntime", "opencv-python-headless", "torch")


def folder() -> Path:
    """Where they lie, private to the user. Raises OSError."""
    return private.folder(private.state_dir() / "reports")


def kept() -> list[Path]:
    """All there are, the newest first."""
    try:
        return sorted(folder().glob("report-*.txt"), reverse=True)
    except OSError:
        return []


def write(what: str, traceback: str, log: Iterable[str]) -> Path | None:
    """Write a report of ``what`` in one line, and remove the oldest beyond ``MOST``. None if that failed."""
    lines = (
        f"Lacuna {version('lacuna') or '(development)'}: {what}",
        time.strftime("%Y-%m-%d %H:%M:%S"),
        versions(),
        "",
        _shortened(traceback, MAX_BYTES // 2).rstrip(),
        "",
        "Before that:",
        *log,
        "",
    )
    text = scrubbed(_shortened("\n".join(lines), MAX_BYTES))
    name = f"report-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09}-{os.urandom(2).hex()}.txt"
    try:
        path = folder() / name
        private.new_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError:
        return None
    for old in kept()[MOST:]:
        old.unlink(missing_ok=True)
    return path


def read(path: Path) -> str:
    """The words of a report. Raises OSError."""
    return private.read_file(path, MAX_BYTES * 4).decode("utf-8", "replace")


def remove_all() -> None:
    """Forget them. Raises nothing."""
    for path in kept():
        try:
            path.unlink(missing_ok=True)
        except OSError:
            continue


def scrubbed(text: str) -> str:
    """``text`` without the user's name in its paths, and without what a terminal would act on."""
    text = text.replace(str(Path.home()), "~")
    import getpass

    try:
        user = re.escape(getpass.getuser())
    except (OSError, KeyError, ImportError):
        user = ""
    if user:
        text = re.sub(rf"(?<=[/\\]){user}(?=[/\\\s\"']|$)", "~", text)
    return "".join(each if each.isprintable() or each in "\n\t" else "?" for each in text)


def versions() -> str:
    """The versions of what matters, in one line."""
    import platform

    found = ((name, version(name)) for name in _PARTS)
    parts = [f"{name} {number}" for name, number in found if number]
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    screen = os.environ.get("XDG_SESSION_TYPE")
    return ", ".join((f"Python {sys.version.split()[0]}", system, *([screen] if screen else ()), *parts))


def version(package: str) -> str:
    """Of what is installed; empty if it is not."""
    from importlib import metadata  # slow to import, seldom needed

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _shortened(text: str, most: int) -> str:
    """The beginning and the end of what is too long."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}\n...\n{text[-half:]}"
