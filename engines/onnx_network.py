"""Runs an ONNX network: through onnxruntime, or on the CPU through OpenVINO where that is installed."""

from typing import Any

import numpy as np

from engines.base import Cancelled, EngineError, OutOfMemory, Progress
from engines.device import has_openvino, onnx_providers

_OUT_OF_MEMORY = ("bad_alloc", "bad allocation", "out of memory", "failed to allocate", "not enough memory")


def as_engine_error(error: Exception, what: str) -> EngineError:
    """A runtime's exception as the one the user is told: out of memory, or what broke in one line."""
    if isinstance(error, MemoryError) or any(word in str(error).lower() for word in _OUT_OF_MEMORY):
        return OutOfMemory(
            "There is not enough memory for this. Close other programs or mask a smaller part."
        )
    reason = str(error).strip().splitlines()
    return EngineError(f"{what}: {reason[0] if reason else type(error).__name__}")


def session_options() -> Any:
    """What every session of onnxruntime is made with."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # What keeps memory down, measured by tests/benchmarks/speed.py: the planned second arena of
    # memory patterns and the copies of the blocked CPU layout would each add over 100 MB.
    options.enable_mem_pattern = False
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    # Idle threads sleep instead of spinning: the window keeps its core.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


class OnnxNetwork:
    """A network with one output, loaded from the bytes of a checked file.

    ``channels`` has for each input, in their order, how many channels (n, c, h, w) it takes. ``device`` is
    ``auto``, ``cpu``, ``cuda`` or ``mps``; afterwards ``self.device`` names what is used.
    Raises EngineError if the device is not there, OutOfMemory if the network does not fit.
    """

    def __init__(self, content: bytes, device: str) -> None:
        providers = onnx_providers(device)
        try:
            if providers == ["CPUExecutionProvider"] and has_openvino():
                self._backend: _OpenVino | _OnnxRuntime = _OpenVino(content)
            else:
                self._backend = _OnnxRuntime(content, providers)
        except Exception as error:
            raise as_engine_error(error, "The model could not be loaded") from error
        self.device = self._backend.device
        self.channels = self._backend.channels

    def run(self, batch: np.ndarray | tuple[np.ndarray, ...], progress: Progress) -> np.ndarray:
        """The network's output for ``batch``, one array for each input; cancelling ``progress`` stops it in
        the middle."""
        self._backend.prepare()
        progress.interrupt = self._backend.interrupt
        try:
            if progress.cancelled:  # called off before interrupt was in place
                raise Cancelled
            return self._backend.run(batch)
        except Exception as error:
            if progress.cancelled:
                raise Cancelled from None
            raise as_engine_error(error, "The model could not be run") from error
        finally:
            progress.interrupt = None


class _OnnxRuntime:
    def __init__(self, content: bytes, providers: list[str]) -> None:
        import onnxruntime

        self._session = onnxruntime.InferenceSession(content, session_options(), providers=providers)
        inputs = self._session.get_inputs()
        self._names = [each.name for each in inputs]
        self.channels = [each.shape[1] if len(each.shape) == 4 else 0 for each in inputs]
        self._run_options: Any = None
        used = self._session.get_providers()[0]
        self.device = used.removesuffix("ExecutionProvider").lower()

    def prepare(self) -> None:
        import onnxruntime

        self._run_options = onnxruntime.RunOptions()

    def interrupt(self) -> None:
        self._run_options.terminate = True

    def run(self, batch: np.ndarray | tuple[np.ndarray, ...]) -> np.ndarray:
        inputs = dict(zip(self._names, _inputs(batch), strict=True))
        return self._session.run(None, inputs, self._run_options)[0]


class _OpenVino:
    device = "cpu (OpenVINO)"

    def __init__(self, content: bytes) -> None:
        import io

        import openvino

        core = openvino.Core()
        model = core.read_model(io.BytesIO(content))
        shapes = [each.get_partial_shape() for each in model.inputs]
        self.channels = [
            shape[1].get_length() if len(shape) == 4 and shape[1].is_static else 0 for shape in shapes
        ]
        self._request = core.compile_model(
            model, "CPU", {"PERFORMANCE_HINT": "LATENCY"}
        ).create_infer_request()

    def prepare(self) -> None:
        pass

    def interrupt(self) -> None:
        self._request.cancel()

    def run(self, batch: np.ndarray | tuple[np.ndarray, ...]) -> np.ndarray:
        return self._request.infer(dict(enumerate(_inputs(batch))))[0].copy()


def _inputs(batch: np.ndarray | tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    return batch if isinstance(batch, tuple) else (batch,)
