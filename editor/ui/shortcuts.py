"""The user's own shortcuts: kept in the settings, and in force at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from editor.tools import shelf
from editor.ui.commands import Command, Submenu, all_commands, give_keys, lend_keys, plain
from editor.ui.words import tr, tr_composed

_PORTABLE = QKeySequence.SequenceFormat.PortableText

# What these mean depends on what is under way; no command may take them over.
FIXED = tuple(
    QKeySequence(key)
    for key in (
        *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Space),
        *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    )
)


@dataclass(frozen=True)
class Group:
    """The commands of one menu, those of its submenus too, each with its title."""

    title: str
    commands: tuple[tuple[Command, str], ...]


class Shortcuts:
    """The keys of all commands. ``own`` are the user's, by command, in Qt's portable form.

    ``own`` is written to.
    """

    def __init__(
        self, menus: tuple[Submenu, ...], actions: dict[str, QAction], own: dict[str, list[str]]
    ) -> None:
        self._menus, self._actions, self._own = menus, actions, own
        self._commands = {command.id: command for command in all_commands(menus)}

    def groups(self) -> Iterator[Group]:
        """Every command that can have a shortcut, by menu."""
        for menu in self._menus:
            commands = [(each, title_of(each)) for each in all_commands((menu,))]
            if commands:
                yield Group(plain(tr(menu.text)), tuple(commands))

    def keys(self, command_id: str) -> list[QKeySequence]:
        """What the command has now."""
        return self._actions[command_id].shortcuts()

    def defaults(self, command_id: str) -> list[QKeySequence]:
        """What it has unless the user chose."""
        keys = (QKeySequence(each) for each in self._commands[command_id].keys)
        return [each for each in keys if not each.isEmpty()]

    def is_own(self, command_id: str) -> bool:
        """Whether the user chose them."""
        return command_id in self._own

    @property
    def any_own(self) -> bool:
        return any(command_id in self._commands for command_id in self._own)

    def holder(self, keys: QKeySequence, but: str) -> str | None:
        """The command other than ``but`` that has these keys."""
        for command_id, action in self._actions.items():
            if command_id != but and keys in action.shortcuts():
                return command_id
        return None

    def title(self, command_id: str) -> str:
        return title_of(self._commands[command_id])

    def set(self, command_id: str, keys: list[QKeySequence]) -> None:
        """Give a command these keys, and take them from whatever else has them."""
        for each in keys:
            while (other := self.holder(each, command_id)) is not None:
                self._put(other, [key for key in self.keys(other) if key != each])
        self._put(command_id, keys)
        lend_keys(self._actions)

    def reset(self, command_id: str) -> list[QKeySequence]:
        """Back to the default, but for what another command has by the user's choice; that comes back."""
        defaults = self.defaults(command_id)
        taken = [
            each
            for each in defaults
            if (other := self.holder(each, command_id)) is not None and self.is_own(other)
        ]
        self.set(command_id, [each for each in defaults if each not in taken])
        return taken

    def reset_all(self) -> None:
        """Back to the defaults of all commands."""
        for command_id in self._commands:
            self._own.pop(command_id, None)
            give_keys(self._actions[command_id], self.defaults(command_id))
        lend_keys(self._actions)

    def _put(self, command_id: str, keys: list[QKeySequence]) -> None:
        if keys == self.defaults(command_id):
            self._own.pop(command_id, None)
        else:
            self._own[command_id] = [each.toString(_PORTABLE) for each in keys]
        give_keys(self._actions[command_id], keys)


def title_of(command: Command) -> str:
    """What a command is called in a list of all."""
    if command.slot in ("tools.use_letter", "tools.use_next"):
        tools = " / ".join(tr(spec.title) for spec in shelf.with_key(command.argument))
        return tools if command.slot == "tools.use_letter" else tr("Next of {tools}").format(tools=tools)
    return plain(tr_composed(command.text))
