"""What a menu is made of: commands, as plain data, and the actions made of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from editor.ui import theme
from editor.ui.words import tr

Keys = QKeySequence.StandardKey

_KEY_BEHIND = re.compile(r"\(&\w\)")  # where a script has no letters to underline


@dataclass(frozen=True)
class Command:
    """One entry of a menu, in English. ``slot`` names what it calls: a method of the window or of one of its
    parts, with ``argument`` if there is one."""

    text: str
    slot: str
    keys: tuple[str | QKeySequence.StandardKey, ...] = ()
    icon: str | None = None
    tip: str = ""
    needs_document: bool = True
    checkable: bool = False
    argument: object = None
    keys_of: str = ""  # the id of a command whose keys bring this one too, and show beside it
    hidden: bool = False  # in no menu and not in the palette: only a shortcut

    @property
    def id(self) -> str:
        """By this it is found among the actions and in the settings."""
        return self.slot if self.argument is None else f"{self.slot}.{self.argument}"


@dataclass(frozen=True)
class Submenu:
    """A menu, or a menu within one: of its own entries, or one that the window has as ``attribute``."""

    text: str
    commands: "tuple[Command | Submenu | None, ...]" = ()
    attribute: str = ""


def fill_menu(
    menu: QMenu,
    entries: Submenu,
    window: QMainWindow,
    actions: dict[str, QAction],
    shortcuts: dict[str, list[str]],
) -> None:
    """Make the actions of a menu of the menu bar, and put them into ``actions`` by the ids of their commands.

    ``shortcuts`` are the user's own, by id, in Qt's portable form; the others are as the commands have them.
    """
    _fill(menu, entries.commands, window, actions, shortcuts)


def all_commands(menus: tuple[Submenu, ...]) -> Iterator[Command]:
    """Every command of some menus, in their order."""
    for menu in menus:
        for each in menu.commands:
            if isinstance(each, Command):
                yield each
            elif each is not None:
                yield from all_commands((each,))


def plain(text: str) -> str:
    """The words of a menu's entry without the marks for its key and its dialog."""
    text = _KEY_BEHIND.sub("", text)
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def give_keys(action: QAction, keys: list[QKeySequence]) -> None:
    """Give an action shortcuts, and tell of the first in its tool tip."""
    action.setShortcuts(keys)
    _tell_keys(action, shown_keys(action))


def shown_keys(action: QAction) -> str:
    """The first shortcut of an action as the system writes it; empty if there is none."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def lend_keys(actions: dict[str, QAction]) -> None:
    """Show beside those that are had by another command's keys what these are now."""
    for action in actions.values():
        other = action.property("keysOf")
        if other:
            own = shown_keys(action)
            lent = "" if own else shown_keys(actions[other])
            words = action.text().partition("\t")[0]
            # A tab parts the words from what stands where other entries have their shortcut.
            action.setText(f"{words}\t{lent}" if lent else words)
            _tell_keys(action, own or lent)


def _tell_keys(action: QAction, shown: str) -> None:
    tip = action.property("tip")
    action.setToolTip(f"{tip} ({shown})" if shown else tip)


def _fill(
    menu: QMenu,
    commands: tuple,
    window: QMainWindow,
    actions: dict[str, QAction],
    shortcuts: dict[str, list[str]],
) -> None:
    for command in commands:
        if command is None:
            menu.addSeparator()
        elif isinstance(command, Command):
            action = actions[command.id] = _make(command, window, shortcuts.get(command.id))
            if command.hidden:
                window.addAction(action)
            else:
                menu.addAction(action)
        elif command.attribute:
            menu.addMenu(getattr(window, command.attribute))
        else:
            _fill(menu.addMenu(tr(command.text)), command.commands, window, actions, shortcuts)


def _make(command: Command, window: QMainWindow, own_keys: list[str] | None) -> QAction:
    text = tr(command.text)
    action = QAction(text, window)
    action.setObjectName(command.id)
    action.setProperty("english", plain(command.text))
    action.setProperty("needsDocument", command.needs_document)
    action.setProperty("tip", tr(command.tip) if command.tip else plain(text))
    action.setProperty("keysOf", command.keys_of)
    action.setCheckable(command.checkable)
    keys = command.keys if own_keys is None else own_keys
    give_keys(action, [QKeySequence(each) for each in keys])
    if command.icon is not None:
        action.setIcon(theme.icon(command.icon))
        action.setIconVisibleInMenu(False)
    arguments = () if command.argument is None else (command.argument,)
    action.triggered.connect(lambda _=False: attrgetter(command.slot)(window)(*arguments))
    return action
