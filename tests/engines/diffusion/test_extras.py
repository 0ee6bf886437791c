"""LoRAs and ControlNets among the user's files: what each is, and with which model it goes."""

import json
from pathlib import Path

import numpy as np
import pytest

from engines import safetensors_file, store
from engines.base import WeightsWrong
from engines.diffusion import extras
from engines.diffusion.checkpoints import Checkpoint

ATTENTION = "down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
SD = Checkpoint(Path("m"), "file", "sd", 9, 512)
SD4 = Checkpoint(Path("m"), "file", "sd", 4, 512)
SDXL = Checkpoint(Path("m"), "file", "sdxl", 4, 1024)
FLUX = Checkpoint(Path("m"), "folder", "flux", 384, 1024)


def write(path, names):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        safetensors_file.write({name: np.zeros(shape, np.float16) for name, shape in names.items()})
    )
    return path


def lora(path, width, key=f"lora_unet_{ATTENTION}.lora_down.weight"):
    return write(path, {key: (4, width)})


@pytest.fixture
def packs(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path))
    return store.packs_folder()


@pytest.mark.parametrize(
    ("key", "width", "family"),
    [
        (f"lora_unet_{ATTENTION}.lora_down.weight", 768, "sd"),
        (f"lora_unet_{ATTENTION}.lora_down.weight", 2048, "sdxl"),
        ("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight", 2048, "sdxl"),
        ("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora.down.weight", 768, "sd"),
        ("transformer.transformer_blocks.0.attn.to_k.lora_A.weight", 3072, "flux"),
        ("lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", 3072, "flux"),
        ("lora_unet_mid_block_resnets_0_conv1.lora_down.weight", 1280, ""),
    ],
)
def test_a_lora_tells_the_family_that_it_was_made_for(tmp_path, key, width, family):
    found = extras.recognise(lora(tmp_path / "a.safetensors", width, key))
    assert (found.what, found.family, found.preset) == ("lora", family, None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("control_v11p_sd15_scribble", "scribble"),
        ("control_v11p_sd15_lineart", "lineart"),
        ("control_v11p_sd15_softedge", "softedge"),
        ("control_sd15_hed", "softedge"),
        ("control_v11p_sd15_inpaint", "inpaint"),
        ("control_v11p_sd15_canny", "lineart"),
        ("control_v11f1p_sd15_depth", ""),
        ("shed", ""),
    ],
)
def test_a_controlnet_is_known_by_its_tensors_and_what_it_follows_by_its_name(tmp_path, name, kind):
    tensors = {
        "control_model.input_hint_block.0.weight": (16, 3, 3, 3),
        "control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 768),
    }
    found = extras.recognise(write(tmp_path / f"{name}.safetensors", tensors))
    assert (found.what, found.family, found.kind, found.name) == ("control", "sd", kind, name)


def test_folders_of_diffusers_are_controlnets_too(tmp_path):
    folder = tmp_path / "controlnet-scribble-sdxl"
    folder.mkdir()
    told = {"_class_name": "ControlNetModel", "cross_attention_dim": 2048}
    (folder / "config.json").write_text(json.dumps(told))
    found = extras.recognise(folder)
    assert (found.what, found.family, found.kind) == ("control", "sdxl", "scribble")


def test_what_does_not_go_with_a_model_says_why(tmp_path):
    made = extras.recognise(lora(tmp_path / "a.safetensors", 768))
    assert made.refusal(SD) == ""
    assert made.refusal(SDXL) == "Made for Stable Diffusion 1.5; the model is Stable Diffusion XL."
    control = extras.Extra(tmp_path, "control", "sd", "inpaint")
    assert control.refusal(SD4) == ""
    assert control.refusal(SD) == "The model can fill without it."
    assert "FLUX" in control.refusal(FLUX)
    assert "does not say" in extras.Extra(tmp_path, "control", "sd").refusal(SD)


def test_all_of_the_users_folders_are_looked_through_once(packs, tmp_path):
    inside = [
        lora(packs / "loras" / "b.safetensors", 768),
        lora(packs / "checkpoints" / "C.safetensors", 768),
        lora(packs / "a.safetensors", 768),
    ]
    other = lora(tmp_path / "d.safetensors", 2048)
    (packs / "loras" / "broken.safetensors").write_bytes(b"no")
    write(packs / "model.safetensors", {"model.diffusion_model.input_blocks.0.0.weight": (320, 9, 3, 3)})
    found = extras.found([other, inside[0], tmp_path / "gone.safetensors"])
    assert [each.path for each in found] == [inside[2], inside[0], inside[1], other]


def test_a_few_step_lora_tells_its_preset_and_weight(tmp_path):
    made = extras.recognise(lora(tmp_path / "sdxl_lightning_4step_lora.safetensors", 2048))
    assert (made.preset, made.weight) == (("lightning", 4), 1.0)


@pytest.mark.parametrize("content", [b"", b"text", safetensors_file.write({"x": np.zeros(3, np.float32)})])
def test_anything_else_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "notes.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsWrong, match=r"notes\.safetensors") as caught:
        extras.recognise(path)
    assert "\n" not in str(caught.value)
