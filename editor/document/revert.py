"""A document as its file has it."""

from editor.document.history import Part
from editor.document.model import Document, StateSwap

_WHAT = (
    *("width", "height", "dtype", "layers", "selection", "channels", "guides"),
    *("grey", "has_alpha", "metadata", "notes"),
)


def revert(document: Document, saved: Document) -> None:
    """Give a document all that ``saved`` holds, which was just read from its file and is not used any more.

    One entry of the history, after which the document counts as saved.
    """
    area = document.rect.united(saved.rect)
    parts = Part.CANVAS | Part.PIXELS | Part.LAYERS | Part.SELECTION | Part.GUIDES
    values = [(document, name, getattr(saved, name)) for name in _WHAT]
    document.edit("Revert", StateSwap(document, values, parts=parts, area=area))
    document.history.mark_saved(document.history.state)
