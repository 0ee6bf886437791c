"""The first picture is on the screen before anything heavy is imported."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "samples" / "desert-hike.jpg"

DRIVER = ROOT / "tests" / "first_paint.py"


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
    run = _start(tmp_path, str(DRIVER), str(SAMPLE))
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["heavy"] == []
    assert (report["path"], report["visible"]) == (str(SAMPLE), True)
    assert "Traceback" not in run.stderr
    assert (tmp_path / "settings.json").exists()  # it was closed in order


def test_version_and_help_need_no_screen(tmp_path):
    for argument, words in (("--version", "Lacuna"), ("--help", "FILE")):
        run = _start(tmp_path, str(ROOT / "main.py"), argument)
        assert run.returncode == 0 and words in run.stdout
        assert list(tmp_path.iterdir()) == []


def test_no_picture_is_read_while_qt_goes_through_the_modules(tmp_path):
    """PySide6 aborts the process if another thread imports anything while it loads."""
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from editor.ui import app\n"
        "def opened(path):\n"
        "    print('PySide6' in sys.modules, flush=True)\n"
        "    os._exit(0)\n"
        "app.open_picture = opened\n"
        "app.main([sys.argv[2]])"
    )
    run = _start(tmp_path, "-c", code, str(ROOT), str(SAMPLE))
    assert run.stdout == "True\n", run.stderr
