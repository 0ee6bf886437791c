"""Layers moved, scaled, turned and distorted, as one undoable edit.

Matrices are 3 x 3 and map a column (x, y, 1) of pixel coordinates of the picture, as in ``resample``.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from editor.document import planes, progress, resample, stack
from editor.document.composite import composite
from editor.document.geometry import NOWHERE, Rect
from editor.document.history import Part
from editor.document.layers import Layer, LayerMask, Lock, PixelLayer, walk
from editor.document.model import Document, StateSwap
from editor.document.tiles import TiledImage

Point = tuple[float, float]

_IDENTITY = np.eye(3)


# --- Matrices ---


def translation(dx: float, dy: float) -> np.ndarray:
    return np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1]], np.float64)


def scaling(x: float, y: float, centre: Point) -> np.ndarray:
    """By ``x`` across and ``y`` down; a negative number mirrors."""
    return _about(np.diag([x, y, 1.0]), centre)


def rotation(degrees: float, centre: Point) -> np.ndarray:
    """Clockwise as seen on screen."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return _about(np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]), centre)


def skewing(across: float, down: float, centre: Point) -> np.ndarray:
    """Lines that ran down lean by ``across`` degrees, level ones by ``down``."""
    lean, tilt = math.tan(math.radians(across)), math.tan(math.radians(down))
    return _about(np.array([[1, lean, 0], [tilt, 1, 0], [0, 0, 1]]), centre)


def _about(matrix: np.ndarray, centre: Point) -> np.ndarray:
    x, y = centre
    return translation(x, y) @ matrix @ translation(-x, -y)


# --- The edit ---


class Piece(NamedTuple):
    """A plane that is transformed, and the attribute that it ends up in."""

    holder: object
    name: str
    plane: TiledImage
    finish: Callable[[TiledImage], object]  # the attribute's value from the transformed plane
    rest: TiledImage | None = None  # what stays, and the transformed plane comes to lie on

    @property
    def held(self) -> TiledImage:
        """The plane that the picture has in its place while nothing is shown of the transform."""
        value = getattr(self.holder, self.name)
        return value.image if isinstance(value, LayerMask) else value


class FreeTransform:
    """The transform of one layer, or of all layers in a group, with their masks.

    Set ``matrix``, ``set_matrix`` or ``set_corners`` as often as wanted: the result is made of the pixels as
    they were at first. Until ``commit`` or ``cancel`` the document shows it (by ``set_matrix`` and
    ``set_corners``, not by ``matrix``) but has no entry of it, and must not be edited otherwise. Where
    something is selected, only that is lifted out of the pixels, and put back over the rest; the selection
    goes along, masks stay.

    With ``duplicate`` what is transformed stays where it is, too: what is selected within its layer, and
    otherwise the layer, of which ``copy`` is then transformed and added by ``commit``.

    Raises Locked (for ``Lock.PIXELS`` too, and with a selection for ``Lock.ALPHA``) and ValueError where
    there is nothing to transform.
    """

    def __init__(self, document: Document, layer: Layer, *, duplicate: bool = False) -> None:
        document.container(layer)
        floating = bool(document.selection.tiles)
        self.document, self.layer = document, layer
        self.copy: Layer | None = None
        if duplicate and not floating:
            self.copy = stack.copy_of(layer)
        else:
            stack.refuse_locked(document, layer, Lock.PIXELS | (Lock.ALPHA if floating else Lock.NONE))
        self.pieces = _floating(document, layer, duplicate) if floating else _whole(self.copy or layer)
        if not any(piece.plane.tiles for piece in self.pieces):
            raise ValueError(f"There is nothing to transform in “{layer.name}”.")
        if floating:
            self.pieces.append(
                Piece(
                    document,
                    "selection",
                    document.selection,
                    lambda plane: planes.clipped(plane, document.rect),
                )
            )
        self._originals = [(each.holder, each.name, getattr(each.holder, each.name)) for each in self.pieces]
        self._parts = Part.PIXELS | Part.LAYERS
        if floating:
            self._parts |= Part.SELECTION
        self._extent = document.extent(layer)
        self.matrix = _IDENTITY

    @property
    def bounds(self) -> Rect:
        """The pixels that are transformed, as they lay at first; those of masks if there are no others."""
        pixels, masks = NOWHERE, NOWHERE
        for piece in self.pieces:
            if piece.name == "image":
                pixels = pixels.united(piece.plane.bounds())
            elif piece.name == "mask":
                masks = masks.united(piece.plane.bounds())
        return pixels or masks

    def set_matrix(self, matrix: np.ndarray, method: str = "bilinear") -> None:
        """Show the layer through ``matrix``. Raises ValueError, and then shows what it showed before."""
        values = self._values(np.asarray(matrix, np.float64), method)
        self.matrix = np.asarray(matrix, np.float64)
        self._show(values)

    def set_corners(self, corners: Sequence[Point], method: str = "bilinear") -> None:
        """Show the corners of ``bounds``, clockwise from the top left, at these places."""
        x, y, right, bottom = self.bounds.x, self.bounds.y, self.bounds.right, self.bounds.bottom
        source = [(x, y), (right, y), (right, bottom), (x, bottom)]
        self.set_matrix(resample.quad_to_quad(source, corners), method)

    def cancel(self) -> None:
        """Leave everything as it was."""
        self._show(self._originals)

    def commit(self, name: str = "Transform", method: str = "auto") -> None:
        """Make it one entry, resampled by one of ``resample.METHODS``; none if the matrix changes nothing and
        no layer is duplicated.

        Raises ValueError as ``resample`` does, and Cancelled; then everything is as it was at first.
        """
        try:
            values = self._values(self.matrix, method)
            progress.commit(lambda: self._commit(name, values))
        except BaseException:
            progress.in_owner(self.cancel)
            raise

    def _commit(self, name: str, values: list[tuple[object, str, object]]) -> None:
        if self.copy is not None:
            self._assign(values)
            stack.add(self.document, self.copy, above=self.layer, name=name)
            return
        area = self._extent.united(self.document.extent(self.layer))
        self._assign(values)
        area = area.united(self.document.extent(self.layer))
        self._assign(self._originals)
        if np.array_equal(self.matrix, _IDENTITY):
            self.document.notify(area, self._parts)
        else:
            self.document.edit(name, StateSwap(self.document, values, parts=self._parts, area=area))

    def _values(self, matrix: np.ndarray, method: str) -> list[tuple[object, str, object]]:
        if not np.isfinite(matrix).all():
            raise ValueError("the transform has numbers that are not finite")
        values = []
        for piece in progress.each(self.pieces, lambda piece: len(piece.plane.tiles)):
            with progress.portion(0.8):
                plane = _transformed(piece.plane, matrix, method)
            values.append((piece.holder, piece.name, piece.finish(plane)))
        return values

    def _show(self, values: list[tuple[object, str, object]]) -> None:
        before = self.document.extent(self.layer)
        self._assign(values)
        self.document.notify(before.united(self.document.extent(self.layer)), self._parts)

    @staticmethod
    def _assign(values: list[tuple[object, str, object]]) -> None:
        for holder, attribute, value in values:
            setattr(holder, attribute, value)


def bounds_of(document: Document, layer: Layer) -> Rect:
    """About the pixels that a transform of the layer would take, without the work of beginning one."""
    area = NOWHERE
    for each in walk([layer]):
        if isinstance(each, PixelLayer):
            area = area.united(each.image.bounds())
    return area.intersected(document.selection.bounds()) if document.selection.tiles else area


def move(document: Document, layer: Layer, dx: int, dy: int) -> None:
    """Move a layer, a group or what is selected of it by whole pixels. Raises as FreeTransform does."""
    if (dx, dy) == (0, 0):
        return
    transform = FreeTransform(document, layer)
    transform.matrix = translation(dx, dy)
    transform.commit("Move")


def _transformed(plane: TiledImage, matrix: np.ndarray, method: str) -> TiledImage:
    dx, dy = matrix[0, 2], matrix[1, 2]
    if np.array_equal(matrix, translation(dx, dy)) and dx == int(dx) and dy == int(dy):
        return planes.moved(plane, int(dx), int(dy))
    return planes.resampled(plane, matrix, method)


def _whole(layer: Layer) -> list[Piece]:
    pieces = []
    for each in walk([layer]):
        if isinstance(each, PixelLayer):
            pieces.append(Piece(each, "image", each.image, lambda plane: plane))
        mask = each.mask
        if mask is not None:
            pieces.append(
                Piece(each, "mask", mask.image, lambda plane, mask=mask: replace(mask, image=plane))
            )
    return pieces


def _floating(document: Document, layer: Layer, duplicate: bool) -> list[Piece]:
    pieces = []
    for each in walk([layer]):
        if isinstance(each, PixelLayer):
            lifted, rest = _lifted(each.image, document.selection)
            rest = each.image if duplicate else rest
            pieces.append(Piece(each, "image", lifted, lambda plane, rest=rest: over(plane, rest), rest))
    return pieces


def _lifted(image: TiledImage, selection: TiledImage) -> tuple[TiledImage, TiledImage]:
    """What is selected of ``image``, and what is left."""
    lifted, rest = TiledImage(4, image.dtype), TiledImage(4, image.dtype)
    for key, tile in progress.each(image.tiles.items()):
        chosen = selection.tiles.get(key)
        if chosen is None or chosen.min() == 255:
            (rest if chosen is None else lifted).tiles[key] = tile
            continue
        share = chosen[..., 0] / np.float32(255)
        for out, part in ((lifted, share), (rest, 1 - share)):
            pixels = tile.copy()
            pixels[..., 3] = np.rint(tile[..., 3] * part)
            pixels[(pixels[..., 3] == 0) & (part < 1)] = 0
            if (kept := out.kept(pixels)) is not None:
                out.tiles[key] = kept
    return lifted, rest


def over(lifted: TiledImage, rest: TiledImage) -> TiledImage:
    """Pixels that were lifted out of a layer back over what was left of it."""
    out = rest.snapshot()
    layers = [PixelLayer("rest", rest), PixelLayer("lifted", lifted)]
    for key, tile in progress.each(lifted.tiles.items()):
        out.tiles[key] = composite(layers, out.box(key), out.dtype) if key in rest.tiles else tile
        out.tiles[key].flags.writeable = False
    return out
