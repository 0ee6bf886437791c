"""The memory that a checkpoint will take: by its numbers, not by its files' sizes."""

import pytest

pytest.importorskip("diffusers")

from engines.diffusion import needs
from engines.diffusion.checkpoints import recognise
from engines.diffusion.loading import load

pytestmark = pytest.mark.usefixtures("one_thread", "no_network")


def numbers(*networks):
    return sum(value.numel() for network in networks for value in network.state_dict().values())


@pytest.mark.parametrize("name", ["sd", "sd file", "flux2"])
def test_it_is_told_for_a_card_and_for_the_processor(saved, pipelines, name):
    pipeline = pipelines[name.split()[0]]
    parts = [getattr(pipeline, each, None) for each in ("unet", "transformer", "vae", "text_encoder")]
    count = numbers(*(each for each in parts if each is not None))
    if name == "flux2":
        count -= pipeline.text_encoder.lm_head.weight.numel()  # it is that of the words' own
    found = needs.memory(recognise(saved[name]))
    beside = needs._WORKING
    assert abs(found.half - beside - 2 * count) < 0.01 * count
    assert found.exact - beside == 2 * (found.half - beside)
    words = {"sd": pipeline.text_encoder, "flux2": getattr(pipeline.text_encoder, "model", None)}.get(name)
    words = numbers(words) if words is not None else 0  # a single file does not tell its parts
    assert abs(found.half - found.apart - 2 * words) < 0.01 * count


def test_what_is_loaded_is_no_more(saved):
    model = load(recognise(saved["flux2"]), "cpu")
    held = 4 * numbers(model.network, model.vae, *model.text_encoders)
    assert 0.8 * held < needs.memory(recognise(saved["flux2"])).exact - needs._WORKING < 1.2 * held


def test_a_part_that_is_there_twice_counts_once(pipelines, saved, tmp_path):
    pipelines["sd"].save_pretrained(tmp_path / "both", variant="fp16")
    marked = needs.memory(recognise(tmp_path / "both"))
    pipelines["sd"].save_pretrained(tmp_path / "both")
    assert needs.memory(recognise(tmp_path / "both")) == marked == needs.memory(recognise(saved["sd"]))


def test_a_damaged_part_does_not_keep_the_list_from_being_shown(pipelines, tmp_path):
    pipelines["flux2"].save_pretrained(tmp_path / "model")
    whole = needs.memory(recognise(tmp_path / "model"))
    (tmp_path / "model" / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b"junk")
    assert needs._WORKING < needs.memory(recognise(tmp_path / "model")).half < whole.half
