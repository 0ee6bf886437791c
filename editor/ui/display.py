"""From document pixels to what the screen shows."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from editor.document.geometry import Rect
from editor.document.model import Document

MASK_COLOUR = (255, 74, 110)
MASK_OPACITY = 0.55


def picture_source(document: Document) -> Callable[[Rect], np.ndarray]:
    """What the canvas shows of an area: 8-bit sRGB, premultiplied."""
    to_srgb = _srgb_transform(document.metadata.icc)

    def source(area: Rect) -> np.ndarray:
        pixels = document.composite(area)
        if pixels.dtype == np.uint16:
            pixels = (pixels >> 8).astype(np.uint8)
        if to_srgb is not None:
            pixels = to_srgb(pixels)
        return pixels if is_opaque(document) else premultiplied(pixels)

    return source


def reduced(pixels: np.ndarray, step: int) -> np.ndarray:
    """Means of ``step`` x ``step`` pixels; those at the right and the bottom of what is there."""
    height, width = pixels.shape[:2]
    # As RGBX Pillow takes the four channels as they are; RGBA it would premultiply once more and back.
    image = Image.frombuffer("RGBX", (width, height), np.ascontiguousarray(pixels), "raw", "RGBX", 0, 1)
    return np.asarray(image.reduce(step))


def is_opaque(document: Document) -> bool:
    """Whether it is plain, without a look at the pixels, that nothing can show through the picture."""
    return not document.has_alpha and not document.history.entries


def premultiplied(pixels: np.ndarray) -> np.ndarray:
    """(h, w, 4) uint8 RGBA with its colours times its alpha; the same array if that changes nothing."""
    alpha = pixels[..., 3:]
    if (alpha == 255).all():
        return pixels
    colours = (pixels[..., :3].astype(np.uint16) * alpha + 127) // 255
    return np.concatenate([colours.astype(np.uint8), alpha], axis=-1)


def _srgb_transform(profile: bytes | None) -> Callable[[np.ndarray], np.ndarray] | None:
    """littleCMS's way from the document's profile to sRGB; None where the pixels can be shown as they are."""
    if profile is None or any("sRGB".encode(coding) in profile for coding in ("ascii", "utf-16-be")):
        return None  # the profile's own name says so, which saves loading littleCMS
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != "RGB":
            return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), "RGB", "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # an unreadable profile is kept in the file but cannot guide the display

    def convert(pixels: np.ndarray) -> np.ndarray:
        out = pixels.copy()
        shown = ImageCms.applyTransform(Image.fromarray(np.ascontiguousarray(pixels[..., :3])), transform)
        out[..., :3] = np.asarray(shown)
        return out

    return convert


def mask_source(document: Document) -> Callable[[Rect], np.ndarray | None]:
    """The mask as a coloured veil, or None where nothing is masked."""
    colours = np.zeros((256, 4), np.uint8)
    alpha = np.arange(256) * MASK_OPACITY
    colours[:, 3] = np.rint(alpha)
    colours[:, :3] = np.rint(np.outer(alpha / 255, MASK_COLOUR))

    def source(area: Rect) -> np.ndarray | None:
        mask = document.selection
        if not any(key in mask.tiles for key, _ in mask.boxes(area)):
            return None
        return colours[mask.read(area)[..., 0]]

    return source
