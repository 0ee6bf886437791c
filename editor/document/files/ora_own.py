"""What OpenRaster cannot say, in a folder of our own of the file: lacuna/document.json, and PNG files.

It tells the true layers, and what was written for other programs of each: its attributes in stack.xml, and
the CRC-32 and length of its PNG. What another program has changed since then no longer matches, and then
counts what that program wrote; see :class:`Restoration`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from editor.document.adjustments import Adjustment
from editor.document.adjustments import decode as decode_adjustment
from editor.document.adjustments import encode as encode_adjustment
from editor.document.files.metadata import usable_dpi
from editor.document.files.ora_png import Picture
from editor.document.files.ora_stack import FARTHEST
from editor.document.guide import MAX_GUIDES, Guide, check_count
from editor.document.layers import AdjustmentLayer, Group, Layer, Lock, PixelLayer
from editor.document.model import Channel, Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage

FOLDER = "lacuna/"
DOCUMENT = FOLDER + "document.json"
# The blocks of the metadata, as they are.
BLOCKS = {"icc": FOLDER + "profile.icc", "exif": FOLDER + "exif", "xmp": FOLDER + "xmp"}
MAX_BYTES = 32 << 20
_VERSION = 1
_KINDS = {PixelLayer: "pixels", AdjustmentLayer: "adjustment", Group: "group"}


class OwnError(ValueError):
    """What is wrong in document.json, as the end of a sentence."""


class Writer:
    """Makes document.json; ``pictures`` are the PNG files that go with it, by name."""

    def __init__(self, document: Document, places: dict[Layer, int]) -> None:
        self._document, self._places = document, places
        self.pictures: dict[str, Picture] = {}
        self._layers = [self._layer(layer) for layer in document.layers]
        self._selection = self._plane(document.selection, "selection")
        self._channels = [
            {"name": channel.name, "plane": self._plane(channel.image, f"channel-{number}")}
            for number, channel in enumerate(document.channels)
        ]

    def encode(self, elements: list[dict]) -> bytes:
        """The file; ``elements`` are what was written for other programs."""
        document = self._document
        plain = {
            "version": _VERSION,
            "width": document.width,
            "height": document.height,
            "bits": document.bits,
            "grey": document.grey,
            "has_alpha": document.has_alpha,
            "dpi": document.metadata.dpi,
            "layers": self._layers,
            "selection": self._selection,
            "channels": self._channels,
            "guides": [guide.to_dict() for guide in document.guides],
            "elements": elements,
        }
        return json.dumps(plain).encode()

    def _layer(self, layer: Layer) -> dict:
        number = len(self.pictures)
        plain: dict = {
            "kind": _KINDS[type(layer)],
            "element": self._places.get(layer),
            "name": layer.name,
            "visible": layer.visible,
            "opacity": layer.opacity,
            "blend_mode": layer.blend_mode,
            "clipping": layer.clipping,
            "lock": layer.lock.value,
            "mask": None,
        }
        if layer.mask is not None:
            plane = self._plane(layer.mask.image, f"mask-{number}")
            plain["mask"] = {"enabled": layer.mask.enabled, "plane": plane}
        if isinstance(layer, PixelLayer):
            plain["recipe"] = layer.recipe and layer.recipe.to_dict()
            plain["alpha"] = self._alpha(layer, number)
        elif isinstance(layer, AdjustmentLayer):
            plain["adjustment"] = encode_adjustment(layer.adjustment)
        elif isinstance(layer, Group):
            plain["layers"] = [self._layer(child) for child in layer.children]
        return plain

    def _alpha(self, layer: PixelLayer, number: int) -> str | None:
        """The name of the alpha that the layer has without its mask, if it has one that applies."""
        area = layer.image.bounds()
        if layer.mask is None or not layer.mask.enabled or not area:
            return None
        name = f"{FOLDER}alpha-{number}.png"
        self.pictures[name] = Picture(
            area, 1, self._document.dtype, lambda part: layer.image.read(part)[..., 3:]
        )
        return name

    def _plane(self, image: TiledImage, name: str) -> dict:
        area = image.bounds()
        if area:
            self.pictures[f"{FOLDER}{name}.png"] = Picture(area, 1, image.dtype, image.read)
        return {
            "file": f"{FOLDER}{name}.png" if area else None,
            "x": area.x,
            "y": area.y,
            "default": image.default,
        }


@dataclass(frozen=True)
class Written:
    """An element of stack.xml as it was written; ``stamp`` of its PNG, None for a stack."""

    depth: int  # 0 in the outermost stack
    attributes: dict[str, str]
    stamp: list[int] | None
    shown: bool  # a picture of several layers, for other programs only


class Own:
    """A document.json that was read; its layers stay plain until they are asked for. Raises OwnError."""

    def __init__(self, data: bytes) -> None:
        try:
            plain = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise OwnError("is no JSON") from error
        if not isinstance(plain, dict):
            raise OwnError("is no object")
        if taken(plain, "version", int) != _VERSION:
            raise OwnError("was written by a newer version of Lacuna; open it with that")
        self.size = taken(plain, "width", int), taken(plain, "height", int)
        self.bits = taken(plain, "bits", int)
        if self.bits not in (8, 16):
            raise OwnError("has a depth that is neither 8 nor 16")
        self.grey, self.has_alpha = taken(plain, "grey", bool), taken(plain, "has_alpha", bool)
        self.dpi = usable_dpi(plain.get("dpi"))
        self.layers = objects(plain, "layers")
        self.selection = taken(plain, "selection", dict)
        self.channels = objects(plain, "channels")
        self.guides = plain.get("guides", [])  # files of before there were any have none
        self.elements = [_written(element) for element in objects(plain, "elements")]


def _written(plain: dict) -> Written:
    attributes = taken(plain, "attributes", dict)
    stamp = plain.get("stamp")
    if not all(isinstance(value, str) for value in attributes.values()):
        raise OwnError("has attributes that are no text")
    return Written(taken(plain, "depth", int), attributes, stamp, taken(plain, "shown", bool))


def taken(plain: dict, key: str, kind: type) -> Any:
    """``plain[key]`` if it is of the type ``kind``, True being no int. Raises OwnError."""
    value = plain.get(key)
    if type(value) is not kind:
        raise OwnError(f"has no usable “{key}”")
    return value


def objects(plain: dict, key: str) -> list[dict]:
    """``plain[key]``, a list of objects. Raises OwnError."""
    items = taken(plain, key, list)
    if not all(isinstance(item, dict) for item in items):
        raise OwnError(f"has no usable “{key}”")
    return items


Want = Callable[[TiledImage, str, int, int], None]


def plane(plain: dict, want: Want, moved: tuple[int, int] = (0, 0)) -> TiledImage:
    """A plane of one uint8 channel; ``want`` is told what to fill it with. Raises OwnError."""
    x, y, default = (taken(plain, key, int) for key in ("x", "y", "default"))
    if max(abs(x), abs(y)) > FARTHEST or not 0 <= default <= 255:
        raise OwnError("has a plane that is out of range")
    image = TiledImage(1, np.uint8, default)
    if plain.get("file") is not None:
        want(image, taken(plain, "file", str), x + moved[0], y + moved[1])
    return image


def channel(plain: dict, want: Want) -> Channel:
    """A saved selection. Raises OwnError."""
    return Channel(taken(plain, "name", str), plane(taken(plain, "plane", dict), want))


def guides(plain: object) -> tuple[tuple[Guide, ...], tuple[str, ...]]:
    """The guides that can be read, and what to tell of those that cannot; the picture does not need them."""
    if not isinstance(plain, list):
        return (), ("Its guide lines are damaged and were left out",)
    found = []
    for each in plain[: MAX_GUIDES + 1]:
        try:
            found.append(Guide.from_dict(each))
        except ValueError:
            continue
    try:
        check_count(found)
    except ValueError as error:
        return (), (f"Its guide lines were left out. {str(error).rstrip('.')}",)
    lost = len(plain) - len(found)
    note = f"{lost:,} of its {len(plain):,} guide lines are damaged and were left out"
    return tuple(found), (note,) if lost else ()


def lock(plain: dict) -> Lock:
    """Raises OwnError."""
    try:
        return Lock.decode(taken(plain, "lock", int))
    except ValueError as error:
        raise OwnError("has an unknown lock") from error


def recipe(plain: dict) -> Recipe | None:
    """Raises OwnError."""
    try:
        return None if plain.get("recipe") is None else Recipe.from_dict(plain["recipe"])
    except ValueError as error:
        raise OwnError(f"has a bad recipe: {error}") from error


def adjustment(plain: dict) -> Adjustment:
    """Raises OwnError."""
    try:
        return decode_adjustment(taken(plain, "adjustment", dict))
    except ValueError as error:
        raise OwnError(f"has a bad adjustment: {error}") from error
