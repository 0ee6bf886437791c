"""LoRA: W + weight · alpha / rank · up · down, in the namings that are published."""

import pytest

pytest.importorskip("diffusers")

import torch
from safetensors.torch import save_file
from torch import nn

from engines.base import EngineError, WeightsWrong
from engines.diffusion import lora
from engines.diffusion.checkpoints import recognise
from engines.diffusion.loading import load
from tests.engines.diffusion import tiny_models

pytestmark = pytest.mark.usefixtures("one_thread", "no_network")

LINEAR = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
CONV = "down_blocks.0.resnets.0.conv1"
WORDS = "encoder.layers.0.self_attn.q_proj"
RANK = 2


@pytest.fixture
def model(saved):
    return load(recognise(saved["sd file"]), "cpu")


def halves(module, seed):
    """Down and up for a module's weight, and their product in its shape."""
    generator = torch.Generator().manual_seed(seed)
    out, into, *window = module.weight.shape
    down = torch.randn((RANK, into, *window), generator=generator) * 0.1
    up = torch.randn((out, RANK, *([1] * len(window))), generator=generator) * 0.1
    product = up.reshape(out, RANK) @ down.reshape(RANK, -1)
    return down, up, product.reshape(module.weight.shape)


def kohya(name):
    return name.replace(".", "_")


def saved_lora(tmp_path, model, naming, alpha=1.0):
    """A LoRA of three modules in a naming, and what each is to be changed by."""
    modules = {
        LINEAR: model.network.get_submodule(LINEAR),
        CONV: model.network.get_submodule(CONV),
        WORDS: model.text_encoders[0].get_submodule(WORDS),
    }
    tensors, changes = {}, {}
    for seed, (name, module) in enumerate(modules.items()):
        down, up, changes[name] = halves(module, seed)
        if naming == "kohya":
            key = f"lora_te_text_model_{kohya(name)}" if name == WORDS else f"lora_unet_{kohya(name)}"
            tensors |= {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up}
            tensors[f"{key}.alpha"] = torch.tensor(alpha)
            changes[name] = changes[name] * alpha / RANK
        else:
            key = f"text_encoder.text_model.{name}" if name == WORDS else f"unet.{name}"
            ends = ("lora_A", "lora_B") if naming == "peft" else ("lora.down", "lora.up")
            tensors |= {f"{key}.{ends[0]}.weight": down, f"{key}.{ends[1]}.weight": up}
    path = tmp_path / f"{naming}.safetensors"
    save_file({name: value.contiguous() for name, value in tensors.items()}, path)
    return path, modules, changes


@pytest.mark.parametrize(
    "name", ["single_transformer_blocks.0.attn.to_qkv_mlp_proj", "transformer_blocks.0.attn.to_out.0"]
)
def test_the_weights_of_a_klein_change_too(saved, tmp_path, name):
    model = load(recognise(saved["flux2"]), "cpu")
    module = model.network.get_submodule(name)
    down, up, change = halves(module, 0)
    path = tmp_path / "klein.safetensors"
    parts = {"lora_A": down, "lora_B": up}
    save_file({f"transformer.{name}.{end}.weight": value for end, value in parts.items()}, path)
    before = module.weight.clone()
    lora.add(model, str(path), 0.5)
    assert torch.allclose(module.weight, before + 0.5 * change, atol=1e-6)


@pytest.mark.parametrize(("naming", "weight"), [("kohya", -0.5), ("peft", 1.0), ("diffusers", 0.3)])
def test_the_weights_change_by_the_formula(model, tmp_path, naming, weight):
    path, modules, changes = saved_lora(tmp_path, model, naming, alpha=3.0)
    before = {name: value.clone() for name, value in model.network.state_dict().items()}
    words, sha256 = modules[WORDS].weight.clone(), model.sha256
    lora.add(model, str(path), weight)
    for name, after in model.network.state_dict().items():
        place = name.removesuffix(".weight")
        change = weight * changes[place] if place in changes else 0
        assert torch.allclose(after, before[name] + change, atol=1e-6), name
    assert torch.allclose(modules[WORDS].weight, words + weight * changes[WORDS], atol=1e-6)
    assert model.sha256 != sha256


def test_the_sum_tells_of_lora_and_weight(saved, tmp_path):
    sums = set()
    for weight in (0.5, 1.0):
        model = load(recognise(saved["sd file"]), "cpu")
        path, *_ = saved_lora(tmp_path, model, "kohya")
        lora.add(model, str(path), weight)
        sums.add(model.sha256)
    assert len(sums) == 2


def test_sdxl_under_the_authors_names(saved, tmp_path):
    """Every layer of the network, named as in the single file."""
    model = load(recognise(saved["sdxl"]), "cpu")
    names = model.network.state_dict()
    tensors, wanted = {}, {}
    for seed, (name, module) in enumerate(model.network.named_modules()):
        if isinstance(module, nn.Linear | nn.Conv2d) and "block" in name:
            key = kohya(tiny_models.unet_name(f"{name}.weight", names).removesuffix(".weight"))
            down, up, change = halves(module, seed)
            tensors |= {f"lora_unet_{key}.lora_down.weight": down, f"lora_unet_{key}.lora_up.weight": up}
            wanted[name] = module.weight + change
    save_file(tensors, tmp_path / "xl.safetensors")
    lora.add(model, str(tmp_path / "xl.safetensors"), 1.0)
    assert len(wanted) > 60
    for name, weight in wanted.items():
        assert torch.allclose(model.network.get_submodule(name).weight, weight, atol=1e-5), name


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        ({"a": (1,)}, "is no LoRA that Lacuna knows"),
        ({"lora_unet_nowhere.lora_down.weight": (2, 4)}, "made for another kind of model"),
        ({"unet.conv_in.lora_A.weight": (2, 9, 3, 3)}, "is not whole"),
        ({"unet.conv_in.lora_A.weight": (2, 5, 3, 3), "unet.conv_in.lora_B.weight": (32, 2, 1, 1)},
         "another shape"),
    ],
)  # fmt: skip
def test_what_is_none_or_does_not_fit(model, tmp_path, tensors, words):
    path = tmp_path / "lora.safetensors"
    save_file({name: torch.ones(shape) for name, shape in tensors.items()}, path)
    before = model.network.conv_in.weight.clone()
    with pytest.raises(WeightsWrong, match=words) as caught:
        lora.add(model, str(path), 1.0)
    assert "\n" not in str(caught.value)
    assert torch.equal(model.network.conv_in.weight, before)


def test_one_that_is_a_pickle_or_not_there(model, tmp_path):
    (tmp_path / "lora.pt").write_bytes(b"\x80")
    with pytest.raises(WeightsWrong, match="is a pickle"):
        lora.add(model, str(tmp_path / "lora.pt"), 1.0)
    with pytest.raises(EngineError, match='no model "nowhere"'):
        lora.add(model, "nowhere", 1.0)
