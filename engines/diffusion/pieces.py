"""T5's words (SentencePiece, Kudo and Richardson 2018), read from the files that people have of them.

That is spiece.model, a Protocol Buffers message (sentencepiece_model.proto); tokenizer.json of Hugging Face;
or what llama.cpp puts into a GGUF file of T5. Nothing here needs SentencePiece or loads a network.
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path

from engines import gguf_file, store
from engines.base import WeightsWrong
from engines.protobuf import fields

TOKENS = "tokenizer.ggml.tokens"
_LARGEST = 64 << 20  # bytes; T5's own has 0.8 MB, as JSON 2.4
_LEAST = 3  # pieces: of what fills up, what ends and what is not known
_PIECES, _NORMALISER = 1, 3  # of ModelProto
_PIECE, _SCORE = 1, 2  # of SentencePiece
_CHARACTERS = 2  # of NormalizerSpec: a map of characters


@dataclass(frozen=True)
class Pieces:
    """The pieces that words are cut into, by their numbers, each with the logarithm of how likely it is."""

    scores: list[tuple[str, float]]
    characters: bytes | None  # a map of characters to what they are read as


def is_one(path: Path) -> bool:
    """Whether a file is T5's words. Raises OSError."""
    with path.open("rb") as file:
        first = file.read(1)
    if first not in (b"{", b"\x0a") or path.stat().st_size > _LARGEST:
        return False
    if first == b"{":
        return _is_unigram(path)
    try:
        return len(of_sentencepiece(path).scores) >= _LEAST
    except WeightsWrong:
        return False


def is_json(path: Path) -> bool:
    """Whether they are a tokenizer.json. Raises OSError."""
    with path.open("rb") as file:
        return file.read(1) == b"{"


def _is_unigram(path: Path) -> bool:
    """Whether a JSON file is a tokenizer of T5's kind, which cuts words into the likeliest pieces and has the
    three marks of T5's at its beginning."""
    try:
        model = json.loads(path.read_bytes())["model"]
        first = [piece for piece, _ in model["vocab"][:_LEAST]]
        return model["type"] == "Unigram" and first == ["<pad>", "</s>", "<unk>"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def of_sentencepiece(path: Path) -> Pieces:
    """Of a spiece.model. Raises WeightsWrong if it is none or not T5's, OSError."""
    scores, characters = [], None
    try:
        for number, value in fields(memoryview(path.read_bytes())):
            if number == _PIECES:
                told = dict(fields(value))
                scores.append(
                    (str(told[_PIECE], "utf-8"), struct.unpack("<f", told.get(_SCORE, bytes(4)))[0])
                )
            elif number == _NORMALISER:
                characters = memoryview(dict(fields(value)).get(_CHARACTERS, b"")).tobytes() or None
    except (ValueError, KeyError, IndexError, TypeError, struct.error):
        raise WeightsWrong(f"{path.name} is no SentencePiece model or is damaged. Get it again.") from None
    if [piece for piece, _ in scores[:_LEAST]] != ["<pad>", "</s>", "<unk>"]:
        raise WeightsWrong(f"{path.name} has the words of another model than T5.")
    return Pieces(scores, characters)


def of_gguf(path: Path) -> Pieces:
    """Of a GGUF file of T5. Raises WeightsWrong if it has none, OSError."""
    told = gguf_file.read(store.mapped(path))[0]
    tokens, scores = told.get(TOKENS), told.get("tokenizer.ggml.scores")
    if not isinstance(tokens, tuple) or not isinstance(scores, tuple) or len(tokens) != len(scores):
        raise WeightsWrong(f"{path.name} does not tell T5's words. Get spiece.model as well.")
    characters = told.get("tokenizer.ggml.precompiled_charsmap")
    made = bytes(each & 0xFF for each in characters) if isinstance(characters, tuple) else None
    return Pieces([(str(word), float(score)) for word, score in zip(tokens, scores, strict=True)], made)
