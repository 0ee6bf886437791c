"""Edits of pixels: brush strokes, filling, clearing, copying. Each is one entry of the history.

All of them work within the canvas and honour the selection, in part where it is soft, and the layer's locks:
with ``Lock.PIXELS`` or ``Lock.ALL`` they raise Locked, with ``Lock.ALPHA`` they leave alpha as it is. Nothing
selected is no restriction. Painting is W3C's "source-over" (https://www.w3.org/TR/compositing-1/, 5.1) of a
colour whose alpha is the brush's coverage. A pixel that ends up fully transparent is 0 in all channels.

Colours are red, green and blue, 0..1, in the document's own space; a mask takes their luminosity.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from editor.document import stack
from editor.document.files import depth
from editor.document.geometry import NOWHERE, Rect
from editor.document.history import Part, TileSwap
from editor.document.layers import Layer, Lock, PixelLayer
from editor.document.model import Document, Locked
from editor.document.tiles import TILE, TiledImage, TileKey, TileWriter

Colour = tuple[float, float, float]

SPACING = 0.1  # of the diameter: how far apart a stroke's dabs are
LEAST_PRESSURE = 0.15  # a feather touch of the pen still draws
_LUMINOSITY = (0.3, 0.59, 0.11)  # W3C compositing, 10.3
_WHOLE = (slice(0, TILE), slice(0, TILE))


class Stroke:
    """One stroke of a brush on a layer's pixels or (``on_mask``) its mask.

    ``size`` is the diameter in pixels at full pressure, ``hardness`` 1 gives an edge one pixel soft and 0 a
    falloff over the whole radius. ``flow`` is what one dab puts down, ``opacity`` the most that the whole
    stroke does, however often it crosses itself. Painting starts with ``dab`` or ``line_to`` and ends with
    ``commit`` or ``roll_back``; until then the document must not be edited otherwise.
    """

    def __init__(
        self,
        document: Document,
        layer: Layer,
        colour: Colour = (0, 0, 0),
        size: float = 20,
        *,
        hardness: float = 1,
        opacity: float = 1,
        flow: float = 1,
        erase: bool = False,
        on_mask: bool = False,
    ) -> None:
        self._target = _Target(document, layer, colour, erase=erase, on_mask=on_mask)
        self._writer = TileWriter(self._target.image)
        self._coverage: dict[TileKey, np.ndarray] = {}  # of the whole stroke, (TILE, TILE) float32, 0..1
        self._last: tuple[float, float, float] | None = None
        self._left_over = 0.0  # of the way to the next dab
        self.document = document
        self.size = size
        self.hardness, self.opacity, self.flow = (min(max(x, 0), 1) for x in (hardness, opacity, flow))

    def dab(self, x: float, y: float, pressure: float = 1) -> None:
        """Put the brush down once, with its centre at (``x``, ``y``)."""
        self._last, self._left_over = (x, y, pressure), 0.0
        self._tell(self._dab(x, y, pressure))

    def line_to(self, x: float, y: float, pressure: float = 1) -> None:
        """Draw from the last place to (``x``, ``y``); the first time, put the brush down there."""
        if self._last is None:
            self.dab(x, y, pressure)
            return
        start_x, start_y, start_pressure = self._last
        length = math.hypot(x - start_x, y - start_y)

        def at(distance: float) -> tuple[float, float, float]:
            part = max(distance, 0) / length if length else 0
            return (
                start_x + (x - start_x) * part,
                start_y + (y - start_y) * part,
                start_pressure + (pressure - start_pressure) * part,
            )

        area, travelled = NOWHERE, -self._left_over
        while (following := travelled + self._spacing(at(travelled)[2])) <= length:
            travelled = following
            area = area.united(self._dab(*at(travelled)))
        self._last, self._left_over = (x, y, pressure), length - travelled
        self._tell(area)

    def commit(self, name: str | None = None) -> None:
        """Record the stroke as the entry ``name``; one that changed nothing makes no entry."""
        image, tiles = self._target.image, {}
        for key, before in self._writer.before.items():
            now = image.tiles.get(key)
            if now is not None and (now := image.kept(now)) is None:
                del image.tiles[key]
            if not _same(before, now):
                tiles[key] = before
        self._writer.before = {}
        if tiles:
            name = name or ("Eraser" if self._target.erase else "Brush")
            self.document.record(name, TileSwap(image, tiles, Part.PIXELS))

    def roll_back(self) -> None:
        """Leave everything as it was."""
        area = TileSwap(self._target.image, self._writer.before, Part.PIXELS).area
        self._writer.roll_back()
        self._tell(area)

    def _radius(self, pressure: float) -> float:
        return max(self.size / 2 * max(min(pressure, 1), LEAST_PRESSURE), 0.5)

    def _spacing(self, pressure: float) -> float:
        return max(2 * self._radius(pressure) * SPACING, 0.5)

    def _tell(self, area: Rect) -> None:
        if area:
            self.document.notify(area, Part.PIXELS)

    def _dab(self, x: float, y: float, pressure: float) -> Rect:
        # Quarters of a pixel are finer than one can see, and dabs that are alike are made only once.
        left, top = math.floor(x * 4), math.floor(y * 4)
        radius = round(self._radius(pressure) * 4) / 4
        shape = _dab(radius, round(self.hardness, 2), (left % 4) / 4, (top % 4) / 4)
        half = shape.shape[0] // 2
        area = Rect(left // 4 - half, top // 4 - half, *shape.shape)
        touched = area.intersected(self.document.rect)
        for key, box in self._writer.image.boxes(touched):
            shared = box.intersected(touched)
            dab = shape[shared.moved(-area.x, -area.y).slices]
            inside = shared.moved(-box.x, -box.y).slices
            now = self._writer.image.tiles.get(key)
            before = self._writer.before.get(key, now)
            if not dab.any() or self._target.spares(key, before):
                continue
            coverage = self._coverage.get(key)
            if coverage is None:
                coverage = self._coverage[key] = np.zeros((TILE, TILE), np.float32)
            covered = coverage[inside]
            more = 1 - covered
            more *= dab
            if self.flow < 1:
                more *= np.float32(self.flow)
            covered += more
            painted = self._target.painted(key, before, covered * np.float32(self.opacity), inside)
            tile = self._target.blank() if now is None else now.copy()
            tile[inside] = painted
            tile.flags.writeable = False
            self._writer.replace(key, tile)
        return touched


def fill(
    document: Document, layer: Layer, colour: Colour, *, opacity: float = 1, on_mask: bool = False
) -> None:
    """Fill the selection, or the canvas, with a colour."""
    _everywhere(_Target(document, layer, colour, on_mask=on_mask), document.rect, opacity, "Fill")


def clear(document: Document, layer: PixelLayer, name: str = "Clear") -> None:
    """Make transparent what is selected, or the whole layer, beyond the canvas too."""
    target = _Target(document, layer, (0, 0, 0), erase=True)
    area = document.rect if document.selection.tiles else layer.image.filled()
    _everywhere(target, area, 1, name)


def copy(document: Document, layer: PixelLayer | None = None) -> tuple[np.ndarray, int, int] | None:
    """What is selected, or all there is, of a layer's pixels or (None) of the whole picture.

    Returns straight RGBA (h, w, 4) in the document's depth and the x and y of its corner; None if there is
    nothing.
    """
    selection = document.selection
    area = (selection.bounds() if selection.tiles else document.rect).intersected(document.rect)
    if layer is not None:
        area = area.intersected(layer.image.bounds())
    if not area:
        return None
    pixels = document.composite(area) if layer is None else layer.image.read(area)
    if selection.tiles:
        alpha = pixels[..., 3] * (selection.read(area)[..., 0] / np.float32(255))
        pixels[..., 3] = np.rint(alpha)
    pixels[pixels[..., 3] == 0] = 0
    return pixels, area.x, area.y


def paste(
    document: Document,
    pixels: np.ndarray,
    x: int,
    y: int,
    *,
    above: Layer | None = None,
    name: str = "Pasted",
) -> PixelLayer:
    """A new layer with ``pixels``, straight RGBA (h, w, 4) of 8 or 16 bits, whose corner is at (x, y)."""
    if pixels.ndim != 3 or pixels.shape[2] != 4 or not pixels.size:
        raise ValueError(f"pixels of the shape {pixels.shape} cannot be pasted")
    if pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"pixels of the type {pixels.dtype} cannot be pasted")
    if pixels.dtype != document.dtype:
        pixels = (depth.to_16_bits if document.bits == 16 else depth.from_16_bits)(pixels, 8)
    writer = TileWriter(TiledImage(4, document.dtype))
    writer.write(Rect(x, y, pixels.shape[1], pixels.shape[0]), pixels)
    layer = PixelLayer(name, writer.image)
    stack.add(document, layer, above=above, name="Paste")
    return layer


def _everywhere(target: "_Target", area: Rect, opacity: float, name: str) -> None:
    tiles: dict[TileKey, np.ndarray | None] = {}
    throughout: list[np.ndarray | None] = []  # what stands wherever a tile is filled throughout, once known
    for key, box in target.image.boxes(area):
        before = target.image.tiles.get(key)
        if target.spares(key, before):
            continue
        inside = box.intersected(area).moved(-box.x, -box.y).slices
        is_uniform = inside == _WHOLE and opacity == 1 and target.fills(key)
        if is_uniform and throughout:
            kept = throughout[0]
        else:
            tile = target.blank() if before is None else before.copy()
            strength = np.full((TILE, TILE), opacity, np.float32)[inside]
            tile[inside] = target.painted(key, before, strength, inside)
            kept = target.image.kept(tile)
            if is_uniform:
                throughout.append(kept)
        if not _same(before, kept):
            tiles[key] = kept
    if tiles:
        target.document.edit(name, TileSwap(target.image, tiles, Part.PIXELS))


class _Target:
    """The plane that is painted on, and how: the colour, the locks, the selection as it is now."""

    def __init__(
        self, document: Document, layer: Layer, colour: Colour, *, erase: bool = False, on_mask: bool = False
    ) -> None:
        document.container(layer)
        self.document, self.erase = document, erase
        self.keeps_alpha = False
        if on_mask:
            if layer.mask is None:
                raise ValueError(f"The layer “{layer.name}” has no mask.")
            stack.refuse_locked(document, layer)
            self.image = layer.mask.image
            grey = 0 if erase else sum(w * value for w, value in zip(_LUMINOSITY, colour, strict=True))
            colour = (grey,)
        else:
            if not isinstance(layer, PixelLayer):
                raise ValueError(f"The layer “{layer.name}” has no pixels of its own.")
            stack.refuse_locked(document, layer, Lock.PIXELS)
            self.image = layer.image
            self.keeps_alpha = bool(layer.lock & Lock.ALPHA)
            if erase and self.keeps_alpha:
                raise Locked(layer, "has its transparency locked")
        self._colour = [np.float32(min(max(value, 0), 1) * self.image.maximum) for value in colour]
        self._paint: Callable[..., np.ndarray] = _over
        if on_mask:
            self._paint = _toward
        elif erase:
            self._paint = _erased
        self._selection = dict(document.selection.tiles)

    def spares(self, key: TileKey, before: np.ndarray | None) -> bool:
        """Whether nothing can be painted on a tile: it is empty, or nothing of it is selected."""
        if before is None and self.image.channels == 4 and (self.erase or self.keeps_alpha):
            return True
        return bool(self._selection) and key not in self._selection

    def fills(self, key: TileKey) -> bool:
        """Whether all of a tile becomes one colour at full strength."""
        return not self.keeps_alpha and (not self._selection or bool(self._selection[key].min() == 255))

    def blank(self) -> np.ndarray:
        return np.full((TILE, TILE, self.image.channels), self.image.default, self.image.dtype)

    def painted(
        self, key: TileKey, before: np.ndarray | None, strength: np.ndarray, inside: tuple[slice, slice]
    ) -> np.ndarray:
        """A part of the tile ``before`` painted with ``strength``, (h, w) float32 0..1, which is used up."""
        if self._selection:
            strength *= self._selection[key][inside][..., 0] * np.float32(1 / 255)
        pixels = (self.blank() if before is None else before)[inside]
        return self._paint(pixels, self._colour, strength, self.keeps_alpha)


def _over(
    pixels: np.ndarray, colour: list[np.float32], strength: np.ndarray, keeps_alpha: bool
) -> np.ndarray:
    """``colour`` over straight RGBA."""
    import cv2

    maximum, half = np.float32(np.iinfo(pixels.dtype).max), np.float32(0.5)
    *planes, alpha = cv2.split(pixels)
    weight = strength
    if not keeps_alpha and alpha.min() < maximum:
        covered = alpha * (1 / maximum)
        union = covered * -strength
        union += covered
        union += strength
        weight = np.divide(strength, union, out=np.zeros_like(union), where=union > 0)
        union *= maximum
        union += half
        alpha = union.astype(pixels.dtype)
        weight *= alpha > 0
    elif keeps_alpha:
        weight = strength * (alpha > 0)
    painted = []
    for plane, value in zip(planes, colour, strict=True):
        values = value - plane.astype(np.float32)
        values *= weight
        values += plane
        values += half
        painted.append(values.astype(pixels.dtype))
    return cv2.merge([*painted, alpha])


def _erased(
    pixels: np.ndarray, colour: list[np.float32], strength: np.ndarray, keeps_alpha: bool
) -> np.ndarray:
    """Straight RGBA with that much less alpha."""
    out = pixels.copy()
    out[..., 3] = pixels[..., 3] * (1 - strength) + np.float32(0.5)
    out[(out[..., 3] == 0) & (strength > 0)] = 0
    return out


def _toward(
    pixels: np.ndarray, colour: list[np.float32], strength: np.ndarray, keeps_alpha: bool
) -> np.ndarray:
    """A mask nearer to the value of ``colour``."""
    values = pixels[..., 0] + strength * (colour[0] - pixels[..., 0])
    return (values + np.float32(0.5)).astype(pixels.dtype)[..., None]


@lru_cache(64)
def _dab(radius: float, hardness: float, x: float, y: float) -> np.ndarray:
    """What a round brush covers: (n, n) float32, 0..1, n odd; its centre is at (``x``, ``y``) in the pixel in
    the middle."""
    half = math.ceil(radius) + 1
    places = np.arange(-half, half + 1, dtype=np.float32) + np.float32(0.5)
    distance = np.hypot(places - x, (places - y)[:, None])
    # The edge of a hard brush is one pixel soft, half of it inside.
    softness = max(radius * (1 - hardness), 1)
    ramp = ((radius + 0.5 - distance) / softness).clip(0, 1)
    if softness > 1:
        ramp = ramp * ramp * (3 - 2 * ramp)  # no visible ring where the falloff begins
    ramp.flags.writeable = False
    return ramp.astype(np.float32)


def _same(before: np.ndarray | None, after: np.ndarray | None) -> bool:
    if before is None or after is None:
        return before is after
    return np.array_equal(before, after)
