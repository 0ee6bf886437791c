"""Portraits in the window: faces on the canvas, their sketch, the face that follows, and what is missing."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from windows import WAIT, open_pictures, press_key, wait_for_toast

from editor.jobs import portrait
from editor.tools.overlay import Look
from editor.ui.portrait.bar import PortraitBar
from engines import packs, registry, store
from engines.base import Box, EngineError, Patch
from engines.portrait.requests import Face, FacesFound, FindFaces, Inversion, PortraitResult

SQUARE = np.array([[200.0, 100.0], [440.0, 100.0], [440.0, 340.0], [200.0, 340.0]])
MIDDLE = 320, 220
LEFT = Qt.MouseButton.LeftButton


class FakePortraits:
    """Finds one face in the middle; makes what may change of it white, and shows grey first."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.faces, self.requests, self.looks = 1, [], 0
        self.error = None

    def __call__(self, engine_id, device=""):
        return self

    def run(self, request, progress):
        if isinstance(request, FindFaces):
            self.looks += 1
            inner = np.linspace([240, 140], [400, 300], 478, dtype=np.float32)
            return FacesFound((Face(Box(240, 140, 160, 160), 0.9, inner, SQUARE),) * self.faces)
        self.requests.append(request)
        grey = Patch(request.box, np.full(request.image.shape, 0.5, np.float32), request.zone)
        if progress.show is not None:
            progress.show(grey)
        while not self.gate.wait(0.005):
            progress(0.5)
        if self.error is not None:
            raise self.error
        patch = Patch(request.box, np.ones(request.image.shape, np.float32), request.zone)
        latent = np.zeros((23, 512), np.float32)
        return PortraitResult(
            patch, Inversion(latent), latent, patch.rgb, request.zone, 0.8, "portrait", "0" * 64, "cpu"
        )


@pytest.fixture
def engine():
    return FakePortraits()


@pytest.fixture
def document(window, qtbot, picture, monkeypatch):
    monkeypatch.setattr("editor.ui.portrait.commands.has_weights", lambda *_: True)
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels.are_filled)
    return window.document


def place(window, x, y) -> QPoint:
    return window.canvas.view.to_widget(x, y).toPoint()


def boxes(window):
    return window.canvas.tool.shapes(window.document)


def bar_of(window):
    return next((each for each in window.canvas.findChildren(PortraitBar) if each.isVisible()), None)


def open_sketch(window, qtbot):
    """Find the face and click on it."""
    press_key(window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: bool(boxes(window)), timeout=WAIT)
    QTest.mouseClick(window.canvas, LEFT, pos=place(window, *MIDDLE))
    qtbot.waitUntil(lambda: bar_of(window) is not None, timeout=WAIT)
    return bar_of(window)


def stroke(window, start, end):
    QTest.mousePress(window.canvas, LEFT, pos=place(window, *start))
    QTest.mouseMove(window.canvas, place(window, *end))
    QTest.mouseRelease(window.canvas, LEFT, pos=place(window, *end))


def entries(document):
    return [entry.name for entry in document.history.entries]


def test_faces_have_boxes_and_the_one_under_the_pointer_is_lit(window, qtbot, document):
    window.portrait.start()
    qtbot.waitUntil(lambda: bool(boxes(window)), timeout=WAIT)
    (shape,) = boxes(window)
    assert shape.closed and shape.look is Look.LINE
    assert np.allclose(sorted(shape.points), [(240, 140), (240, 300), (400, 140), (400, 300)], atol=0.01)
    QTest.mouseMove(window.canvas, place(window, *MIDDLE))
    assert boxes(window)[0].look is Look.STRUCTURE
    QTest.mouseMove(window.canvas, place(window, 20, 20))
    assert boxes(window)[0].look is Look.LINE


def test_faces_are_found_once_and_again_after_a_change(window, qtbot, document, engine):
    for looks in (1, 1):
        window.tools.use("hand")
        window.portrait.start()
        qtbot.waitUntil(lambda: bool(boxes(window)), timeout=WAIT)
        assert engine.looks == looks
    window.image.rotate_half()
    window.tools.use("hand")
    window.portrait.start()
    qtbot.waitUntil(lambda: engine.looks == 2, timeout=WAIT)


def test_no_face_is_told_in_one_line(window, qtbot, document, engine):
    engine.faces = 0
    window.portrait.start()
    wait_for_toast(qtbot, window, "warning", "No face was found")
    assert not boxes(window)


def test_a_click_shows_the_sketch_with_the_pencil_in_hand(window, qtbot, document):
    bar = open_sketch(window, qtbot)
    assert entries(document) == ["Sketch a face"]
    lines = portrait.lines_of(document, tuple(map(tuple, SQUARE.tolist())))
    assert window.bench.layer is lines
    assert window.tools.current.id == "pencil" and window.bench.foreground == (0, 0, 0)
    assert "research" in bar._licence.text()
    stroke(window, (300, 250), (340, 250))
    assert lines.image.read(document.rect)[250, 320, 3] == 255
    assert entries(document) == ["Sketch a face", "Pencil"]


def test_enter_changes_the_face_and_undo_brings_it_back(window, qtbot, document, engine):
    bar = open_sketch(window, qtbot)
    before = document.layers[0].image.read(document.rect).tobytes()
    stroke(window, (300, 250), (340, 250))
    press_key(window, Qt.Key.Key_Return)
    wait_for_toast(qtbot, window, "info", "The face is changed")
    assert [each.name for each in document.layers] == ["Background", "Face changed", "Face sketch"]
    assert not document.layers[2].visible
    assert engine.requests[0].touched.any()
    assert document.composite(document.rect)[250, 320, :3].min() >= 253
    assert document.layers[0].image.read(document.rect).tobytes() == before
    assert bar.isVisible()
    assert window.tools.current.id == "hand"  # the pencil would draw on the photograph
    assert not any(each.isChecked() for each in bar._buttons.values())
    window.tools.use("eraser")  # for another layer
    window.refresh_actions()
    assert window.tools.current.id == "eraser"
    assert not any(each.isChecked() for each in bar._buttons.values())
    window.undo()
    assert entries(document)[document.history.position - 1] == "Pencil"
    assert [each.name for each in document.layers] == ["Background", "Face sketch"]


def test_it_is_seen_meanwhile_and_can_be_called_off(window, qtbot, document, engine):
    bar = open_sketch(window, qtbot)
    stroke(window, (300, 250), (340, 250))
    engine.gate.clear()
    press_key(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document in window.removing._drafts, timeout=WAIT)
    assert window.removing.doing(document) == "Changing the face"
    assert not next(each for each in bar.findChildren(QPushButton) if each.property("primary")).isEnabled()
    spot = place(window, 320, 252)

    def is_grey() -> bool:
        colour = np.array(window.canvas.grab().toImage().pixelColor(spot).getRgb()[:3])
        return bool((np.abs(colour - 128) <= 3).all())

    qtbot.waitUntil(is_grey, timeout=WAIT)
    press_key(window, Qt.Key.Key_Escape)
    wait_for_toast(qtbot, window, "info", "Cancelled")
    assert not window.removing._drafts
    assert entries(document) == ["Sketch a face", "Pencil"]


def test_a_sketch_as_it_was_is_told_in_one_line(window, qtbot, document, engine):
    open_sketch(window, qtbot)
    press_key(window, Qt.Key.Key_Return)
    wait_for_toast(qtbot, window, "error", "The sketch is as it was")
    assert not engine.requests


def test_what_the_engine_refuses_is_told_and_nothing_changes(window, qtbot, document, engine):
    open_sketch(window, qtbot)
    stroke(window, (300, 250), (340, 250))
    engine.error = EngineError("The face is too small to be changed. Enlarge the picture first.")
    press_key(window, Qt.Key.Key_Return)
    wait_for_toast(qtbot, window, "error", "too small")
    assert entries(document) == ["Sketch a face", "Pencil"]


def test_escape_hides_the_sketch_and_a_double_click_brings_it_back(window, qtbot, document):
    open_sketch(window, qtbot)
    stroke(window, (300, 250), (340, 250))
    press_key(window, Qt.Key.Key_Return)
    wait_for_toast(qtbot, window, "info", "The face is changed")
    press_key(window, Qt.Key.Key_Escape)
    assert bar_of(window) is None
    window.panels.recipe_opened.emit(document.layers[1])
    qtbot.waitUntil(lambda: bar_of(window) is not None, timeout=WAIT)
    assert document.layers[2].visible
    assert window.bench.layer is document.layers[2].children[1]
    next(each for each in bar_of(window)._buttons.values() if each.text() == "Erase").click()
    assert window.tools.current.id == "eraser"


def test_a_sketch_that_is_deleted_takes_its_bar_along(window, qtbot, document):
    open_sketch(window, qtbot)
    window.undo()
    assert bar_of(window) is None
    window.portrait.run()
    wait_for_toast(qtbot, window, "info", "Choose a face first")


def test_what_is_missing_is_offered_all_at_once(window, qtbot, picture, engine, monkeypatch):
    monkeypatch.setattr(registry, "_has_extra", lambda entry: True)
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels.are_filled)
    installed = []

    def install(weights_id, progress, *, accepted, proxy):
        assert accepted
        installed.append(weights_id)
        monkeypatch.setattr(store, "is_present", lambda each: each in (*installed, "blazeface", "face-mesh"))

    monkeypatch.setattr(store, "is_present", lambda each: each in ("blazeface", "face-mesh"))
    monkeypatch.setattr(packs, "install", install)
    open_sketch(window, qtbot)
    stroke(window, (300, 250), (340, 250))
    press_key(window, Qt.Key.Key_Return)
    words = wait_for_toast(qtbot, window, "info", "not on this machine yet")
    assert "research" in words and "not for commercial use" in words
    next(each for each in window.findChildren(QPushButton) if each.text() == "Install").click()
    wait_for_toast(qtbot, window, "info", "The face is changed")
    assert installed == list(registry.form(registry.spec(registry.PORTRAIT)))
