"""A tiny FLUX in single files, as people have it: the names of the authors' own code, written down here from
the published checkpoints and not by what reads them.
"""

import json
import struct
from pathlib import Path

import torch
from safetensors.torch import save_file

from tests.engines.diffusion import tiny_models

_TOP = (
    ("img_in", "x_embedder"),
    ("txt_in", "context_embedder"),
    ("time_in.in_layer", "time_text_embed.timestep_embedder.linear_1"),
    ("time_in.out_layer", "time_text_embed.timestep_embedder.linear_2"),
    ("vector_in.in_layer", "time_text_embed.text_embedder.linear_1"),
    ("vector_in.out_layer", "time_text_embed.text_embedder.linear_2"),
    ("guidance_in.in_layer", "time_text_embed.guidance_embedder.linear_1"),
    ("guidance_in.out_layer", "time_text_embed.guidance_embedder.linear_2"),
    ("final_layer.linear", "proj_out"),
)
_DOUBLE = (
    ("{}_mod.lin", "norm1{}.linear"),
    ("{}_mlp.0", "ff{}.net.0.proj"),
    ("{}_mlp.2", "ff{}.net.2"),
)
_ATTENTION = {
    "img": ("to_q", "to_k", "to_v", "to_out.0", "norm_q", "norm_k"),
    "txt": ("add_q_proj", "add_k_proj", "add_v_proj", "to_add_out", "norm_added_q", "norm_added_k"),
}
_ENDS = ("weight", "bias")


def transformer(network):
    """The tensors of FLUX's transformer."""
    state, out = network.state_dict(), {}
    for new, old in _TOP:
        out |= {f"{new}.{end}": state[f"{old}.{end}"] for end in _ENDS}
    for end in _ENDS:
        scale, shift = state[f"norm_out.linear.{end}"].chunk(2)
        out[f"final_layer.adaLN_modulation.1.{end}"] = torch.cat([shift, scale])
    for number in range(network.config.num_layers):
        new, old = f"double_blocks.{number}.", f"transformer_blocks.{number}."
        for stream, context in (("img", ""), ("txt", "_context")):
            for end in _ENDS:
                for theirs, ours in _DOUBLE:
                    out[f"{new}{theirs.format(stream)}.{end}"] = state[f"{old}{ours.format(context)}.{end}"]
                q, k, v, made, *_ = (f"{old}attn.{each}.{end}" for each in _ATTENTION[stream])
                out[f"{new}{stream}_attn.qkv.{end}"] = torch.cat([state[q], state[k], state[v]])
                out[f"{new}{stream}_attn.proj.{end}"] = state[made]
            *_, of_query, of_key = (f"{old}attn.{each}.weight" for each in _ATTENTION[stream])
            out[f"{new}{stream}_attn.norm.query_norm.scale"] = state[of_query]
            out[f"{new}{stream}_attn.norm.key_norm.scale"] = state[of_key]
    for number in range(network.config.num_single_layers):
        new, old = f"single_blocks.{number}.", f"single_transformer_blocks.{number}."
        for end in _ENDS:
            inward = (f"{old}{each}.{end}" for each in ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"))
            out[f"{new}linear1.{end}"] = torch.cat([state[each] for each in inward])
            out[f"{new}linear2.{end}"] = state[f"{old}proj_out.{end}"]
            out[f"{new}modulation.lin.{end}"] = state[f"{old}norm.linear.{end}"]
        out[f"{new}norm.query_norm.scale"] = state[f"{old}attn.norm_q.weight"]
        out[f"{new}norm.key_norm.scale"] = state[f"{old}attn.norm_k.weight"]
    return out


def clip(network):
    """The tensors of clip_l.safetensors."""
    return {
        f"text_model.{name.removeprefix('text_model.')}": value
        for name, value in network.state_dict().items()
    }


def autoencoder(network):
    """The tensors of ae.safetensors."""
    tensors = tiny_models.authors_vae(network)
    return {name.removeprefix("first_stage_model."): value for name, value in tensors.items()}


def parts(pipeline):
    """The tensors of each file, by kind."""
    return {
        "transformer": transformer(pipeline.transformer),
        "clip": clip(pipeline.text_encoder),
        "t5": dict(pipeline.text_encoder_2.state_dict()),
        "autoencoder": autoencoder(pipeline.vae),
    }


NAMES = {
    "transformer": "flux1-fill.safetensors",
    "clip": "clip_l.safetensors",
    "t5": "t5xxl.safetensors",
    "autoencoder": "ae.safetensors",
}
WITHIN = {
    "transformer": "model.diffusion_model.",
    "clip": "text_encoders.clip_l.transformer.",
    "t5": "text_encoders.t5xxl.transformer.",
    "autoencoder": "vae.",
}


def write(path: Path, tensors, prefix="", dtype=torch.float32):
    """A safetensors file."""
    save_file({prefix + name: value.to(dtype).clone().contiguous() for name, value in tensors.items()}, path)
    return path


def save_apart(pipeline, folder: Path, prefix="") -> Path:
    """One file for each part and one for T5's words; the transformer's."""
    folder.mkdir(parents=True)
    for kind, tensors in parts(pipeline).items():
        write(folder / NAMES[kind], tensors, prefix if kind == "transformer" else "")
    (folder / "spiece.model").write_bytes(sentencepiece(pipeline.tokenizer_2))
    return folder / NAMES["transformer"]


def save_in_one(pipeline, folder: Path) -> Path:
    """Everything in one file, but for T5's words, which no such file has."""
    folder.mkdir(parents=True)
    tensors = {
        WITHIN[kind] + name: value for kind, own in parts(pipeline).items() for name, value in own.items()
    }
    # What else such files have, of no use here.
    tensors |= {f"text_encoders.{each}.logit_scale": torch.tensor(4.6) for each in ("clip_l", "t5xxl")}
    tensors["text_encoders.clip_l.transformer.text_projection.weight"] = torch.eye(tiny_models.WORDS)
    pipeline.tokenizer_2.backend_tokenizer.save(str(folder / "tokenizer.json"))
    return write(folder / "flux1-fill-all.safetensors", tensors)


def pieces_of(tokenizer):
    """The pieces of T5's words and how likely each is."""
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    return [(piece, score) for piece, score in model["vocab"]]


def sentencepiece(tokenizer) -> bytes:
    """spiece.model: a ModelProto whose field 1 is, once for each piece, its text and its score."""
    out = b""
    for number, (piece, score) in enumerate(pieces_of(tokenizer)):
        text = piece.encode()
        message = b"\x0a" + bytes([len(text)]) + text + b"\x15" + struct.pack("<f", score)
        if number < 3:
            message += b"\x18" + bytes([2 if number == 2 else 3])  # the kind: unknown, control
        out += b"\x0a" + bytes([len(message)]) + message
    return out
