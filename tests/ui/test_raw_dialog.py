"""Camera RAW is developed as the dialog says, beside everything else."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from windows import toasts, wait_for_toast

from editor.document.files import raw
from editor.ui.raw_dialog import RawDialog

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "document" / "files"))
from raw_sources import dng, flat

WAIT = 20_000


@pytest.fixture
def raw_file(tmp_path) -> Path:
    path = tmp_path / "IMG_1.DNG"
    path.write_bytes(dng(flat(64, 96, 20000, 12000, 6000), neutral=(0.8, 1.0, 0.6)))
    return path


def _dialog(qtbot, window, path: Path) -> RawDialog:
    window.documents.open(path)
    dialog = window.findChild(RawDialog)
    assert dialog is not None and not dialog.isModal()
    qtbot.waitUntil(lambda: dialog._preview._image is not None and not dialog._running, timeout=WAIT)
    return dialog


def _settled(qtbot, dialog: RawDialog) -> None:
    qtbot.waitUntil(
        lambda: not dialog._pause.isActive() and not dialog._running and not dialog._again, timeout=WAIT
    )


def _middle(dialog: RawDialog) -> tuple[int, int, int]:
    image = dialog._preview._image
    return image.pixelColor(image.width() // 2, image.height() // 2).getRgb()[:3]


def test_the_preview_follows_the_settings(window, qtbot, raw_file):
    dialog = _dialog(qtbot, window, raw_file)
    as_shot = _middle(dialog)
    expected = raw.preview(raw_file, raw.DevelopSettings(), 1000).pixels[16, 24, :3] >> 8
    assert np.abs(np.array(as_shot) - expected).max() <= 1
    dialog._exposure._change(1.0)
    dialog._exposure.finish()
    _settled(qtbot, dialog)
    assert min(np.array(_middle(dialog)) - as_shot) > 10
    assert dialog.settings == raw.DevelopSettings(exposure=1.0)
    dialog.reject()


def test_a_temperature_of_ones_own_is_custom(window, qtbot, raw_file):
    dialog = _dialog(qtbot, window, raw_file)
    dialog._temperature._change(9000)
    assert dialog.settings == raw.DevelopSettings(white_balance="custom", temperature=9000)
    dialog._balance.setCurrentIndex(dialog._balance.findData("daylight"))
    assert dialog.settings.white_balance == "daylight"
    _settled(qtbot, dialog)
    dialog.reject()


def test_open_develops_with_the_settings(window, qtbot, raw_file):
    dialog = _dialog(qtbot, window, raw_file)
    dialog._exposure._change(0.5)
    dialog._space.setCurrentIndex(dialog._space.findData("Adobe RGB"))
    dialog._highlights.setCurrentIndex(dialog._highlights.findData("blend"))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.document is not None, timeout=WAIT)
    wanted = raw.read(raw_file, raw.DevelopSettings(exposure=0.5, space="Adobe RGB", highlights="blend"))
    document = window.document
    assert document.bits == 16 and np.array_equal(document.composite(document.rect), wanted.pixels)
    assert document.metadata.icc == wanted.metadata.icc
    assert document.path == raw_file
    qtbot.waitUntil(lambda: not window.findChildren(RawDialog), timeout=WAIT)


@pytest.mark.parametrize("how", ["escape", "cross", "cancel"])
def test_leaving_opens_nothing(window, qtbot, raw_file, how):
    dialog = _dialog(qtbot, window, raw_file)
    dialog._exposure._change(1.0)  # a preview is under way while it goes
    dialog._make_preview()
    if how == "escape":
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    elif how == "cross":
        dialog.close()
    else:
        dialog.reject()
    qtbot.waitUntil(lambda: not window.findChildren(RawDialog), timeout=WAIT)
    window._files.submit(lambda: None).result(20)
    qtbot.wait(50)
    assert window.document is None and toasts(window) == []


def test_what_fails_after_the_dialog_is_left_is_not_told(window, qtbot, raw_file):
    dialog = _dialog(qtbot, window, raw_file)
    held = threading.Event()
    window._files.submit(held.wait, 20)
    dialog._make_preview()
    dialog.reject()
    raw_file.unlink()  # before it is read
    held.set()
    window._files.submit(lambda: None).result(20)
    qtbot.wait(50)
    assert toasts(window) == []


def test_what_is_no_raw_file_is_told(window, qtbot, tmp_path):
    path = tmp_path / "broken.nef"
    path.write_bytes(b"MM\0*" + bytes(500))
    window.documents.open(path)
    wait_for_toast(qtbot, window, "error", "broken.nef")
    qtbot.waitUntil(lambda: not window.findChildren(RawDialog), timeout=WAIT)
    assert window.document is None


def test_without_rawpy_one_line_says_what_to_do(window, qtbot, raw_file, monkeypatch):
    monkeypatch.setitem(sys.modules, "rawpy", None)
    window.documents.open(raw_file)
    words = wait_for_toast(qtbot, window, "error", "IMG_1.DNG")
    assert "rawpy" in words and "\n" not in words
    assert window.document is None


def test_closing_the_window_with_the_dialog_open(window, qtbot, raw_file):
    dialog = _dialog(qtbot, window, raw_file)
    dialog._exposure._change(1.0)
    dialog._make_preview()
    assert window.close()
