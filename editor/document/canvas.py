"""Edits of the whole document: its size, and everything in it turned, mirrored or at another size.

Each is one entry of the history. All planes change: of the layers, whatever their locks, with what lies
beyond the canvas; their masks, the selection and the channels; and the guides go along. The layers stay the
same objects. What would give a size that no picture may have, or put a guide too far off, is refused with
ValueError, in one line.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from editor.document import guide_geometry, planes, progress
from editor.document.files.metadata import Metadata, usable_dpi
from editor.document.geometry import Rect
from editor.document.guide import Guide
from editor.document.history import Part
from editor.document.layers import Layer, PixelLayer, walk
from editor.document.model import Document, StateSwap
from editor.document.tiles import TiledImage
from editor.document.transform import rotation, translation

CANVASES = ("grow", "keep", "crop")


def crop(document: Document, area: Rect, *, delete_outside: bool = False) -> None:
    """Make ``area`` the canvas. Layers keep what lies outside of it unless ``delete_outside``, which also
    takes out the guides that lie wholly outside."""
    if area == document.rect and not delete_outside:
        return

    def change(plane: TiledImage) -> TiledImage:
        return planes.moved(planes.clipped(plane, area) if delete_outside else plane, -area.x, -area.y)

    guides = document.guides
    if delete_outside:
        guides = tuple(guide for guide in guides if guide_geometry.reaches(guide, area))
    _change(document, "Crop", area.width, area.height, change, translation(-area.x, -area.y), guides=guides)


def crop_turned(
    document: Document,
    centre: tuple[float, float],
    width: int,
    height: int,
    degrees: float,
    *,
    delete_outside: bool = False,
    method: str = "auto",
) -> None:
    """Make a frame the canvas that is turned clockwise by ``degrees`` about its ``centre``, and upright then.

    What lies outside of it is dealt with as by `crop`.
    """
    if not all(map(math.isfinite, (*centre, degrees))):
        raise ValueError("The frame has a number that is not finite.")
    planes.check_size(width, height)
    canvas = Rect(0, 0, width, height)
    x, y = centre
    matrix = translation(width / 2, height / 2) @ rotation(-degrees, (0, 0)) @ translation(-x, -y)

    def change(plane: TiledImage) -> TiledImage:
        turned = planes.resampled(plane, matrix, method)
        return planes.clipped(turned, canvas) if delete_outside else turned

    guides = document.guides
    if delete_outside:
        guides = tuple(guide for guide in guides if guide_geometry.reaches(guide.transformed(matrix), canvas))
    _change(document, "Crop", width, height, change, matrix, guides=guides)


def canvas_size(
    document: Document, width: int, height: int, anchor: tuple[float, float] = (0.5, 0.5)
) -> None:
    """Change the canvas and no pixel. ``anchor`` (across, down) stays in place: (0, 0) is the top left
    corner, (1, 1) the bottom right one."""
    planes.check_size(width, height)
    if (width, height) == (document.width, document.height):
        return
    dx = math.floor((width - document.width) * anchor[0])
    dy = math.floor((height - document.height) * anchor[1])
    _change(
        document,
        "Canvas size",
        width,
        height,
        lambda plane: planes.moved(plane, dx, dy),
        translation(dx, dy),
    )


def image_size(
    document: Document,
    width: int,
    height: int,
    method: str = "auto",
    *,
    dpi: tuple[float, float] | None = None,
) -> None:
    """Resample everything by one of ``resample.METHODS``; ``dpi`` (x, y) changes the resolution, too."""
    planes.check_size(width, height)
    metadata = document.metadata
    if dpi is not None:
        if usable_dpi(dpi) is None:
            raise ValueError(f"A resolution cannot be {dpi[0]:g} × {dpi[1]:g} dots per inch.")
        metadata = replace(metadata, dpi=dpi)
    if (width, height) == (document.width, document.height):
        if metadata != document.metadata:
            _change(document, "Resolution", width, height, metadata=metadata)
        return
    matrix = np.diag([width / document.width, height / document.height, 1])
    _change(
        document,
        "Image size",
        width,
        height,
        lambda plane: planes.resampled(plane, matrix, method),
        matrix,
        metadata,
    )


def enlarge(document: Document, width: int, height: int, images: Mapping[PixelLayer, TiledImage]) -> None:
    """Change the size, with ``images`` for the pixels of layers; all else is resampled as by `image_size`."""
    made = {id(layer.image): image for layer, image in images.items()}
    matrix = np.diag([width / document.width, height / document.height, 1])

    def change(plane: TiledImage) -> TiledImage:
        found = made.get(id(plane))
        return planes.resampled(plane, matrix) if found is None else found

    _change(document, "Enlarge with detail", width, height, change, matrix)


def flip(document: Document, *, horizontal: bool) -> None:
    """Exchange left and right (``horizontal``) or above and below."""
    width, height = document.width, document.height
    across, down = (width, None) if horizontal else (None, height)
    name = "Flip horizontally" if horizontal else "Flip vertically"

    def change(plane: TiledImage) -> TiledImage:
        return planes.mirrored(plane, width=across, height=down)

    _change(document, name, width, height, change, _mirror(across, down))


def rotate(document: Document, degrees: float, canvas: str = "grow", method: str = "auto") -> None:
    """Turn everything clockwise about the canvas's centre, exactly for multiples of 90 degrees.

    For other angles ``canvas`` is "grow", to hold all of the old one; "keep", the size it had; or "crop",
    the largest rectangle that lies within the old one.
    """
    if canvas not in CANVASES:
        raise ValueError(f"no way to fit the canvas is called {canvas!r}")
    if not math.isfinite(degrees):
        raise ValueError("the angle is not finite")
    degrees %= 360
    if degrees % 90 == 0:
        if degrees:
            _turn(document, int(degrees) // 90)
        return
    width, height = _turned_size(document.width, document.height, math.radians(degrees), canvas)
    planes.check_size(width, height)
    shift = translation((width - document.width) / 2, (height - document.height) / 2)
    matrix = shift @ rotation(degrees, (document.width / 2, document.height / 2))

    def change(plane: TiledImage) -> TiledImage:
        return planes.resampled(plane, matrix, method)

    _change(document, "Rotate canvas", width, height, change, matrix)


def _turn(document: Document, quarters: int) -> None:
    width, height, metadata = document.width, document.height, document.metadata
    name = f"Rotate {90 * quarters}°"
    if quarters == 2:

        def mirror(plane: TiledImage) -> TiledImage:
            return planes.mirrored(plane, width=width, height=height)

        _change(document, name, width, height, mirror, _mirror(width, height))
        return
    if metadata.dpi is not None:
        metadata = replace(metadata, dpi=metadata.dpi[::-1])
    clockwise = quarters == 1
    # Whole numbers, and not a sine that is nearly one: four turns bring every point back to where it was.
    matrix = np.array(
        [[0, -1, height], [1, 0, 0], [0, 0, 1]] if clockwise else [[0, 1, 0], [-1, 0, width], [0, 0, 1]]
    )

    def change(plane: TiledImage) -> TiledImage:
        return planes.turned(plane, width, height, clockwise=clockwise)

    _change(document, name, height, width, change, matrix, metadata)


def _mirror(width: int | None, height: int | None) -> np.ndarray:
    """The matrix of ``planes.mirrored``."""
    across, down = (1 if side is None else -1 for side in (width, height))
    return np.array([[across, 0, width or 0], [0, down, height or 0], [0, 0, 1]])


def _turned_size(width: int, height: int, angle: float, canvas: str) -> tuple[int, int]:
    sin, cos = abs(math.sin(angle)), abs(math.cos(angle))
    if canvas == "grow":
        return (
            math.ceil(width * cos + height * sin - 1e-6),
            math.ceil(width * sin + height * cos - 1e-6),
        )
    if canvas == "keep":
        return width, height
    # The turned corners (a, b) of a rectangle within must keep a cos + b sin <= w and a sin + b cos <= h.
    # Its area is largest where both hold with equality, unless a side is so short that only its own counts.
    short, long = min(width, height), max(width, height)
    if short <= 2 * sin * cos * long or abs(sin - cos) < 1e-9:
        a, b = short / 2 / sin, short / 2 / cos
        if width < height:
            a, b = b, a
    else:
        a = (width * cos - height * sin) / (cos * cos - sin * sin)
        b = (height * cos - width * sin) / (cos * cos - sin * sin)
    return max(math.floor(a + 1e-6), 1), max(math.floor(b + 1e-6), 1)


def _change(
    document: Document,
    name: str,
    width: int,
    height: int,
    change: Callable[[TiledImage], TiledImage] | None = None,
    matrix: np.ndarray | None = None,
    metadata: Metadata | None = None,
    *,
    guides: tuple[Guide, ...] | None = None,
) -> None:
    """Put ``change`` of every plane in its place, on a canvas of ``width`` x ``height``.

    ``matrix`` says where that takes a point. ``guides`` are those that are left, None being all.
    """
    planes.check_size(width, height)
    canvas = Rect(0, 0, width, height)
    values: list[tuple[object, str, object]] = [
        (document, "width", width),
        (document, "height", height),
        (document, "metadata", metadata or document.metadata),
    ]
    if change is not None:
        for layer in progress.each(walk(document.layers), _size):
            with progress.portion(0.8 if layer.mask is not None else 1):
                if isinstance(layer, PixelLayer):
                    values.append((layer, "image", change(layer.image)))
            if layer.mask is not None:
                values.append((layer, "mask", replace(layer.mask, image=change(layer.mask.image))))

        def inside(plane: TiledImage) -> TiledImage:
            return planes.clipped(change(plane), canvas)

        channels = tuple(replace(each, image=inside(each.image)) for each in document.channels)
        values += [(document, "selection", inside(document.selection)), (document, "channels", channels)]
    if matrix is not None:
        kept = document.guides if guides is None else guides
        values.append((document, "guides", tuple(guide.transformed(matrix) for guide in kept)))
        for layer in walk(document.layers):
            if isinstance(layer, PixelLayer) and layer.recipe is not None and layer.recipe.guides:
                values.append((layer, "recipe", layer.recipe.transformed(matrix)))
    parts = Part.CANVAS | Part.PIXELS | Part.LAYERS | Part.SELECTION | Part.GUIDES
    document.edit(name, StateSwap(document, values, parts=parts, area=document.rect.united(canvas)))


def _size(layer: Layer) -> int:
    """How much there is to do for a layer, in tiles."""
    return sum(len(plane.tiles) for plane in layer.planes())
