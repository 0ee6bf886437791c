"""Layers as records of a PSD and their channels: "Layer info", "Layer records", "Channel image data"."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from editor.document.files.psd import adjustment_writing, channels, keys
from editor.document.files.psd.resources import unicode_string
from editor.document.geometry import NOWHERE, Rect
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, Layer, Lock, PixelLayer
from editor.document.tiles import TiledImage

_EMPTY = b"\0\0"  # a channel of no pixels: its compression alone
_MASK_OFF, _HIDDEN, _KEEPS_ALPHA, _MODERN, _NO_PIXELS = 2, 2, 1, 8, 16
_THREADS = 4  # channels packed at a time, and held


@dataclass(frozen=True)
class Record:
    """One record: a layer, a group, or (``divider``) the end of a group.

    ``area`` is the rectangle of its pixels; ``mask_area`` that of its mask, if it has one, beyond which the
    mask is ``mask_default``, in PSD 0 or 255.
    """

    layer: Layer
    area: Rect = NOWHERE
    mask_area: Rect | None = None
    mask_default: int = 0
    divider: bool = False


def records(layers: Sequence[Layer], canvas: Rect) -> Iterator[Record]:
    """The records for a stack, bottom first: a group stands after what is in it, its divider before."""
    for layer in layers:
        if isinstance(layer, Group):
            yield Record(layer, divider=True)
            yield from records(layer.children, canvas)
        area = layer.image.bounds() if isinstance(layer, PixelLayer) else NOWHERE
        if layer.mask is None:
            yield Record(layer, area)
        elif layer.mask.image.default in (0, 255):
            yield Record(layer, area, layer.mask.image.bounds(), layer.mask.image.default)
        else:
            yield Record(layer, area, layer.mask.image.filled().united(canvas))


class LayerWriter:
    """Writes records and channels to a file; ``grey`` leaves one channel of colour."""

    def __init__(self, file: BinaryIO, version: int, dtype: np.dtype, *, grey: bool) -> None:
        self._file, self._version, self._dtype = file, version, dtype
        self._colours = range(1) if grey else range(3)

    def write(self, found: Sequence[Record], *, merged_alpha: bool) -> None:
        """The layer info without its length; a negative count says that the merged picture has alpha."""
        self._file.write(struct.pack(">h", -len(found) if merged_alpha else len(found)))
        # The lengths of the channels stand in the records: these are written again once they are known.
        places = [self._write_record(record) for record in found]
        with ThreadPoolExecutor(_THREADS) as workers:
            for record, place in zip(found, places, strict=True):
                lengths = self._write_channels(record, workers)
                end = self._file.tell()
                for at, length in zip(place, lengths, strict=True):
                    self._file.seek(at)
                    self._file.write(struct.pack(">I" if self._version == 1 else ">Q", length))
                self._file.seek(end)

    def _ids(self, record: Record) -> list[int]:
        return [keys.TRANSPARENCY, *self._colours, *([] if record.mask_area is None else [keys.USER_MASK])]

    def _write_record(self, record: Record) -> list[int]:
        """Returns where in the file the lengths of the channels go."""
        layer, file = record.layer, self._file
        file.write(_edges(record.area))
        ids = self._ids(record)
        file.write(struct.pack(">H", len(ids)))
        places = []
        for number in ids:
            file.write(struct.pack(">h", number))
            places.append(file.tell())
            file.write(bytes(4 * self._version))
        mode = "normal" if record.divider or layer.blend_mode == PASS_THROUGH else layer.blend_mode
        opacity = 255 if record.divider else round(layer.opacity * 255)
        file.write(b"8BIM" + keys.BLEND_KEYS[mode])
        file.write(bytes([opacity, layer.clipping and not record.divider, _flags(record), 0]))
        extra = self._extra(record)
        file.write(struct.pack(">I", len(extra)) + extra)
        return places

    def _extra(self, record: Record) -> bytes:
        layer = record.layer
        mask = b""
        if record.mask_area is not None and layer.mask is not None:
            off = 0 if layer.mask.enabled else _MASK_OFF
            mask = _edges(record.mask_area) + bytes([record.mask_default, off, 0, 0])
        ranges = bytes((0, 0, 255, 255)) * 2 * (2 + len(self._colours))
        name = "</Layer group>" if record.divider else layer.name
        short = name.encode("mac-roman", "replace")[:255]
        short = bytes([len(short)]) + short
        parts = [struct.pack(">I", len(mask)), mask, struct.pack(">I", len(ranges)), ranges]
        parts += [short, bytes(-len(short) % 4)]
        parts += [_block(key, data) for key, data in self._blocks(record, name)]
        return b"".join(parts)

    def _blocks(self, record: Record, name: str) -> Iterable[tuple[bytes, bytes]]:
        layer = record.layer
        if isinstance(layer, AdjustmentLayer):
            yield from (adjustment_writing.blocks(layer.adjustment) or {}).items()
        yield b"luni", unicode_string(name)
        if record.divider:
            yield b"lsct", struct.pack(">I", keys.BOUNDING_DIVIDER)
            return
        if isinstance(layer, Group):
            key = keys.BLEND_KEYS[layer.blend_mode]
            yield b"lsct", struct.pack(">I4s4s", keys.OPEN_FOLDER, b"8BIM", key)
        yield b"lspf", struct.pack(">I", _lock_bits(layer.lock))

    def _write_channels(self, record: Record, workers: ThreadPoolExecutor) -> list[int]:
        """Writes the channels of one record and returns their lengths."""
        packed = [_EMPTY] * (1 + len(self._colours))
        layer = record.layer
        if isinstance(layer, PixelLayer) and record.area:
            pixels = layer.image.read(record.area)
            planes = [np.ascontiguousarray(pixels[..., channel]) for channel in (3, *self._colours)]
            # PackBits lets no other thread run meanwhile: several would only hold up the window.
            packed = list((map if self._dtype == np.uint8 else workers.map)(self._packed, planes))
        if record.mask_area and layer.mask is not None:
            # Krita opens no 16-bit masks that are deflated.
            plane = _mask_plane(layer.mask.image, record.mask_area, self._dtype)
            packed.append(channels.pack_bits(plane, self._version))
        elif record.mask_area is not None:
            packed.append(_EMPTY)
        self._file.writelines(packed)
        return [len(each) for each in packed]

    def _packed(self, plane: np.ndarray) -> bytes:
        return channels.pack(plane, self._version)


def _mask_plane(image: TiledImage, area: Rect, dtype: np.dtype) -> np.ndarray:
    plane = np.ascontiguousarray(image.read(area)[..., 0])
    return plane if dtype == np.uint8 else plane.astype(np.uint16) * 257


def _edges(area: Rect) -> bytes:
    return struct.pack(">4i", area.y, area.x, area.bottom, area.right)


def _flags(record: Record) -> int:
    layer = record.layer
    flags = _MODERN
    if not isinstance(layer, PixelLayer):
        flags |= _NO_PIXELS
    if not record.divider and not is_shown(layer):
        flags |= _HIDDEN
    if not record.divider and layer.lock & Lock.ALPHA:
        flags |= _KEEPS_ALPHA
    return flags


def is_shown(layer: Layer) -> bool:
    """Whether the layer is visible in the file: an adjustment that PSD does not have cannot be."""
    known = not isinstance(layer, AdjustmentLayer) or adjustment_writing.blocks(layer.adjustment) is not None
    return layer.visible and known


def _lock_bits(lock: Lock) -> int:
    """ "Protected setting"."""
    return bool(lock & Lock.ALPHA) | bool(lock & Lock.PIXELS) << 1 | bool(lock & Lock.ALL) << 31


def _block(key: bytes, data: bytes) -> bytes:
    data += bytes(-len(data) % 4)
    return struct.pack(">4s4sI", b"8BIM", key, len(data)) + data
