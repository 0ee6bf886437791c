"""The command palette offers everything, in any language, and runs it."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from walking import speaking
from windows import make_picture, open_pictures, press_key

from editor.document.adjustments import ADJUSTMENTS
from editor.ui.commands import all_commands
from editor.ui.menus.bar import MENUS
from editor.ui.palette.entries import collect, find
from editor.ui.palette.synonyms import SYNONYMS

KEYS, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def opened(qtbot, window):
    press_key(window, KEYS.Key_K, CTRL)
    overlay = window.command_palette.overlay
    qtbot.waitUntil(lambda: overlay.isVisible() and overlay.field.hasFocus())
    return overlay


def titles(overlay) -> list[str]:
    model = overlay.list.model()
    return [model.index(row).data() for row in range(model.rowCount())]


@pytest.fixture
def overlay(qtbot, window, picture):
    open_pictures(qtbot, window, picture)
    return opened(qtbot, window)


def test_everything_of_the_menus_is_in_it(overlay, window):
    ids = {entry.id for entry in collect(window)}
    wanted = {command.id for command in all_commands(MENUS) if not command.hidden}
    assert wanted - ids == {"command_palette.show"}  # it is open already
    places = {entry.place for entry in collect(window)}
    assert "Image › Mode" in places
    adjustments = {entry.title for entry in collect(window)} & {each.title for each in ADJUSTMENTS.values()}
    assert len(adjustments) == len(ADJUSTMENTS)


def test_nothing_hidden_is_in_it_and_nothing_twice(window):
    entries = collect(window)
    assert not {command.id for command in all_commands(MENUS) if command.hidden} & {e.id for e in entries}
    assert len({entry.id for entry in entries}) == len(entries)


def test_typing_finds_and_enter_runs(overlay, window):
    bits = window.document.bits
    QTest.keyClicks(overlay.field, "16 bits")
    assert titles(overlay)[0] == "16 bits per channel"
    QTest.keyClick(overlay.field, KEYS.Key_Return)
    assert not overlay.isVisible()
    assert (bits, window.document.bits) == (8, 16)
    assert window.focusWidget() is window.canvas


def test_arrows_choose_and_go_round(overlay, window):
    QTest.keyClicks(overlay.field, "flip")
    assert titles(overlay)[:2] == ["Flip vertically", "Flip horizontally"]
    QTest.keyClick(overlay.field, KEYS.Key_Down)
    assert overlay.list.currentIndex().row() == 1
    QTest.keyClick(overlay.field, KEYS.Key_Up)
    QTest.keyClick(overlay.field, KEYS.Key_Up)
    assert overlay.list.currentIndex().row() == len(titles(overlay)) - 1
    QTest.keyClick(overlay.field, KEYS.Key_PageUp)
    assert overlay.list.currentIndex().row() == 0


def test_escape_closes_it_and_leaves_the_picture_alone(overlay, window):
    QTest.keyClicks(overlay.field, "remove")
    QTest.keyClick(overlay.field, KEYS.Key_Escape)
    assert not overlay.isVisible()
    assert window.focusWidget() is window.canvas
    assert not window.document.history.entries


def test_its_key_closes_it_too(overlay, window):
    QTest.keyClick(overlay.field, KEYS.Key_K, CTRL)
    assert not overlay.isVisible()


def test_a_click_elsewhere_closes_it(overlay, window, qtbot):
    window.canvas.setFocus()
    qtbot.waitUntil(lambda: not overlay.isVisible())


def test_what_was_run_comes_first_the_next_time(overlay, window, qtbot):
    QTest.keyClicks(overlay.field, "fit on")
    QTest.keyClick(overlay.field, KEYS.Key_Return)
    overlay = opened(qtbot, window)
    assert titles(overlay)[0] == "Fit on screen"
    assert window.settings.palette[0] == "view.fit"
    QTest.keyClicks(overlay.field, "flip vert")
    QTest.keyClick(overlay.field, KEYS.Key_Return)
    assert window.settings.palette[:2] == ["image.flip_vertically", "view.fit"]


def test_without_a_picture_it_says_what_is_missing(window, qtbot):
    overlay = opened(qtbot, window)
    QTest.keyClicks(overlay.field, "flip vert")
    found = overlay.list.currentIndex().data(Qt.ItemDataRole.UserRole)
    assert not found.entry.enabled
    assert found.entry.reason == "Open a picture first"
    QTest.keyClick(overlay.field, KEYS.Key_Return)
    assert overlay.isVisible()  # nothing was done, and it still says why
    assert window.settings.palette == []


def test_what_can_be_done_comes_before_what_cannot(window):
    entries = collect(window)
    found = [each.entry for each in find(entries, "sav", [])]
    assert found
    states = [entry.enabled for entry in found]
    assert states == sorted(states, reverse=True)


def test_open_and_recent_pictures_are_in_it(window, qtbot, tmp_path):
    first, second = make_picture(tmp_path / "beach.png"), make_picture(tmp_path / "dune.png", seed=1)
    open_pictures(qtbot, window, first, second)
    overlay = opened(qtbot, window)
    QTest.keyClicks(overlay.field, "beach")
    entries = [overlay.list.model().index(row).data(Qt.ItemDataRole.UserRole).entry for row in range(2)]
    assert {entry.place for entry in entries} == {"Open pictures", "File › Open recent"}
    next(entry for entry in entries if entry.place == "Open pictures").run()
    assert window.document.path == first
    window.settings.recent.append(str(tmp_path / "older.png"))
    assert any(entry.title == "older.png" for entry in collect(window))


def test_every_language_finds_by_its_own_words_and_by_the_english_ones(make_window):
    with speaking("zh_CN"):
        entries = collect(make_window())
    assert find(entries, "flip vert", [])[0].entry.id == "image.flip_vertically"
    own = next(entry.title for entry in entries if entry.id == "image.flip_vertically")
    assert own != "Flip vertically"
    assert find(entries, own, [])[0].entry.id == "image.flip_vertically"
    assert find(entries, "curves", [])[0].entry.id == "adjustment.curves"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("grow the sel", "selecting.grow"),
        ("selection grow", "selecting.grow"),
        ("expand my selection", "selecting.grow"),
        ("hardness", "tools.harder"),
        ("hardness", "tools.softer"),
        ("color range", "selecting.colour_range"),
        ("mirror", "image.flip_horizontally"),
        ("settings", "preferences.show"),
        ("manual", "help.guide"),
    ],
)
def test_everyday_words_find_it(overlay, window, query, wanted):
    found = find(collect(window), query, [])
    assert wanted in [each.entry.id for each in found[:3]]


def test_no_synonym_is_for_nothing(overlay, window):
    entries = collect(window)
    for word, others in SYNONYMS.items():
        for other in others:
            assert find(entries, other, []), (word, other)


def test_what_is_called_so_comes_before_what_only_speaks_of_it(overlay, window):
    entries = collect(window)
    for entry in entries:
        if not entry.enabled or entry.place == "Open pictures":
            continue
        first = find(entries, entry.title, [])[0].entry
        assert first.title == entry.title, (entry.title, first.title)


def test_what_fits_nothing_says_so(overlay):
    QTest.keyClicks(overlay.field, "qqqq")
    assert titles(overlay) == []
    assert overlay._nothing.isVisible()
    QTest.keyClick(overlay.field, KEYS.Key_Down)
    QTest.keyClick(overlay.field, KEYS.Key_Return)
    assert overlay.isVisible()


def test_the_menu_and_the_shortcut_are_shown(window):
    entry = next(entry for entry in collect(window) if entry.id == "layers.duplicate")
    assert (entry.place, entry.keys) == ("Layer", "Ctrl+J")
    assert not entry.icon.isNull()
    lent = next(entry for entry in collect(window) if entry.id == "tools.use.lasso")
    assert lent.keys == "L"


def test_it_stays_in_a_small_window(overlay, window, qtbot):
    window.resize(640, 420)
    QApplication.processEvents()
    assert overlay.parentWidget().rect().contains(overlay.geometry())


def test_opening_takes_less_than_50_ms(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    opened(qtbot, window).close()
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        window.command_palette.show()
        QApplication.processEvents()
        times.append(time.perf_counter() - begun)
        window.command_palette.overlay.close()
    assert min(times) < 0.05


def test_starting_loads_none_of_it():
    source = Path(__file__).parents[2] / "editor" / "ui" / "window.py"
    top = source.read_text(encoding="utf-8").split("if TYPE_CHECKING")[0]
    assert "palette" not in top


def test_words_that_only_fill_a_menu_are_not_in_it(window):
    assert window.settings.recent == []
    assert not any(entry.place == "File › Open recent" for entry in collect(window))


def test_what_a_switched_off_menu_has_is_off(window):
    curves = next(entry for entry in collect(window) if entry.id == "adjustment.curves")
    assert (curves.enabled, curves.reason) == (False, "Open a picture first")
