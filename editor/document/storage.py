"""Documents from files and back."""

import os
from pathlib import Path

from editor.document.files import raster
from editor.document.model import Document


def open_document(path: str | os.PathLike) -> Document:
    """A picture file as a document; a flat picture has one layer. Raises FileError."""
    picture = raster.read(path)
    return Document.from_pixels(
        picture.pixels,
        grey=picture.grey,
        has_alpha=picture.has_alpha,
        metadata=picture.metadata,
        path=Path(path).absolute(),
    )


def save(document: Document, path: str | os.PathLike) -> None:
    """Write a document in the format of the name's suffix. Raises FileError; then nothing was changed.

    From another thread than the one that edits, save a ``snapshot`` of the document.
    """
    pixels = document.composite(document.rect)
    has_alpha = document.has_alpha or bool((pixels[..., 3] < document.maximum).any())
    grey = document.grey and bool((pixels[..., :1] == pixels[..., 1:3]).all())
    raster.write(path, raster.Raster(pixels, grey, has_alpha, document.metadata))
