"""Make a fill anew: its layer stays where it is and takes other pixels."""

from collections.abc import Iterable
from copy import copy

from editor.document import guides, select
from editor.document.guide import Guide
from editor.document.history import Part
from editor.document.layers import Group, Layer, Lock, PixelLayer, walk
from editor.document.model import Document, StateSwap
from editor.document.stack import refuse_locked
from editor.jobs.remove import Fill, lines_of


class FillLayer:
    """Where a fill goes: into a layer that an engine made before. The fill is made of what lies below it."""

    def __init__(self, layer: PixelLayer) -> None:
        self.layer = layer

    def source(self, document: Document) -> Document:
        """The document without the layer and all that lies over it; in the groups around it, too.

        A snapshot: it may be read in any thread. Raises ValueError if nothing lies below, or if the layer is
        gone or locked.
        """
        if not self.is_there(document):
            raise ValueError(f"The fill “{self.layer.name}” is no longer in this picture.")
        refuse_locked(document, self.layer, Lock.PIXELS | Lock.ALPHA)
        below = Document(
            document.width,
            document.height,
            document.dtype,
            _below(document.layers, self.layer),
            grey=document.grey,
        )
        if not any(isinstance(each, PixelLayer) for each in walk(below.layers)):
            raise ValueError(f"Nothing lies below “{self.layer.name}” that a fill could be made of.")
        below.selection, below.guides = document.selection, document.guides
        return below.snapshot()

    def lines_to_restore(self, document: Document) -> tuple[Guide, ...]:
        """The lines that the fill follows, as guides, but for those that the document has."""
        there = {guide.points for guide in document.guides}
        return tuple(guide for guide in self.layer.recipe.to_guides() if guide.points not in there)

    def done(self, document: Document) -> None:
        """Nothing more is changed about the fill: what it covers is selected no longer, and the lines that it
        follows are no guides any more."""
        guides.delete(document, lines_of(document, self.layer.recipe))
        select.nothing(document)

    def is_there(self, document: Document) -> bool:
        """Whether the layer still is in the document."""
        return self.layer in walk(document.layers)

    def stack(self, document: Document, made: Fill) -> tuple[Layer, ...]:
        """The document's layers as they would be with the fill; nothing is changed."""
        twin = copy(self.layer)
        twin.image = made.image
        return _exchanged(document.layers, self.layer, twin)

    def put(self, document: Document, made: Fill) -> PixelLayer:
        """Give the layer the fill's pixels and recipe: one entry. All else of it stays, and so does the mask.

        Raises Locked.
        """
        refuse_locked(document, self.layer, Lock.PIXELS | Lock.ALPHA)
        area = self.layer.image.filled().united(made.image.filled()).intersected(document.rect)
        values: list[tuple[object, str, object]] = [
            (self.layer, "image", made.image),
            (self.layer, "recipe", made.recipe),
        ]
        parts = Part.LAYERS | Part.PIXELS
        document.edit("Change fill", StateSwap(document, values, parts=parts, area=area))
        return self.layer


def _below(layers: Iterable[Layer], layer: Layer) -> tuple[Layer, ...]:
    """The layers up to ``layer``; of the group that it lies in, what is below it."""
    out: list[Layer] = []
    for each in layers:
        if each is layer:
            break
        if isinstance(each, Group) and layer in walk(each.children):
            group = copy(each)
            group.children = _below(each.children, layer)
            out.append(group)
            break
        out.append(each)
    return tuple(out)


def _exchanged(layers: Iterable[Layer], layer: Layer, twin: Layer) -> tuple[Layer, ...]:
    """The layers with ``twin`` in the place of ``layer``, wherever that lies."""
    out: list[Layer] = []
    for each in layers:
        if isinstance(each, Group) and layer in walk(each.children):
            group = copy(each)
            group.children = _exchanged(each.children, layer, twin)
            out.append(group)
        else:
            out.append(twin if each is layer else each)
    return tuple(out)
