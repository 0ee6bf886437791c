"""What the Select menu asks and does beyond all, nothing and the edge's old commands."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from windows import open_pictures, press_key, toasts

from editor.document import select
from editor.document.tiles import TiledImage
from editor.ui.forms.channels import LoadSelectionForm, SaveSelectionForm
from editor.ui.forms.colour_range import ColourRangeForm

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def document(window, qtbot, picture):
    """Left half red, right half blue, a white square in the middle of each."""
    open_pictures(qtbot, window, picture)
    pixels = np.zeros((480, 640, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[:, :320, 0] = pixels[:, 320:, 2] = 220
    for x in (120, 440):
        pixels[200:280, x : x + 80] = 255
    window.document.layers[0].image = TiledImage.from_array(pixels)
    return window.document


def mask(document) -> np.ndarray:
    return document.selection.read(document.rect)[..., 0]


def asked(window, slot: str, kind: type):
    window.actions_by_id[slot].trigger()
    (form,) = (form for form in window.findChildren(kind) if form.isVisible())
    return form


def answer(value: float) -> None:
    """Accept the next question for a number with this one."""

    def fill() -> None:
        dialog = QApplication.activeModalWidget()
        dialog._slider.set_value(value)
        dialog.accept()

    QTimer.singleShot(0, fill)


def test_reselect(window, document):
    press_key(window, Qt.Key.Key_D, CTRL | SHIFT)
    assert toasts(window) == [("warning", "Nothing was deselected yet.")]
    select.ellipse(document, (100, 80, 60, 40))
    before = mask(document)
    press_key(window, Qt.Key.Key_D, CTRL)
    assert not mask(document).any()
    press_key(window, Qt.Key.Key_D, CTRL | SHIFT)
    assert np.array_equal(mask(document), before)
    assert [entry.name for entry in document.history.entries][1:] == ["Deselect", "Reselect"]


def test_border_and_smooth(window, document):
    select.rectangle(document, (100, 80, 100, 100))
    answer(10)
    window.actions_by_id["selecting.border"].trigger()
    assert mask(document)[80, 150] and not mask(document)[130, 150]
    document.undo()
    answer(20)
    window.actions_by_id["selecting.smooth"].trigger()
    assert not mask(document)[81, 101] and mask(document)[81, 150]


@pytest.mark.parametrize("slot", ["border", "smooth", "similar", "grow_by_colour", "save"])
def test_nothing_selected_is_told(window, document, slot):
    window.actions_by_id[f"selecting.{slot}"].trigger()
    assert toasts(window) == [("warning", "Nothing is selected yet.")]


def test_similar_and_grow_follow_the_wand(window, document):
    wand = window.tools.tool("wand")
    wand.antialias = False
    select.rectangle(document, (130, 210, 10, 10))
    window.actions_by_id["selecting.grow_by_colour"].trigger()
    assert document.selection.bounds() == (120, 200, 80, 80)
    window.actions_by_id["selecting.similar"].trigger()
    assert document.selection.bounds() == (120, 200, 400, 80) and not mask(document)[240, 320]
    wand.tolerance = 255.0
    window.actions_by_id["selecting.similar"].trigger()
    assert mask(document).all()


def test_colour_range_by_clicks(window, document):
    window.bench.foreground = (0.0, 1.0, 0.0)
    form = asked(window, "selecting.colour_range", ColourRangeForm)
    assert form.colours == [(0, 255, 0)]
    side, middle = form.picture.width(), form.picture.height() // 2
    QTest.mouseClick(form.picture, Qt.MouseButton.LeftButton, pos=QPoint(side // 20, middle))
    QTest.mouseClick(form.picture, Qt.MouseButton.LeftButton, SHIFT, QPoint(side - side // 20, middle))
    assert form.colours == [(220, 0, 0), (0, 0, 220)]
    image = form.map.grab().toImage()
    assert image.pixelColor(side // 20, middle).lightness() == 255
    assert image.pixelColor(side // 4, middle).lightness() == 0  # the white square
    form.accept()
    expected = (document.composite(document.rect)[..., 1] == 0) * 255
    assert np.array_equal(mask(document), expected)
    assert document.history.entries[-1].name == "Colour range"


def test_colour_range_by_tone(window, document):
    form = asked(window, "selecting.colour_range", ColourRangeForm)
    before = list(form.colours)
    QTest.mouseClick(form.map, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert form.colours == before
    form.what.setCurrentIndex(form.what.findData("highlights"))
    form.what.activated.emit(form.what.currentIndex())
    assert not form.fuzziness.isEnabled()
    form.accept()
    assert document.selection.bounds() == (120, 200, 400, 80)
    assert (mask(document)[200:280, 120:200] == 255).all() and not mask(document)[:100].any()


def test_colour_range_in_sixteen_bits(window, document):
    window.actions_by_id["image.to_16_bits"].trigger()
    form = asked(window, "selecting.colour_range", ColourRangeForm)
    side, middle = form.picture.width(), form.picture.height() // 2
    QTest.mouseClick(form.picture, Qt.MouseButton.LeftButton, pos=QPoint(side // 20, middle))
    assert form.colours == [(220 * 257, 0, 0)]
    form.accept()
    assert document.selection.bounds() == (0, 0, 320, 480)


def test_save_and_load(window, document):
    select.rectangle(document, (100, 80, 60, 40))
    form = asked(window, "selecting.save", SaveSelectionForm)
    assert form.name.currentText() == "Selection 1"
    form.name.setCurrentText(" ")
    assert not form.accept_button.isEnabled()
    form.name.setCurrentText("Sky")
    form.accept()
    select.rectangle(document, (150, 80, 100, 40))
    form = asked(window, "selecting.load", LoadSelectionForm)
    form.how.setCurrentIndex(form.how.findData("intersect"))
    form.accept()
    assert document.selection.bounds() == (150, 80, 10, 40)
    entries = [entry.name for entry in document.history.entries]
    assert entries[1] == "Save selection" and entries[-1] == "Load selection"


def test_saving_again_replaces_and_loading_can_delete(window, document):
    select.rectangle(document, (100, 80, 60, 40))
    for _ in range(2):
        form = asked(window, "selecting.save", SaveSelectionForm)
        form.name.setCurrentText("Sky")
        shown = form._words.text()
        form.accept()
    assert shown == "Replaces the one of this name." and len(document.channels) == 1
    form = asked(window, "selecting.load", LoadSelectionForm)
    form._delete()
    assert not form.isVisible() and document.channels == ()
    window.actions_by_id["selecting.load"].trigger()
    assert toasts(window) == [("warning", "No selection was saved in this picture yet.")]
