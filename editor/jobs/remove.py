"""Remove what is masked: a document's mask to a request, its result to a new layer."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from editor.document import guide_geometry, guides
from editor.document.geometry import Rect
from editor.document.guide import LINE, Guide
from editor.document.history import AttributeSwap, Part, Several, TileSwap
from editor.document.layers import Layer, PixelLayer
from editor.document.model import Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage, TileKey, TileWriter
from engines import context, registry
from engines.base import Box, Patch, Region, RemoveRequest, RemoveResult
from engines.registry import DEFAULT_REMOVER

# How far, in pixels, a removal may change anything beyond the mask. Tests hold it to this.
MARGIN = 0


class NothingMasked(ValueError):
    """There is no masked pixel to remove; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("Nothing is masked yet. Brush over what should go, then press Enter.")


def is_masked(document: Document) -> bool:
    """Whether there is anything to remove."""
    return any(tile.any() for tile in document.selection.tiles.values())


def request(
    document: Document, *, engine: str = DEFAULT_REMOVER, seed: int = 0, grain: float = 1.0
) -> RemoveRequest:
    """Copy what the removal of the document's mask needs.

    Every pixel with a mask value above 0 is kept from the engine's eyes; how far it changes is the mask's
    value. Fully transparent pixels are not looked at either. A part follows the document's guides that are
    turned on and pass over it. Any thread may ask for that of a snapshot.
    Raises NothingMasked.
    """
    area = document.selection.bounds()
    if not area:
        raise NothingMasked
    values = document.selection.read(area)[..., 0]
    size = document.width, document.height
    parts = context.plan(values > 0, (area.x, area.y), size, context.factor_of(seed))
    found, lines = regions(document, parts)
    return RemoveRequest(engine, found, seed, lines, grain)


def regions(
    document: Document, parts: list[context.Part], *, hidden: bool = True
) -> tuple[tuple[Region, ...], tuple[np.ndarray, ...]]:
    """A copy of what an engine needs of each part, and the guides that pass over any, each once.

    What is masked is ``hidden`` from the engine's eyes, or shown to it as it is.
    """
    lines = guides.to_polylines(document)
    passing = [[line for line in lines if _passes(line, part)] for part in parts]
    followed = {id(line) for chosen in passing for line in chosen}
    found = tuple(
        _region(document, part, chosen, hidden) for part, chosen in zip(parts, passing, strict=True)
    )
    return found, tuple(line for line in lines if id(line) in followed)


def _passes(line: np.ndarray, part: context.Part) -> bool:
    """Whether a polyline (n, 2) passes over a pixel of the part."""
    corner, size = np.array([part.box.x, part.box.y]), np.array([part.box.width, part.box.height])
    for start, end in zip(line[:-1] - corner, line[1:] - corner, strict=True):
        enter, leave = 0.0, 1.0  # shares of the segment between which it is in the box
        for axis in (0, 1):
            way = end[axis] - start[axis]
            if abs(way) > 1e-9:
                ends = sorted(((0 - start[axis]) / way, (size[axis] - start[axis]) / way))
                enter, leave = max(enter, ends[0]), min(leave, ends[1])
            elif not 0 <= start[axis] < size[axis]:
                leave = -1.0
        if enter > leave:
            continue
        length = float(np.hypot(*(end - start))) * (leave - enter)
        share = np.linspace(enter, leave, int(2 * length) + 2)
        columns, rows = np.floor(start + share[:, None] * (end - start)).astype(int).T
        columns, rows = columns.clip(0, size[0] - 1), rows.clip(0, size[1] - 1)
        if part.inside[rows, columns].any():
            return True
    return False


def _region(document: Document, part: context.Part, lines: list[np.ndarray], hidden: bool) -> Region:
    around = Rect(part.context.x, part.context.y, part.context.width, part.context.height)
    pixels = document.composite(around)
    mask = document.selection.read(around)[..., 0]
    hole = pixels[..., 3] == 0
    if hidden:
        hole |= mask > 0
    target = np.zeros(mask.shape, np.float32)
    within = Box(part.box.x - around.x, part.box.y - around.y, part.box.width, part.box.height)
    target[within.slices] = mask[within.slices] * part.inside / np.float32(255)
    image = pixels[..., :3] * np.float32(1 / np.iinfo(pixels.dtype).max)
    corner = np.array([around.x, around.y])
    return Region(
        part.context, image, hole, target, tuple((line - corner).astype(np.float32) for line in lines)
    )


@dataclass(frozen=True)
class Fill:
    """A result as a document takes it."""

    image: TiledImage  # RGBA of the document's depth; clear wherever nothing was to change
    recipe: Recipe
    mask: TiledImage  # what was masked, as the request saw it


def fill(done: RemoveRequest, result: RemoveResult, dtype: np.dtype, *, grey: bool) -> Fill:
    """The pixels for a document of this depth, ``grey`` if it is. Looks at no document: for any thread."""
    lines = tuple(tuple(map(tuple, line.tolist())) for line in done.guides)
    recipe = Recipe(
        "remove", result.engine, result.weights_sha256, result.device, done.seed, lines, done.grain
    )
    return filled(done.regions, result.patches, recipe, dtype, grey=grey)


def filled(
    regions: tuple[Region, ...], patches: tuple[Patch, ...], recipe: Recipe, dtype: np.dtype, *, grey: bool
) -> Fill:
    """The patches that an engine made of regions, as a document of this depth takes them."""
    image, mask = TiledImage(4, dtype), TiledImage(1, np.uint8)
    writer = TileWriter(image)
    for patch in patches:
        area = Rect(patch.box.x, patch.box.y, patch.box.width, patch.box.height)
        pixels = image.read(area)
        new = _pixels(patch.rgb, patch.alpha, image.dtype, grey)
        changed = new[..., 3] > 0
        pixels[changed] = new[changed]
        writer.write(area, pixels)
    writer = TileWriter(mask)
    for region in regions:
        area = Rect(region.box.x, region.box.y, region.box.width, region.box.height)
        seen = np.rint(region.target * 255).astype(np.uint8)[..., None]
        writer.write(area, np.maximum(mask.read(area), seen))
    return Fill(image, recipe, mask)


@dataclass(frozen=True)
class Removal:
    """A fill by an engine that removes, before it is made."""

    engine: str = DEFAULT_REMOVER
    seed: int = 0
    grain: float = 1.0
    is_seen: ClassVar[bool] = False  # whether there is anything to look at while it is made
    needs_mask: ClassVar[bool] = True
    doing: ClassVar[str] = "Removing"  # English

    @property
    def made_with(self) -> str:
        return registry.spec(self.engine).title

    def seeded(self, seed: int) -> "Removal":
        """The same with another seed."""
        return replace(self, seed=seed)

    def request(self, document: Document) -> RemoveRequest:
        """As :func:`request`."""
        return request(document, engine=self.engine, seed=self.seed, grain=self.grain)

    def fill(self, done: RemoveRequest, result: RemoveResult, dtype: np.dtype, *, grey: bool) -> Fill:
        """As :func:`fill`."""
        return fill(done, result, dtype, grey=grey)


class NewLayer:
    """Where a fill goes: over the stack, as a layer called ``name``, by an edit called ``entry``."""

    def __init__(self, name: str = "Removed", entry: str = "Remove") -> None:
        self._name, self._entry = name, entry

    def source(self, document: Document) -> Document:
        """What the fill is made of."""
        return document

    def is_there(self, document: Document) -> bool:
        """Whether a fill can still go there."""
        return True

    def stack(self, document: Document, made: Fill) -> tuple[Layer, ...]:
        """The document's layers as they would be with the fill; nothing is changed."""
        return (*document.layers, _layer(made, self._name))

    def put(self, document: Document, made: Fill) -> PixelLayer:
        """Put the fill in, take what it was made for out of the mask, and the structure lines across it out
        of the guides: those that it follows, which its recipe has, and those turned off. One entry.

        Mask that was drawn while the engine ran stays.
        """
        layer = _layer(made, self._name)
        mask = TileSwap(document.selection, _mask_left(document.selection, made.mask), Part.SELECTION)
        edits = [document.stack_edit({document: (*document.layers, layer)}), mask]
        covered, gone = made.mask.bounds(), lines_of(document, made.recipe)
        gone += tuple(each for each in document.guides if each.kind == LINE and not each.enabled)
        gone = tuple(guide for guide in gone if guide_geometry.reaches(guide, covered))
        if gone:
            left = tuple(guide for guide in document.guides if guide not in gone)
            edits.append(AttributeSwap(document, "guides", left, parts=Part.GUIDES))
        document.edit(self._entry, Several(edits))
        return layer


def lines_of(document: Document, recipe: Recipe) -> tuple[Guide, ...]:
    """The document's structure lines that a fill follows."""
    followed = set(recipe.guides)
    return tuple(guide for guide in document.guides if guide.kind == LINE and guide.points in followed)


def _layer(made: Fill, name: str) -> PixelLayer:
    return PixelLayer(name, made.image, recipe=made.recipe)


def apply(document: Document, done: RemoveRequest, result: RemoveResult) -> PixelLayer:
    """Make a result a new layer of the document, as `NewLayer` does."""
    return NewLayer().put(document, fill(done, result, document.dtype, grey=document.grey))


def _pixels(rgb: np.ndarray, alpha: np.ndarray, dtype: np.dtype, grey: bool) -> np.ndarray:
    """(h, w, 4) of a depth; of one grey value each if ``grey``."""
    maximum = np.float32(np.iinfo(dtype).max)
    if grey:
        rgb = np.repeat(rgb @ np.array([[0.299], [0.587], [0.114]], np.float32), 3, axis=-1)
    out = np.concatenate([rgb, alpha[..., None]], axis=-1) * maximum
    return np.rint(out).clip(0, maximum).astype(dtype)


def _mask_left(mask: TiledImage, seen: TiledImage) -> dict[TileKey, np.ndarray | None]:
    """The tiles of the mask once every pixel that still is as it was seen is cleared."""
    tiles: dict[TileKey, np.ndarray | None] = {}
    for key, part in seen.tiles.items():
        now = mask.tiles.get(key)
        if now is None:
            continue
        if np.array_equal(now, part):  # as nearly always, and quickly told
            tiles[key] = None
            continue
        left = now.copy()
        left[(part > 0) & (now == part)] = 0
        tiles[key] = mask.kept(left)
    return tiles
