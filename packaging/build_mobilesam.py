"""Write the two graphs of MobileSAM without their weights: engines/select/graphs/mobile-sam-*.onnx.

    python packaging/build_mobilesam.py [FOLDER]

The weights are a pack of the store (``mobile-sam`` in engines/catalog.toml); the graphs come with the
program. Each weight of a graph is an initialiser without data that bears the name the tensor has in the
published checkpoint, so that the program needs no torch to join the two (``engines/onnx_graph.py``).

Encoder: TinyViT-5M (Wu et al., ECCV 2022) with SAM's neck, as in MobileSAM (Zhang et al., 2023).
    picture    1 x 3 x 1024 x 1024 float32: RGB, normalised, zeros below and to the right of it
    embedding  1 x 256 x 64 x 64 float32

Decoder: prompt encoder and mask decoder of SAM (Kirillov et al., ICCV 2023).
    embedding  as above
    points     1 x N x 2 float32: x, y in pixels of the encoder's picture, centre of the first at (0.5, 0.5)
    labels     1 x N int64: 1 belongs to the object, 0 does not, 2 and 3 are the corners of a box (top left,
               bottom right), -1 is no point (one of those is expected where there is no box)
    mask       1 x 1 x 256 x 256 float32: logits of a mask that came out before
    has_mask   1 float32: 1 if ``mask`` is meant, 0 if not
    masks      1 x 4 x 256 x 256 float32 logits: one for several points, three for a single one
    quality    1 x 4 float32: the IoU that the network expects of each

``check_mobilesam.py`` compares them with the published torch code. Needs the ``tools`` extra (onnx).
"""

import argparse
import hashlib
import math
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto
from onnx_nodes import Graph

ROOT = Path(__file__).parent.parent

SIDE, GRID, WIDTH = 1024, 64, 256  # the picture, its embedding, and the embedding's channels
HEADS = 8


# -- the encoder ------------------------------------------------------------------------------------------

WIDTHS, DEPTHS, WINDOWS, STAGE_HEADS = (64, 128, 160, 320), (2, 2, 6, 2), (0, 7, 14, 7), (0, 4, 5, 10)
SIDES = (256, 128, 64, 64)  # of each stage: the last down-sampling keeps the size


def encoder() -> onnx.ModelProto:
    g = Graph()
    top = "image_encoder"
    x = g.conv_bn("picture", f"{top}.patch_embed.seq.0", 3, 32, 3, 2)
    x = g.conv_bn(g.gelu(x), f"{top}.patch_embed.seq.2", 32, 64, 3, 2)
    for stage, width in enumerate(WIDTHS):
        for block in range(DEPTHS[stage]):
            name = f"{top}.layers.{stage}.blocks.{block}"
            x = inverted_bottleneck(g, x, name, width) if stage == 0 else window_block(g, x, name, stage)
        if stage < 3:
            name, out = f"{top}.layers.{stage}.downsample", WIDTHS[stage + 1]
            x = g.gelu(g.conv_bn(x, f"{name}.conv1", width, out))
            stride = SIDES[stage] // SIDES[stage + 1]
            x = g.gelu(g.conv_bn(x, f"{name}.conv2", out, out, 3, stride, out))
            x = g.conv_bn(x, f"{name}.conv3", out, out)
    x = g.norm_of_channels(
        g.conv(x, f"{top}.neck.0", WIDTHS[-1], WIDTH, 1, bias=False), f"{top}.neck.1", WIDTH
    )
    x = g.conv(x, f"{top}.neck.2", WIDTH, WIDTH, 3, bias=False, pads=[1] * 4)
    g("Identity", g.norm_of_channels(x, f"{top}.neck.3", WIDTH))
    return g.model(
        "MobileSAM encoder",
        {"picture": (TensorProto.FLOAT, [1, 3, SIDE, SIDE])},
        {"embedding": (TensorProto.FLOAT, [1, WIDTH, GRID, GRID])},
    )


def inverted_bottleneck(g: Graph, x: str, name: str, width: int) -> str:
    inner = 4 * width
    y = g.gelu(g.conv_bn(x, f"{name}.conv1", width, inner))
    y = g.gelu(g.conv_bn(y, f"{name}.conv2", inner, inner, 3, 1, inner))
    return g.gelu(g("Add", g.conv_bn(y, f"{name}.conv3", inner, width), x))


def window_block(g: Graph, x: str, name: str, stage: int) -> str:
    """Attention within windows, a depth-wise convolution, and an MLP; x is 1 x C x side x side."""
    width, window, side = WIDTHS[stage], WINDOWS[stage], SIDES[stage]
    count = math.ceil(side / window)
    pad = count * window - side
    tokens = g.turn(x, 0, 2, 3, 1)
    y = g("Pad", tokens, g.constant([0] * 5 + [pad, pad, 0], np.int64))
    y = g.turn(g.shape(y, count, window, count, window, width), 0, 2, 1, 3, 4)
    y = window_attention(g, g.shape(y, count * count, window * window, width), f"{name}.attn", stage)
    y = g.turn(g.shape(y, count, count, window, window, width), 0, 2, 1, 3, 4)
    y = g.shape(y, 1, side + pad, side + pad, width)
    ends = [g.constant(each, np.int64) for each in ([0, 0], [side, side], [1, 2])]
    y = g.turn(g("Add", tokens, g("Slice", y, *ends)), 0, 3, 1, 2)
    y = g.turn(g.conv_bn(y, f"{name}.local_conv", width, width, 3, 1, width), 0, 2, 3, 1)
    z = g.linear(g.norm(y, f"{name}.mlp.norm", width), f"{name}.mlp.fc1", width, 4 * width)
    z = g.linear(g.gelu(z), f"{name}.mlp.fc2", 4 * width, width)
    return g.turn(g("Add", y, z), 0, 3, 1, 2)


def window_attention(g: Graph, x: str, name: str, stage: int) -> str:
    """x: windows x tokens x C. The distance of two tokens decides a bias of their product."""
    width, window, heads = WIDTHS[stage], WINDOWS[stage], STAGE_HEADS[stage]
    tokens, each = window * window, width // heads
    x = g.linear(g.norm(x, f"{name}.norm", width), f"{name}.qkv", width, 3 * width)
    x = g.turn(g.shape(x, -1, tokens, heads, 3 * each), 0, 2, 1, 3)
    q, k, v = g.several("Split", 3, x, axis=-1, num_outputs=3)
    scores = g("Mul", g("MatMul", q, g.turn(k, 0, 1, 3, 2)), g.constant(each**-0.5))
    rows, columns = np.divmod(np.arange(tokens), window)

    def apart(values) -> str:
        one, other = (g.constant(values.reshape(shape), np.int64) for shape in ((-1, 1), (1, -1)))
        return g("Abs", g("Sub", one, other))

    index = g("Add", g("Mul", apart(rows), g.constant(window, np.int64)), apart(columns))
    bias = g("Gather", g.weight(f"{name}.attention_biases", heads, tokens), index, axis=1)
    x = g("MatMul", g("Softmax", g("Add", scores, bias), axis=-1), v)
    return g.linear(g.shape(g.turn(x, 0, 2, 1, 3), -1, tokens, width), f"{name}.proj", width, width)


# -- the decoder ------------------------------------------------------------------------------------------


def decoder() -> onnx.ModelProto:
    g = Graph()
    tokens = prompt_tokens(g)
    keys = g("Add", "embedding", dense_prompt(g))
    keys = g.turn(g.shape(keys, 1, WIDTH, GRID * GRID), 0, 2, 1)
    places = g.shape(place_code(g, g.constant(_centres())), 1, GRID * GRID, WIDTH)
    queries, keys = two_way(g, tokens, keys, places)
    grid = g.shape(g.turn(keys, 0, 2, 1), 1, WIDTH, GRID, GRID)
    top = "mask_decoder"
    quality = g.mlp(_token(g, queries, 0), f"{top}.iou_prediction_head", WIDTH, WIDTH, WIDTH, 4)
    kernels = [
        g.mlp(
            _token(g, queries, 1 + index), f"{top}.output_hypernetworks_mlps.{index}", WIDTH, WIDTH, WIDTH, 32
        )
        for index in range(4)
    ]
    fine = _grown(g, grid, f"{top}.output_upscaling.0", WIDTH, 64)
    fine = g.gelu(g.norm_of_channels(fine, f"{top}.output_upscaling.1", 64))
    fine = g.gelu(_grown(g, fine, f"{top}.output_upscaling.3", 64, 32))
    kernels_ = g("Concat", *(g.shape(kernel, 1, 1, 32) for kernel in kernels), axis=1)
    masks = g("MatMul", kernels_, g.shape(fine, 1, 32, 16 * GRID * GRID))
    masks = g.shape(masks, 1, 4, 4 * GRID, 4 * GRID)
    g("Identity", masks)
    g("Identity", quality)
    return g.model(
        "MobileSAM decoder",
        {
            "embedding": (TensorProto.FLOAT, [1, WIDTH, GRID, GRID]),
            "points": (TensorProto.FLOAT, [1, "n", 2]),
            "labels": (TensorProto.INT64, [1, "n"]),
            "mask": (TensorProto.FLOAT, [1, 1, 4 * GRID, 4 * GRID]),
            "has_mask": (TensorProto.FLOAT, [1]),
        },
        {
            "masks": (TensorProto.FLOAT, [1, 4, 4 * GRID, 4 * GRID]),
            "quality": (TensorProto.FLOAT, [1, 4]),
        },
    )


def _centres() -> np.ndarray:
    """(GRID x GRID, 2) x, y of the embedding's cells in [0, 1]."""
    along = (np.arange(GRID) + 0.5) / GRID
    return np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)


def _token(g: Graph, tokens: str, index: int) -> str:
    return g("Gather", tokens, g.constant(index, np.int64), axis=1)


def _grown(g: Graph, x: str, name: str, into: int, out: int) -> str:
    weights = g.weight(f"{name}.weight", into, out, 2, 2), g.weight(f"{name}.bias", out)
    return g("ConvTranspose", x, *weights, strides=[2, 2], kernel_shape=[2, 2])


def place_code(g: Graph, places: str) -> str:
    """Sines and cosines of random frequencies, for x, y in [0, 1]."""
    matrix = g.weight("prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", 2, WIDTH // 2)
    signed = g("Sub", g("Mul", places, g.constant(2)), g.constant(1))
    angles = g("Mul", g("MatMul", signed, matrix), g.constant(2 * np.pi))
    return g("Concat", g("Sin", angles), g("Cos", angles), axis=-1)


def prompt_tokens(g: Graph) -> str:
    """1 x (5 + N) x WIDTH: the token of the quality, those of the four masks, and the points."""
    top = "prompt_encoder"
    names = [f"{top}.not_a_point_embed", *(f"{top}.point_embeddings.{index}" for index in range(4))]
    table = g("Concat", *(g.weight(f"{name}.weight", 1, WIDTH) for name in names), axis=0)
    kind = g("Gather", table, g("Add", "labels", g.constant(1, np.int64)), axis=0)
    place = place_code(g, g("Mul", "points", g.constant(1 / SIDE)))
    real = g("Cast", g("GreaterOrEqual", "labels", g.constant(0, np.int64)), to=TensorProto.FLOAT)
    points = g("Add", g("Mul", place, g("Unsqueeze", real, g.constant([-1], np.int64))), kind)
    own = g(
        "Concat",
        g.weight("mask_decoder.iou_token.weight", 1, WIDTH),
        g.weight("mask_decoder.mask_tokens.weight", 4, WIDTH),
        axis=0,
    )
    return g("Concat", g.shape(own, 1, 5, WIDTH), points, axis=1)


def dense_prompt(g: Graph) -> str:
    """1 x WIDTH x GRID x GRID of an earlier mask, or of there being none."""
    name = "prompt_encoder.mask_downscaling"
    x = g.conv("mask", f"{name}.0", 1, 4, 2, bias=True, strides=[2, 2])
    x = g.gelu(g.norm_of_channels(x, f"{name}.1", 4))
    x = g.conv(x, f"{name}.3", 4, 16, 2, bias=True, strides=[2, 2])
    x = g.gelu(g.norm_of_channels(x, f"{name}.4", 16))
    x = g.conv(x, f"{name}.6", 16, WIDTH, 1, bias=True)
    none = g.shape(g.weight("prompt_encoder.no_mask_embed.weight", 1, WIDTH), 1, WIDTH, 1, 1)
    without = g("Sub", g.constant([1.0]), "has_mask")
    return g("Add", g("Mul", x, "has_mask"), g("Mul", none, without))


def two_way(g: Graph, tokens: str, keys: str, places: str) -> tuple[str, str]:
    """Tokens attend to each other and to the picture, the picture to the tokens; twice, and once more."""
    queries, top = tokens, "mask_decoder.transformer"
    for layer in range(2):
        name = f"{top}.layers.{layer}"
        if layer == 0:
            queries = attention(g, queries, queries, queries, f"{name}.self_attn")
        else:
            placed = g("Add", queries, tokens)
            heard = attention(g, placed, placed, queries, f"{name}.self_attn")
            queries = g("Add", queries, heard)
        queries = g.norm(queries, f"{name}.norm1", WIDTH)
        placed_keys = g("Add", keys, places)
        cross = f"{name}.cross_attn_token_to_image"
        heard = hear_picture(g, g("Add", queries, tokens), placed_keys, keys, cross)
        queries = g.norm(g("Add", queries, heard), f"{name}.norm2", WIDTH)
        inner = g("Relu", g.linear(queries, f"{name}.mlp.lin1", WIDTH, 2048))
        queries = g("Add", queries, g.linear(inner, f"{name}.mlp.lin2", 2048, WIDTH))
        queries = g.norm(queries, f"{name}.norm3", WIDTH)
        cross = f"{name}.cross_attn_image_to_token"
        heard = hear_tokens(g, placed_keys, g("Add", queries, tokens), queries, cross)
        keys = g.norm(g("Add", keys, heard), f"{name}.norm4", WIDTH)
    last = f"{top}.final_attn_token_to_image"
    heard = hear_picture(g, g("Add", queries, tokens), g("Add", keys, places), keys, last)
    return g.norm(g("Add", queries, heard), f"{top}.norm_final_attn", WIDTH), keys


def heads(g: Graph, x: str, name: str, inner: int) -> str:
    """1 x HEADS x n x d: a projection of n x WIDTH, by head."""
    return g.turn(g.shape(g.linear(x, name, WIDTH, inner), 1, -1, HEADS, inner // HEADS), 0, 2, 1, 3)


def joined(g: Graph, x: str, name: str, inner: int) -> str:
    """The reverse: 1 x n x WIDTH of what the heads heard."""
    return g.linear(g.shape(g.turn(x, 0, 2, 1, 3), 1, -1, inner), name, inner, WIDTH)


def attention(g: Graph, q: str, k: str, v: str, name: str) -> str:
    """Of the tokens to each other."""
    q, k, v = (heads(g, x, f"{name}.{part}_proj", WIDTH) for x, part in ((q, "q"), (k, "k"), (v, "v")))
    scores = g("Mul", g("MatMul", q, g.turn(k, 0, 1, 3, 2)), g.constant((WIDTH // HEADS) ** -0.5))
    return joined(g, g("MatMul", g("Softmax", scores, axis=-1), v), f"{name}.out_proj", WIDTH)


# Between a few tokens and the 4,096 cells of the picture, it is the projections of the cells that take the
# time. They are linear, so the tokens may take them over: q (W k) = (q W) k, and likewise for the values.

_INNER = WIDTH // 2


def by_head(g: Graph, name: str) -> str:
    """HEADS x d x WIDTH: a projection's matrix."""
    return g.shape(g.weight(f"{name}.weight", _INNER, WIDTH), HEADS, _INNER // HEADS, WIDTH)


def hear_picture(g: Graph, q: str, k: str, v: str, name: str) -> str:
    """Attention of the tokens ``q`` to the picture. The bias of the keys adds the same to all of a token's
    scores, and so nothing."""
    each = _INNER // HEADS
    q = g("Mul", heads(g, q, f"{name}.q_proj", _INNER), g.constant(each**-0.5))
    q = g.shape(g("MatMul", q, by_head(g, f"{name}.k_proj")), 1, -1, WIDTH)
    weights = g("Softmax", g("MatMul", q, g.turn(k, 0, 2, 1)), axis=-1)
    heard = g.shape(g("MatMul", weights, v), 1, HEADS, -1, WIDTH)
    heard = g("MatMul", heard, g.turn(by_head(g, f"{name}.v_proj"), 0, 2, 1))
    bias = g.shape(g.weight(f"{name}.v_proj.bias", _INNER), 1, HEADS, 1, each)
    return joined(g, g("Add", heard, bias), f"{name}.out_proj", _INNER)


def hear_tokens(g: Graph, q: str, k: str, v: str, name: str) -> str:
    """Attention of the picture ``q`` to the tokens."""
    each = _INNER // HEADS
    k = g("Mul", heads(g, k, f"{name}.k_proj", _INNER), g.constant(each**-0.5))
    bias = g("MatMul", k, g.shape(g.weight(f"{name}.q_proj.bias", _INNER), HEADS, each, 1))
    k = g.shape(g("MatMul", k, by_head(g, f"{name}.q_proj")), 1, -1, WIDTH)
    scores = g("Add", g("MatMul", q, g.turn(k, 0, 2, 1)), g.shape(bias, 1, 1, -1))
    weights = g.shape(g("Softmax", g.shape(scores, 1, GRID * GRID, HEADS, -1), axis=-1), 1, GRID * GRID, -1)
    out = g.turn(g.shape(g.weight(f"{name}.out_proj.weight", WIDTH, _INNER), WIDTH, HEADS, each), 1, 2, 0)
    v = g.shape(g("MatMul", heads(g, v, f"{name}.v_proj", _INNER), out), 1, -1, WIDTH)
    return g("Add", g("MatMul", weights, v), g.weight(f"{name}.out_proj.bias", WIDTH))


GRAPHS = {"mobile-sam-encoder.onnx": encoder, "mobile-sam-decoder.onnx": decoder}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "engines" / "select" / "graphs")
    arguments = parser.parse_args()
    for name, make in GRAPHS.items():
        model = make()
        data = model.SerializeToString(deterministic=True)
        (arguments.folder / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
