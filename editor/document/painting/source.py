"""What a stroke copies from: layers as they were when it began."""

from collections.abc import Iterator, Sequence

import numpy as np

from editor.document.composite import composite
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, Layer, walk
from editor.document.model import Document
from editor.document.tiles import TiledImage

SAMPLES = ("layer", "below", "all")
_BLOCK = 64  # pixels: a stroke moves on by less than a tile, and what it needs is composed once


class Source:
    """A layer's own pixels ("layer") or (``on_mask``) its mask, what it shows with everything below it
    ("below"), or the picture ("all"); adjustment layers may be left out, which would otherwise hold twice
    for what is copied.

    Later edits of the document change nothing of it, and it may be read in any thread, one at a time.
    """

    def __init__(
        self,
        document: Document,
        layer: Layer,
        sample: str,
        *,
        ignore_adjustments: bool = False,
        on_mask: bool = False,
    ) -> None:
        if sample not in SAMPLES:
            raise ValueError(f"no way to sample is called {sample!r}")
        self._plane: TiledImage | None = None
        self._layers: list[Layer] = []
        if on_mask:
            self._plane = layer.mask.image.snapshot()
        elif sample == "layer":
            self._plane = layer.image.snapshot()
        else:
            path = (*document.groups_around(layer), layer) if sample == "below" else ()
            self._layers = _taken(document.layers, path)
        for each in walk(self._layers):
            if ignore_adjustments and isinstance(each, AdjustmentLayer):
                each.visible = False
        self._dtype = document.dtype
        self._composed: dict[tuple[int, int], np.ndarray] = {}

    def prepare(self, area: Rect) -> None:
        """Compose what ``area`` lacks, in few pieces: each takes some time however small it is."""
        if self._plane is not None:
            return
        missing = [place for place in _blocks(area) if place not in self._composed]
        for whole in _rectangles(missing):
            pixels = composite(self._layers, whole, self._dtype)
            for place in _blocks(whole):
                self._composed[place] = pixels[_box(*place).moved(-whole.x, -whole.y).slices]

    def read(self, area: Rect) -> np.ndarray:
        """``area`` as (height, width, 4) straight RGBA of the document's depth, or (height, width, 1) of a
        mask."""
        if self._plane is not None:
            return self._plane.read(area)
        self.prepare(area)
        out = np.empty((area.height, area.width, 4), self._dtype)
        for place in _blocks(area):
            box = _box(*place)
            shared = box.intersected(area)
            inside = shared.moved(-box.x, -box.y).slices
            out[shared.moved(-area.x, -area.y).slices] = self._composed[place][inside]
        return out


def _blocks(area: Rect) -> Iterator[tuple[int, int]]:
    """Row and column of each block that ``area`` touches."""
    for row in range(area.y // _BLOCK, (area.bottom - 1) // _BLOCK + 1):
        for column in range(area.x // _BLOCK, (area.right - 1) // _BLOCK + 1):
            yield row, column


def _rectangles(places: list[tuple[int, int]]) -> list[Rect]:
    """Few rectangles that hold just these blocks, given row by row: a brush that moves on lacks an L."""
    made: list[Rect] = []
    for place in places:
        box = _box(*place)
        if made and made[-1].y == box.y and made[-1].right == box.x:
            made[-1] = made[-1].united(box)
        else:
            made.append(box)
    joined: dict[tuple[int, int], Rect] = {}
    done = []
    for run in made:
        above = joined.get((run.x, run.width))
        if above is not None and above.bottom == run.y:
            run = above.united(run)
        elif above is not None:
            done.append(above)
        joined[run.x, run.width] = run
    return [*done, *joined.values()]


def _box(row: int, column: int) -> Rect:
    return Rect(column * _BLOCK, row * _BLOCK, _BLOCK, _BLOCK)


def _taken(layers: Sequence[Layer], path: Sequence[Layer]) -> list[Layer]:
    """``layers`` as they are now. ``path`` leads to one of them through the groups around it: what lies over
    that is left out, in the groups too; where it is empty, all is taken."""
    taken: list[Layer] = []
    for each in layers:
        taken.append(each.snapshot())
        if path and each is path[0]:
            if isinstance(each, Group) and len(path) > 1:
                taken[-1].children = tuple(_taken(each.children, path[1:]))
            break
    return taken
