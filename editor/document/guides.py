"""The guides of a document: each edit is one undoable entry, and one that changes nothing makes none.

Structure lines and sketch ink show over the picture and are never part of its pixels. ``snapping`` has what
helps to place lines, ``guide`` what one guide is. All raise ValueError, in one line, for a guide that is not
in the picture and for more than a picture may have.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace as changed

import numpy as np

from editor.document.geometry import NOWHERE, Rect
from editor.document.guide import INK, LINE, Guide, Point, check_count
from editor.document.guide_geometry import cut, distance
from editor.document.history import AttributeSwap, Part
from editor.document.model import Document

_ADDED = {LINE: "Structure line", INK: "Sketch"}
_REPLACED = {LINE: "Move line", INK: "Change sketch"}
_SWITCHED = {
    (LINE, True): "Turn line on",
    (LINE, False): "Turn line off",
    (INK, True): "Turn sketch on",
    (INK, False): "Turn sketch off",
}
_DELETED = {LINE: "Delete line", INK: "Delete sketch line"}
_CLEARED = {LINE: "Clear lines", INK: "Clear sketch", None: "Clear guides"}


def add(document: Document, *guides: Guide, name: str | None = None) -> None:
    """Put guides above the others, as one entry, called ``name`` or after what they are."""
    if guides:
        name = name or (_ADDED[guides[0].kind] if len(guides) == 1 else "Add lines")
        _set(document, (*document.guides, *guides), name, guides)


def replace(document: Document, old: Guide, new: Guide) -> None:
    """Put ``new`` in the place of ``old``: a handle that was moved, a guide turned on or off."""
    place = _place(document.guides, old)
    if new == changed(old, enabled=new.enabled):
        name = _SWITCHED[new.kind, new.enabled]
    else:
        name = _REPLACED[new.kind]
    guides = (*document.guides[:place], new, *document.guides[place + 1 :])
    _set(document, guides, name, (old, new))


def delete(document: Document, guides: Iterable[Guide]) -> None:
    """Take guides out, as one entry."""
    gone, kept = tuple(guides), list(document.guides)
    for guide in gone:
        del kept[_place(kept, guide)]
    if gone:
        _set(document, tuple(kept), _DELETED[gone[0].kind] if len(gone) == 1 else "Delete lines", gone)


def clear(document: Document, kind: str | None = None) -> None:
    """Take out all guides, or all of one kind."""
    gone = [guide for guide in document.guides if kind in (None, guide.kind)]
    kept = tuple(guide for guide in document.guides if kind not in (None, guide.kind))
    _set(document, kept, _CLEARED[kind], gone)


class Eraser:
    """One drag of an eraser of ``radius`` pixels over the guides, which show at once what it leaves.

    Ink is cut where it passes, lines that it touches go as a whole. Until ``commit`` or ``roll_back`` the
    document has no entry of it, and must not be edited otherwise.
    """

    def __init__(self, document: Document, radius: float) -> None:
        self.document, self.radius = document, radius
        self._before = document.guides
        self._last: Point | None = None
        self._area = NOWHERE

    def line_to(self, x: float, y: float) -> None:
        """Erase from the last place to (x, y); at the first, there only."""
        guides: list[Guide] = []
        area = NOWHERE
        for guide in self.document.guides:
            left = cut(guide, self._last or (x, y), (x, y), self.radius)
            if left is None:
                guides.append(guide)
            else:
                guides += left
                area = area.united(guide.bounds)
        check_count(guides)
        self._last = x, y
        self._show(tuple(guides), area)

    def commit(self, name: str = "Erase sketch") -> None:
        """Record what has gone as one entry; where nothing has, there is none."""
        if self.document.guides is not self._before:
            edit = AttributeSwap(
                self.document, "guides", self._before, parts=Part.GUIDES, area=self._area
            )  # the new state is in place already
            self.document.record(name, edit)
            self._before = self.document.guides

    def roll_back(self) -> None:
        """Leave everything as it was."""
        self._show(self._before, self._area)

    def _show(self, guides: tuple[Guide, ...], area: Rect) -> None:
        if area:
            self.document.guides = guides
            self._area = self._area.united(area)
            self.document.notify(area, Part.GUIDES)


def erase(document: Document, path: Sequence[Point], radius: float) -> None:
    """Erase along ``path`` as :class:`Eraser` does, as one entry."""
    eraser = Eraser(document, radius)
    try:
        for x, y in path:
            eraser.line_to(x, y)
    except ValueError:
        eraser.roll_back()
        raise
    eraser.commit()


def nearest(document: Document, x: float, y: float, within: float) -> tuple[Guide, int | None] | None:
    """The guide at most ``within`` pixels from (x, y), on or off: with 0 or 1 for that handle of a line,
    which wins over every body, else with None. Of several it is the nearest, and of these the uppermost.
    """
    found, best = None, (True, math.inf)
    for guide in reversed(document.guides):
        candidates: list[tuple[bool, float, int | None]] = [(True, distance(guide, (x, y)), None)]
        if guide.kind == LINE:
            ends = enumerate(guide.points)
            candidates += [(False, math.dist(end, (x, y)), place) for place, end in ends]
        for is_body, off, handle in candidates:
            if off <= within and (is_body, off) < best:
                found, best = (guide, handle), (is_body, off)
    return found


def to_lines(document: Document) -> np.ndarray:
    """The structure lines that engines are to follow: (n, 4) float64 x0, y0, x1, y1 in pixels of the picture,
    without those turned off and those shorter than a pixel."""
    lines = [
        guide.array.ravel()
        for guide in document.guides
        if guide.kind == LINE and guide.enabled and guide.length >= 1
    ]
    return np.array(lines, np.float64).reshape(-1, 4)


def to_polylines(document: Document) -> tuple[np.ndarray, ...]:
    """What engines are to follow, structure lines and sketch ink alike: each (n, 2) float64 of x, y in pixels
    of the picture, n >= 2, without those turned off and those shorter than a pixel."""
    return tuple(guide.array for guide in document.guides if guide.enabled and guide.length >= 1)


def _place(guides: Sequence[Guide], guide: Guide) -> int:
    try:
        return guides.index(guide)
    except ValueError:
        raise ValueError("This guide is not in this picture.") from None


def _set(document: Document, guides: tuple[Guide, ...], name: str, touched: Iterable[Guide]) -> None:
    if guides == document.guides:
        return
    check_count(guides)
    area = NOWHERE
    for guide in touched:
        area = area.united(guide.bounds)
    document.edit(name, AttributeSwap(document, "guides", guides, parts=Part.GUIDES, area=area))
