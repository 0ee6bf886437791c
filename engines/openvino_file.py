"""Reads networks that OpenVINO keeps as an IR: an XML file of layers and edges beside a file of numbers.

Nothing in it is run, and OpenVINO is not needed. The XML may name no entity and no type of document, so that
it cannot grow or reach for another file; every tensor lies inside the numbers and is as long as its shape.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np

from engines.base import WeightsWrong

_TYPES = {
    "f64": np.dtype("<f8"),
    "f32": np.dtype("<f4"),
    "f16": np.dtype("<f2"),
    "i64": np.dtype("<i8"),
    "i32": np.dtype("<i4"),
    "i8": np.dtype("i1"),
    "u8": np.dtype("u1"),
}
_LONGEST = 16 << 20  # bytes of XML; that of MobileStyleGAN has 425 kB
_MOST_LAYERS = 100_000


@dataclass(frozen=True)
class Layer:
    """One operation. ``inputs`` are the ids of the layers that feed it, in the order of its ports."""

    id: str
    kind: str  # as the IR names it: "Const", "MatMul" ...
    name: str
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """The layers in the order of the file, and the numbers of those that are constants, by their ids."""

    layers: dict[str, Layer]
    constants: dict[str, np.ndarray]
    _users: dict[str, list[Layer]] = field(default_factory=dict)

    def named(self, name: str) -> Layer:
        """The one layer of a name. Raises WeightsWrong if there is none or are two."""
        found = [layer for layer in self.layers.values() if layer.name == name]
        if len(found) != 1:
            raise _wrong(f"it has no layer {name}")
        return found[0]

    def user(self, layer: Layer, kind: str) -> Layer:
        """The one operation of a kind that takes what ``layer`` gives. Raises WeightsWrong."""
        if not self._users:
            for other in self.layers.values():
                for each in other.inputs:
                    self._users.setdefault(each, []).append(other)
        found = [other for other in self._users.get(layer.id, []) if other.kind == kind]
        if len(found) != 1:
            raise _wrong(f"no {kind} follows {layer.name}")
        return found[0]

    def constant(self, layer: Layer) -> np.ndarray:
        """The one constant that an operation takes beside what is computed. Raises WeightsWrong."""
        found = [self.constants[each] for each in layer.inputs if each in self.constants]
        if len(found) != 1:
            raise _wrong(f"{layer.name} takes no single constant")
        return found[0]


def read(xml: bytes, numbers: bytes) -> Network:
    """The network of a pair of files; constants are views of ``numbers``. Raises WeightsWrong."""
    with _damage():
        root = _parsed(xml)
        feeds: dict[str, list[tuple[int, str]]] = {}
        for edge in _part(root, "edges"):
            port = int(edge.attrib["to-port"])
            feeds.setdefault(edge.attrib["to-layer"], []).append((port, edge.attrib["from-layer"]))
        layers, constants = {}, {}
        for element in _part(root, "layers"):
            key, kind = element.attrib["id"], element.attrib["type"]
            inputs = tuple(source for _, source in sorted(feeds.get(key, [])))
            if key in layers:
                raise ValueError("two layers have the same number")
            layers[key] = Layer(key, kind, element.attrib["name"], inputs)
            if kind == "Const":
                constants[key] = _constant(element, numbers)
        if not all(source in layers for layer in layers.values() for source in layer.inputs):
            raise ValueError("an edge begins nowhere")
        return Network(layers, constants)


def _parsed(xml: bytes) -> ElementTree.Element:
    if len(xml) > _LONGEST:
        raise ValueError("it is longer than it may be")
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end

    def refused(*_: object) -> None:
        raise ValueError("it defines what no network needs")

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refused
    parser.Parse(xml, True)
    return builder.close()


def _part(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    part = root.find(name)
    if root.tag != "net" or part is None or len(part) > _MOST_LAYERS:
        raise ValueError(f"it has no {name}")
    return list(part)


def _constant(element: ElementTree.Element, numbers: bytes) -> np.ndarray:
    data = element.find("data")
    if data is None:
        raise ValueError("a constant has no numbers")
    dtype = _TYPES[data.attrib["element_type"]]
    shape = tuple(int(side) for side in data.attrib["shape"].split(",") if side.strip())
    offset, size = int(data.attrib["offset"]), int(data.attrib["size"])
    if min((offset, size, *shape)) < 0 or offset + size > len(numbers):
        raise ValueError("a constant lies outside the numbers")
    if math.prod(shape) * dtype.itemsize != size:
        raise ValueError("a constant is not as long as its shape")
    return np.frombuffer(numbers, dtype, math.prod(shape), offset).reshape(shape)


def _wrong(reason: str) -> WeightsWrong:
    return WeightsWrong(f"The model file was not read: {reason}. Get it again from its maker.")


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, AttributeError, RecursionError, AssertionError, expat.ExpatError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise _wrong(reason[0]) from None
