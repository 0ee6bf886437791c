"""Which model a file is, told by what is in it: its hash, or the names and shapes of its tensors."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path

from engines import onnx_file, safetensors_file, store, torch_file
from engines.base import WeightsWrong
from engines.store import mapped

Shapes = Mapping[str, Sequence[int]]
_BLOCK = 1 << 20


def recognised(path: Path) -> tuple[store.WeightFile, str] | None:
    """The entry of the catalogue that a file is of, and how it is converted to the one in place.

    None if the catalogue has none such. Raises WeightsWrong if it would be one but is not safe, OSError.
    """
    entries = [entry for entry in store.catalog().values() if not entry.embedded]
    sha256, md5 = _hashes(path)
    for entry in entries:
        conversions = {source.sha256: source.convert for source in entry.sources} | {entry.sha256: ""}
        if sha256 in conversions:
            return entry, conversions[sha256]
        if entry.md5 == md5:
            return entry, ""
    unpinned = [entry for entry in entries if not (entry.sha256 or entry.md5)]
    if unpinned:
        shapes, conversion = _shapes(path)
        for entry in unpinned:
            if _fits(entry, shapes):
                return entry, conversion
    return None


def _hashes(path: Path) -> tuple[str, str]:
    """sha256 and md5 in one reading."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha256.update(block)
            md5.update(block)
    return sha256.hexdigest(), md5.hexdigest()


def _shapes(path: Path) -> tuple[Shapes, str]:
    """The shapes of what a file holds by its names, and how it is converted; nothing for what is no model.

    What a file is of is seen by its bytes, whatever its name ends with.
    """
    content = mapped(path)
    if bytes(content[:2]) == b"PK":
        with path.open("rb") as file:
            try:
                return {name: array.shape for name, array in torch_file.read(file).items()}, "torch"
            except WeightsWrong:  # a program, or no checkpoint at all
                return {}, ""
    if safetensors_file.is_one(content):
        return safetensors_file.shapes(content), ""
    if bytes(content[:1]) == b"\x08":  # ir_version, with which every ONNX file begins
        return onnx_file.inputs_of(content, path.name), ""
    return {}, ""


def _fits(entry: store.WeightFile, shapes: Shapes) -> bool:
    if entry.inputs:  # their names differ from export to export
        return len(shapes) == len(entry.inputs) and any(
            all(map(_is_of, entry.inputs, order)) for order in permutations(shapes.values())
        )
    return bool(entry.tensors) and all(
        any(
            (key == name or key.endswith(f".{name}")) and _is_of(wanted, found)
            for key, found in shapes.items()
        )
        for name, wanted in entry.tensors.items()
    )


def _is_of(wanted: Sequence[int], found: Sequence[int]) -> bool:
    """Whether a shape is as the catalogue has it; -1 there is any side, 0 one that is free."""
    return len(found) == len(wanted) and all(
        side in (-1, other) for side, other in zip(wanted, found, strict=True)
    )
