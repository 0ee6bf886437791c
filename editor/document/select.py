"""What can be done with a document's selection: each function is one undoable edit.

``how`` is "replace", "add", "subtract" or "intersect". What changes nothing makes no entry. Work is done
only where something may change, so that it takes no longer on a large picture. Whatever has a ``layer``
looks at that layer's own pixels, or at the whole picture where it is None. A shape with ``feather`` has
its edge softened as by `feather`, before it meets what is selected already.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np

from editor.document import masks, planes, selections
from editor.document.composite import composite
from editor.document.files import depth
from editor.document.geometry import NOWHERE, Rect
from editor.document.history import Part, TileSwap
from editor.document.layers import Group, Layer, PixelLayer
from editor.document.model import Document
from editor.document.progress import each, portion
from editor.document.tiles import TILE, TiledImage, TileKey

Parts = Iterable[tuple[Rect, np.ndarray]]  # areas that share no tile, and (h, w) uint8 of each

HOWS = ("replace", "add", "subtract", "intersect")
_FIRST_LOOK = 512  # pixels around a point that the wand looks at before it looks farther

_FULL = np.full((TILE, TILE, 1), 255, np.uint8)  # stands wherever all of a tile is selected
_FULL.flags.writeable = False
_EMPTY = np.zeros((TILE, TILE, 1), np.uint8)
_deselected: "WeakKeyDictionary[Document, TiledImage]" = WeakKeyDictionary()


# --- Shapes ---


def rectangle(
    document: Document,
    box: selections.Box,
    how: str = "replace",
    *,
    antialias: bool = True,
    feather: float = 0,
) -> None:
    """Select ``box``: left, top, width, height."""
    _shape(document, box, selections.rectangle, how, antialias, feather, "Rectangular selection")


def ellipse(
    document: Document,
    box: selections.Box,
    how: str = "replace",
    *,
    antialias: bool = True,
    feather: float = 0,
) -> None:
    """Select the ellipse that touches the sides of ``box``."""
    _shape(document, box, selections.ellipse, how, antialias, feather, "Elliptical selection")


def polygon(
    document: Document,
    points: Sequence[tuple[float, float]],
    how: str = "replace",
    *,
    antialias: bool = True,
    feather: float = 0,
    name: str = "Lasso selection",
) -> None:
    """Select a closed polygon, or the inside of a lasso."""
    corners = np.asarray(points, np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all():
        raise ValueError("the polygon has a point that is not finite")
    area = NOWHERE
    if len(corners):
        low, size = corners.min(axis=0), np.ptp(corners, axis=0)
        area = _around((*low, *size), feather).intersected(document.rect)
    inside = corners - (area.x, area.y)
    _apply(
        document,
        _softened(area, lambda: selections.polygon(area.height, area.width, inside, antialias), feather),
        how,
        name,
    )


def _shape(
    document: Document,
    box: selections.Box,
    make: Callable[..., np.ndarray],
    how: str,
    antialias: bool,
    feather: float,
    name: str,
) -> None:
    left, top, width, height = box
    if not all(map(math.isfinite, box)):
        raise ValueError("the box has a number that is not finite")
    area = _around(box, feather).intersected(document.rect)
    moved = left - area.x, top - area.y, width, height
    parts = _softened(area, lambda: make(area.height, area.width, moved, antialias), feather)
    _apply(document, parts, how, name)


def _around(box: Sequence[float], feather: float) -> Rect:
    """The whole pixels that a box touches, one more, and those that its softened edge reaches."""
    margin = _reach(4 * feather) + 1
    left, top = math.floor(box[0]) - margin, math.floor(box[1]) - margin
    right, bottom = math.ceil(box[0] + box[2]) + margin, math.ceil(box[1] + box[3]) + margin
    return Rect(left, top, max(right - left, 0), max(bottom - top, 0))


def _softened(area: Rect, make: Callable[[], np.ndarray], feather: float) -> Parts:
    """A shape that lies in ``area``, with a softened edge."""
    if not area:
        return []
    return [(area, selections.feather(make(), feather) if feather else make())]


# --- Everything, nothing ---


def everything(document: Document) -> None:
    """Select the whole canvas."""
    parts = ((area, np.full((area.height, area.width), 255, np.uint8)) for area in _tiles(document))
    _apply(document, parts, "replace", "Select all")


def nothing(document: Document) -> None:
    """Deselect."""
    if document.selection.tiles:
        _deselected[document] = document.selection.snapshot()
        document.edit("Deselect", masks.clear(document.selection))


def again(document: Document) -> None:
    """Select what was last deselected. Raises ValueError if nothing was."""
    if document not in _deselected:
        raise ValueError("Nothing was deselected yet.")
    from_plane(document, _deselected[document], "replace", "Reselect")


def invert(document: Document) -> None:
    """Select what is not selected; everything where nothing is."""
    document.edit("Invert selection", masks.invert(document.selection, document.rect))


# --- By colour ---


def wand(
    document: Document,
    point: tuple[int, int],
    tolerance: float,
    how: str = "replace",
    *,
    layer: Layer | None = None,
    contiguous: bool = True,
    antialias: bool = True,
) -> None:
    """Select what is coloured like the pixel at ``point`` (column, row); see ``selections.wand``."""
    part = coloured_like(document, partial(_pixels, document, layer), point, tolerance, contiguous, antialias)
    _apply(document, [part], how, "Magic wand")


def coloured_like(
    document: Document,
    read: Callable[[Rect], np.ndarray],
    point: tuple[int, int],
    tolerance: float,
    contiguous: bool,
    antialias: bool,
) -> tuple[Rect, np.ndarray]:
    """What `wand` would select among the pixels that ``read`` gives of an area, (h, w, 4) straight RGBA: the
    area that holds all of it, and (h, w) uint8. Raises ValueError for a point outside the picture."""
    x, y = point
    if not Rect(x, y, 1, 1).intersected(document.rect):
        raise ValueError(f"the point {x}, {y} lies outside the picture")

    def found(area: Rect) -> np.ndarray:
        with portion(0.7):
            pixels = read(area)
        return selections.wand(pixels, (x - area.x, y - area.y), tolerance, contiguous, antialias)

    start = Rect(x, y, 1, 1).grown(_FIRST_LOOK) if contiguous else document.rect
    return _spread(document, start, found)


def similar(
    document: Document,
    tolerance: float,
    *,
    layer: Layer | None = None,
    contiguous: bool = True,
    antialias: bool = True,
) -> None:
    """Take in what is coloured like the selection, next to it or (``contiguous`` False) anywhere."""
    bounds = document.selection.bounds()
    if not bounds:
        return

    def found(area: Rect) -> np.ndarray:
        selection = document.selection.read(area)[..., 0]
        with portion(0.7):
            pixels = _pixels(document, layer, area)
        return selections.similar(pixels, selection, tolerance, contiguous, antialias)

    start = bounds.grown(_FIRST_LOOK) if contiguous else document.rect
    name = "Grow selection by colour" if contiguous else "Select similar"
    _apply(document, [_spread(document, start, found)], "replace", name)


def _spread(document: Document, start: Rect, found: Callable[[Rect], np.ndarray]) -> tuple[Rect, np.ndarray]:
    """What ``found`` finds in an area that is made larger until nothing found reaches its sides."""
    area = start.intersected(document.rect)
    while True:
        with portion(0.9 * area.width * area.height / (document.width * document.height)):
            values = found(area)
        reached = values[:, 0].any(), values[0].any(), values[:, -1].any(), values[-1].any()
        more = max(area.width, area.height)
        left, top, right, bottom = (more if each else 0 for each in reached)
        wider = Rect(area.x - left, area.y - top, area.width + left + right, area.height + top + bottom)
        wider = wider.intersected(document.rect)
        if wider == area:
            return area, values
        area = wider


def colour_range(
    document: Document,
    colours: Sequence[Sequence[int]],
    fuzziness: float,
    how: str = "replace",
    *,
    layer: Layer | None = None,
) -> None:
    """Select by nearness to ``colours``, RGB in the document's depth; see ``selections.colour_range``."""
    parts = _by_pixels(
        document, layer, how, lambda pixels: selections.colour_range(pixels, colours, fuzziness)
    )
    _apply(document, parts, how, "Colour range")


def tonal_range(document: Document, tone: str, how: str = "replace", *, layer: Layer | None = None) -> None:
    """Select "shadows", "midtones" or "highlights"; see ``selections.tonal_range``."""
    parts = _by_pixels(document, layer, how, lambda pixels: selections.tonal_range(pixels, tone))
    _apply(document, parts, how, f"Select {tone}")


def from_alpha(document: Document, layer: PixelLayer | Group, how: str = "replace") -> None:
    """Select what a layer or group covers by itself, its mask and opacity apart."""

    def alpha(pixels: np.ndarray) -> np.ndarray:
        values = pixels[..., 3]
        return values if values.dtype == np.uint8 else depth.from_16_bits(values, 8)

    _apply(document, _by_pixels(document, layer, how, alpha), how, "Selection from layer")


def from_mask(document: Document, layer: Layer, how: str = "replace") -> None:
    """Select what a layer's mask shows. Raises ValueError if it has none."""
    if layer.mask is None:
        raise ValueError(f"The layer “{layer.name}” has no mask.")
    from_plane(document, layer.mask.image, how, "Selection from mask")


def from_plane(document: Document, plane: TiledImage, how: str, name: str) -> None:
    """Select what a plane has on the canvas: one channel, uint8, as a mask's and a saved selection's."""
    _apply(document, _of_plane(document, plane), how, name)


def values(document: Document, area: Rect, found: np.ndarray, how: str, name: str) -> None:
    """Select what was found by other means: (h, w) uint8 within ``area``, nothing elsewhere."""
    _apply(document, [(area, found)], how, name)


def _by_pixels(
    document: Document, layer: Layer | None, how: str, membership: Callable[[np.ndarray], np.ndarray]
) -> Parts:
    """A selection that each pixel decides by itself, in strips, and only where it can matter."""
    area = document.rect
    if how in ("subtract", "intersect"):
        area = document.selection.filled().intersected(area)
    rows = 4 * TILE
    for top in each(range(area.y // TILE * TILE, area.bottom, rows)):
        strip = Rect(area.x, top, area.width, rows).intersected(area)
        if strip:
            yield strip, membership(_pixels(document, layer, strip))


def _pixels(document: Document, layer: Layer | None, area: Rect) -> np.ndarray:
    """(h, w, 4) of a layer's own pixels, a group's or the picture's."""
    if layer is None:
        return document.composite(area)
    if isinstance(layer, Group):
        return composite(layer.children, area, document.dtype)
    if isinstance(layer, PixelLayer):
        return layer.image.read(area)
    raise ValueError(f"The layer “{layer.name}” has no pixels of its own.")


# --- The edge ---


def grow(document: Document, radius: float) -> None:
    """Move the edge outwards by ``radius`` pixels."""
    _modify(document, radius, lambda values: selections.grow(values, radius), "Grow selection")


def shrink(document: Document, radius: float, *, from_bounds: bool = False) -> None:
    """Move the edge inwards by ``radius`` pixels, at the canvas's sides too if ``from_bounds``."""
    _modify(document, 0, lambda values: selections.shrink(values, radius, from_bounds), "Shrink selection")


def border(document: Document, width: float) -> None:
    """Select a band along the edge, ``width`` pixels wide."""
    _modify(document, width / 2, lambda values: selections.border(values, width), "Border of selection")


def feather(document: Document, radius: float) -> None:
    """Soften the edge with a Gaussian of ``radius`` pixels."""
    _modify(document, 4 * radius, lambda values: selections.feather(values, radius), "Feather selection")


def smooth(document: Document, radius: int) -> None:
    """Round off what is narrower than ``radius`` pixels."""
    _modify(document, radius, lambda values: selections.smooth(values, radius), "Smooth selection")


def _modify(document: Document, reach: float, change: Callable[[np.ndarray], np.ndarray], name: str) -> None:
    """Put ``change`` of the selection in its place; it may matter ``reach`` pixels beyond the selection."""
    bounds = document.selection.bounds()
    if not bounds:
        return
    area = bounds.grown(_reach(reach) + 2).intersected(document.rect)
    with portion(0.9):
        values = change(document.selection.read(area)[..., 0])
    _apply(document, [(area, values)], "replace", name)


def _reach(distance: float) -> int:
    if not (math.isfinite(distance) and distance >= 0):
        raise ValueError(f"a selection cannot be changed by {distance} pixels")
    return math.ceil(distance)


def move(document: Document, dx: int, dy: int) -> None:
    """Move the edge, and leave the pixels where they are. What leaves the canvas is not selected any more."""
    if (dx, dy) == (0, 0):
        return
    moved = planes.clipped(planes.moved(document.selection, dx, dy), document.rect)
    _apply(document, _of_plane(document, moved), "replace", "Move selection")


# --- How ---


def _tiles(document: Document) -> Iterator[Rect]:
    for _, box in each(TiledImage.boxes(document.rect)):
        yield box.intersected(document.rect)


def _of_plane(document: Document, plane: TiledImage) -> Parts:
    for area in _tiles(document):
        values = plane.peek(area)
        if values is None and plane.default:
            values = plane.read(area)
        if values is not None:
            yield area, values[..., 0]


def _apply(document: Document, parts: Parts, how: str, name: str) -> None:
    """Combine the selection with ``parts``; what lies in none of them is not selected."""
    if how not in HOWS:
        raise ValueError(f"no way to combine selections is called {how!r}")
    plane = document.selection
    tiles: dict[TileKey, np.ndarray | None] = {}
    if how in ("replace", "intersect"):
        tiles = dict.fromkeys(plane.tiles)
    for area, values in parts:
        for key, box in each(plane.boxes(area)):
            shared = box.intersected(area)
            inside = shared.moved(-area.x, -area.y).slices
            part = np.zeros_like(_EMPTY)
            part[shared.moved(-box.x, -box.y).slices] = values[inside][..., None]
            old = plane.tiles.get(key)
            new = selections.combine(_EMPTY if old is None else old, part, how)
            if np.array_equal(new, _EMPTY if old is None else old):
                tiles.pop(key, None)
            else:
                tiles[key] = _FULL if new.min() == 255 else plane.kept(new)
    if tiles:
        document.edit(name, TileSwap(plane, tiles, Part.SELECTION))
