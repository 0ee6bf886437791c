"""How long from the pointer to the paint on the screen? Prints a table.

    python tests/benchmarks/brush.py           all of it
    python tests/benchmarks/brush.py --check   fails if a limit is passed

1,000 pointer events of one stroke, a 200-pixel soft brush, over a picture of 50 megapixels: one photograph
with an empty layer over it, and the ten layers of tests/benchmarks/document.py. Each event is handed to the
window's canvas as Qt does it; its time ends when the canvas has been repainted. "cpu" is what the window's
thread worked of that, without what a busy machine made it wait. "lost" counts events that the tool did not
get. "outline" draws the stroke at the zoom of the whole picture and at 100 % and compares bytes.

Windows open on DISPLAY if it is set, else on Qt's offscreen platform.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "benchmarks")]

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from document import build  # noqa: E402
from PySide6.QtCore import QEvent, QPointF, Qt  # noqa: E402
from PySide6.QtGui import QMouseEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from editor.document import stack  # noqa: E402
from editor.document.model import Document  # noqa: E402
from editor.ui import opening, theme  # noqa: E402
from editor.ui.canvas import Canvas  # noqa: E402
from editor.ui.window import Window  # noqa: E402

EVENTS = 1000
SIZE = 200.0
LIMIT_MS = 16.0


def path(document: Document, left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """(EVENTS, 2): a loose scribble within a part of the picture, at a hand's speed."""
    turn = np.linspace(0, 14 * np.pi, EVENTS)
    x = (left + right) / 2 + (right - left) * 0.42 * np.sin(turn * 0.31)
    y = (top + bottom) / 2 + (bottom - top) * 0.42 * np.sin(turn * 0.5 + 1)
    return np.column_stack([x, y])


def send(canvas: Canvas, kind: QEvent.Type, place: tuple[float, float]) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    point = canvas.view.to_widget(*place)
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = none if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind, point, QPointF(canvas.mapToGlobal(point)), button, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas, event)


def stroke(canvas: Canvas, points: np.ndarray) -> tuple[list[float], list[float], int]:
    """Milliseconds of each event until the canvas is repainted, by the clock and of this thread's work, and
    how many moves the tool got."""
    got = 0
    tool = canvas.tool
    move = tool.move

    def counted(document, pointer) -> None:
        nonlocal got
        got += 1
        move(document, pointer)

    tool.move = counted
    times, works = [], []
    send(canvas, QEvent.Type.MouseButtonPress, tuple(points[0]))
    QApplication.processEvents()
    for point in points[1:]:
        start, work = time.perf_counter(), time.thread_time()
        send(canvas, QEvent.Type.MouseMove, tuple(point))
        QApplication.processEvents()  # paints what the event has made stale
        times.append((time.perf_counter() - start) * 1000)
        works.append((time.thread_time() - work) * 1000)
    send(canvas, QEvent.Type.MouseButtonRelease, tuple(points[-1]))
    QApplication.processEvents()
    del tool.move
    return times, works, got


def settle(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def show(window: Window, document: Document) -> Canvas:
    window.documents.show(opening.made_ready(document), None)
    settle(2.0)
    canvas = window.canvas
    window.tools.use("brush")
    brush = window.tools.tool("brush")
    brush.size, brush.hardness, brush.opacity = SIZE, 0.5, 0.9
    window.bench.foreground = (0.8, 0.2, 0.2)
    return canvas


def measure(window: Window, name: str, document: Document, layer, rows: list) -> None:
    canvas = show(window, document)
    window.bench.layer = layer
    for label, zoom in (("whole picture", None), ("100 %", 1.0)):
        if zoom is None:
            canvas.fit()
            points = path(document, 0, 0, document.width, document.height)
        else:
            canvas.zoom_to(zoom)
            left, top = canvas.view.to_image(QPointF(0, 0))
            right, bottom = canvas.view.to_image(QPointF(canvas.width(), canvas.height()))
            points = path(document, left, top, right, bottom)
        settle(1.0)
        times, works, got = stroke(canvas, points)
        settle(0.5)
        document.undo()
        settle(1.0)
        p50, p99, work = (
            statistics.median(times),
            *(float(np.percentile(each, 99)) for each in (times, works)),
        )
        rows.append((f"{name}, {label}", p50, p99, work, max(times), EVENTS - 1 - got))


def same_at_every_zoom(window: Window, document: Document, layer) -> bool:
    canvas = window.canvas
    points = path(document, 3000, 2000, 3800, 2500)
    drawn = []
    for zoom in (None, 1.0):
        if zoom is None:
            canvas.fit()
        else:
            canvas.zoom_to(zoom)
            canvas.centre_on(3400, 2250)
        settle(0.3)
        stroke(canvas, points)
        drawn.append(layer.image.read(document.rect).tobytes())
        document.undo()
    return drawn[0] == drawn[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail if a limit is passed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "STATE", "CACHE"):
            os.environ[f"LACUNA_{name}_DIR"] = folder
        app = QApplication(["brush"])
        theme.apply(app)
        window = Window(ThreadPoolExecutor(1))
        window.show()
        rows: list[tuple[str, float, float, float, float, int]] = []
        ten = build()
        photograph = Document(ten.width, ten.height, ten.dtype, [ten.layers[0].snapshot()])
        empty = stack.add_pixels(photograph)
        measure(window, "photograph", photograph, empty, rows)
        same = same_at_every_zoom(window, photograph, empty)
        measure(window, "ten layers", ten, ten.layers[5], rows)
        window.saving.may_close = lambda document: True
        window.close()
    print(f"{'':28}{'p50 ms':>9}{'p99 ms':>9}{'cpu p99':>9}{'worst':>9}{'lost':>7}")
    for name, p50, p99, work, worst, lost in rows:
        print(f"{name:28}{p50:9.1f}{p99:9.1f}{work:9.1f}{worst:9.1f}{lost:7}")
    print(f"the stroke at both zooms is {'the same' if same else 'DIFFERENT'}, byte for byte")
    passed = same and all(p99 <= LIMIT_MS and lost == 0 for _, _, p99, _, _, lost in rows)
    return 0 if passed or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
