"""Write the M-LSD line detector as resources/models/mlsd-512.onnx from its published TensorFlow Lite file.

    python packaging/build_mlsd.py M-LSD_512_tiny_fp32.tflite [OUTPUT.onnx] [--check PHOTO ...]

The file is one of its authors' (M-LSD: Gu et al., "Towards Light-weight and Real-time Line Segment
Detection", AAAI 2022; their repository navervision/mlsd, folder ``tflite_models``). Kept is the network
alone:

    input   1 x 4 x 512 x 512 float32: RGB in 0..255, then a channel of ones
    output  1 x 5 x 256 x 256 float32: for each pixel of half the size, how sure it is that it is the middle
            of a segment, as a logit; then how far off the segment's ends are in these pixels: x, y of one,
            x, y of the other

The choice of the best middles behind it is left to ``engines/lines/network.py``, and of the last layer's 16
channels the 11 that only training used are left out. The large network, about four times as slow, can be
written as well: its weights stay float16 as published and are cast when it is loaded. ``--check`` compares
with TensorFlow Lite on photographs. Needs the ``tools`` extra and the package ``tflite``, ``--check`` also
``ai-edge-litert``.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

import numpy as np
import onnx
from tflite_onnx import Converter, put

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported

SOURCES = {
    "9eea1c32aa599a74d60b74fa62a17993da2ee5eb7666aad27e9795fe8bd08293": "512 tiny",  # what is embedded
    "34c470216a905c4850771ce2bfc5e13079d99799aaa5726dd51a985fb62b0b8b": "512 large",
}
SIZE, MAP = 512, 256
CHANNELS = slice(7, 12)  # of the last layer: the middle, then the two ends
DEFAULT_OUTPUT = Path(__file__).parent.parent / "resources" / "models" / "mlsd-512.onnx"


def network(content: bytes) -> onnx.ModelProto:
    """The network from the picture to the map; the choice of the best middles begins with a slice."""
    converter = Converter(content, "rgb_and_one")
    (last,) = converter.write([converter.before_first("STRIDED_SLICE")])
    places = {"start": CHANNELS.start, "end": CHANNELS.stop, "axis": 1}
    names = [converter.constant(name, np.array([place], np.int64)) for name, place in places.items()]
    converter.node("Slice", [last, *names], "map")
    return converter.model("M-LSD 512", [1, 4, SIZE, SIZE], {"map": [1, 5, MAP, MAP]})


def batch_of(photo: Path) -> np.ndarray:
    """A photograph as the network takes it, (1, 512, 512, 4)."""
    import cv2

    rgb = cv2.cvtColor(cv2.imread(str(photo)), cv2.COLOR_BGR2RGB)
    small = cv2.resize(rgb, (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.dstack([small, np.ones((SIZE, SIZE), np.float32)])[None]


def compare(model: onnx.ModelProto, source: Path, photos: list[Path]) -> None:
    """Print the largest differences from TensorFlow Lite's own answers: scores and ends of its 200 best."""
    import onnxruntime
    from ai_edge_litert.interpreter import Interpreter

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    interpreter = Interpreter(str(source))
    interpreter.allocate_tensors()
    outputs = [each["index"] for each in interpreter.get_output_details()]
    for photo in photos:
        batch = batch_of(photo)
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], batch)
        interpreter.invoke()
        places, scores, ends = (interpreter.get_tensor(index)[0] for index in outputs)
        ours = session.run(None, {"rgb_and_one": batch.transpose(0, 3, 1, 2)})[0][0]
        rows, columns = places[scores > 0].T
        off = np.abs(1 / (1 + np.exp(-ours[0, rows, columns])) - scores[scores > 0])
        print(
            f"{photo.name}: {(scores > 0.1).sum()} segments, largest difference of scores {off.max():.1e}, "
            f"of ends {np.abs(ours[1:, rows, columns].T - ends[rows, columns]).max():.1e} pixels"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path, nargs="?", default=DEFAULT_OUTPUT)
    parser.add_argument("--check", type=Path, nargs="+", metavar="PHOTO", help="compare on these photographs")
    arguments = parser.parse_args()
    content = arguments.source.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest not in SOURCES:
        raise SystemExit(f"{arguments.source}: sha256 {digest} is of no published file")
    model = network(content)
    put(model, arguments.output)
    if arguments.check:
        compare(model, arguments.source, arguments.check)
    return 0


if __name__ == "__main__":
    sys.exit(main())
