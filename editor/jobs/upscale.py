"""Enlarge with detail: a document's layers to a request, its result to one undoable change of its size.

Every layer goes through the network by itself, so that a picture of layers stays one; masks, the selection,
channels and guides go along as with any other change of size.
"""

import math
from dataclasses import dataclass

from editor.document import canvas, planes
from editor.document.geometry import Rect
from editor.document.layers import PixelLayer, walk
from editor.document.model import Document
from editor.document.tiles import TiledImage
from engines import fit
from engines.base import Box
from engines.machine import Machine
from engines.registry import UPSCALER
from engines.upscale.requests import Plane, UpscaleRequest, UpscaleResult

FACTORS = (2, 3, 4)
_EXACT = 1e-6  # pixels, by which a product of a size and a scale may miss a whole number


@dataclass(frozen=True)
class Enlarging:
    """An enlargement before it is made: all of its request but the pixels."""

    model: str  # an id of the catalogue, or a path
    width: int  # of the enlarged picture
    height: int
    detail: float = 1.0  # 0 .. 1
    grain: float = 0.5  # 0 .. 1
    engine: str = UPSCALER


def check(document: Document, width: int, height: int) -> None:
    """Raises ValueError, with one line, for a size that a picture cannot be enlarged to."""
    planes.check_size(width, height)
    if width < document.width or height < document.height or (width, height) == _size(document):
        raise ValueError("That is no larger. Use Image size to make the picture smaller.")


def request(document: Document, wanted: Enlarging) -> UpscaleRequest:
    """Copy what enlarging needs; any thread may ask for that of a snapshot. Raises ValueError as `check`."""
    check(document, wanted.width, wanted.height)
    scale = wanted.width / document.width, wanted.height / document.height
    found = []
    for layer in _layers(document):
        area = layer.image.bounds()
        found.append(Plane(layer.image.read(area), area.x, area.y, _target(area, scale)))
    return UpscaleRequest(
        wanted.engine, wanted.model, tuple(found), scale, wanted.detail, wanted.grain, document.grey
    )


def apply(document: Document, done: UpscaleRequest, result: UpscaleResult) -> None:
    """Make the result the picture, which has not changed since, as one entry."""
    images = {
        layer: TiledImage.from_array(image, plane.target.x, plane.target.y)
        for layer, plane, image in zip(_layers(document), done.planes, result.images, strict=True)
    }
    width, height = (round(side * by) for side, by in zip(_size(document), done.scale, strict=True))
    canvas.enlarge(document, width, height, images)


def pixels_of(document: Document) -> int:
    """That the network would have to see."""
    areas = (layer.image.bounds() for layer in _layers(document))
    return sum(area.width * area.height for area in areas)


def estimate(document: Document, wanted: Enlarging, size: int, here: Machine) -> fit.Estimate:
    """How long it will take, about, and how much memory; ``size`` is that of the model's file, in bytes."""
    grown = wanted.width * wanted.height / (document.width * document.height)
    pixels = pixels_of(document)
    return fit.enlarging(pixels, round(pixels * grown) * 4 * document.dtype.itemsize, size, here)


def _size(document: Document) -> tuple[int, int]:
    return document.width, document.height


def _layers(document: Document) -> list[PixelLayer]:
    """Those that have any pixels."""
    return [
        layer for layer in walk(document.layers) if isinstance(layer, PixelLayer) and layer.image.bounds()
    ]


def _target(area: Rect, scale: tuple[float, float]) -> Box:
    """The whole pixels of the enlarged picture that ``area`` touches."""
    left, top = math.floor(area.x * scale[0] + _EXACT), math.floor(area.y * scale[1] + _EXACT)
    right, bottom = math.ceil(area.right * scale[0] - _EXACT), math.ceil(area.bottom * scale[1] - _EXACT)
    return Box(left, top, max(right - left, 1), max(bottom - top, 1))
