"""Runs an ONNX graph of several inputs and outputs whose weights are handed to it apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engines.base import Cancelled, Progress
from engines.device import onnx_providers
from engines.onnx_network import as_engine_error, session_options


class OnnxGraph:
    """A graph, from the bytes of a checked file, joined with its ``weights`` by their names.

    An initialiser of the graph that has no data of its own (it is marked as external) gets the weight of its
    name; onnxruntime checks the shape and opens no file. ``device`` is as `OnnxNetwork` has it; afterwards
    ``self.device`` names what is used. Raises EngineError if the device is not there or the weights do not
    fit the graph, OutOfMemory if there is no room for it.
    """

    def __init__(self, content: bytes, weights: Mapping[str, np.ndarray], device: str) -> None:
        import onnxruntime

        providers = onnx_providers(device)
        try:
            options = session_options()
            names = list(weights)
            values = [
                onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(weights[name]))
                for name in names
            ]
            options.add_external_initializers(names, values)
            self._session = onnxruntime.InferenceSession(content, options, providers=providers)
        except Exception as error:
            raise as_engine_error(error, "The model could not be loaded") from error
        self.device = self._session.get_providers()[0].removesuffix("ExecutionProvider").lower()

    def run(self, inputs: Mapping[str, np.ndarray], progress: Progress) -> list[np.ndarray]:
        """The graph's outputs in its order; cancelling ``progress`` stops it in the middle."""
        import onnxruntime

        running: Any = onnxruntime.RunOptions()

        def interrupt() -> None:
            running.terminate = True

        progress.interrupt = interrupt
        try:
            if progress.cancelled:  # called off before interrupt was in place
                raise Cancelled
            return self._session.run(None, dict(inputs), running)
        except Exception as error:
            if progress.cancelled:
                raise Cancelled from None
            raise as_engine_error(error, "The model could not be run") from error
        finally:
            progress.interrupt = None
