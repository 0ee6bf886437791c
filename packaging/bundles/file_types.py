"""The files that Lacuna opens, in the words of each system: one table, from the program's own suffixes."""

from editor.document.files.raster import READ_SUFFIXES
from editor.document.storage import DOCUMENT_SUFFIXES

# MIME types as shared-mime-info names them; of several for a format, what desktops use.
MIME = {
    ".ora": "image/openraster",
    ".psd": "image/vnd.adobe.photoshop",
    ".psb": "image/vnd.adobe.photoshop",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jfif": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".jxl": "image/jxl",
    ".bmp": "image/bmp",
    ".dib": "image/bmp",
    ".heic": "image/heif",
    ".heif": "image/heif",
    ".hif": "image/heif",
    ".arw": "image/x-sony-arw",
    ".cr2": "image/x-canon-cr2",
    ".cr3": "image/x-canon-cr3",
    ".crw": "image/x-canon-crw",
    ".dng": "image/x-adobe-dng",
    ".kdc": "image/x-kodak-kdc",
    ".mrw": "image/x-minolta-mrw",
    ".nef": "image/x-nikon-nef",
    ".nrw": "image/x-nikon-nrw",
    ".orf": "image/x-olympus-orf",
    ".pef": "image/x-pentax-pef",
    ".raf": "image/x-fuji-raf",
    ".rw2": "image/x-panasonic-rw2",
    ".sr2": "image/x-sony-sr2",
    ".srf": "image/x-sony-srf",
    ".x3f": "image/x-sigma-x3f",
}
DOCUMENTS = tuple(DOCUMENT_SUFFIXES)
PICTURES = tuple(READ_SUFFIXES)


def mime_types() -> list[str]:
    """Each type once: documents first, then pictures."""
    return list(dict.fromkeys(MIME[each] for each in (*DOCUMENTS, *PICTURES) if each in MIME))


def mac_document_types() -> list[dict]:
    """``CFBundleDocumentTypes`` of an app: the editor of documents, and one of several for pictures."""
    kinds = (("Layered picture", DOCUMENTS, "Owner"), ("Picture", PICTURES, "Alternate"))
    return [
        {
            "CFBundleTypeName": name,
            "CFBundleTypeRole": "Editor",
            "LSHandlerRank": rank,
            "CFBundleTypeExtensions": [each.removeprefix(".") for each in suffixes],
        }
        for name, suffixes, rank in kinds
    ]
