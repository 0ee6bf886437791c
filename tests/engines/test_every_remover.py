"""What holds for every engine that removes, whatever it is made of; those whose weights are not to be had
here have random ones, in their true containers, through the same loading path."""

import dataclasses

import installing
import numpy as np
import pytest

from engines import registry, store
from engines.base import Box, Progress, Region, RemoveRequest, WeightsMissing, WeightsWrong

# (engine, which of its forms)
ALL = [
    (entry.id, place)
    for entry in registry.ENGINES
    if entry.task == "remove"
    for place in range(len(entry.forms))
]
every = pytest.mark.parametrize(("engine_id", "place"), ALL)


@pytest.fixture(scope="session")
def made():
    """The content of every weight file that is not embedded, by its id."""
    pytest.importorskip("torch")
    pytest.importorskip("safetensors")
    pytest.importorskip("onnx")
    import random_weights

    network = random_weights.lama()
    return random_weights.zits() | {
        "lama-safetensors": random_weights.lama_tensors(network),
        "lama-torchscript": random_weights.lama_script(network),
        "lama-torchscript-simple": random_weights.lama_script(network),
        "lama-carve": random_weights.lama_onnx(network, 255, 512),
        "lama-dynamic": random_weights.lama_onnx(network, 1, None),
        "lama-opencv": random_weights.lama_onnx(network, 255, 512, mask_first=True),
    }


@pytest.fixture
def files(engine_id, place, tmp_path, monkeypatch, request):
    """The weight files of one form in a folder of their own; nothing else is there."""
    entry = registry.spec(engine_id)
    form = entry.forms[place]
    contents = {}
    for each in form:
        embedded = store.embedded_folder() / store.catalog()[each].file
        contents[each] = embedded.read_bytes() if embedded.exists() else request.getfixturevalue("made")[each]
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    if contents:
        installing.install(monkeypatch, tmp_path, contents)
    only = dataclasses.replace(entry, forms=(form,))
    monkeypatch.setattr(registry, "ENGINES", (only,))
    return [tmp_path / store.catalog()[each].file for each in form]


@pytest.fixture
def engine(files, engine_id):
    assert registry.lacks(registry.spec(engine_id)) == ""
    return registry.load(engine_id, "cpu")


def region_of(width, height, seed=0, target=None, guides=()):
    rng = np.random.default_rng(seed)
    coarse = rng.random((height // 8 + 1, width // 8 + 1, 3), dtype=np.float32)
    image = coarse.repeat(8, axis=0).repeat(8, axis=1)[:height, :width] * np.float32(0.5) + np.float32(0.2)
    hole = np.zeros((height, width), bool)
    hole[height // 3 : height * 2 // 3, width // 3 : width * 2 // 3] = True
    target = hole.astype(np.float32) if target is None else target(hole)
    return Region(Box(3, 5, width, height), image, hole, target, guides)


def run(engine, engine_id, *regions, seed=0, progress=None):
    return engine.run(RemoveRequest(engine_id, regions, seed), progress or Progress())


@every
def test_the_answer_is_a_picture_of_the_target_alone(engine, engine_id, place):
    """Range, shape, and that nothing but the target is claimed: also of a soft one, and of uneven sizes."""
    soft = region_of(203, 150, target=lambda hole: hole * np.float32(0.5))
    result = run(engine, engine_id, soft, region_of(64, 90, seed=1))
    assert result.engine == engine_id and result.device
    if registry.spec(engine_id).forms != ((),):
        assert len(result.weights_sha256) == 64
    for region, patch in zip((soft, region_of(64, 90, seed=1)), result.patches, strict=True):
        rows, columns = np.nonzero(region.target)
        assert (patch.box.x, patch.box.y) == (3 + columns.min(), 5 + rows.min())
        assert patch.rgb.shape == (*patch.alpha.shape, 3)
        assert patch.rgb.dtype == patch.alpha.dtype == np.float32
        assert np.isfinite(patch.rgb).all() and patch.rgb.min() >= 0 and patch.rgb.max() <= 1
        within = (
            slice(patch.box.y - 5, patch.box.y - 5 + patch.box.height),
            slice(patch.box.x - 3, patch.box.x - 3 + patch.box.width),
        )
        assert np.array_equal(patch.alpha, region.target[within])
        assert patch.alpha.sum() == region.target.sum()


@every
def test_what_the_hole_shows_is_not_looked_at_and_the_rest_is(engine, engine_id, place):
    """Polarity: with the mask the wrong way round, the first would change the fill and the second not."""
    region = region_of(512, 512)
    expected = run(engine, engine_id, region).patches[0].rgb
    other = np.where(region.hole[..., None], np.float32(1) - region.image, region.image)
    got = run(engine, engine_id, dataclasses.replace(region, image=other)).patches[0].rgb
    assert np.abs(got - expected).max() < 1e-6
    other = np.where(region.hole[..., None], region.image, np.float32(1) - region.image)
    got = run(engine, engine_id, dataclasses.replace(region, image=other)).patches[0].rgb
    assert np.abs(got - expected).mean() > 0.003


@every
def test_the_same_request_gives_the_same_fill_and_is_not_written_to(engine, engine_id, place):
    region = region_of(140, 120)
    kept = [each.copy() for each in (region.image, region.hole, region.target)]
    first = run(engine, engine_id, region, seed=3).patches[0].rgb
    again = run(registry.load(engine_id, "cpu"), engine_id, region, seed=3).patches[0].rgb
    assert first.tobytes() == again.tobytes()
    for before, now in zip(kept, (region.image, region.hole, region.target), strict=True):
        assert np.array_equal(before, now)


@every
def test_another_seed_is_another_fill(engine, engine_id, place):
    region = region_of(140, 120)
    fills = [run(engine, engine_id, region, seed=seed).patches[0].rgb for seed in (0, 1)]
    assert np.abs(fills[0] - fills[1]).max() > 1e-4


@every
def test_a_damaged_or_missing_file_is_told(files, engine_id, place):
    """By its name, or by the model to install."""
    if not files:
        pytest.skip("needs no file")
    (form,) = registry.spec(engine_id).forms
    for path, weights_id in zip(files, form, strict=True):
        content = path.read_bytes()
        path.write_bytes(content[:-5])
        lacking = registry.lacks(registry.spec(engine_id))
        assert path.name in lacking or f"install {weights_id}" in lacking
        with pytest.raises(WeightsWrong):
            registry.load(engine_id, "cpu")
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(WeightsWrong):
            registry.load(engine_id, "cpu")
        path.unlink()
        with pytest.raises(WeightsMissing) as caught:
            registry.load(engine_id, "cpu")
        told = str(caught.value)
        assert (path.name in told or f"install {weights_id}" in told) and "\n" not in told
        path.write_bytes(content)


@every
def test_progress_runs_from_0_to_1(engine, engine_id, place):
    told = []
    run(engine, engine_id, region_of(64, 64), region_of(72, 64), progress=Progress(told.append))
    assert told[0] == 0 and told[-1] == 1
    assert told == sorted(told)
