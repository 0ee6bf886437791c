"""The reader of FLUX.2 klein's prompts: the first layers of a Qwen3 (Qwen team 2025)."""

from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import Qwen3Config, Qwen3Model

from engines.base import WeightsWrong

LONGEST = 512  # tokens of a prompt, with what it is wrapped in
_READ = (9, 18, 27)  # the layers whose outcome the transformer is shown
_LOADED = max(_READ) + 1  # the last that is loaded is followed by a norm, and so is not one that is read


class Reader(Qwen3Model):
    """What a Qwen3 has beyond the layers that are read is left in its files."""

    _keys_to_ignore_on_load_unexpected = (r"lm_head\.", r"layers\.\d+\.", r"norm\.")


def config(folder: Path) -> Qwen3Config:
    """That of a Qwen3 with the layers that are read: 28 of the 36 that the published one has.

    Raises WeightsWrong if there are fewer, OSError.
    """
    found = Qwen3Config.from_pretrained(str(folder), local_files_only=True)
    if found.num_hidden_layers < _LOADED:
        raise WeightsWrong(
            f"The text encoder has {found.num_hidden_layers} layers, FLUX.2 klein reads {_LOADED} of them. "
            "Get its own."
        )
    found.num_hidden_layers, found.layer_types = _LOADED, found.layer_types[:_LOADED]
    return found


def message(prompt: str) -> str:
    """A prompt as Qwen3's own template has it, of one message and with nothing thought about it.

    It is written down here because the template in a model's folder is a program, and none of those is run.
    """
    return f"<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


def read(encoder: nn.Module, tokens: Any, prompt: str) -> torch.Tensor:
    """(1, LONGEST, 3 c) of a prompt: what each of the three layers makes of a token, side by side.

    What is longer is cut off.
    """
    found = tokens(
        message(prompt), padding="max_length", max_length=LONGEST, truncation=True, return_tensors="pt"
    ).to(encoder.device)
    out = encoder(
        input_ids=found.input_ids,
        attention_mask=found.attention_mask,
        output_hidden_states=True,
        use_cache=False,
    )
    return torch.cat([out.hidden_states[each] for each in _READ], dim=-1)
