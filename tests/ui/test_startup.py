"""The first picture is on the screen before anything heavy is imported."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "samples" / "desert-hike.jpg"

# Runs main.py and looks at the canvas's first paint, without importing anything of it early.
DRIVER = """
import importlib.abc, importlib.machinery, runpy, sys

class Watch(importlib.abc.MetaPathFinder):
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
                module.Canvas.paintEvent = paint
                heavy = ("torch", "onnxruntime", "openvino", "cv2", "scipy", "tifffile")
                print(",".join(name for name in heavy if name in sys.modules), flush=True)
                print(self.document.path, self.isVisible(), flush=True)
                self.window().close()
            module.Canvas.paintEvent = painted
        spec.loader.exec_module = exec_module
        return spec

root, path = sys.argv[1:]
sys.meta_path.insert(0, Watch())
sys.path.insert(0, root)
sys.argv = ["main.py", path]
runpy.run_path(root + "/main.py", run_name="__main__")
"""


def _start(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", LACUNA_CONFIG_DIR=str(tmp_path))
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_nothing_heavy_before_the_first_paint(tmp_path):
    run = _start(tmp_path, "-c", DRIVER, str(ROOT), str(SAMPLE))
    assert run.returncode == 0, run.stderr
    heavy, shown = run.stdout.splitlines()
    assert heavy == ""
    assert shown == f"{SAMPLE} True"
    assert "Traceback" not in run.stderr
    assert (tmp_path / "settings.json").exists()  # it was closed in order


def test_version_and_help_need_no_screen(tmp_path):
    for argument, words in (("--version", "Lacuna"), ("--help", "FILE")):
        run = _start(tmp_path, str(ROOT / "main.py"), argument)
        assert run.returncode == 0 and words in run.stdout
        assert list(tmp_path.iterdir()) == []
