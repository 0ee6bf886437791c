"""Documents from files and back."""

import os
from dataclasses import dataclass
from pathlib import Path

from editor.document.composite import composite
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.tiles import TiledImage


def open_document(path: str | os.PathLike) -> Document:
    """A picture file as a document with one layer. Raises FileError."""
    picture = raster.read(path)
    background = Layer("Background", TiledImage.from_array(picture.pixels))
    return Document(
        (background,),
        grey=picture.grey,
        has_alpha=picture.has_alpha,
        metadata=picture.metadata,
        path=Path(path).absolute(),
    )


@dataclass(frozen=True)
class Snapshot:
    """What a document shows at one moment, safe to save from another thread."""

    layers: tuple[Layer, ...]
    area: Rect
    grey: bool
    has_alpha: bool
    metadata: Metadata

    def save(self, path: str | os.PathLike) -> None:
        """Write the flattened picture in the format of the name's suffix. Raises FileError."""
        pixels = composite(self.layers, self.area)
        has_alpha = self.has_alpha or bool((pixels[..., 3] < self.layers[0].image.maximum).any())
        raster.write(path, raster.Raster(pixels, self.grey, has_alpha, self.metadata))


def snapshot(document: Document) -> Snapshot:
    """The document as it is now; copies no pixels."""
    layers = tuple(
        Layer(
            layer.name,
            layer.image.snapshot(),
            visible=layer.visible,
            opacity=layer.opacity,
            blend_mode=layer.blend_mode,
        )
        for layer in document.layers
    )
    return Snapshot(layers, document.rect, document.grey, document.has_alpha, document.metadata)
