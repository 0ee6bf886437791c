"""Open a PSD or PSB as a document."""

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from editor.document import planes
from editor.document.files import depth, reading
from editor.document.files.errors import FileError, Refused
from editor.document.files.psd import header as headers
from editor.document.files.psd import keys, resources
from editor.document.files.psd.header import GREY, RGB
from editor.document.files.psd.layer_reading import LayerReader
from editor.document.files.psd.merged import Merged, Picture, picture
from editor.document.files.psd.notes import Notes
from editor.document.files.psd.vector_masks import VectorMasks
from editor.document.geometry import Rect
from editor.document.layers import Layer, LayerMask, PixelLayer, walk
from editor.document.model import Channel, Document
from editor.document.tiles import TiledImage

if TYPE_CHECKING:
    from psd_tools.psd.layer_and_mask import LayerInfo

_MAX_VALUES = 1_500_000  # numbers and texts in all records; 8000 layers of curves have fewer
_MAX_RATIO, _MAX_NESTING = 16, 64  # what records are read to, of the file's size; records in each other
_LIMITS = {  # psd-tools' names for them, and what they mean
    "max_objects": f"its layers claim more than {_MAX_VALUES:,} values, the limit, or it is damaged",
    "max_total_bytes": f"its layers claim more than {_MAX_RATIO} times its size, the limit, or it is damaged",
    "max_nesting_depth": f"its layers' data nest more than {_MAX_NESTING} deep, the limit, or it is damaged",
}
_DEEP_LAYERS = (b"Lr16", b"Lr32", b"Layr")
_MERGED_ALPHA = (b"Mtrn", b"Mt16", b"Mt32")
_LONG = frozenset(  # "Additional Layer Information": keys whose length takes 8 bytes in a PSB
    b"LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 FEid FXid PxSD "  # and some that it does not name:
    b"lnk3 lnkE FELS extd extn cinf artd pths".split()
)
_CONVERTED = {  # colour modes that come in flat
    headers.BITMAP: "Its black and white (Bitmap) became grey",
    headers.INDEXED: "Its indexed colours became RGB",
    headers.CMYK: "Its CMYK colours became RGB",
    headers.DUOTONE: "Its inks (Duotone) became grey",
    headers.LAB: "Its Lab colours became RGB",
}


def read(path: str | os.PathLike) -> tuple[Document, tuple[str, ...]]:
    """A PSD or PSB as a document, and what of it could not be kept: plain lines, none for nothing.

    RGB and grey of 8 and 16 bits keep their layers. Other colours and 32 bits come in as the merged picture:
    8-bit sRGB, 16-bit sRGB of 32 bits. Raises FileError, also for what its limits name: 300 megapixels a
    picture or layer, eight times that in all, groups 100 deep.

    Read in one thread at a time: see ``reading.explained``.
    """
    path = Path(path)
    logging.getLogger("psd_tools").setLevel(logging.CRITICAL)  # what it says there, our errors say
    with reading.explained(path), path.open("rb") as file:
        reader = _Reader(file, path)
        document = reader.document()
    return document, reader.notes.lines


class _Reader:
    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path, self.notes = file, path, Notes()
        self._size = os.fstat(file.fileno()).st_size
        self._header = headers.parse(file.read(headers.SIZE), path.name)
        self._palette = self._block(4)
        self._resources = resources.parse(self._block(4))
        self._merged_alpha = False
        self._info = self._layer_info()

    def document(self) -> Document:
        header = self._header
        layers = self._layers()
        flat = None if layers else self._flat()
        if flat is not None:
            layers = [PixelLayer("Background", TiledImage.from_array(flat.pixels))]
        metadata, orientation, left_out = resources.metadata(
            self._resources, "PSB" if header.version == 2 else "PSD"
        )
        for line in left_out:
            self.notes.add(line)
        dtype = np.uint8 if header.depth == 8 else np.uint16
        document = Document(
            header.width,
            header.height,
            dtype if flat is None else flat.pixels.dtype,
            layers,
            grey=header.mode == GREY if flat is None else flat.grey,
            has_alpha=self._merged_alpha if flat is None else flat.has_alpha,
            metadata=metadata,
            path=self._path.absolute(),
        )
        if header.mode not in (GREY, RGB) or header.depth == 32:
            document.metadata = replace(metadata, icc=None)
        document.channels = self._channels(flat)
        self._note_resources()
        _turn(document, orientation)
        return document

    # -- sections -------------------------------------------------------------------------------------

    def _number(self, size: int) -> int:
        data = self._file.read(size)
        if len(data) < size:
            raise reading.damaged(self._path.name)
        return int.from_bytes(data)

    def _block(self, size: int) -> bytes:
        """The contents of a section that begins with its length in ``size`` bytes."""
        length = self._number(size)
        if length > self._size - self._file.tell():
            raise reading.damaged(self._path.name)
        return self._file.read(length)

    def _layer_info(self) -> "LayerInfo | None":
        """Records of "Layer and Mask Information Section", or of the block in its place at 16 or 32 bits.

        Leaves the file at the merged picture.
        """
        from psd_tools.psd.layer_and_mask import LayerInfo
        from psd_tools.psd.parse_limits import ParseLimitError, ParseLimits, parse_context

        version, file = self._header.version, self._file
        end = self._number(4 * version) + file.tell()
        if end > self._size:
            raise reading.damaged(self._path.name)
        info = None
        limits = ParseLimits(
            max_total_bytes=_MAX_RATIO * self._size, max_objects=_MAX_VALUES, max_nesting_depth=_MAX_NESTING
        )
        try:
            with parse_context(limits):
                if file.tell() + 4 * version <= end:
                    after = self._number(4 * version) + file.tell()
                    if after > end:
                        raise reading.damaged(self._path.name)
                    file.seek(-4 * version, os.SEEK_CUR)
                    info = LayerInfo.read(file, version=version)
                    file.seek(after)
                    info = self._global_blocks(end) or info
        except ParseLimitError as error:
            raise Refused(_LIMITS[str(error).partition(" ")[0]]) from error
        file.seek(end)
        if info is not None and info.layer_count < 0:
            self._merged_alpha = True
        return info if info is not None and info.layer_records else None

    def _global_blocks(self, end: int) -> "LayerInfo | None":
        """Layers in the blocks after the global mask; also learns whether the merged picture has alpha."""
        from psd_tools.psd.layer_and_mask import LayerInfoBlock

        file, version, info = self._file, self._header.version, None
        if file.tell() + 4 <= end:
            start = file.tell()
            if file.read(4) in (b"8BIM", b"8B64"):
                file.seek(start)
            else:
                file.seek(start + 4 + int.from_bytes(self._peek(start, 4)))
        while file.tell() + 12 <= end:
            signature, key = file.read(4), file.read(4)
            if signature not in (b"8BIM", b"8B64"):
                break
            length = self._number(8 if version == 2 and key in _LONG else 4)
            following = file.tell() + length + -length % 4
            if key in _MERGED_ALPHA:
                self._merged_alpha = True
            elif key in _DEEP_LAYERS and length and file.tell() + length <= end:
                info = LayerInfoBlock.read(file, version=version)
            file.seek(following)
        return info

    def _peek(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        return self._file.read(size)

    # -- parts of the document ------------------------------------------------------------------------

    def _layers(self) -> list[Layer]:
        header, info = self._header, self._info
        if info is None:
            return []
        if header.mode not in (GREY, RGB) or header.depth == 32:
            self.notes.add("Its layers came in as one flat picture")
            return []
        canvas = Rect(0, 0, header.width, header.height)
        reader = LayerReader(header, self._path.name, self.notes, VectorMasks(canvas))
        return reader.stack(zip(info.layer_records, info.channel_image_data, strict=True))

    def _flat(self) -> Picture:
        header = self._header
        version = self._resources.get(keys.VERSION_INFO, b"")
        if self._info is not None and len(version) > 4 and not version[4]:
            raise FileError(
                f"Cannot open {self._path.name}: its colours are not RGB or grey of 8 or 16 bits, and it was "
                "saved without a merged picture; convert it to RGB in another program first."
            )
        if header.mode in _CONVERTED:
            self.notes.add(_CONVERTED[header.mode])
        if header.depth == 32 or (header.depth == 16 and header.mode not in (GREY, RGB)):
            self.notes.add(f"Its {header.depth} bits a channel became {16 if header.depth == 32 else 8}")
        beyond = header.channels - headers.COLOURS[header.mode]
        if beyond < 0:
            raise reading.damaged(self._path.name)
        names = resources.channel_names(self._resources)
        # One channel beyond the colours that nobody named is transparency: Photoshop names its own.
        transparent = beyond > 0 and (
            self._merged_alpha or (beyond == 1 and not names and self._info is None)
        )
        self._merged = Merged(self._file.read(), header)
        return picture(self._merged, header, self._palette, self._resources, transparent=transparent)

    def _channels(self, flat: Picture | None) -> tuple[Channel, ...]:
        """Selections saved in channels after the colours and the transparency."""
        header = self._header
        first = headers.COLOURS[header.mode] + self._merged_alpha if flat is None else flat.channels
        count = header.channels - first
        if count <= 0 or header.depth == 1:
            return ()
        merged = self._merged if flat is not None else Merged(self._file.read(), header)
        names = resources.channel_names(self._resources)[-count:]
        names = [f"Alpha {number}" for number in range(1, count - len(names) + 1)] + names
        channels = []
        for name, plane in zip(names, merged.planes(first, header.channels), strict=True):
            if plane.dtype == np.float32:
                plane = np.rint(np.nan_to_num(plane).clip(0, 1) * 255).astype(np.uint8)
            elif plane.dtype == np.uint16:
                plane = depth.from_16_bits(plane, 8)
            image = TiledImage.from_array(np.ascontiguousarray(plane)[..., None])
            channels.append(Channel(name, image))
        return tuple(channels)

    def _note_resources(self) -> None:
        found = self._resources
        lost = {
            "paths": any(number in keys.PATHS for number in found),
            "guides": int.from_bytes(found.get(keys.GUIDES, b"")[12:16]) > 0,
            "layer comps": keys.LAYER_COMPS in found,
            "a timeline": keys.TIMELINE in found,
            "IPTC texts": keys.IPTC in found and keys.XMP not in found,
        }
        if any(lost.values()):
            self.notes.add(f"Not kept: {', '.join(what for what, is_lost in lost.items() if is_lost)}")


def _turn(document: Document, orientation: int) -> None:
    """Make the document upright: EXIF's orientation 2, 4, 5 and 7 mirror, 3 and 5 to 8 turn."""
    if orientation == 1:
        return
    width, height = document.width, document.height

    def turned(plane: TiledImage) -> TiledImage:
        if orientation in (5, 6, 7, 8):
            plane = planes.turned(plane, width, height, clockwise=orientation in (5, 6))
        mirror = {2: "width", 3: "both", 4: "height", 5: "width", 7: "width"}.get(orientation)
        if mirror is None:
            return plane
        new_width, new_height = (height, width) if orientation >= 5 else (width, height)
        sides = {"width": new_width} if mirror != "height" else {}
        if mirror in ("height", "both"):
            sides["height"] = new_height
        return planes.mirrored(plane, **sides)

    for layer in walk(document.layers):
        if isinstance(layer, PixelLayer):
            layer.image = turned(layer.image)
        if layer.mask is not None:
            layer.mask = LayerMask(turned(layer.mask.image), layer.mask.enabled)
    document.channels = tuple(Channel(each.name, turned(each.image)) for each in document.channels)
    if orientation >= 5:
        document.width, document.height = height, width
