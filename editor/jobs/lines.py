"""Find structure lines: a document's mask to a request, its result to guides of the document."""

import math
from collections.abc import Iterable

import numpy as np

from editor.document import guides
from editor.document.guide import LINE, Guide
from editor.document.guide_geometry import distance
from editor.document.model import Document
from editor.jobs import remove
from engines.lines.results import LinesRequest, LinesResult

NAME = "Find lines"

# How near a line that is there already says the same.
_NEAR = 2.0  # pixels
_ALIKE = math.cos(math.radians(1.0))


def request(document: Document) -> LinesRequest:
    """Copy what the search around the document's mask needs: what a removal looks at.

    Any thread may ask for that of a snapshot. Raises remove.NothingMasked.
    """
    return LinesRequest(remove.request(document).regions)


def found(result: LinesResult) -> tuple[Guide, ...]:
    """The lines through the holes as guides, the likeliest first; those not to be followed turned off.

    Looks at no document: for any thread.
    """
    return tuple(
        Guide(LINE, tuple(map(tuple, line.points.tolist())), enabled=line.enabled)
        for line in result.completed
    )


def apply(document: Document, result: LinesResult) -> tuple[Guide, ...]:
    """Put the lines over the document's picture as one entry; returns those that were not there before.

    Without any there is no entry. Raises ValueError, in one line, for more than a picture may have.
    """
    there = [guide for guide in document.guides if guide.kind == LINE]
    new: list[Guide] = []
    for line in found(result):
        if not _is_there(line, [*there, *new]):
            new.append(line)
    guides.add(document, *new, name=NAME)
    return tuple(new)


def _is_there(line: Guide, others: Iterable[Guide]) -> bool:
    """Whether one of the others runs along the whole of the line."""
    return any(
        abs(float(_way(line) @ _way(other))) >= _ALIKE
        and all(distance(other, end) <= _NEAR for end in line.points)
        for other in others
    )


def _way(line: Guide) -> np.ndarray:
    start, end = line.array
    return (end - start) / max(line.length, 1e-9)
