"""Tiny files of what goes with diffusion models, told by their tensors as the published ones are."""

import struct

import numpy as np

from engines import safetensors_file

ATTENTION = "down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
CLIP, T5, LATENTS = 8, 16, 16  # sides that FLUX's transformer shares with its parts
FLUX = {
    "double_blocks.0.img_mod.lin.weight": (6, 4),
    "img_in.weight": (4, 384),
    "vector_in.in_layer.weight": (4, CLIP),
    "txt_in.weight": (4, T5),
    "final_layer.linear.weight": (4 * LATENTS, 4),
}


def written(path, shapes):
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: np.ones(shape, np.float16) for name, shape in shapes.items()}
    path.write_bytes(safetensors_file.write(tensors))
    return path


def gguf(path, shapes):
    """A GGUF file of float32, version 3, as ggml's documentation of the format has it."""
    head, at = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), 0), 0
    for name, shape in shapes.items():
        head += struct.pack("<Q", len(name)) + name.encode() + struct.pack("<I", len(shape))
        head += struct.pack(f"<{len(shape)}QIQ", *shape[::-1], 0, at)
        at += -(-4 * int(np.prod(shape)) // 32) * 32
    path.write_bytes(head + bytes(-len(head) % 32) + bytes(at))
    return path


def lora(path, width=768):
    return written(path, {f"lora_unet_{ATTENTION}.lora_down.weight": (4, width)})


def controlnet(path, width=768):
    name = f"{ATTENTION.replace('_to_k', '.to_k')}.weight"
    return written(path, {"controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3), name: (4, width)})


def flux(path):
    return gguf(path, FLUX) if path.suffix == ".gguf" else written(path, FLUX)


def clip(path):
    return written(path, {"text_model.embeddings.token_embedding.weight": (10, CLIP)})


def t5(path):
    return written(path, {"encoder.block.0.layer.0.SelfAttention.q.weight": (4, T5)})


def t5_gguf(path):
    return gguf(path, {"enc.blk.0.attn_q.weight": (4, T5)})


def autoencoder(path):
    return written(
        path,
        {
            "encoder.down.0.block.0.conv1.weight": (4, 4, 3, 3),
            "decoder.conv_in.weight": (4, LATENTS, 3, 3),
        },
    )


def spiece(path):
    """A spiece.model of a few pieces (sentencepiece_model.proto)."""
    content = b""
    for number, word in enumerate(("<pad>", "</s>", "<unk>", "\u2581", "a")):
        text = word.encode()
        kind = b"\x18" + bytes([2 if word == "<unk>" else 1 if number > 2 else 3])
        piece = b"\x0a" + bytes([len(text)]) + text + b"\x15" + struct.pack("<f", -number) + kind
        content += b"\x0a" + bytes([len(piece)]) + piece
    path.write_bytes(content)
    return path
