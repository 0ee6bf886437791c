"""What a document has that a PSD file cannot hold."""

from editor.document.adjustments import (
    BrightnessContrast,
    Exposure,
    Invert,
    Levels,
    LevelsChannel,
    Posterize,
    Threshold,
    WhiteBalance,
)
from editor.document.files import colour
from editor.document.files.psd.notes import Notes
from editor.document.layers import AdjustmentLayer, PixelLayer, walk
from editor.document.model import Document

# Adjustments that Photoshop has for grey pictures, too, and that leave them grey.
_GREY = (BrightnessContrast, Exposure, Invert, Posterize, Threshold)


def losses(document: Document) -> list[str]:
    """What saving as PSD or PSB would not keep, a few words each; empty where everything is kept."""
    notes = Notes()
    if document.selection.tiles:
        notes.add("the selection (save it as a channel first)")
    if document.grey and not keeps_grey(document):
        notes.add("that it is grey (it is saved as RGB)")
    icc = document.metadata.icc
    if icc and colour.fitting(icc, grey=keeps_grey(document)) is None:
        notes.add("the colour profile (it is not for the colours that are saved)")
    for layer in walk(document.layers):
        if isinstance(layer, PixelLayer) and layer.recipe is not None:
            notes.layer("how a fill was made", layer.name)
        if isinstance(layer, AdjustmentLayer):
            _note(layer, notes)
    return list(notes.lines)


def _note(layer: AdjustmentLayer, notes: Notes) -> None:
    adjustment = layer.adjustment
    if isinstance(adjustment, WhiteBalance):
        notes.layer("the white balance (the layer is saved empty and hidden)", layer.name)
    if isinstance(adjustment, Levels):
        channels = (adjustment.rgb, adjustment.red, adjustment.green, adjustment.blue)
        if any(_rounded(channel) for channel in channels):
            notes.layer("the exact gamma of Levels", layer.name)


def _rounded(channel: LevelsChannel) -> bool:
    return channel.gamma < 0.1 or abs(channel.gamma * 100 - round(channel.gamma * 100)) > 1e-9


def keeps_grey(document: Document) -> bool:
    """Whether the document can be saved with a single channel: it came so, and still is grey."""
    if not document.grey:
        return False
    for layer in walk(document.layers):
        if isinstance(layer, AdjustmentLayer) and not isinstance(layer.adjustment, _GREY):
            return False
        if isinstance(layer, PixelLayer):
            for tile in layer.image.tiles.values():
                if (tile[..., :1] != tile[..., 1:3]).any():
                    return False
    return True
