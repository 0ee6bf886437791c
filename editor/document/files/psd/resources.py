"""Image resources of a PSD: what it says of the picture besides its pixels.

"Image Resources Section": blocks of signature, id, Pascal name and data, the latter two padded to even sizes.
"""

import struct

from editor.document.files.blocks import cleaned
from editor.document.files.metadata import Metadata, usable_dpi
from editor.document.files.psd import keys

_FIXED = 65536  # of one, in 16.16 fixed point numbers
_PIXELS_PER_INCH = 1
_MOST_NAMES = 56  # a file has no more channels
_INVERTED = 1  # kind of a channel that holds an ordinary selection, as Photoshop writes it


def parse(data: bytes) -> dict[int, bytes]:
    """Blocks by id, as far as they can be followed."""
    blocks: dict[int, bytes] = {}
    at = 0
    while at + 12 <= len(data):
        number = int.from_bytes(data[at + 4 : at + 6])
        at += 6 + (data[at + 6] + 2) // 2 * 2
        size = int.from_bytes(data[at : at + 4])
        at += 4
        blocks.setdefault(number, data[at : at + size])
        at += size + size % 2
    return blocks


def pack(blocks: dict[int, bytes]) -> bytes:
    """The section's contents with these blocks."""
    parts = []
    for number, data in blocks.items():
        parts += [struct.pack(">4sHHI", b"8BIM", number, 0, len(data)), data, bytes(len(data) % 2)]
    return b"".join(parts)


def metadata(blocks: dict[int, bytes], file_format: str) -> tuple[Metadata, int, tuple[str, ...]]:
    """The cleaned metadata, the orientation it had (1 to 8), and notes of what was left out."""
    found = cleaned(*(blocks.get(key) for key in (keys.ICC_PROFILE, keys.EXIF, keys.XMP)))
    dpi = _dpi(blocks.get(keys.RESOLUTION, b""))
    described = Metadata(format=file_format, icc=found.icc, exif=found.exif, xmp=found.xmp, dpi=dpi)
    return described, found.orientation or 1, found.notes


def _dpi(block: bytes) -> tuple[float, float] | None:
    """ "ResolutionInfo structure": always in pixels per inch, whatever unit is shown."""
    if len(block) < 16:
        return None
    x, y = (int.from_bytes(block[at : at + 4]) / _FIXED for at in (0, 8))
    return usable_dpi((x, y))


def pack_dpi(dpi: tuple[float, float]) -> bytes:
    """A resolution block; 16.16 fixed point numbers end at 32767."""
    x, y = (round(min(dots, 32767) * _FIXED) for dots in dpi)
    return struct.pack(">IHHIHH", x, _PIXELS_PER_INCH, 1, y, _PIXELS_PER_INCH, 1)


def channel_names(blocks: dict[int, bytes]) -> list[str]:
    """Names of the channels beyond the colours, of the transparency too if it is one of them."""
    data, names, at = blocks.get(keys.UNICODE_ALPHA_NAMES, b""), [], 0
    while at + 4 <= len(data) and len(names) <= _MOST_NAMES:
        end = at + 4 + 2 * int.from_bytes(data[at : at + 4])
        names.append(data[at + 4 : end].decode("utf-16-be", "replace").rstrip("\0"))
        at = end
    if names:
        return names
    data, at = blocks.get(keys.ALPHA_NAMES, b""), 0
    while at < len(data) and len(names) <= _MOST_NAMES:
        end = at + 1 + data[at]
        names.append(data[at + 1 : end].decode("mac-roman").rstrip("\0"))
        at = end
    return names


def channel_blocks(names: list[str]) -> dict[int, bytes]:
    """The blocks that name and describe channels beyond the colours; none for no channels."""
    if not names:
        return {}
    pascal = [name.encode("mac-roman", "replace")[:255] for name in names]
    # "DisplayInfo": version; of each channel its colour space, colour, opacity in percent, and kind.
    display = struct.pack(">HHHHHHB", 0, 65535, 0, 0, 0, 50, _INVERTED)
    return {
        keys.ALPHA_NAMES: b"".join(bytes([len(name)]) + name for name in pascal),
        keys.UNICODE_ALPHA_NAMES: b"".join(unicode_string(name + "\0") for name in names),
        keys.DISPLAY_INFO: struct.pack(">I", 1) + display * len(names),
    }


def version_info() -> bytes:
    """ "Version Info": the merged picture is real; who wrote it, and who could read it."""
    writer = unicode_string("Lacuna")
    return struct.pack(">IB", 1, 1) + writer + writer + struct.pack(">I", 1)


def unicode_string(text: str) -> bytes:
    """ "Unicode string": the count of UTF-16 units, then these."""
    encoded = text.encode("utf-16-be", "surrogatepass")
    return struct.pack(">I", len(encoded) // 2) + encoded
