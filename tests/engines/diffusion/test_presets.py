"""Few-step presets: told by what a model or LoRA is called, and what sampling each makes."""

import numpy as np
import pytest

from engines import safetensors_file
from engines.base import EngineError
from engines.diffusion import presets
from engines.diffusion.requests import SCHEDULERS, SPACINGS, Sampling


def test_every_preset_is_one_that_can_be_run():
    for name, preset in presets.PRESETS.items():
        assert preset.scheduler in SCHEDULERS and preset.spacing in SPACINGS, name
        assert 1 <= preset.steps <= 16 and preset.title and preset.families, name


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("sdxl_lightning_4step_lora.safetensors", ("lightning", 4)),
        ("sdxl_lightning_8step.safetensors", ("lightning", 8)),
        ("dreamshaperXL_lightningInpaint.safetensors", ("lightning", 0)),
        ("Hyper-SDXL-8steps-lora.safetensors", ("hyper", 8)),
        ("Hyper-SD15-2steps-lora.safetensors", ("hyper", 2)),
        ("Hyper-SDXL-12steps-CFG-lora.safetensors", ("hyper-cfg", 12)),
        ("Hyper-FLUX.1-dev-8steps-lora.safetensors", ("hyper-flux", 8)),
        ("LCM_Dreamshaper_v7.safetensors", ("lcm", 0)),
        ("lcm-lora-sdv1-5/pytorch_lora_weights.safetensors", ("lcm", 0)),
        ("calcmath.safetensors", None),
        ("sd15-inpainting.safetensors", None),
    ],
)
def test_it_is_told_by_the_name(tmp_path, file, wanted):
    assert presets.recognised(tmp_path / file) == wanted


def test_it_is_told_by_the_title_within(tmp_path):
    content = safetensors_file.write({"a": np.zeros(1, np.float32)})
    length = int.from_bytes(content[:8], "little")
    told = b'{"__metadata__":{"ss_output_name":"my-LCM-8steps"},' + content[9 : 8 + length].rstrip()
    path = tmp_path / "renamed.safetensors"
    path.write_bytes(len(told).to_bytes(8, "little") + told + content[8 + length :])
    assert presets.recognised(path) == ("lcm", 8)
    path.write_bytes(b"junk")
    assert presets.recognised(path) is None


def test_it_leaves_the_words_and_the_seed():
    begun = Sampling(prompt="a boat", negative="grey", strength=0.7, seed=3)
    made = presets.sampling_of("lightning", begun, 2)
    assert (made.steps, made.guidance, made.scheduler, made.spacing) == (2, 1.0, "euler", "trailing")
    assert (made.prompt, made.negative, made.strength, made.seed) == ("a boat", "grey", 0.7, 3)


def test_a_spacing_that_is_none():
    pytest.importorskip("diffusers")
    from engines.diffusion.schedules import Schedule

    with pytest.raises(EngineError, match=r'no spacing "sideways". Choose one of: leading'):
        Schedule("euler", {}, 4, 1.0, "cpu", spacing="sideways")
