"""FLUX as GGUF: the same as diffusers makes of the same blocks, which is nearly what ggml's package makes.

diffusers multiplies a block's numbers with its scale in float16, ggml in float32.
"""

import copy
import dataclasses
import shutil
import sys

import numpy as np
import pytest

pytest.importorskip("diffusers")
pytest.importorskip("gguf")

import gguf
import torch
from diffusers import FluxTransformer2DModel, GGUFQuantizationConfig
from diffusers.quantizers.gguf.utils import GGUFParameter, dequantize_gguf_tensor

from engines.base import EngineError, WeightsWrong
from engines.diffusion import lora, needs, quantised, thrift
from engines.diffusion.checkpoints import recognise
from engines.diffusion.loading import load, settled
from engines.diffusion.requests import Sampling
from tests.engines.diffusion import flux_names
from tests.engines.diffusion.test_parity import frame, ours, theirs

pytestmark = pytest.mark.usefixtures("one_thread", "no_network")

TYPES = gguf.GGMLQuantizationType
SAMPLING = Sampling(prompt="a red boat", steps=3, guidance=30.0, seed=4)


BLOCKS = [each for each in TYPES if each.name in (
    "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS",
)]  # fmt: skip
# Where a block has its scales, which are float16: of how many bytes, from which on.
SCALES = {"Q4_1": (0, 4), "Q5_1": (0, 4), "Q4_K": (0, 4), "Q5_K": (0, 4), "Q2_K": (80, 4), "Q3_K": (108, 2),
          "Q6_K": (208, 2)}  # fmt: skip


def _spread(packed, kind):
    """By diffusers, in float32."""
    return dequantize_gguf_tensor(GGUFParameter(torch.from_numpy(packed), quant_type=kind)).float()


def write(path, tensors, kind, more=None):
    """A GGUF file by ggml's own package: matrices of whole blocks in a type, the rest as they are."""
    writer = gguf.GGUFWriter(path, "flux")
    for tell in (more or {}).items():
        getattr(writer, tell[0])(tell[1])
    spread = {}
    for name, value in tensors.items():
        numbers = value.numpy()
        if value.ndim == 2 and value.shape[1] % 32 == 0:
            packed = gguf.quantize(numbers, kind)
            writer.add_tensor(name, packed, raw_dtype=kind)
            spread[name] = (
                _spread(packed, kind)
                if kind in BLOCKS
                else torch.from_numpy(gguf.dequantize(packed, kind).copy())
            )
        else:
            writer.add_tensor(name, numbers)
            spread[name] = value
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return spread


@pytest.fixture
def apart(saved, tmp_path):
    folder = shutil.copytree(saved["flux file"].parent, tmp_path / "apart")
    (folder / flux_names.NAMES["transformer"]).unlink()
    return folder


def made(apart, pipelines, kind):
    """A model whose transformer is a GGUF file, and the pipeline with the same numbers spread out."""
    path = apart / "flux1-fill.gguf"
    spread = write(path, flux_names.transformer(pipelines["flux"].transformer), kind)
    flux_names.write(apart.parent / "spread.safetensors", spread)
    plain = shutil.copytree(apart, apart.parent / "plain")
    (plain / path.name).unlink()
    flux_names.write(plain / "flux1-fill.safetensors", spread)
    network = copy.deepcopy(pipelines["flux"].transformer)
    network.load_state_dict(load(recognise(plain / "flux1-fill.safetensors"), "cpu").network.state_dict())
    pipeline = type(pipelines["flux"])(**pipelines["flux"].components | {"transformer": network})
    pipeline.set_progress_bar_config(disable=True)
    return recognise(path), pipeline


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_0", "Q5_1", "BF16", "F16"])
def test_the_same_bits_as_the_pipeline_with_the_numbers_spread_out(apart, pipelines, kind):
    found, pipeline = made(apart, pipelines, TYPES[kind])
    assert (found.family, found.layout, found.channels) == ("flux", "file", 384)
    model = load(found, "cpu")
    got = ours(model, frame(), SAMPLING)
    assert np.array_equal(got, theirs(pipeline, frame(), SAMPLING))
    plain = theirs(pipelines["flux"], frame(), SAMPLING)
    assert not np.array_equal(got, plain) and np.abs(got - plain).mean() < 0.1
    layer = model.network.transformer_blocks[0].attn.to_q
    assert quantised.is_blocks(layer) == (kind[0] == "Q")
    if kind == "Q8_0":
        assert layer.weight.dtype == torch.uint8 and layer.weight.shape == (64, 2 * 34)


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_0"])
def test_the_same_as_diffusers_own_loading(apart, pipelines, saved, kind):
    """Under diffusers' names, as its conversion from the authors' takes a width of 3072 for granted."""
    network = pipelines["flux"].transformer
    write(apart / "theirs.gguf", network.state_dict(), TYPES[kind])
    wanted = FluxTransformer2DModel.from_single_file(
        str(apart / "theirs.gguf"),
        config=str(saved["flux"]),
        subfolder="transformer",
        quantization_config=GGUFQuantizationConfig(compute_dtype=torch.float32),
        local_files_only=True,
    )
    write(apart / "flux1-fill.gguf", flux_names.transformer(network), TYPES[kind])
    got = load(recognise(apart / "flux1-fill.gguf"), "cpu").network
    state, own = got.state_dict(), wanted.state_dict()
    assert state.keys() == own.keys()
    assert all(torch.equal(torch.as_tensor(state[name]), torch.as_tensor(own[name])) for name in own)
    pipeline = type(pipelines["flux"])(**pipelines["flux"].components | {"transformer": wanted})
    pipeline.set_progress_bar_config(disable=True)
    model = load(recognise(apart / "flux1-fill.gguf"), "cpu")
    assert np.array_equal(ours(model, frame(), SAMPLING), theirs(pipeline, frame(), SAMPLING))


@pytest.mark.parametrize("kind", BLOCKS, ids=lambda each: each.name)
def test_every_type_is_read_as_ggmls_own_package_does(tmp_path, kind):
    block, size = gguf.GGML_QUANT_SIZES[kind]
    random = np.random.default_rng(int(kind))
    packed = random.integers(0, 256, (6 * 512 // block, size), np.uint8)
    begin, length = SCALES.get(kind.name, (0, 2))
    scales = random.uniform(0.01, 0.02, (len(packed), length // 2)).astype(np.float16)
    packed[:, begin : begin + length] = scales.view(np.uint8)
    packed = packed.reshape(6, -1)
    writer = gguf.GGUFWriter(tmp_path / "one.gguf", "flux")
    writer.add_tensor("first", np.ones((3, 5), np.float32))
    writer.add_tensor("numbers", packed, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with quantised.opened(tmp_path / "one.gguf") as tensors:
        assert torch.equal(tensors["first"], torch.ones(3, 5))
        assert quantised.shape_of(tensors, "numbers") == (6, 512)
        read = tensors["numbers"]
    assert read.quant_type == kind and np.array_equal(read.as_tensor().numpy(), packed)
    wanted = gguf.dequantize(packed, kind)
    got = dequantize_gguf_tensor(read).float().numpy()
    assert wanted.std() > 0.01 and np.abs(got - wanted).max() < 2e-3 * np.abs(wanted).max()


LLAMA = {
    "shared": "token_embd", "encoder.final_layer_norm": "enc.output_norm",
    "layer.0.SelfAttention.q": "attn_q", "layer.0.SelfAttention.k": "attn_k",
    "layer.0.SelfAttention.v": "attn_v", "layer.0.SelfAttention.o": "attn_o",
    "layer.0.SelfAttention.relative_attention_bias": "attn_rel_b", "layer.0.layer_norm": "attn_norm",
    "layer.1.DenseReluDense.wi_0": "ffn_gate", "layer.1.DenseReluDense.wi_1": "ffn_up",
    "layer.1.DenseReluDense.wo": "ffn_down", "layer.1.layer_norm": "ffn_norm",
}  # fmt: skip


def in_llama(name):
    place = name.removesuffix(".weight")
    if place.startswith("encoder.block."):
        _, _, number, rest = place.split(".", 3)
        return f"enc.blk.{number}.{LLAMA[rest]}.weight"
    return f"{LLAMA[place]}.weight"


def test_t5_as_llama_writes_it_with_its_words(apart, pipelines):
    """Its file has T5's words, too: no other is needed."""
    flux = pipelines["flux"]
    (apart / flux_names.NAMES["t5"]).unlink()
    (apart / "spiece.model").unlink()
    state = flux.text_encoder_2.state_dict()
    state.pop("encoder.embed_tokens.weight", None)
    words = flux_names.pieces_of(flux.tokenizer_2)
    told = {"add_token_list": [word for word, _ in words], "add_token_scores": [score for _, score in words]}
    spread = write(
        apart / "t5.gguf", {in_llama(name): value for name, value in state.items()}, TYPES.Q8_0, told
    )
    write(apart / "flux1-fill.gguf", flux_names.transformer(flux.transformer), TYPES.F32)
    encoder = copy.deepcopy(flux.text_encoder_2)
    encoder.load_state_dict({name: spread[in_llama(name)] for name in state}, strict=False)
    encoder.encoder.embed_tokens.weight.data = encoder.shared.weight.data
    pipeline = type(flux)(**flux.components | {"text_encoder_2": encoder})
    pipeline.set_progress_bar_config(disable=True)
    model = load(recognise(apart / "flux1-fill.gguf"), "cpu")
    assert quantised.is_blocks(model.text_encoders[1].encoder.block[0].layer[0].SelfAttention.q)
    assert np.array_equal(ours(model, frame(), SAMPLING), theirs(pipeline, frame(), SAMPLING))


def test_layer_by_layer_and_in_another_precision_and_back(apart, pipelines):
    found, _ = made(apart, pipelines, TYPES.Q8_0)
    model = load(found, "cpu", "bfloat16")
    first = ours(model, frame(), SAMPLING)
    undo = thrift.in_float32(model, ())
    exact = ours(model, frame(), SAMPLING)
    undo()
    assert np.array_equal(ours(model, frame(), SAMPLING), first) and not np.array_equal(first, exact)
    model = load(found, "cpu")
    assert np.array_equal(exact, exact) and np.abs(ours(model, frame(), SAMPLING) - exact).max() < 0.05
    whole = ours(model, frame(), SAMPLING)
    model.waits = True
    settled(model.network, model)
    assert np.array_equal(ours(model, frame(), SAMPLING), whole)


def test_blocks_take_no_more_memory_than_in_the_file(apart, pipelines):
    found, pipeline = made(apart, pipelines, TYPES.Q8_0)
    size = sum(value.nbytes for value in load(found, "cpu").network.state_dict().values())
    matrices = [value.numel() for value in pipeline.transformer.state_dict().values() if value.ndim == 2]
    others = [value.numel() for value in pipeline.transformer.state_dict().values() if value.ndim == 1]
    assert size == sum(matrices) // 32 * 34 + 4 * sum(others)
    beside = sum(
        value.nbytes
        for each in (pipeline.vae, pipeline.text_encoder, pipeline.text_encoder_2)
        for value in each.state_dict().values()
    )
    told = needs.memory(found).exact - needs._WORKING
    assert abs(told - size - beside) < 0.01 * (size + beside)


def test_a_lora_is_refused_for_blocks(apart, pipelines):
    found, _ = made(apart, pipelines, TYPES.Q8_0)
    model = load(found, "cpu")
    name = "transformer.transformer_blocks.0.attn.to_q"
    halves = {f"{name}.lora_A.weight": torch.ones(2, 64), f"{name}.lora_B.weight": torch.ones(64, 2)}
    path = flux_names.write(apart / "lora.safetensors", halves)
    before = model.network.transformer_blocks[0].attn.to_q.weight.clone()
    with pytest.raises(EngineError) as caught:
        lora.add(model, str(path), 1.0)
    assert str(caught.value) == (
        "A LoRA cannot be added to a model whose weights are in blocks of few bits (GGUF). "
        "Use the model as a .safetensors file."
    )
    assert torch.equal(model.network.transformer_blocks[0].attn.to_q.weight, before)


def test_without_its_package_a_line_says_so(apart, pipelines, monkeypatch):
    found, _ = made(apart, pipelines, TYPES.Q8_0)
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(EngineError, match=r'^A GGUF model needs the package gguf\. .*"gguf>=0\.19,<0\.20"$'):
        load(found, "cpu")


@pytest.mark.parametrize("cut", [3, 40, 900, 20_000])
def test_a_file_that_was_cut(apart, pipelines, cut):
    found, _ = made(apart, pipelines, TYPES.Q8_0)
    found.path.write_bytes(found.path.read_bytes()[:cut])
    for run in (recognise, lambda path: load(dataclasses.replace(found, path=path), "cpu")):
        with pytest.raises(WeightsWrong) as caught:
            run(found.path)
        assert "\n" not in str(caught.value)
