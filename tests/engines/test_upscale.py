"""Enlarging: networks read and run as their authors defined them, tiles without joins, tones that stay."""

import io
from pathlib import Path

import numpy as np
import pytest

from engines import ladder, ncnn_file, registry, safetensors_file, store
from engines.base import Box, BrokenOutput, Cancelled, EngineError, OutOfMemory, Progress, WeightsWrong
from engines.onnx_network import OnnxNetwork
from engines.upscale import engine, graphs, models, networks, tiles
from engines.upscale.detail import bled, enlarged
from engines.upscale.requests import Plane, UpscaleRequest
from engines.upscale.scaling import resample, weights
from tests.engines.checkpoints import torch_file_of
from tests.engines.upscalers import compact_tensors, installed_upscaler, rrdb_tensors

FOLDER = "upscalers"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "models"


def photograph(height, width, dtype=np.uint8, seed=0):
    """Something with tones, edges and noise, opaque."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    base = np.stack([np.sin(x / 9 + k) * np.cos(y / 7 - k) * 0.3 + 0.5 for k in range(3)], axis=-1)
    base[height // 3 : height // 2, width // 4 : width // 2] *= 0.4
    base = np.clip(base + random.normal(0, 0.02, base.shape), 0, 1)
    full = np.iinfo(dtype).max
    return np.dstack([np.rint(base * full), np.full((height, width), full)]).astype(dtype)


def run(model, image, target=None, scale=4.0, progress=None, device="cpu", **more):
    height, width = image.shape[:2]
    box = target or Box(0, 0, round(width * scale), round(height * scale))
    scales = box.width / width, box.height / height
    request = UpscaleRequest("upscale", str(model), (Plane(image, 0, 0, box),), scales, **more)
    return engine.PictureUpscaler(device).run(request, progress or Progress())


def means(image, factor):
    height, width = (side // factor for side in image.shape[:2])
    return image.reshape(height, factor, width, factor, -1).astype(float).mean(axis=(1, 3))


# --- networks ---


def torch_rrdb(tensors, image):
    """RRDBNet by the formula, in PyTorch."""
    torch = pytest.importorskip("torch")
    state = {name: torch.from_numpy(array) for name, array in tensors.items()}
    f = torch.nn.functional

    def conv(name, value):
        return f.conv2d(value, state[f"{name}.weight"], state[f"{name}.bias"], padding=1)

    value = torch.from_numpy(image)
    fold = {3: 1, 12: 2, 48: 4}[tensors["conv_first.weight"].shape[1]]
    first = value = conv("conv_first", f.pixel_unshuffle(value, fold))
    for block in range(sum(name.endswith("rdb1.conv1.weight") for name in tensors)):
        entered = value
        for dense in (1, 2, 3):
            parts = [value]
            for number in range(1, 6):
                out = conv(f"body.{block}.rdb{dense}.conv{number}", torch.cat(parts, 1))
                parts.append(f.leaky_relu(out, 0.2) if number < 5 else out)
            value = parts[-1] * 0.2 + value
        value = value * 0.2 + entered
    value = first + conv("conv_body", value)
    for name in ("conv_up1", "conv_up2"):
        value = f.leaky_relu(conv(name, f.interpolate(value, scale_factor=2, mode="nearest")), 0.2)
    return conv("conv_last", f.leaky_relu(conv("conv_hr", value), 0.2)).numpy()


def torch_compact(tensors, image, scale):
    torch = pytest.importorskip("torch")
    state = {name: torch.from_numpy(array) for name, array in tensors.items()}
    f, value = torch.nn.functional, torch.from_numpy(image)
    entered, last = value, max(int(name.split(".")[1]) for name in tensors)
    for number in range(0, last + 1, 2):
        value = f.conv2d(value, state[f"body.{number}.weight"], state[f"body.{number}.bias"], padding=1)
        if number < last:
            value = f.prelu(value, state[f"body.{number + 1}.weight"])
    return (
        f.pixel_shuffle(value, scale) + f.interpolate(entered, scale_factor=scale, mode="nearest")
    ).numpy()


BATCH = np.random.default_rng(1).random((1, 3, 12, 20), np.float32)


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_an_rrdbnet_is_what_its_paper_says(scale):
    tensors = rrdb_tensors(scale, blocks=2)
    out = OnnxNetwork(graphs.graph_of(tensors), "cpu").run(BATCH, Progress())
    assert out.shape == (1, 3, 12 * scale, 20 * scale)
    assert np.abs(out - torch_rrdb(tensors, BATCH)).max() < 1e-5


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_a_compact_network_is_what_its_paper_says(scale):
    tensors = compact_tensors(scale)
    out = OnnxNetwork(graphs.graph_of(tensors), "cpu").run(BATCH, Progress())
    assert np.abs(out - torch_compact(tensors, BATCH, scale)).max() < 1e-5


@pytest.mark.parametrize("tensors", [rrdb_tensors(4), compact_tensors(3)])
def test_the_graph_passes_the_checker_of_onnx(tensors):
    onnx = pytest.importorskip("onnx")
    onnx.checker.check_model(onnx.load(io.BytesIO(graphs.graph_of(tensors))), full_check=True)


def ncnn_bytes(tensors, half):
    """A file as ncnn has it."""
    out = b""
    for name, array in tensors.items():
        if array.ndim == 4:
            raw = array.astype("<f2" if half else "<f4").tobytes()
            out += (0x01306B47 if half else 0).to_bytes(4, "little") + raw + bytes(-len(raw) % 4)
        else:
            assert name.endswith(("bias", "weight"))
            out += array.astype("<f4").tobytes()
    return out


@pytest.mark.parametrize("half", [True, False])
def test_weights_as_ncnn_keeps_them(half):
    for tensors, read in (
        (rrdb_tensors(4, 64, 32), ncnn_file.rrdbnet),
        (compact_tensors(4, 64), ncnn_file.compact),
        (compact_tensors(3, 64), ncnn_file.compact),
    ):
        found = read(ncnn_bytes(tensors, half))
        assert list(found) == list(tensors)
        for name, array in tensors.items():
            assert np.allclose(found[name], array, atol=1e-3 if half else 0)


def test_what_is_no_such_file_of_ncnn_is_refused():
    content = ncnn_bytes(compact_tensors(4, 64), True)
    for wrong in (b"", content[:-1], content + b"\0", bytes(100), b"\1" * len(content)):
        for read in (ncnn_file.rrdbnet, ncnn_file.compact):
            with pytest.raises(WeightsWrong):
                read(wrong)


def test_what_a_file_is_shows_in_it(tmp_path, folder):
    small = installed_upscaler(folder)
    large = installed_upscaler(folder, rrdb_tensors(2), "large")
    checkpoint = tmp_path / "net.pth"
    checkpoint.write_bytes(torch_file_of(compact_tensors(2)))
    found = {each.title: (each.kind, each.scale) for each in models.installed()}
    assert found == {"small": ("graph", 4), "large": ("graph", 2)}
    assert models.locate("small.safetensors").path == small and models.locate(str(large)).scale == 2
    adopted = models.adopt(checkpoint)  # becomes one that nothing can hide in
    assert adopted.path == folder / FOLDER / "net.safetensors" and adopted.scale == 2
    with pytest.raises(EngineError, match="already"):
        models.adopt(checkpoint)
    models.verify(adopted)
    content = bytearray(adopted.path.read_bytes())
    content[-1] ^= 1
    adopted.path.write_bytes(content)
    with pytest.raises(WeightsWrong, match="was changed"):
        models.verify(adopted)
    models.remove(adopted)
    assert not adopted.path.exists() and models.installed()
    with pytest.raises(EngineError, match="stays"):
        models.remove(models.recognise(checkpoint))


def test_a_checkpoint_with_its_tensors_within(tmp_path, folder):
    torch = pytest.importorskip("torch")
    state = {name: torch.from_numpy(array) for name, array in compact_tensors().items()}
    torch.save({"params_ema": state, "iteration": 3}, tmp_path / "net.pth")
    assert models.recognise(tmp_path / "net.pth").scale == 4


def test_a_graph_of_ones_own_tells_its_scale(tmp_path):
    path = tmp_path / "mine.onnx"
    path.write_bytes(graphs.graph_of(compact_tensors(3)))
    found = models.recognise(path)
    assert (found.kind, networks.load(found, "cpu").scale) == ("onnx", 3)
    out = run(path, photograph(20, 30), scale=3.0).images[0]
    assert out.shape == (60, 90, 4)


def hostile(tmp_path):
    import pickle

    whole = safetensors_file.write(compact_tensors())
    graph = graphs.graph_of(compact_tensors())
    fixed = graph.replace(b"height", b"h\xffight")
    yield "cut.safetensors", whole[:-5]
    yield "random.safetensors", np.random.default_rng(0).bytes(5000)
    yield "empty.safetensors", b""
    yield "flat.safetensors", safetensors_file.write({"a": np.zeros(3, np.float32)})
    yield "bare.pth", pickle.dumps({"a": 1})
    yield "cut.onnx", graph[: len(graph) // 2]
    yield "bad.onnx", fixed
    wrong = compact_tensors()
    wrong["body.2.weight"] = wrong["body.2.weight"][:, :, :1]
    yield "kernel.safetensors", safetensors_file.write(wrong)
    lacking = rrdb_tensors()
    del lacking["body.0.rdb2.conv3.bias"]
    yield "lacking.safetensors", safetensors_file.write(lacking)


def test_hostile_files_are_one_line(tmp_path, folder):
    for name, content in hostile(tmp_path):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(EngineError) as caught:
            run(path, photograph(16, 16))
        assert "\n" not in str(caught.value) and str(caught.value).endswith("."), name


def test_a_pickle_that_would_run_something(tmp_path):
    import os

    from tests.engines.checkpoints import zipped

    class Harm:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "harm"),)

    import pickle

    path = tmp_path / "harm.pth"
    path.write_bytes(zipped({"data.pkl": pickle.dumps({"w": Harm()}, 2)}))
    with pytest.raises(WeightsWrong, match="asks for"):
        models.recognise(path)
    assert not (tmp_path / "harm").exists()


def test_without_its_library_another_architecture_says_what_to_do(tmp_path, monkeypatch):
    import sys

    path = tmp_path / "other.safetensors"
    path.write_bytes(safetensors_file.write({"layers.0.weight": np.zeros((4, 3, 3, 3), np.float32)}))
    monkeypatch.setitem(sys.modules, "spandrel", None)
    monkeypatch.delitem(sys.modules, "engines.upscale.torch_network", raising=False)
    with pytest.raises(EngineError, match=r"pip install 'lacuna\[upscale\]'"):
        run(path, photograph(16, 16))


def test_another_architecture_by_spandrel(tmp_path):
    """ESRGAN under the names of its first code, which our own graph does not know."""
    try:
        import spandrel  # noqa: F401
    except Exception as error:  # torchvision breaks where it was built for another PyTorch
        pytest.skip(f"spandrel cannot be used here: {error}")
    tensors = rrdb_tensors(4, 8, 32)  # a growth that spandrel takes for granted
    names = {"conv_first": "model.0", "conv_body": "model.1.sub.1", "conv_up1": "model.3"}
    names |= {"conv_up2": "model.6", "conv_hr": "model.8", "conv_last": "model.10"}
    old = {}
    for name, array in tensors.items():
        base, _, part = name.rpartition(".")
        if base.startswith("body"):
            _, block, dense, conv = base.split(".")
            base = f"model.1.sub.{block}.RDB{dense[3:]}.{conv}.0"
        else:
            base = names[base]
        old[f"{base}.{part}"] = array
    path, ours = tmp_path / "old.safetensors", tmp_path / "new.safetensors"
    path.write_bytes(safetensors_file.write(old))
    ours.write_bytes(safetensors_file.write(tensors))
    image = photograph(24, 30)
    assert models.recognise(path).kind == "other"
    made, wanted = (run(each, image, grain=0.0).images[0].astype(int) for each in (path, ours))
    assert np.abs(made - wanted).max() <= 1


# --- tiles ---


def in_tiles(monkeypatch, side):
    monkeypatch.setattr(engine, "_SIDES", (side,))


@pytest.mark.parametrize("tensors", [compact_tensors(), rrdb_tensors(4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("target", [Box(0, 0, 840, 600), Box(0, 0, 497, 331)])
def test_tiles_do_not_show(folder, monkeypatch, tensors, dtype, target):
    """A network of random weights whose reach is within the margin: at most 1/255, in any size and depth."""
    path = installed_upscaler(folder, tensors)
    image = photograph(150, 210, dtype)
    in_tiles(monkeypatch, 512)
    whole = run(path, image, target).images[0].astype(int)
    in_tiles(monkeypatch, 96)
    parts = run(path, image, target).images[0].astype(int)
    assert whole.shape == (target.height, target.width, 4) and whole.std() > 0
    assert np.abs(whole - parts).max() <= np.iinfo(dtype).max / 255
    assert (parts[..., 3] == np.iinfo(dtype).max).all()


def test_every_pixel_is_made_whatever_the_size():
    random = np.random.default_rng(0)
    for _ in range(200):
        size, side = int(random.integers(1, 700)), int(random.choice([96, 128, 256]))
        scale = random.uniform(1, 9)
        count = max(round(size * scale), 1)
        axes = list(tiles._axes(size, 0, count, 0, count / size, side))
        made = np.zeros(count, int)
        for axis in axes:
            assert axis.made.start <= made.argmin() or made.all()
            made[axis.made] += 1
            seen = axis.seen.stop - axis.seen.start
            assert axis.seen.start >= 0 and axis.seen.stop <= size and seen == min(side, size)
            lowest, highest = axis.made.start * size / count, axis.made.stop * size / count
            assert axis.seen.start <= lowest and highest <= axis.seen.stop + 1e-6
        assert made.min() == 1


def test_a_picture_smaller_than_any_tile(folder):
    path = installed_upscaler(folder, rrdb_tensors(2))
    for size in ((1, 1), (1, 7), (5, 3)):
        assert run(path, photograph(*size), scale=2.0).images[0].shape == (2 * size[0], 2 * size[1], 4)


# --- what comes of it ---


def biased(image, scale=4, by=0.1):
    """A network that gets every tone wrong and all noise lost."""
    import cv2

    soft = cv2.GaussianBlur(image, (0, 0), 2)
    return cv2.resize(soft, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) + np.float32(by)


def test_tones_stay_whatever_the_network_does():
    import cv2

    image = photograph(120, 160)[..., :3].astype(np.float32) / 255
    out = enlarged(image, 4, biased, 1.0, 0.0)
    lost = means(out, 4) - image
    assert np.abs(cv2.GaussianBlur(lost, (0, 0), 12)).max() < 1 / 255
    assert np.abs(lost.mean()) < 1e-3
    raw = means(biased(image), 4) - image
    assert raw.mean() > 0.09


def test_grain_is_given_back_as_asked():
    image = photograph(120, 160)[..., :3].astype(np.float32) / 255
    missing = [
        np.abs(means(enlarged(image, 4, biased, 1.0, grain), 4) - image).std() for grain in (0, 0.5, 1)
    ]
    assert missing[2] < 0.5 * missing[1] < 0.5 * missing[0]


def test_no_detail_is_the_smooth_enlargement():
    import cv2

    image = photograph(60, 80)[..., :3].astype(np.float32) / 255

    def network(seen):
        raise AssertionError("the network is not needed")

    out = enlarged(image, 4, network, 0.0, 0.0)
    smooth = cv2.resize(image, (320, 240), interpolation=cv2.INTER_LANCZOS4)
    assert np.abs(out - np.clip(smooth, 0, 1)).mean() < 0.002
    half = enlarged(image, 4, biased, 0.5, 0.0)
    assert 0 < np.abs(half - out).mean() < np.abs(enlarged(image, 4, biased, 1.0, 0.0) - out).mean()


def test_16_bits_stay_16(folder):
    path = installed_upscaler(folder)
    out = run(path, photograph(60, 80, np.uint16)).images[0]
    assert out.dtype == np.uint16 and len(np.unique(out[..., 0])) > 2000


def test_grey_stays_grey(folder):
    path = installed_upscaler(folder)
    image = photograph(60, 80)
    image[..., 1] = image[..., 2] = image[..., 0]
    out = run(path, image, grey=True).images[0]
    assert (out[..., 0] == out[..., 1]).all() and (out[..., 0] == out[..., 2]).all()
    coloured = run(path, image).images[0]
    assert not (coloured[..., 0] == coloured[..., 1]).all()


def test_transparency_is_enlarged_and_hides_no_colours(folder):
    path = installed_upscaler(folder)
    image = photograph(64, 64)
    image[:, :32] = 0  # clear, and black beneath
    image[:, 32:, :3] = 200
    out = run(path, image).images[0]
    assert (out[:, :120, 3] == 0).all() and (out[:, :120] == 0).all() and (out[:, 136:, 3] == 255).all()
    shown = out[..., 3] > 127
    dark = out[..., :3][shown].min()
    assert dark > 150  # nothing of the black has come in
    edge = out[32, :, 3].astype(float)
    assert np.abs(edge.sum() / 255 - 128) < 1 and (np.diff(edge[118:138]) >= 0).all()


def test_what_lies_around_goes_on_beneath_what_is_clear():
    image = np.zeros((20, 20, 3), np.float32)
    image[:, :10] = (0.2, 0.6, 0.4)
    alpha = np.zeros((20, 20), np.float32)
    alpha[:, :10] = 1
    out = bled(image, alpha)
    assert np.abs(out - (0.2, 0.6, 0.4)).max() < 1e-4
    assert bled(image, np.ones((20, 20), np.float32)) is image


def test_a_part_of_the_picture_lands_where_it_belongs(folder):
    """A layer with its corner at an odd place, to a size that is no multiple."""
    path = installed_upscaler(folder)
    image = np.full((30, 40, 4), 255, np.uint8)
    scale = 2.3, 2.7
    plane = Plane(image, 7, 11, Box(16, 29, 93, 82))  # 16.1 .. 108.1 across, 29.7 .. 110.7 down
    request = UpscaleRequest("upscale", str(path), (plane,), scale)
    out = engine.PictureUpscaler("cpu").run(request, Progress()).images[0]
    assert out.shape == (82, 93, 4)
    assert out[40, 0, 3] == round(255 * 0.9) and out[40, -1, 3] == round(255 * 0.1)
    assert abs(out[0, 40, 3] - 255 * 0.3) < 1 and abs(out[-1, 40, 3] - 255 * 0.7) < 1
    assert (out[1:-1, 1:-1, 3] == 255).all()


def test_weights_are_means_of_areas_or_a_cubic():
    matrix, shares = weights(12, 0.0, 3.0, 4)
    assert np.allclose(matrix, np.kron(np.eye(4), np.full(3, 1 / 3))) and (shares == 1).all()
    matrix, shares = weights(10, -1.5, 2.0, 3)
    assert np.allclose(shares, [0.25, 1, 1]) and np.allclose(matrix.sum(axis=1), 1)
    line = np.arange(10, dtype=np.float32)
    matrix, _ = weights(10, 3.0, 0.25, 8)
    assert np.allclose(matrix @ line, 3.0 + 0.25 * (np.arange(8) + 0.5) - 0.5, atol=1e-5)
    image = np.random.default_rng(0).random((10, 10, 3), np.float32)
    plain, _ = weights(10, 2.0, 1.0, 5)
    assert np.array_equal(resample(image, plain, plain), image[2:7, 2:7])


def test_beyond_the_networks_scale_it_says_so(folder):
    result = run(installed_upscaler(folder, compact_tensors(2)), photograph(20, 20), scale=3.0)
    assert result.images[0].shape == (60, 60, 4)
    assert result.notes == ("The model enlarges 2 times; beyond that no detail was added.",)


def test_the_same_request_gives_the_same_pixels(folder):
    path = installed_upscaler(folder)
    first, second = (run(path, photograph(40, 50)) for _ in range(2))
    assert np.array_equal(first.images[0], second.images[0])
    assert first.weights_sha256 == second.weights_sha256 and len(first.weights_sha256) == 64


# --- when it cannot be ---


class Stub:
    """A network whose memory holds tiles up to a side, or that gives no numbers."""

    scale, sha256 = 2, "0" * 64

    def __init__(self, most=0, broken=False):
        self.most, self.broken, self.seen = most, broken, []
        self.backend = type("Backend", (), {"device": "cpu"})()

    def __call__(self, image, progress):
        self.seen.append(image.shape[0])
        if self.most and max(image.shape) > self.most:
            raise OutOfMemory("There is not enough memory for this.")
        if self.broken:
            raise BrokenOutput("The model gave no numbers here. Choose another model.")
        return image.repeat(2, axis=0).repeat(2, axis=1)


def stubbed(monkeypatch, stub):
    monkeypatch.setattr(engine, "load", lambda upscaler, device: stub)
    monkeypatch.setattr(engine, "locate", lambda model: None)
    made = engine.PictureUpscaler("cpu")
    image = photograph(400, 300)
    request = UpscaleRequest("upscale", "x", (Plane(image, 0, 0, Box(0, 0, 600, 800)),), (2.0, 2.0))
    return made, request


def test_without_the_memory_it_goes_in_smaller_tiles(monkeypatch):
    stub = Stub(most=130)
    made, request = stubbed(monkeypatch, stub)
    told = []
    result = ladder.run(lambda on_processor: made, request, Progress(), told.append)
    assert result.images[0].shape == (800, 600, 4) and max(stub.seen[-4:]) <= 130
    assert told and set(told) == {
        "There was not enough memory: it is enlarged in smaller tiles, which is slower."
    }
    assert made._most == max(engine._SIDES)  # the next may fit


def test_at_the_end_of_the_ladder_it_says_so(monkeypatch):
    made, request = stubbed(monkeypatch, Stub(most=10))
    with pytest.raises(OutOfMemory):
        ladder.run(lambda on_processor: made, request, Progress(), lambda line: None)


def test_little_free_memory_makes_small_tiles_at_once(monkeypatch):
    from engines.machine import Machine

    stub = Stub()
    made, request = stubbed(monkeypatch, stub)
    monkeypatch.setattr(engine, "machine", lambda folder: Machine(2 << 30, 900 << 20, 1 << 40))
    made.run(request, Progress())
    side = max(stub.seen)
    assert side == 128 and side * side * engine._FOR_PIXEL <= (900 << 20) / 3


def test_numbers_that_are_none_are_told(monkeypatch):
    made, request = stubbed(monkeypatch, Stub(broken=True))
    with pytest.raises(BrokenOutput, match="Choose another model"):
        made.run(request, Progress())


def test_it_can_be_called_off_between_tiles(monkeypatch):
    stub = Stub()
    made, request = stubbed(monkeypatch, stub)
    in_tiles(monkeypatch, 96)
    progress = Progress()
    progress.report = lambda fraction: progress.cancel() if fraction > 0 else None
    with pytest.raises(Cancelled):
        made.run(request, progress)
    assert len(stub.seen) == 2  # the second was begun as the first was told


def test_it_can_be_called_off_within_a_tile(folder):
    path = installed_upscaler(folder)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        networks.load(models.recognise(path), "cpu")(np.zeros((16, 16, 3), np.float32), progress)


def test_the_catalogue_has_what_the_form_offers():
    spec = registry.spec(registry.UPSCALER)
    assert spec.starter == models.of_catalogue()[0]
    for each in models.of_catalogue():
        entry = store.entry_of(each)
        assert entry.fetchable and entry.commercial and entry.licence == "BSD-3-Clause" and entry.title
        assert Path(entry.file).suffix == ".safetensors" and len(entry.sha256) == 64
    assert registry.lacks_libraries(spec, (spec.starter,)) == ""
