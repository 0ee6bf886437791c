"""packaging/train_lines.py: what it learns from, what it is held against, and going on where it stopped."""

import copy
import csv
import functools
import importlib
import io
import sys
import tarfile
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
import onnxruntime  # noqa: E402

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "packaging"))

import train_lines  # noqa: E402
from train_structure import data, export, losses, pretrained, sheet, state  # noqa: E402
from train_structure.training import Settings, Training, seen_of  # noqa: E402

from engines import safetensors_file  # noqa: E402

TINY = Settings(batch=2, side=128)


def picture(number):
    """256 pixels, a bright beam across a dark, slightly noisy ground: its two edges are strong lines."""
    random = np.random.default_rng(number)
    rgb = np.full((256, 256, 3), (60, 80, 70), np.uint8)
    left, right = (int(one) for one in random.uniform(60, 200, 2))
    cv2.line(rgb, (0, left), (255, right), (220, 200, 180), 24)
    return np.clip(rgb + random.normal(0, 3, rgb.shape), 0, 255).astype(np.uint8)


def name_of(remainder, number=0):
    """The name of a photograph whose hash has this remainder by 97."""
    names = (f"{one:05d}.webp" for one in range(10**6))
    fitting = (name for name in names if zlib.crc32(name.encode()) % 97 == remainder)
    for _ in range(number):
        next(fitting)
    return next(fitting)


@pytest.fixture(scope="module")
def tar(tmp_path_factory):
    """Five photographs to learn from and one of each remainder that is not."""
    path = tmp_path_factory.mktemp("photos") / "photos.tar"
    names = [name_of(1, number) for number in range(5)] + [name_of(one) for one in (0, 7, 41)]
    with tarfile.open(path, "w") as out:
        for number, name in enumerate(names):
            content = cv2.imencode(".webp", picture(number))[1].tobytes()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            out.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture(autouse=True)
def one_thread():
    """So that sums are taken in one order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@functools.cache
def published():
    return pretrained.network(0)


def plain_look(one, other):
    return (one - other).abs().mean()


def holes_of(tar, side=128):
    return data.Holes(data.photographs([tar], data.trainable), 0, side)


def training_of(settings=TINY):
    return Training(copy.deepcopy(published()), settings, plain_look, torch.device("cpu"))


def learn(training, tar, steps):
    samples = data.batches(holes_of(tar), training.settings.batch, training.step, 0)
    return [training.learn(next(samples)) for _ in range(steps)]


# --- what it learns from ---


def test_photographs_that_are_held_out_are_never_learnt_from(tar):
    names = {name for name, _ in data.photographs([tar], data.trainable)}
    assert names == {name_of(1, number) for number in range(5)}
    assert {name for name, _ in data.photographs([tar], data.shown)} == {name_of(41)}


def test_what_is_held_out_is_what_the_benchmarks_hold_out():
    removal, lines = (importlib.import_module(name) for name in ("removal", "lines"))
    for number in range(3000):
        name = f"{number:05d}.webp"
        away = removal.held_out(name) or zlib.crc32(name.encode()) % 97 in lines.TUNING
        assert data.trainable(name) is not away
        assert not (data.shown(name) and removal.held_out(name))


def test_a_pack_holds_no_held_out_photograph_and_keeps_to_its_size(tar, tmp_path):
    packed = tmp_path / "packed.tar"
    assert data.pack([tar], packed, 10**7, 0) == 5
    with tarfile.open(packed) as content:
        assert set(content.getnames()) == {name_of(1, number) for number in range(5)} | {name_of(41)}
    size = tar.stat().st_size // 2
    assert 0 < data.pack([tar], packed, size, 1) < 5
    assert packed.stat().st_size <= size


def test_a_sample_is_the_same_whenever_its_number_comes(tar):
    holes = holes_of(tar)
    for number in (0, 7):
        one, other = holes[number], holes_of(tar)[number]
        assert all(one[key].tobytes() == other[key].tobytes() for key in one)
    assert holes[0]["picture"].tobytes() != holes[5]["picture"].tobytes()  # the next turn


def test_samples_are_what_the_network_takes(tar):
    given = 0
    for number in range(12):
        sample = holes_of(tar)[number]
        assert {key: one.shape for key, one in sample.items()} == {
            "picture": (3, 128, 128),
            "maps": (3, 128, 128),
            "along": (2, 128, 128),
        }
        assert all(one.dtype == np.float32 for one in sample.values())
        assert -1 <= sample["picture"].min() < sample["picture"].max() <= 1
        hole = sample["maps"][2]
        assert 0 < hole.mean() < 0.6
        length = np.hypot(*sample["along"])
        assert not length[hole == 0].any()
        np.testing.assert_allclose(length[length > 0], 1, atol=1e-5)
        given += bool(length.any())
    assert 4 <= given <= 11  # most have lines, some have none


def network_input(sample):
    return seen_of(*(torch.from_numpy(sample[key])[None] for key in ("picture", "maps")))


def test_the_network_is_not_shown_what_it_is_to_find():
    random = np.random.default_rng(0)
    rgb = picture(3)
    hole = data.masks.draw("lines", rgb, random)
    lines = data.choose(data.crossing(rgb, hole), random)
    one = data.tensors(rgb, hole, lines, 128)
    rgb[hole] = 255 - rgb[hole]
    other = data.tensors(rgb, hole, lines, 128)
    assert one["maps"].tobytes() == other["maps"].tobytes()
    assert torch.equal(network_input(one), network_input(other))
    assert not np.array_equal(one["picture"], other["picture"])


def test_lines_are_left_out_and_drawn_a_little_off():
    line = np.array([[20, 30], [120, 90]], np.float32)
    normal = np.array([60, -100]) / np.hypot(60, 100)
    chosen = [data.choose([line, line], np.random.default_rng(seed)) for seed in range(400)]
    none = np.mean([not one.given for one in chosen])
    assert abs(none - (0.15 + 0.85 * 0.25**2)) < 0.06
    assert {len(one.true) for one in chosen} == {0, 1, 2}
    pieces = [piece for one in chosen for piece in one.given]
    assert sum(len(one.true) for one in chosen) < len(pieces)  # some are broken
    off = np.concatenate([(piece - line[0]) @ normal for piece in pieces])
    assert 0.3 < off.std() < 1.5
    reach = np.concatenate([(piece - line[0]) @ (line[1] - line[0]) for piece in pieces]) / 13600
    assert -0.2 < reach.min() < -0.02
    assert 1.02 < reach.max() < 1.2


# --- what it is held against ---


def stripes(shift=0.0, contrast=1.0):
    """An edge down the middle of a picture (1, 3, 64, 64), and the directions along it."""
    x = torch.arange(64) - 32 + shift
    grey = contrast * torch.tanh(x / 2)
    along = torch.zeros(1, 2, 64, 64)
    along[:, 1, 16:48, 29:36] = 1
    return grey.expand(1, 3, 64, 64).clone(), along


def test_a_line_that_goes_on_costs_nothing_and_a_lost_one_does():
    truth, along = stripes()
    consistency = losses.line_consistency
    lost = consistency(truth * 0, truth, along)
    assert consistency(truth, truth, along) == 0
    assert lost > 0.1
    assert consistency(stripes(shift=1.0)[0], truth, along) < 0.2 * lost  # one pixel beside is as good
    assert 0.2 * lost < consistency(stripes(contrast=0.5)[0], truth, along) < 0.8 * lost
    assert consistency(truth.transpose(2, 3).contiguous(), truth, along) > lost  # a line across it is worse


def test_without_lines_consistency_is_zero_and_has_a_gradient():
    truth, along = stripes()
    out = torch.zeros_like(truth, requires_grad=True)
    loss = losses.line_consistency(out, truth, along * 0)
    loss.backward()
    assert loss == 0
    assert torch.isfinite(out.grad).all()


def test_only_the_hole_counts():
    truth = torch.rand(1, 3, 32, 32)
    hole = torch.zeros(1, 1, 32, 32)
    hole[..., 8:16, 8:16] = 1
    out = truth + 0.5 * hole + 3 * (1 - hole)
    torch.testing.assert_close(losses.difference(out, truth, hole), torch.tensor(0.5))
    torch.testing.assert_close(losses.composed(out, truth, hole), truth + 0.5 * hole)


def test_the_look_is_lpips(tmp_path):
    """The same number as tests/benchmarks/lpips.py on 8-bit pictures, with weights of chance."""
    module = importlib.import_module("lpips")
    random = np.random.default_rng(0)
    shapes = [(64, 3, 11), (192, 64, 5), (384, 192, 3), (256, 384, 3), (256, 256, 3)]
    metric = module.Lpips.__new__(module.Lpips)
    metric.net = "alexnet"
    metric.shift = torch.tensor(module.SHIFT).view(1, 3, 1, 1)
    metric.scale = torch.tensor(module.SCALE).view(1, 3, 1, 1)
    metric.weights = {}
    for index, (outputs, inputs, side) in enumerate(shapes):
        kernel = random.normal(0, (inputs * side**2) ** -0.5, (outputs, inputs, side, side))
        metric.weights[f"conv{index}.weight"] = torch.from_numpy(kernel.astype(np.float32))
        metric.weights[f"conv{index}.bias"] = torch.zeros(outputs)
        metric.weights[f"lin{index}"] = torch.full((1, outputs, 1, 1), 1 / outputs)
    one, other = picture(0)[:96, :96].copy(), picture(1)[:96, :96].copy()
    tensors = [torch.from_numpy(rgb).permute(2, 0, 1)[None] / 127.5 - 1 for rgb in (one, other)]
    tensors[0].requires_grad_(True)
    look = losses.Look(metric).to(torch.device("cpu"))
    value = look(*tensors)
    value.backward()
    assert value.item() == pytest.approx(metric(one, other), rel=1e-4)
    assert tensors[0].grad.abs().max() > 0
    same = look(tensors[0], tensors[0])
    same.backward()
    assert same.item() == 0
    assert torch.isfinite(tensors[0].grad).all()


def test_the_critic_learns_to_tell_them_apart():
    torch.manual_seed(0)
    critic = losses.Critic()
    optimiser = torch.optim.Adam(critic.parameters(), 1e-3)
    maps = torch.zeros(1, 3, 64, 64)
    maps[:, 2, 16:48, 16:48] = 1
    real, fake = torch.rand(1, 3, 64, 64), torch.zeros(1, 3, 64, 64)
    for _ in range(15):
        loss = losses.critic_loss(critic(real, maps), critic(fake, maps), maps[:, 2:])
        optimiser.zero_grad()
        (loss + losses.r1(critic, real, maps)).backward()
        optimiser.step()
    assert loss < 1.2  # 2 log 2 is a guess
    assert losses.fooled(critic(fake, maps), maps[:, 2:]) > losses.fooled(critic(real, maps), maps[:, 2:])


# --- that it goes on where it stopped ---


def everything(training):
    """All numbers that a training goes on with."""
    out = {f"network {name}": one for name, one in training.network.state_dict().items()}
    out |= {f"critic {name}": one for name, one in training.critic.state_dict().items()}
    out |= {f"average {name}": one for name, one in training.average.items()}
    for kind, network, optimiser in training._optimisers():
        out |= {f"{kind} {name}": one for name, one in state.moments(network, optimiser).items()}
    return {name: one.detach().clone() for name, one in out.items()}


@pytest.mark.parametrize("base_rate", [0.0, 1e-5])
def test_a_resumed_training_is_the_one_that_went_on(tar, tmp_path, base_rate):
    settings = Settings(batch=2, side=128, base_rate=base_rate)
    going = training_of(settings)
    before = everything_of_the_network(going)
    for numbers in learn(going, tar, 2):
        assert all(np.isfinite(value) for value in numbers.values())
        assert numbers["gate"] > 0
    going.save(tmp_path)
    assert max(file.stat().st_size for file in tmp_path.iterdir()) < 16_000_000
    resumed = training_of(settings)
    resumed.load(tmp_path)
    assert resumed.step == going.step == 2
    for training in (going, resumed):
        learn(training, tar, 1)
    one, other = everything(going), everything(resumed)
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []
    after = everything_of_the_network(going)
    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    assert any(name.startswith("structure.") and "conv1" in name for name in changed)
    assert any(name.startswith("model.") for name in changed) is (base_rate > 0)
    assert not any(".downsample." in name or "noise_const" in name for name in changed)


def everything_of_the_network(training):
    return {name: one.clone() for name, one in training.network.state_dict().items()}


def test_a_saving_cut_off_leaves_the_one_before(tar, tmp_path, monkeypatch):
    training = training_of()
    learn(training, tar, 1)
    training.save(tmp_path)
    learn(training, tar, 1)

    def full(content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(state.safetensors_file, "write", full)
        with pytest.raises(OSError, match="No space"):
            training.save(tmp_path)
    again = training_of()
    again.load(tmp_path)
    assert again.step == 1


def test_state_of_another_kind_of_training_is_told(tar, tmp_path):
    training = training_of()
    learn(training, tar, 1)
    training.save(tmp_path)
    with pytest.raises(KeyError):
        training_of(Settings(batch=2, side=128, base_rate=1e-5)).load(tmp_path)


def test_the_export_is_the_running_average(tar, tmp_path):
    training = training_of()
    learn(training, tar, 2)
    scores = {way: {"lpips": 0.1234, "lines": 0.5} for way in sheet.WAYS}
    weights, onnx_file, card = export.write(training, tmp_path, scores)
    assert max(weights.stat().st_size, onnx_file.stat().st_size) < 16_000_000
    assert "2 steps" in card.read_text()
    assert "0.1234" in card.read_text()
    sample = holes_of(tar)[1]
    truth, maps = (torch.from_numpy(sample[key])[None] for key in ("picture", "maps"))
    seen = seen_of(truth, maps)
    restored = export.restored(weights.read_bytes())
    with torch.inference_mode(), training.averaged() as averaged:
        expected, got = averaged(seen, maps), restored(seen, maps)
    session = onnxruntime.InferenceSession(onnx_file, providers=["CPUExecutionProvider"])
    by_onnx = session.run(None, {"known_and_rgb": seen.numpy(), "maps": maps.numpy()})[0]
    assert (got - expected).abs().max() < 0.02  # float16 of the weights
    assert np.abs(by_onnx - got.numpy()).max() < 1e-4
    gate = "structure.b64.gate"
    np.testing.assert_allclose(
        safetensors_file.read(weights.read_bytes())[gate], training.average[gate], rtol=1e-3, atol=1e-6
    )


def test_the_sheet_shows_and_scores_each_way(tar):
    shown = sheet.cases(data.photographs([tar], data.shown), 4)
    assert len(shown) == 1
    network = published()

    def apart(one, other):
        return float(np.abs(one - other.astype(float)).mean())

    made = sheet.Sheet(network, shown, apart, 128)
    rows, scores = made(network)
    assert rows.shape == (256, 256 * 5, 3)
    assert list(scores) == list(sheet.WAYS)
    assert scores["MI-GAN"] == scores["true lines"] == scores["no lines"]  # nothing learnt yet
    fills = np.split(rows, 5, axis=1)
    hole = shown[0].hole
    np.testing.assert_array_equal(fills[0][~hole], fills[2][~hole])
    assert not np.array_equal(fills[0][hole], fills[2][hole])


# --- the command ---


def called(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["train_lines.py", *map(str, words)])
    return train_lines.main()


def test_the_command_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match="leave out --resume"):
        called(monkeypatch, tmp_path, "--resume")
    (tmp_path / state.MANIFEST).write_text("{}")
    with pytest.raises(SystemExit, match="add --resume"):
        called(monkeypatch, tmp_path)


def test_a_piece_ends_with_its_steps_and_its_curve_goes_on(tar, tmp_path):
    training = training_of()
    for _ in range(2):
        samples = data.batches(holes_of(tar), 2, training.step, 0)
        train_lines.run(training, samples, tmp_path, float("inf"), 2, 1)
    with (tmp_path / "curve.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["1", "2", "3", "4"]
    assert all(float(row["l1"]) > 0 for row in rows)
    # A piece that was cut off after its last saving: its rows go, the steps come again.
    assert [row["step"] for row in train_lines.Curve(tmp_path / "curve.csv", 3, 1)._rows] == ["1", "2", "3"]


def test_a_piece_ends_with_its_time(tar, tmp_path):
    training = training_of()
    train_lines.run(training, data.batches(holes_of(tar), 2, 0, 0), tmp_path, 0.0, 100, 20)
    assert training.step == 1
    assert (tmp_path / state.MANIFEST).is_file()
