"""ControlNets from folders and files, and what they are shown."""

import numpy as np
import pytest

pytest.importorskip("diffusers")

import torch
from safetensors.torch import save_file

from engines.base import Box, Progress, Region, WeightsWrong
from engines.diffusion import controls
from engines.diffusion.checkpoints import recognise
from engines.diffusion.engine import DiffusionFill
from engines.diffusion.loading import load
from engines.diffusion.requests import FillRequest, Hint, Sampling
from tests.engines.diffusion import tiny_models

pytestmark = pytest.mark.usefixtures("one_thread", "no_network")


@pytest.fixture(scope="module")
def network(pipelines):
    return tiny_models.controlnet(pipelines["sd4"].unet)


@pytest.fixture(scope="module")
def files(network, tmp_path_factory):
    """The network as a folder, as a file of diffusers and under the authors' names."""
    root = tmp_path_factory.mktemp("controls")
    network.save_pretrained(root / "folder")
    save_file(network.state_dict(), root / "plain.safetensors")
    save_file(tiny_models.controlnet_names(network), root / "authors.safetensors")
    return root


@pytest.fixture(scope="module")
def models(saved):
    return {name: load(recognise(saved[name]), "cpu") for name in ("sd", "sd4", "sdxl")}


@pytest.mark.parametrize("name", ["folder", "plain.safetensors", "authors.safetensors"])
@pytest.mark.parametrize("model", ["sd", "sd4"])
def test_every_tensor_is_where_it_was(files, models, network, name, model):
    loaded, sha256 = controls.load(str(files / name), models[model])
    assert len(sha256) == 64
    found = loaded.state_dict()
    truth = network.state_dict()
    assert found.keys() == truth.keys()
    assert all(torch.equal(found[key], truth[key]) for key in truth)


def test_one_for_another_model_is_refused(files, models):
    with pytest.raises(WeightsWrong, match=r"for another kind of model|lacks|another shape"):
        controls.load(str(files / "folder"), models["sdxl"])
    with pytest.raises(WeightsWrong):
        controls.load(str(files / "authors.safetensors"), models["sdxl"])


def test_a_file_that_is_none(saved, models, tmp_path):
    save_file({"a": torch.zeros(1)}, tmp_path / "a.safetensors")
    with pytest.raises(WeightsWrong, match="is no ControlNet that Lacuna knows"):
        controls.load(str(tmp_path / "a.safetensors"), models["sd"])
    (tmp_path / "b.pth").write_bytes(b"\x80")
    with pytest.raises(WeightsWrong, match="is a pickle"):
        controls.load(str(tmp_path / "b.pth"), models["sd"])


def test_the_hole_is_told_as_minus_one(models):
    image = np.full((16, 16, 3), 0.25, np.float32)
    mask = np.zeros((16, 16), bool)
    mask[4:8, 2:9] = True
    shown = controls.blanked(image, mask, models["sd4"])
    assert shown.shape == (1, 3, 16, 16)
    assert (shown[:, :, 4:8, 2:9] == -1).all()
    assert (shown[0, 0].numpy()[~mask] == 0.25).all()


LINE = np.float32([(20.5, 10.5), (20.5, 100.5)])


@pytest.mark.parametrize(("kind", "width"), [("scribble", 8), ("lineart", 2), ("softedge", 3)])
def test_lines_are_white_on_black_as_wide_as_the_kind_is_used_to(models, kind, width):
    shown = controls.drawn([LINE], 512, kind, models["sd"])[0]
    assert torch.equal(shown[0], shown[1]) and torch.equal(shown[0], shown[2])
    row = shown[0, 50].numpy()
    assert row.max() > 0.95 and row[:5].max() == 0 and row[60:].max() == 0
    across = np.arange(512)
    assert abs((row * across).sum() / row.sum() - 20) < 0.6  # its middle, in pixels from the first's centre
    assert abs(row.sum() - width) < (3.5 if kind == "softedge" else 1.5)
    assert shown[0, 200:].max() == 0
    softness = np.count_nonzero((row > 0.02) & (row < 0.98))
    assert softness >= 4 if kind == "softedge" else softness <= 4
    assert controls.drawn([], 64, kind, models["sd"]).abs().sum() == 0


def request(saved, files, *hints, guides=(), name="sd4"):
    target = np.zeros((64, 64), np.float32)
    target[16:48, 16:48] = 1
    image = np.random.default_rng(0).random((64, 64, 3), np.float32)
    region = Region(Box(0, 0, 64, 64), image, target > 0, target, guides)
    hints = tuple(Hint(kind, str(files / where), scale) for kind, where, scale in hints)
    sampling = Sampling(prompt="a boat", steps=2, scheduler="ddim")
    return FillRequest("diffusion", str(saved[name]), "fill", (region,), sampling, hints=hints)


def test_what_is_shown_makes_a_difference(saved, files):
    engine = DiffusionFill("cpu")

    def made(*hints, guides=()):
        return engine.run(request(saved, files, *hints, guides=guides), Progress()).patches[0].rgb

    plain = made()
    scribble = ("scribble", "folder", 1.0)
    drawn = made(scribble, guides=(LINE / 2,))
    other = made(scribble, guides=(LINE / 2 + 15,))
    inpaint = made(("inpaint", "authors.safetensors", 1.0))
    two = made(("inpaint", "folder", 1.0), scribble, guides=(LINE / 2,))
    outcomes = [plain, drawn, other, inpaint, two]
    for index, one in enumerate(outcomes):
        assert not any(np.array_equal(one, another) for another in outcomes[:index])
    assert np.array_equal(made(("scribble", "folder", 0.0), guides=(LINE / 2,)), plain)
    asked = request(saved, files), request(saved, files, ("scribble", "folder", 1.0))
    assert len({engine.run(each, Progress()).weights_sha256 for each in asked}) == 2
