"""New, open recent, save a copy, close all, revert."""

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox
from windows import make_picture, open_pictures, toasts, wait_for_toast

from editor import settings
from editor.document import canvas, storage
from editor.ui import dialogs, file_dialogs, units
from editor.ui.forms.new_picture import NewPictureForm

BUTTONS = QMessageBox.StandardButton
WAIT = 20_000


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def run(window, command_id: str) -> None:
    window.actions_by_id[command_id].trigger()


def new_dialog(window) -> NewPictureForm:
    run(window, "file_commands.new")
    return next(each for each in window.findChildren(NewPictureForm) if each.isVisible())


def pick(box, value) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


# -- new ----------------------------------------------------------------------------------------------


def test_a_new_picture(window, qtbot):
    dialog = new_dialog(window)
    dialog.sides.width.setValue(300)
    dialog.sides.height.setValue(200)
    pick(dialog.bits, 16)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: window.document is not None, timeout=WAIT)
    document = window.document
    assert (document.width, document.height, document.bits) == (300, 200, 16)
    assert (document.composite(document.rect) == 65535).all()
    assert document.path is None
    assert not document.history.modified
    again = new_dialog(window)
    assert (again.sides.whole, again.bits.currentData()) == ((300, 200), 16)
    again.reject()


def test_its_background_may_be_the_tools_or_none(window, qtbot):
    window.bench.background = (0.0, 1.0, 0.0)
    for count, (background, expected) in enumerate(
        (("colour", (0, 255, 0, 255)), ("clear", (0, 0, 0, 0))), 1
    ):
        dialog = new_dialog(window)
        dialog.sides.width.setValue(20)
        dialog.sides.height.setValue(10)
        pick(dialog.background, background)
        dialog.accept_button.click()
        qtbot.waitUntil(lambda count=count: window.tabs.count() == count, timeout=WAIT)
        shown = window.document.composite(window.document.rect)
        assert (shown == expected).all()


def test_lengths_stay_what_they_are_in_another_unit(window):
    dialog = new_dialog(window)
    dialog.sides.width.setValue(3000)
    dialog.dpi.setValue(300)
    pick(dialog.sides.unit, "in")
    assert dialog.sides.width.value() == 10
    assert dialog.sides.whole[0] == 3000
    dialog.dpi.setValue(150)  # ten inches stay ten inches
    assert dialog.sides.whole[0] == 1500
    pick(dialog.sides.unit, "mm")
    assert dialog.sides.width.value() == 254
    pick(dialog.sides.unit, "px")
    dialog.dpi.setValue(72)
    assert dialog.sides.whole[0] == 1500
    dialog.reject()


def test_it_begins_with_the_chosen_unit_and_the_copied_picture(window, qapp):
    window.settings.units = "cm"
    QGuiApplication.clipboard().setImage(QImage(127, 254, QImage.Format.Format_RGB32))
    dialog = new_dialog(window)
    assert dialog.sides.unit.currentData() == "cm"
    assert dialog.sides.whole == (127, 254)
    dialog.reject()


def test_a_size_that_cannot_be_is_said_at_once(window):
    dialog = new_dialog(window)
    dialog.sides.width.setValue(200_000)
    dialog.sides.height.setValue(200_000)
    assert not dialog.accept_button.isEnabled()
    assert "megapixels" in dialog._words.text()
    dialog.sides.height.setValue(10)
    assert dialog.accept_button.isEnabled()
    dialog.reject()


@pytest.mark.parametrize(
    "kept", [{"width": -5, "height": "x", "dpi": 0, "bits": 12, "background": 3}, {"width": True, "other": 1}]
)
def test_kept_choices_that_make_no_sense_are_the_defaults(window, kept):
    window.settings.new_picture = kept
    dialog = new_dialog(window)
    assert dialog.sides.whole == (1920, 1080)
    assert (dialog.dpi.value(), dialog.bits.currentData()) == (300, 8)
    assert dialog.background.currentData() == "white"
    dialog.reject()


@pytest.mark.parametrize(("unit", "length"), [("px", 720), ("in", 10), ("cm", 25.4), ("mm", 254)])
def test_units(unit, length):
    assert units.to_pixels(length, unit, 72) == pytest.approx(720)
    assert units.from_pixels(720, unit, 72) == pytest.approx(length)
    assert unit in dict(units.names())
    assert unit in settings.UNITS


# -- open recent --------------------------------------------------------------------------------------


def test_recent_pictures_are_in_a_menu(window, qtbot, tmp_path):
    menu = window.recent_menu
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Nothing was opened yet"]
    assert not menu.actions()[0].isEnabled()
    (tmp_path / "b").mkdir()
    first, second = make_picture(tmp_path / "a & b.png"), make_picture(tmp_path / "b" / "c.png")
    open_pictures(qtbot, window, first, second)
    window.settings.recent.append(str(tmp_path / "other" / "c.png"))
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == ["c.png   (b)", "a && b.png", "c.png   (other)", "Clear the list"]
    menu.actions()[1].trigger()
    assert window.document.path == first
    menu.actions()[-1].trigger()
    assert window.settings.recent == []


def test_a_recent_picture_that_is_gone_is_told(window, qtbot, tmp_path):
    window.settings.recent = [str(tmp_path / "gone.png")]
    window.recent_menu.aboutToShow.emit()
    window.recent_menu.actions()[0].trigger()
    wait_for_toast(qtbot, window, "error", "gone.png")


# -- save a copy --------------------------------------------------------------------------------------


def test_a_copy_is_saved_and_the_document_goes_on_with_its_file(
    window, qtbot, picture, tmp_path, monkeypatch
):
    open_pictures(qtbot, window, picture)
    document = window.document
    canvas.flip(document, horizontal=True)
    target = tmp_path / "copy.png"
    monkeypatch.setattr(dialogs, "ask_where_to_copy", lambda *_: target)
    run(window, "saving.save_copy")
    wait_for_toast(qtbot, window, "info", "Saved a copy: copy.png.")
    assert document.path == picture
    assert document.history.modified
    assert np.array_equal(
        storage.open_document(target).composite(document.rect), document.composite(document.rect)
    )
    assert str(target) not in window.settings.recent


def test_a_copy_has_another_name(monkeypatch, make_document, tmp_path):
    asked = []
    monkeypatch.setattr(file_dialogs, "ask_for_name", lambda *given: asked.append(given) or (None, ""))
    document = make_document()
    document.path = tmp_path / "beach.png"
    assert dialogs.ask_where_to_copy(None, document, str(tmp_path)) is None
    assert asked[0][2] == tmp_path / "beach copy.png"


def test_a_copy_that_fails_is_told(window, qtbot, picture, tmp_path, monkeypatch):
    open_pictures(qtbot, window, picture)
    monkeypatch.setattr(dialogs, "ask_where_to_copy", lambda *_: tmp_path / "no" / "a.png")
    run(window, "saving.save_copy")
    wait_for_toast(qtbot, window, "error", "the folder does not exist")


# -- close all ----------------------------------------------------------------------------------------


def test_close_all_closes_all(window, qtbot, tmp_path):
    open_pictures(qtbot, window, *(make_picture(tmp_path / f"{number}.png") for number in range(3)))
    run(window, "file_commands.close_all")
    assert window.tabs.count() == 0


def test_close_all_stops_where_the_user_keeps_one(window, qtbot, tmp_path, questions):
    open_pictures(qtbot, window, *(make_picture(tmp_path / f"{number}.png") for number in range(3)))
    canvas.flip(window.tabs.document_at(1), horizontal=True)
    questions.answer = BUTTONS.Cancel
    run(window, "file_commands.close_all")
    assert window.tabs.count() == 2
    assert len(questions) == 1


# -- revert -------------------------------------------------------------------------------------------


def test_revert_brings_back_what_is_in_the_file(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    document = window.document
    saved = document.composite(document.rect)
    canvas.crop(document, type(document.rect)(10, 10, 100, 80))
    run(window, "file_commands.revert")
    wait_for_toast(qtbot, window, "info", "is as it was saved. Undo brings your changes back.")
    qtbot.waitUntil(lambda: not document.history.modified, timeout=WAIT)
    assert np.array_equal(document.composite(document.rect), saved)
    document.undo()
    assert (document.width, document.height) == (100, 80)


@pytest.mark.parametrize("case", ["unchanged", "unsaved", "gone"])
def test_revert_says_why_it_did_nothing(window, qtbot, picture, case):
    open_pictures(qtbot, window, picture)
    document = window.document
    if case != "unchanged":
        canvas.flip(document, horizontal=True)
    if case == "unsaved":
        document.path = None
    if case == "gone":
        picture.unlink()
    entries = len(document.history.entries)
    run(window, "file_commands.revert")
    words = {"unchanged": "is as it was saved", "unsaved": "never saved", "gone": "one.png"}[case]
    qtbot.waitUntil(lambda: any(words in text for _, text in toasts(window)), timeout=WAIT)
    assert len(document.history.entries) == entries


def test_a_closed_picture_goes_without_being_collected(window, qtbot, picture):
    """After engines.importing told the collector to pass it over, it would stay for good."""
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._navigator is not None, timeout=WAIT)
    gc.collect()
    gc.disable()
    try:
        kept = [weakref.ref(each) for each in (window.document, window.document.layers[0].image)]
        window.close_tab(0)
        qtbot.waitUntil(lambda: not any(each() for each in kept), timeout=WAIT)
    finally:
        gc.enable()
