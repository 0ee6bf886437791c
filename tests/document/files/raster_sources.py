"""Source files for the tests, built without the code under test."""

import struct

THUMBNAIL = b"\xff\xd8\xff\xe0 the removed object is still to be seen here \xff\xd9"


def _directory(order, at, fields, following=0):
    body_at = at + 2 + 12 * len(fields) + 4
    table, body = struct.pack(order + "H", len(fields)), b""
    for tag, kind, count, raw in fields:
        value = raw.ljust(4, b"\0")
        if len(raw) > 4:
            value = struct.pack(order + "I", body_at + len(body))
            body += raw + bytes(len(raw) % 2)
        table += struct.pack(order + "HHI", tag, kind, count) + value
    return table + struct.pack(order + "I", following) + body


def exif_block(order="<", *, orientation=None, thumbnail=False, note=b"MAKERNOTE\0\x01\x02\xff\xfe"):
    """An EXIF block: make, orientation, exposure, maker note, GPS, and a thumbnail if asked for."""
    long = lambda value: struct.pack(order + "I", value)  # noqa: E731
    block = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    main_size = 2 + 12 * (3 + (orientation is not None)) + 4 + 6
    sub_at = 8 + main_size
    sub = _directory(
        order,
        sub_at,
        [
            (33434, 5, 1, struct.pack(order + "II", 1, 250)),
            (37500, 7, len(note), note),
        ],
    )
    gps_at = sub_at + len(sub)
    gps = _directory(
        order, gps_at, [(1, 2, 2, b"N\0"), (2, 5, 3, struct.pack(order + "6I", 48, 1, 8, 1, 5, 1))]
    )
    second_at = gps_at + len(gps)
    second = b""
    if thumbnail:
        data_at = second_at + 2 + 24 + 4
        entries = [(513, 4, 1, long(data_at)), (514, 4, 1, long(len(THUMBNAIL)))]
        second = _directory(order, second_at, entries) + THUMBNAIL
    main = [(271, 2, 6, b"Maker\0")]
    if orientation is not None:
        main.append((274, 3, 1, struct.pack(order + "H", orientation)))
    main += [(34665, 4, 1, long(sub_at)), (34853, 4, 1, long(gps_at))]
    return block + _directory(order, 8, main, second_at if thumbnail else 0) + sub + gps + second


def ifd_values(block):
    """Every value of an EXIF block but pointers and the orientation, by (directory, tag)."""
    order = "<" if block[:2] == b"II" else ">"
    sizes = {2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    values = {}

    def walk(name, at):
        (count,) = struct.unpack_from(order + "H", block, at)
        for position in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, number = struct.unpack_from(order + "HHI", block, position)
            size = sizes[kind] * number
            start = position + 8 if size <= 4 else struct.unpack_from(order + "I", block, position + 8)[0]
            if tag in (34665, 34853):
                walk(tag, struct.unpack_from(order + "I", block, position + 8)[0])
            elif tag != 274:
                values[name, tag] = block[start : start + size]

    walk(0, struct.unpack_from(order + "I", block, 4)[0])
    return values
