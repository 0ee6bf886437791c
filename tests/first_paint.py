"""Runs main.py and tells of the canvas's first paint, without importing anything of it early.

    python tests/first_paint.py PICTURE

Prints one line of JSON: when it was, what heavy modules were loaded by then, what was shown.
"""

import importlib.abc
import importlib.machinery
import json
import runpy
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAVY = (
    *("torch", "onnxruntime", "openvino", "cv2", "scipy", "tifffile"),
    *("psd_tools", "pi_heif", "pyjpegxl", "rawpy"),
)


class Watch(importlib.abc.MetaPathFinder):
    """Wraps the canvas's paintEvent as soon as its module is loaded."""

    def find_spec(self, name, path, target=None):
        if name != "editor.ui.canvas":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            paint = module.Canvas.paintEvent

            def painted(self, event):
                paint(self, event)
                report = {"time": time.time()}
                module.Canvas.paintEvent = paint
                report["heavy"] = [name for name in HEAVY if sys.modules.get(name)]
                report["path"], report["visible"] = str(self.document.path), self.isVisible()
                print(json.dumps(report), flush=True)
                self.window().close()

            module.Canvas.paintEvent = painted

        spec.loader.exec_module = exec_module
        return spec


if __name__ == "__main__":
    sys.meta_path.insert(0, Watch())
    sys.path[0] = str(ROOT)
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
