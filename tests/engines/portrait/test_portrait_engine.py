"""The portrait engine, on tiny networks of random numbers, loaded by the path of the real ones."""

import hashlib
import pickle

import numpy as np
import pytest

from engines import lpips_file, safetensors_file, store
from engines.base import Box, Cancelled, EngineError, Progress, WeightsMissing, WeightsWrong
from engines.portrait import alignment
from engines.portrait.requests import Inversion, PortraitRequest
from tests.engines.installing import install

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from engines.portrait import edit, engine, inversion, judging  # noqa: E402
from engines.portrait.networks.differentiable import Differentiable  # noqa: E402
from engines.portrait.networks.lpips import Lpips  # noqa: E402
from tests.engines.portrait import tiny_weights  # noqa: E402

SIDE = 64  # of a face that is judged: a quarter of the tiny generator's 256


@pytest.fixture(scope="module")
def files():
    return tiny_weights.files()


@pytest.fixture
def portrait(files, tmp_path, monkeypatch):
    install(monkeypatch, tmp_path, files)
    monkeypatch.setattr(engine, "_quickest", lambda device: torch.float32)
    return engine.Portrait("cpu")


def photograph(height=200, width=220, seed=0):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / 30
    base = np.stack([0.5 + 0.3 * np.sin(x * (1 + k / 3) + k) * np.cos(y) for k in range(3)], axis=-1)
    return np.clip(base + random.normal(0, 0.02, base.shape), 0, 1).astype(np.float32)


SQUARE = np.array([[40, 30], [170, 30], [170, 160], [40, 160]], np.float64)


def asked(square=SQUARE, zone=None, **more):
    image = photograph()
    height, width = image.shape[:2]
    zone = np.ones((height, width), np.float32) if zone is None else zone
    more = {"inversion_steps": 3, "steps": 6} | more
    return PortraitRequest("portrait", Box(0, 0, width, height), image, square, zone, **more)


def generated(portrait, seed):
    """A photograph that is a face of the generator, and the coordinates of that."""
    tools = portrait._tools
    random = torch.Generator().manual_seed(seed)
    coordinates = torch.randn(len(tools.generator.inputs), tools.generator.width, generator=random)
    with torch.no_grad():
        face = tools.seen(coordinates)
    return face, coordinates


def test_an_inversion_comes_nearer_to_the_face(portrait):
    tools = portrait._tools
    face, _ = generated(portrait, 1)
    target = judging.target_of(tools, face, torch.ones(1, 1, SIDE, SIDE))
    start = inversion.mean(tools)
    seen = []
    found = inversion.invert(tools, target, start, 30, lambda step, at: seen.append(step))
    assert seen == list(range(1, 31))
    with torch.no_grad():
        before, after = (float(judging.pixels(tools.seen(each), target)) for each in (start, found))
    assert after < 0.5 * before


def test_tuning_comes_nearer_still_and_leaves_the_generator_as_it_was(portrait):
    tools = portrait._tools
    request = asked()
    face = alignment.cut(request.image, SQUARE, SIDE)
    face = torch.from_numpy(face.transpose(2, 0, 1).copy())[None]
    target = judging.target_of(tools, face, torch.ones(1, 1, SIDE, SIDE))
    pivot = inversion.invert(tools, target, inversion.mean(tools), 5, lambda *_: None)
    kept = {name: each.clone() for name, each in tools.generator.weights.items()}
    with torch.no_grad():
        before = float(judging.looks(tools, tools.seen(pivot), target))
    tuned = inversion.tune(tools, target, pivot, 30, lambda *_: None)
    assert set(tuned) == set(inversion.tunable(tools))
    assert all(torch.equal(kept[name], each) for name, each in tools.generator.weights.items())
    engine.use(tools.quick, tuned)
    with torch.no_grad():
        assert float(judging.looks(tools, tools.seen(pivot), target)) < before


def test_without_a_sketch_the_face_is_only_inverted(portrait):
    result = portrait.run(asked(tuning_steps=2), Progress())
    assert result.patch is None
    assert result.latent.shape == (17, 16) and np.array_equal(result.latent, result.inversion.latent)
    assert result.face.shape[0] in (128, 256) and result.face.min() >= 0 and result.face.max() <= 1
    assert result.sketch.shape == (512, 512)
    assert set(result.inversion.tuned) == set(inversion.tunable(portrait._tools))
    assert -1 <= result.identity <= 1
    assert (result.engine, result.device) == ("portrait", "cpu")


def wanted(result, seed=0):
    """A sketch with a bar across, and where it is."""
    touched = np.zeros(result.sketch.shape, bool)
    touched[230:270, 150:350] = True
    drawing = result.sketch.copy()
    drawing[touched] = 1
    drawing[245:255, 150:350] = 0
    return drawing, touched


def test_an_edit_follows_the_sketch_inside_the_zone_and_nowhere_else(portrait):
    first = portrait.run(asked(), Progress())
    drawing, touched = wanted(first)
    zone = np.zeros((200, 220), np.float32)
    zone[60:130, 60:150] = 0.7
    shown, told = [], []
    request = asked(zone=zone, start=first.inversion, sketch=drawing, touched=touched, steps=24)
    result = portrait.run(request, Progress(report=told.append, show=shown.append))
    assert len(shown) == 6 and all(each.rgb.shape == request.image.shape for each in shown)
    assert told == sorted(told) and told[-1] == 1
    assert result.patch.box == request.box
    assert (result.patch.alpha[zone == 0] == 0).all() and result.patch.alpha.max() <= 0.7
    assert (result.patch.alpha[70:120, 70:140] > 0.5).all()
    tools = portrait._tools
    wished = edit.wish(drawing, touched, SIDE, "cpu")
    with torch.no_grad():
        error = [
            float(edit.obedience(tools.seen(tools.space.coordinates(torch.from_numpy(each))), wished, 20.0))
            for each in (first.latent, result.latent)
        ]
    assert error[1] < error[0]
    # What makes colour only stays as it was.
    assert np.abs(result.latent[-9:] - first.latent[-9:]).max() < 1e-4
    assert np.abs(result.latent[:-9] - first.latent[:-9]).max() > 1e-2


def test_an_edit_goes_on_from_the_one_before(portrait):
    first = portrait.run(asked(), Progress())
    drawing, touched = wanted(first)
    more = {"start": first.inversion, "sketch": drawing, "touched": touched}
    once = portrait.run(asked(steps=20, **more), Progress())
    again = portrait.run(asked(steps=1, before=once.latent, **more), Progress())
    afresh = portrait.run(asked(steps=1, **more), Progress())
    far = [np.abs(each.latent - first.latent).mean() for each in (again, afresh)]
    near = [np.abs(each.latent - once.latent).mean() for each in (again, afresh)]
    assert near[0] < near[1] and far[0] > 1.5 * far[1]


class Guesses:
    """In the place of the encoder: guesses what it was told."""

    def __init__(self, latent):
        self.latent, self.seen = latent, []

    def guess(self, face):
        self.seen.append(face)
        return self.latent


def test_an_inversion_begins_where_the_encoder_guesses(portrait):
    _, coordinates = generated(portrait, 2)
    latent = portrait._tools.space.styles(coordinates).numpy()
    portrait._encoder = Guesses(latent)
    request = asked(inversion_steps=1)
    found = portrait.run(request, Progress()).inversion.latent
    portrait._encoder = None
    portrait._last = None
    other = portrait.run(request, Progress()).inversion.latent
    assert np.abs(found - latent).mean() < 0.2 * np.abs(other - latent).mean()


def test_the_encoder_sees_the_aligned_face(portrait):
    portrait._encoder = Guesses(np.zeros((17, 16), np.float32))
    request = asked(inversion_steps=1)
    portrait.run(request, Progress())
    truth = alignment.cut(request.image, SQUARE, SIDE)
    np.testing.assert_allclose(portrait._encoder.seen[0], truth, atol=1e-6)


def test_a_face_is_inverted_once(portrait):
    told = []
    first = portrait.run(asked(inversion_steps=5), Progress(report=told.append))
    again = []
    second = portrait.run(asked(inversion_steps=5), Progress(report=again.append))
    assert len(told) > 5 and len(again) < 4
    assert second.inversion is first.inversion
    other = portrait.run(asked(square=SQUARE + 3, inversion_steps=5), Progress())
    assert other.inversion is not first.inversion


def test_the_same_request_gives_the_same_answer(portrait):
    first = portrait.run(asked(), Progress())
    drawing, touched = wanted(first)
    request = asked(start=first.inversion, sketch=drawing, touched=touched)
    one, two = (portrait.run(request, Progress()) for _ in range(2))
    assert np.array_equal(one.patch.rgb, two.patch.rgb)


def test_it_stops_between_two_steps(portrait):
    progress = Progress()
    count = []

    def report(fraction):
        count.append(fraction)
        if len(count) == 3:
            progress.cancel()

    progress.report = report
    with pytest.raises(Cancelled):
        portrait.run(asked(inversion_steps=100), progress)
    assert len(count) == 3
    portrait.run(asked(inversion_steps=1), Progress())


def test_tuned_weights_hold_for_their_run_only(portrait):
    plain = portrait.run(asked(), Progress())
    name = inversion.tunable(portrait._tools)[0]
    array = portrait._tools.generator.weights[name].numpy() * 1.5
    start = Inversion(plain.latent, {name: array})
    tuned = portrait.run(asked(start=start), Progress())
    after = portrait.run(asked(start=Inversion(plain.latent)), Progress())
    assert not np.allclose(tuned.face, plain.face, atol=1e-3)
    assert np.allclose(after.face, plain.face, atol=1e-4)


def test_faces_that_cannot_be_changed_are_told(portrait):
    with pytest.raises(EngineError, match="too small"):
        portrait.run(asked(square=SQUARE / 10), Progress())
    with pytest.raises(EngineError, match="sliders"):
        portrait.run(asked(attributes=(("smile", 0.5),)), Progress())
    with pytest.raises(EngineError, match="outside"):
        portrait.run(asked(square=SQUARE + 1000), Progress())


def test_a_face_at_the_edge_is_judged_by_what_there_is_of_it(portrait):
    run = engine._Run(portrait._tools, asked(square=SQUARE - 60), Progress(), 256, "mobilestylegan-ffhq")
    counts = run._target().counts[0, 0]
    assert counts[:5].max() == 0 and counts[-5:, -5:].min() == 1


def test_where_memory_is_short_the_face_becomes_smaller(portrait):
    (rung,) = portrait.rungs()
    steps = []
    while (step := rung.take()) is not None:
        steps.append(step)
    assert len(steps) == 2 and "64 pixels" in steps[-1].line
    assert portrait.run(asked(), Progress()).face.shape == (64, 64, 3)
    for step in reversed(steps):
        step.undo()
    assert portrait.run(asked(), Progress()).face.shape[0] > 64


def test_missing_weights_are_told(files, tmp_path, monkeypatch):
    install(monkeypatch, tmp_path, files)
    (tmp_path / store.catalog()["mobilestylegan-ffhq"].file).unlink()
    with pytest.raises(WeightsMissing, match="models install mobilestylegan-ffhq"):
        engine.Portrait("cpu")


# --- its networks ---


def test_a_graph_in_pytorch_gives_what_onnxruntime_gives(files):
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(files["mobilefacenet"], providers=["CPUExecutionProvider"])
    network = Differentiable(files["mobilefacenet"])
    batch = np.random.default_rng(0).standard_normal((2, 3, 112, 112)).astype("f4")
    truth = session.run(None, {"face": batch})[0]
    value = torch.from_numpy(batch).requires_grad_(True)
    made = network(value)
    assert np.abs(made.detach().numpy() - truth).max() < 1e-4
    made.sum().backward()
    assert value.grad.abs().max() > 0


def test_a_graph_with_something_else_in_it_is_refused():
    import onnx

    node = onnx.helper.make_node("Sin", ["a"], ["b"])
    told = [onnx.helper.make_tensor_value_info(each, 1, [1]) for each in "ab"]
    graph = onnx.helper.make_graph([node], "g", told[:1], told[1:])
    with pytest.raises(WeightsWrong, match="not known"):
        Differentiable(onnx.helper.make_model(graph).SerializeToString())


def test_lpips_is_none_for_the_same_picture_and_counts_where_it_should(files):
    look = Lpips(safetensors_file.read(files["lpips-vgg16"]))
    one = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    two = one.clone()
    two[..., :20, :20] = 1 - two[..., :20, :20]
    features = [look.features(each) for each in (one, two)]
    assert float(look.distance(features[0], features[0])) == 0
    whole = float(look.distance(*features))
    assert whole > 0
    corner = torch.zeros(1, 1, 64, 64)
    corner[..., :16, :16] = 1
    assert float(look.distance(*features, corner)) > whole
    far = torch.zeros(1, 1, 64, 64)
    far[..., -4:, -4:] = 1
    assert float(look.distance(*features, far)) < 1e-2 * whole


def lpips_tree(tensors):
    tree = {"VGG16_0": {}}
    for name, array in tensors.items():
        array = array.astype("f4")
        if name.startswith("lin"):
            tree[f"NetLinLayer_{name[3:]}"] = {"Conv_0": {"kernel": array.transpose(2, 3, 1, 0)}}
        else:
            number, part = name.removeprefix("conv").split(".")
            layer = tree["VGG16_0"].setdefault(f"Conv_{number}", {})
            layer["kernel" if part == "weight" else "bias"] = (
                array.transpose(2, 3, 1, 0) if part == "weight" else array
            )
    return tree


def test_lpips_is_read_from_a_pickle_that_can_run_nothing(tmp_path):
    path, tensors = tmp_path / "vgg16.ckpt", tiny_weights.lpips()
    path.write_bytes(pickle.dumps(lpips_tree(tensors)))
    found = lpips_file.read(path)
    assert set(found) == set(tensors)
    assert all(np.array_equal(found[name], array) for name, array in tensors.items())

    class Harm:
        def __reduce__(self):
            return (tmp_path / "harm").touch, ()

    for content in (b"", b"no pickle", pickle.dumps({"VGG16_0": Harm()}), pickle.dumps([1])):
        path.write_bytes(content)
        with pytest.raises(WeightsWrong) as caught:
            lpips_file.read(path)
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "harm").exists()


def test_the_conversions_give_the_same_bytes_each_time(files):
    again = tiny_weights.files()
    for name, content in files.items():
        assert hashlib.sha256(content).digest() == hashlib.sha256(again[name]).digest(), name
