"""The beginning of a PSD: "File Header Section"."""

import struct
from dataclasses import dataclass

from editor.document.files.errors import FileError, Refused
from editor.document.files.reading import MAX_PIXELS, damaged, guard

BITMAP, GREY, INDEXED, RGB, CMYK, MULTICHANNEL, DUOTONE, LAB = 0, 1, 2, 3, 4, 7, 8, 9
COLOURS = {BITMAP: 1, GREY: 1, INDEXED: 1, RGB: 3, CMYK: 4, DUOTONE: 1, LAB: 3}  # channels of each
MAX_IN_ALL = 8 * MAX_PIXELS  # of all channels, and of all layers
_FORMAT = ">4sH6xHIIHH"
SIZE = struct.calcsize(_FORMAT)
_DEPTHS = {BITMAP: (1,), INDEXED: (8,), GREY: (8, 16, 32), RGB: (8, 16, 32)}


@dataclass(frozen=True)
class Header:
    """``version`` is 1 for PSD and 2 for PSB, ``depth`` 1, 8, 16 or 32 bits a channel."""

    version: int
    channels: int
    height: int
    width: int
    depth: int
    mode: int

    def pack(self) -> bytes:
        values = (self.version, self.channels, self.height, self.width, self.depth, self.mode)
        return struct.pack(_FORMAT, b"8BPS", *values)


def parse(data: bytes, name: str) -> Header:
    """The header of the file ``name``. Raises FileError or Refused for what cannot be opened."""
    if len(data) < SIZE:
        raise damaged(name)
    signature, *values = struct.unpack(_FORMAT, data[:SIZE])
    header = Header(*values)
    if signature != b"8BPS" or header.version not in (1, 2) or not 1 <= header.channels <= 56 + 1:
        raise damaged(name)
    if header.mode == MULTICHANNEL:
        raise FileError(
            f"Cannot open {name}: its channels are single inks (Multichannel); convert it to RGB in another "
            "program first."
        )
    if header.mode not in COLOURS:
        raise damaged(name)
    if header.depth not in _DEPTHS.get(header.mode, (8, 16)):
        raise damaged(name)
    guard(header.width, header.height, name)
    if header.width * header.height * header.channels > MAX_IN_ALL:
        raise Refused(
            f"its {header.channels} channels hold more than the limit of {MAX_IN_ALL // 1_000_000} "
            "megapixels together; delete some in another program first"
        )
    return header
