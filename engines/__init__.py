"""Engines: numpy in, a learned prior, numpy out. Nothing here knows of the editor.

Both runtimes report their use to their makers over the network unless told otherwise before they are
imported; this package is always imported before them.
"""

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime: sends nothing, keeps no identity of this machine
sys.modules.setdefault("openvino_telemetry", None)  # OpenVINO does without a package that is missing
