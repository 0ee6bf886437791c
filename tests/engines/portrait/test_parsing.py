"""Parsing a face, with random weights of the published shapes through the code that loads the real ones."""

import hashlib
import io

import numpy as np
import pytest
import torch

from engines import safetensors_file, store, torch_file
from engines.base import Cancelled, Progress, WeightsMissing, WeightsWrong
from engines.portrait import parsing
from engines.portrait.networks.bisenet import CLASSES, BiSeNet
from engines.portrait.parsing import FaceParser

COUNT, NUMBERS = 177, 13_162_717  # of the published checkpoint, without what is not used of it


@pytest.fixture(scope="module")
def state():
    """The published names and shapes, the outputs that only training used among them."""
    torch.manual_seed(0)
    network = BiSeNet()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.1, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    state = network.state_dict()
    assert (len(state), sum(each.numel() for each in state.values())) == (COUNT, NUMBERS)
    return state | {"conv_out16.conv_out.weight": torch.zeros(CLASSES, 64, 1, 1)}


@pytest.fixture
def put(monkeypatch):
    """Puts a state dict in the place of the model, as the store converts a checkpoint."""

    def put(state, *, new=True):
        packed = io.BytesIO()
        torch.save(state, packed, _use_new_zipfile_serialization=new)
        packed.seek(0)
        content = safetensors_file.write(torch_file.read(packed))
        entry = store.catalog()[parsing.WEIGHTS]
        facts = {**vars(entry), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        monkeypatch.setattr(store, "catalog", lambda: {parsing.WEIGHTS: store.WeightFile(**facts)})
        store.packs_folder().mkdir(parents=True, exist_ok=True)
        (store.packs_folder() / entry.file).write_bytes(content)

    return put


@pytest.fixture
def parser(put, state):
    put(state, new=False)
    return FaceParser("cpu")


def face(n=512, seed=0):
    return np.random.default_rng(seed).random((n, n, 3), np.float32)


@pytest.mark.parametrize("n", [256, 512, 600])
def test_each_pixel_has_a_class(parser, n):
    found = parser.classes(face(n), Progress())
    assert found.shape == (n, n) and found.dtype == np.uint8
    assert found.max() < CLASSES == len(parsing.NAMES) and len(np.unique(found)) > 1
    assert np.array_equal(found, parser.classes(face(n), Progress()))


def test_the_classes_are_the_network_s(parser, state):
    network = BiSeNet()
    network.load_state_dict({name: value for name, value in state.items() if "out16" not in name})
    picture = torch.from_numpy(face()).permute(2, 0, 1)[None]
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    deviation = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    with torch.no_grad():
        logits = network.eval()((picture - mean) / deviation)
        assert logits.shape == (1, CLASSES, 64, 64)
        large = torch.nn.functional.interpolate(logits, (512, 512), mode="bilinear", align_corners=True)
    assert np.array_equal(parser.classes(face(), Progress()), large[0].argmax(0).numpy())


@pytest.mark.parametrize("n", [256, 512])
def test_what_is_on_the_left_stays_there(parser, monkeypatch, n):
    def answer(batch):
        logits = torch.zeros(1, CLASSES, 64, 64)
        logits[:, parsing.NAMES.index("hair"), :, :20] = 5
        logits[:, parsing.NAMES.index("skin"), 40:, 20:] = 5
        return logits

    monkeypatch.setattr(parser, "_network", answer)
    found = parser.classes(face(n), Progress())
    assert {parsing.NAMES[each] for each in np.unique(found)} == {"background", "skin", "hair"}
    columns = np.flatnonzero((found == parsing.NAMES.index("hair")).all(axis=0))
    rows = np.flatnonzero((found == parsing.NAMES.index("skin")).any(axis=1))
    assert columns[0] == 0 and abs(columns[-1] - n * 20 / 64) < n / 64
    assert rows[-1] == n - 1 and abs(rows[0] - n * 40 / 64) < n / 64


def test_calling_off(parser):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        parser.classes(face(), progress)


def test_weights_that_are_missing_or_of_another_network(put, state):
    with pytest.raises(WeightsMissing, match="models install face-parsing"):
        FaceParser("cpu")
    other = {name: value for name, value in state.items() if not name.startswith("ffm.")}
    put(other)
    with pytest.raises(WeightsWrong, match="not of the network for parsing faces") as caught:
        FaceParser("cpu")
    assert "\n" not in str(caught.value)
