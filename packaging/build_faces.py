"""Write the networks that find faces as resources/models/blazeface.onnx and face-mesh.onnx.

    python packaging/build_faces.py face_landmarker.task [FOLDER] [--check PHOTO ...]

The file is MediaPipe's face landmarker, a zip of TensorFlow Lite networks. Of these two are kept:

BlazeFace, short range (Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs",
CVPR workshops 2019), ``blazeface.onnx``:

    input   1 x 3 x h x w float32: RGB in -1 .. 1, each side a multiple of 16. It was trained on squares of
            128 but is made of convolutions alone, so a picture of any size is searched in one run
    fine    1 x 34 x h/8 x w/8 float32: for each of the 2 anchors of a place, in its middle, how sure it is
            that a face is there, as a logit; then for each of them 16 pixels from there: x, y of the face's
            middle, width, height, and x, y of both eyes, the tip of the nose, the mouth and both tragions
    coarse  1 x 102 x h/16 x w/16 float32: the same of 6 anchors

the face mesh (Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", CVPR
workshops 2019; Grishchenko et al., "Attention Mesh", 2020), ``face-mesh.onnx``:

    input   1 x 3 x 256 x 256 float32: RGB in 0 .. 1, an upright face with a quarter of its box around it
    output  1 x 1435 float32: how sure it is that this is a face, as a logit; then 478 points x, y, z in
            pixels of the 256

Both have float16 weights as published. Needs the ``tools`` extra and the package ``tflite``; ``--check``,
which compares with TensorFlow Lite on photographs, also ``ai-edge-litert``.
"""

import argparse
import hashlib
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from tflite_onnx import Converter, put

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported

SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
DEFAULT_FOLDER = Path(__file__).parent.parent / "resources" / "models"
DETECTOR = 128
MESH, POINTS = 256, 478


def blazeface(content: bytes) -> onnx.ModelProto:
    converter = Converter(content, "rgb")
    # Either output is two maps, each flattened, one behind the other.
    outputs = [converter.output(name) for name in ("classificators", "regressors")]
    flat = [each for output in outputs for each in converter.before(output)]
    names = converter.write([converter.before(each)[0] for each in flat])
    targets = {}
    for name, maps, anchors, step in (("fine", names[::2], 2, 8), ("coarse", names[1::2], 6, 16)):
        converter.node("Concat", maps, name, axis=1)
        targets[name] = [1, 17 * anchors, f"height / {step}", f"width / {step}"]
    return converter.model("BlazeFace", [1, 3, "height", "width"], targets)


def face_mesh(content: bytes) -> onnx.ModelProto:
    converter = Converter(content, "rgb")
    both = converter.write([converter.output("Identity_1"), converter.output("Identity")])
    whole = converter.node("Concat", both, "whole", axis=1)
    converter.node("Flatten", [whole], "mesh")
    return converter.model("Face mesh", [1, 3, MESH, MESH], {"mesh": [1, 1 + 3 * POINTS]})


def as_published(maps: list[np.ndarray]) -> list[np.ndarray]:
    """Our outputs as TensorFlow Lite has them: logits, then places; each flat."""
    if len(maps) == 1:
        return [maps[0][0, :1], maps[0][0, 1:]]
    split = [(each[0, : len(each[0]) // 17], each[0, len(each[0]) // 17 :]) for each in maps]
    return [
        np.concatenate([part.transpose(1, 2, 0).ravel() for part in parts])
        for parts in zip(*split, strict=True)
    ]


# What becomes which file: its member in the task, what writes it, the side of its square, its least value.
NETWORKS: dict[str, tuple[str, Callable[[bytes], onnx.ModelProto], int, float]] = {
    "blazeface.onnx": ("face_detector.tflite", blazeface, DETECTOR, -1.0),
    "face-mesh.onnx": ("face_landmarks_detector.tflite", face_mesh, MESH, 0.0),
}


def compare(model: onnx.ModelProto, content: bytes, side: int, least: float, photos: list[Path]) -> None:
    """Print how far off TensorFlow Lite's own answers are at most: logits, then pixels of the input."""
    import cv2
    import onnxruntime
    from ai_edge_litert.interpreter import Interpreter

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    details = {each["name"]: each["index"] for each in interpreter.get_output_details()}
    names = ("classificators", "regressors") if "regressors" in details else ("Identity_1", "Identity")
    for photo in photos:
        rgb = cv2.cvtColor(cv2.imread(str(photo)), cv2.COLOR_BGR2RGB)
        small = cv2.resize(rgb, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)[None] / 255
        batch = small * (1 - least) + least
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], batch)
        interpreter.invoke()
        theirs = [interpreter.get_tensor(details[name]).ravel() for name in names]
        ours = as_published(session.run(None, {"rgb": batch.transpose(0, 3, 1, 2)}))
        logits, places = (np.abs(one - other).max() for one, other in zip(ours, theirs, strict=True))
        print(f"{photo.name}, {side}: logits {logits:.1e}, pixels {places:.1e}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT_FOLDER)
    parser.add_argument("--check", type=Path, nargs="+", metavar="PHOTO", help="compare on these photographs")
    arguments = parser.parse_args()
    digest = hashlib.sha256(arguments.source.read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{arguments.source}: sha256 {digest} is not that of the published file")
    with zipfile.ZipFile(arguments.source) as task:
        for name, (member, write, side, least) in NETWORKS.items():
            content = task.read(member)
            model = write(content)
            put(model, arguments.folder / name)
            if arguments.check:
                compare(model, content, side, least, arguments.check)
    return 0


if __name__ == "__main__":
    sys.exit(main())
