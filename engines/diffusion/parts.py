"""What FLUX needs beside its transformer, as single files of their own: two text encoders, an autoencoder and
the words that T5 knows. Each is told by its tensors, whatever the file is called.

The published transformer comes alone. Which of the user's files go with it is told by the sides that they
have in common: the transformer reads words as wide as CLIP's and T5's, and latents as many as the
autoencoder's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engines import gguf_file, store
from engines.base import WeightsMissing, WeightsWrong
from engines.diffusion import headers, pieces
from engines.diffusion.headers import Shapes
from engines.installed import command

# Of each kind: what it is called, and what to look for.
TITLES = {
    "clip": "the text encoder CLIP-L",
    "t5": "the text encoder T5-XXL",
    "autoencoder": "FLUX's autoencoder",
    "words": "T5's tokenizer",
}
_LOOK_FOR = {
    "clip": "clip_l.safetensors",
    "t5": "t5xxl_fp16.safetensors, t5xxl_fp8_e4m3fn.safetensors or a GGUF of it",
    "autoencoder": "ae.safetensors",
    "words": "spiece.model or tokenizer.json",
}
# A tensor of each kind, which of its sides tells what it goes with, and where an all-in-one file has it.
_MARKS = {
    "clip": ("text_model.embeddings.token_embedding.weight", 1),
    "t5": ("encoder.block.0.layer.0.SelfAttention.q.weight", 1),
    "autoencoder": ("decoder.conv_in.weight", 1),
}
_T5_GGUF = "enc.blk.0.attn_q.weight"  # as llama.cpp names it
_BESIDE = "encoder.down.0.block.0.conv1.weight"  # of an autoencoder in the authors' names
_LATENTS = 16  # of FLUX.1's autoencoder
# UMT5, which is as wide as T5, tells in every block how far words are apart, T5 in the first alone.
_UMT5 = (
    "encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight",
    "enc.blk.1.attn_rel_b.weight",
)
_WITHIN = {
    "clip": ("text_encoders.clip_l.transformer.",),
    "t5": ("text_encoders.t5xxl.transformer.",),
    "autoencoder": ("vae.", "first_stage_model."),
}
_NEIGHBOURS = ("", "../text_encoders", "../clip", "../vae")  # folders by a checkpoint, as ComfyUI has them


@dataclass(frozen=True)
class Part:
    """A file that is one part of a model, or holds one among others."""

    path: Path
    kind: str  # a key of TITLES
    width: int  # of the side that it shares with the transformer; 0: none
    prefix: str = ""  # before its tensors' names

    @property
    def title(self) -> str:
        return TITLES[self.kind]


def folder() -> Path:
    """Where the user's own parts are kept."""
    return store.packs_folder() / "parts"


def recognise(path: Path) -> Part | None:
    """Which part a file is, None if it is none. Raises WeightsWrong if it is damaged, OSError."""
    if path.is_dir():
        return None
    if path.suffix.lower() in headers.SUFFIXES or headers.is_gguf(path):
        return of(path, headers.shapes(path))
    return Part(path, "words", 0) if pieces.is_one(path) else None


def of(path: Path, shapes: Shapes) -> Part | None:
    """Which part a file with such tensors is, None if it is none."""
    if any(each in shapes for each in _UMT5):
        return None
    if _T5_GGUF in shapes:
        return Part(path, "t5", (0, *shapes[_T5_GGUF])[-1])
    for kind, (mark, side) in _MARKS.items():
        is_one = mark in shapes and len(shapes[mark]) > side
        if is_one and (kind != "autoencoder" or _is_autoencoder(path, shapes)):
            return Part(path, kind, shapes[mark][side])
    return None


def _is_autoencoder(path: Path, shapes: Shapes) -> bool:
    """Whether it is FLUX.1's. SD3's has the same tensors in the same shapes, with other numbers: it is told
    by its name alone."""
    is_sized = _BESIDE in shapes and shapes[_MARKS["autoencoder"][0]][1] == _LATENTS
    return is_sized and "quant_conv.weight" not in shapes and "sd3" not in path.name.lower()


def within(path: Path, shapes: Shapes) -> dict[str, Part]:
    """The parts that an all-in-one file has beside the transformer, by kind."""
    found = {}
    for kind, prefixes in _WITHIN.items():
        mark, side = _MARKS[kind]
        for prefix in prefixes:
            if prefix + mark in shapes and len(shapes[prefix + mark]) > side:
                found[kind] = Part(path, kind, shapes[prefix + mark][side], prefix)
    return found


def widths(shapes: Shapes, prefix: str) -> dict[str, int]:
    """What goes with a transformer, by kind. Raises KeyError if the file lacks the tensors that tell,
    IndexError if they are no matrices."""
    return {
        "clip": shapes[f"{prefix}vector_in.in_layer.weight"][1],
        "t5": shapes[f"{prefix}txt_in.weight"][1],
        "autoencoder": shapes[f"{prefix}final_layer.linear.weight"][0] // 4,
        "words": 0,
    }


def installed() -> list[Part]:
    """The parts among the user's models, by their names."""
    return list(_in((folder(), store.packs_folder() / "checkpoints", store.packs_folder())))


def found(path: Path) -> dict[str, Part]:
    """What a transformer's file is run with, by kind: out of the file itself, else of the user's own.

    Of several the largest, which is the most exact and takes no more memory. Raises WeightsMissing, which
    names all that is not there; WeightsWrong, OSError.
    """
    parts, lacking = _sought(path)
    if lacking:
        words = [f"{TITLES[kind]} ({_LOOK_FOR[kind]})" for kind in lacking]
        told = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
        raise WeightsMissing(
            f"{path.name} also needs {told}. Add what you have with: {command()} models import FILE"
        )
    return parts


def lacking(path: Path) -> list[str]:
    """What is not there of what a transformer's file needs, as people call it; nothing for other files."""
    return [TITLES[kind] for kind in _sought(path)[1]]


def there(path: Path) -> dict[str, Part]:
    """What of that is there. Raises WeightsWrong, OSError."""
    return _sought(path)[0]


def _sought(path: Path) -> tuple[dict[str, Part], list[str]]:
    if path.is_dir():
        return {}, []
    shapes = headers.shapes(path)
    prefix = headers.flux_prefix(shapes)
    if prefix is None:
        return {}, []
    try:
        wanted = widths(shapes, prefix)
    except KeyError as error:
        raise WeightsWrong(f"{path.name} lacks its tensor {error.args[0]}. Get it again.") from None
    except IndexError:
        raise WeightsWrong(f"{path.name} has tensors of other shapes than FLUX. Get it again.") from None
    parts = {kind: part for kind, part in within(path, shapes).items() if part.width == wanted[kind]}
    there = [*_in(path.parent / each for each in _NEIGHBOURS), *installed()]
    for kind in wanted.keys() - parts.keys():
        fitting = [each for each in there if each.kind == kind and each.width == wanted[kind]]
        if fitting:
            parts[kind] = max(fitting, key=lambda each: (each.path.stat().st_size, each.path.name))
    if "words" not in parts and "t5" in parts and _tells_words(parts["t5"].path):
        parts["words"] = Part(parts["t5"].path, "words", 0)
    return parts, [kind for kind in TITLES if kind not in parts]


def _tells_words(path: Path) -> bool:
    """Whether T5's file has its words as well, as llama.cpp writes them."""
    return headers.is_gguf(path) and pieces.TOKENS in gguf_file.read(store.mapped(path))[0]


def _in(folders: Iterable[Path]) -> Iterator[Part]:
    for each in folders:
        for path in sorted(each.iterdir()) if each.is_dir() else ():
            if path.name.startswith(".") or path.is_dir():
                continue
            try:
                if part := recognise(path):
                    yield part
            except (WeightsWrong, OSError):
                continue
