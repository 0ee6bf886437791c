"""Hands and eyes at a real window: what a user does comes from xdotool through the X server.

The application runs as ``main.py`` runs it; the document is only looked at.
"""

import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageGrab

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QPoint, QRect, QTimer  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget  # noqa: E402

from editor.ui import app  # noqa: E402
from editor.ui.toast import Toast  # noqa: E402
from editor.ui.window import Window  # noqa: E402

WAIT_MS = 60_000
SETTLE_MS = 300
TYPING_MS = 8  # between two keys
ROUNDING = 1  # Qt scales a part of the picture by other fractions than the whole


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Let the application run until ``condition`` holds."""
    loop = QEventLoop()
    late = []

    def give_up() -> None:
        late.append(what)
        loop.quit()

    def look() -> None:
        if condition():
            loop.quit()

    poll, limit = QTimer(interval=15), QTimer(singleShot=True, interval=WAIT_MS)
    poll.timeout.connect(look)
    limit.timeout.connect(give_up)
    poll.start()
    limit.start()
    if not condition():
        loop.exec()
    poll.stop()
    limit.stop()
    assert not late, f"waited in vain for: {what}"


def xdotool(*arguments: object) -> None:
    subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=30)


def click(widget: QWidget, part: QRect | None = None) -> None:
    point = widget.mapToGlobal((part or widget.rect()).center())
    xdotool("mousemove", point.x(), point.y(), "click", 1)


def write(text: str) -> None:
    xdotool("type", "--delay", TYPING_MS, text)


class User:
    """Hands and eyes at one window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._shots = 0

    def place(self, x: float, y: float) -> tuple[int, int]:
        """Where a point of the picture is on the screen."""
        canvas = self.window.canvas
        point = canvas.mapToGlobal(canvas.view.to_widget(x, y)).toPoint()
        return point.x(), point.y()

    def focus(self) -> None:
        """There is no window manager that would give the keys to the window."""
        xdotool("windowfocus", int(self.window.winId()))
        wait_until(lambda: self.window.isActiveWindow(), "the focus")

    def stroke(self, *points: tuple[float, float]) -> None:
        entries = len(self.window.document.history.entries)
        words: list[object] = ["mousemove", *self.place(*points[0]), "mousedown", 1]
        for point in points[1:]:
            words += ["mousemove", *self.place(*point)]
        xdotool(*words, "mouseup", 1)
        history = self.window.document.history
        wait_until(lambda: len(history.entries) == entries + 1, "the stroke")

    def point_away(self) -> None:
        """The pointer leaves the picture, and its round cursor with it."""
        corner = self.window.mapToGlobal(QPoint(self.window.width() - 20, self.window.height() - 60))
        xdotool("mousemove", corner.x(), corner.y())
        wait_until(lambda: self.window.canvas._cursor_at is None, "the pointer to leave")

    def key(self, *names: str) -> None:
        xdotool("key", *names)

    def screen(self) -> np.ndarray:
        """All of the screen, as the X server has it: (h, w, 3)."""
        return np.asarray(ImageGrab.grab(xdisplay=os.environ["DISPLAY"]).convert("RGB"))

    def canvas_rect(self) -> QRect:
        canvas = self.window.canvas
        return QRect(canvas.mapToGlobal(QPoint(0, 0)), canvas.size())

    def see(self) -> tuple[np.ndarray, np.ndarray]:
        """The canvas on the screen, and where nothing lies over it; once all of it is painted."""
        canvas = self.window.canvas
        seen: list[np.ndarray] = []

        def is_painted() -> bool:
            rect = self.canvas_rect()
            shown = self.screen()[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
            drawn = as_array(canvas.grab().toImage())
            seen[:] = [shown, self.uncovered()]
            return shown.shape == drawn.shape and difference(shown, drawn)[seen[1]].max() <= ROUNDING

        wait_until(is_painted, "the screen to show the canvas")
        return seen[0], seen[1]

    def sees(self, widget: QWidget) -> bool:
        """Whether the screen shows a widget as it is drawn."""
        corner, size = widget.mapToGlobal(QPoint(0, 0)), widget.size()
        shown = self.screen()[corner.y() : corner.y() + size.height(), corner.x() : corner.x() + size.width()]
        drawn = as_array(widget.grab().toImage())
        return shown.shape == drawn.shape and difference(shown, drawn).max() <= ROUNDING

    def uncovered(self) -> np.ndarray:
        canvas = self.window.canvas
        free = np.ones((canvas.height(), canvas.width()), bool)
        for toast in self.window.findChildren(Toast):
            corner = canvas.mapFromGlobal(toast.mapToGlobal(QPoint(0, 0)))
            left, top = max(corner.x(), 0), max(corner.y(), 0)
            free[top : corner.y() + toast.height(), left : corner.x() + toast.width()] = False
        return free

    def look(self) -> None:
        """Give the window the time that an eye takes, to paint what has changed."""
        loop = QEventLoop()
        QTimer.singleShot(SETTLE_MS, loop.quit)
        loop.exec()

    def name_file(self, ask: Callable[[], None], path: Path) -> None:
        """Give the file dialog that ``ask`` brings up a name."""
        answered: list[QFileDialog] = []
        look = QTimer(self.window, interval=30)

        def answer() -> None:
            # The dialog has an event loop of its own: what is awaited here would not come back.
            widgets = QApplication.topLevelWidgets()
            shown = [each for each in widgets if isinstance(each, QFileDialog) and each.isVisible()]
            if not shown or not self.sees(shown[0]):
                return
            look.stop()
            answered.append(shown[0])
            name = shown[0].findChild(QLineEdit, "fileNameEdit")
            xdotool("windowfocus", int(shown[0].winId()))
            click(name)
            self.key("ctrl+a")
            write(str(path))
            self.key("Return")

        look.timeout.connect(answer)
        look.start()
        ask()
        wait_until(lambda: bool(answered), "the file dialog")
        self.focus()

    def shoot(self, name: str) -> None:
        folder = os.environ.get("LACUNA_E2E_SHOTS")
        if folder:
            self.look()
            self._shots += 1
            Path(folder).mkdir(parents=True, exist_ok=True)
            Image.fromarray(self.screen()).save(Path(folder) / f"{self._shots:02d}-{name}.png")


def difference(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.abs(one.astype(int) - other).max(axis=-1)


def as_array(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def state(window: Window) -> tuple[np.ndarray, np.ndarray]:
    document = window.document
    return document.composite(document.rect), document.selection.read(document.rect)[..., 0]


def same(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> bool:
    return np.array_equal(one[0], other[0]) and np.array_equal(one[1], other[1])


def run_editor(steps: Callable[[User], None], *paths: Path) -> int:
    """Open the editor with some pictures, do ``steps`` once the first is shown, and see it close.

    Returns the exit status: 0 if everything was as it should be.
    """
    failed = []
    begun = []
    show = Window.showEvent

    def shown(window: Window, event) -> None:
        show(window, event)
        if not begun:
            begun.append(window)
            QTimer.singleShot(0, lambda: run(window))

    def run(window: Window) -> None:
        user = User(window)
        try:
            wait_until(lambda: window.canvas is not None and window.canvas._painted, "the picture")
            wait_until(lambda: window.panels._layers is not None, "the panels")
            steps(user)
            wait_until(lambda: not window.isVisible(), "the window to close")
        except BaseException:
            traceback.print_exc()
            failed.append(True)
            user.shoot("failed")
            for document in window.tabs.documents():
                document.history.mark_saved(document.history.state)
            window.close()
        QApplication.quit()

    Window.showEvent = shown
    status = app.main([str(path) for path in paths])
    return 1 if failed else status
