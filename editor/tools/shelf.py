"""Every tool there is: its place in the tool bar, and where its class is. Importing this imports none."""

from dataclasses import dataclass
from importlib import import_module

from editor.tools.base import Tool
from editor.tools.bench import Bench


@dataclass(frozen=True)
class Spec:
    """One tool. ``key`` is a letter that the tools of one group share: Shift and the letter goes through
    them."""

    id: str
    title: str  # English
    where: str  # module:class, in editor.tools
    icon: str
    key: str
    tip: str = ""  # English: what it is for

    def make(self, bench: Bench) -> Tool:
        module, _, name = self.where.partition(":")
        return getattr(import_module(f"editor.tools.{module}"), name)(bench)


# Groups share a button of the tool bar. None is a line between buttons.
GROUPS: tuple[tuple[Spec, ...] | None, ...] = (
    (Spec("move", "Move", "move:Move", "move", "V", "Move the layer, or what is selected of it"),),
    (
        Spec(
            "select-rectangle",
            "Rectangle selection",
            "marquee:RectangleSelection",
            "select-rectangle",
            "M",
            "Drag a rectangle",
        ),
        Spec(
            "select-ellipse",
            "Ellipse selection",
            "marquee:EllipseSelection",
            "select-ellipse",
            "M",
            "Drag an ellipse",
        ),
    ),
    (
        Spec("lasso", "Lasso", "lasso:Lasso", "lasso", "L", "Draw around what you want to select"),
        Spec("polygon", "Polygon", "lasso:Polygon", "polygon", "L", "Click corners around it"),
    ),
    (
        Spec("wand", "Magic wand", "wand:Wand", "wand", "W", "Select by colour"),
        Spec(
            "object-select",
            "Object select",
            "click_select:ObjectSelect",
            "object-select",
            "W",
            "Click on an object to select it",
        ),
    ),
    (Spec("crop", "Crop", "crop:Crop", "crop", "C", "Cut the picture to a frame, and straighten it"),),
    (
        Spec(
            "eyedropper",
            "Eyedropper",
            "eyedropper:Eyedropper",
            "eyedropper",
            "I",
            "Take a colour from the picture",
        ),
    ),
    None,
    (
        Spec(
            "remove-brush",
            "Remove brush",
            "remove_brush:RemoveBrush",
            "remove-brush",
            "J",
            "Brush over what should go",
        ),
        Spec(
            "healing",
            "Healing brush",
            "retouching:Healing",
            "healing",
            "J",
            "Paint over flaws from a clean place",
        ),
        Spec(
            "spot-healing",
            "Spot healing",
            "retouching:SpotHealing",
            "healing",
            "J",
            "Click on spots to cover them",
        ),
    ),
    (
        Spec("brush", "Brush", "brushes:Brush", "brush", "B", "Paint with the foreground colour"),
        Spec("pencil", "Pencil", "brushes:Pencil", "pencil", "B", "Draw with hard edges"),
    ),
    (Spec("stamp", "Clone stamp", "retouching:Stamp", "stamp", "S", "Copy from one place to another"),),
    (Spec("eraser", "Eraser", "brushes:Eraser", "eraser", "E", "Erase to transparency"),),
    (
        Spec("gradient", "Gradient", "gradient:Gradient", "gradient", "G", "A smooth change of colour"),
        Spec("bucket", "Paint bucket", "gradient:Bucket", "bucket", "G", "Fill what has a similar colour"),
    ),
    None,
    (Spec("pen-sketch", "Sketch pen", "sketch:PenSketch", "pen-sketch", "P", "Draw lines over the picture"),),
    (
        Spec(
            "portrait",
            "Portrait",
            "portrait:FaceTool",
            "portrait",
            "A",
            "Click on a face to change it by its sketch",
        ),
    ),
    (Spec("line", "Line", "lines:LineTool", "line", "U", "Straight structure lines with handles"),),
    None,
    (Spec("hand", "Hand", "navigation:Hand", "hand", "H", "Move the picture"),),
    (Spec("rotate-view", "Rotate view", "navigation:RotateView", "rotate-view", "R", "Turn the view"),),
    (Spec("zoom", "Zoom", "navigation:Zoom", "zoom", "Z", "Zoom in, Alt to zoom out"),),
)

# Taken in hand by commands and by other tools.
BESIDE = (Spec("transform", "Free transform", "transform:Transform", "transform", ""),)

TOOLS: dict[str, Spec] = {spec.id: spec for group in (*GROUPS, BESIDE) if group is not None for spec in group}
DEFAULT = "remove-brush"


def with_key(key: str) -> list[Spec]:
    """The tools that share a letter, in the order in which Shift and the letter goes through them."""
    return [spec for spec in TOOLS.values() if spec.key == key]
