"""FLUX Fill out of single files: what is told by tensors, what is missing, and float8."""

import shutil

import numpy as np
import pytest

pytest.importorskip("diffusers")

import torch

from engines import store
from engines.base import EngineError, WeightsMissing, WeightsWrong
from engines.diffusion import checkpoints, needs, parts, vocabulary
from engines.diffusion.checkpoints import recognise
from engines.diffusion.loading import load
from tests.engines.diffusion import flux_names

pytestmark = pytest.mark.usefixtures("one_thread", "no_network")

FILES = {**flux_names.NAMES, "words": "spiece.model"}
TITLED = {
    "clip": "the text encoder CLIP-L (clip_l.safetensors)",
    "t5": "the text encoder T5-XXL (t5xxl_fp16.safetensors",
    "autoencoder": "FLUX's autoencoder (ae.safetensors)",
    "words": "T5's tokenizer (spiece.model or tokenizer.json)",
}


@pytest.fixture
def apart(saved, tmp_path):
    """A folder with every part as a file of its own."""
    return shutil.copytree(saved["flux file"].parent, tmp_path / "apart")


def refused(path, words, error=WeightsWrong):
    with pytest.raises(error) as caught:
        load(recognise(path), "cpu")
    assert words in str(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["flux file", "flux prefixed", "flux whole"])
def test_every_tensor_is_where_it_was(saved, pipelines, name):
    found, pipeline = recognise(saved[name]), pipelines["flux"]
    assert (found.family, found.layout, found.channels, found.inpaints) == ("flux", "file", 384, True)
    model = load(found, "cpu")
    encoders = pipeline.text_encoder, pipeline.text_encoder_2
    wanted = (pipeline.transformer, pipeline.vae, *encoders)
    for network, own in zip((model.network, model.vae, *model.text_encoders), wanted, strict=True):
        state = network.state_dict()
        assert state.keys() == own.state_dict().keys()
        assert all(torch.equal(state[key], value) for key, value in own.state_dict().items())
    told = dict(pipeline.transformer.config)
    assert {key: value for key, value in model.network.config.items() if not key.startswith("_")} == {
        key: value for key, value in told.items() if not key.startswith("_")
    }


@pytest.mark.parametrize("kind", TITLED)
def test_a_part_that_is_not_there(apart, kind):
    (apart / FILES[kind]).unlink()
    path = apart / FILES["transformer"]
    told = refused(path, f"flux1-fill.safetensors also needs {TITLED[kind]}", WeightsMissing)
    assert "models import FILE" in told and not any(TITLED[other] in told for other in TITLED.keys() - {kind})
    assert parts.lacking(path) == [parts.TITLES[kind]]


def test_all_parts_that_are_not_there_are_told_at_once(apart):
    for kind in TITLED:
        (apart / FILES[kind]).unlink()
    told = refused(apart / FILES["transformer"], "also needs the text encoder CLIP-L", WeightsMissing)
    assert all(words in told for words in TITLED.values())


@pytest.mark.parametrize("kind", TITLED)
@pytest.mark.parametrize("place", ["parts", "checkpoints"])
def test_a_part_is_found_among_the_users_own_whatever_it_is_called(apart, kind, place):
    folder = store.packs_folder() / place
    folder.mkdir(parents=True)
    suffix = (apart / FILES[kind]).suffix
    (apart / FILES[kind]).rename(folder / f"downloaded (1){suffix}")
    found = parts.found(apart / FILES["transformer"])
    assert {each: part.path.name for each, part in found.items()} == {
        each: f"downloaded (1){suffix}" if each == kind else name
        for each, name in FILES.items()
        if each != "transformer"
    }


def part_of(path, kind, change):
    """A part's tensors, changed."""
    from safetensors.torch import load_file

    flux_names.write(path / FILES[kind], change(load_file(path / FILES[kind])))


def test_an_autoencoder_of_another_model_is_not_taken(apart):
    """Of Stable Diffusion, with 4 latents and a convolution after them; of FLUX.2, with 32; of SD3, whose
    tensors are the same, by its name."""
    path = apart / FILES["transformer"]
    whole = (apart / FILES["autoencoder"]).read_bytes()
    for change in (
        lambda own: own | {"decoder.conv_in.weight": own["decoder.conv_in.weight"][:, :4]},
        lambda own: own | {"decoder.conv_in.weight": own["decoder.conv_in.weight"].repeat(1, 2, 1, 1)},
        lambda own: own | {"quant_conv.weight": torch.ones(32, 32, 1, 1)},
    ):
        part_of(apart, "autoencoder", change)
        refused(path, TITLED["autoencoder"], WeightsMissing)
        (apart / FILES["autoencoder"]).write_bytes(whole)
    (apart / FILES["autoencoder"]).rename(apart / "SD3_vae.safetensors")
    refused(path, TITLED["autoencoder"], WeightsMissing)
    (apart / "SD3_vae.safetensors").rename(apart / "any.safetensors")
    assert parts.found(path)["autoencoder"].path.name == "any.safetensors"


def test_text_encoders_of_another_model_are_not_taken(apart):
    path = apart / FILES["transformer"]
    bias = "encoder.block.{}.layer.0.SelfAttention.relative_attention_bias.weight"
    part_of(apart, "t5", lambda own: own | {bias.format(1): own[bias.format(0)]})  # as UMT5 has it
    refused(path, TITLED["t5"], WeightsMissing)
    words = "text_model.embeddings.token_embedding.weight"
    part_of(apart, "clip", lambda own: own | {words: own[words].repeat(1, 2)})
    refused(path, TITLED["clip"], WeightsMissing)


@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
def test_a_file_of_flux2_is_refused(tmp_path, prefix):
    names = ("double_stream_modulation_img.lin.weight", "double_blocks.0.img_attn.qkv.weight")
    path = flux_names.write(tmp_path / "klein.safetensors", dict.fromkeys(names, torch.ones(3, 1)), prefix)
    refused(path, "klein.safetensors is FLUX.2's network, which Lacuna reads from no single file.")


@pytest.mark.parametrize(("kind", "words"), [
    ("clip", "is the text encoder CLIP-L, which fills nothing by itself"),
    ("t5", "is the text encoder T5-XXL, which fills nothing by itself"),
    ("autoencoder", "is FLUX's autoencoder, which fills nothing by itself"),
])  # fmt: skip
def test_a_part_is_no_model(apart, kind, words):
    refused(apart / FILES[kind], words)


@pytest.mark.parametrize(("kind", "gone", "words"), [
    ("transformer", "double_blocks.1.txt_attn.qkv.weight", "lacks 3 of its tensors, transformer_blocks.1"),
    ("transformer", "vector_in.in_layer.weight", "lacks its tensor vector_in.in_layer.weight"),
    ("transformer", "img_in.weight", "takes unknown channels"),
    ("transformer", "single_blocks.0.norm.query_norm.scale", "lacks 1 of its tensors, single_transformer"),
    ("autoencoder", "decoder.up.0.block.0.conv1.weight", "lacks 1 of its tensors, decoder.up_blocks.3"),
    ("clip", "text_model.final_layer_norm.weight", "lacks 1 of its tensors"),
    ("t5", "encoder.block.1.layer.1.DenseReluDense.wo.weight", "lacks 1 of its tensors"),
    ("t5", "shared.weight", "t5xxl.safetensors could not be loaded"),
])  # fmt: skip
def test_a_file_that_is_not_whole(apart, kind, gone, words):
    part_of(apart, kind, lambda own: {name: value for name, value in own.items() if name != gone})
    refused(apart / FILES["transformer"], words)


@pytest.mark.parametrize("shape", [(), (384,), (2, 384, 1)])
@pytest.mark.parametrize(
    "name", ["img_in.weight", "txt_in.weight", "vector_in.in_layer.weight", "final_layer.linear.weight"]
)
def test_a_file_with_other_shapes_than_flux(apart, name, shape):
    part_of(apart, "transformer", lambda own: own | {name: torch.ones(shape)})
    with pytest.raises(EngineError) as caught:
        load(recognise(apart / FILES["transformer"]), "cpu")
    assert "\n" not in str(caught.value)
    checkpoints.own_folder().mkdir(parents=True)
    shutil.copy(apart / FILES["transformer"], checkpoints.own_folder())
    assert len(checkpoints.installed()) <= 1


def test_what_lacks_parts_is_offered_last(saved, apart):
    folder = checkpoints.own_folder()
    folder.mkdir(parents=True)
    shutil.copy(apart / FILES["transformer"], folder / "a.safetensors")
    shutil.copy(saved["sd file"], folder / "b.safetensors")
    assert [found.path.name for found in checkpoints.installed()] == ["b.safetensors", "a.safetensors"]
    assert needs.memory(checkpoints.installed()[1]).half > 0
    for kind in TITLED:
        shutil.copy(apart / FILES[kind], folder)
    assert [found.path.name for found in checkpoints.installed()] == ["a.safetensors", "b.safetensors"]


@pytest.mark.parametrize("words", ["spiece.model", "tokenizer.json"])
def test_words_become_the_same_numbers(saved, pipelines, words):
    folder = saved["flux file" if words == "spiece.model" else "flux whole"].parent
    ours, theirs = vocabulary.t5(folder / words), pipelines["flux"].tokenizer_2
    for text in ("a red boat, on a lake.", "  two   spaces ", "Größe 7", ""):
        told = {"padding": "max_length", "max_length": 32, "truncation": True}
        assert ours(text, **told).input_ids == theirs(text, **told).input_ids


def test_the_memory_is_told_with_all_parts(saved):
    folder = needs.memory(recognise(saved["flux"]))
    for name in ("flux file", "flux prefixed", "flux whole"):
        found = needs.memory(recognise(saved[name]))
        for key in ("half", "exact", "apart"):
            whole = getattr(folder, key) - needs._WORKING
            assert abs(getattr(found, key) - needs._WORKING - whole) < 0.01 * whole


# -- float8 --------------------------------------------------------------------------------------------------

F8 = torch.float8_e4m3fn


def rounded(tensors, scaled):
    """Matrices in float8, what they are then, and the rest."""
    out, wanted = {}, {}
    for name, value in tensors.items():
        if value.ndim != 2:
            out[name] = wanted[name] = value
            continue
        scale = value.abs().amax() / 448 if scaled else torch.tensor(1.0)
        out[name] = (value / scale).to(F8)
        wanted[name] = out[name].float() * scale
        if scaled:
            out[f"{name.removesuffix('weight')}scale_weight"] = scale
    return out, wanted


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_float8_is_the_same_weights_rounded_and_raised(apart, pipelines, scaled, precision):
    from safetensors.torch import save_file

    other = shutil.copytree(apart, apart.parent / "raised")
    for kind in ("transformer", "t5"):
        small, wanted = rounded(flux_names.parts(pipelines["flux"])[kind], scaled)
        small = {name: value.clone().contiguous() for name, value in small.items()}
        save_file(small, apart / FILES[kind])
        flux_names.write(other / FILES[kind], wanted)
    got, wanted = (
        load(recognise(folder / FILES["transformer"]), "cpu", precision) for folder in (apart, other)
    )
    for a, b in zip((got.network, *got.text_encoders), (wanted.network, *wanted.text_encoders), strict=True):
        mine, own = a.state_dict(), b.state_dict()
        assert mine.keys() == own.keys() and all(torch.equal(mine[key], own[key]) for key in own)
    plain = pipelines["flux"].transformer.x_embedder.weight
    assert not torch.equal(got.network.x_embedder.weight.float(), plain)
    assert np.allclose(got.network.x_embedder.weight.float(), plain, atol=0.1)


def test_float8_that_is_scaled_row_by_row_is_refused(apart, pipelines):
    from safetensors.torch import save_file

    small, _ = rounded(flux_names.parts(pipelines["flux"])["transformer"], True)
    small["img_in.scale_weight"] = torch.ones(64, 1)
    save_file(
        {name: value.clone().contiguous() for name, value in small.items()}, apart / FILES["transformer"]
    )
    refused(apart / FILES["transformer"], "scaled in a way that Lacuna does not know")
