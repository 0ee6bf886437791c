"""What the tests of the whole window share: an engine without weights, pictures, keys, and messages."""

import threading
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.ui.canvas import Canvas
from editor.ui.toast import Toast
from editor.ui.window import Window
from engines.base import Patch, RemoveResult

NO_KEYS = Qt.KeyboardModifier.NoModifier
WAIT = 10_000  # ms


class FakeEngine:
    """Fills with green; ``gate`` holds it up in the worker thread until it is set or the run called off."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.error: Exception | None = None
        self.runs = 0
        self.ended = 0

    def __call__(self, engine_id: str) -> "FakeEngine":
        return self

    def run(self, request, progress) -> RemoveResult:
        self.runs += 1
        try:
            self.begun.set()
            while not self.gate.wait(0.005):
                progress(0.5)
            progress(0.9)
            if self.error is not None:
                raise self.error
            patches = []
            for region in request.regions:
                rgb = np.zeros((*region.target.shape, 3), np.float32)
                rgb[..., 1] = 1
                patches.append(Patch(region.box, rgb, region.target))
            return RemoveResult(tuple(patches), request.engine, "0" * 64, "cpu")
        finally:
            self.ended += 1


def make_picture(path: Path, size: tuple[int, int] = (640, 480), seed: int = 0) -> Path:
    pixels = np.random.default_rng(seed).integers(0, 200, (size[1], size[0], 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def open_pictures(qtbot, window: Window, *paths: Path) -> Canvas:
    for path in paths:
        count = window.tabs.count()
        window.documents.open(path)
        qtbot.waitUntil(lambda count=count: window.tabs.count() == count + 1, timeout=WAIT)
    canvas = window.canvas
    qtbot.waitUntil(lambda: canvas._painted, timeout=WAIT)
    return canvas


def toasts(window: Window) -> list[tuple[str, str]]:
    return [(toast.level.value, toast.text) for toast in window.findChildren(Toast) if not toast.leaving]


def wait_for_toast(qtbot, window: Window, level: str, part: str) -> str:
    def found() -> list[str]:
        return [text for kind, text in toasts(window) if kind == level and part in text]

    qtbot.waitUntil(lambda: bool(found()), timeout=WAIT)
    return found()[0]


def press_key(window: Window, key, modifiers=NO_KEYS) -> None:
    QTest.keyClick(window.canvas or window, key, modifiers)
