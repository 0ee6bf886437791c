"""What is installed: which optional libraries, found without importing them, and whether this is a bundle."""

import importlib.util
import os
import shlex
import sys
from pathlib import Path


def is_installed(package: str) -> bool:
    """Whether ``package`` could be imported."""
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # blocked by an entry of None in sys.modules
        return False


def is_bundle() -> bool:
    """Whether the program runs from a bundle (packaging/bundle.py), to which no library can be added."""
    return bool(getattr(sys, "frozen", False))


def command() -> str:
    """How the program is started on a command line."""
    if not is_bundle():
        return "python main.py"
    if sys.platform == "win32":  # the program with the window has no console to write to
        return f'"{Path(sys.executable).with_name("lacuna-cli.exe")}"'
    return shlex.quote(os.environ.get("LACUNA_COMMAND") or sys.argv[0])


def free_children() -> None:
    """Let programs that a bundle starts (pip, a file manager) load the system's libraries, not the bundle's.

    PyInstaller's starter points the loader at the bundle; this process has read that by now.
    """
    if is_bundle() and sys.platform == "linux":
        before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
        if before is not None:
            os.environ["LD_LIBRARY_PATH"] = before
        else:
            os.environ.pop("LD_LIBRARY_PATH", None)
