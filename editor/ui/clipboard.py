"""Pixels on the system's clipboard, and off it.

Other programs get 8 bits in sRGB. What was copied here and is still there comes back as it was: in its depth
and its profile, and with the place that it had.
"""

from typing import NamedTuple
from uuid import uuid4

import numpy as np
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QColorSpace, QGuiApplication, QImage

from editor.document import icc
from editor.document.files import depth

_FORMAT = "application/x-lacuna-pixels"  # holds a name for what was copied, so that it is known again


class Copied(NamedTuple):
    """Straight RGBA (h, w, 4), the profile of its colours (None: sRGB), and where its corner was."""

    pixels: np.ndarray
    profile: bytes | None
    place: tuple[int, int] | None


class Clipboard:
    """One for a program; keeps what was copied last in full."""

    def __init__(self) -> None:
        self._name = b""
        self._copied: Copied | None = None

    def put(self, pixels: np.ndarray, profile: bytes | None, x: int, y: int) -> None:
        """Copy straight RGBA (h, w, 4) of 8 or 16 bits, whose corner is at (x, y)."""
        self._name, self._copied = uuid4().hex.encode(), Copied(pixels, profile, (x, y))
        mime = QMimeData()
        mime.setImageData(_as_image(_in_profile(pixels, profile, None)))
        mime.setData(_FORMAT, QByteArray(self._name))
        QGuiApplication.clipboard().setMimeData(mime)

    def get(self) -> Copied | None:
        """What was copied last, here or elsewhere; None if that is no picture."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime is None:
            return None
        if self._copied is not None and mime.data(_FORMAT).data() == self._name:
            return self._copied
        if not mime.hasImage():
            return None
        image = QImage(mime.imageData())
        return None if image.isNull() else Copied(_as_pixels(image), None, None)


def in_profile_of(copied: Copied, profile: bytes | None) -> np.ndarray:
    """The pixels with their colours as they are in another profile."""
    return _in_profile(copied.pixels, copied.profile, profile)


def _in_profile(pixels: np.ndarray, source: bytes | None, target: bytes | None) -> np.ndarray:
    if source == target:
        return pixels
    try:
        convert = icc.converter(source, target, pixels.dtype)
    except ValueError:  # grey, or a profile that cannot be read: the numbers are all there is
        return pixels
    out = pixels.copy()
    out[..., :3] = convert(np.ascontiguousarray(pixels[..., :3]))
    return out


def _as_image(pixels: np.ndarray) -> QImage:
    if pixels.dtype == np.uint16:
        pixels = depth.from_16_bits(pixels, 8)
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image


def _as_pixels(image: QImage) -> np.ndarray:
    """In sRGB: 16 bits if the image has more than 8."""
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if image.colorSpace().isValid() and image.colorSpace() != srgb:
        image = image.convertedToColorSpace(srgb)
    deep = image.depth() > 32
    image = image.convertToFormat(QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGBA8888)
    kind = np.uint16 if deep else np.uint8
    size = np.dtype(kind).itemsize
    rows = np.frombuffer(image.constBits(), kind).reshape(image.height(), image.bytesPerLine() // size)
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()
