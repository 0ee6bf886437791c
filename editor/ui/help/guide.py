"""The pages of the guide, as Markdown in ``resources/help``.

What a page says of the program's own words it takes from the program, so that it is true in every language
and with the user's own shortcuts. In the text stand

- ``{menu:ID}``: a command, with its menu and its shortcut;
- ``{keys:ID}``: the shortcut of a command alone;
- ``{tool:ID}``: a tool, with its letter;
- ``{ui:Words}``: other words on the screen, in English;
- ``{keys/Text}``: keys that are no command's, as they are to be shown;
- ``{facts:ID}``: a table of an engine's licence, size and cost.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QAction

from editor.tools import shelf
from editor.ui import language, theme
from editor.ui.commands import Command, Submenu, plain, shown_keys
from editor.ui.help.facts import facts
from editor.ui.words import tr

FOLDER = theme.RESOURCES / "help"
SHORTCUTS = "shortcuts"

_MARK = re.compile(r"\{(menu|keys|tool|ui|facts)([:/])([^}]+)\}")


@dataclass(frozen=True)
class Page:
    """``id`` is the file's name without its number; ``text`` is Markdown, its pictures lie in ``folder``."""

    id: str
    title: str
    text: str
    folder: Path = FOLDER


class Guide:
    """Fills the pages with the program's words as they are now."""

    def __init__(self, menus: tuple[Submenu, ...], actions: dict[str, QAction]) -> None:
        self._actions = actions
        self._places = dict(_places(menus))

    def pages(self, chosen: str) -> list[Page]:
        """All pages in the language ``chosen`` ("" for the system's), the list of shortcuts last."""
        folder = FOLDER / language.chosen(chosen)
        written = [self._page(path) for path in sorted(folder.glob("*.md"))]
        return [*written, Page(SHORTCUTS, tr("Keyboard shortcuts"), self._shortcuts())]

    def _page(self, path: Path) -> Page:
        text = _MARK.sub(self._filled, path.read_text(encoding="utf-8"))
        title = text.partition("\n")[0].removeprefix("# ")
        return Page(path.stem.partition("-")[2], title, text, path.parent)

    def _filled(self, mark: re.Match) -> str:
        """Raises KeyError for a command or a tool that there is not, EngineError for such an engine."""
        kind, sign, name = mark.groups()
        if kind == "keys" and sign == "/":
            return f"`{name}`"
        fill: Callable[[str], str] = {
            "menu": self._menu,
            "keys": self._keys,
            "tool": self._tool,
            "ui": lambda words: f"**{plain(tr(words))}**",
            "facts": facts,
        }[kind]
        return fill(name)

    def _menu(self, command_id: str) -> str:
        keys = shown_keys(self._actions[command_id])
        return f"**{self._places[command_id]}**" + (f" (`{keys}`)" if keys else "")

    def _keys(self, command_id: str) -> str:
        keys = shown_keys(self._actions[command_id])
        return f"`{keys}`" if keys else self._menu(command_id)

    def _tool(self, tool_id: str) -> str:
        spec = shelf.TOOLS[tool_id]
        action = self._actions[f"tools.use.{tool_id}"]
        keys = shown_keys(action) or action.text().partition("\t")[2]
        return f"**{tr(spec.title)}**" + (f" (`{keys}`)" if keys else "")

    def _shortcuts(self) -> str:
        """A table for each menu, of its commands that have a shortcut."""
        from editor.ui.menus.bar import MENUS
        from editor.ui.shortcuts import Shortcuts

        lines = [f"# {tr('Keyboard shortcuts')}"]
        shortcuts = Shortcuts(MENUS, self._actions, {})
        for group in shortcuts.groups():
            rows = []
            for command, title in group.commands:
                keys = " ".join(f"`{_escaped(_native(each))}`" for each in shortcuts.keys(command.id))
                if keys:
                    rows.append(f"| {title} | {keys} |")
            if rows:
                head = f"| {tr('Command')} | {tr('Keys')} |"
                lines += ["", f"## {group.title}", "", head, "|---|---|", *rows]
        return "\n".join(lines) + "\n"


def _native(keys) -> str:
    return keys.toString(keys.SequenceFormat.NativeText)


def _escaped(keys: str) -> str:
    return keys.replace("|", "\\|")


def _places(menus: tuple[Submenu, ...], path: tuple[str, ...] = ()):
    """Each command with the way to it: "Layer › Layer mask › Add layer mask"."""
    for menu in menus:
        here = (*path, plain(tr(menu.text)))
        for each in menu.commands:
            if isinstance(each, Command):
                yield each.id, " › ".join((*here, plain(tr(each.text))))
            elif each is not None:
                yield from _places((each,), here)
