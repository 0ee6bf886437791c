"""What an ONNX file asks for, read from its bytes without a runtime: data and standard operators may be.

A runtime that loads a file may open others that it names and look for operators in libraries beside it. Both
are refused before any runtime sees the file. The format is a Protocol Buffers message (onnx.proto of ONNX
1.16); only what matters here is read, and what is large is stepped over.
"""

from collections.abc import Iterator

from engines.base import WeightsWrong
from engines.protobuf import fields

_DOMAINS = (b"", b"ai.onnx", b"ai.onnx.ml", b"com.microsoft")
_FOREIGN = (b"EPContext",)  # of com.microsoft: holds or names a compiled program of a device
_DEEPEST = 64  # graphs within graphs

# Field numbers of onnx.proto.
_GRAPH, _TRAINING, _FUNCTIONS = 7, 20, 25  # ModelProto
_NODES, _TENSORS, _INPUTS, _SPARSE = 1, 5, 11, 15  # GraphProto
_FUNCTION_NODES, _FUNCTION_DOMAIN = 7, 10  # FunctionProto
_FUNCTION_ATTRIBUTES = 11
_OPERATOR, _ATTRIBUTES, _DOMAIN = 4, 5, 7  # NodeProto
_TENSOR, _ITS_GRAPH, _ITS_TENSORS, _ITS_GRAPHS, _ITS_SPARSE, _ITS_SPARSES = 5, 6, 10, 11, 22, 23
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14  # TensorProto


class _Refused(Exception):
    """Why a file is not used; ends a sentence that says so."""


def inputs_of(content: bytes | memoryview, name: str) -> dict[str, tuple[int, ...]]:
    """The shapes of what a graph takes by their names, once all of it was looked through; a free side is 0.

    What it has values for itself is left out. ``name`` is the file's, for the user. Raises WeightsWrong if it
    is no ONNX file, names another file or wants an operator that is not of ONNX.
    """
    try:
        return _model(memoryview(content))
    except _Refused as refusal:
        raise WeightsWrong(f"The model file {name} was not used: {refusal}.") from None
    except (ValueError, IndexError, UnicodeDecodeError, RecursionError):
        raise WeightsWrong(f"The model file {name} is no ONNX file or is damaged. Get it again.") from None


def _model(content: memoryview) -> dict[str, tuple[int, ...]]:
    graphs, found = 0, {}
    own = {bytes(_one(each, _FUNCTION_DOMAIN)) for each in _all(content, _FUNCTIONS)}
    for number, value in fields(content):
        if number == _GRAPH:
            graphs += 1
            found = _graph(value, own)
        elif number == _FUNCTIONS:
            for place, each in fields(value):
                if place == _FUNCTION_NODES:
                    _node(each, own, 0)
                elif place == _FUNCTION_ATTRIBUTES:
                    _attribute(each, own, 0)
        elif number == _TRAINING:
            raise _Refused("it is one for training")
    if graphs != 1:
        raise ValueError
    return found


def _graph(content: memoryview, own: set[bytes], depth: int = 0) -> dict[str, tuple[int, ...]]:
    if depth > _DEEPEST:
        raise ValueError
    inputs, known = {}, set()
    for number, value in fields(content):
        if number == _NODES:
            _node(value, own, depth)
        elif number == _TENSORS:
            known.add(_tensor(value))
        elif number == _SPARSE:
            _sparse(value)
        elif number == _INPUTS:
            name, shape = _input(value)
            inputs[name] = shape
    return {name: shape for name, shape in inputs.items() if name not in known}


def _node(content: memoryview, own: set[bytes], depth: int) -> None:
    operator = bytes(_one(content, _OPERATOR))
    _domain(bytes(_one(content, _DOMAIN)), own, operator)
    if operator in _FOREIGN:
        raise _Refused("it holds a program for a device")
    for value in _all(content, _ATTRIBUTES):
        _attribute(value, own, depth)


def _attribute(content: memoryview, own: set[bytes], depth: int) -> None:
    for number, value in fields(content):
        if number in (_TENSOR, _ITS_TENSORS):
            _tensor(value)
        elif number in (_ITS_GRAPH, _ITS_GRAPHS):
            _graph(value, own, depth + 1)
        elif number in (_ITS_SPARSE, _ITS_SPARSES):
            _sparse(value)


def _sparse(content: memoryview) -> None:
    for number, value in fields(content):
        if number in (1, 2):  # values and indices
            _tensor(value)


def _tensor(content: memoryview) -> str:
    """Its name. Raises _Refused if its numbers lie elsewhere."""
    name = ""
    for number, value in fields(content):
        if number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value != 0):
            raise _Refused("it keeps data in other files")
        if number == 8:
            name = str(value, "utf-8")
    return name


def _domain(domain: bytes, own: set[bytes], operator: bytes) -> None:
    if domain not in _DOMAINS and domain not in own:
        named = b".".join(filter(None, (domain, operator))).decode("utf-8", "replace")[:80]
        named = "".join(each if each.isprintable() else "?" for each in named)
        raise _Refused(f"it asks for {named}, which is not of ONNX")


def _input(content: memoryview) -> tuple[str, tuple[int, ...]]:
    """ValueInfoProto: a name, and a type with a shape of sides that are a number or a name."""
    tensor = _one(_one(content, 2), 1)
    sides = []
    for side in _all(_one(tensor, 2), 1):
        values = dict(fields(side))
        sides.append(int(values.get(1, 0)))
    return str(_one(content, 1), "utf-8"), tuple(sides)


def _one(content: memoryview, field: int) -> memoryview:
    """The bytes of a field, none if it is not there."""
    found = memoryview(b"")
    for value in _all(content, field):
        found = value
    return found


def _all(content: memoryview, field: int) -> Iterator[memoryview]:
    for number, value in fields(content):
        if number == field:
            if isinstance(value, int):
                raise ValueError
            yield value
