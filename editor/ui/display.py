"""From document pixels to what the screen shows."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from editor.document.colour import display_transform
from editor.document.composite import sole_layer
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.ui import monitor
from editor.ui.coarse import Coarse

MASK_COLOUR = (255, 74, 110)
MASK_OPACITY = 0.55
LAYERED = ("ORA", "PSD", "PSB")  # formats in which even a single layer need not cover the canvas


def picture_source(document: Document) -> Callable[[Rect], np.ndarray]:
    """What the canvas shows of an area: 8 bits in the monitor's colours, premultiplied.

    Made for the document's present profile; another one needs a new source.
    """
    shown = _shown(document)
    return lambda area: shown(document.composite(area))


def plane_source(plane: TiledImage) -> Callable[[Rect], np.ndarray]:
    """The same of a plane with one channel of 8 bits, in grey."""

    def source(area: Rect) -> np.ndarray:
        out = np.full((area.height, area.width, 4), 255, np.uint8)
        out[..., :3] = plane.read(area)
        return out

    return source


def coarse_source(
    document: Document, coarse: Coarse, *, opaque: bool | None = None
) -> Callable[[Rect], np.ndarray]:
    """The same of a coarse look at the document; areas count its pixels."""
    shown = _shown(document, opaque)
    return lambda area: shown(coarse.composite(area))


def _shown(document: Document, opaque: bool | None = None) -> Callable[[np.ndarray], np.ndarray]:
    """From the document's pixels to the screen's; ``opaque`` None: what the document is then."""
    to_monitor = display_transform(document.metadata.icc, monitor.profile())

    def shown(pixels: np.ndarray) -> np.ndarray:
        if pixels.dtype == np.uint16:
            pixels = (pixels >> 8).astype(np.uint8)
        if to_monitor is not None:
            pixels = to_monitor(pixels)
        covers = is_opaque(document) if opaque is None else opaque
        return pixels if covers else premultiplied(pixels)

    return shown


def reduced(pixels: np.ndarray, step: int) -> np.ndarray:
    """Means of ``step`` x ``step`` pixels; those at the right and the bottom of what is there."""
    height, width = pixels.shape[:2]
    # As RGBX Pillow takes the four channels as they are; RGBA it would premultiply once more and back.
    image = Image.frombuffer("RGBX", (width, height), np.ascontiguousarray(pixels), "raw", "RGBX", 0, 1)
    return np.asarray(image.reduce(step))


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
    colours = (pixels[..., :3].astype(np.uint16) * alpha + 127) // 255
    return np.concatenate([colours.astype(np.uint8), alpha], axis=-1)


def mask_source(
    document: Document, colour: tuple[int, int, int] = MASK_COLOUR, opacity: float = MASK_OPACITY
) -> Callable[[Rect], np.ndarray | None]:
    """The mask as a veil of ``colour`` (0..255) and ``opacity`` (0..1), or None where nothing is masked."""
    colours = np.zeros((256, 4), np.uint8)
    alpha = np.arange(256) * opacity
    colours[:, 3] = np.rint(alpha)
    colours[:, :3] = np.rint(np.outer(alpha / 255, colour))

    def source(area: Rect) -> np.ndarray | None:
        mask = document.selection
        if not any(key in mask.tiles for key, _ in mask.boxes(area)):
            return None
        return colours[mask.read(area)[..., 0]]

    return source
