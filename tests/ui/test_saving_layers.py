"""Saving where the format does not keep everything: what is suggested, asked and told."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from windows import make_picture, open_pictures, wait_for_toast

from editor.document import stack, storage
from editor.document.adjustments import Invert, WhiteBalance
from editor.document.layers import AdjustmentLayer, Group, LayerMask
from editor.document.model import Channel, Document
from editor.document.storage import open_document
from editor.document.tiles import TiledImage
from editor.ui import dialogs, file_dialogs
from editor.ui.dialogs import ask_about_losses  # the real one, which the tests of the window do without


def _layered(document: Document) -> None:
    stack.add_pixels(document, "Two")
    stack.add(document, AdjustmentLayer("White Balance", WhiteBalance(temperature=40.0)))


def _saved(qtbot, window) -> None:
    qtbot.waitUntil(lambda: not window.saving.saves.is_running(window.document), timeout=10_000)


def _document(path: str | None = None, **options) -> Document:
    document = Document.from_pixels(np.full((8, 8, 4), 255, options.pop("dtype", np.uint8)), **options)
    document.path = None if path is None else Path(path)
    return document


@pytest.mark.parametrize(
    ("path", "suffix"),
    [(None, ".png"), ("/a/b.jpg", ".jpg"), ("/a/b.PSD", ".psd"), ("/a/b.ora", ".ora"), ("/a/b.bmp", ".png")],
)
def test_a_flat_picture_is_suggested_in_its_own_format(path, suffix):
    assert dialogs.suggested_suffix(_document(path)) == suffix


def test_a_deep_picture_without_a_format_is_suggested_as_tiff():
    assert dialogs.suggested_suffix(_document("/a/b.nef", dtype=np.uint16)) == ".tif"


@pytest.mark.parametrize("kind", ["layers", "mask", "adjustment", "group", "channel"])
def test_whatever_a_flat_file_cannot_hold_is_suggested_as_openraster(kind):
    document = _document("/a/b.jpg")
    layer = document.layers[0]
    if kind == "layers":
        stack.duplicate(document, layer)
    elif kind == "mask":
        layer.mask = LayerMask.revealing()
    elif kind == "adjustment":
        document.layers = (AdjustmentLayer("Invert", Invert()),)
    elif kind == "group":
        document.layers = (Group("Group", [layer]),)
    else:
        document.channels = (Channel("Sky", TiledImage(1, np.uint8)),)
    assert dialogs.suggested_suffix(document) == ".ora"
    document.path = Path("/a/b.psd")
    assert dialogs.suggested_suffix(document) == ".psd"


def test_the_dialogs_offer_every_format(monkeypatch, qapp):
    reads = dialogs.read_filter()
    for suffix in (".ora", ".psd", ".psb", ".jpg", ".avif", ".jxl", ".heic", ".nef", ".NEF", ".cr3"):
        assert f"*{suffix}" in reads
    asked = {}

    def ask(parent, title, start, filters, chosen):
        asked.update(start=start, filters=filters, chosen=chosen)
        return start, chosen

    monkeypatch.setattr(file_dialogs, "ask_for_name", ask)
    document = _document("/a/b.jpg")
    stack.add_pixels(document, "Two")
    assert dialogs.ask_where_to_save(None, document, "/c") == Path("/c/b.ora")
    assert asked["chosen"].endswith("(*.ora)")
    for suffix in (*storage.DOCUMENT_SUFFIXES, ".png", ".jpg", ".tif", ".webp", ".avif", ".jxl"):
        assert f"*{suffix}" in asked["filters"]


def test_a_name_without_a_suffix_gets_that_of_the_filter(monkeypatch, qapp):
    answer = Path("/c/b.v2"), "AVIF (*.avif)"
    monkeypatch.setattr(file_dialogs, "ask_for_name", lambda *_: answer)
    assert dialogs.ask_where_to_save(None, _document(), "/c") == Path("/c/b.v2.avif")


def test_a_flat_save_of_layers_is_asked_about_once(window, qtbot, picture, asked_about_losses):
    document = open_pictures(qtbot, window, picture).document
    _layered(document)
    window.saving.save()
    wait_for_toast(qtbot, window, "info", "Saved one.png.")
    ((name, lost, is_flat),) = asked_about_losses
    assert name == "one.png" and is_flat and lost
    assert not document.history.modified
    assert len(document.layers) == 3
    flat = Image.open(picture)
    assert np.array_equal(np.asarray(flat)[..., :3], document.composite(document.rect)[..., :3])
    document.set_layer(document.layers[1], "opacity", 0.5, "Layer opacity")
    window.saving.save()
    _saved(qtbot, window)
    assert len(asked_about_losses) == 1


def test_the_photographs_own_file_is_not_written_over_unasked(
    window, qtbot, tmp_path, picture, asked_about_losses, monkeypatch
):
    document = open_pictures(qtbot, window, picture).document
    _layered(document)
    before = picture.read_bytes()
    asked_about_losses.answer = None
    window.saving.save()
    assert picture.read_bytes() == before and document.history.modified
    target = tmp_path / "one.ora"
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: target)
    asked_about_losses.answer = "ora"
    window.saving.save()
    _saved(qtbot, window)
    assert picture.read_bytes() == before and len(asked_about_losses) == 2
    assert len(open_document(target).layers) == 3 and document.path == target


def test_another_format_is_asked_about_again(
    window, qtbot, tmp_path, picture, monkeypatch, asked_about_losses
):
    document = open_pictures(qtbot, window, picture).document
    _layered(document)
    window.saving.save()
    _saved(qtbot, window)
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: tmp_path / "one.jpg")
    window.saving.save_as()
    wait_for_toast(qtbot, window, "info", "Saved one.jpg.")
    assert [name for name, _, _ in asked_about_losses] == ["one.png", "one.jpg"]


def test_a_save_that_keeps_all_is_told_in_short(window, qtbot, tmp_path, picture, monkeypatch):
    document = open_pictures(qtbot, window, picture).document
    _layered(document)
    target = tmp_path / "one.ora"
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: target)
    window.saving.save_as()
    wait_for_toast(qtbot, window, "info", "Saved one.ora.")
    again = open_document(target)
    assert [layer.name for layer in again.layers] == ["Background", "Two", "White Balance"]
    assert document.path == target
    document.set_layer(document.layers[1], "opacity", 0.5, "Layer opacity")
    window.saving.save()  # from now on there
    _saved(qtbot, window)
    assert open_document(target).layers[1].opacity == 0.5


def test_depth_that_is_lost_is_told(window, qtbot, tmp_path, picture, monkeypatch):
    document = open_pictures(qtbot, window, picture).document
    window.image.to_16_bits()
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: tmp_path / "x.jpg")
    window.saving.save_as()
    words = wait_for_toast(qtbot, window, "warning", "Saved x.jpg.")
    assert "16 bits" in words
    assert document.bits == 16


# --- Photoshop's formats ---


@pytest.fixture
def asked(asked_about_losses) -> list:
    return asked_about_losses


def _as_psd(window, monkeypatch, target: Path) -> None:
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: target)
    window.saving.save_as()


def test_losses_are_asked_about_before_a_psd_is_saved(window, qtbot, tmp_path, picture, monkeypatch, asked):
    document = open_pictures(qtbot, window, picture).document
    _layered(document)
    target = tmp_path / "one.psd"
    _as_psd(window, monkeypatch, target)
    assert [(name, is_flat) for name, _, is_flat in asked] == [("one.psd", False)]
    assert asked[0][1] == storage.losses(document, target) != []
    wait_for_toast(qtbot, window, "info", "Saved one.psd.")
    document.set_layer(document.layers[1], "opacity", 0.5, "Layer opacity")
    window.saving.save()
    _saved(qtbot, window)
    assert len(asked) == 1  # the same is not asked again
    assert len(open_document(target).layers) == 3


def test_without_losses_nothing_is_asked(window, qtbot, tmp_path, picture, monkeypatch, asked):
    document = open_pictures(qtbot, window, picture).document
    stack.add_pixels(document, "Two")
    assert storage.losses(document, Path("one.psd")) == []
    _as_psd(window, monkeypatch, tmp_path / "one.psd")
    wait_for_toast(qtbot, window, "info", "Saved one.psd.")
    assert asked == []


def test_cancel_saves_nothing_and_asks_again(window, qtbot, tmp_path, picture, monkeypatch, asked):
    document = open_pictures(qtbot, window, picture).document
    _layered(document)
    asked.answer = None
    _as_psd(window, monkeypatch, tmp_path / "one.psd")
    assert not (tmp_path / "one.psd").exists() and document.history.modified
    _as_psd(window, monkeypatch, tmp_path / "one.psd")
    assert len(asked) == 2


def test_openraster_instead_asks_for_its_name(window, qtbot, tmp_path, picture, monkeypatch, asked):
    document = open_pictures(qtbot, window, picture).document
    _layered(document)
    asked.answer = "ora"
    suffixes = []

    def ask(parent, document, folder, suffix):
        suffixes.append(suffix)
        return tmp_path / f"one{suffix or '.psd'}"

    monkeypatch.setattr(dialogs, "ask_where_to_save", ask)
    window.saving.save_as()
    wait_for_toast(qtbot, window, "info", "Saved one.ora.")
    assert suffixes == [None, ".ora"]
    assert document.path == tmp_path / "one.ora" and not (tmp_path / "one.psd").exists()


@pytest.mark.parametrize(("button", "answer"), [("Save", "save"), ("instead", "ora"), ("Cancel", None)])
def test_the_dialog_on_losses(window, button, answer):
    seen = []

    def act() -> None:
        box = QApplication.activeModalWidget()
        seen.extend(label.text() for label in box.findChildren(QLabel))
        next(each for each in box.buttons() if each.text().endswith(button)).click()

    QTimer.singleShot(50, act)
    lost = [f"the effect of “<b>{number}</b>”" for number in range(10)]
    assert ask_about_losses(window, Path("/a/b.psd"), lost) == answer
    words = " ".join(seen)
    assert "b.psd will not keep everything." in words
    assert "&lt;b&gt;7" in words and "&lt;b&gt;8" not in words and "and 2 more" in words


def test_notes_of_a_psd_are_told(window, qtbot, tmp_path, monkeypatch):
    from editor.document.files import psd

    path = tmp_path / "a.psd"
    storage.save(open_document(make_picture(tmp_path / "a.png", (30, 20))), path)
    read = psd.read
    monkeypatch.setattr(
        psd, "read", lambda path: (read(path)[0], ("Its paths are left out", "Two", "3", "4"))
    )
    open_pictures(qtbot, window, path)
    words = wait_for_toast(qtbot, window, "warning", "a.psd")
    assert words == "Opened a.psd. Its paths are left out. Two. 3. And 1 more."


def test_the_buttons_of_a_question_are_as_wide_as_their_words(window, monkeypatch, qapp):
    before = qapp.styleSheet()
    qapp.setStyleSheet("QPushButton { padding: 0 12px; }")  # as the theme has it
    seen = []

    def look(box):
        box.show()
        box.adjustSize()
        seen.extend((button.width(), button.sizeHint().width()) for button in box.buttons())
        box.hide()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", look)
    box = dialogs.question(window, "a.png will be one flat picture.", "")
    for words in ("Save flat", "Save as .ora instead, with all its layers", "Cancel"):
        box.addButton(words, QMessageBox.ButtonRole.ActionRole)
    dialogs.ask(box)
    qapp.setStyleSheet(before)
    assert len(seen) == 3 and all(width >= hint for width, hint in seen)
