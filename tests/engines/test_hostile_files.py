"""Files that are made to do harm, or to be taken for what they are not: each is refused in one line."""

import dataclasses
import io
import json
import pickle
import subprocess
import sys
import tarfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engines import archives, onnx_file, packs, safetensors_file, store
from engines.base import EngineError, Progress, WeightsWrong
from engines.onnx_network import OnnxNetwork
from engines.sources import Source
from tests.engines.checkpoints import torch_file_of, zipped

onnx = pytest.importorskip("onnx")
helper = onnx.helper
ROOT = Path(__file__).parents[2]


class Harm:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace):
        self.trace = str(trace)

    def __reduce__(self):
        return Path.touch, (Path(self.trace),)


@pytest.fixture
def trace(tmp_path):
    """Where harm shows; there must be none in the end."""
    path = tmp_path / "harm was done"
    yield path
    assert not path.exists()


def refused(path, words, error=WeightsWrong):
    with pytest.raises(error) as caught:
        packs.adopt(path)
    assert words in str(caught.value) and "\n" not in str(caught.value)
    folder = store.packs_folder()
    assert not folder.is_dir() or list(folder.iterdir()) == []
    return str(caught.value)


def entry_of(monkeypatch, path, **known):
    """A model without a hash, as the whole catalogue."""
    entry = store.WeightFile("own", "Trying out", path.name, "MIT", True, (Source("own", "x"),), **known)
    monkeypatch.setattr(store, "catalog", lambda: {"own": entry})
    return entry


# -- pickles and programs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["model.pt", "model.ckpt", "model.safetensors", "model.onnx", "big-lama.pt"])
@pytest.mark.parametrize("how", ["bare", "in an archive", "among tensors"])
def test_a_pickle_that_runs_something(tmp_path, trace, name, how):
    if how == "bare":
        content = pickle.dumps(Harm(trace))
    elif how == "in an archive":
        content = zipped({"data.pkl": pickle.dumps({"model.1.ffc.convl2l.weight": Harm(trace)})})
    else:
        weights = {"model.1.ffc.convl2l.weight": np.zeros((8, 4, 7, 7), np.float32)}
        content = torch_file_of(weights, change=lambda state: state | {"more": Harm(trace)})
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, "no model file that Lacuna knows")


@pytest.fixture
def program():
    torch = pytest.importorskip("torch")

    class Program(torch.nn.Module):
        def forward(self, image, mask):
            return image * mask

    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch.jit as a whole
        torch.jit.save(torch.jit.script(Program()), out)
    return out.getvalue()


def test_a_program_of_unknown_hash_is_neither_taken_nor_loaded(tmp_path, monkeypatch, program):
    """Not even under the name of one that is known, nor put by hand where that would lie."""
    torch = pytest.importorskip("torch")
    from engines.removal.lama import Lama

    def loaded(*_, **__):
        raise AssertionError("a program was loaded")

    monkeypatch.setattr(torch.jit, "load", loaded)
    monkeypatch.setattr(torch, "load", loaded)
    for weights_id in ("lama-torchscript", "zits-ftr"):
        path = tmp_path / store.entry_of(weights_id).file
        path.write_bytes(program)
        refused(path, "no model file that Lacuna knows")
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    with pytest.raises(WeightsWrong, match="damaged or was changed"):
        Lama("cpu", "lama-torchscript")
    with pytest.raises(WeightsWrong, match="not the published one"):
        Lama("cpu", "zits-ftr")


# -- ONNX ----------------------------------------------------------------------------------------------------


def network(*nodes, tensors=(), opsets=(("", 17),), **more):
    """An ONNX model of two pictures, image and mask, that answers with the first."""
    shapes = (("image", [1, 3, "h", "w"]), ("mask", [1, 1, "h", "w"]))
    inputs = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name, shape in shapes]
    answer = [helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, [1, 3, "h", "w"])]
    nodes = nodes or (helper.make_node("Identity", ["image"], ["out"]),)
    graph = helper.make_graph(list(nodes), "g", inputs, answer, list(tensors))
    opsets = [helper.make_opsetid(*each) for each in opsets]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, **more).SerializeToString()


def elsewhere(place):
    """A tensor whose numbers lie in another file."""
    tensor = onnx.numpy_helper.from_array(np.zeros(4, np.float32), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=place)
    return tensor


def silent(tensor):
    """The same without saying that they do."""
    tensor.ClearField("data_location")
    return tensor


def constant(tensor):
    return helper.make_node("Constant", [], ["c"], value=tensor)


def branch(tensor):
    """The tensor in a graph within a graph within the graph."""
    inner = helper.make_graph([constant(tensor)], "inner", [], [])
    held = helper.make_graph([helper.make_node("If", ["x"], ["y"], then_branch=inner)], "held", [], [])
    return helper.make_node("If", ["x"], ["y"], then_branch=held, else_branch=held)


def function(*nodes, domain="own"):
    return helper.make_function(domain, "Do", ["x"], ["y"], list(nodes), [helper.make_opsetid("", 17)])


def sparse(tensor):
    indices = onnx.numpy_helper.from_array(np.zeros(4, np.int64), "i")
    return helper.make_node(
        "Constant", [], ["c"], sparse_value=helper.make_sparse_tensor(tensor, indices, [9])
    )


OTHER_FILES = {
    "an initialiser": lambda: network(tensors=[elsewhere("/etc/passwd")]),
    "upwards": lambda: network(tensors=[elsewhere("../../secret")]),
    "beside it": lambda: network(tensors=[elsewhere("weights.bin")]),
    "unsaid": lambda: network(tensors=[silent(elsewhere("/etc/passwd"))]),
    "a constant": lambda: network(constant(elsewhere("/etc/passwd"))),
    "a branch": lambda: network(branch(elsewhere("/etc/passwd"))),
    "a function": lambda: network(functions=[function(constant(elsewhere("/etc/passwd")))]),
    "a sparse tensor": lambda: network(sparse(elsewhere("/etc/passwd"))),
}
FOREIGN = {
    "an operator": lambda: network(helper.make_node("Run", ["image"], ["out"], domain="evil.ops")),
    "in a branch": lambda: network(
        helper.make_node(
            "If",
            ["x"],
            ["out"],
            then_branch=helper.make_graph(
                [helper.make_node("Run", [], ["y"], domain="evil.ops")], "inner", [], []
            ),
        )
    ),
    "in a function": lambda: network(
        functions=[function(helper.make_node("Run", ["x"], ["y"], domain="evil.ops"))]
    ),
    "with a name of many lines": lambda: network(
        helper.make_node("Run", ["image"], ["out"], domain="evil.ops\n\x1b[31m" + "x" * 500)
    ),
}


@pytest.mark.parametrize("how", OTHER_FILES)
def test_onnx_that_names_another_file(tmp_path, monkeypatch, how):
    path = tmp_path / "own.onnx"
    path.write_bytes(OTHER_FILES[how]())
    entry_of(monkeypatch, path, inputs=([-1, 3, 0, 0], [-1, 1, 0, 0]))
    refused(path, "was not used: it keeps data in other files")
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    with pytest.raises(WeightsWrong, match="keeps data in other files"):
        store.load("own")


def test_a_key_that_is_written_in_an_odd_way_is_seen_all_the_same():
    """A number may be written in more bytes than it needs, so no search for bytes finds it."""
    content = network(tensors=[elsewhere("/etc/passwd")])
    key = b"\x0a\x08location"
    assert content.count(key) == 1
    grown = content.replace(key + b"\x12\x0b/etc/passwd", b"\x0a\x88\x00location\x12\x0a/etc/passw")
    assert len(grown) == len(content) and key not in grown
    with pytest.raises(WeightsWrong, match="keeps data in other files"):
        onnx_file.inputs_of(grown, "own.onnx")


@pytest.mark.parametrize("how", FOREIGN)
def test_onnx_that_asks_for_operators_of_its_own(tmp_path, monkeypatch, how):
    path = tmp_path / "own.onnx"
    path.write_bytes(FOREIGN[how]())
    entry_of(monkeypatch, path, inputs=([-1, 3, 0, 0], [-1, 1, 0, 0]))
    assert len(refused(path, "asks for evil.ops")) < 300


def test_onnx_that_holds_a_program_for_a_device():
    node = helper.make_node("EPContext", ["image"], ["out"], domain="com.microsoft", ep_cache_context="x.bin")
    with pytest.raises(WeightsWrong, match="holds a program"):
        onnx_file.inputs_of(network(node), "own.onnx")


def test_onnx_that_is_as_it_should_be(tmp_path, monkeypatch):
    """Also with a function of its own, and it runs."""
    own = helper.make_node("Do", ["image"], ["out"], domain="own")
    content = network(
        own,
        functions=[function(helper.make_node("Identity", ["x"], ["y"]))],
        opsets=(("", 17), ("own", 1)),
    )
    assert onnx_file.inputs_of(content, "x") == {"image": (1, 3, 0, 0), "mask": (1, 1, 0, 0)}
    path = tmp_path / "any name"
    path.write_bytes(content)
    entry = entry_of(monkeypatch, Path("own.onnx"), inputs=([-1, 1, 0, 0], [-1, 3, 0, 0]))
    assert packs.adopt(path) == "own"
    picture, hole = np.ones((1, 3, 8, 8), np.float32), np.ones((1, 1, 8, 8), np.float32)
    assert OnnxNetwork(store.load("own"), "cpu").run((picture, hole), Progress()).shape == (1, 3, 8, 8)
    (store.packs_folder() / entry.file).write_bytes(network())  # not what it was when it was taken in
    with pytest.raises(WeightsWrong, match="damaged or was changed"):
        store.load("own")


def test_whatever_bytes_there_are_onnx_is_read_or_refused_in_time():
    content = network(branch(onnx.numpy_helper.from_array(np.ones(3), "w")), tensors=())
    random = np.random.default_rng(0)
    for _ in range(3000):
        bytes_ = bytearray(content)
        for place in random.integers(0, len(bytes_), random.integers(1, 5)):
            bytes_[place] = random.integers(256)
        try:
            onnx_file.inputs_of(bytes(bytes_[: random.integers(1, len(bytes_) + 1)]), "x")
        except WeightsWrong as error:
            assert "\n" not in str(error)
    deep = b""
    for _ in range(5000):  # a graph in a graph in a graph ...
        deep = field(1, field(5, field(6, deep)))
        if len(deep) > 100_000:
            break
    with pytest.raises(WeightsWrong, match="no ONNX file"):
        onnx_file.inputs_of(field(7, deep), "x")


def field(number, content):
    length, out = len(content), b""
    while length > 127:
        out, length = out + bytes([length & 127 | 128]), length >> 7
    return bytes([number << 3 | 2]) + out + bytes([length]) + content


# -- archives ------------------------------------------------------------------------------------------------


def zip_of(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def tar_of(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for entry, content in entries:
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def link(name, to, kind):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, to
    return entry


@pytest.mark.parametrize("name", ["../../escaped", "/tmp/lacuna-escaped", "a/../../escaped", "..\\escaped"])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_member_that_would_be_written_elsewhere(tmp_path, name, kind):
    """Nothing is unpacked by its name: even if the catalogue asked for it, it lands where it is put."""
    content = b"weights"
    made = zip_of((name, content)) if kind == "zip" else tar_of((tarfile.TarInfo(name), content))
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "archive").write_bytes(made)
    archives.take_out(folder / "archive", name, folder / "out")
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["a/b/archive", "a/b/out"]
    assert not Path("/tmp/lacuna-escaped").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_a_member_that_is_no_plain_file(tmp_path, kind):
    made = tar_of((link("w", "/etc/passwd", kind), b""))
    (tmp_path / "archive").write_bytes(made)
    with pytest.raises(WeightsWrong, match="There is no file w in archive"):
        archives.take_out(tmp_path / "archive", "w", tmp_path / "out")
    assert not (tmp_path / "out").exists()


# -- safetensors ---------------------------------------------------------------------------------------------


def safetensors_of(header, data=b""):
    text = header if isinstance(header, str) else json.dumps(header)
    return len(text).to_bytes(8, "little") + text.encode() + data


def one(shape, begin, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


LYING = {
    "longer than the file": (1 << 40).to_bytes(8, "little") + b"{}",
    "a header of gigabytes": ((1 << 62) + 5).to_bytes(8, "little") + b"{" * 100,
    "beyond the end": safetensors_of({"w": one([4], 0, 16)}, bytes(12)),
    "a shape of terabytes": safetensors_of({"w": one([1 << 40], 0, 16)}, bytes(16)),
    "a shape that overflows": safetensors_of({"w": one([1 << 32, 1 << 32], 0, 0)}),
    "many tensors of the same bytes": safetensors_of({f"w{n}": one([4], 0, 16) for n in range(9)}, bytes(16)),
    "bytes that are nobody's": safetensors_of({"w": one([4], 16, 32)}, bytes(32)),
    "bytes after the end": safetensors_of({"w": one([4], 0, 16)}, bytes(64)),
    "a name twice": safetensors_of(
        f'{{"w": {json.dumps(one([1], 0, 4))}, "w": {json.dumps(one([1], 0, 4))}}}', bytes(4)
    ),
    "no header": safetensors_of("[" * 100_000),
    "sizes that are truths": safetensors_of({"w": one([True], 0, 4)}, bytes(4)),
    "a negative place": safetensors_of({"w": one([1], -4, 0)}, bytes(4)),
}


@pytest.mark.parametrize("how", LYING)
def test_safetensors_whose_header_lies(how):
    for reader in (safetensors_file.read, safetensors_file.shapes):
        with pytest.raises(WeightsWrong) as caught:
            reader(LYING[how])
        assert "\n" not in str(caught.value)


def test_a_size_that_numpy_has_not_is_no_crash():
    content = safetensors_of({"w": one([0, 1 << 62, 1 << 62], 0, 0)})
    with pytest.raises(WeightsWrong):
        safetensors_file.read(content)


def test_numbers_that_numpy_has_not_are_told_apart_but_not_read():
    content = safetensors_of({"w": one([2, 2], 0, 8, "BF16")}, bytes(8))
    assert safetensors_file.shapes(content) == {"w": (2, 2)}
    with pytest.raises(WeightsWrong):
        safetensors_file.read(content)


# -- taken in by what it is ----------------------------------------------------------------------------------

LAMA = {
    "generator.model.1.ffc.convl2l.weight": np.zeros((8, 4, 7, 7), np.float32),
    "generator.model.5.conv1.ffc.convl2l.weight": np.zeros((16, 16, 3, 3), np.float32),
}


@pytest.mark.parametrize("name", ["weights", "lama_fp32.onnx", "big-lama.safetensors"])
@pytest.mark.parametrize("how", ["safetensors", "checkpoint"])
def test_tensors_are_recognised_by_their_names_not_by_the_files(tmp_path, name, how):
    path = tmp_path / name
    path.write_bytes(safetensors_file.write(LAMA) if how == "safetensors" else torch_file_of(LAMA))
    assert packs.adopt(path) == "lama-safetensors"
    found = safetensors_file.read(store.load("lama-safetensors"))
    assert {each: array.shape for each, array in found.items()} == {k: v.shape for k, v in LAMA.items()}


def test_other_tensors_under_that_name_are_refused(tmp_path):
    path = tmp_path / "big-lama.safetensors"
    for change in ({}, {"generator.model.1.ffc.convl2l.weight": np.zeros((8, 3, 7, 7), np.float32)}):
        path.write_bytes(safetensors_file.write(change and LAMA | change))
        refused(path, "no model file that Lacuna knows")


def test_a_program_of_known_md5_is_taken_in_under_any_name_but_not_run(tmp_path, monkeypatch, program):
    import hashlib

    entry = dataclasses.replace(store.entry_of("zits-ftr"), md5=hashlib.md5(program).hexdigest())
    monkeypatch.setattr(store, "catalog", lambda: {"zits-ftr": entry})
    (tmp_path / "x").write_bytes(program)
    assert packs.adopt(tmp_path / "x") == "zits-ftr"
    with pytest.raises(WeightsWrong, match="is a program that Lacuna does not know yet"):
        store.load("zits-ftr")


@pytest.mark.parametrize("content", [b"", b"PK", b"\x08", b"{", b"x" * 100, bytes(100)])
def test_a_file_of_nothing_in_particular(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(EngineError) as caught:
        packs.adopt(tmp_path / "x")
    assert "\n" not in str(caught.value)


MANY = """
import sys
from pathlib import Path
from engines import packs, recognise
from engines.base import EngineError
started = []
WATCHED = ("os.system", "subprocess.Popen", "ctypes.dlopen", "socket.connect")
sys.addaudithook(lambda name, args: started.append((name, args)) if name in WATCHED else None)
for path in map(Path, sys.argv[1:]):
    try:
        packs.adopt(path)
        print("taken", path)
    except EngineError:
        print("refused")
assert not started, started
assert not {"torch", "onnxruntime", "safetensors"} & set(sys.modules)
"""


def test_looking_at_hostile_files_starts_nothing_and_loads_no_runtime(tmp_path, trace):
    """In a process of its own, watched by Python's audit hook."""
    files = {f"p{n}": each() for n, each in enumerate([*OTHER_FILES.values(), *FOREIGN.values()])}
    files |= {f"s{n}": each for n, each in enumerate(LYING.values())}
    files |= {
        "bare": pickle.dumps(Harm(trace)),
        "zip": zipped({"data.pkl": pickle.dumps({"w": Harm(trace)})}),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", MANY, *(str(tmp_path / name) for name in files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "refused\n" * len(files)
