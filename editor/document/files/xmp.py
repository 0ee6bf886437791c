"""XMP packets: made upright and free of their thumbnails, the same otherwise."""

import re

_ORIENTATION = re.compile(rb"(tiff:Orientation(?:\s*=\s*[\"']|\s*>)\s*)(\d)(?=\s*[\"'<])")
_THUMBNAILS = {prefix: re.compile(rb"</" + prefix + rb":Thumbnails\s*>") for prefix in (b"xmp", b"xap")}
_BEGINNING = re.compile(rb"<(xmp|xap):Thumbnails\b")


def clean(packet: bytes) -> tuple[bytes, int | None]:
    """The packet with ``tiff:Orientation`` 1 and no thumbnails, and what that was (1 to 8, or None)."""
    found = _ORIENTATION.search(packet)
    orientation = int(found[2]) if found else None
    upright = _ORIENTATION.sub(rb"\g<1>1", packet)
    return _without_thumbnails(upright), orientation if orientation in range(1, 9) else None


def _without_thumbnails(packet: bytes) -> bytes:
    """Each from where it begins to the next end of its kind, in one pass.

    One expression for both would look for an end once for each beginning, all through the packet.
    """
    kept, at = [], 0
    endless: set[bytes] = set()  # prefixes that have no end from here on
    for beginning in _BEGINNING.finditer(packet):
        prefix = beginning[1]
        if beginning.start() < at or prefix in endless:
            continue
        end = _THUMBNAILS[prefix].search(packet, beginning.end())
        if end is None:
            endless.add(prefix)
            continue
        kept.append(packet[at : beginning.start()])
        at = end.end()
    return b"".join([*kept, packet[at:]]) if kept else packet
