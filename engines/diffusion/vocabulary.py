"""The tokenisers of CLIP and T5 for models in single files, which come without."""

import gzip
from pathlib import Path

from transformers import CLIPTokenizer, PreTrainedTokenizerFast, T5TokenizerFast

from engines import store
from engines.diffusion import headers, pieces

WEIGHTS = "clip-merges"  # its id in the catalogue
_BEGIN, _END = "<|startoftext|>", "<|endoftext|>"
LONGEST = 77  # tokens that CLIP reads, the two marks at the ends included


def tokenizer(*, pad: str = _END) -> CLIPTokenizer:
    """The tokeniser with which every CLIP was trained; ``pad`` fills a short text up.

    Tokens are numbered as by Radford et al. 2021: the 256 bytes, the same at the end of a word, each pair of
    the merges in their order, the two marks. Raises the errors of ``store.load``.
    """
    lines = gzip.decompress(store.load(WEIGHTS)).decode("utf-8").splitlines()
    merges = [tuple(line.split()) for line in lines]
    letters = list(_letters().values())
    words = [*letters, *(f"{letter}</w>" for letter in letters), *map("".join, merges), _BEGIN, _END]
    vocabulary = {word: number for number, word in enumerate(words)}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=pad, model_max_length=LONGEST)


def t5(path: Path) -> PreTrainedTokenizerFast:
    """T5's tokeniser from a file that ``pieces`` knows. Raises WeightsWrong, OSError."""
    if pieces.is_json(path):
        marks = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
        return PreTrainedTokenizerFast(tokenizer_file=str(path), **marks)
    found = pieces.of_gguf(path) if headers.is_gguf(path) else pieces.of_sentencepiece(path)
    return T5TokenizerFast(vocab=found.scores, _spm_precompiled_charsmap=found.characters)


def _letters() -> dict[int, str]:
    """A printable letter for each byte: its own where it has one, else the next from 256 on.

    The printable ones come first; the order decides the tokens' numbers.
    """
    printable = [
        *range(ord("!"), ord("~") + 1),
        *range(ord("¡"), ord("¬") + 1),
        *range(ord("®"), ord("ÿ") + 1),
    ]
    out = {byte: chr(byte) for byte in printable}
    others = (byte for byte in range(256) if byte not in out)
    return out | {byte: chr(256 + number) for number, byte in enumerate(others)}
