"""Uses the real editor through real X events; started by test_real_window.py, never by pytest itself.

    python drive_removal.py remove|close|crash|recover PICTURE X Y RADIUS

The application runs as ``main.py`` runs it. What the user would do comes from xdotool through the X server;
the document is only looked at. Exits with 0 if everything was as it should be.
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
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget  # noqa: E402

from editor.document.storage import open_document  # noqa: E402
from editor.ui import app  # noqa: E402
from editor.ui.toast import Toast  # noqa: E402
from editor.ui.window import Window  # noqa: E402

WAIT_MS = 60_000
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

    def shoot(self, name: str) -> None:
        folder = os.environ.get("LACUNA_E2E_SHOTS")
        if folder:
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


def brush_over(user: User, x: float, y: float, radius: float) -> None:
    """Mask a disc with the mouse."""
    brush = user.window.tools.brush
    size = brush.size
    user.key(*["bracketright"] * 3)
    wait_until(lambda: brush.size > size * 1.2, "a larger brush")
    for dy in (-0.6, 0.0, 0.6):
        user.stroke((x - radius, y + dy * radius), (x, y + dy * radius), (x + radius, y + dy * radius))


def remove(user: User, path: Path, x: float, y: float, radius: float) -> None:
    window = user.window
    opened = state(window)
    user.point_away()
    user.focus()
    screen_before, _ = user.see()
    user.shoot("opened")

    brush_over(user, x, y, radius)
    user.see()  # the round cursor and the dashed line too
    user.point_away()
    user.shoot("masked")
    masked = state(window)
    height, width = masked[1].shape
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    disc = np.hypot(rows - y, columns - x) <= radius
    assert (masked[1][disc] == 255).all(), "the mouse did not mask the object"
    assert np.array_equal(masked[0], opened[0])

    entries = len(window.document.history.entries)
    user.key("Return")
    wait_until(lambda: len(window.document.history.entries) > entries, "the result")
    assert not window.is_removing(window.document)
    result = state(window)
    assert [layer.name for layer in window.document.layers] == ["Background", "Removed"]
    assert window.document.layers[-1].recipe.engine == "migan"
    assert not result[1].any()
    outside = masked[1] == 0
    assert np.array_equal(result[0][outside], opened[0][outside]), "something outside the mask changed"
    change = difference(result[0][disc], opened[0][disc])
    assert (change > 10).mean() > 0.9, "the object is still there"

    screen_after, free = user.see()
    user.shoot("removed")
    canvas = window.canvas
    ys, xs = np.mgrid[0 : canvas.height(), 0 : canvas.width()] + 0.5
    corner, opposite = (
        canvas.view.to_widget(x - radius, y - radius),
        canvas.view.to_widget(x + radius, y + radius),
    )
    middle, reach = (
        ((corner.x() + opposite.x()) / 2, (corner.y() + opposite.y()) / 2),
        (opposite.x() - corner.x()) / 2,
    )
    inner = np.hypot(xs - middle[0], ys - middle[1]) < reach * 0.9
    differs = difference(screen_after, screen_before)
    assert (differs[inner & free] > 10).mean() > 0.9, "the screen still shows the object"
    touched = canvas.view.widget_rect(_bounds(masked[1]), 4)
    far = free.copy()
    far[max(touched.top(), 0) : touched.bottom() + 1, max(touched.left(), 0) : touched.right() + 1] = False
    assert differs[far].max() <= ROUNDING, "the screen changed outside the mask"

    user.key("ctrl+z")
    wait_until(lambda: window.document.history.position == entries, "undo")
    assert same(state(window), masked), "undo does not bring everything back"
    user.see()
    user.shoot("undone")
    user.key("ctrl+shift+z")
    wait_until(lambda: window.document.history.position == entries + 1, "redo")
    assert same(state(window), result), "redo does not bring the result back"
    screen_again, free_again = user.see()
    both = free & free_again
    assert difference(screen_again, screen_after)[both].max() <= ROUNDING

    user.key("ctrl+s")
    wait_until(
        lambda: not window.document.history.modified and not window._saving.saves.is_running(window.document),
        "saving",
    )
    saved = open_document(path)
    assert np.array_equal(saved.composite(saved.rect), result[0]), "the file is not what was shown"
    user.shoot("saved")
    assert not [toast.text for toast in window.findChildren(Toast) if toast.level.value == "error"]
    user.key("ctrl+q")


def close(user: User, path: Path, x: float, y: float, radius: float) -> None:
    """Leave in the middle of a run, through the question about unsaved changes."""
    window = user.window
    content = path.read_bytes()
    user.point_away()
    user.focus()
    brush_over(user, x, y, radius)
    answer = QTimer(window, interval=15)

    def discard() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox) or not box.isVisible() or not user.sees(box):
            return
        answer.stop()
        user.shoot("question")
        assert path.read_bytes() == content
        button = box.button(QMessageBox.StandardButton.Discard)
        point = button.mapToGlobal(button.rect().center())
        xdotool("mousemove", point.x(), point.y(), "click", 1)

    answer.timeout.connect(discard)
    answer.start()
    user.key("Return")
    wait_until(lambda: window.is_removing(window.document), "the run to begin")
    user.key("ctrl+q")


def crash(user: User, path: Path, x: float, y: float, radius: float) -> None:
    """Be gone in the middle of the work, without closing anything."""
    window = user.window
    user.point_away()
    user.focus()
    brush_over(user, x, y, radius)
    assert window._recovery._journals[window.document].wait(20)
    os._exit(0)


def recover(user: User, path: Path, x: float, y: float, radius: float) -> None:
    """What a crash left is offered, and comes back with its history by a click."""
    window = user.window
    user.focus()
    wait_until(lambda: window._offer.bar is not None, "the offer")
    button = next(each for each in window._offer.bar.findChildren(QPushButton) if each.text() == "Recover")
    wait_until(lambda: user.sees(window._offer.bar), "the bar on the screen")
    user.shoot("offered")
    assert not window.document.selection.tiles
    point = button.mapToGlobal(button.rect().center())
    xdotool("mousemove", point.x(), point.y(), "click", 1)
    wait_until(lambda: bool(window.document.selection.tiles), "the picture as it was")
    document = window.document
    assert window._tabs.count() == 1 and document.path == path
    assert len(document.history.entries) == 3 and document.history.modified
    selected = document.selection.read(document.rect)[..., 0]
    rows, columns = np.mgrid[0 : document.height, 0 : document.width] + 0.5
    assert (selected[np.hypot(rows - y, columns - x) <= radius] == 255).all()
    user.point_away()
    user.see()
    user.shoot("recovered")
    user.key("ctrl+z", "ctrl+z", "ctrl+z")
    wait_until(lambda: not document.selection.tiles, "undo from before the crash")
    user.key("ctrl+shift+z")
    wait_until(lambda: bool(document.selection.tiles), "redo")
    user.key("ctrl+s")
    wait_until(lambda: not document.history.modified, "saving")
    user.key("ctrl+q")


def _bounds(mask: np.ndarray):
    from editor.document.geometry import Rect

    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Rect(columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)


def main(arguments: list[str]) -> int:
    steps = {"remove": remove, "close": close, "crash": crash, "recover": recover}[arguments[0]]
    path, place = Path(arguments[1]), [float(argument) for argument in arguments[2:]]
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
            wait_until(lambda: window._panels._layers is not None, "the panels")
            steps(user, path, *place)
            wait_until(lambda: not window.isVisible(), "the window to close")
        except BaseException:
            traceback.print_exc()
            failed.append(True)
            user.shoot("failed")
            if window.document is not None:
                window.document.history.mark_saved(window.document.history.state)
            window.close()
        QApplication.quit()

    Window.showEvent = shown
    status = app.main([str(path)])
    return 1 if failed else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
