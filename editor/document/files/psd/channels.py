"""Pixels of one channel, packed and unpacked.

"Channel image data" and "Image Data Section": 0 is raw, 1 PackBits row by row after the packed size of each
row, 2 deflate, 3 deflate of the differences along each row. Numbers are big-endian.
"""

import zlib

import numpy as np

RAW, RLE, ZIP, ZIP_WITH_PREDICTION = range(4)
_PACKED_BYTES, _PACKED_FROM = 2, 128  # the most that PackBits saves
_DTYPES = {1: np.dtype("u1"), 8: np.dtype("u1"), 16: np.dtype(">u2"), 32: np.dtype(">f4")}


class BadChannel(ValueError):
    """A channel's data cannot be unpacked."""


def row_bytes(width: int, depth: int) -> int:
    """Bytes of an unpacked row; at a depth of 1, eight pixels share one."""
    return (width * depth + 7) // 8


def unpack(data: bytes, compression: int, width: int, height: int, depth: int, version: int) -> np.ndarray:
    """(height, width) uint8, uint16 or float32; at a depth of 1, (height, bytes of a row).

    Nothing larger than the data could hold is allocated. Raises BadChannel.
    """
    row = row_bytes(width, depth)
    size = row * height
    if compression == RAW:
        flat = data[:size]
    elif compression == RLE:
        digits = 2 * version
        counts = np.frombuffer(data[: height * digits], f">u{digits}")
        if len(counts) != height:
            raise BadChannel("the sizes of the rows are cut off")
        flat = unpack_rows(data[height * digits :], counts, row)
    elif compression in (ZIP, ZIP_WITH_PREDICTION):
        flat = _inflated(data, size)
    else:
        raise BadChannel(f"compression {compression} is unknown")
    if len(flat) != size:
        raise BadChannel(f"{len(flat)} bytes where {size} are needed")
    if compression == ZIP_WITH_PREDICTION:
        return _summed(flat, width, height, depth)
    return _values(flat, height, depth)


def unpack_rows(data: bytes, counts: np.ndarray, row: int) -> bytes:
    """PackBits rows of ``row`` bytes each; ``counts`` are their packed sizes. Raises BadChannel."""
    from psd_tools.compression import rle_impl

    ends = np.cumsum(counts, dtype=np.int64)
    if len(ends) and ends[-1] > len(data):
        raise BadChannel("the rows are cut off")
    if len(ends) * row * _PACKED_BYTES > len(data) * _PACKED_FROM:
        raise BadChannel("the rows are larger than their data could make them")
    starts = ends - counts
    rows = zip(starts.tolist(), ends.tolist(), strict=True)
    return b"".join(rle_impl.decode(data[start:end], row) for start, end in rows)


def _inflated(data: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, size or 1)
    except zlib.error as error:
        raise BadChannel(str(error)) from error


def _values(flat: bytes, height: int, depth: int) -> np.ndarray:
    stored = np.frombuffer(flat, _DTYPES[depth])
    return stored.astype(stored.dtype.newbyteorder("="), copy=False).reshape(height, -1)


def _summed(flat: bytes, width: int, height: int, depth: int) -> np.ndarray:
    if depth < 32:
        values = _values(flat, height, depth)
        return np.cumsum(values, axis=1, dtype=values.dtype)
    # The four bytes of the numbers of a row lie apart, the highest of all first, and are summed as bytes.
    summed = np.cumsum(np.frombuffer(flat, np.uint8).reshape(height, -1), axis=1, dtype=np.uint8)
    joined = summed.reshape(height, 4, width).transpose(0, 2, 1)
    return _values(joined.tobytes(), height, depth)


def pack_rows(plane: np.ndarray) -> list[bytes]:
    """The PackBits rows of a (height, width) uint8 or uint16 plane."""
    from psd_tools.compression import rle_impl

    stored = plane.astype(_big_endian(plane), copy=False)
    return [rle_impl.encode(row.tobytes()) for row in stored]  # one copy of all would hold up other threads


def pack_counts(rows: list[bytes], version: int) -> bytes:
    """The table of the rows' packed sizes that stands before them."""
    return np.array([len(row) for row in rows], f">u{2 * version}").tobytes()


def pack_bits(plane: np.ndarray, version: int) -> bytes:
    """A channel with its compression, packed by PackBits."""
    rows = pack_rows(plane)
    return b"\0\1" + pack_counts(rows, version) + b"".join(rows)


def pack(plane: np.ndarray, version: int) -> bytes:
    """A channel with its compression: PackBits of 8-bit values, prediction and deflate of 16-bit ones."""
    if plane.dtype == np.uint8:
        return pack_bits(plane, version)
    differences = plane.copy()
    differences[:, 1:] -= plane[:, :-1]
    # Of photographs' differences only runs are worth looking for: three times as fast, and smaller.
    packer = zlib.compressobj(1, strategy=zlib.Z_RLE)
    return b"\0\3" + packer.compress(differences.astype(_big_endian(plane)).data) + packer.flush()


def _big_endian(plane: np.ndarray) -> np.dtype:
    return plane.dtype.newbyteorder(">")
