"""What Lacuna is made of, and under which licences: found out from what is installed. No Qt is needed."""

import json
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "resources"
PROGRAM = "lacuna"

_NOT_PARTS = ("test", "tools", "packaging")  # extras that only developers install
_TEXT_NAMES = re.compile(r"(licen[cs]e|copying|notice|thirdparty|third-party|3rd-party)", re.IGNORECASE)
_NO_TEXT = (".py", ".pyi", ".pyc", ".so", ".h", ".json", ".html")
_CLASSIFIER = "License :: OSI Approved :: "
_LICENCES = RESOURCES / "licences"
# Only in a bundle, written as it is built: Python and the system's libraries that it carries along.
BUNDLED = _LICENCES / "bundled.json"
# Some wheels name their licence and bring no text of it.
_TEXTS = {
    "LGPL-3.0": (_LICENCES / "LGPL-3.0.txt", _LICENCES / "GPL-3.0.txt"),
    "Apache": (ROOT / "LICENSE",),
}


@dataclass(frozen=True)
class Part:
    """``licence`` is an SPDX expression as far as the part gives one; ``texts`` are the words themselves."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]


def collect() -> list[Part]:
    """Lacuna itself first, then Python, the installed packages by name, the models and the pictures.

    In a bundle the system's libraries in it follow Python. Takes a fraction of a second, for it reads files.
    """
    return [_program(), *(_bundled() or [python()]), *_packages(), *_models(), _samples()]


def _program() -> Part:
    from editor.ui.app import installed_version

    text = _read(ROOT / "LICENSE")
    return Part("Lacuna", installed_version(), "Apache-2.0", (text,) if text else ())


def python() -> Part:
    """The Python that runs this. Its licence lies in its library, on Windows beside it."""
    library = Path(sysconfig.get_path("stdlib"))
    text = _read(library / "LICENSE.txt") or _read(library.parent / "LICENSE.txt")
    number = ".".join(map(str, sys.version_info[:3]))
    return Part("Python", number, "PSF-2.0", (text,) if text else ())


def _bundled() -> list[Part]:
    """What ``BUNDLED`` tells of; nothing where the program is no bundle."""
    if not BUNDLED.is_file():
        return []
    known = json.loads(BUNDLED.read_text(encoding="utf-8"))
    return [Part(part["name"], part["version"], part["licence"], tuple(part["texts"])) for part in known]


# --- Packages ---


def _packages() -> list[Part]:
    return [_package(each) for each in distributions()]


def distributions() -> list[metadata.Distribution]:
    """What Lacuna needs, and what that needs in turn, as far as it is installed, by name."""
    found: dict[str, metadata.Distribution] = {}
    wanted = list(_requirements())
    while wanted:
        name = wanted.pop()
        if name in found or name == PROGRAM:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system, or an extra that is not there
            continue
        wanted += _needed(found[name].requires or [])
    return [found[name] for name in sorted(found)]


def _requirements() -> Iterator[str]:
    """The names of what the program needs, its own extras included."""
    source = ROOT / "pyproject.toml"
    if source.is_file():  # a source tree: what was installed of it may be older
        project = tomllib.loads(source.read_text(encoding="utf-8"))["project"]
        lines = list(project["dependencies"])
        for extra, more in project["optional-dependencies"].items():
            lines += [f"{line} ; extra == '{extra}'" for line in more]
    else:
        lines = metadata.distribution(PROGRAM).requires or []
    yield from _needed(lines, extras=True)


def _needed(lines: list[str], *, extras: bool = False) -> Iterator[str]:
    """The names in requirements (PEP 508); those of extras only with ``extras``, never the developers'."""
    for line in lines:
        name = re.match(r"\s*([A-Za-z0-9._-]+)", line)
        extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)", line)
        if name and (extra is None or (extras and extra[1] not in _NOT_PARTS)):
            yield re.sub(r"[-_.]+", "-", name[1]).lower()


def _package(distribution: metadata.Distribution) -> Part:
    about = distribution.metadata
    licence = _licence(about)
    texts = tuple(dict.fromkeys(_own_texts(distribution)))
    if not texts:
        named = (paths for words, paths in _TEXTS.items() if words in licence)
        texts = tuple(_read(path) for paths in named for path in paths)
    return Part(about["Name"], distribution.version, licence, texts)


def _licence(about: metadata.PackageMetadata) -> str:
    """From the fields that packages have had for it over the years; the last ones are the least exact."""
    if expression := about.get("License-Expression"):
        return expression
    words = (about.get("License") or "").strip()
    if words and "\n" not in words and len(words) < 100:
        return words
    named = [each for each in about.get_all("Classifier") or () if each.startswith(_CLASSIFIER)]
    return ", ".join(each.removeprefix(_CLASSIFIER) for each in named) or words.partition("\n")[0]


def _own_texts(distribution: metadata.Distribution) -> Iterator[str]:
    for file in distribution.files or ():
        if _TEXT_NAMES.search(file.name) and file.suffix.lower() not in _NO_TEXT:
            text = _read(Path(distribution.locate_file(file)))
            if text:
                yield text


# --- What else there is ---


def _models() -> Iterator[Part]:
    """The weights that come with the program or were installed, each with its card."""
    from engines import store

    for entry in store.catalog().values():
        if not (entry.embedded or store.is_present(entry.id)):
            continue
        card = _read(RESOURCES / "models" / f"{entry.id}.md")
        title = card.partition("\n")[0].removeprefix("# ").partition(" (")[0]
        yield Part(title or entry.id, "", entry.licence, (card,) if card else ())


def _samples() -> Part:
    text = _read(RESOURCES / "samples" / "README.md")
    licence = "CC0-1.0" if "CC0 1.0" in text else ""
    return Part("Sample photograph", "", licence, (text,))


def _read(path: Path) -> str:
    """Empty if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
