"""The File menu."""

from editor.ui.commands import Command, Keys, Submenu

MENU = Submenu(
    "&File",
    (
        Command("&New…", "file_commands.new", (Keys.New,), needs_document=False),
        Command("&Open…", "documents.ask", (Keys.Open,), "open", needs_document=False),
        Submenu("Open &recent", attribute="recent_menu"),
        None,
        Command("&Close", "documents.close_current", ("Ctrl+W",)),
        Command("C&lose all", "file_commands.close_all", ("Ctrl+Alt+W",)),
        None,
        Command("&Save", "saving.save", (Keys.Save,), "save"),
        Command("Save &As…", "saving.save_as", ("Ctrl+Shift+S",)),
        Command(
            "Save a cop&y…",
            "saving.save_copy",
            ("Ctrl+Alt+S",),
            tip="Save under another name, and go on with this file",
        ),
        Command("Re&vert", "file_commands.revert", ("F12",), tip="Back to what is in the file"),
        None,
        Command(
            "&Export…",
            "exporting.show",
            ("Ctrl+Alt+Shift+W",),
            tip="A flat copy: for the web, smaller, in another format",
        ),
        None,
        Command("&Quit", "close", ("Ctrl+Q",), needs_document=False),
    ),
)
