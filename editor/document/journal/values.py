"""The values of attributes as JSON and back; what is read is checked, as it may come from anywhere."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from editor.document import adjustments
from editor.document.blend import MODES
from editor.document.files.metadata import JpegSettings, Metadata
from editor.document.files.reading import MAX_PIXELS
from editor.document.guide import Guide, check_count
from editor.document.journal.capture import Holder, LayerRef, PlaneRef
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, Layer, LayerMask, Lock, PixelLayer
from editor.document.model import Channel, Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage

LAYERS: dict[str, type[Layer]] = {kind.__name__: kind for kind in (PixelLayer, AdjustmentLayer, Group)}
# What reading text of the right form but of wrong content raises.
UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError)

_HOLDERS = {kind.__name__: kind for kind in (LayerMask, Channel)}
_RECORDS = {kind.__name__: kind for kind in (Recipe, Metadata, JpegSettings)}


def encode(value: object, before: object = None) -> object:
    """A captured value for JSON: plain ones as they are, others an object whose one key is their type.

    ``before`` is what it takes the place of: of guides that were in it, only their places there are written.
    Raises TypeError for a type that is not known here.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, PlaneRef | LayerRef):
        return {"plane" if isinstance(value, PlaneRef) else "layer": value.id}
    if isinstance(value, tuple):
        places = _places(before) if isinstance(before, tuple) else {}
        return {
            "tuple": [{"kept": places[id(each)]} if id(each) in places else encode(each) for each in value]
        }
    if isinstance(value, Holder):
        return {value.kind: {name: encode(item) for name, item in value.values}}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, np.dtype):
        return {"dtype": value.name}
    if isinstance(value, Lock):
        return {"lock": value.value}
    if isinstance(value, Guide):
        return {"guide": value.to_dict()}
    if isinstance(value, adjustments.Adjustment):
        return {"adjustment": adjustments.encode(value)}
    if type(value).__name__ in _RECORDS:
        return {
            type(value).__name__: {each.name: encode(getattr(value, each.name)) for each in fields(value)}
        }
    raise TypeError(f"a {type(value).__name__} cannot be kept in a journal")


def _places(values: tuple) -> dict[int, int]:
    """Where each guide stands, by its identity."""
    return {id(value): place for place, value in enumerate(values) if isinstance(value, Guide)}


class Decoder:
    """Makes values of JSON; ``planes`` and ``layers`` are those that ids stand for, ``guides`` those that
    the document had before, by their places."""

    def __init__(
        self, planes: Mapping[int, TiledImage], layers: Mapping[int, Layer], guides: Mapping[int, Guide]
    ) -> None:
        self.planes, self.layers, self.guides = planes, layers, guides

    def decode(self, plain: object) -> object:
        """Raises one of ``UNREADABLE`` for anything that ``encode`` could not have made."""
        if plain is None or isinstance(plain, bool | int | float | str):
            return plain
        if not isinstance(plain, dict) or len(plain) != 1:
            raise ValueError("not a value")
        ((kind, content),) = plain.items()
        if kind == "plane":
            return self.planes[content]
        if kind == "layer":
            return self.layers[content]
        if kind == "kept":
            return self.guides[content]
        if kind == "guide":
            return Guide.from_dict(content)
        if kind == "tuple":
            return tuple(self.decode(item) for item in content)
        if kind in _HOLDERS or kind in _RECORDS:
            made = _HOLDERS.get(kind) or _RECORDS[kind]
            return made(**{name: self.decode(item) for name, item in content.items()})
        if kind == "bytes":
            try:
                return base64.b64decode(content, validate=True)
            except binascii.Error as error:
                raise ValueError(str(error)) from None
        if kind == "dtype":
            return depth(content)
        if kind == "lock":
            return Lock.decode(content)
        if kind == "adjustment":
            return adjustments.decode(content)
        raise ValueError(f"no value is of the kind {kind!r}")


def depth(name: object) -> np.dtype:
    """uint8 or uint16. Raises ValueError for any other."""
    if name not in ("uint8", "uint16"):
        raise ValueError("no depth of this program")
    return np.dtype(name)


def check(document: Document) -> None:
    """Raises ValueError for a state that no edit could have made."""
    width, height = document.width, document.height
    size_fits = _is_count(width) and _is_count(height) and width * height <= MAX_PIXELS
    _require(size_fits and isinstance(document.dtype, np.dtype))
    _require(isinstance(document.metadata, Metadata))
    _require(isinstance(document.grey, bool) and isinstance(document.has_alpha, bool))
    _check_plane(document.selection, 1, np.dtype(np.uint8))
    _require(isinstance(document.channels, tuple))
    for channel in document.channels:
        _require(isinstance(channel, Channel) and isinstance(channel.name, str))
        _check_plane(channel.image, 1, np.dtype(np.uint8))
    _require(isinstance(document.guides, tuple) and all(isinstance(each, Guide) for each in document.guides))
    check_count(document.guides)
    _check_stack(document.layers, document.dtype, set())


def _check_stack(layers: object, dtype: np.dtype, seen: set[Layer]) -> None:
    _require(isinstance(layers, tuple))
    for layer in layers:
        _require(isinstance(layer, Layer) and layer not in seen)  # none is in two places, or in itself
        seen.add(layer)
        _require(all(isinstance(getattr(layer, name), bool) for name in ("visible", "clipping")))
        _require(isinstance(layer.name, str) and isinstance(layer.lock, Lock))
        _require(isinstance(layer.opacity, float | int) and 0 <= layer.opacity <= 1)
        is_group = isinstance(layer, Group)
        _require(layer.blend_mode in MODES or (is_group and layer.blend_mode == PASS_THROUGH))
        if layer.mask is not None:
            _require(isinstance(layer.mask, LayerMask) and isinstance(layer.mask.enabled, bool))
            _check_plane(layer.mask.image, 1, np.dtype(np.uint8))
        if isinstance(layer, PixelLayer):
            _check_plane(layer.image, 4, dtype)
            _require(layer.recipe is None or isinstance(layer.recipe, Recipe))
        elif isinstance(layer, AdjustmentLayer):
            _require(isinstance(layer.adjustment, adjustments.Adjustment))
        elif is_group:
            _check_stack(layer.children, dtype, seen)


def _check_plane(plane: object, channels: int, dtype: np.dtype) -> None:
    _require(isinstance(plane, TiledImage) and plane.channels == channels and plane.dtype == dtype)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _require(condition: bool) -> None:
    if not condition:
        raise ValueError("not a state of a document")
