"""Checkpoints of torch are read without torch, and nothing in them is ever run."""

import io
import os
import pickle

import numpy as np
import pytest

from engines import safetensors_file, torch_file
from engines.base import WeightsWrong
from tests.engines.checkpoints import _Named, _Tensor, torch_file_of, zipped

TENSORS = {
    "conv.weight": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "count": np.array(7),
    "half": np.array([1.5, -2], np.float16),
    "nothing": np.zeros((0, 3), np.float32),
}


def read(content):
    return torch_file.read(io.BytesIO(content))


def same(found, wanted):
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert np.array_equal(found[name], array)


def test_a_state_dict():
    same(read(torch_file_of(TENSORS)), TENSORS)


def test_a_state_dict_of_torchs_own(tmp_path):
    torch = pytest.importorskip("torch")
    layer = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    state = layer.state_dict()
    state["turned"] = state["0.weight"].permute(1, 0, 3, 2)  # shares a storage, with strides of its own
    state["part"] = state["0.bias"][1:3]
    torch.save(state, tmp_path / "state.pt")
    with (tmp_path / "state.pt").open("rb") as file:
        same(torch_file.read(file), {name: value.numpy() for name, value in state.items()})


class Harm:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_that_would_run_something(tmp_path, protocol):
    harm = tmp_path / "harm"
    with pytest.raises(WeightsWrong, match=r"it asks for (posix|nt)\.mkdir") as caught:
        read(zipped({"data.pkl": pickle.dumps({"w": Harm(harm)}, protocol)}))
    assert "\n" not in str(caught.value)
    assert not harm.exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [("builtins", "eval"), ("torch", "load"), ("torch._utils", "_rebuild_tensor"), ("collections", "deque")],
)
def test_any_other_name_is_refused(module, name):
    content = torch_file_of(TENSORS, change=lambda state: state | {"more": _Named(module, name)})
    with pytest.raises(WeightsWrong, match=f"it asks for {module}.{name}"):
        read(content)


@pytest.mark.parametrize(
    "shape",
    [
        {"size": (3, 3), "stride": (3, 1)},  # one more than there is
        {"size": (8,), "stride": (1,), "offset": 1},
        {"size": (8,), "stride": (1,), "offset": -1},
        {"size": (2,), "stride": (-1,)},
        {"size": (10**6, 10**6), "stride": (0, 0)},  # a small file that would be 4 TB
        {"size": (2, 2), "stride": (1,)},
    ],
)
def test_a_tensor_that_reaches_beyond_its_storage(shape):
    def change(state):
        return {"w": _Tensor(state["w"].storage, **shape)}

    with pytest.raises(WeightsWrong, match="checkpoint was not read"):
        read(torch_file_of({"w": np.zeros(8, np.float32)}, change=change))


def test_a_storage_that_is_shorter_than_it_should_be():
    with pytest.raises(WeightsWrong, match="not as long"):
        read(torch_file_of({"w": np.zeros(8, np.float32)}, storages={"0": b"1234"}))


def test_a_storage_is_looked_for_in_the_archive_only(tmp_path):
    """Its name may be a path; it is a name within the archive all the same, and nothing on the disk."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"\xff" * 32)

    def change(state):
        state["w"].storage.key = "../" * 9 + str(secret).lstrip("/")
        return state

    wanted = {"w": np.arange(8, dtype=np.float32)}
    same(read(torch_file_of(wanted, change=change)), wanted)
    assert secret.read_bytes() == b"\xff" * 32


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        zipped({"other": b""}),
        zipped({"data.pkl": b""}),
        zipped({"data.pkl": pickle.dumps([1])}),
        zipped({"data.pkl": pickle.dumps({"epoch": 3})}),
        zipped({"data.pkl": pickle.dumps({}), "byteorder": b"big"}),
        torch_file_of(TENSORS)[:-40],
    ],
)
def test_what_is_no_state_dict(content):
    with pytest.raises(WeightsWrong) as caught:
        read(content)
    assert "\n" not in str(caught.value)


# -- safetensors ---------------------------------------------------------------------------------------------


def test_safetensors_there_and_back():
    content = safetensors_file.write(TENSORS)
    same(safetensors_file.read(content), TENSORS)
    assert safetensors_file.write(dict(reversed(TENSORS.items()))) == content


def test_the_published_reader_agrees():
    published = pytest.importorskip("safetensors.numpy")
    same(published.load(safetensors_file.write(TENSORS)), TENSORS)
    same(safetensors_file.read(published.save(TENSORS)), TENSORS)


def header(text, data=b""):
    return len(text).to_bytes(8, "little") + text.encode() + data


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        header("{"),
        header("[]"),
        header('{"w": 1}'),
        header('{"w": {"dtype": "F33", "shape": [1], "data_offsets": [0, 4]}}', bytes(4)),
        header('{"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}', bytes(4)),
        header('{"w": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}', bytes(4)),
        header('{"w": {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}}', bytes(4)),
        header('{"w": {"dtype": "F32", "shape": ["1"], "data_offsets": [0, 4]}}', bytes(4)),
        header('{"w": {"dtype": "F32", "shape": [1]}}', bytes(4)),
    ],
)
def test_what_is_no_safetensors_file(content):
    with pytest.raises(WeightsWrong):
        safetensors_file.read(content)


# -- as torch saved before its files were zip archives -----------------------------------------------


def old(state, tmp_path):
    torch = pytest.importorskip("torch")
    torch.save(state, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    return (tmp_path / "old.pth").read_bytes()


@pytest.fixture
def old_state():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    layer = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    state = layer.state_dict()
    state["turned"] = state["0.weight"].permute(1, 0, 3, 2)  # shares a storage, with strides of its own
    state["part"] = state["0.bias"][1:3]
    state["half"] = torch.tensor([1.5, -2.0]).half()
    return state


def test_an_old_state_dict(tmp_path, old_state):
    same(read(old(old_state, tmp_path)), {name: value.numpy() for name, value in old_state.items()})


def test_an_old_file_that_is_cut_off_or_longer_than_it_says(tmp_path, old_state):
    content = old(old_state, tmp_path)
    for length in (0, 1, 20, len(content) // 2, len(content) - 1):
        with pytest.raises(WeightsWrong, match="The checkpoint was not read"):
            read(content[:length])
    same(read(content + b"more"), {name: value.numpy() for name, value in old_state.items()})


def test_an_old_file_whose_storages_are_not_as_long_as_it_says(tmp_path, old_state):
    content = bytearray(old(old_state, tmp_path))
    first = content.rindex(int(old_state["half"].numel()).to_bytes(8, "little"))
    content[first] += 1
    with pytest.raises(WeightsWrong, match="is not as long as it should be"):
        read(bytes(content))


def test_an_old_file_that_would_run_something(tmp_path):
    harm = tmp_path / "harm"
    row = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, {"w": Harm(harm)}, []]
    for place in range(len(row)):
        each = [Harm(harm) if index == place else value for index, value in enumerate(row)]
        with pytest.raises(WeightsWrong):
            read(b"".join(pickle.dumps(value, 2) for value in each))
        assert not harm.exists()


def test_an_old_file_that_asks_for_more_memory_than_it_has_bytes():
    # By hand: a tensor of a storage of 2 ** 40 numbers, in a file of a few hundred bytes.
    state = (
        b"\x80\x02}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storage"
        b"ctorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu\x8a\x06\x00\x00\x00\x00\x00\x01Nt"
        b"QK\x00K\x01\x85K\x01\x85\x89}tRs."
    )
    row = [pickle.dumps(value, 2) for value in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})]
    with pytest.raises(WeightsWrong, match="longer than the file"):
        read(b"".join([*row, state, pickle.dumps(["0"], 2)]))
