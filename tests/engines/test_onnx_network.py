"""What goes wrong in a runtime is told in one line; a run can be called off at any moment."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from engines import device, onnx_network
from engines.base import Cancelled, EngineError, OutOfMemory, Progress
from engines.onnx_network import OnnxNetwork, as_engine_error

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        MemoryError("Unable to allocate 3.00 GiB for an array"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("[E] Failed to allocate memory for requested buffer of size 1073741824"),
        RuntimeError("CUDA error: out of memory"),
        ValueError("OpenCV(5.0.0): error: (-4:Insufficient memory) Failed to allocate 99 bytes"),
    ],
)
def test_lack_of_memory_is_told_as_such(error):
    told = as_engine_error(error, "The model could not be run")
    assert isinstance(told, OutOfMemory)
    assert "memory" in str(told)
    assert "\n" not in str(told)


def test_anything_else_is_told_by_its_first_line():
    told = as_engine_error(RuntimeError("\nnode Conv_3 failed\n  at x.cc:12\n"), "The model could not be run")
    assert type(told) is EngineError
    assert str(told) == "The model could not be run: node Conv_3 failed"
    assert str(as_engine_error(KeyError(), "It broke")) == "It broke: KeyError"


def test_bytes_that_are_no_network():
    with pytest.raises(EngineError) as caught:
        OnnxNetwork(b"this is not a network", "cpu")
    assert str(caught.value).startswith("The model could not be loaded: ")
    assert "\n" not in str(caught.value)


def test_an_unknown_device():
    with pytest.raises(EngineError) as caught:
        OnnxNetwork(b"", "tpu")
    assert str(caught.value) == 'There is no device "tpu". Choose one of: auto, cpu, cuda, mps.'


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_is_not_there(monkeypatch, name):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(EngineError) as caught:
        OnnxNetwork(b"", name)
    assert f'"{name}"' in str(caught.value)
    assert "--device cpu" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "providers"),
    [
        ("cpu", ["CPUExecutionProvider"]),
        ("cuda", ["CUDAExecutionProvider", "CPUExecutionProvider"]),
        ("auto", ["CUDAExecutionProvider", "CPUExecutionProvider"]),
    ],
)
def test_the_processor_is_always_the_last_resort(monkeypatch, name, providers):
    there = ["CPUExecutionProvider", "CUDAExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: there)
    assert device.onnx_providers(name) == providers


class Backend:
    """In the place of a runtime: does what it is told and says when it was interrupted."""

    device = "fake"

    def __init__(self, work):
        self.work, self.interrupted, self.prepared = work, threading.Event(), 0

    def prepare(self):
        self.interrupted.clear()
        self.prepared += 1

    def interrupt(self):
        assert self.prepared, "interrupted before there was anything to interrupt"
        self.interrupted.set()

    def run(self, batch):
        return self.work(self, batch)


@pytest.fixture
def network_of():
    def make(work):
        network = OnnxNetwork.__new__(OnnxNetwork)
        network._backend = Backend(work)
        network.device = "fake"
        return network

    return make


def raising(error):
    def work(backend, batch):
        raise error

    return work


def test_a_failing_run(network_of):
    progress = Progress()
    with pytest.raises(EngineError, match=r"^The model could not be run: boom$"):
        network_of(raising(RuntimeError("boom\nmore"))).run(np.zeros(1), progress)
    assert progress.interrupt is None
    with pytest.raises(OutOfMemory):
        network_of(raising(RuntimeError("std::bad_alloc"))).run(np.zeros(1), progress)


def test_cancelling_interrupts_the_run(network_of):
    started = threading.Event()

    def work(backend, batch):
        started.set()
        assert backend.interrupted.wait(10)
        raise RuntimeError("terminated by the user")

    progress = Progress()

    def cancel():
        started.wait(10)
        progress.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    network = network_of(work)
    with pytest.raises(Cancelled):
        network.run(np.zeros(1), progress)
    canceller.join()
    assert progress.interrupt is None
    network._backend.work = lambda backend, batch: batch + 1
    assert network.run(np.zeros(1), Progress()) == 1


def test_cancelling_before_the_run(network_of):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        network_of(raising(AssertionError("must not run"))).run(np.zeros(1), progress)


def test_whoever_interrupts_finds_something_to_interrupt(network_of):
    """A cancel may come from another thread as soon as ``interrupt`` is set."""

    class Hasty(Progress):
        def __setattr__(self, name, value):
            super().__setattr__(name, value)
            if name == "interrupt" and value is not None:
                self.cancel()

    with pytest.raises(Cancelled):
        network_of(raising(AssertionError("must not run"))).run(np.zeros(1), Hasty())


@pytest.mark.parametrize("openvino", [True, False])
def test_openvino_is_used_only_where_it_is_and_only_on_the_processor(monkeypatch, openvino):
    class Chosen(Exception):
        pass

    def chosen(name):
        def make(*_):
            raise Chosen(name)

        return make

    monkeypatch.setattr(onnx_network, "has_openvino", lambda: openvino)
    monkeypatch.setattr(onnx_network, "_OpenVino", chosen("openvino"))
    monkeypatch.setattr(onnx_network, "_OnnxRuntime", chosen("onnxruntime"))
    for providers, name in (
        (["CPUExecutionProvider"], "openvino" if openvino else "onnxruntime"),
        (["CUDAExecutionProvider", "CPUExecutionProvider"], "onnxruntime"),
    ):
        monkeypatch.setattr(onnx_network, "onnx_providers", lambda _, found=providers: found)
        with pytest.raises(EngineError, match=f"could not be loaded: {name}$"):
            OnnxNetwork(b"", "auto")


LOAD = """
import sys, threading
calls = []
sys.addaudithook(lambda name, args: calls.append(name) if name.startswith("socket.") else None)
from engines import store
from engines import onnx_network
onnx_network.has_openvino = lambda: sys.argv[1] == "openvino"
network = onnx_network.OnnxNetwork(store.load("migan-512"), "cpu")
print(network.device)
assert sys.argv[1] in sys.modules
assert threading.enumerate() == [threading.main_thread()], threading.enumerate()
assert not calls, calls
"""


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino"])
def test_loading_a_network_reports_to_nobody(tmp_path, runtime):
    """onnxruntime (from 1.29 on) and OpenVINO count their uses over the network, and keep an identity of the
    machine in the home folder, unless they are kept from it. In continuous integration they do not, so this
    test takes the signs of that away.
    """
    if runtime == "openvino" and not device.has_openvino():
        pytest.skip("OpenVINO is optional")
    signs = ("CI", "GITHUB", "TF_BUILD", "ORT_", "JENKINS", "BUILD", "PYTEST", "XDG_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(signs)}
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", LOAD, runtime]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("cpu (OpenVINO)\n" if runtime == "openvino" else "cpu\n")
    assert list(tmp_path.iterdir()) == []
