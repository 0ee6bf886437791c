"""Layers of a document: pixels, adjustments of what is below, and groups of both."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Flag, auto
from typing import TYPE_CHECKING

from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage

if TYPE_CHECKING:  # imported with the first adjustment
    from editor.document.adjustments import Adjustment

PASS_THROUGH = "pass-through"  # what the blend mode of a group that is not isolated is called


class Lock(Flag):
    """What must not be edited in a layer."""

    NONE = 0
    ALPHA = auto()  # transparent pixels stay as they are
    PIXELS = auto()
    ALL = auto()  # nor may the layer be moved, changed or deleted

    @classmethod
    def decode(cls, value: object) -> "Lock":
        """The flags of a number out of a file. Raises ValueError for what is none."""
        # Python 3.11.2 takes unknown bits of a flag without a word.
        if type(value) is not int or value not in range((cls.ALPHA | cls.PIXELS | cls.ALL).value + 1):
            raise ValueError("not the locks of a layer")
        return cls(value)


@dataclass(frozen=True)
class LayerMask:
    """How far a layer shows: ``image`` has one uint8 channel, 0 hides, 255 shows.

    ``image.default`` is what holds beyond its tiles. Frozen: turning a mask off is a new one that shares
    the image.
    """

    image: TiledImage
    enabled: bool = True

    @classmethod
    def revealing(cls) -> "LayerMask":
        """A mask that shows everything."""
        return cls(TiledImage(1, "uint8", 255))

    def snapshot(self) -> "LayerMask":
        return replace(self, image=self.image.snapshot())


class Layer(ABC):
    """What every layer has. ``opacity`` is 0..1, ``blend_mode`` a key of blend.MODES or, for a group,
    ``PASS_THROUGH``; with ``clipping`` the layer shows only where the layer it is clipped to does, which
    is the next one below without ``clipping``."""

    def __init__(
        self,
        name: str,
        *,
        visible: bool = True,
        opacity: float = 1.0,
        blend_mode: str = "normal",
        clipping: bool = False,
        mask: LayerMask | None = None,
        lock: Lock = Lock.NONE,
    ) -> None:
        self.name = name
        self.visible = visible
        self.opacity = opacity
        self.blend_mode = blend_mode
        self.clipping = clipping
        self.mask = mask
        self.lock = lock

    @abstractmethod
    def snapshot(self) -> "Layer":
        """The layer as it is now, sharing all tiles; later changes to either leave the other alone."""

    def planes(self) -> Iterator[TiledImage]:
        """The layer's own planes: its pixels and its mask's."""
        if self.mask is not None:
            yield self.mask.image

    def _common(self) -> dict:
        return {
            "visible": self.visible,
            "opacity": self.opacity,
            "blend_mode": self.blend_mode,
            "clipping": self.clipping,
            "mask": None if self.mask is None else self.mask.snapshot(),
            "lock": self.lock,
        }


class PixelLayer(Layer):
    """Pixels over the layers below: ``image`` is RGBA, straight alpha, of the document's depth.

    ``recipe`` is set on the result of an engine, a fill layer.
    """

    def __init__(self, name: str, image: TiledImage, *, recipe: Recipe | None = None, **common) -> None:
        super().__init__(name, **common)
        self.image = image
        self.recipe = recipe

    def snapshot(self) -> "PixelLayer":
        return PixelLayer(self.name, self.image.snapshot(), recipe=self.recipe, **self._common())

    def planes(self) -> Iterator[TiledImage]:
        yield self.image
        yield from super().planes()


class AdjustmentLayer(Layer):
    """Changes the colours of everything below it in its group, or of the layer it is clipped to."""

    def __init__(self, name: str, adjustment: "Adjustment", **common) -> None:
        super().__init__(name, **common)
        self.adjustment = adjustment

    def snapshot(self) -> "AdjustmentLayer":
        return AdjustmentLayer(self.name, self.adjustment, **self._common())


class Group(Layer):
    """Layers seen as one, bottom first; pass-through lets them blend with what is below the group."""

    def __init__(
        self, name: str, children: Iterable[Layer] = (), *, blend_mode: str = PASS_THROUGH, **common
    ) -> None:
        super().__init__(name, blend_mode=blend_mode, **common)
        self.children = tuple(children)

    def snapshot(self) -> "Group":
        return Group(self.name, [child.snapshot() for child in self.children], **self._common())


def walk(layers: Iterable[Layer]) -> Iterator[Layer]:
    """Every layer of a stack and of its groups; a group comes before what is in it."""
    for layer in layers:
        yield layer
        if isinstance(layer, Group):
            yield from walk(layer.children)
