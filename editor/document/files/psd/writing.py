"""Save a document as PSD or PSB."""

import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from editor.document.files import atomic, colour
from editor.document.files.errors import FileError
from editor.document.files.psd import channels, keys, resources
from editor.document.files.psd.header import GREY, MAX_IN_ALL, RGB, Header
from editor.document.files.psd.layer_writing import LayerWriter, Record, records
from editor.document.files.psd.losses import keeps_grey
from editor.document.files.psd.merged import on_white
from editor.document.files.reading import MAX_PIXELS
from editor.document.layers import Group, Layer
from editor.document.model import Document


def write(document: Document, path: str | os.PathLike) -> None:
    """Save a document with its layers: as PSB if the name ends in .psb, else as PSD.

    What ``losses`` says is not kept. 8-bit channels are packed with PackBits, 16-bit ones deflated; opacities
    become steps of 1/255. Raises FileError; then nothing was changed. From another thread than the one that
    edits, write a ``snapshot``.
    """
    path = Path(path)
    version = 2 if path.suffix.lower() == ".psb" else 1
    found = list(records(document.layers, document.rect))
    _refuse(document, found, path.name, version)
    with atomic.replacing(path) as temporary, temporary.open("wb") as file:
        _Writer(document, found, file, version, path.name).write()


class _Writer:
    def __init__(
        self, document: Document, found: Sequence[Record], file: BinaryIO, version: int, name: str
    ) -> None:
        self._document, self._records, self._file = document, found, file
        self._version, self._name = version, name
        self._grey = keeps_grey(document)
        self._pixels = document.composite(document.rect)
        self._has_alpha = document.has_alpha or bool((self._pixels[..., 3] < document.maximum).any())
        self._colours = 1 if self._grey else 3

    def write(self) -> None:
        document, file = self._document, self._file
        count = self._colours + self._has_alpha + len(document.channels)
        mode = GREY if self._grey else RGB
        header = Header(self._version, count, document.height, document.width, document.bits, mode)
        file.write(header.pack())
        file.write(struct.pack(">I", 0))  # "Color Mode Data Section"
        blocks = resources.pack(self._resources())
        file.write(struct.pack(">I", len(blocks)) + blocks)
        with self._length(4 * self._version):
            self._write_layers()
        self._write_merged()
        self._refuse_long()

    def _resources(self) -> dict[int, bytes]:
        metadata = self._document.metadata
        blocks = {keys.VERSION_INFO: resources.version_info()}
        if metadata.dpi:
            blocks[keys.RESOLUTION] = resources.pack_dpi(metadata.dpi)
        icc = colour.fitting(metadata.icc, grey=self._grey)
        found = {keys.ICC_PROFILE: icc, keys.EXIF: metadata.exif, keys.XMP: metadata.xmp}
        blocks |= {number: block for number, block in found.items() if block}
        names = [channel.name for channel in self._document.channels]
        # Photoshop names the transparency, too.
        return blocks | resources.channel_blocks((["Transparency"] if self._has_alpha else []) + names)

    def _write_layers(self) -> None:
        """ "Layer and Mask Information Section"; at 16 bits the layers are in a block of their own."""
        document, file, version = self._document, self._file, self._version
        writer = LayerWriter(file, version, document.dtype, grey=self._grey)
        if document.bits == 8:
            with self._length(4 * version):
                writer.write(self._records, merged_alpha=self._has_alpha)
            file.write(struct.pack(">I", 0))  # "Global layer mask info"
            return
        file.write(bytes(4 * version) + struct.pack(">I", 0))
        if self._has_alpha:
            file.write(b"8BIMMt16" + bytes(4 * version))
        file.write(b"8BIMLr16")
        with self._length(4 * version):
            writer.write(self._records, merged_alpha=self._has_alpha)

    def _write_merged(self) -> None:
        """ "Image Data Section": PackBits, the sizes of all rows of all channels first."""
        planes = [*on_white(self._pixels)[: self._colours]]
        if self._has_alpha:
            planes.append(np.ascontiguousarray(self._pixels[..., 3]))
        rows = [row for plane in planes for row in channels.pack_rows(plane)]
        for channel in self._document.channels:
            plane = channel.image.read(self._document.rect)[..., 0]
            rows += channels.pack_rows(plane if self._document.bits == 8 else plane.astype(np.uint16) * 257)
        self._file.write(struct.pack(">H", channels.RLE) + channels.pack_counts(rows, self._version))
        self._file.writelines(rows)

    @contextmanager
    def _length(self, size: int) -> Iterator[None]:
        """Put before what the block writes its length, in ``size`` bytes; pad it to a multiple of 4."""
        file = self._file
        at = file.tell()
        file.write(bytes(size))
        yield
        self._refuse_long()
        length = file.tell() - at - size
        file.write(bytes(-length % 4))
        end = file.tell()
        file.seek(at)
        file.write((end - at - size).to_bytes(size))
        file.seek(end)

    def _refuse_long(self) -> None:
        if self._file.tell() > keys.MAX_BYTES[self._version]:
            raise _too_large(self._name, "it would be larger than 2 GB")


def _refuse(document: Document, found: Sequence[Record], name: str, version: int) -> None:
    """Refuse what does not fit the format, or would be refused when it is opened."""
    if len(found) > keys.MAX_LAYERS or _depth(document.layers) > keys.MAX_DEPTH:
        raise FileError(
            f"Cannot save {name}: PSD ends at {keys.MAX_LAYERS} layers, a group counted twice, and at groups "
            f"{keys.MAX_DEPTH} deep; merge some. Nothing was changed."
        )
    if len(document.channels) > 56 - 4:
        raise FileError(f"Cannot save {name}: PSD has room for 52 saved selections. Nothing was changed.")
    areas = [document.rect, *(area for each in found for area in (each.area, each.mask_area) if area)]
    side = keys.MAX_SIDE[version]
    if any(max(area.width, area.height) > side for area in areas):
        raise _too_large(name, f"it, or a layer, has more than {side} pixels on a side")
    if any(area.width * area.height > MAX_PIXELS for area in areas):
        raise FileError(
            f"Cannot save {name}: a layer or a mask reaches over more than {MAX_PIXELS // 1_000_000} "
            "megapixels; crop it. Nothing was changed."
        )
    if sum(area.width * area.height for area in areas[1:]) > MAX_IN_ALL:
        raise FileError(
            f"Cannot save {name}: its layers hold more than {MAX_IN_ALL // 1_000_000} megapixels "
            "together; merge some. Nothing was changed."
        )


def _depth(layers: tuple[Layer, ...]) -> int:
    return max((1 + _depth(each.children) for each in layers if isinstance(each, Group)), default=0)


def _too_large(name: str, what: str) -> FileError:
    other = "end the name in .psb" if not name.lower().endswith(".psb") else "make it smaller"
    return FileError(f"Cannot save {name}: {what}; {other}. Nothing was changed.")
