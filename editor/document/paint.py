"""Edits of pixels: strokes, filling, gradients, clearing, copying. Each is one entry of the history.

All of them work within the canvas and honour the selection, in part where it is soft, and the layer's locks:
with ``Lock.PIXELS`` or ``Lock.ALL`` they raise Locked, with ``Lock.ALPHA`` they leave alpha as it is. Nothing
selected is no restriction. Painting is W3C's "source-over" (https://www.w3.org/TR/compositing-1/, 5.1) of a
colour whose alpha is the brush's coverage. A pixel that ends up fully transparent is 0 in all channels.

Colours are red, green and blue, 0..1, in the document's own space; a mask takes their luminosity. Places are
in pixels of the picture, the centre of the first one at (0.5, 0.5).
"""

from editor.document.painting.areas import clear, fill
from editor.document.painting.bucket import bucket
from editor.document.painting.clipboard import copy, paste
from editor.document.painting.clone import CloneSource, CloneStroke
from editor.document.painting.gradient import KINDS as GRADIENTS
from editor.document.painting.gradient import gradient
from editor.document.painting.heal import HealStroke
from editor.document.painting.picking import sample
from editor.document.painting.source import SAMPLES
from editor.document.painting.stabiliser import Stabiliser
from editor.document.painting.stroke import BrushStroke, Stroke
from editor.document.painting.target import Colour
from editor.document.painting.tip import Sample, Tip

__all__ = [
    "GRADIENTS",
    "SAMPLES",
    "BrushStroke",
    "CloneSource",
    "CloneStroke",
    "Colour",
    "HealStroke",
    "Sample",
    "Stabiliser",
    "Stroke",
    "Tip",
    "bucket",
    "clear",
    "copy",
    "fill",
    "gradient",
    "paste",
    "sample",
]
