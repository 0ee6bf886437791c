"""Engines: numpy in, a learned prior, numpy out. Nothing here knows of the editor.

Runtimes and libraries report their use to their makers, or look for newer files, over the network unless
told otherwise before they are imported; this package is always imported before them.
"""

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime: sends nothing, keeps no identity of this machine
sys.modules.setdefault("openvino_telemetry", None)  # OpenVINO does without a package that is missing
# diffusers and transformers read what is on this machine and ask no hub for anything.
os.environ |= dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"), "1")
os.environ["DIFFUSERS_VERBOSITY"] = os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
