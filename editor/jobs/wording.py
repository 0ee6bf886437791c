"""From words as they are typed to those that a model reads: styles, choices and lists of words.

A style is a snippet that is added to what is typed; where it says ``{prompt}``, what is typed stands there.
``{red|green}`` is one of what is between the bars, and may lie in another; ``__name__`` is a line of the file
``name.txt`` in :func:`folder`. The seed says which, so that the same seed is the same words.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engines import store
from engines.base import EngineError

PROMPT = "{prompt}"  # in a style: where what is typed goes
_MOST = 200  # choices in one text; lists that name each other would never end
_LONGEST = 1 << 20  # bytes that are read of a list
_CHOICE = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}|__([A-Za-z0-9](?:[A-Za-z0-9 -]|_(?!_))*)__")


@dataclass(frozen=True)
class Style:
    """Words that are added to what is typed, and to what is not to be seen."""

    name: str = ""
    prompt: str = ""
    negative: str = ""

    def over(self, prompt: str, negative: str) -> tuple[str, str]:
        """Both, with the style's own."""
        return _with(self.prompt, prompt), _with(self.negative, negative)


NONE = Style()
BUILT_IN = (
    Style(
        "Photograph", "{prompt}, photograph, natural light, sharp focus", "painting, drawing, 3d render, text"
    ),
    Style("Film grain", "{prompt}, 35 mm film photograph, fine grain, muted colours", "digital"),
    Style("Studio product", "{prompt}, product photograph, soft box light, plain background", "clutter"),
    Style("Black and white", "{prompt}, black and white photograph, rich tones", "colour"),
    Style("Watercolour", "{prompt}, watercolour painting on rough paper, soft edges", "photograph"),
    Style("Oil painting", "{prompt}, oil painting, visible brush strokes, canvas", "photograph, 3d render"),
    Style("Pencil drawing", "{prompt}, pencil drawing, fine hatching, white paper", "photograph, colour"),
    Style("Flat illustration", "{prompt}, flat vector illustration, clean shapes", "photograph, noise"),
)


def styles(own: Mapping[str, object]) -> dict[str, Style]:
    """The built-in styles and the user's ``own`` by name, as :func:`kept` has them; one with the name of a
    built-in takes its place. What makes no sense is left out."""
    found = {style.name: style for style in BUILT_IN}
    for name, told in own.items():
        if name and isinstance(told, Mapping):
            words = told.get("prompt", ""), told.get("negative", "")
            if all(isinstance(each, str) for each in words):
                found[name] = Style(name, *words)
    return found


def kept(style: Style) -> dict[str, str]:
    """A style as it is kept in the settings, under its name."""
    return {"prompt": style.prompt, "negative": style.negative}


def folder() -> Path:
    """Where the user's lists of words are: ``name.txt``, one choice to a line; # begins a remark."""
    return store.packs_folder() / "wildcards"


def lists() -> list[str]:
    """The names of the user's lists."""
    there = folder()
    return sorted(each.stem for each in there.glob("*.txt")) if there.is_dir() else []


def resolve(text: str, seed: int, what: str = "prompt") -> str:
    """``text`` with every choice made, by the seed; ``what`` keeps the choices of two texts apart.

    Raises EngineError, in one line, for a list that is not there, is empty, or never ends.
    """
    made = 0
    while found := _CHOICE.search(text):
        if made == _MOST:
            raise EngineError(
                f"The words make more than {_MOST} choices. Do lists name each other in a circle?"
            )
        options = found[1].split("|") if found[1] is not None else _lines(found[2])
        chosen = options[_number(seed, what, made) % len(options)].strip()
        text = text[: found.start()] + chosen + text[found.end() :]
        made += 1
    return text


def _with(snippet: str, typed: str) -> str:
    if PROMPT not in snippet:
        return _joined((typed, snippet))
    whole = snippet.replace(PROMPT, typed)
    return whole if typed else _joined(whole.split(","))  # no comma is left where nothing is typed


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(each for each in (part.strip() for part in parts) if each)


def _number(seed: int, what: str, place: int) -> int:
    """The same on every machine and with every Python, which its own generators do not promise."""
    digest = hashlib.sha256(f"{seed} {what} {place}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _lines(name: str) -> list[str]:
    path = folder() / f"{name}.txt"
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST).decode("utf-8-sig", "replace")
    except OSError:
        raise EngineError(
            f'There is no list of words "{name}". Put a text file {path.name} into {path.parent}.'
        ) from None
    lines = [line.strip() for line in content.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise EngineError(f"The list of words {path} is empty. Write one choice to a line.")
    return lines
