"""The Help menu."""

from editor.ui.commands import Command, Submenu

MENU = Submenu(
    "&Help",
    (
        Command("&User guide", "help.guide", ("F1",), "book", "How to do it, in ten tasks", False),
        Command("&Keyboard shortcuts", "help.shortcuts", (), "keyboard", needs_document=False),
        Command("&First-run tour", "tour.show", (), "info", "Three steps to a first removal", False),
        None,
        Command("&Reports of problems", "help.reports", tip="What went wrong lately", needs_document=False),
        Command("&About Lacuna", "help.about", needs_document=False),
    ),
)
