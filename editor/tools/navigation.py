"""Tools that move the view and leave the document alone; the canvas does what they stand for."""

from editor.tools.base import Tool


class Hand(Tool):
    id = "hand"
    name = "Hand"
    hint = "Drag to move the picture. Hold Space to do so with any tool."
    navigates = "pan"
    cursor = "hand"


class Zoom(Tool):
    id = "zoom"
    name = "Zoom"
    hint = "Click to zoom in, Alt+click to zoom out, or drag to the right or left."
    navigates = "zoom"
    cursor = "zoom"


class RotateView(Tool):
    id = "rotate-view"
    name = "Rotate view"
    hint = "Drag to turn the view; the picture itself stays as it is. Esc turns it back."
    navigates = "rotate"
    cursor = "rotate"
