"""How long does it take, and how much memory? Prints a table of ratios against a baseline of the same run.

    python tests/benchmarks/speed.py             all of it
    python tests/benchmarks/speed.py --check     fails if a limit is passed
    python tests/benchmarks/speed.py --openvino  through OpenVINO where that is installed

removal   a 300-pixel object in a 24-megapixel photograph, request to result, over one bare run of the network
memory    peak of a window with that photograph through the removal, over the same window idle
command   ``main.py remove`` from the command line, cold, on an 8-megapixel JPEG: seconds and megabytes
start     first paint of an 8-megapixel photograph over that of a QLabel with a QPixmap

Windows open on DISPLAY if it is set, else on Qt's offscreen platform.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "samples" / "desert-hike.jpg"
sys.path.insert(0, str(ROOT))

LIMITS = {
    "removal ratio": 1.3,
    "memory MB": 600.0,
    "command s": 3.0,
    "command MB": 700.0,
    "start ratio": 2.0,
}

# What a child does before main.py: without_openvino hides it, as on a machine that lacks the extra.
WITHOUT_OPENVINO = "import sys; sys.modules['openvino'] = None\n"

LABEL = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel

class Label(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time(), flush=True)
        QTimer.singleShot(0, app.quit)

app = QApplication([])
label = Label()
label.setPixmap(QPixmap(sys.argv[1]))
label.resize(1360, 860)
label.show()
app.exec()
"""

# A window with a photograph: resident memory idle, and the peak through one removal.
WINDOW = """
import json, sys
sys.path.insert(0, ROOT)
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from editor.document.tiles import TileWriter
from editor.document import masks
from editor.document.storage import open_document
from editor.ui import theme
from editor.ui.window import Window

def status(key):
    for line in open("/proc/self/status"):
        if line.startswith(key):
            return int(line.split()[1]) / 1024

app = QApplication([])
theme.apply(app)
window = Window(ThreadPoolExecutor(1))
window.documents.open(Path(sys.argv[1]))
window.show()
result = {}

def start():
    result["idle"] = status("VmRSS")
    open("/proc/self/clear_refs", "w").write("5")  # the peak counts from here
    document = window.document
    writer = TileWriter(document.selection)
    masks.draw_segment(writer, (3000, 2000), (3000, 2000), (150, 150), 1.0, document.rect)
    window._make_removals()
    window.removing._removals.ended.connect(end)
    window.removing.start()

def end(document, level, message):
    result["peak"] = status("VmHWM")
    result["level"] = level
    document.history.mark_saved(document.history.state)
    window.close()

QTimer.singleShot(6000, start)
app.exec()
print(json.dumps(result))
"""


def environment() -> dict[str, str]:
    env = dict(os.environ)
    if not env.get("DISPLAY"):
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("CONFIG", "STATE", "CACHE"):
        env[f"LACUNA_{name}_DIR"] = tempfile.mkdtemp(prefix="lacuna-speed-")
    return env


def run(*arguments: str) -> tuple[float, str]:
    """When a Python with ``arguments`` was started, and what it printed."""
    started = time.time()
    child = subprocess.run(
        [sys.executable, *arguments], env=environment(), capture_output=True, text=True, check=True
    )
    return started, child.stdout


def big_photograph(folder: Path) -> Path:
    """24 megapixels, as a JPEG."""
    path = folder / "big.jpg"
    Image.open(SAMPLE).convert("RGB").resize((6000, 4000), Image.Resampling.LANCZOS).save(path, quality=92)
    return path


def removal(photograph: Path, runs: int) -> dict[str, float]:
    """Seconds of a removal and of the bare network, alternating so that noise hits both."""
    from editor.document import masks
    from editor.document.storage import open_document
    from editor.document.tiles import TileWriter
    from editor.jobs import remove
    from engines import registry
    from engines.base import Progress

    document = open_document(photograph)
    engine = registry.load(registry.DEFAULT_REMOVER)
    batch = np.random.default_rng(0).uniform(-1, 1, (1, 4, 512, 512)).astype(np.float32)
    whole, bare, ratios = [], [], []
    for _ in range(runs + 1):
        masks.draw_segment(
            TileWriter(document.selection), (3000, 2000), (3000, 2000), (150, 150), 1.0, document.rect
        )
        started = time.perf_counter()
        request = remove.request(document)
        remove.apply(document, request, engine.run(request, Progress()))
        between = time.perf_counter()
        document.undo()
        engine._network.run(batch, Progress())
        whole.append(between - started)
        bare.append(time.perf_counter() - between)
        ratios.append(whole[-1] / bare[-1])
    # The first run warms caches and is left out.
    return {
        "removal s": statistics.median(whole[1:]),
        "network s": statistics.median(bare[1:]),
        "removal ratio": statistics.median(whole[1:]) / statistics.median(bare[1:]),
    }


def memory(photograph: Path, prelude: str) -> dict[str, float]:
    _, out = run("-c", f"{prelude}ROOT = {str(ROOT)!r}\n{WINDOW}", str(photograph))
    seen = json.loads(out.splitlines()[-1])
    assert seen["level"] == "info", "the removal failed"
    return {"idle MB": seen["idle"], "peak MB": seen["peak"], "memory MB": seen["peak"] - seen["idle"]}


def command(folder: Path, runs: int, prelude: str) -> dict[str, float]:
    """Wall time and peak memory of the command, each run a new process."""
    mask = folder / "mask.png"
    values = np.zeros((2560, 3840), np.uint8)
    values[2000:2300, 1100:1400] = 255
    Image.fromarray(values).save(mask)
    code = (
        f"{prelude}import runpy, sys; sys.path.insert(0, '.'); runpy.run_path('main.py', run_name='__main__')"
    )
    arguments = ["remove", str(SAMPLE), "--mask", str(mask), "-o", str(folder / "out.jpg")]
    seconds, megabytes = [], []
    for _ in range(runs):
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        seconds.append(time.perf_counter() - started)
        megabytes.append(usage.ru_maxrss / 1024)
    return {"command s": statistics.median(seconds), "command MB": statistics.median(megabytes)}


def start(runs: int) -> dict[str, float]:
    ours, label = [], []
    for _ in range(runs):
        started, out = run("-c", LABEL, str(SAMPLE))
        label.append(float(out.splitlines()[0]) - started)
        started, out = run(str(ROOT / "tests" / "first_paint.py"), str(SAMPLE))
        report = json.loads(out)
        assert not report["heavy"], f"imported before the first paint: {report['heavy']}"
        ours.append(report["time"] - started)
    return {
        "editor s": statistics.median(ours),
        "label s": statistics.median(label),
        "start ratio": statistics.median(ours) / statistics.median(label),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a limit is passed")
    parser.add_argument("--openvino", action="store_true", help="use OpenVINO if it is installed")
    parser.add_argument("--only", nargs="+", choices=("removal", "memory", "command", "start"))
    options = parser.parse_args()
    prelude = "" if options.openvino else WITHOUT_OPENVINO
    if not options.openvino:
        sys.modules["openvino"] = None
    wanted = options.only or ("removal", "memory", "command", "start")
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photograph = big_photograph(folder)
        if "removal" in wanted:
            figures |= removal(photograph, options.runs)
        if "memory" in wanted:
            figures |= memory(photograph, prelude)
        if "command" in wanted:
            figures |= command(folder, options.runs, prelude)
        if "start" in wanted:
            figures |= start(options.runs)
    passed = True
    for key, value in figures.items():
        limit = LIMITS.get(key)
        word = ""
        if limit is not None:
            met = value <= limit
            passed &= met
            word = f"limit {limit:g} {'met' if met else 'PASSED'}"
        print(f"{key:14} {value:8.2f}  {word}")
    return 0 if passed or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
