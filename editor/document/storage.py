"""Documents from files and back."""

import os
from pathlib import Path

from editor.document.files import raster
from editor.document.layers import PixelLayer
from editor.document.model import Document

DOCUMENT_SUFFIXES = (".ora", ".psd", ".psb")  # formats that keep layers
_PSD_SUFFIXES = (".psd", ".psb")
_HEAD = 256  # bytes that tell a document's format


def open_document(path: str | os.PathLike) -> Document:
    """A file as a document, by what is in it; a flat picture has one layer. Raises FileError."""
    if _is_openraster(Path(path)):
        from editor.document.files import ora  # a photograph's first paint does not wait for it

        return ora.read(path)
    if _head(Path(path)).startswith(b"8BPS"):
        from editor.document.files import psd

        document, document.notes = psd.read(path)
        return document
    return from_raster(raster.read(path), path)


def from_raster(picture: raster.Raster, path: str | os.PathLike) -> Document:
    """A flat picture, read from ``path``, as a document of one layer."""
    return Document.from_pixels(
        picture.pixels,
        grey=picture.grey,
        has_alpha=picture.has_alpha,
        metadata=picture.metadata,
        path=Path(path).absolute(),
        notes=picture.notes,
    )


def save(document: Document, path: str | os.PathLike, *, quality: int | None = None) -> None:
    """Write a document in the format of the name's suffix, flat if not one of ``DOCUMENT_SUFFIXES``.

    ``quality`` (1 to 100) is for the flat formats that have one. Raises FileError; then nothing was changed.

    From another thread than the one that edits, save a ``snapshot`` of the document.
    """
    if Path(path).suffix.lower() == ".ora":
        from editor.document.files import ora

        ora.write(document, path)
        return
    if Path(path).suffix.lower() in _PSD_SUFFIXES:
        from editor.document.files import psd

        psd.write(document, path)
        return
    raster.write(path, flattened(document), quality=quality)


def flattened(document: Document) -> raster.Raster:
    """What shows of a document as a flat picture."""
    pixels = document.composite(document.rect)
    has_alpha = document.has_alpha or bool((pixels[..., 3] < document.maximum).any())
    grey = document.grey and bool((pixels[..., :1] == pixels[..., 1:3]).all())
    return raster.Raster(pixels, grey, has_alpha, document.metadata)


def losses(document: Document, path: str | os.PathLike) -> list[str]:
    """What saving under this name would not keep, a few words each; empty where everything is kept."""
    suffix = Path(path).suffix.lower()
    if suffix == ".ora":
        return []
    if suffix in _PSD_SUFFIXES:
        from editor.document.files import psd

        return [*psd.losses(document), *_guides_lost(document)]
    lost = []
    if len(document.layers) > 1 or not isinstance(document.layers[0], PixelLayer) or document.layers[0].mask:
        lost.append("the layers (one flat picture is saved)")
    if document.channels:
        lost.append("the saved selections")
    lost += _guides_lost(document)
    if suffix in raster.JPEG_SUFFIXES and document.has_alpha:
        lost.append("the transparency (white is put behind it)")
    if suffix in raster.EIGHT_BIT_SUFFIXES and document.bits == 16:
        lost.append("16 bits a channel (8 are saved)")
    return lost


def _guides_lost(document: Document) -> list[str]:
    """Only our own format has them."""
    return ["the guide lines (structure lines and sketch)"] if document.guides else []


def _is_openraster(path: Path) -> bool:
    """Whether the file is one by its content, or has to be by its name; False if it cannot be read."""
    head = _head(path)
    archive = head.startswith(b"PK\3\4")
    return archive and (path.suffix.lower() == ".ora" or head[30:].startswith(b"mimetypeimage/openraster"))


def _head(path: Path) -> bytes:
    """How the file begins; nothing if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""
