"""Makes the pictures of the guide: each of its ten tasks is done in the real window, and seen half way.

    python packaging/guide_pictures.py               all of them, in both languages, in about two minutes
    python packaging/guide_pictures.py lines later   these

They are written to resources/help/LANGUAGE/pictures. What cannot be done any more as the guide says it ends
the script, so that a picture never shows what the program is not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt  # noqa: E402
from PySide6.QtGui import QImage, QMouseEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402

from editor.ui import language, theme  # noqa: E402
from editor.ui.export.dialog import ExportDialog  # noqa: E402
from editor.ui.slider import NumberSlider  # noqa: E402

SIZE = (1120, 720)
PICTURE = (580, 390)  # a part of the window, at its own size
SMALL = (860, 540)  # a window that is to be seen whole
LANGUAGES = ("en", "zh_CN")
SAMPLE = ROOT / "resources" / "samples" / "desert-hike.jpg"
# Strokes over them and their shadows.
HIKERS = (
    ((1150, 2130), (1160, 2250), (1290, 2265)),
    ((1195, 2120), (1200, 2240), (1330, 2230)),
    ((1300, 2090), (1310, 2210), (1390, 2210)),
    ((1360, 2070), (1370, 2190), (1450, 2190)),
    ((1410, 2060), (1420, 2170), (1510, 2170)),
    ((1478, 2030), (1485, 2140), (1560, 2150), (1660, 2180)),
)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
PATIENCE = 60.0  # seconds
Point = tuple[float, float]


class Scene:
    """The window as someone has it who is half way through a task."""

    def __init__(self, language: str, folder: Path) -> None:
        from editor.ui.window import Window
        from engines.manager import EngineManager

        self.folder = folder
        self.window = Window(ThreadPoolExecutor(1), EngineManager())
        self.window.settings.tour_seen = True
        self.window.settings.language = language
        self.window.resize(*SIZE)
        self.window.show()

    def wait(self, done: Callable[[], object], what: str) -> None:
        """Raises RuntimeError if it does not come."""
        end = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > end:
                raise RuntimeError(f"waited in vain for {what}")
            QTest.qWait(20)

    def open(self, name: str = "hikers.jpg") -> None:
        path = self.folder / name
        if not path.exists():
            path.write_bytes(SAMPLE.read_bytes())
        count = self.window.tabs.count()
        self.window.documents.open(path)
        self.wait(lambda: self.window.tabs.count() == count + 1, "the picture")
        self.wait(lambda: self.window.canvas._painted, "the canvas")
        QTest.qWait(300)

    def look_at(self, x: float, y: float, zoom: float) -> None:
        self.window.canvas.zoom_to(zoom)
        self.window.canvas.centre_on(x, y)
        QTest.qWait(200)

    def run(self, command: str) -> None:
        self.window.actions_by_id[command].trigger()
        QTest.qWait(100)

    def use(self, tool: str) -> None:
        self.window.tools.use(tool)

    def drag(self, *points: Point, keys: Qt.KeyboardModifier = PLAIN, release: bool = True) -> None:
        """A drag of the left button through points of the picture."""
        canvas = self.window.canvas
        places = [canvas.view.to_widget(x, y) for x, y in points]
        self._send(QEvent.Type.MouseButtonPress, places[0], LEFT, LEFT, keys)
        for before, place in pairwise(places):
            for step in range(1, 7):
                self._send(QEvent.Type.MouseMove, before + (place - before) * step / 6, NONE, LEFT, keys)
                QTest.qWait(8)
        if release:
            self._send(QEvent.Type.MouseButtonRelease, places[-1], LEFT, NONE, keys)
        QTest.qWait(150)
        self.wait(lambda: canvas.document.busy is None, "the edit")

    def click(self, point: Point, keys: Qt.KeyboardModifier = PLAIN) -> None:
        self.drag(point, keys=keys)

    def _send(self, kind: QEvent.Type, place: QPointF, button, buttons, keys) -> None:
        canvas = self.window.canvas
        event = QMouseEvent(kind, place, QPointF(canvas.mapToGlobal(place)), button, buttons, keys)
        QApplication.sendEvent(canvas, event)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyClick(self.window.canvas, key, keys)

    def paint_over_the_hikers(self) -> None:
        self.look_at(1320, 2080, 1.0)
        self.use("remove-brush")
        for stroke in HIKERS:
            self.drag(*stroke)

    def close(self) -> None:
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        QTest.qWait(300)
        for document in self.window.tabs.documents():
            document.history.mark_saved(document.history.state)
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# -- the tasks: each leaves the window as it is half way, and says what is to be seen of it -----------------


def remove(scene: Scene) -> QWidget:
    scene.paint_over_the_hikers()
    return scene.window.canvas


def warmer(scene: Scene) -> QWidget:
    scene.use("wand")
    scene.click((2000, 300))
    scene.click((600, 1200), SHIFT)
    scene.window.layers.add_adjustment("white-balance")
    QTest.qWait(300)
    dock = scene.window.panels.docks["adjustments"]
    slider = next(each for each in dock.findChildren(NumberSlider) if each.isVisible())
    slider.set_value(35)
    slider.changed.emit(35)
    QTest.qWait(400)
    return dock


def straighten(scene: Scene) -> QWidget:
    scene.use("crop")
    scene.drag((300, 1900), (3300, 1700), keys=CTRL)
    return scene.window.canvas


def select(scene: Scene) -> QWidget:
    scene.window.resize(*SMALL)
    QTest.qWait(200)
    scene.window.canvas.fit()
    scene.use("wand")
    scene.click((2000, 300))
    for more in ((600, 1200), (3700, 150), (3700, 1500), (60, 60)):
        scene.click(more, SHIFT)
    scene.run("selecting.invert")
    scene.run("layers.add_mask")
    QTest.qWait(400)
    return scene.window


def heal(scene: Scene) -> QWidget:
    scene.look_at(1320, 2080, 1.0)
    scene.run("layers.new_layer")
    scene.use("stamp")
    scene.click((1700, 2080), ALT)
    scene.drag((1150, 2080), (1260, 2090), (1330, 2080))
    return scene.window.canvas


def combine(scene: Scene) -> QWidget:
    scene.use("lasso")
    scene.drag((1050, 1960), (1560, 1960), (1560, 2300), (1050, 2300), (1050, 1960))
    scene.run("edit.copy")
    scene.run("selecting.nothing")
    scene.run("edit.paste")
    scene.run("edit.free_transform")
    QTest.qWait(300)
    return scene.window.canvas


def lines(scene: Scene) -> QWidget:
    scene.look_at(2675, 1890, 0.5)
    scene.use("select-rectangle")
    scene.drag((2500, 1740), (2850, 2030))
    scene.run("removing.find_lines")
    scene.wait(lambda: len(scene.window.document.guides) > 0, "the lines")
    QTest.qWait(300)
    return scene.window.canvas


def export(scene: Scene) -> QWidget:
    scene.run("exporting.show")
    scene.wait(lambda: bool(scene.window.findChildren(ExportDialog)), "the dialog")
    dialog = scene.window.findChildren(ExportDialog)[0]
    scene.wait(dialog.accept_button.isEnabled, "the size of the file")
    return dialog


def recover(scene: Scene) -> QWidget:
    scene.window.resize(*SMALL)
    scene.wait(lambda: scene.window._offer.bar is not None, "the offer")
    QTest.qWait(300)
    return scene.window


def later(scene: Scene) -> QWidget:
    scene.window.resize(*SMALL)
    scene.paint_over_the_hikers()
    scene.run("removing.vary")
    scene.wait(lambda: not scene.window.removing.is_running(scene.window.document), "the results")
    QTest.qWait(500)
    return scene.window


TASKS = (remove, warmer, straighten, select, heal, combine, lines, export, later, recover)

# A program that was killed while a picture was open.
CRASH = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from editor.document import recovery, stack
from editor.document.storage import open_document
path = Path(sys.argv[2])
document = open_document(path)
journal = recovery.begin(document, path, print)
stack.add_pixels(document, "Sky")
document.set_layer(document.layers[0], "opacity", 0.5, "Layer opacity")
assert journal.wait(20)
os._exit(9)
"""


def crash(folder: Path) -> None:
    path = folder / "hikers.jpg"
    path.write_bytes(SAMPLE.read_bytes())
    subprocess.run([sys.executable, "-c", CRASH, str(ROOT), str(path)], check=False, timeout=60)


def picture(window: QWidget, shown: QWidget) -> QImage:
    """A window whole, as large as there is room for it, or the part of it around what is to be seen."""
    QTest.qWait(1500)  # what is drawn coarsely first is drawn finely by then
    if shown.isWindow():
        whole = shown.grab().toImage()
        smooth = Qt.TransformationMode.SmoothTransformation
        return whole if whole.width() <= PICTURE[0] else whole.scaledToWidth(PICTURE[0], smooth)
    middle = shown.mapTo(window, shown.rect().center())
    part = QRect(QPoint(0, 0), QSize(*PICTURE))
    part.moveCenter(middle)
    part.moveLeft(min(max(part.left(), 0), window.width() - part.width()))
    part.moveTop(min(max(part.top(), 0), window.height() - part.height()))
    return window.grab(part).toImage()


def make(task: Callable[[Scene], QWidget], language: str, out: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if task is recover:
            crash(folder)
        scene = Scene(language, folder)
        if task is not recover:
            scene.open()
        image = picture(scene.window, task(scene)).convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
        out.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(out / f"{task.__name__}.webp", quality=82, method=6)
        scene.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [task.__name__ for task in TASKS]
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=", ".join(names))
    parser.add_argument("--language", choices=LANGUAGES, help="in one language alone")
    options = parser.parse_args()
    if options.language is None:  # each in a process of its own: what was installed stays
        for name in LANGUAGES:
            with tempfile.TemporaryDirectory() as home:
                places = {f"LACUNA_{kind}_DIR": home for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
                command = [sys.executable, __file__, *options.tasks, "--language", name]
                subprocess.run(command, env=os.environ | places, check=True)
        return
    app = QApplication([])
    language.install(app, options.language)
    theme.apply(app, "dark")
    for task in TASKS:
        if task.__name__ in (options.tasks or names):
            make(task, options.language, ROOT / "resources" / "help" / options.language / "pictures")
    os._exit(0)  # of several windows in one process Qt does not take apart what is left in the right order


if __name__ == "__main__":
    main()
