"""The engines that select, through the code that loads them, with weights of their true shapes."""

import hashlib
import io
import threading

import numpy as np
import pytest

from engines import onnx_graph, registry, safetensors_file, store, torch_file
from engines.base import Cancelled, EngineError, Progress, WeightsMissing, WeightsWrong
from engines.select import mobilesam
from engines.select.mobilesam import MobileSam
from engines.select.requests import Click, Look, Seen
from engines.select.subject import SubjectFinder
from tests.engines.checkpoints import torch_file_of

# Every tensor that the graphs take has its shape here, read from the graphs' own bytes.
_EXTERNAL = 1
COUNT, NUMBERS = 405, 9_818_180  # of the published checkpoint, without what is not used of it


def _fields(content):
    """Number, wire type and value of each field of a protocol buffer."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        kind = key & 7
        if kind == 2:
            length, at = _varint(content, at)
            yield key >> 3, content[at : at + length]
            at += length
        elif kind == 0:
            value, at = _varint(content, at)
            yield key >> 3, value
        else:
            width = {1: 8, 5: 4}[kind]
            yield key >> 3, content[at : at + width]
            at += width


def _varint(content, at):
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def shapes_of(graph_file):
    """Shape by name of each weight that a graph leaves out."""
    graph = next(value for number, value in _fields(graph_file) if number == 7)
    shapes = {}
    for number, tensor in _fields(graph):
        if number != 5:
            continue
        fields = list(_fields(tensor))
        if (14, _EXTERNAL) in fields:
            name = next(value for number, value in fields if number == 8).decode()
            dims = []
            for number, value in fields:
                if number != 1:
                    continue
                if isinstance(value, int):
                    dims.append(value)
                else:
                    at = 0
                    while at < len(value):
                        size, at = _varint(value, at)
                        dims.append(size)
            shapes[name] = tuple(dims)
    return shapes


@pytest.fixture(scope="module")
def tensors():
    """Random weights of the published shapes, with what the checkpoint has besides."""
    random = np.random.default_rng(0)
    shapes = {}
    for name in ("encoder", "decoder"):
        shapes |= shapes_of((mobilesam._GRAPHS / f"mobile-sam-{name}.onnx").read_bytes())
    assert (len(shapes), sum(map(np.prod, shapes.values()))) == (COUNT, NUMBERS)
    out = {}
    for name, shape in shapes.items():
        fan = max(int(np.prod(shape[1:])), 1)
        values = random.standard_normal(shape).astype(np.float32) / np.float32(np.sqrt(fan))
        out[name] = np.abs(values) + 0.5 if name.endswith(("running_var", "norm.weight")) else values
    out["image_encoder.head.weight"] = np.zeros((1000, 320), np.float32)
    out["image_encoder.norm_head.bias"] = np.zeros(320, np.float32)
    out["image_encoder.patch_embed.seq.0.bn.num_batches_tracked"] = np.array(3)
    return out


@pytest.fixture(scope="module")
def converted(tensors):
    """As the store converts a published checkpoint."""
    return safetensors_file.write(torch_file.read(io.BytesIO(torch_file_of(tensors))))


@pytest.fixture
def put(monkeypatch):
    """Puts bytes in the place of a model, as if they were the ones of the catalogue."""

    def put(weights_id, content):
        entry = store.catalog()[weights_id]
        digest = hashlib.sha256(content).hexdigest()
        facts = {**vars(entry), "bytes": len(content), "sha256": digest}
        monkeypatch.setattr(store, "catalog", lambda: {weights_id: store.WeightFile(**facts)})
        store.packs_folder().mkdir(parents=True, exist_ok=True)
        (store.packs_folder() / entry.file).write_bytes(content)

    return put


@pytest.fixture
def engine(put, converted):
    put("mobile-sam", converted)
    return MobileSam("cpu")


def picture(height=100, width=160, seed=0):
    return np.random.default_rng(seed).random((height, width, 3), np.float32)


def test_missing_and_damaged_weights(put, converted):
    with pytest.raises(WeightsMissing, match="models install mobile-sam"):
        registry.load("mobile-sam", "cpu")
    put("mobile-sam", converted)
    path = store.path_of("mobile-sam")
    path.write_bytes(converted[:-1] + b"?")
    with pytest.raises(WeightsWrong, match="Install it again"):
        registry.load("mobile-sam", "cpu")


@pytest.mark.parametrize("change", ["gone", "shape", "more"])
def test_weights_of_another_architecture(put, tensors, change):
    other = dict(tensors)
    name = "image_encoder.neck.0.weight"
    if change == "gone":
        del other[name]
    elif change == "shape":
        other[name] = other[name][:, :-1]
    else:
        other["mask_decoder.more"] = np.zeros(3, np.float32)
    put("mobile-sam", safetensors_file.write(other))
    with pytest.raises(EngineError, match="The model could not be loaded") as caught:
        MobileSam("cpu")
    assert "\n" not in str(caught.value)


def test_looking_and_clicking(engine):
    seen = engine.run(Look(picture()), Progress())
    assert seen.embedding.shape == (1, 256, 64, 64) and np.isfinite(seen.embedding).all()
    assert (seen.width, seen.height) == (160, 100)
    found = engine.run(Click(seen, wanted=((80, 50),)), Progress())
    assert found.logits.shape == (256, 256) and np.isfinite(found.logits).all()
    assert found.weights_sha256 == store.catalog()["mobile-sam"].sha256
    again = engine.run(Click(seen, wanted=((80, 50),)), Progress())
    assert np.array_equal(found.logits, again.logits)
    others = [
        Click(seen, wanted=((20, 20),)),
        Click(seen, wanted=((80, 50),), unwanted=((20, 20),)),
        Click(seen, box=(10, 10, 90, 60)),
        Click(seen, wanted=((80, 50),), box=(10, 10, 90, 60)),
        Click(seen, wanted=((80, 50),), before=found.logits),
    ]
    answers = [engine.run(each, Progress()).logits for each in others]
    for index, one in enumerate(answers):
        for other in [found.logits, *answers[:index]]:
            assert not np.array_equal(one, other)  # each part of a question means something


def test_what_the_encoder_is_shown(engine, monkeypatch):
    """The convention: mean and deviation of ImageNet, zeros around, the longer side 1024."""
    shown = []
    monkeypatch.setattr(
        engine._encoder, "run", lambda inputs, progress: [shown.append(inputs["picture"]) or np.zeros(1)]
    )
    image = np.empty((50, 100, 3), np.float32)
    image[:] = (1.0, 0.456, 0.0)
    engine.run(Look(image), Progress())
    batch = shown[0][0]
    assert batch.shape == (3, 1024, 1024)
    assert np.allclose(batch[:, :512].mean(axis=(1, 2)), [(1 - 0.485) / 0.229, 0, -0.406 / 0.225], atol=1e-4)
    assert not batch[:, 512:].any()


def test_places_are_scaled_to_what_the_decoder_knows(engine, monkeypatch):
    asked = []

    def answer(inputs, progress):
        asked.append(inputs)
        return [np.arange(4, dtype=np.float32)[None, :, None, None] * np.ones((1, 4, 256, 256), np.float32),
                np.array([[0.9, 0.2, 0.8, 0.5]])]  # fmt: skip

    monkeypatch.setattr(engine._decoder, "run", answer)
    seen = Seen(np.zeros((1, 256, 64, 64), np.float32), 512, 256)
    single = engine.run(Click(seen, wanted=((100, 50),)), Progress())
    assert asked[0]["points"].tolist() == [[[200, 100], [0, 0]]] and asked[0]["labels"].tolist() == [[1, -1]]
    assert single.logits[0, 0] == 2 and single.quality == 0.8  # of the three meanings, the best
    box = engine.run(Click(seen, unwanted=((1, 2),), box=(0, 0, 10, 20)), Progress())
    assert asked[1]["points"].tolist() == [[[2, 4], [0, 0], [20, 40]]]
    assert asked[1]["labels"].tolist() == [[0, 2, 3]]
    assert box.logits[0, 0] == 0 and box.quality == 0.9  # told by more than one click: the first


def test_calling_off(engine, monkeypatch):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        engine.run(Look(picture()), progress)
    progress = Progress()
    timer = threading.Timer(0.15, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        for _ in range(50):
            engine.run(Look(picture()), progress)
    timer.join()
    assert progress.interrupt is None


def test_a_graph_opens_no_file(tmp_path, monkeypatch):
    """Weights that are not handed over are not looked for on the disk."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weights").write_bytes(bytes(1 << 24))
    content = (mobilesam._GRAPHS / "mobile-sam-decoder.onnx").read_bytes()
    with pytest.raises(EngineError, match="The model could not be loaded"):
        onnx_graph.OnnxGraph(content, {}, "cpu")


# -- the subject ---------------------------------------------------------------------------------------------


class Saliency:
    """In the network's place: answers with a picture of 320 x 320, and keeps what it was shown."""

    def __init__(self, answer):
        self.answer, self.shown = answer, None

    def run(self, batch, progress):
        self.shown = batch
        return self.answer[None, None]


@pytest.fixture
def subject_finder():
    def make(answer):
        finder = SubjectFinder.__new__(SubjectFinder)
        finder._network = Saliency(answer.astype(np.float32))
        return finder

    return make


def test_a_subject_is_found_where_it_is(subject_finder):
    saliency = np.full((320, 320), 0.1)
    saliency[80:160, 40:200] = 0.3  # least and greatest stand for 0 and 1
    finder = subject_finder(saliency)
    found = finder.run(Look(np.full((100, 400, 3), 0.5, np.float32)), Progress())
    inside = found.logits > 0
    rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    assert found.logits.shape == (400, 400)
    assert abs(rows[0] - 25) <= 1 and abs(rows[-1] - 49) <= 1
    assert abs(columns[0] - 50) <= 1 and abs(columns[-1] - 249) <= 1
    batch = finder._network.shown  # divided by its brightest value
    assert batch.shape == (1, 3, 320, 320)
    white = (1 - np.array([0.485, 0.456, 0.406])) / [0.229, 0.224, 0.225]
    assert np.allclose(batch[0, :, 100, 100], white, atol=1e-4)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_picture_without_a_subject(subject_finder, level):
    found = subject_finder(np.full((320, 320), level)).run(
        Look(np.zeros((60, 90, 3), np.float32)), Progress()
    )
    assert not (found.logits > 0).any()


def test_subject_weights_that_are_no_network(put):
    put("u2netp", b"no network")
    with pytest.raises(EngineError, match="The model could not be loaded"):
        SubjectFinder("cpu")
