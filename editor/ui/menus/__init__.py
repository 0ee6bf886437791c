"""The window's menus, a module for each, as tables of commands.

Importing this imports none of them: the first paint waits only for what the bars are made of.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from editor.ui.commands import Submenu

TITLES = (
    ("file", "&File"),
    ("edit", "&Edit"),
    ("image", "&Image"),
    ("layer", "&Layer"),
    ("select", "&Select"),
    ("tools", "&Tools"),
    ("fill", "F&ill"),
    ("portrait", "&Portrait"),
    ("view", "&View"),
    ("window", "&Window"),
    ("help", "&Help"),
)
FIRST = ("select", "tools", "fill", "window")  # have actions that stand in the bars, too


def load(name: str) -> "Submenu":
    """The menu of one module."""
    return import_module(f"editor.ui.menus.{name}").MENU
