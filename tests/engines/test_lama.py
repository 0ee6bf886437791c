"""LaMa in each of its containers, with random weights: what the network computes is what comes out."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

import installing  # noqa: E402
import random_weights  # noqa: E402

from engines import store  # noqa: E402
from engines.base import Cancelled, EngineError, Progress, WeightsMissing, WeightsWrong  # noqa: E402
from engines.removal import lama_refined  # noqa: E402
from engines.removal.lama import Lama, batch_of  # noqa: E402
from engines.removal.lama_refined import RefinedLama  # noqa: E402
from engines.removal.networks import lama  # noqa: E402


@pytest.fixture(scope="module")
def network():
    return random_weights.lama()


@pytest.fixture(scope="module")
def containers(network):
    return {
        "lama-safetensors": random_weights.lama_tensors(network),
        "lama-torchscript": random_weights.lama_script(network),
        "lama-torchscript-simple": random_weights.lama_script(network),
        "lama-carve": random_weights.lama_onnx(network, 255, 512),
        "lama-dynamic": random_weights.lama_onnx(network, 1, None),
        "lama-opencv": random_weights.lama_onnx(network, 255, 512, mask_first=True),
    }


def picture(height, width):
    rng = np.random.default_rng(height + width)
    known = np.ones((height, width), bool)
    known[height // 4 : height // 2, width // 3 : width // 2] = False
    return rng.random((height, width, 3), dtype=np.float32), known


FORMS = (
    "lama-safetensors",
    "lama-torchscript",
    "lama-torchscript-simple",
    "lama-carve",
    "lama-dynamic",
    "lama-opencv",
)


@pytest.mark.parametrize("form", FORMS)
def test_each_container_gives_what_the_network_computes(form, network, containers, tmp_path, monkeypatch):
    """Polarity of the mask, order and range of the colours: any of them wrong and this is far off."""
    installing.install(monkeypatch, tmp_path, {form: containers[form]})
    engine = Lama("cpu", form)
    image, known = picture(512, 512)
    expected = random_weights.answer(network, image, known)
    inverted = random_weights.answer(network, image, ~known)
    got = engine._fill(image, known, Progress())
    assert got.shape == image.shape
    assert np.abs(got - expected)[~known].max() < 2e-3
    assert np.abs(got - inverted)[~known].mean() > 0.02
    other = np.where(known[..., None], image, np.float32(0.9))
    assert np.array_equal(engine._fill(other, known, Progress()), got)


@pytest.mark.parametrize("form", ["lama-safetensors", "lama-torchscript", "lama-dynamic"])
@pytest.mark.parametrize(("height", "width"), [(128, 64), (61, 130)])
def test_any_size_is_mirrored_on_to_a_multiple_of_8(
    form, height, width, network, containers, tmp_path, monkeypatch
):
    installing.install(monkeypatch, tmp_path, {form: containers[form]})
    image, known = picture(height, width)
    sides = ((0, -height % 8), (0, -width % 8))
    padded = np.pad(image, (*sides, (0, 0)), mode="symmetric")
    expected = random_weights.answer(network, padded, np.pad(known, sides, mode="symmetric"))
    got = Lama("cpu", form)._fill(image, known, Progress())
    assert got.shape == image.shape
    assert np.abs(got - expected[:height, :width])[~known].max() < 2e-3


def test_the_batch_is_blank_in_the_hole():
    image, known = picture(20, 30)
    rgb, hole = batch_of(image, known)
    assert rgb.shape == (1, 3, 24, 32) and hole.shape == (1, 1, 24, 32)
    assert np.array_equal(hole[0, 0, :20, :30], ~known)
    assert np.all(rgb[0, :, :20, :30][:, ~known] == 0)
    assert np.array_equal(rgb[0, :, :20, :30][:, known], image.transpose(2, 0, 1)[:, known])


def test_the_true_architecture_has_51_million_parameters():
    with torch.device("meta"):
        count = sum(each.numel() for each in lama.LaMa().parameters())
    assert count == 50_975_875


# --- weights that are not these ---


def test_a_changed_program_is_not_run(containers, tmp_path, monkeypatch):
    form = "lama-torchscript"
    installing.install(monkeypatch, tmp_path, {form: containers[form]})
    path = tmp_path / store.catalog()[form].file
    path.write_bytes(containers[form][:-1] + b"x")
    with pytest.raises(WeightsWrong, match="damaged or was changed"):
        Lama("cpu", form)
    path.write_bytes(containers[form][:-100])
    with pytest.raises(WeightsWrong, match="damaged or was changed"):
        Lama("cpu", form)
    path.unlink()
    with pytest.raises(WeightsMissing, match="models install lama-torchscript"):
        Lama("cpu", form)


def test_a_program_that_the_catalogue_does_not_know_is_not_run(containers, tmp_path, monkeypatch):
    installing.install(
        monkeypatch, tmp_path, {"lama-torchscript": containers["lama-torchscript"]}, pinned=False
    )
    with pytest.raises(WeightsWrong, match="not the published one"):
        Lama("cpu", "lama-torchscript")


def tensors_without(key):
    state = random_weights.lama().state_dict()
    return random_weights.safetensors.torch.save(
        {name: value.contiguous() for name, value in state.items() if name != key}
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"not tensors at all", "it is no safetensors file"),
        (lambda: random_weights.lama_tensors(random_weights.lama())[:-50], "it is no safetensors file"),
        (lambda: random_weights.safetensors.torch.save({"a": torch.zeros(2)}), "it is not of LaMa"),
        (lambda: tensors_without("model.5.conv1.ffc.convg2g.fu.conv_layer.weight"), "not of this LaMa"),
    ],
)
@pytest.mark.parametrize("engine", [Lama, RefinedLama])
def test_tensors_of_something_else(engine, content, words, tmp_path, monkeypatch):
    installing.install(monkeypatch, tmp_path, {"lama-safetensors": content()}, pinned=False)
    with pytest.raises(WeightsWrong, match=words) as caught:
        engine("cpu", "lama-safetensors")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("form", "junk"), [("lama-dynamic", b"junk"), ("lama-torchscript", b"junk")])
def test_what_is_no_network_at_all(form, junk, tmp_path, monkeypatch):
    installing.install(monkeypatch, tmp_path, {form: junk})
    with pytest.raises(EngineError) as caught:
        Lama("cpu", form)
    assert "\n" not in str(caught.value)


def test_an_onnx_network_of_other_inputs(tmp_path, monkeypatch):
    other = (store.embedded_folder() / "migan-512.onnx").read_bytes()
    installing.install(monkeypatch, tmp_path, {"lama-dynamic": other}, pinned=False)
    with pytest.raises(WeightsWrong, match="does not take a picture and a mask"):
        Lama("cpu", "lama-dynamic")


def test_a_device_that_is_not_there(containers, tmp_path, monkeypatch):
    installing.install(
        monkeypatch, tmp_path, {"lama-safetensors": containers["lama-safetensors"]}, pinned=False
    )
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(EngineError, match="offers no"):
        Lama("cuda", "lama-safetensors")


# --- refinement ---


def wide(side):
    """A picture with a hole that is there at half the size too, its rim taken off."""
    image, known = picture(side, side)
    known[side // 5 : side * 4 // 5, side // 5 : side * 4 // 5] = False
    return image, known


def batch_at(side):
    return [torch.from_numpy(each) for each in batch_of(*wide(side))]


def test_refining_brings_the_fill_to_the_smaller_one(network):
    rgb, hole = batch_at(128)
    smaller = torch.full((1, 3, 64, 64), 0.25)

    def off(filled):
        small = lama_refined._halved(filled, (64, 64))
        return float(lama_refined._mean((small - smaller).abs(), lama_refined._inner(hole, (64, 64))))

    with torch.no_grad():
        first = network(torch.cat([rgb * (1 - hole), hole], dim=1))
        none = lama_refined.refine(network, rgb, hole, smaller, (128, 128), Progress(), iterations=0)
        refined = lama_refined.refine(network, rgb, hole, smaller, (128, 128), Progress(), iterations=15)
    assert torch.equal(first, none)
    assert lama_refined._inner(hole, (64, 64)).sum() > 20
    assert off(refined) < 0.98 * off(first)
    assert all(each.grad is None for each in network.parameters())


def test_a_refining_is_called_off(network):
    rgb, hole = batch_at(64)
    progress = Progress()
    progress.cancel()
    with torch.no_grad(), pytest.raises(Cancelled):
        lama_refined.refine(network, rgb, hole, rgb[..., ::2, ::2], (64, 64), progress)


def test_the_refined_engine_begins_small(network, containers, tmp_path, monkeypatch):
    monkeypatch.setattr(lama_refined, "NATIVE", 64)
    installing.install(
        monkeypatch, tmp_path, {"lama-safetensors": containers["lama-safetensors"]}, pinned=False
    )
    engine = RefinedLama("cpu", "lama-safetensors")
    image, known = wide(136)
    got = engine._fill(image, known, Progress())
    assert got.shape == image.shape
    plain = random_weights.answer(network, image, known)
    small, small_known = lama_refined._pyramid(image, known)[0]
    assert small.shape == (68, 68, 3)  # not a multiple of 8
    sides = ((0, 4), (0, 4))
    padded = np.pad(small, (*sides, (0, 0)), mode="symmetric")
    target = random_weights.answer(network, padded, np.pad(small_known, sides, mode="symmetric"))[:68, :68]
    target = np.where(small_known[..., None], small, target)
    inner = lama_refined._inner(torch.from_numpy((~known).astype(np.float32))[None, None], (68, 68))[0, 0] > 0

    def off(filled):
        small = lama_refined._halved(torch.from_numpy(filled).permute(2, 0, 1)[None], (68, 68))
        return np.abs(small[0].permute(1, 2, 0).numpy() - target)[inner.numpy()].mean()

    assert inner.any()
    assert off(got) < off(np.where(known[..., None], image, plain))
