"""What the Image menu asks: sizes, canvas, angles, trimming and profiles, each one entry."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from windows import open_pictures, toasts

from editor.document import select, stack
from editor.document.files import profiles
from editor.document.layers import PixelLayer
from editor.document.tiles import TiledImage
from editor.ui.forms.canvas_size import CanvasSizeForm
from editor.ui.forms.image_size import ImageSizeForm
from editor.ui.forms.profile import ProfileForm, name_of
from editor.ui.forms.rotate import RotateForm
from editor.ui.forms.trim import TrimForm


@pytest.fixture
def document(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    return window.document


def asked(window, slot: str, kind: type):
    """The form that a menu entry opens."""
    window.actions_by_id[slot].trigger()
    (form,) = (form for form in window.findChildren(kind) if form.isVisible())
    assert form.isModal()
    return form


def unit(form, name: str) -> None:
    box = form.sides.unit
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def size(document) -> tuple[int, int]:
    return document.width, document.height


def entries(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


# -- image size ----------------------------------------------------------------------------------------


def test_image_size_keeps_the_ratio(window, document):
    form = asked(window, "image.image_size", ImageSizeForm)
    assert (form.sides.width.value(), form.sides.height.value()) == (640, 480)
    form.sides.width.setValue(320)
    assert form.sides.height.value() == 240
    form.link.click()
    form.sides.height.setValue(100)
    assert form.sides.width.value() == 320
    form.accept()
    assert size(document) == (320, 100) and entries(document) == ["Image size"]


def test_per_cent_and_lengths_on_paper(window, document):
    form = asked(window, "image.image_size", ImageSizeForm)
    form.dpi.setValue(254)
    unit(form, "%")
    form.sides.width.setValue(50)
    unit(form, "cm")
    assert (form.sides.width.value(), form.sides.height.value()) == (3.2, 2.4)
    form.dpi.setValue(127)  # the paper stays, the pixels do not
    assert form.sides.whole == (160, 120) and form.sides.width.value() == 3.2
    form.accept()
    assert size(document) == (160, 120) and document.metadata.dpi == (127, 127)


def test_without_resampling_no_pixel_changes(window, document):
    before = document.composite(document.rect)
    form = asked(window, "image.image_size", ImageSizeForm)
    form.resample.click()
    assert not form.sides.width.isEnabled() or form.sides.is_physical
    form.dpi.setValue(160)
    unit(form, "in")
    form.resample.click()
    form.resample.click()
    assert form.sides.width.value() == 4 and form.sides.width.isEnabled()
    form.sides.width.setValue(2)
    assert form.dpi.value() == 320 and form.sides.height.value() == 1.5
    form.accept()
    assert np.array_equal(document.composite(document.rect), before)
    assert document.metadata.dpi == (320, 320) and entries(document) == ["Resolution"]


def test_a_resolution_that_was_left_alone_stays_exact(window, document):
    document.metadata = replace(document.metadata, dpi=(72.009, 72.009))
    form = asked(window, "image.image_size", ImageSizeForm)
    form.sides.width.setValue(320)
    form.accept()
    assert document.metadata.dpi == (72.009, 72.009)


def test_a_size_that_cannot_be_is_not_accepted(window, document):
    form = asked(window, "image.image_size", ImageSizeForm)
    form.sides.width.setValue(200_000)
    assert not form.accept_button.isEnabled() and "megapixels" in form._words.text()
    form.sides.width.setValue(100)
    assert form.accept_button.isEnabled() and form._words.text() == "100 × 75 pixels"
    form.reject()
    assert entries(document) == []


# -- canvas --------------------------------------------------------------------------------------------


def test_canvas_size_around_an_anchor(window, document):
    before = document.composite(document.rect)
    form = asked(window, "image.canvas_size", CanvasSizeForm)
    form.relative.click()
    assert form.sides.width.value() == 0
    form.sides.width.setValue(20)
    form.sides.height.setValue(-80)
    QTest.mouseClick(form.anchor, Qt.MouseButton.LeftButton, pos=QPoint(5, 70))  # bottom left
    assert form.anchor.anchor == (0, 1)
    form.accept()
    assert size(document) == (660, 400) and entries(document) == ["Canvas size"]
    shown = document.composite(document.rect)
    assert np.array_equal(shown[:, :640], before[80:]) and not shown[:, 640:].any()


def test_the_anchor_by_keys(window, document):
    form = asked(window, "image.canvas_size", CanvasSizeForm)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(form.anchor, key)
    assert form.anchor.anchor == (1, 0) and form.anchor.accessibleDescription() == "top, right"
    form.reject()


def test_crop_to_the_selection(window, document):
    window.actions_by_id["image.crop"].trigger()
    assert toasts(window) == [("warning", "Nothing is selected yet.")]
    select.ellipse(document, (100, 80, 60, 40))
    window.actions_by_id["image.crop"].trigger()
    assert size(document) == (60, 40) and entries(document)[-1] == "Crop"


@pytest.mark.parametrize("kind, expected", [("transparent", (40, 30)), ("top left", (20, 10))])
def test_trim(window, document, kind, expected):
    pixels = np.zeros((480, 640, 4), np.uint8)
    pixels[100:130, 200:240] = (90, 80, 70, 255)
    pixels[110:120, 210:230] = (200, 10, 10, 255)
    document.layers[0].image = TiledImage.from_array(pixels)
    if kind == "top left":
        document.layers[0].image = TiledImage.from_array(np.ascontiguousarray(pixels[100:130, 200:240]))
        document.width, document.height = 40, 30
    form = asked(window, "image.trim", TrimForm)
    form.kind.setCurrentIndex(form.kind.findData(kind))
    form.accept()
    assert size(document) == expected and entries(document) == ["Crop"]
    again = asked(window, "image.trim", TrimForm)
    assert again.kind.currentData() == kind  # as the last time
    again.reject()


def test_there_may_be_nothing_to_trim(window, document):
    asked(window, "image.trim", TrimForm).accept()
    assert toasts(window) == [("warning", "There is nothing to trim at the edges.")]
    document.layers[0].image = TiledImage(4, np.uint8)
    asked(window, "image.trim", TrimForm).accept()
    assert "nothing but that" in toasts(window)[-1][1] and entries(document) == []


def test_reveal_all(window, document):
    pixels = np.full((50, 60, 4), 255, np.uint8)
    stack.add(document, PixelLayer("Beyond", TiledImage.from_array(pixels, -30, 460)))
    window.actions_by_id["image.reveal"].trigger()
    assert size(document) == (670, 510)
    assert document.layers[1].image.bounds() == (0, 460, 60, 50)


def test_rotate_by_an_angle(window, document):
    for kind, expected in (("grow", (795, 736)), ("keep", (640, 480))):
        form = asked(window, "image.rotate_by", RotateForm)
        form.angle.setValue(30)
        form.canvas.setCurrentIndex(form.canvas.findData(kind))
        form.accept()
        assert size(document) == expected
        document.undo()


# -- profiles ------------------------------------------------------------------------------------------


def choose(form, name: str) -> None:
    form.profile.setCurrentIndex(form.profile.findText(name))
    form.profile.activated.emit(form.profile.currentIndex())


def test_assign_and_convert(window, document):
    before = document.composite(document.rect)
    form = asked(window, "image.assign_profile", ProfileForm)
    choose(form, "Adobe RGB (1998)")
    form.accept()
    assert np.array_equal(document.composite(document.rect), before)
    assert name_of(document.metadata.icc) == "Adobe RGB (1998)"
    form = asked(window, "image.convert_profile", ProfileForm)
    assert form.now.text() == "Adobe RGB (1998)"
    choose(form, "sRGB")
    form.accept()
    assert not np.array_equal(document.composite(document.rect), before)
    assert entries(document) == ["Assign profile", "Convert to profile"]


def test_a_profile_out_of_a_file(window, document, tmp_path, monkeypatch):
    path, bad = tmp_path / "wide.icc", tmp_path / "bad.icc"
    path.write_bytes(profiles.profile(profiles.PROPHOTO_RGB))
    bad.write_bytes(b"no profile")
    form = asked(window, "image.assign_profile", ProfileForm)
    answers = iter([[bad], [], [path]])
    monkeypatch.setattr("editor.ui.file_dialogs.ask_for_files", lambda *_: next(answers))
    choose(form, "sRGB")
    for words in ("bad.icc holds no colour profile.", "bad.icc holds no colour profile."):
        choose(form, "From a file…")
        assert form._words.text() == words and form.profile.currentText() == "sRGB"
    choose(form, "From a file…")
    assert form.profile.currentText() == "ProPhoto RGB"
    form.accept()
    assert document.metadata.icc == path.read_bytes()


def test_a_profile_that_does_not_fit_is_told(window, document, tmp_path):
    from PIL import ImageCms

    lab = tmp_path / "lab.icc"
    lab.write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
    form = asked(window, "image.assign_profile", ProfileForm)
    assert form.take_file(lab)
    form.profile.setCurrentIndex(form.profile.count() - 1)
    form.accept()
    assert "does not fit this picture" in toasts(window)[0][1] and entries(document) == []


def test_no_form_without_a_picture(window):
    slots = ("image_size", "canvas_size", "trim", "rotate_by", "assign_profile", "convert_profile", "crop")
    for slot in slots:
        assert not window.actions_by_id[f"image.{slot}"].isEnabled()
        getattr(window.image, slot)()
    assert window.findChild(ImageSizeForm) is None and not toasts(window)
