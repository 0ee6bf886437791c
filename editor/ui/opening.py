"""What is done with a picture off the GUI thread before it is shown. No Qt here: it runs while Qt loads."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.storage import from_raster, open_document
from editor.document.tiles import TiledImage
from editor.ui import display

if TYPE_CHECKING:
    from editor.document.files.raw import DevelopSettings

_STRIP = 512  # rows at a time, to keep memory down
_SMALLEST = 1024  # pixels a side that no further halving is worth while for


@dataclass(frozen=True)
class Opened:
    """A document and its picture at half its size, a quarter ..., as the canvas shows it: each (h, w, 4)
    uint8, premultiplied.

    ``first``, for one that comes with a history: a snapshot of it before that, and the plane of its selection
    then.
    """

    document: Document
    half: tuple[np.ndarray, ...]
    first: tuple[Document, TiledImage] | None = None


def open_picture(path: str | os.PathLike) -> Opened:
    """Read a picture and make ready what its first paint needs. Raises FileError."""
    return made_ready(open_document(path))


def open_raw(path: Path, settings: "DevelopSettings") -> Opened:
    """Develop a camera RAW file. Raises FileError."""
    from editor.document.files import raw

    return made_ready(from_raster(raw.read(path, settings), path))


def made_ready(document: Document) -> Opened:
    """With what the first paint needs."""
    document.history.in_background = True
    source = display.PictureSource(document)
    height, width = -(-document.height // 2), -(-document.width // 2)
    half = np.empty((height, width, 4), np.uint8)
    for top in range(0, document.height, _STRIP):
        strip = Rect(0, top, document.width, _STRIP).intersected(document.rect)
        half[top // 2 : -(-strip.bottom // 2)] = display.reduced(source(strip), 2)
    halves = [half]
    while max(halves[-1].shape) > _SMALLEST:
        halves.append(display.reduced(halves[-1], 2))
    return Opened(document, tuple(halves))
