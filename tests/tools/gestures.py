"""What the tests of tools share: a bench, drags and clicks, and what came of them."""

import numpy as np

from editor.document.model import Document
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench


def make_bench() -> Bench:
    return Bench(lambda words, level: None)


def drag(tool: Tool, document: Document, *points: tuple[float, float], **how) -> None:
    """Press at the first point and let go at the last, ``how`` being what else a Pointer has."""
    press(tool, document, *points, **how)
    tool.release(document, Pointer(*points[-1], **how))


def press(tool: Tool, document: Document, *points: tuple[float, float], **how) -> None:
    """The same without letting go."""
    tool.press(document, Pointer(*points[0], **how))
    for point in points[1:]:
        tool.move(document, Pointer(*point, **how))


def clicks(tool: Tool, document: Document, *points: tuple[float, float], **how) -> None:
    for point in points:
        drag(tool, document, point, **how)


def mask(document: Document) -> np.ndarray:
    """(height, width) uint8: what is selected."""
    return document.selection.read(document.rect)[..., 0]


def bounds(document: Document) -> tuple[int, int, int, int]:
    """Left, top, width, height of what is selected."""
    return tuple(document.selection.bounds())


def names(document: Document) -> list[str]:
    """Of the entries of the history."""
    return [entry.name for entry in document.history.entries]
