"""From document pixels to what the screen shows."""

from collections.abc import Callable, Iterable

import numpy as np
from PIL import Image

from editor.document.colour import display_transform
from editor.document.composite import sole_layer
from editor.document.geometry import Rect
from editor.document.layers import Group, Layer, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TILE, TiledImage
from editor.ui import monitor
from editor.ui.coarse import Coarse

MASK_COLOUR = (255, 74, 110)
MASK_OPACITY = 0.55
_CONVERSION = 10  # what the monitor's colours cost: as much as so many layers
LAYERED = ("ORA", "PSD", "PSB")  # formats in which even a single layer need not cover the canvas


class PictureSource:
    """What the canvas shows of an area: 8 bits in the monitor's colours, premultiplied.

    Made for the document's present size, depth and profile; others need a new source. See
    `rendering.Source` for what its methods are.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._to_monitor = _to_monitor(document)
        self._coarse: dict[int, Coarse] = {}

    def __call__(self, area: Rect) -> np.ndarray:
        return self._shown(self._document.composite(area), is_opaque(self._document))

    def cost(self, area: Rect) -> float:
        document = self._document
        area = area.intersected(document.rect)
        each = _cost(document.layers, _tiles(document)) * document.dtype.itemsize
        each += 0 if self._to_monitor is None else _CONVERSION
        return area.width * area.height * each

    def frozen(self) -> Callable[[Rect], np.ndarray]:
        snapshot, opaque = self._document.snapshot(), is_opaque(self._document)
        return lambda area: self._shown(snapshot.composite(area), opaque)

    def rough(self, step: int) -> Callable[[Rect], np.ndarray] | None:
        if step not in self._coarse:
            self._coarse[step] = Coarse(self._document, step)
        seen, opaque = self._coarse[step].frozen(), is_opaque(self._document)
        return lambda area: self._shown(seen(area), opaque)

    def _shown(self, pixels: np.ndarray, opaque: bool) -> np.ndarray:
        return _on_screen(pixels, self._to_monitor, opaque)


class PlaneSource:
    """The same of a plane with one channel of 8 bits, in grey."""

    def __init__(self, plane: TiledImage) -> None:
        self._plane = plane

    def __call__(self, area: Rect) -> np.ndarray:
        return _grey(self._plane, area)

    def cost(self, area: Rect) -> float:
        return area.width * area.height * 2

    def frozen(self) -> Callable[[Rect], np.ndarray]:
        plane = self._plane.snapshot()
        return lambda area: _grey(plane, area)

    def rough(self, step: int) -> None:
        return None


def _grey(plane: TiledImage, area: Rect) -> np.ndarray:
    out = np.full((area.height, area.width, 4), 255, np.uint8)
    out[..., :3] = plane.read(area)
    return out


def coarse_source(
    document: Document, coarse: Coarse, *, opaque: bool | None = None
) -> Callable[[Rect], np.ndarray]:
    """The same of a coarse look at the document; areas count its pixels. ``opaque`` None: what it is then."""
    to_monitor = _to_monitor(document)

    def source(area: Rect) -> np.ndarray:
        covers = is_opaque(document) if opaque is None else opaque
        return _on_screen(coarse.composite(area), to_monitor, covers)

    return source


def _cost(layers: Iterable[Layer], tiles: int) -> float:
    """About how many pixels of layers are looked at for each of the picture's, of so many ``tiles``."""
    cost = 0.0
    for layer in layers:
        if not layer.visible:
            continue
        if isinstance(layer, PixelLayer):
            cost += min(len(layer.image.tiles) / tiles, 1)
        elif isinstance(layer, Group):
            cost += _cost(layer.children, tiles)
        else:
            cost += 1
    return cost


def _tiles(document: Document) -> int:
    """How many tiles the canvas has room for."""
    return -(-document.width // TILE) * -(-document.height // TILE)


def _to_monitor(document: Document) -> Callable[[np.ndarray], np.ndarray] | None:
    return display_transform(document.metadata.icc, monitor.profile())


def _on_screen(
    pixels: np.ndarray, to_monitor: Callable[[np.ndarray], np.ndarray] | None, opaque: bool
) -> np.ndarray:
    """From the document's pixels to the screen's."""
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    if to_monitor is not None:
        pixels = to_monitor(pixels)
    return pixels if opaque else premultiplied(pixels)


def reduced(pixels: np.ndarray, step: int) -> np.ndarray:
    """Means of ``step`` x ``step`` pixels; those at the right and the bottom of what is there."""
    # As RGBX Pillow takes the four channels as they are; RGBA it would premultiply once more and back.
    return np.asarray(_image(pixels, "RGBX").reduce(step))


def _image(pixels: np.ndarray, mode: str) -> Image.Image:
    height, width = pixels.shape[:2]
    return Image.frombuffer(mode, (width, height), np.ascontiguousarray(pixels), "raw", mode, 0, 1)


def is_opaque(document: Document) -> bool:
    """Whether it is plain, without a look at the pixels, that nothing can show through the picture."""
    if document.has_alpha or document.history.entries or document.metadata.format in LAYERED:
        return False
    return sole_layer(document.layers) is not None


def premultiplied(pixels: np.ndarray) -> np.ndarray:
    """(h, w, 4) uint8 RGBA with its colours times its alpha; the same array if that changes nothing."""
    alpha = pixels[..., 3:]
    if (alpha == 255).all():
        return pixels
    # Pillow rounds just as well, and is many times as fast.
    return np.asarray(_image(pixels, "RGBA").convert("RGBa"))


class MaskSource:
    """The mask as a veil of ``colour`` (0..255) and ``opacity`` (0..1), nothing where nothing is masked. See
    `rendering.Source` for what its methods are."""

    def __init__(
        self, document: Document, colour: tuple[int, int, int] = MASK_COLOUR, opacity: float = MASK_OPACITY
    ) -> None:
        self._document = document
        self._colours = np.zeros((256, 4), np.uint8)
        alpha = np.arange(256) * opacity
        self._colours[:, 3] = np.rint(alpha)
        self._colours[:, :3] = np.rint(np.outer(alpha / 255, colour))

    def __call__(self, area: Rect) -> np.ndarray | None:
        return self._seen(self._document.selection, area)

    def cost(self, area: Rect) -> float:
        document = self._document
        area = area.intersected(document.rect)
        return area.width * area.height * 2 * min(len(document.selection.tiles) / _tiles(document), 1)

    def frozen(self) -> Callable[[Rect], np.ndarray | None]:
        mask = self._document.selection.snapshot()
        return lambda area: self._seen(mask, area)

    def rough(self, step: int) -> None:
        return None

    def _seen(self, mask: TiledImage, area: Rect) -> np.ndarray | None:
        if not any(key in mask.tiles for key, _ in mask.boxes(area)):
            return None
        return self._colours[mask.read(area)[..., 0]]
