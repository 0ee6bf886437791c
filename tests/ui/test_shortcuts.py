"""The user's own shortcuts: in force at once, kept, never two commands with the same."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from windows import open_pictures, press_key

from editor import settings
from editor.ui.commands import all_commands
from editor.ui.menus.bar import MENUS
from editor.ui.shortcuts import FIXED, Shortcuts

KEYS = Qt.Key


def keys(*texts: str) -> list[QKeySequence]:
    return [QKeySequence(text) for text in texts]


@pytest.fixture
def shortcuts(window) -> Shortcuts:
    return Shortcuts(MENUS, window.actions_by_id, window.settings.shortcuts)


def test_every_command_is_listed_once_by_menu(shortcuts):
    listed = [command.id for group in shortcuts.groups() for command, _ in group.commands]
    assert sorted(listed) == sorted(command.id for command in all_commands(MENUS))
    assert [group.title for group in shortcuts.groups()][:2] == ["File", "Edit"]
    assert all(title for group in shortcuts.groups() for _, title in group.commands)


def test_no_two_commands_begin_with_the_same_keys(shortcuts):
    taken: dict[str, str] = {}
    for command in all_commands(MENUS):
        for each in shortcuts.defaults(command.id):
            assert each not in FIXED, command.id
            assert taken.setdefault(each.toString(), command.id) == command.id
            assert each in shortcuts.keys(command.id)


def test_new_keys_are_in_force_at_once_and_the_old_ones_are_not(shortcuts, window, qtbot, picture):
    canvas = open_pictures(qtbot, window, picture)
    canvas.zoom_to(2.0)
    shortcuts.set("view.fit", keys("Ctrl+9"))
    press_key(window, KEYS.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.view.zoom == 2.0
    press_key(window, KEYS.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert canvas.view.zoom != 2.0
    assert window.settings.shortcuts == {"view.fit": ["Ctrl+9"]}
    assert window.actions_by_id["view.fit"].toolTip().endswith("(Ctrl+9)")


def test_they_are_kept_for_the_next_start(shortcuts, window, make_window):
    shortcuts.set("view.fit", keys("Ctrl+9", "F"))
    settings.save(window.settings)
    again = make_window()
    assert again.actions_by_id["view.fit"].shortcuts() == keys("Ctrl+9", "F")


def test_keys_are_taken_from_whatever_has_them(shortcuts, window):
    assert shortcuts.holder(QKeySequence("Ctrl+J"), "view.fit") == "layers.duplicate"
    shortcuts.set("view.fit", keys("Ctrl+J"))
    assert shortcuts.keys("layers.duplicate") == []
    assert window.settings.shortcuts == {"layers.duplicate": [], "view.fit": ["Ctrl+J"]}
    shortcuts.set("redo", keys("Ctrl+J", "Ctrl+Y"))
    assert shortcuts.keys("view.fit") == []


def test_the_default_is_not_kept_as_a_choice(shortcuts, window):
    shortcuts.set("view.fit", [])
    assert shortcuts.is_own("view.fit")
    shortcuts.set("view.fit", keys("Ctrl+0"))
    assert not shortcuts.is_own("view.fit")
    assert window.settings.shortcuts == {}


def test_reset_gives_back_what_is_free(shortcuts):
    shortcuts.set("view.fit", keys("Ctrl+J"))
    assert shortcuts.reset("layers.duplicate") == keys("Ctrl+J")  # the user gave it away
    assert shortcuts.keys("layers.duplicate") == []
    assert shortcuts.reset("view.fit") == []
    assert shortcuts.keys("view.fit") == keys("Ctrl+0")
    assert shortcuts.reset("layers.duplicate") == []
    assert shortcuts.keys("layers.duplicate") == keys("Ctrl+J")
    assert not shortcuts.any_own


def test_reset_all(shortcuts, window):
    before = {name: action.shortcuts() for name, action in window.actions_by_id.items()}
    shortcuts.set("view.fit", keys("Ctrl+J"))
    shortcuts.set("tools.use_letter.L", keys("Y"))
    window.settings.shortcuts["of.a.newer.version"] = ["Ctrl+F9"]
    shortcuts.reset_all()
    assert {name: action.shortcuts() for name, action in window.actions_by_id.items()} == before
    assert window.settings.shortcuts == {"of.a.newer.version": ["Ctrl+F9"]}
    assert not shortcuts.any_own


def test_tools_that_share_a_letter_show_what_it_is_now(shortcuts, window):
    lasso = window.actions_by_id["tools.use.lasso"]
    assert lasso.text().endswith("\tL")
    shortcuts.set("tools.use_letter.L", keys("Y"))
    assert lasso.text().endswith("\tY")
    assert lasso.toolTip().endswith("(Y)")
    shortcuts.set("tools.use.lasso", keys("Ctrl+F9"))
    assert "\t" not in lasso.text()
    assert lasso.toolTip().endswith("(Ctrl+F9)")
    shortcuts.set("tools.use.lasso", [])
    shortcuts.set("tools.use_letter.L", [])
    assert "\t" not in lasso.text()
    assert "(" not in lasso.toolTip()


def test_letters_of_groups_are_named_after_their_tools(shortcuts):
    assert shortcuts.title("tools.use_letter.L").startswith("Lasso / Polygon")
    assert shortcuts.title("tools.use_next.L").startswith("Next of Lasso / Polygon")
