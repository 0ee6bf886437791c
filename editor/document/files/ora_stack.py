"""stack.xml, the list of layers of an OpenRaster file.

OpenRaster 0.0.5, Layer Stack Specification (https://www.openraster.org/baseline/layer-stack-spec.html). In
the file the topmost layer comes first; here, as in a document, it comes last.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from editor.document.files.metadata import usable_dpi
from editor.document.layers import PASS_THROUGH

MAX_BYTES = 16 << 20
MAX_DEPTH = 100
MAX_LAYERS = 10_000
FARTHEST = 10_000_000  # pixels that a layer may lie off the canvas

# Where the specification has no name Krita's is used, as Krita writes and reads it.
OPERATIONS = {
    "normal": "svg:src-over",
    "darken": "svg:darken",
    "multiply": "svg:multiply",
    "color-burn": "svg:color-burn",
    "linear-burn": "krita:linear_burn",
    "darker-color": "krita:darker color",
    "lighten": "svg:lighten",
    "screen": "svg:screen",
    "color-dodge": "svg:color-dodge",
    "linear-dodge": "svg:plus",
    "lighter-color": "krita:lighter color",
    "overlay": "svg:overlay",
    "soft-light": "svg:soft-light",
    "hard-light": "svg:hard-light",
    "vivid-light": "krita:vivid_light",
    "linear-light": "krita:linear light",
    "pin-light": "krita:pin_light",
    "hard-mix": "krita:hard_mix_photoshop",
    "difference": "svg:difference",
    "exclusion": "krita:exclusion",
    "subtract": "krita:subtract",
    "divide": "krita:divide",
    "hue": "svg:hue",
    "saturation": "svg:saturation",
    "color": "svg:color",
    "luminosity": "svg:luminosity",
}
# What is read besides: names of W3C that some programs write, and Krita's other names for the same.
_MODES = {operation: mode for mode, operation in OPERATIONS.items()} | {
    "svg:exclusion": "exclusion",
    "svg:add": "linear-dodge",
    "krita:soft_light": "soft-light",
    "krita:hard mix": "hard-mix",
}
CLIPPED = "svg:src-atop"  # shows only where the layers below it in its stack do
# They take away from what is below them; shown as layers they would cover it.
_ERASING = ("svg:dst-in", "svg:dst-out", "svg:dst-atop", "svg:clear")


class StackError(ValueError):
    """What is wrong with stack.xml, as the end of a sentence."""


@dataclass(frozen=True)
class Node:
    """An element ``stack`` or ``layer``, its attributes as they are written."""

    attributes: dict[str, str]
    children: "tuple[Node, ...] | None" = None  # of a stack, bottom first

    @property
    def src(self) -> str:
        return self.attributes.get("src", "")

    @property
    def name(self) -> str:
        return self.attributes.get("name", "")

    @property
    def visible(self) -> bool:
        """Whether it shows; what erases does not."""
        return self.attributes.get("visibility") != "hidden" and self._operation not in _ERASING

    @property
    def opacity(self) -> float:
        """0..1. Raises StackError."""
        return min(max(_number(self.attributes.get("opacity", "1"), "opacity"), 0.0), 1.0)

    @property
    def blend_mode(self) -> str:
        """A mode of blend.MODES, or of a group that is not isolated ``PASS_THROUGH``; what is not known is
        normal."""
        mode = _MODES.get(self._operation, "normal")
        if self.children is None or mode != "normal":
            return mode
        # "auto" isolates as well if the opacity is not full. GIMP leaves the attribute out, and isolates.
        through = self.attributes.get("isolation") == "auto" and self.opacity >= 1
        return PASS_THROUGH if through else "normal"

    @property
    def clipped(self) -> bool:
        return self._operation == CLIPPED

    @property
    def locked(self) -> bool:
        return self.attributes.get("edit-locked") == "true"

    @property
    def position(self) -> tuple[int, int]:
        """(x, y) of the corner. Raises StackError."""
        x, y = (round(_number(self.attributes.get(axis, "0"), axis)) for axis in "xy")
        if max(abs(x), abs(y)) > FARTHEST:
            raise StackError(f"places a layer more than {FARTHEST} pixels off the canvas")
        return x, y

    @property
    def _operation(self) -> str:
        return self.attributes.get("composite-op", "svg:src-over")


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node; a stack comes before what is in it."""
    for node in nodes:
        yield node
        if node.children is not None:
            yield from walk(node.children)


def encode(width: int, height: int, dpi: tuple[float, float] | None, nodes: tuple[Node, ...]) -> bytes:
    """stack.xml of a canvas."""
    image = ElementTree.Element("image", {"version": "0.0.5", "w": str(width), "h": str(height)})
    if dpi:
        image.attrib |= {"xres": str(round(dpi[0])), "yres": str(round(dpi[1]))}
    _append(ElementTree.SubElement(image, "stack"), nodes)
    return ElementTree.tostring(image, "UTF-8", xml_declaration=True)


def _append(parent: ElementTree.Element, nodes: tuple[Node, ...]) -> None:
    for node in reversed(nodes):
        kind = "layer" if node.children is None else "stack"
        element = ElementTree.SubElement(parent, kind, node.attributes)
        _append(element, node.children or ())


def printable(text: str) -> str:
    """``text`` with a replacement for each character that XML 1.0 (2.2) cannot hold."""
    return "".join(char if _is_xml(ord(char)) else "\ufffd" for char in text)


def _is_xml(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code >= 0x10000


@dataclass(frozen=True)
class Stack:
    """What a stack.xml says."""

    width: int
    height: int
    dpi: tuple[float, float] | None
    nodes: tuple[Node, ...]


def parse(data: bytes) -> Stack:
    """What stack.xml says; elements that are neither layers nor stacks are passed over.

    Raises StackError.
    """
    parser = ElementTree.XMLParser(target=_Builder())
    try:
        parser.feed(data)
        image = parser.close()
    except ElementTree.ParseError as error:
        raise StackError(f"is not well-formed ({error})") from None
    stack = image.find("stack")
    if image.tag != "image" or stack is None:
        raise StackError("has no list of layers")
    width, height = (round(_number(image.get(side, "0"), side)) for side in "wh")
    dpi = usable_dpi((image.get("xres"), image.get("yres")))
    return Stack(width, height, dpi, _nodes(stack))


def _nodes(stack: ElementTree.Element) -> tuple[Node, ...]:
    nodes = []
    for element in reversed(stack):
        if element.tag == "stack":
            nodes.append(Node(dict(element.attrib), _nodes(element)))
        elif element.tag == "layer":
            nodes.append(Node(dict(element.attrib)))
    return tuple(nodes)


class _Builder(ElementTree.TreeBuilder):
    """Refuses what makes a small file a large tree, before it is made."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def doctype(self, *_: object) -> None:
        raise StackError("declares a document type, which could hide a bomb of entities")

    def start(self, tag: str, attributes: dict[str, str]) -> ElementTree.Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH + 3:  # the image, its stack, and a layer in the innermost group
            raise StackError(f"nests groups more than {MAX_DEPTH} deep")
        if self._count > MAX_LAYERS + 2:
            raise StackError(f"has more than {MAX_LAYERS} layers")
        return super().start(tag, attributes)

    def end(self, tag: str) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def _number(text: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise StackError(f"gives “{text[:40]}” for {what}")
    return value
