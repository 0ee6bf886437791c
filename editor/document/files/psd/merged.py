"""The merged picture of a PSD, and channels saved beside it: "Image Data Section"."""

from dataclasses import dataclass

import numpy as np

from editor.document.files.psd import channels, keys
from editor.document.files.psd.channels import BadChannel
from editor.document.files.psd.header import BITMAP, CMYK, COLOURS, INDEXED, LAB, Header

_TRANSPARENT_INDEX = 1047


class Merged:
    """Channels of the merged picture by their number; unpacked when asked for."""

    def __init__(self, data: bytes, header: Header) -> None:
        if len(data) < 2:
            raise BadChannel("there is no merged picture")
        self._compression, self._data, self._header = int.from_bytes(data[:2]), data[2:], header

    def planes(self, first: int, end: int) -> list[np.ndarray]:
        """Channels ``first`` up to ``end``, as ``channels.unpack`` gives them. Raises BadChannel."""
        header, data = self._header, self._data
        rows = header.height * header.channels
        if self._compression == channels.RLE:
            digits = 2 * header.version
            counts = np.frombuffer(data[: rows * digits], f">u{digits}").astype(np.int64)
            if len(counts) != rows:
                raise BadChannel("the sizes of the rows are cut off")
            body, part = data[rows * digits :], slice(first * header.height, end * header.height)
            row = channels.row_bytes(header.width, header.depth)
            flat = channels.unpack_rows(body[int(counts[: part.start].sum()) :], counts[part], row)
            stacked = self._unpack(flat, channels.RAW, (end - first) * header.height)
        elif self._compression == channels.RAW:
            size = header.height * channels.row_bytes(header.width, header.depth)
            stacked = self._unpack(
                data[first * size : end * size], channels.RAW, (end - first) * header.height
            )
        else:
            stacked = self._unpack(data, self._compression, rows)[first * header.height : end * header.height]
        return list(stacked.reshape(end - first, header.height, -1))

    def _unpack(self, data: bytes, compression: int, rows: int) -> np.ndarray:
        header = self._header
        return channels.unpack(data, compression, header.width, rows, header.depth, header.version)


@dataclass(frozen=True)
class Picture:
    """(H, W, 4) pixels of a flat picture, whether they are grey and whether they have alpha, and how many
    of the file's channels that took."""

    pixels: np.ndarray
    grey: bool
    has_alpha: bool
    channels: int


def picture(
    merged: Merged, header: Header, palette: bytes, resources: dict[int, bytes], *, transparent: bool
) -> Picture:
    """The merged picture as 8- or 16-bit RGBA.

    ``transparent``: the first channel beyond the colours is alpha. ``palette`` is
    the colour mode data. What has inks, Lab values or 32 bits becomes sRGB.
    """
    import cv2

    count = COLOURS[header.mode] + transparent
    planes = merged.planes(0, count)
    alpha = planes.pop() if transparent else None
    if header.depth == 32:
        planes = [_encoded(plane) for plane in planes]
        alpha = None if alpha is None else np.rint(alpha.clip(0, 1) * 65535).astype(np.uint16)
    elif header.mode in (CMYK, LAB):
        planes = _through_pillow([_to_8_bits(plane) for plane in planes], header.mode, resources)
        alpha = None if alpha is None else _to_8_bits(alpha)
    elif header.mode == BITMAP:
        planes = [255 * (1 - np.unpackbits(planes[0], axis=1, count=header.width))]
    elif header.mode == INDEXED:
        planes, alpha = _looked_up(planes[0], palette, resources)
        transparent = False  # its colours do not lie on white
    if transparent:
        planes = _off_white(planes, alpha)
    grey = len(planes) == 1
    has_alpha = alpha is not None
    if alpha is None:
        alpha = np.full_like(planes[0], np.iinfo(planes[0].dtype).max)
    pixels = cv2.merge([*(planes * 3 if grey else planes), alpha])
    return Picture(pixels, grey, has_alpha, count)


def _off_white(planes: list[np.ndarray], alpha: np.ndarray) -> list[np.ndarray]:
    """The colours themselves of a merged picture, which lie on white where alpha is not full."""
    maximum = np.iinfo(alpha.dtype).max
    partial = alpha < maximum
    share = np.maximum(alpha[partial], 1) / maximum
    colours = []
    for plane in planes:
        pure = plane.copy()
        pure[partial] = np.rint(((plane[partial] - maximum * (1 - share)) / share).clip(0, maximum))
        colours.append(pure)
    return colours


def on_white(pixels: np.ndarray) -> list[np.ndarray]:
    """The colour planes of (H, W, 4) as a merged picture has them: on white where alpha is not full."""
    maximum = np.iinfo(pixels.dtype).max
    alpha = pixels[..., 3]
    partial = alpha < maximum
    share = alpha[partial] / maximum
    planes = []
    for channel in range(3):
        plane = pixels[..., channel].copy()
        plane[partial] = np.rint(plane[partial] * share + maximum * (1 - share))
        planes.append(plane)
    return planes


def _encoded(linear: np.ndarray) -> np.ndarray:
    """16-bit sRGB values of 32-bit linear ones; what is lighter than white is cut."""
    clipped = np.nan_to_num(linear, nan=0.0, posinf=1.0, neginf=0.0).clip(0, 1)
    curved = np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return np.rint(curved * 65535).astype(np.uint16)


def _to_8_bits(plane: np.ndarray) -> np.ndarray:
    from editor.document.files import depth

    return plane if plane.dtype == np.uint8 else depth.from_16_bits(plane, 8)


def _through_pillow(planes: list[np.ndarray], mode: int, resources: dict[int, bytes]) -> list[np.ndarray]:
    from PIL import Image

    from editor.document.files import colour

    if mode == CMYK:
        planes = [255 - plane for plane in planes]  # PSD has paper as 255
    image = Image.merge("CMYK" if mode == CMYK else "LAB", [Image.fromarray(plane) for plane in planes])
    rgb = np.asarray(colour.to_rgb(image, resources.get(keys.ICC_PROFILE)))
    return [np.ascontiguousarray(rgb[..., channel]) for channel in range(3)]


def _looked_up(
    indices: np.ndarray, palette: bytes, resources: dict[int, bytes]
) -> tuple[list[np.ndarray], np.ndarray | None]:
    """Planes of an indexed picture, whose table has 256 values of red, then green, then blue."""
    if len(palette) < 768:
        raise BadChannel("the table of colours is cut off")
    tables = np.frombuffer(palette[:768], np.uint8).reshape(3, 256)
    clear = resources.get(_TRANSPARENT_INDEX)
    alpha = None
    if clear is not None and (number := int.from_bytes(clear[:2])) < 256:
        alpha = np.where(indices == number, 0, 255).astype(np.uint8)
    return [table[indices] for table in tables], alpha
