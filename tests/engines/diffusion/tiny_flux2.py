"""A tiny FLUX.2 klein with random weights. Its Qwen3 reads letters: the vocabulary is made here."""

import torch
from diffusers import (
    AutoencoderKLFlux2,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinInpaintPipeline,
    Flux2Transformer2DModel,
)
from transformers import Qwen2TokenizerFast, Qwen3Config, Qwen3ForCausalLM

from tests.engines.diffusion import tiny_models

LATENTS = 32  # channels of the autoencoder, as published
WIDTH = 16  # channels of the text encoder, of which three layers are read
LAYERS = 30  # more than are read, as published

# What Qwen3's own template makes of one message of the user's, with no thinking asked for.
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
_MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>")


def qwen_tokenizer():
    """Every byte by itself, as byte-level BPE writes them, and the marks that Qwen3 has."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [each for each in range(256) if each not in shown]
    letters = [*map(chr, shown), *(chr(256 + place) for place in range(len(hidden)))]
    made = Qwen2TokenizerFast(
        vocab={each: place for place, each in enumerate((*letters, *_MARKS))},
        merges=[],
        model_max_length=1024,
    )
    made.add_special_tokens({"additional_special_tokens": list(_MARKS[1:3])})
    made.chat_template = TEMPLATE
    return made


def flux2(seed=0, *, is_distilled=False):
    """The pipeline of a FLUX.2 klein: 128 channels in and out, latents in folds of 2 x 2."""
    torch.manual_seed(seed)
    transformer = Flux2Transformer2DModel(
        in_channels=4 * LATENTS,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * WIDTH,
        timestep_guidance_channels=32,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    vae = AutoencoderKLFlux2(
        block_out_channels=(32, 32, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=LATENTS,
    )
    vae.bn.running_mean.normal_(0, 0.2)
    vae.bn.running_var.uniform_(0.5, 2.0)
    words = Qwen3Config(
        vocab_size=256 + len(_MARKS),
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=LAYERS,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        tie_word_embeddings=True,
    )
    return Flux2KleinInpaintPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift=3.0),
        vae=tiny_models.lively(vae),
        text_encoder=tiny_models.lively(Qwen3ForCausalLM(words)),
        tokenizer=qwen_tokenizer(),
        transformer=tiny_models.lively(transformer),
        is_distilled=is_distilled,
    )
