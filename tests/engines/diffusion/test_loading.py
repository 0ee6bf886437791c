"""Folders of diffusers and single files: recognised, loaded tensor by tensor, never run as a program."""

import hashlib
import json
import pickle
import shutil

import pytest

pytest.importorskip("diffusers")

import torch
from safetensors.torch import load_file, save_file

from engines import safetensors_file, store
from engines.base import EngineError, OutOfMemory, WeightsMissing, WeightsWrong
from engines.diffusion import loading, needs, qwen, single_file, vocabulary
from engines.diffusion.checkpoints import locate, recognise
from engines.diffusion.loading import load, sha256_of
from engines.fit import SYSTEM
from engines.machine import Machine
from tests.engines.diffusion import tiny_models

pytestmark = pytest.mark.usefixtures("one_thread", "no_network")


@pytest.mark.parametrize(
    ("name", "family", "channels", "side"),
    [
        ("sd", "sd", 9, 64),
        ("sd file", "sd", 9, 512),
        ("sd4", "sd", 4, 64),
        ("sd4 file", "sd", 4, 512),
        ("sdxl", "sdxl", 9, 64),
        ("sdxl file", "sdxl", 9, 1024),
        ("flux", "flux", 384, 1024),
        ("flux2", "flux2", 128, 1024),
    ],
)
def test_a_model_is_recognised(saved, name, family, channels, side):
    found = recognise(saved[name])
    assert (found.family, found.channels, found.side) == (family, channels, side)
    assert found.layout == ("file" if name.endswith("file") else "folder")
    assert found.inpaints == (channels not in (4, 128))


def test_a_consistency_model_brings_its_scheduler(saved):
    assert recognise(saved["lcm"]).scheduler == "lcm"
    assert recognise(saved["sd"]).scheduler == "dpm++"


def test_the_program_that_a_kleins_tokenizer_brings_along_is_not_run(saved, tmp_path):
    folder, words = shutil.copytree(saved["flux2"], tmp_path / "model"), []
    (folder / "tokenizer" / "chat_template.jinja").write_text("{{ 1 / 0 }}")
    for path in (saved["flux2"], folder):
        model = load(recognise(path), "cpu")
        words.append(qwen.read(model.text_encoders[0], model.tokenizers[0], "a boat"))
    assert torch.equal(*words) and words[0].shape == (1, 512, 48)
    with pytest.raises(Exception, match="division by zero"):  # it is one
        model.tokenizers[0].apply_chat_template([{"role": "user", "content": "a boat"}], tokenize=False)


def test_a_distilled_klein_is_told_from_its_base(saved):
    assert recognise(saved["flux2-quick"]).distilled and not recognise(saved["flux2"]).distilled


def test_of_a_klein_as_much_is_loaded_as_is_used(saved, pipelines):
    model, pipeline = load(recognise(saved["flux2"]), "cpu"), pipelines["flux2"]
    for got, wanted in ((model.network, pipeline.transformer), (model.vae, pipeline.vae)):
        state, truth = got.state_dict(), wanted.state_dict()
        assert type(got) is type(wanted) and state.keys() == truth.keys()
        assert all(torch.equal(state[key], value) for key, value in truth.items())
    (reader,), truth = model.text_encoders, pipeline.text_encoder.model.state_dict()
    state = reader.state_dict()
    assert all(torch.equal(value, truth[key]) for key, value in state.items())
    left = {key.split(".")[1] for key in truth.keys() - state.keys()}
    assert left == {"28", "29"} and not any(value.requires_grad for value in reader.parameters())
    assert (model.shrink, model.cell, model.multiple, model.channels) == (8, 16, 16, 128)


def test_a_klein_on_a_card_keeps_the_range_of_its_numbers(saved):
    for name, dtype in (("flux2", torch.bfloat16), ("flux", torch.float16)):
        assert loading._dtype("auto", "cuda", recognise(saved[name])) == dtype


@pytest.mark.parametrize("name", ["sd", "sdxl", "flux", "flux2"])
def test_text_encoders_stay_apart_where_a_card_is_too_small(saved, monkeypatch, name):
    monkeypatch.setattr(loading, "torch_device", lambda device: "meta")  # in a card's place
    for apart, where in ((True, "cpu"), (False, "meta")):
        model = load(recognise(saved[name]), "cuda", "float32", apart=apart)
        assert {each.device.type for each in model.text_encoders} == {where}
        assert model.network.device.type == model.vae.device.type == "meta"


def test_on_the_processor_it_is_as_exact_as_there_is_memory(saved, monkeypatch):
    found = recognise(saved["flux2"])
    taken = needs.memory(found)
    for there, dtype in (
        (0, torch.float32),
        (int(taken.exact / SYSTEM) + 2, torch.float32),
        (int(taken.exact / SYSTEM) - 2, torch.bfloat16),
        (taken.half, torch.bfloat16),
    ):
        monkeypatch.setattr(loading, "machine", lambda folder, there=there: Machine(there, there, 0))
        model = load(found, "cpu")
        assert model.dtype == dtype == next(model.network.parameters()).dtype
    little = needs.weights(found, 2) - 1
    monkeypatch.setattr(loading, "machine", lambda folder: Machine(taken.half, little, 0))
    with pytest.raises(OutOfMemory, match=r"flux2 takes .* GB of memory, .* GB are free\.") as caught:
        load(found, "cpu")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("model_index.json", {"text_encoder": ["transformers", "Mistral3"]}, "It knows FLUX.2 klein"),
        ("model_index.json", {"_class_name": "Flux2KleinKVPipeline"}, "It knows FLUX.2 klein"),
        ("model_index.json", {"text_encoder": None}, "It knows FLUX.2 klein"),
        (
            "transformer/config.json",
            {"in_channels": 64},
            "takes 64 channels; Lacuna knows",
        ),
        (
            "transformer/config.json",
            {"_class_name": "SomeTransformer"},
            "of a kind that Lacuna does not know",
        ),
    ],
)
def test_another_flux2_is_refused(saved, tmp_path, part, change, words):
    folder = shutil.copytree(saved["flux2"], tmp_path / "model")
    content = json.loads((folder / part).read_text())
    (folder / part).write_text(json.dumps(content | change))
    with pytest.raises(WeightsWrong, match=words) as caught:
        recognise(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "part", "gone", "words"),
    [
        ("flux2", "text_encoder", "model.layers.27.", "lacks 11 of its tensors, layers.27.input"),
        ("flux2", "text_encoder", "model.layers.5.mlp.up_proj", "lacks 1 of its tensors, layers.5.mlp"),
        ("flux2", "vae", "bn.running_mean", "lacks 1 of its tensors, bn.running_mean"),
        ("flux2", "transformer", "x_embedder", "lacks 1 of its tensors, x_embedder"),
        ("sd", "unet", "conv_in", "lacks 2 of its tensors, conv_in.bias"),
        ("sd", "text_encoder", "embeddings.token", "lacks 1 of its tensors"),
        ("flux", "text_encoder_2", "encoder.block.1.layer.0.SelfAttention.q", "lacks 1 of its tensors"),
    ],
)
def test_a_part_of_a_folder_that_is_not_whole(saved, tmp_path, name, part, gone, words):
    """It would be made up for by chance."""
    folder = shutil.copytree(saved[name], tmp_path / "model")
    (path,) = (folder / part).glob("*.safetensors")
    whole = load_file(path)
    assert without(whole, gone).keys() != whole.keys()
    save_file(without(whole, gone), path, {"format": "pt"})
    with pytest.raises(WeightsWrong, match=words) as caught:
        load(recognise(folder), "cpu")
    assert "\n" not in str(caught.value)


def test_a_klein_whose_text_encoder_is_another(saved, tmp_path):
    folder = shutil.copytree(saved["flux2"], tmp_path / "model")
    path = folder / "text_encoder" / "config.json"
    content = json.loads(path.read_text())
    path.write_text(
        json.dumps(content | {"num_hidden_layers": 20, "layer_types": content["layer_types"][:20]})
    )
    with pytest.raises(WeightsWrong, match=r"has 20 layers, FLUX\.2 klein reads 28"):
        load(recognise(folder), "cpu")


@pytest.mark.parametrize("missing", ["tokenizer", "vae", "scheduler"])
def test_a_klein_that_is_not_whole(saved, tmp_path, missing):
    folder = shutil.copytree(saved["flux2"], tmp_path / "model")
    shutil.rmtree(folder / missing)
    with pytest.raises(WeightsWrong) as caught:
        load(recognise(folder), "cpu")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["sd", "sd file", "sd4", "sd4 file", "lcm", "lcm file", "sdxl", "sdxl file"])
def test_every_tensor_is_where_it_was(saved, pipelines, name):
    model, pipeline = load(recognise(saved[name]), "cpu"), pipelines[name.split()[0]]
    pairs = [(model.network, pipeline.unet), (model.vae, pipeline.vae)]
    pairs += [(model.text_encoders[0], pipeline.text_encoder)]
    if name.startswith("sdxl"):
        pairs += [(model.text_encoders[1], pipeline.text_encoder_2)]
    for got, wanted in pairs:
        assert type(got) is type(wanted)
        state, truth = got.state_dict(), wanted.state_dict()
        assert state.keys() == truth.keys()
        for key, value in truth.items():
            assert torch.equal(state[key], value), key
        assert not any(value.requires_grad for value in got.parameters())
    assert model.shrink == 8


@pytest.mark.parametrize("name", ["sd", "sdxl"])
def test_the_configuration_is_read_off_the_shapes(saved, pipelines, name):
    truth = pipelines[name].unet
    shapes = {
        key.removeprefix(single_file.UNET): value
        for key, value in safetensors_file.shapes(store.mapped(saved[f"{name} file"])).items()
        if key.startswith(single_file.UNET)
    }
    for key, value in single_file.unet_config(shapes, name).items():
        if key != "sample_size":
            published = truth.config[key]
            published = (
                (published,) * len(value) if type(value) is tuple and type(published) is int else published
            )
            assert published == value, key


@pytest.mark.parametrize("precision", ["bfloat16"])
def test_half_floats(pipelines, tmp_path, precision):
    dtype = getattr(torch, precision)
    path = tiny_models.save_single(pipelines["sd"], tmp_path / "half.safetensors", dtype)
    model = load(recognise(path), "cpu", precision)
    assert {value.dtype for value in model.network.parameters()} == {dtype}
    wide = load(recognise(path), "cpu")
    assert {value.dtype for value in wide.vae.parameters()} == {torch.float32}
    assert torch.equal(wide.network.conv_in.weight, pipelines["sd"].unet.conv_in.weight.to(dtype).float())


def test_a_folder_of_half_floats_by_their_mark(saved, pipelines, tmp_path):
    pipelines["sd"].save_pretrained(tmp_path / "marked", variant="fp16")
    model = load(recognise(tmp_path / "marked"), "cpu")
    assert torch.equal(model.network.conv_in.weight, pipelines["sd"].unet.conv_in.weight)


def test_the_weights_sum_is_of_the_files(saved, tmp_path):
    files = sorted(saved["sd"].glob("*/*.safetensors"))
    assert sha256_of(files[:1]) == hashlib.sha256(files[0].read_bytes()).hexdigest()
    assert len({sha256_of(files), sha256_of(files[1:]), sha256_of(files[::-1])}) == 3


# --- words ---


def test_words_become_the_published_numbers():
    tokens = vocabulary.tokenizer()("a photo of an astronaut riding a horse on mars").input_ids
    assert tokens == [49406, 320, 1125, 539, 550, 18376, 6765, 320, 4558, 525, 7496, 49407]
    tokens = vocabulary.tokenizer()("don't 123 naïve 東京").input_ids
    assert tokens == [49406, 847, 713, 272, 273, 274, 1097, 35689, 563, 48338, 21078, 361, 49407]
    padded = vocabulary.tokenizer(pad="!")("hello", padding="max_length").input_ids
    assert padded == [49406, 3306, 49407] + [0] * 74


# --- what is not to be used ---


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("the pickle was run",))


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".pth", ".bin"])
def test_a_pickle_is_not_opened(tmp_path, suffix):
    path = tmp_path / f"model{suffix}"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(WeightsWrong, match=r"is a pickle.*safetensors file") as caught:
        recognise(path)
    assert "\n" not in str(caught.value)


def test_a_pickle_in_a_folder_is_not_opened(saved, tmp_path):
    folder = shutil.copytree(saved["sd"], tmp_path / "model")
    next((folder / "unet").glob("*.safetensors")).unlink()
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(WeightsWrong, match="has pickles only"):
        recognise(folder)


def test_a_pickle_beside_the_weights_is_not_opened(saved, tmp_path):
    folder = shutil.copytree(saved["sd"], tmp_path / "model")
    for part in ("unet", "vae", "text_encoder"):
        for name in ("diffusion_pytorch_model.bin", "pytorch_model.bin"):
            (folder / part / name).write_bytes(pickle.dumps(Bomb()))
    load(recognise(folder), "cpu")


def without(tensors, prefix):
    return {name: value for name, value in tensors.items() if not name.startswith(prefix)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda all: without(all, "model.diffusion_model.output_blocks.3.0.out_layers.3"), "lacks 2 of its"),
        (lambda all: without(all, "first_stage_model.decoder.conv_in"), "lacks 2 of its tensors"),
        (lambda all: without(all, "first_stage_model."), "could not be loaded"),
        (lambda all: without(all, "cond_stage_model."), "has no text encoder"),
        (
            lambda all: all | {"model.diffusion_model.out.2.bias": torch.zeros(5)},
            "has another shape than it should",
        ),
    ],
)
def test_a_file_that_is_not_whole(saved, tmp_path, change, words):
    path = tmp_path / "broken.safetensors"
    save_file(change(load_file(saved["sd file"])), path)
    with pytest.raises(WeightsWrong, match=words) as caught:
        load(recognise(path), "cpu")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        ({"double_blocks.0.img_mod.lin.weight": (3, 1), "img_in.weight": (3, 64)}, "takes 64 channels"),
        ({"text_model.embeddings.token_embedding.weight": (3, 1)}, "is the text encoder CLIP-L"),
        ({"encoder.block.0.layer.0.SelfAttention.q.weight": (3, 1)}, "is the text encoder T5-XXL"),
        ({"control_model.input_hint_block.0.weight": (3, 1)}, "is a ControlNet"),
        ({"lora_unet_down_blocks_0.lora_down.weight": (3, 1)}, "is a LoRA"),
        ({"conv.weight": (3, 1)}, "no diffusion model that Lacuna knows"),
        (
            {
                "model.diffusion_model.input_blocks.0.0.weight": (8, 7, 3, 3),
                "cond_stage_model.transformer.a": (1,),
            },
            "takes 7 channels",
        ),
    ],
)
def test_a_file_of_something_else(tmp_path, tensors, words):
    path = tmp_path / "other.safetensors"
    save_file({name: torch.zeros(shape) for name, shape in tensors.items()}, path)
    with pytest.raises(WeightsWrong, match=words):
        recognise(path)


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff" * 64, b"\x08\0\0\0\0\0\0\0[1,2,3] "])
def test_a_file_that_is_no_safetensors(tmp_path, content):
    path = tmp_path / "junk.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsWrong, match="no safetensors file, or damaged"):
        recognise(path)


def test_a_cut_file(saved, tmp_path):
    path = tmp_path / "cut.safetensors"
    content = saved["sd file"].read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(WeightsWrong, match="no safetensors file, or damaged"):
        recognise(path)


@pytest.mark.parametrize("missing", ["model_index.json", "unet/config.json", "vae/config.json"])
def test_a_folder_that_is_not_whole(saved, tmp_path, missing):
    folder = shutil.copytree(saved["sd"], tmp_path / "model")
    (folder / missing).unlink()
    with pytest.raises(WeightsWrong, match="is no whole diffusers folder"):
        recognise(folder)


def test_a_folder_without_its_words(saved, tmp_path):
    folder = shutil.copytree(saved["sd"], tmp_path / "model")
    shutil.rmtree(folder / "tokenizer")
    with pytest.raises(WeightsWrong, match="could not be loaded") as caught:
        load(recognise(folder), "cpu")
    assert "\n" not in str(caught.value)


def test_a_model_is_found_by_path_or_id(saved, tmp_path):
    assert locate(str(saved["sd"])) == saved["sd"]
    with pytest.raises(EngineError, match='There is no model "nothing"'):
        locate("nothing")
    with pytest.raises(WeightsMissing, match="models show lama-safetensors"):
        locate("lama-safetensors")


def test_an_unknown_precision(saved):
    with pytest.raises(EngineError, match="Choose one of"):
        load(recognise(saved["sd"]), "cpu", "float8")


def test_the_autoencoder_of_sdxl_stays_exact(saved):
    model = load(recognise(saved["sdxl"]), "cpu", "float16")
    assert model.vae.dtype == torch.float32 and model.network.dtype == torch.float16
