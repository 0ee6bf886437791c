"""A whole session in the real window, in two tabs at once, by mouse and keyboard; see test_studio.py.

    python drive_studio.py FIRST SECOND FOLDER X Y RADIUS

Each step is done in one picture and then in the other, so that both are half way at the same time: open,
select, mask, remove, add an adjustment, paint, transform, crop, undo to the start, redo, save as .ora, export
as JPEG. Exits with 0 if everything was as it should be. With LACUNA_E2E_SHOTS the screen is kept after each.
"""

import hashlib
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from hands import User, click, run_editor, wait_until, write, xdotool
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from editor.document.layers import walk
from editor.document.model import Document
from editor.document.storage import open_document
from editor.ui.slider import NumberSlider


def digest(document: Document) -> str:
    """All that makes up the picture: its canvas, its layers' pixels and masks, the selection."""
    sum_ = hashlib.sha256(f"{document.width} {document.height} {document.guides}".encode())
    for layer in walk(document.layers):
        sum_.update(f"{layer.name} {layer.opacity} {layer.blend_mode} {layer.visible}".encode())
        for plane in layer.planes():
            for key in sorted(plane.tiles):
                sum_.update(f"{key}".encode())
                sum_.update(np.ascontiguousarray(plane.tiles[key]).tobytes())
    for key in sorted(document.selection.tiles):
        sum_.update(f"{key}".encode() + document.selection.tiles[key].tobytes())
    return sum_.hexdigest()


def drag(user: User, *points: tuple[float, float]) -> None:
    """A drag over the canvas, through points of the picture."""
    words: list[object] = ["mousemove", *user.place(*points[0]), "mousedown", 1]
    for (x0, y0), (x1, y1) in pairwise(points):
        for step in (0.25, 0.5, 0.75, 1.0):
            words += ["mousemove", *user.place(x0 + (x1 - x0) * step, y0 + (y1 - y0) * step), "sleep", 0.02]
    xdotool(*words, "mouseup", 1)


class Session:
    """One user with two pictures."""

    def __init__(self, user: User, folder: Path, place: tuple[float, float, float]) -> None:
        self.user, self.window, self.folder = user, user.window, folder
        self.x, self.y, self.radius = place
        self.starts: dict[Document, str] = {}
        self.ends: dict[Document, str] = {}

    @property
    def document(self) -> Document:
        return self.window.document

    def in_both(self, step: Callable[[], None], name: str) -> None:
        """Do a step in either tab, by a click on each."""
        for index in range(2):
            tabs = self.window.tabs
            click(tabs, tabs.tabRect(index).adjusted(0, 0, -30, 0))
            wait_until(lambda tabs=tabs, index=index: tabs.currentIndex() == index, "the tab")
            step()
            self.user.point_away()
            self.user.shoot(f"{name}-{index + 1}")

    def entry(self, act: Callable[[], None], what: str, count: int = 1) -> None:
        """Do something that makes ``count`` entries in the history."""
        history = self.document.history
        before = history.position
        act()
        wait_until(lambda: history.position == before + count, what)

    # -- the steps ------------------------------------------------------------------------------------

    def skip_tour(self) -> None:
        """Whoever starts for the first time is shown around, or not."""
        buttons: list[QPushButton] = []

        def is_offered() -> bool:
            found = self.window.findChildren(QPushButton)
            buttons[:] = [each for each in found if each.text() == "S&kip" and each.isVisible()]
            return bool(buttons) and self.user.sees(buttons[0])

        wait_until(is_offered, "the tour")
        self.user.shoot("tour")
        click(buttons[0])
        wait_until(lambda: self.window.settings.tour_seen, "the tour to go")
        self.user.focus()

    def open_second(self, path: Path) -> None:
        self.user.name_file(lambda: self.user.key("ctrl+o"), path)
        wait_until(lambda: self.window.tabs.count() == 2, "the second picture")
        wait_until(lambda: self.window.canvas._painted, "its first paint")
        self.user.shoot("opened")

    def begin(self) -> None:
        self.starts[self.document] = digest(self.document)

    def select(self) -> None:
        self.user.key("m")
        wait_until(lambda: self.window.canvas.tool.id == "select-rectangle", "the tool")
        self.entry(lambda: drag(self.user, (200, 200), (500, 420)), "the selection")
        bounds = self.document.selection.bounds()
        assert abs(bounds.x - 200) < 8 and abs(bounds.right - 500) < 8, bounds
        self.entry(lambda: self.user.key("ctrl+d"), "no selection")
        assert not self.document.selection.tiles

    def mask(self) -> None:
        self.user.key("j")
        wait_until(lambda: self.window.canvas.tool.id == "remove-brush", "the tool")
        x, y, radius = self.x, self.y, self.radius
        for dy in (-0.8, -0.4, 0.0, 0.4, 0.8):
            self.entry(
                lambda dy=dy: drag(self.user, (x - radius, y + dy * radius), (x + radius, y + dy * radius)),
                "a stroke",
            )
        height, width = self.document.height, self.document.width
        rows, columns = np.mgrid[0:height, 0:width] + 0.5
        selected = self.document.selection.read(self.document.rect)[..., 0]
        assert (selected[np.hypot(rows - y, columns - x) <= radius] == 255).all()

    def remove(self) -> None:
        document = self.document
        before = document.composite(document.rect)
        selected = document.selection.read(document.rect)[..., 0]
        self.entry(lambda: self.user.key("Return"), "the result")
        after = document.composite(document.rect)
        assert np.array_equal(before[selected == 0], after[selected == 0]), "changed outside the zone"
        changed = np.abs(before[selected == 255].astype(int) - after[selected == 255]).max(axis=-1) > 10
        assert changed.mean() > 0.5

    def adjust(self) -> None:
        """Through the command palette, and then its slider with the mouse."""
        before = self.document.composite(self.document.rect)
        self.user.key("ctrl+k")
        wait_until(lambda: self.window.command_palette.overlay.isVisible(), "the palette")
        write("brightness")
        self.entry(lambda: self.user.key("Return"), "the adjustment layer")
        sliders = [
            each
            for each in self.window.findChildren(NumberSlider)
            if each.isVisible() and _is_brightness(each)
        ]
        assert sliders, "no slider of the adjustment is to be seen"
        track = sliders[0]._track_rect()
        start = sliders[0].mapToGlobal(track.center())
        words = ["mousemove", start.x(), start.y(), "mousedown", 1]
        for step in range(1, 6):
            words += ["mousemove", start.x() + 2 * step, start.y(), "sleep", 0.03]
        self.entry(lambda: xdotool(*words, "mouseup", 1), "the slider's movement")
        after = self.document.composite(self.document.rect)
        assert after[..., :3].mean() > before[..., :3].mean() + 2

    def paint(self) -> None:
        self.entry(lambda: self.user.key("ctrl+shift+n"), "a layer")
        self.user.key("b")
        wait_until(lambda: self.window.canvas.tool.id == "brush", "the brush")
        self.entry(lambda: drag(self.user, (300, 900), (500, 820), (700, 950)), "the stroke")
        pixels = self.document.layers[-1].image.read(self.document.rect)
        assert (pixels[..., 3] > 0).sum() > 5000 and pixels[820, 500, 3] == 255

    def transform(self) -> None:
        layer = self.document.layers[-1]
        before = layer.image.bounds()
        self.user.key("ctrl+t")
        wait_until(lambda: self.window.canvas.tool.id == "transform", "the frame")
        self.user.point_away()
        self.user.shoot("transforming")
        drag(self.user, (before.right, before.bottom), (before.right + 200, before.bottom + 70))
        self.entry(lambda: self.user.key("Return"), "the transform")
        after = layer.image.bounds()
        assert after.width > before.width * 1.2, (before, after)

    def crop(self) -> None:
        width = self.document.width
        self.user.key("c")
        wait_until(lambda: self.window.canvas.tool.id == "crop", "the crop")
        drag(self.user, (100, 100), (1300, 1000))
        self.user.point_away()
        self.user.shoot("cropping")
        self.entry(lambda: self.user.key("Return"), "the crop")
        assert abs(self.document.width - 1200) < 10 and self.document.width < width

    def undo_all_and_redo(self) -> None:
        document = self.document
        self.ends[document] = digest(document)
        count = document.history.position
        for left in range(count - 1, -1, -1):
            self.user.key("ctrl+z")
            wait_until(lambda left=left: document.history.position == left, f"undo to {left}")
        assert digest(document) == self.starts[document], "undo does not lead back to the start"
        self.user.shoot("undone")
        for done in range(1, count + 1):
            self.user.key("ctrl+shift+z")
            wait_until(lambda done=done: document.history.position == done, f"redo to {done}")
        assert digest(document) == self.ends[document], "redo does not lead to the end"

    def save(self) -> None:
        path = self.folder / f"saved-{self.window.tabs.currentIndex()}.ora"
        self.user.name_file(lambda: self.user.key("ctrl+shift+s"), path)
        wait_until(lambda: not self.document.history.modified and path.exists(), "saving")
        again = open_document(path)
        assert [layer.name for layer in again.layers] == [layer.name for layer in self.document.layers]
        assert np.array_equal(again.composite(again.rect), self.document.composite(self.document.rect))

    def export(self) -> None:
        path = self.folder / f"exported-{self.window.tabs.currentIndex()}.jpg"
        self.user.key("ctrl+alt+shift+w")
        shown: list[QWidget] = []

        def is_open() -> bool:
            shown[:] = [
                each
                for each in QApplication.topLevelWidgets()
                if type(each).__name__ == "ExportDialog" and each.isVisible()
            ]
            return bool(shown) and shown[0].accept_button.isEnabled()

        wait_until(is_open, "the export dialog")
        self.user.shoot("exporting")
        self.user.name_file(lambda: click(shown[0].accept_button), path)
        wait_until(path.exists, "the exported file")
        with Image.open(path) as picture:
            assert picture.format == "JPEG" and picture.size == (self.document.width, self.document.height)
            flat = np.asarray(picture.convert("RGB")).astype(int)
        shown_pixels = self.document.composite(self.document.rect)[..., :3]
        assert np.abs(flat - shown_pixels).mean() < 4


def _is_brightness(slider: NumberSlider) -> bool:
    return "rightness" in slider.accessibleName()


def drive(user: User, second: Path, folder: Path, place: tuple[float, float, float]) -> None:
    session = Session(user, folder, place)
    user.point_away()
    user.focus()
    session.skip_tour()
    session.open_second(second)
    session.in_both(session.begin, "begun")
    for name in ("select", "mask", "remove", "adjust", "paint", "transform", "crop"):
        session.in_both(getattr(session, name), name)
    for name in ("undo_all_and_redo", "save", "export"):
        session.in_both(getattr(session, name), name.replace("_", "-"))
    assert len(session.ends) == 2
    corner = user.window.mapToGlobal(QPoint(5, 5))
    xdotool("mousemove", corner.x(), corner.y())
    user.key("ctrl+q")


def main(arguments: list[str]) -> int:
    first, second, folder = (Path(argument) for argument in arguments[:3])
    x, y, radius = (float(argument) for argument in arguments[3:6])
    return run_editor(lambda user: drive(user, second, folder, (x, y, radius)), first)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
