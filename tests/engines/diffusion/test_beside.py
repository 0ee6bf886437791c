"""What goes with models is taken in by what it is, kept apart, checked, and taken out again."""

import json
import os

import pytest

from editor.jobs.adopting import adopt
from engines import records, store
from engines.base import EngineError, Progress, WeightsMissing, WeightsWrong
from engines.diffusion import checkpoints, collection, extras, parts
from tests.engines.diffusion import beside

KINDS = {
    "a.safetensors": (beside.lora, "loras", "a LoRA for SD 1.5"),
    "b.safetensors": (lambda path: beside.lora(path, 2048), "loras", "a LoRA for SDXL"),
    "c.safetensors": (lambda path: beside.lora(path, 1024), "loras", "a LoRA"),
    "scribble.safetensors": (beside.controlnet, "controlnets", "a ControlNet for SD 1.5"),
    "clip_l.safetensors": (beside.clip, "parts", "the text encoder CLIP-L"),
    "t5xxl.safetensors": (beside.t5, "parts", "the text encoder T5-XXL"),
    "t5xxl.gguf": (beside.t5_gguf, "parts", "the text encoder T5-XXL"),
    "ae.safetensors": (beside.autoencoder, "parts", "FLUX's autoencoder"),
    "spiece.model": (beside.spiece, "parts", "T5's tokenizer"),
}


@pytest.fixture(params=KINDS)
def given(request, tmp_path):
    """A file, the folder that it belongs in, and what it is."""
    make, folder, what = KINDS[request.param]
    return make(tmp_path / request.param), store.packs_folder() / folder, what


def control_folder(path):
    beside.controlnet(path / "diffusion_pytorch_model.safetensors")
    config = {"_class_name": "ControlNetModel", "cross_attention_dim": 768}
    (path / "config.json").write_text(json.dumps(config))
    (path / "diffusion_pytorch_model.bin").write_text("a pickle")
    return path


def test_taken_in_listed_checked_and_taken_out(given):
    path, folder, what = given
    found = adopt(path, Progress())
    assert (found.name, found.path, found.what, found.lacking) == (path.name, folder / path.name, what, "")
    assert path.exists() and found.path.read_bytes() == path.read_bytes()
    (own,) = collection.installed()
    assert own.path == found.path and not checkpoints.installed()
    collection.verify(own, Progress())
    collection.remove(own)
    assert not collection.installed() and not found.path.exists() and path.exists()
    assert not records.sha256(store.packs_folder(), f"{folder.name}/{path.name}")


def test_damage_shows(given):
    path, _, _ = given
    found = adopt(path, Progress())
    (own,) = collection.installed()
    content = found.path.read_bytes()
    found.path.write_bytes(content[:-1] + bytes([content[-1] ^ 2]))
    with pytest.raises(WeightsWrong, match="damaged"):
        collection.verify(own, Progress())
    found.path.unlink()
    with pytest.raises(WeightsMissing, match="no longer there"):
        collection.verify(own, Progress())


def test_a_name_is_taken_once(given, tmp_path):
    path, folder, _ = given
    kept = adopt(path, Progress()).path.read_bytes()
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / path.name
    other.write_bytes(path.read_bytes())
    with pytest.raises(EngineError, match="Remove it there first"):
        adopt(other, Progress())
    assert (folder / path.name).read_bytes() == kept
    assert adopt(folder / path.name, Progress()).name == path.name  # what is in its place is left there
    assert len(collection.installed()) == 1


def test_what_lies_where_it_is_looked_for_is_left_there():
    path = beside.lora(checkpoints.own_folder() / "by hand.safetensors")
    assert adopt(path, Progress()).path == path
    assert [each.path for each in collection.installed()] == [path]
    collection.remove(collection.installed()[0])
    assert not path.exists()


def test_only_what_is_among_the_models_is_removed(given):
    path, _, _ = given
    with pytest.raises(EngineError, match="it stays"):
        collection.remove(collection.recognise(path))
    assert path.exists()


def test_a_controlnet_as_a_folder(tmp_path):
    found = adopt(control_folder(tmp_path / "control_v11p_sd15_lineart"), Progress())
    assert found.what == "a ControlNet for SD 1.5"
    assert found.path == store.packs_folder() / "controlnets" / "control_v11p_sd15_lineart"
    names = {each.name for each in found.path.iterdir()}
    assert names == {"config.json", "diffusion_pytorch_model.safetensors"}  # its weights, without the pickle
    (own,) = extras.found()
    assert own.kind == "lineart"
    collection.verify(own, Progress())
    collection.remove(own)
    assert not found.path.exists()


def test_a_controlnet_of_pickles_only_is_refused(tmp_path):
    folder = control_folder(tmp_path / "control")
    (folder / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(WeightsWrong, match="a ControlNet without its"):
        adopt(folder, Progress())
    assert not store.packs_folder().exists()


def test_what_diffusers_calls_every_file_gets_its_folders_name(tmp_path):
    for name, make, called in (
        (
            "sd-lineart/diffusion_pytorch_model.fp16.safetensors",
            beside.controlnet,
            "sd-lineart.fp16.safetensors",
        ),
        ("style/pytorch_lora_weights.safetensors", beside.lora, "style.safetensors"),
        ("text_encoder/model.safetensors", beside.clip, "text_encoder.safetensors"),
    ):
        assert adopt(make(tmp_path / name), Progress()).name == called
    assert {each.kind for each in extras.found() if each.what == "control"} == {"lineart"}


@pytest.mark.parametrize(
    ("name", "make", "called"),
    [
        ("t5", beside.t5_gguf, "t5.gguf"),
        ("t5.safetensors", beside.t5_gguf, "t5.gguf"),
        ("LORA.SAFETENSORS", beside.lora, "LORA.safetensors"),
    ],
)
def test_a_file_is_found_whatever_its_name_ended_with(tmp_path, name, make, called):
    assert adopt(make(tmp_path / name), Progress()).name == called
    assert [each.path.name for each in collection.installed()] == [called]


def test_what_a_transformer_alone_needs_is_told_until_it_is_there(tmp_path):
    found = adopt(beside.flux(tmp_path / "fill.gguf"), Progress())
    assert found.path == checkpoints.own_folder() / "fill.gguf" and not found.what
    for title in parts.TITLES.values():
        assert title in found.lacking
    assert "models import FILE" in found.lacking
    (model,) = checkpoints.installed()
    for make, name in ((beside.clip, "c.safetensors"), (beside.t5, "t.safetensors")):
        adopt(make(tmp_path / name), Progress())
    assert "T5-XXL" not in collection.lacking(model) and "autoencoder" in collection.lacking(model)
    adopt(beside.autoencoder(tmp_path / "ae.safetensors"), Progress())
    adopt(beside.spiece(tmp_path / "spiece.model"), Progress())
    assert collection.lacking(model) == ""


def test_what_was_taken_in_is_found_by_its_name(tmp_path):
    for make, name in ((beside.lora, "style.safetensors"), (beside.controlnet, "lineart.safetensors")):
        assert adopt(make(tmp_path / name), Progress()).path == checkpoints.locate(name)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder_is_not_followed_when_it_is_removed(tmp_path):
    elsewhere = beside.lora(tmp_path / "elsewhere.safetensors")
    link = store.packs_folder() / "loras" / "link.safetensors"
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    collection.remove(collection.recognise(link))
    assert elsewhere.exists() and not link.is_symlink()
