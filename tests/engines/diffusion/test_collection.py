"""Checkpoints of the user's own: taken in whole or not at all, checked, and taken out again."""

import json

import numpy as np
import pytest

from editor.jobs.adopting import adopt
from engines import records, safetensors_file, store
from engines.base import Cancelled, EngineError, Progress, WeightsWrong
from engines.diffusion import checkpoints, collection

FIRST = "model.diffusion_model.input_blocks.0.0.weight"


def single_file(path, channels=9, seed=0):
    """The header of an SD 1.5 model over a few numbers."""
    random = np.random.default_rng(seed)
    tensors = {
        FIRST: random.random((4, channels, 3, 3), np.float32),
        "cond_stage_model.transformer.text_model.final_layer_norm.weight": np.zeros(4, np.float32),
    }
    path.write_bytes(safetensors_file.write(tensors))
    return path


def diffusers_folder(path):
    """The layout of SD 1.5's inpainting model, with files that nobody reads."""
    index = {"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
    files = {
        "model_index.json": json.dumps(index),
        "unet/config.json": json.dumps({"in_channels": 9, "sample_size": 64}),
        "unet/diffusion_pytorch_model.safetensors": "weights",
        "vae/config.json": json.dumps({"block_out_channels": [1, 2, 3, 4]}),
        "vae/diffusion_pytorch_model.safetensors": "weights",
        "unet/diffusion_pytorch_model.bin": "a pickle",
        "model.safetensors": "the same in one file",
        ".cache/etag": "of whoever fetched it",
    }
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return path


@pytest.fixture(params=(single_file, diffusers_folder), ids=("file", "folder"))
def model(request, tmp_path):
    return request.param(tmp_path / "mine.safetensors")


def names_in(folder):
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_taken_in_found_checked_and_taken_out(model):
    seen = []
    assert adopt(model, Progress(seen.append)).name == "mine.safetensors"
    assert model.exists() and seen == sorted(seen) and seen[-1] == 1.0
    (found,) = checkpoints.installed()
    assert found.path == store.packs_folder() / "checkpoints" / "mine.safetensors" and found.inpaints
    assert collection.size(found.path) == collection.size(model)
    collection.verify(found, Progress())
    collection.remove(found)
    assert not checkpoints.installed()
    assert names_in(store.packs_folder()) == {"records.json", "sums.json"}
    assert json.loads((store.packs_folder() / "records.json").read_text()) == {"sha256": {}}


def test_what_nobody_reads_stays_behind(tmp_path):
    adopt(diffusers_folder(tmp_path / "mine"), Progress())
    assert names_in(checkpoints.own_folder()) == {
        "mine/model_index.json",
        "mine/unet/config.json",
        "mine/unet/diffusion_pytorch_model.safetensors",
        "mine/vae/config.json",
        "mine/vae/diffusion_pytorch_model.safetensors",
    }


def test_damage_shows(model):
    adopt(model, Progress())
    (found,) = checkpoints.installed()
    file = found.path if found.path.is_file() else found.path / "vae/diffusion_pytorch_model.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(WeightsWrong, match="damaged"):
        collection.verify(found, Progress())


def test_called_off_it_leaves_nothing(model):
    progress = Progress(lambda fraction: progress.cancel() if fraction else None)
    with pytest.raises(Cancelled):
        adopt(model, progress)
    assert not checkpoints.installed() and not names_in(store.packs_folder())


def test_a_name_is_taken_once(model, tmp_path):
    adopt(model, Progress())
    other = tmp_path / "other" / model.name
    other.parent.mkdir()
    single_file(other, seed=1)
    with pytest.raises(EngineError, match="Remove it there first"):
        adopt(other, Progress())
    (found,) = checkpoints.installed()
    assert adopt(found.path, Progress()).name == model.name  # what is in its place already is left there
    collection.verify(found, Progress())


def test_no_room_is_told_before_anything_is_copied(model, monkeypatch):
    monkeypatch.setattr(collection.shutil, "disk_usage", lambda _: type("", (), {"free": 1}))
    with pytest.raises(EngineError, match="not enough room"):
        adopt(model, Progress())
    assert not names_in(store.packs_folder())


def test_what_is_no_model_is_told(tmp_path):
    pickled = tmp_path / "model.ckpt"
    pickled.write_bytes(b"\x80\x04.")
    with pytest.raises(WeightsWrong, match="is a pickle"):
        adopt(pickled, Progress())
    text = tmp_path / "notes.txt"
    text.write_text("nothing")
    with pytest.raises(WeightsWrong, match="no model file that Lacuna knows"):
        adopt(text, Progress())
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(WeightsWrong, match="no whole diffusers folder"):
        adopt(empty, Progress())


def test_only_what_is_among_the_models_is_removed(model):
    with pytest.raises(EngineError, match="it stays"):
        collection.remove(checkpoints.recognise(model))
    assert model.exists()


def test_what_was_put_there_by_hand_counts_as_well():
    checkpoints.own_folder().mkdir(parents=True)
    path = single_file(checkpoints.own_folder() / "by hand.safetensors")
    (found,) = checkpoints.installed()
    collection.verify(found, Progress())
    assert not records.sha256(store.packs_folder(), "checkpoints/by hand.safetensors")
    collection.remove(found)
    assert not path.exists()


def test_it_is_found_by_its_name(model):
    adopt(model, Progress())
    assert checkpoints.locate(model.name) == checkpoints.own_folder() / model.name
