"""All menus of the menu bar, in their order."""

from editor.ui import menus

MENUS = tuple(menus.load(name) for name, _ in menus.TITLES)
