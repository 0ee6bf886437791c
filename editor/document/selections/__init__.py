"""Selections as arrays: uint8 of shape (H, W), 0 = not selected, 255 = selected, between them in part.

Every function returns a new array and leaves what it is given as it was. Coordinates are in pixels, x to the
right and y down, the centre of the first pixel at (0.5, 0.5).
"""

from editor.document.selections.by_colour import similar, wand
from editor.document.selections.combining import combine, invert
from editor.document.selections.edges import MAX_SMOOTH, border, feather, grow, shrink, smooth
from editor.document.selections.ranges import colour_range, tonal_range
from editor.document.selections.shapes import Box, ellipse, polygon, rectangle

__all__ = [
    "MAX_SMOOTH",
    "Box",
    "border",
    "colour_range",
    "combine",
    "ellipse",
    "feather",
    "grow",
    "invert",
    "polygon",
    "rectangle",
    "shrink",
    "similar",
    "smooth",
    "tonal_range",
    "wand",
]
