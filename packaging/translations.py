"""Brings the translations up to date: finds every word that is shown, hands them to Qt's own tools.

    python packaging/translations.py           update resources/translations/*.ts and compile them
    python packaging/translations.py --check   fail if something is not translated or not compiled

``shown_words`` says what is shown. It goes into one file of ``translate`` calls, which Qt's lupdate reads;
lrelease makes the files that the program loads. Lines that are put together below the window are listed in
composed.txt besides, for ``editor.ui.words.tr_composed``.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from shown_words import ROOT, words

FOLDER = ROOT / "resources" / "translations"
CONTEXT = "Lacuna"
COMPOSED = FOLDER / "composed.txt"
LANGUAGES = (FOLDER / "lacuna_zh_CN.ts",)

_PART = re.compile(r"\{\w*\}")
_MNEMONIC = re.compile(r"(?<!&)&(\w)")


def update() -> None:
    """Add what is new to the .ts files, drop what is gone, and compile them."""
    shown = words()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "words.py"
        lines = [f"QCoreApplication.translate({CONTEXT!r}, {_quoted(text)})" for text in shown]
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        files = [str(path) for path in LANGUAGES]
        # Without guesses: a word that looks like another is another.
        guesses = ("-disable-heuristic", "similartext", "-disable-heuristic", "sametext")
        _qt("lupdate", str(source), "-no-obsolete", "-locations", "none", *guesses, "-ts", *files)
    COMPOSED.write_text(_composed(shown), encoding="utf-8")
    for path in LANGUAGES:
        _compile(path, path.with_suffix(".qm"))


def _composed(shown: tuple[str, ...]) -> str:
    """The lines of composed.txt."""
    return "".join(f"{text}\n" for text in shown if "{0}" in text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _compile(path: Path, target: Path) -> None:
    _qt("lrelease", str(path), "-qm", str(target), "-nounfinished")


def _qt(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{tool}")
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{tool}: {done.stderr.strip() or done.stdout.strip()}")


def problems(path: Path) -> Iterator[str]:
    """What is wrong with a .ts file, a line each."""
    known = translations(path)
    shown = words()
    for text in shown:
        if not known.get(text):
            yield f"not translated: {text}"
    for text in known.keys() - set(shown):
        yield f"no longer in the program: {text}"
    for text, translated in known.items():
        if translated:
            yield from (f"{problem}: {text} -> {translated}" for problem in _mismatches(text, translated))
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "compiled.qm"
        _compile(path, compiled)
        kept = path.with_suffix(".qm")
        if not kept.exists() or kept.read_bytes() != compiled.read_bytes():
            yield f"{kept.name} is not what {path.name} gives"


def translations(path: Path) -> dict[str, str]:
    """A .ts file's texts and their translations; empty for one that is not finished."""
    known = {}
    for message in ET.parse(path).getroot().iter("message"):
        translation = message.find("translation")
        finished = translation is not None and translation.get("type") is None
        known[message.findtext("source")] = (translation.text or "") if finished else ""
    return known


def _mismatches(text: str, translated: str) -> Iterator[str]:
    """What a translation has lost, or has too much."""
    if Counter(_PART.findall(text)) != Counter(_PART.findall(translated)):
        yield "other parts"
    if [key.upper() for key in _MNEMONIC.findall(text)] != _MNEMONIC.findall(translated):
        yield "another mnemonic"
    if text.endswith("…") != translated.endswith("…"):
        yield "another ending"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail if something is missing")
    options = parser.parse_args()
    if not options.check:
        update()
    found = {path.name: list(problems(path)) for path in LANGUAGES}
    if COMPOSED.read_text(encoding="utf-8") != _composed(words()):
        found[COMPOSED.name] = ["not up to date"]
    for name, lines in found.items():
        print(f"{name}: {len(lines) or 'no'} problem{'s' if len(lines) != 1 else ''}")
        for line in lines:
            print(f"    {line}")
    return 1 if options.check and any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
