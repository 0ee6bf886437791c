"""Plug-ins come into the menu and the list after the start, with their source; the window waits for none."""

import builtins
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel
from windows import open_pictures

from editor.document import select
from editor.ui import plugging_in
from editor.ui.preferences.engines import engines as engines_page
from engines import plugins, registry
from tests.plugins.installing import clean, install, install_sample  # noqa: F401

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(plugging_in, "_LATER", 0)


def listed(window):
    menu = window.options._engines
    tips = [menu.itemData(place, Qt.ItemDataRole.ToolTipRole) for place in range(menu.count())]
    return {menu.itemData(place): tips[place] for place in range(menu.count())}


def search(qtbot, window):
    with qtbot.waitSignal(window.plugins.found):
        window.plugins.begin()
    qtbot.waitUntil(lambda: not window.plugins._looks)


def words_of(row):
    return [each.text() for each in row.findChildren(QLabel) if each.isVisibleTo(row) and each.text()]


@pytest.fixture
def packages():
    install_sample()
    install("plugged-bad", "0.1", {"bad": "plugged_bad:SPEC"}, {"plugged_bad": "1 / 0"})


def test_they_are_listed_with_their_source(window, qtbot, packages):
    assert "mirror" not in listed(window)
    search(qtbot, window)
    assert "Plug-in of lacuna-mirror 1.2.0" in listed(window)["mirror"]
    assert window.options.engine_id == registry.DEFAULT_REMOVER  # what was chosen stays
    window.actions_by_id["models.show"].trigger()
    dialog = window.models.dialog
    qtbot.waitUntil(lambda: "mirror" in dialog.list.rows, timeout=10_000)
    qtbot.waitUntil(lambda: dialog.list._found is None)
    row = dialog.list.rows["mirror"]
    assert any("Plug-in of lacuna-mirror 1.2.0" in words for words in words_of(row))
    assert "As its authors say" in words_of(row) and "From a package" in words_of(row)
    assert row._menu.isEmpty()  # its package is not ours to remove
    bad = dialog.list.rows["plugin plugged-bad 0.1 bad"]
    assert "This plug-in is not used: ZeroDivisionError, division by zero." in words_of(bad)
    assert "Not used" in words_of(bad) and "–" in words_of(bad)
    dialog.close()


def test_it_is_used_and_gone_when_it_is_switched_off(make_window, qtbot, picture, packages):
    window = make_window(load=registry.load)
    open_pictures(qtbot, window, picture)
    search(qtbot, window)
    window.options.set_engine("mirror")
    document = window.document
    select.ellipse(document, (100, 100, 80, 60))
    window.removing.start()
    qtbot.waitUntil(lambda: len(document.layers) == 2, timeout=30_000)
    assert document.layers[-1].recipe.engine == "mirror"
    page = engines_page(window._files, window)
    qtbot.addWidget(page)
    (switch,) = page.findChildren(QCheckBox)
    assert switch.isChecked()
    switch.click()
    assert not window.settings.plugins
    assert "mirror" not in listed(window) and window.options.engine_id == registry.DEFAULT_REMOVER
    assert plugins.found() == ()
    # The layer that it made is there all the same, and says so.
    window.panels.choose(document.layers[-1])
    window.removing.change()
    window.removing.escape()
    assert len(document.layers) == 2


def test_switched_off_nothing_is_imported(window, qtbot, packages):
    window.settings.plugins = False
    window.plugins.begin()
    qtbot.wait(50)
    assert not window.plugins._looks and plugins.found() == ()


def test_one_that_hangs_holds_nothing_up(make_window, qtbot, picture):
    text = "import time\nwhile not HALT: time.sleep(0.01)".replace(
        "HALT", "__import__('builtins').lacuna_halt"
    )

    builtins.lacuna_halt = False
    try:
        install("plugged-slow", "1", {"slow": "plugged_slow:SPEC"}, {"plugged_slow": text})
        window = make_window()
        window.plugins.begin()
        qtbot.waitUntil(lambda: window.plugins._looks)
        begun = time.monotonic()
        open_pictures(qtbot, window, picture)
        assert window.close() and time.monotonic() - begun < 10
    finally:
        builtins.lacuna_halt = True
        qtbot.wait(100)
        del builtins.lacuna_halt
