"""The names and shapes of the tensors in a model file, whichever of the safe formats it has."""

from pathlib import Path

from engines import gguf_file, safetensors_file, store
from engines.base import WeightsWrong

Shapes = dict[str, tuple[int, ...]]
SUFFIXES = (".safetensors", ".gguf")  # of files that are looked into
FLUX_MARK = "double_blocks.0.img_mod.lin.weight"  # that FLUX.1's transformer has and FLUX.2's has not
FLUX2_MARK = "double_stream_modulation_img.lin.weight"  # the other way round
_PREFIXES = ("", "model.diffusion_model.")


def shapes(path: Path) -> Shapes:
    """Of a safetensors or GGUF file; only its header is read. Raises WeightsWrong, OSError."""
    content = store.mapped(path)
    if gguf_file.is_one(content):
        return gguf_file.shapes(content)
    try:
        return safetensors_file.shapes(content)
    except WeightsWrong:
        raise WeightsWrong(f"{path.name} is no safetensors file, or damaged. Get it again.") from None


def is_gguf(path: Path) -> bool:
    """Whether a file is GGUF, by how it begins. Raises OSError."""
    with path.open("rb") as file:
        return gguf_file.is_one(file.read(4))


def flux_prefix(names: Shapes) -> str | None:
    """What stands before the names of FLUX.1's transformer in a file; None if it has none."""
    return next((prefix for prefix in _PREFIXES if prefix + FLUX_MARK in names), None)


def is_flux2(names: Shapes) -> bool:
    """Whether a file has FLUX.2's transformer."""
    return any(prefix + FLUX2_MARK in names for prefix in _PREFIXES)
