"""The parts of FLUX.1 out of single files, under the names of the authors' own code.

What a network is built from is read off its tensors' shapes. diffusers' own conversion takes for granted
that the transformer is 3072 wide and rewrites the mapping that it is given, so the names are written down
here; the autoencoder's are diffusers' to convert.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from diffusers import AutoencoderKL, FluxTransformer2DModel
from diffusers.loaders import single_file_utils as names_of
from transformers import CLIPTextModel, T5Config, T5EncoderModel

from engines.diffusion import quantised, single_file
from engines.diffusion.single_file import Tensors, count

# As published: Esser et al. 2024, section 5.3.2, with the shifts of FLUX.1.
SCHEDULER = {
    "_class_name": "FlowMatchEulerDiscreteScheduler",
    "num_train_timesteps": 1000,
    "use_dynamic_shifting": True,
    "base_shift": 0.5,
    "max_shift": 1.15,
    "shift": 3.0,
    "base_image_seq_len": 256,
    "max_image_seq_len": 4096,
}
_EXACT = ("wo", "ffn_down")  # of T5, in either naming, as published: half precision overflows there
_SCALE, _SHIFT = 0.3611, 0.1159  # of the latents

_ENDS = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "time_in.in_layer": "time_text_embed.timestep_embedder.linear_1",
    "time_in.out_layer": "time_text_embed.timestep_embedder.linear_2",
    "guidance_in.in_layer": "time_text_embed.guidance_embedder.linear_1",
    "guidance_in.out_layer": "time_text_embed.guidance_embedder.linear_2",
    "vector_in.in_layer": "time_text_embed.text_embedder.linear_1",
    "vector_in.out_layer": "time_text_embed.text_embedder.linear_2",
    "final_layer.linear": "proj_out",
}
_TURNED = {"final_layer.adaLN_modulation.1": "norm_out.linear"}  # shift and scale the other way round
_DOUBLE = {
    "img_mod.lin": "norm1.linear",
    "txt_mod.lin": "norm1_context.linear",
    "img_attn.proj": "attn.to_out.0",
    "txt_attn.proj": "attn.to_add_out",
    "img_attn.norm.query_norm": "attn.norm_q",
    "img_attn.norm.key_norm": "attn.norm_k",
    "txt_attn.norm.query_norm": "attn.norm_added_q",
    "txt_attn.norm.key_norm": "attn.norm_added_k",
    "img_mlp.0": "ff.net.0.proj",
    "img_mlp.2": "ff.net.2",
    "txt_mlp.0": "ff_context.net.0.proj",
    "txt_mlp.2": "ff_context.net.2",
}
_SINGLE = {
    "modulation.lin": "norm.linear",
    "linear2": "proj_out",
    "norm.query_norm": "attn.norm_q",
    "norm.key_norm": "attn.norm_k",
}
# Several layers in one, one after the other along the rows.
_THREE = {
    "img_attn.qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "txt_attn.qkv": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
}
_FOUR = {"linear1": ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp")}


def transformer(tensors: Tensors, prefix: str, dtype: torch.dtype) -> FluxTransformer2DModel:
    """The network; what is quantised in it stays so. Raises WeightsWrong if tensors are missing."""
    own = quantised.raised(tensors, prefix, dtype)
    config = transformer_config({name: quantised.shape_of(own, name) for name in own})
    inner = config["attention_head_dim"] * config["num_attention_heads"]
    with torch.device("meta"):
        network = FluxTransformer2DModel(**config)
    state = dict(pair for name in tuple(own) for pair in _converted(name, own.pop(name), inner))
    return quantised.filled(network, state, dtype)


def transformer_config(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """What the transformer is built from, read off its tensors' shapes under the authors' names."""
    inner, channels = shapes["img_in.weight"]
    head = shapes["double_blocks.0.img_attn.norm.query_norm.scale"][0]
    return {
        "patch_size": 1,
        "in_channels": channels,
        "out_channels": shapes["final_layer.linear.weight"][0],
        "num_layers": count(shapes, r"double_blocks\.(\d+)\."),
        "num_single_layers": count(shapes, r"single_blocks\.(\d+)\."),
        "attention_head_dim": head,
        "num_attention_heads": inner // head,
        "joint_attention_dim": shapes["txt_in.weight"][1],
        "pooled_projection_dim": shapes["vector_in.in_layer.weight"][1],
        "guidance_embeds": "guidance_in.in_layer.weight" in shapes,
        # As published, 16, 56 and 56 of 128: of the place in time, down and across.
        "axes_dims_rope": (head // 8, head * 7 // 16, head * 7 // 16),
    }


def _converted(name: str, value: torch.Tensor, inner: int) -> Iterator[tuple[str, torch.Tensor]]:
    """A tensor under diffusers' names; nothing of what the network has not."""
    place, _, end = name.rpartition(".")
    end = "weight" if end == "scale" else end
    if end not in ("weight", "bias"):  # such as what float8 was scaled by
        return
    if place in _ENDS:
        yield f"{_ENDS[place]}.{end}", value
    elif place in _TURNED:
        shift, scale = value.chunk(2)
        yield f"{_TURNED[place]}.{end}", torch.cat([scale, shift])
    else:
        kind, _, rest = place.partition(".")
        number, _, rest = rest.partition(".")
        block, known, joined = {
            "double_blocks": ("transformer_blocks", _DOUBLE, _THREE),
            "single_blocks": ("single_transformer_blocks", _SINGLE, _FOUR),
        }.get(kind, ("", {}, {}))
        if rest in known:
            yield f"{block}.{number}.{known[rest]}.{end}", value
        elif rest in joined:
            parts = joined[rest]
            rows = [inner] * len(parts)
            rows[-1] = value.shape[0] - inner * (len(parts) - 1)
            for part, piece in zip(parts, value.split(rows), strict=True):
                yield f"{block}.{number}.{part}.{end}", piece


def autoencoder(tensors: Tensors, prefix: str, dtype: torch.dtype) -> AutoencoderKL:
    """The autoencoder. Raises WeightsWrong if tensors are missing."""
    own = quantised.raised(tensors, prefix, dtype)
    config = single_file.vae_config(own) | {
        "latent_channels": own["decoder.conv_in.weight"].shape[1],
        "scaling_factor": _SCALE,
        "shift_factor": _SHIFT,
        "use_quant_conv": False,
        "use_post_quant_conv": False,
    }
    with torch.device("meta"):
        network = AutoencoderKL(**config)
    state = names_of.convert_ldm_vae_checkpoint(own, config)
    return single_file.filled(network, state, dtype)


def clip(tensors: Tensors, prefix: str, dtype: torch.dtype) -> CLIPTextModel:
    """CLIP-L's text encoder. Raises WeightsWrong if tensors are missing."""
    return single_file.clip_of(quantised.raised(tensors, prefix, dtype), dtype)


def t5(tensors: Tensors, prefix: str, dtype: torch.dtype) -> T5EncoderModel:
    """T5's encoder. Raises WeightsWrong if tensors are missing."""
    own = quantised.raised(tensors, prefix, dtype, exact=_EXACT)
    if "enc.output_norm.weight" in own:
        own = {_of_llama(name): value for name, value in own.items()}
    block = "encoder.block.0.layer."
    attention, forward = f"{block}0.SelfAttention.", f"{block}1.DenseReluDense."
    buckets, heads = quantised.shape_of(own, f"{attention}relative_attention_bias.weight")
    words, width = quantised.shape_of(own, "shared.weight")
    config = T5Config(
        vocab_size=words,
        d_model=width,
        d_kv=quantised.shape_of(own, f"{attention}q.weight")[0] // heads,
        d_ff=quantised.shape_of(own, f"{forward}wi_0.weight")[0],
        num_layers=count(own, r"encoder\.block\.(\d+)\."),
        num_heads=heads,
        relative_attention_num_buckets=buckets,
        feed_forward_proj="gated-gelu",
    )
    with torch.device("meta"):
        network = T5EncoderModel(config)
    network.encoder.embed_tokens = network.shared
    return quantised.filled(network, own, dtype, exact=_EXACT)


# Of a layer of T5 in llama.cpp, whose GGUF files people have.
_LLAMA = {
    "attn_q": "0.SelfAttention.q",
    "attn_k": "0.SelfAttention.k",
    "attn_v": "0.SelfAttention.v",
    "attn_o": "0.SelfAttention.o",
    "attn_rel_b": "0.SelfAttention.relative_attention_bias",
    "attn_norm": "0.layer_norm",
    "ffn_gate": "1.DenseReluDense.wi_0",
    "ffn_up": "1.DenseReluDense.wi_1",
    "ffn_down": "1.DenseReluDense.wo",
    "ffn_norm": "1.layer_norm",
}


def _of_llama(name: str) -> str:
    """The name of a tensor of T5 as its authors have it."""
    place, _, end = name.rpartition(".")
    if place.startswith("enc.blk."):
        number, _, rest = place.removeprefix("enc.blk.").partition(".")
        return f"encoder.block.{number}.layer.{_LLAMA.get(rest, rest)}.{end}"
    tops = {"token_embd": "shared", "enc.output_norm": "encoder.final_layer_norm"}
    return f"{tops.get(place, place)}.{end}"
