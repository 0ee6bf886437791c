"""Export asks, weighs the file in the background, writes it, and leaves the document as it is."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog
from windows import make_picture, open_pictures, wait_for_toast

from editor.document import export
from editor.document.files import profiles
from editor.document.files.errors import FileError
from editor.ui import dialogs
from editor.ui.export.commands import why_not_exported
from editor.ui.export.dialog import ExportDialog, free_name

WAIT = 20_000


@pytest.fixture
def photo(tmp_path) -> Path:
    """Not sRGB."""
    pixels = np.random.default_rng(0).integers(0, 255, (200, 300, 3), np.uint8)
    path = tmp_path / "beach.png"
    Image.fromarray(pixels).save(path, icc_profile=profiles.profile(profiles.DISPLAY_P3))
    return path


@pytest.fixture
def show(window, qtbot, photo):
    open_pictures(qtbot, window, photo)
    shown = []

    def make() -> ExportDialog:
        window.actions_by_id["exporting.show"].trigger()
        dialog = next(each for each in window.findChildren(ExportDialog) if each.isVisible())
        shown.append(dialog)
        return dialog

    return make


def pick(box: QComboBox, value) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def weighed(qtbot, dialog: ExportDialog) -> int:
    """The bytes that it says."""
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled(), timeout=WAIT)
    prepared, choices = dialog._estimate.picture, dialog.choices
    path = Path(dialog._folder or "/tmp") / f"weighed{choices.target.suffix}"
    size = export.write(path, prepared, choices)
    path.unlink()
    assert dialogs.size_text(size) in dialog.bytes.text()
    return size


def test_it_says_how_large_the_file_becomes(show, qtbot, tmp_path, window):
    window.settings.last_folder = str(tmp_path)
    dialog = show()
    assert not dialog.accept_button.isEnabled()
    at_90 = weighed(qtbot, dialog)
    dialog.quality.set_value(20)
    dialog.quality.changed.emit(20)
    assert not dialog.accept_button.isEnabled()  # what it says is not of these choices any more
    assert weighed(qtbot, dialog) < at_90 / 2
    pick(dialog.resize_by, "percent")
    assert dialog.pixels.text() == "150 × 100 pixels"
    assert weighed(qtbot, dialog) < at_90 / 4
    dialog.reject()


def test_only_the_last_of_quick_changes_is_told(show, qtbot, tmp_path, window):
    window.settings.last_folder = str(tmp_path)
    dialog = show()
    told = []
    dialog._estimate.told.connect(lambda words, _: told.append(words))
    for quality in range(30, 80, 5):
        dialog.quality.set_value(quality)
        dialog.quality.changed.emit(quality)
    weighed(qtbot, dialog)
    assert len(told) == 1
    dialog.reject()


def test_the_file_is_written_and_the_document_stays(show, qtbot, tmp_path, window, monkeypatch):
    document = window.document
    path, state = document.path, document.history.state
    target = tmp_path / "out" / "web.webp"
    target.parent.mkdir()
    asked = []

    def ask(parent, start, name, suffixes):
        asked.append((start.name, name, suffixes))
        return target

    monkeypatch.setattr(dialogs, "ask_where_to_export", ask)
    dialog = show()
    pick(dialog.format, "webp")
    pick(dialog.resize_by, "longest")
    dialog.side.set_value(100)
    dialog.side.changed.emit(100)
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled(), timeout=WAIT)
    dialog.accept_button.click()
    wait_for_toast(qtbot, window, "info", "Exported web.webp, ")
    assert asked == [("beach.webp", "WebP", (".webp",))]
    with Image.open(target) as image:
        assert (image.format, image.size) == ("WEBP", (100, 67))
        assert profiles.is_srgb(image.info["icc_profile"])
    assert (document.path, document.history.state) == (path, state)
    assert not document.history.modified
    assert window.settings.export["format"] == "webp"
    assert window.settings.last_folder == str(target.parent)


def test_the_last_choices_are_there_again(show, qtbot, window):
    window.settings.export = {"format": "avif", "qualities": {"avif": 33}, "resize": "longest", "side": 120}
    dialog = show()
    assert dialog.format.currentData() == "avif"
    assert dialog.quality.value == 33
    assert dialog.side.value == 120
    pick(dialog.format, "jpeg")
    assert dialog.quality.value == 90  # each format has its own
    pick(dialog.format, "avif")
    assert dialog.quality.value == 33
    dialog.reject()
    assert window.settings.export["format"] == "avif"  # thinking better of it keeps nothing


def test_only_what_makes_a_difference_is_offered(show, qtbot, window):
    dialog = show()
    assert dialog.srgb.isEnabled()
    assert not dialog.deep.isVisible()
    for kind, has_quality in (("png", False), ("tiff", False), ("webp", True)):
        pick(dialog.format, kind)
        assert dialog.quality.isVisible() == has_quality
    for kind, sliders in (("none", (False, False)), ("longest", (True, False)), ("percent", (False, True))):
        pick(dialog.resize_by, kind)
        assert (dialog.side.isVisible(), dialog.percent.isVisible()) == sliders
    dialog.reject()


def test_16_bits_are_offered_where_there_are_any(window, qtbot, tmp_path):
    open_pictures(qtbot, window, make_picture(tmp_path / "a.png"))
    window.image.to_16_bits()
    qtbot.waitUntil(lambda: window.document.bits == 16, timeout=WAIT)
    window.exporting.show()
    dialog = window.findChild(ExportDialog)
    assert dialog.deep.isVisible()
    assert not dialog.deep.isEnabled()  # a JPEG has none
    assert not dialog.srgb.isEnabled()  # it is sRGB already
    pick(dialog.format, "png")
    assert dialog.deep.isEnabled()
    dialog.deep.click()
    assert dialog.choices.deep
    dialog.reject()


def test_why_there_will_be_no_file(show, qtbot, window):
    dialog = show()
    dialog.srgb.click()
    pick(dialog.format, "jxl")
    qtbot.waitUntil(lambda: "sRGB only" in dialog.bytes.text(), timeout=WAIT)
    assert "beach.jxl" in dialog.bytes.text()
    assert not dialog.accept_button.isEnabled()
    dialog.srgb.click()
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled(), timeout=WAIT)
    dialog.reject()


def test_a_disk_that_takes_nothing_is_told(show, qtbot, window, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_where_to_export", lambda *_: tmp_path / "gone" / "a.jpg")
    dialog = show()
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled(), timeout=WAIT)
    dialog.accept_button.click()
    wait_for_toast(qtbot, window, "error", "the folder does not exist")


def test_reasons_are_one_plain_line(tmp_path):
    path = tmp_path / "a.jpg"
    assert why_not_exported(path, FileError("Cannot save a.jpg: the disk is full.")).endswith("disk is full.")
    assert "not enough memory" in why_not_exported(path, MemoryError())
    assert why_not_exported(path, RuntimeError("odd")) == "a.jpg could not be exported: odd"


def test_closing_it_early_leaves_no_thread(show, qtbot, window):
    dialog = show()
    QTest.qWait(250)  # the file is being made
    dialog.reject()


def test_the_name_gets_the_suffix_of_the_format(qtbot, monkeypatch, tmp_path):
    names = iter(["a", "b.jpeg", "c.png"])

    monkeypatch.setattr(QFileDialog, "exec", lambda _: True)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: [str(tmp_path / next(names))])
    found = [
        dialogs.ask_where_to_export(None, tmp_path / "x.jpg", "JPEG", (".jpg", ".jpeg")).name
        for _ in range(3)
    ]
    assert found == ["a.jpg", "b.jpeg", "c.png.jpg"]
    monkeypatch.setattr(QFileDialog, "exec", lambda _: False)
    assert dialogs.ask_where_to_export(None, tmp_path / "x.jpg", "JPEG", (".jpg",)) is None


def test_the_name_offered_is_that_of_no_other_file(tmp_path):
    own = tmp_path / "crooked.jpg"
    assert free_name(tmp_path, "crooked", ".jpg", None) == own
    names = []
    for _ in range(3):
        path = free_name(tmp_path, "crooked", ".jpg", own)
        path.touch()
        names.append(path.name)
    assert names == ["crooked-web.jpg", "crooked-web-2.jpg", "crooked-web-3.jpg"]
    own.touch()
    assert free_name(tmp_path, "crooked", ".jpg", None).name == "crooked-web-4.jpg"
    assert free_name(tmp_path, "crooked", ".png", own).name == "crooked.png"


def test_the_documents_own_file_is_not_offered(show, qtbot, photo, window, monkeypatch):
    window.settings.last_folder = ""
    asked = []
    monkeypatch.setattr(dialogs, "ask_where_to_export", lambda parent, start, *_: asked.append(start))
    dialog = show()
    pick(dialog.format, "png")
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled(), timeout=WAIT)
    dialog.accept_button.click()
    assert asked == [photo.with_name("beach-web.png")]
    dialog.reject()
