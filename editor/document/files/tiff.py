"""TIFF: facts and metadata from the first directory, 16-bit samples in, 8- and 16-bit files out."""

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from editor.document.files import alpha, blocks, exif, ifd, opencv, resolution
from editor.document.files.colour import fitting
from editor.document.files.metadata import Metadata

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB = 0, 1, 2
_ASSOCIATED, _UNASSOCIATED = 1, 2
_UNSIGNED, _UNDEFINED = 1, 4
_XMP, _ICC = 700, 34675
# None, Adobe's and the older deflate, PackBits, LZMA: what tifffile decodes without further packages.
_TIFFFILE_DECODES = (1, 8, 32946, 32773, 34925)
_STRIP_BYTES = 1 << 20


@dataclass(frozen=True)
class Facts:
    """How the first picture of a TIFF file is stored. ``metadata`` is cleaned, ``orientation`` 1 to 8;
    ``notes`` say what of the metadata was left out."""

    width: int
    height: int
    bits: tuple[int, ...]
    formats: tuple[int, ...]
    photometric: int
    extra: tuple[int, ...] | None
    compression: int
    orientation: int
    metadata: Metadata
    notes: tuple[str, ...]

    @property
    def whole_numbers(self) -> bool:
        """Whether the values are unsigned and of 1, 2, 4, 8 or 16 bits."""
        return set(self.bits) <= {1, 2, 4, 8, 16} and set(self.formats) <= {_UNSIGNED, _UNDEFINED}

    @property
    def deep(self) -> bool:
        """Whether ``decode_deep`` is to read it: 16-bit whole numbers, grey or RGB."""
        return set(self.bits) == {16} and self.photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB)


def is_tiff(head: bytes) -> bool:
    return head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def within_limits(data) -> tuple[bytes | None, tuple[str, ...]]:
    """A TIFF file (bytes or mmap) without the largest tags of its first directory if they claim more than
    the file has, and a note that says so; None for one where they do not.

    Values that lie on each other make gigabytes of a small file: libtiff reads all that it does not know.
    Raises ``ifd.BadBlock``.
    """
    source = ifd.Block(data)
    first = source.directory(source.first)
    claimed = sum(entry.size for entry in first.entries.values())
    if claimed <= len(data):
        return None, ()
    left, kept = len(data), set()
    for entry in sorted(first.entries.values(), key=lambda entry: entry.size):
        left -= entry.size
        if left >= 0:
            kept.add(entry.tag)
    note = f"Its tags claim {claimed:,} bytes where the file has {len(data):,}; the largest were left out"
    return source.reduced(first, kept), (note,)


def facts(data) -> Facts:
    """Read a TIFF file's first directory from ``data`` (bytes or mmap). Raises ``ifd.BadBlock`` and
    ``Refused``."""
    source = ifd.Block(data)
    first = source.directory(source.first)

    def one(tag: int, default: int) -> int:
        return (source.numbers(first, tag) or (default,))[0]

    found = blocks.of_tiff(source, first)
    orientation = one(exif.ORIENTATION, 0)
    if not 1 <= orientation <= 8:
        orientation = found.orientation or 1
    metadata = Metadata(
        format="TIFF", icc=found.icc, exif=found.exif, xmp=found.xmp, dpi=resolution.read(source, first)
    )
    return Facts(
        width=one(256, 0),
        height=one(257, 0),
        bits=source.numbers(first, 258) or (1,),
        formats=source.numbers(first, 339) or (1,),
        photometric=one(262, _BLACK_IS_ZERO),
        extra=source.numbers(first, 338) if 338 in first.entries else None,
        compression=one(259, 1),
        orientation=orientation,
        metadata=metadata,
        notes=found.notes,
    )


def decode_deep(data, stored: Facts) -> np.ndarray:
    """The first picture of a TIFF file whose facts are ``deep`` as (H, W, 1 to 4) uint16, not yet turned:
    grey, grey + alpha, RGB or RGBA, straight alpha.

    ``data`` is bytes or mmap. Raises ``ValueError``, or what the decoder raises, for files it cannot read.
    """
    decode = _through_tifffile if stored.compression in _TIFFFILE_DECODES else _through_opencv
    samples = decode(data)
    colours = 3 if stored.photometric == _RGB else 1
    total = samples.shape[2]
    if samples.dtype != np.uint16 or samples.shape[:2] != (stored.height, stored.width) or total < colours:
        raise ValueError("the samples do not fit the header")
    # Without a word on it the one extra channel is alpha; a second one is a mask or a spot colour.
    extra = stored.extra if stored.extra is not None else (_UNASSOCIATED,)
    has_alpha = total > colours and extra[:1] in ((_ASSOCIATED,), (_UNASSOCIATED,))
    samples = np.array(samples[..., : colours + has_alpha], order="C")
    if stored.photometric == _WHITE_IS_ZERO:
        samples[..., 0] = 65535 - samples[..., 0]
    if has_alpha and extra[0] == _ASSOCIATED:
        alpha.divide(samples)
    return samples


def _through_tifffile(data) -> np.ndarray:
    import logging

    import tifffile

    # It writes to stderr what it then raises, or gets along with.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
    with tifffile.TiffFile(BytesIO(data)) as file:
        page = file.pages[0]
        samples = page.asarray().astype(np.uint16, copy=False)
        count, height, width = page.samplesperpixel, page.imagelength, page.imagewidth
        if count > 1 and page.planarconfig == 2:
            return np.moveaxis(samples.reshape(count, height, width), 0, 2)
        return samples.reshape(height, width, count)


def _through_opencv(data) -> np.ndarray:
    """Decoded without its orientation, which OpenCV applies to a TIFF whatever it is asked."""
    copy = bytearray(data)
    source = ifd.Block(copy)
    entry = source.directory(source.first).entries.get(exif.ORIENTATION)
    if entry is not None and entry.kind == ifd.SHORT:
        struct.pack_into(source.order + "H", copy, entry.at, 1)
    return opencv.decode(copy)


def encode(samples: np.ndarray, metadata: Metadata) -> bytes:
    """``samples`` (H, W, 1 to 4) uint8 or uint16 (grey, grey + alpha, RGB or RGBA) as a deflated TIFF file.

    An EXIF block is a TIFF structure itself: the file begins with it, in its byte order, so that all its
    offsets, a maker note's too, stay right without being understood.
    """
    height, width, channels = samples.shape
    order, described, prefix = _exif_as_prefix(metadata.exif)
    file = BytesIO()
    file.write(prefix)
    rows = max(1, _STRIP_BYTES // (samples.dtype.itemsize * width * channels))
    offsets, sizes = [], []
    with ThreadPoolExecutor() as pool:  # zlib lets other threads run
        starts = range(0, height, rows)
        for strip in pool.map(lambda start: _packed(samples[start : start + rows], order), starts):
            offsets.append(file.tell())
            sizes.append(len(strip))
            file.write(strip)
    file.write(bytes(file.tell() % 2))

    def shorts(*values: int) -> bytes:
        return struct.pack(f"{order}{len(values)}H", *values)

    def longs(*values: int) -> bytes:
        return struct.pack(f"{order}{len(values)}I", *values)

    grey = channels <= 2
    fields = [
        (256, ifd.LONG, longs(width)),
        (257, ifd.LONG, longs(height)),
        (258, ifd.SHORT, shorts(*[samples.dtype.itemsize * 8] * channels)),
        (259, ifd.SHORT, shorts(8)),  # deflate
        (262, ifd.SHORT, shorts(_BLACK_IS_ZERO if grey else _RGB)),
        (273, ifd.LONG, longs(*offsets)),
        (277, ifd.SHORT, shorts(channels)),
        (278, ifd.LONG, longs(rows)),
        (279, ifd.LONG, longs(*sizes)),
        (284, ifd.SHORT, shorts(1)),  # channels side by side
        (317, ifd.SHORT, shorts(2)),  # differences along the row
        *described,
    ]
    if channels in (2, 4):
        fields.append((338, ifd.SHORT, shorts(_UNASSOCIATED)))
    if metadata.dpi:
        fields += resolution.fields(order, metadata.dpi)
    if metadata.xmp:
        fields.append((_XMP, ifd.BYTE, metadata.xmp))
    if icc := fitting(metadata.icc, grey=grey):
        fields.append((_ICC, ifd.UNDEFINED, icc))
    at = file.tell()
    file.write(ifd.pack(order, fields, at))
    file.seek(0)
    file.write(ifd.header(order, at))
    return file.getvalue()


def _exif_as_prefix(block: bytes | None) -> tuple[str, list[ifd.Field], bytes]:
    """Byte order, the fields that go into the file's own directory, and the bytes the file begins with."""
    try:
        source = ifd.Block(block or b"")
        kept = exif.DESCRIPTIVE | {exif.EXIF_IFD, exif.GPS_IFD}
        entries = source.directory(source.first).entries
        fields = source.fields(entry for tag, entry in entries.items() if tag in kept)
    except ifd.BadBlock:
        return "<", [], bytes(8)
    return source.order, fields, block + bytes(len(block) % 2)


def _packed(rows: np.ndarray, order: str) -> bytes:
    differences = rows.copy()
    differences[:, 1:] -= rows[:, :-1]
    return zlib.compress(differences.astype(rows.dtype.newbyteorder(order)).tobytes())
