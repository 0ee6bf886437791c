"""What is in a bundle that no Python package tells of: Python itself and the system's libraries."""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from editor.ui.about_parts import Part, python


def parts(files: Iterable[Path]) -> list[dict]:
    """Python, then the Debian packages that own any of ``files``, as ``editor.ui.about_parts.Part`` has them.

    Elsewhere than on Debian and its kin there are no such packages: Python's wheels bring all that is needed.
    """
    owners = sorted({owner for path in files if (owner := _owner(path))})
    return [asdict(part) for part in (python(), *map(_package, owners))]


def _owner(path: Path) -> str:
    """The Debian package that a file is of; empty if there is none."""
    real = path.resolve()
    # dpkg knows the files of /usr by the name that they had before /lib became a link to /usr/lib.
    for name in (str(real), str(real).removeprefix("/usr"), str(path), str(path).removeprefix("/usr")):
        if owner := _ask(name):
            return owner
    return ""


@cache
def _ask(name: str) -> str:
    try:
        told = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return told.stdout.split(":")[0].split(",")[0] if told.returncode == 0 else ""


def _package(name: str) -> Part:
    query = ["dpkg-query", "-W", "-f", "${Version}\n", name]
    version = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()[0]
    text = Path("/usr/share/doc", name, "copyright").read_text(encoding="utf-8", errors="replace")
    return Part(name, version, _licences(text), (text,))


def _licences(text: str) -> str:
    """The licences that a copyright file names, if it is written for machines (DEP-5)."""
    named = re.findall(r"^License: *(\S[^\n]*)$", text, re.MULTILINE)
    return ", ".join(dict.fromkeys(named)) or "see the text"
