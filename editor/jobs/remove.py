"""Remove what is masked: a document's mask to a request, its result to a new layer."""

import numpy as np

from editor.document.geometry import Rect
from editor.document.history import Part, Several, TileSwap
from editor.document.layers import Layer, PixelLayer
from editor.document.model import Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage, TileWriter
from engines import context
from engines.base import Box, Region, RemoveRequest, RemoveResult
from engines.registry import DEFAULT_REMOVER

# How far, in pixels, a removal may change anything beyond the mask. Tests hold it to this.
MARGIN = 0


class NothingMasked(ValueError):
    """There is no masked pixel to remove; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("Nothing is masked yet. Brush over what should go, then press Enter.")


def request(document: Document, *, engine: str = DEFAULT_REMOVER, seed: int = 0) -> RemoveRequest:
    """Copy what the removal of the document's mask needs.

    Every pixel with a mask value above 0 is kept from the engine's eyes; how far it changes is the mask's
    value. Fully transparent pixels are not looked at either. Raises NothingMasked.
    """
    area = document.selection.bounds()
    if not area:
        raise NothingMasked
    values = document.selection.read(area)[..., 0]
    parts = context.plan(values > 0, (area.x, area.y), (document.width, document.height))
    return RemoveRequest(engine, tuple(_region(document, part) for part in parts), seed)


def _region(document: Document, part: context.Part) -> Region:
    around = Rect(part.context.x, part.context.y, part.context.width, part.context.height)
    pixels = document.composite(around)
    mask = document.selection.read(around)[..., 0]
    hole = (mask > 0) | (pixels[..., 3] == 0)
    target = np.zeros(mask.shape, np.float32)
    within = Box(part.box.x - around.x, part.box.y - around.y, part.box.width, part.box.height)
    target[within.slices] = mask[within.slices] * part.inside / np.float32(255)
    image = pixels[..., :3] * np.float32(1 / np.iinfo(pixels.dtype).max)
    return Region(part.context, image, hole, target)


def apply(document: Document, done: RemoveRequest, result: RemoveResult) -> Layer:
    """Put a result over the stack as the layer "Removed" and take its parts out of the mask: one entry.

    Mask that was drawn while the engine ran stays.
    """
    image = TiledImage(4, document.dtype)
    writer = TileWriter(image)
    for patch in result.patches:
        area = Rect(patch.box.x, patch.box.y, patch.box.width, patch.box.height)
        pixels = image.read(area)
        new = _pixels(patch.rgb, patch.alpha, document)
        changed = new[..., 3] > 0
        pixels[changed] = new[changed]
        writer.write(area, pixels)
    recipe = Recipe("remove", result.engine, result.weights_sha256, result.device, done.seed)
    layer = PixelLayer("Removed", image, recipe=recipe)
    mask = TileSwap(document.selection, _mask_left(document.selection, done), Part.SELECTION)
    document.edit("Remove", Several([document.stack_edit({document: (*document.layers, layer)}), mask]))
    return layer


def _pixels(rgb: np.ndarray, alpha: np.ndarray, document: Document) -> np.ndarray:
    """(h, w, 4) of the document's depth; grey if the document is."""
    maximum = np.float32(np.iinfo(document.dtype).max)
    if document.grey:
        rgb = np.repeat(rgb @ np.array([[0.299], [0.587], [0.114]], np.float32), 3, axis=-1)
    out = np.concatenate([rgb, alpha[..., None]], axis=-1) * maximum
    return np.rint(out).clip(0, maximum).astype(document.dtype)


def _mask_left(mask: TiledImage, done: RemoveRequest) -> dict[tuple[int, int], np.ndarray | None]:
    """The tiles of the mask once every pixel that still is as the request saw it is cleared."""
    rest = mask.snapshot()
    writer = TileWriter(rest)
    for region in done.regions:
        area = Rect(region.box.x, region.box.y, region.box.width, region.box.height)
        values = rest.read(area)
        seen = np.rint(region.target * 255).astype(np.uint8)[..., None]
        values[(seen > 0) & (values == seen)] = 0
        writer.write(area, values)
    return {key: rest.tiles.get(key) for key in writer.before}
