"""Uses the real editor through real X events; started by test_real_window.py, never by pytest itself.

    python drive_removal.py remove|close|crash|recover PICTURE X Y RADIUS

Exits with 0 if everything was as it should be.
"""

import os
import sys
from pathlib import Path

import numpy as np
from hands import ROUNDING, User, difference, run_editor, same, state, wait_until, xdotool
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from editor.document.geometry import Rect
from editor.document.storage import open_document
from editor.ui.toast import Toast


def brush_over(user: User, x: float, y: float, radius: float) -> None:
    """Mask a disc with the mouse."""
    brush = user.window.tools.tool("remove-brush")
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
    assert not window.removing.is_running(window.document)
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

    save_flat(user)
    wait_until(
        lambda: not window.document.history.modified and not window.saving.saves.is_running(window.document),
        "saving",
    )
    user.focus()  # the question took it along
    saved = open_document(path)
    assert np.array_equal(saved.composite(saved.rect), result[0]), "the file is not what was shown"
    user.shoot("saved")
    assert not [toast.text for toast in window.findChildren(Toast) if toast.level.value == "error"]
    user.key("ctrl+q")


def save_flat(user: User) -> None:
    """Ctrl+S, and yes to the question whether the picture's own file may become a flat picture."""
    answer = QTimer(user.window, interval=15)

    def agree() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox) or not box.isVisible() or not user.sees(box):
            return
        answer.stop()
        user.shoot("asked")
        button = next(each for each in box.buttons() if "flat" in each.text())
        point = button.mapToGlobal(button.rect().center())
        xdotool("mousemove", point.x(), point.y(), "click", 1)

    answer.timeout.connect(agree)
    answer.start()
    user.key("ctrl+s")


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
    wait_until(lambda: window.removing.is_running(window.document), "the run to begin")
    user.key("ctrl+q")


def crash(user: User, path: Path, x: float, y: float, radius: float) -> None:
    """Be gone in the middle of the work, without closing anything."""
    window = user.window
    user.point_away()
    user.focus()
    brush_over(user, x, y, radius)
    assert window.recovery._journals[window.document].wait(20)
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
    assert window.tabs.count() == 1 and document.path == path
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
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Rect(columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)


def main(arguments: list[str]) -> int:
    steps = {"remove": remove, "close": close, "crash": crash, "recover": recover}[arguments[0]]
    path, place = Path(arguments[1]), [float(argument) for argument in arguments[2:]]
    return run_editor(lambda user: steps(user, path, *place), path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
