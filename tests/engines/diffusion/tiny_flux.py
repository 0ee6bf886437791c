"""A tiny FLUX Fill with random weights. Its T5 reads letters: the vocabulary is made here."""

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxFillPipeline, FluxTransformer2DModel
from transformers import T5Config, T5EncoderModel, T5TokenizerFast

from tests.engines.diffusion import tiny_models

PACKED = 16 * 4  # of 2 x 2 latents


def t5_tokenizer():
    """Letters and the marks that T5 has."""
    letters = ["▁", *"abcdefghijklmnopqrstuvwxyz,."]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((each, -2.0) for each in letters)]
    return T5TokenizerFast(vocab=pieces, extra_ids=0)


def flux(seed=0):
    """The pipeline of a FLUX Fill: 384 channels in, 64 out."""
    torch.manual_seed(seed)
    transformer = FluxTransformer2DModel(
        patch_size=1,
        in_channels=PACKED + PACKED + 64 * 4,  # latents, latents of what is known, the mask of every pixel
        out_channels=PACKED,
        num_layers=2,
        num_single_layers=2,
        attention_head_dim=32,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=tiny_models.WORDS,
        guidance_embeds=True,
        axes_dims_rope=(4, 14, 14),  # of 32 as the published 16, 56, 56 of 128
    )
    vae = AutoencoderKL(
        block_out_channels=(32, 32, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=16,
        scaling_factor=0.3611,
        shift_factor=0.1159,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    t5 = T5Config(
        vocab_size=32, d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, feed_forward_proj="gated-gelu"
    )
    return FluxFillPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(
            use_dynamic_shifting=True, base_shift=0.5, max_shift=1.15, shift=3.0
        ),
        vae=tiny_models.lively(vae),
        text_encoder=tiny_models.lively(tiny_models.clip()),
        tokenizer=tiny_models.tokenizer(),
        text_encoder_2=tiny_models.lively(T5EncoderModel(t5)),
        tokenizer_2=t5_tokenizer(),
        transformer=tiny_models.lively(transformer),
    )
