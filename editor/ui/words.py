"""The words on the screen in the user's language."""

import re
from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

CONTEXT = "Lacuna"  # the one context of all translations
COMPOSED = Path(__file__).parents[2] / "resources" / "translations" / "composed.txt"

_PART = re.compile(r"\{(\d+)\}")
_NAME = re.compile(r"“\{(\d+)\}”|\{(\d+)\}: ")  # the user's own word for a layer or a file


def tr(text: str) -> str:
    """``text``, which is English, in the language that was chosen; as it is where nothing translates it."""
    return QCoreApplication.translate(CONTEXT, text) if text else text


def tr_composed(text: str) -> str:
    """The same for a line that was put together below the window, where no language is known.

    What exceptions say and edits are called may have a name or a number in it; the English pattern that the
    line was made by is found, and the parts are put into its translation.
    """
    whole = tr(text)
    if whole != text or tr("&File") == "&File":
        return whole  # found, or the language is English
    for pattern, expression, names in _patterns():
        found = expression.fullmatch(text)
        if found is not None and (translated := tr(pattern)) != pattern:
            # One message may quote another.
            parts = [
                part if place in names else tr_composed(part) for place, part in enumerate(found.groups())
            ]
            return _PART.sub(lambda mark, parts=parts: parts[int(mark[1])], translated)
    return text


def number(value: float, places: int = 0) -> str:
    """A number with as many decimal places, as it is written in the language that was chosen."""
    return QLocale().toString(float(value), "f", places)


@cache
def _patterns() -> list[tuple[str, re.Pattern, set[int]]]:
    """All composed lines, the ones with most words of their own first, as the most telling; each with the
    expression that finds it, and which of its parts are names."""
    lines = COMPOSED.read_text(encoding="utf-8").splitlines()
    lines.sort(key=lambda line: -len(_PART.sub("", line)))
    return [
        (line, _expression(line), {int(one or other) for one, other in _NAME.findall(line)}) for line in lines
    ]


def _expression(line: str) -> re.Pattern:
    between = _PART.split(line)[::2]  # without the numbers of the parts
    return re.compile("(.+?)".join(map(re.escape, between)))
