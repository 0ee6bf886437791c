"""A document: what one window tab edits and one file holds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from editor.document import progress
from editor.document.composite import composite
from editor.document.files.metadata import Metadata
from editor.document.geometry import NOWHERE, Rect
from editor.document.guide import Guide
from editor.document.history import AttributeSwap, Edit, History, Part
from editor.document.layers import Group, Layer, Lock, PixelLayer, walk
from editor.document.spill import Store
from editor.document.tiles import TiledImage

BACKGROUND = "Background"  # what the layer of a flat file is called, English


@dataclass(frozen=True)
class Change:
    """What an observer has to look at again."""

    area: Rect
    parts: Part


@dataclass(frozen=True)
class Channel:
    """A selection saved under a name; ``image`` has one uint8 channel."""

    name: str
    image: TiledImage


class Locked(ValueError):
    """An edit is not allowed by the layer's lock; the text says so."""

    def __init__(self, layer: Layer, what: str = "is locked") -> None:
        super().__init__(f"The layer “{layer.name}” {what}. Unlock it in the Layers panel first.")


class Busy(ValueError):
    """The document is being edited in another thread; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("This picture is being worked on. Wait until that has ended, or stop it with Esc.")


class Document:
    """Layers over a canvas of ``width`` x ``height`` pixels, a selection, and their history.

    ``layers`` runs from the bottom up and is a tuple: an edit of the stack swaps the whole tuple. Planes
    may reach beyond the canvas, which is what is seen and saved as a flat picture. ``selection`` has one
    uint8 channel, 0 = keep, 255 = change here; it is what engines may change, and where it is empty edits
    may change everything. ``channels`` are selections kept under a name. ``guides``, the lowest first, show
    over the picture and are no part of it. Observers in ``observers`` are called, in the thread that owns
    the document, after every change. ``busy`` is the progress of an edit that another thread works out;
    until it has ended nothing else may edit the document, and what tries to gets Busy.
    """

    def __init__(
        self,
        width: int,
        height: int,
        dtype: np.dtype | type,
        layers: Iterable[Layer],
        *,
        grey: bool = False,
        has_alpha: bool = False,
        metadata: Metadata | None = None,
        path: Path | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.width, self.height, self.dtype = width, height, np.dtype(dtype)
        self.layers = tuple(layers)
        self.selection = TiledImage(1, np.uint8)
        self.channels: tuple[Channel, ...] = ()
        self.guides: tuple[Guide, ...] = ()
        self.grey = grey  # came as grey values only
        self.has_alpha = has_alpha  # came with transparency
        self.metadata = metadata or Metadata()
        self.path = path
        self.notes = notes  # what its file holds and the document does not, a few words each
        self.history = History()
        self.observers: list[Callable[[Change], None]] = []
        self.busy: progress.Progress | None = None

    @classmethod
    def from_pixels(cls, pixels: np.ndarray, name: str = BACKGROUND, **kinds) -> "Document":
        """A document of one layer from (H, W, 4) uint8 or uint16, which must not be written to afterwards."""
        height, width = pixels.shape[:2]
        return cls(width, height, pixels.dtype, [PixelLayer(name, TiledImage.from_array(pixels))], **kinds)

    def snapshot(self) -> "Document":
        """What the document is now, without its history; shares all tiles and may be read in any thread."""
        copy = Document(
            self.width,
            self.height,
            self.dtype,
            [layer.snapshot() for layer in self.layers],
            grey=self.grey,
            has_alpha=self.has_alpha,
            metadata=self.metadata,
            path=self.path,
        )
        copy.selection = self.selection.snapshot()
        copy.channels = tuple(Channel(each.name, each.image.snapshot()) for each in self.channels)
        copy.guides = self.guides
        return copy

    @property
    def rect(self) -> Rect:
        return Rect(0, 0, self.width, self.height)

    @property
    def bits(self) -> int:
        """Bits per channel: 8 or 16."""
        return self.dtype.itemsize * 8

    @property
    def maximum(self) -> int:
        """The value of white and of full opacity: 255 or 65535."""
        return int(np.iinfo(self.dtype).max)

    def composite(self, area: Rect) -> np.ndarray:
        """What shows of ``area``: (height, width, 4) straight-alpha RGBA of the document's depth."""
        return composite(self.layers, area, self.dtype)

    def container(self, layer: Layer) -> "Document | Group":
        """The document or the group that ``layer`` lies in directly. Raises ValueError if none does."""
        if layer in self.layers:
            return self
        for group in walk(self.layers):
            if isinstance(group, Group) and layer in group.children:
                return group
        raise ValueError(f"The layer “{layer.name}” is not in this picture.")

    def groups_around(self, layer: Layer) -> list[Group]:
        """The groups that ``layer`` lies in, the outermost first."""
        groups = [each for each in walk(self.layers) if isinstance(each, Group)]
        return [group for group in groups if layer in walk(group.children)]

    def extent(self, layer: Layer) -> Rect:
        """The part of the canvas where ``layer`` can make a difference, in whole tiles."""
        if isinstance(layer, PixelLayer):
            return layer.image.filled().intersected(self.rect)
        if isinstance(layer, Group):
            area = NOWHERE
            for child in layer.children:
                area = area.united(self.extent(child))
            return area
        return self.rect

    # -- editing --------------------------------------------------------------------------------------

    def edit(self, name: str, edit: Edit) -> None:
        """Make an edit and record it; one that fails is not recorded and must change nothing.

        Raises Busy, and Cancelled if the edit was called off while it was worked out.
        """

        def change() -> None:
            self._refuse_busy()
            edit.swap()
            self.record(name, edit)

        progress.commit(change)

    def record(self, name: str, edit: Edit) -> None:
        """Record an edit whose new state is in place already (a finished brush stroke)."""
        self.history.push(name, edit)
        self.notify(edit.area, edit.parts)

    def undo(self) -> None:
        """Undo the newest entry, if there is one. Raises HistoryLost and Busy."""
        if self.history.can_undo:
            self._step(self.history.position - 1, self.history.undo)

    def redo(self) -> None:
        """Make the next entry again, if there is one. Raises HistoryLost and Busy."""
        if self.history.can_redo:
            self._step(self.history.position, self.history.redo)

    def go_to(self, position: int) -> None:
        """Undo or redo until ``position`` entries of the history are done. Raises HistoryLost and Busy."""
        for _ in progress.each(range(abs(self.history.position - position))):
            if self.history.position > position:
                self.undo()
            elif self.history.position < position:
                self.redo()

    def _step(self, index: int, step: Callable[[], Edit]) -> None:
        """Undo or redo the entry at ``index``."""

        def change() -> None:
            self._refuse_busy()
            edit = step()
            self.notify(edit.area, edit.parts)

        self.history.fetch(index)
        progress.commit(change)

    def _refuse_busy(self) -> None:
        if self.busy is not None:
            raise Busy

    def notify(self, area: Rect, parts: Part) -> None:
        """Tell the observers; also used for a stroke that is still being drawn."""
        change = Change(area, parts)
        for observer in list(self.observers):
            observer(change)

    def set_layer(self, layer: Layer, attribute: str, value: object, name: str) -> None:
        """Change one attribute of a layer other than its planes, as one entry called ``name``.

        Raises Locked.
        """
        self.edit(name, self.attribute_edit(layer, attribute, value))

    def attribute_edit(self, layer: Layer, attribute: str, value: object) -> AttributeSwap:
        """The edit that ``set_layer`` makes, for use inside a larger one. Raises Locked."""
        if attribute not in ("name", "visible", "lock"):
            for each in (*self.groups_around(layer), layer):
                if each.lock & Lock.ALL:
                    raise Locked(each)
        if attribute in ("name", "lock", "recipe"):
            return AttributeSwap(layer, attribute, value, parts=Part.LAYERS)
        # What is clipped to the layer, or was, shows beyond the layer itself.
        area = self.rect if attribute == "clipping" else self.extent(layer)
        return AttributeSwap(layer, attribute, value, parts=Part.LAYERS | Part.PIXELS, area=area)

    def set_layers(self, layers: Iterable[Layer], name: str) -> None:
        """Replace the outermost stack, as one entry called ``name``."""
        self.edit(name, self.stack_edit({self: tuple(layers)}))

    def stack_edit(self, contents: "dict[Document | Group, tuple[Layer, ...]]") -> "StateSwap":
        """The edit that makes ``contents`` what the document and some of its groups hold."""
        values: list[tuple[object, str, object]] = []
        area = NOWHERE
        for container, layers in contents.items():
            name = "layers" if container is self else "children"
            before = getattr(container, name)
            values.append((container, name, layers))
            for layer in _rearranged(before, layers):
                area = area.united(self.extent(layer))
        return StateSwap(self, values, parts=Part.LAYERS | Part.PIXELS, area=area)

    def planes(self) -> Iterator[TiledImage]:
        """Every plane of the document: of its layers, their masks, the selection and the channels."""
        for layer in walk(self.layers):
            yield from layer.planes()
        yield self.selection
        for channel in self.channels:
            yield channel.image


class StateSwap:
    """Exchanges attributes of the document and its layers whose values may hold planes.

    ``values`` are (target, attribute, value). What the document lets go of, history keeps and may move to
    disk: only undo brings it back. To put it in again otherwise, take a ``snapshot`` while it is there.
    """

    def __init__(
        self,
        document: Document,
        values: list[tuple[object, str, object]],
        *,
        parts: Part,
        area: Rect,
    ) -> None:
        self.document, self.values, self.parts, self.area = document, values, parts, area
        self._away: list[TiledImage] = []  # planes that the document does not hold now

    def stores(self) -> Iterator[Store]:
        for plane in self._away:
            yield plane.tiles

    def swap(self) -> None:
        before = list(self.document.planes())
        for place, (target, name, value) in enumerate(self.values):
            self.values[place] = target, name, getattr(target, name)
            setattr(target, name, value)
        held = {id(plane) for plane in self.document.planes()}
        self._away = [plane for plane in before if id(plane) not in held]
        self.values.reverse()


def _rearranged(before: tuple[Layer, ...], after: tuple[Layer, ...]) -> set[Layer]:
    """The layers that may look different once ``after`` stands where ``before`` did."""
    changed = set(before) ^ set(after)
    common = [layer for layer in before if layer in after]
    reordered = common != [layer for layer in after if layer in before]
    # What is clipped depends on its neighbours below.
    if reordered or any(layer.clipping for layer in common):
        changed |= set(common)
    return changed
