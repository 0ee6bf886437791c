"""The Preferences: what is chosen is in force at once, and kept."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from windows import make_picture, open_pictures

from editor import settings
from editor.document import select
from editor.document.files import profiles
from editor.ui import file_dialogs, monitor, theme
from editor.ui.preferences.keyboard import KeyboardPage
from editor.ui.preferences.pages import size_words
from editor.ui.slider import NumberSlider

GENERAL, INTERFACE, PERFORMANCE, ENGINES, COLOUR, KEYBOARD, RECOVERY = range(7)


@pytest.fixture
def dialog(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    window.actions_by_id["preferences.show"].trigger()
    dialog = window.preferences.dialog
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    dialog.close()


@pytest.fixture
def dark_again():
    yield
    theme.apply(QApplication.instance(), "dark")


def named(page: QWidget, kind: type, name: str) -> QWidget:
    return next(each for each in page.findChildren(kind) if each.accessibleName() == name)


def pick(box: QComboBox, value) -> None:
    place = box.findData(value)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def shown_veil(window) -> np.ndarray:
    """Red, green and blue of the middle of the canvas."""
    image = window.canvas.grab().toImage()
    colour = image.pixelColor(image.width() // 2, image.height() // 2)
    return np.array([colour.red(), colour.green(), colour.blue()], float)


def test_it_stops_nothing_and_each_page_has_its_name(dialog):
    assert not dialog.isModal()
    names = [dialog.names.item(row).text() for row in range(dialog.names.count())]
    for row, name in enumerate(names):
        dialog.names.setCurrentRow(row)
        assert dialog.page(row).title == name
        assert dialog.page(row).isVisible()


def test_it_is_as_wide_on_every_page(dialog, qtbot):
    """Whatever command is chosen: some have long names."""
    widths = set()
    for row in range(dialog.names.count()):
        dialog.names.setCurrentRow(row)
        QApplication.processEvents()
        widths.add(dialog.width())
    dialog.names.setCurrentRow(KEYBOARD)
    page = dialog.page(KEYBOARD)
    for command_id in page._items:
        page.choose(command_id)
        assert dialog.layout().minimumSize().width() <= dialog.width(), command_id
    QApplication.processEvents()
    assert widths == {dialog.width()}
    assert dialog.minimumWidth() == dialog.maximumWidth()


def test_every_control_has_a_name_and_can_be_reached(dialog):
    for row in range(dialog.names.count()):
        for kind in (QComboBox, QCheckBox, QPushButton, NumberSlider):
            for control in dialog.page(row).findChildren(kind):
                assert control.accessibleName() or control.text(), (row, control)
                assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_units_and_language_are_kept(dialog, window):
    page = dialog.page(GENERAL)
    pick(named(page, QComboBox, "Units"), "mm")
    pick(named(page, QComboBox, "Language"), "zh_CN")
    dialog.close()
    kept = settings.load()
    assert (kept.units, kept.language) == ("mm", "zh_CN")
    assert "next start" in named(page, QComboBox, "Language").accessibleDescription()


def test_the_recent_pictures_can_be_forgotten(dialog, window):
    assert window.settings.recent
    button = next(each for each in dialog.page(GENERAL).findChildren(QPushButton))
    button.click()
    assert window.settings.recent == []
    assert not button.isEnabled()


def test_the_theme_changes_at_once(dialog, window, dark_again):
    box = named(dialog.page(INTERFACE), QComboBox, "Theme")
    dark = theme.now
    pick(box, "light")
    assert theme.now is not dark
    assert settings.load().theme == "dark"  # written when the dialog closes
    dialog.close()
    assert settings.load().theme == "light"


def test_the_veil_changes_at_once(dialog, window, qtbot):
    select.everything(window.document)
    rose = shown_veil(window)
    page = dialog.page(INTERFACE)
    swatch = next(each for each in page.findChildren(QWidget) if each.accessibleName() == "Blue")
    swatch.click()
    assert window.settings.overlay_colour == "#0072b2"
    blue = shown_veil(window)
    assert blue[2] - rose[2] > 20
    assert rose[0] - blue[0] > 50
    named(page, NumberSlider, "Selection’s opacity").set_value(90)
    named(page, NumberSlider, "Selection’s opacity").changed.emit(90)
    assert window.settings.overlay_opacity == 0.9
    assert np.abs(shown_veil(window) - (0, 0x72, 0xB2)).max() < 30


def test_a_picture_opened_later_has_the_veil_too(dialog, window, qtbot, tmp_path):
    window.settings.overlay_colour, window.settings.overlay_opacity = "#009e73", 0.9
    open_pictures(qtbot, window, make_picture(tmp_path / "two.png"))
    select.everything(window.document)
    assert np.abs(shown_veil(window) - (0, 0x9E, 0x73)).max() < 30


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)  # the offscreen platform
def test_an_own_colour(dialog, window):
    page = dialog.page(INTERFACE)
    own = next(each for each in page.findChildren(QWidget) if "of your own" in each.accessibleName())
    own.click()
    popup = QApplication.activePopupWidget()
    popup.picker.changed.emit((0.0, 1.0, 0.0))
    popup.close()
    assert window.settings.overlay_colour == "#00ff00"
    assert own.isChecked()


def test_budgets_hold_for_every_open_picture(dialog, window, qtbot, tmp_path):
    open_pictures(qtbot, window, make_picture(tmp_path / "two.png"))
    page = dialog.page(PERFORMANCE)
    pick(named(page, QComboBox, "History in memory"), 256)
    pick(named(page, QComboBox, "History on disk"), 0)
    pick(named(page, QComboBox, "Memory for drawing"), 128)
    for document in window.tabs.documents():
        assert (document.history.budget, document.history.disk_budget) == (256 << 20, 0)
    rooms = [(canvas.picture._pixels._room, canvas.picture._veil._room) for canvas in window.tabs.canvases()]
    assert rooms == [(384, 128)] * 2  # tiles of 256 KiB
    open_pictures(qtbot, window, make_picture(tmp_path / "three.png"))
    assert window.document.history.budget == 256 << 20


def test_a_size_that_is_none_of_the_list_is_kept(window, qtbot):
    window.settings.history_memory = 700
    window.preferences.show()
    box = named(window.preferences.dialog.page(PERFORMANCE), QComboBox, "History in memory")
    assert (box.currentData(), box.currentText()) == (700, "700 MB")
    window.preferences.dialog.close()


def test_sizes_in_words():
    assert [size_words(size) for size in (0, 512, 1024, 1536, 65536)] == [
        "None",
        "512 MB",
        "1 GB",
        "1.5 GB",
        "64 GB",
    ]


def test_devices_that_are_not_there_cannot_be_chosen(dialog, qtbot, monkeypatch):
    from engines import device
    from engines.base import EngineError

    def providers(name):
        if name in ("cuda", "mps"):
            raise EngineError("not here")
        return ["CPUExecutionProvider"]

    monkeypatch.setattr(device, "onnx_providers", providers)
    box = named(dialog.page(ENGINES), QComboBox, "Engines run on")
    qtbot.waitUntil(lambda: not box.model().item(box.findData("cuda")).isEnabled(), timeout=20_000)
    enabled = {box.itemData(row): box.model().item(row).isEnabled() for row in range(box.count())}
    assert enabled == {"auto": True, "cpu": True, "cuda": False, "mps": False}
    assert "not on this machine" in box.itemText(box.findData("mps"))
    own = named(dialog.page(ENGINES), QComboBox, "What that engine runs on")
    enabled = {own.itemData(row): own.model().item(row).isEnabled() for row in range(own.count())}
    assert enabled == {"": True, "auto": True, "cpu": True, "cuda": False, "mps": False}


def test_one_engine_has_a_device_of_its_own(dialog, window, monkeypatch):
    from engines import registry

    page = dialog.page(ENGINES)
    which, own = (named(page, QComboBox, name) for name in ("Engine", "What that engine runs on"))
    pick(which, "lama")
    pick(own, "cpu")
    pick(which, "migan")
    assert own.currentData() == ""
    pick(which, "lama")
    assert own.currentData() == "cpu" and window.settings.devices == {"lama": "cpu"}
    loaded = []
    monkeypatch.setattr(registry, "load", lambda engine, device: loaded.append((engine, device)))
    window.removing._load("lama")
    window.removing._load("migan")
    assert loaded == [("lama", "cpu"), ("migan", "auto")]
    pick(own, "")
    assert window.settings.devices == {}


def test_engines_keep_what_memory_they_are_given(dialog, window):
    pick(named(dialog.page(ENGINES), QComboBox, "Engines in memory"), 2048)
    assert window.removing._budget() == 2048 << 20


@pytest.mark.parametrize("wrong", ["proxy.example:8080", "http://", "http://proxy.example:port", "ftp://x"])
def test_a_proxy_that_is_none_is_told(dialog, window, wrong):
    page = dialog.page(ENGINES)
    field = named(page, QLineEdit, "Proxy")
    for text, kept in (("http://proxy.example:8080", "http://proxy.example:8080"), (wrong, None)):
        field.setText(text)
        field.editingFinished.emit()
        assert window.settings.proxy == "http://proxy.example:8080"
        said = any("The one before is kept" in label.text() for label in page.findChildren(QLabel))
        assert said == (kept is None)


def test_the_next_run_takes_the_device(window, monkeypatch, qtbot):
    from engines import registry

    loaded = []
    monkeypatch.setattr(registry, "load", lambda engine, device: loaded.append((engine, device)))
    window.settings.device = "cpu"
    window.removing._load("migan")
    assert loaded == [("migan", "cpu")]


def test_recovery_is_switched_at_once(dialog, window, qtbot):
    document = window.document
    qtbot.waitUntil(lambda: document in window.recovery._journals)
    switch = dialog.page(RECOVERY).findChild(QCheckBox)
    switch.click()
    assert not window.settings.recovery
    assert window.recovery._journals == {}
    switch.click()
    assert window.settings.recovery
    assert list(window.recovery._journals) == [document]


def test_the_monitors_profile(dialog, window, tmp_path, monkeypatch):
    monitor.profile.cache_clear()
    path = tmp_path / "screen.icc"
    path.write_bytes(profiles.profile(profiles.DISPLAY_P3))
    paths = iter([tmp_path / "gone.icc", path])
    monkeypatch.setattr(file_dialogs, "ask_for_files", lambda *_: [next(paths)])
    page = dialog.page(COLOUR)
    browse = page.findChild(QPushButton)
    browse.click()
    assert window.settings.display_profile == ""
    assert any("gone.icc cannot be read." in label.text() for label in page.findChildren(QLabel))
    before = window.canvas.grab().toImage()
    browse.click()
    assert window.settings.display_profile == str(path)
    assert monitor.profile() == path.read_bytes()
    assert window.canvas.grab().toImage() != before
    pick(named(page, QComboBox, "Monitor’s profile"), "")
    assert window.canvas.grab().toImage() == before
    monitor.profile.cache_clear()


def test_what_is_no_profile_is_refused(dialog, window, tmp_path, monkeypatch):
    path = tmp_path / "notes.icc"
    path.write_text("not one")
    monkeypatch.setattr(file_dialogs, "ask_for_files", lambda *_: [path])
    page = dialog.page(COLOUR)
    page.findChild(QPushButton).click()
    assert window.settings.display_profile == ""
    assert any("no profile of a monitor" in label.text() for label in page.findChildren(QLabel))


# -- the keyboard page --------------------------------------------------------------------------------


@pytest.fixture
def keyboard(dialog, qtbot) -> KeyboardPage:
    dialog.names.setCurrentRow(KEYBOARD)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog.page(KEYBOARD)


def record(qtbot, page: KeyboardPage, key: Qt.Key, modifiers=Qt.KeyboardModifier.ControlModifier) -> None:
    page.recorder.edit.setFocus()
    QTest.keyClick(page.recorder.edit, key, modifiers)
    QApplication.processEvents()


def text_of(page: KeyboardPage, command_id: str) -> str:
    return page._items[command_id].text(1)


def test_pressing_keys_gives_them_to_the_chosen_command(keyboard, window, qtbot):
    keyboard.choose("view.fit")
    record(qtbot, keyboard, Qt.Key.Key_9)
    assert text_of(keyboard, "view.fit") == "Ctrl+9"
    assert window.actions_by_id["view.fit"].shortcuts() == [QKeySequence("Ctrl+9")]
    assert keyboard._items["view.fit"].font(1).bold()
    keyboard.recorder.reset.click()
    assert text_of(keyboard, "view.fit") == "Ctrl+0"
    assert not keyboard._items["view.fit"].font(1).bold()


def test_a_single_letter_can_be_one(keyboard, window, qtbot):
    keyboard.choose("image.flip_vertically")
    record(qtbot, keyboard, Qt.Key.Key_Y, Qt.KeyboardModifier.NoModifier)
    assert text_of(keyboard, "image.flip_vertically") == "Y"


def test_keys_of_another_command_are_asked_for(keyboard, window, qtbot):
    keyboard.choose("view.fit")
    record(qtbot, keyboard, Qt.Key.Key_J)
    assert keyboard.question.words == "Ctrl+J belongs to “Duplicate layer”."
    assert text_of(keyboard, "view.fit") == "Ctrl+0"
    keyboard.question.no.click()
    assert keyboard.question.words == ""
    assert text_of(keyboard, "layers.duplicate") == "Ctrl+J"
    record(qtbot, keyboard, Qt.Key.Key_J)
    keyboard.question.yes.click()
    assert text_of(keyboard, "view.fit") == "Ctrl+J"
    assert text_of(keyboard, "layers.duplicate") == ""


def test_another_beside_it_and_none(keyboard, window, qtbot):
    keyboard.choose("view.fit")
    keyboard.recorder.add.click()
    record(qtbot, keyboard, Qt.Key.Key_9)
    assert text_of(keyboard, "view.fit") == "Ctrl+0, Ctrl+9"
    keyboard.recorder.none.click()
    assert text_of(keyboard, "view.fit") == ""
    assert not keyboard.recorder.none.isEnabled()


def test_what_the_picture_needs_cannot_be_taken(keyboard, window, qtbot):
    keyboard.choose("view.fit")
    record(qtbot, keyboard, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert "Space stays what it is" in keyboard.question.words
    assert text_of(keyboard, "view.fit") == "Ctrl+0"


def test_escape_leaves_the_field_and_not_the_dialog(keyboard, dialog, qtbot):
    keyboard.choose("view.fit")
    record(qtbot, keyboard, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert dialog.isVisible()
    assert keyboard.tree.hasFocus()
    assert text_of(keyboard, "view.fit") == "Ctrl+0"


def test_the_field_says_always_the_same(keyboard, window, qtbot):
    line = keyboard.recorder.edit.findChild(QLineEdit)
    said = {line.placeholderText()}
    keyboard.choose("view.fit")
    said.add(line.placeholderText())
    record(qtbot, keyboard, Qt.Key.Key_9)
    keyboard.recorder.none.click()
    said.add(line.placeholderText())
    keyboard.recorder.edit.setFocus()
    QTest.keyPress(keyboard.recorder.edit, Qt.Key.Key_Control)
    said.add(line.placeholderText())
    QTest.keyRelease(keyboard.recorder.edit, Qt.Key.Key_Control)
    said.add(line.placeholderText())
    keyboard.tree.setFocus()
    said.add(line.placeholderText())
    assert said == {"Press a shortcut"}


def test_search_by_name_and_by_keys(keyboard):
    def shown() -> list[str]:
        return [command for command, item in keyboard._items.items() if not item.isHidden()]

    keyboard.search.setText("flip")
    assert shown() == ["image.flip_horizontally", "image.flip_vertically"]
    keyboard.search.setText("ctrl+j")
    assert shown() == ["layers.duplicate"]
    keyboard.search.clear()
    assert len(shown()) == len(keyboard._items)


def test_reset_all_asks_first(keyboard, window, qtbot):
    assert not keyboard.everything.isEnabled()
    keyboard.choose("view.fit")
    record(qtbot, keyboard, Qt.Key.Key_9)
    keyboard.everything.click()
    assert text_of(keyboard, "view.fit") == "Ctrl+9"
    keyboard.question.yes.click()
    assert text_of(keyboard, "view.fit") == "Ctrl+0"
    assert window.settings.shortcuts == {}


def test_what_a_reset_cannot_have_is_told(keyboard, window, qtbot):
    keyboard.choose("view.fit")
    record(qtbot, keyboard, Qt.Key.Key_J)
    keyboard.question.yes.click()
    keyboard.choose("layers.duplicate")
    keyboard.recorder.reset.click()
    assert keyboard.question.words == "Ctrl+J stays with “Fit on screen”, as you chose."
