"""XMP packets: made upright and free of their thumbnails, the same otherwise."""

import re

_ORIENTATION = re.compile(rb"(tiff:Orientation(?:\s*=\s*[\"']|\s*>)\s*)(\d)(?=\s*[\"'<])")
_THUMBNAILS = re.compile(rb"<(xmp|xap):Thumbnails\b.*?</\1:Thumbnails\s*>", re.DOTALL)


def clean(packet: bytes) -> tuple[bytes, int | None]:
    """The packet with ``tiff:Orientation`` 1 and no thumbnails, and what that was (1 to 8, or None)."""
    found = _ORIENTATION.search(packet)
    orientation = int(found[2]) if found else None
    upright = _ORIENTATION.sub(rb"\g<1>1", packet)
    return _THUMBNAILS.sub(b"", upright), orientation if orientation in range(1, 9) else None
