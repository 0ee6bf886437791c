"""The layers of an OpenRaster file: as stack.xml tells them, or as our own folder remembers them.

While stack.xml has the layers and groups that were written, in that order, and nobody touched the pictures
"as shown", the tree of our own folder holds; the pictures go, and the layers they stood for show again. If
not, the tree and what is visible are those of stack.xml, and the pictures stay, as layers. Either way each
other attribute that reads as it was written has its true value, and each PNG with the CRC-32 and length that
were written brings back its mask, its unmasked alpha, its recipe or its adjustment.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from editor.document.blend import MODES
from editor.document.files import ora_own, ora_stack
from editor.document.files.ora_archive import Archive, Planes
from editor.document.files.ora_own import Own, OwnError, Written, objects, taken
from editor.document.files.ora_stack import Node, Stack
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, Layer, LayerMask, Lock, PixelLayer
from editor.document.tiles import TiledImage

_Match = tuple[Written, dict]  # an element as it was written, and what its layer is


class Restoration:
    """Makes the layers of ``stack``; ``planes`` is told which pictures to fill them with.

    ``trusted`` says whether our own folder is about these pixels still, and may speak of the document as a
    whole. Raises FileError, StackError and OwnError.
    """

    def __init__(self, stack: Stack, own: Own | None, archive: Archive, planes: Planes) -> None:
        self._stack, self._own, self._archive, self._planes = stack, own, archive, planes
        self._nodes = list(ora_stack.walk(stack.nodes))
        self._matches: dict[str, _Match] = {}  # by the name of the PNG
        for count, plain in enumerate(_flat(own.layers) if own else ()):
            if count >= ora_stack.MAX_LAYERS:
                raise OwnError(f"has more than {ora_stack.MAX_LAYERS} layers")
            if plain.get("element") is not None:
                written = self._element(plain)
                self._matches[written.attributes.get("src", "")] = written, plain
        sources = [node.src for node in self._nodes if node.children is None]
        intact = any(src in self._matches and self._intact(src, self._matches[src][0]) for src in sources)
        self.trusted = own is not None and (intact or not sources)
        bits = [archive.facts(src).bits for src in sources]
        if self.trusted:
            bits.append(own.bits)
        self.dtype = np.dtype(f"uint{max(bits, default=8)}")

    def layers(self) -> tuple[Layer, ...]:
        """The layers, bottom first."""
        if self.trusted and self._is_ours():
            return tuple(self._remembered(plain) for plain in self._own.layers)
        return self._found(self._stack.nodes)

    def _is_ours(self) -> bool:
        """Whether the tree is the one that was written, and the pictures as shown are."""
        shape = [(each.depth, each.attributes.get("src")) for each in self._own.elements]
        return list(_shape(self._stack.nodes)) == shape and all(
            node.attributes == each.attributes and self._intact(node.src, each)
            for node, each in zip(self._nodes, self._own.elements, strict=True)
            if each.shown
        )

    def _element(self, plain: dict) -> Written:
        number = taken(plain, "element", int)
        if not 0 <= number < len(self._own.elements):
            raise OwnError("counts its layers wrongly")
        return self._own.elements[number]

    def _intact(self, src: str, written: Written) -> bool:
        return written.stamp is not None and self._archive.stamp(src) == written.stamp

    def _remembered(self, plain: dict) -> Layer:
        """A layer of our own tree."""
        is_group = taken(plain, "kind", str) == "group"
        if plain.get("element") is None:  # a group that was written as the layers in it
            node, match = Node({}, ()), (_DISSOLVED, plain)
        else:
            match = self._element(plain), plain
            node = self._nodes[plain["element"]]
        if is_group != (node.children is not None):
            raise OwnError("takes a layer for a group")
        common = self._common(node, match)
        common["visible"] = _attribute(match, node, "visibility", node.visible, _flag("visible"))
        if not is_group:
            return self._leaf(node, match, common)
        common["mask"] = self._mask(plain, (0, 0))
        return Group(children=[self._remembered(child) for child in objects(plain, "layers")], **common)

    def _found(self, nodes: Sequence[Node]) -> tuple[Layer, ...]:
        """The layers of a stack in stack.xml."""
        layers = []
        for place, node in enumerate(nodes):
            match = self._matches.get(node.src) if self.trusted and node.children is None else None
            if match is not None:
                common = self._common(node, match)
            else:
                common = {
                    "name": node.name,
                    "visible": node.visible,
                    "opacity": node.opacity,
                    "blend_mode": node.blend_mode,
                    "clipping": _is_clipped(nodes, place),
                    "lock": Lock.ALL if node.locked else Lock.NONE,
                }
            if node.children is None:
                layers.append(self._leaf(node, match, common))
            else:
                layers.append(Group(children=self._found(node.children), **common))
        return tuple(layers)

    def _common(self, node: Node, match: _Match) -> dict:
        """Attributes of a layer: the true ones where stack.xml reads as it was written."""
        blend_mode = _attribute(match, node, "composite-op", node.blend_mode, _blend_mode)
        return {
            "name": _attribute(match, node, "name", node.name, lambda plain: taken(plain, "name", str)),
            "visible": node.visible,
            "opacity": _attribute(match, node, "opacity", node.opacity, _opacity),
            "blend_mode": _attribute(match, node, "isolation", node.blend_mode, lambda plain: blend_mode),
            "clipping": taken(match[1], "clipping", bool),
            "lock": _attribute(
                match, node, "edit-locked", Lock.ALL if node.locked else Lock.NONE, ora_own.lock
            ),
        }

    def _leaf(self, node: Node, match: _Match | None, common: dict) -> Layer:
        x, y = node.position
        image = TiledImage(4, self.dtype)
        if match is None or not self._intact(node.src, match[0]):
            self._planes.want(image, node.src, x, y)
            return PixelLayer(image=image, **common)
        written, plain = match
        old_x, old_y = Node(written.attributes).position
        common["mask"] = self._mask(plain, (x - old_x, y - old_y))
        kind = taken(plain, "kind", str)
        if kind == "adjustment":
            return AdjustmentLayer(adjustment=ora_own.adjustment(plain), **common)
        if kind != "pixels":
            raise OwnError("has a layer of an unknown kind")
        alpha = None if plain.get("alpha") is None else taken(plain, "alpha", str)
        self._planes.want(image, node.src, x, y, alpha)
        return PixelLayer(image=image, recipe=ora_own.recipe(plain), **common)

    def _mask(self, plain: dict, moved: tuple[int, int]) -> LayerMask | None:
        if plain.get("mask") is None:
            return None
        mask = taken(plain, "mask", dict)
        image = ora_own.plane(taken(mask, "plane", dict), self._planes.want, moved)
        return LayerMask(image, taken(mask, "enabled", bool))


_DISSOLVED = Written(0, {}, None, False)


def _attribute(match: _Match, node: Node, name: str, found: Any, true: Callable[[dict], Any]) -> Any:
    """The true value if the attribute ``name`` reads as it was written, else the one ``found``."""
    written, plain = match
    return true(plain) if node.attributes.get(name) == written.attributes.get(name) else found


def _flag(key: str) -> Callable[[dict], bool]:
    return lambda plain: taken(plain, key, bool)


def _opacity(plain: dict) -> float:
    value = plain.get("opacity")
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise OwnError("has an opacity that is not 0 to 1")
    return float(value)


def _blend_mode(plain: dict) -> str:
    mode = taken(plain, "blend_mode", str)
    if mode not in MODES and not (mode == PASS_THROUGH and plain.get("kind") == "group"):
        raise OwnError("has an unknown blend mode")
    return mode


def _is_clipped(nodes: Sequence[Node], place: int) -> bool:
    """Whether what a layer says to be clipped to, all that is below it in its stack, is one layer."""
    below = [node for node in nodes[:place] if node.visible and not node.clipped]
    return nodes[place].clipped and len(below) == 1


def _shape(nodes: Sequence[Node], depth: int = 0) -> Iterator[tuple[int, str | None]]:
    for node in nodes:
        yield depth, node.attributes.get("src")
        yield from _shape(node.children or (), depth + 1)


def _flat(layers: Sequence[dict], depth: int = 0) -> Iterator[dict]:
    if depth > ora_stack.MAX_DEPTH:
        raise OwnError(f"nests groups more than {ora_stack.MAX_DEPTH} deep")
    for plain in layers:
        yield plain
        if plain.get("kind") == "group":
            yield from _flat(objects(plain, "layers"), depth + 1)
