"""The plane that is painted on, and what restricts it."""

import numpy as np

from editor.document import stack
from editor.document.geometry import Rect
from editor.document.history import Part, TileSwap
from editor.document.layers import Layer, Lock, PixelLayer
from editor.document.model import Document, Locked
from editor.document.painting import blending
from editor.document.tiles import TILE, TileKey

Colour = tuple[float, float, float]
Inside = tuple[slice, slice]  # a part of a tile

WHOLE: Inside = (slice(0, TILE), slice(0, TILE))

_LUMINOSITY = (0.3, 0.59, 0.11)  # W3C compositing, 10.3


class Target:
    """A layer's pixels or (``on_mask``) its mask, with the locks and the selection as they are now.

    Raises Locked, and ValueError where there is nothing to paint on.
    """

    def __init__(
        self, document: Document, layer: Layer, *, erase: bool = False, on_mask: bool = False
    ) -> None:
        document.container(layer)
        self.document, self.erase, self.on_mask = document, erase, on_mask
        self.keeps_alpha = False
        if on_mask:
            if layer.mask is None:
                raise ValueError(f"The layer “{layer.name}” has no mask.")
            stack.refuse_locked(document, layer)
            self.image = layer.mask.image
        else:
            if not isinstance(layer, PixelLayer):
                raise ValueError(f"The layer “{layer.name}” has no pixels of its own.")
            stack.refuse_locked(document, layer, Lock.PIXELS)
            self.image = layer.image
            self.keeps_alpha = bool(layer.lock & Lock.ALPHA)
            if erase and self.keeps_alpha:
                raise Locked(layer, "has its transparency locked")
        self._selection = dict(document.selection.tiles)

    def colour(self, colour: Colour) -> list[np.float32]:
        """A colour, 0..1, as what ``painted`` takes; a mask takes its luminosity."""
        if self.on_mask:
            return [np.float32(self._scaled(0 if self.erase else luminosity(colour)))]
        return [np.float32(self._scaled(value)) for value in colour]

    def _scaled(self, value: float) -> float:
        return min(max(value, 0), 1) * self.image.maximum

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

    def restrict(self, key: TileKey, inside: Inside, strength: np.ndarray) -> None:
        """Lessen ``strength``, (h, w) float32, where a part of a tile is not selected."""
        if self._selection:
            strength *= self._selection[key][inside][..., 0] * np.float32(1 / 255)

    def painted(
        self,
        key: TileKey,
        before: np.ndarray | None,
        colour: blending.Values,
        strength: np.ndarray,
        inside: Inside,
        rounding: "np.floating | np.ndarray" = blending.NEAREST,
    ) -> np.ndarray:
        """A part of the tile ``before`` painted as `blending` says, as far as it is selected."""
        self.restrict(key, inside, strength)
        pixels = (self.blank() if before is None else before)[inside]
        if self.on_mask:
            return blending.toward(pixels, colour, strength, rounding)
        if self.erase:
            return blending.erased(pixels, strength)
        return blending.over(pixels, colour, strength, self.keeps_alpha, rounding)

    def record(self, name: str, before: dict[TileKey, np.ndarray | None]) -> None:
        """Make one entry of what stands in the place of ``before``; none if all is as it was."""
        image, tiles = self.image, {}
        for key, old in before.items():
            now = image.tiles.get(key)
            if now is not None and (now := image.kept(now)) is None:
                del image.tiles[key]
            if not same(old, now):
                tiles[key] = old
        if tiles:
            self.document.record(name, TileSwap(image, tiles, Part.PIXELS))

    def tell(self, area: Rect) -> None:
        """Let the observers know of what is painted but not recorded yet."""
        if area:
            self.document.notify(area, Part.PIXELS)


def luminosity(colour: Colour) -> float:
    """The grey of a colour."""
    return sum(w * value for w, value in zip(_LUMINOSITY, colour, strict=True))


def same(before: np.ndarray | None, after: np.ndarray | None) -> bool:
    """Whether two tiles, or absent ones, have the same pixels."""
    if before is None or after is None:
        return before is after
    return np.array_equal(before, after)
