"""The Edit menu in the window: clipboard, filling, clearing, and free transform from key to entry."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QColorSpace, QGuiApplication, QImage
from PySide6.QtTest import QTest
from windows import make_picture, open_pictures, press_key, toasts

from editor.document import select, stack
from editor.document.colour import assign_profile
from editor.document.files import profiles
from editor.document.layers import Group, PixelLayer
from editor.document.tiles import TiledImage
from editor.ui.forms.fill import FillForm

KEYS = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    QGuiApplication.clipboard().clear()


@pytest.fixture
def document(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._layers is not None)
    return window.document


def shown(document) -> np.ndarray:
    return document.composite(document.rect)


def entries(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def layer_names(document) -> list[str]:
    return [layer.name for layer in document.layers]


# -- the clipboard -------------------------------------------------------------------------------------


def test_copy_and_paste_in_place(window, document):
    before = shown(document)
    select.rectangle(document, (100, 80, 60, 40))
    press_key(window, KEYS.Key_C, CTRL)
    press_key(window, KEYS.Key_D, CTRL)
    press_key(window, KEYS.Key_V, CTRL | SHIFT)
    assert layer_names(document) == ["Background", "Pasted"]
    pasted = document.layers[1].image
    assert pasted.bounds() == (100, 80, 60, 40)
    assert np.array_equal(pasted.read(pasted.bounds()), before[80:120, 100:160])
    assert window.chosen_layers == [document.layers[1]]


def test_paste_goes_to_the_middle_of_what_is_selected_or_seen(window, document):
    select.rectangle(document, (10, 10, 60, 40))
    press_key(window, KEYS.Key_C, CTRL)
    press_key(window, KEYS.Key_D, CTRL)
    press_key(window, KEYS.Key_V, CTRL)
    assert document.layers[1].image.bounds() == (290, 220, 60, 40)  # of 640 x 480
    select.rectangle(document, (500, 400, 20, 20))
    press_key(window, KEYS.Key_V, CTRL)
    assert document.layers[2].image.bounds() == (480, 390, 60, 40)
    press_key(window, KEYS.Key_D, CTRL)
    window.canvas.zoom_to(4.0)
    window.canvas.centre_on(200, 200)
    press_key(window, KEYS.Key_V, CTRL)
    assert document.layers[3].image.bounds()[:2] == pytest.approx((170, 180), abs=2)


def test_cut_leaves_a_hole_and_is_one_entry(window, document):
    select.rectangle(document, (100, 80, 60, 40))
    press_key(window, KEYS.Key_X, CTRL)
    assert not shown(document)[80:120, 100:160].any()
    assert entries(document) == ["Rectangular selection", "Cut"]
    press_key(window, KEYS.Key_V, CTRL | SHIFT)
    assert document.layers[1].image.bounds() == (100, 80, 60, 40)


def test_copy_merged_takes_all_layers(window, document):
    pixels = np.full((480, 640, 4), 255, np.uint8)
    stack.add(document, PixelLayer("White", TiledImage.from_array(pixels), opacity=0.5))
    select.rectangle(document, (100, 80, 60, 40))
    expected = shown(document)[80:120, 100:160]
    press_key(window, KEYS.Key_C, CTRL | SHIFT)
    press_key(window, KEYS.Key_V, CTRL | SHIFT)
    pasted = document.layers[-1].image
    assert np.array_equal(pasted.read(pasted.bounds()), expected)


def test_other_programs_get_the_picture_in_srgb(window, document):
    assign_profile(document, profiles.profile(profiles.ADOBE_RGB))
    select.rectangle(document, (100, 80, 2, 1))
    press_key(window, KEYS.Key_C, CTRL)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (2, 1)
    own = shown(document)[80, 100]
    lent = QImage(own.tobytes(), 1, 1, 4, QImage.Format.Format_RGBA8888)
    lent.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb))
    lent.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    wanted, got = lent.pixelColor(0, 0), image.pixelColor(0, 0)
    for channel in ("red", "green", "blue"):
        assert abs(getattr(wanted, channel)() - getattr(got, channel)()) <= 2


def test_sixteen_bits_stay_sixteen(window, document):
    window.actions_by_id["image.to_16_bits"].trigger()
    odd = np.full((480, 640, 4), 65535, np.uint16)
    odd[..., 0] = 12345
    document.layers[0].image = TiledImage.from_array(odd)
    press_key(window, KEYS.Key_C, CTRL)
    press_key(window, KEYS.Key_V, CTRL | SHIFT)
    assert (document.layers[1].image.read(document.rect)[..., 0] == 12345).all()


def test_what_other_programs_copied(window, document):
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 200, 30))
    QGuiApplication.clipboard().setImage(image)
    press_key(window, KEYS.Key_V, CTRL | SHIFT)
    pasted = document.layers[1].image
    assert pasted.bounds() == (305, 230, 30, 20)
    assert pasted.read(pasted.bounds())[0, 0].tolist() == [10, 200, 30, 255]


def test_what_was_copied_elsewhere_since_counts(window, document):
    press_key(window, KEYS.Key_C, CTRL)
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 200, 30))
    QGuiApplication.clipboard().setImage(image)
    press_key(window, KEYS.Key_V, CTRL)
    assert document.layers[1].image.bounds()[2:] == (30, 20)


def test_colours_are_converted_between_pictures(window, document, qtbot, tmp_path):
    press_key(window, KEYS.Key_C, CTRL)
    before = shown(document)
    open_pictures(qtbot, window, make_picture(tmp_path / "two.png", seed=5))
    other = window.document
    assign_profile(other, profiles.profile(profiles.PROPHOTO_RGB))
    press_key(window, KEYS.Key_V, CTRL | SHIFT)
    pasted = other.layers[1].image.read(other.rect)
    assert not np.array_equal(pasted, before)
    grey = before[..., :3].astype(int).std(axis=2) < 3  # which ProPhoto RGB has nearly the same
    assert pasted[..., :3][~grey].std() < before[..., :3][~grey].std()  # a larger space, smaller numbers


@pytest.mark.parametrize("what", ["nothing", "words"])
def test_no_picture_on_the_clipboard_is_told(window, document, what):
    if what == "words":
        mime = QMimeData()
        mime.setText("hello")
        QGuiApplication.clipboard().setMimeData(mime)
    press_key(window, KEYS.Key_V, CTRL)
    assert toasts(window) == [("warning", "There is no picture on the clipboard.")]
    assert len(document.layers) == 1


def test_what_cannot_be_copied_is_told(window, document):
    stack.add(document, Group("Folder", [PixelLayer("Inside", TiledImage(4, np.uint8))]))
    press_key(window, KEYS.Key_C, CTRL)
    assert "“Folder” has no pixels of its own" in toasts(window)[0][1]
    window.panels._layers.select(document.layers[1].children[0])
    press_key(window, KEYS.Key_C, CTRL)
    assert "nothing to copy" in toasts(window)[-1][1]
    assert QGuiApplication.clipboard().image().isNull()


# -- filling and clearing ------------------------------------------------------------------------------


def test_fill_with_foreground_and_background(window, document):
    window.bench.foreground, window.bench.background = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
    select.rectangle(document, (100, 80, 60, 40))
    before = shown(document)
    press_key(window, KEYS.Key_Backspace, ALT)
    assert (shown(document)[80:120, 100:160] == (255, 0, 0, 255)).all()
    press_key(window, KEYS.Key_Backspace, CTRL)
    assert (shown(document)[80:120, 100:160] == (0, 0, 255, 255)).all()
    assert np.array_equal(shown(document)[:80], before[:80])
    assert entries(document) == ["Rectangular selection", "Fill", "Fill"]


def test_fill_asks_what_with(window, document):
    press_key(window, KEYS.Key_F5, SHIFT)
    form = window.findChild(FillForm)
    form.colour.setCurrentIndex(form.colour.findText("White"))
    form.opacity.set_value(50)
    before = shown(document).astype(int)
    form.accept()
    assert np.abs(shown(document)[..., :3] - (before[..., :3] + 255) / 2).max() <= 1


def test_filling_a_mask(window, document):
    stack.add_mask(document, document.layers[0])
    window.bench.on_mask = True
    window.bench.foreground = (0.0, 0.0, 0.0)
    press_key(window, KEYS.Key_Backspace, ALT)
    assert not document.layers[0].mask.image.read(document.rect).any()


def test_delete_clears_what_is_selected(window, document):
    for key in (KEYS.Key_Delete, KEYS.Key_Backspace):
        select.rectangle(document, (100, 80, 60, 40))
        press_key(window, key)
        assert not shown(document)[80:120, 100:160].any() and shown(document)[0, 0, 3] == 255
        press_key(window, KEYS.Key_Z, CTRL)


def test_delete_with_nothing_selected_deletes_the_layer(window, document):
    press_key(window, KEYS.Key_Delete)
    assert layer_names(document) == ["Background"]  # the last one stays
    stack.add_pixels(document, "Two")
    press_key(window, KEYS.Key_Delete)
    assert layer_names(document) == ["Background"]


def test_backspace_takes_back_a_corner_first(window, document):
    select.everything(document)
    window.tools.use("polygon")
    window.tools.current.how = "add"
    canvas = window.canvas
    for x, y in ((50, 50), (200, 60), (200, 150)):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.view.to_widget(x, y).toPoint())
    before = shown(document)
    press_key(window, KEYS.Key_Backspace)
    assert len(window.tools.current._points) == 2 and np.array_equal(shown(document), before)


# -- free transform ------------------------------------------------------------------------------------


def drag(canvas, start, end, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    points = [canvas.view.to_widget(*point).toPoint() for point in (start, end)]
    QTest.mouseMove(canvas, points[0])
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifiers, points[0])
    QTest.mouseMove(canvas, (points[0] + points[1]) / 2)
    QTest.mouseMove(canvas, points[1])
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifiers, points[1])


def add_patch(document) -> PixelLayer:
    layer = PixelLayer("Patch", TiledImage.from_array(np.full((100, 200, 4), 255, np.uint8), 200, 150))
    stack.add(document, layer)
    return layer


def test_from_the_key_to_the_entry(window, document):
    layer, before = add_patch(document), window.tools.current.id
    press_key(window, KEYS.Key_T, CTRL)
    assert window.tools.current.id == "transform"
    drag(window.canvas, (250, 170), (300, 220))
    image = window.canvas.grab().toImage()
    inside = window.canvas.view.to_widget(430, 280).toPoint()
    assert image.pixelColor(inside).lightness() > 240  # where the patch is now, as a preview
    assert layer.image.bounds()[:2] == (200, 150) and entries(document)[1:] == []
    press_key(window, KEYS.Key_Return)
    assert layer.image.bounds()[:2] == pytest.approx((250, 200), abs=2)
    assert entries(document)[1:] == ["Free transform"]
    assert window.tools.current.id == before


def test_escape_and_undo_leave_it_as_it_was(window, document):
    layer = add_patch(document)
    for keys in ((KEYS.Key_Escape,), (KEYS.Key_Z, CTRL)):
        press_key(window, KEYS.Key_T, CTRL)
        drag(window.canvas, (250, 170), (300, 220))
        press_key(window, *keys)
        if keys[0] == KEYS.Key_Z:
            assert window.tools.current.id == "transform"  # the drag is undone, the transform goes on
            press_key(window, *keys)
        assert window.tools.current.id != "transform"
        assert layer.image.bounds()[:2] == (200, 150) and entries(document)[1:] == []


def test_another_tool_and_another_command_apply_it(window, document):
    layer = add_patch(document)
    press_key(window, KEYS.Key_T, CTRL)
    drag(window.canvas, (250, 170), (300, 220))
    press_key(window, KEYS.Key_B)
    assert window.tools.current.id == "brush" and layer.image.bounds()[0] == pytest.approx(250, abs=2)
    press_key(window, KEYS.Key_T, CTRL)
    drag(window.canvas, (300, 250), (250, 200))
    press_key(window, KEYS.Key_A, CTRL)
    assert layer.image.bounds()[0] == pytest.approx(200, abs=2) and window.tools.current.id == "brush"
    assert entries(document)[1:] == ["Free transform", "Free transform", "Select all"]


def test_numbers_in_the_options_bar(window, document):
    layer = add_patch(document)
    press_key(window, KEYS.Key_T, CTRL)
    field = window.options.control("scale_x")
    assert field.value == 100
    field.nudge(50)
    assert window.options.control("scale_y").value == 50
    press_key(window, KEYS.Key_Return)
    assert layer.image.bounds() == (250, 175, 100, 50)


def test_what_cannot_be_transformed_is_told(window, document):
    stack.add_pixels(document, "Empty")
    press_key(window, KEYS.Key_T, CTRL)
    assert toasts(window) == [("warning", "There is nothing to transform in “Empty”.")]
    assert window.tools.current.id != "transform"


def test_the_numbers_of_a_transform_are_not_kept(window, document):
    add_patch(document)
    press_key(window, KEYS.Key_T, CTRL)
    window.tools.current.keep_ratio = False
    assert window.tools.values["transform"] == {"keep_ratio": False, "method": "auto"}
